/* Where the program comes from: places of instructions, and the formulas that the rule names. */
#include "compiler/lower.h"

#include "base/utf8.h"

#include <stdlib.h>

/* ---- places ---- */

/* A path as seen from the folder of the rule, so that the place of the checkout does not matter. */
static struct str path_from(struct arena *arena, struct str folder_of, struct str path)
{
    size_t common = 0; /* length of the folders that both share */
    for (size_t i = 0; i < folder_of.len && i < path.len && folder_of.at[i] == path.at[i]; i++) {
        common = folder_of.at[i] == '/' ? i + 1 : common;
    }
    struct buf text = buf_in(arena);
    for (size_t i = common; i < folder_of.len; i++) {
        if (folder_of.at[i] == '/') {
            buf_add(&text, STR("../"));
        }
    }
    buf_add(&text, str_slice(path, common, path.len));
    return buf_str(&text);
}

static uint32_t file_label(struct lowering *lowering, uint32_t file)
{
    struct checked *checked = lowering->checked;
    struct str path = sources_get(checked->sources, file)->path;
    for (size_t i = 0; i < checked->module_count; i++) {
        if (checked->modules[i]->file == file && checked->modules[i]->is_std) {
            return lower_label(lowering, checked->modules[i]->name);
        }
    }
    struct str rule = sources_get(checked->sources, checked->rule->at.file)->path;
    return lower_label(lowering, path_from(lowering->arena, rule, path));
}

/* Ends before a character that does not fit whole. */
static size_t whole_characters(const char *text, size_t len)
{
    while (len > 0 && ((unsigned char)text[len - 1] & 0xC0) == 0x80) {
        len--;
    }
    return len - (len > 0 && (unsigned char)text[len - 1] >= 0xC0);
}

/* Behind a comment that begins here; here where none does. */
static size_t comment_end(struct str source, size_t at)
{
    if (!str_starts(str_slice(source, at, source.len), STR("//"))) {
        return at;
    }
    while (at < source.len && source.at[at] != '\n') {
        at++;
    }
    return at;
}

/* The text of an expression on one line, without comments, at most `most` bytes; a mark says that it is cut. */
static uint32_t text_label(struct lowering *lowering, struct span at, size_t most)
{
    struct str source = span_text(lowering->checked->sources, at);
    char *text = arena_array(lowering->arena, char, source.len < most ? source.len : most);
    size_t len = 0;
    size_t i = 0;
    bool was_space = true;
    bool is_quoted = false;
    while (i < source.len && len < most) {
        char c = source.at[i];
        size_t behind = is_quoted ? i : comment_end(source, i);
        if (behind > i) {
            i = behind;
            continue;
        }
        bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        is_quoted = is_quoted != (c == '"');
        if (!is_space || !was_space) {
            text[len++] = is_space ? ' ' : c;
        }
        was_space = is_space;
        i++;
    }
    if (i == source.len) {
        return lower_label(lowering, str_trim((struct str){text, len}));
    }
    struct str cut = str_trim((struct str){text, whole_characters(text, len)});
    return lower_label(lowering, str_format(lowering->arena, "%.*s…", STR_FMT(cut)));
}

enum { SITE_TEXT_MAX = 200, FORMULA_TEXT_MAX = LIMIT_TEXT - 3 }; /* room for the mark */

struct prog_site emit_site(struct lowering *lowering, const struct ir_site *site)
{
    struct prog_site made = {.file = NO_INDEX, .path = NO_INDEX, .clause = NO_INDEX, .text = NO_INDEX};
    made.path = lower_label(lowering, site->path);
    made.clause = lower_label(lowering, site->clause);
    if (site->at.file == 0) {
        return made;
    }
    const struct source *source = sources_get(lowering->checked->sources, site->at.file);
    struct place place = source_place(source, site->at.off);
    made.file = file_label(lowering, site->at.file);
    made.line = place.line;
    made.column = place.column;
    made.text = text_label(lowering, site->at, SITE_TEXT_MAX);
    return made;
}

/* ---- named formulas ---- */

