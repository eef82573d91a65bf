/* The head of a rule, its rounding, and what its examples expect. */
#include "compiler/lower.h"

#include "base/calendar.h"
#include "base/decimal.h"
#include "grammar/keywords.h"

/* ---- words ---- */

static uint32_t first_word(struct lowering *lowering, const struct decl *header)
{
    const struct name_list *names = header->as.header.names;
    return names == NULL ? NO_INDEX : ir_text(lowering->ir, names->name.text);
}

static void add_conformity(struct lowering *lowering, const struct decl *header)
{
    struct prog_rule *rule = &lowering->program->rule;
    for (const struct name_list *name = header->as.header.names; name != NULL; name = name->next) {
        uint32_t *larger = arena_array(lowering->arena, uint32_t, (size_t)rule->conforms_count + 1);
        for (uint32_t i = 0; i < rule->conforms_count; i++) {
            larger[i] = rule->conforms[i];
        }
        larger[rule->conforms_count++] = ir_text(lowering->ir, name->name.text);
        rule->conforms = larger;
    }
}

static void set_declared(struct lowering *lowering, const struct decl *header)
{
    struct ir *ir = lowering->ir;
    struct prog_rule *rule = &lowering->program->rule;
    uint32_t node = lower_constant(lowering, header->as.header.amount);
    if (node == IR_ERROR) {
        lowering->has_error = true;
        return;
    }
    rule->is_functional = header->as.header.kind == HEADER_FUNCTIONAL;
    rule->declared = ir->nodes[node].in.a;
    rule->declared_unit = ir->nodes[node].in.unit;
    rule->declared_titles = lower_titles(lowering, &header->texts);
}

static void set_validity(struct lowering *lowering, const struct decl *header)
{
    struct prog_rule *rule = &lowering->program->rule;
    rule->valid_from = header->as.header.valid.first_day;
    rule->valid_to = header->as.header.valid.last_day;
    if (header->as.header.field != NULL) {
        decl_map_get(&lowering->field_ids, header->as.header.field, &rule->period_field);
    }
}

void lower_check_validity(struct lowering *lowering, const struct decl *used)
{
    const struct decl *header = lowering->checked->rule->as.rule.items;
    while (header != NULL && (header->kind != DECL_HEADER || header->as.header.kind != HEADER_VALID)) {
        header = header->next;
    }
    const struct validity *own = &used->attributes.valid;
    const struct validity *rule = header == NULL ? NULL : &header->as.header.valid;
    if (own->at.len == 0 || rule == NULL || (own->first_day <= rule->first_day && own->last_day >= rule->last_day)) {
        return;
    }
    struct str days = calendar_period_text(lowering->arena, own->first_day, own->last_day);
    struct str wanted = calendar_period_text(lowering->arena, rule->first_day, rule->last_day);
    struct diag *diag = diag_add(lowering->out, D_VALIDITY_SHORT, own->at, DIAG_ARGS(used->name.text, days, wanted));
    diag_label(lowering->out, diag, rule->at, T_RULE_VALID, NULL, 0);
}

static void lower_line(struct lowering *lowering, const struct decl *header)
{
    struct prog_rule *rule = &lowering->program->rule;
    switch (header->as.header.kind) {
    case HEADER_VERSION:
        rule->version = ir_text(lowering->ir, header->as.header.text);
        return;
    case HEADER_STATUS:
        rule->status = first_word(lowering, header);
        return;
    case HEADER_CONFORMS:
        add_conformity(lowering, header);
        return;
    case HEADER_GWP:
        rule->gwp = first_word(lowering, header);
        return;
    case HEADER_JUDGE:
        rule->judge = first_word(lowering, header);
        return;
    case HEADER_LIFECYCLE:
        rule->lifecycle = first_word(lowering, header);
        return;
    case HEADER_DECLARED:
    case HEADER_FUNCTIONAL:
        set_declared(lowering, header);
        return;
    case HEADER_BOUNDARY:
        rule->boundary = first_word(lowering, header);
        return;
    case HEADER_VALID:
        set_validity(lowering, header);
        return;
    case HEADER_EXCLUDE:
    case HEADER_ZERO: /* lower_phases */
        return;
    case HEADER_APART:
        return;
    }
}

/* ---- what the data cover ---- */

