#include "vm/inspect.h"

#include "base/decimal.h"
#include "base/calendar.h"
#include "vm/opcodes.h"

struct listing {
    const struct verified *verified;
    const struct program *program;
    struct arena *arena;
    struct buf text;
};

/* ---- words ---- */

static void say(struct listing *list, const char *words)
{
    buf_add(&list->text, str_of(words));
}

static void say_text(struct listing *list, uint32_t text)
{
    buf_add(&list->text, text == NO_INDEX ? STR("-") : list->program->texts[text]);
}

static void say_number(struct listing *list, uint64_t number)
{
    buf_format(&list->text, "%llu", (unsigned long long)number);
}

static void say_unit(struct listing *list, uint16_t unit)
{
    say_text(list, list->program->units[unit].text);
}

/* As a decimal where that is exact, else as a fraction. */
static void say_rational(struct listing *list, struct rat value)
{
    struct str decimal = rat_decimal(list->arena, value, 20);
    buf_add(&list->text, str_ends(decimal, STR("…")) ? rat_text(list->arena, value) : decimal);
}

static void say_quoted(struct listing *list, struct str text)
{
    say(list, "\"");
    buf_add(&list->text, text);
    say(list, "\"");
}

static void say_titles(struct listing *list, const struct prog_titles *titles)
{
    for (int lang = LANG_EN; lang <= LANG_ZH; lang++) {
        if (titles->label[lang] != NO_INDEX) {
            say(list, " ");
            say_quoted(list, list->program->labels[titles->label[lang]]);
        }
    }
}

static void say_label(struct listing *list, const char *what, uint32_t label)
{
    if (label != NO_INDEX) {
        say(list, what);
        say_quoted(list, list->program->labels[label]);
    }
}

static void say_constant(struct listing *list, uint32_t number)
{
    const struct program *program = list->program;
    if (number == NO_INDEX) {
        say(list, "_");
        return;
    }
    const struct prog_const *constant = &program->constants[number];
    int64_t value = 0;
    switch ((enum value_type)constant->type) {
    case VALUE_BOOL:
        say(list, rat_sign(constant->number) != 0 ? "true" : "false");
        return;
    case VALUE_MEMBER:
        (void)rat_to_i64(constant->number, &value);
        say_text(list, program->choices[constant->of].members[value].name);
        return;
    case VALUE_TEXT:
        say_quoted(list, program->texts[constant->text]);
        return;
    case VALUE_DATE:
        (void)rat_to_i64(constant->number, &value);
        buf_add(&list->text, calendar_text(list->arena, value));
        return;
    case VALUE_NUMBER:
    case VALUE_YEAR:
    case VALUE_ROW:
    case VALUE_KEY:
        say_rational(list, constant->number);
        return;
    }
}

/* "mass", or "materials.mass" of a field in a list. */
static void say_field(struct listing *list, uint32_t field)
{
    uint32_t chain[LIMIT_LIST_DEPTH + 1];
    int depth = 0;
    for (uint32_t at = field; at != NO_INDEX && depth <= LIMIT_LIST_DEPTH; at = list->program->fields[at].parent) {
        chain[depth++] = at;
    }
    while (depth-- > 0) {
        say_text(list, list->program->fields[chain[depth]].name);
        say(list, depth > 0 ? "." : "");
    }
}

/* "materials", "1 .. %8" or "materials × prices"; the outermost part of what is nested comes first. */
static void say_axis(struct listing *list, uint16_t number)
{
    uint16_t chain[LIMIT_AXIS_DEPTH];
    int depth = 0;
    for (uint16_t at = number; at > AXIS_ID_PRODUCT && depth < LIMIT_AXIS_DEPTH;) {
        const struct prog_axis *axis = &list->program->axes[at];
        chain[depth++] = at;
        at = axis->kind == AXIS_LIST ? AXIS_ID_PRODUCT : axis->parent; /* a list says its parents itself */
    }
    while (depth-- > 0) {
        const struct prog_axis *axis = &list->program->axes[chain[depth]];
        if (axis->kind == AXIS_RANGE) {
            buf_format(&list->text, "%%%lu .. %%%lu", (unsigned long)axis->first, (unsigned long)axis->last);
        } else {
            say_field(list, axis->kind == AXIS_PAIR ? list->program->axes[axis->list].list : axis->list);
        }
        say(list, depth > 0 ? " × " : "");
    }
}

