#include "tests/unit/sema_fixture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES_MAX = 80, SHOWN = 24 };

struct files {
    char folder[32];
    char paths[FILES_MAX][64];
    size_t count;
};

static void write_file(struct files *files, const char *name, size_t name_len, const char *text, size_t len)
{
    ck_assert_uint_lt(files->count, (size_t)FILES_MAX);
    char path[sizeof files->paths[0]];
    snprintf(path, sizeof path, "%s/%.*s", files->folder, (int)name_len, name);
    strcpy(files->paths[files->count++], path);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text, 1, len, file), len);
    fclose(file);
}

static void write_files(struct files *files, const char *source)
{
    strcpy(files->folder, "/tmp/zuji-sema-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(files->folder));
    const char *name = "main.pcr";
    size_t name_len = strlen(name);
    for (;;) {
        const char *next = strstr(source, "=== ");
        write_file(files, name, name_len, source, next == NULL ? strlen(source) : (size_t)(next - source));
        if (next == NULL) {
            return;
        }
        name = next + strlen("=== ");
        name_len = strcspn(name, "\n");
        source = name + name_len + 1;
    }
}

static void remove_files(const struct files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        remove(files->paths[i]);
    }
    rmdir(files->folder);
}

void sema_open(struct sema *sema, const char *source)
{
    struct files files = {.count = 0};
    write_files(&files, source);
    memset(sema, 0, sizeof *sema);
    sema->sources = sources_in(&sema->arena);
    sema->diags = diags_in(&sema->arena);
    sema->checked = module_load(&sema->arena, &sema->sources, str_of(files.paths[0]), &sema->diags);
    ck_assert_ptr_nonnull(sema->checked);
    resolve(sema->checked, &sema->diags);
    types_check(sema->checked, &sema->diags);
    tables_check(sema->checked, &sema->diags);
    remove_files(&files);
}

void sema_close(struct sema *sema)
{
    arena_free(&sema->arena);
}

static struct decl *find_in(struct decl *first, const char *name)
{
    for (struct decl *decl = first; decl != NULL; decl = decl->next) {
        if (str_eq(decl->name.text, str_of(name))) {
            return decl;
        }
        bool is_group = decl->kind == DECL_STAGE || decl->kind == DECL_PROCESS;
        struct decl *inner = decl->kind == DECL_DATA ? find_in(decl->as.data.fields, name)
                             : is_group              ? find_in(decl->as.stage.items, name)
                                                     : NULL;
        if (inner != NULL) {
            return inner;
        }
    }
    return NULL;
}

struct decl *sema_find(const struct sema *sema, const char *name)
{
    const struct checked *checked = sema->checked;
    struct decl *decl = checked->rule == NULL ? NULL : find_in(checked->rule->as.rule.items, name);
    return decl != NULL ? decl : find_in(checked->modules[checked->module_count - 1]->items, name);
}

char *sema_report(const char *source)
{
    struct sema sema;
    sema_open(&sema, source);
    size_t count;
    const struct diag *const *sorted = diags_sorted(&sema.arena, &sema.diags, &count);
    struct buf text = buf_in(&sema.arena);
    for (size_t i = 0; i < count; i++) {
        struct str at = span_text(&sema.sources, sorted[i]->at);
        size_t len = at.len < SHOWN ? at.len : SHOWN;
        for (size_t k = 0; k < len; k++) {
            len = at.at[k] == '\n' ? k : len;
        }
        while (len < at.len && ((unsigned char)at.at[len] & 0xC0) == 0x80) {
            len--; /* not inside a character */
        }
        buf_format(&text, "%s %.*s\n", diag_info(sorted[i]->code)->code, (int)len, at.at);
        /* both wordings must be possible */
        ck_assert_uint_gt(diag_message(&sema.arena, sorted[i], LANG_EN).len, 0);
        ck_assert_uint_gt(diag_message(&sema.arena, sorted[i], LANG_ZH).len, 0);
    }
    struct str result = buf_str(&text);
    char *copy = malloc(result.len + 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, result.at, result.len);
    copy[result.len] = '\0';
    sema_close(&sema);
    return copy;
}

void sema_check(const struct sema_case *wanted)
{
    char *found = sema_report(wanted->source);
    ck_assert_msg(strcmp(found, wanted->expected) == 0, "%s: expected\n%sbut found\n%s", wanted->name, wanted->expected,
                  found);
    free(found);
}
