#include "base/unit.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *unit_suite(void);

static struct arena arena;
static struct unit_system *units;

static void set_up(void)
{
    units = unit_system_new(&arena);
}

static void tear_down(void)
{
    arena_free(&arena);
}

static struct unit unit_of(const char *text)
{
    struct unit unit = UNIT_ONE;
    struct unit_parse parsed = unit_parse(units, str_of(text), &unit);
    ck_assert_msg(parsed.error == UNIT_OK, "%s: error %d at `%.*s`", text, (int)parsed.error, STR_FMT(parsed.word));
    return unit;
}

/* 1 of `from` is `factor` of `to`. */
static const struct {
    const char *from, *factor, *to;
} CONVERSIONS[] = {
    {"kWh",                     "36/10",       "MJ"                      },
    {"千瓦时",               "1",           "kWh"                     },
    {"度",                     "1",           "kWh"                     },
    {"tce",                     "293076/10",   "MJ"                      },
    {"kgce",                    "7000",        "kcal"                    },
    {"吨标准煤",            "1000",        "千克标准煤"         },
    {"cal",                     "41868/10000", "J"                       },
    {"toe",                     "41868",       "MJ"                      },
    {"GWh",                     "3600",        "GJ"                      },
    {"万千瓦时",            "10",          "MWh"                     },
    {"%",                       "1/100",       "1"                       },
    {"‰",                     "1/10",        "%"                       },
    {"ppm",                     "1/10000",     "%"                       },
    {"t·km",                   "1000000",     "kg·m"                   },
    {"吨公里",               "1",           "t·km"                   },
    {"tkm",                     "1",           "t*km"                    },
    {"人公里",               "1000",        "person·m"               },
    {"min/d",                   "1/1440",      "1"                       },
    {"h",                       "3600",        "s"                       },
    {"a",                       "365",         "d"                       },
    {"年",                     "8760",        "小时"                  },
    {"mo",                      "1/12",        "a"                       },
    {"wk",                      "7",           "天"                     },
    {"1/a",                     "1/31536000",  "1/s"                     },
    {"亩",                     "2000/3",      "m2"                      },
    {"ha",                      "15",          "亩"                     },
    {"公顷",                  "1/100",       "km2"                     },
    {"L",                       "1",           "dm3"                     },
    {"升",                     "1000",        "cm3"                     },
    {"hL",                      "1/10",        "m3"                      },
    {"Nm³",                    "1",           "标准立方米"         },
    {"kgCO2e",                  "1000",        "gCO2e"                   },
    {"吨二氧化碳当量",   "1000",        "千克二氧化碳当量"},
    {"MtCO2e",                  "1000000",     "tCO2e"                   },
    {"kgCO2e/kWh",              "1",           "tCO2e/MWh"               },
    {"kgCO2e/(t·km)",          "1",           "gCO2e/(kg·km)"          },
    {"万吨",                  "10000",       "吨"                     },
    {"公斤",                  "1000",        "克"                     },
    {"µg",                     "1/1000",      "mg"                      },
    {"μg",                     "1",           "ug"                      },
    {"台",                     "1",           "件"                     },
    {"万元",                  "10000",       "CNY"                     },
    {"kW·h",                   "1",           "kWh"                     },
    {"MPa",                     "10",          "bar"                     },
    {"W",                       "1",           "J/s"                     },
    {"kWp",                     "1",           "kW"                      },
    {"V·A",                    "1",           "W"                       },
    {"kAh·V",                  "1",           "kWh"                     },
    {"g/km",                    "10",          "dtex"                    },
    {"GB",                      "8000000000",  "bit"                     },
    {"m2",                      "10000",       "cm2"                     },
    {"m²",                     "1",           "m2"                      },
    {"m⁻²",                  "1",           "m-2"                     },
    {"s-1",                     "1",           "1/s"                     },
    {"m¹²",                   "1",           "m12"                     },
    {"kgCO2e2",                 "1",           "kgCO2e·kgCO2e"          },
    {"kg·m2/s2",               "1",           "J"                       },
    {"kg/m/s",                  "1",           "kg/(m·s)"               },
    {"kg/m·s",                 "1",           "kg·s/m"                 },
    {"kg⋅m",                  "1",           "kg*m"                    },
    {"(kg)",                    "1",           "kg"                      },
    {"((kg)/(m·(s)))",         "1",           "kg/m/s"                  },
    {"kg{clinker}/kg{clinker}", "1",           "1"                       },
    {"t{clinker}/kg{cement}",   "1000",        "kg{clinker}/kg{cement}"  },
    {"kg{CF4}/(t·min/d)",      "144/100",     "kg{CF4}/kg"              },
    {"m3{木材}",              "1000",        "L{木材}"               },
    {"kg2{x}",                  "1",           "kg{x}·kg"               },
};

