/* Numbers in the formulas of a sheet are whole, or fractions of whole ones: in some locales 0.5 is no number, or
   another one. */
#include <stdlib.h>
#include <string.h>

#include "cli/sheet.h"

struct sheet_decimal sheet_decimal(double number)
{
    char text[32];
    struct sheet_decimal decimal = {.count = 0};
    bool is_behind_point = false;
    zuji_number_text(number, text);
    const char *at = text;
    decimal.is_negative = *at == '-';
    for (at += decimal.is_negative; *at != '\0' && *at != 'e' && *at != 'E'; at++) {
        is_behind_point = is_behind_point || *at == '.';
        if (*at != '.') {
            decimal.exponent -= is_behind_point;
            decimal.count += decimal.count > 0 || *at != '0';
            decimal.digits[decimal.count > 0 ? decimal.count - 1 : 0] = *at;
        }
    }
    decimal.exponent += *at == '\0' ? 0 : atoi(at + 1);
    while (decimal.count > 0 && decimal.digits[decimal.count - 1] == '0') {
        decimal.count--;
        decimal.exponent++;
    }
    if (decimal.count == 0) {
        return (struct sheet_decimal){.digits = "0"};
    }
    decimal.digits[decimal.count] = '\0';
    return decimal;
}

/* What people write has fewer digits. */
enum { DIGITS_SHORT = 15, ZEROS_MAX = 6, DENOMINATOR_MAX = 100000, NUMERATOR_MAX = 1000000000 };

static bool is_short(double number)
{
    return sheet_decimal(number).count <= DIGITS_SHORT;
}

/* A fraction of small numbers that is this double, by continued fractions: 11/3. */
static bool find_fraction(double number, long *over, long *under)
{
    double size = number < 0 ? -number : number;
    double rest = size;
    long h[2] = {1, 0};
    long k[2] = {0, 1};
    while (rest < NUMERATOR_MAX) {
        long whole = (long)rest;
        if ((k[0] > 0 && whole > (DENOMINATOR_MAX - k[1]) / k[0]) ||
            (h[0] > 0 && whole > (NUMERATOR_MAX - h[1]) / h[0])) {
            return false;
        }
        long next_h = whole * h[0] + h[1];
        long next_k = whole * k[0] + k[1];
        h[1] = h[0], h[0] = next_h;
        k[1] = k[0], k[0] = next_k;
        if ((double)next_h / (double)next_k == size) {
            *over = number < 0 ? -next_h : next_h;
            *under = next_k;
            return true;
        }
        if (rest - (double)whole <= 0) {
            return false;
        }
        rest = 1 / (rest - (double)whole);
    }
    return false;
}

/* 945/1000, 12/10^9, 15*10^20 */
static void add_decimal(struct buf *out, double number, enum sheet_binding around)
{
    struct sheet_decimal decimal = sheet_decimal(number);
    int exponent = decimal.exponent;
    bool is_whole = exponent >= 0 && decimal.count + (size_t)exponent <= DIGITS_SHORT;
    enum sheet_binding binding = decimal.is_negative ? BINDS_NOTHING : is_whole ? BINDS_ALL : BINDS_PRODUCT;
    buf_add(out, binding < around ? STR("(") : STR(""));
    buf_format(out, "%s%s", decimal.is_negative ? "-" : "", decimal.digits);
    if (is_whole || (exponent < 0 && -exponent <= ZEROS_MAX)) {
        buf_add(out, is_whole ? STR("") : STR("/1"));
        for (int i = 0; i < abs(exponent); i++) {
            buf_char(out, '0');
        }
    } else {
        buf_format(out, "%s10^%d", exponent < 0 ? "/" : "*", abs(exponent));
    }
    buf_add(out, binding < around ? STR(")") : STR(""));
}

void sheet_add_number(struct buf *out, double number, enum sheet_binding around)
{
    long over;
    long under;
    if (is_short(number) || !find_fraction(number, &over, &under)) {
        add_decimal(out, number, around);
        return;
    }
    bool is_bracketed = over < 0 || around > BINDS_PRODUCT;
    buf_format(out, is_bracketed ? "(%ld/%ld)" : "%ld/%ld", over, under);
}

/* "*1000", "/3600", "*11/3" */
void sheet_add_times(struct buf *out, double by)
{
    if (by == 1) {
        return;
    }
    double inverse = 1 / by;
    bool is_divided = !is_short(by) && is_short(inverse) && 1 / inverse == by;
    buf_char(out, is_divided ? '/' : '*');
    sheet_add_number(out, is_divided ? inverse : by, is_divided ? BINDS_POWER : BINDS_PRODUCT);
}

/* Without an exponent as long as it can be read: with one, spreadsheets show three digits. */
static struct str written_out(struct arena *arena, double number)
{
    enum { PLACES_MAX = 40 };
    char text[32];
    struct sheet_decimal decimal = sheet_decimal(number);
    int before = (int)decimal.count + decimal.exponent; /* digits before the point */
    zuji_number_text(number, text);
    if (strchr(text, 'e') == NULL || before > PLACES_MAX || -decimal.exponent > PLACES_MAX) {
        return str_format(arena, "%s", text);
    }
    struct buf out = buf_in(arena);
    buf_add(&out, str_of(decimal.is_negative ? "-" : ""));
    buf_add(&out, before <= 0 ? STR("0.") : STR(""));
    for (int place = before < 0 ? before : 0; place < (int)decimal.count || place < before; place++) {
        buf_add(&out, place > 0 && place == before ? STR(".") : STR(""));
        buf_char(&out, place >= 0 && place < (int)decimal.count ? decimal.digits[place] : '0');
    }
    return buf_str(&out);
}

struct str sheet_plain(struct arena *arena, double number, bool may_divide)
{
    long over;
    long under;
    if (may_divide && !is_short(number) && find_fraction(number, &over, &under)) {
        return str_format(arena, "=%ld/%ld", over, under);
    }
    return written_out(arena, number);
}

static bool is_like(const char *text, const char *pattern) /* 9: a digit */
{
    size_t i = 0;
    for (; pattern[i] != '\0' && text[i] != '\0'; i++) {
        bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (pattern[i] == '9' ? !is_digit : text[i] != pattern[i]) {
            return false;
        }
    }
    return pattern[i] == text[i];
}

bool sheet_number(const struct zuji_value *value, double *number)
{
    enum { DAYS_BEFORE_1970 = 25569 }; /* spreadsheets count from 1899-12-30 */
    bool is_truth = strcmp(value->text, "true") == 0 || strcmp(value->text, "false") == 0;
    bool is_day = is_like(value->text, "9999-99-99");
    bool is_year = is_like(value->text, "9999") && value->number != 0;
    *number = value->number + (!value->is_number && is_day ? DAYS_BEFORE_1970 : 0);
    return value->is_number || is_truth || is_day || is_year;
}
