/* One result as a page for people: total, stages with their flows, categories, gases, reports; shares as small bars. */
#include <string.h>

#include "base/decimal.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "cli/text.h"

enum { NAME_CELLS_MIN = 24, NAME_CELLS_MAX = 48, BAR_CELLS = 20 };
enum { FLOW_INDENT = 6 };

size_t text_width(struct str s)
{
    size_t cells = 0;
    for (size_t off = 0; off < s.len;) {
        cells += (size_t)unicode_width(utf8_next(s, &off));
    }
    return cells;
}

static bool is_digit(uint32_t c)
{
    return (c >= '0' && c <= '9') || c == 0x2026; /* … */
}

/* Signs that do not begin a line. */
static bool is_closing(uint32_t c)
{
    static const uint32_t signs[] = {0x3001, 0x3002, 0xFF0C, 0xFF1A, 0xFF1B, 0xFF09, 0xFF3D, 0x201D, 0x300D, 0xFF01};
    for (size_t i = 0; i < countof(signs); i++) {
        if (signs[i] == c) {
            return true;
        }
    }
    return false;
}

/* May a line end before the character at `off`? At a blank that is not between a number and its unit, and on either
   side of characters that are two cells wide. */
static bool is_break(struct str text, size_t off, uint32_t before, uint32_t c)
{
    if (c == ' ') {
        size_t next = off + 1;
        uint32_t after = next < text.len ? utf8_next(text, &next) : ' ';
        bool is_unit = (after >= 'A' && after <= 'z') || after == '%' || after == '{' || is_digit(after);
        return !(is_digit(before) && is_unit);
    }
    return !is_closing(c) && (unicode_width(c) == 2 || unicode_width(before) == 2);
}

size_t text_fit(struct str text, size_t cells)
{
    size_t used = 0;
    size_t end = 0;
    uint32_t before = 'a';
    for (size_t off = 0; off < text.len;) {
        size_t at = off;
        uint32_t c = utf8_next(text, &off);
        end = at > 0 && is_break(text, at, before, c) ? at : end;
        used += (size_t)unicode_width(c);
        if (used > cells) {
            return end > 0 ? end : at;
        }
        before = c;
    }
    return text.len;
}

void text_spaces(FILE *out, size_t count)
{
    fprintf(out, "%*s", (int)count, "");
}

void text_cells(FILE *out, struct str s, size_t cells, bool is_number)
{
    size_t used = text_width(s);
    size_t fill = used < cells ? cells - used : 0;
    if (is_number) {
        text_spaces(out, fill);
    }
    fwrite(s.at, 1, s.len, out);
    if (!is_number) {
        text_spaces(out, fill);
    }
}

/* A bar of eighths of a cell: a share of 1 fills it. */
static void print_bar(FILE *out, double share)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    double clamped = share < 0 ? 0 : share > 1 ? 1 : share;
    int units = (int)(clamped * BAR_CELLS * 8 + 0.5);
    if (units > 0) {
        fputc(' ', out);
    }
    for (int i = 0; i < units / 8; i++) {
        fputs("█", out);
    }
    fputs(eighths[units % 8], out);
}

struct str text_either(const char *const texts[2], enum lang lang)
{
    return str_of(texts[lang][0] != '\0' ? texts[lang] : texts[1 - lang]);
}

struct str text_worded(const struct page *page, enum diag_code text, struct str arg)
{
    return diag_text(page->cli->arena, (struct diag_text){.text = text, .args = {arg}}, page->cli->lang);
}

/* Its title, or its name; with a mark where it is shown and not summed. */
struct str text_title(const struct page *page, const struct zuji_figure *figure)
{
    struct str title = text_either(figure->title, page->cli->lang);
    title = title.len > 0 ? title : str_of(figure->name);
    return figure->is_apart ? text_worded(page, T_APART, title) : title;
}

static void widen(struct page *page, const struct zuji_figure *figures, size_t count, size_t indent)
{
    for (size_t i = 0; i < count; i++) {
        size_t cells = text_width(text_title(page, &figures[i])) + indent + (figures[i].process[0] != '\0' ? 2 : 0);
        if (cells > page->name_cells) {
            page->name_cells = cells < NAME_CELLS_MAX ? cells : NAME_CELLS_MAX;
        }
    }
}

/* The last digit that is no zero; of zero itself 0. */
static char last_digit(const char *number)
{
    char last = '0';
    for (; *number != '\0'; number++) {
        last = *number >= '1' && *number <= '9' ? *number : last;
    }
    return last;
}