uint32_t lower_covered(struct lowering *lowering)
{
    struct ir *ir = lowering->ir;
    const struct decl *declared = NULL;
    const struct decl *reference = NULL;
    for (const struct decl *item = lowering->checked->rule->as.rule.items; item != NULL; item = item->next) {
        bool is_amount = item->kind == DECL_HEADER && item->as.header.amount != NULL;
        declared = is_amount ? item : declared;
        reference = item->kind == DECL_REFERENCE ? item : reference;
    }
    uint32_t amount =
        declared == NULL ? ir_number(ir, RAT_ONE, UNIT_ONE) : lower_constant(lowering, declared->as.header.amount);
    if (amount == IR_ERROR || reference == NULL) { /* they cover just what is declared */
        return amount;
    }
    struct unit unit = ir_unit_of(ir, amount);
    struct ir_site before = lower_enter(lowering, STR("reference"), reference);
    lowering->reference_site = ir->site;
    struct open_formula open;
    lower_formula_open(lowering, &open);
    uint32_t node = ir_convert(
        ir, lower_value(lowering, reference->as.reference.value, lowering->has_rows ? &lowering->row : NULL), unit);
    lower_formula_close(lowering, &open,
                        (struct named_formula){.kind = ITEM_REFERENCE,
                                               .decl = reference,
                                               .name = STR("reference"),
                                               .at = reference->as.reference.value->at,
                                               .value = lower_plain(node)});
    ir->site = before;
    return node;
}

static void set_reference(struct lowering *lowering)
{
    struct ir *ir = lowering->ir;
    struct prog_rule *rule = &lowering->program->rule;
    struct unit unit = ir->unit_items[rule->declared_unit];
    rule->reference = lower_covered(lowering);
    struct unit total = UNIT_ONE;
    struct unit kgco2e = ir->unit_items[lowering->kgco2e];
    if (!kind_mul(kgco2e.kind, unit.kind, -1, &total.kind)) {
        lowering->has_error = true;
        return;
    }
    total.scale = rat_div(lowering->arena, kgco2e.scale, unit.scale);
    uint32_t total_unit = ir_unit(ir, total);
    lowering->has_error = lowering->has_error || total_unit == IR_ERROR;
    rule->total_unit = (uint16_t)total_unit;
}

/* ---- rounding ---- */

/* In the unit of the figure. Results are for the declared amount, in kgCO2e; their interval may be for the declared
   unit. */
static struct rat interval_of(struct lowering *lowering, const struct decl *decl)
{
    struct ir *ir = lowering->ir;
    const struct prog_rule *rule = &lowering->program->rule;
    const struct decl *report = decl->as.round.report;
    const struct expr *interval = decl->as.round.to;
    struct unit written = interval->as.number.unit_text.len > 0 ? interval->as.number.unit : UNIT_ONE;
    struct unit kgco2e = ir->unit_items[lowering->kgco2e];
    bool is_per_unit = report == NULL && !kind_eq(written.kind, kgco2e.kind);
    struct unit own = report != NULL ? report->type.unit : is_per_unit ? ir->unit_items[rule->total_unit] : kgco2e;
    struct rat number = RAT_ZERO;
    (void)decimal_to_rat(lowering->arena, interval->as.number.digits, &number);
    number = rat_mul(lowering->arena, number, rat_div(lowering->arena, written.scale, own.scale));
    return is_per_unit ? rat_mul(lowering->arena, number, ir->constants[rule->declared].number) : number;
}

/* 1, 2 or 5 in one place; false where it is none of these. */
static bool set_interval(struct lowering *lowering, struct rat interval, struct prog_round *round)
{
    struct arena *arena = lowering->arena;
    for (int digits = -ROUND_DIGITS_MAX; digits <= ROUND_DIGITS_MAX; digits++) {
        struct rat scaled = rat_mul(arena, interval, rat_pow(arena, rat_int(10), digits));
        for (unsigned how = PROG_ROUND_DECIMALS; how < PROG_ROUND_COUNT; how++) {
            if (rat_eq(rat_mul(arena, scaled, rat_int(program_round_parts(how))), RAT_ONE)) {
                round->how = (uint8_t)how;
                round->digits = (int16_t)digits;
                return true;
            }
        }
    }
    return false;
}

static bool read_interval(struct lowering *lowering, const struct decl *decl, struct prog_round *round)
{
    struct rat interval = interval_of(lowering, decl);
    struct span at = decl->as.round.to->at;
    if (rat_sign(interval) <= 0) {
        lower_fail(lowering, at, D_ROUND_STEP, NULL, 0);
        return false;
    }
    if (!set_interval(lowering, interval, round)) {
        enum { SHOWN_DIGITS = 20 };
        lower_fail(lowering, at, D_ROUND_INTERVAL, DIAG_ARGS(rat_decimal(lowering->arena, interval, SHOWN_DIGITS)));
        return false;
    }
    return true;
}

