/* Every bound that a rule or its data can reach: at the bound it works, one past it there is the message. The sources
   are made here, for they are long and say nothing. */
#include <stdlib.h>

#include "compiler/compile.h"
#include "tests/runner.h"
#include "vm/zuji.h"

typedef void source_fn(struct buf *out, unsigned long count);

struct bound {
    const char *name;
    source_fn *make;
    unsigned long most; /* the largest that compiles */
    const char *code;   /* of the message for one more */
};

static void check_bound(struct runner *runner, const struct bound *bound);
static struct str first_code(struct runner *runner, const struct bound *bound, unsigned long count);

/* A rule of one stage around what is measured. */
static void begin(struct buf *out, const char *data)
{
    buf_format(out,
               "rule r {\ndeclared 1 kg\nboundary gate_to_gate\ndata { mass : kg, %s }\nreference mass\n"
               "stage s : production { emit base = mass * 1 kgCO2e/kg }\n",
               data);
}

static void repeat(struct buf *out, const char *text, unsigned long count)
{
    for (unsigned long i = 0; i < count; i++) {
        buf_add(out, str_of(text));
    }
}

static void nested_brackets(struct buf *out, unsigned long count)
{
    begin(out, "x : number");
    buf_add(out, STR("report y : number = "));
    repeat(out, "(", count);
    buf_add(out, STR("x"));
    repeat(out, ")", count);
    buf_add(out, STR("\n}\n"));
}

static void long_sum(struct buf *out, unsigned long count)
{
    begin(out, "x : number");
    buf_add(out, STR("report y : number = x"));
    repeat(out, " + x", count);
    buf_add(out, STR("\n}\n"));
}

static void flows(struct buf *out, unsigned long count)
{
    begin(out, "x : number");
    buf_add(out, STR("stage t : production {\n"));
    for (unsigned long i = 1; i < count; i++) { /* `base` is the first */
        buf_format(out, "emit f%lu = mass * 2 kgCO2e/kg\n", i);
    }
    buf_add(out, STR("}\n}\n"));
}

static void stages(struct buf *out, unsigned long count)
{
    begin(out, "x : number");
    for (unsigned long i = 1; i < count; i++) {
        buf_format(out, "stage s%lu : production { emit f = mass * 2 kgCO2e/kg }\n", i);
    }
    buf_add(out, STR("}\n"));
}

static void reports(struct buf *out, unsigned long count)
{
    begin(out, "x : number");
    for (unsigned long i = 0; i < count; i++) {
        buf_format(out, "report r%lu : number = x + %lu\n", i, i);
    }
    buf_add(out, STR("}\n"));
}

static void fields(struct buf *out, unsigned long count)
{
    begin(out, "x : number");
    buf_add(out, STR("data {\n"));
    for (unsigned long i = 2; i < count; i++) { /* mass and x are two */
        buf_format(out, "f%lu : number\n", i);
    }
    buf_add(out, STR("}\n}\n"));
}

static void members(struct buf *out, unsigned long count)
{
    buf_add(out, STR("choice C {\n"));
    for (unsigned long i = 0; i < count; i++) {
        buf_format(out, "m%lu\n", i);
    }
    buf_add(out, STR("}\n"));
    begin(out, "x : C");
    buf_add(out, STR("report y : number = if x == m0 then 1 else 2\n}\n"));
}

static void choices(struct buf *out, unsigned long count)
{
    for (unsigned long i = 0; i < count; i++) {
        buf_format(out, "choice C%lu { m%lu_a, m%lu_b }\n", i, i, i);
    }
    begin(out, "x : number");
    buf_add(out, STR("data {\n"));
    for (unsigned long i = 0; i < count; i++) {
        buf_format(out, "x%lu : C%lu\n", i, i);
    }
    buf_add(out, STR("}\n}\n"));
}

