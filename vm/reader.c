#include "vm/reader.h"

#include <assert.h>
#include <string.h>

#include "vm/reader_parts.h"

enum { WINDOW_SMALLEST = 65536 };

enum layout { LAYOUT_UNKNOWN, LAYOUT_LINES, LAYOUT_ARRAY, LAYOUT_OBJECT };

/* The window:   |  done  |  record so far  |  read ahead  |  free  |
                 0        start             scanned        filled   capacity - 1 (the last byte is for a NUL)   */
struct stream {
    struct reader reader;
    reader_read read;
    void *user;
    struct arena window_arena; /* holds the window only: a larger one replaces it */
    char *window;
    size_t capacity, start, filled;
    bool is_at_end;          /* the callback has no more */
    struct data_place place; /* of window[start] */
    enum layout layout;
    bool is_first;      /* array: no element yet */
    uint64_t number;    /* of records so far */
    struct arena texts; /* decoded texts of one record */
    struct arena_mark no_texts;
    struct str id; /* of a record that cannot be read: as far as it can; in `texts` */
};

static bool next_of_stream(struct reader *reader);
static void release_stream(struct reader *reader);

struct reader *reader_make(size_t size, struct binder *binder, struct diags *messages)
{
    struct arena arena = {.on_exhausted = messages->arena->on_exhausted};
    struct reader *reader = arena_alloc(&arena, 1, size);
    reader->arena = arena;
    reader->binder = binder;
    reader->messages = messages;
    reader->tree = json_tree_in(&reader->arena);
    return reader;
}

void reader_free(struct reader *reader)
{
    if (reader == NULL) {
        return;
    }
    if (reader->release != NULL) {
        reader->release(reader);
    }
    struct arena arena = reader->arena;
    arena_free(&arena);
}

bool reader_failed(const struct reader *reader)
{
    return reader->has_failed;
}

bool reader_next(struct reader *reader, struct batch *batch)
{
    batch_clear(batch);
    if (reader->is_ended) {
        return false;
    }
    binder_begin(reader->binder, batch);
    while (!binder_is_full(reader->binder)) {
        if (!reader->next_record(reader)) {
            reader->is_ended = true;
            break;
        }
    }
    if (binder_count(reader->binder) == 0) {
        batch_clear(batch);
        return false;
    }
    binder_finish(reader->binder);
    return true;
}

/* --- the window --- */

struct reader *reader_stream(struct binder *binder, struct diags *messages, struct str name, reader_read read,
                             void *user)
{
    struct stream *stream = (struct stream *)reader_make(sizeof(struct stream), binder, messages);
    stream->reader.next_record = next_of_stream;
    stream->reader.release = release_stream;
    stream->read = read;
    stream->user = user;
    stream->place = (struct data_place){name, 1, 1};
    stream->is_first = true;
    stream->window_arena.on_exhausted = messages->arena->on_exhausted;
    stream->texts.on_exhausted = messages->arena->on_exhausted;
    arena_alloc(&stream->texts, 1, 1); /* a block that stays, whatever the records need */
    stream->no_texts = arena_mark(&stream->texts);
    stream->window = arena_alloc(&stream->window_arena, WINDOW_SMALLEST, 1);
    stream->capacity = WINDOW_SMALLEST;
    return &stream->reader;
}

static void release_stream(struct reader *reader)
{
    struct stream *stream = (struct stream *)reader;
    arena_free(&stream->window_arena);
    arena_free(&stream->texts);
}

static void report(struct stream *stream, enum diag_code code, struct data_place place, const struct str *args,
                   size_t count)
{
    place_report(stream->reader.messages, code, place, args, count, STR(""), STR(""));
}