struct str text_row(const struct cli *cli, const struct zuji_result *result)
{
    struct str name = str_of(zuji_result_row_name(result));
    struct diag_text sensitivity = {.text = T_SENSITIVITY_ROW, .args = {name}};
    return zuji_result_is_headline(result) ? name : diag_text(cli->arena, sensitivity, cli->lang);
}

struct str text_reported(const struct cli *cli, const struct zuji_figure *figure)
{
    if (!figure->is_given) {
        return STR("–");
    }
    bool is_shown = (figure->mark[0] == '+' || figure->mark[0] == '-') && last_digit(figure->reported) == '5';
    return is_shown ? str_format(cli->arena, "%s(%s)", figure->reported, figure->mark) : str_of(figure->reported);
}

void text_named_number(const struct page *page, const struct zuji_figure *figure, size_t indent)
{
    text_spaces(page->out, indent);
    text_cells(page->out, text_title(page, figure), page->name_cells - indent, false);
    fputc(' ', page->out);
    text_cells(page->out, text_reported(page->cli, figure), NUMBER_CELLS, true);
}

void text_share(FILE *out, double share)
{
    int permille = (int)(share * 1000 + (share < 0 ? -0.5 : 0.5));
    int size = permille < 0 ? -permille : permille;
    char text[32];
    snprintf(text, sizeof text, "%s%d.%d %%", permille < 0 ? "-" : "", size / 10, size % 10);
    fprintf(out, "%9s", text);
}

void text_figure(const struct page *page, const struct zuji_figure *figure, size_t indent)
{
    text_named_number(page, figure, indent);
    if (figure->is_given) {
        text_share(page->out, figure->share);
        print_bar(page->out, figure->share);
    }
    fputc('\n', page->out);
}

void text_heading(const struct page *page, enum diag_code text)
{
    fprintf(page->out, "  %.*s\n", STR_FMT(text_worded(page, text, STR(""))));
}

/* The process of the flow. NULL: none, or one that is this flow alone and called like it. */
static const struct zuji_figure *process_of(const struct page *page, const struct zuji_figure *flow)
{
    size_t count;
    size_t flow_count;
    const struct zuji_figure *processes = zuji_result_processes(page->result, &count);
    const struct zuji_figure *flows = zuji_result_flows(page->result, &flow_count);
    const struct zuji_figure *found = NULL;
    size_t met = 0;
    for (size_t i = 0; i < count && flow->process[0] != '\0'; i++) {
        bool is_it = strcmp(processes[i].stage, flow->stage) == 0 && strcmp(processes[i].name, flow->process) == 0;
        found = is_it ? &processes[i] : found;
    }
    for (size_t i = 0; i < flow_count && found != NULL; i++) {
        met += strcmp(flows[i].stage, flow->stage) == 0 && strcmp(flows[i].process, flow->process) == 0;
    }
    bool is_alone = met == 1 && str_eq(text_title(page, found), text_title(page, flow));
    return is_alone ? NULL : found;
}

/* Flows under the process that they are in. */
static void print_flows(const struct page *page, const struct zuji_figure *stage)
{
    size_t count;
    const struct zuji_figure *flows = zuji_result_flows(page->result, &count);
    const struct zuji_figure *shown = NULL;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(flows[i].stage, stage->name) != 0) {
            continue;
        }
        const struct zuji_figure *process = process_of(page, &flows[i]);
        if (process != NULL && process != shown) {
            text_figure(page, process, FLOW_INDENT);
        }
        shown = process;
        text_figure(page, &flows[i], process != NULL ? FLOW_INDENT + 2 : FLOW_INDENT);
    }
}

static void print_stages(struct page *page, bool with_flows)
{
    size_t count;
    const struct zuji_figure *stages = zuji_result_stages(page->result, &count);
    text_heading(page, T_HEAD_STAGES);
    for (size_t i = 0; i < count; i++) {
        text_figure(page, &stages[i], STAGE_INDENT);
        if (with_flows && stages[i].is_given) {
            print_flows(page, &stages[i]);
        }
    }
}

void text_list(const struct page *page, enum diag_code heading, const struct zuji_figure *figures, size_t count)
{
    if (count > 0) {
        text_heading(page, heading);
    }
    for (size_t i = 0; i < count; i++) {
        text_figure(page, &figures[i], STAGE_INDENT);
    }
}

/* A gas that the data name has a figure for each one that it may be; those that do not occur are left out. */
static void print_gases(const struct page *page, const struct zuji_figure *figures, size_t count)
{
    bool has_heading = false;
    for (size_t i = 0; i < count; i++) {
        if (figures[i].is_given && figures[i].value == 0) {
            continue;
        }
        if (!has_heading) {
            text_heading(page, T_HEAD_GASES);
            has_heading = true;
        }
        text_figure(page, &figures[i], STAGE_INDENT);
    }
}

