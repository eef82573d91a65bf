/* Needs as sets of cubes, and their way from axis to axis. */
#include <string.h>

#include "compiler/ir_need.h"

enum {
    CUBES_MAX = 16,   /* more are joined to one literal */
    LITERALS_MAX = 32 /* likewise: conditions that nest deep would otherwise be copied at every step */
};

/* ---- literals and cubes ---- */

static bool cube_has(const struct cube *cube, uint32_t literal)
{
    for (size_t i = 0; i < cube->count; i++) {
        if (cube->literals[i] == literal) {
            return true;
        }
    }
    return false;
}

static bool cube_is_within(const struct cube *small, const struct cube *large)
{
    for (size_t i = 0; i < small->count; i++) {
        if (!cube_has(large, small->literals[i])) {
            return false;
        }
    }
    return true;
}

static uint32_t cube_value(struct ir *ir, const struct cube *cube);

/* cube AND literal; false where that never holds. */
static bool cube_add_literal(struct ir *ir, struct cube *cube, uint32_t literal)
{
    if (cube_has(cube, literal ^ 1U)) {
        return false;
    }
    if (!cube_has(cube, literal)) {
        uint32_t joined = cube->count < LITERALS_MAX ? IR_ERROR : cube_value(ir, cube);
        uint32_t *literals = arena_array(ir->arena, uint32_t, cube->count + 1);
        if (joined != IR_ERROR) {
            cube->count = 0;
            literals[cube->count++] = joined * 2;
            literals[cube->count++] = literal;
            cube->literals = literals;
            return true;
        }
        for (size_t i = 0; i < cube->count; i++) {
            literals[i] = cube->literals[i];
        }
        literals[cube->count++] = literal;
        cube->literals = literals;
    }
    return true;
}

bool cube_add(struct ir *ir, struct cube *cube, uint32_t node, bool is_negated)
{
    const struct instruction *in = &ir->nodes[node].in;
    if (ir_is_constant(ir, node)) {
        return ir_is_true(ir, node) != is_negated;
    }
    if (in->op == OP_NOT) {
        return cube_add(ir, cube, in->a, !is_negated);
    }
    if (in->op == (is_negated ? OP_OR : OP_AND)) {
        uint32_t second = in->b;
        return cube_add(ir, cube, in->a, is_negated) && cube_add(ir, cube, second, is_negated);
    }
    return cube_add_literal(ir, cube, node * 2 + is_negated);
}

static struct cube cube_without(struct arena *arena, const struct cube *cube, uint32_t literal)
{
    struct cube rest = {arena_array(arena, uint32_t, cube->count), 0};
    for (size_t i = 0; i < cube->count; i++) {
        if (cube->literals[i] != literal) {
            rest.literals[rest.count++] = cube->literals[i];
        }
    }
    return rest;
}

/* ---- needs ---- */

static bool need_is_everywhere(const struct need *need)
{
    return need->count == 1 && need->cubes[0].count == 0;
}

static void need_drop(struct need *need, size_t at)
{
    memmove(&need->cubes[at], &need->cubes[at + 1], (need->count - at - 1) * sizeof *need->cubes);
    need->count--;
}

/* The literal in which two cubes differ, if they differ in the sign of one literal only. */
static bool differ_in_sign(const struct cube *a, const struct cube *b, uint32_t *literal)
{
    size_t different = 0;
    if (a->count != b->count) {
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        if (!cube_has(b, a->literals[i])) {
            if (!cube_has(b, a->literals[i] ^ 1U) || ++different > 1) {
                return false;
            }
            *literal = a->literals[i];
        }
    }
    return different == 1;
}

static bool need_has_within(const struct need *need, const struct cube *cube)
{
    for (size_t i = 0; i < need->count; i++) {
        if (cube_is_within(&need->cubes[i], cube)) {
            return true;
        }
    }
    return false;
}

/* Takes out a cube that differs from `cube` in one sign only; `cube` then loses that literal. */
static bool need_merge(struct arena *arena, struct need *need, struct cube *cube)
{
    uint32_t literal = 0;
    for (size_t i = 0; i < need->count; i++) {
        if (differ_in_sign(cube, &need->cubes[i], &literal)) {
            *cube = cube_without(arena, cube, literal);
            need_drop(need, i);
            return true;
        }
    }
    return false;
}

