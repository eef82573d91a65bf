/* Loading rules, and what they say about themselves. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/decimal.h"
#include "base/system_error.h"
#include "vm/api_parts.h"
#include "vm/inspect.h"
#include "vm/native.h"

/* ---- loading ---- */

/* "1 t of liquid aluminium": amount, unit and text of the declared unit. */
static const char *declared_text(struct arena *arena, const struct program *program, enum lang lang)
{
    enum { SHOWN_DIGITS = 15 };
    const struct prog_rule *rule = &program->rule;
    struct str parts[3];
    size_t count = 0;
    parts[count++] = rat_decimal(arena, program->constants[rule->declared].number, SHOWN_DIGITS);
    struct str unit = program->texts[program->units[rule->declared_unit].text];
    if (program->units[rule->declared_unit].kind.count > 0 || !str_eq(unit, STR("1"))) {
        parts[count++] = unit;
    }
    uint32_t label = rule->declared_titles.label[lang];
    label = label == NO_INDEX ? rule->declared_titles.label[1 - lang] : label;
    if (label != NO_INDEX) {
        parts[count++] = program->labels[label];
    }
    return str_join(arena, parts, count, STR(" ")).at;
}

static const char *rule_title(struct arena *arena, const struct program *program, enum lang lang)
{
    const struct prog_titles *titles = &program->rule.titles;
    uint32_t label = titles->label[lang] == NO_INDEX ? titles->label[1 - lang] : titles->label[lang];
    return str_copy(arena, label == NO_INDEX ? program->texts[program->rule.name] : program->labels[label]).at;
}

static const char *day_text(struct arena *arena, int32_t day)
{
    return day == INT32_MIN || day == INT32_MAX ? "" : str_copy(arena, calendar_text(arena, day)).at;
}

static struct zuji_validity validity_of(struct arena *arena, const struct program *program)
{
    const struct prog_rule *rule = &program->rule;
    uint32_t field = rule->period_field;
    return (struct zuji_validity){
        .from = day_text(arena, rule->valid_from),
        .to = day_text(arena, rule->valid_to),
        .by = field == NO_INDEX ? "" : str_copy(arena, program->texts[program->fields[field].name]).at};
}

static void describe(struct zuji_rule *rule)
{
    struct arena *arena = &rule->arena;
    const struct program *program = rule->program;
    uint32_t version = program->rule.version;
    rule->name = str_copy(arena, program->texts[program->rule.name]).at;
    rule->version = version == NO_INDEX ? "" : str_copy(arena, program->texts[version]).at;
    rule->valid = validity_of(arena, program);
    rule->cost = str_copy(arena, cost_text(arena, rule->verified)).at;
    for (int lang = LANG_EN; lang <= LANG_ZH; lang++) {
        rule->title[lang] = rule_title(arena, program, (enum lang)lang);
        rule->declared[lang] = declared_text(arena, program, (enum lang)lang);
    }
}

enum { CHECKSUM_LEN = 64 }; /* at the end of the file: the hash of all that is before it */

struct load {
    struct str bytes;
    struct zuji_rule *rule;
    struct arena arena; /* of the messages */
    struct diags diags;
};

static void describe_natives(struct zuji_rule *rule)
{
    const struct program *program = rule->program;
    rule->natives = arena_array(&rule->arena, const char *, program->native_count);
    rule->signatures = arena_array(&rule->arena, const char *, program->native_count);
    for (uint32_t i = 0; i < program->native_count; i++) {
        rule->natives[i] = str_copy(&rule->arena, program->texts[program->natives[i].name]).at;
        rule->signatures[i] = str_copy(&rule->arena, native_signature(&rule->arena, program, i)).at;
    }
}

/* What explanations are asked for by: stages, flows, and what else has a name. */
static void describe_items(struct zuji_rule *rule)
{
    const struct program *program = rule->program;
    size_t most = (size_t)program->stage_count + program->flow_count + program->item_count;
    rule->items = arena_array(&rule->arena, const char *, most);
    for (uint32_t s = 0; s < program->stage_count; s++) {
        rule->items[rule->item_count++] = str_copy(&rule->arena, program->texts[program->stages[s].name]).at;
    }
    for (uint32_t f = 0; f < program->flow_count; f++) {
        struct str stage = program->texts[program->stages[program->flows[f].stage].name];
        struct str flow = program->texts[program->flows[f].name];
        rule->items[rule->item_count++] = str_format(&rule->arena, "%.*s.%.*s", STR_FMT(stage), STR_FMT(flow)).at;
    }
    for (uint32_t i = 0; i < program->item_count; i++) {
        const struct prog_item *item = &program->items[i];
        if (item->kind != ITEM_AMOUNT && item->kind != ITEM_FLOW) {
            rule->items[rule->item_count++] = str_copy(&rule->arena, program->labels[item->name]).at;
        }
    }
}

