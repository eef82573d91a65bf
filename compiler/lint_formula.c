/* Formulas that compile and seldom mean what they say (the traps that rules on paper fell into). */
#include "compiler/lint.h"

#include "base/decimal.h"
#include "compiler/walk.h"

struct formula { /* the declaration whose formulas are looked at */
    struct linter *linter;
    const struct decl *decl;
};

/* ---- what an expression is -------------------------------------------------------------------------------------- */

static bool is_literal(const struct expr *expr)
{
    return expr->kind == EXPR_NUMBER;
}

static bool is_plain_literal(const struct expr *expr)
{
    return is_literal(expr) && expr->as.number.unit_text.len == 0;
}

static bool is_digits(const struct expr *expr, const char *digits)
{
    return is_plain_literal(expr) && str_eq(expr->as.number.digits, str_of(digits));
}

static bool is_binary(const struct expr *expr, enum binary_op op)
{
    return expr->kind == EXPR_BINARY && expr->as.binary.op == op;
}

/* The field that the expression is, by itself. */
static const struct decl *field_of(const struct expr *expr)
{
    bool is_named = expr->ref.kind == REF_FIELD || (expr->ref.kind == REF_DECL && expr->kind == EXPR_NAME);
    return is_named && expr->ref.decl->kind == DECL_FIELD ? expr->ref.decl : NULL;
}

static bool is_percent(const struct decl *field)
{
    return field->type.kind == TYPE_NUMBER && str_eq(field->type.unit_spelled, STR("%"));
}

/* ---- per cent taken for numbers ---------------------------------------------------------------------------------- */

/* 0.1226 * f.fat: the field that is multiplied by a bare number. */
static const struct expr *percent_in_product(const struct expr *product)
{
    if (!is_binary(product, BINARY_MUL)) {
        return NULL;
    }
    const struct expr *sides[] = {product->as.binary.left, product->as.binary.right};
    for (size_t i = 0; i < countof(sides); i++) {
        const struct decl *field = field_of(sides[i]);
        if (field != NULL && is_percent(field) && is_plain_literal(sides[1 - i])) {
            return sides[i];
        }
    }
    return NULL;
}

static void lint_percent(const struct formula *formula, const struct expr *sum)
{
    struct linter *linter = formula->linter;
    const struct expr *sides[] = {sum->as.binary.left, sum->as.binary.right};
    for (size_t i = 0; i < countof(sides); i++) {
        const struct expr *percent = percent_in_product(sides[i]);
        if (percent != NULL) {
            struct diag *diag = lint_add(linter, D_LINT_PERCENT, formula->decl, percent->at,
                                         DIAG_ARGS(span_text(linter->checked->sources, percent->at)));
            if (diag != NULL) {
                struct str written = span_text(linter->checked->sources, percent->at);
                diag_note(linter->out, diag, T_LINT_PERCENT_NOTE, DIAG_ARGS(written));
            }
        }
    }
}

/* ---- means, texts, zeros ----------------------------------------------------------------------------------------- */

struct search {
    enum ref_kind kind;
    const void *what; /* BINDER: the comprehension; DECL: the declaration */
    bool is_found;
};

static void search_ref(void *context, struct expr *expr)
{
    struct search *search = context;
    const void *named = search->kind == REF_BINDER ? (const void *)expr->ref.binder : (const void *)expr->ref.decl;
    search->is_found = search->is_found || (expr->ref.kind == search->kind && named == search->what);
}

static bool mentions_row(struct expr *expr, const struct expr *comprehension)
{
    struct search search = {REF_BINDER, comprehension, false};
    expr_walk(expr, search_ref, &search);
    return search.is_found;
}

static void lint_mean(const struct formula *formula, struct expr *expr)
{
    struct expr *body = expr->as.comprehension.body;
    bool is_mean = expr->ref.kind == REF_PREDEFINED && expr->ref.index == PREDEFINED_MEAN;
    if (is_mean && body != NULL && is_binary(body, BINARY_DIV) && mentions_row(body->as.binary.right, expr)) {
        lint_add(formula->linter, D_LINT_MEAN_OF_QUOTIENTS, formula->decl, body->at, NULL, 0);
    }
}