static void say_type(struct listing *list, uint8_t type, uint32_t of, uint16_t unit)
{
    const struct program *program = list->program;
    switch ((enum value_type)type) {
    case VALUE_NUMBER:
        say_unit(list, unit);
        return;
    case VALUE_BOOL:
        say(list, "bool");
        return;
    case VALUE_MEMBER:
        say_text(list, program->choices[of].name);
        return;
    case VALUE_TEXT:
        say(list, "text");
        return;
    case VALUE_YEAR:
        say(list, "year");
        return;
    case VALUE_DATE:
        say(list, "date");
        return;
    case VALUE_ROW:
        say(list, "row of ");
        if (of >= ROW_OF_TABLE) {
            say_text(list, program->tables[of - ROW_OF_TABLE].name);
        } else {
            say_axis(list, (uint16_t)of);
        }
        return;
    case VALUE_KEY:
        say(list, "key of ");
        say_text(list, program->tables[of / 4].name);
        return;
    }
}

static const char *mode_name(unsigned mode)
{
    static const char *const names[] = {
        [ROUND_HALF_EVEN] = "half_even", [ROUND_HALF_UP] = "half_up", [ROUND_HALF_AWAY] = "half_away",
        [ROUND_HALF_DOWN] = "half_down", [ROUND_FLOOR] = "down",      [ROUND_CEIL] = "up",
        [ROUND_TRUNCATE] = "truncate",   [ROUND_AWAY] = "away",
    };
    return names[mode];
}

static void say_round(struct listing *list, const struct prog_round *round)
{
    buf_format(&list->text, "%d %s, %s", round->digits,
               round->how == PROG_ROUND_SIGNIFICANT ? "significant" : "decimals", mode_name(round->mode));
}

/* ---- header ---- */

static void say_entry(struct listing *list, const char *name, uint32_t text)
{
    if (text != NO_INDEX) {
        buf_format(&list->text, "  %s ", name);
        say_text(list, text);
        say(list, "\n");
    }
}

static void list_header(struct listing *list)
{
    const struct prog_rule *rule = &list->program->rule;
    say(list, "rule ");
    say_text(list, rule->name);
    say_titles(list, &rule->titles);
    buf_format(&list->text, "\n  hash %s\n", list->program->hash);
    say_entry(list, "version", rule->version);
    say_entry(list, "status", rule->status);
    for (uint32_t i = 0; i < rule->conforms_count; i++) {
        say_entry(list, "conforms", rule->conforms[i]);
    }
    say_entry(list, "gwp", rule->gwp);
    say_entry(list, "judge", rule->judge);
    say_entry(list, "lifecycle", rule->lifecycle);
    say_entry(list, "boundary", rule->boundary);
    if (rule->valid_from != INT32_MIN || rule->valid_to != INT32_MAX) {
        say(list, "  valid ");
        buf_add(&list->text, calendar_period_text(list->text.arena, rule->valid_from, rule->valid_to));
        if (rule->period_field != NO_INDEX) {
            say(list, " by ");
            say_field(list, rule->period_field);
        }
        say(list, "\n");
    }
    say(list, rule->is_functional ? "  functional " : "  declared ");
    say_constant(list, rule->declared);
    say(list, " ");
    say_unit(list, rule->declared_unit);
    say_titles(list, &rule->declared_titles);
    buf_format(&list->text, "\n  reference %%%lu", (unsigned long)rule->reference);
    if (rule->row_axis != AXIS_ID_PRODUCT) {
        say(list, " for each [");
        say_axis(list, rule->row_axis);
        say(list, "]");
    }
    if (rule->row_name != NO_OPERAND) {
        buf_format(&list->text, " named %%%lu", (unsigned long)rule->row_name);
    }
    say(list, "\n  total in ");
    say_unit(list, rule->total_unit);
    say(list, ", rounded to ");
    say_round(list, &rule->round);
    say(list, "\n  stages rounded to ");
    say_round(list, &rule->stage_round);
    say(list, ", flows to ");
    say_round(list, &rule->flow_round);
    say(list, "\n");
}

/* ---- data ---- */

