/* What a result has to say in words: what was told while its product was read and computed, then the notes. */
#include "base/decimal.h"
#include "vm/result.h"
#include "vm/value_text.h"

static struct str label_or(const struct program *program, uint32_t label, struct str otherwise)
{
    return label == NO_INDEX ? otherwise : program->labels[label];
}

static struct diag warning_of(const struct program *program, const struct note *note)
{
    const struct prog_requirement *warning = &program->requirements[program->code[note->instruction].b];
    struct str en = label_or(program, warning->text.label[0], STR(""));
    struct str zh = label_or(program, warning->text.label[1], en);
    return (struct diag){
        .code = D_RULE_WARNING,
        .args = {en.len > 0 ? en : zh, zh},
        .clause = label_or(program, warning->clause, STR(""))
    };
}

/* The value that was taken; a member or a truth in the words of either language. */
static struct str taken_of(struct arena *arena, const struct program *program, const struct note *note)
{
    const struct prog_field *field = note->field == NO_INDEX ? NULL : &program->fields[note->field];
    bool is_member = field != NULL && field->type == VALUE_MEMBER;
    if (field != NULL && field->type == VALUE_BOOL) {
        bool is_true = str_eq(note->detail, STR("true"));
        return diag_both(arena, note->detail, is_true ? STR("是（true）") : STR("否（false）"));
    }
    const struct prog_choice *choice = is_member ? &program->choices[field->choice] : NULL;
    for (uint32_t i = 0; choice != NULL && i < choice->member_count; i++) {
        if (str_eq(program->texts[choice->members[i].name], note->detail)) {
            return value_member_text(arena, program, field->choice, i);
        }
    }
    return note->detail;
}

static struct diag default_of(struct arena *arena, const struct program *program, const struct note *note)
{
    struct str what = note->path;
    if (note->field == NO_INDEX) {
        const struct prog_site *site = &program->sites[note->instruction];
        what = label_or(program, site->text, label_or(program, site->path, note->path));
    }
    struct str taken = taken_of(arena, program, note);
    if (note->rows <= 1) {
        return (struct diag){
            .code = D_DEFAULT_USED, .args = {what, taken}
        };
    }
    return (struct diag){
        .code = D_DEFAULTS_USED, .args = {what, taken, str_format(arena, "%lu", (unsigned long)note->rows - 1)}
    };
}

static struct diag factor_of(struct arena *arena, const struct note *note)
{
    if (note->factor->is_default) {
        return (struct diag){.code = D_FACTOR_DEFAULT, .args = {note->detail}};
    }
    struct str parts[2] = {note->factor->region.len > 0 ? note->factor->region : STR("GLO"), note->factor->year};
    return (struct diag){
        .code = D_FACTOR_FALLBACK,
        .args = {note->detail, str_join(arena, parts, note->factor->year.len > 0 ? 2 : 1, STR(", "))}
    };
}

static struct diag tie_of(struct arena *arena, const struct program *program, const struct note *note)
{
    const struct prog_site *site = &program->sites[note->instruction];
    struct str picking = label_or(program, site->text, label_or(program, site->path, STR("")));
    struct str more = str_format(arena, "%lu", (unsigned long)note->rows - 1);
    return (struct diag){
        .code = note->rows <= 1 ? D_ROWS_EQUAL : D_ROWS_EQUAL_MORE, .args = {note->path, note->detail, picking, more}
    };
}

static struct diag diag_of(struct arena *arena, const struct program *program, const struct note *note)
{
    switch (note->kind) {
    case NOTE_WARNING:
        return warning_of(program, note);
    case NOTE_DEFAULT:
        return default_of(arena, program, note);
    case NOTE_FACTOR:
        return factor_of(arena, note);
    case NOTE_TIE:
        return tie_of(arena, program, note);
    case NOTE_LIST_ABSENT:
        break;
    }
    return (struct diag){.code = D_LIST_ABSENT, .args = {note->path}};
}

