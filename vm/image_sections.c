/* What is in each section of a compiled rule, once for writing and reading. When reading, sections come in order, so
   counts of former sections are known; references are checked afterwards (program_check). */
#include "vm/image_sections.h"

#include "base/arena.h"

static void texts(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->texts, program->text_count, LIMIT_TEXTS, 2);
    for (uint32_t i = 0; i < program->text_count; i++) {
        stream_text(stream, &program->texts[i]);
    }
}

static void generators(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->generators, program->generator_count, LIMIT_GENERATORS, 5);
    for (uint32_t i = 0; i < program->generator_count; i++) {
        stream_u32(stream, &program->generators[i].name);
        stream_bool(stream, &program->generators[i].is_tag);
    }
}

static void kind(struct stream *stream, struct kind *kind)
{
    uint32_t count = kind->count;
    stream_small(stream, &count, UNIT_FACTORS_MAX);
    kind->count = (uint16_t)count;
    for (uint16_t i = 0; i < kind->count; i++) {
        stream_u16(stream, &kind->factors[i].generator);
        stream_i16(stream, &kind->factors[i].exponent);
    }
}

static void units(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->units, program->unit_count, LIMIT_UNITS, 11);
    for (uint32_t i = 0; i < program->unit_count; i++) {
        struct prog_unit *unit = &program->units[i];
        stream_u32(stream, &unit->text);
        kind(stream, &unit->kind);
        stream_rat(stream, &unit->scale);
        stream_bool(stream, &unit->is_point);
        stream_rat(stream, &unit->offset);
    }
    STREAM_ARRAY(stream, program->unit_names, program->unit_name_count, LIMIT_UNITS, 8);
    for (uint32_t i = 0; i < program->unit_name_count; i++) {
        stream_u32(stream, &program->unit_names[i].name);
        stream_u32(stream, &program->unit_names[i].unit);
    }
}

static void choices(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->choices, program->choice_count, LIMIT_CHOICES, 8);
    for (uint32_t i = 0; i < program->choice_count; i++) {
        struct prog_choice *choice = &program->choices[i];
        stream_u32(stream, &choice->name);
        STREAM_ARRAY(stream, choice->members, choice->member_count, LIMIT_MEMBERS, 8);
        for (uint32_t k = 0; k < choice->member_count; k++) {
            stream_u32(stream, &choice->members[k].name);
            stream_u32(stream, &choice->members[k].code);
        }
    }
}

static void constants(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->constants, program->constant_count, LIMIT_CONSTANTS, 12);
    for (uint32_t i = 0; i < program->constant_count; i++) {
        struct prog_const *constant = &program->constants[i];
        stream_u8(stream, &constant->type);
        stream_u32(stream, &constant->of);
        stream_rat(stream, &constant->number);
        stream_u32(stream, &constant->text);
    }
}

static void fields(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->fields, program->field_count, LIMIT_FIELDS, 32);
    for (uint32_t i = 0; i < program->field_count; i++) {
        struct prog_field *field = &program->fields[i];
        stream_u32(stream, &field->name);
        stream_u32(stream, &field->parent);
        stream_u8(stream, &field->is_list);
        stream_u8(stream, &field->type);
        stream_u8(stream, &field->is_optional);
        stream_u8(stream, &field->has_default);
        stream_u8(stream, &field->origin);
        stream_u8(stream, &field->has_cut);
        stream_u32(stream, &field->key);
        stream_u32(stream, &field->choice);
        stream_u16(stream, &field->unit);
        stream_u32(stream, &field->low);
        stream_u32(stream, &field->high);
    }
}

static void dimension(struct stream *stream, struct prog_dimension *dimension)
{
    stream_u8(stream, &dimension->type);
    stream_u32(stream, &dimension->choice);
    stream_u16(stream, &dimension->unit);
    STREAM_ARRAY(stream, dimension->keys, dimension->key_count, LIMIT_TABLE_CELLS, 4);
    for (uint32_t i = 0; i < dimension->key_count; i++) {
        stream_u32(stream, &dimension->keys[i]);
    }
    if (dimension->type == VALUE_NUMBER) {
        uint32_t count = dimension->key_count;
        STREAM_ARRAY(stream, dimension->is_below, count, dimension->key_count, 1);
        for (uint32_t i = 0; i < count; i++) {
            stream_u8(stream, &dimension->is_below[i]);
        }
        stream->is_failed = stream->is_failed || count != dimension->key_count;
    }
    stream_bool(stream, &dimension->has_otherwise);
}

