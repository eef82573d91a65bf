#include "compiler/types.h"

#include <string.h>

/* Messages about types and units that do not agree: both sides, where their units come from, what is missing. */

enum { LEAVES_MAX = 4, LEAF_VISITS_MAX = 300 };

/* ---- texts ------------------------------------------------------------------------------------------------------ */

static struct str unit_of_kind(struct typer *typer, struct kind kind)
{
    struct unit unit = UNIT_ONE;
    unit.kind = kind;
    return unit_text(typer->arena, typer->checked->units, unit);
}

struct str kind_id_text(struct typer *typer, uint32_t kind_id)
{
    return unit_of_kind(typer, kinds_known_part(&typer->kinds, kind_id));
}

static struct str number_text(struct typer *typer, const struct type *type)
{
    if (type->unit_spelled.len > 0) {
        return type->unit_spelled;
    }
    if (kind_eq(kinds_known_part(&typer->kinds, type->kind_id), kind_one())) {
        return diag_term(typer->arena, T_TYPE_NUMBER);
    }
    return kind_id_text(typer, type->kind_id);
}

struct str type_text(struct typer *typer, const struct type *type)
{
    switch (type->kind) {
    case TYPE_ERROR:
        return STR("?");
    case TYPE_NUMBER:
        return number_text(typer, type);
    case TYPE_BOOL:
        return diag_term(typer->arena, T_TYPE_BOOL);
    case TYPE_TEXT:
        return diag_term(typer->arena, T_TYPE_TEXT);
    case TYPE_YEAR:
        return diag_term(typer->arena, T_TYPE_YEAR);
    case TYPE_DATE:
        return diag_term(typer->arena, T_TYPE_DATE);
    case TYPE_REGION:
        return diag_term(typer->arena, T_TYPE_REGION);
    case TYPE_CHOICE:
    case TYPE_ROW:
        return type->decl->name.text;
    case TYPE_LIST:
        return diag_term(typer->arena, T_TYPE_LIST);
    }
    return STR("?");
}

/* ---- where units come from -------------------------------------------------------------------------------------- */

struct leaves {
    struct typer *typer;
    struct diag *diag;
    struct kind difference;
    int *left;
    int visits;
    bool is_search;     /* for the spelling of `difference`, without labels */
    struct str spelled; /* found by a search */
    struct str energy;  /* likewise: kWh, MJ */
    struct unit_cause *cause; /* gets them, without labels */
};

/* ---- energy: its basis is J, which nobody writes ---------------------------------------------------------------- */

static bool is_between_words(char c)
{
    return c == '/' || c == '(' || c == ')' || c == '*' || c == '\xc2' || c == '\xb7'; /* the last two are "·" */
}

/* The end of the word of a unit that begins at `from`. */
static size_t word_end(struct str text, size_t from)
{
    while (from < text.len && !is_between_words(text.at[from])) {
        from++;
    }
    return from;
}

/* The first word of the unit that is an energy. */
static struct str energy_word(const struct typer *typer, struct str text)
{
    struct unit joule;
    struct unit unit;
    bool has_energy = unit_parse_known(typer->checked->units, STR("J"), &joule).error == UNIT_OK;
    for (size_t from = 0; has_energy && from < text.len;) {
        size_t end = word_end(text, from);
        struct str word = str_slice(text, from, end);
        bool is_unit = word.len > 0 && unit_parse_known(typer->checked->units, word, &unit).error == UNIT_OK;
        if (is_unit && kind_eq(unit.kind, joule.kind)) {
            return word;
        }
        from = end + 1;
    }
    return STR("");
}

/* The unit with the word for the energy in the place of J. */
static struct str with_energy(const struct typer *typer, struct str text, struct str energy)
{
    struct buf out = buf_in(typer->arena);
    for (size_t from = 0; from < text.len;) {
        size_t end = word_end(text, from);
        struct str word = str_slice(text, from, end);
        buf_add(&out, energy.len > 0 && str_eq(word, STR("J")) ? energy : word);
        buf_add(&out, str_slice(text, end, end < text.len ? end + 1 : end));
        from = end + 1;
    }
    return buf_str(&out);
}

static bool shares_generator(struct kind a, struct kind b)
{
    for (uint16_t i = 0; i < a.count; i++) {
        for (uint16_t k = 0; k < b.count; k++) {
            if (a.factors[i].generator == b.factors[k].generator) {
                return true;
            }
        }
    }
    return false;
}

