/* Constructors of declarations; those of expressions are in ast.c. */
#include "compiler/ast_make.h"

#include "grammar/keywords.h"

/* The `///` lines before a declaration that begins at this offset. */
static struct str doc_at(const struct parser *p, uint32_t off)
{
    size_t low = 0;
    size_t high = p->doc_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->docs[middle].off < off) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_found = low < p->doc_count && p->docs[low].off == off;
    return is_found ? p->docs[low].text : (struct str){0};
}

static struct decl *new_decl(struct parser *p, struct span at, enum decl_kind kind, struct name name,
                             const struct attrs *attrs)
{
    struct decl *decl = arena_new(p->perm, struct decl);
    decl->kind = kind;
    decl->at = at;
    decl->name = name;
    decl->module = p->module;
    decl->doc = doc_at(p, at.off);
    if (attrs != NULL) {
        decl->texts = attrs->texts;
        decl->attributes = attrs->attributes;
    }
    return decl;
}

static const struct name NO_NAME;

/* Makes the declarations children of one, and counts them by kind. */
static struct decl *adopt(struct decl *parent, struct decl *children)
{
    uint32_t counts[DECL_EXPECT + 1] = {0};
    for (struct decl *child = children; child != NULL; child = child->next) {
        child->parent = parent;
        child->index = counts[child->kind]++;
    }
    return children;
}

void make_module_item(struct parser *p, struct decl *item)
{
    if (p->last_item == NULL) {
        p->module->items = item;
    } else {
        p->last_item->next = item;
    }
    p->last_item = item;
}

struct decl *make_error_decl(struct parser *p, struct span at)
{
    return new_decl(p, at, DECL_ERROR, NO_NAME, NULL);
}

struct decl *make_import(struct parser *p, struct span at, struct name_lists path)
{
    struct decl *decl = new_decl(p, at, DECL_IMPORT, NO_NAME, NULL);
    decl->as.import.path = path.first;
    return decl;
}

struct decl *make_choice(struct parser *p, struct span at, struct name name, struct attrs *attrs, struct decls members)
{
    struct decl *decl = new_decl(p, at, DECL_CHOICE, name, attrs);
    decl->as.choice.members = adopt(decl, members.first);
    return decl;
}

struct decl *make_choice_extension(struct parser *p, struct span at, struct name name, struct decls members)
{
    struct decl *decl = make_choice(p, at, name, NULL, members);
    decl->as.choice.is_extension = true;
    return decl;
}

struct decl *make_table_extension(struct parser *p, struct span at, struct name name, const struct str *cite,
                                  struct table_rows rows)
{
    struct decls none = {NULL, NULL};
    struct decl *decl = make_table(p, at, name, none, none, NULL, rows);
    decl->as.table.is_extension = true;
    decl->attributes.cite = cite == NULL ? STR("") : *cite;
    return decl;
}

struct decl *make_row_type(struct parser *p, struct span at, struct name name, struct attrs *attrs,
                           struct decls fields)
{
    struct decl *decl = new_decl(p, at, DECL_ROW, name, attrs);
    decl->as.field.type = make_list_type(p, at, NO_NAME, fields);
    adopt(decl, fields.first);
    return decl;
}

struct decl *make_member(struct parser *p, struct span at, struct name name, const struct str *code,
                         struct attrs *attrs)
{
    struct decl *decl = new_decl(p, at, DECL_CHOICE_MEMBER, name, attrs);
    decl->as.member.has_code = code != NULL;
    if (code != NULL) {
        decl->as.member.code = *code;
    }
    return decl;
}

/* --- tables, functions, factors ---------------------------------------------------------------------------------- */

struct decl *make_table(struct parser *p, struct span at, struct name name, struct decls keys, struct decls columns,
                        struct attrs *attrs, struct table_rows rows)
{
    struct decl *decl = new_decl(p, at, DECL_TABLE, name, attrs);
    decl->as.table.keys = adopt(decl, keys.first);
    decl->as.table.columns = adopt(decl, columns.first);
    decl->as.table.matrix = rows.matrix;
    decl->as.table.rows = rows.first;
    return decl;
}

