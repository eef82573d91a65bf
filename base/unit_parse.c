/* Reading unit texts, and respelling them with the names of the table on the way. */
#include <assert.h>

#include "base/unit.h"
#include "base/utf8.h"

/* Units come from strangers' data and images too: nesting and scales have bounds. */
enum { DEPTH_MAX = 32, SCALE_BITS_MAX = 1024 };

struct reader {
    struct unit_system *system;
    struct str text;
    size_t at;
    int depth;
    bool keeps_system;   /* unknown tags are refused, not added */
    struct buf *spelled; /* what was read, in its canonical spelling; NULL where nobody asks */
    struct unit_parse result;
};

static void spell(struct reader *reader, struct str part)
{
    if (reader->spelled != NULL) {
        buf_add(reader->spelled, part);
    }
}

static bool fail(struct reader *reader, enum unit_error error, size_t from, size_t to)
{
    if (reader->result.error == UNIT_OK) {
        reader->result = (struct unit_parse){error, str_slice(reader->text, from, to)};
    }
    return false;
}

/* The character at the cursor does not belong there. */
static bool fail_here(struct reader *reader)
{
    size_t to = reader->at;
    if (to < reader->text.len) {
        utf8_next(reader->text, &to);
    }
    return fail(reader, UNIT_SYNTAX, reader->at, to);
}

static bool skip(struct reader *reader, struct str mark)
{
    if (!str_starts(str_slice(reader->text, reader->at, reader->text.len), mark)) {
        return false;
    }
    reader->at += mark.len;
    return true;
}

static bool skip_times(struct reader *reader)
{
    return skip(reader, STR("*")) || skip(reader, STR("\u00B7")) || skip(reader, STR("\u22C5"));
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

/* 0 to 9, or -1. */
static int superscript_digit(uint32_t c)
{
    switch (c) {
    case 0x00B9:
        return 1;
    case 0x00B2:
        return 2;
    case 0x00B3:
        return 3;
    default:
        return c == 0x2070 || (c >= 0x2074 && c <= 0x2079) ? (int)(c - 0x2070) : -1;
    }
}

static bool is_superscript(uint32_t c)
{
    return c == 0x207B || superscript_digit(c) >= 0; /* U+207B: minus */
}

/* Letters, digits, superscripts and all that may be part of a name in another script. */
static bool is_symbol_part(uint32_t c)
{
    if (c < 0x80) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '%';
    }
    return c != UTF8_INVALID && c != 0x00B7 && c != 0x22C5 && c != 0x00D7 && c != 0x3000 && c != 0x00A0;
}

/* End of the run of symbol characters that begins at `from`. */
static size_t symbol_end(struct str text, size_t from)
{
    size_t end = from;
    size_t next = from;
    while (next < text.len && is_symbol_part(utf8_next(text, &next))) {
        end = next;
    }
    return end;
}

static uint32_t last_character(struct str text, size_t *start)
{
    *start = text.len - 1;
    while (*start > 0 && ((unsigned char)text.at[*start] & 0xC0) == 0x80) {
        --*start;
    }
    size_t at = *start;
    return utf8_next(text, &at);
}

/* Where the exponent begins that ends the symbol: digits, or superscripts; symbol.len where there is none. */
static size_t exponent_start(struct str symbol)
{
    size_t cut = symbol.len;
    size_t start = 0;
    bool is_raised = symbol.len > 0 && is_superscript(last_character(symbol, &start));
    while (cut > 0) {
        uint32_t c = last_character(str_slice(symbol, 0, cut), &start);
        if (is_raised ? !is_superscript(c) : !is_digit(c)) {
            break;
        }
        cut = start;
    }
    return cut;
}

/* "3", "-1", "⁻²": 1 to UNIT_EXPONENT_MAX in size. Zero and leading zeros are refused. */
static enum unit_error read_exponent(struct str text, int *exponent)
{
    size_t at = 0;
    int size = 0;
    bool is_negative = str_starts(text, STR("-")) || str_starts(text, STR("\u207B"));
    if (is_negative) {
        utf8_next(text, &at);
    }
    if (at == text.len) {
        return UNIT_SYNTAX;
    }
    while (at < text.len) {
        uint32_t c = utf8_next(text, &at);
        int digit = is_digit(c) ? (int)(c - '0') : superscript_digit(c);
        if (digit < 0 || (digit == 0 && size == 0)) {
            return UNIT_SYNTAX;
        }
        size = size * 10 + digit;
        if (size > UNIT_EXPONENT_MAX) {
            return UNIT_TOO_LARGE;
        }
    }
    *exponent = is_negative ? -size : size;
    return UNIT_OK;
}

