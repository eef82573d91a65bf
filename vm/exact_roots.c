/* What leaves the engine: requirements, warnings, emissions, reports, the stages carried out, and notes. */
#include "vm/exact_run.h"
#include "vm/factors.h"
#include "vm/value_text.h"

/* Poison under a requirement is judged before all other poison. */
static void poison_root(struct exact_run *run, bool is_requirement, uint32_t state)
{
    uint32_t *all = is_requirement ? &run->require_state : &run->root_state;
    *all = exact_join(run, *all, state);
}

static uint32_t broken_if_absent(struct exact_run *run, uint32_t instruction, uint32_t row, uint32_t state)
{
    return state == STATE_ABSENT ? exact_fail_unneeded(run, instruction, row) : state;
}

/* Is a root wanted on this row? A mask that is poison poisons the root. */
static bool is_wanted(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &run->program->code[instruction];
    if (at->mask == NO_OPERAND) {
        return true;
    }
    struct exact_value mask = exact_get(run, at->mask, row);
    uint32_t state = broken_if_absent(run, instruction, row, mask.state);
    if (is_poison(state)) {
        poison_root(run, at->op == OP_REQUIRE, state);
        return false;
    }
    return mask.code != 0;
}

/* A number that outlives the working memory. */
static struct rat keep(struct exact_run *run, struct rat number)
{
    if (number.big == NULL) {
        return number;
    }
    return rat_neg(&run->batch->arena, rat_neg(run->arena, number)); /* negation stores its result anew */
}

/* ---- notes ---- */

enum { NOTES_MAX = 1000 }; /* of one product; the data of a larger list are told by their first rows */

static bool is_same_note(const struct note *note, enum note_kind kind, uint32_t instruction, struct str detail)
{
    return note->kind == kind && note->instruction == instruction &&
           (kind != NOTE_FACTOR || str_eq(note->detail, detail));
}

static struct note *find_note(const struct exact_run *run, enum note_kind kind, uint32_t instruction, struct str detail)
{
    if (run->last_note != NULL && is_same_note(run->last_note, kind, instruction, detail)) {
        return run->last_note; /* the next row of a list, mostly */
    }
    for (struct note *note = run->outcome->notes; note != NULL; note = note->next) {
        if (is_same_note(note, kind, instruction, detail)) {
            return note;
        }
    }
    return NULL;
}

/* A new note; NULL where it is one more row of an earlier one, or one too many. */
static struct note *add_note(struct exact_run *run, enum note_kind kind, uint32_t instruction, struct str detail)
{
    if (run->slice != NULL) {
        return NULL; /* whoever wants it has the notes of the whole product */
    }
    struct note *same = find_note(run, kind, instruction, detail);
    if (same != NULL) {
        same->rows++;
        return NULL;
    }
    if (run->note_count >= NOTES_MAX) {
        return NULL;
    }
    struct note *note = arena_new(&run->batch->arena, struct note);
    *note = (struct note){.kind = kind, .instruction = instruction, .field = NO_INDEX, .rows = 1, .detail = detail};
    if (run->last_note == NULL) {
        run->outcome->notes = note;
    } else {
        run->last_note->next = note;
    }
    run->last_note = note;
    run->note_count++;
    return note;
}

static struct str keep_text(struct exact_run *run, struct str text)
{
    return str_copy(&run->batch->arena, text);
}

bool exact_is_noted(const struct exact_run *run, uint32_t instruction, uint32_t row)
{
    uint32_t mask = run->program->code[instruction].mask;
    if (mask == NO_OPERAND) {
        return true;
    }
    struct exact_value wanted = exact_get(run, mask, row);
    return wanted.state == STATE_GIVEN && wanted.code != 0;
}

