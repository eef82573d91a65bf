#include "vm/program.h"

#include "base/rational.h"

static uint32_t code_count(const struct program *program, const struct prog_dimension *keys)
{
    uint32_t count = keys->type == VALUE_MEMBER ? program->choices[keys->choice].member_count : keys->key_count;
    return count + keys->has_otherwise;
}

bool program_row_codes(const struct program *program, uint32_t table, uint32_t row, uint32_t *codes)
{
    const struct prog_table *made = &program->tables[table];
    uint32_t slot = 0;
    while (slot < made->row_slots && made->rows[slot] != row) {
        slot++;
    }
    for (uint32_t i = made->dimension_count, rest = slot; i-- > 0 && slot < made->row_slots;) {
        uint32_t count = code_count(program, &made->dimensions[i]);
        codes[i] = rest % count;
        rest /= count;
    }
    return slot < made->row_slots;
}

/* Steps, and what no key names, have no text. */
static struct str key_text(struct arena *arena, const struct program *program, const struct prog_dimension *keys,
                           uint32_t code)
{
    if (keys->type == VALUE_MEMBER) {
        uint32_t count = program->choices[keys->choice].member_count;
        return code < count ? program->texts[program->choices[keys->choice].members[code].name] : STR("");
    }
    if (keys->type == VALUE_NUMBER || code >= keys->key_count) {
        return STR("");
    }
    const struct prog_const *key = &program->constants[keys->keys[code]];
    return keys->type == VALUE_TEXT ? program->texts[key->text] : rat_text(arena, key->number);
}

struct str program_row_text(struct arena *arena, const struct program *program, uint32_t table, uint32_t row)
{
    const struct prog_table *made = &program->tables[table];
    uint32_t codes[LIMIT_TABLE_DIMENSIONS];
    struct str keys[LIMIT_TABLE_DIMENSIONS];
    struct str name = program->texts[made->name];
    bool has_names = program_row_codes(program, table, row, codes);
    for (uint32_t i = 0; i < made->dimension_count && has_names; i++) {
        keys[i] = key_text(arena, program, &made->dimensions[i], codes[i]);
        has_names = keys[i].len > 0;
    }
    return has_names ? str_format(arena, "%.*s[%.*s]", STR_FMT(name),
                                  STR_FMT(str_join(arena, keys, made->dimension_count, STR(", "))))
                     : str_format(arena, "%.*s[%lu]", STR_FMT(name), (unsigned long)row + 1);
}
