/* The rule: headers, factors, lets, stages, allocations, reports. */
#include "tests/random/maker.h"

static void add(struct maker *m, struct node *node)
{
    node_add(&m->tree, m->rule, node);
}

static struct str type_text(struct measure unit)
{
    return measure_is_one(unit) ? STR("number") : unit.text;
}

static struct node *no_text(struct maker *m)
{
    return node_text(&m->tree, STR(""));
}

/* Fields that are always there, above zero but by chance, of the list (NULL: of the product); any kind. */
static const struct field *sure_number(struct maker *m, const struct field *field)
{
    const struct field *found = NULL;
    for (uint32_t count = 0; field != NULL; field = field->next) {
        bool is_fit = field->type.sort == SORT_NUMBER && !field->type.is_optional && !field->has_default &&
                      !field->is_signed && !field->is_amount && !powers_is_plain(field->type.kind);
        found = is_fit && maker_below(m, ++count) == 0 ? field : found;
    }
    return found;
}

static const struct list *draw_list(struct maker *m)
{
    const struct list *found = NULL;
    uint32_t count = 0;
    for (const struct list *list = m->lists; list != NULL; list = list->next) {
        found = !list->is_linear && maker_below(m, ++count) == 0 ? list : found;
    }
    return found;
}

/* ---- headers ---- */

static void draw_reference(struct maker *m, struct node *headers)
{
    static const char *const amounts[] = {"1", "1", "1", "100", "2.5", "0.3"};
    const struct list *list = maker_chance(m, 20) ? draw_list(m) : NULL;
    const struct table *table = list == NULL && maker_chance(m, 10) ? m->tables : NULL;
    const struct field *size = list == NULL ? NULL : sure_number(m, list->fields);
    if (list == NULL || size == NULL || list->is_optional) {
        list = NULL;
        size = m->output;
    }
    struct powers kind = size->type.kind;
    struct node *amount = size->name.node;
    struct node *text = node_compose(&m->tree, LEVEL_ATOM, "reference $", amount);
    m->row_count = 0;
    if (list != NULL) {
        struct node *row = enter_row(m, list);
        text = node_compose(&m->tree, LEVEL_ATOM, "reference for each $ in $: $.$", row, list->name.node, row,
                            size->name.node);
        m->reference_list = list;
        m->has_order = true;
        maker_count(m, HAS_REFERENCE_LIST);
    } else if (table != NULL) {
        struct node *row = maker_local(m, "scenario").node;
        m->rows[m->row_count++] = (struct row){.variable = row};
        text = node_compose(&m->tree, LEVEL_ATOM, "reference for each $ in $: $", row, table->name.node, amount);
        for (uint32_t i = 0; i < table->column_count; i++) {
            struct node *cell = table->column_count == 1
                                    ? row
                                    : node_compose(&m->tree, LEVEL_ATOM, "$.$", row, table->column_names[i].node);
            maker_enter(m, cell, table->columns[i], false, 0);
        }
        maker_count(m, HAS_REFERENCE_TABLE);
    }
    struct measure unit = measure_drawn(m->arena, &m->random, kind);
    const char *declared = amounts[maker_below(m, countof(amounts))];
    bool is_functional = maker_chance(m, 30);
    maker_count(m, is_functional ? HAS_FUNCTIONAL : HAS_REPORT);
    maker_count(m, declared[0] == '1' && declared[1] == '\0' ? HAS_REPORT : HAS_AMOUNT);
    struct node *header = node_format(&m->tree, LEVEL_ATOM, "%s %s %.*s", is_functional ? "functional" : "declared",
                                      declared, STR_FMT(unit.text));
    header->is_kept = text->is_kept = true;
    node_add(&m->tree, headers, header);
    m->declared = kind;
    add(m, text);
}

