/* The checks of a program that need no types: counts, references, texts. What passes may be walked, sorted and written.
 */
#include "base/utf8.h"
#include "vm/image.h"

struct check {
    const struct program *program;
    struct diags *out;
    bool is_bad; /* reported already */
};

static const struct span no_place;

/* Reports owner[number].member; only the first fault. */
static void refuse(struct check *check, enum diag_code code, const char *owner, uint32_t number, const char *member)
{
    if (!check->is_bad) {
        struct str path = str_format(check->out->arena, "%s[%lu].%s", owner, (unsigned long)number, member);
        diag_add(check->out, code, no_place, DIAG_ARGS(path));
    }
    check->is_bad = true;
}

static struct str number_text(struct check *check, uint64_t number)
{
    return str_format(check->out->arena, "%llu", (unsigned long long)number);
}

static void at_most(struct check *check, const char *what, uint64_t count, uint64_t limit)
{
    if (count > limit && !check->is_bad) {
        diag_add(check->out, D_PROGRAM_LIMIT, no_place,
                 DIAG_ARGS(str_of(what), number_text(check, count), number_text(check, limit)));
        check->is_bad = true;
    }
}

static void check_counts(struct check *check)
{
    const struct program *program = check->program;
    at_most(check, "number of texts", program->text_count, LIMIT_TEXTS);
    at_most(check, "number of labels", program->label_count, LIMIT_TEXTS);
    at_most(check, "number of unit generators", program->generator_count, LIMIT_GENERATORS);
    at_most(check, "number of units", program->unit_count, LIMIT_UNITS);
    at_most(check, "number of declared units", program->unit_name_count, LIMIT_UNITS);
    at_most(check, "number of constants", program->constant_count, LIMIT_CONSTANTS);
    at_most(check, "number of choices", program->choice_count, LIMIT_CHOICES);
    at_most(check, "number of data fields", program->field_count, LIMIT_FIELDS);
    at_most(check, "number of tables", program->table_count, LIMIT_TABLES);
    at_most(check, "number of factors", program->factor_count, LIMIT_FACTORS);
    at_most(check, "number of external functions", program->native_count, LIMIT_NATIVES);
    at_most(check, "number of axes", program->axis_count, LIMIT_AXES);
    at_most(check, "number of instructions", program->code_count, LIMIT_INSTRUCTIONS);
    at_most(check, "number of phases", program->phase_count, LIMIT_PHASES);
    at_most(check, "number of categories", program->category_count, LIMIT_CATEGORIES);
    at_most(check, "number of breakdowns", program->breakdown_count, LIMIT_BREAKDOWNS);
    at_most(check, "number of stages", program->stage_count, LIMIT_STAGES);
    at_most(check, "number of flows", program->flow_count, LIMIT_FLOWS);
    at_most(check, "number of flow parts", program->part_count, LIMIT_PARTS);
    at_most(check, "number of allocations", program->allocation_count, LIMIT_ALLOCATIONS);
    at_most(check, "number of reports", program->output_count, LIMIT_OUTPUTS);
    at_most(check, "number of requirements", program->requirement_count, LIMIT_INSTRUCTIONS);
    at_most(check, "number of standards", program->rule.conforms_count, LIMIT_TEXTS);
    at_most(check, "number of grades", program->grade_count, LIMIT_GRADES);
    for (uint32_t i = 0; i < program->choice_count && !check->is_bad; i++) {
        at_most(check, "number of choice members", program->choices[i].member_count, LIMIT_MEMBERS);
    }
    for (uint32_t i = 0; i < program->breakdown_count && !check->is_bad; i++) {
        at_most(check, "number of breakdown members", program->breakdowns[i].member_count, LIMIT_BREAKDOWN_MEMBERS);
    }
    for (uint32_t i = 0; i < program->flow_count && !check->is_bad; i++) {
        at_most(check, "number of breakdowns of a flow", program->flows[i].member_count, LIMIT_BREAKDOWNS);
    }
    for (uint32_t i = 0; i < program->allocation_count && !check->is_bad; i++) {
        at_most(check, "number of shares of an allocation", program->allocations[i].share_count,
                LIMIT_ALLOCATION_SHARES);
    }
    for (uint32_t i = 0; i < program->factor_count && !check->is_bad; i++) {
        at_most(check, "number of factor keys", program->factors[i].key_count, LIMIT_FACTOR_KEYS);
    }
    for (uint32_t i = 0; i < program->native_count && !check->is_bad; i++) {
        at_most(check, "number of parameters", program->natives[i].param_count, LIMIT_NATIVE_PARAMS);
    }
}

