/* `zuji fmt`: a source in the one style, or in the other language's keywords and signs. The author's line breaks,
   names, texts and comments stay; blanks, indentation, alignment, signs and the order of the two texts of a thing are
   ours. Works on the tokens as the parser took them, not on the tree, so that it does not have to know every construct.
   Everything lives in the arena given. Must not know of files. */
#ifndef ZUJI_COMPILER_FMT_H
#define ZUJI_COMPILER_FMT_H

#include "base/diag.h"

enum fmt_language { FMT_AS_WRITTEN, FMT_EN, FMT_ZH }; /* as written: that of the file's first keyword */

enum fmt_status {
    FMT_OK,
    FMT_ERRORS, /* the text has syntax errors, which are reported; nothing is made of it */
    FMT_UNSAFE  /* the result would not be read as the same tokens: a mistake of ours */
};

enum fmt_status fmt_source(struct arena *arena, struct sources *sources, uint32_t file, enum fmt_language language,
                           struct diags *out, struct str *result);

#endif
