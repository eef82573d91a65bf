/* Explanations recompute: the formula of every node gives the node's value from the values of the nodes that it
   mentions, for all products and rows, with all rows of lists and with the largest only; the total is that of the
   result; and a compiled rule explains itself as its source does. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/runner.h"

static const double tolerance = 1e-9;
enum { PRODUCTS_MAX = 4, ROWS_MAX = 4 };

struct value { /* a number (conditions are 0 and 1, dates 20240731), or a text */
    double number;
    const char *text; /* NULL: a number */
};
struct recomputing {
    struct arena *arena;
    const json_t *nodes;
    double size;      /* largest magnitude met in the formula: what rounding errors are compared with */
    struct str fault; /* the first; empty: none */
};

static struct value evaluate(struct recomputing *work, const json_t *formula);

/* ---- values ---- */

static struct value value_of(const json_t *told)
{
    const json_t *number = json_object_get(told, "value");
    const char *text = json_string_value(json_object_get(told, "text"));
    if (json_is_number(number)) {
        return (struct value){json_number_value(number), NULL};
    }
    if (text == NULL) {
        return (struct value){NAN, ""};
    }
    int year = 0, month = 0, day = 0, len = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &len) == 3 && text[len] == '\0') {
        return (struct value){year * 10000 + month * 100 + day, NULL};
    }
    char *end;
    double read = strtod(text, &end);
    bool is_truth = strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
    if (is_truth || (*end == '\0' && end != text)) { /* conditions and years */
        return (struct value){is_truth ? text[0] == 't' : read, NULL};
    }
    return (struct value){NAN, text};
}

static bool is_same(struct recomputing *work, struct value a, struct value b)
{
    if (a.text != NULL || b.text != NULL) {
        return a.text != NULL && b.text != NULL && strcmp(a.text, b.text) == 0;
    }
    return fabs(a.number - b.number) <= tolerance * (work->size + fabs(a.number));
}

static double operand(struct recomputing *work, const json_t *formula, size_t index)
{
    struct value value = evaluate(work, json_array_get(json_object_get(formula, "operands"), index));
    return value.number;
}

/* ---- operations ---- */

static double rounded(const char *mode, double x, double step, double told)
{
    double at_most = strncmp(mode, "half", 4) == 0 ? 0.5 : 1;
    double steps = told / step;
    bool is_multiple = fabs(steps - nearbyint(steps)) <= tolerance * (1 + fabs(steps));
    bool is_near = fabs(told - x) <= at_most * step * (1 + tolerance) + tolerance * fabs(x);
    bool is_right_side = (strcmp(mode, "floor") != 0 || told <= x + tolerance * fabs(x)) &&
                         (strcmp(mode, "ceil") != 0 || told >= x - tolerance * fabs(x));
    return is_multiple && is_near && is_right_side ? told : NAN;
}

static double aggregate(struct recomputing *work, const json_t *formula, const char *op, double told)
{
    size_t count = json_array_size(json_object_get(formula, "operands"));
    double result = strcmp(op, "sum") == 0 ? 0 : NAN;
    bool is_open = strcmp(op, "sum") != 0 && count < (size_t)json_number_value(json_object_get(formula, "rows"));
    for (size_t i = 0; i < count; i++) {
        double value = operand(work, formula, i);
        result = strcmp(op, "sum") == 0                                                          ? result + value
                 : isnan(result) || (strcmp(op, "least") == 0 ? value < result : value > result) ? value
                                                                                                 : result;
    }
    return is_open && isnan(result) ? told : result;
}

static double binary(const char *op, double a, double b)
{
    static const struct {
        const char *op;
        char sign;
    } signs[] = {
        {"add",        '+'},
        {"subtract",   '-'},
        {"multiply",   '*'},
        {"divide",     '/'},
        {"power",      '^'},
        {"min",        'm'},
        {"max",        'M'},
        {"less",       '<'},
        {"less_equal", 'l'}
    };
    char sign = ' ';
    for (size_t i = 0; i < countof(signs); i++) {
        sign = strcmp(signs[i].op, op) == 0 ? signs[i].sign : sign;
    }
    switch (sign) {
    case '+':
        return a + b;
    case '-':
        return a - b;
    case '*':
        return a * b;
    case '/':
        return a / b;
    case '^':
        return pow(a, b);
    case 'm':
        return a < b ? a : b;
    case 'M':
        return a > b ? a : b;
    case '<':
        return a < b;
    case 'l':
        return a <= b;
    default:
        return NAN;
    }
}