static void list_field(struct listing *list, uint32_t number)
{
    const struct prog_field *field = &list->program->fields[number];
    say(list, "  ");
    say_field(list, number);
    say(list, " : ");
    if (field->is_list) {
        say(list, "list");
    } else {
        say_type(list, field->type, field->choice, field->unit);
    }
    say(list, field->is_optional ? "?" : "");
    if (field->low != NO_INDEX || field->high != NO_INDEX) {
        say(list, " range ");
        say_constant(list, field->low);
        say(list, " .. ");
        say_constant(list, field->high);
    }
    say(list, field->has_default ? " default" : "");
    if (field->key != NO_INDEX) {
        say(list, " key ");
        say_text(list, list->program->fields[field->key].name);
    }
    say(list, field->has_cut ? " cutoff" : "");
    say(list, field->origin == PROG_ORIGIN_PRIMARY ? " primary" : "");
    say(list, field->origin == PROG_ORIGIN_SECONDARY ? " secondary" : "");
    say_titles(list, &field->titles);
    say_label(list, " clause ", field->clause);
    say(list, "\n");
}

static void list_data(struct listing *list)
{
    const struct program *program = list->program;
    say(list, program->field_count > 0 ? "\ndata\n" : "");
    for (uint32_t i = 0; i < program->field_count; i++) {
        list_field(list, i);
    }
    say(list, program->choice_count > 0 ? "\nchoices\n" : "");
    for (uint32_t i = 0; i < program->choice_count; i++) {
        say(list, "  ");
        say_text(list, program->choices[i].name);
        say(list, " {");
        for (uint32_t k = 0; k < program->choices[i].member_count; k++) {
            const struct prog_member *member = &program->choices[i].members[k];
            say(list, k > 0 ? ", " : " ");
            say_text(list, member->name);
            if (member->code != member->name) {
                say(list, " = ");
                say_quoted(list, program->texts[member->code]);
            }
        }
        say(list, " }\n");
    }
}

static void list_dimension(struct listing *list, const struct prog_dimension *dimension)
{
    say_type(list, dimension->type, dimension->choice, dimension->unit);
    if (dimension->type == VALUE_MEMBER) {
        return;
    }
    say(list, " {");
    for (uint32_t i = 0; i < dimension->key_count; i++) {
        say(list, i > 0 ? ", " : " ");
        if (dimension->type == VALUE_NUMBER) {
            say(list, dimension->is_below[i] ? "below " : "up to ");
        }
        say_constant(list, dimension->keys[i]);
    }
    say(list, dimension->has_otherwise ? ", otherwise }" : " }");
}

static void list_table(struct listing *list, uint32_t number)
{
    const struct prog_table *table = &list->program->tables[number];
    buf_format(&list->text, "  %lu ", (unsigned long)number);
    say_text(list, table->name);
    say(list, "(");
    for (uint32_t d = 0; d < table->dimension_count; d++) {
        say(list, d > 0 ? ", " : "");
        list_dimension(list, &table->dimensions[d]);
    }
    say(list, ")");
    say_titles(list, &table->titles);
    say_label(list, " cite ", table->cite);
    say_label(list, " clause ", table->clause);
    say(list, "\n    rows");
    for (uint32_t i = 0; i < table->row_slots; i++) {
        say(list, " ");
        if (table->rows[i] == NO_INDEX) {
            say(list, "_");
        } else {
            say_number(list, table->rows[i]);
        }
    }
    say(list, "\n");
    for (uint32_t c = 0; c < table->column_count; c++) {
        const struct prog_column *column = &table->columns[c];
        buf_format(&list->text, "    column %lu ", (unsigned long)c);
        say_text(list, column->name);
        say(list, " : ");
        say_type(list, column->type, column->choice, column->unit);
        say(list, column->is_optional ? "? =" : " =");
        for (uint32_t r = 0; r < table->row_count; r++) {
            say(list, r > 0 ? ", " : " ");
            say_constant(list, column->cells[r]);
        }
        say(list, "\n");
    }
}

static void list_factor(struct listing *list, uint32_t number)
{
    static const char *const keys[] = {[FACTOR_KEY_TEXT] = "text",
                                       [FACTOR_KEY_MEMBER] = "choice",
                                       [FACTOR_KEY_YEAR] = "year",
                                       [FACTOR_KEY_REGION] = "region"};
    const struct prog_factor *factor = &list->program->factors[number];
    say(list, "  ");
    say_text(list, factor->name);
    say(list, "(");
    for (uint32_t k = 0; k < factor->key_count; k++) {
        say(list, k > 0 ? ", " : "");
        say_text(list, factor->keys[k].name);
        buf_format(&list->text, ": %s", keys[factor->keys[k].type]);
    }
    say(list, ") : ");
    say_unit(list, factor->unit);
    if (factor->component != NO_INDEX) {
        say(list, " as ");
        say_text(list, factor->component);
    }
    if (factor->fallback != NO_INDEX) {
        say(list, " = ");
        say_constant(list, factor->fallback);
    }
    say_titles(list, &factor->titles);
    say_label(list, " cite ", factor->cite);
    say_label(list, " clause ", factor->clause);
    say(list, "\n");
}

