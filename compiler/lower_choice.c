/* Choices, numbered when they are first used, and the tables whose rows are walked for their members. */
#include "compiler/lower.h"

static uint32_t member_count(const struct decl *choice)
{
    uint32_t count = 0;
    for (const struct decl *member = choice->as.choice.members; member != NULL; member = member->next) {
        count++;
    }
    return count;
}

uint32_t lower_choice_id(struct lowering *lowering, struct decl *choice)
{
    struct ir *ir = lowering->ir;
    uint32_t id = 0;
    if (decl_map_get(&lowering->choice_ids, choice, &id)) {
        return id;
    }
    struct prog_choice made = {.name = ir_text(ir, choice->name.text), .member_count = member_count(choice)};
    made.members = arena_array(lowering->arena, struct prog_member, made.member_count);
    struct prog_member *member = made.members;
    for (const struct decl *at = choice->as.choice.members; at != NULL; at = at->next, member++) {
        member->name = ir_text(ir, at->name.text);
        member->code = at->as.member.has_code ? ir_text(ir, at->as.member.code) : member->name;
        member->titles = lower_titles(lowering, &at->texts);
        member->aliases = lower_aliases(lowering, at->name.text);
    }
    id = (uint32_t)ir->choice_count;
    arena_grow(lowering->arena, ir->choices, ir->choice_count, ir->choice_cap);
    ir->choices[ir->choice_count++] = made;
    decl_map_add(lowering, &lowering->choice_ids, choice, id);
    return id;
}

/* Under each member the member itself. */
static uint32_t members_table(struct lowering *lowering, struct decl *choice)
{
    struct ir *ir = lowering->ir;
    uint32_t id = lower_choice_id(lowering, choice);
    uint32_t count = ir->choices[id].member_count;
    struct prog_table table = {.name = ir_text(ir, choice->name.text),
                               .titles = lower_titles(lowering, &choice->texts),
                               .cite = NO_INDEX,
                               .clause = NO_INDEX,
                               .dimension_count = 1,
                               .row_slots = count,
                               .row_count = count,
                               .column_count = 1};
    table.dimensions[0] = (struct prog_dimension){.type = VALUE_MEMBER, .choice = id};
    table.columns = arena_new(lowering->arena, struct prog_column);
    *table.columns = (struct prog_column){.name = ir_text(ir, STR("")), .type = VALUE_MEMBER, .choice = id};
    table.columns->cells = arena_array(lowering->arena, uint32_t, count);
    table.rows = arena_array(lowering->arena, uint32_t, count);
    for (uint32_t member = 0; member < count; member++) {
        table.rows[member] = member;
        table.columns->cells[member] = ir_pool(
            ir, (struct prog_const){.type = VALUE_MEMBER, .number = rat_int((int64_t)member), .of = id, .text = NO_INDEX});
    }
    arena_grow(lowering->arena, ir->tables, ir->table_count, ir->table_cap);
    ir->tables[ir->table_count++] = table;
    return (uint32_t)ir->table_count - 1;
}

uint32_t lower_walked_id(struct lowering *lowering, struct decl *walked)
{
    uint32_t id = 0;
    if (walked->kind == DECL_TABLE) {
        return lower_table_id(lowering, walked);
    }
    if (!decl_map_get(&lowering->table_ids, walked, &id)) {
        id = members_table(lowering, walked);
        decl_map_add(lowering, &lowering->table_ids, walked, id);
    }
    return id;
}