static double unary(const char *op, const json_t *formula, double a, double told)
{
    double by = json_number_value(json_object_get(formula, "by"));
    const char *mode = json_string_value(json_object_get(formula, "mode"));
    if (strcmp(op, "round_significant") == 0) {
        by = pow(10, floor(log10(fabs(told))) + 1 - by);
    }
    return strcmp(op, "negate") == 0     ? -a
           : strcmp(op, "absolute") == 0 ? fabs(a)
           : strcmp(op, "sqrt") == 0     ? sqrt(a)
           : strcmp(op, "exp") == 0      ? exp(a)
           : strcmp(op, "ln") == 0       ? log(a)
           : strcmp(op, "not") == 0      ? (a > 0 ? 0 : 1)
           : strcmp(op, "convert") == 0  ? a * by
           : strcmp(op, "shift") == 0    ? a * by + json_number_value(json_object_get(formula, "plus"))
           : mode != NULL                ? (told == 0 && by == 0 ? 0 : rounded(mode, a, by, told))
                                         : NAN;
}

static bool is_one_of(const char *op, const char *list)
{
    const char *found = strstr(list, op);
    size_t len = strlen(op);
    return found != NULL && (found == list || found[-1] == ' ') && (found[len] == ' ' || found[len] == '\0');
}

static struct value compute(struct recomputing *work, const json_t *formula, const char *op, struct value told)
{
    const json_t *operands = json_object_get(formula, "operands");
    size_t count = json_array_size(operands);
    if (is_one_of(op, "number given count call")) {
        return told; /* given, not computed; of calls nobody knows */
    }
    if (is_one_of(op, "any")) {
        double holds = 0;
        for (size_t i = 0; i < count; i++) {
            holds = operand(work, formula, i) > 0 ? 1 : holds;
        }
        return (struct value){holds, NULL};
    }
    if (is_one_of(op, "if")) {
        return evaluate(work, json_array_get(operands, 1));
    }
    if (is_one_of(op, "equal")) {
        struct value a = evaluate(work, json_array_get(operands, 0));
        struct value b = evaluate(work, json_array_get(operands, 1));
        bool is_plain = a.text != NULL || (a.number == b.number && fabs(a.number) < 0x1p53 && a.number == floor(a.number));
        bool is_near = is_same(work, a, b); /* doubles do not tell then */
        return (struct value){is_near && !is_plain ? told.number : is_near, NULL};
    }
    if (is_one_of(op, "sum least greatest")) {
        return (struct value){aggregate(work, formula, op, told.number), NULL};
    }
    double a = operand(work, formula, 0);
    if (is_one_of(op, "and or")) {
        double b = count > 1 ? operand(work, formula, 1) : a;
        return (struct value){strcmp(op, "or") == 0 ? a > 0 || b > 0 : a > 0 && b > 0, NULL};
    }
    return (struct value){count == 2 ? binary(op, a, operand(work, formula, 1)) : unary(op, formula, a, told.number),
                          NULL};
}

/* Every operation on the way is compared with what is told of it, too. */
static struct value evaluate(struct recomputing *work, const json_t *formula)
{
    const json_t *node = json_object_get(formula, "node");
    const char *op = json_string_value(json_object_get(formula, "op"));
    if (node != NULL) {
        struct value value = value_of(json_array_get(work->nodes, (size_t)json_number_value(node) - 1));
        work->size = value.text == NULL && fabs(value.number) > work->size ? fabs(value.number) : work->size;
        return value;
    }
    struct value told = value_of(formula);
    struct value computed = op == NULL ? told : compute(work, formula, op, told);
    work->size = told.text == NULL && fabs(told.number) > work->size ? fabs(told.number) : work->size;
    if (op == NULL || !is_same(work, computed, told)) {
        struct str fault = str_format(work->arena, "%s: %.17g, and not what its operands give, %.17g",
                                      op == NULL ? "no operation" : op, told.number, computed.number);
        work->fault = work->fault.len > 0 ? work->fault : fault;
    }
    return told;
}

/* ---- nodes ---- */

/* What is wrong with a node; empty: nothing. */
static struct str fault_of_node(struct arena *arena, const json_t *nodes, size_t i)
{
    const json_t *node = json_array_get(nodes, i);
    const json_t *formula = json_object_get(node, "formula");
    struct recomputing work = {.arena = arena, .nodes = nodes};
    if (json_number_value(json_object_get(node, "number")) != (double)(i + 1)) {
        return STR("has another number");
    }
    if (formula == NULL) {
        return STR("");
    }
    struct value computed = evaluate(&work, formula);
    bool is_row = strcmp(json_string_value(json_object_get(node, "kind")), "picked") == 0;
    if (!is_row && work.fault.len == 0 && !is_same(&work, computed, value_of(node))) {
        work.fault =
            str_format(arena, "%.17g, and not what its formula gives, %.17g", value_of(node).number, computed.number);
    }
    return work.fault;
}

static struct str fault_of(struct arena *arena, const json_t *explanation)
{
    const json_t *nodes = json_object_get(explanation, "nodes");
    for (size_t i = 0; i < json_array_size(nodes); i++) {
        struct str fault = fault_of_node(arena, nodes, i);
        if (fault.len > 0) {
            const char *name = json_string_value(json_object_get(json_array_get(nodes, i), "name"));
            return str_format(arena, "node %zu (%s): %.*s", i + 1, name == NULL ? "" : name, STR_FMT(fault));
        }
    }
    return json_array_size(nodes) > 0 ? STR("") : STR("no nodes");
}

