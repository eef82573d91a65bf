/* The walk over all references of a program: the one list of what refers to what. */
#include "vm/image.h"
#include "vm/opcodes.h"

struct walk {
    reference_visitor *visit;
    void *context;
    const char *owner; /* what is being walked ... */
    uint32_t number;   /* ... and which of them */
};

static void refer(struct walk *walk, enum pool pool, uint32_t *index, bool is_optional, const char *member)
{
    struct reference reference = {.pool = pool,
                                  .wide = index,
                                  .is_optional = is_optional,
                                  .owner = walk->owner,
                                  .member = member,
                                  .number = walk->number};
    walk->visit(walk->context, &reference);
}

static void must(struct walk *walk, enum pool pool, uint32_t *index, const char *member)
{
    refer(walk, pool, index, false, member);
}

static void may(struct walk *walk, enum pool pool, uint32_t *index, const char *member)
{
    refer(walk, pool, index, true, member);
}

static void narrow(struct walk *walk, enum pool pool, uint16_t *index, const char *member)
{
    struct reference reference = {
        .pool = pool, .narrow = index, .owner = walk->owner, .member = member, .number = walk->number};
    walk->visit(walk->context, &reference);
}

static void at(struct walk *walk, const char *owner, uint32_t number)
{
    walk->owner = owner;
    walk->number = number;
}

static void visit_titles(struct walk *walk, struct prog_titles *titles)
{
    may(walk, POOL_LABELS, &titles->label[0], "titles");
    may(walk, POOL_LABELS, &titles->label[1], "titles");
}

static void visit_aliases(struct walk *walk, struct prog_aliases *aliases)
{
    for (uint32_t i = 0; i < aliases->count; i++) {
        must(walk, POOL_LABELS, &aliases->labels[i], "aliases");
    }
}

static void visit_units(struct walk *walk, struct program *program)
{
    for (uint32_t i = 0; i < program->generator_count; i++) {
        at(walk, "generators", i);
        must(walk, POOL_TEXTS, &program->generators[i].name, "name");
    }
    for (uint32_t i = 0; i < program->unit_count; i++) {
        struct prog_unit *unit = &program->units[i];
        at(walk, "units", i);
        must(walk, POOL_TEXTS, &unit->text, "text");
        for (uint16_t k = 0; k < unit->kind.count && k < UNIT_FACTORS_MAX; k++) {
            narrow(walk, POOL_GENERATORS, &unit->kind.factors[k].generator, "kind");
        }
    }
    for (uint32_t i = 0; i < program->unit_name_count; i++) {
        at(walk, "unit_names", i);
        must(walk, POOL_TEXTS, &program->unit_names[i].name, "name");
        must(walk, POOL_UNITS, &program->unit_names[i].unit, "unit");
        visit_aliases(walk, &program->unit_names[i].aliases);
    }
}

static void visit_constants(struct walk *walk, struct program *program)
{
    for (uint32_t i = 0; i < program->constant_count; i++) {
        at(walk, "constants", i);
        may(walk, POOL_CHOICES, &program->constants[i].of, "of");
        may(walk, POOL_TEXTS, &program->constants[i].text, "text");
    }
}

static void visit_choices(struct walk *walk, struct program *program)
{
    for (uint32_t i = 0; i < program->choice_count; i++) {
        struct prog_choice *choice = &program->choices[i];
        at(walk, "choices", i);
        must(walk, POOL_TEXTS, &choice->name, "name");
        for (uint32_t k = 0; k < choice->member_count; k++) {
            must(walk, POOL_TEXTS, &choice->members[k].name, "members.name");
            must(walk, POOL_TEXTS, &choice->members[k].code, "members.code");
            visit_titles(walk, &choice->members[k].titles);
            visit_aliases(walk, &choice->members[k].aliases);
        }
    }
}

