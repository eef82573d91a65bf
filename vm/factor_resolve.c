/* Finding the value of a factor under given keys, with fallbacks. */
#include <stdio.h>
#include <string.h>

#include "vm/factor_parts.h"

enum { REGIONS_MAX = 16 }; /* of one chain: a parent of a parent … */

struct chain {
    struct str regions[REGIONS_MAX];
    size_t count;
};

uint32_t factor_year_key(const struct prog_factor *factor)
{
    for (uint32_t i = 0; i < factor->key_count; i++) {
        if (factor->keys[i].type == FACTOR_KEY_YEAR) {
            return i;
        }
    }
    return NO_INDEX;
}

void factor_add_key(struct buf *out, enum prog_factor_key type, const struct factor_key *key)
{
    if (type == FACTOR_KEY_YEAR) {
        int32_t year = key->year;
        buf_add(out, (struct str){(const char *)&year, sizeof year});
        return;
    }
    uint32_t len = (uint32_t)key->text.len; /* in front, so that "a" "bc" is not "ab" "c" */
    buf_add(out, (struct str){(const char *)&len, sizeof len});
    buf_add(out, key->text);
}

/* The text of a key that was added so. */
static struct str factor_key_text(struct str added)
{
    return str_slice(added, sizeof(uint32_t), added.len);
}

struct str factor_region(struct str region)
{
    static const char *const spellings[] = {"GLO", "WORLD", "World", "world", "全球", "世界"};
    for (size_t i = 0; i < countof(spellings); i++) {
        if (str_eq(region, str_of(spellings[i]))) {
            return STR("");
        }
    }
    return region;
}

/* --- regions --- */

static bool add_region(struct chain *chain, struct str region)
{
    for (size_t i = 0; i < chain->count; i++) {
        if (str_eq(chain->regions[i], region)) {
            return false;
        }
    }
    if (chain->count == REGIONS_MAX) {
        return false;
    }
    chain->regions[chain->count++] = region;
    return true;
}

/* The region, and the parents that the files declare. A circle ends where it closes. */
static void add_parents(const struct factor_binding *binding, struct chain *chain, struct str region)
{
    uint32_t parent = 0;
    while (region.len != 0 && add_region(chain, region) && map_get(&binding->parents, region, &parent)) {
        region = binding->parent_names[parent];
    }
}

/* "CN" of "CN-SD" (ISO 3166-2); empty where the region has no such form. */
static struct str country_of(struct str region)
{
    bool has_form = region.len > 3 && region.at[2] == '-';
    for (size_t i = 0; has_form && i < 2; i++) {
        has_form = region.at[i] >= 'A' && region.at[i] <= 'Z';
    }
    return has_form ? str_slice(region, 0, 2) : STR("");
}

/* From near to far: the region, its declared parents, the country of a province, the world. */
static struct chain chain_of(const struct factor_binding *binding, struct str region)
{
    struct chain chain = {.count = 0};
    region = factor_region(region);
    add_parents(binding, &chain, region);
    add_parents(binding, &chain, country_of(region));
    chain.count -= chain.count == REGIONS_MAX;
    add_region(&chain, STR(""));
    return chain;
}

/* --- rows --- */

struct calendar_days factor_days(const struct prog_factor *factor, const struct factor_key *keys,
                                 struct calendar_days days)
{
    uint32_t year_key = factor_year_key(factor);
    bool are_unknown = days.first == DAYS_UNKNOWN.first && days.last == DAYS_UNKNOWN.last;
    return are_unknown && year_key != NO_INDEX ? calendar_days_of(true, keys[year_key].year) : days;
}

static bool are_known(struct calendar_days days)
{
    return days.first <= days.last;
}

