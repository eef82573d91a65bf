#include "base/source.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"

enum { TEXT_MAX = 1 << 30 };

struct sources sources_in(struct arena *arena)
{
    struct sources sources = {.arena = arena};
    sources_add(&sources, STR(""), STR(""));
    return sources;
}

static uint32_t count_lines(struct str text)
{
    uint32_t count = 1;
    for (size_t i = 0; i < text.len; i++) {
        count += text.at[i] == '\n';
    }
    return count;
}

static void find_lines(struct arena *arena, struct source *source)
{
    source->line_count = count_lines(source->text);
    source->line_start = arena_array(arena, uint32_t, source->line_count);
    uint32_t line = 1;
    for (size_t i = 0; i < source->text.len; i++) {
        if (source->text.at[i] == '\n') {
            source->line_start[line++] = (uint32_t)i + 1;
        }
    }
}

uint32_t sources_add(struct sources *sources, struct str path, struct str text)
{
    assert(text.len <= TEXT_MAX && text.at[text.len] == '\0');
    struct source source = {.path = path, .text = text};
    find_lines(sources->arena, &source);
    arena_grow(sources->arena, sources->items, sources->count, sources->cap);
    sources->items[sources->count] = source;
    return (uint32_t)sources->count++;
}

bool sources_read(const struct sources *sources, struct arena *arena, struct str path, struct str *text)
{
    for (const struct overlay *overlay = sources->overlays; overlay != NULL; overlay = overlay->next) {
        if (str_eq(overlay->path, path)) {
            *text = overlay->text;
            return true;
        }
    }
    return file_read(arena, path, text);
}

const struct source *sources_get(const struct sources *sources, uint32_t file)
{
    assert(file < sources->count);
    return &sources->items[file];
}

struct str span_text(const struct sources *sources, struct span span)
{
    return str_slice(sources_get(sources, span.file)->text, span.off, (size_t)span.off + span.len);
}

struct span span_join(struct span first, struct span last)
{
    if (first.file == 0) {
        return last;
    }
    if (last.file != first.file || last.off + last.len < first.off) {
        return first;
    }
    return (struct span){first.file, first.off, last.off + last.len - first.off};
}

/* Index of the last line that starts at or before the offset. */
static uint32_t find_line(const struct source *source, uint32_t off)
{
    uint32_t low = 0;
    uint32_t high = source->line_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->line_start[middle] <= off) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static uint32_t clamped(const struct source *source, uint32_t off)
{
    return off < source->text.len ? off : (uint32_t)source->text.len;
}

uint32_t source_line(const struct source *source, uint32_t off)
{
    return find_line(source, clamped(source, off)) + 1;
}

struct place source_place(const struct source *source, uint32_t off)
{
    uint32_t end = clamped(source, off);
    uint32_t line = find_line(source, end);
    struct str before = str_slice(source->text, source->line_start[line], end);
    /* A byte order mark is no character of the text. */
    if (line == 0 && str_starts(before, STR("\xEF\xBB\xBF"))) {
        before = str_slice(before, 3, before.len);
    }
    return (struct place){line + 1, (uint32_t)utf8_length(before) + 1};
}

struct place place_find(struct place_finder *finder, uint32_t file, uint32_t off)
{
    const struct source *source = sources_get(finder->sources, file);
    bool is_further_on = finder->known.file == file && finder->known.off <= off && off <= source->text.len &&
                         finder->place.line == source_line(source, off);
    if (is_further_on) {
        finder->place.column += (uint32_t)utf8_length(str_slice(source->text, finder->known.off, off));
    } else {
        finder->place = source_place(source, off);
    }
    finder->known = (struct span){file, off, 0};
    return finder->place;
}