static void column(struct stream *stream, struct prog_column *column, uint32_t rows)
{
    stream_u32(stream, &column->name);
    stream_u8(stream, &column->type);
    stream_u8(stream, &column->is_optional);
    stream_u32(stream, &column->choice);
    stream_u16(stream, &column->unit);
    uint32_t count = rows;
    STREAM_ARRAY(stream, column->cells, count, rows, 4);
    for (uint32_t i = 0; i < count; i++) {
        stream_u32(stream, &column->cells[i]);
    }
    stream->is_failed = stream->is_failed || count != rows;
}

static void tables(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->tables, program->table_count, LIMIT_TABLES, 17);
    for (uint32_t i = 0; i < program->table_count; i++) {
        struct prog_table *table = &program->tables[i];
        stream_u32(stream, &table->name);
        stream_small(stream, &table->dimension_count, LIMIT_TABLE_DIMENSIONS);
        for (uint32_t d = 0; d < table->dimension_count; d++) {
            dimension(stream, &table->dimensions[d]);
        }
        STREAM_ARRAY(stream, table->rows, table->row_slots, LIMIT_TABLE_CELLS, 4);
        for (uint32_t k = 0; k < table->row_slots; k++) {
            stream_u32(stream, &table->rows[k]);
        }
        stream_u32(stream, &table->row_count);
        STREAM_ARRAY(stream, table->columns, table->column_count, LIMIT_COLUMNS, 16);
        for (uint32_t c = 0; c < table->column_count; c++) {
            column(stream, &table->columns[c], table->row_count);
        }
    }
}

static void factors(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->factors, program->factor_count, LIMIT_FACTORS, 15);
    for (uint32_t i = 0; i < program->factor_count; i++) {
        struct prog_factor *factor = &program->factors[i];
        stream_u32(stream, &factor->name);
        stream_small(stream, &factor->key_count, LIMIT_FACTOR_KEYS);
        for (uint32_t k = 0; k < factor->key_count; k++) {
            stream_u8(stream, &factor->keys[k].type);
            stream_u32(stream, &factor->keys[k].choice);
            stream_u32(stream, &factor->keys[k].name);
        }
        stream_u16(stream, &factor->unit);
        stream_u32(stream, &factor->component);
        stream_u32(stream, &factor->fallback);
    }
}

static void natives(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->natives, program->native_count, LIMIT_NATIVES, 9);
    for (uint32_t i = 0; i < program->native_count; i++) {
        struct prog_native *native = &program->natives[i];
        stream_u32(stream, &native->name);
        stream_u16(stream, &native->unit);
        stream_small(stream, &native->param_count, LIMIT_NATIVE_PARAMS);
        for (uint32_t k = 0; k < native->param_count; k++) {
            stream_u16(stream, &native->params[k]);
        }
    }
}

static void axes(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->axes, program->axis_count, LIMIT_AXES, 20);
    for (uint32_t i = 0; i < program->axis_count; i++) {
        struct prog_axis *axis = &program->axes[i];
        stream_u16(stream, &axis->kind);
        stream_u16(stream, &axis->parent);
        stream_u32(stream, &axis->list);
        stream_u32(stream, &axis->first);
        stream_u32(stream, &axis->last);
        stream_u32(stream, &axis->max);
    }
}

static void code(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->code, program->code_count, LIMIT_INSTRUCTIONS, 24);
    for (uint32_t i = 0; i < program->code_count; i++) {
        struct instruction *instruction = &program->code[i];
        stream_u16(stream, &instruction->op);
        stream_u16(stream, &instruction->axis);
        stream_u16(stream, &instruction->unit);
        stream_u16(stream, &instruction->imm);
        stream_u32(stream, &instruction->a);
        stream_u32(stream, &instruction->b);
        stream_u32(stream, &instruction->c);
        stream_u32(stream, &instruction->mask);
    }
}

static void phases(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->phases, program->phase_count, LIMIT_PHASES, 6);
    for (uint32_t i = 0; i < program->phase_count; i++) {
        stream_u32(stream, &program->phases[i].name);
        stream_u8(stream, &program->phases[i].state);
        stream_bool(stream, &program->phases[i].is_apart);
    }
}