static void print_reports(const struct page *page)
{
    size_t count;
    const struct zuji_figure *reports = zuji_result_reports(page->result, &count);
    bool is_first = true;
    for (size_t i = 0; i < count; i++) {
        if (!reports[i].is_given) {
            continue;
        }
        if (is_first) {
            text_heading(page, T_HEAD_REPORTS);
        }
        is_first = false;
        text_named_number(page, &reports[i], STAGE_INDENT);
        bool is_plain = strcmp(reports[i].unit, "1") == 0;
        fprintf(page->out, "%s%s\n", is_plain ? "" : " ", is_plain ? "" : reports[i].unit);
    }
}

/* Defaults taken and the like; errors and warnings go to standard error instead. */
static void print_notes(const struct page *page)
{
    const struct zuji_messages *messages = zuji_result_messages(page->result);
    bool has_heading = false;
    for (size_t i = 0; i < zuji_messages_count(messages); i++) {
        const struct zuji_message *message = zuji_messages_get(messages, i);
        if (message->severity == SEVERITY_NOTE) {
            if (!has_heading) {
                text_heading(page, T_HEAD_NOTES);
                has_heading = true;
            }
            fprintf(page->out, "    %s\n", message->text[page->cli->lang]);
        }
    }
}

static void print_validity(const struct page *page, const struct zuji_validity *valid)
{
    if (valid->from[0] != '\0' || valid->to[0] != '\0') {
        struct str days = str_format(page->cli->arena, "%s%s..%s%s", valid->from, valid->from[0] != '\0' ? " " : "",
                                     valid->to[0] != '\0' ? " " : "", valid->to);
        struct diag_text text = {T_RESULT_VALID, {days}};
        fprintf(page->out, "  %.*s\n", STR_FMT(diag_text(page->cli->arena, text, page->cli->lang)));
    }
}

static struct str worded(const struct page *page, enum diag_code text, const struct str *args, size_t count)
{
    struct diag_text wording = {.text = text};
    for (size_t i = 0; i < count; i++) {
        wording.args[i] = args[i];
    }
    return diag_text(page->cli->arena, wording, page->cli->lang);
}

/* class A (not above 190), comparing the rounded value; comparing the full value: B */
static void print_grade(const struct page *page)
{
    const struct zuji_grade *grade = zuji_result_grade(page->result);
    if (grade == NULL) {
        return;
    }
    bool is_rounded = strcmp(grade->method, "rounded") == 0;
    enum diag_code methods[2] = {T_METHOD_FULL_VALUE, T_METHOD_ROUNDED};
    struct str method = text_worded(page, methods[is_rounded], STR(""));
    struct str other = text_worded(page, methods[!is_rounded], STR(""));
    struct str name = text_either(grade->title, page->cli->lang);
    struct str class = grade->class_name[0] == '\0'
                           ? text_worded(page, T_GRADE_NONE, STR(""))
                           : text_worded(page, T_GRADE_CLASS, name.len > 0 ? name : str_of(grade->class_name));
    if (grade->limit[0] != '\0') {
        class = worded(page, grade->is_below ? T_GRADE_BELOW : T_GRADE_UP_TO, DIAG_ARGS(class, str_of(grade->limit)));
    }
    struct str parts[2] = {class, method};
    struct str line = str_join(page->cli->arena, parts, 2, text_worded(page, T_COMMA, STR("")));
    if (strcmp(grade->class_name, grade->other_class) != 0) {
        struct str class_of_other = str_of(grade->other_class[0] != '\0' ? grade->other_class : "–");
        line = worded(page, T_GRADE_OTHER, DIAG_ARGS(line, other, class_of_other));
    }
    fprintf(page->out, "  %.*s\n", STR_FMT(line));
}

