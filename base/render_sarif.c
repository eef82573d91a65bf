/* Messages as SARIF 2.1.0, the format in which tools that review code exchange findings. */
#include "base/render.h"
#include "base/utf8.h"

struct sarif {
    struct arena *arena;
    struct buf out;
    struct place_finder finder;
    struct sarif_tool tool;
    uint32_t rule_of[DIAG_CODE_COUNT]; /* number of the code's rule, from 1; 0: no message has it */
};

static void add_rules(struct sarif *sarif, const struct diag *const *diags, size_t count);
static void add_result(struct sarif *sarif, const struct diag *diag);

struct str render_sarif(struct arena *arena, const struct sources *sources, const struct diags *diags,
                        struct sarif_tool tool)
{
    struct sarif *sarif = arena_new(arena, struct sarif);
    *sarif = (struct sarif){.arena = arena, .out = buf_in(arena), .finder = {.sources = sources}, .tool = tool};
    size_t count = 0;
    const struct diag *const *sorted = diags_sorted(arena, diags, &count);
    const char *language = tool.lang == LANG_ZH ? "zh-CN" : "en-US";
    buf_format(&sarif->out,
               "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\n"
               "\"tool\":{\"driver\":{\"name\":\"zuji\",\"version\":\"%s\",\"language\":\"%s\",\"rules\":[",
               tool.version, language);
    add_rules(sarif, sorted, count);
    buf_format(&sarif->out, "]}},\n\"language\":\"%s\",\"columnKind\":\"unicodeCodePoints\",\"results\":[", language);
    for (size_t i = 0; i < count; i++) {
        buf_add(&sarif->out, i == 0 ? STR("\n") : STR(",\n"));
        add_result(sarif, sorted[i]);
    }
    buf_add(&sarif->out, STR("\n]}]}\n"));
    return buf_str(&sarif->out);
}

/* ---- parts ---- */

static void add_text(struct sarif *sarif, const char *key, struct str text)
{
    buf_format(&sarif->out, "\"%s\":{\"text\":", key);
    json_quote(&sarif->out, text);
    buf_char(&sarif->out, '}');
}

static const char *level_of(enum severity severity)
{
    switch (severity) {
    case SEVERITY_ERROR:
        return "error";
    case SEVERITY_WARNING:
        return "warning";
    case SEVERITY_LINT:
    case SEVERITY_NOTE:
        return "note";
    }
    return "none";
}

