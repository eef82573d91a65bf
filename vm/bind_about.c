/* What the data say of a datum besides its value: where it comes from, of when it is, how good it is. */
#include "base/calendar.h"
#include "base/decimal.h"
#include "vm/bind_parts.h"

static const struct {
    const char *name[2]; /* by enum lang */
} KEYS[DATUM_KEY_COUNT] = {
    [DATUM_VALUE] = {{"value", "数值"}},         [DATUM_UNIT] = {{"unit", "单位"}},
    [DATUM_ORIGIN] = {{"origin", "数据类型"}},   [DATUM_PERIOD] = {{"period", "数据期间"}},
    [DATUM_QUALITY] = {{"quality", "数据质量"}}, [DATUM_ESTIMATED] = {{"estimated", "估算"}},
    [DATUM_SOURCE] = {{"source", "数据来源"}},   [DATUM_UNCERTAINTY] = {{"uncertainty", "不确定性"}},
    [DATUM_NOTE] = {{"note", "备注"}},
};

bool datum_key_read(struct str name, enum datum_key *key)
{
    for (int k = 0; k < DATUM_KEY_COUNT; k++) {
        if (str_eq(name, str_of(KEYS[k].name[LANG_EN])) || str_eq(name, str_of(KEYS[k].name[LANG_ZH]))) {
            *key = (enum datum_key)k;
            return true;
        }
    }
    return false;
}

struct str datum_key_name(enum datum_key key)
{
    return str_of(KEYS[key].name[LANG_EN]);
}

struct str datum_key_nearest(struct str name)
{
    struct str known[DATUM_KEY_COUNT * 2];
    for (int k = 0; k < DATUM_KEY_COUNT * 2; k++) {
        known[k] = str_of(KEYS[k / 2].name[k % 2]);
    }
    return str_nearest(name, known, countof(known));
}

/* ---- words ---- */

struct word {
    const char *text;
    uint8_t value;
};

static bool read_word(const struct word *words, size_t count, struct str text, uint8_t *value)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(text, str_of(words[i].text))) {
            *value = words[i].value;
            return true;
        }
    }
    return false;
}

bool truth_read(struct str text, bool *value)
{
    static const struct word words[] = {
        {"true",  1},
        {"false", 0},
        {"TRUE",  1},
        {"FALSE", 0},
        {"True",  1},
        {"False", 0},
        {"yes",   1},
        {"no",    0},
        {"是",   1},
        {"否",   0}
    };
    uint8_t found;
    bool is_word = read_word(words, countof(words), text, &found);
    *value = is_word && found != 0;
    return is_word;
}

static bool read_origin(struct str text, uint8_t *origin)
{
    static const struct word words[] = {
        {"primary",      PROG_ORIGIN_PRIMARY  },
        {"secondary",    PROG_ORIGIN_SECONDARY},
        {"初级",       PROG_ORIGIN_PRIMARY  },
        {"次级",       PROG_ORIGIN_SECONDARY},
        {"初级数据", PROG_ORIGIN_PRIMARY  },
        {"次级数据", PROG_ORIGIN_SECONDARY}
    };
    return read_word(words, countof(words), text, origin);
}

/* One digit, a point and up to three digits. */
bool quality_read(struct str text, uint16_t *thousandths)
{
    enum { DECIMALS_MAX = 3, BEST = 1000, WORST = 5000 };
    bool is_number = text.len > 0 && (text.len == 1 || (text.at[1] == '.' && text.len > 2));
    uint32_t value = 0;
    uint32_t step = 1000;
    for (size_t i = 0; is_number && i < text.len; i++) {
        if (i != 1) {
            is_number = text.at[i] >= '0' && text.at[i] <= '9' && (step > 0 || text.at[i] == '0');
            value += (uint32_t)(text.at[i] - '0') * step;
            step /= 10;
        }
    }
    *thousandths = (uint16_t)value;
    return is_number && value >= BEST && value <= WORST;
}

/* ---- periods ---- */

