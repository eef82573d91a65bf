/* Notes: what the exact engine would note, in its words and its order. */
#include <string.h>

#include "base/calendar.h"
#include "base/decimal.h"
#include "vm/fast_run.h"
#include "vm/value_text.h"

/* The exact engine keeps so many for one product (exact_roots.c); where more come, it is to say which. */
enum { NOTES_MAX = 1000 };

/* ---- values as texts ---- */

/* The number that a register stands for, where that is known exactly. */
static bool exact_number(struct fast_run *run, uint32_t instruction, uint32_t row, struct rat *number)
{
    const struct instruction *at = &run->program->code[run->facts[instruction].same];
    const struct fast_register *from = fast_register_of(run, instruction);
    double value = from->as.number[(size_t)row * from->step];
    if (at->op == OP_CONST) {
        *number = run->program->constants[at->a].number;
    } else if (at->op == OP_FIELD) {
        *number = batch_datum(run->arena, run->batch, at->a, row);
    } else if (from->grade & GRADE_DATUM) {
        *number = rat_of_datum(run->arena, value);
    } else if (from->grade & GRADE_EXACT) {
        *number = rat_of_double(run->arena, value);
    } else {
        return false;
    }
    return true;
}

static bool code_text(struct fast_run *run, const struct value_shape *shape, uint32_t code, struct str *text)
{
    if (shape->type == VALUE_MEMBER) {
        *text = run->program->texts[run->program->choices[shape->of].members[code].name];
    } else if (shape->type == VALUE_TEXT) {
        *text = str_format(run->arena, "\"%.*s\"", STR_FMT(run->batch->texts[code]));
    } else if (shape->type == VALUE_KEY || shape->of >= ROW_OF_TABLE) {
        *text = str_format(run->arena, "%lu", (unsigned long)code + 1);
    } else {
        return false; /* rows of lists are numbered otherwise there */
    }
    return true;
}

bool fast_value_text(struct fast_run *run, uint32_t instruction, uint32_t row, struct str *text)
{
    const struct value_shape *shape = &run->shapes[instruction];
    const struct fast_register *from = fast_register_of(run, instruction);
    enum value_form form = (enum value_form)run->facts[instruction].form;
    size_t at = (size_t)row * from->step;
    struct rat number;
    if (fast_is_poison(from, form, row)) {
        return false;
    }
    if (!fast_is_given(from, row)) {
        *text = STR("?");
        return true;
    }
    switch (form) {
    case FORM_NUMBER:
        if (!exact_number(run, instruction, row, &number)) {
            return false;
        }
        *text = value_number_text(run->arena, run->program, run->shapes[instruction].unit, number);
        return true;
    case FORM_WHOLE:
        *text = shape->type == VALUE_DATE ? calendar_text(run->arena, from->as.whole[at])
                                          : str_format(run->arena, "%ld", (long)from->as.whole[at]);
        return true;
    case FORM_CODE:
        return code_text(run, shape, from->as.code[at], text);
    case FORM_FLAG:
        break;
    }
    *text = from->as.flag[at] != 0 ? STR("true") : STR("false");
    return true;
}

bool fast_name(struct fast_run *run, uint32_t instruction, uint32_t row, struct str *text)
{
    const struct fast_register *from = fast_register_of(run, instruction);
    if (run->shapes[instruction].type != VALUE_TEXT) {
        return fast_value_text(run, instruction, row, text);
    }
    uint32_t code = from->as.code[(size_t)row * from->step];
    *text = code == POISON_CODE ? STR("") : run->batch->texts[code];
    return code != POISON_CODE;
}

/* ---- notes of one product ---- */

static bool is_same_note(const struct note *note, enum note_kind kind, uint32_t instruction, struct str detail)
{
    return note->kind == kind && note->instruction == instruction &&
           (kind != NOTE_FACTOR || str_eq(note->detail, detail));
}

static struct note *find_note(const struct fast_run *run, uint32_t product, enum note_kind kind, uint32_t instruction,
                              struct str detail)
{
    struct note *last = run->last_notes[product];
    if (last != NULL && is_same_note(last, kind, instruction, detail)) {
        return last; /* the next row of a list, mostly */
    }
    uint16_t axis = kind == NOTE_LIST_ABSENT ? 0
                    : kind == NOTE_TIE       ? run->program->code[instruction].imm
                                             : run->program->code[instruction].axis;
    if (kind != NOTE_FACTOR && run->prepared->axes[axis].root == 0) {
        return NULL; /* all rows of an instruction come one after the other, but in loops */
    }
    for (struct note *note = run->outcomes[product].notes; note != NULL; note = note->next) {
        if (is_same_note(note, kind, instruction, detail)) {
            return note;
        }
    }
    return NULL;
}

