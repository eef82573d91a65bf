/* Internal to the image, the verifier and their tests: every reference from one part of a program to another, walked in
   one place; the checks that need nothing more; the one order of the pools.
   Everything lives in the arena that is given. Must not know of types of values or of engines. */
#ifndef ZUJI_VM_IMAGE_H
#define ZUJI_VM_IMAGE_H

#include "vm/program.h"

enum pool {
    POOL_TEXTS,
    POOL_LABELS,
    POOL_GENERATORS,
    POOL_UNITS,
    POOL_CONSTANTS,
    POOL_CHOICES,
    POOL_FIELDS,
    POOL_TABLES,
    POOL_FACTORS,
    POOL_NATIVES,
    POOL_CODE,
    POOL_PHASES,
    POOL_CATEGORIES,
    POOL_STAGES,
    POOL_FLOWS,
    POOL_PARTS,
    POOL_OUTPUTS,
    POOL_GRADES,
    POOL_REQUIREMENTS,
    POOL_COUNT
};
uint32_t pool_count(const struct program *program, enum pool pool);

/* One place in a program that names an entry of a pool. */
struct reference {
    enum pool pool;
    uint32_t *wide;   /* the index: 32 bits wide ... */
    uint16_t *narrow; /* ... or 16; the other is NULL */
    bool is_optional; /* may be NO_INDEX */
    const char *owner, *member; /* for messages: owner[number].member */
    uint32_t number;
};
typedef void reference_visitor(void *context, const struct reference *reference);
/* Calls the visitor for every reference but operands, masks and axes of instructions. An instruction with an
   unknown opcode has only its unit. */
void program_visit(struct program *program, reference_visitor *visit, void *context);

/* Are all counts within their limits and all references in range, all texts UTF-8 without NUL? False with one message. */
bool program_check(const struct program *program, struct diags *out);
/* Order of two entries of a sorted pool (texts, labels, generators, units, constants): negative, 0, positive. */
int pool_compare(struct arena *arena, const struct program *program, enum pool pool, uint32_t a, uint32_t b);
/* Sorts texts, labels, generators, units, unit names and constants, drops what nothing refers to and renumbers every
   reference. The program must have passed program_check. Doing it twice changes nothing more. */
void program_canonicalise(struct arena *arena, struct program *program);

#endif