static void list_lookups(struct listing *list)
{
    say(list, list->program->table_count > 0 ? "\ntables\n" : "");
    for (uint32_t i = 0; i < list->program->table_count; i++) {
        list_table(list, i);
    }
    say(list, list->program->factor_count > 0 ? "\nfactors\n" : "");
    for (uint32_t i = 0; i < list->program->factor_count; i++) {
        list_factor(list, i);
    }
}

/* ---- code ---- */

static void list_axes(struct listing *list)
{
    const struct program *program = list->program;
    say(list, program->axis_count > 2 ? "\naxes\n" : "");
    for (uint32_t i = AXIS_ID_PRODUCT + 1; i < program->axis_count; i++) {
        buf_format(&list->text, "  %lu [", (unsigned long)i);
        say_axis(list, (uint16_t)i);
        say(list, "]");
        if (program->axes[i].kind == AXIS_RANGE) {
            buf_format(&list->text, " at most %lu rows", (unsigned long)program->axes[i].max);
        }
        say(list, "\n");
    }
}

static void say_operand(struct listing *list, enum operand_class class, uint32_t operand)
{
    const struct program *program = list->program;
    if (operand_is_instruction(class)) {
        buf_format(&list->text, "%%%lu", (unsigned long)operand);
    } else if (class == OPERAND_CONSTANT) {
        say_constant(list, operand);
    } else if (class == OPERAND_FIELD_ID) {
        say_field(list, operand);
    } else if (class == OPERAND_PART) {
        const struct prog_part *part = &program->parts[operand];
        say_text(list, program->stages[program->flows[part->flow].stage].name);
        say(list, ".");
        say_text(list, program->flows[part->flow].name);
        say(list, " as ");
        say_text(list, program->categories[part->category].name);
        say(list, part->gas == NO_INDEX ? "" : " ");
        buf_add(&list->text, part->gas == NO_INDEX ? STR("") : program->texts[part->gas]);
    } else if (class == OPERAND_OUTPUT_ID) {
        say_text(list, program->outputs[operand].name);
    } else if (class == OPERAND_GRADE_ID) {
        say_text(list, program->grades[operand].name);
    } else if (class == OPERAND_FLAG) { /* of ARGMAX and ARGMIN: which of equal rows */
        say(list, operand == TIE_FIRST ? "first" : operand == TIE_LAST ? "last" : "first, noted");
    } else if (class == OPERAND_INTEGER) {
        buf_format(&list->text, "%ld", operand < 0x80000000u ? (long)operand : -(long)(UINT32_MAX - operand) - 1);
    } else {
        say_number(list, operand);
    }
}

static void say_imm(struct listing *list, enum imm_class class, const struct instruction *code)
{
    const struct program *program = list->program;
    switch (class) {
    case IMM_NONE:
        return;
    case IMM_AXIS:
        say(list, " over [");
        say_axis(list, code->imm);
        say(list, "]");
        return;
    case IMM_TABLE:
        say(list, " in ");
        say_text(list, program->tables[code->imm].name);
        return;
    case IMM_COLUMN: {
        uint32_t table = list->verified->shapes[code->a].of - ROW_OF_TABLE;
        say(list, " .");
        say_text(list, program->tables[table].columns[code->imm].name);
        return;
    }
    case IMM_FACTOR_ID:
        say(list, " of ");
        say_text(list, program->factors[code->imm].name);
        return;
    case IMM_MODE:
        buf_format(&list->text, " %s", mode_name(code->imm));
        return;
    case IMM_FLAG:
        say(list, code->imm == 0 ? "" : code->op == OP_JUDGE ? " rounded" : " noted");
        return;
    }
}

static void say_site(struct listing *list, uint32_t number)
{
    const struct program *program = list->program;
    const struct prog_site *site = &program->sites[number];
    if (site->path != NO_INDEX || site->line > 0) {
        say(list, "  ;");
    }
    if (site->path != NO_INDEX) {
        say(list, " ");
        buf_add(&list->text, program->labels[site->path]);
    }
    if (site->line > 0) {
        say(list, " ");
        buf_add(&list->text, site->file == NO_INDEX ? STR("") : program->labels[site->file]);
        buf_format(&list->text, ":%lu", (unsigned long)site->line);
    }
}