struct decl *make_param(struct parser *p, struct span at, struct name name, struct type_ref *type, struct attrs *attrs)
{
    struct decl *decl = new_decl(p, at, DECL_PARAM, name, attrs);
    decl->as.param.type = type;
    return decl;
}

struct decls make_single_column(struct parser *p, struct span at, struct type_ref *type)
{
    struct decl *column = make_column(p, at, NO_NAME, type, NULL);
    return (struct decls){column, column};
}

struct decl *make_column(struct parser *p, struct span at, struct name name, struct type_ref *type, struct attrs *attrs)
{
    struct decl *decl = new_decl(p, at, DECL_COLUMN, name, attrs);
    decl->as.column.type = type;
    return decl;
}

struct table_row *make_row(struct parser *p, struct span at, struct patterns patterns, struct cells cells)
{
    struct table_row *row = arena_new(p->perm, struct table_row);
    row->at = at;
    row->patterns = patterns.first;
    row->cells = cells.first;
    return row;
}

struct cell *make_cell(struct parser *p, struct span at, struct expr *value)
{
    struct cell *cell = arena_new(p->perm, struct cell);
    cell->at = at;
    cell->value = value;
    return cell;
}

struct cell *make_member_cell(struct parser *p, struct span at, struct name choice, struct name member)
{
    return make_cell(p, at, make_member_of(p, at, make_name_expr(p, choice.at, choice), member));
}

struct cell *make_name_cell(struct parser *p, struct span at, struct name name)
{
    bool is_given = !str_eq(name.text, STR("_"));
    return make_cell(p, at, is_given ? make_name_expr(p, at, name) : NULL);
}

struct decl *make_function(struct parser *p, struct span at, struct name name, struct decls params, struct attrs *attrs,
                           struct expr *body)
{
    struct decl *decl = new_decl(p, at, DECL_FUNCTION, name, attrs);
    decl->as.function.params = adopt(decl, params.first);
    decl->as.function.body = body;
    return decl;
}

struct decl *make_let(struct parser *p, struct span at, enum let_role role, struct name name, struct type_ref *type,
                      struct attrs *attrs, struct expr *value)
{
    struct decl *decl = new_decl(p, at, DECL_LET, name, attrs);
    decl->as.let.role = role;
    decl->as.let.type = type;
    decl->as.let.value = value;
    return decl;
}

struct decl *make_unit(struct parser *p, struct span at, struct name name, struct attrs *attrs, struct expr *value)
{
    struct decl *decl = new_decl(p, at, DECL_UNIT, name, attrs);
    decl->as.unit.value = value;
    if (value != NULL) {
        decl->as.unit.definition = span_text(p->sources, value->at);
        decl->as.unit.definition_at = value->at;
    }
    return decl;
}

struct decl *make_external(struct parser *p, struct span at, struct name name, struct decls params,
                           struct type_ref *type, struct attrs *attrs)
{
    struct decl *decl = new_decl(p, at, DECL_EXTERNAL, name, attrs);
    decl->as.external.params = adopt(decl, params.first);
    decl->as.external.type = type;
    return decl;
}

struct decl *make_factor(struct parser *p, struct span at, struct name name, struct decls keys, struct type_ref *type,
                         struct attrs *attrs, struct expr *initial)
{
    struct decl *decl = new_decl(p, at, DECL_FACTOR, name, attrs);
    decl->as.factor.keys = adopt(decl, keys.first);
    decl->as.factor.type = type;
    decl->attributes.initial = initial;
    return decl;
}

struct decl *make_split_factor(struct parser *p, struct span at, struct name name, struct decls keys,
                               struct type_ref *type, struct name_lists split, struct attrs *attrs,
                               struct expr *initial)
{
    struct decl *decl = make_factor(p, at, name, keys, type, attrs, initial);
    decl->as.factor.split = split.first;
    for (const struct name_list *item = split.first; item != NULL; item = item->next) {
        parser_note_word(p, WORDS_CATEGORY, item->name);
    }
    return decl;
}