START_TEST(conversions)
{
    struct unit from = unit_of(CONVERSIONS[_i].from);
    struct unit to = unit_of(CONVERSIONS[_i].to);
    struct rat factor;
    ck_assert(rat_parse(&arena, str_of(CONVERSIONS[_i].factor), &factor));
    ck_assert_msg(kind_eq(from.kind, to.kind), "%s and %s are of two kinds", CONVERSIONS[_i].from, CONVERSIONS[_i].to);
    struct rat found = rat_div(&arena, from.scale, to.scale);
    ck_assert_msg(rat_eq(found, factor), "%s/%s is %s", CONVERSIONS[_i].from, CONVERSIONS[_i].to,
                  rat_text(&arena, found).at);
}
END_TEST

static const char *const DIFFERENT_KINDS[][2] = {
    {"kg",          "kgCO2e"},
    {"m3",          "Nm3"   },
    {"CNY",         "EUR"   },
    {"item",        "1"     },
    {"person",      "item"  },
    {"kWh",         "kW"    },
    {"kg{clinker}", "kg"    },
    {"kg{a}",       "kg{b}" },
    {"kg",          "1/kg"  },
    {"kg{a}/kg{b}", "1"     },
    {"kg{a}",       "m{a}"  },
    {"kgCO2e/t",    "kgCO2e"},
    {"bit",         "1"     },
    {"m2",          "m3"    },
    {"tex",         "g"     },
};

START_TEST(kinds_that_differ)
{
    ck_assert(!kind_eq(unit_of(DIFFERENT_KINDS[_i][0]).kind, unit_of(DIFFERENT_KINDS[_i][1]).kind));
}
END_TEST