/* What is missing on one side is too much on the other: of the two one stands for both. */
static void add_cause(struct leaves *leaves, struct span at, struct kind kind, bool is_datum)
{
    struct unit_cause *cause = leaves->cause;
    struct kind inverse;
    if (cause->count == countof(cause->keys) || !shares_generator(kind, leaves->difference) ||
        !kind_pow(leaves->difference, -1, &inverse)) {
        return;
    }
    struct str missing = unit_of_kind(leaves->typer, leaves->difference);
    struct str surplus = unit_of_kind(leaves->typer, inverse);
    bool is_first = missing.len != surplus.len ? missing.len < surplus.len : str_cmp(missing, surplus) < 0;
    cause->is_datum[cause->count] = is_datum;
    cause->keys[cause->count++] = str_format(leaves->typer->arena, "unit %u:%u %.*s", (unsigned)at.file,
                                             (unsigned)at.off, STR_FMT(is_first ? missing : surplus));
}

static void add_leaf(struct leaves *leaves, struct span at, struct str name, struct kind kind, struct str spelled)
{
    if (leaves->cause != NULL) {
        add_cause(leaves, at, kind, true);
        return;
    }
    if (leaves->is_search) {
        bool is_found = leaves->spelled.len == 0 && kind_eq(kind, leaves->difference);
        leaves->spelled = is_found ? spelled : leaves->spelled;
        leaves->energy = leaves->energy.len == 0 ? energy_word(leaves->typer, spelled) : leaves->energy;
        return;
    }
    if (*leaves->left == 0 || !shares_generator(kind, leaves->difference)) {
        return;
    }
    for (const struct diag_label *label = leaves->diag->labels; label != NULL; label = label->next) {
        if (label->at.file == at.file && label->at.off == at.off) {
            return;
        }
    }
    struct str unit = spelled.len > 0 ? spelled : unit_of_kind(leaves->typer, kind);
    diag_label(leaves->typer->out, leaves->diag, at, name.len > 0 ? T_LEAF_DECLARED : T_LEAF_LITERAL,
               DIAG_ARGS(name.len > 0 ? name : unit, unit));
    --*leaves->left;
}

static void add_decl_leaf(struct leaves *leaves, const struct decl *decl)
{
    if (decl->type.kind == TYPE_NUMBER) {
        struct kind kind = kinds_known_part(&leaves->typer->kinds, decl->type.kind_id);
        add_leaf(leaves, decl->name.text.len > 0 ? decl->name.at : decl->at,
                 decl->name.text.len > 0 ? decl->name.text : STR("…"), kind, decl->type.unit_spelled);
    }
}

static void find_leaves(struct leaves *leaves, const struct expr *expr);

static void find_leaves_of_ref(struct leaves *leaves, const struct expr *expr)
{
    const struct decl *decl = expr->ref.decl;
    const struct decl *column = NULL;
    switch (expr->ref.kind) {
    case REF_DECL:
        if (leaves->cause != NULL && decl->type.kind == TYPE_NUMBER &&
            (decl->kind == DECL_LET || decl->kind == DECL_FUNCTION)) {
            add_cause(leaves, decl->name.at, kinds_known_part(&leaves->typer->kinds, decl->type.kind_id), false);
        } else if (decl->kind == DECL_LET && decl->as.let.type == NULL && !decl->is_cyclic) {
            find_leaves(leaves, decl->as.let.value);
        } else if (decl->kind == DECL_TABLE) {
            column = decl->as.table.columns;
            if (column != NULL && column->next == NULL) {
                add_leaf(leaves, decl->name.at, decl->name.text, column->type.unit.kind, column->type.unit_spelled);
            }
        } else {
            add_decl_leaf(leaves, decl);
        }
        return;
    case REF_FIELD:
        add_decl_leaf(leaves, decl);
        return;
    case REF_WHOLE:
        find_leaves(leaves, expr->as.member.operand);
        return;
    case REF_COLUMN:
        column = decl->as.table.columns;
        for (uint32_t i = 0; column != NULL && i < expr->ref.index; i++) {
            column = column->next;
        }
        if (column != NULL) {
            add_decl_leaf(leaves, column);
        }
        return;
    case REF_PREDEFINED:
        if (expr->kind == EXPR_CALL && expr->type.kind == TYPE_NUMBER &&
            (expr->ref.index == PREDEFINED_GWP || predefined_is_emitted(expr->ref.index))) {
            add_leaf(leaves, expr->at, STR(""), kinds_known_part(&leaves->typer->kinds, expr->type.kind_id), STR(""));
        } else if (expr->kind == EXPR_CALL && expr->as.call.args != NULL) {
            find_leaves(leaves, expr->as.call.args->value);
        } else if (expr->kind == EXPR_COMPREHENSION && expr->as.comprehension.body != NULL) {
            find_leaves(leaves, expr->as.comprehension.body);
        }
        return;
    case REF_NONE:
    case REF_BINDER:
    case REF_PARAM:
    case REF_MEMBER:
    case REF_FLOW:
    case REF_ROUNDING:
    case REF_CATEGORY:
    case REF_GAS:
        return;
    }
}