void print_result_text(FILE *out, const struct cli *cli, const struct zuji_rule *rule, const struct zuji_result *result,
                       enum zuji_detail detail)
{
    enum zuji_lang lang = cli->lang == LANG_ZH ? ZUJI_ZH : ZUJI_EN;
    struct page page = {out, cli, result, NAME_CELLS_MIN};
    struct str row = text_row(cli, result);
    struct str id = str_of(zuji_result_id(result));
    id = row.len > 0 ? str_join(cli->arena, (const struct str[]){id, row}, 2, STR(" · ")) : id;
    struct diag_text whose = {
        T_EXPLAIN_HEAD, {str_of(zuji_rule_title(rule, lang)), id}
    };
    fprintf(out, "%.*s\n", STR_FMT(diag_text(cli->arena, whose, cli->lang)));
    if (!zuji_result_is_ok(result)) {
        text_heading(&page, T_HEAD_ERROR);
        fputc('\n', out);
        return;
    }
    size_t count;
    const struct zuji_figure *figures = zuji_result_stages(result, &count);
    widen(&page, figures, count, STAGE_INDENT);
    figures = zuji_result_flows(result, &count);
    widen(&page, figures, count, FLOW_INDENT);
    figures = zuji_result_reports(result, &count);
    widen(&page, figures, count, STAGE_INDENT);
    if (detail == ZUJI_FULL) {
        figures = zuji_result_processes(result, &count);
        widen(&page, figures, count, FLOW_INDENT);
        figures = zuji_result_phases(result, &count);
        widen(&page, figures, count, STAGE_INDENT);
        figures = zuji_result_members(result, &count);
        widen(&page, figures, count, STAGE_INDENT);
    }
    struct str reported = text_reported(cli, zuji_result_total(result));
    struct diag_text head = {
        T_HEAD_TOTAL, {reported, STR("kgCO2e"), str_of(zuji_rule_declared(rule, lang))}
    };
    fprintf(out, "  %.*s\n", STR_FMT(diag_text(cli->arena, head, cli->lang)));
    print_grade(&page);
    if (detail >= ZUJI_STAGES) {
        print_stages(&page, detail == ZUJI_FULL);
    }
    if (detail == ZUJI_FULL) {
        print_validity(&page, zuji_rule_validity(rule));
        text_cuts(&page);
        figures = zuji_result_gases(result, &count);
        print_gases(&page, figures, count);
        print_reports(&page);
        text_reasons(&page);
        print_notes(&page);
    }
    fputc('\n', out);
}

/* ---- numbers and their names ---- */

struct str text_number(const struct cli *cli, double number)
{
    enum { SHOWN_DIGITS = 5 };
    char text[DECIMAL_TEXT_MAX];
    struct rat whole = rat_of_datum(cli->arena, number);
    struct rat shown = rat_round_significant(cli->arena, whole, SHOWN_DIGITS, ROUND_TRUNCATE);
    if (rat_is_int(shown)) { /* no digit before the point becomes 0 */
        shown = rat_round(cli->arena, whole, RAT_ONE, ROUND_TRUNCATE);
    }
    size_t len = decimal_print(rat_to_double(shown), text);
    return str_format(cli->arena, "%.*s%s", (int)len, text, rat_eq(whole, shown) ? "" : "…");
}

/* "mass" of "materials.mass" */
static struct str last_name(const char *name)
{
    const char *dot = strrchr(name, '.');
    return str_of(dot == NULL ? name : dot + 1);
}

/* "materials[3].mass"; of a default of a formula, which is no field, the formula and its row. */
static void add_place(struct buf *out, const struct zuji_ground *ground)
{
    struct str path = str_of(ground->path);
    struct str last = last_name(ground->name);
    bool is_field = path.len >= last.len && str_eq(str_slice(path, path.len - last.len, path.len), last);
    if (!is_field) {
        buf_add(out, str_of(ground->name));
    }
    buf_format(out, is_field || path.len == 0 ? "%s" : " (%s)", ground->path);
}

static void add_component(struct buf *out, const struct zuji_ground *ground)
{
    if (ground->component[0] != '\0') {
        buf_format(out, ".%s", ground->component);
    }
}

struct str text_ground_group(const struct cli *cli, const struct zuji_ground *ground)
{
    struct buf name = buf_in(cli->arena);
    buf_add(&name, str_of(ground->name));
    add_component(&name, ground);
    return buf_str(&name);
}

struct str text_titled(const struct cli *cli, const struct zuji_ground *ground, struct str name)
{
    struct diag_text titled = {
        T_EXPLAIN_TITLE, {str_of(ground->title[cli->lang]), name}
    };
    bool is_titled = titled.args[0].len > 0 && !str_eq(titled.args[0], name);
    return is_titled ? diag_text(cli->arena, titled, cli->lang) : name;
}

struct str text_ground(const struct cli *cli, const struct zuji_ground *ground)
{
    struct buf name = buf_in(cli->arena);
    if (ground->kind == ZUJI_DATUM || ground->kind == ZUJI_DEFAULT) {
        add_place(&name, ground);
    } else {
        buf_add(&name, str_of(ground->name));
    }
    add_component(&name, ground);
    for (size_t k = 0; k < ground->key_count; k++) {
        buf_format(&name, "%s%s%s", k == 0 ? "(" : ", ", ground->keys[k], k + 1 == ground->key_count ? ")" : "");
    }
    return buf_str(&name);
}
