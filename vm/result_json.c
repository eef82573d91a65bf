/* A result as JSON: one line, keys in the order of SPEC.md, "Results". */
#include <string.h>

#include "base/decimal.h"
#include "vm/json_write.h"
#include "vm/result.h"
#include "vm/result_amounts.h"

/* "key": */
#define KEY(key) STR("\"" key "\":")
/* ,"key": behind an earlier member. */
#define NEXT_KEY(key) STR(",\"" key "\":")

static void json_null(struct buf *out)
{
    buf_add(out, STR("null"));
}

/* The key comes with its comma and colon. */
static void json_text_unless_empty(struct buf *out, struct str key, const char *text)
{
    if (text[0] != '\0') {
        buf_add(out, key);
        json_text(out, text);
    }
}

static void json_texts(struct buf *out, const char *const texts[2])
{
    buf_char(out, '{');
    buf_add(out, KEY("en"));
    json_text(out, texts[0]);
    buf_add(out, NEXT_KEY("zh"));
    json_text(out, texts[1]);
    buf_char(out, '}');
}

/* ---- figures ---- */

/* "value":17.2,"reported":"17.2"; an absent figure is null, which is not zero. */
static void add_value(struct buf *out, const struct zuji_figure *figure, bool with_unit, bool with_share)
{
    buf_add(out, KEY("value"));
    if (figure->is_given) {
        json_double(out, figure->value);
    } else {
        json_null(out);
    }
    if (with_unit) {
        buf_add(out, NEXT_KEY("unit"));
        json_text(out, figure->unit);
    }
    buf_add(out, NEXT_KEY("reported"));
    if (figure->is_given) {
        json_text(out, figure->reported);
    } else {
        json_null(out);
    }
    if (figure->mark[0] != '\0') {
        buf_add(out, NEXT_KEY("mark"));
        json_text(out, figure->mark);
    }
    if (with_share) {
        buf_add(out, NEXT_KEY("share"));
        if (figure->is_given) {
            json_double(out, figure->share);
        } else {
            json_null(out);
        }
    }
}

static void add_apart(struct buf *out, const struct zuji_figure *figure)
{
    if (figure->is_apart) {
        buf_add(out, STR(",\"apart\":true"));
    }
}

static void add_because(struct buf *out, const struct zuji_figure *figure)
{
    if (figure->because[ZUJI_EN][0] != '\0' || figure->because[ZUJI_ZH][0] != '\0') {
        buf_add(out, NEXT_KEY("because"));
        json_texts(out, figure->because);
    }
}

static void add_member(struct buf *out, const struct zuji_figure *figure, bool is_report)
{
    json_text(out, figure->name);
    buf_add(out, STR(":{"));
    add_value(out, figure, is_report, !is_report);
    add_apart(out, figure);
    buf_char(out, '}');
}

/* "name":{…} for each, in braces; the key comes with what separates it from the member before. */
static void add_object(struct buf *out, struct str key, const struct zuji_figure *figures, size_t count,
                       bool are_reports)
{
    buf_add(out, key);
    buf_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        buf_add(out, i > 0 ? STR(",") : STR(""));
        add_member(out, &figures[i], are_reports);
    }
    buf_char(out, '}');
}

/* ---- stages with their categories and gases ---- */

/* The gases of a stage and category: the cells behind that of their sum. */
static void add_gases(struct buf *out, const struct zuji_figure *cells, size_t count, const struct zuji_figure *sum)
{
    bool is_first = true;
    buf_add(out, NEXT_KEY("gases"));
    buf_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        if (cells[i].stage == sum->stage && cells[i].name == sum->name && cells[i].gas != sum->gas) {
            buf_add(out, is_first ? STR("") : STR(","));
            json_text(out, cells[i].gas);
            buf_add(out, STR(":{"));
            add_value(out, &cells[i], false, false);
            buf_char(out, '}');
            is_first = false;
        }
    }
    buf_char(out, '}');
}

static void add_matrix_row(struct buf *out, const struct zuji_result *result, const struct zuji_figure *stage)
{
    const struct zuji_figure *cells = result_list(result, &result->cells);
    bool is_first = true;
    buf_add(out, NEXT_KEY("categories"));
    buf_char(out, '{');
    for (size_t i = 0; i < result->cells.count; i++) {
        if (cells[i].stage != stage->name || cells[i].gas[0] != '\0') {
            continue;
        }
        buf_add(out, is_first ? STR("") : STR(","));
        json_text(out, cells[i].name);
        buf_add(out, STR(":{"));
        add_value(out, &cells[i], false, false);
        add_gases(out, cells, result->cells.count, &cells[i]);
        buf_char(out, '}');
        is_first = false;
    }
    buf_char(out, '}');
}