/* The row of the latest year not after the wanted one among those that are valid; NULL where there is none. */
static const struct factor_slot *find_year(const struct factor_group *group, int32_t year, struct calendar_days days)
{
    const struct factor_slot *found = NULL;
    for (size_t i = 0; i < group->count && group->slots[i]->year <= year; i++) {
        struct calendar_days valid = group->slots[i]->value.valid;
        if (!are_known(days) || (valid.first <= days.first && valid.last >= days.last)) {
            found = group->slots[i];
        }
    }
    return found;
}

static const struct factor_slot *find_exactly(struct arena *scratch, const struct factor_family *family,
                                              const struct prog_factor *factor, const struct factor_key *keys,
                                              struct calendar_days days)
{
    struct buf text = buf_in(scratch);
    uint32_t year_key = factor_year_key(factor);
    for (uint32_t i = 0; i < factor->key_count; i++) {
        if (i != year_key) {
            factor_add_key(&text, (enum prog_factor_key)factor->keys[i].type, &keys[i]);
        }
    }
    uint32_t group = 0;
    if (!map_get(&family->index, buf_str(&text), &group)) {
        return NULL;
    }
    int32_t year = year_key == NO_INDEX ? INT32_MAX : keys[year_key].year;
    return find_year(&family->groups[group], year, factor_days(factor, keys, days));
}

/* Tries the regions of the keys from near to far, those of later keys first. */
static const struct factor_slot *find_slot(struct arena *scratch, const struct factor_binding *binding, uint32_t number,
                                           const struct factor_key *keys, struct calendar_days days)
{
    const struct prog_factor *factor = &binding->program->factors[number];
    struct chain chains[LIMIT_FACTOR_KEYS];
    struct factor_key tried[LIMIT_FACTOR_KEYS];
    size_t combinations = 1;
    for (uint32_t i = 0; i < factor->key_count; i++) {
        tried[i] = keys[i];
        chains[i] = (struct chain){.count = 1};
        if (factor->keys[i].type == FACTOR_KEY_REGION) {
            chains[i] = chain_of(binding, keys[i].text);
        }
        combinations *= chains[i].count;
    }
    for (size_t combination = 0; combination < combinations; combination++) {
        size_t rest = combination;
        for (uint32_t i = factor->key_count; i-- > 0;) {
            if (factor->keys[i].type == FACTOR_KEY_REGION) {
                tried[i].text = chains[i].regions[rest % chains[i].count];
            }
            rest /= chains[i].count;
        }
        const struct factor_slot *slot = find_exactly(scratch, &binding->families[number], factor, tried, days);
        if (slot != NULL) {
            return slot;
        }
    }
    return NULL;
}

static const struct factor_value *resolve(struct arena *scratch, const struct factor_binding *binding, uint32_t factor,
                                          const struct factor_key *keys, struct calendar_days days)
{
    const struct factor_slot *slot = find_slot(scratch, binding, factor, keys, days);
    return slot != NULL ? &slot->value : &binding->families[factor].otherwise;
}

/* --- memo --- */

static struct factor_memo *memo_place(struct factor_binding *binding, uint32_t factor, struct str key)
{
    if (binding->memo == NULL) {
        binding->memo = arena_array(binding->arena, struct factor_memo, FACTOR_MEMO_SIZE);
    }
    uint64_t hash = str_hash(key) + factor * UINT64_C(0x9E3779B97F4A7C15);
    return &binding->memo[(hash ^ hash >> 32) & (FACTOR_MEMO_SIZE - 1)];
}

struct str factor_nearest(struct arena *scratch, const struct factor_binding *binding, uint32_t factor,
                          const struct factor_key *keys)
{
    enum { LOOKED_AT_MAX = 2000 }; /* a batch may miss very often */
    const struct prog_factor *of = &binding->program->factors[factor];
    const struct map *index = &binding->families[factor].index;
    uint32_t year = factor_year_key(of);
    uint32_t key = year == 0 ? 1 : 0;
    bool is_one = of->key_count == (year == NO_INDEX ? 1 : 2);
    if (!is_one || of->keys[key].type != FACTOR_KEY_TEXT || index->count > LOOKED_AT_MAX) {
        return STR("");
    }
    struct str *texts = arena_array(scratch, struct str, index->count);
    for (size_t i = 0; i < index->count; i++) {
        texts[i] = factor_key_text(index->entries[i].key);
    }
    return str_nearest(keys[key].text, texts, index->count);
}

