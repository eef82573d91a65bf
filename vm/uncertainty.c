#include "vm/uncertainty.h"

#include <math.h>

#include "base/decimal.h"
#include "base/sha256.h"
#include "vm/functions.h"
#include "vm/random.h"
#include "vm/record.h"

/* ---- the text ---- */

static const struct {
    const char *name;
    enum distribution kind;
} NAMES[] = {
    {"normal",             DISTRIBUTION_NORMAL    },
    {"正态",             DISTRIBUTION_NORMAL    },
    {"正态分布",       DISTRIBUTION_NORMAL    },
    {"lognormal",          DISTRIBUTION_LOGNORMAL },
    {"对数正态",       DISTRIBUTION_LOGNORMAL },
    {"对数正态分布", DISTRIBUTION_LOGNORMAL },
    {"triangular",         DISTRIBUTION_TRIANGULAR},
    {"三角",             DISTRIBUTION_TRIANGULAR},
    {"三角分布",       DISTRIBUTION_TRIANGULAR},
    {"uniform",            DISTRIBUTION_UNIFORM   },
    {"均匀",             DISTRIBUTION_UNIFORM   },
    {"均匀分布",       DISTRIBUTION_UNIFORM   },
};

/* A sign of the language or its full-width form at the beginning of the text: its length; 0: it is not there. */
static size_t sign_length(struct str text, struct str sign, struct str wide)
{
    return str_starts(text, sign) ? sign.len : str_starts(text, wide) ? wide.len : 0;
}

static size_t opening(struct str text)
{
    return sign_length(text, STR("("), STR("（"));
}

/* The distribution whose name stands at the beginning, with a bracket behind it; *rest begins behind the bracket. */
static enum distribution named(struct str text, struct str *rest)
{
    for (size_t i = 0; i < countof(NAMES); i++) {
        struct str name = str_of(NAMES[i].name);
        struct str behind = str_starts(text, name) ? str_trim(str_slice(text, name.len, text.len)) : STR("");
        size_t bracket = opening(behind);
        if (bracket > 0) {
            *rest = str_slice(behind, bracket, behind.len);
            return NAMES[i].kind;
        }
    }
    return DISTRIBUTION_NONE;
}

bool uncertainty_is_named(struct str text)
{
    struct str rest;
    return named(str_trim(text), &rest) != DISTRIBUTION_NONE;
}

/* What stands between the brackets, divided at commas; false where the last bracket is missing. */
static bool split(struct str rest, struct str parts[2], size_t *count)
{
    size_t close = str_ends(rest, STR(")")) ? 1 : str_ends(rest, STR("）")) ? STR("）").len : 0;
    struct str inside = str_slice(rest, 0, rest.len - close);
    *count = 0;
    for (size_t from = 0, at = 0; at <= inside.len && *count < 2; at++) {
        struct str behind = str_slice(inside, at, inside.len);
        size_t comma = sign_length(behind, STR(","), STR("，"));
        if (comma > 0 || behind.len == 0) {
            parts[(*count)++] = str_trim(str_slice(inside, from, at));
            from = at + comma;
            at += comma > 1 ? comma - 1 : 0;
        }
        if (*count == 2 && behind.len > 0) {
            return false; /* a third */
        }
    }
    return close > 0;
}

/* ---- its numbers ---- */

struct reading {
    struct arena *arena;
    struct data_units *units;
    const struct unit *unit; /* of the number that is uncertain */
    struct str unit_text;
    struct str written; /* the whole text, for messages */
    struct rat number;
    struct str *args;
};

struct parameter {
    struct rat number;
    struct str unit; /* empty: none */
    bool is_percent;
};

static enum diag_code refuse(const struct reading *reading, enum diag_code code, struct str a, struct str b)
{
    reading->args[0] = excerpt_of(reading->arena, reading->written);
    reading->args[1] = a;
    reading->args[2] = b;
    return code;
}

static enum diag_code refuse_syntax(const struct reading *reading)
{
    return refuse(reading, D_UNCERTAINTY_SYNTAX, STR(""), STR(""));
}

static enum diag_code refuse_unit(const struct reading *reading, struct str unit)
{
    return refuse(reading, D_UNCERTAINTY_UNIT, excerpt_of(reading->arena, unit), reading->unit_text);
}

static bool is_plain(const struct reading *reading)
{
    return reading->unit->kind.count == 0;
}