/* Categories and the other cuts of the total. */
static void cuts(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->categories, program->category_count, LIMIT_CATEGORIES, 5);
    for (uint32_t i = 0; i < program->category_count; i++) {
        stream_u32(stream, &program->categories[i].name);
        stream_bool(stream, &program->categories[i].is_apart);
    }
    STREAM_ARRAY(stream, program->breakdowns, program->breakdown_count, LIMIT_BREAKDOWNS, 8);
    for (uint32_t i = 0; i < program->breakdown_count; i++) {
        struct prog_breakdown *breakdown = &program->breakdowns[i];
        stream_u32(stream, &breakdown->name);
        STREAM_ARRAY(stream, breakdown->members, breakdown->member_count, LIMIT_BREAKDOWN_MEMBERS, 5);
        for (uint32_t k = 0; k < breakdown->member_count; k++) {
            stream_u32(stream, &breakdown->members[k].name);
            stream_bool(stream, &breakdown->members[k].is_apart);
        }
    }
}

static void flow_members(struct stream *stream, struct prog_flow *flow)
{
    STREAM_ARRAY(stream, flow->members, flow->member_count, LIMIT_BREAKDOWNS, 4);
    for (uint32_t k = 0; k < flow->member_count; k++) {
        stream_u16(stream, &flow->members[k].breakdown);
        stream_u16(stream, &flow->members[k].member);
    }
}

static void stages(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->stages, program->stage_count, LIMIT_STAGES, 12);
    for (uint32_t i = 0; i < program->stage_count; i++) {
        stream_u32(stream, &program->stages[i].name);
        stream_u32(stream, &program->stages[i].phase);
        stream_u32(stream, &program->stages[i].when);
    }
    STREAM_ARRAY(stream, program->flows, program->flow_count, LIMIT_FLOWS, 13);
    for (uint32_t i = 0; i < program->flow_count; i++) {
        stream_u32(stream, &program->flows[i].stage);
        stream_u32(stream, &program->flows[i].name);
        stream_u32(stream, &program->flows[i].process);
        stream_u8(stream, &program->flows[i].kind);
    }
    STREAM_ARRAY(stream, program->parts, program->part_count, LIMIT_PARTS, 12);
    for (uint32_t i = 0; i < program->part_count; i++) {
        stream_u32(stream, &program->parts[i].flow);
        stream_u32(stream, &program->parts[i].category);
        stream_u32(stream, &program->parts[i].gas);
    }
    for (uint32_t i = 0; i < program->flow_count; i++) {
        flow_members(stream, &program->flows[i]);
    }
}

static void allocations(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->allocations, program->allocation_count, LIMIT_ALLOCATIONS, 26);
    for (uint32_t i = 0; i < program->allocation_count; i++) {
        struct prog_allocation *allocation = &program->allocations[i];
        stream_u32(stream, &allocation->stage);
        stream_u32(stream, &allocation->process);
        stream_u16(stream, &allocation->axis);
        stream_u32(stream, &allocation->key);
        stream_u32(stream, &allocation->taken);
        stream_u32(stream, &allocation->share);
        STREAM_ARRAY(stream, allocation->shares, allocation->share_count, LIMIT_ALLOCATION_SHARES, 8);
        for (uint32_t k = 0; k < allocation->share_count; k++) {
            stream_u32(stream, &allocation->shares[k].name);
            stream_u32(stream, &allocation->shares[k].value);
        }
    }
}

static void rounding(struct stream *stream, struct prog_round *round)
{
    stream_u8(stream, &round->how);
    stream_u8(stream, &round->mode);
    stream_i16(stream, &round->digits);
    stream_bool(stream, &round->is_marked);
}

static void outputs(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->outputs, program->output_count, LIMIT_OUTPUTS, 10);
    for (uint32_t i = 0; i < program->output_count; i++) {
        stream_u32(stream, &program->outputs[i].name);
        stream_u16(stream, &program->outputs[i].unit);
        rounding(stream, &program->outputs[i].round);
    }
}

static void grades(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->grades, program->grade_count, LIMIT_GRADES, 9);
    for (uint32_t i = 0; i < program->grade_count; i++) {
        stream_u32(stream, &program->grades[i].name);
        stream_u32(stream, &program->grades[i].limit);
        stream_bool(stream, &program->grades[i].is_below);
    }
}

static void requirements(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->requirements, program->requirement_count, LIMIT_INSTRUCTIONS, 1);
    for (uint32_t i = 0; i < program->requirement_count; i++) {
        stream_u8(stream, &program->requirements[i].kind);
    }
}

