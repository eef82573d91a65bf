#include <string.h>

#include "base/decimal.h"
#include "compiler/resolve.h"

#include "compiler/lost.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"

bool type_is_predefined(struct str word)
{
    return word_is_known(WORDS_TYPE, word);
}

/* ---- units ------------------------------------------------------------------------------------------------------ */

struct str resolve_tags(const struct checked *checked, struct str text)
{
    if (memchr(text.at, '{', text.len) == NULL) {
        return text;
    }
    struct buf spelled = buf_in(checked->perm);
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '{') {
            buf_add(&spelled, str_slice(text, from, i + 1));
            from = i + 1;
        } else if (text.at[i] == '}') {
            buf_add(&spelled, resolve_canonical(checked, str_slice(text, from, i)));
            from = i;
        }
    }
    buf_add(&spelled, str_slice(text, from, text.len));
    return str_copy(checked->perm, buf_str(&spelled));
}

static void add_nearest_unit(struct resolver *resolver, struct diag *diag, struct span at, struct str text,
                             struct str word)
{
    struct str nearest = unit_nearest(resolver->checked->units, word);
    if (nearest.len == 0) {
        return;
    }
    diag_note(resolver->out, diag, T_DID_YOU_MEAN, DIAG_ARGS(nearest));
    if (word.len == text.len && at.len == text.len) {
        diag_fix(resolver->out, diag, at, nearest, T_FIX_REPLACE, DIAG_ARGS(nearest));
    }
}

/* Where the word stands in the unit; the whole unit where it is not written so. */
static struct span place_of_word(struct span at, struct str text, struct str word)
{
    for (size_t i = 0; at.len == text.len && word.len > 0 && i + word.len <= text.len; i++) {
        bool is_inside = i > 0 && (text.at[i - 1] | 0x20) >= 'a' && (text.at[i - 1] | 0x20) <= 'z';
        if (!is_inside && str_eq(str_slice(text, i, i + word.len), word)) {
            return (struct span){at.file, at.off + (uint32_t)i, (uint32_t)word.len};
        }
    }
    return at;
}

static void report_unknown_unit(struct resolver *resolver, struct span at, struct str text, struct str word)
{
    struct span place = place_of_word(at, text, word);
    struct str found = place.len == word.len ? word : text;
    struct diag *diag = diag_add(resolver->out, D_UNKNOWN_UNIT, place, DIAG_ARGS(word));
    add_nearest_unit(resolver, diag, place, found, word);
}

static void report_unit(struct resolver *resolver, struct span at, struct str text, const struct unit_parse *parse)
{
    switch (parse->error) {
    case UNIT_OK:
        return;
    case UNIT_UNKNOWN:
        report_unknown_unit(resolver, at, text, parse->word);
        return;
    case UNIT_SYNTAX:
        if (!resolver->is_broken) { /* else the parser has said so */
            diag_add(resolver->out, D_UNIT_SYNTAX, at, DIAG_ARGS(text));
        }
        return;
    case UNIT_TOO_LARGE:
        diag_add(resolver->out, D_UNIT_TOO_LARGE, at, DIAG_ARGS(text));
        return;
    case UNIT_POINT:
        diag_add(resolver->out, D_UNIT_POINT, at, DIAG_ARGS(text));
        return;
    }
}

/* Is the word a name of this compilation or the beginning of a declaration, so that it is likely the next item? */
static bool begins_next_item(const struct resolver *resolver, struct str word)
{
    return map_get(&resolver->known, resolve_canonical(resolver->checked, word), NULL) ||
           keyword_lookup(word, NULL) != 0;
}