/* A new note; NULL where it is one more row of an earlier one, or the product is left anyway. */
static struct note *add_note(struct fast_run *run, uint32_t product, enum note_kind kind, uint32_t instruction,
                             struct str detail)
{
    if (run->is_left[product] || run->batch->draws != NULL) { /* nobody reads the notes of samples */
        return NULL;
    }
    struct note *same = find_note(run, product, kind, instruction, detail);
    if (same != NULL) {
        same->rows++;
        return NULL;
    }
    if (run->note_counts[product] == NOTES_MAX) {
        fast_mark(run, product);
        return NULL;
    }
    struct note *note = arena_new(&run->batch->arena, struct note);
    *note = (struct note){.kind = kind, .instruction = instruction, .field = NO_INDEX, .rows = 1, .detail = detail};
    if (run->last_notes[product] == NULL) {
        run->outcomes[product].notes = note;
    } else {
        run->last_notes[product]->next = note;
    }
    run->last_notes[product] = note;
    run->note_counts[product]++;
    return note;
}

static struct str keep_text(struct fast_run *run, struct str text)
{
    return text.len == 0 ? STR("") : str_copy(&run->batch->arena, text);
}

/* ---- rows: what stands on the constant axis is noted for every product ---- */

struct products {
    uint32_t from, to;
};

static struct products products_of(const struct fast_run *run, uint16_t axis, uint32_t row)
{
    if (axis == AXIS_ID_CONSTANT) {
        return (struct products){0, run->batch->product_count};
    }
    uint32_t product = fast_product_of(run, axis, row);
    return (struct products){product, product + 1};
}

/* Where a default stands for a datum: the field and its row, through the axes it was spread over. */
static struct str default_path(struct fast_run *run, const struct instruction *at, uint32_t row, uint32_t *field)
{
    const struct instruction *source = &run->program->code[at->a];
    uint32_t source_row = row;
    while (source->op == OP_SPREAD) {
        const struct instruction *outer = &run->program->code[source->a];
        source_row = fast_rows_up(run, source->axis, outer->axis)[source_row];
        source = outer;
    }
    if (source->op != OP_FIELD) {
        return fast_row_path(run, at->axis, row);
    }
    *field = source->a;
    struct str name = run->program->texts[run->program->fields[source->a].name];
    struct str outer = fast_row_path(run, source->axis, source_row);
    return outer.len == 0 ? name : str_join(run->arena, (const struct str[]){outer, name}, 2, STR("."));
}

/* Texts of values are dear, and the same few defaults are taken by most products: a small memory of them, by
 * instruction and value. */
enum { DETAILS = 256 };
struct detail {
    uint32_t instruction;
    uint64_t bits;   /* of the value */
    struct str text; /* NULL: free */
};

static uint64_t value_bits(const struct fast_run *run, uint32_t instruction, uint32_t row)
{
    const struct fast_register *from = fast_register_of(run, instruction);
    size_t at = (size_t)row * from->step;
    uint64_t bits = 0;
    switch ((enum value_form)run->facts[instruction].form) {
    case FORM_NUMBER:
        memcpy(&bits, &from->as.number[at], sizeof bits);
        break;
    case FORM_WHOLE:
    case FORM_CODE:
        bits = from->as.code[at];
        break;
    case FORM_FLAG:
        bits = from->as.flag[at];
        break;
    }
    return fast_is_given(from, row) ? bits : ~bits;
}

