#include "base/calendar.h"
#include "base/decimal.h"
#include "compiler/types.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"

static void check_shape(struct typer *typer, struct decl *table);
static void type_row(struct typer *typer, struct decl *table, struct table_row *row);
static void convert_row(struct typer *typer, const struct decl *table, struct table_row *row);

void type_table(struct typer *typer, struct decl *table)
{
    check_shape(typer, table);
    const struct decl *last_key = table->as.table.keys;
    while (last_key != NULL && last_key->next != NULL) {
        last_key = last_key->next;
    }
    for (struct pattern *pattern = table->as.table.matrix; pattern != NULL && last_key != NULL;
         pattern = pattern->next) {
        if (!type_pattern(typer, pattern, &last_key->type, true)) {
            pattern->kind = PATTERN_ERROR;
        }
    }
    for (struct table_row *row = table->as.table.rows; row != NULL; row = row->next) {
        if (row->is_read) {
            convert_row(typer, table, row);
        }
        type_row(typer, table, row);
    }
}

/* ---- shape ------------------------------------------------------------------------------------------------------ */

static size_t count_decls(const struct decl *first)
{
    size_t count = 0;
    for (; first != NULL; first = first->next) {
        count++;
    }
    return count;
}

static size_t count_patterns(const struct pattern *first)
{
    size_t count = 0;
    for (; first != NULL; first = first->next) {
        count++;
    }
    return count;
}

static void check_shape(struct typer *typer, struct decl *table)
{
    const struct decl *keys = table->as.table.keys;
    size_t count = count_decls(keys);
    bool is_matrix = table->as.table.matrix != NULL;
    if (count == 0 || count > LIMIT_TABLE_DIMENSIONS) {
        struct str most = str_format(typer->arena, "%d", LIMIT_TABLE_DIMENSIONS);
        diag_add(typer->out, D_TABLE_KEYS, table->name.at, DIAG_ARGS(most));
    }
    if (is_matrix && count_decls(table->as.table.columns) != 1) {
        diag_add(typer->out, D_MATRIX_COLUMNS, table->as.table.matrix->at, NULL, 0);
        table->is_broken = true; /* what its rows are is not known */
    }
    if (table->attributes.is_symmetric &&
        (count != 2 || is_matrix || !types_agree(typer, &keys->type, &keys->next->type))) {
        diag_add(typer->out, D_SYMMETRIC_KEYS, table->attributes.symmetric_at, NULL, 0);
    }
    if (table->as.table.rows == NULL && table->attributes.from.len == 0 && !typer->is_broken) {
        diag_add(typer->out, D_TABLE_EMPTY, table->name.at, DIAG_ARGS(table->name.text));
    }
}

/* ---- cells of a CSV file: the text becomes what the type of its column says ------------------------------------- */

static bool is_decimal(struct typer *typer, struct str text)
{
    struct rat value;
    return decimal_to_rat(typer->arena, text, &value);
}

static void make_number(struct expr *expr, struct str digits)
{
    expr->kind = EXPR_NUMBER;
    expr->as.number.digits = digits;
    expr->as.number.unit_text = STR("");
    expr->as.number.unit = UNIT_ONE;
    expr->as.number.is_parenthesised = false;
}

/* The member that a cell names, by name, by another spelling or by its code in data; NULL where none. */
static const struct decl *member_of_cell(const struct typer *typer, const struct decl *choice, struct str text)
{
    uint32_t alias;
    struct str first = text;
    if (map_get(&typer->checked->aliases, text, &alias)) {
        first = typer->checked->alias_first[alias];
    }
    for (const struct decl *member = choice->as.choice.members; member != NULL; member = member->next) {
        bool is_code = member->as.member.has_code && str_eq(member->as.member.code, text);
        if (is_code || str_eq(member->name.text, first)) {
            return member;
        }
    }
    return NULL;
}