static void rule(struct stream *stream, struct program *program)
{
    struct prog_rule *rule = &program->rule;
    stream_u32(stream, &rule->name);
    stream_u32(stream, &rule->version);
    stream_u32(stream, &rule->status);
    stream_u32(stream, &rule->gwp);
    stream_u32(stream, &rule->judge);
    stream_u32(stream, &rule->lifecycle);
    stream_u32(stream, &rule->boundary);
    STREAM_ARRAY(stream, rule->conforms, rule->conforms_count, LIMIT_TEXTS, 4);
    for (uint32_t i = 0; i < rule->conforms_count; i++) {
        stream_u32(stream, &rule->conforms[i]);
    }
    stream_bool(stream, &rule->is_functional);
    stream_u32(stream, &rule->declared);
    stream_u16(stream, &rule->declared_unit);
    stream_u32(stream, &rule->reference);
    stream_u16(stream, &rule->total_unit);
    rounding(stream, &rule->round);
    stream_u16(stream, &rule->row_axis);
    stream_u32(stream, &rule->row_name);
    stream_u32(stream, &rule->headline);
    stream_i32(stream, &rule->valid_from);
    stream_i32(stream, &rule->valid_to);
    stream_u32(stream, &rule->period_field);
    rounding(stream, &rule->stage_round);
    rounding(stream, &rule->flow_round);
}

static void labels(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->labels, program->label_count, LIMIT_TEXTS, 2);
    for (uint32_t i = 0; i < program->label_count; i++) {
        stream_text(stream, &program->labels[i]);
    }
}

static void titles(struct stream *stream, struct prog_titles *titles)
{
    stream_u32(stream, &titles->label[0]);
    stream_u32(stream, &titles->label[1]);
}

static void aliases(struct stream *stream, struct prog_aliases *aliases)
{
    STREAM_ARRAY(stream, aliases->labels, aliases->count, LIMIT_TEXTS, 4);
    for (uint32_t i = 0; i < aliases->count; i++) {
        stream_u32(stream, &aliases->labels[i]);
    }
}

/* Labels of what the data are: units, choices, fields, tables, factors. */
static void data_labels(struct stream *stream, struct program *program)
{
    for (uint32_t i = 0; i < program->unit_name_count; i++) {
        aliases(stream, &program->unit_names[i].aliases);
    }
    for (uint32_t i = 0; i < program->choice_count; i++) {
        for (uint32_t k = 0; k < program->choices[i].member_count; k++) {
            titles(stream, &program->choices[i].members[k].titles);
            aliases(stream, &program->choices[i].members[k].aliases);
        }
    }
    for (uint32_t i = 0; i < program->field_count; i++) {
        titles(stream, &program->fields[i].titles);
        aliases(stream, &program->fields[i].aliases);
        stream_u32(stream, &program->fields[i].clause);
    }
    for (uint32_t i = 0; i < program->table_count; i++) {
        titles(stream, &program->tables[i].titles);
        stream_u32(stream, &program->tables[i].cite);
        stream_u32(stream, &program->tables[i].clause);
    }
    for (uint32_t i = 0; i < program->factor_count; i++) {
        titles(stream, &program->factors[i].titles);
        aliases(stream, &program->factors[i].aliases);
        stream_u32(stream, &program->factors[i].cite);
        stream_u32(stream, &program->factors[i].clause);
    }
    for (uint32_t i = 0; i < program->native_count; i++) {
        titles(stream, &program->natives[i].titles);
        stream_u32(stream, &program->natives[i].cite);
        stream_u32(stream, &program->natives[i].clause);
    }
}

static void cut_labels(struct stream *stream, struct program *program)
{
    for (uint32_t i = 0; i < program->phase_count; i++) {
        titles(stream, &program->phases[i].titles);
        titles(stream, &program->phases[i].because);
        stream_u32(stream, &program->phases[i].clause);
    }
    for (uint32_t i = 0; i < program->breakdown_count; i++) {
        titles(stream, &program->breakdowns[i].titles);
        for (uint32_t k = 0; k < program->breakdowns[i].member_count; k++) {
            titles(stream, &program->breakdowns[i].members[k].titles);
        }
    }
}

static void stage_labels(struct stream *stream, struct program *program)
{
    for (uint32_t i = 0; i < program->stage_count; i++) {
        titles(stream, &program->stages[i].titles);
        stream_u32(stream, &program->stages[i].clause);
    }
    for (uint32_t i = 0; i < program->flow_count; i++) {
        titles(stream, &program->flows[i].titles);
        titles(stream, &program->flows[i].because);
        titles(stream, &program->flows[i].process_titles);
        stream_u32(stream, &program->flows[i].clause);
    }
    for (uint32_t i = 0; i < program->allocation_count; i++) {
        titles(stream, &program->allocations[i].because);
        stream_u32(stream, &program->allocations[i].clause);
    }
}

