/* The other cuts of the total on a page: phases, categories, their matrix with the stages, what is subtracted,
 * breakdowns.
 */
#include <string.h>

#include "cli/text.h"

/* Phases are worth a list where one of them is no sum of stages, or the stages are not just the phases. */
static bool are_phases_told(const struct page *page, const struct zuji_figure *phases, size_t count)
{
    size_t stages;
    zuji_result_stages(page->result, &stages);
    bool is_told = count > 1 && count < stages;
    for (size_t i = 0; i < count; i++) {
        is_told = is_told || phases[i].state != ZUJI_DECLARED || phases[i].is_apart;
    }
    return is_told;
}

static void print_phases(const struct page *page)
{
    size_t count;
    const struct zuji_figure *phases = zuji_result_phases(page->result, &count);
    if (!are_phases_told(page, phases, count)) {
        return;
    }
    text_heading(page, T_HEAD_PHASES);
    for (size_t i = 0; i < count; i++) {
        if (phases[i].state == ZUJI_DECLARED) {
            text_figure(page, &phases[i], STAGE_INDENT);
            continue;
        }
        enum diag_code state = phases[i].state == ZUJI_ZERO ? T_PHASE_ZERO : T_PHASE_EXCLUDED;
        struct str reason = text_worded(page, state, text_either(phases[i].because, page->cli->lang));
        text_named_number(page, &phases[i], STAGE_INDENT);
        fprintf(page->out, "  %.*s\n", STR_FMT(reason));
    }
}

/* Totals with and without biogenic removals stand below the categories. */
static void print_categories(const struct page *page)
{
    size_t count;
    const struct zuji_figure *figures = zuji_result_categories(page->result, &count);
    text_list(page, T_HEAD_CATEGORIES, figures, count);
    figures = zuji_result_sums(page->result, &count);
    for (size_t i = 0; i < count; i++) {
        if (figures[i].is_given && strcmp(figures[i].name, "removals") != 0 &&
            strcmp(figures[i].name, "credits") != 0) {
            text_figure(page, &figures[i], STAGE_INDENT);
        }
    }
}

/* Flows that are subtracted, or would be were they not apart, with their reasons. */
static void print_subtracted(const struct page *page, enum diag_code heading, int kind, bool is_apart)
{
    size_t count;
    const struct zuji_figure *flows = zuji_result_flows(page->result, &count);
    bool has_heading = false;
    for (size_t i = 0; i < count; i++) {
        if (flows[i].kind != kind || !flows[i].is_given || (flows[i].is_apart != 0) != is_apart) {
            continue;
        }
        if (!has_heading) {
            text_heading(page, heading);
            has_heading = true;
        }
        struct str reason = text_either(flows[i].because, page->cli->lang);
        text_named_number(page, &flows[i], STAGE_INDENT);
        fprintf(page->out, "%s%.*s\n", reason.len > 0 ? "  " : "", STR_FMT(reason));
    }
}

static void print_breakdowns(const struct page *page)
{
    size_t count;
    const struct zuji_figure *members = zuji_result_members(page->result, &count);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(members[i].breakdown, members[i - 1].breakdown) != 0) {
            struct str title = text_either(members[i].breakdown_title, page->cli->lang);
            title = title.len > 0 ? title : str_of(members[i].breakdown);
            fprintf(page->out, "  %.*s\n", STR_FMT(title));
        }
        text_figure(page, &members[i], STAGE_INDENT);
    }
}

const struct zuji_figure *text_cell(const struct zuji_figure *cells, size_t count, const char *stage,
                                    const char *category)
{
    for (size_t i = 0; i < count; i++) {
        bool is_it = strcmp(cells[i].stage, stage) == 0 && strcmp(cells[i].name, category) == 0;
        if (is_it && cells[i].gas[0] == '\0') {
            return &cells[i];
        }
    }
    return NULL;
}

/* A column for each category, a line for each stage. */
static void print_matrix(const struct page *page)
{
    size_t cell_count;
    size_t stage_count;
    size_t count;
    const struct zuji_figure *categories = zuji_result_categories(page->result, &count);
    const struct zuji_figure *stages = zuji_result_stages(page->result, &stage_count);
    if (count < 2 || stage_count < 2) {
        return;
    }
    const struct zuji_figure *cells = zuji_result_matrix(page->result, &cell_count);
    size_t *widths = arena_array(page->cli->arena, size_t, count);
    text_spaces(page->out, HEAD_INDENT);
    text_cells(page->out, text_worded(page, T_HEAD_MATRIX, STR("")), page->name_cells - HEAD_INDENT, false);
    for (size_t k = 0; k < count; k++) {
        struct str title = text_title(page, &categories[k]);
        widths[k] = text_width(title) > NUMBER_CELLS ? text_width(title) : NUMBER_CELLS;
        fputs("  ", page->out);
        text_cells(page->out, title, widths[k], true);
    }
    fputc('\n', page->out);
    for (size_t i = 0; i < stage_count; i++) {
        text_spaces(page->out, STAGE_INDENT);
        text_cells(page->out, text_title(page, &stages[i]), page->name_cells - STAGE_INDENT, false);
        for (size_t k = 0; k < count; k++) {
            const struct zuji_figure *cell = text_cell(cells, cell_count, stages[i].name, categories[k].name);
            fputs("  ", page->out);
            text_cells(page->out, cell == NULL ? STR("–") : text_reported(page->cli, cell), widths[k], true);
        }
        fputc('\n', page->out);
    }
}

void text_cuts(const struct page *page)
{
    print_phases(page);
    print_categories(page);
    print_matrix(page);
    print_subtracted(page, T_HEAD_REMOVALS, ZUJI_REMOVAL, false);
    print_subtracted(page, T_HEAD_REMOVALS_APART, ZUJI_REMOVAL, true);
    print_subtracted(page, T_HEAD_CREDITS, ZUJI_CREDIT, false);
    print_subtracted(page, T_HEAD_CREDITS_APART, ZUJI_CREDIT, true);
    print_breakdowns(page);
}
