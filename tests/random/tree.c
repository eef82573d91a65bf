/* The tree of a generated text: making, writing, making smaller. */
#include "tests/random/tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- making ---- */

struct node *node_text(struct tree *tree, struct str text)
{
    struct node *node = arena_new(tree->arena, struct node);
    node->text = text;
    node->level = LEVEL_ATOM;
    return node;
}

struct node *node_format(struct tree *tree, enum level level, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (len < 0 || (size_t)len >= sizeof text) {
        fprintf(stderr, "a generated text is too long\n");
        exit(2);
    }
    struct node *node = node_text(tree, str_copy(tree->arena, str_of(text)));
    node->level = level;
    return node;
}

static void add_part(struct tree *tree, struct node *node, struct part part)
{
    arena_grow(tree->arena, node->parts, node->part_count, node->part_cap);
    node->parts[node->part_count++] = part;
}

static enum level level_of(char digit)
{
    return digit >= '0' && digit <= '9' ? (enum level)(digit - '0') : digit == 'A' ? LEVEL_ATOM : LEVEL_IF;
}

struct node *node_compose(struct tree *tree, enum level level, const char *pattern, ...)
{
    struct node *node = arena_new(tree->arena, struct node);
    node->level = level;
    va_list args;
    va_start(args, pattern);
    for (const char *at = pattern; *at != '\0';) {
        size_t len = strcspn(at, "$");
        struct part part = {.before = str_copy(tree->arena, (struct str){at, len})};
        at += len;
        if (*at == '$') {
            bool has_level = (at[1] >= '0' && at[1] <= '9') || at[1] == 'A';
            part.level = has_level ? level_of(at[1]) : LEVEL_IF;
            part.node = va_arg(args, struct node *);
            at += has_level ? 2 : 1;
        }
        add_part(tree, node, part);
    }
    va_end(args);
    return node;
}

struct node *node_sequence(struct tree *tree, struct str between)
{
    struct node *node = arena_new(tree->arena, struct node);
    node->is_sequence = true;
    node->between = between;
    node->level = LEVEL_ATOM;
    return node;
}

void node_add(struct tree *tree, struct node *sequence, struct node *part)
{
    add_part(tree, sequence, (struct part){.node = part});
}

struct node *node_only_in(struct tree *tree, enum form form, struct node *node)
{
    struct node *empty = node_text(tree, STR(""));
    empty->as[form] = node;
    return empty;
}

void node_simplify(struct tree *tree, struct node *node, struct node *simpler)
{
    if (simpler != NULL && simpler != node) {
        arena_grow(tree->arena, node->simpler, node->simpler_count, node->simpler_cap);
        node->simpler[node->simpler_count++] = simpler;
    }
}

struct node *node_settle(struct tree *tree, struct node *node, uint64_t type)
{
    node->type = type;
    for (size_t i = 0; i < node->part_count; i++) {
        if (node->parts[i].node != NULL && node->parts[i].node->type == type) {
            node_simplify(tree, node, node->parts[i].node);
        }
    }
    return node;
}

/* ---- writing ---- */

/* What stands in its place. */
static const struct node *shown(const struct node *node, enum form form)
{
    for (;;) {
        if (node->taken != NULL) {
            node = node->taken;
        } else if (node->as[form] != NULL) {
            node = node->as[form];
        } else {
            return node;
        }
    }
}

static bool is_left_out(const struct node *node)
{
    return node->drops > 0 || (node->with != NULL && is_left_out(node->with));
}

bool node_is_empty(const struct node *node, enum form form)
{
    const struct node *it = shown(node, form);
    if (is_left_out(node) || is_left_out(it)) {
        return true;
    }
    for (size_t i = 0; i < it->part_count; i++) {
        if (it->parts[i].before.len > 0 || (it->parts[i].node != NULL && !node_is_empty(it->parts[i].node, form))) {
            return false;
        }
    }
    return it->text.len == 0;
}

static void write_sequence(struct buf *out, const struct node *it, enum form form)
{
    bool is_first = true;
    for (size_t i = 0; i < it->part_count; i++) {
        size_t at = it->is_turned && form == FORM_REVERSED ? it->part_count - 1 - i : i;
        const struct node *part = it->parts[at].node;
        if (node_is_empty(part, form)) {
            continue;
        }
        if (!is_first) {
            buf_add(out, it->between);
        }
        node_write(out, part, form);
        is_first = false;
    }
}

