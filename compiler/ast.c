#include "compiler/ast_make.h"

#include <string.h>

#include "compiler/syntax_error.h"
#include "grammar/keywords.h"
#include "grammar/lexer.h"

/* --- lists ----------------------------------------------------------------------------------------------------- */

#define APPEND(list, item)                                                                                             \
    do {                                                                                                               \
        if ((list).last == NULL) {                                                                                     \
            (list).first = (item);                                                                                     \
        } else {                                                                                                       \
            (list).last->next = (item);                                                                                \
        }                                                                                                              \
        (list).last = (item);                                                                                          \
    } while (0)

void parser_note(struct parser *p, enum role_kind kind, struct span at)
{
    struct roles *roles = p->roles;
    if (roles != NULL && at.len > 0) {
        arena_grow(roles->arena, roles->items, roles->count, roles->cap);
        roles->items[roles->count++] = (struct role){.kind = kind, .at = at};
    }
}

void parser_note_word(struct parser *p, int category, struct name word)
{
    if (p->roles != NULL && word.at.len > 0) {
        parser_note(p, ROLE_WORD, word.at);
        p->roles->items[p->roles->count - 1].category = category;
    }
}

struct name make_name(struct span at, struct str text)
{
    return (struct name){text, at};
}

struct name_lists make_name_list(struct parser *p, struct name name)
{
    return add_name(p, (struct name_lists){NULL, NULL}, name);
}

struct name_lists add_name(struct parser *p, struct name_lists list, struct name name)
{
    struct name_list *item = arena_new(p->perm, struct name_list);
    item->name = name;
    APPEND(list, item);
    return list;
}

struct decls add_decl(struct decls list, struct decl *decl)
{
    APPEND(list, decl);
    return list;
}

struct decls add_entry(struct parser *p, struct decls list, struct decl *decl)
{
    check_separated(p, decl->at, ",");
    return add_decl(list, decl);
}

struct patterns add_pattern(struct patterns list, struct pattern *pattern)
{
    APPEND(list, pattern);
    return list;
}

struct targets add_target(struct parser *p, struct targets list, struct name stage, const struct name *process)
{
    struct target *target = arena_new(p->perm, struct target);
    target->stage = stage;
    if (process != NULL) {
        target->process = *process;
    }
    APPEND(list, target);
    return list;
}

struct cells add_cell(struct cells list, struct cell *cell)
{
    APPEND(list, cell);
    return list;
}

struct args add_arg(struct args list, struct arg *arg)
{
    APPEND(list, arg);
    return list;
}

struct arms add_arm(struct parser *p, struct arms list, struct span at, struct arm *arm)
{
    check_separated(p, at, ",");
    APPEND(list, arm);
    return list;
}

struct aliases add_alias(struct parser *p, struct aliases list, struct name first, struct name other)
{
    struct alias *alias = arena_new(p->perm, struct alias);
    check_separated(p, first.at, ",");
    alias->first = first;
    alias->other = other;
    APPEND(list, alias);
    return list;
}

struct table_rows add_row(struct parser *p, struct table_rows list, struct span at, struct table_row *row)
{
    check_separated(p, at, ";");
    APPEND(list, row);
    return list;
}

/* `red => 1 green => 2`: the key of the next row was read as a unit. Gives that number, NULL where it is none. */
static struct expr *swallowed_key(struct parser *p, const struct table_rows *list, struct span arrow)
{
    const struct cell *cell = list->last == NULL ? NULL : list->last->cells;
    while (cell != NULL && cell->next != NULL) {
        cell = cell->next;
    }
    struct expr *number = cell == NULL ? NULL : cell->value;
    if (number == NULL || number->kind != EXPR_NUMBER || number->as.number.unit_text.len == 0) {
        return NULL;
    }
    struct span unit = number->as.number.unit_at;
    struct span between = {unit.file, unit.off + unit.len, arrow.off - unit.off - unit.len};
    struct str blanks = span_text(p->sources, between);
    return memchr(blanks.at, '\n', blanks.len) == NULL ? number : NULL;
}

