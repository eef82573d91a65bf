/* The numbers that a total depends on: data, defaults that were taken, factors and cells, each once wherever it is
   read; and groups of them. */
#include <float.h>
#include <stdlib.h>

#include "base/decimal.h"
#include "vm/sensitivity.h"

/* ---- each once ---- */

struct identity {
    int64_t kind, of, a, b, c;
};

static struct influence *influence_of(struct sensing *sensing, const struct spot *spot, const struct ground *ground,
                                      const struct identity *identity)
{
    struct str key = {(const char *)identity, sizeof *identity};
    uint32_t number = 0;
    if (map_get(&sensing->known, key, &number)) {
        return &sensing->influences[number];
    }
    number = (uint32_t)sensing->influence_count;
    arena_grow(sensing->arena, sensing->influences, sensing->influence_count, sensing->influence_cap);
    map_add(&sensing->known, str_copy(sensing->arena, key), number);
    struct influence *influence = &sensing->influences[sensing->influence_count++];
    uint16_t unit = sensing->run->shapes[spot->instruction].unit;
    *influence = (struct influence){.ground = *ground,
                                    .slope = {.by = RAT_ZERO},
                                    .weight = RAT_ZERO,
                                    .value = exact_get(sensing->run, spot->instruction, spot->row).number,
                                    .is_point = sensing->run->program->units[unit].is_point,
                                    .group_of = identity->of};
    influence->ground.instruction = spot->instruction;
    influence->ground.row = spot->row;
    return influence;
}

static void find_datum(const struct sensing *sensing, const struct spot *spot, struct ground *ground,
                       struct identity *identity)
{
    const struct instruction *at = &sensing->run->program->code[spot->instruction];
    ground->kind = GROUND_DATUM;
    ground->field = at->a;
    ground->field_row = sensing->run->axes[at->axis].base + spot->row;
    identity->of = ground->field;
    identity->a = ground->field_row;
}

/* Of a field, each row that lacks it is one more; of other formulas each place of the rule. */
static void find_default(const struct sensing *sensing, const struct spot *spot, struct ground *ground,
                         struct identity *identity)
{
    const struct instruction *at = &sensing->run->program->code[spot->instruction];
    bool is_datum = trace_datum(sensing->trace, at->a, spot->row, &ground->field, &ground->field_row);
    ground->kind = GROUND_DEFAULT;
    identity->of = is_datum ? ground->field : -1 - (int64_t)spot->instruction;
    identity->a = is_datum ? ground->field_row : spot->row;
}

static void find_factor(const struct sensing *sensing, const struct spot *spot, struct ground *ground,
                        struct identity *identity)
{
    struct exact_run *run = sensing->run;
    const struct instruction *at = &run->program->code[spot->instruction];
    const uint32_t operands[LIMIT_FACTOR_KEYS] = {at->a, at->b, at->c};
    int64_t *codes[LIMIT_FACTOR_KEYS] = {&identity->a, &identity->b, &identity->c};
    struct factor_key keys[LIMIT_FACTOR_KEYS];
    for (int k = 0; k < LIMIT_FACTOR_KEYS && operands[k] != NO_OPERAND; k++) {
        *codes[k] = exact_get(run, operands[k], spot->row).code;
    }
    ground->kind = GROUND_FACTOR;
    ground->factor = at->imm;
    ground->value = exact_factor(run, spot->instruction, spot->row, keys);
    identity->of = at->imm;
}

static void find_cell(const struct sensing *sensing, const struct spot *spot, struct ground *ground,
                      struct identity *identity)
{
    const struct exact_run *run = sensing->run;
    const struct instruction *at = &run->program->code[spot->instruction];
    ground->kind = GROUND_CELL;
    ground->table = run->shapes[at->a].of & ~ROW_OF_TABLE;
    ground->column = at->imm;
    ground->table_row = (uint32_t)exact_get(run, at->a, spot->row).code;
    identity->of = ((int64_t)ground->table << 16) + ground->column;
    identity->a = ground->table_row;
}

void sensing_add_influence(struct sensing *sensing, const struct spot *spot)
{
    const struct instruction *at = &sensing->run->program->code[spot->instruction];
    struct ground ground = {.field = NO_INDEX, .factor = NO_INDEX};
    struct identity identity = {0, 0, 0, 0, 0};
    if (sensing->run->shapes[spot->instruction].type != VALUE_NUMBER) {
        return;
    }
    switch (at->op) {
    case OP_FIELD:
        find_datum(sensing, spot, &ground, &identity);
        break;
    case OP_FACTOR:
        find_factor(sensing, spot, &ground, &identity);
        break;
    case OP_COLUMN:
        find_cell(sensing, spot, &ground, &identity);
        break;
    default: /* ELSE */
        find_default(sensing, spot, &ground, &identity);
        break;
    }
    identity.kind = ground.kind;
    struct influence *influence = influence_of(sensing, spot, &ground, &identity);
    influence->slope.by = exact_told(sensing->run, rat_add(sensing->arena, influence->slope.by, spot->slope.by));
    influence->slope.marks |= spot->slope.marks;
    influence->weight = exact_told(sensing->run, rat_mul(sensing->arena, influence->slope.by, influence->value));
}

