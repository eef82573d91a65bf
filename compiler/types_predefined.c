#include "compiler/types.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"

static void type_extreme(struct typer *typer, struct expr *call);
static void type_rounded(struct typer *typer, struct expr *call);
static void type_single(struct typer *typer, struct expr *call, enum predefined id);

void type_predefined(struct typer *typer, struct expr *call)
{
    enum predefined id = (enum predefined)call->ref.index;
    switch (id) {
    case PREDEFINED_MIN:
    case PREDEFINED_MAX:
        type_extreme(typer, call);
        return;
    case PREDEFINED_ROUNDED:
        type_rounded(typer, call);
        return;
    case PREDEFINED_FLOOR:
    case PREDEFINED_CEIL:
    case PREDEFINED_ABS:
    case PREDEFINED_EXP:
    case PREDEFINED_LN:
    case PREDEFINED_SQRT:
    case PREDEFINED_PLAIN:
        type_single(typer, call, id);
        return;
    case PREDEFINED_GWP:
        type_gwp(typer, call);
        return;
    case PREDEFINED_EMITTED:
    case PREDEFINED_COUNTED:
        set_number(call, kinds_constant(&typer->kinds, typer->co2e));
        return;
    case PREDEFINED_NONE:
    case PREDEFINED_SUM:
    case PREDEFINED_COUNT:
    case PREDEFINED_MEAN:
    case PREDEFINED_ANY:
    case PREDEFINED_ALL:
    case PREDEFINED_LARGEST:
    case PREDEFINED_SMALLEST:
    case PREDEFINED_THE:
    case PREDEFINED_REST:
    case PREDEFINED_TRUE:
    case PREDEFINED_FALSE:
    case PREDEFINED_TOTAL:
    case PREDEFINED_COUNT_OF:
        return; /* resolve made these an error */
    }
}

static struct str called(struct typer *typer, const struct expr *call)
{
    return predefined_both(typer->arena, (enum predefined)call->ref.index);
}

static size_t count_arguments(const struct expr *call)
{
    size_t count = 0;
    for (const struct arg *arg = call->as.call.args; arg != NULL; arg = arg->next) {
        count++;
    }
    return count;
}

static bool has_count(struct typer *typer, const struct expr *call, size_t least, size_t most, const char *wanted)
{
    size_t count = count_arguments(call);
    if (call_is_torn(call)) {
        return false;
    }
    if (count < least || count > most) {
        diag_add(typer->out, D_ARGUMENT_COUNT, call->at, DIAG_ARGS(called(typer, call), str_of(wanted)));
        return false;
    }
    return true;
}

static bool refuses_names(struct typer *typer, const struct expr *call)
{
    for (const struct arg *arg = call->as.call.args; arg != NULL; arg = arg->next) {
        if (arg->name.text.len > 0) {
            diag_add(typer->out, D_ARGUMENT_UNKNOWN, arg->name.at, DIAG_ARGS(called(typer, call), arg->name.text));
            return true;
        }
    }
    return false;
}

/* ---- min(a, b, …), max(a, b, …) --------------------------------------------------------------------------------- */

static void type_extreme(struct typer *typer, struct expr *call)
{
    size_t count = count_arguments(call);
    if (!has_count(typer, call, 2, ALIKE_MAX, "2 …") || refuses_names(typer, call)) {
        return;
    }
    struct expr **values = arena_array(typer->arena, struct expr *, count);
    count = 0;
    for (struct arg *arg = call->as.call.args; arg != NULL; arg = arg->next) {
        values[count++] = arg->value;
    }
    type_alike(typer, values, count, NULL, false);
    bool is_whole = true;
    for (size_t i = 0; i < count; i++) {
        if (is_error(values[i])) {
            return;
        }
        is_whole &= values[i]->type.is_whole;
    }
    if (values[0]->type.kind == TYPE_YEAR || values[0]->type.kind == TYPE_DATE) {
        call->type.kind = values[0]->type.kind;
        return;
    }
    if (values[0]->type.kind != TYPE_NUMBER) {
        diag_add(typer->out, D_NOT_A_NUMBER, values[0]->at, DIAG_ARGS(type_text(typer, &values[0]->type)));
        return;
    }
    set_number(call, values[0]->type.kind_id);
    call->type.unit.is_point = values[0]->type.unit.is_point;
    call->type.is_whole = is_whole;
}

/* ---- rounded(x [, step] [, mode]) ------------------------------------------------------------------------------- */

struct rounding_args {
    struct expr *value, *step, *mode;
};

static bool is_named(const struct arg *arg, const char *name)
{
    return str_eq(arg->name.text, str_of(name));
}