static void report_swallowed_key(struct parser *p, struct expr *number)
{
    struct span unit = number->as.number.unit_at;
    struct span before = {unit.file, unit.off, 0};
    struct diag *diag = diag_add(p->out, D_MISSING_SEMICOLON, unit, &number->as.number.unit_text, 1);
    diag_note(p->out, diag, T_UNIT_LINE, NULL, 0);
    diag_fix(p->out, diag, before, STR("; "), T_INSERT_SEMICOLON, NULL, 0)->is_applicable = true;
    number->kind = EXPR_ERROR;
}

struct table_rows set_matrix(struct parser *p, struct table_rows list, struct span at, struct patterns values)
{
    struct expr *number = swallowed_key(p, &list, at);
    if (number != NULL) {
        report_swallowed_key(p, number);
        return list;
    }
    if (list.first != NULL || list.matrix != NULL) {
        diag_add(p->out, D_MATRIX_LINE, at, NULL, 0);
        return list;
    }
    list.matrix = values.first;
    return list;
}

/* --- types ---------------------------------------------------------------------------------------------------------
 */

static bool is_word(struct str text)
{
    static const char *const JOINTS[] = {"/", "·", "(", "{", "%", "‰", "°", "℃", "℉"};
    for (size_t i = 0; i < text.len; i++) {
        for (size_t j = 0; j < countof(JOINTS); j++) {
            if (str_starts(str_slice(text, i, text.len), str_of(JOINTS[j]))) {
                return false;
            }
        }
    }
    return text.len > 0;
}

struct type_ref *make_unit_type(struct parser *p, struct span at)
{
    struct type_ref *type = arena_new(p->perm, struct type_ref);
    type->at = at;
    type->text = unit_text_clean(p->perm, span_text(p->sources, at));
    type->kind = is_word(type->text) ? TYPE_REF_NAME : TYPE_REF_UNIT;
    parser_note(p, ROLE_UNIT, at);
    return type;
}

struct type_ref *make_path_type(struct parser *p, struct span at, struct name_lists path)
{
    struct type_ref *type = arena_new(p->perm, struct type_ref);
    type->kind = TYPE_REF_NAME;
    type->at = at;
    type->text = unit_text_clean(p->perm, span_text(p->sources, at));
    type->path = path.first;
    return type;
}

struct type_ref *make_list_type(struct parser *p, struct span at, struct name row, struct decls fields)
{
    struct type_ref *type = arena_new(p->perm, struct type_ref);
    type->kind = TYPE_REF_LIST;
    type->at = at;
    type->row = row;
    type->fields = fields.first;
    return type;
}

/* --- expressions ---------------------------------------------------------------------------------------------------
 */

static struct expr *new_expr(struct parser *p, struct span at, enum expr_kind kind)
{
    struct expr *expr = arena_new(p->perm, struct expr);
    expr->kind = kind;
    expr->at = at;
    expr->depth = 1;
    return expr;
}

/* Makes the expression deeper than its part; beyond the limit it becomes an error. */
static void contain(struct parser *p, struct expr *expr, const struct expr *part)
{
    if (part == NULL || part->depth < expr->depth) {
        return;
    }
    if (part->depth >= AST_DEPTH_MAX) {
        syntax_report_depth(p, expr->at);
        *expr = (struct expr){.kind = EXPR_ERROR, .at = expr->at, .depth = 1};
        return;
    }
    expr->depth = (uint16_t)(part->depth + 1);
}

struct expr *make_error_expr(struct parser *p, struct span at)
{
    return new_expr(p, at, EXPR_ERROR);
}

struct expr *make_number(struct parser *p, struct span at, const struct number *number)
{
    struct expr *expr = new_expr(p, at, EXPR_NUMBER);
    expr->as.number.digits = number->digits;
    expr->as.number.unit_text = number->unit_text;
    expr->as.number.unit_at = number->unit_at;
    return expr;
}

struct expr *make_negative(struct parser *p, struct span at, struct expr *number)
{
    struct str digits = number->as.number.digits;
    number->at = at;
    number->as.number.digits = str_format(p->perm, "-%.*s", STR_FMT(digits));
    return number;
}

