#include "compiler/lost.h"
#include "base/unicode.h"
#include "base/utf8.h"

void lost_add(struct module *module, struct str text)
{
    size_t word = 0, off = 0;
    while (off <= text.len) {
        size_t next = off;
        bool is_part = off < text.len && unicode_is_identifier_continue(utf8_next(text, &next));
        if (!is_part && off > word) {
            map_add(&module->lost, str_slice(text, word, off), 0);
        }
        off = off < text.len ? next : off + 1;
        word = is_part ? word : off;
    }
}

/* Where a sign is missing between two words they are one: then it begins or ends with the name. */
static bool has_lost(const struct module *module, struct str name)
{
    if (module->has_lost_all || map_get(&module->lost, name, NULL)) {
        return true;
    }
    for (size_t i = 0; i < module->lost.count; i++) {
        struct str word = module->lost.entries[i].key;
        if (str_starts(word, name) || str_ends(word, name)) {
            return true;
        }
    }
    return false;
}

static bool has_lost_spelling(const struct checked *checked, const struct module *module, struct str name)
{
    for (size_t i = 0; i < checked->aliases.count; i++) {
        struct str other = checked->aliases.entries[i].key;
        if (str_eq(checked->alias_first[checked->aliases.entries[i].value], name) && has_lost(module, other)) {
            return true;
        }
    }
    return false;
}

bool lost_word(const struct checked *checked, const struct map *known, struct str name)
{
    for (size_t i = 0; i < checked->module_count; i++) {
        const struct module *module = checked->modules[i];
        bool is_misplaced = module->is_torn && (known == NULL || map_get(known, name, NULL));
        if (module->has_errors &&
            (is_misplaced || has_lost(module, name) || has_lost_spelling(checked, module, name))) {
            return true;
        }
    }
    return false;
}

bool lost_some_name(const struct checked *checked)
{
    for (size_t i = 0; i < checked->module_count; i++) {
        if (checked->modules[i]->has_lost_name) {
            return true;
        }
    }
    return false;
}

bool lost_name(const struct checked *checked, const struct map *known, struct str name)
{
    return lost_some_name(checked) || lost_word(checked, known, name);
}