static void add_stages(struct buf *out, const struct zuji_result *result, bool in_full)
{
    const struct zuji_figure *stages = result_list(result, &result->stages);
    buf_add(out, NEXT_KEY("stages"));
    buf_char(out, '[');
    for (size_t i = 0; i < result->stages.count; i++) {
        buf_add(out, i > 0 ? STR(",{") : STR("{"));
        buf_add(out, KEY("name"));
        json_text(out, stages[i].name);
        if (in_full) {
            json_text_unless_empty(out, NEXT_KEY("phase"), stages[i].phase);
        }
        buf_char(out, ',');
        add_value(out, &stages[i], false, true);
        add_apart(out, &stages[i]);
        if (in_full) {
            add_matrix_row(out, result, &stages[i]);
        }
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

/* Left out where the rule has none. */
static void add_processes(struct buf *out, const struct zuji_result *result)
{
    const struct zuji_figure *processes = result_list(result, &result->processes);
    for (size_t i = 0; i < result->processes.count; i++) {
        buf_add(out, i == 0 ? NEXT_KEY("processes") : STR(""));
        buf_add(out, i == 0 ? STR("[{") : STR(",{"));
        buf_add(out, KEY("stage"));
        json_text(out, processes[i].stage);
        buf_add(out, NEXT_KEY("name"));
        json_text(out, processes[i].name);
        buf_char(out, ',');
        add_value(out, &processes[i], false, true);
        add_apart(out, &processes[i]);
        buf_char(out, '}');
    }
    buf_add(out, result->processes.count > 0 ? STR("]") : STR(""));
}

static void add_flows(struct buf *out, const struct zuji_result *result)
{
    static const char *const kinds[] = {"", "removal", "credit"};
    const struct zuji_figure *flows = result_list(result, &result->flows);
    buf_add(out, NEXT_KEY("flows"));
    buf_char(out, '[');
    for (size_t i = 0; i < result->flows.count; i++) {
        buf_add(out, i > 0 ? STR(",{") : STR("{"));
        buf_add(out, KEY("stage"));
        json_text(out, flows[i].stage);
        json_text_unless_empty(out, NEXT_KEY("process"), flows[i].process);
        buf_add(out, NEXT_KEY("name"));
        json_text(out, flows[i].name);
        json_text_unless_empty(out, NEXT_KEY("kind"), kinds[flows[i].kind]);
        buf_char(out, ',');
        add_value(out, &flows[i], false, true);
        add_apart(out, &flows[i]);
        add_because(out, &flows[i]);
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

/* ---- other cuts ---- */

static void add_phases(struct buf *out, const struct zuji_result *result)
{
    static const char *const states[] = {"declared", "zero", "excluded"};
    const struct zuji_figure *phases = result_list(result, &result->phases);
    buf_add(out, NEXT_KEY("phases"));
    buf_char(out, '[');
    for (size_t i = 0; i < result->phases.count; i++) {
        buf_add(out, i > 0 ? STR(",{") : STR("{"));
        buf_add(out, KEY("name"));
        json_text(out, phases[i].name);
        buf_add(out, NEXT_KEY("state"));
        json_text(out, states[phases[i].state]);
        buf_char(out, ',');
        add_value(out, &phases[i], false, true);
        add_apart(out, &phases[i]);
        add_because(out, &phases[i]);
        json_text_unless_empty(out, NEXT_KEY("clause"), phases[i].clause);
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

static void add_breakdowns(struct buf *out, const struct zuji_result *result)
{
    const struct zuji_figure *members = result_list(result, &result->members);
    bool is_first = true;
    buf_add(out, NEXT_KEY("breakdowns"));
    buf_char(out, '{');
    for (size_t i = 0; i < result->members.count; is_first = false) {
        size_t end = i;
        while (end < result->members.count && strcmp(members[end].breakdown, members[i].breakdown) == 0) {
            end++;
        }
        buf_add(out, is_first ? STR("") : STR(","));
        json_text(out, members[i].breakdown);
        add_object(out, STR(":"), members + i, end - i, false);
        i = end;
    }
    buf_char(out, '}');
}

/* Of the sums only those that occur. */
static void add_sums(struct buf *out, const struct zuji_result *result)
{
    const struct zuji_figure *sums = result_list(result, &result->sums);
    bool is_first = true;
    buf_add(out, NEXT_KEY("sums"));
    buf_char(out, '{');
    for (size_t i = 0; i < result->sums.count; i++) {
        if (sums[i].is_given) {
            buf_add(out, is_first ? STR("") : STR(","));
            add_member(out, &sums[i], false);
            is_first = false;
        }
    }
    buf_char(out, '}');
}

/* Names of what is apart, or is not. */
static void add_names(struct buf *out, const struct result_figures *list, bool are_apart, bool *is_first)
{
    for (size_t i = 0; i < list->count; i++) {
        if ((list->items[i].is_apart != 0) == are_apart) {
            buf_add(out, *is_first ? STR("") : STR(","));
            json_text(out, list->items[i].name);
            *is_first = false;
        }
    }
}

/* Which categories the total sums, and what it leaves out. */
static void add_summed(struct buf *out, const struct zuji_result *result)
{
    bool is_first = true;
    buf_add(out, NEXT_KEY("summed"));
    buf_char(out, '[');
    add_names(out, &result->plan->categories, false, &is_first);
    buf_add(out, STR("],\"apart\":["));
    is_first = true;
    add_names(out, &result->plan->phases, true, &is_first);
    add_names(out, &result->plan->categories, true, &is_first);
    add_names(out, &result->plan->members, true, &is_first);
    buf_char(out, ']');
}

/* ---- notes ---- */

/* The number of the row that a path names, of the innermost list; 0: none. */
static unsigned long row_of(const char *path)
{
    unsigned long row = 0;
    for (const char *at = path; *at != '\0'; at++) {
        if (*at == '[') {
            row = 0;
            while (at[1] >= '0' && at[1] <= '9') {
                row = row * 10 + (unsigned long)(*++at - '0');
            }
        }
    }
    return row;
}

static void add_args(struct buf *out, const struct zuji_message *message)
{
    buf_add(out, NEXT_KEY("args"));
    buf_char(out, '[');
    for (size_t i = 0; i < message->arg_count; i++) {
        buf_add(out, i > 0 ? STR(",") : STR(""));
        json_text(out, message->args[i]);
    }
    buf_char(out, ']');
}

static void add_note(struct buf *out, const struct zuji_message *message)
{
    static const char *const severities[] = {"error", "warning", "lint", "note"};
    buf_char(out, '{');
    buf_add(out, KEY("code"));
    json_text(out, message->code);
    buf_add(out, NEXT_KEY("severity"));
    json_text(out, severities[message->severity]);
    json_text_unless_empty(out, NEXT_KEY("path"), message->path);
    if (row_of(message->path) > 0) {
        buf_format(out, ",\"row\":%lu", row_of(message->path));
    }
    json_text_unless_empty(out, NEXT_KEY("clause"), message->clause);
    json_text_unless_empty(out, NEXT_KEY("file"), message->file);
    if (message->line > 0) {
        buf_format(out, ",\"line\":%lu,\"column\":%lu", (unsigned long)message->line, (unsigned long)message->column);
    }
    add_args(out, message);
    buf_add(out, NEXT_KEY("text"));
    json_texts(out, message->text);
    buf_char(out, '}');
}

/* Below full detail only errors and warnings. */
static void add_notes(struct buf *out, const struct zuji_result *result, enum zuji_detail detail)
{
    const struct zuji_messages *messages = detail == ZUJI_FULL ? result_messages(result) : result_problems(result);
    bool is_first = true;
    buf_add(out, NEXT_KEY("notes"));
    buf_char(out, '[');
    for (size_t i = 0; i < messages->count; i++) {
        const struct zuji_message *message = &messages->items[i];
        if (detail != ZUJI_FULL && message->severity > SEVERITY_WARNING) {
            continue;
        }
        buf_add(out, is_first ? STR("") : STR(","));
        add_note(out, message);
        is_first = false;
    }
    buf_char(out, ']');
}

/* ---- all ---- */

/* The total as a decimal, which a JSON number in a reader's double is not always. */
static void add_decimal(struct buf *out, const struct zuji_result *result)
{
    enum { DIGITS = 15 };
    const struct amounts *amounts = result_detail(result);
    if (amounts->is_exact) {
        buf_add(out, NEXT_KEY("decimal"));
        json_text(out, rat_decimal(result->arena, amounts->exact[FIGURE_TOTAL], DIGITS).at);
    }
}

static void add_total(struct buf *out, const struct zuji_result *result, enum zuji_detail detail)
{
    buf_add(out, NEXT_KEY("total"));
    if (!result->is_ok) {
        json_null(out);
        return;
    }
    buf_char(out, '{');
    add_value(out, result_total(result), true, false);
    if (detail == ZUJI_FULL) {
        add_decimal(out, result);
    }
    buf_char(out, '}');
}

/* The class of the total; in full with its limit and what the other method says. */
static void add_grade(struct buf *out, const struct zuji_result *result, enum zuji_detail detail)
{
    if (!result->is_ok || result->plan->program->grade_count == 0 || !result_is_headline(result)) {
        return;
    }
    struct result_class class = result_class(result);
    buf_add(out, NEXT_KEY("grade"));
    buf_char(out, '{');
    buf_add(out, KEY("class"));
    if (class.number == NO_INDEX) {
        json_null(out);
    } else {
        json_text(out, class.name);
    }
    buf_add(out, NEXT_KEY("method"));
    json_text(out, class.method);
    if (detail == ZUJI_FULL) {
        const struct zuji_grade *grade = result_grade(result);
        if (grade->limit[0] != '\0') {
            json_text_unless_empty(out, grade->is_below ? NEXT_KEY("below") : NEXT_KEY("up_to"), grade->limit);
        }
        if (grade->title[ZUJI_EN][0] != '\0' || grade->title[ZUJI_ZH][0] != '\0') {
            buf_add(out, NEXT_KEY("title"));
            json_texts(out, grade->title);
        }
        json_text_unless_empty(out, NEXT_KEY("clause"), grade->clause);
        buf_add(out, NEXT_KEY("other"));
        buf_char(out, '{');
        buf_add(out, KEY("class"));
        if (grade->other_class[0] == '\0') {
            json_null(out);
        } else {
            json_text(out, grade->other_class);
        }
        buf_add(out, NEXT_KEY("method"));
        json_text(out, grade->other_method);
        buf_char(out, '}');
    }
    buf_char(out, '}');
}

static void add_figures(struct buf *out, const struct zuji_result *result, enum zuji_detail detail)
{
    if (detail == ZUJI_TOTALS) {
        return;
    }
    add_stages(out, result, detail == ZUJI_FULL);
    if (detail == ZUJI_FULL) {
        add_processes(out, result);
        add_flows(out, result);
        add_phases(out, result);
        add_object(out, NEXT_KEY("categories"), result_list(result, &result->categories), result->categories.count,
                   false);
        add_object(out, NEXT_KEY("gases"), result_list(result, &result->gases), result->gases.count, false);
        add_breakdowns(out, result);
        add_sums(out, result);
        add_summed(out, result);
        reasons_add_shares(out, result_reasons(result));
    }
    add_object(out, NEXT_KEY("reports"), result_list(result, &result->reports), result->reports.count, true);
}

/* Room for what most results need, so that the buffer need not grow by small steps. */
static struct buf start(struct arena *arena, enum zuji_detail detail)
{
    enum { TOTALS_ROOM = 240, ROOM = 8000 };
    struct buf out = buf_in(arena);
    out.cap = detail == ZUJI_TOTALS ? TOTALS_ROOM : ROOM;
    out.at = arena_alloc(arena, 1, out.cap);
    return out;
}

struct str result_json(struct arena *arena, const struct zuji_result *result, enum zuji_detail detail)
{
    struct buf out = start(arena, detail);
    result = detail == ZUJI_FULL ? result_full(result) : result;
    buf_char(&out, '{');
    buf_add(&out, KEY("id"));
    json_text(&out, result->id);
    if (result->row_number > 0) {
        buf_add(&out, NEXT_KEY("row"));
        json_text(&out, result->row_name);
        buf_format(&out, ",\"row_number\":%lu", (unsigned long)result->row_number);
    }
    if (result->row_number > 0 && result->plan->program->rule.headline != NO_OPERAND) {
        buf_add(&out, NEXT_KEY("headline"));
        buf_add(&out, result_is_headline(result) ? STR("true") : STR("false"));
    }
    if (detail == ZUJI_FULL) {
        json_text_unless_empty(&out, NEXT_KEY("period"), result->period);
    }
    buf_add(&out, NEXT_KEY("status"));
    json_text(&out, result->is_ok ? "ok" : "error");
    add_total(&out, result, detail);
    add_grade(&out, result, detail);
    if (result->is_ok) {
        add_figures(&out, result, detail);
    }
    if (detail == ZUJI_FULL) {
        reasons_add_lists(&out, result_reasons(result), result->is_ok);
    }
    add_notes(&out, result, detail);
    buf_char(&out, '}');
    buf_char(&out, '\0');
    return (struct str){out.at, out.len - 1};
}
