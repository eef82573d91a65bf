#include "base/fix.h"

const struct diag_fix *diag_applicable(const struct diag *diag)
{
    const struct diag_fix *fix = diag->fixes;
    while (fix != NULL && !fix->is_applicable) {
        fix = fix->next;
    }
    return fix;
}

static uint32_t end_of(const struct diag_fix *fix)
{
    return fix->at.off + fix->at.len;
}

/* Keeps the order; two insertions at one place would have none. */
static void insert(struct fixes *fixes, const struct diag_fix *fix)
{
    size_t at = fixes->count;
    while (at > 0 && fixes->items[at - 1]->at.off > fix->at.off) {
        at--;
    }
    bool is_free_before =
        at == 0 || (end_of(fixes->items[at - 1]) <= fix->at.off && fixes->items[at - 1]->at.off < fix->at.off);
    bool is_free_after = at == fixes->count || end_of(fix) <= fixes->items[at]->at.off;
    if (!is_free_before || !is_free_after) {
        return;
    }
    for (size_t i = fixes->count; i > at; i--) {
        fixes->items[i] = fixes->items[i - 1];
    }
    fixes->items[at] = fix;
    fixes->count++;
}

struct fixes fixes_of(struct arena *arena, const struct diags *diags, uint32_t file)
{
    size_t count;
    const struct diag *const *sorted = diags_sorted(arena, diags, &count);
    struct fixes fixes = {arena_array(arena, const struct diag_fix *, count), 0};
    for (size_t i = 0; i < count; i++) {
        const struct diag_fix *fix = diag_applicable(sorted[i]);
        if (fix != NULL && fix->at.file == file) {
            insert(&fixes, fix);
        }
    }
    return fixes;
}

struct str fixes_put(struct arena *arena, struct str text, struct fixes fixes)
{
    struct buf out = buf_in(arena);
    size_t at = 0;
    for (size_t i = 0; i < fixes.count; i++) {
        buf_add(&out, str_slice(text, at, fixes.items[i]->at.off));
        buf_add(&out, fixes.items[i]->replacement);
        at = end_of(fixes.items[i]);
    }
    buf_add(&out, str_slice(text, at, text.len));
    return str_copy(arena, buf_str(&out));
}
