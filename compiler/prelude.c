#include "compiler/prelude.h"

#include "compiler/parse.h"

const struct std_module *prelude_module(size_t number)
{
    static const char *const names[] = {"std.lifecycles", "std.profiles"};
    for (size_t i = 0; number < countof(names) && i < std_module_count; i++) {
        if (str_eq(str_of(names[number]), str_of(std_modules[i].name))) {
            return &std_modules[i];
        }
    }
    return NULL;
}

static struct module *parse_prelude(struct arena *arena)
{
    const struct std_module *text = prelude_module(0);
    struct sources *sources = arena_new(arena, struct sources);
    struct diags diags = diags_in(arena);
    *sources = sources_in(arena);
    return parse_module(arena, sources, sources_add(sources, STR(""), (struct str){text->text, text->len}), &diags);
}

static bool declares(const struct module *module, struct str lifecycle)
{
    const struct decl *item = module->items;
    while (item != NULL && !(item->kind == DECL_LIFECYCLE && str_eq(item->name.text, lifecycle))) {
        item = item->next;
    }
    return item != NULL;
}

/* The life cycle that the rule of the module names; empty where it names none, which is that of ISO 14067. */
static struct str lifecycle_of(const struct module *module)
{
    for (const struct decl *rule = module->items; rule != NULL; rule = rule->next) {
        const struct decl *item = rule->kind == DECL_RULE ? rule->as.rule.items : NULL;
        for (; item != NULL; item = item->next) {
            bool names_it = item->kind == DECL_HEADER && item->as.header.kind == HEADER_LIFECYCLE;
            if (names_it && item->as.header.names != NULL) {
                return item->as.header.names->name.text;
            }
        }
    }
    return STR("");
}

struct prelude_words prelude_words_of(struct arena *arena, const struct module *module)
{
    struct prelude_words words = {.items = NULL};
    struct str lifecycle = lifecycle_of(module);
    const struct module *prelude = parse_prelude(arena);
    if (lifecycle.len > 0 && !declares(prelude, lifecycle)) {
        return words;
    }
    for (const struct decl *item = prelude->items; item != NULL; item = item->next) {
        const struct alias *alias = item->kind == DECL_NAMES ? item->as.names.aliases : NULL;
        for (; alias != NULL; alias = alias->next) {
            arena_grow(arena, words.items, words.count, words.cap);
            words.items[words.count].text[LANG_EN] = alias->first.text;
            words.items[words.count++].text[LANG_ZH] = alias->other.text;
        }
    }
    return words;
}

struct str prelude_word_in(const struct prelude_words *words, struct str word, enum lang lang)
{
    for (size_t i = 0; i < words->count; i++) {
        if (str_eq(words->items[i].text[LANG_EN], word) || str_eq(words->items[i].text[LANG_ZH], word)) {
            return words->items[i].text[lang];
        }
    }
    return word;
}