static void lint_text_compared(const struct formula *formula, const struct expr *equality)
{
    const struct expr *sides[] = {equality->as.binary.left, equality->as.binary.right};
    for (size_t i = 0; i < countof(sides); i++) {
        const struct decl *field = field_of(sides[i]);
        if (field != NULL && field->type.kind == TYPE_TEXT && sides[1 - i]->kind == EXPR_TEXT) {
            struct diag *diag = lint_add(formula->linter, D_LINT_TEXT_COMPARED, formula->decl, equality->at,
                                         DIAG_ARGS(field->name.text, sides[1 - i]->as.text));
            if (diag != NULL) {
                diag_label(formula->linter->out, diag, field->name.at, T_HERE, NULL, 0);
            }
        }
    }
}

static void lint_zero(const struct formula *formula, const struct expr *product)
{
    const struct expr *sides[] = {product->as.binary.left, product->as.binary.right};
    for (size_t i = 0; i < countof(sides); i++) {
        if (formula->decl->kind == DECL_EMIT && is_literal(sides[i]) && number_is_zero(sides[i])) {
            lint_add(formula->linter, D_LINT_TIMES_ZERO, formula->decl, sides[i]->at, NULL, 0);
        }
    }
}

static void lint_default(const struct formula *formula, const struct expr *expr)
{
    const struct expr *fallback = expr->as.defaulted.fallback;
    if (is_literal(fallback) && number_is_zero(fallback)) {
        lint_add(formula->linter, D_LINT_DEFAULT_ZERO, formula->decl, fallback->at, NULL, 0);
    }
}

/* ---- ratios ------------------------------------------------------------------------------------------------------ */

/* x * 44 / 12 is (x * 44) / 12: the literal that stands before the sign. */
static const struct expr *literal_before(const struct expr *quotient)
{
    const struct expr *left = quotient->as.binary.left;
    return is_binary(left, BINARY_MUL) ? left->as.binary.right : left;
}

static void lint_molar(const struct formula *formula, const struct expr *quotient)
{
    static const struct {
        const char *mass, *of, *tags;
    } ratios[] = {
        {"44", "12", "44 kg{CO2} / 12 kg{C}"    },
        {"44", "28", "44 kg{N2O} / 28 kg{N2O_N}"},
        {"16", "12", "16 kg{CH4} / 12 kg{C}"    },
    };
    const struct expr *first = literal_before(quotient);
    for (size_t i = 0; i < countof(ratios); i++) {
        if (is_digits(first, ratios[i].mass) && is_digits(quotient->as.binary.right, ratios[i].of)) {
            struct span at = span_join(first->at, quotient->as.binary.right->at);
            struct diag *diag = lint_add(formula->linter, D_LINT_MOLAR, formula->decl, at,
                                         DIAG_ARGS(str_of(ratios[i].mass), str_of(ratios[i].of)));
            if (diag != NULL) {
                diag_note(formula->linter->out, diag, T_LINT_MOLAR_NOTE, DIAG_ARGS(str_of(ratios[i].tags)));
            }
        }
    }
}

/* ---- warming potentials ------------------------------------------------------------------------------------------ */

/* Is it an amount of CO2e for a mass, of whatever (tagged or not)? */
static bool is_per_mass(const struct linter *linter, const struct expr *literal)
{
    struct str text = literal->as.number.unit_text;
    struct buf untagged = buf_in(linter->arena);
    bool is_inside = false;
    for (size_t i = 0; i < text.len; i++) {
        is_inside = is_inside || text.at[i] == '{';
        if (!is_inside) {
            buf_char(&untagged, text.at[i]);
        }
        is_inside = is_inside && text.at[i] != '}';
    }
    struct unit unit;
    struct unit per_mass;
    const struct unit_system *units = linter->compiled->checked->units;
    return unit_parse_known(units, buf_str(&untagged), &unit).error == UNIT_OK &&
           unit_parse_known(units, STR("kgCO2e/kg"), &per_mass).error == UNIT_OK && kind_eq(unit.kind, per_mass.kind);
}