static const struct {
    const char *text;
    enum unit_error error;
    const char *word;
} ERRORS[] = {
    {"",             UNIT_SYNTAX,    ""           },
    {"kgg",          UNIT_UNKNOWN,   "kgg"        },
    {"t/kwh",        UNIT_UNKNOWN,   "kwh"        },
    {"kg·(m/foo3)", UNIT_UNKNOWN,   "foo3"       },
    {"千瓦",       UNIT_OK,        ""           },
    {"千瓦表",    UNIT_UNKNOWN,   "千瓦表"  },
    {"kg/",          UNIT_SYNTAX,    ""           },
    {"/kg",          UNIT_SYNTAX,    "/"          },
    {"kg//m",        UNIT_SYNTAX,    "/"          },
    {"kg m",         UNIT_SYNTAX,    " "          },
    {" kg",          UNIT_SYNTAX,    " "          },
    {"kg^2",         UNIT_SYNTAX,    "^"          },
    {"kg×m",        UNIT_SYNTAX,    "×"         },
    {"(kg",          UNIT_SYNTAX,    ""           },
    {"kg)",          UNIT_SYNTAX,    ")"          },
    {"()",           UNIT_SYNTAX,    ")"          },
    {"(kg)2",        UNIT_SYNTAX,    "2"          },
    {"10/a",         UNIT_SYNTAX,    "10"         },
    {"2",            UNIT_SYNTAX,    "2"          },
    {"1kg",          UNIT_SYNTAX,    "1kg"        },
    {"kg0",          UNIT_SYNTAX,    "kg0"        },
    {"kg02",         UNIT_SYNTAX,    "kg02"       },
    {"kg-",          UNIT_SYNTAX,    "kg-"        },
    {"kg2-1",        UNIT_SYNTAX,    "-"          },
    {"m²-1",        UNIT_SYNTAX,    "-"          },
    {"m⁻",         UNIT_SYNTAX,    "m⁻"       },
    {"kg{",          UNIT_SYNTAX,    ""           },
    {"kg{}",         UNIT_SYNTAX,    "}"          },
    {"kg{a b}",      UNIT_SYNTAX,    " "          },
    {"kg{a",         UNIT_SYNTAX,    ""           },
    {"kg{a}{b}",     UNIT_SYNTAX,    "{"          },
    {"kg{a{b}}",     UNIT_SYNTAX,    "{"          },
    {"{a}",          UNIT_SYNTAX,    "{"          },
    {"1{a}",         UNIT_SYNTAX,    "{"          },
    {"m13",          UNIT_TOO_LARGE, "m13"        },
    {"m-13",         UNIT_TOO_LARGE, "m-13"       },
    {"m4294967297",  UNIT_TOO_LARGE, "m4294967297"},
    {"m12·m",       UNIT_TOO_LARGE, "m"          },
    {"m7·km6/s",    UNIT_TOO_LARGE, "km6"        },
    {"ha7",          UNIT_TOO_LARGE, "ha7"        },
    {"℃",          UNIT_OK,        ""           },
    {"kg/℃",       UNIT_POINT,     "℃"        },
    {"°C·m",       UNIT_POINT,     "°C"        },
    {"℃2",         UNIT_POINT,     "℃2"       },
    {"℃²",        UNIT_POINT,     "℃²"      },
    {"℃-1",        UNIT_POINT,     "℃"        },
    {"℃{a}",       UNIT_POINT,     "℃"        },
    {"kg\xff",       UNIT_SYNTAX,    "\xff"       },
    {"²",           UNIT_UNKNOWN,   "²"         },
    {"t/公公里",  UNIT_UNKNOWN,   "公公里"  },
};

START_TEST(errors)
{
    struct unit unit;
    struct unit_parse parsed = unit_parse(units, str_of(ERRORS[_i].text), &unit);
    ck_assert_msg(parsed.error == ERRORS[_i].error, "%s: error %d", ERRORS[_i].text, (int)parsed.error);
    ck_assert_msg(str_eq(parsed.word, str_of(ERRORS[_i].word)), "%s: `%.*s`", ERRORS[_i].text, STR_FMT(parsed.word));
}
END_TEST

START_TEST(nesting_has_a_bound)
{
    char text[100];
    for (int depth = 32; depth <= 33; depth++) {
        struct unit unit;
        size_t size = (size_t)depth;
        memset(text, '(', size);
        text[size] = 'm';
        memset(text + size + 1, ')', size);
        struct unit_parse parsed = unit_parse(units, (struct str){text, 2 * size + 1}, &unit);
        ck_assert_int_eq(parsed.error, depth == 32 ? UNIT_OK : UNIT_TOO_LARGE);
    }
}
END_TEST

START_TEST(scales_have_a_bound)
{
    struct buf text = buf_in(&arena);
    buf_add(&text, STR("km12/m12")); /* 10^36: 121 bits, the kind is plain */
    struct unit unit;
    for (int i = 1; i < 10; i++) {
        enum unit_error error = unit_parse(units, buf_str(&text), &unit).error;
        ck_assert_int_eq(error, i <= 8 ? UNIT_OK : UNIT_TOO_LARGE);
        buf_add(&text, STR("·km12/m12"));
    }
}
END_TEST

START_TEST(kinds_have_a_bound)
{
    /* 16 factors of a kind, and one more. */
    unit_of("kg{a}·m{b}·s{c}·K{d}·A{e}·mol{f}·cd{g}·item{h}");
    struct unit unit;
    struct unit_parse parsed = unit_parse(units, STR("kg{a}·m{b}·s{c}·K{d}·A{e}·mol{f}·cd{g}·item{h}·person"), &unit);
    ck_assert_int_eq(parsed.error, UNIT_TOO_LARGE);
    ck_assert(str_eq(parsed.word, STR("person")));
}
END_TEST

