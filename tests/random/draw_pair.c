/* A rule with its data, from a seed. */
#include <string.h>

#include "tests/random/maker.h"

enum { PRODUCTS = 8 };

/* ---- the file of factors ---- */

static struct str key_text(const struct factor *factor, uint32_t key, uint32_t which, bool *is_last)
{
    static const char *const texts[] = {"steel", "tin", "lead", "铜"};
    static const char *const regions[] = {"", "CN", "FR"};
    static const char *const years[] = {"2018", "2021", "2022"};
    const struct choice *choice = factor->keys[key].choice;
    if (choice != NULL) {
        *is_last = which + 1 == choice->count;
        return choice->members[which].first;
    }
    if (factor->is_region[key]) {
        *is_last = which + 1 == countof(regions);
        return str_of(regions[which]);
    }
    if (factor->keys[key].sort == SORT_YEAR) {
        *is_last = which + 1 == countof(years);
        return str_of(years[which]);
    }
    *is_last = which + 1 == countof(texts);
    return str_of(texts[which]);
}

/* The cells behind the keys: value, its parts, validity. */
static void add_value(struct maker *m, struct buf *line, const struct factor *factor, const char *validity)
{
    uint32_t parts[3] = {maker_below(m, 900), maker_below(m, 90), maker_below(m, 20)};
    uint32_t sum = parts[0] + parts[1] + parts[2];
    buf_format(line, ",%u.%02u,%.*s,", sum / 100, sum % 100, STR_FMT(factor->unit.text));
    for (uint32_t i = 0; i < countof(parts) && factor->is_split; i++) {
        buf_format(line, "%u.%02u,", parts[i] / 100, parts[i] % 100);
    }
    buf_format(line, "%s%s,%s", factor->is_split ? "" : ",,,", validity, maker_chance(m, 30) ? "yes" : "");
}

static void add_line(struct maker *m, struct node *lines, const struct factor *factor, const struct str *keys)
{
    static const char *const validities[] = {",", "2019-01-01,2020-12-31", "2021-01-01,2025-12-31"};
    bool is_cut = m->has_validity && maker_chance(m, 25);
    for (uint32_t v = is_cut ? 1 : 0; v < (is_cut ? countof(validities) : 1); v++) {
        struct buf line = buf_in(m->arena);
        buf_add(&line, factor->name.first);
        for (const struct factor *other = m->factors; other != NULL; other = other->next) {
            for (uint32_t i = 0; i < other->key_count; i++) {
                buf_format(&line, ",%.*s", STR_FMT(other == factor ? keys[i] : STR("")));
            }
        }
        add_value(m, &line, factor, validities[v]);
        m->counts[HAS_FACTOR_VALID] += is_cut;
        node_add(&m->tree, lines, node_text(&m->tree, buf_str(&line)));
    }
}

static void add_lines(struct maker *m, struct node *lines, const struct factor *factor)
{
    struct str keys[KEYS_MAX] = {{0}};
    bool is_last[KEYS_MAX] = {false, false};
    for (uint32_t i = 0; !is_last[0]; i++) {
        is_last[0] = factor->key_count == 0;
        keys[0] = factor->key_count > 0 ? key_text(factor, 0, i, &is_last[0]) : STR("");
        is_last[1] = false;
        for (uint32_t k = 0; !is_last[1]; k++) {
            is_last[1] = factor->key_count < 2;
            keys[1] = factor->key_count > 1 ? key_text(factor, 1, k, &is_last[1]) : STR("");
            if (factor->key_count == 0 || (i == 0 && k == 0) || maker_chance(m, 95)) {
                add_line(m, lines, factor, keys);
            }
        }
    }
}

struct node *draw_factor_file(struct maker *m)
{
    if (m->factors == NULL) {
        return NULL;
    }
    struct buf header = buf_in(m->arena);
    buf_add(&header, STR("factor"));
    struct node *lines = node_sequence(&m->tree, STR("\n"));
    for (const struct factor *factor = m->factors; factor != NULL; factor = factor->next) {
        for (uint32_t i = 0; i < factor->key_count; i++) {
            buf_format(&header, ",%.*s", STR_FMT(factor->key_names[i].first));
        }
    }
    buf_add(&header, STR(",value,unit,fossil,biogenic,land_use_change,valid_from,valid_to,primary"));
    for (const struct factor *factor = m->factors; factor != NULL; factor = factor->next) {
        if (!factor->has_default || maker_chance(m, 50)) {
            add_lines(m, lines, factor);
        }
    }
    return node_compose(&m->tree, LEVEL_ATOM, "$\n$\n", node_text(&m->tree, buf_str(&header)), lines);
}

