#include "compiler/ast_dump.h"

#include "grammar/keywords.h"

static void dump_expr(struct buf *out, const struct expr *expr);
static void dump_decls(struct buf *out, const struct decl *decls, int indent);

static void word(struct buf *out, struct str text)
{
    buf_char(out, ' ');
    buf_add(out, text);
}

static void quoted(struct buf *out, const char *label, struct str text)
{
    if (text.at != NULL) {
        buf_format(out, " %s\"%.*s\"", label, STR_FMT(text));
    }
}

static void part(struct buf *out, const char *label, const struct expr *expr)
{
    if (expr != NULL) {
        buf_format(out, "%s%s", label[0] == '(' ? "" : " ", label);
        dump_expr(out, expr);
    }
}

/* A category, status and so on in its first spelling; a name, and that of a phase, as it is. */
static struct str canonical_word(struct str text)
{
    static const enum word_category CATEGORIES[] = {WORDS_CATEGORY, WORDS_STATUS, WORDS_JUDGE};
    for (size_t i = 0; i < countof(CATEGORIES); i++) {
        if (word_is_known(CATEGORIES[i], text)) {
            return word_canonical(CATEGORIES[i], text);
        }
    }
    return text;
}

static struct str canonical_callee(struct str text)
{
    enum predefined id = predefined_lookup(text);
    return id == PREDEFINED_NONE ? text : predefined_text(id, LANG_EN);
}

static struct str canonical_value(struct str text)
{
    enum predefined id = predefined_lookup(text);
    enum rounding mode;
    if (predefined_is_value(id)) {
        return predefined_text(id, LANG_EN);
    }
    return rounding_lookup(text, &mode) ? rounding_text(mode, LANG_EN) : text;
}

static void names(struct buf *out, const struct name_list *list)
{
    for (; list != NULL; list = list->next) {
        word(out, canonical_word(list->name.text));
    }
}

/* --- expressions ---------------------------------------------------------------------------------------------------
 */

static const char *binary_sign(enum binary_op op)
{
    switch (op) {
    case BINARY_ADD:
        return "+";
    case BINARY_SUB:
        return "-";
    case BINARY_MUL:
        return "*";
    case BINARY_DIV:
        return "/";
    case BINARY_POW:
        return "^";
    case BINARY_EQ:
        return "==";
    case BINARY_NE:
        return "!=";
    case BINARY_LT:
        return "<";
    case BINARY_LE:
        return "<=";
    case BINARY_GT:
        return ">";
    case BINARY_GE:
        return ">=";
    case BINARY_AND:
        return "and";
    case BINARY_OR:
        return "or";
    }
    return "?";
}

static void dump_patterns(struct buf *out, const struct pattern *pattern)
{
    for (; pattern != NULL; pattern = pattern->next) {
        switch (pattern->kind) {
        case PATTERN_ERROR:
            buf_add(out, STR(" <error>"));
            break;
        case PATTERN_NAME:
            word(out, canonical_value(pattern->name.text));
            break;
        case PATTERN_TEXT:
            quoted(out, "", pattern->text);
            break;
        case PATTERN_NUMBER:
            part(out, "", pattern->value);
            break;
        case PATTERN_UP_TO:
            part(out, "up-to ", pattern->value);
            break;
        case PATTERN_BELOW:
            part(out, "below ", pattern->value);
            break;
        case PATTERN_OTHERWISE:
            word(out, STR("otherwise"));
            break;
        case PATTERN_RANGE:
            part(out, "", pattern->value);
            part(out, ".. ", pattern->last);
            break;
        }
    }
}

static void dump_call(struct buf *out, const struct expr *expr)
{
    buf_add(out, STR("(call"));
    word(out, canonical_callee(expr->as.call.callee.text));
    for (const struct arg *arg = expr->as.call.args; arg != NULL; arg = arg->next) {
        buf_char(out, ' ');
        if (arg->name.text.len > 0) {
            buf_format(out, "%.*s=", STR_FMT(arg->name.text));
        }
        dump_expr(out, arg->value);
    }
    buf_char(out, ')');
}