/* False where the record at the start of the window is larger than any may be. */
static bool make_room(struct stream *stream)
{
    if (stream->start > 0) {
        memmove(stream->window, stream->window + stream->start, stream->filled - stream->start);
        stream->filled -= stream->start;
        stream->start = 0;
    }
    if (stream->filled + 1 < stream->capacity) {
        return true;
    }
    if (stream->filled >= LIMIT_RECORD) {
        report(stream, D_DATA_LONG_RECORD, stream->place, NULL, 0);
        return false;
    }
    struct arena larger = {.on_exhausted = stream->window_arena.on_exhausted};
    size_t capacity = stream->capacity * 2;
    char *window = arena_alloc(&larger, capacity, 1);
    memcpy(window, stream->window, stream->filled);
    arena_free(&stream->window_arena);
    stream->window_arena = larger;
    stream->window = window;
    stream->capacity = capacity;
    return true;
}

/* Reads more behind what is there. False at the end, after an error, or where the record is too long. */
static bool fill(struct stream *stream)
{
    if (stream->is_at_end) {
        return false;
    }
    if (!make_room(stream)) {
        stream->is_at_end = true;
        stream->reader.is_ended = true;
        return false;
    }
    size_t room = stream->capacity - 1 - stream->filled;
    long count = stream->read(stream->user, stream->window + stream->filled, room);
    if (count <= 0 || (size_t)count > room) {
        stream->is_at_end = true;
        stream->reader.has_failed = count != 0;
        stream->reader.is_ended = stream->reader.is_ended || count != 0;
        return false;
    }
    stream->filled += (size_t)count;
    return true;
}

/* The byte `ahead` of the start; -1 at the end. */
static int byte_at(struct stream *stream, size_t ahead)
{
    while (stream->start + ahead >= stream->filled) {
        if (!fill(stream)) {
            return -1;
        }
    }
    return (unsigned char)stream->window[stream->start + ahead];
}

static struct str window_text(const struct stream *stream, size_t len)
{
    return (struct str){stream->window + stream->start, len};
}

static void consume(struct stream *stream, size_t len)
{
    stream->place = place_behind(stream->place, window_text(stream, len), len);
    stream->start += len;
}

static bool is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Consumes white space; gives the byte behind it, -1 at the end. */
static int skip_space(struct stream *stream)
{
    for (;;) {
        size_t len = 0;
        while (stream->start + len < stream->filled && is_space((unsigned char)stream->window[stream->start + len])) {
            len++;
        }
        consume(stream, len);
        if (stream->start < stream->filled) {
            return (unsigned char)stream->window[stream->start];
        }
        if (!fill(stream)) {
            return -1;
        }
    }
}

/* --- where records end --- */

/* Brackets and quotation marks of a record; that is enough to find its end, the rest is checked when it is read. */
struct scan {
    int depth;
    bool is_inside_text, is_escaped;
    int last; /* byte that is no white space, before the present one */
};

static void scan_byte(struct scan *scan, int c)
{
    if (scan->is_inside_text) {
        scan->is_inside_text = scan->is_escaped || c != '"';
        scan->is_escaped = !scan->is_escaped && c == '\\';
    } else if (c == '"') {
        scan->is_inside_text = true;
    } else if (c == '{' || c == '[') {
        scan->depth++;
    } else if (c == '}' || c == ']') {
        scan->depth--;
    }
    if (!is_space(c)) {
        scan->last = c;
    }
}

/* Length of the line at the start, without its end. */
static size_t line_length(struct stream *stream)
{
    size_t len = 0;
    for (;;) {
        struct str ahead = str_slice(window_text(stream, stream->filled - stream->start), len, SIZE_MAX);
        const char *end = ahead.len == 0 ? NULL : memchr(ahead.at, '\n', ahead.len);
        if (end != NULL) {
            return len + (size_t)(end - ahead.at);
        }
        len += ahead.len;
        if (!fill(stream)) {
            return len;
        }
    }
}

/* Whether the value ends before this byte (a scalar), or with it (a closing bracket). */
static bool ends_before(const struct scan *scan, int c)
{
    return scan->depth == 0 && !scan->is_inside_text && (c == ',' || c == ']' || c == '}');
}

