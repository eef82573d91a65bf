/* What results read of a program though it is no root. */
#include "vm/program.h"

static void visit_one(kept_visitor *visit, void *context, uint32_t instruction)
{
    if (instruction != NO_OPERAND) {
        visit(context, instruction);
    }
}

static void visit_results(const struct program *program, kept_visitor *visit, void *context)
{
    visit_one(visit, context, program->rule.reference);
    visit_one(visit, context, program->rule.row_name);
    visit_one(visit, context, program->rule.headline);
    for (uint32_t i = 0; i < program->stage_count; i++) {
        visit_one(visit, context, program->stages[i].when);
    }
    for (uint32_t i = 0; i < program->grade_count; i++) {
        visit_one(visit, context, program->grades[i].limit);
    }
}

static void visit_allocations(const struct program *program, kept_visitor *visit, void *context)
{
    for (uint32_t i = 0; i < program->allocation_count; i++) {
        const struct prog_allocation *allocation = &program->allocations[i];
        bool is_by_key = allocation->key != NO_OPERAND;
        visit_one(visit, context, allocation->key);
        visit_one(visit, context, is_by_key ? allocation->taken : NO_OPERAND); /* else the number of a share */
        visit_one(visit, context, allocation->share);
        for (uint32_t k = 0; k < allocation->share_count; k++) {
            visit_one(visit, context, allocation->shares[k].value);
        }
    }
}

void program_visit_kept(const struct program *program, enum kept kept, kept_visitor *visit, void *context)
{
    if (kept == KEPT_FOR_RESULTS) {
        visit_results(program, visit, context);
    } else {
        visit_allocations(program, visit, context);
    }
}