struct items {
    struct lowering *lowering;
    const uint32_t *nodes; /* number in the builder -> in the program; NO_INDEX: not in it */
    uint32_t *numbers;     /* of formulas in the program; NO_INDEX: nothing of it is left */
};

static void add_value(struct items *items, struct prog_item *item, const struct share *share)
{
    struct lowering *lowering = items->lowering;
    uint32_t node = share->node;
    uint32_t instruction = node == NO_OPERAND || node == IR_ERROR ? NO_INDEX : items->nodes[node];
    for (uint32_t v = 0; v < item->value_count && instruction != NO_INDEX; v++) {
        instruction = item->values[v].instruction == instruction ? NO_INDEX : instruction;
    }
    if (instruction != NO_INDEX) {
        item->values[item->value_count++] = (struct prog_item_value){
            instruction, lower_label(lowering, share->category), lower_label(lowering, share->gas)};
    }
}

/* "11/3 kg{CO2}/kg": a number as a fraction, with its unit; other values have no text. */
static uint32_t constant_label(struct lowering *lowering, uint32_t node)
{
    const struct ir *ir = lowering->ir;
    if (node == NO_OPERAND || node == IR_ERROR || !ir_is_constant(ir, node) ||
        ir_constant(ir, node)->type != VALUE_NUMBER) {
        return NO_INDEX;
    }
    struct str number = rat_text(lowering->arena, ir_constant(ir, node)->number);
    struct unit unit = ir_unit_of(ir, node);
    struct str name = unit_text(lowering->arena, lowering->checked->units, unit);
    if (unit.kind.count == 0 && rat_eq(unit.scale, RAT_ONE)) {
        return lower_label(lowering, number);
    }
    return lower_label(lowering, str_format(lowering->arena, "%.*s %.*s", STR_FMT(number), STR_FMT(name)));
}