static void draw_headers(struct maker *m, struct node *headers)
{
    if (m->uses_gases) {
        static const char *const sets[] = {"ar4", "ar5", "ar6"};
        struct node *gwp = node_format(&m->tree, LEVEL_ATOM, "gwp %s", sets[maker_below(m, countof(sets))]);
        node_add(&m->tree, headers, gwp);
        maker_count(m, HAS_GASES);
    }
    if (m->has_lifecycle) {
        node_add(&m->tree, headers, node_text(&m->tree, STR("lifecycle own_cycle\n    boundary own_boundary")));
    } else {
        node_add(&m->tree, headers, node_text(&m->tree, STR("boundary cradle_to_grave")));
        node_add(&m->tree, headers, node_text(&m->tree, STR("exclude use because \"not ours\"")));
        maker_count(m, HAS_EXCLUDE);
        if (maker_chance(m, 40)) {
            node_add(&m->tree, headers, node_text(&m->tree, STR("zero end_of_life because \"nothing is left\"")));
            maker_count(m, HAS_ZERO);
        }
    }
    if (maker_chance(m, 30)) {
        node_add(&m->tree, headers, node_text(&m->tree, STR("judge rounded")));
        maker_count(m, HAS_JUDGE_ROUNDED);
    }
    if (maker_chance(m, 20)) {
        static const char *const members[] = {"biogenic", "land_use_change", "biogenic_removal"};
        const char *member =
            m->has_breakdown && maker_chance(m, 50) ? "own_part" : members[maker_below(m, countof(members))];
        node_add(&m->tree, headers, node_format(&m->tree, LEVEL_ATOM, "apart %s", member));
        maker_count(m, HAS_APART);
    }
    const struct field *period = m->fields;
    while (period != NULL && period->type.sort != SORT_YEAR) {
        period = period->next;
    }
    if (period != NULL && maker_chance(m, 30)) {
        node_add(&m->tree, headers,
                 node_compose(&m->tree, LEVEL_ATOM, "valid 2019-01-01 .. 2025-12-31 by $", period->name.node));
        m->has_validity = true;
        maker_count(m, HAS_VALID_BY);
    }
}

/* ---- factors ---- */

static struct str key_type(struct maker *m, struct factor *factor, uint32_t key)
{
    factor->key_names[key] = maker_name(m, "key", "键");
    uint32_t which = maker_below(m, 10);
    if (which < 4) {
        factor->keys[key] = type_of(SORT_TEXT);
        return STR("text");
    }
    if (which < 6) {
        factor->keys[key] = (struct type){.sort = SORT_MEMBER, .choice = &m->choices[maker_below(m, m->choice_count)]};
        return factor->keys[key].choice->name.first;
    }
    if (which < 8 && key == 0) {
        factor->keys[key] = type_of(SORT_YEAR);
        maker_count(m, HAS_FACTOR_YEAR);
        return STR("year");
    }
    factor->keys[key] = type_of(SORT_TEXT);
    factor->is_region[key] = true;
    maker_count(m, HAS_FACTOR_REGION);
    return STR("region");
}

static void draw_factor(struct maker *m)
{
    struct factor *factor = arena_new(m->arena, struct factor);
    factor->name = maker_name(m, "factor_of", "因子");
    struct powers kind = maker_chance(m, 75) ? powers_over(powers_base(BASE_CO2E),
                                                           powers_base(maker_chance(m, 60) ? BASE_MASS : BASE_ENERGY))
                                             : maker_kind(m);
    factor->unit = measure_drawn(m->arena, &m->random, kind);
    factor->key_count = maker_below(m, 3);
    struct node *params = no_text(m);
    for (uint32_t i = 0; i < factor->key_count; i++) {
        struct str type = key_type(m, factor, i);
        params = node_compose(&m->tree, LEVEL_ATOM, i == 0 ? "$$: $" : "$, $: $", params, factor->key_names[i].node,
                              node_text(&m->tree, type));
    }
    factor->is_split = kind.power[BASE_CO2E] == 1 && maker_chance(m, 45);
    factor->has_default = !factor->is_split && maker_chance(m, 35);
    struct node *tail = no_text(m);
    if (factor->is_split) {
        tail = node_text(&m->tree, STR(" split fossil, biogenic, land_use_change"));
        maker_count(m, HAS_FACTOR_SPLIT);
    } else if (factor->has_default) {
        tail = node_compose(&m->tree, LEVEL_ATOM, " = $", draw_constant(m, kind));
        maker_count(m, HAS_FACTOR_DEFAULT);
    }
    maker_count(m, factor->key_count == 0 ? HAS_FACTOR : HAS_FACTOR_FAMILY);
    add(m, node_compose(&m->tree, LEVEL_ATOM, factor->key_count == 0 ? "factor $$ : $$" : "factor $($) : $$",
                        factor->name.node, params, node_text(&m->tree, type_text(factor->unit)), tail));
    factor->next = m->factors;
    m->factors = factor;
}