/* --- life cycles, breakdowns and profiles ------------------------------------------------------------------------ */

struct decl *make_lifecycle(struct parser *p, struct span at, struct name name, struct attrs *attrs,
                            struct decls items)
{
    struct decl *decl = new_decl(p, at, DECL_LIFECYCLE, name, attrs);
    decl->as.lifecycle.items = adopt(decl, items.first);
    return decl;
}

struct decl *make_phase(struct parser *p, struct span at, struct name name, struct attrs *attrs, struct span apart_at)
{
    struct decl *decl = new_decl(p, at, DECL_PHASE, name, attrs);
    decl->as.phase.is_apart = apart_at.len > 0;
    return decl;
}

struct decl *make_boundary(struct parser *p, struct span at, struct name name, struct name_lists phases,
                           struct attrs *attrs)
{
    struct decl *decl = new_decl(p, at, DECL_BOUNDARY, name, attrs);
    decl->as.boundary.phases = phases.first;
    return decl;
}

struct decl *make_breakdown(struct parser *p, struct span at, struct name name, struct attrs *attrs,
                            struct decls members)
{
    struct decl *decl = new_decl(p, at, DECL_BREAKDOWN, name, attrs);
    decl->as.breakdown.members = adopt(decl, members.first);
    return decl;
}

struct decl *make_breakdown_member(struct parser *p, struct span at, struct name name, struct attrs *attrs,
                                   struct span apart_at)
{
    struct decl *decl = new_decl(p, at, DECL_BREAKDOWN_MEMBER, name, attrs);
    decl->as.breakdown_member.is_apart = apart_at.len > 0;
    return decl;
}

struct decl *make_profile(struct parser *p, struct span at, struct name name, struct attrs *attrs,
                          struct decls demands)
{
    struct decl *decl = new_decl(p, at, DECL_PROFILE, name, attrs);
    decl->as.profile.demands = adopt(decl, demands.first);
    return decl;
}

struct decl *make_demand(struct parser *p, struct span at, struct name strength, struct name word,
                         struct name_lists names, struct demand_limits limits, struct attrs *attrs)
{
    struct decl *decl = new_decl(p, at, DECL_DEMAND, NO_NAME, attrs);
    parser_note_word(p, WORDS_STRENGTH, strength);
    decl->as.demand.strength = strength;
    decl->as.demand.word = word;
    decl->as.demand.names = names.first;
    decl->as.demand.each = limits.each;
    decl->as.demand.together = limits.together;
    return decl;
}

struct decl *make_names(struct parser *p, struct span at, struct aliases aliases)
{
    struct decl *decl = new_decl(p, at, DECL_NAMES, NO_NAME, NULL);
    decl->as.names.aliases = aliases.first;
    return decl;
}

/* --- rules -----------------------------------------------------------------------------------------------------------
 */

struct decl *make_rule(struct parser *p, struct span at, struct name name, struct name base, struct attrs *attrs,
                       struct decls items)
{
    struct decl *decl = new_decl(p, at, DECL_RULE, name, attrs);
    decl->as.rule.base = base;
    decl->as.rule.items = adopt(decl, items.first);
    return decl;
}

struct decl *make_version(struct parser *p, struct span at, struct span text_at, struct str text, struct attrs *attrs)
{
    struct decl *decl = make_header(p, at, HEADER_VERSION, (struct name_lists){NULL, NULL}, attrs);
    decl->as.header.text = text;
    decl->name.at = text_at;
    return decl;
}

