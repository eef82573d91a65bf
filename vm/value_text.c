#include "vm/value_text.h"

#include "base/decimal.h"

struct str value_number_text(struct arena *arena, const struct program *program, uint16_t unit, struct rat number)
{
    enum { SHOWN_DIGITS = 6, SHOWN_BITS = 256 };
    const struct prog_unit *in = &program->units[unit];
    struct str figure = rat_bits(number) <= SHOWN_BITS ? rat_decimal(arena, number, SHOWN_DIGITS) : STR("…");
    struct str name = program->texts[in->text];
    if (in->kind.count == 0 && (name.len == 0 || str_eq(name, STR("1")))) {
        return figure;
    }
    return str_join(arena, (const struct str[]){figure, name}, 2, STR(" "));
}