static void tables(struct buf *out, unsigned long count)
{
    buf_add(out, STR("choice C { a, b }\n"));
    for (unsigned long i = 0; i < count; i++) {
        buf_format(out, "table t%lu(k: C) -> number {\na => %lu\nb => 1\n}\n", i, i + 2);
    }
    begin(out, "x : C");
    for (unsigned long i = 0; i < count; i++) {
        if (i % 64 == 0) {
            buf_format(out, "\nreport y%lu : number = 0", i);
        }
        buf_format(out, " + t%lu(x)", i);
    }
    buf_add(out, STR("\n}\n"));
}

static void table_columns(struct buf *out, unsigned long count)
{
    buf_add(out, STR("choice C { a, b }\ntable t(k: C) -> { "));
    for (unsigned long i = 0; i < count; i++) {
        buf_format(out, "%sc%lu: number", i > 0 ? ", " : "", i);
    }
    buf_add(out, STR(" } {\n"));
    for (unsigned row = 0; row < 2; row++) {
        buf_format(out, "%s => 0", row == 0 ? "a" : "b");
        for (unsigned long i = 1; i < count; i++) {
            buf_format(out, ", %lu", i);
        }
        buf_char(out, '\n');
    }
    buf_add(out, STR("}\n"));
    begin(out, "x : C");
    for (unsigned long i = 0; i < count; i++) {
        buf_format(out, "report y%lu : number = t(x).c%lu\n", i, i);
    }
    buf_add(out, STR("}\n"));
}

static void table_keys(struct buf *out, unsigned long count)
{
    buf_add(out, STR("choice C { a, b }\ntable t("));
    for (unsigned long i = 0; i < count; i++) {
        buf_format(out, "%sk%lu: C", i > 0 ? ", " : "", i);
    }
    buf_add(out, STR(") -> number {\n"));
    for (unsigned long row = 0; row < 1ul << count; row++) {
        for (unsigned long i = 0; i < count; i++) {
            buf_format(out, "%s%s", i > 0 ? ", " : "", row >> i & 1 ? "b" : "a");
        }
        buf_format(out, " => %lu\n", row);
    }
    buf_add(out, STR("}\n"));
    begin(out, "x : C");
    buf_add(out, STR("report y : number = t(x"));
    repeat(out, ", x", count - 1);
    buf_add(out, STR(")\n}\n"));
}

/* Two keys of texts: count combinations of 1024 by count / 1024, of which only some have a row. */
static void table_cells(struct buf *out, unsigned long count)
{
    buf_add(out, STR("table t(a: text, b: text) -> number {\n"));
    for (unsigned long i = 0; i < count; i++) {
        buf_format(out, "\"a%lu\", \"b%lu\" => %lu\n", i % 1024, i, i);
    }
    buf_add(out, STR("}\n"));
    begin(out, "x : text");
    buf_add(out, STR("report y : number = t(x, x)\n}\n"));
}

static void factors(struct buf *out, unsigned long count)
{
    begin(out, "x : number");
    for (unsigned long i = 0; i < count; i++) {
        buf_format(out, "factor f%lu : kgCO2e/kg = 1 kgCO2e/kg\n", i);
    }
    buf_add(out, STR("stage t : production {\n"));
    for (unsigned long i = 0; i < count; i++) {
        buf_format(out, "emit e%lu = mass * f%lu\n", i, i);
    }
    buf_add(out, STR("}\n}\n"));
}

static void factor_keys(struct buf *out, unsigned long count)
{
    begin(out, "x : text");
    buf_add(out, STR("factor f("));
    for (unsigned long i = 0; i < count; i++) {
        buf_format(out, "%sk%lu: text", i > 0 ? ", " : "", i);
    }
    buf_add(out, STR(") : kgCO2e/kg\nstage t : production { emit e = mass * f(x"));
    repeat(out, ", x", count - 1);
    buf_add(out, STR(") }\n}\n"));
}

static void list_depth(struct buf *out, unsigned long count)
{
    begin(out, "x : number");
    buf_add(out, STR("data { "));
    for (unsigned long i = 0; i < count; i++) {
        buf_format(out, "l%lu : list of { ", i);
    }
    buf_add(out, STR("n : number"));
    repeat(out, " }", count);
    buf_add(out, STR(" }\n}\n"));
}