static void list_instruction(struct listing *list, uint32_t number)
{
    const struct instruction *code = &list->program->code[number];
    const struct opcode_info *info = opcode_info(code->op);
    const struct value_shape *shape = &list->verified->shapes[number];
    const uint32_t operands[3] = {code->a, code->b, code->c};
    buf_format(&list->text, "  %%%lu = %s", (unsigned long)number, info->name);
    bool is_first = true;
    for (int k = 0; k < 3; k++) {
        if (info->operand[k] == OPERAND_NONE ||
            (operands[k] == NO_OPERAND && operand_is_instruction(info->operand[k]))) {
            continue;
        }
        say(list, is_first ? " " : ", ");
        say(list, info->operand[k] == OPERAND_WHERE ? "where " : "");
        say_operand(list, info->operand[k], operands[k]);
        is_first = false;
    }
    say_imm(list, info->imm, code);
    say(list, " : ");
    say_type(list, shape->type, shape->of, shape->unit);
    say(list, shape->is_optional ? "?" : "");
    if (code->axis > AXIS_ID_PRODUCT) {
        say(list, " [");
        say_axis(list, code->axis);
        say(list, "]");
    }
    if (code->mask != NO_OPERAND) {
        buf_format(&list->text, " mask %%%lu", (unsigned long)code->mask);
    }
    say_site(list, number);
    say(list, "\n");
}

static void list_code(struct listing *list)
{
    say(list, "\ncode\n");
    for (uint32_t i = 0; i < list->program->code_count; i++) {
        list_instruction(list, i);
    }
}

/* ---- results ---- */

static void list_phases(struct listing *list)
{
    static const char *const states[] = {"", " zero", " excluded"};
    const struct program *program = list->program;
    say(list, program->phase_count > 0 ? "\nphases\n" : "");
    for (uint32_t i = 0; i < program->phase_count; i++) {
        const struct prog_phase *phase = &program->phases[i];
        say(list, "  ");
        say_text(list, phase->name);
        say(list, states[phase->state]);
        say(list, phase->is_apart ? " apart" : "");
        say_titles(list, &phase->titles);
        if (phase->state != PHASE_DECLARED) {
            say(list, " because");
            say_titles(list, &phase->because);
        }
        say_label(list, " clause ", phase->clause);
        say(list, "\n");
    }
}

static void list_cuts(struct listing *list)
{
    const struct program *program = list->program;
    say(list, program->category_count > 0 ? "\ncategories\n" : "");
    for (uint32_t i = 0; i < program->category_count; i++) {
        say(list, "  ");
        say_text(list, program->categories[i].name);
        say(list, program->categories[i].is_apart ? " apart\n" : "\n");
    }
    say(list, program->breakdown_count > 0 ? "\nbreakdowns\n" : "");
    for (uint32_t i = 0; i < program->breakdown_count; i++) {
        const struct prog_breakdown *breakdown = &program->breakdowns[i];
        say(list, "  ");
        say_text(list, breakdown->name);
        say_titles(list, &breakdown->titles);
        say(list, "\n");
        for (uint32_t k = 0; k < breakdown->member_count; k++) {
            say(list, "    ");
            say_text(list, breakdown->members[k].name);
            say(list, breakdown->members[k].is_apart ? " apart" : "");
            say_titles(list, &breakdown->members[k].titles);
            say(list, "\n");
        }
    }
}

static void list_flow(struct listing *list, const struct prog_flow *flow)
{
    static const char *const kinds[] = {"", "remove ", "avoid "};
    const struct program *program = list->program;
    say(list, "    ");
    say(list, kinds[flow->kind]);
    say_text(list, flow->name);
    for (uint32_t k = 0; k < flow->member_count; k++) {
        const struct prog_breakdown *breakdown = &program->breakdowns[flow->members[k].breakdown];
        say(list, k == 0 ? " as " : ", ");
        say_text(list, breakdown->members[flow->members[k].member].name);
    }
    say_titles(list, &flow->titles);
    if (flow->kind == FLOW_CREDIT) {
        say(list, " because");
        say_titles(list, &flow->because);
    }
    say_label(list, " clause ", flow->clause);
    say(list, "\n");
}