static void take_values(struct items *items, const struct named_formula *formula, struct prog_item *item)
{
    const struct split *split = formula->value.split;
    size_t count = split == NULL ? 1 : split->count;
    item->values = arena_array(items->lowering->arena, struct prog_item_value, count + formula->more_count);
    item->constant = NO_INDEX;
    for (size_t i = 0; split != NULL && i < split->count; i++) {
        add_value(items, item, &split->shares[i]);
    }
    for (size_t i = 0; i < formula->more_count; i++) {
        add_value(items, item, &formula->more[i]);
    }
    if (split == NULL) {
        add_value(items, item, &(struct share){.node = formula->value.node});
        item->constant = constant_label(items->lowering, formula->value.node);
    }
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* What it mentions; in the place of a formula of which nothing is left, what that mentions. Formulas come after what
   they mention, so one that is gone has found its own already. */
static void take_uses(struct items *items, const struct named_formula *formula, struct prog_item *item,
                      const struct prog_item *gone)
{
    struct arena *arena = items->lowering->arena;
    size_t cap = 0;
    size_t count = 0;
    for (size_t u = 0; u < formula->use_count; u++) {
        uint32_t number = items->numbers[formula->uses[u]];
        const struct prog_item *instead = &gone[formula->uses[u]];
        uint32_t among = number != NO_INDEX ? 1 : instead->use_count;
        for (uint32_t k = 0; k < among; k++) {
            arena_grow(arena, item->uses, count, cap);
            item->uses[count++] = number != NO_INDEX ? number : instead->uses[k];
        }
    }
    if (count > 1) {
        qsort(item->uses, count, sizeof *item->uses, compare_numbers);
    }
    for (size_t u = 0; u < count; u++) {
        if (item->use_count == 0 || item->uses[item->use_count - 1] != item->uses[u]) {
            item->uses[item->use_count++] = item->uses[u];
        }
    }
}

static bool is_ascii(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.at[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

/* Its titles; where a language has none, the other spelling of its name. */
static struct prog_titles titles_of(struct lowering *lowering, const struct decl *decl)
{
    struct prog_titles titles = lower_titles(lowering, &decl->texts);
    struct prog_aliases aliases = lower_aliases(lowering, decl->name.text);
    for (uint32_t i = 0; i < aliases.count; i++) {
        struct str spelling = lowering->labels.entries[aliases.labels[i]].key;
        uint32_t *title = &titles.label[is_ascii(spelling) ? LANG_EN : LANG_ZH];
        *title = *title == NO_INDEX ? aliases.labels[i] : *title;
    }
    if (aliases.count > 0) { /* the language of the name is then known, too */
        uint32_t *title = &titles.label[is_ascii(decl->name.text) ? LANG_EN : LANG_ZH];
        *title = *title == NO_INDEX ? lower_label(lowering, decl->name.text) : *title;
    }
    return titles;
}

static bool has_chinese(struct str line)
{
    for (size_t off = 0; off < line.len;) {
        uint32_t c = utf8_next(line, &off);
        if ((c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x3FFFF)) {
            return true;
        }
    }
    return false;
}

/* Each language on one line, the English first. Lines with Chinese characters are the Chinese text. */
static uint32_t text_of_doc(struct lowering *lowering, struct str doc)
{
    struct buf texts[2] = {buf_in(lowering->arena), buf_in(lowering->arena)};
    for (size_t at = 0; at < doc.len;) {
        size_t end = at;
        while (end < doc.len && doc.at[end] != '\n') {
            end++;
        }
        struct str line = str_trim(str_slice(doc, at, end));
        struct buf *text = &texts[has_chinese(line) ? LANG_ZH : LANG_EN];
        bool is_apart = text->len > 0 && line.len > 0 && text == &texts[LANG_EN];
        buf_add(text, is_apart ? STR(" ") : STR(""));
        buf_add(text, line);
        at = end + 1;
    }
    struct str both[2] = {buf_str(&texts[LANG_EN]), buf_str(&texts[LANG_ZH])};
    if (both[LANG_EN].len == 0 || both[LANG_ZH].len == 0) {
        return lower_label(lowering, both[both[LANG_EN].len == 0 ? LANG_ZH : LANG_EN]);
    }
    return lower_label(lowering,
                       str_format(lowering->arena, "%.*s\n%.*s", STR_FMT(both[LANG_EN]), STR_FMT(both[LANG_ZH])));
}

static void describe(struct lowering *lowering, const struct named_formula *formula, struct prog_item *item)
{
    const struct decl *decl = formula->decl;
    bool is_own = formula->kind != ITEM_WHEN && formula->kind != ITEM_SCALE && formula->kind != ITEM_SHARE;
    struct prog_titles none = {
        {NO_INDEX, NO_INDEX}
    };
    const struct source *source = sources_get(lowering->checked->sources, formula->at.file);
    item->kind = (uint8_t)formula->kind;
    item->name = lower_label(lowering, formula->name);
    item->titles = is_own && decl->name.text.len > 0 ? titles_of(lowering, decl) : none;
    item->doc = is_own ? text_of_doc(lowering, decl->doc) : NO_INDEX;
    item->cite = is_own ? lower_label(lowering, decl->attributes.cite) : NO_INDEX;
    item->clause = lower_label(lowering, formula->clause);
    item->text = text_label(lowering, formula->at, FORMULA_TEXT_MAX);
    item->file = file_label(lowering, formula->at.file);
    item->line = source_place(source, formula->at.off).line;
}

void emit_items(struct lowering *lowering, const uint32_t *nodes)
{
    struct program *program = lowering->program;
    size_t count = lowering->formula_count;
    struct items items = {lowering, nodes, arena_array(lowering->arena, uint32_t, count)};
    struct prog_item *all = arena_array(lowering->arena, struct prog_item, count);
    program->items = arena_array(lowering->arena, struct prog_item, count);
    for (size_t i = 0; i < count; i++) {
        const struct named_formula *formula = &lowering->formulas[i];
        take_values(&items, formula, &all[i]);
        take_uses(&items, formula, &all[i], all);
        bool is_left = all[i].value_count > 0 || all[i].constant != NO_INDEX;
        items.numbers[i] = is_left ? program->item_count : NO_INDEX;
        if (is_left) {
            describe(lowering, formula, &all[i]);
            program->items[program->item_count++] = all[i];
        }
    }
}