/* Down the factors that make the unit of the expression; of sums and branches one part will do. */
static void find_leaves(struct leaves *leaves, const struct expr *expr)
{
    if (expr == NULL || *leaves->left == 0 || leaves->visits++ > LEAF_VISITS_MAX) {
        return;
    }
    switch (expr->kind) {
    case EXPR_NUMBER:
        if (expr->as.number.unit_text.len > 0) {
            add_leaf(leaves, expr->at, STR(""), expr->as.number.unit.kind, expr->as.number.unit_text);
        }
        return;
    case EXPR_NAME:
    case EXPR_MEMBER:
    case EXPR_CALL:
    case EXPR_COMPREHENSION:
        find_leaves_of_ref(leaves, expr);
        return;
    case EXPR_BINARY:
        find_leaves(leaves, expr->as.binary.left);
        if (expr->as.binary.op == BINARY_MUL || expr->as.binary.op == BINARY_DIV) {
            find_leaves(leaves, expr->as.binary.right);
        }
        return;
    case EXPR_IF:
        find_leaves(leaves, expr->as.conditional.then);
        return;
    case EXPR_MATCH:
        find_leaves(leaves, expr->as.match.arms == NULL ? NULL : expr->as.match.arms->value);
        return;
    case EXPR_DEFAULT:
        find_leaves(leaves, expr->as.defaulted.value);
        return;
    case EXPR_ERROR:
    case EXPR_TEXT:
    case EXPR_DATE:
    case EXPR_NOT:
    case EXPR_GIVEN:
    case EXPR_RANGE:
        return;
    }
}

void label_leaves(struct typer *typer, struct diag *diag, const struct expr *expr, struct kind difference, int *left)
{
    struct leaves leaves = {.typer = typer, .diag = diag, .difference = difference, .left = left};
    find_leaves(&leaves, expr);
}

struct unit_cause unit_cause(struct typer *typer, const struct expr *expr, const struct expr *other,
                             struct kind missing)
{
    struct unit_cause cause = {.count = 0};
    int left = 1; /* not counted down */
    struct leaves leaves = {.typer = typer, .difference = missing, .left = &left, .cause = &cause};
    find_leaves(&leaves, expr);
    find_leaves(&leaves, other);
    return cause;
}

static struct str second_of(struct typer *typer, struct str key)
{
    return str_format(typer->arena, "%.*s again", STR_FMT(key));
}

bool cause_is_said(struct typer *typer, const struct unit_cause *cause, struct span at)
{
    for (size_t i = 0; i < cause->count; i++) {
        struct str key = cause->is_datum[i] ? second_of(typer, cause->keys[i]) : cause->keys[i];
        if (diag_again(typer->out, key, at)) {
            return true;
        }
    }
    return false;
}

void cause_remember(struct typer *typer, struct diag *diag, const struct unit_cause *cause)
{
    for (size_t i = 0; i < cause->count; i++) {
        bool is_second = cause->is_datum[i] && diag_is_said(typer->out, cause->keys[i]);
        diag_remember(typer->out, diag, is_second ? second_of(typer, cause->keys[i]) : cause->keys[i]);
    }
}

struct str expr_type_text(struct typer *typer, const struct expr *expr)
{
    if (expr->type.kind != TYPE_NUMBER || expr->type.unit_spelled.len > 0) {
        return type_text(typer, &expr->type);
    }
    int left = 1;
    struct leaves leaves = {.typer = typer, .left = &left, .is_search = true};
    leaves.difference = kinds_known_part(&typer->kinds, expr->type.kind_id);
    find_leaves(&leaves, expr);
    return leaves.spelled.len > 0 ? leaves.spelled : with_energy(typer, type_text(typer, &expr->type), leaves.energy);
}

/* ---- the missing factor ----------------------------------------------------------------------------------------- */

