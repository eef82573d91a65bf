#include "vm/sample_batch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "vm/record.h"
#include "vm/value_text.h"

/* ---- which rows are the product's ---- */

struct range {
    uint32_t from, count;
};

/* Rows of the axis of a list, or with NO_INDEX of products. */
static struct range rows_of(const struct batch *batch, uint32_t product, uint32_t list)
{
    if (list == NO_INDEX) {
        return (struct range){product, 1};
    }
    struct range outer = rows_of(batch, product, batch->program->fields[list].parent);
    const uint32_t *first = batch->lists[list].first;
    return (struct range){first[outer.from], first[outer.from + outer.count] - first[outer.from]};
}

uint32_t sample_rows(const struct batch *batch, uint32_t product)
{
    uint32_t most = 1;
    for (uint32_t f = 0; f < batch->program->field_count; f++) {
        if (batch->program->fields[f].is_list) {
            uint32_t rows = rows_of(batch, product, f).count;
            most = rows > most ? rows : most;
        }
    }
    return most;
}

/* ---- what is uncertain ---- */

/* By field: does the program look at it? */
static bool *read_fields(struct arena *arena, const struct program *program)
{
    bool *is_read = arena_array(arena, bool, program->field_count);
    for (uint32_t i = 0; i < program->code_count; i++) {
        if (program->code[i].op == OP_FIELD) {
            is_read[program->code[i].a] = true;
        }
    }
    return is_read;
}

/* The key of the row where the list has one, else its number, from 1. */
static struct str row_identity(struct arena *arena, const struct batch *batch, uint32_t list, uint32_t row,
                               uint32_t number)
{
    const struct program *program = batch->program;
    uint32_t key = program->fields[list].key;
    if (key == NO_INDEX || !batch->columns[key].given[row]) {
        return str_format(arena, "%lu", (unsigned long)number);
    }
    const struct prog_field *field = &program->fields[key];
    const struct column *column = &batch->columns[key];
    switch ((enum value_type)field->type) {
    case VALUE_NUMBER:
        return value_number_text(arena, program, field->unit, batch_datum(arena, batch, key, row));
    case VALUE_YEAR:
    case VALUE_DATE:
        return str_format(arena, "%ld", (long)column->as.whole[row]);
    case VALUE_MEMBER:
        return program->texts[program->choices[field->choice].members[column->as.code[row]].code];
    case VALUE_TEXT:
        return batch->texts[column->as.code[row]];
    case VALUE_BOOL: /* is no key */
    case VALUE_ROW:
    case VALUE_KEY:
        break;
    }
    return STR("");
}

/* The row of the parent's axis in which a row of the list lies. */
static uint32_t parent_row(const struct batch *batch, uint32_t product, uint32_t list, uint32_t row)
{
    const uint32_t *first = batch->lists[list].first;
    struct range outer = rows_of(batch, product, batch->program->fields[list].parent);
    uint32_t at = outer.from;
    uint32_t end = outer.from + outer.count;
    while (end - at > 1) { /* the last one that begins at or before the row */
        uint32_t middle = at + (end - at) / 2;
        if (first[middle] <= row) {
            at = middle;
        } else {
            end = middle;
        }
    }
    return at;
}

static void add_row_identity(struct buf *out, const struct batch *batch, uint32_t product, uint32_t list, uint32_t row)
{
    if (list == NO_INDEX) {
        return;
    }
    uint32_t outer = parent_row(batch, product, list, row);
    uint32_t number = row - batch->lists[list].first[outer] + 1;
    add_row_identity(out, batch, product, batch->program->fields[list].parent, outer); /* no deeper than lists are */
    buf_char(out, '\n');
    buf_add(out, batch->program->texts[batch->program->fields[list].name]);
    buf_char(out, '\n');
    buf_add(out, row_identity(out->arena, batch, list, row, number));
}

static uint64_t identity_of(struct arena *arena, const struct batch *batch, uint32_t product, uint32_t field,
                            uint32_t row)
{
    struct buf text = buf_in(arena);
    buf_add(&text, STR("datum\n"));
    buf_add(&text, batch->products[product].id);
    add_row_identity(&text, batch, product, batch->program->fields[field].parent, row);
    buf_char(&text, '\n');
    buf_add(&text, batch->program->texts[batch->program->fields[field].name]);
    return uncertainty_identity(buf_str(&text));
}

static double bound_of(const struct program *program, uint32_t constant, double otherwise)
{
    return constant == NO_INDEX ? otherwise : rat_to_double(program->constants[constant].number);
}