/* ---- lets and functions ---- */

static struct type drawn_type(struct maker *m)
{
    uint32_t which = maker_below(m, 20);
    if (which < 3) {
        return type_of(SORT_FLAG);
    }
    if (which < 5) {
        return (struct type){.sort = SORT_MEMBER, .choice = &m->choices[maker_below(m, m->choice_count)]};
    }
    return which < 6 ? type_of(SORT_TEXT) : type_number(maker_kind(m));
}

/* `open` in the base, with a value or without one, overridden by the variant. */
static struct node *draw_open_let(struct maker *m)
{
    struct powers kind = maker_kind(m);
    struct name name = maker_name(m, "part", "部分");
    struct node *unit = node_text(&m->tree, type_text(measure_drawn(m->arena, &m->random, kind)));
    struct node *value = draw_number(m, kind, 3);
    struct node *given = maker_chance(m, 50) ? node_compose(&m->tree, LEVEL_ATOM, " = $", draw_number(m, kind, 2))
                                             : node_text(&m->tree, STR(""));
    struct node *open = node_compose(&m->tree, LEVEL_ATOM, "open let $ : $$", name.node, unit, given);
    open->as[FORM_WHOLE] = node_compose(&m->tree, LEVEL_ATOM, "let $ : $ = $", name.node, unit, value);
    struct node *override = node_compose(&m->tree, LEVEL_ATOM, "override let $ = $", name.node, value);
    override->with = open;
    node_add(&m->tree, m->variant, override);
    maker_enter(m, name.node, type_number(kind), false, 0);
    maker_count(m, HAS_EXTENDS);
    return open;
}

struct node *draw_let(struct maker *m, int depth)
{
    struct type type = drawn_type(m);
    struct name name = maker_name(m, "part", "部分");
    struct node *declared = no_text(m), *range = no_text(m);
    if (type.sort == SORT_NUMBER && maker_chance(m, 35)) {
        struct measure unit = measure_drawn(m->arena, &m->random, type.kind);
        declared = node_format(&m->tree, LEVEL_ATOM, " : %.*s", STR_FMT(type_text(unit)));
        maker_count(m, HAS_LET_TYPED);
        if (maker_chance(m, 20)) {
            range = node_format(&m->tree, LEVEL_ATOM, " range 0 .. 1e9 %.*s",
                                STR_FMT(measure_is_one(unit) ? STR("") : unit.text));
            maker_count(m, HAS_LET_RANGE);
        }
    }
    if (type.sort == SORT_MEMBER) {
        declared = node_compose(&m->tree, LEVEL_ATOM, " : $", type.choice->name.node);
    }
    struct node *value = draw_value(m, type, depth);
    maker_enter(m, name.node, type, false, 0);
    maker_count(m, HAS_LET);
    return node_compose(&m->tree, LEVEL_ATOM, "let $$$ = $", name.node, declared, range, value);
}

static void draw_row_function(struct maker *m)
{
    const struct list *list = draw_list(m);
    if (list == NULL || m->row_count >= ROWS_MAX) {
        return;
    }
    struct function *function = arena_new(m->arena, struct function);
    function->name = maker_name(m, "of_row", "行式");
    function->row = list;
    function->result = maker_kind(m);
    uint32_t scope = m->scope_count, rows = m->row_count;
    struct node *row = enter_row(m, list);
    m->rows[m->row_count - 1].inner = NULL; /* whose row it is the caller says */
    m->depth_seen = m->row_count;
    struct node *body = draw_number(m, function->result, 3);
    function->depth = m->depth_seen - rows - 1;
    leave_row(m, scope);
    maker_count(m, HAS_FUNCTION_ROW);
    add(m, node_compose(&m->tree, LEVEL_ATOM, "function $($: $) = $", function->name.node, row, list->name.node, body));
    function->next = m->functions;
    m->functions = function;
}

