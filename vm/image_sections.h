/* The sections of a compiled rule, in their order in the file: first those that make its meaning (and its hash), then
   labels and places. Static data. Must not know of the envelope: magic, table of sections, checksum. */
#ifndef ZUJI_VM_IMAGE_SECTIONS_H
#define ZUJI_VM_IMAGE_SECTIONS_H

#include "vm/image_stream.h"

struct image_section {
    char tag[5];      /* four letters */
    bool is_semantic; /* part of the hash */
    void (*describe)(struct stream *stream, struct program *program); /* reads or writes it */
};
extern const struct image_section IMAGE_SECTIONS[];
extern const uint32_t IMAGE_SECTION_COUNT;

#endif
