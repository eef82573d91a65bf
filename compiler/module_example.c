/* An example of a module as a rule of its own: what it expects are reports, the literals among the arguments data with
   defaults. So both engines compute the functions from values that they do not know beforehand, as in a rule, and
   nothing is left of them when the program is made. */
#include "compiler/compile.h"
#include "compiler/walk.h"

struct making {
    struct arena *arena;
    const struct checked *checked;
    const struct decl *example;
    struct decl *rule;
    struct decl *data;    /* holds the fields */
    struct decl **fields; /* where the next one goes */
    struct decl **items;
    size_t count; /* of fields and reports: names them */
};

static struct compiled *compile_example(const struct checked *checked, const struct decl *example, struct diags *out);

void lower_module_examples(struct compiled *compiled, struct diags *out)
{
    const struct checked *checked = compiled->checked;
    const struct decl *items = checked->modules[checked->module_count - 1]->items;
    size_t count = 0;
    for (const struct decl *item = items; item != NULL; item = item->next) {
        count += item->kind == DECL_EXAMPLE;
    }
    compiled->of_module = arena_array(checked->perm, struct compiled *, count);
    for (const struct decl *item = items; item != NULL; item = item->next) {
        if (item->kind == DECL_EXAMPLE) {
            compiled->of_module[compiled->of_module_count++] = compile_example(checked, item, out);
        }
    }
}

/* ---- pieces of the tree ------------------------------------------------------------------------------------------ */

static struct decl *new_decl(struct making *making, enum decl_kind kind, struct decl *parent)
{
    struct decl *decl = arena_new(making->arena, struct decl);
    decl->kind = kind;
    decl->at = making->example->at;
    decl->module = making->example->module;
    decl->parent = parent;
    decl->name.at = decl->at;
    return decl;
}

static void add_item(struct making *making, struct decl *item)
{
    *making->items = item;
    making->items = &item->next;
}

static struct str next_name(struct making *making)
{
    return str_format(making->arena, "%zu", ++making->count);
}

static struct expr *new_number(struct making *making, struct span at, size_t number, struct unit unit)
{
    struct expr *expr = arena_new(making->arena, struct expr);
    expr->kind = EXPR_NUMBER;
    expr->at = at;
    expr->type = (struct type){.kind = TYPE_NUMBER, .unit = unit};
    expr->as.number.digits = str_format(making->arena, "%zu", number);
    expr->as.number.unit = unit;
    expr->as.number.unit_text = STR("1"); /* not a zero whose unit has to be found */
    return expr;
}

/* ---- arguments ----------------------------------------------------------------------------------------------------
 */

static bool is_literal(const struct expr *expr)
{
    switch (expr->type.kind) {
    case TYPE_NUMBER:
    case TYPE_YEAR:
        return expr->kind == EXPR_NUMBER;
    case TYPE_TEXT:
    case TYPE_REGION:
        return expr->kind == EXPR_TEXT;
    case TYPE_DATE:
        return expr->kind == EXPR_DATE;
    case TYPE_CHOICE:
        return expr->ref.kind == REF_MEMBER;
    case TYPE_BOOL:
        return expr->ref.kind == REF_PREDEFINED && expr->kind == EXPR_NAME;
    case TYPE_ERROR:
    case TYPE_ROW:
    case TYPE_LIST:
        break;
    }
    return false;
}

static bool has_order(enum type_kind kind)
{
    return kind == TYPE_NUMBER || kind == TYPE_YEAR || kind == TYPE_DATE;
}

/* A datum that is not given, whose default is the literal, and which can be nothing else. */
static struct expr *as_datum(struct making *making, struct expr *literal)
{
    struct decl *field = new_decl(making, DECL_FIELD, making->data);
    field->at = literal->at;
    field->name = (struct name){next_name(making), literal->at};
    field->type = literal->type;
    if (literal->type.kind == TYPE_NUMBER) {
        field->type.unit = literal->as.number.unit;
    }
    field->attributes.initial = literal;
    if (has_order(field->type.kind)) {
        field->attributes.range_first = field->attributes.range_last = literal;
    }
    *making->fields = field;
    making->fields = &field->next;
    struct expr *name = arena_new(making->arena, struct expr);
    *name = (struct expr){.kind = EXPR_NAME, .at = literal->at, .type = field->type, .depth = 1};
    name->ref = (struct ref){.kind = REF_DECL, .decl = field};
    name->as.name = field->name;
    return name;
}