/* ---- the rest, but stages ---- */

static struct str per_declared(struct maker *m)
{
    struct measure unit = measure_drawn(m->arena, &m->random, powers_over(powers_base(BASE_CO2E), m->declared));
    return measure_is_one(unit) ? STR("") : unit.text;
}

static void draw_grades(struct maker *m)
{
    struct str unit = per_declared(m);
    struct node *classes = node_sequence(&m->tree, STR(", "));
    struct node *first = maker_chance(m, 50) ? node_format(&m->tree, LEVEL_ATOM, "12.5 %.*s", STR_FMT(unit))
                                             : draw_number(m, powers_over(powers_base(BASE_CO2E), m->declared), 2);
    node_add(&m->tree, classes,
             node_compose(&m->tree, LEVEL_ATOM, maker_chance(m, 50) ? "\"A\" up to $6" : "\"A\" below $6", first));
    node_add(&m->tree, classes, node_format(&m->tree, LEVEL_ATOM, "\"B\" zh \"乙\" up to 1000.0 %.*s", STR_FMT(unit)));
    if (maker_chance(m, 70)) {
        node_add(&m->tree, classes, node_text(&m->tree, STR("\"C\" otherwise")));
    }
    maker_count(m, HAS_GRADE);
    add(m, node_compose(&m->tree, LEVEL_ATOM, "grade $", classes));
}

