#include "base/diag.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"

/* DIAG rows name their severity without prefix; the letter before the number follows from it. */
#define LETTER_ERROR "E"
#define LETTER_WARNING "W"
#define LETTER_LINT "L"
#define LETTER_NOTE "N"

/* Version 14 of clang-format crashes on rows that come from macros. */
/* clang-format off */
static const struct diag_info infos[DIAG_CODE_COUNT] = {
    {NULL, SEVERITY_NOTE, "", {"", ""}},
#define DIAG(name, number, severity, slug, en, zh) {LETTER_##severity number, SEVERITY_##severity, slug, {en, zh}},
#define TEXT(name, en, zh) {NULL, SEVERITY_NOTE, "", {en, zh}},
#include "base/diag.def"
#undef DIAG
#undef TEXT
};
/* clang-format on */

/* From what makes a message distinct to the latest message that was added with it. */
struct diag_index {
    struct map keys;
    struct diag **items;
    size_t count, cap;
    struct map subjects; /* code and what it is about -> index of the message in items */
};

const struct diag_info *diag_info(enum diag_code code)
{
    assert(code < DIAG_CODE_COUNT);
    return &infos[code];
}

static char upper_case(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

enum diag_code diag_by_code(struct str code)
{
    char wanted[5];
    if (code.len != sizeof wanted) {
        return DIAG_NONE;
    }
    for (size_t i = 0; i < sizeof wanted; i++) {
        wanted[i] = upper_case(code.at[i]);
    }
    for (unsigned i = 1; i < DIAG_CODE_COUNT; i++) {
        if (str_eq(str_of(infos[i].code), (struct str){wanted, sizeof wanted})) {
            return (enum diag_code)i;
        }
    }
    return DIAG_NONE;
}

struct diags diags_in(struct arena *arena)
{
    return (struct diags){.arena = arena};
}

static void copy_args(struct arena *arena, struct str *to, size_t room, const struct str *args, size_t count)
{
    assert(count <= room);
    for (size_t i = 0; i < count && i < room; i++) {
        to[i] = str_copy(arena, args[i]);
    }
}

static struct diag_text text_of(struct arena *arena, enum diag_code code, const struct str *args, size_t count)
{
    struct diag_text text = {.text = code};
    copy_args(arena, text.args, countof(text.args), args, count);
    return text;
}

/* Lengths go first, so that no two different messages have the same key. */
static struct str key_of(struct arena *arena, const struct diag *diag)
{
    struct buf key = buf_in(arena);
    buf_format(&key, "%d %lu %lu %lu %zu %zu ", (int)diag->code, (unsigned long)diag->at.file,
               (unsigned long)diag->at.off, (unsigned long)diag->at.len, diag->product.len, diag->path.len);
    buf_add(&key, diag->product);
    buf_add(&key, diag->path);
    for (size_t i = 0; diag->at.file == 0 && i < countof(diag->args); i++) {
        buf_format(&key, " %zu ", diag->args[i].len);
        buf_add(&key, diag->args[i]);
    }
    return buf_str(&key);
}

/* The earlier message that says the same, or NULL after noting this one. A message that got its product or path only
   after it was added no longer says the same as one without. */
static struct diag *find_or_note(struct diags *diags, struct diag *diag)
{
    if (diags->index == NULL) {
        diags->index = arena_new(diags->arena, struct diag_index);
        diags->index->keys = map_in(diags->arena);
        diags->index->subjects = map_in(diags->arena);
    }
    struct diag_index *index = diags->index;
    struct str key = key_of(diags->arena, diag);
    uint32_t found = 0;
    if (map_get(&index->keys, key, &found)) {
        struct diag *earlier = index->items[found];
        if (str_eq(earlier->product, diag->product) && str_eq(earlier->path, diag->path)) {
            return earlier;
        }
    }
    arena_grow(diags->arena, index->items, index->count, index->cap);
    index->items[index->count] = diag;
    map_set(&index->keys, key, (uint32_t)index->count);
    index->count++;
    return NULL;
}

static void count_severity(struct diags *diags, enum severity severity)
{
    switch (severity) {
    case SEVERITY_ERROR:
        diags->errors++;
        break;
    case SEVERITY_WARNING:
    case SEVERITY_LINT:
        diags->warnings++;
        break;
    case SEVERITY_NOTE:
        break;
    }
}

static void append(struct diags *diags, struct diag *diag)
{
    if (diags->last == NULL) {
        diags->first = diag;
    } else {
        diags->last->next = diag;
    }
    diags->last = diag;
    count_severity(diags, infos[diag->code].severity);
}

struct diag *diag_add_data(struct diags *diags, enum diag_code code, struct span at, const struct str *args,
                           size_t count, struct str product, struct str path)
{
    assert(infos[code].code != NULL && "a DIAG row, not a TEXT row");
    struct diag *diag = arena_new(diags->arena, struct diag);
    diag->code = code;
    diag->at = at;
    diag->product = str_copy(diags->arena, product);
    diag->path = str_copy(diags->arena, path);
    copy_args(diags->arena, diag->args, countof(diag->args), args, count);
    struct diag *earlier = find_or_note(diags, diag);
    if (earlier != NULL) {
        return earlier;
    }
    append(diags, diag);
    return diag;
}

struct diag *diag_add(struct diags *diags, enum diag_code code, struct span at, const struct str *args, size_t count)
{
    return diag_add_data(diags, code, at, args, count, STR(""), STR(""));
}

static bool is_same_text(const struct diag_text *a, const struct diag_text *b)
{
    for (size_t i = 0; i < countof(a->args); i++) {
        if (!str_eq(a->args[i], b->args[i])) {
            return false;
        }
    }
    return a->text == b->text;
}

static bool is_same_place(struct span a, struct span b)
{
    return a.file == b.file && a.off == b.off && a.len == b.len;
}

/* What is said once is not said again: not the same label, note or fix. */
void diag_label(struct diags *diags, struct diag *diag, struct span at, enum diag_code text, const struct str *args,
                size_t count)
{
    struct diag_label *label = arena_new(diags->arena, struct diag_label);
    label->at = at;
    label->text = text_of(diags->arena, text, args, count);
    struct diag_label **end = &diag->labels;
    while (*end != NULL) {
        if (is_same_place((*end)->at, at) && is_same_text(&(*end)->text, &label->text)) {
            return;
        }
        end = &(*end)->next;
    }
    *end = label;
}

void diag_note(struct diags *diags, struct diag *diag, enum diag_code text, const struct str *args, size_t count)
{
    struct diag_note *note = arena_new(diags->arena, struct diag_note);
    note->text = text_of(diags->arena, text, args, count);
    struct diag_note **end = &diag->notes;
    while (*end != NULL) {
        if (is_same_text(&(*end)->text, &note->text)) {
            return;
        }
        end = &(*end)->next;
    }
    *end = note;
}

static struct diag_fix *append_fix(struct diags *diags, struct diag_fix **end, struct diag_fix made,
                                   enum diag_code title, const struct str *args, size_t count)
{
    made.replacement = str_copy(diags->arena, made.replacement);
    if (title == DIAG_NONE) {
        enum diag_code usual = made.replacement.len == 0 ? T_FIX_REMOVE : T_FIX_REPLACE;
        made.title = text_of(diags->arena, usual, &made.replacement, 1);
    } else {
        made.title = text_of(diags->arena, title, args, count);
    }
    while (*end != NULL) {
        bool is_same = is_same_place((*end)->at, made.at) && str_eq((*end)->replacement, made.replacement);
        if (is_same && is_same_text(&(*end)->title, &made.title)) {
            return *end;
        }
        end = &(*end)->next;
    }
    *end = arena_new(diags->arena, struct diag_fix);
    **end = made;
    return *end;
}

struct diag_fix *diag_fix(struct diags *diags, struct diag *diag, struct span at, struct str replacement,
                          enum diag_code title, const struct str *args, size_t count)
{
    struct diag_fix made = {.at = at, .replacement = replacement};
    return append_fix(diags, &diag->fixes, made, title, args, count);
}

struct diag_fix *diag_guess(struct diags *diags, struct diag *diag, struct span at, struct str replacement,
                            enum diag_code title, const struct str *args, size_t count)
{
    struct diag_fix made = {.at = at, .replacement = replacement};
    return append_fix(diags, &diag->guesses, made, title, args, count);
}

static void label_again(struct diags *diags, struct diag *diag, struct span at)
{
    enum { PLACES_MAX = 3 };
    size_t places = 0;
    for (const struct diag_label *label = diag->labels; label != NULL; label = label->next) {
        places += label->text.text == T_ALSO_HERE;
    }
    if (is_same_place(diag->at, at)) {
        return;
    }
    if (places < PLACES_MAX) {
        diag_label(diags, diag, at, T_ALSO_HERE, NULL, 0);
        return;
    }
    struct str more = str_format(diags->arena, "%u", (unsigned)++diag->again);
    for (struct diag_note *note = diag->notes; note != NULL; note = note->next) {
        if (note->text.text == T_MORE_PLACES) {
            note->text.args[0] = more;
            return;
        }
    }
    diag_note(diags, diag, T_MORE_PLACES, &more, 1);
}

bool diag_is_said(const struct diags *diags, struct str key)
{
    return diags->index != NULL && map_get(&diags->index->subjects, key, NULL);
}

bool diag_again(struct diags *diags, struct str key, struct span at)
{
    uint32_t found;
    if (diags->index == NULL || !map_get(&diags->index->subjects, key, &found)) {
        return false;
    }
    label_again(diags, diags->index->items[found], at);
    return true;
}

void diag_remember(struct diags *diags, struct diag *diag, struct str key)
{
    for (uint32_t i = (uint32_t)diags->index->count; i-- > 0;) {
        if (diags->index->items[i] == diag) {
            map_set(&diags->index->subjects, str_copy(diags->arena, key), i);
            return;
        }
    }
}

static struct diag *add_once(struct diags *diags, enum diag_code code, struct str key, struct span at,
                             const struct str *args, size_t count)
{
    if (diag_again(diags, key, at)) {
        return NULL;
    }
    struct diag *diag = diag_add(diags, code, at, args, count);
    diag_remember(diags, diag, key);
    return diag;
}

struct diag *diag_add_about(struct diags *diags, enum diag_code code, struct str about, struct span at,
                            const struct str *args, size_t count)
{
    return add_once(diags, code, str_format(diags->arena, "%d %.*s", (int)code, STR_FMT(about)), at, args, count);
}

struct diag *diag_add_unknown(struct diags *diags, enum diag_code code, struct str word, struct span at,
                              const struct str *args, size_t count)
{
    return add_once(diags, code, str_format(diags->arena, "unknown %.*s", STR_FMT(word)), at, args, count);
}

/* --- order --- */

struct ranked {
    const struct diag *diag;
    size_t number; /* keeps the order of equal places */
};

static int by_place(const void *left, const void *right)
{
    const struct ranked *a = left;
    const struct ranked *b = right;
    if (a->diag->at.file != b->diag->at.file) {
        return a->diag->at.file < b->diag->at.file ? -1 : 1;
    }
    if (a->diag->at.off != b->diag->at.off) {
        return a->diag->at.off < b->diag->at.off ? -1 : 1;
    }
    return (a->number > b->number) - (a->number < b->number);
}

static size_t count_all(const struct diags *diags)
{
    size_t count = 0;
    for (const struct diag *diag = diags->first; diag != NULL; diag = diag->next) {
        count++;
    }
    return count;
}

const struct diag *const *diags_sorted(struct arena *arena, const struct diags *diags, size_t *count)
{
    size_t total = count_all(diags);
    struct ranked *ranked = arena_array(arena, struct ranked, total);
    size_t number = 0;
    for (const struct diag *diag = diags->first; diag != NULL; diag = diag->next) {
        ranked[number] = (struct ranked){diag, number};
        number++;
    }
    qsort(ranked, total, sizeof *ranked, by_place);
    const struct diag **sorted = arena_array(arena, const struct diag *, total);
    for (size_t i = 0; i < total; i++) {
        sorted[i] = ranked[i].diag;
    }
    *count = total;
    return sorted;
}

/* --- wording --- */

/* A text in two languages among the bytes of an argument:  BOTH_BEGIN en BOTH_MIDDLE zh BOTH_END */
#define BOTH_BEGIN '\x1c'
#define BOTH_MIDDLE '\x1d'
#define BOTH_END '\x1e'

struct str diag_both(struct arena *arena, struct str en, struct str zh)
{
    return str_format(arena, "%c%.*s%c%.*s%c", BOTH_BEGIN, STR_FMT(en), BOTH_MIDDLE, STR_FMT(zh), BOTH_END);
}

struct str diag_term(struct arena *arena, enum diag_code text)
{
    return diag_both(arena, str_of(infos[text].text[LANG_EN]), str_of(infos[text].text[LANG_ZH]));
}

static size_t find_byte(struct str text, size_t from, char byte)
{
    const char *found = from < text.len ? memchr(text.at + from, byte, text.len - from) : NULL;
    return found == NULL ? text.len : (size_t)(found - text.at);
}

static void add_argument(struct buf *out, struct str arg, enum lang lang)
{
    for (size_t at = 0; at < arg.len;) {
        size_t begin = find_byte(arg, at, BOTH_BEGIN);
        size_t middle = find_byte(arg, begin, BOTH_MIDDLE);
        size_t end = find_byte(arg, middle, BOTH_END);
        if (end == arg.len) { /* one language, or bytes that only look alike */
            buf_add(out, str_slice(arg, at, arg.len));
            return;
        }
        buf_add(out, str_slice(arg, at, begin));
        buf_add(out, lang == LANG_EN ? str_slice(arg, begin + 1, middle) : str_slice(arg, middle + 1, end));
        at = end + 1;
    }
}

/* Chinese words are not set off by spaces; what stands for one in English alone is. */
static bool is_close(struct str arg, enum lang lang)
{
    size_t middle = find_byte(arg, 0, BOTH_MIDDLE);
    return lang == LANG_ZH && arg.len > 0 && arg.at[0] == BOTH_BEGIN && middle + 1 < arg.len &&
           (unsigned char)arg.at[middle + 1] >= 0x80;
}

/* "{0}" to "{9}"; other braces, as in "kg{CO2}", are text. */
static bool is_place(const char *at)
{
    return at[0] == '{' && at[1] >= '0' && at[1] <= '9' && at[2] == '}';
}

/* Arguments are not searched for places. */
static struct str fill(struct arena *arena, const char *form, const struct str *args, size_t count, enum lang lang)
{
    struct buf out = buf_in(arena);
    const char *from = form;
    for (const char *at = form; *at != '\0';) {
        if (!is_place(at)) {
            at++;
            continue;
        }
        size_t number = (size_t)(at[1] - '0');
        bool is_glued = number < count && is_close(args[number], lang);
        buf_add(&out, (struct str){from, (size_t)(at - from) - (is_glued && at > from && at[-1] == ' ')});
        if (number < count) {
            add_argument(&out, args[number], lang);
        }
        at += 3;
        from = at + (is_glued && at[0] == ' ');
    }
    buf_add(&out, str_of(from));
    return buf_str(&out);
}

struct str diag_text(struct arena *arena, struct diag_text text, enum lang lang)
{
    return fill(arena, diag_info(text.text)->text[lang], text.args, countof(text.args), lang);
}

struct str diag_message(struct arena *arena, const struct diag *diag, enum lang lang)
{
    return fill(arena, diag_info(diag->code)->text[lang], diag->args, countof(diag->args), lang);
}
