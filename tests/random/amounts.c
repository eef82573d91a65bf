/* Kinds, units and decimals, drawn. */
#include "tests/random/amounts.h"

#include <string.h>

#include "base/decimal.h"

/* SplitMix64. */
uint64_t random_next(struct random *random)
{
    uint64_t z = random->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

uint32_t random_below(struct random *random, uint32_t limit)
{
    return limit == 0 ? 0 : (uint32_t)(random_next(random) >> 16) % limit;
}

bool random_chance(struct random *random, uint32_t percent)
{
    return random_below(random, 100) < percent;
}

/* ---- kinds ---- */

struct powers powers_plain(void)
{
    return (struct powers){{0}};
}

struct powers powers_base(enum base base)
{
    struct powers kind = {{0}};
    kind.power[base] = 1;
    return kind;
}

struct powers powers_tagged(enum base tag)
{
    return powers_times(powers_base(BASE_MASS), powers_base(tag));
}

static struct powers combined(struct powers a, struct powers b, int sign)
{
    for (size_t i = 0; i < BASE_COUNT; i++) {
        a.power[i] = (signed char)(a.power[i] + sign * b.power[i]);
    }
    return a;
}

struct powers powers_times(struct powers a, struct powers b)
{
    return combined(a, b, 1);
}

struct powers powers_over(struct powers a, struct powers b)
{
    return combined(a, b, -1);
}

bool powers_eq(struct powers a, struct powers b)
{
    return memcmp(a.power, b.power, sizeof a.power) == 0;
}

bool powers_is_plain(struct powers kind)
{
    return powers_eq(kind, powers_plain());
}

bool powers_is_simple(struct powers kind)
{
    int sum = 0;
    for (size_t i = 0; i < BASE_COUNT; i++) {
        int power = kind.power[i] < 0 ? -kind.power[i] : kind.power[i];
        if (power > (i >= FIRST_TAG ? 1 : 2)) {
            return false;
        }
        sum += power;
    }
    return sum <= 5;
}

bool powers_has_tags(struct powers kind)
{
    return !powers_eq(kind, powers_without_tags(kind));
}

struct powers powers_without_tags(struct powers kind)
{
    memset(kind.power + FIRST_TAG, 0, BASE_COUNT - FIRST_TAG);
    return kind;
}

/* ---- units ---- */

static const struct unit_row {
    enum base base;
    const char *text, *scale;
} units[] = {
    {BASE_MASS,    "kg",     "1"          },
    {BASE_MASS,    "t",      "1000"       },
    {BASE_MASS,    "g",      "1/1000"     },
    {BASE_MASS,    "吨",    "1000"       },
    {BASE_LENGTH,  "m",      "1"          },
    {BASE_LENGTH,  "km",     "1000"       },
    {BASE_LENGTH,  "cm",     "1/100"      },
    {BASE_LENGTH,  "公里", "1000"       },
    {BASE_VOLUME,  "m3",     "1"          },
    {BASE_VOLUME,  "L",      "1/1000"     },
    {BASE_VOLUME,  "hL",     "1/10"       },
    {BASE_VOLUME,  "mL",     "1/1000000"  },
    {BASE_TIME,    "h",      "3600"       },
    {BASE_TIME,    "d",      "86400"      },
    {BASE_TIME,    "min",    "60"         },
    {BASE_TIME,    "a",      "31536000"   },
    {BASE_TIME,    "mo",     "2628000"    },
    {BASE_ENERGY,  "kWh",    "3600000"    },
    {BASE_ENERGY,  "MJ",     "1000000"    },
    {BASE_ENERGY,  "GJ",     "1000000000" },
    {BASE_ENERGY,  "MWh",    "3600000000" },
    {BASE_ENERGY,  "kcal",   "41868/10"   },
    {BASE_ENERGY,  "tce",    "29307600000"},
    {BASE_ENERGY,  "度",    "3600000"    },
    {BASE_WARMTH,  "K",      "1"          },
    {BASE_ITEMS,   "item",   "1"          },
    {BASE_ITEMS,   "件",    "1"          },
    {BASE_ITEMS,   "千件", "1000"       },
    {BASE_CO2E,    "kgCO2e", "1"          },
    {BASE_CO2E,    "tCO2e",  "1000"       },
    {BASE_CO2E,    "gCO2e",  "1/1000"     },
    {BASE_MONEY,   "CNY",    "1"          },
    {BASE_MONEY,   "万元", "10000"      },
    {BASE_PALLETS, "pallet", "1"          },
    {BASE_PALLETS, "lorry",  "65/2"       }, /* the rule declares both */
};
static const char *const tags[BASE_COUNT - FIRST_TAG] = {"clinker", "cement", "CO2", "CH4", "N2O", "CF4"};

static const struct unit_row *row_drawn(struct random *random, size_t base)
{
    size_t first = 0, count = 0;
    for (size_t i = 0; i < countof(units); i++) {
        first = (size_t)units[i].base == base && count == 0 ? i : first;
        count += (size_t)units[i].base == base;
    }
    /* The first of a base is the usual one. */
    return &units[first + (random_chance(random, 40) ? 0 : random_below(random, (uint32_t)count))];
}

struct terms {
    struct arena *arena;
    struct str over[16], under[16]; /* numerator and denominator */
    size_t over_count, under_count;
    struct rat scale;
};

static void add_term(struct terms *terms, const struct unit_row *row, const char *tag, int power)
{
    int size = power < 0 ? -power : power;
    /* m3 is a cube already: twice it is written twice. */
    bool is_repeated = row->text[strlen(row->text) - 1] == '3' && size > 1;
    struct str text = tag != NULL                ? str_format(terms->arena, "%s{%s}", row->text, tag)
                      : size > 1 && !is_repeated ? str_format(terms->arena, "%s%d", row->text, size)
                                                 : str_of(row->text);
    for (int i = 0; i < (is_repeated ? size : 1); i++) {
        if (power > 0) {
            terms->over[terms->over_count++] = text;
        } else {
            terms->under[terms->under_count++] = text;
        }
    }
    struct rat scale;
    rat_parse(terms->arena, str_of(row->scale), &scale);
    terms->scale = rat_mul(terms->arena, terms->scale, rat_pow(terms->arena, scale, power));
}

static struct str joined_terms(const struct terms *terms)
{
    struct arena *arena = terms->arena;
    struct str over = terms->over_count == 0 ? STR("1") : str_join(arena, terms->over, terms->over_count, STR("·"));
    struct str under = str_join(arena, terms->under, terms->under_count, STR("·"));
    return terms->under_count == 0   ? over
           : terms->under_count == 1 ? str_format(arena, "%.*s/%.*s", STR_FMT(over), STR_FMT(under))
                                     : str_format(arena, "%.*s/(%.*s)", STR_FMT(over), STR_FMT(under));
}

struct measure measure_drawn(struct arena *arena, struct random *random, struct powers kind)
{
    struct measure unit = {.kind = kind, .scale = RAT_ONE, .text = STR("1")};
    if (powers_is_plain(kind)) {
        if (random_chance(random, 25)) {
            static const char *const texts[] = {"%", "‰"};
            bool is_thousandth = random_chance(random, 20);
            unit.text = str_of(texts[is_thousandth]);
            unit.scale = rat_of(arena, 1, is_thousandth ? 1000 : 100);
        }
        return unit;
    }
    struct terms terms = {.arena = arena, .scale = RAT_ONE};
    for (size_t i = FIRST_TAG; i < BASE_COUNT; i++) {
        if (kind.power[i] != 0) {
            add_term(&terms, row_drawn(random, BASE_MASS), tags[i - FIRST_TAG], kind.power[i]);
            kind.power[BASE_MASS] = (signed char)(kind.power[BASE_MASS] - kind.power[i]);
        }
    }
    for (size_t i = 0; i < FIRST_TAG; i++) {
        if (kind.power[i] != 0) {
            add_term(&terms, row_drawn(random, i), NULL, kind.power[i]);
        }
    }
    unit.text = joined_terms(&terms);
    unit.scale = terms.scale;
    return unit;
}

bool measure_is_one(struct measure unit)
{
    return str_eq(unit.text, STR("1"));
}

/* ---- decimals ---- */

struct str decimal_drawn(struct arena *arena, struct random *random)
{
    static const char *const ties[] = {"0.145", "0.285", "0.565", "0.575", "2.5",  "0.5",  "1.5",   "0.125",
                                       "0.375", "12.5",  "0.25",  "0.05",  "3.75", "0.15", "0.005", "1.005"};
    switch (random_below(random, 10)) {
    case 0:
    case 1:
        return str_of(ties[random_below(random, countof(ties))]);
    case 2:
    case 3:
        return str_format(arena, "%u", 1 + random_below(random, 9));
    case 4:
    case 5:
        return str_format(arena, "%u.%u", random_below(random, 20), 1 + random_below(random, 9));
    case 6:
        return str_format(arena, "%u.%02u", random_below(random, 3), 5 * (1 + random_below(random, 19)));
    case 7:
        return str_format(arena, "%u", 10 * (1 + random_below(random, 50)));
    case 8:
        return str_format(arena, "%u.%03u", random_below(random, 1000), 1 + random_below(random, 999));
    default:
        return str_format(arena, "%u.%09u", random_below(random, 100), 1 + random_below(random, 999999999));
    }
}

struct str decimal_restated(struct arena *arena, struct str decimal, struct measure from, struct measure to)
{
    struct rat value;
    if (!decimal_to_rat(arena, decimal, &value)) {
        return STR("");
    }
    value = rat_div(arena, rat_mul(arena, value, from.scale), to.scale);
    struct str text = rat_decimal(arena, value, 300);
    return str_ends(text, STR("…")) ? STR("") : text;
}