/* Where in the rule it was found; an absent list is about the data alone. */
static void place(const struct program *program, const struct note *note, struct diag *diag)
{
    if (note->kind != NOTE_LIST_ABSENT) {
        const struct prog_site *site = &program->sites[note->instruction];
        diag->place.file = label_or(program, site->file, STR(""));
        diag->place.line = site->line;
        diag->place.column = site->column;
        diag->clause = diag->clause.len > 0 ? diag->clause : label_or(program, site->clause, STR(""));
    }
}

/* Two instructions may have the same to say. There are few notes: each is held against all before it. */
static bool is_told(const struct diag *diags, size_t count, const struct diag *diag)
{
    bool is_same = false;
    for (size_t i = 0; i < count && !is_same; i++) {
        is_same = diags[i].code == diag->code && str_eq(diags[i].path, diag->path);
        for (size_t k = 0; is_same && k < countof(diag->args); k++) {
            is_same = str_eq(diags[i].args[k], diag->args[k]);
        }
    }
    return is_same;
}

/* Do the stages as reported add up to the total as reported? Both sides as text where they do not. */
static bool has_rounded_sum(const struct zuji_result *result, struct str sides[2])
{
    enum { DIGITS = 30 };
    struct arena *arena = result->arena;
    const struct zuji_figure *stages = result_list(result, &result->stages);
    struct rat total, stage;
    struct rat sum = RAT_ZERO;
    for (size_t i = 0; i < result->stages.count; i++) {
        if (stages[i].is_given && !stages[i].is_apart && decimal_to_rat(arena, str_of(stages[i].reported), &stage)) {
            sum = rat_add(arena, sum, stage);
        }
    }
    sides[1] = str_of(result_total(result)->reported);
    sides[0] = rat_decimal(arena, sum, DIGITS);
    return decimal_to_rat(arena, sides[1], &total) && !rat_eq(sum, total);
}

static size_t count_told(const struct zuji_result *result, bool with_notes)
{
    size_t count = 0;
    for (const struct diag *diag = result->told.first; diag != NULL; diag = diag->next) {
        count++;
    }
    for (const struct note *note = result->notes; note != NULL; note = note->next) {
        count += with_notes || note->kind == NOTE_WARNING;
    }
    return count;
}

static const struct zuji_messages *tell(const struct zuji_result *result, bool with_notes)
{
    static const struct zuji_messages nothing;
    struct arena *arena = result->arena;
    struct str sides[2];
    size_t room = count_told(result, with_notes) + (with_notes && result->is_ok);
    if (room == 0) {
        return &nothing;
    }
    struct zuji_messages *messages = messages_with_room(arena, room);
    for (const struct diag *diag = result->told.first; diag != NULL; diag = diag->next) {
        if (with_notes || diag_info(diag->code)->severity != SEVERITY_NOTE) {
            messages_add(arena, messages, diag);
        }
    }
    struct diag *told = arena_array(arena, struct diag, room);
    size_t count = 0;
    for (const struct note *note = result->notes; note != NULL; note = note->next) {
        if (!with_notes && note->kind != NOTE_WARNING) {
            continue;
        }
        told[count] = diag_of(arena, result->plan->program, note);
        told[count].product = str_of(result->id);
        told[count].path = note->path;
        place(result->plan->program, note, &told[count]);
        if (!is_told(told, count, &told[count])) {
            messages_add(arena, messages, &told[count++]);
        }
    }
    if (with_notes && result->is_ok && has_rounded_sum(result, sides)) {
        struct diag diag = {.code = D_ROUNDED_SUM, .args = {sides[0], sides[1]}, .product = str_of(result->id)};
        messages_add(arena, messages, &diag);
    }
    return messages;
}

static struct zuji_result *keeper(const struct zuji_result *result)
{
    return (struct zuji_result *)(uintptr_t)result;
}

const struct zuji_messages *result_messages(const struct zuji_result *result)
{
    if (result->messages == NULL) {
        keeper(result)->messages = tell(result, true);
    }
    return result->messages;
}

const struct zuji_messages *result_problems(const struct zuji_result *result)
{
    if (result->problems == NULL) {
        keeper(result)->problems = tell(result, false);
    }
    return result->problems;
}