static void convert_cell(struct typer *typer, struct expr *expr, const struct type *type)
{
    struct str text = expr->as.text;
    bool is_right = true;
    switch (type->kind) {
    case TYPE_NUMBER:
    case TYPE_YEAR: {
        int32_t year;
        is_right = is_decimal(typer, text);
        make_number(expr, text);
        is_right = is_right && (type->kind == TYPE_NUMBER || literal_year(expr, &year));
        break;
    }
    case TYPE_CHOICE: {
        const struct decl *member = member_of_cell(typer, type->decl, text);
        expr->kind = member == NULL ? EXPR_ERROR : EXPR_NAME;
        expr->as.name = (struct name){member == NULL ? text : member->name.text, expr->at};
        if (member == NULL) {
            report_unknown_choice_member(typer, type->decl, expr->as.name);
        }
        break;
    }
    case TYPE_BOOL: {
        enum predefined word = predefined_lookup(text);
        is_right = word == PREDEFINED_TRUE || word == PREDEFINED_FALSE;
        expr->kind = EXPR_NAME;
        expr->as.name = (struct name){text, expr->at};
        expr->ref = (struct ref){.kind = REF_PREDEFINED, .index = (uint32_t)word};
        break;
    }
    case TYPE_DATE: {
        int32_t day;
        is_right = calendar_read(text, &day);
        expr->kind = EXPR_DATE;
        break;
    }
    case TYPE_ERROR:
    case TYPE_TEXT:
    case TYPE_REGION:
    case TYPE_ROW:
    case TYPE_LIST:
        break;
    }
    if (!is_right) {
        struct str column = str_format(typer->arena, "%p", (const void *)type);
        diag_add_about(typer->out, D_CSV_CELL, column, expr->at, DIAG_ARGS(text, type_text(typer, type)));
        expr->kind = EXPR_ERROR;
    }
}

static void convert_key(struct typer *typer, struct pattern *pattern, const struct decl *key)
{
    const struct type *type = &key->type;
    if (type->kind == TYPE_CHOICE) {
        const struct decl *member = member_of_cell(typer, type->decl, pattern->text);
        pattern->kind = member == NULL ? PATTERN_ERROR : PATTERN_NAME;
        pattern->name = (struct name){member == NULL ? pattern->text : member->name.text, pattern->at};
        if (member == NULL) {
            report_unknown_choice_member(typer, type->decl, pattern->name);
        }
    } else if (type->kind == TYPE_YEAR) {
        pattern->kind = PATTERN_NUMBER;
        pattern->value = arena_new(typer->arena, struct expr);
        pattern->value->at = pattern->at;
        make_number(pattern->value, pattern->text);
    } else if (type->kind == TYPE_NUMBER) {
        diag_add_about(typer->out, D_CSV_STEPS, decl_key(typer->arena, key), pattern->at, NULL, 0);
        pattern->kind = PATTERN_ERROR;
    }
}

static void convert_row(struct typer *typer, const struct decl *table, struct table_row *row)
{
    const struct decl *key = table->as.table.keys;
    for (struct pattern *pattern = row->patterns; pattern != NULL && key != NULL; pattern = pattern->next) {
        convert_key(typer, pattern, key);
        key = key->next;
    }
    const struct decl *column = table->as.table.columns;
    for (struct cell *cell = row->cells; cell != NULL && column != NULL; cell = cell->next) {
        if (cell->value != NULL) {
            convert_cell(typer, cell->value, &column->type);
        }
        column = column->next;
    }
}

/* ---- one row ---------------------------------------------------------------------------------------------------- */

static void note_unit(void *context, struct expr *expr)
{
    bool *has_unit = context;
    *has_unit |= expr->kind == EXPR_NUMBER && expr->as.number.unit_text.len > 0;
}

/* A plain number counts in the unit of the column, be it written as a formula in parentheses. */
static bool takes_unit_of(struct typer *typer, const struct decl *column, struct expr *value)
{
    struct type plain = number_type(typer, kind_one());
    bool has_unit = false;
    expr_walk(value, note_unit, &has_unit);
    if (value->kind == EXPR_NUMBER) {
        return !has_unit;
    }
    bool is_percent = kind_eq(column->type.unit.kind, kind_one());
    return is_percent ? !has_unit : types_agree(typer, &value->type, &plain);
}