START_TEST(a_reading_of_temperature)
{
    struct unit celsius = unit_of("℃");
    ck_assert(celsius.is_point);
    ck_assert(kind_eq(celsius.kind, unit_of("K").kind));
    ck_assert(rat_eq(celsius.scale, RAT_ONE));
    ck_assert(rat_eq(celsius.offset, rat_of(&arena, 27315, 100)));
    ck_assert(unit_eq(celsius, unit_of("°C")) && unit_eq(celsius, unit_of("摄氏度")));
    ck_assert(!unit_eq(celsius, unit_of("K")));
    ck_assert(str_eq(unit_text(&arena, units, celsius), STR("℃")));
}
END_TEST

/* Text in, text out; what comes out reads as the same unit. */
static const struct {
    const char *text, *canonical;
} TEXTS[] = {
    {"1",                      "1"                     },
    {"%",                      "%"                     },
    {"千瓦时",              "kWh"                   },
    {"度",                    "kWh"                   },
    {"kWp",                    "kW"                    },
    {"kg",                     "kg"                    },
    {"吨",                    "t"                     },
    {"m3",                     "m3"                    },
    {"dm3",                    "L"                     },
    {"cm2",                    "cm2"                   },
    {"亩",                    "亩"                   },
    {"吨公里",              "t·km"                 },
    {"kgCO2e",                 "kgCO2e"                },
    {"kgCO2e/kg",              "kgCO2e/kg"             },
    {"tCO2e/t",                "kgCO2e/kg"             },
    {"tCO2e/MWh",              "kgCO2e/kWh"            },
    {"kgCO2e/t",               "kgCO2e/t"              },
    {"kgCO2e/(t·km)",         "kgCO2e/(t·km)"        },
    {"kgCO2e/m3",              "kgCO2e/m3"             },
    {"kgCO2e/m2",              "kgCO2e/m2"             },
    {"kgCO2e/Nm3",             "kgCO2e/Nm3"            },
    {"kgCO2e/L",               "kgCO2e/L"              },
    {"kgCO2e/item",            "kgCO2e/item"           },
    {"kgCO2e/CNY",             "kgCO2e/CNY"            },
    {"kgCO2e/MJ",              "kgCO2e/MJ"             },
    {"gCO2e/km",               "gCO2e/km"              },
    {"kWh/t",                  "kWh/t"                 },
    {"kWh/m2",                 "kWh/m2"                },
    {"kWh/(m2·a)",            "kWh/(m2·a)"           },
    {"MJ/kg",                  "MJ/kg"                 },
    {"MJ/d",                   "MJ/d"                  },
    {"t/ha",                   "t/ha"                  },
    {"kg/m2",                  "kg/m2"                 },
    {"kg/m3",                  "kg/m3"                 },
    {"kg/Nm3",                 "kg/Nm3"                },
    {"CNY/t",                  "CNY/t"                 },
    {"CNY/kWh",                "CNY/kWh"               },
    {"min/d",                  "min/d"                 },
    {"1/a",                    "1/a"                   },
    {"m2/s",                   "m2/s"                  },
    {"km/h",                   "km/h"                  },
    {"kg·m2/s2",              "J"                     },
    {"person·km",             "person·km"            },
    {"1/(m2·a)",              "1/(m2·a)"             },
    {"kg{clinker}",            "kg{clinker}"           },
    {"t{clinker}",             "t{clinker}"            },
    {"kg{clinker}/kg{cement}", "kg{clinker}/kg{cement}"},
    {"kg{CO2}/t{clinker}",     "kg{CO2}/t{clinker}"    },
    {"kg{CO2}/kg",             "kg{CO2}/kg"            },
    {"kWh/t{clinker}",         "kWh/t{clinker}"        },
    {"kgCO2e/(t{钢}·km)",    "kgCO2e/(t{钢}·km)"   },
    {"m3{wood}",               "m3{wood}"              },
    {"kg{a}·kg{b}/kg{c}",     "kg{a}·kg{b}/kg{c}"    },
    {"kg{a}·kg{a}",           "kg{a}·kg{a}"          },
    {"Nm3·Nm3",               "Nm3·Nm3"              },
    {"kg3/mol2",               "kg3/mol2"              },
};