void resolve_literal(struct resolver *resolver, struct expr *literal)
{
    struct str text = literal->as.number.unit_text;
    literal->as.number.unit = UNIT_ONE;
    if (text.len == 0) {
        return;
    }
    struct unit_parse parse =
        unit_parse(resolver->checked->units, resolve_tags(resolver->checked, text), &literal->as.number.unit);
    if (parse.error == UNIT_OK) {
        return;
    }
    struct span at = literal->as.number.unit_at;
    if (parse.error == UNIT_UNKNOWN && begins_next_item(resolver, parse.word)) {
        struct diag *diag = diag_add(resolver->out, D_UNIT_IS_NAME, at, DIAG_ARGS(parse.word));
        struct span before = {literal->at.file, at.off, 0};
        diag_fix(resolver->out, diag, before, STR(", "), T_FIX_COMMA, NULL, 0);
    } else {
        report_unit(resolver, at, text, &parse);
    }
    literal->kind = EXPR_ERROR;
}

/* Names that are units and nothing else, with signs between them. */
static bool is_unit_formula(struct resolver *resolver, const struct expr *expr)
{
    if (expr->kind == EXPR_BINARY) {
        bool is_product = expr->as.binary.op == BINARY_MUL || expr->as.binary.op == BINARY_DIV;
        return is_product && is_unit_formula(resolver, expr->as.binary.left) &&
               is_unit_formula(resolver, expr->as.binary.right);
    }
    struct unit unit;
    uint32_t index;
    struct decl *field;
    return expr->kind == EXPR_NAME && scope_local(resolver, expr->as.name.text, &index, &field) == NULL &&
           scope_value(resolver, expr->as.name) == NULL &&
           unit_parse_known(resolver->checked->units, expr->as.name.text, &unit).error == UNIT_OK;
}

/* The text in the signs of units: no blanks, a dot for the product. */
static struct str unit_signs(struct arena *arena, struct str text)
{
    static const struct {
        const char *from, *to;
    } SIGNS[] = {
        {" ", "" },
        {"*", "·"},
        {"×", "·"},
        {"÷", "/"},
        {"／", "/"},
        {"（", "("},
        {"）", ")"}
    };
    struct buf out = buf_in(arena);
    while (text.len > 0) {
        struct str part = str_slice(text, 0, 1), becomes = part;
        for (size_t i = 0; i < countof(SIGNS); i++) {
            if (str_starts(text, str_of(SIGNS[i].from))) {
                part = str_of(SIGNS[i].from);
                becomes = str_of(SIGNS[i].to);
            }
        }
        buf_add(&out, becomes);
        text = str_slice(text, part.len, text.len);
    }
    return buf_str(&out);
}

bool resolve_unit_slip(struct resolver *resolver, const struct expr *product)
{
    const struct expr *literal = product->as.binary.left, *rest = product->as.binary.right;
    bool is_divided = product->as.binary.op == BINARY_DIV;
    if ((!is_divided && product->as.binary.op != BINARY_MUL) || literal->kind != EXPR_NUMBER ||
        literal->as.number.unit_text.len == 0 || literal->is_parenthesised || !is_unit_formula(resolver, rest)) {
        return false;
    }
    struct span at = {literal->at.file, literal->as.number.unit_at.off,
                      rest->at.off + rest->at.len - literal->as.number.unit_at.off};
    struct str text = span_text(resolver->checked->sources, at);
    struct str meant = unit_signs(resolver->arena, text);
    struct unit unit;
    bool is_glued = product->as.binary.op_at.off == at.off + literal->as.number.unit_at.len;
    struct str first = literal->as.number.unit_text;
    bool has_quotient = !is_divided && memchr(first.at, '/', first.len) != NULL; /* kg/t*km: which is meant? */
    if (!is_glued || has_quotient || unit_parse(resolver->checked->units, meant, &unit).error != UNIT_OK) {
        return false;
    }
    struct diag *diag = diag_add(resolver->out, D_UNIT_SYNTAX, at, DIAG_ARGS(text));
    diag_fix(resolver->out, diag, at, meant, T_FIX_REPLACE, &meant, 1)->is_applicable = true;
    return true;
}

/* ---- `unit` declarations: in the order in which they need each other -------------------------------------------- */

struct unit_decls {
    struct decl **items;
    size_t count, cap;
};