struct expr *make_text(struct parser *p, struct span at, enum expr_kind kind, struct str text)
{
    struct expr *expr = new_expr(p, at, kind);
    expr->as.text = text;
    return expr;
}

struct expr *make_name_expr(struct parser *p, struct span at, struct name name)
{
    struct expr *expr = new_expr(p, at, EXPR_NAME);
    expr->as.name = name;
    parser_note(p, ROLE_VALUE, name.at);
    return expr;
}

struct expr *make_member_of(struct parser *p, struct span at, struct expr *operand, struct name name)
{
    struct expr *expr = new_expr(p, at, EXPR_MEMBER);
    expr->as.member.operand = operand;
    expr->as.member.name = name;
    if (operand->kind == EXPR_NAME) {
        parser_note(p, ROLE_NAME, operand->as.name.at); /* nothing predefined has members */
    }
    contain(p, expr, operand);
    return expr;
}

struct expr *make_parenthesised(struct parser *p, struct span at, struct expr *inner)
{
    (void)p;
    inner->at = at;
    inner->is_parenthesised = true;
    if (inner->kind == EXPR_NUMBER) {
        inner->as.number.is_parenthesised = true;
    }
    return inner;
}

struct arg *make_arg(struct parser *p, struct name name, struct expr *value)
{
    struct arg *arg = arena_new(p->perm, struct arg);
    arg->name = name;
    arg->value = value;
    return arg;
}

static bool is_mode(const struct expr *value)
{
    enum rounding mode;
    return value->kind == EXPR_NAME && rounding_lookup(value->as.name.text, &mode);
}

struct expr *make_call(struct parser *p, struct span at, struct name callee, struct args args)
{
    struct expr *expr = new_expr(p, at, EXPR_CALL);
    expr->as.call.callee = callee;
    expr->as.call.args = args.first;
    parser_note(p, ROLE_CALLEE, callee.at);
    for (const struct arg *arg = args.first; arg != NULL; arg = arg->next) {
        contain(p, expr, arg->value);
        bool is_last = arg != args.first && arg->next == NULL; /* of a step that has such a name fmt takes care */
        if ((is_last || arg->name.text.len > 0) && is_mode(arg->value) &&
            predefined_lookup(callee.text) == PREDEFINED_ROUNDED) {
            parser_note(p, ROLE_ROUNDING, arg->value->at);
        }
    }
    return expr;
}

static void set_tie(struct parser *p, struct expr *expr, const struct name *tie)
{
    if (tie == NULL) {
        return;
    }
    if (!word_is_known(WORDS_TIE, tie->text)) {
        struct diag *diag = diag_add(p->out, D_UNKNOWN_TIE, tie->at, &tie->text, 1);
        struct str words[2] = {STR("first"), STR("last")};
        struct str chinese[2] = {STR("首位"), STR("末位")};
        for (int i = 0; i < 2; i++) {
            struct str word = p->lang == LANG_ZH ? chinese[i] : words[i];
            diag_fix(p->out, diag, tie->at, word, T_FIX_REPLACE, &word, 1);
        }
    }
    parser_note_word(p, WORDS_TIE, *tie);
    expr->as.comprehension.tie = *tie;
    expr->as.comprehension.is_last = str_eq(word_canonical(WORDS_TIE, tie->text), STR("last"));
}

struct expr *make_comprehension(struct parser *p, struct span at, struct name function, struct name binder,
                                struct expr *source, struct expr *where, struct expr *body, const struct name *tie)
{
    struct expr *expr = new_expr(p, at, EXPR_COMPREHENSION);
    expr->as.comprehension.function = function;
    expr->as.comprehension.binder = binder;
    expr->as.comprehension.source = source;
    expr->as.comprehension.where = where;
    expr->as.comprehension.body = body;
    parser_note(p, ROLE_CALLEE, function.at);
    set_tie(p, expr, tie);
    contain(p, expr, source);
    contain(p, expr, where);
    contain(p, expr, body);
    return expr;
}

