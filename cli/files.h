/* Files that commands work on: sources below folders, and the safe replacement of one.
   Memory: the arena given. Must not know of commands. */
#ifndef ZUJI_CLI_FILES_H
#define ZUJI_CLI_FILES_H

#include "base/str.h"

struct path_list {
    struct str *items;
    size_t count, cap;
};

/* The file itself, whatever its name, or all *.pcr and *.pcr.md below the folder, by name. False: errno says why. */
bool find_sources(struct arena *arena, struct str path, struct path_list *found);
/* Puts the text in the place of a file that is there: at no moment is there less than one of the two. A link stays one,
   and the file keeps its permissions. False: errno says why, and the file is as it was. */
bool replace_file(struct arena *arena, struct str path, struct str text);

#endif
