/* A result as JSON: one line, keys in the order of SPEC.md, "Results". */
#include "vm/json_write.h"
#include "vm/result.h"

static void add_text(struct buf *out, const char *text)
{
    json_text(out, text);
}

/* "key": */
#define KEY(key) STR("\"" key "\":")
/* ,"key": behind an earlier member. */
#define NEXT_KEY(key) STR(",\"" key "\":")

static void add_double(struct buf *out, double value)
{
    json_double(out, value);
}

/* "value":17.2 and what belongs to it; an absent figure is null, which is not zero. */
static void add_value(struct buf *out, const struct zuji_figure *figure, bool with_unit, bool with_share)
{
    buf_add(out, KEY("value"));
    if (figure->is_given) {
        add_double(out, figure->value);
    } else {
        buf_add(out, STR("null"));
    }
    if (with_unit) {
        buf_add(out, NEXT_KEY("unit"));
        add_text(out, figure->unit);
    }
    buf_add(out, NEXT_KEY("reported"));
    if (figure->is_given) {
        add_text(out, figure->reported);
    } else {
        buf_add(out, STR("null"));
    }
    if (with_share) {
        buf_add(out, NEXT_KEY("share"));
        if (figure->is_given) {
            add_double(out, figure->share);
        } else {
            buf_add(out, STR("null"));
        }
    }
}

/* The key comes with what separates it from the member before. */
static void add_list(struct buf *out, struct str key, const struct zuji_figure *figures, size_t count)
{
    buf_add(out, key);
    buf_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        const struct zuji_figure *figure = &figures[i];
        buf_add(out, i > 0 ? STR(",{") : STR("{"));
        if (figure->stage[0] != '\0') {
            buf_add(out, KEY("stage"));
            add_text(out, figure->stage);
            buf_char(out, ',');
        }
        buf_add(out, KEY("name"));
        add_text(out, figure->name);
        buf_char(out, ',');
        add_value(out, figure, false, true);
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

static void add_object(struct buf *out, struct str key, const struct zuji_figure *figures, size_t count,
                       bool are_reports)
{
    buf_add(out, key);
    buf_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        buf_add(out, i > 0 ? STR(",") : STR(""));
        add_text(out, figures[i].name);
        buf_add(out, STR(":{"));
        add_value(out, &figures[i], are_reports, !are_reports);
        buf_char(out, '}');
    }
    buf_char(out, '}');
}

static void add_member_unless_empty(struct buf *out, struct str key, const char *text)
{
    if (text[0] != '\0') {
        buf_add(out, key);
        add_text(out, text);
    }
}

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
        add_text(out, message->args[i]);
    }
    buf_char(out, ']');
}

static void add_note(struct buf *out, const struct zuji_message *message)
{
    static const char *const severities[] = {"error", "warning", "lint", "note"};
    buf_char(out, '{');
    buf_add(out, KEY("code"));
    add_text(out, message->code);
    buf_add(out, NEXT_KEY("severity"));
    add_text(out, severities[message->severity]);
    add_member_unless_empty(out, NEXT_KEY("path"), message->path);
    if (row_of(message->path) > 0) {
        buf_format(out, ",\"row\":%lu", row_of(message->path));
    }
    add_member_unless_empty(out, NEXT_KEY("clause"), message->clause);
    add_member_unless_empty(out, NEXT_KEY("file"), message->file);
    if (message->line > 0) {
        buf_format(out, ",\"line\":%lu,\"column\":%lu", (unsigned long)message->line, (unsigned long)message->column);
    }
    add_args(out, message);
    buf_add(out, NEXT_KEY("text"));
    buf_char(out, '{');
    buf_add(out, KEY("en"));
    add_text(out, message->text[ZUJI_EN]);
    buf_add(out, NEXT_KEY("zh"));
    add_text(out, message->text[ZUJI_ZH]);
    buf_add(out, STR("}}"));
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

static void add_figures(struct buf *out, const struct zuji_result *result, enum zuji_detail detail)
{
    if (detail == ZUJI_TOTALS) {
        return;
    }
    add_list(out, NEXT_KEY("stages"), result_list(result, &result->stages), result->stages.count);
    if (detail == ZUJI_FULL) {
        add_list(out, NEXT_KEY("flows"), result_list(result, &result->flows), result->flows.count);
        add_object(out, NEXT_KEY("categories"), result_list(result, &result->categories), result->categories.count,
                   false);
        add_object(out, NEXT_KEY("gases"), result_list(result, &result->gases), result->gases.count, false);
        reasons_add_shares(out, result_reasons(result));
        buf_add(out, STR(",\"grade\":null"));
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
    buf_char(&out, '{');
    buf_add(&out, KEY("id"));
    add_text(&out, result->id);
    if (result->row_number > 0) {
        buf_add(&out, NEXT_KEY("row"));
        add_text(&out, result->row_name);
        buf_format(&out, ",\"row_number\":%lu", (unsigned long)result->row_number);
    }
    buf_add(&out, NEXT_KEY("status"));
    add_text(&out, result->is_ok ? "ok" : "error");
    buf_add(&out, NEXT_KEY("total"));
    if (result->is_ok) {
        buf_char(&out, '{');
        add_value(&out, result_total(result), true, false);
        buf_char(&out, '}');
        add_figures(&out, result, detail);
    } else {
        buf_add(&out, STR("null"));
    }
    if (detail == ZUJI_FULL) {
        reasons_add_lists(&out, result_reasons(result), result->is_ok);
    }
    add_notes(&out, result, detail);
    buf_char(&out, '}');
    buf_char(&out, '\0');
    return (struct str){out.at, out.len - 1};
}
