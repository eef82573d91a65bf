#include "base/render.h"

#include "base/utf8.h"

static void quote_ascii(struct buf *out, uint32_t c)
{
    switch (c) {
    case '"':
        buf_add(out, STR("\\\""));
        return;
    case '\\':
        buf_add(out, STR("\\\\"));
        return;
    case '\n':
        buf_add(out, STR("\\n"));
        return;
    case '\r':
        buf_add(out, STR("\\r"));
        return;
    case '\t':
        buf_add(out, STR("\\t"));
        return;
    default:
        break;
    }
    if (c < 0x20 || c == 0x7F) {
        buf_format(out, "\\u%04x", (unsigned)c);
    } else {
        buf_char(out, (char)c);
    }
}

void json_quote(struct buf *out, struct str s)
{
    buf_char(out, '"');
    for (size_t off = 0; off < s.len;) {
        size_t from = off;
        uint32_t c = utf8_next(s, &off);
        if (c < 0x80) {
            quote_ascii(out, c);
        } else if (c == UTF8_INVALID) {
            buf_add(out, STR("\xEF\xBF\xBD")); /* U+FFFD: JSON has no ill-formed text */
        } else {
            buf_add(out, str_slice(s, from, off));
        }
    }
    buf_char(out, '"');
}

struct json {
    struct arena *arena;
    struct buf out;
    struct place_finder finder;
};

static void add_key(struct json *json, const char *key)
{
    buf_format(&json->out, "\"%s\":", key);
}

static void add_number(struct json *json, const char *key, uint32_t value)
{
    buf_format(&json->out, "\"%s\":%lu,", key, (unsigned long)value);
}

static void add_optional(struct json *json, const char *key, struct str value)
{
    add_key(json, key);
    if (value.len == 0) {
        buf_add(&json->out, STR("null"));
    } else {
        json_quote(&json->out, value);
    }
}

static void add_both(struct json *json, const char *key, struct str en, struct str zh)
{
    add_key(json, key);
    buf_add(&json->out, STR("{\"en\":"));
    json_quote(&json->out, en);
    buf_add(&json->out, STR(",\"zh\":"));
    json_quote(&json->out, zh);
    buf_char(&json->out, '}');
}

static void add_text(struct json *json, const char *key, struct diag_text text)
{
    add_both(json, key, diag_text(json->arena, text, LANG_EN), diag_text(json->arena, text, LANG_ZH));
}

static const char *severity_name(enum severity severity)
{
    switch (severity) {
    case SEVERITY_ERROR:
        return "error";
    case SEVERITY_WARNING:
        return "warning";
    case SEVERITY_LINT:
        return "lint";
    case SEVERITY_NOTE:
        return "note";
    }
    return "";
}

/* Each member is followed by a comma, as the next part of the object is never empty. */
static void add_span(struct json *json, struct span at)
{
    if (at.file == 0) {
        buf_add(&json->out, STR("\"file\":null,\"line\":null,\"column\":null,\"end_line\":null,\"end_column\":null,"
                                "\"offset\":null,\"length\":null,"));
        return;
    }
    struct place start = place_find(&json->finder, at.file, at.off);
    struct place end = place_find(&json->finder, at.file, at.len < UINT32_MAX - at.off ? at.off + at.len : UINT32_MAX);
    add_key(json, "file");
    json_quote(&json->out, sources_get(json->finder.sources, at.file)->path);
    buf_char(&json->out, ',');
    add_number(json, "line", start.line);
    add_number(json, "column", start.column);
    add_number(json, "end_line", end.line);
    add_number(json, "end_column", end.column);
    add_number(json, "offset", at.off);
    add_number(json, "length", at.len);
}

/* A place in a text that is not kept: where it begins is all that is known. */
static void add_outer_place(struct json *json, const struct diag *diag)
{
    add_key(json, "file");
    json_quote(&json->out, diag->place.file);
    buf_char(&json->out, ',');
    if (diag->place.line == 0) { /* the file as a whole */
        buf_add(&json->out, STR("\"line\":null,\"column\":null,"));
    } else {
        add_number(json, "line", diag->place.line);
        add_number(json, "column", diag->place.column);
    }
    buf_add(&json->out, STR("\"end_line\":null,\"end_column\":null,\"offset\":null,\"length\":null,"));
}

static void add_separator(struct json *json, bool is_first)
{
    if (!is_first) {
        buf_char(&json->out, ',');
    }
}

static void add_labels(struct json *json, const struct diag *diag)
{
    buf_add(&json->out, STR("\"labels\":["));
    for (const struct diag_label *label = diag->labels; label != NULL; label = label->next) {
        add_separator(json, label == diag->labels);
        buf_char(&json->out, '{');
        add_span(json, label->at);
        add_text(json, "message", label->text);
        buf_char(&json->out, '}');
    }
    buf_add(&json->out, STR("],"));
}

static void add_notes(struct json *json, const struct diag *diag)
{
    buf_add(&json->out, STR("\"notes\":["));
    for (const struct diag_note *note = diag->notes; note != NULL; note = note->next) {
        add_separator(json, note == diag->notes);
        buf_char(&json->out, '{');
        add_text(json, "message", note->text);
        buf_char(&json->out, '}');
    }
    buf_add(&json->out, STR("],"));
}

static void add_fixes(struct json *json, const struct diag *diag)
{
    buf_add(&json->out, STR("\"fixes\":["));
    for (const struct diag_fix *fix = diag->fixes; fix != NULL; fix = fix->next) {
        add_separator(json, fix == diag->fixes);
        buf_char(&json->out, '{');
        add_span(json, fix->at);
        add_text(json, "title", fix->title);
        buf_add(&json->out, STR(",\"replacement\":"));
        json_quote(&json->out, fix->replacement);
        buf_format(&json->out, ",\"applicable\":%s}", fix->is_applicable ? "true" : "false");
    }
    buf_add(&json->out, STR("],"));
}

static void add_diag(struct json *json, const struct diag *diag)
{
    const struct diag_info *info = diag_info(diag->code);
    buf_format(&json->out, "{\"code\":\"%s\",\"slug\":\"%s\",\"severity\":\"%s\",", info->code, info->slug,
               severity_name(info->severity));
    add_both(json, "message", diag_message(json->arena, diag, LANG_EN), diag_message(json->arena, diag, LANG_ZH));
    buf_char(&json->out, ',');
    if (diag->at.file == 0 && diag->place.file.len > 0) {
        add_outer_place(json, diag);
    } else {
        add_span(json, diag->at);
    }
    add_labels(json, diag);
    add_notes(json, diag);
    add_fixes(json, diag);
    add_optional(json, "product", diag->product);
    buf_char(&json->out, ',');
    add_optional(json, "path", diag->path);
    buf_char(&json->out, ',');
    add_optional(json, "clause", diag->clause);
    buf_char(&json->out, '}');
}

struct str render_json(struct arena *arena, const struct sources *sources, const struct diags *diags)
{
    struct json json = {.arena = arena, .out = buf_in(arena), .finder = {.sources = sources}};
    size_t count = 0;
    const struct diag *const *sorted = diags_sorted(arena, diags, &count);
    buf_char(&json.out, '[');
    for (size_t i = 0; i < count; i++) {
        buf_add(&json.out, i == 0 ? STR("\n") : STR(",\n"));
        add_diag(&json, sorted[i]);
    }
    buf_add(&json.out, count == 0 ? STR("]\n") : STR("\n]\n"));
    return buf_str(&json.out);
}
