/* The inside of reading: what stream and folder share. Must not be included by others. */
#ifndef ZUJI_VM_READER_PARTS_H
#define ZUJI_VM_READER_PARTS_H

#include "vm/reader.h"

struct reader {
    struct arena arena; /* holds the reader itself */
    struct binder *binder;
    struct diags *messages;
    bool has_failed;
    bool is_ended;
    struct json_tree tree;
    bool (*next_record)(struct reader *reader); /* gives one product to the binder; false: no more */
    void (*release)(struct reader *reader);     /* memory outside of the arena; NULL: none */
};

/* Sets up what all readers have; `size` bytes begin with a struct reader. */
struct reader *reader_make(size_t size, struct binder *binder, struct diags *messages);

#endif