static bool read_digits(struct lowering *lowering, const struct decl *decl, struct prog_round *round)
{
    bool is_significant = decl->as.round.form == ROUND_SIGNIFICANT;
    int64_t digits = 0;
    uint32_t node = lower_constant(lowering, decl->as.round.to);
    if (node == IR_ERROR || !rat_to_i64(ir_constant(lowering->ir, node)->number, &digits) || digits < is_significant ||
        digits > ROUND_DIGITS_MAX) {
        lower_fail(lowering, decl->at, D_ROUND_DIGITS, DIAG_ARGS(is_significant ? STR("1") : STR("0")));
        return false;
    }
    round->how = is_significant ? PROG_ROUND_SIGNIFICANT : PROG_ROUND_DECIMALS;
    round->digits = (int16_t)digits;
    return true;
}

static void set_round(struct lowering *lowering, const struct decl *decl)
{
    struct program *program = lowering->program;
    struct str target = decl->as.round.target.text;
    struct prog_round round = {.is_marked = decl->as.round.is_marked};
    enum rounding mode = ROUND_HALF_EVEN;
    (void)rounding_lookup(decl->as.round.mode.text, &mode);
    round.mode = (uint8_t)mode;
    bool is_interval = decl->as.round.form == ROUND_MULTIPLES;
    if (!(is_interval ? read_interval(lowering, decl, &round) : read_digits(lowering, decl, &round))) {
        return;
    }
    if (predefined_lookup(target) == PREDEFINED_TOTAL) {
        program->rule.round = round;
    } else if (str_eq(target, STR("stage"))) {
        program->rule.stage_round = round;
    } else if (str_eq(target, STR("emit"))) {
        program->rule.flow_round = round;
    }
    for (uint32_t i = 0; i < program->output_count; i++) {
        if (str_eq(ir_text_of(lowering->ir, program->outputs[i].name), target)) {
            program->outputs[i].round = round;
        }
    }
}

/* Behind all that says what figures are of: intervals are amounts of it. */
static void lower_rounds(struct lowering *lowering, const struct decl *rule)
{
    for (const struct decl *item = rule->as.rule.items; item != NULL; item = item->next) {
        if (item->kind == DECL_ROUND) {
            set_round(lowering, item);
        }
    }
}

enum { UNSAID = INT16_MAX }; /* digits of a rounding of which the rule says nothing */

/* Stages and flows are rounded as the total unless the rule says otherwise. */
static void inherit_round(struct prog_round *round, const struct prog_round *total)
{
    if (round->digits == UNSAID) {
        *round = *total;
    }
}

void lower_header(struct lowering *lowering)
{
    struct decl *decl = lowering->checked->rule;
    struct prog_rule *rule = &lowering->program->rule;
    rule->name = ir_text(lowering->ir, decl->name.text);
    rule->version = rule->status = rule->gwp = rule->judge = rule->lifecycle = rule->boundary = NO_INDEX;
    rule->titles = lower_titles(lowering, &decl->texts);
    rule->declared_titles = (struct prog_titles){
        {NO_INDEX, NO_INDEX}
    };
    rule->round = PROG_ROUND_UNSAID;
    rule->stage_round = rule->flow_round = (struct prog_round){.digits = UNSAID};
    rule->row_axis = lowering->row.row.axis;
    rule->row_name = lower_row_name(lowering);
    rule->headline = lower_headline(lowering);
    rule->valid_from = INT32_MIN;
    rule->valid_to = INT32_MAX;
    rule->period_field = NO_INDEX;
    rule->declared = ir_pool(lowering->ir, (struct prog_const){VALUE_NUMBER, NO_INDEX, RAT_ONE, NO_INDEX});
    for (struct decl *item = decl->as.rule.items; item != NULL; item = item->next) {
        if (item->kind == DECL_HEADER) {
            lower_line(lowering, item);
        }
    }
    set_reference(lowering);
    lower_rounds(lowering, decl);
    inherit_round(&rule->stage_round, &rule->round);
    inherit_round(&rule->flow_round, &rule->round);
    lower_grades(lowering);
    if (lowering->program->part_count == 0) {
        lower_fail(lowering, decl->name.at, D_NO_EMISSION, NULL, 0);
    }
}

/* ---- examples ---- */

static void set_path(struct expectation *expectation, const struct expr *path)
{
    const struct ref *ref = &path->ref;
    if (ref->kind == REF_FLOW) {
        expectation->kind = EXPECT_FLOW;
        const struct decl *stage = ref->decl->parent;
        while (stage != NULL && stage->kind != DECL_STAGE) {
            stage = stage->parent;
        }
        expectation->stage = stage == NULL ? STR("") : stage->name.text;
        expectation->name = ref->decl->name.text;
    } else if (ref->kind == REF_DECL && ref->decl->kind == DECL_STAGE) {
        expectation->kind = EXPECT_STAGE;
        expectation->stage = ref->decl->name.text;
    } else if (ref->kind == REF_DECL) {
        expectation->kind = EXPECT_REPORT;
        expectation->name = ref->decl->name.text;
    } else {
        expectation->kind = EXPECT_TOTAL;
    }
}

