/* `run --stats`: which steps made the figures of the products certain, and what was in doubt. */
#include <inttypes.h>

#include "cli/text.h"

enum { STATS_NAME_CELLS = 34, STATS_COUNT_CELLS = 10, STATS_COLUMN_CELLS = 15 };

struct stats_name {
    enum diag_code text;
    const char *key; /* in JSON */
};
static const struct stats_name settled_names[ZUJI_SETTLED_COUNT] = {
    [ZUJI_BY_BOUNDS] = {T_STATS_BOUNDS,  "bounds" },
    [ZUJI_BY_GRID] = {T_STATS_GRID,    "grid"   },
    [ZUJI_BY_PARTS] = {T_STATS_PARTS,   "parts"  },
    [ZUJI_BY_PRODUCT] = {T_STATS_PRODUCT, "product"},
};
static const struct stats_name doubt_names[ZUJI_DOUBT_COUNT] = {
    [ZUJI_DOUBT_COMPARISON] = {T_STATS_COMPARISON, "comparison"},
    [ZUJI_DOUBT_STEP] = {T_STATS_STEP,       "step"      },
    [ZUJI_DOUBT_ROW] = {T_STATS_ROW,        "row"       },
    [ZUJI_DOUBT_ROUNDING] = {T_STATS_ROUNDING,   "rounding"  },
    [ZUJI_DOUBT_FIGURE] = {T_STATS_FIGURE,     "figure"    },
    [ZUJI_DOUBT_PRECISION] = {T_STATS_PRECISION,  "precision" },
    [ZUJI_DOUBT_FAILURE] = {T_STATS_FAILURE,    "failure"   },
    [ZUJI_DOUBT_SIZE] = {T_STATS_SIZE,       "size"      },
};

/* ---- JSON ---- */

/* {"bounds": 990, "grid": 7, …}, from the step `first` on */
static void print_json_steps(const uint64_t counts[ZUJI_SETTLED_COUNT], int first)
{
    for (int s = first; s < ZUJI_SETTLED_COUNT; s++) {
        fprintf(stderr, "%s\"%s\":%" PRIu64, s == first ? "{" : ",", settled_names[s].key, counts[s]);
    }
    fputc('}', stderr);
}

static void print_json(const struct zuji_stats *stats)
{
    fprintf(stderr, "{\"products\":%" PRIu64 ",\"refused\":%" PRIu64 ",\"settled\":", stats->products, stats->refused);
    print_json_steps(stats->settled, ZUJI_BY_BOUNDS);
    fputs(",\"doubts\":{", stderr);
    for (int d = 0; d < ZUJI_DOUBT_COUNT; d++) {
        fprintf(stderr, "%s\"%s\":", d == 0 ? "" : ",", doubt_names[d].key);
        print_json_steps(stats->doubts[d], ZUJI_BY_GRID);
    }
    fputs("}}\n", stderr);
}

/* ---- text ---- */

static struct str worded(const struct cli *cli, enum diag_code text)
{
    return diag_text(cli->arena, (struct diag_text){.text = text}, cli->lang);
}

static void print_name(const struct cli *cli, enum diag_code text, size_t indent)
{
    text_spaces(stderr, indent);
    text_cells(stderr, worded(cli, text), STATS_NAME_CELLS - indent, false);
}

static void print_count(const struct cli *cli, enum diag_code text, size_t indent, uint64_t count)
{
    print_name(cli, text, indent);
    fprintf(stderr, "%*" PRIu64 "\n", STATS_COUNT_CELLS, count);
}

static bool is_any(const uint64_t counts[ZUJI_SETTLED_COUNT])
{
    return counts[ZUJI_BY_GRID] + counts[ZUJI_BY_PARTS] + counts[ZUJI_BY_PRODUCT] > 0;
}

static void print_doubts(const struct cli *cli, const struct zuji_stats *stats)
{
    bool has_head = false;
    for (int d = 0; d < ZUJI_DOUBT_COUNT; d++) {
        if (!is_any(stats->doubts[d])) {
            continue;
        }
        if (!has_head) {
            print_name(cli, T_STATS_DOUBTS, 0);
            for (int s = ZUJI_BY_GRID; s < ZUJI_SETTLED_COUNT; s++) {
                text_cells(stderr, worded(cli, settled_names[s].text), STATS_COLUMN_CELLS, true);
            }
            fputc('\n', stderr);
            has_head = true;
        }
        print_name(cli, doubt_names[d].text, HEAD_INDENT);
        for (int s = ZUJI_BY_GRID; s < ZUJI_SETTLED_COUNT; s++) {
            fprintf(stderr, "%*" PRIu64, STATS_COLUMN_CELLS, stats->doubts[d][s]);
        }
        fputc('\n', stderr);
    }
}

void print_stats(const struct cli *cli, const struct zuji_run *run, bool is_json)
{
    struct zuji_stats stats;
    zuji_run_stats(run, &stats);
    if (is_json) {
        print_json(&stats);
        return;
    }
    print_count(cli, T_STATS_PRODUCTS, 0, stats.products);
    if (stats.refused > 0) {
        print_count(cli, T_STATS_REFUSED, HEAD_INDENT, stats.refused);
    }
    fprintf(stderr, "%.*s\n", STR_FMT(worded(cli, T_STATS_SETTLED)));
    for (int s = 0; s < ZUJI_SETTLED_COUNT; s++) {
        print_count(cli, settled_names[s].text, HEAD_INDENT, stats.settled[s]);
    }
    print_doubts(cli, &stats);
}