/* unit: of the figure, as an interval has it. */
static void draw_round(struct maker *m, const char *what, struct str unit)
{
    static const char *const modes[] = {"", "", " half_up", " half_away", " down", " truncate", " half_down"};
    static const char *const intervals[] = {"0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "50", "1000"};
    const char *mode = modes[maker_below(m, countof(modes))];
    const char *mark = maker_chance(m, 20) ? " marked" : "";
    uint32_t which = maker_below(m, 5);
    maker_count(m, mode[0] == '\0' ? HAS_ROUND : HAS_ROUND_MODE);
    if (mark[0] != '\0') {
        maker_count(m, HAS_ROUND_MARKED);
    }
    if (which == 0) {
        const char *interval = intervals[maker_below(m, countof(intervals))];
        maker_count(m, HAS_ROUND_INTERVAL);
        add(m, node_format(&m->tree, LEVEL_ATOM, "round %s to multiples of %s %.*s%s%s", what, interval, STR_FMT(unit),
                           mode, mark));
        return;
    }
    const char *places = which < 3 ? "significant" : "decimals";
    add(m, node_format(&m->tree, LEVEL_ATOM, "round %s to %u %s%s%s", what,
                       which < 3 ? 1 + maker_below(m, 6) : maker_below(m, 5), places, mode, mark));
}

static void draw_reports(struct maker *m)
{
    m->has_results = true;
    for (uint32_t i = 2 + maker_below(m, 4); i > 0; i--) {
        struct powers kind = maker_kind(m);
        struct name name = maker_name(m, "figure", "数");
        struct measure unit = measure_drawn(m->arena, &m->random, kind);
        struct node *value = draw_number(m, kind, 4);
        if (maker_chance(m, 10)) {
            struct str per = per_declared(m);
            unit.text = per.len > 0 ? per : STR("number");
            value = node_compose(&m->tree, LEVEL_PRODUCT, "$8 * total", draw_number(m, powers_plain(), 1));
            maker_count(m, HAS_TOTAL);
        } else if (maker_chance(m, 10)) {
            unit.text = STR("kgCO2e");
            value = node_text(&m->tree, maker_chance(m, 50) ? STR("emitted(fossil)") : STR("emitted(biogenic)"));
            maker_count(m, HAS_EMITTED);
        }
        maker_count(m, HAS_REPORT);
        struct node *when = node_text(&m->tree, STR(""));
        if (maker_chance(m, 15)) {
            when = node_compose(&m->tree, LEVEL_ATOM, "when $ ", draw_flag(m, 2));
            maker_count(m, HAS_REPORT_WHEN);
        }
        struct node *text = node_compose(&m->tree, LEVEL_ATOM, "report $ $: $ = $", name.node, when,
                                         node_text(&m->tree, type_text(unit)), value);
        if (i == 1 && m->variant != NULL) { /* the last of all: a variant adds behind */
            node_add(&m->tree, m->variant, text);
            node_add(&m->tree, m->last, node_only_in(&m->tree, FORM_WHOLE, text));
            continue;
        }
        add(m, text);
        if (maker_chance(m, 20)) {
            draw_round(m, name.first.at, str_eq(type_text(unit), STR("number")) ? STR("") : unit.text);
        }
    }
    m->has_results = false;
}

static void draw_checks(struct maker *m)
{
    for (uint32_t i = maker_below(m, 3); i > 0; i--) {
        maker_count(m, HAS_WARN);
        add(m, node_compose(&m->tree, LEVEL_ATOM, "warn $ else \"see to it\"", draw_flag(m, 3)));
    }
    if (maker_chance(m, 25)) {
        maker_count(m, HAS_REQUIRE);
        struct node *likely = node_compose(&m->tree, LEVEL_COMPARISON, "$6 >= $6", draw_number(m, powers_plain(), 2),
                                           draw_leaf(m, powers_plain()));
        add(m, node_compose(&m->tree, LEVEL_ATOM, "require $2 or $3 else \"must be so\" zh \"须如此\"", likely,
                            draw_flag(m, 2)));
    }
}

static void draw_cutoff(struct maker *m)
{
    for (struct list *list = m->lists; list != NULL; list = list->next) {
        const struct field *field = sure_number(m, list->fields);
        if (list->is_linear || list == m->reference_list || field == NULL || !maker_chance(m, 25)) {
            continue;
        }
        list->has_cut = true;
        uint32_t scope = m->scope_count;
        struct node *row = enter_row(m, list);
        bool is_about_some = maker_chance(m, 30);
        struct node *condition = is_about_some
                                     ? node_compose(&m->tree, LEVEL_ATOM, " where $", draw_flag(m, 1))
                                     : node_text(&m->tree, STR(""));
        leave_row(m, scope);
        maker_count(m, is_about_some ? HAS_CUTOFF_WHERE : HAS_CUTOFF);
        add(m, node_compose(&m->tree, LEVEL_ATOM, "cutoff $ in $$ by $.$ each 60 %, together 90 %", row,
                            list->name.node, condition, row, field->name.node));
    }
}

void draw_rule(struct maker *m)
{
    struct node *headers = node_sequence(&m->tree, STR("\n    "));
    add(m, headers);
    add(m, node_compose(&m->tree, LEVEL_ATOM, "data {\n        $$\n    }", m->data, m->lifted));
    enter_data(m);
    draw_reference(m, headers);
    draw_headers(m, headers);
    for (uint32_t i = maker_below(m, 4); i > 0; i--) {
        draw_factor(m);
    }
    draw_cutoff(m);
    for (uint32_t i = maker_below(m, 2); i > 0; i--) {
        draw_row_function(m);
    }
    for (uint32_t i = 1 + maker_below(m, 4); i > 0; i--) {
        add(m, m->variant != NULL && maker_chance(m, 40) ? draw_open_let(m) : draw_let(m, 3));
    }
    draw_stages(m);
    draw_checks(m);
    draw_reports(m);
    if (maker_chance(m, 40)) {
        draw_grades(m);
    }
    draw_round(m, "total", STR("kgCO2e"));
    if (maker_chance(m, 30)) {
        draw_round(m, "stage", STR("kgCO2e"));
    }
    if (maker_chance(m, 30)) {
        draw_round(m, "emit", STR("kgCO2e"));
    }
}