/* ---- the whole ---- */

static void draw_cuts(struct maker *m)
{
    m->has_lifecycle = maker_chance(m, 15);
    m->has_breakdown = maker_chance(m, 25);
    if (m->has_lifecycle) {
        maker_count(m, HAS_LIFECYCLE);
        node_add(&m->tree, m->module,
                 node_text(&m->tree,
                           STR("lifecycle own_cycle {\n    phase making\n    phase selling\n    phase beyond apart\n"
                               "    boundary own_boundary = making, selling\n}")));
    }
    if (m->has_breakdown) {
        maker_count(m, HAS_BREAKDOWN);
        struct str apart = maker_chance(m, 30) ? STR(" apart") : STR("");
        node_add(
            &m->tree, m->module,
            node_format(&m->tree, LEVEL_ATOM, "breakdown own_scopes { own_part, other_part%.*s }", STR_FMT(apart)));
    }
}

static struct maker *maker_new(struct arena *arena, uint64_t seed)
{
    struct maker *m = arena_new(arena, struct maker);
    m->arena = arena;
    m->tree.arena = arena;
    m->random.state = seed * UINT64_C(0x2545F4914F6CDD1D) + 1;
    m->imports = node_sequence(&m->tree, STR("\n"));
    m->module = node_sequence(&m->tree, STR("\n"));
    m->data = node_sequence(&m->tree, STR("\n        "));
    m->rule = node_sequence(&m->tree, STR("\n    "));
    m->names = node_sequence(&m->tree, STR("\n        "));
    m->lifted = node_sequence(&m->tree, STR(""));
    m->lifted_data = node_sequence(&m->tree, STR(""));
    m->last = node_sequence(&m->tree, STR("\n    "));
    if (maker_chance(m, 15)) {
        m->variant = node_sequence(&m->tree, STR("\n    "));
        maker_count(m, HAS_EXTENDS);
    }
    m->uses_pallets = maker_chance(m, 20);
    m->uses_gases = maker_chance(m, 60);
    if (m->uses_gases) {
        maker_count(m, HAS_IMPORT);
        node_add(&m->tree, m->imports, node_text(&m->tree, STR("import std.gases")));
    }
    return m;
}

/* One file; or a base and the variant that extends it, which is one file in the whole form. */
static void write_rule(struct maker *m, struct pair *pair)
{
    struct node *names = node_compose(&m->tree, LEVEL_ATOM, "names {\n        $\n    }", m->names);
    struct node *whole = node_compose(&m->tree, LEVEL_ATOM, "$\n$\n\nrule drawn {\n    $\n    $\n    $\n}\n",
                                      m->imports, m->module, m->rule, names, m->last);
    pair->rule = whole;
    if (m->variant != NULL) {
        pair->base = node_compose(&m->tree, LEVEL_ATOM, "$\n$\n\nrule drawn_base {\n    $\n    $\n}\n", m->imports,
                                  m->module, m->rule, names);
        pair->rule = node_compose(&m->tree, LEVEL_ATOM, "$\nimport base\n\nrule drawn extends drawn_base {\n    $\n}\n",
                                  m->imports, m->variant);
        pair->rule->as[FORM_WHOLE] = whole;
    }
}

struct pair pair_draw(struct arena *arena, uint64_t seed)
{
    struct maker *m = maker_new(arena, seed);
    draw_cuts(m);
    draw_module(m);
    draw_data(m);
    draw_rule(m);
    struct pair pair = {.tree = m->tree, .has_order = m->has_order};
    write_rule(m, &pair);
    pair.records = node_sequence(&m->tree, STR("\n"));
    for (uint32_t i = 0; i < PRODUCTS; i++) {
        node_add(&m->tree, pair.records, draw_record(m, i + 1));
    }
    pair.factors = draw_factor_file(m);
    memcpy(pair.counts, m->counts, sizeof pair.counts);
    return pair;
}