static void visit_fields(struct walk *walk, struct program *program)
{
    for (uint32_t i = 0; i < program->field_count; i++) {
        struct prog_field *field = &program->fields[i];
        at(walk, "fields", i);
        must(walk, POOL_TEXTS, &field->name, "name");
        may(walk, POOL_FIELDS, &field->parent, "parent");
        may(walk, POOL_FIELDS, &field->key, "key");
        may(walk, POOL_CHOICES, &field->choice, "choice");
        narrow(walk, POOL_UNITS, &field->unit, "unit");
        may(walk, POOL_CONSTANTS, &field->low, "low");
        may(walk, POOL_CONSTANTS, &field->high, "high");
        visit_titles(walk, &field->titles);
        visit_aliases(walk, &field->aliases);
        may(walk, POOL_LABELS, &field->clause, "clause");
    }
}

static void visit_table(struct walk *walk, struct prog_table *table)
{
    must(walk, POOL_TEXTS, &table->name, "name");
    visit_titles(walk, &table->titles);
    may(walk, POOL_LABELS, &table->cite, "cite");
    may(walk, POOL_LABELS, &table->clause, "clause");
    for (uint32_t d = 0; d < table->dimension_count && d < LIMIT_TABLE_DIMENSIONS; d++) {
        struct prog_dimension *dimension = &table->dimensions[d];
        may(walk, POOL_CHOICES, &dimension->choice, "dimensions.choice");
        narrow(walk, POOL_UNITS, &dimension->unit, "dimensions.unit");
        for (uint32_t k = 0; k < dimension->key_count; k++) {
            must(walk, POOL_CONSTANTS, &dimension->keys[k], "dimensions.keys");
        }
    }
    for (uint32_t c = 0; c < table->column_count; c++) {
        struct prog_column *column = &table->columns[c];
        must(walk, POOL_TEXTS, &column->name, "columns.name");
        may(walk, POOL_CHOICES, &column->choice, "columns.choice");
        narrow(walk, POOL_UNITS, &column->unit, "columns.unit");
        for (uint32_t r = 0; r < table->row_count; r++) {
            may(walk, POOL_CONSTANTS, &column->cells[r], "columns.cells");
        }
    }
}

static void visit_factor(struct walk *walk, struct prog_factor *factor)
{
    must(walk, POOL_TEXTS, &factor->name, "name");
    for (uint32_t k = 0; k < factor->key_count && k < LIMIT_FACTOR_KEYS; k++) {
        may(walk, POOL_CHOICES, &factor->keys[k].choice, "keys.choice");
        must(walk, POOL_TEXTS, &factor->keys[k].name, "keys.name");
    }
    narrow(walk, POOL_UNITS, &factor->unit, "unit");
    may(walk, POOL_TEXTS, &factor->component, "component");
    may(walk, POOL_CONSTANTS, &factor->fallback, "fallback");
    visit_titles(walk, &factor->titles);
    visit_aliases(walk, &factor->aliases);
    may(walk, POOL_LABELS, &factor->cite, "cite");
    may(walk, POOL_LABELS, &factor->clause, "clause");
}

static void visit_operand(struct walk *walk, enum operand_class operand, uint32_t *index)
{
    switch (operand) {
    case OPERAND_CONSTANT:
        must(walk, POOL_CONSTANTS, index, "constant");
        break;
    case OPERAND_FIELD_ID:
        must(walk, POOL_FIELDS, index, "field");
        break;
    case OPERAND_PART:
        must(walk, POOL_PARTS, index, "part");
        break;
    case OPERAND_OUTPUT_ID:
        must(walk, POOL_OUTPUTS, index, "output");
        break;
    case OPERAND_GRADE_ID:
        must(walk, POOL_GRADES, index, "grade");
        break;
    case OPERAND_LABEL:
        must(walk, POOL_REQUIREMENTS, index, "requirement");
        break;
    case OPERAND_NONE:
    case OPERAND_NUM:
    case OPERAND_ORD:
    case OPERAND_BOOL:
    case OPERAND_VAL:
    case OPERAND_OPT:
    case OPERAND_ROW:
    case OPERAND_OUTER:
    case OPERAND_INNER:
    case OPERAND_INNERB:
    case OPERAND_WHERE:
    case OPERAND_OTHER:
    case OPERAND_KEYCODE:
    case OPERAND_KEYVAL:
    case OPERAND_ARG:
    case OPERAND_INTEGER:
    case OPERAND_FLAG:
        break;
    }
}

