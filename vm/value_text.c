#include "vm/value_text.h"

#include "base/decimal.h"
#include "base/diag.h"

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

/* ---- members ---- */

static bool is_ascii(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.at[i] > 0x7F) {
            return false;
        }
    }
    return true;
}

struct str value_member_spelling(const struct program *program, const struct prog_member *member, bool is_english)
{
    struct str code = program->texts[member->code];
    struct str found = is_ascii(code) == is_english ? code : program->texts[member->name];
    for (uint32_t i = 0; i < member->aliases.count && is_ascii(found) != is_english; i++) {
        found = program->labels[member->aliases.labels[i]];
    }
    return is_ascii(found) == is_english ? found : code;
}

static struct str chinese_member(struct arena *arena, const struct program *program, const struct prog_member *member)
{
    struct str english = value_member_spelling(program, member, true);
    struct str chinese = value_member_spelling(program, member, false);
    bool is_one = str_eq(english, chinese);
    return is_one ? chinese : str_format(arena, "%.*s（%.*s）", STR_FMT(chinese), STR_FMT(english));
}

struct str value_member_text(struct arena *arena, const struct program *program, uint32_t choice, uint32_t member)
{
    const struct prog_member *of = &program->choices[choice].members[member];
    return diag_both(arena, value_member_spelling(program, of, true), chinese_member(arena, program, of));
}

struct str value_members_text(struct arena *arena, const struct program *program, uint32_t choice)
{
    enum { SHOWN_MAX = 8 };
    const struct prog_choice *declared = &program->choices[choice];
    struct buf en = buf_in(arena);
    struct buf zh = buf_in(arena);
    for (uint32_t i = 0; i < declared->member_count && i < SHOWN_MAX; i++) {
        const struct prog_member *member = &declared->members[i];
        buf_format(&en, "%s%.*s", i == 0 ? "" : ", ", STR_FMT(value_member_spelling(program, member, true)));
        buf_format(&zh, "%s%.*s", i == 0 ? "" : "、", STR_FMT(chinese_member(arena, program, member)));
    }
    if (declared->member_count > SHOWN_MAX) {
        buf_add(&en, STR(", …"));
        buf_add(&zh, STR("、…"));
    }
    return diag_both(arena, buf_str(&en), buf_str(&zh));
}