/* The arguments by their names, or by what they are: a mode is a word, a step a number. */
static bool sort_rounding(struct typer *typer, const struct expr *call, struct rounding_args *sorted)
{
    *sorted = (struct rounding_args){NULL, NULL, NULL};
    for (struct arg *arg = call->as.call.args; arg != NULL; arg = arg->next) {
        struct expr **slot = NULL;
        if (arg == call->as.call.args && arg->name.text.len == 0) {
            slot = &sorted->value;
        } else if (is_named(arg, "mode") || (arg->name.text.len == 0 && arg->value->ref.kind == REF_ROUNDING)) {
            slot = &sorted->mode;
        } else if (is_named(arg, "step") || arg->name.text.len == 0) {
            slot = &sorted->step;
        }
        if (slot == NULL || *slot != NULL) {
            diag_add(typer->out, slot == NULL ? D_ARGUMENT_UNKNOWN : D_ARGUMENT_TWICE, arg->value->at,
                     DIAG_ARGS(called(typer, call), arg->name.text));
            return false;
        }
        *slot = arg->value;
    }
    return sorted->value != NULL;
}

static void type_step(struct typer *typer, struct expr *call, const struct rounding_args *args)
{
    struct type wanted = args->value->type;
    if (!type_as(typer, args->step, &wanted, NULL)) {
        return;
    }
    set_number(call, args->value->type.kind_id);
    call->type.is_whole = args->step->type.is_whole;
}

static void refuse_mode(struct typer *typer, struct span at)
{
    struct str written = span_text(typer->checked->sources, at);
    struct str known[ROUNDING_WORDS_MAX];
    struct str nearest = str_nearest(written, known, rounding_words(known));
    struct diag *diag = diag_add(typer->out, D_ROUND_MODE, at, DIAG_ARGS(written));
    if (nearest.len > 0) {
        diag_fix(typer->out, diag, at, nearest, T_FIX_REPLACE, DIAG_ARGS(nearest));
    }
}

static void type_rounded(struct typer *typer, struct expr *call)
{
    struct rounding_args args;
    if (!has_count(typer, call, 1, 3, "1 … 3") || !sort_rounding(typer, call, &args)) {
        return;
    }
    if (args.mode != NULL && args.mode->ref.kind != REF_ROUNDING) {
        if (args.mode->kind != EXPR_ERROR) {
            refuse_mode(typer, args.mode->at);
        }
        return;
    }
    if (args.step != NULL) {
        if (type_as_number(typer, args.value)) {
            type_step(typer, call, &args);
        }
        return;
    }
    if (type_as_plain(typer, args.value, D_ROUNDED_NO_STEP)) {
        set_number(call, args.value->type.kind_id);
        call->type.is_whole = true;
    }
}

/* ---- one argument ----------------------------------------------------------------------------------------------- */

static void type_plain(struct typer *typer, struct expr *call, struct expr *arg)
{
    struct kind kind;
    if (!type_as_number(typer, arg)) {
        return;
    }
    if (!kinds_is_known(&typer->kinds, arg->type.kind_id, &kind)) {
        diag_add(typer->out, D_PLAIN_GENERIC, arg->at, NULL, 0);
        return;
    }
    set_number(call, kinds_constant(&typer->kinds, kind_without_tags(typer->checked->units, kind)));
    call->type.is_whole = arg->type.is_whole;
}

/* Of m2 it is m: the kind that gives the argument's when it is squared. */
static void type_root(struct typer *typer, struct expr *call, struct expr *arg)
{
    uint32_t root = kinds_variable(&typer->kinds);
    if (!type_as_number(typer, arg)) {
        return;
    }
    if (!kinds_unify(&typer->kinds, kinds_power(&typer->kinds, root, 2), arg->type.kind_id)) {
        diag_add(typer->out, D_ROOT_KIND, arg->at, DIAG_ARGS(expr_type_text(typer, arg)));
        return;
    }
    set_number(call, root);
}

/* exp(x), ln(x) */
static void type_transcendental(struct typer *typer, struct expr *call, struct expr *arg)
{
    struct type plain = number_type(typer, kind_one());
    if (!type_as_number(typer, arg)) {
        return;
    }
    if (!types_agree(typer, &arg->type, &plain)) {
        report_not_plain(typer, D_FUNCTION_UNIT, arg);
        return;
    }
    set_number(call, plain.kind_id);
}

static void type_single(struct typer *typer, struct expr *call, enum predefined id)
{
    if (!has_count(typer, call, 1, 1, "1") || refuses_names(typer, call)) {
        return;
    }
    struct expr *arg = call->as.call.args->value;
    if (id == PREDEFINED_PLAIN) {
        type_plain(typer, call, arg);
    } else if (id == PREDEFINED_SQRT) {
        type_root(typer, call, arg);
    } else if (id == PREDEFINED_EXP || id == PREDEFINED_LN) {
        type_transcendental(typer, call, arg);
    } else if (id == PREDEFINED_ABS) {
        if (type_as_number(typer, arg)) {
            set_number(call, arg->type.kind_id);
            call->type.is_whole = arg->type.is_whole;
        }
    } else if (type_as_plain(typer, arg, D_ROUNDED_NO_STEP)) {
        set_number(call, arg->type.kind_id);
        call->type.is_whole = true;
    }
}
