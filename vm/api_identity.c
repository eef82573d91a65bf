/* What the results of a run are results of: the rule with its hashes, the engine, the factors. */
#include <string.h>

#include "base/decimal.h"
#include "base/sha256.h"
#include "vm/api_parts.h"
#include "vm/json_write.h"

static void add_word(struct buf *out, const struct program *program, const char *key, uint32_t text)
{
    if (text != NO_INDEX) {
        json_member(out, key, str_copy(out->arena, program->texts[text]).at);
    }
}

static void add_titles(struct buf *out, const struct program *program, const char *key, const struct prog_titles *titles)
{
    static const char *const languages[] = {[LANG_EN] = "en", [LANG_ZH] = "zh"};
    if (titles->label[LANG_EN] == NO_INDEX && titles->label[LANG_ZH] == NO_INDEX) {
        return;
    }
    json_key(out, key);
    json_open(out, '{');
    for (int lang = LANG_EN; lang <= LANG_ZH; lang++) {
        if (titles->label[lang] != NO_INDEX) {
            json_member(out, languages[lang], str_copy(out->arena, program->labels[titles->label[lang]]).at);
        }
    }
    buf_char(out, '}');
}

/* null where it is open. */
static void add_day(struct buf *out, const char *key, const char *day)
{
    json_key(out, key);
    if (day[0] == '\0') {
        buf_add(out, STR("null"));
    } else {
        json_text(out, day);
    }
}

static void add_validity(struct buf *out, const struct zuji_validity *valid)
{
    if (valid->from[0] == '\0' && valid->to[0] == '\0') {
        return;
    }
    json_key(out, "valid");
    json_open(out, '{');
    add_day(out, "from", valid->from);
    add_day(out, "to", valid->to);
    add_day(out, "by", valid->by);
    buf_char(out, '}');
}

/* The amount that figures are per. */
static void add_declared(struct buf *out, const struct program *program)
{
    enum { DIGITS = 15 };
    const struct prog_rule *rule = &program->rule;
    json_key(out, rule->is_functional ? "functional" : "declared");
    json_open(out, '{');
    json_member(out, "amount", rat_decimal(out->arena, program->constants[rule->declared].number, DIGITS).at);
    json_member(out, "unit", str_copy(out->arena, program->texts[program->units[rule->declared_unit].text]).at);
    add_titles(out, program, "text", &rule->declared_titles);
    buf_char(out, '}');
}

static void add_conformity(struct buf *out, const struct program *program)
{
    json_key(out, "conforms");
    json_open(out, '[');
    for (uint32_t i = 0; i < program->rule.conforms_count; i++) {
        buf_add(out, i > 0 ? STR(",") : STR(""));
        json_text(out, str_copy(out->arena, program->texts[program->rule.conforms[i]]).at);
    }
    buf_char(out, ']');
}

struct str rule_identity(struct arena *arena, const struct zuji_rule *rule, const char *factors)
{
    const struct program *program = rule->program;
    struct buf out = buf_in(arena);
    json_open(&out, '{');
    json_member(&out, "name", rule->name);
    json_member(&out, "version", rule->version);
    add_word(&out, program, "status", program->rule.status);
    add_titles(&out, program, "title", &program->rule.titles);
    add_validity(&out, &rule->valid);
    add_declared(&out, program);
    add_word(&out, program, "lifecycle", program->rule.lifecycle);
    add_word(&out, program, "boundary", program->rule.boundary);
    add_word(&out, program, "gwp", program->rule.gwp);
    add_conformity(&out, program);
    json_member(&out, "hash", program->hash);
    json_member(&out, "file", rule->file);
    json_member(&out, "engine", ZUJI_VERSION);
    json_key(&out, "factors");
    if (factors[0] == '\0') {
        buf_add(&out, STR("null"));
    } else {
        json_text(&out, factors);
    }
    buf_char(&out, '}');
    buf_char(&out, '\0');
    return (struct str){out.at, out.len - 1};
}

const char *zuji_rule_file_hash(const struct zuji_rule *rule)
{
    return rule->file;
}