/* ---- groups ---- */

static struct influence *group_of(struct sensing *groups, const struct influence *influence)
{
    const int64_t identity[2] = {influence->ground.kind, influence->group_of};
    struct str key = {(const char *)identity, sizeof identity};
    uint32_t number = 0;
    if (!map_get(&groups->known, key, &number)) {
        number = (uint32_t)groups->influence_count;
        map_add(&groups->known, str_copy(groups->arena, key), number);
        arena_grow(groups->arena, groups->influences, groups->influence_count, groups->influence_cap);
        groups->influences[groups->influence_count++] = (struct influence){.ground = influence->ground,
                                                                           .slope = {.by = RAT_ZERO},
                                                                           .weight = RAT_ZERO,
                                                                           .is_point = influence->is_point};
    }
    return &groups->influences[number];
}

static void add_to_group(struct sensing *groups, const struct influence *influence)
{
    struct influence *group = group_of(groups, influence);
    group->slope.by = exact_told(groups->run, rat_add(groups->arena, group->slope.by, influence->slope.by));
    group->slope.marks |= influence->slope.marks;
    group->weight = exact_told(groups->run, rat_add(groups->arena, group->weight, influence->weight));
    group->rows++;
}

/* ---- what is told ---- */

/* Equal ones stay in the order in which they were met. */
static int compare_influences(const void *a, const void *b)
{
    const struct zuji_influence *left = &((const struct influence *)a)->told;
    const struct zuji_influence *right = &((const struct influence *)b)->told;
    double of_left = left->has_elasticity ? left->elasticity : 0;
    double of_right = right->has_elasticity ? right->elasticity : 0;
    of_left = of_left < 0 ? -of_left : of_left;
    of_right = of_right < 0 ? -of_right : of_right;
    if (left->has_elasticity != right->has_elasticity) {
        return right->has_elasticity - left->has_elasticity;
    }
    if (of_left > of_right || of_left < of_right) {
        return of_left > of_right ? -1 : 1;
    }
    uint32_t first = ((const struct influence *)a)->number;
    uint32_t second = ((const struct influence *)b)->number;
    return (first > second) - (first < second);
}

/* Derivatives may lie beyond the doubles, where the total does not. */
static double told_number(struct rat number)
{
    double nearest = rat_to_double(number);
    return nearest > DBL_MAX ? DBL_MAX : nearest < -DBL_MAX ? -DBL_MAX : nearest;
}

/* In the order of their ranks. */
static const struct zuji_influence *tell(struct sensing *sensing, struct teller *teller, struct rat total)
{
    bool has_total = rat_sign(total) != 0;
    for (size_t i = 0; i < sensing->influence_count; i++) {
        struct influence *influence = &sensing->influences[i];
        bool has_elasticity = has_total && !influence->is_point;
        influence->number = (uint32_t)(sensing->influence_count - i); /* the walk went backwards */
        influence->told = (struct zuji_influence){
            .derivative = told_number(influence->slope.by),
            .elasticity = has_elasticity ? told_number(rat_div(sensing->arena, influence->weight, total)) : 0,
            .has_elasticity = has_elasticity,
            .is_at_kink = (influence->slope.marks & SLOPE_KINK) != 0,
            .is_rounded = (influence->slope.marks & SLOPE_ROUNDED) != 0,
            .is_partial = (influence->slope.marks & SLOPE_CALLED) != 0,
            .rows = influence->rows};
    }
    if (sensing->influence_count > 1) {
        qsort(sensing->influences, sensing->influence_count, sizeof *sensing->influences, compare_influences);
    }
    struct zuji_influence *told = arena_array(teller->arena, struct zuji_influence, sensing->influence_count);
    for (size_t i = 0; i < sensing->influence_count; i++) {
        told[i] = sensing->influences[i].told;
        told[i].ground = tell_ground(teller, &sensing->influences[i].ground, told[i].rows > 0 ? told[i].rows : 1);
    }
    return told;
}

void sensing_tell_influences(struct sensing *sensing, struct teller *teller, struct rat total,
                             struct zuji_sensitivity *sensitivity)
{
    struct sensing groups = {.run = sensing->run, .arena = sensing->arena, .known = map_in(sensing->arena)};
    sensitivity->influences = tell(sensing, teller, total);
    sensitivity->influence_count = sensing->influence_count;
    for (size_t i = 0; i < sensing->influence_count; i++) {
        add_to_group(&groups, &sensing->influences[i]);
    }
    sensitivity->groups = tell(&groups, teller, total);
    sensitivity->group_count = groups.influence_count;
}
