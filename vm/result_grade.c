/* The class into which a total falls. */
#include "base/decimal.h"
#include "vm/result.h"

enum { FULL_VALUE, ROUNDED };
static const char *const methods[] = {"full_value", "rounded"};

/* The first class whose limit is kept; NO_INDEX: none. */
static uint32_t class_by(const struct zuji_result *result, int method)
{
    const struct program *program = result->plan->program;
    for (uint32_t g = 0; g < program->grade_count; g++) {
        if (program->grades[g].limit == NO_OPERAND || result->row->is_kept[method][g]) {
            return g;
        }
    }
    return NO_INDEX;
}

static int method_of(const struct program *program)
{
    uint32_t judge = program->rule.judge;
    return judge != NO_INDEX && str_eq(program->texts[judge], str_of(methods[ROUNDED])) ? ROUNDED : FULL_VALUE;
}

static const char *class_name(const struct zuji_result *result, uint32_t class)
{
    const struct program *program = result->plan->program;
    return class == NO_INDEX ? "" : str_copy(result->arena, program->texts[program->grades[class].name]).at;
}

/* Limits are per declared unit, figures per declared amount. */
static const char *limit_text(const struct zuji_result *result, uint32_t class)
{
    enum { DIGITS = 15 };
    struct arena *arena = result->arena;
    const struct outcome_row *row = result_exact_row(result);
    bool is_exact = row->limit != NULL;
    struct rat limit = is_exact ? row->limit[class] : rat_of_double(arena, row->limit_double[class]);
    return rat_decimal(arena, rat_mul(arena, limit, result->plan->declared), DIGITS).at;
}

static const char *label(const struct zuji_result *result, uint32_t label)
{
    return label == NO_INDEX ? "" : str_copy(result->arena, result->plan->program->labels[label]).at;
}

struct result_class result_class(const struct zuji_result *result)
{
    int method = method_of(result->plan->program);
    struct result_class found = {.number = class_by(result, method), .method = methods[method]};
    found.name = class_name(result, found.number);
    return found;
}

const struct zuji_grade *result_grade(const struct zuji_result *result)
{
    const struct program *program = result->plan->program;
    if (result->grade != NULL || program->grade_count == 0 || !result_is_headline(result)) {
        return result->grade;
    }
    int method = method_of(program);
    struct result_class class = result_class(result);
    struct zuji_grade *grade = arena_new(result->arena, struct zuji_grade);
    *grade = (struct zuji_grade){
        .class_name = class.name,
        .title = {"", ""},
        .clause = "",
        .method = class.method,
        .limit = "",
        .other_method = methods[1 - method],
        .other_class = class_name(result, class_by(result, 1 - method))
    };
    if (class.number != NO_INDEX) {
        const struct prog_grade *of = &program->grades[class.number];
        grade->title[ZUJI_EN] = label(result, of->titles.label[LANG_EN]);
        grade->title[ZUJI_ZH] = label(result, of->titles.label[LANG_ZH]);
        grade->clause = label(result, of->clause);
        grade->limit = of->limit == NO_OPERAND ? "" : limit_text(result, class.number);
        grade->is_below = of->is_below;
    }
    ((struct zuji_result *)(uintptr_t)result)->grade = grade; /* it keeps what it has made */
    return grade;
}