/* Emissions may be written per declared unit (17.2 tCO2e/t) or for the declared amount (17.2 tCO2e). */
static uint32_t in_expected_unit(struct lowering *lowering, uint32_t node, struct unit unit, bool is_emission)
{
    struct ir *ir = lowering->ir;
    if (node == IR_ERROR) {
        return node;
    }
    struct kind kind = ir_unit_of(ir, node).kind;
    if (is_emission && kind.count > 0 && !kind_eq(kind, unit.kind)) {
        const struct prog_rule *rule = &lowering->program->rule;
        uint32_t declared = ir_number(ir, ir->constants[rule->declared].number, ir->unit_items[rule->declared_unit]);
        node = ir_mul(ir, node, declared);
    }
    return ir_convert(ir, node, unit);
}

static void lower_expectation(struct lowering *lowering, const struct decl *decl, struct expectation *expectation)
{
    struct ir *ir = lowering->ir;
    *expectation = (struct expectation){.at = decl->at};
    set_path(expectation, decl->as.expect.path);
    bool is_emission = expectation->kind != EXPECT_REPORT;
    struct unit unit = is_emission ? ir->unit_items[lowering->kgco2e] : decl->as.expect.path->ref.decl->type.unit;
    expectation->unit_text = unit_text(lowering->arena, lowering->checked->units, unit);
    expectation->value = expectation->within = RAT_ZERO;
    uint32_t value = in_expected_unit(lowering, lower_constant(lowering, decl->as.expect.value), unit, is_emission);
    if (value == IR_ERROR) {
        lowering->has_error = true;
        return;
    }
    expectation->value = ir_constant(ir, value)->number;
    if (decl->as.expect.within == NULL) {
        return;
    }
    uint32_t within = lower_constant(lowering, decl->as.expect.within);
    bool is_share = within != IR_ERROR && ir_unit_of(ir, within).kind.count == 0 && unit.kind.count > 0 &&
                    rat_sign(ir_constant(ir, within)->number) != 0;
    struct unit apart = unit; /* how far from a reading: a difference */
    apart.is_point = false;
    within = is_share ? ir_convert(ir, ir_mul(ir, within, ir_abs(ir, value)), unit)
                      : in_expected_unit(lowering, within, apart, is_emission);
    if (within != IR_ERROR) {
        expectation->within = ir_constant(ir, within)->number;
    }
}

/* In both languages where it has both. */
static struct str example_title(struct lowering *lowering, const struct texts *texts)
{
    const struct str *text = texts->text;
    if (text[LANG_EN].len > 0 && text[LANG_ZH].len > 0) {
        return diag_both(lowering->arena, text[LANG_EN], text[LANG_ZH]);
    }
    return text[LANG_EN].len > 0 ? text[LANG_EN] : text[LANG_ZH];
}

static void lower_example(struct lowering *lowering, const struct decl *decl, struct example *example)
{
    *example = (struct example){.at = decl->at,
                                .title = example_title(lowering, &decl->texts),
                                .data = decl->as.example.data,
                                .key = decl->as.example.key,
                                .row = decl->as.example.row};
    for (const struct name_list *file = decl->as.example.factors; file != NULL; file = file->next) {
        example->factor_count++;
    }
    example->factors = arena_array(lowering->arena, struct str, example->factor_count);
    size_t files = 0;
    for (const struct name_list *file = decl->as.example.factors; file != NULL; file = file->next) {
        example->factors[files++] = file->name.text;
    }
    for (const struct decl *expect = decl->as.example.expects; expect != NULL; expect = expect->next) {
        example->expect_count++;
    }
    example->expects = arena_array(lowering->arena, struct expectation, example->expect_count);
    size_t count = 0;
    for (const struct decl *expect = decl->as.example.expects; expect != NULL; expect = expect->next) {
        lower_expectation(lowering, expect, &example->expects[count++]);
    }
}

void lower_examples(struct lowering *lowering, struct compiled *into)
{
    struct decl *items = lowering->checked->rule->as.rule.items;
    into->example_count = 0;
    for (const struct decl *item = items; item != NULL; item = item->next) {
        into->example_count += item->kind == DECL_EXAMPLE;
    }
    into->examples = arena_array(lowering->arena, struct example, into->example_count);
    size_t count = 0;
    for (const struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_EXAMPLE) {
            lower_example(lowering, item, &into->examples[count++]);
        }
    }
}