bool factor_has_rows(const struct factor_binding *binding, uint32_t factor)
{
    return binding->families[factor].has_rows;
}

struct str factor_files(const struct factor_binding *binding)
{
    return binding->files;
}

bool factor_has_validity(const struct factor_binding *binding, uint32_t factor)
{
    return binding->families[factor].has_validity;
}

struct calendar_days batch_days(const struct batch *batch, uint32_t product)
{
    uint32_t field = batch->program->rule.period_field;
    if (field == NO_INDEX || !batch->columns[field].given[product]) {
        return DAYS_UNKNOWN;
    }
    bool is_year = batch->program->fields[field].type == VALUE_YEAR;
    return calendar_days_of(is_year, batch->columns[field].as.whole[product]);
}

const struct factor_value *factor_resolve(struct factor_binding *binding, uint32_t factor,
                                          const struct factor_key *keys, struct calendar_days days)
{
    const struct prog_factor *declared = &binding->program->factors[factor];
    if (binding->memo == NULL && declared->key_count != 0) {
        memo_place(binding, factor, STR("")); /* made before the mark below, so that it stays */
    }
    struct arena_mark mark = arena_mark(binding->arena);
    struct buf key = buf_in(binding->arena);
    for (uint32_t i = 0; i < declared->key_count; i++) {
        factor_add_key(&key, (enum prog_factor_key)declared->keys[i].type, &keys[i]);
    }
    if (binding->families[factor].has_validity) {
        buf_add(&key, (struct str){(const char *)&days, sizeof days});
    }
    struct str text = buf_str(&key);
    const struct factor_value *value = NULL;
    if (declared->key_count == 0 || text.len > FACTOR_MEMO_KEY) {
        value = resolve(binding->arena, binding, factor, keys, days);
        arena_reset(binding->arena, mark);
        return value;
    }
    struct factor_memo *memo = memo_place(binding, factor, text);
    bool is_known = memo->value != NULL && memo->factor == factor && str_eq((struct str){memo->key, memo->len}, text);
    if (!is_known) {
        memo->value = resolve(binding->arena, binding, factor, keys, days);
        memo->factor = factor;
        memo->len = (uint32_t)text.len;
        memcpy(memo->key, text.at, text.len);
    }
    arena_reset(binding->arena, mark);
    return memo->value;
}

bool factor_is_fallback(const struct prog_factor *factor, const struct factor_value *slot,
                        const struct factor_key *keys)
{
    enum { YEAR_TEXT_MAX = 16 };
    char year[YEAR_TEXT_MAX];
    bool is_other = false;
    for (uint32_t k = 0; k < factor->key_count && k < LIMIT_FACTOR_KEYS && !is_other; k++) {
        switch ((enum prog_factor_key)factor->keys[k].type) {
        case FACTOR_KEY_REGION:
            is_other = !str_eq(factor_region(slot->region), factor_region(keys[k].text));
            break;
        case FACTOR_KEY_YEAR: /* a row without a year is for any */
            snprintf(year, sizeof year, "%ld", (long)keys[k].year);
            is_other = slot->year.len > 0 && !str_eq(slot->year, str_of(year));
            break;
        case FACTOR_KEY_TEXT:
        case FACTOR_KEY_MEMBER:
            break;
        }
    }
    return is_other;
}

bool factor_is_first_part(const struct program *program, uint32_t factor)
{
    for (uint32_t i = 0; i < factor; i++) {
        if (program->factors[i].name == program->factors[factor].name) {
            return false;
        }
    }
    return true;
}