static bool try_declare(struct resolver *resolver, struct decl *decl)
{
    struct unit_system *units = resolver->checked->units;
    struct unit unit;
    const struct expr *value = decl->as.unit.value;
    if (value == NULL) {
        if (!unit_declare(units, decl->name.text, NULL)) {
            diag_add(resolver->out, D_UNIT_TAKEN, decl->name.at, DIAG_ARGS(decl->name.text));
        }
        return true;
    }
    if (value->kind != EXPR_NUMBER) {
        if (value->kind != EXPR_ERROR) {
            diag_add(resolver->out, D_UNIT_DEFINITION, value->at, NULL, 0);
        }
        return true;
    }
    struct str text = value->as.number.unit_text;
    if (text.len > 0 && unit_parse(units, resolve_tags(resolver->checked, text), &unit).error != UNIT_OK) {
        return false;
    }
    unit = text.len == 0 ? UNIT_ONE : unit;
    struct rat number;
    if (!decimal_to_rat(resolver->arena, value->as.number.digits, &number) || rat_sign(number) <= 0 || unit.is_point) {
        diag_add(resolver->out, D_UNIT_DEFINITION, value->at, NULL, 0);
        if (unit.is_point) {
            return true;
        }
        number = RAT_ONE; /* its kind is known: what uses it is not wrong */
    }
    unit.scale = rat_mul(resolver->arena, unit.scale, number);
    if (!unit_declare(units, decl->name.text, &unit)) {
        diag_add(resolver->out, D_UNIT_TAKEN, decl->name.at, DIAG_ARGS(decl->name.text));
    }
    return true;
}

static void collect_units(struct resolver *resolver, struct unit_decls *units)
{
    for (size_t i = 0; i < resolver->checked->module_count; i++) {
        for (struct decl *item = resolver->checked->modules[i]->items; item != NULL; item = item->next) {
            if (item->kind != DECL_UNIT) {
                continue;
            }
            if (predefined_lookup(item->name.text) != PREDEFINED_NONE || type_is_predefined(item->name.text)) {
                diag_add(resolver->out, D_PREDEFINED_NAME, item->name.at, DIAG_ARGS(item->name.text));
                continue;
            }
            (void)arena_grow(resolver->arena, units->items, units->count, units->cap);
            units->items[units->count++] = item;
        }
    }
}

static void alias_units(struct resolver *resolver, const struct unit_decls *units)
{
    const struct checked *checked = resolver->checked;
    for (size_t i = 0; i < checked->aliases.count; i++) {
        struct str first = checked->alias_first[checked->aliases.entries[i].value];
        for (size_t k = 0; k < units->count; k++) {
            if (str_eq(units->items[k]->name.text, first)) {
                unit_alias(checked->units, first, checked->aliases.entries[i].key);
            }
        }
    }
}

static void check_power(struct resolver *resolver, struct name name)
{
    if (unit_name_is_power(resolver->checked->units, name.text)) {
        diag_add(resolver->out, D_UNIT_READS_ALREADY, name.at, DIAG_ARGS(name.text));
    }
}

/* The other spelling of a declared unit must not be that of another unit: literals and types would read it apart. */
static void check_unit_alias(struct resolver *resolver, const struct alias *alias)
{
    const struct unit_system *units = resolver->checked->units;
    uint32_t known, named;
    bool is_unit = map_get(&resolver->known, alias->first.text, &known) &&
                   resolver->known_decls[known]->kind == DECL_UNIT &&
                   map_get(&units->name_index, alias->other.text, &named);
    if (is_unit && !str_eq(units->names[named].spelling, alias->first.text)) {
        diag_add(resolver->out, D_UNIT_TAKEN, alias->other.at, DIAG_ARGS(alias->other.text));
    } else if (is_unit) {
        check_power(resolver, alias->other);
    }
}