void exact_note_default(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &run->program->code[instruction];
    struct note *note = add_note(run, NOTE_DEFAULT, instruction, STR(""));
    if (note == NULL) {
        return;
    }
    const struct instruction *source = &run->program->code[at->a];
    uint32_t source_row = row;
    while (source->op == OP_SPREAD) {
        const struct instruction *outer = &run->program->code[source->a];
        source_row = exact_row_outside(run, source->axis, source_row, outer->axis);
        source = outer;
    }
    note->path = keep_text(run, exact_row_path(run, at->axis, row));
    if (source->op == OP_FIELD) {
        note->field = source->a;
        note->path = keep_text(run, exact_field_path(run, source->a, source->axis, source_row));
    }
    note->detail = keep_text(run, exact_value_text(run, at->b, row));
}

void exact_note_tie(struct exact_run *run, uint32_t instruction, uint32_t first, uint32_t second)
{
    uint32_t axis = run->program->code[instruction].imm;
    struct note *note = add_note(run, NOTE_TIE, instruction, STR(""));
    if (note != NULL) {
        note->path = keep_text(run, exact_row_path(run, axis, first));
        note->detail = keep_text(run, exact_row_path(run, axis, second));
    }
}

void exact_note_factor(struct exact_run *run, uint32_t instruction, uint32_t row, const struct factor_value *slot,
                       const struct factor_key *keys)
{
    const struct instruction *at = &run->program->code[instruction];
    bool is_worth_it = slot->is_default || factor_is_fallback(&run->program->factors[at->imm], slot, keys);
    if (!is_worth_it || !factor_is_first_part(run->program, at->imm)) {
        return;
    }
    struct note *note = add_note(run, NOTE_FACTOR, instruction, exact_factor_text(run, instruction, row));
    if (note != NULL) {
        note->factor = slot;
        note->detail = keep_text(run, note->detail);
        note->path = keep_text(run, exact_row_path(run, at->axis, row));
    }
}

/* Lists of the product, or of rows of its lists, that were not given at all. */
static void note_absent_lists(struct exact_run *run)
{
    for (uint32_t f = 0; f < run->program->field_count; f++) {
        const struct prog_field *field = &run->program->fields[f];
        bool is_given = !field->is_list || field->parent != NO_INDEX || run->batch->columns[f].given[run->product];
        if (is_given) {
            continue;
        }
        struct note *note = add_note(run, NOTE_LIST_ABSENT, f, STR(""));
        if (note != NULL) {
            note->instruction = NO_OPERAND;
            note->field = f;
            note->path = run->program->texts[field->name];
        }
    }
}

/* ---- roots ---- */

/* Of `a == b within t`, which is |a - b| <= t, the sides are a and b. */
static const struct instruction *compared(const struct exact_run *run, uint32_t condition)
{
    const struct instruction *at = &run->program->code[condition];
    const struct instruction *left = at->op == OP_LE ? &run->program->code[at->a] : at;
    bool is_distance = left->op == OP_ABS && run->program->code[left->a].op == OP_SUB;
    return is_distance ? &run->program->code[left->a] : at;
}

static bool is_zero(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    return run->program->code[instruction].op == OP_CONST && run->shapes[instruction].type == VALUE_NUMBER &&
           rat_sign(exact_get(run, instruction, row).number) == 0;
}

/* Both sides have one unit; the left one says how it is told. */
static struct str side_text(struct exact_run *run, uint32_t instruction, uint32_t row, uint32_t left)
{
    struct exact_value value = exact_get(run, instruction, row);
    if (value.state != STATE_GIVEN || run->shapes[instruction].type != VALUE_NUMBER) {
        return exact_value_text(run, instruction, row);
    }
    struct value_unit in = value_unit_of_number(run->arena, run->program, left, run->shapes[instruction].unit);
    return value_text_in(run->arena, in, value.number);
}