static void list_allocations(struct listing *list)
{
    const struct program *program = list->program;
    say(list, program->allocation_count > 0 ? "\nallocations\n" : "");
    for (uint32_t i = 0; i < program->allocation_count; i++) {
        const struct prog_allocation *allocation = &program->allocations[i];
        say(list, "  ");
        say_text(list, program->stages[allocation->stage].name);
        say(list, allocation->process == NO_INDEX ? "" : ".");
        buf_add(&list->text, allocation->process == NO_INDEX ? STR("") : program->texts[allocation->process]);
        say(list, " [");
        say_axis(list, allocation->axis);
        say(list, "]");
        if (allocation->key != NO_OPERAND) {
            buf_format(&list->text, " by %%%lu", (unsigned long)allocation->key);
        }
        for (uint32_t k = 0; k < allocation->share_count; k++) {
            say(list, k == 0 ? " { " : ", ");
            say_text(list, allocation->shares[k].name);
            buf_format(&list->text, " = %%%lu", (unsigned long)allocation->shares[k].value);
        }
        say(list, allocation->share_count > 0 ? " }" : "");
        if (allocation->key == NO_OPERAND) {
            say(list, " take ");
            say_text(list, allocation->shares[allocation->taken].name);
        } else if (allocation->taken != NO_OPERAND) {
            buf_format(&list->text, " take %%%lu", (unsigned long)allocation->taken);
        }
        buf_format(&list->text, " share %%%lu because", (unsigned long)allocation->share);
        say_titles(list, &allocation->because);
        say_label(list, " clause ", allocation->clause);
        say(list, "\n");
    }
}

static void list_grades(struct listing *list)
{
    const struct program *program = list->program;
    say(list, program->grade_count > 0 ? "\nclasses\n" : "");
    for (uint32_t i = 0; i < program->grade_count; i++) {
        const struct prog_grade *grade = &program->grades[i];
        say(list, "  ");
        say_text(list, grade->name);
        if (grade->limit == NO_OPERAND) {
            say(list, " otherwise");
        } else {
            buf_format(&list->text, "%s%%%lu", grade->is_below ? " below " : " up to ", (unsigned long)grade->limit);
        }
        say_titles(list, &grade->titles);
        say_label(list, " clause ", grade->clause);
        say(list, "\n");
    }
}

static void list_stages(struct listing *list)
{
    const struct program *program = list->program;
    say(list, program->stage_count > 0 ? "\nstages\n" : "");
    uint32_t flow = 0;
    for (uint32_t i = 0; i < program->stage_count; i++) {
        const struct prog_stage *stage = &program->stages[i];
        say(list, "  ");
        say_text(list, stage->name);
        if (stage->phase != NO_INDEX) {
            say(list, " : ");
            say_text(list, program->phases[stage->phase].name);
        }
        if (stage->when != NO_OPERAND) {
            buf_format(&list->text, " when %%%lu", (unsigned long)stage->when);
        }
        say_titles(list, &stage->titles);
        say_label(list, " clause ", stage->clause);
        say(list, "\n");
        for (; flow < program->flow_count && program->flows[flow].stage == i; flow++) {
            list_flow(list, &program->flows[flow]);
        }
    }
}

static void list_results(struct listing *list)
{
    const struct program *program = list->program;
    list_phases(list);
    list_cuts(list);
    list_stages(list);
    list_allocations(list);
    list_grades(list);
    say(list, program->output_count > 0 ? "\nreports\n" : "");
    for (uint32_t i = 0; i < program->output_count; i++) {
        const struct prog_output *output = &program->outputs[i];
        say(list, "  ");
        say_text(list, output->name);
        say(list, " : ");
        say_unit(list, output->unit);
        say(list, ", rounded to ");
        say_round(list, &output->round);
        say_titles(list, &output->titles);
        say(list, "\n");
    }
    say(list, program->requirement_count > 0 ? "\nrequirements\n" : "");
    for (uint32_t i = 0; i < program->requirement_count; i++) {
        buf_format(&list->text, "  %lu", (unsigned long)i);
        say_titles(list, &program->requirements[i].text);
        say_label(list, " clause ", program->requirements[i].clause);
        say(list, "\n");
    }
    say(list, "\ncost of a product at most ");
    buf_add(&list->text, cost_text(list->arena, list->verified));
    say(list, "\n");
}

struct str inspect_listing(struct arena *arena, const struct verified *verified)
{
    struct listing list = {.verified = verified, .program = verified->program, .arena = arena, .text = buf_in(arena)};
    list_header(&list);
    list_data(&list);
    list_lookups(&list);
    list_axes(&list);
    list_code(&list);
    list_results(&list);
    return buf_str(&list.text);
}