START_TEST(texts_are_canonical_and_read_back)
{
    struct unit unit = unit_of(TEXTS[_i].text);
    struct str text = unit_text(&arena, units, unit);
    ck_assert_msg(str_eq(text, str_of(TEXTS[_i].canonical)), "%s is written %.*s", TEXTS[_i].text, STR_FMT(text));
    ck_assert(unit_eq(unit_of(str_copy(&arena, text).at), unit));
}
END_TEST

START_TEST(scales_without_a_name_are_written)
{
    struct unit unit = unit_of("kg3/mol2");
    unit.scale = rat_of(&arena, 3, 1000);
    ck_assert(str_eq(unit_text(&arena, units, unit), STR("0.003 kg3/mol2")));
    unit.scale = rat_of(&arena, 1, 7);
    ck_assert(str_eq(unit_text(&arena, units, unit), STR("1/7 kg3/mol2")));
    unit = UNIT_ONE;
    unit.scale = rat_int(7);
    ck_assert(str_eq(unit_text(&arena, units, unit), STR("7")));
    ck_assert(str_eq(unit_text(&arena, units, unit_of("kg{CF4}/(t·min/d)")), STR("1.44 kg{CF4}/kg")));
}
END_TEST

START_TEST(every_name_reads_back)
{
    for (size_t i = 0; i < units->name_count; i++) {
        struct unit_name name = units->names[i];
        ck_assert(unit_eq(unit_of(str_copy(&arena, name.name).at), name.unit));
        struct str text = unit_text(&arena, units, name.unit);
        ck_assert_msg(name.is_alias || str_eq(text, name.name), "%.*s is written %.*s", STR_FMT(name.name),
                      STR_FMT(text));
        ck_assert(unit_eq(unit_of(str_copy(&arena, text).at), name.unit));
    }
}
END_TEST

START_TEST(texts_of_kinds)
{
    static const struct {
        const char *unit, *kind;
    } cases[] = {
        {"kWh",                  "kg·m2/s2"             },
        {"%",                    "1"                     },
        {"gCO2e/(t·km)",        "kgCO2e/(kg·m)"        },
        {"kWh/t",                "m2/s2"                 },
        {"1/a",                  "1/s"                   },
        {"t{clinker}/t{cement}", "kg{clinker}/kg{cement}"},
        {"t{clinker}",           "kg{clinker}"           }
    };
    for (size_t i = 0; i < countof(cases); i++) {
        struct str text = kind_text(&arena, units, unit_of(cases[i].unit).kind);
        ck_assert_msg(str_eq(text, str_of(cases[i].kind)), "%s: %.*s", cases[i].unit, STR_FMT(text));
    }
}
END_TEST

START_TEST(kinds_are_a_group)
{
    struct kind energy = unit_of("kWh").kind;
    struct kind mass = unit_of("kg").kind;
    struct kind out;
    ck_assert(kind_mul(energy, mass, -1, &out) && kind_eq(out, unit_of("kWh/t").kind));
    ck_assert(kind_mul(energy, energy, -1, &out) && kind_eq(out, kind_one()));
    ck_assert(kind_mul(kind_one(), energy, 0, &out) && kind_eq(out, kind_one()));
    ck_assert(kind_pow(energy, -2, &out) && kind_eq(out, unit_of("1/(J·J)").kind));
    ck_assert(kind_pow(energy, 6, &out));
    ck_assert(!kind_pow(energy, 7, &out)); /* m^14 */
    ck_assert(!kind_pow(energy, 1000000000, &out));
    ck_assert(!kind_pow(energy, INT32_MIN, &out));
    struct kind tagged = unit_of("kg{a}/m{b}").kind;
    ck_assert(kind_eq(kind_without_tags(units, tagged), unit_of("kg/m").kind));
}
END_TEST