/* What was compared; of a comparison with 0 as such the other side alone. */
static void add_sides(struct exact_run *run, uint32_t state, uint32_t condition, uint32_t row)
{
    const struct instruction *at = compared(run, condition);
    struct str left = side_text(run, at->a, row, at->a);
    struct str right = side_text(run, at->b, row, at->a);
    if (is_zero(run, at->a, row)) {
        exact_add_note(run, state, (struct diag_text){T_RUN_SIDE, {right}});
    } else if (is_zero(run, at->b, row)) {
        exact_add_note(run, state, (struct diag_text){T_RUN_SIDE, {left}});
    } else {
        exact_add_note(run, state, (struct diag_text){T_RUN_SIDES, {left, right}});
    }
}

/* What makes a condition on a row false, or true where `is_true`. */
struct reason {
    uint32_t condition;
    uint32_t row;
    bool is_true;
    bool is_in_rows; /* of an `all` or `any`: the row is one of these */
};

static bool is_so(struct exact_run *run, uint32_t condition, uint32_t row, bool is_true)
{
    struct exact_value value = exact_get(run, condition, row);
    return value.state == STATE_GIVEN && (value.code != 0) == is_true;
}

/* The first row that counts and on which the condition of an ANY holds. */
static bool step_to_row(struct exact_run *run, struct reason *reason)
{
    const struct instruction *at = &run->program->code[reason->condition];
    const struct exact_axis *axis = &run->axes[at->imm];
    for (uint32_t row = axis->first[reason->row]; row < axis->first[reason->row + 1]; row++) {
        if ((at->b == NO_OPERAND || is_so(run, at->b, row, true)) && is_so(run, at->a, row, true)) {
            *reason = (struct reason){at->a, row, true, true};
            return true;
        }
    }
    return false;
}

/* One step towards the comparison that decides; false where there is none. `all` is: there is none that is not. */
static bool step_to_reason(struct exact_run *run, struct reason *reason)
{
    const struct instruction *at = &run->program->code[reason->condition];
    switch ((int)at->op) {
    case OP_AND:
    case OP_OR:
        if (reason->is_true != (at->op == OP_OR)) {
            return false; /* both sides together */
        }
        reason->condition = is_so(run, at->a, reason->row, reason->is_true) ? at->a : at->b;
        return true;
    case OP_NOT:
        reason->condition = at->a;
        reason->is_true = !reason->is_true;
        return true;
    case OP_SPREAD:
        reason->row = exact_row_outside(run, at->axis, reason->row, run->program->code[at->a].axis);
        reason->condition = at->a;
        return true;
    case OP_ANY:
        return reason->is_true && step_to_row(run, reason);
    default:
        return false;
    }
}

static void add_reason(struct exact_run *run, uint32_t state, struct reason reason)
{
    while (step_to_reason(run, &reason)) {
    }
    const struct instruction *at = &run->program->code[reason.condition];
    if (reason.is_in_rows) {
        exact_add_note(run, state, (struct diag_text){T_RUN_AT_ROW, {exact_row_path(run, at->axis, reason.row)}});
    }
    if (at->op == OP_LT || at->op == OP_LE || at->op == OP_EQ) {
        add_sides(run, state, reason.condition, reason.row);
    }
}

static void break_requirement(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &run->program->code[instruction];
    const struct prog_titles *titles = &run->program->requirements[at->b].text;
    struct str text[2] = {exact_label(run, titles->label[0]), exact_label(run, titles->label[1])};
    for (int k = 0; k < 2; k++) {
        text[k] = text[k].len > 0 ? text[k] : text[1 - k];
        text[k] = text[k].len > 0 ? text[k] : exact_expression(run, at->a);
    }
    run->has_broken_requirement = true;
    bool has_room = exact_has_room(run, instruction);
    uint32_t state = exact_fail(run, instruction, row, D_REQUIREMENT, text, 2);
    if (has_room) {
        add_reason(run, state, (struct reason){.condition = at->a, .row = row});
    }
    poison_root(run, true, state);
}

