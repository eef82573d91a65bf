#include "compiler/types.h"

#include <string.h>

/* gwp(G): the column of the rule's set in the table of potentials, that of std.gases or of a module in its place. */

static struct str tag_of_gas(struct str gas)
{
    const char *line = memchr(gas.at, '_', gas.len);
    return line == NULL ? gas : str_slice(gas, 0, (size_t)(line - gas.at));
}

static const struct decl *gas_choice(const struct typer *typer)
{
    return typer->checked->gases->as.table.keys->type.decl;
}

static const struct decl *gas_named(const struct typer *typer, struct str name)
{
    const struct decl *gas = gas_choice(typer)->as.choice.members;
    while (gas != NULL && !str_eq(gas->name.text, name)) {
        gas = gas->next;
    }
    return gas;
}

struct str gas_of_kind(const struct typer *typer, struct kind kind)
{
    struct str found = STR("");
    if (typer->checked->gases == NULL || !kind_eq(kind_without_tags(typer->checked->units, kind), typer->mass)) {
        return found;
    }
    for (uint16_t i = 0; i < kind.count; i++) {
        const struct generator *generator = &typer->checked->units->generators[kind.factors[i].generator];
        for (const struct decl *gas = gas_choice(typer)->as.choice.members; gas != NULL; gas = gas->next) {
            if (generator->type == GENERATOR_TAG && str_eq(tag_of_gas(gas->name.text), generator->name)) {
                found = found.len == 0
                            ? gas->name.text
                            : str_format(typer->arena, "%.*s / %.*s", STR_FMT(found), STR_FMT(gas->name.text));
            }
        }
    }
    return found;
}

/* ---- the rule's set --------------------------------------------------------------------------------------------- */

static bool is_in_set(const struct typer *typer, struct str gas)
{
    for (const struct table_row *row = typer->checked->gases->as.table.rows; row != NULL; row = row->next) {
        if (row->patterns == NULL || !str_eq(row->patterns->name.text, gas)) {
            continue;
        }
        const struct cell *cell = row->cells;
        for (uint32_t i = 0; cell != NULL && i < typer->gwp_column->index; i++) {
            cell = cell->next;
        }
        return cell != NULL && cell->value != NULL;
    }
    return false;
}

static bool has_set(struct typer *typer, const struct expr *call)
{
    bool may_be_lost = typer->is_broken && typer->gwp_column == NULL; /* the line with the slip may be that one */
    if (typer->checked->rule == NULL || typer->is_in_import || typer->has_gwp_error || may_be_lost) {
        return false; /* of a module: which set holds is seen where a rule or an example uses it (lower_gwp) */
    }
    if (typer->gwp_column == NULL) {
        struct diag *diag = diag_add(typer->out, D_GWP_NO_SET, call->at, NULL, 0);
        diag_label(typer->out, diag, typer->checked->rule->name.at, T_RULE_HERE, NULL, 0);
        typer->has_gwp_error = true;
        return false;
    }
    return true;
}

static bool check_set(struct typer *typer, const struct expr *call, struct str gas)
{
    if (!has_set(typer, call) || is_in_set(typer, gas)) {
        return true;
    }
    diag_add(typer->out, D_GWP_ABSENT, call->at, DIAG_ARGS(gas, typer->gwp_column->name.text));
    return false;
}

static const struct decl *member_of(const struct expr *gas)
{
    const struct decl *member = gas->ref.decl->as.choice.members;
    while (member->index != gas->ref.index) {
        member = member->next;
    }
    return member;
}

/* ---- kinds ------------------------------------------------------------------------------------------------------ */

static void set_potential(struct typer *typer, struct expr *call, struct str tag)
{
    struct kind kind;
    bool is_kind = kind_mul(typer->co2e, typer->mass, -1, &kind);
    if (tag.len > 0) {
        struct unit tagged;
        struct str text = str_format(typer->arena, "kgCO2e/kg{%.*s}", STR_FMT(tag));
        is_kind = unit_parse(typer->checked->units, text, &tagged).error == UNIT_OK;
        kind = tagged.kind;
    }
    if (is_kind) {
        set_number(call, kinds_constant(&typer->kinds, kind));
    }
}

/* The first gwp(GAS) among the factors of a product. */
static const struct expr *find_potential(const struct expr *expr, int depth)
{
    if (expr == NULL || depth == 0) {
        return NULL;
    }
    if (expr->kind == EXPR_BINARY && (expr->as.binary.op == BINARY_MUL || expr->as.binary.op == BINARY_DIV)) {
        const struct expr *found = find_potential(expr->as.binary.left, depth - 1);
        return found != NULL ? found : find_potential(expr->as.binary.right, depth - 1);
    }
    bool is_potential = expr->kind == EXPR_CALL && expr->ref.kind == REF_PREDEFINED &&
                        expr->ref.index == PREDEFINED_GWP && expr->as.call.args->value->ref.kind == REF_GAS;
    return is_potential ? expr : NULL;
}

bool note_potential(struct typer *typer, struct diag *diag, const struct expr *value, struct kind kind)
{
    enum { DEPTH_MAX = 50 };
    const struct expr *call = find_potential(value, DEPTH_MAX);
    if (call == NULL || !kind_eq(kind_without_tags(typer->checked->units, kind), typer->co2e)) {
        return false;
    }
    struct str gas = member_of(call->as.call.args->value)->name.text;
    struct str mass = str_format(typer->arena, "kg{%.*s}", STR_FMT(tag_of_gas(gas)));
    diag_note(typer->out, diag, T_GWP_MASS, DIAG_ARGS(gas, mass));
    return true;
}

/* A gas that the data name: every member must be a gas of the set, and the kilograms carry no tag. Of the choice of all
   gases a set lacks some: the product that names one of these fails. */
static void type_variable_gas(struct typer *typer, struct expr *call, struct expr *gas)
{
    type_value(typer, gas, NULL);
    if (is_error(gas)) {
        return;
    }
    if (gas->type.kind != TYPE_CHOICE) {
        diag_add(typer->out, D_GWP_NOT_A_GAS, gas->at, DIAG_ARGS(type_text(typer, &gas->type)));
        return;
    }
    for (const struct decl *member = gas->type.decl->as.choice.members; member != NULL; member = member->next) {
        if (gas_named(typer, member->name.text) == NULL) {
            struct diag *diag =
                diag_add(typer->out, D_GWP_MEMBER, gas->at, DIAG_ARGS(gas->type.decl->name.text, member->name.text));
            diag_label(typer->out, diag, member->name.at, T_HERE, NULL, 0);
            return;
        }
        bool is_any = gas->type.decl == gas_choice(typer);
        if (!(is_any ? has_set(typer, call) : check_set(typer, call, member->name.text))) {
            return;
        }
    }
    set_potential(typer, call, STR(""));
}

void type_gwp(struct typer *typer, struct expr *call)
{
    struct expr *gas = call->as.call.args->value;
    if (typer->checked->gases == NULL) { /* a table that cannot serve, which was reported */
        return;
    }
    if (gas->ref.kind == REF_MEMBER && gas->ref.decl == gas_choice(typer)) {
        gas->ref.kind = REF_GAS;
    }
    if (gas->ref.kind != REF_GAS) {
        type_variable_gas(typer, call, gas);
        return;
    }
    gas->type = (struct type){.kind = TYPE_CHOICE, .unit = UNIT_ONE, .decl = gas->ref.decl};
    struct str name = member_of(gas)->name.text;
    if (check_set(typer, call, name)) {
        set_potential(typer, call, tag_of_gas(name));
    }
}
