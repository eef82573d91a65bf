/* What lies in what, by the axes of a program. */
#include "vm/program.h"

static bool is_around(const struct program *program, uint16_t outer, uint16_t axis)
{
    while (axis > outer) { /* parents have smaller numbers */
        axis = program->axes[axis].parent;
    }
    return axis == outer;
}

bool program_axis_sees(const struct program *program, uint16_t axis, uint16_t of)
{
    return is_around(program, of, axis) || program_visiting_axis(program, axis, of) != AXIS_ID_CONSTANT;
}

uint16_t program_visiting_axis(const struct program *program, uint16_t axis, uint16_t of)
{
    if (is_around(program, of, axis)) {
        return AXIS_ID_CONSTANT;
    }
    for (; axis > AXIS_ID_PRODUCT; axis = program->axes[axis].parent) {
        const struct prog_axis *shape = &program->axes[axis];
        if (shape->kind == AXIS_PAIR && is_around(program, of, (uint16_t)shape->list)) {
            return axis;
        }
    }
    return AXIS_ID_CONSTANT;
}
