/* Internal to api_*.c: the handles, and what every call of the library does around its work.
   A handle owns its arenas; rules are counted, because runs keep them.
   Must not be included outside vm/api_*.c. */
#ifndef ZUJI_VM_API_PARTS_H
#define ZUJI_VM_API_PARTS_H

#include <setjmp.h>
#include <stdatomic.h>

#include "vm/result.h"
#include "vm/verify.h"

struct zuji_rule {
    atomic_uint users;
    struct arena arena;
    const struct program *program;
    const struct verified *verified;
    const struct result_plan *plan;
    const char *name, *version, *cost;
    const char *file; /* hash of the compiled file */
    const char *title[2], *declared[2]; /* by enum zuji_lang */
    struct zuji_validity valid;
    const char **natives, **signatures; /* by native of the program */
    const char **items; /* zuji_rule_item */
    size_t item_count;
};
struct zuji_rule *rule_keep(const struct zuji_rule *rule); /* one user more; zuji_rule_free is one less */

/* The member `rule` of `run --format json`; `factors`: the hash of the factor set, empty where there is none. */
struct str rule_identity(struct arena *arena, const struct zuji_rule *rule, const char *factors);

/* Runs the work in the default floating-point environment and restores the host's. Where the work leaves through
   `exhausted` (on_exhausted of its arenas) the status is ZUJI_NO_MEMORY. */
typedef enum zuji_status api_work(void *context, jmp_buf *exhausted);
enum zuji_status api_call(api_work *work, void *context);

/* After a callback of the host: what it has changed of the floating-point environment is undone. */
void api_take_back(void);

/* Hands messages to a caller who may not want them. */
void api_give_messages(struct zuji_messages **messages, const struct diags *diags);

#endif
