/* Messages as the users of the library see them: worded in both languages, made from diagnostics.
   Whoever made a set owns it: one of its own is freed with zuji_messages_free, one in an arena goes with the arena.
   Must not know where the diagnostics come from. */
#ifndef ZUJI_VM_MESSAGES_H
#define ZUJI_VM_MESSAGES_H

#include "base/diag.h"
#include "vm/zuji.h"

struct zuji_messages {
    struct zuji_message *items;
    size_t count;
    struct arena *own; /* NULL: in the arena of somebody else */
};

/* A set with room for so many, in the arena, and one more message in it; its texts are copied into the arena. */
struct zuji_messages *messages_with_room(struct arena *arena, size_t room);
void messages_add(struct arena *arena, struct zuji_messages *messages, const struct diag *diag);
/* All messages in the order of their adding. */
struct zuji_messages *messages_in(struct arena *arena, const struct diags *diags);
/* The same with memory of its own; NULL where there are no messages, or no memory for them. */
struct zuji_messages *messages_new(const struct diags *diags);

#endif