struct str explanation_fault(struct arena *arena, struct str json)
{
    json_error_t error;
    json_t *explanation = json_loadb(json.at, json.len, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);
    struct str fault =
        explanation == NULL ? str_format(arena, "no JSON: %s", error.text) : fault_of(arena, explanation);
    json_decref(explanation);
    return fault;
}

static json_t *explain(struct runner *runner, struct str command, struct str *out)
{
    json_error_t error;
    struct outcome outcome = run_shell(runner, STR("."), command);
    json_t *made = json_loadb(outcome.out.at, outcome.out.len, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);
    if (outcome.exit_code != 0 || made == NULL) {
        runner_fail(runner, "%.*s: exit code %d\n%.*s", STR_FMT(command), outcome.exit_code, STR_FMT(outcome.err));
    }
    *out = outcome.out;
    return made;
}

/* The result's own total, and the same from the compiled rule. */
static void check_result(struct runner *runner, const json_t *result, struct str arguments, struct str compiled)
{
    static const char *const extents[] = {"--all", ""};
    double total = json_number_value(json_object_get(json_object_get(result, "total"), "value"));
    for (size_t i = 0; i < countof(extents); i++) {
        struct str options = str_format(runner->arena, "%.*s %s --format json", STR_FMT(arguments), extents[i]);
        struct str command = str_format(runner->arena, "zuji explain %.*s", STR_FMT(options));
        struct str out;
        struct str other;
        json_t *made = explain(runner, command, &out);
        size_t rule = options.at[0] == '\'' ? (size_t)(strchr(options.at + 1, '\'') - options.at) + 1 : 0;
        struct str again =
            str_format(runner->arena, "zuji explain '%.*s'%.*s", STR_FMT(compiled), STR_FMT(str_skip(options, rule)));
        json_t *from_compiled = explain(runner, again, &other);
        double told = json_number_value(json_object_get(json_array_get(json_object_get(made, "nodes"), 0), "value"));
        struct str fault = made == NULL ? STR("") : fault_of(runner->arena, made);
        bool is_fine = made != NULL && from_compiled != NULL && fault.len == 0;
        if (fault.len > 0) {
            runner_fail(runner, "%.*s: %.*s", STR_FMT(command), STR_FMT(fault));
        } else if (is_fine && fabs(told - total) > tolerance * fabs(total)) {
            runner_fail(runner, "%.*s: the total is %.17g, and %.17g in the result", STR_FMT(command), told, total);
        } else if (is_fine && same_text(runner, again, out, other)) {
            runner_pass(runner);
        }
        json_decref(made);
        json_decref(from_compiled);
    }
}

/* RULE DATA [FACTORS…] */
void mode_explain(struct runner *runner, char **arguments, size_t count)
{
    struct arena *arena = runner->arena;
    if (count < 2) {
        runner_fail(runner, "explain: RULE DATA [FACTORS…] are needed");
        return;
    }
    struct buf command = buf_in(arena);
    buf_format(&command, "'%s' '%s'", arguments[0], arguments[1]);
    for (size_t i = 2; i < count; i++) {
        buf_format(&command, " --factors '%s'", arguments[i]);
    }
    struct str base = buf_str(&command);
    struct str compiled = str_format(arena, "%.*s/rule.pcrc", STR_FMT(runner->scratch));
    struct outcome built =
        run_shell(runner, STR("."), str_format(arena, "zuji build '%s' -o %.*s", arguments[0], STR_FMT(compiled)));
    struct outcome run = run_shell(runner, STR("."), str_format(arena, "zuji run %.*s --format ndjson", STR_FMT(base)));
    if (built.exit_code != 0) {
        runner_fail(runner, "%s: cannot be built\n%.*s", arguments[0], STR_FMT(built.err));
        return;
    }
    struct str line;
    struct str product = STR("");
    size_t products = 0;
    size_t row = 0;
    for (size_t at = 0; next_line(run.out, &at, &line) && products <= PRODUCTS_MAX;) {
        json_t *result = json_loadb(line.at, line.len, 0, NULL);
        const char *id = json_string_value(json_object_get(result, "id"));
        bool is_ok = id != NULL && strcmp(json_string_value(json_object_get(result, "status")), "ok") == 0;
        bool is_new = id != NULL && !str_eq(str_of(id), product);
        row = is_new ? 1 : row + 1;
        products += is_new;
        product = str_copy(arena, str_of(id));
        if (is_ok && row <= ROWS_MAX && products <= PRODUCTS_MAX && strchr(id, '\'') == NULL) {
            struct str of = str_format(arena, "%.*s --product '%s'", STR_FMT(base), id);
            bool has_rows = json_object_get(result, "row") != NULL;
            of = has_rows ? str_format(arena, "%.*s --row %zu", STR_FMT(of), row) : of;
            check_result(runner, result, of, compiled);
        }
        json_decref(result);
    }
}