static void visit_native(struct walk *walk, struct prog_native *native)
{
    must(walk, POOL_TEXTS, &native->name, "name");
    narrow(walk, POOL_UNITS, &native->unit, "unit");
    for (uint32_t k = 0; k < native->param_count && k < LIMIT_NATIVE_PARAMS; k++) {
        narrow(walk, POOL_UNITS, &native->params[k], "params");
    }
    visit_titles(walk, &native->titles);
    may(walk, POOL_LABELS, &native->cite, "cite");
    may(walk, POOL_LABELS, &native->clause, "clause");
}

static void visit_code(struct walk *walk, struct program *program)
{
    for (uint32_t i = 0; i < program->code_count; i++) {
        struct instruction *instruction = &program->code[i];
        const struct opcode_info *info = opcode_info(instruction->op);
        at(walk, "code", i);
        narrow(walk, POOL_UNITS, &instruction->unit, "unit");
        if (info == NULL) {
            continue;
        }
        visit_operand(walk, info->operand[0], &instruction->a);
        visit_operand(walk, info->operand[1], &instruction->b);
        visit_operand(walk, info->operand[2], &instruction->c);
        if (info->imm == IMM_TABLE) {
            narrow(walk, POOL_TABLES, &instruction->imm, "table");
        } else if (info->imm == IMM_FACTOR_ID) {
            narrow(walk, POOL_FACTORS, &instruction->imm, "factor");
        } else if (info->imm == IMM_NATIVE) {
            narrow(walk, POOL_NATIVES, &instruction->imm, "external function");
        }
    }
}

/* Lists and pairs: verify_axes.c. */
static void visit_axes(struct walk *walk, struct program *program)
{
    for (uint32_t i = 0; i < program->axis_count; i++) {
        at(walk, "axes", i);
        if (program->axes[i].kind == AXIS_RANGE) {
            may(walk, POOL_TABLES, &program->axes[i].list, "list");
        }
    }
}

static void visit_site(struct walk *walk, struct prog_site *site)
{
    may(walk, POOL_LABELS, &site->file, "file");
    may(walk, POOL_LABELS, &site->path, "path");
    may(walk, POOL_LABELS, &site->clause, "clause");
    may(walk, POOL_LABELS, &site->text, "text");
}

static void visit_sites(struct walk *walk, struct program *program)
{
    for (uint32_t i = 0; i < program->code_count; i++) {
        at(walk, "sites", i);
        visit_site(walk, &program->sites[i]);
    }
    at(walk, "reference_site", 0);
    visit_site(walk, &program->rule.reference_site);
    for (uint32_t i = 0; i < program->naming_count; i++) {
        struct prog_naming *naming = &program->namings[i];
        at(walk, "namings", i);
        must(walk, POOL_CODE, &naming->instruction, "instruction");
        may(walk, POOL_LABELS, &naming->path, "path");
        may(walk, POOL_LABELS, &naming->clause, "clause");
        may(walk, POOL_LABELS, &naming->cite, "cite");
    }
}

static void visit_items(struct walk *walk, struct program *program)
{
    for (uint32_t i = 0; i < program->item_count; i++) {
        struct prog_item *item = &program->items[i];
        at(walk, "items", i);
        must(walk, POOL_LABELS, &item->name, "name");
        for (uint32_t v = 0; v < item->value_count; v++) {
            must(walk, POOL_CODE, &item->values[v].instruction, "values.instruction");
            may(walk, POOL_LABELS, &item->values[v].category, "values.category");
            may(walk, POOL_LABELS, &item->values[v].gas, "values.gas");
        }
        visit_titles(walk, &item->titles);
        uint32_t *labels[] = {&item->constant, &item->text, &item->doc, &item->cite, &item->clause, &item->file};
        static const char *const names[] = {"constant", "text", "doc", "cite", "clause", "file"};
        for (size_t k = 0; k < countof(labels); k++) {
            may(walk, POOL_LABELS, labels[k], names[k]);
        }
    }
}