struct hint {
    struct typer *typer;
    struct kind wanted, inverse;
    const struct decl *decl;
    bool is_inverse;
};

static void try_hint(struct hint *hint, const struct decl *decl)
{
    struct kind kind;
    if (hint->decl != NULL || decl->type.kind != TYPE_NUMBER || decl->name.text.len == 0 ||
        !kinds_is_known(&hint->typer->kinds, decl->type.kind_id, &kind) || kind.count < 2) {
        return; /* some mass or other is no hint; an intensity is */
    }
    hint->is_inverse = kind_eq(kind, hint->inverse);
    if (hint->is_inverse || kind_eq(kind, hint->wanted)) {
        hint->decl = decl;
    }
}

static void search_hint(struct hint *hint, const struct decl *first)
{
    for (const struct decl *decl = first; decl != NULL; decl = decl->next) {
        switch (decl->kind) {
        case DECL_LET:
        case DECL_FACTOR:
        case DECL_COLUMN:
            try_hint(hint, decl);
            break;
        case DECL_TABLE:
            search_hint(hint, decl->as.table.columns);
            break;
        case DECL_RULE:
            search_hint(hint, decl->as.rule.items);
            break;
        case DECL_ERROR:
        case DECL_IMPORT:
        case DECL_LIFECYCLE:
        case DECL_PHASE:
        case DECL_BOUNDARY:
        case DECL_BREAKDOWN:
        case DECL_BREAKDOWN_MEMBER:
        case DECL_PROFILE:
        case DECL_DEMAND:
        case DECL_CHOICE:
        case DECL_CHOICE_MEMBER:
        case DECL_ROW:
        case DECL_PARAM:
        case DECL_FIELD:
        case DECL_FUNCTION:
        case DECL_EXTERNAL:
        case DECL_UNIT:
        case DECL_NAMES:
        case DECL_HEADER:
        case DECL_DATA:
        case DECL_REFERENCE:
        case DECL_STAGE:
        case DECL_PROCESS:
        case DECL_EMIT:
        case DECL_ALLOCATE:
        case DECL_SHARE:
        case DECL_REQUIRE:
        case DECL_WARN:
        case DECL_CUTOFF:
        case DECL_ROUND:
        case DECL_REPORT:
        case DECL_GRADE:
        case DECL_CLASS:
        case DECL_EXAMPLE:
        case DECL_EXPECT:
            break;
        }
    }
}

/* wanted / given where both are short words, so that kWh is not called J. */
static struct str factor_text(struct typer *typer, struct kind missing, struct str given, struct str wanted)
{
    struct unit unit;
    if (memchr(given.at, '/', given.len) != NULL || memchr(wanted.at, '/', wanted.len) != NULL) {
        return unit_of_kind(typer, missing);
    }
    struct str text = str_format(typer->arena, "%.*s/%.*s", STR_FMT(wanted), STR_FMT(given));
    bool is_same = given.len > 0 && wanted.len > 0 && unit_parse(typer->checked->units, text, &unit).error == UNIT_OK &&
                   kind_eq(unit.kind, missing);
    return is_same ? text : unit_of_kind(typer, missing);
}

void note_factor_hint(struct typer *typer, struct diag *diag, struct kind missing, struct str given, struct str wanted)
{
    struct str energy = energy_word(typer, given);
    energy = energy.len > 0 ? energy : energy_word(typer, wanted);
    struct str factor = with_energy(typer, factor_text(typer, missing, given, wanted), energy);
    struct hint hint = {.typer = typer, .wanted = missing};
    if (kind_eq(missing, kind_one()) || !kind_pow(missing, -1, &hint.inverse)) {
        return;
    }
    diag_note(typer->out, diag, T_MISSING_FACTOR, DIAG_ARGS(factor));
    for (size_t i = typer->checked->module_count; i > 0 && hint.decl == NULL; i--) {
        if (!typer->checked->modules[i - 1]->is_std) {
            search_hint(&hint, typer->checked->modules[i - 1]->items);
        }
    }
    if (hint.decl != NULL) {
        diag_note(typer->out, diag, hint.is_inverse ? T_FACTOR_DIVIDE : T_FACTOR_MULTIPLY,
                  DIAG_ARGS(hint.decl->name.text));
    }
}

/* ---- disagreement ----------------------------------------------------------------------------------------------- */