/* The words that a header names; -1 where they are names. */
static int category_of(enum header_kind kind)
{
    switch (kind) {
    case HEADER_STATUS:
        return WORDS_STATUS;
    case HEADER_JUDGE:
        return WORDS_JUDGE;
    case HEADER_APART: /* or members of breakdowns, which are no words of the category */
        return WORDS_CATEGORY;
    case HEADER_BOUNDARY:
    case HEADER_EXCLUDE:
    case HEADER_ZERO:
    case HEADER_VERSION:
    case HEADER_CONFORMS:
    case HEADER_GWP:
    case HEADER_LIFECYCLE:
    case HEADER_DECLARED:
    case HEADER_FUNCTIONAL:
    case HEADER_VALID:
        break;
    }
    return -1;
}

struct decl *make_header(struct parser *p, struct span at, enum header_kind kind, struct name_lists names,
                         struct attrs *attrs)
{
    struct decl *decl = new_decl(p, at, DECL_HEADER, NO_NAME, attrs);
    decl->as.header.kind = kind;
    decl->as.header.names = names.first;
    bool are_phases = kind == HEADER_BOUNDARY || kind == HEADER_EXCLUDE || kind == HEADER_ZERO;
    for (const struct name_list *item = are_phases ? names.first : NULL; item != NULL; item = item->next) {
        parser_note(p, ROLE_PHASE, item->name.at);
    }
    for (const struct name_list *item = names.first; item != NULL && category_of(kind) >= 0; item = item->next) {
        parser_note_word(p, category_of(kind), item->name);
    }
    return decl;
}

struct decl *make_amount(struct parser *p, struct span at, enum header_kind kind, struct expr *amount,
                         struct attrs *attrs)
{
    struct decl *decl = make_header(p, at, kind, (struct name_lists){NULL, NULL}, attrs);
    decl->as.header.amount = amount;
    return decl;
}

struct validity make_period(struct str first, struct str last)
{
    return (struct validity){
        .text = {first, last}
    };
}

struct decl *make_validity(struct parser *p, struct span at, struct validity valid, struct name by, struct attrs *attrs)
{
    struct decl *decl = make_header(p, at, HEADER_VALID, (struct name_lists){NULL, NULL}, attrs);
    decl->as.header.valid = valid;
    decl->as.header.valid.at = at;
    decl->as.header.by = by;
    return decl;
}

struct decl *make_data(struct parser *p, struct span at, struct attrs *attrs, struct decls fields)
{
    struct decl *decl = new_decl(p, at, DECL_DATA, NO_NAME, attrs);
    decl->as.data.fields = adopt(decl, fields.first);
    return decl;
}

struct decl *make_field(struct parser *p, struct span at, struct name name, struct type_ref *type, struct attrs *attrs,
                        struct expr *initial)
{
    struct decl *decl = new_decl(p, at, DECL_FIELD, name, attrs);
    decl->as.field.type = type;
    decl->attributes.initial = initial;
    adopt(decl, type->fields);
    return decl;
}

struct decl *make_reference(struct parser *p, struct span at, struct expr *value, struct attrs *attrs)
{
    struct decl *decl = new_decl(p, at, DECL_REFERENCE, NO_NAME, attrs);
    decl->as.reference.value = value;
    return decl;
}

struct decl *make_key_allocation(struct parser *p, struct span at, struct targets targets, struct expr *key,
                                 struct expr *take, struct attrs *attrs)
{
    struct decl *decl = new_decl(p, at, DECL_ALLOCATE, NO_NAME, attrs);
    decl->as.allocate.targets = targets.first;
    decl->as.allocate.key = key;
    decl->as.allocate.take = take;
    return decl;
}

struct decl *make_share_allocation(struct parser *p, struct span at, struct targets targets, struct decls shares,
                                   const struct name *taken, struct attrs *attrs)
{
    struct decl *decl = new_decl(p, at, DECL_ALLOCATE, NO_NAME, attrs);
    decl->as.allocate.targets = targets.first;
    decl->as.allocate.shares = adopt(decl, shares.first);
    if (taken != NULL) {
        decl->as.allocate.taken = *taken;
    }
    return decl;
}

