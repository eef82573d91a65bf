#define _XOPEN_SOURCE 700 /* realpath */
#include "cli/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_DEPTH_MAX = 32 };

static int compare_names(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool find_below(struct arena *arena, struct str path, int depth, struct path_list *found)
{
    struct stat info;
    if (stat(path.at, &info) != 0) {
        return false;
    }
    if (!S_ISDIR(info.st_mode)) {
        if (depth == 0 || str_ends(path, STR(".pcr")) || str_ends(path, STR(".pcr.md"))) {
            arena_grow(arena, found->items, found->count, found->cap);
            found->items[found->count++] = path;
        }
        return true;
    }
    DIR *folder = depth < FOLDER_DEPTH_MAX ? opendir(path.at) : NULL;
    if (folder == NULL) {
        return depth > 0;
    }
    struct path_list names = {0};
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] != '.') {
            arena_grow(arena, names.items, names.count, names.cap);
            names.items[names.count++] = str_format(arena, "%.*s/%s", STR_FMT(path), entry->d_name);
        }
    }
    closedir(folder);
    if (names.count > 0) {
        qsort(names.items, names.count, sizeof *names.items, compare_names);
    }
    bool is_read = true;
    for (size_t i = 0; i < names.count; i++) {
        is_read = find_below(arena, names.items[i], depth + 1, found) && is_read;
    }
    return is_read;
}

bool find_sources(struct arena *arena, struct str path, struct path_list *found)
{
    return find_below(arena, path, 0, found);
}

static bool write_all(int file, struct str text)
{
    for (size_t at = 0; at < text.len;) {
        ssize_t count = write(file, text.at + at, text.len - at);
        if (count < 0 && errno != EINTR) {
            return false;
        }
        at += count > 0 ? (size_t)count : 0;
    }
    return true;
}

bool replace_file(struct arena *arena, struct str path, struct str text)
{
    struct stat info;
    char *target = realpath(path.at, NULL); /* what a link leads to */
    if (target == NULL) {
        return false;
    }
    struct str pattern = str_format(arena, "%s.XXXXXX", target);
    char *beside = arena_copy(arena, pattern.at, pattern.len);
    int file = stat(target, &info) == 0 ? mkstemp(beside) : -1;
    bool is_written = file >= 0 && write_all(file, text) && fchmod(file, info.st_mode & 07777) == 0 && fsync(file) == 0;
    int error = errno;
    if (file >= 0 && close(file) != 0 && is_written) {
        is_written = false;
        error = errno;
    }
    if (is_written && rename(beside, target) != 0) {
        is_written = false;
        error = errno;
    }
    if (!is_written && file >= 0) {
        unlink(beside);
    }
    free(target);
    errno = error;
    return is_written;
}
