/* Needs: on which rows of an axis a value is needed. A need is an OR of cubes, a cube an AND of literals (bool nodes on
   the axis, or their negations). Kept small: what lies within another cube goes, and very many become one node. Memory
   is the arena's of the ir. */
#ifndef ZUJI_COMPILER_IR_NEED_H
#define ZUJI_COMPILER_IR_NEED_H

#include "compiler/ir.h"

struct cube {
    uint32_t *literals; /* node * 2 + is_negated, in the order in which they may be asked */
    size_t count;
};

struct need {
    struct cube *cubes; /* none: not needed; one without literals: everywhere */
    size_t count, cap;
};

static inline uint32_t literal_node(uint32_t literal)
{
    return literal / 2;
}

/* cube AND condition (negated or not); ANDs are taken apart. False where that never holds. */
bool cube_add(struct ir *ir, struct cube *cube, uint32_t node, bool is_negated);

/* need OR cube, kept small: m or (m and c) is m; (m and c) or (m and not c) is m. */
void need_add(struct ir *ir, struct need *need, struct cube cube);
void need_add_all(struct ir *ir, struct need *need, const struct need *other);

/* The need as a bool node; NO_OPERAND where it is everywhere. */
uint32_t need_value(struct ir *ir, const struct need *need);

/* From the axis around `axis` to `axis`; and from `axis` to its parent: where any of the rows inside needs it. */
struct need need_inwards(struct ir *ir, const struct need *need, uint16_t axis);
struct need need_outwards(struct ir *ir, const struct need *need, uint16_t axis);

#endif
