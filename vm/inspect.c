#include "vm/inspect_parts.h"

#include "base/calendar.h"
#include "base/decimal.h"
#include "vm/opcodes.h"

/* ---- words ---- */

void inspect_say(struct listing *list, const char *words)
{
    buf_add(&list->text, str_of(words));
}

void inspect_say_text(struct listing *list, uint32_t text)
{
    buf_add(&list->text, text == NO_INDEX ? STR("-") : list->program->texts[text]);
}

static void say_number(struct listing *list, uint64_t number)
{
    buf_format(&list->text, "%llu", (unsigned long long)number);
}

void inspect_say_unit(struct listing *list, uint16_t unit)
{
    inspect_say_text(list, list->program->units[unit].text);
}

/* As a decimal where that is exact, else as a fraction. */
static void say_rational(struct listing *list, struct rat value)
{
    struct str decimal = rat_decimal(list->arena, value, 20);
    buf_add(&list->text, str_ends(decimal, STR("…")) ? rat_text(list->arena, value) : decimal);
}

static void say_quoted(struct listing *list, struct str text)
{
    inspect_say(list, "\"");
    buf_add(&list->text, text);
    inspect_say(list, "\"");
}

void inspect_say_titles(struct listing *list, const struct prog_titles *titles)
{
    for (int lang = LANG_EN; lang <= LANG_ZH; lang++) {
        if (titles->label[lang] != NO_INDEX) {
            inspect_say(list, " ");
            say_quoted(list, list->program->labels[titles->label[lang]]);
        }
    }
}

void inspect_say_label(struct listing *list, const char *what, uint32_t label)
{
    if (label != NO_INDEX) {
        inspect_say(list, what);
        say_quoted(list, list->program->labels[label]);
    }
}

static void say_constant(struct listing *list, uint32_t number)
{
    const struct program *program = list->program;
    if (number == NO_INDEX) {
        inspect_say(list, "_");
        return;
    }
    const struct prog_const *constant = &program->constants[number];
    int64_t value = 0;
    switch ((enum value_type)constant->type) {
    case VALUE_BOOL:
        inspect_say(list, rat_sign(constant->number) != 0 ? "true" : "false");
        return;
    case VALUE_MEMBER:
        (void)rat_to_i64(constant->number, &value);
        inspect_say_text(list, program->choices[constant->of].members[value].name);
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
        inspect_say_text(list, list->program->fields[chain[depth]].name);
        inspect_say(list, depth > 0 ? "." : "");
    }
}

/* "materials", "1 .. %8" or "materials × prices"; the outermost part of what is nested comes first. */
void inspect_say_axis(struct listing *list, uint16_t number)
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
            if (axis->list != NO_INDEX) {
                inspect_say_text(list, list->program->tables[axis->list].name);
                inspect_say(list, " ");
            }
            buf_format(&list->text, "%%%lu .. %%%lu", (unsigned long)axis->first, (unsigned long)axis->last);
        } else {
            say_field(list, axis->kind == AXIS_PAIR ? list->program->axes[axis->list].list : axis->list);
        }
        inspect_say(list, depth > 0 ? " × " : "");
    }
}