void resolve_unit_decls(struct resolver *resolver)
{
    struct unit_decls units = {0};
    collect_units(resolver, &units);
    bool *is_done = arena_array(resolver->arena, bool, units.count + 1);
    bool has_progress = true;
    while (has_progress) {
        has_progress = false;
        for (size_t i = 0; i < units.count; i++) {
            if (!is_done[i] && try_declare(resolver, units.items[i])) {
                is_done[i] = true;
                has_progress = true;
            }
        }
        alias_units(resolver, &units);
    }
    resolve_each_alias(resolver, check_unit_alias);
    for (size_t i = 0; i < units.count; i++) {
        struct unit unit;
        if (is_done[i]) {
            check_power(resolver, units.items[i]->name);
        } else {
            const struct expr *value = units.items[i]->as.unit.value;
            struct str text = value->as.number.unit_text;
            struct unit_parse parse = unit_parse(resolver->checked->units, text, &unit);
            report_unit(resolver, value->as.number.unit_at, text, &parse);
        }
    }
}

/* ---- types ------------------------------------------------------------------------------------------------------ */

static bool predefined_type(struct str word, struct type *type)
{
    static const struct {
        const char *word;
        enum type_kind kind;
    } types[] = {
        {"number", TYPE_NUMBER},
        {"text",   TYPE_TEXT  },
        {"year",   TYPE_YEAR  },
        {"date",   TYPE_DATE  },
        {"bool",   TYPE_BOOL  },
        {"region", TYPE_REGION}
    };
    struct str canonical = word_canonical(WORDS_TYPE, word);
    for (size_t i = 0; i < countof(types); i++) {
        if (type_is_predefined(word) && str_eq(canonical, str_of(types[i].word))) {
            type->kind = types[i].kind;
            type->unit = UNIT_ONE;
            return true;
        }
    }
    return false;
}

/* `models.parts`: a list in a list, or in a row type. NULL: there is none. */
static struct decl *type_at_path(struct resolver *resolver, const struct name_list *path)
{
    struct decl *decl = scope_type(resolver, path->name.text);
    if (decl == NULL && resolver->is_in_rule) {
        decl = symbols_find(&resolver->unit_lists, path->name.text);
    }
    for (path = path->next; path != NULL && decl != NULL; path = path->next) {
        bool has_fields = decl->kind == DECL_FIELD || decl->kind == DECL_ROW;
        struct decl *field = has_fields ? decl_inner(decl) : NULL;
        while (field != NULL && !str_eq(field->name.text, path->name.text)) {
            field = field->next;
        }
        decl = field != NULL && field->as.field.type->kind == TYPE_REF_LIST ? field : NULL;
    }
    return decl;
}

static bool named_type(struct resolver *resolver, struct type_ref *ref)
{
    struct decl *decl =
        ref->path != NULL ? type_at_path(resolver, ref->path) : scope_type(resolver, ref->text);
    if (decl == NULL) {
        return false;
    }
    if (ref->path == NULL && resolver->is_in_rule && symbols_find(&resolver->ambiguous_types, ref->text) != NULL &&
        decl->kind == DECL_FIELD && decl->parent->kind == DECL_FIELD) {
        diag_add(resolver->out, D_AMBIGUOUS_LIST, ref->at, DIAG_ARGS(ref->text));
        return true;
    }
    ref->type.kind = decl->kind == DECL_CHOICE ? TYPE_CHOICE : TYPE_ROW;
    ref->type.decl = decl;
    return true;
}

/* A choice or table of this name in a module that is not imported here. */
static const struct decl *row_type_elsewhere(const struct resolver *resolver, struct str name)
{
    for (size_t i = 0; i < resolver->checked->module_count; i++) {
        struct decl *decl = symbols_find(&resolver->modules[i].types, name);
        if (decl != NULL) {
            return decl;
        }
    }
    return NULL;
}

/* The names of types that are near; of a list those of row types only. */
static struct str nearest_type(struct resolver *resolver, struct str name, bool is_of_list)
{
    struct str names[64] = {STR("number"), STR("text"), STR("year"), STR("date"), STR("bool"), STR("region")};
    size_t count = is_of_list ? 0 : 6;
    for (size_t i = 0; i < resolver->known.count && count < countof(names); i++) {
        enum decl_kind kind = resolver->known_decls[i]->kind;
        if (kind == DECL_ROW || (!is_of_list && (kind == DECL_CHOICE || kind == DECL_TABLE))) {
            names[count++] = resolver->known.entries[i].key;
        }
    }
    return str_nearest(name, names, count);
}

