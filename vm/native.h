/* External functions: what the host allows, bound to what a program calls, and the calls themselves through libffi, a
   column at a time. A binding lives in the arena given and copies what it needs of the host's set. Both engines call
   through here, so that both give the same arguments and take results in the same way. Must not know of instructions.
 */
#ifndef ZUJI_VM_NATIVE_H
#define ZUJI_VM_NATIVE_H

#include "base/diag.h"
#include "vm/program.h"
#include "vm/zuji.h"

struct zuji_natives { /* in the order in which they were added */
    struct arena arena;
    struct native_offer {
        struct str name, signature;
        zuji_native_fn function;
        void *user;
    } * offers;
    size_t count, cap;
};

struct native_binding; /* by native of the program: what is called */

/* NULL, with a message for each, where one that the program calls is not allowed, or is not what the program says.
   natives may be NULL. */
struct native_binding *native_bind(struct arena *arena, const struct program *program,
                                   const struct zuji_natives *natives, struct diags *out);

/* Calls for all rows at once: columns[k][row] is argument k. The number that the function returned; 0: the results are
   there. */
int native_call(const struct native_binding *binding, uint32_t native, size_t rows,
                const double *const columns[LIMIT_NATIVE_PARAMS], double *results);
/* A result as the number that it means: rounded to NATIVE_DIGITS significant digits. False where it is none: NaN,
   infinite, or not zero and not between 1e-60 and 1e60 in size, as data are. */
bool native_number(struct arena *arena, double result, struct rat *number);
/* What is wrong with such a result, in words. */
struct str native_failure(struct arena *arena, int code, double result);

/* ---- native_signature.c ---- */
/* "(MPa, K): kJ/kg" of the program's units. */
struct str native_signature(struct arena *arena, const struct program *program, uint32_t native);
struct program_units;
/* Is the text, "(p: MPa, t: K): kJ/kg" with or without names, the same? */
bool native_fits(const struct program *program, struct program_units *units, uint32_t native, struct str text);

#endif