static void judge(struct exact_run *run, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &run->program->code[instruction];
    bool is_requirement = at->op == OP_REQUIRE;
    struct exact_value condition = exact_get(run, at->a, row);
    uint32_t state = broken_if_absent(run, instruction, row, condition.state);
    if (is_poison(state)) {
        poison_root(run, is_requirement, state);
        return;
    }
    if (condition.code != 0) {
        return;
    }
    if (is_requirement) {
        break_requirement(run, instruction, row);
        return;
    }
    struct note *note = add_note(run, NOTE_WARNING, instruction, STR(""));
    if (note != NULL) {
        note->path = keep_text(run, exact_row_path(run, at->axis, row));
    }
}

/* The wanted value of a root; false where there is none. */
static bool root_value(struct exact_run *run, uint32_t instruction, uint32_t row, struct exact_value *value)
{
    *value = exact_get(run, run->program->code[instruction].a, row);
    uint32_t state = broken_if_absent(run, instruction, row, value->state);
    poison_root(run, false, state);
    return !is_poison(state);
}

/* The rows of the results for which a value on this row of the axis holds: its own, or, of the product, all. */
static struct outcome_row *rows_of(const struct exact_run *run, uint16_t axis, uint32_t row, uint32_t *count)
{
    bool is_own = axis > AXIS_ID_PRODUCT;
    *count = is_own ? 1 : run->outcome->row_count;
    return run->outcome->rows + (is_own ? row : 0);
}

static void put_value(const struct instruction *at, const struct exact_value *value, struct outcome_row *to)
{
    switch (at->op) {
    case OP_EMIT:
        to->part[at->b] = value->number;
        to->part_given[at->b] = 1;
        return;
    case OP_OUTPUT:
        to->output[at->b] = value->number;
        to->output_given[at->b] = 1;
        return;
    default: /* JUDGE */
        to->is_kept[at->imm][at->b] = value->code != 0;
        return;
    }
}

/* Looked at only: what fails here fails under the EMIT of the part too. */
static void take_inventory(struct exact_run *run, const struct instruction *at, uint32_t row)
{
    uint32_t count;
    struct outcome_row *to = rows_of(run, at->axis, row, &count);
    bool is_wanted = count > 0 && to->whole != NULL;
    if (is_wanted && at->mask != NO_OPERAND) {
        struct exact_value mask = exact_get(run, at->mask, row);
        is_wanted = mask.state == STATE_GIVEN && mask.code != 0;
    }
    struct exact_value value = is_wanted ? exact_get(run, at->a, row) : exact_of_state(STATE_ABSENT);
    if (value.state != STATE_GIVEN) {
        return;
    }
    struct rat whole = keep(run, value.number);
    for (uint32_t r = 0; r < count; r++) {
        to[r].whole[at->b] = whole;
        to[r].whole_given[at->b] = 1;
    }
}

/* What is going to be done with a part: it is added to a flow, a category, a gas and, with others, in full detail. */
static void charge_results(struct exact_run *run, uint32_t instruction, struct rat number)
{
    enum { SUMS = 8 };
    if (run->program->code[instruction].op == OP_EMIT) {
        exact_charge(run, instruction, number, number, SUMS);
    }
}

void exact_root(struct exact_run *run, uint32_t instruction)
{
    const struct instruction *at = &run->program->code[instruction];
    for (uint32_t row = 0; row < run->axes[at->axis].rows; row++) {
        struct exact_value value;
        uint32_t count;
        if (at->op == OP_INVENTORY) {
            take_inventory(run, at, row);
            continue;
        }
        if (!is_wanted(run, instruction, row)) {
            continue;
        }
        if (at->op == OP_REQUIRE || at->op == OP_WARN) {
            judge(run, instruction, row);
        } else if (root_value(run, instruction, row, &value)) {
            struct outcome_row *to = rows_of(run, at->axis, row, &count);
            charge_results(run, instruction, value.number);
            value.number = keep(run, value.number);
            for (uint32_t r = 0; r < count; r++) {
                put_value(at, &value, &to[r]);
            }
        }
    }
}