/* The product, and lists visited inside one another; the innermost term needs all rows. */
static void axis_depth(struct buf *out, unsigned long count)
{
    begin(out, "l : list of { n : number }");
    buf_add(out, STR("report y : number = "));
    for (unsigned long i = 1; i < count; i++) {
        buf_format(out, "sum(x%lu in l: ", i);
    }
    buf_add(out, STR("1"));
    for (unsigned long i = 1; i < count; i++) {
        buf_format(out, " * x%lu.n", i);
    }
    repeat(out, ")", count - 1);
    buf_add(out, STR("\n}\n"));
}

static void range_rows(struct buf *out, unsigned long count)
{
    buf_format(out, "rule r {\ndeclared 1 kg\nboundary gate_to_gate\ndata { mass : kg, n : number range 0 .. %lu }\n",
               count);
    buf_add(out,
            STR("reference mass\nstage s : production { emit base = sum(i in 1 .. n: mass * 1 kgCO2e/kg / i) }\n}\n"));
}

static void exponent(struct buf *out, unsigned long count)
{
    begin(out, "x : s");
    buf_format(out, "report y : number = if x ^ %lu > 0 then 1 else 2\n}\n", count);
}

static void text_bytes(struct buf *out, unsigned long count)
{
    begin(out, "x : text");
    buf_add(out, STR("report y : number = if x == \""));
    repeat(out, "a", count);
    buf_add(out, STR("\" then 1 else 2\n}\n"));
}

/* Ranges of different lengths: an axis each, besides the constant one and the product's. */
static void axes(struct buf *out, unsigned long count)
{
    begin(out, "x : number");
    for (unsigned long i = 2; i < count; i++) {
        buf_format(out, "report r%lu : number = sum(i in 1 .. %lu: i * x)\n", i, i);
    }
    buf_add(out, STR("}\n"));
}

/* Terms of the cost: the constant one and one a list. */
static void cost_terms(struct buf *out, unsigned long count)
{
    begin(out, "x : number");
    buf_add(out, STR("data {\n"));
    for (unsigned long i = 1; i < count; i++) {
        buf_format(out, "l%lu : list of { n : number }\n", i);
    }
    buf_add(out, STR("}\n"));
    for (unsigned long i = 1; i < count; i++) {
        buf_format(out, "report r%lu : number = sum(a in l%lu: a.n)\n", i, i);
    }
    buf_add(out, STR("}\n"));
}

/* Functions that use the one before them twice: 2^count additions where the last is used. */
static void inlining(struct buf *out, unsigned long count)
{
    begin(out, "x : number");
    buf_add(out, STR("function f0(a) = a + x\n"));
    for (unsigned long i = 1; i <= count; i++) {
        buf_format(out, "function f%lu(a) = f%lu(a * %lu.5) + f%lu(a + %lu.25)\n", i, i - 1, i, i - 1, i);
    }
    buf_format(out, "report y : number = f%lu(x)\n}\n", count);
}

/* Functions that call one another. */
static void chain_of_functions(struct buf *out, unsigned long count)
{
    begin(out, "x : number");
    buf_add(out, STR("function f0(a) = a\n"));
    for (unsigned long i = 1; i <= count; i++) {
        buf_format(out, "function f%lu(a) = f%lu(a) + %lu\n", i, i - 1, i);
    }
    buf_format(out, "report y : number = f%lu(x)\n}\n", count);
}

/* Flows of nine instructions each, without anything to share. */
static void instructions(struct buf *out, unsigned long count)
{
    begin(out, "x : number");
    buf_add(out, STR("stage t : production {\n"));
    for (unsigned long i = 0; i < count; i++) {
        buf_format(out, "emit f%lu = (x * %lu.1 + x * %lu.2 + x * %lu.3) * 1 kgCO2e\n", i, i, i, i);
    }
    buf_add(out, STR("}\n}\n"));
}

