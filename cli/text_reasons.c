/* What a result rests on, as a page for people: how much of it is primary, the defaults and the largest factors with
   their shares, the checks. Everything there is stands in the JSON of a full result. */
#include <string.h>

#include "cli/text.h"

enum { LINE_INDENT = 4, LINE_CELLS_MAX = 80, SHOWN_OF_A_KIND = 5, LINES_MAX = 40 };

struct line {
    struct str text;
    double share; /* negative: none */
};
struct lines { /* first all, then printed in columns as wide as they need */
    const struct page *page;
    struct line items[LINES_MAX];
    size_t count;
};

static struct str wording(const struct page *page, enum diag_code text, const char *a, const char *b)
{
    struct diag_text line = {
        text, {str_of(a), str_of(b)}
    };
    return diag_text(page->cli->arena, line, page->cli->lang);
}

static void add_line(struct lines *lines, struct str text, double share)
{
    if (lines->count < LINES_MAX) {
        lines->items[lines->count++] = (struct line){.text = text, .share = share};
    }
}

static void print_lines(const struct lines *lines)
{
    FILE *out = lines->page->out;
    size_t cells = lines->page->name_cells + NUMBER_CELLS + 1 - LINE_INDENT;
    for (size_t i = 0; i < lines->count; i++) {
        size_t own = text_width(lines->items[i].text);
        cells = own > cells && own <= LINE_CELLS_MAX ? own : cells;
    }
    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->items[i];
        text_spaces(out, LINE_INDENT);
        if (line->share < 0) {
            fprintf(out, "%.*s", STR_FMT(line->text));
        } else {
            text_cells(out, line->text, cells, false);
            text_share(out, line->share);
        }
        fputc('\n', out);
    }
}

/* ---- shares and quality ---- */

static void add_shares(struct lines *lines, const struct zuji_reasons *reasons)
{
    const struct page *page = lines->page;
    add_line(lines, wording(page, T_REASON_PRIMARY, "", ""), reasons->primary);
    add_line(lines, wording(page, T_REASON_PRIMARY_DATA, "", ""), reasons->primary_data);
    add_line(lines, wording(page, T_REASON_PRIMARY_FACTORS, "", ""), reasons->primary_factors);
    if (reasons->quality.covered > 0) {
        char number[32];
        int hundredths = (int)(reasons->quality.value * 100 + 0.5);
        snprintf(number, sizeof number, "%d.%02d", hundredths / 100, hundredths % 100);
        add_line(lines, wording(page, T_REASON_QUALITY, number, ""), reasons->quality.covered);
    }
}

/* ---- grounds ---- */

static const char *title_of(const struct page *page, const struct zuji_ground *ground)
{
    const char *const titles[2] = {ground->title[page->cli->lang], ground->title[1 - page->cli->lang]};
    return titles[0][0] != '\0' ? titles[0] : titles[1];
}

static const char *category_title(const struct page *page, const char *name)
{
    size_t count;
    const struct zuji_figure *categories = zuji_result_categories(page->result, &count);
    for (size_t i = 0; i < count; i++) {
        const char *title = categories[i].title[page->cli->lang];
        if (strcmp(categories[i].name, name) == 0 && title[0] != '\0') {
            return title;
        }
    }
    return name;
}

/* electricity(grid, 2024) = 0.5777 kgCO2e/kWh; of a factor that comes split: wood(pine), biogenic = … */
static struct str factor_text(const struct page *page, const struct zuji_ground *ground)
{
    struct buf text = buf_in(page->cli->arena);
    buf_add(&text, str_of(ground->name));
    for (size_t k = 0; k < ground->key_count; k++) {
        buf_add(&text, k == 0 ? STR("(") : STR(", "));
        buf_add(&text, str_of(ground->keys[k]));
    }
    buf_format(&text, "%s%s%s = %s", ground->key_count > 0 ? ")" : "", ground->component[0] != '\0' ? ", " : "",
               category_title(page, ground->component), ground->value.text);
    return buf_str(&text);
}

static struct str ground_text(const struct page *page, const struct zuji_ground *ground)
{
    static const enum diag_code texts[] = {[ZUJI_DEFAULT] = T_REASON_DEFAULT,
                                           [ZUJI_ESTIMATE] = T_REASON_ESTIMATE,
                                           [ZUJI_SUPPLIER] = T_REASON_SUPPLIER,
                                           [ZUJI_EXTERNAL] = T_REASON_EXTERNAL};
    const char *title = title_of(page, ground);
    char rows[32];
    if (ground->kind == ZUJI_LIST_ABSENT) {
        return wording(page, T_REASON_LIST, title[0] != '\0' ? title : ground->name, "");
    }
    if (ground->kind == ZUJI_FACTOR || ground->kind == ZUJI_CELL || ground->kind == ZUJI_CONSTANT) {
        struct str text = factor_text(page, ground);
        return strcmp(ground->status, "draft") == 0 ? wording(page, T_REASON_DRAFT, text.at, "") : text;
    }
    bool has_place = ground->rows == 1 && ground->path[0] != '\0';
    const char *name = title[0] != '\0' ? title : has_place ? ground->path : ground->name;
    struct str line = wording(page, texts[ground->kind], name, ground->value.text);
    if (ground->rows > 1) {
        snprintf(rows, sizeof rows, "%lu", (unsigned long)ground->rows);
        line = wording(page, T_REASON_ROWS, line.at, rows);
    }
    return line;
}

/* Cells that are plain numbers are shares and counts of the rule rather than factors. */
static bool is_shown(const struct zuji_ground *ground)
{
    return ground->kind != ZUJI_CELL || strcmp(ground->value.unit, "1") != 0;
}