static void type_cell(struct typer *typer, struct cell *cell, const struct decl *column)
{
    struct expr *value = cell->value;
    if (value == NULL) {
        if (!column->attributes.is_optional) {
            struct diag *diag = diag_add_about(typer->out, D_CELL_MISSING, decl_key(typer->arena, column), cell->at,
                                               DIAG_ARGS(column->name.text));
            if (diag != NULL) {
                diag_label(typer->out, diag, column->at, T_FIRST_HERE, NULL, 0);
            }
        }
        return;
    }
    struct type wanted = column->type;
    wanted.is_optional = false;
    if (column->type.kind == TYPE_ERROR || value->kind == EXPR_ERROR) {
        return;
    }
    type_value(typer, value, &wanted);
    if (is_error(value) || !type_constant(typer, value)) {
        return;
    }
    if (wanted.kind == TYPE_NUMBER && value->type.kind == TYPE_NUMBER && takes_unit_of(typer, column, value)) {
        cell->takes_unit = true;
        return;
    }
    if (!types_agree(typer, &value->type, &wanted)) {
        report_disagreement(typer, value->at, (struct side){.expr = value, .type = value->type},
                            (struct side){.decl = column, .type = wanted});
    }
}

/* Rows with the same number too many or too few: what is wrong is more likely the head of the table. */
static void report_count(struct typer *typer, enum diag_code code, const struct decl *table,
                         const struct table_row *row, size_t found, size_t wanted)
{
    struct str about = str_format(typer->arena, "%.*s:%zu", STR_FMT(decl_key(typer->arena, table)), found);
    diag_add_about(typer->out, code, about, row->at,
                   DIAG_ARGS(str_format(typer->arena, "%zu", found), str_format(typer->arena, "%zu", wanted)));
}

static void type_row(struct typer *typer, struct decl *table, struct table_row *row)
{
    if (table->is_broken) {
        return; /* a key or a column may have been lost */
    }
    size_t matrix = count_patterns(table->as.table.matrix);
    size_t keys = count_decls(table->as.table.keys) - (matrix > 0 ? 1 : 0);
    size_t values = matrix > 0 ? matrix : count_decls(table->as.table.columns);
    size_t cells = 0;
    for (const struct cell *cell = row->cells; cell != NULL; cell = cell->next) {
        cells++;
    }
    bool is_whole = !typer->is_broken; /* a slip of syntax tears rows apart */
    if (is_whole && count_patterns(row->patterns) != keys) {
        report_count(typer, D_ROW_KEYS, table, row, count_patterns(row->patterns), keys);
    } else if (is_whole && cells != values) {
        report_count(typer, D_ROW_CELLS, table, row, cells, values);
    }
    const struct decl *key = table->as.table.keys;
    for (struct pattern *pattern = row->patterns; pattern != NULL && key != NULL; pattern = pattern->next) {
        if (!type_pattern(typer, pattern, &key->type, true)) {
            pattern->kind = PATTERN_ERROR;
        }
        key = key->next;
    }
    const struct decl *column = table->as.table.columns;
    for (struct cell *cell = row->cells; cell != NULL && column != NULL; cell = cell->next) {
        type_cell(typer, cell, column);
        column = matrix > 0 ? column : column->next;
    }
}

/* ---- constants -------------------------------------------------------------------------------------------------- */

static bool depends_on_data(const struct expr *expr)
{
    switch (expr->ref.kind) {
    case REF_DECL:
        return expr->ref.decl->kind != DECL_LET || !expr->ref.decl->is_constant;
    case REF_PARAM:
    case REF_FIELD:
    case REF_COLUMN:
    case REF_FLOW:
    case REF_BINDER:
    case REF_CATEGORY:
        return true;
    case REF_PREDEFINED:
        return expr->kind == EXPR_COMPREHENSION || expr->ref.index == PREDEFINED_TOTAL ||
               predefined_is_emitted(expr->ref.index);
    case REF_NONE:
    case REF_WHOLE:
    case REF_MEMBER:
    case REF_ROUNDING:
    case REF_GAS:
        return expr->kind == EXPR_COMPREHENSION;
    }
    return true;
}

static void find_data(void *context, struct expr *expr)
{
    const struct expr **culprit = context;
    if (*culprit == NULL && depends_on_data(expr)) {
        *culprit = expr;
    }
}

bool expr_is_constant(struct expr *expr)
{
    const struct expr *culprit = NULL;
    expr_walk(expr, find_data, &culprit);
    return culprit == NULL;
}

bool type_constant(struct typer *typer, struct expr *expr)
{
    const struct expr *culprit = NULL;
    expr_walk(expr, find_data, &culprit);
    if (culprit != NULL) {
        diag_add(typer->out, D_DATA_IN_CONSTANT, culprit->at, NULL, 0);
    }
    return culprit == NULL;
}