void node_write(struct buf *out, const struct node *node, enum form form)
{
    const struct node *it = shown(node, form);
    if (is_left_out(node) || is_left_out(it)) {
        return;
    }
    if (it->is_sequence) {
        write_sequence(out, it, form);
        return;
    }
    buf_add(out, it->text);
    for (size_t i = 0; i < it->part_count; i++) {
        const struct part *part = &it->parts[i];
        buf_add(out, part->before);
        if (part->node != NULL) {
            bool has_brackets = shown(part->node, form)->level < part->level;
            buf_add(out, has_brackets ? STR("(") : STR(""));
            node_write(out, part->node, form);
            buf_add(out, has_brackets ? STR(")") : STR(""));
        }
    }
}

size_t node_size(const struct node *node)
{
    const struct node *it = shown(node, FORM_PLAIN);
    size_t size = it->text.len;
    for (size_t i = 0; i < it->part_count && node->drops == 0; i++) {
        size += it->parts[i].before.len + (it->parts[i].node != NULL ? node_size(it->parts[i].node) : 0);
    }
    return size;
}

/* ---- making smaller ---- */

struct changes {
    struct tree *tree;
    struct change *items;
    size_t count, cap;
    uint32_t visit;
};

static void add_change(struct changes *changes, struct change change)
{
    arena_grow(changes->tree->arena, changes->items, changes->count, changes->cap);
    changes->items[changes->count++] = change;
}

/* All of it, halves, quarters, …, single parts. */
static void add_drops(struct changes *changes, struct node *node)
{
    for (size_t size = node->part_count; size > 0; size = size == 1 ? 0 : (size + 1) / 2) {
        for (size_t from = 0; from < node->part_count; from += size) {
            struct change change = {.node = node, .from = from, .count = size};
            for (size_t i = from; i < from + size && i < node->part_count; i++) {
                const struct node *part = node->parts[i].node;
                change.size += part->drops > 0 || part->is_kept ? 0 : node_size(part);
            }
            if (change.size > 0) {
                add_change(changes, change);
            }
        }
    }
}

static void visit_changes(struct changes *changes, struct node *node)
{
    while (node->taken != NULL) {
        node = node->taken;
    }
    if (node->visit == changes->visit || node->drops > 0) {
        return;
    }
    node->visit = changes->visit;
    if (node->is_sequence) {
        add_drops(changes, node);
    }
    for (size_t i = 0; i < node->simpler_count; i++) {
        size_t was = node_size(node), is = node_size(node->simpler[i]);
        if (is < was) {
            add_change(changes, (struct change){.node = node, .simpler = node->simpler[i], .size = was - is});
        }
    }
    for (size_t i = 0; i < node->part_count; i++) {
        if (node->parts[i].node != NULL) {
            visit_changes(changes, node->parts[i].node);
        }
    }
    for (size_t form = 0; form < FORM_COUNT; form++) {
        if (node->as[form] != NULL) {
            visit_changes(changes, node->as[form]);
        }
    }
}

static int larger_first(const void *a, const void *b)
{
    const struct change *x = a, *y = b;
    return (x->size < y->size) - (x->size > y->size);
}

struct change *node_changes(struct tree *tree, struct node *const *roots, size_t root_count, size_t *count)
{
    static uint32_t visit;
    struct changes changes = {.tree = tree, .visit = ++visit};
    for (size_t i = 0; i < root_count; i++) {
        visit_changes(&changes, roots[i]);
    }
    qsort(changes.items, changes.count, sizeof *changes.items, larger_first);
    *count = changes.count;
    return changes.items;
}

/* Counted, as a part that is left out may be left out again. */
static void count_drops(const struct change *change, int by)
{
    for (size_t i = change->from; i < change->from + change->count && i < change->node->part_count; i++) {
        struct node *part = change->node->parts[i].node;
        part->drops += part->is_kept ? 0 : by;
    }
}

void change_make(const struct change *change)
{
    if (change->simpler != NULL) {
        change->node->taken = change->simpler;
    } else {
        count_drops(change, 1);
    }
}

void change_undo(const struct change *change)
{
    if (change->simpler != NULL) {
        change->node->taken = NULL;
    } else {
        count_drops(change, -1);
    }
}