static enum zuji_status load(void *context, jmp_buf *exhausted)
{
    struct load *work = context;
    struct zuji_rule *rule = work->rule;
    rule->arena.on_exhausted = exhausted;
    work->arena.on_exhausted = exhausted;
    struct program *program = image_read(&rule->arena, work->bytes, &work->diags);
    if (program == NULL) {
        return ZUJI_FINDINGS;
    }
    rule->program = program;
    rule->verified = verify_program(&rule->arena, program, &work->diags);
    if (rule->verified == NULL) {
        return ZUJI_FINDINGS;
    }
    rule->plan = result_plan_new(&rule->arena, program);
    describe(rule);
    describe_natives(rule);
    describe_items(rule);
    rule->file = str_copy(&rule->arena, str_slice(work->bytes, work->bytes.len - CHECKSUM_LEN, work->bytes.len)).at;
    return ZUJI_OK;
}

enum zuji_status zuji_load(const void *bytes, size_t len, struct zuji_rule **rule, struct zuji_messages **messages)
{
    if (rule == NULL || (bytes == NULL && len > 0)) {
        return ZUJI_USAGE;
    }
    *rule = NULL;
    struct load work = {
        .bytes = {bytes, len},
          .rule = calloc(1, sizeof *work.rule)
    };
    work.diags = diags_in(&work.arena);
    if (work.rule == NULL) {
        return ZUJI_NO_MEMORY;
    }
    atomic_init(&work.rule->users, 1);
    enum zuji_status status = api_call(load, &work);
    work.rule->arena.on_exhausted = NULL;
    api_give_messages(messages, &work.diags);
    arena_free(&work.arena);
    if (status != ZUJI_OK) {
        zuji_rule_free(work.rule);
        return status;
    }
    *rule = work.rule;
    return ZUJI_OK;
}

struct zuji_rule *rule_keep(const struct zuji_rule *rule)
{
    struct zuji_rule *kept = (struct zuji_rule *)(uintptr_t)rule; /* immutable but for the count of its users */
    atomic_fetch_add(&kept->users, 1);
    return kept;
}

void zuji_rule_free(struct zuji_rule *rule)
{
    if (rule != NULL && atomic_fetch_sub(&rule->users, 1) == 1) {
        arena_free(&rule->arena);
        free(rule);
    }
}

const char *zuji_rule_name(const struct zuji_rule *rule)
{
    return rule->name;
}

const char *zuji_rule_version(const struct zuji_rule *rule)
{
    return rule->version;
}

int zuji_rule_has_rows(const struct zuji_rule *rule)
{
    return rule->program->rule.row_axis != AXIS_ID_PRODUCT;
}

int zuji_rule_has_headlines(const struct zuji_rule *rule)
{
    return rule->program->rule.headline != NO_OPERAND;
}

int zuji_rule_has_marks(const struct zuji_rule *rule)
{
    const struct program *program = rule->program;
    bool has_marks =
        program->rule.round.is_marked || program->rule.stage_round.is_marked || program->rule.flow_round.is_marked;
    for (uint32_t i = 0; i < program->output_count; i++) {
        has_marks = has_marks || program->outputs[i].round.is_marked;
    }
    return has_marks;
}

int zuji_rule_has_processes(const struct zuji_rule *rule)
{
    bool has_processes = false;
    for (uint32_t f = 0; f < rule->program->flow_count; f++) {
        has_processes = has_processes || rule->program->flows[f].process != NO_INDEX;
    }
    return has_processes;
}

const struct zuji_validity *zuji_rule_validity(const struct zuji_rule *rule)
{
    return &rule->valid;
}

const char *zuji_rule_hash(const struct zuji_rule *rule)
{
    return rule->program->hash;
}

const char *zuji_rule_title(const struct zuji_rule *rule, enum zuji_lang lang)
{
    return rule->title[lang == ZUJI_ZH];
}

const char *zuji_rule_declared(const struct zuji_rule *rule, enum zuji_lang lang)
{
    return rule->declared[lang == ZUJI_ZH];
}

const char *zuji_rule_native(const struct zuji_rule *rule, size_t index, const char **signature)
{
    bool is_there = index < rule->program->native_count;
    if (signature != NULL) {
        *signature = is_there ? rule->signatures[index] : NULL;
    }
    return is_there ? rule->natives[index] : NULL;
}

const char *zuji_rule_item(const struct zuji_rule *rule, size_t index)
{
    return index < rule->item_count ? rule->items[index] : NULL;
}

const char *zuji_rule_cost(const struct zuji_rule *rule)
{
    return rule->cost;
}

struct listing_work {
    const struct zuji_rule *rule;
    struct arena arena;
    char *text;
};

static enum zuji_status make_listing(void *context, jmp_buf *exhausted)
{
    struct listing_work *work = context;
    work->arena.on_exhausted = exhausted;
    struct str listing = inspect_listing(&work->arena, work->rule->verified);
    work->text = malloc(listing.len + 1);
    if (work->text == NULL) {
        return ZUJI_NO_MEMORY;
    }
    memcpy(work->text, listing.at, listing.len);
    work->text[listing.len] = '\0';
    return ZUJI_OK;
}

char *zuji_rule_listing(const struct zuji_rule *rule)
{
    struct listing_work work = {.rule = rule};
    (void)api_call(make_listing, &work);
    arena_free(&work.arena);
    return work.text;
}

void zuji_text_free(char *text)
{
    free(text);
}