struct decl *make_share(struct parser *p, struct span at, struct name name, struct expr *value)
{
    struct decl *decl = new_decl(p, at, DECL_SHARE, name, NULL);
    decl->as.share.value = value;
    return decl;
}

struct decl *make_stage(struct parser *p, struct span at, struct name name, struct name phase, struct attrs *attrs,
                        struct decls items)
{
    struct decl *decl = new_decl(p, at, DECL_STAGE, name, attrs);
    decl->as.stage.phase = phase;
    parser_note(p, ROLE_PHASE, phase.at);
    decl->as.stage.items = adopt(decl, items.first);
    return decl;
}

struct decl *make_process(struct parser *p, struct span at, struct name name, struct attrs *attrs, struct decls items)
{
    struct decl *decl = new_decl(p, at, DECL_PROCESS, name, attrs);
    decl->as.stage.items = adopt(decl, items.first);
    return decl;
}

struct decl *make_extension(struct parser *p, struct span at, enum decl_kind kind, struct name name, struct decls items)
{
    struct decl *decl = new_decl(p, at, kind, name, NULL);
    decl->as.stage.is_extension = true;
    decl->as.stage.items = adopt(decl, items.first);
    return decl;
}

struct decl *make_emit(struct parser *p, struct span at, enum emit_kind kind, struct name name, struct name_lists as,
                       struct attrs *attrs, struct expr *value)
{
    struct decl *decl = new_decl(p, at, DECL_EMIT, name, attrs);
    decl->as.emit.kind = kind;
    decl->as.emit.as = as.first;
    for (const struct name_list *item = as.first; item != NULL; item = item->next) {
        parser_note_word(p, WORDS_CATEGORY, item->name);
    }
    decl->as.emit.value = value;
    return decl;
}

struct decl *make_check(struct parser *p, struct span at, enum decl_kind kind, struct expr *condition,
                        struct attrs *attrs)
{
    struct decl *decl = new_decl(p, at, kind, NO_NAME, attrs);
    decl->as.require.condition = condition;
    return decl;
}

struct decl *make_cutoff(struct parser *p, struct span at, struct name binder, struct expr *source, struct expr *where,
                         struct expr *key, struct expr *each, struct expr *together, struct attrs *attrs)
{
    struct decl *decl = new_decl(p, at, DECL_CUTOFF, NO_NAME, attrs);
    struct name sum = {STR("sum"), at};
    decl->as.cutoff.binder = binder;
    decl->as.cutoff.source = source;
    decl->as.cutoff.where = where;
    decl->as.cutoff.key = key;
    decl->as.cutoff.each = each;
    decl->as.cutoff.together = together;
    decl->as.cutoff.comprehension = make_comprehension(p, at, sum, binder, source, where, key, NULL);
    return decl;
}

struct round_words make_round_words(struct parser *p, struct round_words words, struct name word)
{
    struct name *slot = word_is_known(WORDS_MARK, word.text) ? &words.mark : &words.mode;
    if (slot->text.len > 0) {
        struct diag *diag = diag_add(p->out, D_ATTRIBUTE_REPEATED, word.at, NULL, 0);
        diag_label(p->out, diag, slot->at, T_FIRST_HERE, NULL, 0);
    }
    *slot = word;
    return words;
}

struct decl *make_round(struct parser *p, struct span at, struct name target, enum round_form form, struct expr *to,
                        struct round_words words, struct attrs *attrs)
{
    struct decl *decl = new_decl(p, at, DECL_ROUND, NO_NAME, attrs);
    decl->as.round.target = target;
    decl->as.round.form = form;
    decl->as.round.to = to;
    decl->as.round.mode = words.mode;
    decl->as.round.is_marked = words.mark.text.len > 0;
    parser_note(p, ROLE_VALUE, target.at);
    parser_note(p, ROLE_ROUNDING, words.mode.at);
    parser_note_word(p, WORDS_MARK, words.mark);
    return decl;
}

