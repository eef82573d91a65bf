#include "vm/messages.h"

#include <setjmp.h>
#include <stdlib.h>

/* The message with its notes: "{message}; {note}". */
static struct str worded(struct arena *arena, const struct diag *diag, enum lang lang)
{
    struct buf text = buf_in(arena);
    buf_add(&text, diag_message(arena, diag, lang));
    for (const struct diag_note *note = diag->notes; note != NULL; note = note->next) {
        buf_add(&text, lang == LANG_ZH ? STR("；") : STR("; "));
        buf_add(&text, diag_text(arena, note->text, lang));
    }
    return buf_str(&text);
}

static const char *terminated(struct arena *arena, struct str text)
{
    return text.len == 0 ? "" : str_copy(arena, text).at;
}

/* An argument that reads differently in the two languages is given in English. */
static size_t copy_args(struct arena *arena, const struct diag *diag, const char *const **args)
{
    size_t count = countof(diag->args);
    while (count > 0 && diag->args[count - 1].len == 0) {
        count--;
    }
    const char **texts = arena_array(arena, const char *, count);
    for (size_t i = 0; i < count; i++) {
        struct diag_text text = {T_PLAIN, {diag->args[i]}};
        texts[i] = terminated(arena, diag_text(arena, text, LANG_EN));
    }
    *args = texts;
    return count;
}

static struct zuji_message message_of(struct arena *arena, const struct diag *diag)
{
    const struct diag_info *info = diag_info(diag->code);
    struct zuji_message message = {
        .code = info->code == NULL ? "" : info->code,
        .severity = (int)info->severity,
        .text = {terminated(arena, worded(arena, diag, LANG_EN)), terminated(arena, worded(arena, diag, LANG_ZH))},
        .file = terminated(arena, diag->place.file),
        .line = diag->place.line,
        .column = diag->place.column,
        .product = terminated(arena, diag->product),
        .path = terminated(arena, diag->path),
        .clause = terminated(arena, diag->clause)
    };
    message.arg_count = copy_args(arena, diag, &message.args);
    return message;
}

struct zuji_messages *messages_with_room(struct arena *arena, size_t room)
{
    struct zuji_messages *messages = arena_new(arena, struct zuji_messages);
    messages->items = arena_array(arena, struct zuji_message, room);
    return messages;
}

void messages_add(struct arena *arena, struct zuji_messages *messages, const struct diag *diag)
{
    messages->items[messages->count++] = message_of(arena, diag);
}

struct zuji_messages *messages_in(struct arena *arena, const struct diags *diags)
{
    size_t count = 0;
    for (const struct diag *diag = diags->first; diag != NULL; diag = diag->next) {
        count++;
    }
    struct zuji_messages *messages = messages_with_room(arena, count);
    for (const struct diag *diag = diags->first; diag != NULL; diag = diag->next) {
        messages_add(arena, messages, diag);
    }
    return messages;
}

struct zuji_messages *messages_new(const struct diags *diags)
{
    jmp_buf exhausted;
    struct arena *own = diags->first == NULL ? NULL : calloc(1, sizeof *own);
    if (own == NULL) {
        return NULL;
    }
    if (setjmp(exhausted) != 0) {
        arena_free(own);
        free(own);
        return NULL;
    }
    own->on_exhausted = &exhausted;
    struct zuji_messages *messages = messages_in(own, diags);
    own->on_exhausted = NULL;
    messages->own = own;
    return messages;
}

size_t zuji_messages_count(const struct zuji_messages *messages)
{
    return messages == NULL ? 0 : messages->count;
}

const struct zuji_message *zuji_messages_get(const struct zuji_messages *messages, size_t index)
{
    return index < zuji_messages_count(messages) ? &messages->items[index] : NULL;
}

void zuji_messages_free(struct zuji_messages *messages)
{
    if (messages != NULL && messages->own != NULL) {
        struct arena *own = messages->own;
        arena_free(own);
        free(own);
    }
}