static bool ends_with(const struct scan *scan, int c)
{
    return scan->depth == 0 && !scan->is_inside_text && (c == ']' || c == '}');
}

/* Length of the value at the start: up to the closing bracket of an object or list, up to a comma or bracket otherwise.
 */
static size_t value_length(struct stream *stream)
{
    struct scan scan = {.depth = 0};
    size_t len = 0;
    do {
        for (; stream->start + len < stream->filled; len++) {
            int c = (unsigned char)stream->window[stream->start + len];
            if (ends_before(&scan, c)) {
                return len;
            }
            scan_byte(&scan, c);
            if (ends_with(&scan, c)) {
                return len + 1;
            }
        }
    } while (fill(stream));
    return len;
}

/* An object that begins on this line ends on it, or it is broken off and the next line begins another one: lines.
   Otherwise the line is the beginning of an object over several lines; after `{` `[` `:` `,` a bracket on the next line
   may belong to it. */
static enum layout layout_of_object(struct stream *stream)
{
    struct scan scan = {.depth = 0};
    size_t len = line_length(stream);
    for (size_t i = 0; i < len; i++) {
        scan_byte(&scan, byte_at(stream, i));
    }
    bool is_whole = scan.depth <= 0 && !scan.is_inside_text;
    if (is_whole) {
        return LAYOUT_LINES;
    }
    bool goes_on =
        !scan.is_inside_text && (scan.last == '{' || scan.last == '[' || scan.last == ':' || scan.last == ',');
    if (goes_on) {
        return LAYOUT_OBJECT;
    }
    while (is_space(byte_at(stream, len))) {
        len++;
    }
    return byte_at(stream, len) == '{' ? LAYOUT_LINES : LAYOUT_OBJECT;
}

static void find_layout(struct stream *stream)
{
    if (byte_at(stream, 0) == 0xEF && byte_at(stream, 1) == 0xBB && byte_at(stream, 2) == 0xBF) {
        stream->start += 3;
    }
    int first = skip_space(stream);
    if (first == '[') {
        consume(stream, 1);
        stream->layout = LAYOUT_ARRAY;
    } else if (first == '{') {
        stream->layout = layout_of_object(stream);
    } else {
        stream->layout = LAYOUT_OBJECT;
    }
}

/* --- records --- */

static struct data_place error_place(const struct stream *stream, struct str text, const struct json_error *error)
{
    return place_behind(stream->place, text, error->off);
}

/* Gives the record of so many bytes to the binder; false with *error where it cannot be read. */
static bool take_record(struct stream *stream, size_t len, struct json_error *error)
{
    arena_reset(&stream->texts, stream->no_texts);
    char *end = stream->window + stream->start + len;
    char kept = *end;
    *end = '\0';
    struct str text = window_text(stream, len);
    bool is_read = json_read(&stream->reader.tree, &stream->texts, text, error);
    stream->id = STR("");
    if (!is_read) {
        stream->id = str_copy(&stream->texts, binder_known_id(stream->reader.binder, &stream->reader.tree));
    } else {
        struct record record = {&stream->reader.tree,
                                stream->number,
                                stream->place.file,
                                text,
                                stream->place.line,
                                stream->place.column,
                                NULL};
        binder_record(stream->reader.binder, &record);
    }
    *end = kept;
    return is_read;
}

/* What is at fault, as it can be shown: a control character by its number. */
static struct str error_text(struct arena *arena, struct str text, const struct json_error *error)
{
    struct str fault = str_slice(text, error->off, (size_t)error->off + error->len);
    struct str shown = excerpt_of(arena, fault);
    return fault.len == 1 && shown.len == 0 ? str_format(arena, "U+%04X", (unsigned)(unsigned char)fault.at[0]) : shown;
}

/* A message about the record at the start, as one of the whole stream. */
static void report_error(struct stream *stream, size_t len, const struct json_error *error)
{
    struct diags *messages = stream->reader.messages;
    struct str text = window_text(stream, len);
    struct str args[] = {error_text(messages->arena, text, error)};
    place_report(messages, error->code, error_place(stream, text, error), args, countof(args), stream->id, STR(""));
}

