/* Factor sets: CSV files, databases, folders of CSV files. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/system_error.h"
#include "vm/api_parts.h"
#include "vm/factor_database.h"

struct factors_work {
    struct zuji_factors *factors;
    const struct zuji_factors *made; /* of calls that leave the set as it is */
    const char *path, *mapping;
    char *bytes;
    size_t len;
    struct arena arena; /* of the messages, and of files before their rows are copied */
    struct diags diags;
};

static enum zuji_status make_factors(void *context, jmp_buf *exhausted)
{
    struct factors_work *work = context;
    work->factors = factors_new(exhausted);
    return ZUJI_OK;
}

enum zuji_status zuji_factors_new(struct zuji_factors **factors)
{
    if (factors == NULL) {
        return ZUJI_USAGE;
    }
    struct factors_work work = {.factors = NULL};
    enum zuji_status status = api_call(make_factors, &work);
    if (status == ZUJI_OK) {
        work.factors->arena.on_exhausted = NULL;
    }
    *factors = status == ZUJI_OK ? work.factors : NULL;
    return status;
}

/* ---- adding ---- */

static enum zuji_status report_io(struct factors_work *work, struct str path)
{
    struct str reason = system_error_text(&work->arena, errno);
    diag_add(&work->diags, D_CANNOT_OPEN, (struct span){0, 0, 0}, DIAG_ARGS(path, reason));
    return ZUJI_IO;
}

static enum zuji_status add_file(struct factors_work *work, struct str path)
{
    struct str text;
    struct str mapping = STR("");
    if (!file_read(&work->arena, path, &text)) {
        return report_io(work, path);
    }
    if (work->mapping == NULL) {
        return factors_add(work->factors, text, path, &work->diags) ? ZUJI_OK : ZUJI_FINDINGS;
    }
    if (!file_read(&work->arena, str_of(work->mapping), &mapping)) {
        return report_io(work, str_of(work->mapping));
    }
    bool is_good = factors_add_mapped(work->factors, text, path, mapping, str_of(work->mapping), &work->diags);
    return is_good ? ZUJI_OK : ZUJI_FINDINGS;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The paths of all *.csv of the folder, by name, so that nothing depends on the file system's order. */
static const char **paths_in(struct arena *arena, DIR *directory, const char *folder, size_t *count)
{
    const char **paths = NULL;
    size_t cap = 0;
    *count = 0;
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        size_t len = strlen(entry->d_name);
        bool is_csv = len > 4 && entry->d_name[0] != '.' && strcasecmp(entry->d_name + len - 4, ".csv") == 0;
        if (is_csv) {
            arena_grow(arena, paths, *count, cap);
            paths[(*count)++] = str_format(arena, "%s/%s", folder, entry->d_name).at;
        }
    }
    if (*count > 0) {
        qsort(paths, *count, sizeof *paths, compare_names);
    }
    return paths;
}

static enum zuji_status add_path(void *context, jmp_buf *exhausted)
{
    struct factors_work *work = context;
    work->arena.on_exhausted = exhausted;
    work->factors->arena.on_exhausted = exhausted;
    DIR *directory = opendir(work->path);
    if (directory == NULL) {
        return add_file(work, str_of(work->path));
    }
    size_t count;
    const char **paths = paths_in(&work->arena, directory, work->path, &count);
    closedir(directory);
    enum zuji_status status = ZUJI_OK;
    struct zuji_factors *factors = work->factors;
    size_t first = factors->count;
    for (size_t i = 0; i < count; i++) {
        enum zuji_status added = add_file(work, str_of(paths[i]));
        status = added > status ? added : status;
    }
    struct str given = str_copy(&factors->arena, str_of(work->path));
    for (size_t i = first; i < factors->count; i++) {
        factors->files[i].given = given;
    }
    return status;
}

/* Does the work, and hands over its messages. */
static enum zuji_status finish(struct factors_work *work, api_work *call, struct zuji_messages **messages)
{
    work->diags = diags_in(&work->arena);
    enum zuji_status status = api_call(call, work);
    if (work->factors != NULL) {
        work->factors->arena.on_exhausted = NULL;
    }
    api_give_messages(messages, &work->diags);
    arena_free(&work->arena);
    return status;
}

enum zuji_status zuji_factors_add(struct zuji_factors *factors, const char *path, struct zuji_messages **messages)
{
    if (factors == NULL || path == NULL) {
        return ZUJI_USAGE;
    }
    struct factors_work work = {.factors = factors, .path = path};
    return finish(&work, add_path, messages);
}

enum zuji_status zuji_factors_add_mapped(struct zuji_factors *factors, const char *path, const char *mapping,
                                         struct zuji_messages **messages)
{
    if (factors == NULL || path == NULL || mapping == NULL) {
        return ZUJI_USAGE;
    }
    struct factors_work work = {.factors = factors, .path = path, .mapping = mapping};
    return finish(&work, add_path, messages);
}

/* ---- the whole set ---- */

static enum zuji_status check_factors(void *context, jmp_buf *exhausted)
{
    struct factors_work *work = context;
    work->arena.on_exhausted = exhausted;
    return factors_check(&work->arena, work->made, &work->diags) ? ZUJI_OK : ZUJI_FINDINGS;
}

enum zuji_status zuji_factors_check(const struct zuji_factors *factors, struct zuji_messages **messages)
{
    if (factors == NULL) {
        return ZUJI_USAGE;
    }
    struct factors_work work = {.made = factors};
    return finish(&work, check_factors, messages);
}

static enum zuji_status make_database(void *context, jmp_buf *exhausted)
{
    struct factors_work *work = context;
    work->arena.on_exhausted = exhausted;
    work->bytes = database_make(&work->arena, work->made, &work->len, &work->diags);
    return work->bytes != NULL ? ZUJI_OK : ZUJI_FINDINGS;
}

enum zuji_status zuji_factors_database(const struct zuji_factors *factors, char **bytes, size_t *len,
                                       struct zuji_messages **messages)
{
    if (factors == NULL || bytes == NULL || len == NULL) {
        return ZUJI_USAGE;
    }
    struct factors_work work = {.made = factors};
    enum zuji_status status = finish(&work, make_database, messages);
    *bytes = work.bytes;
    *len = work.len;
    return status;
}

void zuji_factors_free(struct zuji_factors *factors)
{
    factors_free(factors);
}
