#include "compiler/module.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/system_error.h"
#include "compiler/literate.h"
#include "compiler/parse.h"
#include "compiler/prelude.h"
#include "compiler/std_modules.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"

enum { IMPORT_DEPTH_MAX = 64 };

struct loading {    /* a module whose imports are being read */
    struct str key; /* its path, or std.x */
    const struct loading *importer;
    size_t depth;
};

static struct module *load(struct loader *loader, struct str key, struct str text, bool is_std);
static void load_prelude(struct loader *loader, struct str given);
static void load_imports(struct loader *loader, struct module *module);
static void keep_module(struct loader *loader, struct module *module);
static void find_rules(struct loader *loader);
static void find_gases(struct checked *checked);

struct checked *module_load(struct arena *perm, struct sources *sources, struct str path, struct diags *out)
{
    struct str text;
    if (!sources_read(sources, perm, path, &text)) {
        diag_add(out, D_CANNOT_OPEN, (struct span){0}, DIAG_ARGS(path, system_error_text(perm, errno)));
        return NULL;
    }
    struct checked *checked = arena_new(perm, struct checked);
    checked->perm = perm;
    checked->sources = sources;
    checked->units = unit_system_new(perm);
    checked->aliases = map_in(perm);
    struct loader loader = {.checked = checked, .out = out};
    load(&loader, str_copy(perm, path), text, false);
    find_rules(&loader);
    find_gases(checked);
    return checked;
}

/* ---- the tree knows where it belongs ---------------------------------------------------------------------------- */

static void adopt(struct decl *first, struct decl *parent, struct module *module)
{
    for (struct decl *decl = first; decl != NULL; decl = decl->next) {
        decl->module = module;
        decl->parent = parent;
        adopt(decl_inner(decl), decl, module);
        adopt(decl_columns(decl), decl, module);
    }
}

void decls_number(struct decl *first)
{
    uint32_t count[DECL_EXPECT + 1] = {0};
    for (struct decl *decl = first; decl != NULL; decl = decl->next) {
        decl->index = count[decl->kind]++;
        decls_number(decl_inner(decl));
        decls_number(decl_columns(decl));
    }
}

/* ---- one module ------------------------------------------------------------------------------------------------- */

static struct module *load(struct loader *loader, struct str key, struct str text, bool is_std)
{
    struct checked *checked = loader->checked;
    struct loading here = {key, loader->loading, loader->loading == NULL ? 1 : loader->loading->depth + 1};
    uint32_t file = sources_add(checked->sources, key, text);
    struct module *module = parse_module(checked->perm, checked->sources, file, loader->out);
    module->name = key;
    module->file = file;
    module->is_std = is_std;
    adopt(module->items, NULL, module);
    decls_number(module->items);
    if (module->literate != NULL) {
        literate_set_clauses(module);
    }
    loader->loading = &here;
    if (here.importer == NULL && checked->module_count == 0) {
        load_prelude(loader, text);
    }
    load_imports(loader, module);
    loader->loading = here.importer;
    module_read_tables(loader, module);
    keep_module(loader, module);
    return module;
}

static void keep_module(struct loader *loader, struct module *module)
{
    struct checked *checked = loader->checked;
    (void)arena_grow(checked->perm, checked->modules, checked->module_count, loader->module_cap);
    checked->modules[checked->module_count++] = module;
}

/* ---- imports ---------------------------------------------------------------------------------------------------- */

struct str module_path(struct arena *arena, const struct module *module, struct str relative)
{
    size_t folder = module->name.len;
    while (folder > 0 && module->name.at[folder - 1] != '/') {
        folder--;
    }
    if (relative.len > 0 && relative.at[0] == '/') {
        return str_copy(arena, relative);
    }
    return str_format(arena, "%.*s%.*s", STR_FMT(str_slice(module->name, 0, folder)), STR_FMT(relative));
}

static struct str import_text(struct arena *arena, const struct decl *import, char between, const char *end)
{
    struct buf text = buf_in(arena);
    for (const struct name_list *word = import->as.import.path; word != NULL; word = word->next) {
        if (text.len > 0) {
            buf_char(&text, between);
        }
        buf_add(&text, word->name.text);
    }
    buf_add(&text, str_of(end));
    return str_copy(arena, buf_str(&text));
}

/* a/b.pcr, or a/b.pcr.md where there is only that. */
static struct str import_path(struct arena *arena, const struct module *module, const struct decl *import)
{
    struct str plain = module_path(arena, module, import_text(arena, import, '/', ".pcr"));
    struct str literate = str_format(arena, "%.*s.md", STR_FMT(plain));
    bool is_literate = access(str_copy(arena, plain).at, F_OK) != 0 && access(literate.at, F_OK) == 0;
    return is_literate ? literate : plain;
}

static struct module *loaded_already(const struct checked *checked, struct str key)
{
    for (size_t i = 0; i < checked->module_count; i++) {
        if (str_eq(checked->modules[i]->name, key)) {
            return checked->modules[i];
        }
    }
    return NULL;
}