/* The first and the last day of a year, of a month or of a day. */
static bool read_span(struct arena *arena, struct str text, int32_t *from, int32_t *to)
{
    int32_t year;
    if (calendar_read(text, from)) {
        *to = *from;
        return true;
    }
    if (text.len == 7) {
        struct str first = str_format(arena, "%.*s-01", STR_FMT(text));
        for (int day = 31; day >= 28; day--) {
            if (calendar_read(str_format(arena, "%.*s-%d", STR_FMT(text), day), to)) {
                return calendar_read(first, from);
            }
        }
        return false;
    }
    return text.len == 4 && calendar_read_digits(text, &year) &&
           calendar_read(str_format(arena, "%.*s-01-01", STR_FMT(text)), from) &&
           calendar_read(str_format(arena, "%.*s-12-31", STR_FMT(text)), to);
}

/* "2024", "2024-05", "2024-05-01", or from one to another: "2024-05/2025-04", "2024 .. 2025". */
static bool read_period(struct arena *arena, struct str text, struct about *about)
{
    static const struct str between[] = {
        {"/",      1},
        {"..",     2},
        {"\uFF5E", 3}
    };
    int32_t unused;
    for (size_t i = 0; i < countof(between); i++) {
        for (size_t at = 1; at + between[i].len < text.len; at++) {
            if (str_starts(str_slice(text, at, text.len), between[i])) {
                return read_span(arena, str_trim(str_slice(text, 0, at)), &about->from, &unused) &&
                       read_span(arena, str_trim(str_slice(text, at + between[i].len, text.len)), &unused,
                                 &about->to) &&
                       about->from <= about->to;
            }
        }
    }
    return read_span(arena, text, &about->from, &about->to);
}

/* The node with the datum of a field of the product, also where that is written as an object; 0: none. The fields of
   the product are looked for before any is bound, so that those behind this one are known too. */
static uint32_t value_node(const struct binder *binder, uint32_t field)
{
    uint32_t node = binder->found[field];
    if (node == 0 || bind_node(binder, node)->type != JSON_OBJECT) {
        return node;
    }
    uint32_t end = bind_node(binder, node)->next;
    for (uint32_t key = node + 1; key < end; key = bind_node(binder, key + 1)->next) {
        enum datum_key which;
        if (datum_key_read(bind_node(binder, key)->text, &which) && which == DATUM_VALUE) {
            return key + 1;
        }
    }
    return 0;
}

/* Data of another time than the product's are not wrong, but somebody should know. */
static void compare_period(struct binder *binder, const struct datum *datum, const struct about *about)
{
    uint32_t field = binder->program->rule.period_field;
    uint32_t node = field == NO_INDEX ? 0 : value_node(binder, field);
    struct about whole = {.from = 1, .to = 0};
    if (node == 0 || field == datum->field) {
        return;
    }
    struct str text = str_trim(bind_node(binder, node)->text);
    if (read_span(&binder->batch->arena, text, &whole.from, &whole.to) &&
        (about->from > whole.to || about->to < whole.from)) {
        bind_report(binder, D_DATA_OTHER_PERIOD, datum->keys[DATUM_PERIOD], datum->field,
                    DIAG_ARGS(about->period, text));
    }
}

/* ---- the keys of one datum ---- */

static struct str text_of(const struct binder *binder, uint32_t node)
{
    enum json_type type = bind_node(binder, node)->type;
    bool is_text = type == JSON_STRING || type == JSON_CELL || type == JSON_NUMBER;
    return is_text ? str_trim(bind_node(binder, node)->text) : STR("");
}

static void refuse(struct binder *binder, const struct datum *datum, enum datum_key key, enum diag_code code)
{
    uint32_t node = datum->keys[key];
    bind_report(binder, code, node, datum->field, DIAG_ARGS(bind_written(binder, node)));
}

static void take_origin(struct binder *binder, const struct datum *datum, struct about *about)
{
    uint32_t node = datum->keys[DATUM_ORIGIN];
    if (node == 0) {
        return;
    }
    if (!read_origin(text_of(binder, node), &about->origin)) {
        refuse(binder, datum, DATUM_ORIGIN, D_DATA_ORIGIN);
        return;
    }
    const struct prog_field *field = &binder->program->fields[datum->field];
    if (field->origin == PROG_ORIGIN_PRIMARY && about->origin == PROG_ORIGIN_SECONDARY) {
        bind_report(binder, D_DATA_SECONDARY, node, datum->field, DIAG_ARGS(schema_text(binder->program, field->name)));
    }
}