/* gwp(G) and the modes of rounding are chosen where the rule is compiled; a power has its exponent. */
static bool takes_data(const struct expr *call)
{
    return call->kind == EXPR_CALL && call->ref.kind == REF_DECL;
}

static struct expr *computed(struct making *making, struct expr *expr);

/* The same expression, with data in place of the literals among the arguments of its calls. */
static struct expr *with_data(struct making *making, struct expr *expr)
{
    bool is_arithmetic = expr->kind == EXPR_BINARY && expr->as.binary.op <= BINARY_DIV;
    if (!takes_data(expr) && !is_arithmetic) {
        return expr;
    }
    struct expr *copy = arena_new(making->arena, struct expr);
    *copy = *expr;
    if (is_arithmetic) {
        copy->as.binary.left = computed(making, expr->as.binary.left);
        copy->as.binary.right = computed(making, expr->as.binary.right);
        return copy;
    }
    struct arg **end = &copy->as.call.args;
    for (const struct arg *arg = expr->as.call.args; arg != NULL; arg = arg->next) {
        struct arg *made = arena_new(making->arena, struct arg);
        *made = *arg;
        made->value = is_literal(arg->value) ? as_datum(making, arg->value) : with_data(making, arg->value);
        *end = made;
        end = &made->next;
    }
    return copy;
}

/* The same for `f(x).column`. */
static struct expr *computed(struct making *making, struct expr *expr)
{
    if (expr->kind != EXPR_MEMBER || expr->ref.kind != REF_COLUMN) {
        return with_data(making, expr);
    }
    struct expr *copy = arena_new(making->arena, struct expr);
    *copy = *expr;
    copy->as.member.operand = computed(making, expr->as.member.operand);
    return copy;
}

/* ---- expectations -------------------------------------------------------------------------------------------------
 */

/* A bool or a member as a number: 1 where it is true; which member it is. */
static struct expr *as_number(struct making *making, struct expr *value)
{
    struct expr *number = arena_new(making->arena, struct expr);
    *number = (struct expr){
        .at = value->at, .type = {.kind = TYPE_NUMBER, .unit = UNIT_ONE},
             .depth = value->depth
    };
    if (value->type.kind == TYPE_BOOL) {
        number->kind = EXPR_IF;
        number->as.conditional.condition = value;
        number->as.conditional.then = new_number(making, value->at, 1, UNIT_ONE);
        number->as.conditional.otherwise = new_number(making, value->at, 0, UNIT_ONE);
        return number;
    }
    number->kind = EXPR_MATCH;
    number->as.match.subject = value;
    struct arm **end = &number->as.match.arms;
    for (const struct decl *member = value->type.decl->as.choice.members; member != NULL; member = member->next) {
        struct pattern *pattern = arena_new(making->arena, struct pattern);
        *pattern =
            (struct pattern){.kind = PATTERN_NAME, .at = value->at, .name = member->name, .member = member->index};
        struct arm *arm = arena_new(making->arena, struct arm);
        *arm = (struct arm){value->at, pattern, new_number(making, value->at, member->index, UNIT_ONE), NULL};
        *end = arm;
        end = &arm->next;
    }
    return number;
}

/* In the unit in which the expected number is written. */
static struct unit expected_unit(const struct decl *expect)
{
    const struct expr *value = expect->as.expect.value;
    return value->kind == EXPR_NUMBER ? value->as.number.unit : expect->type.unit;
}

/* Its expression as written; with a number where another is the same. */
static struct str report_name(struct making *making, const struct decl *expect)
{
    struct str written = span_text(making->checked->sources, expect->as.expect.path->at);
    for (const struct decl *item = making->rule->as.rule.items; item != NULL; item = item->next) {
        if (item->kind == DECL_REPORT && str_eq(item->name.text, written)) {
            return str_format(making->arena, "%.*s (%.*s)", STR_FMT(written), STR_FMT(next_name(making)));
        }
    }
    return written;
}