START_TEST(declared_units)
{
    ck_assert(unit_declare(units, STR("bale"), NULL));
    ck_assert(!unit_declare(units, STR("bale"), NULL));
    ck_assert(!unit_declare(units, STR("kg"), NULL));
    ck_assert(!unit_declare(units, STR("吨"), NULL));
    ck_assert(!unit_declare(units, STR("CO2e"), NULL)); /* the name of a generator */
    struct unit bag = unit_of("kg");
    bag.scale = rat_int(50);
    ck_assert(unit_declare(units, STR("bag"), &bag));
    ck_assert(!unit_declare(units, STR("bag"), &bag));
    ck_assert(unit_alias(units, STR("bale"), STR("包")));
    ck_assert(!unit_alias(units, STR("bale"), STR("包")));
    ck_assert(!unit_alias(units, STR("nothing"), STR("无")));
    ck_assert(unit_eq(unit_of("t/包"), unit_of("t/bale")));
    ck_assert(str_eq(unit_text(&arena, units, unit_of("t/包")), STR("t/bale")));
    ck_assert(str_eq(unit_text(&arena, units, unit_of("kgCO2e/bale")), STR("kgCO2e/bale")));
    ck_assert(str_eq(unit_text(&arena, units, unit_of("bag")), STR("bag")));
    ck_assert(str_eq(kind_text(&arena, units, unit_of("bag/bale").kind), STR("kg/bale")));
    ck_assert(rat_eq(unit_of("bag").scale, rat_int(50)));
}
END_TEST

START_TEST(names_that_read_as_powers)
{
    ck_assert(unit_name_is_power(units, STR("m3")));
    ck_assert(unit_name_is_power(units, STR("kg12")));
    ck_assert(unit_name_is_power(units, STR("千克2")));
    ck_assert(unit_name_is_power(units, STR("m\u00B2")));
    ck_assert(!unit_name_is_power(units, STR("kg13"))); /* no exponent is so large */
    ck_assert(!unit_name_is_power(units, STR("kg0")));
    ck_assert(!unit_name_is_power(units, STR("m")));
    ck_assert(!unit_name_is_power(units, STR("3")));
    ck_assert(!unit_name_is_power(units, STR("CO2")));
    ck_assert(!unit_name_is_power(units, STR("Nm3"))); /* Nm is no unit */
    ck_assert(unit_declare(units, STR("vat"), NULL));
    ck_assert(unit_name_is_power(units, STR("vat2")));
}
END_TEST

START_TEST(a_power_that_is_another_name_is_spelled_out)
{
    struct unit unit = unit_of("kg3/mol2");
    ck_assert(unit_declare(units, STR("mol2"), NULL));
    struct str text = unit_text(&arena, units, unit);
    ck_assert(str_eq(text, STR("kg3/(mol·mol)")));
    ck_assert(unit_eq(unit_of(str_copy(&arena, text).at), unit));
}
END_TEST

static const struct {
    const char *written, *spelling;
} SPELLINGS[] = {
    {"m/g",                     "m/g"            },
    {"km/kg",                   "km/kg"          },
    {"千瓦时",               "kWh"            },
    {"度",                     "kWh"            },
    {"kW*h",                    "kW·h"          },
    {"kW⋅h",                  "kW·h"          },
    {"吨/公顷",              "t/ha"           },
    {"万吨/亩",              "万吨/亩"     },
    {"m²",                     "m2"             },
    {"m⁻²",                  "m-2"            },
    {"平方米",               "m2"             },
    {"Nm³",                    "Nm3"            },
    {"米3",                    "m3"             },
    {"千克{熟料}/吨",      "kg{熟料}/t"   },
    {"tkm",                     "t·km"          },
    {"kgCO₂e/tkm",            "kgCO2e/(t·km)" },
    {"千克/吨公里{x}/天", "kg/(t·km{x})/d"},
    {"人公里/年",           "person·km/a"   },
    {"1/年",                   "1/a"            },
    {"克/(千米*天)",        "g/(km·d)"      },
    {"℃",                     "℃"            },
    {"摄氏度",               "℃"            },
    {"°C",                     "℃"            },
    {"件",                     "item"           },
    {"%",                       "%"              },
    {"1",                       "1"              },
    {"包/sack",                "bale/sack"      },
    {"袋",                     "sack"           }, /* not bag, which is as heavy */
    {"平方米2",              "m2·m2"         },
    {"m/nothing",               ""               },
    {"kg{nothing}",             ""               },
    {"",                        ""               },
};