/* Where a keyword in front of the name of a row type, or behind the type, ends or begins; 0: there is none. */
static size_t glued_at(struct resolver *resolver, struct str text)
{
    struct str list = keyword_text(keyword_lookup(STR("list of"), NULL), LANG_ZH);
    struct str rest = str_starts(text, list) ? str_slice(text, list.len, text.len) : STR("");
    const struct decl *row = scope_type(resolver, resolve_canonical(resolver->checked, rest));
    return row != NULL && row->kind == DECL_ROW ? list.len : keyword_glued_end(text);
}

static bool report_glued(struct resolver *resolver, const struct type_ref *ref)
{
    size_t cut = glued_at(resolver, ref->text);
    if (cut == 0 || ref->text.len != ref->at.len) {
        return false;
    }
    struct str args[2] = {str_slice(ref->text, 0, cut), str_slice(ref->text, cut, ref->text.len)};
    struct diag *glued = diag_add(resolver->out, D_KEYWORD_GLUED, ref->at, args, 2);
    struct span gap = {ref->at.file, ref->at.off + (uint32_t)cut, 0};
    diag_fix(resolver->out, glued, gap, STR(" "), T_INSERT_SPACE, NULL, 0)->is_applicable = true;
    return true;
}

static void report_unknown_type(struct resolver *resolver, struct type_ref *ref, const struct unit_parse *parse)
{
    if (lost_name(resolver->checked, &resolver->known, ref->text) ||
        lost_name(resolver->checked, &resolver->known, parse->word)) {
        return;
    }
    if (ref->path != NULL) {
        diag_add(resolver->out, D_UNKNOWN_TYPE, ref->at, DIAG_ARGS(ref->text));
        return;
    }
    if (report_glued(resolver, ref)) {
        return;
    }
    struct diag *diag = diag_add_unknown(resolver->out, D_UNKNOWN_TYPE, parse->word, ref->at, DIAG_ARGS(parse->word));
    if (diag == NULL) {
        return;
    }
    const struct decl *elsewhere = row_type_elsewhere(resolver, ref->text);
    if (elsewhere != NULL) {
        diag_label(resolver->out, diag, elsewhere->name.at, T_HERE, NULL, 0);
        note_module(resolver, diag, ref->text, elsewhere->module);
        return;
    }
    struct str nearest = nearest_type(resolver, ref->text, false);
    if (nearest.len > 0) {
        diag_note(resolver->out, diag, T_DID_YOU_MEAN, DIAG_ARGS(nearest));
        diag_fix(resolver->out, diag, ref->at, nearest, T_FIX_REPLACE, DIAG_ARGS(nearest));
    } else {
        add_nearest_unit(resolver, diag, ref->at, ref->text, parse->word);
    }
}

/* What the word is that is no row type: a choice, a table, a list, a unit. */
static struct str kind_of_word(struct resolver *resolver, const struct decl *decl)
{
    if (decl == NULL) {
        return diag_term(resolver->arena, T_KIND_PLAIN_TYPE);
    }
    return decl->kind == DECL_FIELD ? diag_term(resolver->arena, T_KIND_LIST) : decl_kind_text(resolver->arena, decl);
}

static void refuse_row_type(struct resolver *resolver, struct name name, const struct decl *decl)
{
    struct diag *diag =
        diag_add(resolver->out, D_NOT_A_ROW_TYPE, name.at, DIAG_ARGS(name.text, kind_of_word(resolver, decl)));
    if (decl != NULL) {
        diag_label(resolver->out, diag, decl->name.at, T_HERE, NULL, 0);
    }
    diag_note(resolver->out, diag, decl == NULL ? T_LIST_HAS_FIELDS : T_DECLARE_ROW_TYPE, DIAG_ARGS(name.text));
}