void need_add(struct ir *ir, struct need *need, struct cube cube)
{
    do {
        if (need_has_within(need, &cube)) {
            return;
        }
        for (size_t i = need->count; i-- > 0;) {
            if (cube_is_within(&cube, &need->cubes[i])) {
                need_drop(need, i);
            }
        }
    } while (need_merge(ir->arena, need, &cube));
    arena_grow(ir->arena, need->cubes, need->count, need->cap);
    need->cubes[need->count++] = cube;
    if (need->count > CUBES_MAX) {
        uint32_t joined = need_value(ir, need);
        need->count = 0;
        struct cube one = {NULL, 0};
        if (joined != IR_ERROR && cube_add_literal(ir, &one, joined * 2)) {
            need_add(ir, need, one);
        }
    }
}

void need_add_all(struct ir *ir, struct need *need, const struct need *other)
{
    for (size_t i = 0; i < other->count; i++) {
        need_add(ir, need, other->cubes[i]);
    }
}

static uint32_t literal_value(struct ir *ir, uint32_t literal)
{
    return literal & 1U ? ir_not(ir, literal_node(literal)) : literal_node(literal);
}

static uint32_t cube_value(struct ir *ir, const struct cube *cube)
{
    uint32_t value = ir_bool(ir, true);
    for (size_t i = 0; i < cube->count; i++) {
        value = ir_and(ir, value, literal_value(ir, cube->literals[i]));
    }
    return value;
}

uint32_t need_value(struct ir *ir, const struct need *need)
{
    if (need_is_everywhere(need)) {
        return NO_OPERAND;
    }
    uint32_t value = ir_bool(ir, false);
    for (size_t i = 0; i < need->count; i++) {
        value = ir_or(ir, value, cube_value(ir, &need->cubes[i]));
    }
    return value;
}

/* ---- from axis to axis ---- */

struct need need_inwards(struct ir *ir, const struct need *need, uint16_t axis)
{
    struct need inner = {0};
    for (size_t i = 0; i < need->count; i++) {
        struct cube cube = {NULL, 0};
        for (size_t k = 0; k < need->cubes[i].count; k++) {
            uint32_t literal = need->cubes[i].literals[k];
            uint32_t node = ir_to_axis(ir, literal_node(literal), axis);
            if (node != IR_ERROR) {
                cube_add_literal(ir, &cube, node * 2 + (literal & 1U));
            }
        }
        need_add(ir, &inner, cube);
    }
    return inner;
}

/* Parts of a cube on `axis`: literals that are spread from outside it (as literals of the parent axis), and the rest.
 */
static void part_cube(struct ir *ir, uint16_t axis, const struct cube *cube, struct cube *outer, struct cube *inner)
{
    uint16_t parent = ir->axes[axis].parent;
    for (size_t i = 0; i < cube->count; i++) {
        uint32_t literal = cube->literals[i];
        const struct instruction *in = &ir->nodes[literal_node(literal)].in;
        uint32_t from = in->a;
        if (in->op == OP_SPREAD &&
            (ir_axis_of(ir, from) == parent || ir_axis_encloses(ir, ir_axis_of(ir, from), parent))) {
            uint32_t node = ir_to_axis(ir, from, parent);
            cube_add_literal(ir, outer, node * 2 + (literal & 1U));
        } else {
            cube_add_literal(ir, inner, literal);
        }
    }
}

static bool cubes_equal(const struct cube *a, const struct cube *b)
{
    return a->count == b->count && cube_is_within(a, b);
}

struct need need_outwards(struct ir *ir, const struct need *need, uint16_t axis)
{
    struct need result = {0};
    struct cube *outer = arena_array(ir->arena, struct cube, need->count);
    struct cube *inner = arena_array(ir->arena, struct cube, need->count);
    for (size_t i = 0; i < need->count; i++) {
        part_cube(ir, axis, &need->cubes[i], &outer[i], &inner[i]);
    }
    for (size_t i = 0; i < need->count; i++) {
        struct need rows = {0};
        bool is_first = true;
        for (size_t k = 0; k < need->count; k++) {
            if (cubes_equal(&outer[i], &outer[k])) {
                is_first = is_first && k >= i;
                need_add(ir, &rows, inner[k]);
            }
        }
        if (is_first) {
            uint32_t row = need_value(ir, &rows);
            uint32_t any = ir_any(ir, axis, row == NO_OPERAND ? ir_bool(ir, true) : row, NO_OPERAND);
            if (any != IR_ERROR && cube_add(ir, &outer[i], any, false)) {
                need_add(ir, &result, outer[i]);
            }
        }
    }
    return result;
}