static const struct bound bounds[] = {
    {"nesting of brackets",    nested_brackets,    198,   "E0120"},
    {"length of a sum",        long_sum,           199,   "E0120"},
    {"flows",                  flows,              8192,  "E0547"},
    {"stages",                 stages,             1024,  "E0547"},
    {"reports",                reports,            1024,  "E0547"},
    {"fields",                 fields,             4096,  "E0547"},
    {"members of a choice",    members,            4096,  "E0547"},
    {"choices",                choices,            1024,  "E0547"},
    {"tables",                 tables,             1024,  "E0547"},
    {"columns of a table",     table_columns,      256,   "E0547"},
    {"keys of a table",        table_keys,         3,     "E0402"},
    {"cells of a table",       table_cells,        1024,  "E0522"},
    {"factors",                factors,            1024,  "E0547"},
    {"keys of a factor",       factor_keys,        3,     "E0526"},
    {"lists inside lists",     list_depth,         3,     "E0525"},
    {"axes inside axes",       axis_depth,         4,     "E0509"},
    {"rows of a range",        range_rows,         10000, "E0514"},
    {"an exponent",            exponent,           12,    "E0328"},
    {"axes",                   axes,               256,   "E0510"},
    {"terms of the cost",      cost_terms,         32,    "E0571"},
    {"inlining",               inlining,           12,    "E0512"},
    {"functions in functions", chain_of_functions, 332,   "E0521"},
    {"instructions",           instructions,       5040,  "E0512"},
    {"bytes of a text",        text_bytes,         65535, "E0547"},
};

/* [NAME [NUMBER]]: all bounds; or one, at another number, to find where it lies */
void mode_limit(struct runner *runner, char **arguments, size_t count)
{
    for (size_t i = 0; i < countof(bounds); i++) {
        struct bound bound = bounds[i];
        bound.most = count > 1 ? strtoul(arguments[1], NULL, 10) : bound.most;
        if (count == 0 || str_eq(str_of(arguments[0]), str_of(bounds[i].name))) {
            check_bound(runner, &bound);
        }
    }
}

static void check_bound(struct runner *runner, const struct bound *bound)
{
    struct str at = first_code(runner, bound, bound->most);
    struct str past = first_code(runner, bound, bound->most + 1);
    if (at.len > 0) {
        runner_fail(runner, "%s: %lu should be allowed, and is refused: %.*s", bound->name, bound->most, STR_FMT(at));
    } else if (!str_starts(past, str_of(bound->code))) {
        runner_fail(runner, "%s: %lu should be refused with %s: %.*s", bound->name, bound->most + 1, bound->code,
                    STR_FMT(past.len > 0 ? past : STR("accepted")));
    } else {
        runner_pass(runner);
    }
}

/* Code and text of the first message; empty where there is none and the program can be written and is accepted by the
 * verifier. */
static struct str first_code(struct runner *runner, const struct bound *bound, unsigned long count)
{
    struct arena arena = {0};
    struct sources sources = sources_in(&arena);
    struct diags diags = diags_in(&arena);
    struct buf text = buf_in(&arena);
    struct str path = path_in(runner, runner->scratch, STR("limit.pcr"));
    bound->make(&text, count);
    file_write(runner, path, buf_str(&text));
    struct compiled *compiled = compile_file(&arena, &sources, path, &diags);
    struct str bytes, found = STR("");
    struct zuji_rule *rule = NULL;
    struct zuji_messages *messages = NULL;
    if (compiled->program != NULL && image_write(&arena, compiled->program, &bytes, &diags) &&
        zuji_load(bytes.at, bytes.len, &rule, &messages) != ZUJI_OK) {
        const struct zuji_message *first = zuji_messages_get(messages, 0);
        found = str_format(runner->arena, "%s %s (loading)", first->code, first->text[ZUJI_EN]);
    }
    zuji_messages_free(messages);
    zuji_rule_free(rule);
    if (diags.first != NULL) {
        found = str_format(runner->arena, "%s %.*s", diag_info(diags.first->code)->code,
                           STR_FMT(diag_message(&arena, diags.first, LANG_EN)));
    }
    arena_free(&arena);
    return found;
}