struct decl *make_round_unsaid(struct parser *p, struct span at, struct name target, struct expr *to,
                               struct round_words words, struct attrs *attrs)
{
    struct diag *diag = diag_add(p->out, D_ROUND_UNSAID, to->at, NULL, 0);
    bool has_unit = to->kind == EXPR_NUMBER && to->as.number.unit_text.len > 0;
    if (has_unit) {
        struct span before = {to->at.file, to->at.off, 0};
        struct str words_before = p->lang == LANG_ZH ? STR("修约间隔 ") : STR("multiples of ");
        struct str shown = str_trim(words_before);
        diag_fix(p->out, diag, before, words_before, T_FIX_REPLACE, &shown, 1);
    }
    to->kind = EXPR_ERROR; /* nothing more is said of it */
    return make_round(p, at, target, ROUND_DECIMALS, to, words, attrs);
}

struct decl *make_report(struct parser *p, struct span at, struct name name, struct type_ref *type, struct attrs *attrs,
                         struct expr *value)
{
    struct decl *decl = new_decl(p, at, DECL_REPORT, name, attrs);
    decl->as.report.type = type;
    decl->as.report.value = value;
    return decl;
}

struct decl *make_class(struct parser *p, struct span at, struct attrs *texts, struct expr *limit, bool is_below)
{
    struct decl *decl = new_decl(p, at, DECL_CLASS, NO_NAME, texts);
    decl->as.class.limit = limit;
    decl->as.class.is_below = is_below;
    return decl;
}

struct decl *make_grade(struct parser *p, struct span at, struct decls classes, struct attrs *attrs)
{
    struct decl *decl = new_decl(p, at, DECL_GRADE, NO_NAME, attrs);
    decl->as.grade.classes = classes.first;
    adopt(decl, classes.first);
    return decl;
}

/* --- examples
 * --------------------------------------------------------------------------------------------------------- */

struct decl *make_example_body(struct parser *p)
{
    return new_decl(p, (struct span){0}, DECL_EXAMPLE, NO_NAME, NULL);
}

static struct decl *set_once(struct decl *example, struct str *place, struct span at, struct str text)
{
    if (place->at != NULL) {
        example->attributes.repeated = at;
    } else {
        *place = text;
    }
    return example;
}

struct decl *example_data(struct parser *p, struct decl *example, struct span at, struct str file)
{
    (void)p;
    return set_once(example, &example->as.example.data, at, file);
}

struct decl *example_key(struct parser *p, struct decl *example, struct span at, struct str key)
{
    (void)p;
    return set_once(example, &example->as.example.key, at, key);
}

struct decl *example_row(struct parser *p, struct decl *example, struct span at, struct str row)
{
    (void)p;
    return set_once(example, &example->as.example.row, at, row);
}

struct decl *example_factors(struct parser *p, struct decl *example, struct span at, struct str file)
{
    struct name_list **end = &example->as.example.factors;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = make_name_list(p, (struct name){.text = file, .at = at}).first;
    return example;
}

struct decl *example_gwp(struct parser *p, struct decl *example, struct span at, struct name set)
{
    (void)p;
    if (example->as.example.gwp.text.len > 0) {
        example->attributes.repeated = at;
    } else {
        example->as.example.gwp = set;
    }
    return example;
}

struct decl *example_expect(struct parser *p, struct decl *example, struct span at, struct expr *path,
                            struct expr *value, struct expr *within)
{
    struct decl *decl = new_decl(p, at, DECL_EXPECT, NO_NAME, NULL);
    decl->as.expect.path = path;
    decl->as.expect.value = value;
    decl->as.expect.within = within;
    struct decl **end = &example->as.example.expects;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = decl;
    return example;
}

struct decl *make_example(struct parser *p, struct span at, struct attrs *title, struct decl *example)
{
    example->at = at;
    example->doc = doc_at(p, at.off);
    example->texts = title->texts;
    if (title->attributes.repeated.len > 0) {
        example->attributes.repeated = title->attributes.repeated;
    }
    adopt(example, example->as.example.expects);
    return example;
}