/* A path as a reference to a resource: what RFC 3986 does not allow in one is escaped. */
static void add_uri(struct sarif *sarif, struct str path)
{
    static const char PLAIN[] = "-._~/!$&'()*+,;=@";
    struct str plain = str_of(PLAIN);
    struct buf uri = buf_in(sarif->arena);
    buf_add(&uri, str_starts(path, STR("/")) ? STR("file://") : STR(""));
    for (size_t i = 0; i < path.len; i++) {
        char c = path.at[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        for (size_t k = 0; k < plain.len; k++) {
            is_plain = is_plain || plain.at[k] == c;
        }
        if (is_plain) {
            buf_char(&uri, c);
        } else {
            buf_format(&uri, "%%%02X", (unsigned)(unsigned char)c);
        }
    }
    buf_add(&sarif->out, STR("\"artifactLocation\":{\"uri\":"));
    json_quote(&sarif->out, buf_str(&uri));
    buf_char(&sarif->out, '}');
}

/* Lines and columns from 1; the end is one past the last character. */
static void add_region(struct sarif *sarif, const char *key, struct span at)
{
    struct place start = place_find(&sarif->finder, at.file, at.off);
    struct place end = place_find(&sarif->finder, at.file, at.len < UINT32_MAX - at.off ? at.off + at.len : UINT32_MAX);
    buf_format(&sarif->out, "\"%s\":{\"startLine\":%lu,\"startColumn\":%lu,\"endLine\":%lu,\"endColumn\":%lu,", key,
               (unsigned long)start.line, (unsigned long)start.column, (unsigned long)end.line,
               (unsigned long)end.column);
    buf_format(&sarif->out, "\"byteOffset\":%lu,\"byteLength\":%lu}", (unsigned long)at.off, (unsigned long)at.len);
}

static void add_place(struct sarif *sarif, struct span at)
{
    buf_add(&sarif->out, STR("\"physicalLocation\":{"));
    add_uri(sarif, sources_get(sarif->finder.sources, at.file)->path);
    buf_char(&sarif->out, ',');
    add_region(sarif, "region", at);
    buf_char(&sarif->out, '}');
}

/* ---- rules: the codes of the messages, each with its page ---- */

static void add_rule(struct sarif *sarif, enum diag_code code)
{
    const struct diag_info *info = diag_info(code);
    struct diag general = {.code = code};
    for (size_t i = 0; i < countof(general.args); i++) {
        general.args[i] = STR("…");
    }
    buf_format(&sarif->out, "{\"id\":\"%s\",\"name\":\"%s\",", info->code, info->slug);
    add_text(sarif, "shortDescription", diag_message(sarif->arena, &general, sarif->tool.lang));
    struct str help = sarif->tool.help(sarif->arena, code, sarif->tool.lang);
    if (help.len > 0) {
        buf_add(&sarif->out, STR(",\"help\":{\"text\":"));
        json_quote(&sarif->out, help);
        buf_add(&sarif->out, STR(",\"markdown\":")); /* the pages are Markdown */
        json_quote(&sarif->out, help);
        buf_char(&sarif->out, '}');
    }
    buf_format(&sarif->out, ",\"defaultConfiguration\":{\"level\":\"%s\"}}", level_of(info->severity));
}

static void add_rules(struct sarif *sarif, const struct diag *const *diags, size_t count)
{
    uint32_t rules = 0;
    for (size_t i = 0; i < count; i++) {
        enum diag_code code = diags[i]->code;
        if (sarif->rule_of[code] == 0) {
            buf_add(&sarif->out, rules == 0 ? STR("\n") : STR(",\n"));
            add_rule(sarif, code);
            sarif->rule_of[code] = ++rules;
        }
    }
}

/* ---- results ---- */

/* Notes have no member of their own: they follow the message, a line each. */
static void add_message(struct sarif *sarif, const struct diag *diag)
{
    enum lang lang = sarif->tool.lang;
    struct buf text = buf_in(sarif->arena);
    buf_add(&text, diag_message(sarif->arena, diag, lang));
    struct str word = diag_text(sarif->arena, (struct diag_text){.text = T_SEVERITY_NOTE}, lang);
    struct str colon = diag_text(sarif->arena, (struct diag_text){.text = T_COLON}, lang);
    for (const struct diag_note *note = diag->notes; note != NULL; note = note->next) {
        buf_format(&text, "\n%.*s%.*s%.*s", STR_FMT(word), STR_FMT(colon),
                   STR_FMT(diag_text(sarif->arena, note->text, lang)));
    }
    add_text(sarif, "message", buf_str(&text));
}

static void add_locations(struct sarif *sarif, const struct diag *diag)
{
    if (diag->at.file != 0) {
        buf_add(&sarif->out, STR(",\"locations\":[{"));
        add_place(sarif, diag->at);
        buf_add(&sarif->out, STR("}]"));
    } else if (diag->place.file.len > 0) {
        buf_add(&sarif->out, STR(",\"locations\":[{\"physicalLocation\":{"));
        add_uri(sarif, diag->place.file);
        if (diag->place.line > 0) {
            buf_format(&sarif->out, ",\"region\":{\"startLine\":%lu,\"startColumn\":%lu}",
                       (unsigned long)diag->place.line, (unsigned long)diag->place.column);
        }
        buf_add(&sarif->out, STR("}}]"));
    }
}

static void add_labels(struct sarif *sarif, const struct diag *diag)
{
    bool is_first = true;
    for (const struct diag_label *label = diag->labels; label != NULL; label = label->next) {
        buf_add(&sarif->out, is_first ? STR(",\"relatedLocations\":[{") : STR(",{"));
        if (label->at.file != 0) {
            add_place(sarif, label->at);
            buf_char(&sarif->out, ',');
        }
        add_text(sarif, "message", diag_text(sarif->arena, label->text, sarif->tool.lang));
        buf_char(&sarif->out, '}');
        is_first = false;
    }
    buf_add(&sarif->out, is_first ? STR("") : STR("]"));
}

static void add_fixes(struct sarif *sarif, const struct diag *diag)
{
    for (const struct diag_fix *fix = diag->fixes; fix != NULL; fix = fix->next) {
        buf_add(&sarif->out, fix == diag->fixes ? STR(",\"fixes\":[{") : STR(",{"));
        add_text(sarif, "description", diag_text(sarif->arena, fix->title, sarif->tool.lang));
        buf_add(&sarif->out, STR(",\"artifactChanges\":[{"));
        add_uri(sarif, sources_get(sarif->finder.sources, fix->at.file)->path);
        buf_add(&sarif->out, STR(",\"replacements\":[{"));
        add_region(sarif, "deletedRegion", fix->at);
        buf_char(&sarif->out, ',');
        add_text(sarif, "insertedContent", fix->replacement);
        buf_format(&sarif->out, "}]}],\"properties\":{\"applicable\":%s}}", fix->is_applicable ? "true" : "false");
    }
    buf_add(&sarif->out, diag->fixes == NULL ? STR("") : STR("]"));
}

/* What SARIF has no member for: the product, the field and the clause. */
static void add_properties(struct sarif *sarif, const struct diag *diag)
{
    const struct {
        const char *key;
        struct str value;
    } properties[] = {
        {"product", diag->product}, {"path", diag->path}, {"clause", diag->clause}
    };
    bool is_first = true;
    for (size_t i = 0; i < countof(properties); i++) {
        if (properties[i].value.len > 0) {
            buf_format(&sarif->out, "%s\"%s\":", is_first ? ",\"properties\":{" : ",", properties[i].key);
            json_quote(&sarif->out, properties[i].value);
            is_first = false;
        }
    }
    buf_add(&sarif->out, is_first ? STR("") : STR("}"));
}

static void add_result(struct sarif *sarif, const struct diag *diag)
{
    const struct diag_info *info = diag_info(diag->code);
    buf_format(&sarif->out, "{\"ruleId\":\"%s\",\"ruleIndex\":%lu,\"level\":\"%s\",", info->code,
               (unsigned long)sarif->rule_of[diag->code] - 1, level_of(info->severity));
    add_message(sarif, diag);
    add_locations(sarif, diag);
    add_labels(sarif, diag);
    add_fixes(sarif, diag);
    add_properties(sarif, diag);
    buf_char(&sarif->out, '}');
}
