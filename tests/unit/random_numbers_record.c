/* Random data for the programs of random_numbers.c. */
#include "tests/unit/random_numbers.h"

#include <string.h>

static uint32_t digit(struct random *random)
{
    return random_below(random, 10);
}

static void add_digits(struct buf *text, struct random *random, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        buf_char(text, (char)('0' + digit(random)));
    }
}

/* Near a power of two the relative error of a double is largest; so it is below one for its neighbour. Next to a power
   of ten figures have one digit more or less. */
static void add_near_power(struct buf *text, struct random *random)
{
    static const char *const near[] = {"1.00000000000000",  "0.99999999999999",   "2.0000000000000",
                                       "1.99999999999999",  "0.50000000000000",   "1023.999999999999",
                                       "1024.000000000000", "0.2500000000000",    "0.9999999999999999",
                                       "9.999999999999999", "0.0999999999999999", "10.000000000000000"};
    buf_add(text, str_of(near[random_below(random, countof(near))]));
    add_digits(text, random, 1 + random_below(random, 6));
}

static void add_number(struct buf *text, struct random *random, bool has_sign)
{
    uint32_t style = random_below(random, 100);
    if (has_sign && random_chance(random, 50)) {
        buf_char(text, '-');
    }
    if (style < 6) {
        buf_char(text, '0');
    } else if (style < 20) {
        buf_format(text, "%u", random_below(random, 12));
    } else if (style < 45) {
        buf_format(text, "%u.%u%u", random_below(random, 8), digit(random), random_below(random, 50));
    } else if (style < 60) {
        add_near_power(text, random);
    } else if (style < 80) { /* as a program writes its doubles */
        buf_format(text, "%u.", random_below(random, 500));
        add_digits(text, random, 14);
    } else if (style < 88) { /* more than a double holds */
        buf_format(text, "%u.", digit(random));
        add_digits(text, random, 25);
    } else {
        buf_format(text, "%u.", 1 + random_below(random, 9));
        add_digits(text, random, random_below(random, 16) + 1);
        buf_format(text, "e%d", (int)random_below(random, 45) - 22);
    }
}

/* The same number again, or one that differs beyond what a double holds, or another one. */
static void add_again(struct buf *text, struct random *random, struct str same, bool has_sign)
{
    uint32_t style = random_below(random, 100);
    if (style >= 20) {
        add_number(text, random, has_sign);
        return;
    }
    buf_add(text, same);
    bool has_fraction = memchr(same.at, '.', same.len) != NULL && memchr(same.at, 'e', same.len) == NULL;
    if (style >= 10 && has_fraction) {
        add_digits(text, random, 25);
    }
}

/* Members of one object. */
static void add_members(struct buf *text, struct random *random)
{
    struct buf number = buf_in(text->arena);
    add_number(&number, random, false);
    struct str same = buf_str(&number);
    buf_add(text, STR("\"x\": "));
    buf_add(text, same);
    buf_add(text, STR(", \"y\": "));
    add_again(text, random, same, false);
    buf_add(text, STR(", \"d\": "));
    add_again(text, random, same, true);
    buf_add(text, STR(", \"e\": "));
    add_number(text, random, true);
    buf_format(text, ", \"p\": 0.%02u", random_below(random, 76));
    struct random aside = *random; /* what is drawn else stays as it was */
    buf_format(text, ", \"a\": %u", 2015 + random_below(&aside, 11));
    if (random_chance(random, 70)) {
        buf_add(text, STR(", \"o\": "));
        add_number(text, random, false);
    }
}

static void add_rows(struct buf *text, struct random *random, const char *name, uint32_t rows, bool has_inner)
{
    buf_format(text, ", \"%s\": [", name);
    for (uint32_t i = 0; i < rows; i++) {
        buf_add(text, i == 0 ? STR("{") : STR(", {"));
        add_members(text, random);
        if (has_inner) {
            add_rows(text, random, "ss", random_below(random, 3), false);
        }
        buf_char(text, '}');
    }
    buf_char(text, ']');
}

struct str random_numbers_record(struct arena *arena, struct random *random, bool has_temperature)
{
    struct buf text = buf_in(arena);
    bool is_long = random_below(random, 1000) < 2;
    buf_char(&text, '{');
    add_members(&text, random);
    if (has_temperature) {
        buf_format(&text, ", \"t\": %d.%u", (int)random_below(random, 400) - 100, random_below(random, 100));
    }
    add_rows(&text, random, "ms", random_below(random, 4), true);
    add_rows(&text, random, "qs", is_long ? 500 + random_below(random, 200) : random_below(random, 5), false);
    buf_char(&text, '}');
    return str_copy(arena, buf_str(&text));
}