struct expr *make_range(struct parser *p, struct span at, struct expr *first, struct expr *last)
{
    struct expr *expr = new_expr(p, at, EXPR_RANGE);
    expr->as.range.first = first;
    expr->as.range.last = last;
    contain(p, expr, first);
    contain(p, expr, last);
    return expr;
}

struct expr *make_within(struct parser *p, struct span at, struct span op_at, enum binary_op op, struct expr *left,
                         struct expr *right, struct expr *within)
{
    struct expr *expr = new_expr(p, at, EXPR_BINARY);
    expr->as.binary.op = op;
    expr->as.binary.op_at = op_at;
    expr->as.binary.left = left;
    expr->as.binary.right = right;
    expr->as.binary.within = within;
    contain(p, expr, left);
    contain(p, expr, right);
    contain(p, expr, within);
    return expr;
}

struct expr *make_binary(struct parser *p, struct span at, struct span op_at, enum binary_op op, struct expr *left,
                         struct expr *right)
{
    return make_within(p, at, op_at, op, left, right, NULL);
}

static bool is_plain_literal(const struct expr *expr)
{
    return expr->kind == EXPR_NUMBER && !expr->is_parenthesised && expr->as.number.unit_text.len == 0;
}

/* The literal in front of the slash that a reader may take for the numerator of one number: all of the dividend, or,
   written without spaces as in `x * 44/12 kg`, its last factor. */
static const struct expr *numerator_before(const struct expr *left, struct span op_at, const struct expr *right)
{
    if (is_plain_literal(left)) {
        return left;
    }
    bool is_product = left->kind == EXPR_BINARY && !left->is_parenthesised &&
                      (left->as.binary.op == BINARY_MUL || left->as.binary.op == BINARY_DIV);
    if (!is_product || !is_plain_literal(left->as.binary.right)) {
        return NULL;
    }
    const struct expr *last = left->as.binary.right;
    bool is_glued = last->at.off + last->at.len == op_at.off && op_at.off + op_at.len == right->at.off;
    return is_glued ? last : NULL;
}

/* The offset of the one slash of a unit outside its brackets; its length where there is none or several. */
static size_t only_slash(struct str unit)
{
    size_t found = unit.len;
    int depth = 0;
    for (size_t i = 0; i < unit.len; i++) {
        depth += unit.at[i] == '(';
        depth -= unit.at[i] == ')';
        if (unit.at[i] == '/' && depth == 0) {
            if (found != unit.len) {
                return unit.len;
            }
            found = i;
        }
    }
    return found;
}

static struct str quotient_fixed(struct parser *p, struct str over, struct str under, struct str unit)
{
    size_t slash = only_slash(unit);
    if (slash == unit.len || (slash == 1 && unit.at[0] == '1')) {
        return str_format(p->perm, "%.*s %.*s / %.*s", STR_FMT(over), STR_FMT(unit), STR_FMT(under));
    }
    struct str top = str_slice(unit, 0, slash);
    struct str bottom = str_slice(unit, slash + 1, unit.len);
    return str_format(p->perm, "%.*s %.*s / %.*s %.*s", STR_FMT(over), STR_FMT(top), STR_FMT(under), STR_FMT(bottom));
}

struct expr *make_quotient(struct parser *p, struct span at, struct span op_at, struct expr *left, struct expr *right)
{
    bool has_unit = right->kind == EXPR_NUMBER && !right->is_parenthesised && right->as.number.unit_text.len > 0;
    const struct expr *over = has_unit ? numerator_before(left, op_at, right) : NULL;
    if (over != NULL) {
        struct span quotient = span_join(over->at, right->at);
        struct str fixed =
            quotient_fixed(p, over->as.number.digits, right->as.number.digits, right->as.number.unit_text);
        struct diag *diag = diag_add(p->out, D_LITERAL_QUOTIENT, quotient, NULL, 0);
        diag_note(p->out, diag, T_OTHER_READING, NULL, 0);
        diag_fix(p->out, diag, quotient, fixed, T_FIX_REPLACE, &fixed, 1);
    }
    struct expr *made = make_binary(p, at, op_at, BINARY_DIV, left, right);
    if (over != NULL) {
        made->kind = EXPR_ERROR; /* which unit was meant is not known: none disagrees with it */
    }
    return made;
}