/* The same as one of its product: the stream goes on behind it. */
static void refuse_record(struct stream *stream, size_t len, const struct json_error *error)
{
    struct arena scratch = {.on_exhausted = stream->texts.on_exhausted};
    struct str text = window_text(stream, len);
    struct str args[] = {error_text(&scratch, text, error)};
    binder_refuse(stream->reader.binder, stream->number, stream->id, error->code, error_place(stream, text, error),
                  args, countof(args));
    arena_free(&scratch);
}

static bool next_line(struct stream *stream)
{
    if (skip_space(stream) == -1 || stream->reader.is_ended) {
        return false;
    }
    size_t len = line_length(stream);
    if (stream->reader.is_ended) {
        return false;
    }
    struct json_error error;
    stream->number++;
    if (!take_record(stream, len, &error)) {
        refuse_record(stream, len, &error);
    }
    stream->start += len; /* the column does not matter: a line end follows */
    return true;
}

/* Ends the stream with a message about the byte at the start, or about its absence. */
static bool refuse_here(struct stream *stream, enum diag_code code)
{
    int c = byte_at(stream, 0);
    struct json_error error = {c == -1 ? D_JSON_CUT_OFF : code, 0, c != -1};
    if (!stream->reader.has_failed) {
        report_error(stream, error.len, &error);
    }
    return false;
}

/* Behind the closing bracket of the array, or behind the one object, nothing may follow. */
static bool end_of_input(struct stream *stream)
{
    if (skip_space(stream) != -1) {
        refuse_here(stream, D_JSON_END_EXPECTED);
    }
    return false;
}

static bool next_element(struct stream *stream)
{
    int c = skip_space(stream);
    if (c == ']') {
        consume(stream, 1);
        return end_of_input(stream);
    }
    if (!stream->is_first) {
        if (c != ',') {
            return refuse_here(stream, D_JSON_COMMA_EXPECTED);
        }
        consume(stream, 1);
        c = skip_space(stream);
    }
    stream->is_first = false;
    size_t len = value_length(stream);
    if (stream->reader.is_ended) {
        return false;
    }
    if (len == 0) {
        return refuse_here(stream, D_JSON_VALUE_EXPECTED);
    }
    struct json_error error;
    stream->number++;
    if (!take_record(stream, len, &error)) {
        /* Without its closing quotation mark, or its end, nobody knows where the record ends. */
        if (error.code == D_JSON_OPEN_TEXT || byte_at(stream, len) == -1) {
            report_error(stream, len, &error);
            return false;
        }
        refuse_record(stream, len, &error);
    }
    consume(stream, len);
    return true;
}

/* The whole input is one value. */
static bool next_object(struct stream *stream)
{
    if (stream->number > 0) {
        return end_of_input(stream);
    }
    if (skip_space(stream) == -1) {
        if (!stream->reader.has_failed) {
            report(stream, D_JSON_EMPTY, stream->place, NULL, 0);
        }
        return false;
    }
    size_t len = value_length(stream);
    if (stream->reader.is_ended) {
        return false;
    }
    struct json_error error;
    stream->number++;
    if (len == 0) {
        return refuse_here(stream, D_JSON_VALUE_EXPECTED);
    }
    if (!take_record(stream, len, &error)) {
        report_error(stream, len, &error);
        return false;
    }
    consume(stream, len);
    return true;
}

static bool next_of_stream(struct reader *reader)
{
    struct stream *stream = (struct stream *)reader;
    if (stream->layout == LAYOUT_UNKNOWN) {
        find_layout(stream);
    }
    switch (stream->layout) {
    case LAYOUT_LINES:
        return next_line(stream);
    case LAYOUT_ARRAY:
        return next_element(stream);
    case LAYOUT_OBJECT:
        return next_object(stream);
    case LAYOUT_UNKNOWN:
        break;
    }
    return false;
}