static void dump_comprehension(struct buf *out, const struct expr *expr)
{
    struct str function = canonical_callee(expr->as.comprehension.function.text);
    buf_format(out, "(%.*s %.*s in ", STR_FMT(function), STR_FMT(expr->as.comprehension.binder.text));
    dump_expr(out, expr->as.comprehension.source);
    part(out, "where ", expr->as.comprehension.where);
    part(out, ": ", expr->as.comprehension.body);
    bool is_said = expr->as.comprehension.tie.text.len > 0;
    buf_add(out, !is_said ? STR(")") : expr->as.comprehension.is_last ? STR(" last)") : STR(" first)"));
}

static void dump_match(struct buf *out, const struct expr *expr)
{
    part(out, "(match ", expr->as.match.subject);
    for (const struct arm *arm = expr->as.match.arms; arm != NULL; arm = arm->next) {
        buf_add(out, STR(" ["));
        dump_patterns(out, arm->patterns);
        part(out, "=> ", arm->value);
        buf_char(out, ']');
    }
    buf_char(out, ')');
}

static void dump_expr(struct buf *out, const struct expr *expr)
{
    switch (expr->kind) {
    case EXPR_ERROR:
        buf_add(out, STR("<error>"));
        return;
    case EXPR_NUMBER:
        buf_add(out, expr->as.number.digits);
        if (expr->as.number.unit_text.len > 0) {
            buf_format(out, "[%.*s]", STR_FMT(expr->as.number.unit_text));
        }
        return;
    case EXPR_TEXT:
        buf_format(out, "\"%.*s\"", STR_FMT(expr->as.text));
        return;
    case EXPR_DATE:
        buf_add(out, expr->as.text);
        return;
    case EXPR_NAME:
        buf_add(out, canonical_value(expr->as.name.text));
        return;
    case EXPR_MEMBER:
        dump_expr(out, expr->as.member.operand);
        buf_format(out, ".%.*s", STR_FMT(expr->as.member.name.text));
        return;
    case EXPR_CALL:
        dump_call(out, expr);
        return;
    case EXPR_COMPREHENSION:
        dump_comprehension(out, expr);
        return;
    case EXPR_NOT:
        part(out, "(not ", expr->as.operand);
        break;
    case EXPR_BINARY:
        buf_format(out, "(%s", binary_sign(expr->as.binary.op));
        part(out, "", expr->as.binary.left);
        part(out, "", expr->as.binary.right);
        part(out, "within ", expr->as.binary.within);
        break;
    case EXPR_IF:
        part(out, "(if ", expr->as.conditional.condition);
        part(out, "then ", expr->as.conditional.then);
        part(out, "else ", expr->as.conditional.otherwise);
        break;
    case EXPR_MATCH:
        dump_match(out, expr);
        return;
    case EXPR_DEFAULT:
        part(out, "(default ", expr->as.defaulted.value);
        part(out, "", expr->as.defaulted.fallback);
        break;
    case EXPR_GIVEN:
        part(out, "(given ", expr->as.operand);
        break;
    case EXPR_RANGE:
        part(out, "(.. ", expr->as.range.first);
        part(out, "", expr->as.range.last);
        break;
    }
    buf_char(out, ')');
}

/* --- declarations
 * ------------------------------------------------------------------------------------------------------ */

static const char *kind_name(enum decl_kind kind)
{
    static const char *const NAMES[] = {
        [DECL_ERROR] = "error",         [DECL_IMPORT] = "import",
        [DECL_LIFECYCLE] = "lifecycle", [DECL_PHASE] = "phase",
        [DECL_BOUNDARY] = "boundary",   [DECL_BREAKDOWN] = "breakdown",
        [DECL_PROFILE] = "profile",     [DECL_BREAKDOWN_MEMBER] = "breakdown_member",
        [DECL_DEMAND] = "demand",
        [DECL_CHOICE] = "choice",       [DECL_CHOICE_MEMBER] = "member",
        [DECL_ROW] = "row",
        [DECL_TABLE] = "table",         [DECL_COLUMN] = "column",
        [DECL_PARAM] = "param",         [DECL_FUNCTION] = "function",
        [DECL_UNIT] = "unit",           [DECL_EXTERNAL] = "external",   [DECL_FACTOR] = "factor",
        [DECL_NAMES] = "names",         [DECL_RULE] = "rule",
        [DECL_HEADER] = "header",       [DECL_DATA] = "data",
        [DECL_FIELD] = "field",         [DECL_LET] = "let",
        [DECL_REFERENCE] = "reference", [DECL_STAGE] = "stage",
        [DECL_ALLOCATE] = "allocate",   [DECL_SHARE] = "share",
        [DECL_PROCESS] = "process",     [DECL_EMIT] = "emit",
        [DECL_REQUIRE] = "require",     [DECL_WARN] = "warn",
        [DECL_CUTOFF] = "cutoff",       [DECL_ROUND] = "round",
        [DECL_REPORT] = "report", [DECL_GRADE] = "grade", [DECL_CLASS] = "class",       [DECL_EXAMPLE] = "example",
        [DECL_EXPECT] = "expect",
    };
    return NAMES[kind];
}

