#include "vm/data_unit.h"

#include "base/decimal.h"
#include "vm/program_units.h"

enum { MEMO_MAX = 1024, UNIT_TEXT_MAX = 200 };

struct data_units {
    struct unit_system *system;
    const struct program *program;
    struct unit *units; /* by the program's unit */
    struct map memo;    /* unit texts of the data, to indexes of memo_units */
    struct unit memo_units[MEMO_MAX];
};

static struct str program_text(const struct program *program, uint32_t text)
{
    return text < program->text_count ? program->texts[text] : STR("");
}

struct data_units *data_units_new(struct arena *arena, const struct program *program)
{
    struct data_units *units = arena_new(arena, struct data_units);
    struct program_units made = program_units_new(arena, program);
    units->system = made.system;
    units->units = made.units;
    units->program = program;
    units->memo = map_in(arena);
    return units;
}

const struct unit *data_unit_of(const struct data_units *units, uint16_t unit)
{
    return &units->units[unit];
}

struct str data_unit_text(const struct data_units *units, uint16_t unit)
{
    struct str text = program_text(units->program, units->program->units[unit].text);
    return text.len == 0 ? STR("1") : text;
}

struct unit_parse data_unit_read(struct data_units *units, struct str text, struct unit *out)
{
    uint32_t found = 0;
    if (map_get(&units->memo, text, &found)) {
        *out = units->memo_units[found];
        return (struct unit_parse){UNIT_OK, STR("")};
    }
    if (text.len > UNIT_TEXT_MAX) {
        return (struct unit_parse){UNIT_UNKNOWN, text};
    }
    struct arena_mark mark = arena_mark(units->system->arena);
    struct unit_parse result = unit_parse_known(units->system, text, out);
    if (result.error != UNIT_OK) {
        arena_reset(units->system->arena, mark); /* nothing but numbers is lost */
    }
    if (result.error == UNIT_OK && units->memo.count < MEMO_MAX) {
        uint32_t number = (uint32_t)units->memo.count;
        units->memo_units[number] = *out;
        map_add(&units->memo, str_copy(units->memo.arena, text), number);
    }
    return result;
}

struct str data_unit_nearest(const struct data_units *units, struct str word)
{
    return unit_nearest(units->system, word);
}

bool data_unit_fits(const struct unit *from, const struct unit *to)
{
    return kind_eq(from->kind, to->kind) && from->is_point == to->is_point;
}

struct rat data_unit_convert(struct arena *arena, struct rat amount, const struct unit *from, const struct unit *to)
{
    struct rat coherent = rat_mul(arena, amount, from->scale);
    if (from->is_point) {
        coherent = rat_sub(arena, rat_add(arena, coherent, from->offset), to->offset);
    }
    return rat_div(arena, coherent, to->scale);
}

/* --- numbers --- */

static size_t skip_digits(struct str text, size_t from)
{
    while (from < text.len && text.at[from] >= '0' && text.at[from] <= '9') {
        from++;
    }
    return from;
}

size_t number_length(struct str text)
{
    size_t sign = text.len > 0 && (text.at[0] == '-' || text.at[0] == '+');
    size_t end = skip_digits(text, sign);
    if (end == sign) {
        return 0;
    }
    if (end < text.len && text.at[end] == '.' && skip_digits(text, end + 1) > end + 1) {
        end = skip_digits(text, end + 1);
    }
    if (end < text.len && (text.at[end] == 'e' || text.at[end] == 'E')) {
        size_t exponent = end + 1;
        exponent += exponent < text.len && (text.at[exponent] == '-' || text.at[exponent] == '+');
        size_t after = skip_digits(text, exponent);
        end = after > exponent ? after : end;
    }
    return end;
}

/* Signs between the digits of a number, in the countries that have them. Those but the first two only group. */
static const struct str SEPARATORS[] = {
    {".",            1},
    {",",            1},
    {"，",          3},
    {"'",            1},
    {"’",          3},
    {" ",            1},
    {"\xC2\xA0",     2},
    {"\xE2\x80\xAF", 3},
    {"\xE2\x80\x89", 3}
};
enum { FIRST_GROUPING = 3, GROUP_DIGITS = 3 };

/* The separator at the place, if a digit follows it; -1 where there is none. */
static int separator_at(struct str text, size_t at)
{
    for (size_t i = 0; i < countof(SEPARATORS); i++) {
        size_t next = at + SEPARATORS[i].len;
        if (str_starts(str_slice(text, at, text.len), SEPARATORS[i]) && skip_digits(text, next) > next) {
            return (int)i;
        }
    }
    return -1;
}

