#include "vm/value_text.h"

#include "base/decimal.h"

#define FAR 1e60 /* beyond the range of data, digits in plain notation say nothing */

struct str value_text_in(struct arena *arena, struct value_unit in, struct rat number)
{
    enum { SHOWN_DIGITS = 6, SHOWN_BITS = 256 };
    number = rat_eq(in.by, RAT_ONE) ? number : rat_mul(arena, number, in.by);
    number = rat_bounded(arena, number, SHOWN_BITS, ENCLOSURE_BITS_FIRST); /* with all its digits if it ends soon */
    double size = rat_to_double(rat_abs(arena, number));
    bool is_shown = !rat_is_enclosure(number) || (size > 1 / FAR && size < FAR);
    struct str figure = is_shown ? rat_decimal(arena, number, SHOWN_DIGITS) : STR("…");
    if (in.text.len == 0 || str_eq(in.text, STR("1"))) {
        return figure;
    }
    return str_join(arena, (const struct str[]){figure, in.text}, 2, STR(" "));
}

struct str value_number_text(struct arena *arena, const struct program *program, uint16_t unit, struct rat number)
{
    return value_text_in(arena, value_unit(arena, program, unit), number);
}