static void report_unknown_row_type(struct resolver *resolver, struct name name)
{
    if (lost_name(resolver->checked, &resolver->known, name.text)) {
        return;
    }
    struct diag *diag = diag_add_unknown(resolver->out, D_UNKNOWN_ROW_TYPE, name.text, name.at, DIAG_ARGS(name.text));
    const struct decl *elsewhere = row_type_elsewhere(resolver, name.text);
    struct str nearest = nearest_type(resolver, name.text, true);
    if (diag == NULL) {
        return;
    }
    if (elsewhere != NULL) {
        diag_label(resolver->out, diag, elsewhere->name.at, T_HERE, NULL, 0);
        note_module(resolver, diag, name.text, elsewhere->module);
    } else if (nearest.len > 0) {
        diag_fix(resolver->out, diag, name.at, nearest, T_DID_YOU_MEAN, DIAG_ARGS(nearest));
    } else {
        diag_note(resolver->out, diag, T_DECLARE_ROW_TYPE, DIAG_ARGS(name.text));
    }
}

void resolve_row_type(struct resolver *resolver, struct type_ref *list)
{
    struct unit unit;
    struct type type;
    if (list->row_type != NULL || scope_is_doubtful(resolver, list->row.text)) {
        return;
    }
    const struct decl *decl = scope_type(resolver, list->row.text);
    bool is_plain = predefined_type(list->row.text, &type) ||
                    unit_parse(resolver->checked->units, list->row.text, &unit).error == UNIT_OK;
    if (decl != NULL || is_plain) {
        refuse_row_type(resolver, list->row, decl);
    } else {
        report_unknown_row_type(resolver, list->row);
    }
}

/* The list or table that is called like a unit; NULL: none is. */
static const struct decl *rows_called(struct resolver *resolver, struct name name)
{
    const struct decl *list = resolver->is_in_rule ? symbols_find(&resolver->unit_lists, name.text) : NULL;
    const struct decl *value = list != NULL ? list : scope_value(resolver, name);
    return list != NULL || (value != NULL && value->kind == DECL_TABLE) ? value : NULL;
}

bool resolve_param_type(struct resolver *resolver, struct type_ref *ref)
{
    const struct decl *rows = NULL;
    if (ref->kind == TYPE_REF_NAME && ref->type.kind == TYPE_NUMBER) {
        rows = rows_called(resolver, (struct name){ref->text, ref->at});
    }
    if (rows == NULL) {
        return true;
    }
    struct diag *diag = diag_add(resolver->out, D_ROW_OR_UNIT, ref->at, DIAG_ARGS(ref->text));
    diag_label(resolver->out, diag, rows->name.at, T_HERE, NULL, 0);
    ref->type.kind = TYPE_ERROR;
    return false;
}

void resolve_type_ref(struct resolver *resolver, struct type_ref *ref)
{
    if (ref == NULL) {
        return;
    }
    ref->type = (struct type){.kind = TYPE_ERROR, .unit = UNIT_ONE, .unit_spelled = ref->text};
    if (ref->kind == TYPE_REF_ERROR || ref->kind == TYPE_REF_LIST) {
        return; /* of a list: its field's declaration is the type */
    }
    if (ref->kind == TYPE_REF_NAME && scope_is_doubtful(resolver, ref->text)) {
        return;
    }
    if (ref->kind == TYPE_REF_NAME && (predefined_type(ref->text, &ref->type) || named_type(resolver, ref))) {
        return;
    }
    struct unit_parse parse =
        unit_parse(resolver->checked->units, resolve_tags(resolver->checked, ref->text), &ref->type.unit);
    if (ref->path != NULL) {
        report_unknown_type(resolver, ref, &parse);
    } else if (parse.error == UNIT_OK) {
        ref->type.kind = TYPE_NUMBER;
    } else if (parse.error == UNIT_UNKNOWN && ref->kind == TYPE_REF_NAME) {
        report_unknown_type(resolver, ref, &parse);
    } else {
        report_unit(resolver, ref->at, ref->text, &parse);
    }
}