/* ---- at the end ---- */

/* The value of an instruction for a row of the results, which must be given. */
static struct exact_value value_for(struct exact_run *run, uint32_t instruction, uint32_t result_row)
{
    uint16_t axis = run->program->code[instruction].axis;
    uint32_t row = axis > AXIS_ID_PRODUCT ? result_row : 0;
    struct exact_value value = exact_get(run, instruction, row);
    poison_root(run, false, broken_if_absent(run, instruction, row, value.state));
    return value;
}

static void take_stages(struct exact_run *run, uint32_t row, struct outcome_row *to)
{
    for (uint32_t s = 0; s < run->program->stage_count; s++) {
        uint32_t when = run->program->stages[s].when;
        to->stage_given[s] = 1;
        if (when != NO_OPERAND) {
            struct exact_value value = value_for(run, when, row);
            to->stage_given[s] = value.state == STATE_GIVEN && value.code != 0;
        }
    }
}

static void take_limits(struct exact_run *run, uint32_t row, struct outcome_row *to)
{
    for (uint32_t g = 0; g < run->program->grade_count; g++) {
        uint32_t limit = run->program->grades[g].limit;
        if (limit != NO_OPERAND) {
            to->limit[g] = keep(run, value_for(run, limit, row).number);
        }
    }
}

static void take_name(struct exact_run *run, uint32_t row, struct outcome_row *to)
{
    uint32_t name = run->program->rule.row_name;
    if (name != NO_OPERAND && value_for(run, name, row).state == STATE_GIVEN) {
        bool is_own = run->program->code[name].axis > AXIS_ID_PRODUCT;
        to->name = keep_text(run, exact_name(run, name, is_own ? row : 0));
    }
}

static void take_headline(struct exact_run *run, uint32_t row, struct outcome_row *to)
{
    uint32_t headline = run->program->rule.headline;
    if (headline != NO_OPERAND) {
        struct exact_value value = value_for(run, headline, row);
        to->is_sensitivity = value.state != STATE_GIVEN || value.code == 0;
    }
}

static void take_reference(struct exact_run *run, uint32_t row, struct outcome_row *to)
{
    uint32_t reference = run->program->rule.reference;
    bool is_own = run->program->code[reference].axis > AXIS_ID_PRODUCT;
    struct exact_value value = value_for(run, reference, row);
    if (value.state == STATE_GIVEN && exact_order(run, value.number, RAT_ZERO) <= 0) {
        struct str text = exact_value_text(run, reference, is_own ? row : 0);
        poison_root(run, false,
                    exact_fail(run, reference, is_own ? row : 0, D_REFERENCE_NOT_POSITIVE, DIAG_ARGS(text)));
    }
    to->reference = keep(run, value.number);
}

static void take_rest_of_slice(struct exact_run *run)
{
    for (uint32_t row = 0; row < run->outcome->row_count && run->slice[run->program->rule.reference]; row++) {
        take_reference(run, row, &run->outcome->rows[row]);
    }
}

void exact_rest(struct exact_run *run)
{
    struct outcome *outcome = run->outcome;
    if (run->slice != NULL) {
        take_rest_of_slice(run);
        return;
    }
    if (outcome->row_count == 0 && !is_poison(run->require_state)) {
        exact_refuse(run, D_NO_RESULT_ROWS, DIAG_ARGS(exact_axis_name(run, run->program->rule.row_axis)));
    }
    for (uint32_t row = 0; row < outcome->row_count; row++) {
        take_stages(run, row, &outcome->rows[row]);
        take_limits(run, row, &outcome->rows[row]);
        take_name(run, row, &outcome->rows[row]);
        take_headline(run, row, &outcome->rows[row]);
        take_reference(run, row, &outcome->rows[row]);
    }
    note_absent_lists(run);
}