static struct span written_type(const struct decl *decl)
{
    const struct type_ref *ref = NULL;
    if (decl->kind == DECL_PARAM || decl->kind == DECL_COLUMN) {
        ref = decl->as.param.type;
    } else if (decl->kind == DECL_FIELD) {
        ref = decl->as.field.type;
    } else if (decl->kind == DECL_LET) {
        ref = decl->as.let.type;
    } else if (decl->kind == DECL_EXTERNAL) {
        ref = decl->as.external.type;
    } else if (decl->kind == DECL_FACTOR) {
        ref = decl->as.factor.type;
    } else if (decl->kind == DECL_REPORT) {
        ref = decl->as.report.type;
    } else if (decl->kind == DECL_HEADER && decl->as.header.amount != NULL) {
        return decl->as.header.amount->at;
    }
    return ref != NULL ? ref->at : decl->name.at;
}

static struct str side_text(struct typer *typer, struct side side)
{
    return side.expr != NULL ? expr_type_text(typer, side.expr) : type_text(typer, &side.type);
}

static void label_side(struct typer *typer, struct diag *diag, struct side side)
{
    struct str text = side_text(typer, side);
    if (side.expr != NULL && (side.expr->at.off != diag->at.off || side.expr->at.len != diag->at.len)) {
        diag_label(typer->out, diag, side.expr->at, T_SIDE_IS, DIAG_ARGS(text));
    } else if (side.decl != NULL) {
        diag_label(typer->out, diag, written_type(side.decl), T_SIDE_DECLARED, DIAG_ARGS(text));
    }
}

static void offer_plain(struct typer *typer, struct diag *diag, struct side side, struct kind kind)
{
    if (side.expr == NULL || kind_eq(kind, kind_without_tags(typer->checked->units, kind))) {
        return;
    }
    struct str text = span_text(typer->checked->sources, side.expr->at);
    struct str fixed = str_format(typer->arena, "plain(%.*s)", STR_FMT(text));
    struct diag_fix *fix = diag_fix(typer->out, diag, side.expr->at, fixed, T_FIX_PLAIN, NULL, 0);
    fix->is_applicable = false; /* whether the tag may go is the author's to say */
}

/* The leaves that make the difference; where it cancels (kWh and t share the kilogram), those of the unit as a whole.
 */
static void label_origins(struct typer *typer, struct diag *diag, const struct expr *expr, struct kind difference,
                          struct kind whole, int *count)
{
    int before = *count;
    label_leaves(typer, diag, expr, difference, count);
    if (*count == before) {
        label_leaves(typer, diag, expr, whole, count);
    }
}

/* `1 kg + 5`: the unit was forgotten. Zero has every unit, so it never comes here. */
static bool note_bare_number(struct typer *typer, struct diag *diag, struct side bare, struct side other)
{
    const struct expr *expr = bare.expr;
    if (expr == NULL || expr->kind != EXPR_NUMBER || expr->as.number.unit_text.len > 0) {
        return false;
    }
    struct str unit = side_text(typer, other);
    struct str digits = expr->as.number.digits;
    struct str fixed = str_format(typer->arena, "%.*s %.*s", STR_FMT(digits), STR_FMT(unit));
    diag_note(typer->out, diag, T_BARE_NUMBER, DIAG_ARGS(digits, unit));
    diag_fix(typer->out, diag, expr->at, fixed, DIAG_NONE, NULL, 0);
    return true;
}

static void explain_kinds(struct typer *typer, struct diag *diag, struct side left, struct side right)
{
    struct kind a = kinds_known_part(&typer->kinds, left.type.kind_id);
    struct kind b = kinds_known_part(&typer->kinds, right.type.kind_id);
    struct kind missing;
    int count = LEAVES_MAX;
    if (!kind_mul(b, a, -1, &missing)) {
        return;
    }
    label_origins(typer, diag, left.expr, missing, a, &count);
    label_origins(typer, diag, right.expr, missing, b, &count);
    if (note_bare_number(typer, diag, left, right) || note_bare_number(typer, diag, right, left)) {
        return;
    }
    struct unit_system *units = typer->checked->units;
    if (kind_eq(kind_without_tags(units, a), kind_without_tags(units, b))) {
        diag_note(typer->out, diag, T_TAGS_DIFFER, NULL, 0);
        offer_plain(typer, diag, left, a);
        offer_plain(typer, diag, right, b);
        return;
    }
    struct str gas = gas_of_kind(typer, kind_eq(b, typer->co2e) ? a : b);
    if (gas.len > 0 && (kind_eq(a, typer->co2e) || kind_eq(b, typer->co2e))) {
        diag_note(typer->out, diag, T_GWP_HINT, DIAG_ARGS(gas));
        return;
    }
    /* An activity becomes an emission by a factor, never the other way round. */
    if (kind_eq(a, typer->co2e) && kind_mul(a, b, -1, &missing)) {
        note_factor_hint(typer, diag, missing, side_text(typer, right), side_text(typer, left));
    } else {
        note_factor_hint(typer, diag, missing, side_text(typer, left), side_text(typer, right));
    }
}

