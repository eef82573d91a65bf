/* The key of a list: no two rows inside one row of its parent may have the same. */
#include <string.h>

#include "vm/bind_parts.h"

struct bind_keys bind_keys_new(struct binder *binder)
{
    return (struct bind_keys){map_in(&binder->batch->arena)};
}

/* The exact value that was kept of the row, where its double is not enough; NULL: it is. */
static const struct exact_cell *exact_cell_of(const struct binder *binder, uint32_t field, const struct bound_row *row)
{
    for (size_t i = row->first_exact; i < binder->exact_count; i++) {
        if (binder->batch->exact[i].field == field && binder->batch->exact[i].row == row->row) {
            return &binder->batch->exact[i];
        }
    }
    return NULL;
}

/* The datum as bytes that only equal data have. */
static struct str bytes_of(struct binder *binder, uint32_t field, const struct bound_row *bound)
{
    uint32_t row = bound->row;
    struct arena *arena = &binder->batch->arena;
    const struct column *column = &binder->fields[field].column;
    const struct exact_cell *exact = NULL;
    double number = 0;
    switch ((enum value_type)binder->program->fields[field].type) {
    case VALUE_NUMBER:
        exact = exact_cell_of(binder, field, bound);
        if (exact != NULL) {
            return str_format(arena, "exactly %.*s", STR_FMT(rat_text(arena, exact->value)));
        }
        number = column->as.number[row] + 0.0; /* 0 and -0 are the same */
        return str_copy(arena, (struct str){(const char *)&number, sizeof number});
    case VALUE_YEAR:
    case VALUE_DATE:
        return str_copy(arena, (struct str){(const char *)&column->as.whole[row], sizeof column->as.whole[row]});
    case VALUE_MEMBER:
    case VALUE_TEXT:
    case VALUE_BOOL: /* is no key: the verifier lets no such field pass */
    case VALUE_ROW:
    case VALUE_KEY:
        break;
    }
    return str_copy(arena, (struct str){(const char *)&column->as.code[row], sizeof column->as.code[row]});
}

/* The node of the key's value in the row, be it an object. */
static uint32_t find_node(const struct binder *binder, uint32_t object, uint32_t list, uint32_t field)
{
    uint32_t end = bind_node(binder, object)->next;
    for (uint32_t key = object + 1; key < end; key = bind_node(binder, key + 1)->next) {
        uint32_t found = NO_INDEX;
        if (map_get(&binder->fields[list].level->names, bind_node(binder, key)->text, &found) && found == field) {
            return key + 1;
        }
    }
    return object;
}

void bind_key(struct binder *binder, struct bind_keys *keys, uint32_t list, const struct bound_row *row)
{
    uint32_t field = binder->program->fields[list].key;
    uint32_t first = 0;
    if (field == NO_INDEX || !binder->fields[field].column.given[row->row]) {
        return;
    }
    struct str bytes = bytes_of(binder, field, row);
    if (!map_get(&keys->rows, bytes, &first)) {
        map_add(&keys->rows, bytes, row->number);
        return;
    }
    uint32_t value = find_node(binder, row->node, list, field);
    struct str second_path = bind_row_path(binder);
    binder->path[binder->depth - 1].row = first;
    struct str first_path = bind_row_path(binder);
    binder->path[binder->depth - 1].row = row->number;
    bind_report(binder, D_DATA_KEY_TWICE, value, field,
                DIAG_ARGS(first_path, second_path, schema_text(binder->program, binder->program->fields[field].name),
                          bind_written(binder, value)));
}