struct uncertain_datum *sample_uncertain_data(struct arena *arena, const struct batch *batch, uint32_t product,
                                              size_t *count)
{
    const struct program *program = batch->program;
    struct uncertain_datum *data = arena_array(arena, struct uncertain_datum, batch->about_count);
    const bool *is_read = read_fields(arena, program);
    *count = 0;
    for (uint32_t i = 0; i < batch->about_count; i++) {
        const struct about *about = &batch->abouts[i];
        const struct prog_field *field = &program->fields[about->field];
        struct range rows = rows_of(batch, product, field->parent);
        bool is_ours = about->row >= rows.from && about->row - rows.from < rows.count;
        if (is_ours && about->uncertainty.kind != DISTRIBUTION_NONE && is_read[about->field]) {
            data[(*count)++] =
                (struct uncertain_datum){.field = about->field,
                                         .row = about->row,
                                         .uncertainty = &about->uncertainty,
                                         .identity = identity_of(arena, batch, product, about->field, about->row),
                                         .low = bound_of(program, field->low, -HUGE_VAL),
                                         .high = bound_of(program, field->high, HUGE_VAL)};
        }
    }
    return data;
}

/* ---- the batch ---- */

/* The rows from .. of an array of such items, `times` over. */
static void *repeated(struct arena *arena, const void *items, struct range rows, size_t size, uint32_t times)
{
    size_t len = rows.count * size;
    char *made = arena_alloc(arena, (size_t)rows.count * times, size);
    for (uint32_t s = 0; s < times && len > 0; s++) {
        memcpy(made + s * len, (const char *)items + rows.from * size, len);
    }
    return made;
}

static void repeat_column(struct batch *samples, const struct batch *batch, uint32_t field, struct range rows)
{
    struct arena *arena = &samples->arena;
    const struct column *from = &batch->columns[field];
    struct column *to = &samples->columns[field];
    uint32_t times = samples->product_count;
    to->given = repeated(arena, from->given, rows, sizeof *from->given, times);
    if (batch->program->fields[field].is_list) {
        return;
    }
    switch ((enum value_type)batch->program->fields[field].type) {
    case VALUE_NUMBER:
        to->as.number = repeated(arena, from->as.number, rows, sizeof *from->as.number, times);
        break;
    case VALUE_BOOL:
        to->as.flag = repeated(arena, from->as.flag, rows, sizeof *from->as.flag, times);
        break;
    case VALUE_YEAR:
    case VALUE_DATE:
        to->as.whole = repeated(arena, from->as.whole, rows, sizeof *from->as.whole, times);
        break;
    case VALUE_MEMBER:
    case VALUE_TEXT:
    case VALUE_ROW: /* no types of data */
    case VALUE_KEY:
        to->as.code = repeated(arena, from->as.code, rows, sizeof *from->as.code, times);
        break;
    }
}

static void repeat_list(struct batch *samples, const struct batch *batch, uint32_t product, uint32_t list)
{
    struct range outer = rows_of(batch, product, batch->program->fields[list].parent);
    struct range inner = rows_of(batch, product, list);
    const uint32_t *first = batch->lists[list].first;
    uint32_t times = samples->product_count;
    uint32_t *made = arena_array(&samples->arena, uint32_t, (size_t)outer.count * times + 1);
    for (uint32_t s = 0; s < times; s++) {
        for (uint32_t p = 0; p < outer.count; p++) {
            made[s * outer.count + p] = s * inner.count + first[outer.from + p] - inner.from;
        }
    }
    made[outer.count * times] = inner.count * times;
    samples->lists[list] = (struct list_rows){inner.count * times, made};
}

/* "parts[2].m" */
static struct str path_of(struct arena *arena, const struct batch *batch, uint32_t product, uint32_t field,
                          uint32_t row)
{
    const struct prog_field *declared = &batch->program->fields[field];
    struct str name = batch->program->texts[declared->name];
    for (uint32_t list = declared->parent; list != NO_INDEX; list = batch->program->fields[list].parent) {
        uint32_t outer = parent_row(batch, product, list, row);
        struct str of = batch->program->texts[batch->program->fields[list].name];
        unsigned long number = row - batch->lists[list].first[outer] + 1;
        name = str_format(arena, "%.*s[%lu].%.*s", STR_FMT(of), number, STR_FMT(name));
        row = outer;
    }
    return name;
}

static int compare_places(const void *a, const void *b)
{
    const struct uncertain_datum *left = a;
    const struct uncertain_datum *right = b;
    if (left->field != right->field) {
        return left->field < right->field ? -1 : 1;
    }
    return (left->row > right->row) - (left->row < right->row);
}

