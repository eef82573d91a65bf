/* Random data for the programs of random_program.c. */
#include "tests/unit/random_program.h"

static void add_number(struct buf *text, struct random *random)
{
    uint32_t style = random_below(random, 20);
    if (style < 2) {
        buf_add(text, STR("0"));
    } else if (style < 9) {
        buf_format(text, "%u", random_below(random, 6));
    } else if (style < 13) {
        buf_format(text, "%u.%u", random_below(random, 6), random_below(random, 10));
    } else if (style < 16) {
        buf_format(text, "%u.%03u", random_below(random, 3), 5 * random_below(random, 200));
    } else if (style < 19) {
        buf_format(text, "%u.%09u", random_below(random, 300), random_below(random, 1000000000));
    } else {
        buf_format(text, "0.%09u%09u1", random_below(random, 1000000000), random_below(random, 1000000000));
    }
}

static void add_member(struct buf *text, struct random *random, const char *name)
{
    buf_format(text, "\"%s\": ", name);
    add_number(text, random);
    buf_add(text, STR(", "));
}

/* The fields that all lists have. */
static void add_common(struct buf *text, struct random *random)
{
    static const char *const names[] = {"steel", "copper", "tin", "lead"};
    add_member(text, random, "x");
    buf_format(text, "\"d\": %s", random_chance(random, 50) ? "-" : "");
    add_number(text, random);
    buf_add(text, STR(", "));
    if (random_chance(random, 60)) {
        add_member(text, random, "o");
    }
    uint32_t last = random_chance(random, 95) ? 3 : 4;
    buf_format(text, "\"n\": \"%s\"", names[random_below(random, last)]);
}

static void add_colours(struct buf *text, struct random *random)
{
    static const char *const colours[] = {"red", "green", "blue"};
    buf_format(text, ", \"m\": \"%s\", \"f\": %s, \"p\": %u", colours[random_below(random, 3)],
               random_chance(random, 50) ? "true" : "false", random_below(random, 101));
}

static void add_rows(struct buf *text, struct random *random, const char *name, uint32_t most, bool has_inner)
{
    uint32_t count = random_below(random, most + 1);
    buf_format(text, ", \"%s\": [", name);
    for (uint32_t i = 0; i < count; i++) {
        buf_add(text, i > 0 ? STR(", {") : STR("{"));
        add_common(text, random);
        if (has_inner) {
            add_colours(text, random);
            add_rows(text, random, "ss", 3, false);
        }
        buf_add(text, STR("}"));
    }
    buf_add(text, STR("]"));
}

struct str random_record(struct arena *arena, struct random *random, uint32_t number)
{
    struct buf text = buf_in(arena);
    buf_format(&text, "{\"id\": \"%u\", ", number);
    add_member(&text, random, "y");
    buf_format(&text, "\"t\": %u, ", 2018 + random_below(random, 6));
    add_common(&text, random);
    add_colours(&text, random);
    add_rows(&text, random, "ms", 6, true);
    if (random_chance(random, 95)) {
        add_rows(&text, random, "qs", 4, false);
    }
    buf_add(&text, STR("}"));
    return buf_str(&text);
}