static void take_estimated(struct binder *binder, const struct datum *datum, struct about *about)
{
    uint32_t node = datum->keys[DATUM_ESTIMATED];
    if (node == 0) {
        return;
    }
    enum json_type type = bind_node(binder, node)->type;
    about->is_estimated = type == JSON_TRUE;
    bool is_bool = type == JSON_TRUE || type == JSON_FALSE ||
                   (type == JSON_CELL && truth_read(text_of(binder, node), &about->is_estimated));
    if (!is_bool) {
        refuse(binder, datum, DATUM_ESTIMATED, D_DATA_BOOL_EXPECTED);
    }
}

/* The number of the datum as it is in the batch so far; false where it was refused. */
static bool number_of(const struct binder *binder, const struct datum *datum, struct rat *number)
{
    const struct column *column = &binder->fields[datum->field].column;
    struct batch *batch = binder->batch;
    if (!column->given[datum->row]) {
        return false;
    }
    const struct exact_cell *last = binder->exact_count > 0 ? &batch->exact[binder->exact_count - 1] : NULL;
    bool is_aside = last != NULL && last->field == datum->field && last->row == datum->row;
    *number = is_aside ? last->value : rat_of_datum(&batch->arena, column->as.number[datum->row]);
    return true;
}

static void take_uncertainty(struct binder *binder, const struct datum *datum, struct about *about)
{
    uint32_t node = datum->keys[DATUM_UNCERTAINTY];
    const struct prog_field *field = &binder->program->fields[datum->field];
    struct arena *arena = &binder->batch->arena;
    struct rat number;
    struct str args[3];
    if (field->type != VALUE_NUMBER) {
        bind_report(binder, D_UNCERTAINTY_UNWANTED, node, datum->field, NULL, 0);
        return;
    }
    if (!number_of(binder, datum, &number)) {
        return;
    }
    struct str text = text_of(binder, node);
    struct uncertain of = {number, data_unit_of(binder->units, field->unit),
                           data_unit_text(binder->units, field->unit)};
    enum diag_code problem = uncertainty_read(arena, binder->units, text, of, &about->uncertainty, args);
    about->uncertainty_text = str_copy(arena, text);
    if (problem != DIAG_NONE) {
        args[0] = bind_written(binder, node);
        bind_report(binder, problem, node, datum->field, args, countof(args));
    }
}

void bind_about(struct binder *binder, const struct datum *datum)
{
    struct arena *arena = &binder->batch->arena;
    struct about about = {.field = datum->field, .row = datum->row, .from = 1, .to = 0};
    const uint32_t *keys = datum->keys;
    bool says_something = false;
    for (int key = DATUM_ORIGIN; key < DATUM_NOTE; key++) {
        says_something = says_something || keys[key] != 0;
    }
    if (!says_something) {
        return;
    }
    take_origin(binder, datum, &about);
    take_estimated(binder, datum, &about);
    if (keys[DATUM_QUALITY] != 0 && !quality_read(text_of(binder, keys[DATUM_QUALITY]), &about.quality)) {
        refuse(binder, datum, DATUM_QUALITY, D_DATA_QUALITY);
    }
    if (keys[DATUM_PERIOD] != 0) {
        about.period = str_copy(arena, text_of(binder, keys[DATUM_PERIOD]));
        if (!read_period(arena, about.period, &about)) {
            refuse(binder, datum, DATUM_PERIOD, D_DATA_PERIOD);
        } else {
            compare_period(binder, datum, &about);
        }
    }
    if (keys[DATUM_SOURCE] != 0) {
        about.source = str_copy(arena, text_of(binder, keys[DATUM_SOURCE]));
    }
    if (keys[DATUM_UNCERTAINTY] != 0) {
        take_uncertainty(binder, datum, &about);
    }
    arena_grow(arena, binder->batch->abouts, binder->about_count, binder->about_cap);
    binder->batch->abouts[binder->about_count++] = about;
}