static void dump_validity(struct buf *out, const struct validity *valid)
{
    if (valid != NULL && valid->at.len > 0) {
        buf_format(out, " %.*s..%.*s", STR_FMT(valid->text[0]), STR_FMT(valid->text[1]));
    }
}

static void dump_attributes(struct buf *out, const struct decl *decl)
{
    const struct attributes *attributes = &decl->attributes;
    quoted(out, "en ", decl->texts.text[LANG_EN]);
    quoted(out, "zh ", decl->texts.text[LANG_ZH]);
    quoted(out, "doc ", decl->doc);
    quoted(out, "cite ", attributes->cite);
    quoted(out, "clause ", attributes->clause);
    quoted(out, "column ", attributes->column);
    quoted(out, "from ", attributes->from);
    quoted(out, "because en ", attributes->because.text[LANG_EN]);
    quoted(out, "because zh ", attributes->because.text[LANG_ZH]);
    for (const struct allowance *allow = attributes->allows; allow != NULL; allow = allow->next) {
        buf_format(out, " allow %.*s", STR_FMT(allow->lint.text));
        quoted(out, "en ", allow->reason.text[LANG_EN]);
        quoted(out, "zh ", allow->reason.text[LANG_ZH]);
    }
    part(out, "= ", attributes->initial);
    part(out, "range ", attributes->range_first);
    part(out, ".. ", attributes->range_last);
    part(out, "when ", attributes->when);
    part(out, "for each ", attributes->rows);
    part(out, "scaled by ", attributes->scale);
    dump_validity(out, &attributes->valid);
    if (attributes->origin != ORIGIN_UNSAID) {
        word(out, attributes->origin == ORIGIN_PRIMARY ? STR("primary") : STR("secondary"));
    }
    quoted(out, "key ", attributes->key.text);
    buf_add(out, attributes->is_optional ? STR(" optional") : STR(""));
    buf_add(out, attributes->is_symmetric ? STR(" symmetric") : STR(""));
    buf_add(out, attributes->repeated.len > 0 ? STR(" repeated") : STR(""));
}

static void dump_type(struct buf *out, const struct type_ref *type, int indent)
{
    if (type == NULL) {
        return;
    }
    if (type->kind == TYPE_REF_LIST) {
        buf_add(out, STR(" : list"));
        buf_format(out, "%s%.*s", type->row.text.len > 0 ? " " : "", STR_FMT(type->row.text));
        dump_decls(out, type->fields, indent + 1);
        return;
    }
    struct str text = type->kind == TYPE_REF_NAME ? word_canonical(WORDS_TYPE, type->text) : type->text;
    buf_format(out, " : %s%.*s", type->kind == TYPE_REF_NAME ? "" : "unit ", STR_FMT(text));
}

static void dump_rows(struct buf *out, const struct decl *table, int indent)
{
    if (table->as.table.matrix != NULL) {
        buf_format(out, "\n%*s=>", indent * 2, "");
        dump_patterns(out, table->as.table.matrix);
    }
    for (const struct table_row *row = table->as.table.rows; row != NULL; row = row->next) {
        buf_format(out, "\n%*srow", indent * 2, "");
        dump_patterns(out, row->patterns);
        buf_add(out, STR(" =>"));
        for (const struct cell *cell = row->cells; cell != NULL; cell = cell->next) {
            if (cell->value == NULL) {
                buf_add(out, STR(" _"));
            } else {
                part(out, "", cell->value);
            }
        }
    }
}