START_TEST(spellings_keep_what_was_written)
{
    struct unit fifty = unit_of("kg");
    fifty.scale = rat_int(50);
    ck_assert(unit_declare(units, STR("bale"), NULL) && unit_alias(units, STR("bale"), STR("包")));
    ck_assert(unit_declare(units, STR("bag"), &fifty) && unit_declare(units, STR("sack"), &fifty));
    ck_assert(unit_alias(units, STR("sack"), STR("麻袋")) && unit_alias(units, STR("麻袋"), STR("袋")));
    unit_tag(units, STR("熟料"));
    unit_tag(units, STR("x"));
    size_t generators = units->generator_count;
    struct str text = unit_spelling(&arena, units, str_of(SPELLINGS[_i].written));
    ck_assert_msg(str_eq(text, str_of(SPELLINGS[_i].spelling)), "%s: %.*s", SPELLINGS[_i].written, STR_FMT(text));
    ck_assert_uint_eq(units->generator_count, generators);
    ck_assert(unit_is_spelt(&arena, units, unit_spelling(&arena, units, STR("tkm2")), unit_of("tkm2")));
    if (text.len > 0) {
        ck_assert(unit_eq(unit_of(str_copy(&arena, text).at), unit_of(SPELLINGS[_i].written)));
        ck_assert(str_eq(unit_spelling(&arena, units, text), text));
    }
}
END_TEST

START_TEST(reading_known_units_adds_nothing)
{
    struct unit unit;
    size_t generators = units->generator_count;
    struct unit_parse parse = unit_parse_known(units, STR("kg/t{new}"), &unit);
    ck_assert_int_eq(parse.error, UNIT_UNKNOWN);
    ck_assert(str_eq(parse.word, STR("{new}")));
    ck_assert_uint_eq(units->generator_count, generators);
    unit_tag(units, STR("new"));
    ck_assert_int_eq(unit_parse_known(units, STR("kg/t{new}"), &unit).error, UNIT_OK);
    ck_assert(unit_eq(unit, unit_of("kg/t{new}")));
}
END_TEST

START_TEST(every_text_of_a_unit_is_one)
{
    static const char *const texts[] = {"kWh", "kg{CF4}/(t·min/d)", "kg3/mol2", "℃", "1/a", "kg{a}/kg{b}"};
    struct rat scales[] = {RAT_ONE, rat_int(7), rat_of(&arena, 1, 7), rat_of(&arena, 3, 1000)};
    for (size_t i = 0; i < countof(texts); i++) {
        for (size_t k = 0; k < countof(scales); k++) {
            struct unit unit = unit_of(texts[i]);
            if (!unit.is_point) {
                unit.scale = rat_mul(&arena, unit.scale, scales[k]);
            }
            struct str text = unit_text(&arena, units, unit);
            ck_assert_msg(unit_is_spelt(&arena, units, text, unit), "%.*s", STR_FMT(text));
            struct unit other = unit;
            other.scale = rat_mul(&arena, unit.scale, rat_int(2));
            ck_assert_msg(!unit_is_spelt(&arena, units, text, other), "%.*s", STR_FMT(text));
            other = unit;
            other.kind = unit_of("kg{other}").kind;
            ck_assert_msg(!unit_is_spelt(&arena, units, text, other), "%.*s", STR_FMT(text));
        }
    }
}
END_TEST