static bool read_parameter(const struct reading *reading, struct str text, struct parameter *parameter)
{
    size_t len = number_length(text);
    if (len == 0 || len > NUMBER_TEXT_MAX ||
        !decimal_to_rat(reading->arena, str_slice(text, 0, len), &parameter->number)) {
        return false;
    }
    parameter->unit = str_trim(str_slice(text, len, text.len));
    parameter->is_percent = str_eq(parameter->unit, STR("%")) || str_eq(parameter->unit, STR("％"));
    return true;
}

/* The word in front of a parameter, in either language; false where it is another. */
static bool take_word(struct str *text, const char *english, const char *chinese)
{
    size_t len = sign_length(*text, str_of(english), str_of(chinese));
    struct str rest = str_trim(str_slice(*text, len, text->len));
    bool is_word = len > 0 && number_length(rest) > 0;
    *text = is_word ? rest : *text;
    return is_word;
}

static struct rat share_of(const struct reading *reading, const struct parameter *percent)
{
    struct rat share = rat_div(reading->arena, percent->number, rat_int(100));
    return rat_mul(reading->arena, share, rat_abs(reading->arena, reading->number));
}

/* An amount in the unit of the number: a place on its scale, or a difference. */
static enum diag_code convert(const struct reading *reading, struct parameter *parameter, bool is_difference)
{
    struct unit from;
    struct unit to = *reading->unit;
    if (parameter->unit.len == 0) {
        return DIAG_NONE;
    }
    if (data_unit_read(reading->units, parameter->is_percent ? STR("%") : parameter->unit, &from).error != UNIT_OK) {
        return refuse_unit(reading, parameter->unit);
    }
    if (is_difference) {
        from.is_point = false;
        to.is_point = false;
    }
    if (!data_unit_fits(&from, &to)) {
        return refuse_unit(reading, parameter->unit);
    }
    parameter->number = data_unit_convert(reading->arena, parameter->number, &from, &to);
    return DIAG_NONE;
}

static bool is_in_size(double value)
{
    double size = value < 0 ? -value : value;
    return value == 0 || (size >= 1e-60 && size <= 1e60);
}

/* ---- the distributions ---- */

/* Of a plain number 5 % may be a part of it, or 0.05. */
static enum diag_code read_deviation(const struct reading *reading, struct str text, struct uncertainty *out)
{
    struct parameter deviation;
    bool is_relative = take_word(&text, "rsd", "相对标准差");
    if ((!is_relative && !take_word(&text, "sd", "标准差")) || !read_parameter(reading, text, &deviation) ||
        (is_relative && !deviation.is_percent)) {
        return refuse_syntax(reading);
    }
    if (deviation.is_percent && reading->unit->is_point) {
        return refuse_unit(reading, deviation.unit);
    }
    if (deviation.is_percent && !is_relative && is_plain(reading)) {
        struct str percents = rat_decimal(reading->arena, deviation.number, 15);
        struct rat share = rat_div(reading->arena, deviation.number, rat_int(100));
        struct rat amount = rat_div(reading->arena, share, reading->unit->scale);
        return refuse(reading, D_UNCERTAINTY_PERCENT, percents, rat_decimal(reading->arena, amount, 15));
    }
    if (deviation.is_percent) {
        deviation.number = share_of(reading, &deviation);
    } else {
        enum diag_code problem = convert(reading, &deviation, true);
        if (problem != DIAG_NONE) {
            return problem;
        }
    }
    out->a = rat_to_double(deviation.number);
    bool is_good = rat_sign(deviation.number) >= 0 && is_in_size(out->a);
    return is_good ? DIAG_NONE : refuse(reading, D_UNCERTAINTY_PARAMETER, STR(""), STR(""));
}

static enum diag_code read_geometric(const struct reading *reading, struct str text, struct uncertainty *out)
{
    struct parameter deviation;
    if (!take_word(&text, "gsd", "几何标准差") || !read_parameter(reading, text, &deviation) ||
        deviation.unit.len > 0) {
        return refuse_syntax(reading);
    }
    bool is_good = rat_cmp(reading->arena, deviation.number, rat_int(1)) >= 0 &&
                   rat_cmp(reading->arena, deviation.number, rat_int(1000)) <= 0;
    out->a = is_good ? function_ln(rat_to_double(deviation.number)) : 0;
    return is_good ? DIAG_NONE : refuse(reading, D_UNCERTAINTY_PARAMETER, STR(""), STR(""));
}

