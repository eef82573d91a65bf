/* Random garments for rules/textiles/garment.pcr, the same for the same seed on every machine; and the promise that
   memory does not grow with their number. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/runner.h"

/* SplitMix64: a bijection of a counter, so that every product has a state of its own. */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static uint64_t below(uint64_t *state, uint64_t limit)
{
    return draw(state) % limit;
}

static const char *one_of(uint64_t *state, const char *const *words, size_t count)
{
    return words[below(state, count)];
}

static bool one_in(uint64_t *state, uint64_t n)
{
    return below(state, n) == 0;
}

static const char *const countries[] = {"AL", "BD", "BE", "BR", "CH", "CN", "CZ", "DE", "EG", "ES", "ET", "FR",
                                        "GB", "GR", "HU", "IN", "IT", "KE", "KH", "MA", "MM", "NL", "NZ", "PE",
                                        "PK", "PL", "PT", "RO", "LK", "TN", "TR", "TW", "US", "VN"};
static const char *const fibres[] = {"soie",      "lin-filasse", "laine-merinos", "coton",       "chanvre",
                                     "cachemire", "viscose",     "pla",           "pet",         "pa",
                                     "acrylique", "pet-rm",      "pet-rcp",       "viscose-r",   "pa-rm",
                                     "laine-r",   "coton-rdpc",  "coton-rdp",     "acrylique-r", "pu"};
static const char *const products[] = {"chemise", "jean", "jupe", "manteau", "pantalon", "pull", "tshirt"};
static const char *const fabrics[] = {"knitting-mix",      "knitting-fully-fashioned", "knitting-integral",
                                      "knitting-straight", "knitting-circular",        "weaving"};
static const char *const heats[] = {"gas", "naturalgas", "lightfuel", "heavyfuel", "coal"};
static const char *const prints[] = {"pigment", "substantive"};
static const char *const steps[] = {"material", "spinning", "fabric", "ennobling", "making", "use", "eol"};

static void add_materials(struct buf *out, uint64_t *state)
{
    uint64_t count = 1 + below(state, 4), left = 100;
    buf_add(out, STR(",\"materials\":["));
    for (uint64_t i = 0; i < count; i++) {
        uint64_t share = i + 1 == count ? left : 1 + below(state, left - (count - i - 1));
        left -= share;
        buf_format(out, "%s{\"id\":\"%s\",\"share\":%" PRIu64 ".%02" PRIu64 "}", i > 0 ? "," : "",
                   one_of(state, fibres, countof(fibres)), share / 100, share % 100);
    }
    buf_char(out, ']');
}

/* More digits behind those that are there: of data as meters and spreadsheets give them. */
static void add_digits(struct buf *out, uint64_t *state, int more)
{
    for (int i = 0; i < more; i++) {
        buf_char(out, (char)('0' + below(state, 10)));
    }
}

/* 0.000 .. 0.limit, in thousandths: some lie in the middle between two whole per cents. */
static void add_ratio(struct buf *out, uint64_t *state, const char *name, uint64_t limit)
{
    buf_format(out, ",\"%s\":0.%03" PRIu64, name, below(state, limit));
}

static void add_country(struct buf *out, uint64_t *state, const char *name)
{
    buf_format(out, ",\"%s\":\"%s\"", name, one_of(state, countries, countof(countries)));
}

static void add_options(struct buf *out, uint64_t *state)
{
    if (one_in(state, 3)) {
        add_country(out, state, "countrySpinning");
    }
    if (one_in(state, 4)) {
        add_ratio(out, state, "airTransportRatio", 1000);
    }
    if (one_in(state, 4)) {
        add_ratio(out, state, "makingWaste", 500);
    }
    if (one_in(state, 4)) {
        buf_format(out, ",\"quality\":%" PRIu64 ".%02" PRIu64, below(state, 2), 10 + below(state, 90));
        buf_format(out, ",\"reparability\":1.%02" PRIu64, below(state, 30));
    }
    if (one_in(state, 3)) {
        buf_format(out, ",\"surfaceMass\":%" PRIu64, 80 + below(state, 420));
    }
    if (one_in(state, 3)) {
        buf_format(out, ",\"fading\":%s", one_in(state, 2) ? "true" : "false");
    }
    if (one_in(state, 4)) {
        buf_format(out, ",\"printing\":\"%s\"", one_of(state, prints, countof(prints)));
        add_ratio(out, state, "printingShare", 1000);
    }
    if (one_in(state, 4)) {
        buf_format(out, ",\"ennoblingHeatSource\":\"%s\"", one_of(state, heats, countof(heats)));
    }
    if (one_in(state, 5)) {
        buf_format(out, ",\"disabled\":[{\"step\":\"%s\"}]", one_of(state, steps, countof(steps)));
    }
}