/* Reports the path a → b → a where the module is one that led here. */
static bool reports_cycle(struct loader *loader, struct span at, struct str key)
{
    struct arena *arena = loader->checked->perm;
    struct str path = key;
    for (const struct loading *step = loader->loading; step != NULL; step = step->importer) {
        path = str_format(arena, "%.*s → %.*s", STR_FMT(step->key), STR_FMT(path));
        if (str_eq(step->key, key)) {
            diag_add(loader->out, D_IMPORT_CYCLE, at, DIAG_ARGS(path));
            return true;
        }
    }
    return false;
}

static struct module *import_std(struct loader *loader, const struct decl *import)
{
    struct arena *arena = loader->checked->perm;
    struct str name = import_text(arena, import, '.', "");
    struct str *names = arena_array(arena, struct str, std_module_count + 1);
    for (size_t i = 0; i < std_module_count; i++) {
        names[i] = str_of(std_modules[i].name);
        if (str_eq(names[i], name)) {
            return load(loader, name, (struct str){std_modules[i].text, std_modules[i].len}, true);
        }
    }
    struct diag *diag = diag_add(loader->out, D_IMPORT_NO_STD, import->at, DIAG_ARGS(name));
    struct str nearest = str_nearest(name, names, std_module_count);
    if (nearest.len > 0) {
        diag_note(loader->out, diag, T_DID_YOU_MEAN, DIAG_ARGS(nearest));
    }
    return NULL;
}

static struct module *import_file(struct loader *loader, const struct module *module, const struct decl *import)
{
    struct arena *arena = loader->checked->perm;
    struct str path = import_path(arena, module, import);
    struct str text;
    if (!sources_read(loader->checked->sources, arena, path, &text)) {
        struct str reason = system_error_text(arena, errno);
        diag_add(loader->out, D_IMPORT_NOT_FOUND, import->at,
                 DIAG_ARGS(import_text(arena, import, '.', ""), path, reason));
        return NULL;
    }
    return load(loader, path, text, false);
}

static struct module *import_module(struct loader *loader, const struct module *module, const struct decl *import)
{
    struct arena *arena = loader->checked->perm;
    bool is_std = str_eq(import->as.import.path->name.text, STR("std"));
    struct str key = is_std ? import_text(arena, import, '.', "")
                            : import_path(arena, module, import);
    struct module *known = loaded_already(loader->checked, key);
    if (known != NULL) {
        return known;
    }
    if (reports_cycle(loader, import->at, key)) {
        return NULL;
    }
    if (loader->loading->depth >= IMPORT_DEPTH_MAX) {
        diag_add(loader->out, D_IMPORT_TOO_DEEP, import->at, NULL, 0);
        return NULL;
    }
    return is_std ? import_std(loader, import) : import_file(loader, module, import);
}

static void load_imports(struct loader *loader, struct module *module)
{
    size_t cap = 0;
    for (struct decl *item = module->items; item != NULL; item = item->next) {
        if (item->kind != DECL_IMPORT || item->as.import.path == NULL) {
            continue;
        }
        struct module *imported = import_module(loader, module, item);
        if (imported == NULL) {
            module->has_errors = module->has_lost_all = true; /* what it would have declared is not known */
            continue;
        }
        (void)arena_grow(loader->checked->perm, module->imports, module->import_count, cap);
        module->imports[module->import_count++] = imported;
    }
}

/* What every rule may name without an import: life cycles and profiles. Not where the file is that very module. */
static void load_prelude(struct loader *loader, struct str given)
{
    const struct std_module *module = prelude_module(0);
    for (size_t i = 0; module != NULL; module = prelude_module(++i)) {
        struct str text = {module->text, module->len};
        if (!str_eq(text, given)) {
            load(loader, str_of(module->name), text, true)->is_prelude = true;
        }
    }
}

/* ---- what the compilation is about ------------------------------------------------------------------------------ */

/* One of a file; those of imported files are compose.c's business. */
static void find_rules(struct loader *loader)
{
    struct checked *checked = loader->checked;
    for (size_t i = 0; i < checked->module_count; i++) {
        struct decl *rule = NULL;
        struct decl **link = &checked->modules[i]->items;
        for (struct decl *item = *link; item != NULL; item = item->next) {
            if (item->kind == DECL_RULE && rule != NULL) {
                struct diag *diag = diag_add(loader->out, D_SECOND_RULE, item->name.at, DIAG_ARGS(item->name.text));
                diag_label(loader->out, diag, rule->name.at, T_FIRST_HERE, NULL, 0);
                *link = item->next; /* nothing else is said about it */
                continue;
            }
            rule = item->kind == DECL_RULE ? item : rule;
            link = &item->next;
        }
        checked->rule = rule; /* of the last module: the file itself */
    }
}

static struct decl *potentials_of(const struct module *module)
{
    struct decl *item = module->items;
    while (item != NULL && !(item->kind == DECL_TABLE && predefined_lookup(item->name.text) == PREDEFINED_GWP)) {
        item = item->next;
    }
    return item;
}

/* The table of std.gases, or one that another module puts in its place. */
static void find_gases(struct checked *checked)
{
    const struct module *gases = loaded_already(checked, STR("std.gases"));
    checked->gases = gases == NULL ? NULL : potentials_of(gases);
    for (size_t i = 0; i < checked->module_count && checked->gases == NULL; i++) {
        checked->gases = potentials_of(checked->modules[i]);
    }
}