static void refuse_and(struct parser *p, const struct expr *operand)
{
    if (operand->kind != EXPR_BINARY || operand->as.binary.op != BINARY_AND || operand->is_parenthesised) {
        return;
    }
    struct str text = span_text(p->sources, operand->at);
    struct str fixed = str_format(p->perm, "(%.*s)", STR_FMT(text));
    struct diag *diag = diag_add(p->out, D_AND_OR, operand->at, NULL, 0);
    diag_fix(p->out, diag, operand->at, fixed, T_FIX_REPLACE, &fixed, 1);
}

struct expr *make_or(struct parser *p, struct span at, struct span op_at, struct expr *left, struct expr *right)
{
    refuse_and(p, left);
    refuse_and(p, right);
    return make_binary(p, at, op_at, BINARY_OR, left, right);
}

static struct expr *make_unary(struct parser *p, struct span at, enum expr_kind kind, struct expr *operand)
{
    struct expr *expr = new_expr(p, at, kind);
    expr->as.operand = operand;
    contain(p, expr, operand);
    return expr;
}

struct expr *make_not(struct parser *p, struct span at, struct expr *operand)
{
    return make_unary(p, at, EXPR_NOT, operand);
}

struct expr *make_given(struct parser *p, struct span at, struct expr *operand)
{
    return make_unary(p, at, EXPR_GIVEN, operand);
}

struct expr *make_default(struct parser *p, struct span at, struct expr *value, struct expr *fallback)
{
    struct expr *expr = new_expr(p, at, EXPR_DEFAULT);
    expr->as.defaulted.value = value;
    expr->as.defaulted.fallback = fallback;
    contain(p, expr, value);
    contain(p, expr, fallback);
    return expr;
}

struct expr *make_if(struct parser *p, struct span at, struct expr *condition, struct expr *then,
                     struct expr *otherwise)
{
    struct expr *expr = new_expr(p, at, EXPR_IF);
    expr->as.conditional.condition = condition;
    expr->as.conditional.then = then;
    expr->as.conditional.otherwise = otherwise;
    contain(p, expr, condition);
    contain(p, expr, then);
    contain(p, expr, otherwise);
    return expr;
}

struct expr *make_match(struct parser *p, struct span at, struct expr *subject, struct arms arms)
{
    struct expr *expr = new_expr(p, at, EXPR_MATCH);
    expr->as.match.subject = subject;
    expr->as.match.arms = arms.first;
    contain(p, expr, subject);
    for (const struct arm *arm = arms.first; arm != NULL; arm = arm->next) {
        contain(p, expr, arm->value);
    }
    return expr;
}

/* --- patterns --------------------------------------------------------------------------------------------------------
 */

struct arm *make_arm(struct parser *p, struct span at, struct patterns patterns, struct expr *value)
{
    struct arm *arm = arena_new(p->perm, struct arm);
    arm->at = at;
    arm->patterns = patterns.first;
    arm->value = value;
    return arm;
}

struct pattern *make_name_pattern(struct parser *p, struct span at, struct name name)
{
    struct pattern *pattern = arena_new(p->perm, struct pattern);
    enum predefined word = predefined_lookup(name.text);
    pattern->kind = PATTERN_NAME;
    pattern->at = at;
    pattern->name = name;
    if (word == PREDEFINED_TRUE || word == PREDEFINED_FALSE) {
        parser_note(p, ROLE_VALUE, name.at);
    }
    return pattern;
}

struct pattern *make_text_pattern(struct parser *p, struct span at, struct str text)
{
    struct pattern *pattern = arena_new(p->perm, struct pattern);
    pattern->kind = PATTERN_TEXT;
    pattern->at = at;
    pattern->text = text;
    return pattern;
}

struct pattern *make_value_pattern(struct parser *p, struct span at, enum pattern_kind kind, struct expr *value,
                                   struct expr *last)
{
    struct pattern *pattern = arena_new(p->perm, struct pattern);
    pattern->kind = kind;
    pattern->at = at;
    pattern->value = value;
    pattern->last = last;
    return pattern;
}