static void visit_cuts(struct walk *walk, struct program *program)
{
    for (uint32_t i = 0; i < program->phase_count; i++) {
        struct prog_phase *phase = &program->phases[i];
        at(walk, "phases", i);
        must(walk, POOL_TEXTS, &phase->name, "name");
        visit_titles(walk, &phase->titles);
        visit_titles(walk, &phase->because);
        may(walk, POOL_LABELS, &phase->clause, "clause");
    }
    for (uint32_t i = 0; i < program->category_count; i++) {
        at(walk, "categories", i);
        must(walk, POOL_TEXTS, &program->categories[i].name, "name");
    }
    for (uint32_t i = 0; i < program->breakdown_count; i++) {
        struct prog_breakdown *breakdown = &program->breakdowns[i];
        at(walk, "breakdowns", i);
        must(walk, POOL_TEXTS, &breakdown->name, "name");
        visit_titles(walk, &breakdown->titles);
        for (uint32_t k = 0; k < breakdown->member_count; k++) {
            must(walk, POOL_TEXTS, &breakdown->members[k].name, "members.name");
            visit_titles(walk, &breakdown->members[k].titles);
        }
    }
}

static void visit_stages(struct walk *walk, struct program *program)
{
    for (uint32_t i = 0; i < program->stage_count; i++) {
        struct prog_stage *stage = &program->stages[i];
        at(walk, "stages", i);
        must(walk, POOL_TEXTS, &stage->name, "name");
        may(walk, POOL_PHASES, &stage->phase, "phase");
        may(walk, POOL_CODE, &stage->when, "when");
        visit_titles(walk, &stage->titles);
        may(walk, POOL_LABELS, &stage->clause, "clause");
    }
    for (uint32_t i = 0; i < program->flow_count; i++) {
        struct prog_flow *flow = &program->flows[i];
        at(walk, "flows", i);
        must(walk, POOL_STAGES, &flow->stage, "stage");
        must(walk, POOL_TEXTS, &flow->name, "name");
        may(walk, POOL_TEXTS, &flow->process, "process");
        visit_titles(walk, &flow->titles);
        visit_titles(walk, &flow->because);
        visit_titles(walk, &flow->process_titles);
        may(walk, POOL_LABELS, &flow->clause, "clause");
    }
    for (uint32_t i = 0; i < program->part_count; i++) {
        at(walk, "parts", i);
        must(walk, POOL_FLOWS, &program->parts[i].flow, "flow");
        must(walk, POOL_CATEGORIES, &program->parts[i].category, "category");
        may(walk, POOL_TEXTS, &program->parts[i].gas, "gas");
    }
}

static void visit_allocations(struct walk *walk, struct program *program)
{
    for (uint32_t i = 0; i < program->allocation_count; i++) {
        struct prog_allocation *allocation = &program->allocations[i];
        at(walk, "allocations", i);
        must(walk, POOL_STAGES, &allocation->stage, "stage");
        may(walk, POOL_TEXTS, &allocation->process, "process");
        may(walk, POOL_CODE, &allocation->key, "key");
        if (allocation->key != NO_OPERAND) {
            may(walk, POOL_CODE, &allocation->taken, "taken");
        }
        must(walk, POOL_CODE, &allocation->share, "share");
        for (uint32_t k = 0; k < allocation->share_count; k++) {
            must(walk, POOL_TEXTS, &allocation->shares[k].name, "shares.name");
            must(walk, POOL_CODE, &allocation->shares[k].value, "shares.value");
        }
        visit_titles(walk, &allocation->because);
        may(walk, POOL_LABELS, &allocation->clause, "clause");
    }
}

static void visit_results(struct walk *walk, struct program *program)
{
    for (uint32_t i = 0; i < program->output_count; i++) {
        struct prog_output *output = &program->outputs[i];
        at(walk, "outputs", i);
        must(walk, POOL_TEXTS, &output->name, "name");
        narrow(walk, POOL_UNITS, &output->unit, "unit");
        visit_titles(walk, &output->titles);
        may(walk, POOL_LABELS, &output->clause, "clause");
    }
    for (uint32_t i = 0; i < program->grade_count; i++) {
        struct prog_grade *grade = &program->grades[i];
        at(walk, "grades", i);
        must(walk, POOL_TEXTS, &grade->name, "name");
        may(walk, POOL_CODE, &grade->limit, "limit");
        visit_titles(walk, &grade->titles);
        may(walk, POOL_LABELS, &grade->clause, "clause");
    }
    for (uint32_t i = 0; i < program->requirement_count; i++) {
        at(walk, "requirements", i);
        visit_titles(walk, &program->requirements[i].text);
        may(walk, POOL_LABELS, &program->requirements[i].clause, "clause");
    }
}