/* a * b^power, power not zero. */
static bool multiply(struct reader *reader, struct unit a, struct unit b, int power, struct unit *out)
{
    struct arena *arena = reader->system->arena;
    *out = UNIT_ONE;
    if (!kind_mul(a.kind, b.kind, power, &out->kind)) {
        return false;
    }
    out->scale = rat_mul(arena, a.scale, rat_pow(arena, b.scale, power));
    return rat_bits(out->scale) <= SCALE_BITS_MAX;
}

static const struct unit_name *find_name(const struct reader *reader, struct str name)
{
    uint32_t index;
    return map_get(&reader->system->name_index, name, &index) ? &reader->system->names[index] : NULL;
}

bool unit_name_is_power(const struct unit_system *system, struct str name)
{
    int exponent;
    size_t cut = exponent_start(name);
    return cut < name.len && map_get(&system->name_index, str_slice(name, 0, cut), NULL) &&
           read_exponent(str_slice(name, cut, name.len), &exponent) == UNIT_OK;
}

/* Behind the symbol [from, at): "-" digits. */
static size_t negative_exponent_end(const struct reader *reader)
{
    size_t end = reader->at + 1;
    if (reader->at >= reader->text.len || reader->text.at[reader->at] != '-') {
        return reader->at;
    }
    while (end < reader->text.len && is_digit((unsigned char)reader->text.at[end])) {
        end++;
    }
    return end;
}

/* unit^exponent, where an exponent is written. */
static bool raise(struct reader *reader, struct str exponent_text, size_t from, struct unit *unit)
{
    int exponent = 1;
    enum unit_error error = exponent_text.len == 0 ? UNIT_OK : read_exponent(exponent_text, &exponent);
    if (error != UNIT_OK) {
        return fail(reader, error, from, reader->at);
    }
    if (exponent == 1) {
        return true;
    }
    if (reader->spelled != NULL) {
        buf_format(reader->spelled, "%d", exponent);
    }
    return multiply(reader, UNIT_ONE, *unit, exponent, unit) || fail(reader, UNIT_TOO_LARGE, from, reader->at);
}

/* symbol [exponent] */
static bool read_symbol(struct reader *reader, struct unit *out)
{
    size_t from = reader->at;
    size_t end = symbol_end(reader->text, from);
    struct str symbol = str_slice(reader->text, from, end);
    struct str exponent_text = STR("");
    reader->at = end;
    const struct unit_name *name = find_name(reader, symbol);
    if (name == NULL) {
        size_t cut = exponent_start(symbol);
        exponent_text = str_slice(symbol, cut, symbol.len);
        name = find_name(reader, str_slice(symbol, 0, cut));
    }
    if (name == NULL) {
        return fail(reader, UNIT_UNKNOWN, from, end);
    }
    if (exponent_text.len == 0) {
        size_t exponent_end = negative_exponent_end(reader);
        exponent_text = str_slice(reader->text, reader->at, exponent_end);
        reader->at = exponent_end;
    }
    if (name->unit.is_point && (exponent_text.len != 0 || symbol.len != reader->text.len)) {
        return fail(reader, UNIT_POINT, from, end);
    }
    *out = name->unit;
    spell(reader, name->spelling);
    return raise(reader, exponent_text, from, out);
}

/* "{" tag "}", if it is there. */
static bool read_tag(struct reader *reader, struct unit *unit)
{
    if (!skip(reader, STR("{"))) {
        return true;
    }
    size_t from = reader->at;
    reader->at = symbol_end(reader->text, from);
    struct str tag = str_slice(reader->text, from, reader->at);
    if (tag.len == 0 || !skip(reader, STR("}"))) {
        return fail_here(reader);
    }
    struct str braced = str_slice(reader->text, from - 1, reader->at);
    struct unit tagged = UNIT_ONE;
    if (reader->keeps_system && !map_get(&reader->system->generator_index, braced, NULL)) {
        return fail(reader, UNIT_UNKNOWN, from - 1, reader->at);
    }
    if (reader->system->generator_count > UINT16_MAX) {
        return fail(reader, UNIT_TOO_LARGE, from, reader->at - 1);
    }
    spell(reader, braced);
    tagged.kind.factors[0].generator = unit_tag(reader->system, tag);
    tagged.kind.factors[0].exponent = 1;
    tagged.kind.count = 1;
    return multiply(reader, *unit, tagged, 1, unit) || fail(reader, UNIT_TOO_LARGE, from, reader->at - 1);
}

