/* Rationals as text "-11/3": writing and reading. */
#include "base/rational_big.h"

/* 38 digits are below 10^38, and that is below 2^127. */
enum { SMALL_DIGITS = 38 };

static size_t digits_at(struct str text, size_t from)
{
    size_t at = from;
    while (at < text.len && text.at[at] >= '0' && text.at[at] <= '9') {
        at++;
    }
    return at - from;
}

static int128 small_number(struct str digits)
{
    int128 n = 0;
    for (size_t i = 0; i < digits.len; i++) {
        n = n * 10 + (digits.at[i] - '0');
    }
    return n;
}

static struct str without_leading_zeros(struct str digits)
{
    size_t zeros = 0;
    while (zeros < digits.len && digits.at[zeros] == '0') {
        zeros++;
    }
    return str_slice(digits, zeros, digits.len);
}

bool rat_parse(struct arena *arena, struct str text, struct rat *out)
{
    bool is_negative = text.len > 0 && text.at[0] == '-';
    size_t at = is_negative;
    size_t len = digits_at(text, at);
    if (len == 0) {
        return false;
    }
    struct str num = without_leading_zeros(str_slice(text, at, at + len));
    struct str den = STR("1");
    at += len;
    if (at < text.len && text.at[at] == '/') {
        at++;
        len = digits_at(text, at);
        den = without_leading_zeros(str_slice(text, at, at + len));
        at += len;
    }
    if (at != text.len || den.len == 0) {
        return false;
    }
    if (num.len <= SMALL_DIGITS && den.len <= SMALL_DIGITS) {
        int128 n = small_number(num);
        *out = rat_of(arena, is_negative ? -n : n, small_number(den));
    } else {
        struct str digits = num.len == 0 ? STR("0") : str_copy(arena, num);
        *out = rat_big_read(arena, is_negative, digits, str_copy(arena, den));
    }
    return true;
}

/* Decimal digits of a (>= 0), ending at `end`; where they begin. */
static char *digits_before(char *end, uint128 a)
{
    while (a >> 64 != 0) {
        *--end = (char)('0' + (int)(a % 10));
        a /= 10;
    }
    uint64_t rest = (uint64_t)a;
    do {
        *--end = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest != 0);
    return end;
}

struct str rat_text(struct arena *arena, struct rat a)
{
    if (a.big != NULL) {
        return rat_big_text(arena, a);
    }
    char text[2 * 40 + 2];
    char *end = text + sizeof text;
    char *at = end;
    if (a.den != 1) {
        at = digits_before(end, (uint128)a.den);
        *--at = '/';
    }
    at = digits_before(at, (uint128)(a.num < 0 ? -a.num : a.num));
    if (a.num < 0) {
        *--at = '-';
    }
    return str_copy(arena, (struct str){at, (size_t)(end - at)});
}