/* The value taken instead. False where its text is not known. */
static bool default_detail(struct fast_run *run, uint32_t instruction, uint32_t row, struct str *text)
{
    uint32_t value = run->program->code[instruction].b;
    const struct instruction *source = &run->program->code[run->facts[value].same];
    if (run->details == NULL) {
        run->details = arena_array(run->arena, struct detail, DETAILS);
    }
    uint64_t bits = value_bits(run, value, row);
    uint64_t hash = (bits ^ instruction) * UINT64_C(0x9E3779B97F4A7C15);
    struct detail *detail = &run->details[hash >> 56];
    bool is_kept = detail->text.at != NULL && detail->instruction == instruction && detail->bits == bits;
    bool is_of_its_row = source->op == OP_FIELD && run->has_exact_cells[source->a];
    if (!is_kept || is_of_its_row) {
        if (!fast_value_text(run, value, row, text)) {
            return false;
        }
        *detail = (struct detail){instruction, bits, str_copy(&run->batch->arena, *text)};
    }
    *text = detail->text;
    return true;
}

void fast_note_default(struct fast_run *run, uint32_t instruction, uint32_t row)
{
    const struct instruction *at = &run->program->code[instruction];
    struct products products = products_of(run, at->axis, row);
    for (uint32_t p = products.from; p < products.to; p++) {
        struct note *note = add_note(run, p, NOTE_DEFAULT, instruction, STR(""));
        if (note == NULL) {
            continue;
        }
        note->path = keep_text(run, default_path(run, at, row, &note->field));
        if (!default_detail(run, instruction, row, &note->detail)) {
            fast_mark(run, p);
        }
    }
}

void fast_note_factor(struct fast_run *run, uint32_t instruction, uint32_t row, const struct factor_value *slot,
                      struct str asked)
{
    uint16_t axis = run->program->code[instruction].axis;
    struct products products = products_of(run, axis, row);
    for (uint32_t p = products.from; p < products.to; p++) {
        struct note *note = add_note(run, p, NOTE_FACTOR, instruction, asked);
        if (note != NULL) {
            note->factor = slot;
            note->path = keep_text(run, fast_row_path(run, axis, row));
        }
    }
}

void fast_note_tie(struct fast_run *run, uint32_t instruction, uint32_t row, uint32_t best, uint32_t equal)
{
    const struct instruction *at = &run->program->code[instruction];
    struct note *note = add_note(run, fast_product_of(run, at->axis, row), NOTE_TIE, instruction, STR(""));
    if (note != NULL) {
        note->path = keep_text(run, fast_row_path(run, at->imm, best));
        note->detail = keep_text(run, fast_row_path(run, at->imm, equal));
    }
}

void fast_note_warning(struct fast_run *run, uint32_t instruction, uint32_t row)
{
    uint16_t axis = run->program->code[instruction].axis;
    struct products products = products_of(run, axis, row);
    for (uint32_t p = products.from; p < products.to; p++) {
        struct note *note = add_note(run, p, NOTE_WARNING, instruction, STR(""));
        if (note != NULL) {
            note->path = keep_text(run, fast_row_path(run, axis, row));
        }
    }
}

void fast_note_absent_lists(struct fast_run *run)
{
    for (uint32_t f = 0; f < run->program->field_count; f++) {
        const struct prog_field *field = &run->program->fields[f];
        if (!field->is_list || field->parent != NO_INDEX) {
            continue;
        }
        for (uint32_t p = 0; p < run->batch->product_count; p++) {
            if (!run->batch->columns[f].given[p]) {
                struct note *note = add_note(run, p, NOTE_LIST_ABSENT, f, STR(""));
                if (note != NULL) {
                    note->instruction = NO_OPERAND;
                    note->field = f;
                    note->path = run->program->texts[field->name];
                }
            }
        }
    }
}

/* ---- order ---- */

static bool is_in_order(const struct note *note)
{
    for (; note != NULL && note->next != NULL; note = note->next) {
        if (note->instruction > note->next->instruction) {
            return false;
        }
    }
    return true;
}

/* A stable sort by insertion: there are few, and nearly in order. */
static struct note *sorted(struct note *notes)
{
    struct note *first = NULL;
    while (notes != NULL) {
        struct note *note = notes;
        notes = notes->next;
        struct note **place = &first;
        while (*place != NULL && (*place)->instruction <= note->instruction) {
            place = &(*place)->next;
        }
        note->next = *place;
        *place = note;
    }
    return first;
}

void fast_sort_notes(struct fast_run *run)
{
    for (uint32_t p = 0; p < run->batch->product_count; p++) {
        if (!is_in_order(run->outcomes[p].notes)) {
            run->outcomes[p].notes = sorted(run->outcomes[p].notes);
        }
    }
}