/* The data are in the order of what the batch says about them: by field, then by row. */
static bool is_drawn(const struct sample_wanted *wanted, uint32_t field, uint32_t row)
{
    const struct uncertain_datum place = {.field = field, .row = row};
    return wanted->datum_count > 0 &&
           bsearch(&place, wanted->data, wanted->datum_count, sizeof place, compare_places) != NULL;
}

/* Those of the product that are not drawn, with rows counted from its first. */
static struct exact_cell *own_cells(struct arena *arena, const struct batch *batch, uint32_t product,
                                    const struct sample_wanted *wanted, uint32_t *count)
{
    struct exact_cell *cells = arena_array(arena, struct exact_cell, batch->exact_count);
    *count = 0;
    for (uint32_t i = 0; i < batch->exact_count; i++) {
        struct exact_cell cell = batch->exact[i];
        struct range rows = rows_of(batch, product, batch->program->fields[cell.field].parent);
        bool is_ours = cell.row >= rows.from && cell.row - rows.from < rows.count;
        if (is_ours && !is_drawn(wanted, cell.field, cell.row)) {
            cell.row -= rows.from;
            cells[(*count)++] = cell;
        }
    }
    return cells;
}

/* By field, then by row, as those of the batch are. */
static void repeat_exact(struct batch *samples, const struct batch *batch, uint32_t product,
                         const struct sample_wanted *wanted)
{
    uint32_t count = 0;
    uint32_t next = 0;
    const struct exact_cell *own = own_cells(&samples->arena, batch, product, wanted, &count);
    samples->exact = arena_array(&samples->arena, struct exact_cell, (size_t)count * wanted->count);
    for (uint32_t from = 0; from < count; from = next) {
        uint32_t rows = rows_of(batch, product, batch->program->fields[own[from].field].parent).count;
        while (next < count && own[next].field == own[from].field) {
            next++;
        }
        for (uint32_t s = 0; s < wanted->count; s++) {
            for (uint32_t i = from; i < next; i++) {
                struct exact_cell *cell = &samples->exact[samples->exact_count++];
                *cell = own[i];
                cell->row += s * rows;
            }
        }
    }
}

static void refuse_sample(struct batch *samples, uint32_t sample, struct str path)
{
    struct product *product = &samples->products[sample];
    product->is_bound = false;
    place_report(&product->messages, D_NO_DRAW, (struct data_place){.file = STR("")}, DIAG_ARGS(path), product->id,
                 STR(""));
}

static void draw(struct batch *samples, const struct batch *batch, uint32_t product, const struct sample_wanted *wanted)
{
    for (size_t i = 0; i < wanted->datum_count; i++) {
        const struct uncertain_datum *datum = &wanted->data[i];
        struct range rows = rows_of(batch, product, batch->program->fields[datum->field].parent);
        double *to = samples->columns[datum->field].as.number + (datum->row - rows.from);
        for (uint32_t s = 0; s < wanted->count; s++) {
            double drawn = uncertainty_draw(datum->uncertainty, wanted->seed, datum->identity, wanted->first + s,
                                            datum->low, datum->high);
            if (isnan(drawn)) {
                refuse_sample(samples, s,
                              path_of(&samples->arena, batch, product, datum->field,
                                      datum->row)); /* and the datum itself stays as a placeholder */
            } else {
                to[(size_t)s * rows.count] = drawn;
            }
        }
    }
}

void sample_batch(struct batch *samples, const struct batch *batch, uint32_t product,
                  const struct sample_wanted *wanted)
{
    const struct program *program = batch->program;
    struct arena *arena = &samples->arena;
    samples->program = program;
    samples->product_count = wanted->count;
    samples->products = arena_array(arena, struct product, wanted->count);
    for (uint32_t s = 0; s < wanted->count; s++) {
        samples->products[s] = batch->products[product];
        samples->products[s].messages = diags_in(arena);
    }
    samples->lists = arena_array(arena, struct list_rows, program->field_count);
    samples->columns = arena_array(arena, struct column, program->field_count);
    for (uint32_t f = 0; f < program->field_count; f++) {
        repeat_column(samples, batch, f, rows_of(batch, product, program->fields[f].parent));
        if (program->fields[f].is_list) {
            repeat_list(samples, batch, product, f);
        }
    }
    repeat_exact(samples, batch, product, wanted);
    samples->texts = batch->texts;
    samples->text_count = batch->text_count;
    draw(samples, batch, product, wanted);
}