/* The warming potential of a common gas, typed: the set that the rule names is not asked for it. */
static void lint_typed_gwp(const struct formula *formula, const struct expr *literal)
{
    static const struct {
        const char *value, *gas;
    } potentials[] = {
        {"21",   "CH4"         },
        {"23",   "CH4"         },
        {"25",   "CH4"         },
        {"28",   "CH4"         },
        {"27.9", "CH4"         },
        {"29.8", "CH4_fossil"  },
        {"27",   "CH4_biogenic"},
        {"310",  "N2O"         },
        {"296",  "N2O"         },
        {"298",  "N2O"         },
        {"265",  "N2O"         },
        {"273",  "N2O"         },
    };
    struct linter *linter = formula->linter;
    struct rat value = lint_literal_value(linter->arena, literal);
    for (size_t i = 0; i < countof(potentials); i++) {
        struct rat potential = RAT_ZERO;
        (void)decimal_to_rat(linter->arena, str_of(potentials[i].value), &potential);
        if (rat_eq(value, potential) && is_per_mass(linter, literal)) {
            struct str text = span_text(linter->compiled->checked->sources, literal->at);
            struct diag *diag = lint_add(linter, D_LINT_TYPED_GWP, formula->decl, literal->at,
                                         DIAG_ARGS(text, str_of(potentials[i].gas)));
            if (diag != NULL) {
                diag_note(linter->out, diag, T_LINT_GWP_NOTE, NULL, 0);
            }
            return;
        }
    }
}