static void dump_header(struct buf *out, const struct decl *decl)
{
    static const char *const NAMES[] = {"version",  "status",     "conforms", "gwp",     "judge", "lifecycle",
                                        "declared", "functional", "boundary", "exclude", "zero",  "valid",
                                        "apart"};
    word(out, str_of(NAMES[decl->as.header.kind]));
    quoted(out, "", decl->as.header.text);
    names(out, decl->as.header.names);
    part(out, "", decl->as.header.amount);
    dump_validity(out, decl->as.header.kind == HEADER_VALID ? &decl->as.header.valid : NULL);
    quoted(out, "by ", decl->as.header.by.text);
}

static void dump_aliases(struct buf *out, const struct alias *alias)
{
    for (; alias != NULL; alias = alias->next) {
        buf_format(out, " %.*s=%.*s", STR_FMT(alias->first.text), STR_FMT(alias->other.text));
    }
}

static void dump_example(struct buf *out, const struct decl *decl, int indent)
{
    quoted(out, "data ", decl->as.example.data);
    quoted(out, "key ", decl->as.example.key);
    quoted(out, "reference ", decl->as.example.row);
    for (const struct name_list *file = decl->as.example.factors; file != NULL; file = file->next) {
        quoted(out, "factor ", file->name.text);
    }
    quoted(out, "gwp ", decl->as.example.gwp.text);
    dump_decls(out, decl->as.example.expects, indent + 1);
}

/* What a declaration has of its own, behind its name and attributes. */
static const char *const LET_ROLES[] = {
    [LET_PLAIN] = "", [LET_OPEN] = " open", [LET_OVERRIDE] = " override", [LET_OVERRIDE_OPEN] = " override open"};

static const char *const ROUND_FORMS[] = {
    [ROUND_SIGNIFICANT] = "significant ", [ROUND_DECIMALS] = "decimals ", [ROUND_MULTIPLES] = "multiples of "};

