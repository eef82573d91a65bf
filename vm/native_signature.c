/* Signatures of external functions as texts: "(p: MPa, t: K): kJ/kg". */
#include "vm/native.h"
#include "vm/program_units.h"

static struct str written_unit(const struct program *program, uint32_t unit)
{
    return unit == 0 ? STR("number") : program->texts[program->units[unit].text];
}

struct str native_signature(struct arena *arena, const struct program *program, uint32_t native)
{
    const struct prog_native *declared = &program->natives[native];
    struct buf text = buf_in(arena);
    for (uint32_t k = 0; k < declared->param_count; k++) {
        buf_add(&text, k == 0 ? STR("(") : STR(", "));
        buf_add(&text, written_unit(program, declared->params[k]));
    }
    buf_add(&text, STR("): "));
    buf_add(&text, written_unit(program, declared->unit));
    return buf_str(&text);
}

static struct str trimmed(struct str text)
{
    size_t from = 0;
    size_t to = text.len;
    while (from < to && text.at[from] == ' ') {
        from++;
    }
    while (to > from && text.at[to - 1] == ' ') {
        to--;
    }
    return str_slice(text, from, to);
}

/* Where the character stands outside of brackets, from `from` on; text.len where it does not. */
static size_t find_outside(struct str text, size_t from, char wanted)
{
    int depth = 0;
    for (size_t i = from; i < text.len; i++) {
        if (depth == 0 && text.at[i] == wanted) {
            return i;
        }
        depth += text.at[i] == '(' ? 1 : text.at[i] == ')' ? -1 : 0;
    }
    return text.len;
}

/* Is it the unit, "number" standing for the plain one? */
static bool is_unit(struct program_units *units, uint32_t unit, struct str text)
{
    struct unit read = UNIT_ONE;
    text = trimmed(text);
    bool is_read = str_eq(text, STR("number")) || str_eq(text, STR("1")) ||
                   unit_parse(units->system, text, &read).error == UNIT_OK;
    return is_read && unit_eq(read, units->units[unit]);
}

/* "p: MPa" or "MPa" */
static bool is_param(struct program_units *units, uint32_t unit, struct str text)
{
    size_t colon = find_outside(text, 0, ':');
    return is_unit(units, unit, colon == text.len ? text : str_slice(text, colon + 1, text.len));
}

bool native_fits(const struct program *program, struct program_units *units, uint32_t native, struct str text)
{
    const struct prog_native *declared = &program->natives[native];
    text = trimmed(text);
    if (text.len == 0 || text.at[0] != '(') {
        return false;
    }
    size_t close = find_outside(text, 1, ')');
    struct str params = str_slice(text, 1, close);
    struct str rest = trimmed(str_slice(text, close < text.len ? close + 1 : close, text.len));
    uint32_t count = 0;
    size_t from = 0;
    do {
        size_t comma = find_outside(params, from, ',');
        bool fits =
            count < declared->param_count && is_param(units, declared->params[count], str_slice(params, from, comma));
        if (!fits) {
            return false;
        }
        count++;
        from = comma + 1;
    } while (from <= params.len);
    return count == declared->param_count && rest.len > 1 && rest.at[0] == ':' &&
           is_unit(units, declared->unit, str_slice(rest, 1, rest.len));
}