/* The largest of these kinds, together. */
static void add_grounds(struct lines *lines, const struct zuji_reasons *reasons, enum zuji_ground_kind first,
                        enum zuji_ground_kind last)
{
    const struct zuji_ground *largest[SHOWN_OF_A_KIND];
    size_t count = 0;
    for (size_t g = 0; g < reasons->ground_count; g++) {
        const struct zuji_ground *ground = &reasons->grounds[g];
        if (ground->kind < first || ground->kind > last || !is_shown(ground)) {
            continue;
        }
        size_t at = count < SHOWN_OF_A_KIND ? count : SHOWN_OF_A_KIND;
        while (at > 0 && largest[at - 1]->share < ground->share) {
            if (at < SHOWN_OF_A_KIND) {
                largest[at] = largest[at - 1];
            }
            at--;
        }
        if (at < SHOWN_OF_A_KIND) {
            largest[at] = ground;
        }
        count++;
    }
    for (size_t i = 0; i < count && i < SHOWN_OF_A_KIND; i++) {
        add_line(lines, ground_text(lines->page, largest[i]), largest[i]->share);
    }
    if (count > SHOWN_OF_A_KIND) {
        char more[32];
        snprintf(more, sizeof more, "%zu", count - SHOWN_OF_A_KIND);
        add_line(lines, wording(lines->page, T_REASON_MORE, more, ""), -1);
    }
}

/* ---- allocations ---- */

/* The stage or process, by its title where it has one. */
static const char *allocated_title(const struct lines *lines, const struct zuji_allocation *allocation)
{
    size_t count;
    bool is_process = allocation->process[0] != '\0';
    const char *name = is_process ? allocation->process : allocation->stage;
    const struct zuji_result *result = lines->page->result;
    const struct zuji_figure *figures =
        is_process ? zuji_result_processes(result, &count) : zuji_result_stages(result, &count);
    for (size_t i = 0; i < count; i++) {
        bool is_there = !is_process || strcmp(figures[i].stage, allocation->stage) == 0;
        struct str title = text_either(figures[i].title, lines->page->cli->lang);
        if (is_there && strcmp(figures[i].name, name) == 0 && title.len > 0) {
            return title.at;
        }
    }
    return name;
}

/* Several that share out one stage follow each other or not: what is left of it is told once. */
static void add_allocations(struct lines *lines, const struct zuji_reasons *reasons)
{
    for (size_t a = 0; a < reasons->allocation_count; a++) {
        const struct zuji_allocation *allocation = &reasons->allocations[a];
        bool is_told = false;
        for (size_t b = 0; b < a; b++) {
            is_told = is_told || (strcmp(reasons->allocations[b].stage, allocation->stage) == 0 &&
                                  strcmp(reasons->allocations[b].process, allocation->process) == 0);
        }
        if (!is_told && (allocation->whole > 0 || allocation->whole < 0)) {
            const char *name = allocated_title(lines, allocation);
            struct str ours = wording(lines->page, T_REASON_OURS, name, allocation->whole_text);
            add_line(lines, ours, allocation->ours / allocation->whole);
        }
    }
}

/* ---- checks ---- */

static void print_checks(const struct page *page, const struct zuji_reasons *reasons)
{
    size_t passed = 0;
    size_t judged = 0;
    char counts[2][32];
    for (size_t c = 0; c < reasons->check_count; c++) {
        passed += reasons->checks[c].verdict == ZUJI_PASSED;
        judged += reasons->checks[c].verdict != ZUJI_NOT_APPLICABLE;
    }
    if (judged == 0) {
        return;
    }
    snprintf(counts[0], sizeof counts[0], "%zu", passed);
    snprintf(counts[1], sizeof counts[1], "%zu", judged);
    struct str line = wording(page, T_CHECKS_PASSED, counts[0], counts[1]);
    text_heading(page, T_HEAD_CHECKS);
    fprintf(page->out, "    %.*s\n", STR_FMT(line));
    for (size_t c = 0; c < reasons->check_count; c++) {
        const struct zuji_check *check = &reasons->checks[c];
        if (check->verdict == ZUJI_FAILED) {
            const char *text = check->text[page->cli->lang];
            line = wording(page, T_CHECK_FAILED, text[0] != '\0' ? text : check->text[1 - page->cli->lang], "");
            fprintf(page->out, "    %.*s\n", STR_FMT(line));
        }
    }
}

void text_reasons(const struct page *page)
{
    const struct zuji_reasons *reasons = zuji_result_reasons(page->result);
    if (reasons == NULL) {
        return;
    }
    if (reasons->has_terms) {
        struct lines lines = {.page = page};
        add_shares(&lines, reasons);
        add_grounds(&lines, reasons, ZUJI_DEFAULT, ZUJI_DEFAULT);
        add_grounds(&lines, reasons, ZUJI_LIST_ABSENT, ZUJI_LIST_ABSENT);
        add_grounds(&lines, reasons, ZUJI_ESTIMATE, ZUJI_ESTIMATE);
        add_grounds(&lines, reasons, ZUJI_FACTOR, ZUJI_EXTERNAL);
        add_allocations(&lines, reasons);
        for (size_t c = 0; c < reasons->cutoff_count; c++) {
            if (reasons->cutoffs[c].row_count > 0) {
                add_line(&lines, wording(page, T_REASON_CUT, reasons->cutoffs[c].list, ""), reasons->cutoffs[c].share);
            }
        }
        text_heading(page, T_HEAD_REASONS);
        print_lines(&lines);
    }
    print_checks(page, reasons);
}
