/* Files, folders and lines for the runner. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/runner.h"

static int compare_paths(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

struct str *files_in(struct runner *runner, struct str folder, struct str ending, size_t *count)
{
    struct str *found = NULL;
    size_t cap = 0;
    DIR *open = opendir(str_copy(runner->arena, folder).at);
    *count = 0;
    if (open == NULL) {
        return NULL;
    }
    for (struct dirent *entry; (entry = readdir(open)) != NULL;) {
        struct str name = str_of(entry->d_name);
        if (entry->d_name[0] != '.' && str_ends(name, ending)) {
            arena_grow(runner->arena, found, *count, cap);
            found[(*count)++] = path_in(runner, folder, name);
        }
    }
    closedir(open);
    if (*count > 0) {
        qsort(found, *count, sizeof *found, compare_paths);
    }
    return found;
}

bool file_is_there(struct str path)
{
    struct stat info;
    return path.len > 0 && stat(path.at, &info) == 0;
}

bool file_is_folder(struct str path)
{
    struct stat info;
    return stat(path.at, &info) == 0 && S_ISDIR(info.st_mode);
}

void file_write(struct runner *runner, struct str path, struct str text)
{
    FILE *file = fopen(str_copy(runner->arena, path).at, "wb");
    if (file == NULL || fwrite(text.at, 1, text.len, file) != text.len || fclose(file) != 0) {
        perror(path.at);
        exit(2);
    }
}

static size_t last_of(struct str s, char c)
{
    for (size_t i = s.len; i > 0; i--) {
        if (s.at[i - 1] == c) {
            return i - 1;
        }
    }
    return s.len;
}

struct str path_folder(struct str path)
{
    size_t slash = last_of(path, '/');
    return slash < path.len ? str_slice(path, 0, slash) : STR(".");
}

struct str path_base(struct str path)
{
    size_t slash = last_of(path, '/');
    return slash < path.len ? str_skip(path, slash + 1) : path;
}

struct str path_stem(struct str path)
{
    return str_slice(path, 0, last_of(path, '.'));
}

struct str path_in(struct runner *runner, struct str folder, struct str name)
{
    return str_format(runner->arena, "%.*s/%.*s", STR_FMT(folder), STR_FMT(name));
}

struct str scratch_folder(struct runner *runner)
{
    static unsigned number;
    struct str path = str_format(runner->arena, "%.*s/%u", STR_FMT(runner->scratch), number++);
    if (mkdir(path.at, 0700) != 0) {
        perror(path.at);
        exit(2);
    }
    return path;
}

bool next_line(struct str text, size_t *at, struct str *line)
{
    if (*at >= text.len) {
        return false;
    }
    const char *end = memchr(text.at + *at, '\n', text.len - *at);
    size_t len = end != NULL ? (size_t)(end - text.at) - *at : text.len - *at;
    *line = str_slice(text, *at, *at + len);
    *at += len + (end != NULL);
    return true;
}

struct str next_word(struct str *rest)
{
    struct str s = str_trim(*rest);
    size_t len = 0;
    while (len < s.len && s.at[len] != ' ' && s.at[len] != '\t') {
        len++;
    }
    *rest = str_skip(s, len);
    return str_slice(s, 0, len);
}

struct str str_skip(struct str s, size_t len)
{
    return str_slice(s, len, s.len);
}

bool same_text(struct runner *runner, struct str where, struct str expected, struct str actual)
{
    size_t a = 0, b = 0, number = 0;
    for (;;) {
        struct str left = STR("(the end)"), right = STR("(the end)");
        bool has_left = next_line(expected, &a, &left);
        bool has_right = next_line(actual, &b, &right);
        number++;
        if (!has_left && !has_right) {
            return true;
        }
        if (has_left != has_right || !str_eq(left, right)) {
            runner_fail(runner, "%.*s:%zu: expected\n    %.*s\n  but it is\n    %.*s", STR_FMT(where), number,
                        STR_FMT(left), STR_FMT(right));
            return false;
        }
    }
}