static void check_tables(struct check *check)
{
    const struct program *program = check->program;
    for (uint32_t i = 0; i < program->table_count && !check->is_bad; i++) {
        const struct prog_table *table = &program->tables[i];
        at_most(check, "number of table keys", table->dimension_count, LIMIT_TABLE_DIMENSIONS);
        at_most(check, "number of table cells", table->row_slots, LIMIT_TABLE_CELLS);
        at_most(check, "number of table columns", table->column_count, LIMIT_COLUMNS);
        for (uint32_t d = 0; d < table->dimension_count && d < LIMIT_TABLE_DIMENSIONS; d++) {
            at_most(check, "number of values of a table key", table->dimensions[d].key_count, LIMIT_TABLE_CELLS);
        }
        if (table->row_count > table->row_slots) {
            refuse(check, D_PROGRAM_VALUE, "tables", i, "row_count");
        }
        for (uint32_t k = 0; k < table->row_slots && !check->is_bad; k++) {
            if (table->rows[k] != NO_INDEX && table->rows[k] >= table->row_count) {
                refuse(check, D_PROGRAM_RANGE, "tables", i, "rows");
            }
        }
    }
}

static void check_texts(struct check *check, const struct str *texts, uint32_t count, const char *owner)
{
    for (uint32_t i = 0; i < count && !check->is_bad; i++) {
        at_most(check, "length of a text", texts[i].len, LIMIT_TEXT);
        bool is_valid = utf8_validate(texts[i]) == texts[i].len;
        for (size_t k = 0; k < texts[i].len && is_valid; k++) {
            is_valid = texts[i].at[k] != '\0';
        }
        if (!is_valid) {
            refuse(check, D_PROGRAM_TEXT, owner, i, "bytes");
        }
    }
}

/* A constant of each type has the members that belong to it, and none else: so equal ones look equal. */
static void check_constants(struct check *check)
{
    const struct program *program = check->program;
    for (uint32_t i = 0; i < program->constant_count && !check->is_bad; i++) {
        const struct prog_const *constant = &program->constants[i];
        bool is_text = constant->type == VALUE_TEXT;
        bool is_member = constant->type == VALUE_MEMBER;
        if (constant->type > VALUE_DATE) {
            refuse(check, D_PROGRAM_VALUE, "constants", i, "type");
        } else if (is_text != (constant->text != NO_INDEX)) {
            refuse(check, D_PROGRAM_VALUE, "constants", i, "text");
        } else if (is_member != (constant->of != NO_INDEX)) {
            refuse(check, D_PROGRAM_VALUE, "constants", i, "of");
        } else if (is_text && rat_sign(constant->number) != 0) {
            refuse(check, D_PROGRAM_VALUE, "constants", i, "number");
        }
        at_most(check, "number of bits of a constant", rat_bits(constant->number), LIMIT_CONSTANT_BITS);
    }
}

static void check_units(struct check *check)
{
    const struct program *program = check->program;
    if (program->unit_count == 0) {
        refuse(check, D_PROGRAM_VALUE, "units", 0, "text");
    }
    for (uint32_t i = 0; i < program->unit_count && !check->is_bad; i++) {
        const struct prog_unit *unit = &program->units[i];
        at_most(check, "number of factors of a unit", unit->kind.count, UNIT_FACTORS_MAX);
        at_most(check, "number of bits of a unit", rat_bits(unit->scale), LIMIT_CONSTANT_BITS);
        at_most(check, "number of bits of a unit", rat_bits(unit->offset), LIMIT_CONSTANT_BITS);
    }
}

static void check_reference(void *context, const struct reference *reference)
{
    struct check *check = context;
    uint32_t index = reference->narrow != NULL ? *reference->narrow : *reference->wide;
    bool is_absent = reference->is_optional && index == NO_INDEX;
    if (!is_absent && index >= pool_count(check->program, reference->pool)) {
        refuse(check, D_PROGRAM_RANGE, reference->owner, reference->number, reference->member);
    }
}

bool program_check(const struct program *program, struct diags *out)
{
    struct check check = {.program = program, .out = out};
    check_counts(&check);
    check_tables(&check);
    check_units(&check);
    if (!check.is_bad) { /* the walk relies on the counts */
        /* The walk may change what it visits; this visitor does not. */
        program_visit((struct program *)(uintptr_t)program, check_reference, &check);
        check_texts(&check, program->texts, program->text_count, "texts");
        check_texts(&check, program->labels, program->label_count, "labels");
        check_constants(&check);
    }
    return !check.is_bad;
}
