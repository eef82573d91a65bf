/* What a constant goes by in the reasons of a row: equal constants are one instruction, wherever the rule says them; of
   the places, the one in the flow whose term rests on it, else one outside of flows (a let), else a flow that is there. */
#include "base/map.h"
#include "vm/reasons.h"

/* By naming: the flow whose path it has; NO_INDEX: none. */
static uint32_t *flows_of_namings(struct arena *arena, const struct program *program)
{
    struct map paths = map_in(arena);
    uint32_t *flows = arena_array(arena, uint32_t, program->naming_count);
    for (uint32_t f = 0; f < program->flow_count && program->naming_count > 0; f++) {
        const struct prog_flow *flow = &program->flows[f];
        const struct str names[] = {program->texts[program->stages[flow->stage].name], program->texts[flow->name]};
        map_add(&paths, str_join(arena, names, 2, STR(".")), f);
    }
    for (uint32_t n = 0; n < program->naming_count; n++) {
        uint32_t path = program->namings[n].path;
        flows[n] = NO_INDEX;
        if (path != NO_INDEX) {
            (void)map_get(&paths, program->labels[path], &flows[n]);
        }
    }
    return flows;
}

static uint32_t first_naming(const struct program *program, uint32_t instruction)
{
    uint32_t low = 0;
    uint32_t high = program->naming_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (program->namings[middle].instruction < instruction) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void reason_names_find(struct teller *teller)
{
    const struct program *program = teller->run->program;
    const struct trace *trace = teller->trace;
    struct reason_names *names = &teller->names;
    names->flows = flows_of_namings(trace->arena, program);
    names->first = arena_array(trace->arena, uint32_t, trace->ground_count);
    names->count = arena_array(trace->arena, uint32_t, trace->ground_count);
    names->slots = arena_array(trace->arena, uint32_t, trace->ground_count + 1);
    for (size_t g = 0; g < trace->ground_count; g++) {
        const struct ground *ground = &trace->grounds[g];
        if (ground->kind == GROUND_CONSTANT) {
            uint32_t first = first_naming(program, ground->instruction);
            uint32_t end = first;
            while (end < program->naming_count && program->namings[end].instruction == ground->instruction) {
                end++;
            }
            names->first[g] = first;
            names->count[g] = end - first;
        }
        names->slots[g + 1] = names->slots[g] + (names->count[g] > 1 ? names->count[g] : 1);
    }
}

static bool is_given(const struct program *program, const struct outcome_row *row, uint32_t flow)
{
    for (uint32_t p = 0; p < program->part_count; p++) {
        if (program->parts[p].flow == flow && row->part_given[p] && row->stage_given[program->flows[flow].stage]) {
            return true;
        }
    }
    return false;
}

uint32_t reason_slot(const struct teller *teller, uint32_t ground, uint32_t flow, uint32_t row)
{
    const struct reason_names *names = &teller->names;
    const struct program *program = teller->run->program;
    uint32_t best = 0;
    int best_rank = 0;
    for (uint32_t n = 0; n < names->count[ground] && names->count[ground] > 1; n++) {
        uint32_t of = names->flows[names->first[ground] + n];
        int rank = of == flow ? 3 : of == NO_INDEX ? 2 : is_given(program, &teller->run->outcome->rows[row], of) ? 1 : 0;
        if (rank > best_rank) {
            best = n;
            best_rank = rank;
        }
    }
    return names->slots[ground] + best;
}

const struct prog_naming *reason_naming(const struct teller *teller, uint32_t ground, uint32_t slot)
{
    const struct reason_names *names = &teller->names;
    uint32_t number = slot - names->slots[ground];
    return number < names->count[ground] ? &teller->run->program->namings[names->first[ground] + number] : NULL;
}