static struct decl *add_report(struct making *making, const struct decl *expect)
{
    struct decl *report = new_decl(making, DECL_REPORT, making->rule);
    bool is_number = expect->type.kind == TYPE_NUMBER;
    struct expr *value = computed(making, expect->as.expect.path);
    report->at = expect->at;
    report->name = (struct name){report_name(making, expect), expect->at};
    report->type = (struct type){.kind = TYPE_NUMBER, .unit = is_number ? expected_unit(expect) : UNIT_ONE};
    report->as.report.value = is_number ? value : as_number(making, value);
    add_item(making, report);
    return report;
}

static struct decl *make_expect(struct making *making, const struct decl *from, struct decl *example)
{
    struct decl *expect = new_decl(making, DECL_EXPECT, example);
    struct expr *value = from->as.expect.value;
    struct expr *path = arena_new(making->arena, struct expr);
    *path = (struct expr){.kind = EXPR_NAME, .at = from->as.expect.path->at, .depth = 1};
    path->ref = (struct ref){.kind = REF_DECL, .decl = add_report(making, from)};
    expect->at = from->at;
    expect->type = from->type;
    expect->as.expect.path = path;
    expect->as.expect.value = from->type.kind == TYPE_NUMBER ? value : as_number(making, value);
    expect->as.expect.within = from->as.expect.within;
    return expect;
}

/* ---- the rule -----------------------------------------------------------------------------------------------------
 */

static void add_gwp(struct making *making)
{
    if (making->example->as.example.gwp.text.len == 0) {
        return;
    }
    struct decl *header = new_decl(making, DECL_HEADER, making->rule);
    header->as.header.kind = HEADER_GWP;
    header->as.header.names = arena_new(making->arena, struct name_list);
    header->as.header.names->name = making->example->as.example.gwp;
    add_item(making, header);
}

/* Every program emits something. */
static void add_stage(struct making *making)
{
    struct unit co2e = UNIT_ONE;
    unit_parse(making->checked->units, STR("kgCO2e"), &co2e);
    struct decl *stage = new_decl(making, DECL_STAGE, making->rule);
    struct decl *emit = new_decl(making, DECL_EMIT, stage);
    stage->name.text = emit->name.text = STR("nothing");
    emit->as.emit.value = new_number(making, emit->at, 0, co2e);
    stage->as.stage.items = emit;
    add_item(making, stage);
}

static void add_example(struct making *making)
{
    struct decl *example = new_decl(making, DECL_EXAMPLE, making->rule);
    struct decl **end = &example->as.example.expects;
    example->texts = making->example->texts;
    example->as.example.factors = making->example->as.example.factors;
    for (const struct decl *from = making->example->as.example.expects; from != NULL; from = from->next) {
        *end = make_expect(making, from, example);
        end = &(*end)->next;
    }
    add_item(making, example);
}

static struct decl *make_rule(struct making *making)
{
    making->rule = new_decl(making, DECL_RULE, NULL);
    making->rule->name.text = STR("example");
    making->items = &making->rule->as.rule.items;
    making->data = new_decl(making, DECL_DATA, making->rule);
    making->fields = &making->data->as.data.fields;
    add_item(making, making->data);
    add_gwp(making);
    add_stage(making);
    add_example(making);
    return making->rule;
}

/* What expectations of a module have beside those of a rule. */
static void describe(struct example *example, const struct checked *checked, const struct decl *from)
{
    struct expectation *expectation = example->expects;
    for (from = from->as.example.expects; from != NULL; from = from->next) {
        expectation->written = span_text(checked->sources, from->as.expect.path->at);
        expectation->choice = from->type.kind == TYPE_CHOICE ? from->type.decl : NULL;
        expectation->is_bool = from->type.kind == TYPE_BOOL;
        expectation++;
    }
}

static struct compiled *compile_example(const struct checked *checked, const struct decl *example, struct diags *out)
{
    struct making making = {.arena = checked->perm, .checked = checked, .example = example};
    struct compiled *compiled = arena_new(checked->perm, struct compiled);
    compiled->checked = arena_new(checked->perm, struct checked);
    *compiled->checked = *checked;
    compiled->checked->rule = make_rule(&making);
    compiled->checked->example = example;
    compiled->checked->lifecycle = compiled->checked->boundary = NULL;
    compiled->program = lower(compiled->checked, compiled, out);
    if (compiled->program != NULL) {
        describe(compiled->examples, checked, example);
    }
    return compiled;
}