static bool holds(struct str text, const char *const *words, size_t count)
{
    for (size_t w = 0; w < count; w++) {
        struct str word = str_of(words[w]);
        for (size_t i = 0; i + word.len <= text.len; i++) {
            if (str_eq(str_slice(text, i, i + word.len), word)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_loss(struct str name)
{
    static const char *const words[] = {"loss", "线损", "损失", "损耗"};
    return holds(name, words, countof(words));
}

static bool is_ratio_of_two_things(struct str name)
{
    static const char *const words[] = {"efficiency", "yield", "效率", "收率", "良品率", "成品率", "得率"};
    return is_loss(name) || holds(name, words, countof(words));
}

/* A yield divides as well as it multiplies: only tags tell which is meant. */
static void lint_ratio(struct linter *linter, const struct decl *field)
{
    bool is_plain = field->type.kind == TYPE_NUMBER && field->type.unit.kind.count == 0;
    if (is_plain && is_ratio_of_two_things(field->name.text)) {
        lint_add(linter, D_LINT_UNTAGGED_RATIO, field, field->name.at, DIAG_ARGS(field->name.text));
    }
}

struct names_found {
    bool has_loss, has_electricity;
};

static void find_names(void *context, struct expr *expr)
{
    struct names_found *found = context;
    bool is_decl = expr->ref.kind == REF_DECL || expr->ref.kind == REF_FIELD;
    if (is_decl) {
        found->has_loss = found->has_loss || is_loss(expr->ref.decl->name.text);
        found->has_electricity =
            found->has_electricity || (expr->kind == EXPR_CALL && expr->ref.decl->module != NULL &&
                                       str_eq(expr->ref.decl->module->name, STR("std.electricity")));
    }
}

/* A life-cycle factor of electricity holds the losses of the grid already. */
static void lint_loss(const struct formula *formula, struct expr *product)
{
    struct expr *sides[] = {product->as.binary.left, product->as.binary.right};
    struct names_found found[2] = {0};
    for (size_t i = 0; i < countof(sides); i++) {
        expr_walk(sides[i], find_names, &found[i]);
    }
    for (size_t i = 0; i < countof(sides); i++) {
        bool is_meant = found[i].has_electricity && !found[i].has_loss && found[1 - i].has_loss;
        if (is_meant && !found[1 - i].has_electricity) {
            lint_add(formula->linter, D_LINT_LOSS_TWICE, formula->decl, sides[1 - i]->at, NULL, 0);
        }
    }
}

/* ---- all of a formula -------------------------------------------------------------------------------------------- */

static void lint_binary(const struct formula *formula, struct expr *expr)
{
    switch (expr->as.binary.op) {
    case BINARY_ADD:
    case BINARY_SUB:
        lint_percent(formula, expr);
        return;
    case BINARY_MUL:
        lint_zero(formula, expr);
        lint_loss(formula, expr);
        return;
    case BINARY_DIV:
        lint_molar(formula, expr);
        lint_loss(formula, expr);
        return;
    case BINARY_EQ:
    case BINARY_NE:
        lint_text_compared(formula, expr);
        return;
    case BINARY_POW:
    case BINARY_LT:
    case BINARY_LE:
    case BINARY_GT:
    case BINARY_GE:
    case BINARY_AND:
    case BINARY_OR:
        return;
    }
}

/* ---- ranges ------------------------------------------------------------------------------------------------------ */

/* A number as such, written here or as the constant named. */
static bool literal_value(struct linter *linter, const struct expr *expr, struct rat *value)
{
    bool is_let = expr->kind == EXPR_NAME && expr->ref.kind == REF_DECL && expr->ref.decl->kind == DECL_LET;
    if (is_let && expr->ref.decl->as.let.value != NULL) {
        expr = expr->ref.decl->as.let.value;
    }
    return is_plain_literal(expr) && decimal_to_rat(linter->arena, expr->as.number.digits, value);
}

/* `1 .. 2.5` runs over 1 and 2, and `3 .. 1` over nothing. */
static void lint_range(const struct formula *formula, const struct expr *range)
{
    struct linter *linter = formula->linter;
    const struct expr *ends[] = {range->as.range.first, range->as.range.last};
    static const enum rounding inwards[] = {ROUND_CEIL, ROUND_FLOOR};
    struct rat value[2], whole[2];
    bool is_known[2];
    for (size_t i = 0; i < countof(ends); i++) {
        is_known[i] = literal_value(linter, ends[i], &value[i]);
        whole[i] = is_known[i] ? rat_round(linter->arena, value[i], RAT_ONE, inwards[i]) : RAT_ZERO;
    }
    if (is_known[0] && is_known[1] && rat_cmp(linter->arena, whole[0], whole[1]) > 0) {
        lint_add(linter, D_LINT_RANGE_EMPTY, formula->decl, range->at, NULL, 0);
        return;
    }
    for (size_t i = 0; i < countof(ends); i++) {
        if (is_known[i] && !rat_eq(value[i], whole[i])) {
            struct str written = span_text(linter->checked->sources, ends[i]->at);
            lint_add(linter, D_LINT_RANGE_END, formula->decl, ends[i]->at,
                     DIAG_ARGS(written, rat_text(linter->arena, whole[i])));
        }
    }
}

static void lint_expr(void *context, struct expr *expr)
{
    const struct formula *formula = context;
    if (is_literal(expr) && expr->as.number.unit_text.len > 0) {
        lint_typed_gwp(formula, expr);
    } else if (expr->kind == EXPR_BINARY) {
        lint_binary(formula, expr);
    } else if (expr->kind == EXPR_COMPREHENSION) {
        lint_mean(formula, expr);
        if (expr->as.comprehension.source->kind == EXPR_RANGE) {
            lint_range(formula, expr->as.comprehension.source);
        }
    } else if (expr->kind == EXPR_DEFAULT) {
        lint_default(formula, expr);
    }
}

static void lint_walked(void *context, struct expr *expr)
{
    expr_walk(expr, lint_expr, context);
}

static bool is_list(const struct decl *field)
{
    return field->as.field.type != NULL && field->as.field.type->kind == TYPE_REF_LIST;
}

/* An absent list counts as empty, and its emission as none. */
static void lint_field(struct linter *linter, const struct decl *field)
{
    if (is_list(field) && field->attributes.is_optional && field->is_used) {
        lint_add(linter, D_LINT_OPTIONAL_LIST, field, field->name.at, DIAG_ARGS(field->name.text));
    } else if (!is_list(field)) {
        lint_ratio(linter, field);
    }
}

static void lint_decl(void *context, struct decl *decl)
{
    struct formula formula = {context, decl};
    if (decl->kind == DECL_EXPECT) {
        return; /* what should come out may be anything */
    }
    decl_each_expr(decl, lint_walked, &formula);
    if (decl->kind == DECL_FIELD) {
        lint_field(context, decl);
    }
}

void lint_formulas(struct linter *linter)
{
    decls_walk(linter->module->items, lint_decl, linter);
}
