/* What surrounds every call: the host's floating-point environment, and memory running out. */
#include <fenv.h>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

#include "vm/api_parts.h"

#ifndef ZUJI_VERSION
#define ZUJI_VERSION "0.1.0"
#endif

enum { ABI = 1 };

const char *zuji_version(unsigned *abi)
{
    if (abi != NULL) {
        *abi = ABI;
    }
    return ZUJI_VERSION;
}

static enum zuji_status call_in_bounds(api_work *work, void *context)
{
    jmp_buf exhausted;
    if (setjmp(exhausted) != 0) {
        return ZUJI_NO_MEMORY;
    }
    return work(context, &exhausted);
}

/* ---- the floating-point environment ---- */

struct environment { /* the host's */
    bool is_default;
    unsigned control; /* where it is the default one: with the flags that have been raised */
    fenv_t whole;     /* else */
};

/* Setting an environment takes as long as a small product, looking at it next to nothing. */
static bool is_default(unsigned *control)
{
#if defined(__SSE2__)
    enum { FLAGS = 0x3F, DEFAULT = 0x1F80 };
    *control = _mm_getcsr();
    return (*control & ~(unsigned)FLAGS) == DEFAULT;
#else
    *control = 0;
    return false;
#endif
}

static void enter(struct environment *host)
{
    host->is_default = is_default(&host->control);
    if (!host->is_default) {
        fegetenv(&host->whole);
        fesetenv(FE_DFL_ENV);
    }
}

static void leave(const struct environment *host)
{
    if (!host->is_default) {
        fesetenv(&host->whole);
        return;
    }
#if defined(__SSE2__)
    _mm_setcsr(host->control);
#endif
}

void api_take_back(void)
{
    unsigned control;
    if (!is_default(&control)) {
        fesetenv(FE_DFL_ENV);
    }
}

enum zuji_status api_call(api_work *work, void *context)
{
    struct environment host;
    enter(&host);
    enum zuji_status status = call_in_bounds(work, context);
    leave(&host);
    return status;
}

void api_give_messages(struct zuji_messages **messages, const struct diags *diags)
{
    if (messages != NULL) {
        *messages = messages_new(diags);
    }
}