static enum diag_code read_limits(const struct reading *reading, const struct str texts[2], struct uncertainty *out)
{
    struct parameter limits[2];
    if (!read_parameter(reading, texts[0], &limits[0]) || !read_parameter(reading, texts[1], &limits[1])) {
        return refuse_syntax(reading);
    }
    bool is_relative = !is_plain(reading) && limits[0].is_percent;
    if (is_relative != (!is_plain(reading) && limits[1].is_percent)) {
        return refuse_syntax(reading);
    }
    for (int k = 0; k < 2; k++) {
        if (is_relative && reading->unit->is_point) {
            return refuse_unit(reading, limits[k].unit);
        }
        enum diag_code problem = is_relative ? DIAG_NONE : convert(reading, &limits[k], false);
        if (problem != DIAG_NONE) {
            return problem;
        }
        if (is_relative) {
            limits[k].number = rat_add(reading->arena, reading->number, share_of(reading, &limits[k]));
        }
    }
    out->a = rat_to_double(limits[0].number);
    out->b = rat_to_double(limits[1].number);
    bool is_around = rat_cmp(reading->arena, limits[0].number, reading->number) <= 0 &&
                     rat_cmp(reading->arena, reading->number, limits[1].number) <= 0 && out->a < out->b &&
                     is_in_size(out->a) && is_in_size(out->b);
    return is_around ? DIAG_NONE
                     : refuse(reading, D_UNCERTAINTY_LIMITS, rat_decimal(reading->arena, reading->number, 15),
                              reading->unit_text);
}

enum diag_code uncertainty_read(struct arena *arena, struct data_units *units, struct str text, struct uncertain of,
                                struct uncertainty *out, struct str args[3])
{
    struct reading reading = {.arena = arena,
                              .units = units,
                              .unit = of.unit,
                              .unit_text = of.unit_text,
                              .written = str_trim(text),
                              .number = of.number,
                              .args = args};
    struct str rest = STR("");
    struct str parts[2];
    size_t count = 0;
    enum distribution kind = named(reading.written, &rest);
    size_t wanted = kind == DISTRIBUTION_TRIANGULAR || kind == DISTRIBUTION_UNIFORM ? 2 : 1;
    *out = (struct uncertainty){.kind = DISTRIBUTION_NONE};
    if (kind == DISTRIBUTION_NONE || !split(rest, parts, &count) || count != wanted) {
        return refuse_syntax(&reading);
    }
    struct uncertainty made = {.kind = (uint8_t)kind, .value = rat_to_double(of.number)};
    enum diag_code problem = kind == DISTRIBUTION_NORMAL      ? read_deviation(&reading, parts[0], &made)
                             : kind == DISTRIBUTION_LOGNORMAL ? read_geometric(&reading, parts[0], &made)
                                                              : read_limits(&reading, parts, &made);
    if (problem == DIAG_NONE) {
        *out = made;
    }
    return problem;
}

/* ---- drawing ---- */

static double triangular(const struct uncertainty *of, double u)
{
    double width = of->b - of->a;
    double below = of->value - of->a;
    double above = of->b - of->value;
    return u * width < below ? of->a + sqrt(u * width * below) : of->b - sqrt((1 - u) * width * above);
}

/* By the inverse of the distribution function: one uniform number for each draw. */
static double quantile(const struct uncertainty *of, double u)
{
    switch ((enum distribution)of->kind) {
    case DISTRIBUTION_NORMAL:
        return of->value + of->a * random_normal_quantile(u);
    case DISTRIBUTION_LOGNORMAL:
        return of->value * function_exp(of->a * random_normal_quantile(u));
    case DISTRIBUTION_TRIANGULAR:
        return triangular(of, u);
    case DISTRIBUTION_UNIFORM:
        return of->a + (of->b - of->a) * u;
    case DISTRIBUTION_NONE:
        break;
    }
    return of->value;
}

double uncertainty_draw(const struct uncertainty *uncertainty, uint64_t seed, uint64_t identity, uint32_t sample,
                        double low, double high)
{
    for (uint32_t attempt = 0; attempt < UNCERTAINTY_DRAWS; attempt++) {
        const uint32_t counter[4] = {sample, attempt, (uint32_t)identity, (uint32_t)(identity >> 32)};
        double drawn = quantile(uncertainty, random_uniform(counter, seed));
        if (drawn >= low && drawn <= high && is_in_size(drawn)) {
            return drawn + 0.0; /* 0 rather than -0 */
        }
    }
    return NAN;
}

uint64_t uncertainty_identity(struct str text)
{
    enum { DIGITS = 16 };
    char hex[SHA256_HEX];
    uint64_t identity = 0;
    sha256_hex(text, hex);
    for (int i = 0; i < DIGITS; i++) {
        identity = identity << 4 | (uint64_t)(hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10);
    }
    return identity;
}
