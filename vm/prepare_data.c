/* Constants and tables of a program as the fast engine reads them. */
#include <math.h>

#include "base/decimal.h"
#include "vm/prepare.h"

static struct constant_number number_of(struct arena *scratch, struct rat number)
{
    struct constant_number made = {.value = rat_to_double(number), .grade = GRADE_NEAREST};
    double size = made.value < 0 ? -made.value : made.value;
    if (rat_sign(number) != 0 && !(size >= 1e-250 && size <= 1e250)) {
        return (struct constant_number){.value = NAN};
    }
    if (rat_eq(rat_of_double(scratch, made.value), number)) {
        made.grade |= GRADE_EXACT;
    }
    if (rat_eq(rat_of_datum(scratch, made.value), number)) {
        made.grade |= GRADE_DATUM;
    }
    if (number.big == NULL && number.num == 1 && !(made.grade & GRADE_EXACT)) {
        struct rat inverse = {number.den, 1, NULL};
        double divisor = rat_to_double(inverse);
        made.divisor = rat_eq(rat_of_double(scratch, divisor), inverse) ? divisor : 0;
    }
    return made;
}

static void make_constants(struct arena *arena, struct prepared *prepared)
{
    const struct program *program = prepared->program;
    prepared->constants = arena_array(arena, struct constant_number, program->constant_count);
    struct arena scratch = {.on_exhausted = arena->on_exhausted};
    for (uint32_t i = 0; i < program->constant_count; i++) {
        if (program->constants[i].type == VALUE_NUMBER) {
            struct arena_mark mark = arena_mark(&scratch);
            prepared->constants[i] = number_of(&scratch, program->constants[i].number);
            arena_reset(&scratch, mark);
        }
    }
    arena_free(&scratch);
}

/* ---- tables ---- */

static uint32_t code_of(const struct prog_const *constant)
{
    int64_t code = constant->text;
    if (constant->type != VALUE_TEXT) {
        (void)rat_to_i64(constant->number, &code);
    }
    return (uint32_t)code;
}

static void allocate_column(struct arena *arena, struct table_column *to, enum value_type type, uint32_t rows)
{
    to->given = arena_array(arena, uint8_t, rows);
    switch (type) {
    case VALUE_NUMBER:
        to->as.number = arena_array(arena, double, rows);
        break;
    case VALUE_YEAR:
    case VALUE_DATE:
        to->as.whole = arena_array(arena, int32_t, rows);
        break;
    case VALUE_BOOL:
        to->as.flag = arena_array(arena, uint8_t, rows);
        break;
    case VALUE_MEMBER:
    case VALUE_TEXT:
    case VALUE_ROW:
    case VALUE_KEY:
        to->as.code = arena_array(arena, uint32_t, rows);
        break;
    }
}

/* The size of the number, or what was larger before; with a share for its rounding. */
static double widest(double most, double number)
{
    double size = (number < 0 ? -number : number) * (1 + 0x1p-52);
    return number != number ? INFINITY : size > most ? size : most;
}

static void fill_cell(const struct prepared *prepared, struct table_column *to, enum value_type type, uint32_t row,
                      uint32_t cell)
{
    const struct prog_const *constant = &prepared->program->constants[cell];
    to->given[row] = 1;
    switch (type) {
    case VALUE_NUMBER:
        to->as.number[row] = prepared->constants[cell].value;
        to->grade &= prepared->constants[cell].grade;
        to->grid = grid_join(to->grid, grid_of_rat(constant->number));
        to->most = widest(to->most, to->as.number[row]);
        break;
    case VALUE_YEAR:
    case VALUE_DATE:
        to->as.whole[row] = (int32_t)code_of(constant);
        break;
    case VALUE_BOOL:
        to->as.flag[row] = code_of(constant) != 0;
        break;
    case VALUE_MEMBER:
    case VALUE_TEXT:
    case VALUE_ROW:
    case VALUE_KEY:
        to->as.code[row] = code_of(constant);
        break;
    }
}

static void make_column(struct arena *arena, struct prepared *prepared, uint32_t table, uint32_t column)
{
    const struct prog_table *from = &prepared->program->tables[table];
    const struct prog_column *cells = &from->columns[column];
    struct table_column *to = &prepared->columns[table][column];
    if (to->given != NULL) {
        return;
    }
    to->grade = GRADE_NEAREST | GRADE_EXACT | GRADE_DATUM;
    to->grid = GRID_ZERO;
    allocate_column(arena, to, (enum value_type)cells->type, from->row_count);
    for (uint32_t r = 0; r < from->row_count; r++) {
        if (cells->cells[r] != NO_INDEX) {
            fill_cell(prepared, to, (enum value_type)cells->type, r, cells->cells[r]);
        }
    }
}

static void make_keys(struct arena *arena, struct prepared *prepared, uint32_t table, uint32_t dimension)
{
    const struct program *program = prepared->program;
    const struct prog_dimension *from = &program->tables[table].dimensions[dimension];
    struct table_keys *to = &prepared->keys[table][dimension];
    if (from->type == VALUE_TEXT && to->code_of_text == NULL) {
        to->code_of_text = arena_array(arena, uint32_t, program->text_count);
        for (uint32_t i = 0; i < program->text_count; i++) {
            to->code_of_text[i] = NO_INDEX;
        }
        for (uint32_t k = 0; k < from->key_count; k++) {
            to->code_of_text[program->constants[from->keys[k]].text] = k;
        }
    }
    if (from->type == VALUE_NUMBER && to->limits == NULL) {
        to->limits = arena_array(arena, double, from->key_count);
        to->grades = arena_array(arena, uint8_t, from->key_count);
        for (uint32_t k = 0; k < from->key_count; k++) {
            to->limits[k] = prepared->constants[from->keys[k]].value;
            to->grades[k] = prepared->constants[from->keys[k]].grade;
        }
    }
}

void prepare_constants(struct arena *arena, struct prepared *prepared)
{
    const struct program *program = prepared->program;
    make_constants(arena, prepared);
    prepared->columns = arena_array(arena, struct table_column *, program->table_count);
    prepared->keys = arena_array(arena, struct table_keys *, program->table_count);
    for (uint32_t t = 0; t < program->table_count; t++) {
        prepared->columns[t] = arena_array(arena, struct table_column, program->tables[t].column_count);
        prepared->keys[t] = arena_array(arena, struct table_keys, LIMIT_TABLE_DIMENSIONS);
    }
    for (uint32_t i = 0; i < program->code_count; i++) {
        const struct instruction *at = &program->code[i];
        if (at->op == OP_COLUMN) {
            uint32_t table = prepared->verified->shapes[at->a].of & ~ROW_OF_TABLE;
            make_column(arena, prepared, table, at->imm);
        } else if (at->op == OP_KEY || at->op == OP_STEP_KEY) {
            make_keys(arena, prepared, at->imm, at->b);
        }
    }
}