static void dump_content(struct buf *out, const struct decl *decl, int indent)
{
    switch (decl->kind) {
    case DECL_ERROR:
        break;
    case DECL_IMPORT:
        names(out, decl->as.import.path);
        break;
    case DECL_LIFECYCLE:
        dump_decls(out, decl->as.lifecycle.items, indent + 1);
        break;
    case DECL_PHASE:
    case DECL_BREAKDOWN_MEMBER:
        if (decl->as.phase.is_apart) {
            word(out, STR("apart"));
        }
        break;
    case DECL_BOUNDARY:
        names(out, decl->as.boundary.phases);
        break;
    case DECL_BREAKDOWN:
        dump_decls(out, decl->as.breakdown.members, indent + 1);
        break;
    case DECL_PROFILE:
        dump_decls(out, decl->as.profile.demands, indent + 1);
        break;
    case DECL_DEMAND:
        word(out, decl->as.demand.strength.text);
        word(out, decl->as.demand.word.text);
        names(out, decl->as.demand.names);
        part(out, "each ", decl->as.demand.each);
        part(out, "together ", decl->as.demand.together);
        break;
    case DECL_CHOICE:
        dump_decls(out, decl->as.choice.members, indent + 1);
        break;
    case DECL_ROW:
        dump_decls(out, decl->as.field.type->fields, indent + 1);
        break;
    case DECL_CHOICE_MEMBER:
        quoted(out, "code ", decl->as.member.code);
        break;
    case DECL_TABLE:
        dump_decls(out, decl->as.table.keys, indent + 1);
        dump_decls(out, decl->as.table.columns, indent + 1);
        dump_rows(out, decl, indent + 1);
        break;
    case DECL_COLUMN:
        dump_type(out, decl->as.column.type, indent);
        break;
    case DECL_PARAM:
        dump_type(out, decl->as.param.type, indent);
        break;
    case DECL_FUNCTION:
        part(out, "= ", decl->as.function.body);
        dump_decls(out, decl->as.function.params, indent + 1);
        break;
    case DECL_UNIT:
        part(out, "= ", decl->as.unit.value);
        break;
    case DECL_EXTERNAL:
        dump_type(out, decl->as.external.type, indent);
        dump_decls(out, decl->as.external.params, indent + 1);
        break;
    case DECL_FACTOR:
        dump_type(out, decl->as.factor.type, indent);
        names(out, decl->as.factor.split);
        dump_decls(out, decl->as.factor.keys, indent + 1);
        break;
    case DECL_NAMES:
        dump_aliases(out, decl->as.names.aliases);
        break;
    case DECL_RULE:
        quoted(out, "extends ", decl->as.rule.base.text);
        dump_decls(out, decl->as.rule.items, indent + 1);
        break;
    case DECL_HEADER:
        dump_header(out, decl);
        break;
    case DECL_DATA:
        dump_decls(out, decl->as.data.fields, indent + 1);
        break;
    case DECL_FIELD:
        dump_type(out, decl->as.field.type, indent);
        break;
    case DECL_LET:
        buf_add(out, str_of(LET_ROLES[decl->as.let.role]));
        dump_type(out, decl->as.let.type, indent);
        part(out, "= ", decl->as.let.value);
        break;
    case DECL_REFERENCE:
        part(out, "headline ", decl->as.reference.headline);
        part(out, "", decl->as.reference.value);
        break;
    case DECL_ALLOCATE:
        for (const struct target *target = decl->as.allocate.targets; target != NULL; target = target->next) {
            word(out, target->stage.text);
            buf_format(out, "%s%.*s", target->process.text.len > 0 ? "." : "", STR_FMT(target->process.text));
        }
        part(out, "by ", decl->as.allocate.key);
        part(out, "take ", decl->as.allocate.take);
        quoted(out, "take ", decl->as.allocate.taken.text);
        dump_decls(out, decl->as.allocate.shares, indent + 1);
        break;
    case DECL_SHARE:
        part(out, "= ", decl->as.share.value);
        break;
    case DECL_STAGE:
        word(out, decl->as.stage.is_extension ? STR("extend") : decl->as.stage.phase.text);
        dump_decls(out, decl->as.stage.items, indent + 1);
        break;
    case DECL_PROCESS:
        buf_add(out, decl->as.stage.is_extension ? STR(" extend") : STR(""));
        dump_decls(out, decl->as.stage.items, indent + 1);
        break;
    case DECL_EMIT:
        if (decl->as.emit.kind != EMIT_EMISSION) {
            word(out, decl->as.emit.kind == EMIT_REMOVAL ? STR("removal") : STR("credit"));
        }
        names(out, decl->as.emit.as);
        part(out, "= ", decl->as.emit.value);
        break;
    case DECL_REQUIRE:
    case DECL_WARN:
        part(out, "", decl->as.require.condition);
        break;
    case DECL_CUTOFF:
        part(out, "", decl->as.cutoff.comprehension);
        part(out, "each ", decl->as.cutoff.each);
        part(out, "together ", decl->as.cutoff.together);
        break;
    case DECL_ROUND:
        word(out, canonical_value(decl->as.round.target.text));
        part(out, ROUND_FORMS[decl->as.round.form], decl->as.round.to);
        word(out, canonical_value(decl->as.round.mode.text));
        if (decl->as.round.is_marked) {
            word(out, STR("marked"));
        }
        break;
    case DECL_REPORT:
        dump_type(out, decl->as.report.type, indent);
        part(out, "= ", decl->as.report.value);
        break;
    case DECL_GRADE:
        dump_decls(out, decl->as.grade.classes, indent + 1);
        break;
    case DECL_CLASS:
        part(out, decl->as.class.is_below ? "below " : "up to ", decl->as.class.limit);
        break;
    case DECL_EXAMPLE:
        dump_example(out, decl, indent);
        break;
    case DECL_EXPECT:
        part(out, "", decl->as.expect.path);
        part(out, "= ", decl->as.expect.value);
        part(out, "within ", decl->as.expect.within);
        break;
    }
}

static void dump_decls(struct buf *out, const struct decl *decl, int indent)
{
    for (; decl != NULL; decl = decl->next) {
        buf_format(out, "\n%*s%s", indent * 2, "", kind_name(decl->kind));
        if (decl->name.text.len > 0) {
            word(out, decl->name.text);
        }
        dump_attributes(out, decl);
        dump_content(out, decl, indent);
    }
}

struct str ast_dump(struct arena *arena, const struct module *module)
{
    struct buf out = buf_in(arena);
    buf_add(&out, STR("module"));
    dump_decls(&out, module->items, 1);
    buf_char(&out, '\n');
    return buf_str(&out);
}

struct str ast_dump_expr(struct arena *arena, const struct expr *expr)
{
    struct buf out = buf_in(arena);
    dump_expr(&out, expr);
    return buf_str(&out);
}