START_TEST(tags_are_generators)
{
    uint16_t clinker = unit_tag(units, STR("clinker"));
    ck_assert_uint_eq(unit_tag(units, STR("clinker")), clinker);
    ck_assert_uint_ne(unit_tag(units, STR("cement")), clinker);
    ck_assert_int_eq(units->generators[clinker].type, GENERATOR_TAG);
    ck_assert(str_eq(units->generators[clinker].name, STR("clinker")));
    ck_assert_uint_ne(unit_tag(units, STR("kg")), unit_of("kg").kind.factors[0].generator);
}
END_TEST

START_TEST(nearest_names)
{
    ck_assert(str_eq(unit_nearest(units, STR("kwh")), STR("kWh")));
    ck_assert(str_eq(unit_nearest(units, STR("kgCO2")), STR("kgCO2e")));
    ck_assert(str_eq(unit_nearest(units, STR("zzzzzzzzzzz")), STR("")));
}
END_TEST

/* No word of the language is a unit; `min` alone is both (the minute stands behind a number). */
static const char *const WORDS[] = {
#define KEYWORD(token, english, chinese) english, chinese,
#define KEYWORD_ALIAS(token, spelling) spelling,
#define PREDEFINED(id, english, chinese) english, chinese,
#define PREDEFINED_ALIAS(id, spelling) spelling,
#define ROUNDING(id, english, chinese) english, chinese,
#define ROUNDING_ALIAS(id, spelling) spelling,
#define WORD(category, english, chinese) english, chinese,
#define WORD_ALIAS(category, english, spelling) spelling,
#define TOKEN(token, english, chinese)
#include "grammar/keywords.def"
};

START_TEST(no_word_of_the_language_is_a_unit)
{
    for (size_t i = 0; i < countof(WORDS); i++) {
        bool is_unit = map_get(&units->name_index, str_of(WORDS[i]), NULL);
        ck_assert_msg(is_unit == (strcmp(WORDS[i], "min") == 0), "%s", WORDS[i]);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("unit");
    TCase *reading = tcase_create("reading");
    tcase_add_checked_fixture(reading, set_up, tear_down);
    tcase_add_loop_test(reading, conversions, 0, countof(CONVERSIONS));
    tcase_add_loop_test(reading, kinds_that_differ, 0, countof(DIFFERENT_KINDS));
    tcase_add_loop_test(reading, errors, 0, countof(ERRORS));
    tcase_add_test(reading, nesting_has_a_bound);
    tcase_add_test(reading, scales_have_a_bound);
    tcase_add_test(reading, kinds_have_a_bound);
    tcase_add_test(reading, a_reading_of_temperature);
    tcase_add_test(reading, reading_known_units_adds_nothing);
    tcase_add_test(reading, nearest_names);
    tcase_add_test(reading, no_word_of_the_language_is_a_unit);
    suite_add_tcase(suite, reading);
    TCase *writing = tcase_create("writing");
    tcase_add_checked_fixture(writing, set_up, tear_down);
    tcase_add_loop_test(writing, texts_are_canonical_and_read_back, 0, countof(TEXTS));
    tcase_add_test(writing, scales_without_a_name_are_written);
    tcase_add_test(writing, every_name_reads_back);
    tcase_add_test(writing, texts_of_kinds);
    tcase_add_loop_test(writing, spellings_keep_what_was_written, 0, countof(SPELLINGS));
    tcase_add_test(writing, every_text_of_a_unit_is_one);
    suite_add_tcase(suite, writing);
    TCase *system = tcase_create("system");
    tcase_add_checked_fixture(system, set_up, tear_down);
    tcase_add_test(system, kinds_are_a_group);
    tcase_add_test(system, declared_units);
    tcase_add_test(system, names_that_read_as_powers);
    tcase_add_test(system, a_power_that_is_another_name_is_spelled_out);
    tcase_add_test(system, tags_are_generators);
    suite_add_tcase(suite, system);
    return suite;
}