bool number_is_grouped(struct arena *arena, struct str text, struct str *meant)
{
    size_t sign = text.len > 0 && (text.at[0] == '-' || text.at[0] == '+');
    size_t end = skip_digits(text, sign);
    *meant = STR("");
    if (separator_at(text, number_length(text)) < 0) {
        return false; /* nearly always */
    }
    struct buf digits = buf_in(arena);
    buf_add(&digits, str_slice(text, 0, end));
    size_t separators = 0, last = 0;
    int last_sign = -1;
    bool are_threes = true, are_same = true;
    for (int found; end > sign && (found = separator_at(text, end)) >= 0;) {
        size_t from = end + SEPARATORS[found].len;
        are_threes = are_threes && (separators == 0 || digits.len - last == GROUP_DIGITS);
        are_same = are_same && (separators == 0 || found == last_sign);
        last_sign = found;
        last = digits.len;
        end = skip_digits(text, from);
        buf_add(&digits, str_slice(text, from, end));
        separators++;
    }
    if (separators == 0 || (separators == 1 && last_sign == 0)) {
        return false;
    }
    bool ends_in_three = digits.len - last == GROUP_DIGITS;
    bool is_grouping = last_sign >= FIRST_GROUPING || (separators > 1 && are_same);
    bool is_open = separators == 1 && ends_in_three && !is_grouping; /* "1,200": in one country 1.2, in another 1200 */
    if (is_grouping && are_threes && ends_in_three) {
        *meant = str_copy(arena, buf_str(&digits));
    } else if (!is_grouping && !is_open && are_threes) {
        *meant = str_format(arena, "%.*s.%.*s", (int)last, digits.at, (int)(digits.len - last), digits.at + last);
    }
    return !is_grouping || (are_threes && ends_in_three);
}

/* Digits from the first to the last that is not zero, in the part before any exponent. */
static size_t significant_digits(struct str text)
{
    size_t seen = 0;
    size_t significant = 0;
    for (size_t i = 0; i < text.len && text.at[i] != 'e' && text.at[i] != 'E'; i++) {
        char c = text.at[i];
        bool is_digit = c >= '0' && c <= '9';
        seen += is_digit && (seen > 0 || c != '0');
        significant = is_digit && c != '0' ? seen : significant;
    }
    return significant;
}

static bool is_in_size(double value)
{
    double size = value < 0 ? -value : value;
    return size >= 1e-60 && size <= 1e60;
}

static enum diag_code finish_exact(struct arena *arena, struct data_number *out)
{
    out->value = rat_to_double(out->exact);
    if (rat_sign(out->exact) != 0 && !is_in_size(out->value)) {
        return D_DATA_MAGNITUDE;
    }
    out->is_aside = !rat_eq(rat_of_datum(arena, out->value), out->exact);
    return DIAG_NONE;
}

enum diag_code number_read(struct arena *arena, struct str text, const struct unit *from, const struct unit *to,
                           struct data_number *out)
{
    const size_t always_exact = 15; /* decimals of so many digits are the shortest ones of their doubles */
    if (text.len > NUMBER_TEXT_MAX) {
        return D_DATA_LONG_NUMBER;
    }
    *out = (struct data_number){.value = 0};
    bool is_converted = from != NULL && !unit_eq(*from, *to);
    size_t digits = significant_digits(text);
    if (!is_converted && digits <= always_exact) {
        if (!decimal_to_double(text, &out->value)) {
            return D_DATA_NUMBER_EXPECTED;
        }
        if (digits == 0) {
            out->value = 0; /* "-0" is zero */
            return DIAG_NONE;
        }
        return is_in_size(out->value) ? DIAG_NONE : D_DATA_MAGNITUDE;
    }
    struct rat amount;
    if (!decimal_to_rat(arena, text, &amount)) {
        return number_length(text) == text.len ? D_DATA_MAGNITUDE : D_DATA_NUMBER_EXPECTED;
    }
    out->exact = is_converted ? data_unit_convert(arena, amount, from, to) : amount;
    return finish_exact(arena, out);
}

struct rat number_exact(struct arena *arena, const struct data_number *number)
{
    return number->is_aside ? number->exact : rat_of_datum(arena, number->value);
}