struct str decl_key(struct arena *arena, const struct decl *decl)
{
    return str_format(arena, "%lu:%lu", (unsigned long)decl->at.file, (unsigned long)decl->at.off);
}

/* What does not agree with one parameter, key, column or field at several places is one mistake. */
static struct diag *add_disagreement(struct typer *typer, enum diag_code code, struct span at, struct side left,
                                     struct side right)
{
    struct str args[] = {side_text(typer, left), side_text(typer, right)};
    bool is_shared = right.decl != NULL && (right.decl->kind == DECL_PARAM || right.decl->kind == DECL_COLUMN ||
                                            right.decl->kind == DECL_FIELD);
    return is_shared ? diag_add_about(typer->out, code, decl_key(typer->arena, right.decl), at, args, 2)
                     : diag_add(typer->out, code, at, args, 2);
}

void report_disagreement(struct typer *typer, struct span at, struct side left, struct side right)
{
    bool are_numbers = left.type.kind == TYPE_NUMBER && right.type.kind == TYPE_NUMBER;
    enum diag_code code = !are_numbers                                          ? D_TYPE_MISMATCH
                          : left.type.unit.is_point != right.type.unit.is_point ? D_POINT_MIX
                                                                                : D_UNIT_MISMATCH;
    struct kind missing;
    struct unit_cause cause = {.count = 0};
    if (code == D_UNIT_MISMATCH && kind_mul(kinds_known_part(&typer->kinds, right.type.kind_id),
                                            kinds_known_part(&typer->kinds, left.type.kind_id), -1, &missing)) {
        cause = unit_cause(typer, left.expr, right.expr, missing);
    }
    struct diag *diag = cause_is_said(typer, &cause, at) ? NULL : add_disagreement(typer, code, at, left, right);
    if (diag == NULL) {
        return;
    }
    cause_remember(typer, diag, &cause);
    label_side(typer, diag, left);
    label_side(typer, diag, right);
    if (code == D_UNIT_MISMATCH) {
        explain_kinds(typer, diag, left, right);
    } else if (left.type.kind == TYPE_ROW && right.type.kind == TYPE_ROW && right.type.decl->kind == DECL_ROW) {
        diag_note(typer->out, diag, T_ROWS_OF_TYPE, DIAG_ARGS(left.type.decl->name.text, right.type.decl->name.text));
    }
}

struct diag *report_not_a_number(struct typer *typer, const struct expr *expr)
{
    struct str text = type_text(typer, &expr->type);
    bool is_declared = expr->ref.kind == REF_DECL || expr->ref.kind == REF_FIELD;
    struct diag *diag = is_declared ? diag_add_about(typer->out, D_NOT_A_NUMBER, decl_key(typer->arena, expr->ref.decl),
                                                     expr->at, DIAG_ARGS(text))
                                    : diag_add(typer->out, D_NOT_A_NUMBER, expr->at, DIAG_ARGS(text));
    if (diag == NULL) {
        return NULL;
    }
    if (expr->type.kind == TYPE_ROW) {
        diag_note(typer->out, diag, T_ROW_HINT, NULL, 0);
    } else if (is_declared) {
        diag_label(typer->out, diag, written_type(expr->ref.decl), T_DECLARED_AS,
                   DIAG_ARGS(expr->ref.decl->name.text, text));
    }
    return diag;
}

void report_not_plain(struct typer *typer, enum diag_code code, const struct expr *value)
{
    struct str unit = expr_type_text(typer, value);
    struct diag *diag = diag_add(typer->out, code, value->at, DIAG_ARGS(unit));
    struct str fixed = str_format(typer->arena, "(%.*s / 1 %.*s)",
                                  STR_FMT(span_text(typer->checked->sources, value->at)), STR_FMT(unit));
    diag_fix(typer->out, diag, value->at, fixed, T_FIX_REPLACE, DIAG_ARGS(fixed));
}