/* symbol [exponent] ["{" tag "}"]. An alias of a product (tkm) goes into brackets below the line. */
static bool read_tagged_symbol(struct reader *reader, bool is_below, struct unit *out)
{
    struct buf *spelled = reader->spelled;
    struct buf own = buf_in(reader->system->arena);
    reader->spelled = spelled == NULL ? NULL : &own;
    bool is_read = read_symbol(reader, out) && read_tag(reader, out);
    reader->spelled = spelled;
    bool is_bracketed = is_below && unit_text_is_product(buf_str(&own));
    spell(reader, is_bracketed ? STR("(") : STR(""));
    spell(reader, buf_str(&own));
    spell(reader, is_bracketed ? STR(")") : STR(""));
    return is_read;
}

static bool read_unit(struct reader *reader, struct unit *out);

/* term = symbol [exponent] ["{" tag "}"] | "(" unit ")" | "1" */
static bool read_term(struct reader *reader, bool is_below, struct unit *out)
{
    size_t from = reader->at;
    if (skip(reader, STR("("))) {
        spell(reader, STR("("));
        if (reader->depth == DEPTH_MAX) {
            return fail(reader, UNIT_TOO_LARGE, from, reader->at);
        }
        reader->depth++;
        if (!read_unit(reader, out)) {
            return false;
        }
        reader->depth--;
        spell(reader, STR(")"));
        return skip(reader, STR(")")) || fail_here(reader);
    }
    size_t end = symbol_end(reader->text, from);
    if (end == from) {
        return fail_here(reader);
    }
    if (!is_digit((unsigned char)reader->text.at[from])) {
        return read_tagged_symbol(reader, is_below, out);
    }
    if (!str_eq(str_slice(reader->text, from, end), STR("1"))) {
        return fail(reader, UNIT_SYNTAX, from, end);
    }
    reader->at = end;
    spell(reader, STR("1"));
    *out = UNIT_ONE;
    return true;
}

/* unit = term { ("·" | "*" | "/") term }, from left to right: a/b/c = a/(b·c), a/b·c = (a/b)·c. */
static bool read_unit(struct reader *reader, struct unit *out)
{
    struct unit unit;
    if (!read_term(reader, false, &unit)) {
        return false;
    }
    for (;;) {
        bool divides = skip(reader, STR("/"));
        if (!divides && !skip_times(reader)) {
            break;
        }
        spell(reader, divides ? STR("/") : STR("\u00B7"));
        size_t from = reader->at;
        struct unit term;
        if (!read_term(reader, divides, &term)) {
            return false;
        }
        if (!multiply(reader, unit, term, divides ? -1 : 1, &unit)) {
            return fail(reader, UNIT_TOO_LARGE, from, reader->at);
        }
    }
    *out = unit;
    return true;
}

static struct unit_parse read_all(struct reader *reader, struct unit *out)
{
    struct unit unit;
    if (read_unit(reader, &unit)) {
        if (reader->at == reader->text.len) {
            *out = unit;
        } else {
            fail_here(reader);
        }
    }
    return reader->result;
}

struct unit_parse unit_parse(struct unit_system *system, struct str text, struct unit *out)
{
    struct reader reader = {.system = system, .text = text};
    return read_all(&reader, out);
}

/* A reader that keeps the system changes nothing in it but takes memory from its arena for numbers. */
static struct reader reader_of_known(const struct unit_system *system, struct str text)
{
    return (struct reader){.system = (struct unit_system *)(uintptr_t)system, .text = text, .keeps_system = true};
}

struct unit_parse unit_parse_known(const struct unit_system *system, struct str text, struct unit *out)
{
    struct reader reader = reader_of_known(system, text);
    return read_all(&reader, out);
}

struct str unit_spelling(struct arena *arena, const struct unit_system *system, struct str written)
{
    struct unit unit;
    struct unit again;
    struct buf spelled = buf_in(arena);
    struct reader reader = reader_of_known(system, written);
    reader.spelled = &spelled;
    if (read_all(&reader, &unit).error != UNIT_OK) {
        return STR("");
    }
    /* A power of an alias may come out as something else: tkm2 is not t·km2. */
    struct str text = buf_str(&spelled);
    bool is_same = unit_parse_known(system, text, &again).error == UNIT_OK && unit_eq(unit, again);
    return is_same ? text : unit_text(arena, system, unit);
}