static void visit_rule(struct walk *walk, struct prog_rule *rule)
{
    at(walk, "rule", 0);
    must(walk, POOL_TEXTS, &rule->name, "name");
    may(walk, POOL_TEXTS, &rule->version, "version");
    may(walk, POOL_TEXTS, &rule->status, "status");
    may(walk, POOL_TEXTS, &rule->gwp, "gwp");
    may(walk, POOL_TEXTS, &rule->judge, "judge");
    may(walk, POOL_TEXTS, &rule->lifecycle, "lifecycle");
    may(walk, POOL_TEXTS, &rule->boundary, "boundary");
    for (uint32_t i = 0; i < rule->conforms_count; i++) {
        must(walk, POOL_TEXTS, &rule->conforms[i], "conforms");
    }
    visit_titles(walk, &rule->titles);
    must(walk, POOL_CONSTANTS, &rule->declared, "declared");
    narrow(walk, POOL_UNITS, &rule->declared_unit, "declared_unit");
    visit_titles(walk, &rule->declared_titles);
    must(walk, POOL_CODE, &rule->reference, "reference");
    may(walk, POOL_CODE, &rule->row_name, "row_name");
    may(walk, POOL_CODE, &rule->headline, "headline");
    narrow(walk, POOL_UNITS, &rule->total_unit, "total_unit");
    may(walk, POOL_FIELDS, &rule->period_field, "period_field");
}

void program_visit(struct program *program, reference_visitor *visit, void *context)
{
    struct walk walk = {.visit = visit, .context = context};
    visit_units(&walk, program);
    visit_constants(&walk, program);
    visit_choices(&walk, program);
    visit_fields(&walk, program);
    for (uint32_t i = 0; i < program->table_count; i++) {
        at(&walk, "tables", i);
        visit_table(&walk, &program->tables[i]);
    }
    for (uint32_t i = 0; i < program->factor_count; i++) {
        at(&walk, "factors", i);
        visit_factor(&walk, &program->factors[i]);
    }
    for (uint32_t i = 0; i < program->native_count; i++) {
        at(&walk, "natives", i);
        visit_native(&walk, &program->natives[i]);
    }
    visit_axes(&walk, program);
    visit_code(&walk, program);
    visit_sites(&walk, program);
    visit_items(&walk, program);
    visit_cuts(&walk, program);
    visit_stages(&walk, program);
    visit_allocations(&walk, program);
    visit_results(&walk, program);
    visit_rule(&walk, &program->rule);
}

uint32_t pool_count(const struct program *program, enum pool pool)
{
    switch (pool) {
    case POOL_TEXTS:
        return program->text_count;
    case POOL_LABELS:
        return program->label_count;
    case POOL_GENERATORS:
        return program->generator_count;
    case POOL_UNITS:
        return program->unit_count;
    case POOL_CONSTANTS:
        return program->constant_count;
    case POOL_CHOICES:
        return program->choice_count;
    case POOL_FIELDS:
        return program->field_count;
    case POOL_TABLES:
        return program->table_count;
    case POOL_FACTORS:
        return program->factor_count;
    case POOL_NATIVES:
        return program->native_count;
    case POOL_CODE:
        return program->code_count;
    case POOL_PHASES:
        return program->phase_count;
    case POOL_CATEGORIES:
        return program->category_count;
    case POOL_STAGES:
        return program->stage_count;
    case POOL_FLOWS:
        return program->flow_count;
    case POOL_PARTS:
        return program->part_count;
    case POOL_OUTPUTS:
        return program->output_count;
    case POOL_GRADES:
        return program->grade_count;
    case POOL_REQUIREMENTS:
        return program->requirement_count;
    case POOL_COUNT:
        break;
    }
    return 0;
}