/* Labels of what the results are: phases, breakdowns, stages, flows, allocations, reports, classes, requirements, the
   rule. */
static void result_labels(struct stream *stream, struct program *program)
{
    cut_labels(stream, program);
    stage_labels(stream, program);
    for (uint32_t i = 0; i < program->output_count; i++) {
        titles(stream, &program->outputs[i].titles);
        stream_u32(stream, &program->outputs[i].clause);
    }
    for (uint32_t i = 0; i < program->grade_count; i++) {
        titles(stream, &program->grades[i].titles);
        stream_u32(stream, &program->grades[i].clause);
    }
    for (uint32_t i = 0; i < program->requirement_count; i++) {
        titles(stream, &program->requirements[i].text);
        stream_u32(stream, &program->requirements[i].clause);
    }
    titles(stream, &program->rule.titles);
    titles(stream, &program->rule.declared_titles);
}

static void site(struct stream *stream, struct prog_site *place)
{
    stream_u32(stream, &place->file);
    stream_u32(stream, &place->line);
    stream_u32(stream, &place->column);
    stream_u32(stream, &place->path);
    stream_u32(stream, &place->clause);
    stream_u32(stream, &place->text);
}

static void sites(struct stream *stream, struct program *program)
{
    uint32_t count = program->code_count;
    STREAM_ARRAY(stream, program->sites, count, program->code_count, 24);
    for (uint32_t i = 0; i < count; i++) {
        site(stream, &program->sites[i]);
    }
    site(stream, &program->rule.reference_site);
    STREAM_ARRAY(stream, program->namings, program->naming_count, LIMIT_NAMINGS, 16);
    for (uint32_t i = 0; i < program->naming_count; i++) {
        stream_u32(stream, &program->namings[i].instruction);
        stream_u32(stream, &program->namings[i].path);
        stream_u32(stream, &program->namings[i].clause);
        stream_u32(stream, &program->namings[i].cite);
    }
    stream->is_failed = stream->is_failed || count != program->code_count;
}

static void item(struct stream *stream, struct prog_item *at)
{
    stream_u8(stream, &at->kind);
    stream_u32(stream, &at->name);
    STREAM_ARRAY(stream, at->values, at->value_count, 2 * LIMIT_FLOW_PARTS, 12); /* ours and the whole */
    for (uint32_t i = 0; i < at->value_count; i++) {
        stream_u32(stream, &at->values[i].instruction);
        stream_u32(stream, &at->values[i].category);
        stream_u32(stream, &at->values[i].gas);
    }
    stream_u32(stream, &at->constant);
    STREAM_ARRAY(stream, at->uses, at->use_count, LIMIT_ITEMS, 4);
    for (uint32_t i = 0; i < at->use_count; i++) {
        stream_u32(stream, &at->uses[i]);
    }
    titles(stream, &at->titles);
    stream_u32(stream, &at->text);
    stream_u32(stream, &at->doc);
    stream_u32(stream, &at->cite);
    stream_u32(stream, &at->clause);
    stream_u32(stream, &at->file);
    stream_u32(stream, &at->line);
}

static void items(struct stream *stream, struct program *program)
{
    STREAM_ARRAY(stream, program->items, program->item_count, LIMIT_ITEMS, 49);
    for (uint32_t i = 0; i < program->item_count; i++) {
        item(stream, &program->items[i]);
    }
}

const struct image_section IMAGE_SECTIONS[] = {
    {"TEXT", true,  texts        },
    {"GENR", true,  generators   },
    {"UNIT", true,  units        },
    {"CHOI", true,  choices      },
    {"CNST", true,  constants    },
    {"FLDS", true,  fields       },
    {"TABL", true,  tables       },
    {"FACT", true,  factors      },
    {"NATV", true,  natives      },
    {"AXES", true,  axes         },
    {"CODE", true,  code         },
    {"PHAS", true,  phases       },
    {"CUTS", true,  cuts         },
    {"STAG", true,  stages       },
    {"ALLO", true,  allocations  },
    {"OUTP", true,  outputs      },
    {"GRAD", true,  grades       },
    {"REQU", true,  requirements },
    {"RULE", true,  rule         },
    {"LABL", false, labels       },
    {"LDAT", false, data_labels  },
    {"LRES", false, result_labels},
    {"SITE", false, sites        },
    {"ITEM", false, items        },
};
const uint32_t IMAGE_SECTION_COUNT = countof(IMAGE_SECTIONS);
