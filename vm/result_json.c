/* A result as JSON: one line, keys in the order of SPEC.md, "Results". */
#include "base/decimal.h"
#include "vm/result.h"

static void add_text(struct buf *out, const char *text)
{
    buf_char(out, '"');
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        if (c == '"' || c == '\\') {
            buf_char(out, '\\');
            buf_char(out, *at);
        } else if (c == '\n') {
            buf_add(out, STR("\\n"));
        } else if (c < 0x20) {
            buf_format(out, "\\u%04x", c);
        } else {
            buf_char(out, *at);
        }
    }
    buf_char(out, '"');
}

static void add_key(struct buf *out, const char *key)
{
    buf_char(out, '"');
    buf_add(out, str_of(key));
    buf_add(out, STR("\":"));
}

/* ,"key": behind an earlier member. */
static void add_next_key(struct buf *out, const char *key)
{
    buf_char(out, ',');
    add_key(out, key);
}

static void add_double(struct buf *out, double value)
{
    char text[DECIMAL_TEXT_MAX];
    buf_add(out, (struct str){text, decimal_print(value, text)});
}

/* "value":17.2 and what belongs to it; an absent figure is null, which is not zero. */
static void add_value(struct buf *out, const struct zuji_figure *figure, bool with_unit, bool with_share)
{
    add_key(out, "value");
    if (figure->is_given) {
        add_double(out, figure->value);
    } else {
        buf_add(out, STR("null"));
    }
    if (with_unit) {
        add_next_key(out, "unit");
        add_text(out, figure->unit);
    }
    add_next_key(out, "reported");
    if (figure->is_given) {
        add_text(out, figure->reported);
    } else {
        buf_add(out, STR("null"));
    }
    if (with_share) {
        add_next_key(out, "share");
        if (figure->is_given) {
            add_double(out, figure->share);
        } else {
            buf_add(out, STR("null"));
        }
    }
}

static void add_list(struct buf *out, const char *key, const struct result_figures *figures)
{
    add_next_key(out, key);
    buf_char(out, '[');
    for (size_t i = 0; i < figures->count; i++) {
        const struct zuji_figure *figure = &figures->items[i];
        buf_add(out, i > 0 ? STR(",{") : STR("{"));
        if (figure->stage[0] != '\0') {
            add_key(out, "stage");
            add_text(out, figure->stage);
            buf_char(out, ',');
        }
        add_key(out, "name");
        add_text(out, figure->name);
        buf_char(out, ',');
        add_value(out, figure, false, true);
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

static void add_object(struct buf *out, const char *key, const struct result_figures *figures, bool are_reports)
{
    add_next_key(out, key);
    buf_char(out, '{');
    for (size_t i = 0; i < figures->count; i++) {
        buf_add(out, i > 0 ? STR(",") : STR(""));
        add_text(out, figures->items[i].name);
        buf_add(out, STR(":{"));
        add_value(out, &figures->items[i], are_reports, !are_reports);
        buf_char(out, '}');
    }
    buf_char(out, '}');
}

static void add_member_unless_empty(struct buf *out, const char *key, const char *text)
{
    if (text[0] != '\0') {
        add_next_key(out, key);
        add_text(out, text);
    }
}

static void add_note(struct buf *out, const struct zuji_message *message)
{
    static const char *const severities[] = {"error", "warning", "lint", "note"};
    buf_char(out, '{');
    add_key(out, "code");
    add_text(out, message->code);
    add_next_key(out, "severity");
    add_text(out, severities[message->severity]);
    add_member_unless_empty(out, "path", message->path);
    add_member_unless_empty(out, "clause", message->clause);
    add_member_unless_empty(out, "file", message->file);
    if (message->line > 0) {
        buf_format(out, ",\"line\":%lu,\"column\":%lu", (unsigned long)message->line, (unsigned long)message->column);
    }
    add_next_key(out, "text");
    buf_char(out, '{');
    add_key(out, "en");
    add_text(out, message->text[ZUJI_EN]);
    add_next_key(out, "zh");
    add_text(out, message->text[ZUJI_ZH]);
    buf_add(out, STR("}}"));
}

/* Below full detail only errors and warnings. */
static void add_notes(struct buf *out, const struct zuji_messages *messages, enum zuji_detail detail)
{
    bool is_first = true;
    add_next_key(out, "notes");
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
    add_list(out, "stages", &result->stages);
    if (detail == ZUJI_FULL) {
        add_list(out, "flows", &result->flows);
        add_object(out, "categories", &result->categories, false);
        add_object(out, "gases", &result->gases, false);
        buf_add(out, STR(",\"primary_data_share\":null,\"quality\":null,\"grade\":null"));
    }
    add_object(out, "reports", &result->reports, true);
}

struct str result_json(struct arena *arena, const struct zuji_result *result, enum zuji_detail detail)
{
    struct buf out = buf_in(arena);
    buf_char(&out, '{');
    add_key(&out, "id");
    add_text(&out, result->id);
    add_next_key(&out, "status");
    add_text(&out, result->is_ok ? "ok" : "error");
    add_next_key(&out, "total");
    if (result->is_ok) {
        buf_char(&out, '{');
        add_value(&out, &result->total, true, false);
        buf_char(&out, '}');
        add_figures(&out, result, detail);
    } else {
        buf_add(&out, STR("null"));
    }
    add_notes(&out, result->messages, detail);
    buf_char(&out, '}');
    return str_copy(arena, buf_str(&out));
}