struct str garment_text(struct arena *arena, uint64_t seed, uint64_t number, int more_digits)
{
    uint64_t state = seed * UINT64_C(0x2545F4914F6CDD1D) + number;
    struct buf out = buf_in(arena);
    buf_format(&out, "{\"id\":\"garment %" PRIu64 "\",\"mass\":%" PRIu64 ".%03" PRIu64, number, below(&state, 2),
               50 + below(&state, 900));
    add_digits(&out, &state, more_digits);
    buf_format(&out, ",\"product\":\"%s\"", one_of(&state, products, countof(products)));
    if (!one_in(&state, 3)) {
        buf_format(&out, ",\"fabricProcess\":\"%s\"", one_of(&state, fabrics, countof(fabrics)));
    }
    add_materials(&out, &state);
    add_country(&out, &state, "countryFabric");
    add_country(&out, &state, "countryDyeing");
    add_country(&out, &state, "countryMaking");
    add_options(&out, &state);
    buf_char(&out, '}');
    return buf_str(&out);
}

/* COUNT [SEED [MORE]]: NDJSON on standard output; masses have so many digits more */
void mode_generate(struct runner *runner, char **arguments, size_t count)
{
    uint64_t number = count > 0 ? strtoull(arguments[0], NULL, 10) : 1;
    uint64_t seed = count > 1 ? strtoull(arguments[1], NULL, 10) : 1;
    int more = count > 2 ? atoi(arguments[2]) : 0;
    for (uint64_t i = 1; i <= number; i++) {
        struct arena_mark mark = arena_mark(runner->arena);
        struct str line = garment_text(runner->arena, seed, i, more);
        printf("%.*s\n", STR_FMT(line));
        arena_reset(runner->arena, mark);
    }
}

/* The most memory, in KiB, that a run over so many garments takes. The data come through a pipe: nobody can seek. */
static long peak_of(struct runner *runner, unsigned long count, struct str *counted)
{
    struct str command = str_format(
        runner->arena,
        "'%s' generate %lu | zuji run rules/textiles/garment.pcr - --format ndjson | grep -c '\"status\":\"ok\"'",
        getenv("GOLDEN") != NULL ? getenv("GOLDEN") : "golden", count);
    struct outcome outcome = run_shell(runner, STR("."), command);
    *counted = str_trim(outcome.out);
    return outcome.peak;
}

/* [SMALL LARGE]: as many garments are run; ten times as many may not take more memory, but for what malloc leaves over.
 */
void mode_memory(struct runner *runner, char **arguments, size_t count)
{
    unsigned long small = count > 1 ? strtoul(arguments[0], NULL, 10) : 10000;
    unsigned long large = count > 1 ? strtoul(arguments[1], NULL, 10) : 100000;
    struct str first, second;
    long before = peak_of(runner, small, &first);
    long after = peak_of(runner, large, &second);
    printf("%lu garments: at most %ld KiB; %lu garments: %ld KiB\n", small, before, large, after);
    if (strtoul(first.at, NULL, 10) != small || strtoul(second.at, NULL, 10) != large) {
        runner_fail(runner, "memory: %.*s of %lu and %.*s of %lu garments were computed", STR_FMT(first), small,
                    STR_FMT(second), large);
    } else if (after > before + before / 10 + 1024) {
        runner_fail(runner, "memory: grows with the number of products: %ld KiB, then %ld KiB", before, after);
    } else {
        runner_pass(runner);
    }
}