static void say_type(struct listing *list, uint8_t type, uint32_t of, uint16_t unit)
{
    const struct program *program = list->program;
    switch ((enum value_type)type) {
    case VALUE_NUMBER:
        inspect_say_unit(list, unit);
        return;
    case VALUE_BOOL:
        inspect_say(list, "bool");
        return;
    case VALUE_MEMBER:
        inspect_say_text(list, program->choices[of].name);
        return;
    case VALUE_TEXT:
        inspect_say(list, "text");
        return;
    case VALUE_YEAR:
        inspect_say(list, "year");
        return;
    case VALUE_DATE:
        inspect_say(list, "date");
        return;
    case VALUE_ROW:
        inspect_say(list, "row of ");
        if (of >= ROW_OF_TABLE) {
            inspect_say_text(list, program->tables[of - ROW_OF_TABLE].name);
        } else {
            inspect_say_axis(list, (uint16_t)of);
        }
        return;
    case VALUE_KEY:
        inspect_say(list, "key of ");
        inspect_say_text(list, program->tables[of / 4].name);
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

void inspect_say_round(struct listing *list, const struct prog_round *round)
{
    if (round->how == PROG_ROUND_SIGNIFICANT || (round->how == PROG_ROUND_DECIMALS && round->digits >= 0)) {
        bool is_significant = round->how == PROG_ROUND_SIGNIFICANT;
        buf_format(&list->text, "%d %s", round->digits, is_significant ? "significant" : "decimals");
    } else {
        struct rat interval = program_round_interval(list->arena, round);
        inspect_say(list, "multiples of ");
        buf_add(&list->text, rat_decimal(list->arena, interval, ROUND_DIGITS_MAX));
    }
    buf_format(&list->text, ", %s%s", mode_name(round->mode), round->is_marked ? ", marked" : "");
}

/* ---- header ---- */

static void say_entry(struct listing *list, const char *name, uint32_t text)
{
    if (text != NO_INDEX) {
        buf_format(&list->text, "  %s ", name);
        inspect_say_text(list, text);
        inspect_say(list, "\n");
    }
}

static void list_header(struct listing *list)
{
    const struct prog_rule *rule = &list->program->rule;
    inspect_say(list, "rule ");
    inspect_say_text(list, rule->name);
    inspect_say_titles(list, &rule->titles);
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
        inspect_say(list, "  valid ");
        buf_add(&list->text, calendar_period_text(list->text.arena, rule->valid_from, rule->valid_to));
        if (rule->period_field != NO_INDEX) {
            inspect_say(list, " by ");
            say_field(list, rule->period_field);
        }
        inspect_say(list, "\n");
    }
    inspect_say(list, rule->is_functional ? "  functional " : "  declared ");
    say_constant(list, rule->declared);
    inspect_say(list, " ");
    inspect_say_unit(list, rule->declared_unit);
    inspect_say_titles(list, &rule->declared_titles);
    buf_format(&list->text, "\n  reference %%%lu", (unsigned long)rule->reference);
    if (rule->row_axis != AXIS_ID_PRODUCT) {
        inspect_say(list, " for each [");
        inspect_say_axis(list, rule->row_axis);
        inspect_say(list, "]");
    }
    if (rule->row_name != NO_OPERAND) {
        buf_format(&list->text, " named %%%lu", (unsigned long)rule->row_name);
    }
    if (rule->headline != NO_OPERAND) {
        buf_format(&list->text, " headline %%%lu", (unsigned long)rule->headline);
    }
    inspect_say(list, "\n  total in ");
    inspect_say_unit(list, rule->total_unit);
    inspect_say(list, ", rounded to ");
    inspect_say_round(list, &rule->round);
    inspect_say(list, "\n  stages rounded to ");
    inspect_say_round(list, &rule->stage_round);
    inspect_say(list, ", flows to ");
    inspect_say_round(list, &rule->flow_round);
    inspect_say(list, "\n");
}

/* ---- data ---- */

static void list_field(struct listing *list, uint32_t number)
{
    const struct prog_field *field = &list->program->fields[number];
    inspect_say(list, "  ");
    say_field(list, number);
    inspect_say(list, " : ");
    if (field->is_list) {
        inspect_say(list, "list");
    } else {
        say_type(list, field->type, field->choice, field->unit);
    }
    inspect_say(list, field->is_optional ? "?" : "");
    if (field->low != NO_INDEX || field->high != NO_INDEX) {
        inspect_say(list, " range ");
        say_constant(list, field->low);
        inspect_say(list, " .. ");
        say_constant(list, field->high);
    }
    inspect_say(list, field->has_default ? " default" : "");
    if (field->key != NO_INDEX) {
        inspect_say(list, " key ");
        inspect_say_text(list, list->program->fields[field->key].name);
    }
    inspect_say(list, field->has_cut ? " cutoff" : "");
    inspect_say(list, field->origin == PROG_ORIGIN_PRIMARY ? " primary" : "");
    inspect_say(list, field->origin == PROG_ORIGIN_SECONDARY ? " secondary" : "");
    inspect_say_titles(list, &field->titles);
    inspect_say_label(list, " clause ", field->clause);
    inspect_say(list, "\n");
}

static void list_data(struct listing *list)
{
    const struct program *program = list->program;
    inspect_say(list, program->field_count > 0 ? "\ndata\n" : "");
    for (uint32_t i = 0; i < program->field_count; i++) {
        list_field(list, i);
    }
    inspect_say(list, program->choice_count > 0 ? "\nchoices\n" : "");
    for (uint32_t i = 0; i < program->choice_count; i++) {
        inspect_say(list, "  ");
        inspect_say_text(list, program->choices[i].name);
        inspect_say(list, " {");
        for (uint32_t k = 0; k < program->choices[i].member_count; k++) {
            const struct prog_member *member = &program->choices[i].members[k];
            inspect_say(list, k > 0 ? ", " : " ");
            inspect_say_text(list, member->name);
            if (member->code != member->name) {
                inspect_say(list, " = ");
                say_quoted(list, program->texts[member->code]);
            }
        }
        inspect_say(list, " }\n");
    }
}

static void list_dimension(struct listing *list, const struct prog_dimension *dimension)
{
    say_type(list, dimension->type, dimension->choice, dimension->unit);
    if (dimension->type == VALUE_MEMBER) {
        return;
    }
    inspect_say(list, " {");
    for (uint32_t i = 0; i < dimension->key_count; i++) {
        inspect_say(list, i > 0 ? ", " : " ");
        if (dimension->type == VALUE_NUMBER) {
            inspect_say(list, dimension->is_below[i] ? "below " : "up to ");
        }
        say_constant(list, dimension->keys[i]);
    }
    inspect_say(list, dimension->has_otherwise ? ", otherwise }" : " }");
}

static void list_table(struct listing *list, uint32_t number)
{
    const struct prog_table *table = &list->program->tables[number];
    buf_format(&list->text, "  %lu ", (unsigned long)number);
    inspect_say_text(list, table->name);
    inspect_say(list, "(");
    for (uint32_t d = 0; d < table->dimension_count; d++) {
        inspect_say(list, d > 0 ? ", " : "");
        list_dimension(list, &table->dimensions[d]);
    }
    inspect_say(list, ")");
    inspect_say_titles(list, &table->titles);
    inspect_say_label(list, " cite ", table->cite);
    inspect_say_label(list, " clause ", table->clause);
    inspect_say(list, "\n    rows");
    for (uint32_t i = 0; i < table->row_slots; i++) {
        inspect_say(list, " ");
        if (table->rows[i] == NO_INDEX) {
            inspect_say(list, "_");
        } else {
            say_number(list, table->rows[i]);
        }
    }
    inspect_say(list, "\n");
    for (uint32_t c = 0; c < table->column_count; c++) {
        const struct prog_column *column = &table->columns[c];
        buf_format(&list->text, "    column %lu ", (unsigned long)c);
        inspect_say_text(list, column->name);
        inspect_say(list, " : ");
        say_type(list, column->type, column->choice, column->unit);
        inspect_say(list, column->is_optional ? "? =" : " =");
        for (uint32_t r = 0; r < table->row_count; r++) {
            inspect_say(list, r > 0 ? ", " : " ");
            say_constant(list, column->cells[r]);
        }
        inspect_say(list, "\n");
    }
}

static void list_factor(struct listing *list, uint32_t number)
{
    static const char *const keys[] = {[FACTOR_KEY_TEXT] = "text",
                                       [FACTOR_KEY_MEMBER] = "choice",
                                       [FACTOR_KEY_YEAR] = "year",
                                       [FACTOR_KEY_REGION] = "region"};
    const struct prog_factor *factor = &list->program->factors[number];
    inspect_say(list, "  ");
    inspect_say_text(list, factor->name);
    inspect_say(list, "(");
    for (uint32_t k = 0; k < factor->key_count; k++) {
        inspect_say(list, k > 0 ? ", " : "");
        inspect_say_text(list, factor->keys[k].name);
        buf_format(&list->text, ": %s", keys[factor->keys[k].type]);
    }
    inspect_say(list, ") : ");
    inspect_say_unit(list, factor->unit);
    if (factor->component != NO_INDEX) {
        inspect_say(list, " as ");
        inspect_say_text(list, factor->component);
    }
    if (factor->fallback != NO_INDEX) {
        inspect_say(list, " = ");
        say_constant(list, factor->fallback);
    }
    inspect_say_titles(list, &factor->titles);
    inspect_say_label(list, " cite ", factor->cite);
    inspect_say_label(list, " clause ", factor->clause);
    inspect_say(list, "\n");
}

static void list_native(struct listing *list, uint32_t number)
{
    const struct prog_native *native = &list->program->natives[number];
    inspect_say(list, "  ");
    inspect_say_text(list, native->name);
    for (uint32_t k = 0; k < native->param_count; k++) {
        inspect_say(list, k == 0 ? "(" : ", ");
        inspect_say_unit(list, native->params[k]);
    }
    inspect_say(list, ") : ");
    inspect_say_unit(list, native->unit);
    inspect_say_titles(list, &native->titles);
    inspect_say_label(list, " cite ", native->cite);
    inspect_say_label(list, " clause ", native->clause);
    inspect_say(list, "\n");
}

static void list_lookups(struct listing *list)
{
    inspect_say(list, list->program->table_count > 0 ? "\ntables\n" : "");
    for (uint32_t i = 0; i < list->program->table_count; i++) {
        list_table(list, i);
    }
    inspect_say(list, list->program->factor_count > 0 ? "\nfactors\n" : "");
    for (uint32_t i = 0; i < list->program->factor_count; i++) {
        list_factor(list, i);
    }
    inspect_say(list, list->program->native_count > 0 ? "\nexternal functions\n" : "");
    for (uint32_t i = 0; i < list->program->native_count; i++) {
        list_native(list, i);
    }
}

/* ---- code ---- */

static void list_axes(struct listing *list)
{
    const struct program *program = list->program;
    inspect_say(list, program->axis_count > 2 ? "\naxes\n" : "");
    for (uint32_t i = AXIS_ID_PRODUCT + 1; i < program->axis_count; i++) {
        buf_format(&list->text, "  %lu [", (unsigned long)i);
        inspect_say_axis(list, (uint16_t)i);
        inspect_say(list, "]");
        if (program->axes[i].kind == AXIS_RANGE) {
            buf_format(&list->text, " at most %lu rows", (unsigned long)program->axes[i].max);
        }
        inspect_say(list, "\n");
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
        inspect_say_text(list, program->stages[program->flows[part->flow].stage].name);
        inspect_say(list, ".");
        inspect_say_text(list, program->flows[part->flow].name);
        inspect_say(list, " as ");
        inspect_say_text(list, program->categories[part->category].name);
        inspect_say(list, part->gas == NO_INDEX ? "" : " ");
        buf_add(&list->text, part->gas == NO_INDEX ? STR("") : program->texts[part->gas]);
    } else if (class == OPERAND_OUTPUT_ID) {
        inspect_say_text(list, program->outputs[operand].name);
    } else if (class == OPERAND_GRADE_ID) {
        inspect_say_text(list, program->grades[operand].name);
    } else if (class == OPERAND_FLAG) { /* of ARGMAX and ARGMIN: which of equal rows */
        inspect_say(list, operand == TIE_FIRST ? "first" : operand == TIE_LAST ? "last" : "first, noted");
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
        inspect_say(list, " over [");
        inspect_say_axis(list, code->imm);
        inspect_say(list, "]");
        return;
    case IMM_TABLE:
        inspect_say(list, " in ");
        inspect_say_text(list, program->tables[code->imm].name);
        return;
    case IMM_COLUMN: {
        uint32_t table = list->verified->shapes[code->a].of - ROW_OF_TABLE;
        inspect_say(list, " .");
        inspect_say_text(list, program->tables[table].columns[code->imm].name);
        return;
    }
    case IMM_FACTOR_ID:
        inspect_say(list, " of ");
        inspect_say_text(list, program->factors[code->imm].name);
        return;
    case IMM_NATIVE:
        inspect_say(list, " of ");
        inspect_say_text(list, program->natives[code->imm].name);
        return;
    case IMM_MODE:
        buf_format(&list->text, " %s", mode_name(code->imm));
        return;
    case IMM_FLAG:
        inspect_say(list, code->imm == 0 ? "" : code->op == OP_JUDGE ? " rounded" : " noted");
        return;
    }
}

static void say_site(struct listing *list, uint32_t number)
{
    const struct program *program = list->program;
    const struct prog_site *site = &program->sites[number];
    if (site->path != NO_INDEX || site->line > 0) {
        inspect_say(list, "  ;");
    }
    if (site->path != NO_INDEX) {
        inspect_say(list, " ");
        buf_add(&list->text, program->labels[site->path]);
    }
    if (site->line > 0) {
        inspect_say(list, " ");
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
        inspect_say(list, is_first ? " " : ", ");
        inspect_say(list, info->operand[k] == OPERAND_WHERE ? "where " : "");
        say_operand(list, info->operand[k], operands[k]);
        is_first = false;
    }
    say_imm(list, info->imm, code);
    inspect_say(list, " : ");
    say_type(list, shape->type, shape->of, shape->unit);
    inspect_say(list, shape->is_optional ? "?" : "");
    if (code->axis > AXIS_ID_PRODUCT) {
        inspect_say(list, " [");
        inspect_say_axis(list, code->axis);
        inspect_say(list, "]");
    }
    if (code->mask != NO_OPERAND) {
        buf_format(&list->text, " mask %%%lu", (unsigned long)code->mask);
    }
    say_site(list, number);
    inspect_say(list, "\n");
}

static void list_code(struct listing *list)
{
    inspect_say(list, "\ncode\n");
    for (uint32_t i = 0; i < list->program->code_count; i++) {
        list_instruction(list, i);
    }
}

struct str inspect_listing(struct arena *arena, const struct verified *verified)
{
    struct listing list = {.verified = verified, .program = verified->program, .arena = arena, .text = buf_in(arena)};
    list_header(&list);
    list_data(&list);
    list_lookups(&list);
    list_axes(&list);
    list_code(&list);
    inspect_results(&list);
    return buf_str(&list.text);
}
