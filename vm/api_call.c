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

enum zuji_status api_call(api_work *work, void *context)
{
    fenv_t host;
    bool is_saved = fegetenv(&host) == 0;
    fesetenv(FE_DFL_ENV);
    enum zuji_status status = call_in_bounds(work, context);
    if (is_saved) {
        fesetenv(&host);
    }
    return status;
}

/* Setting the environment takes as long as a small product, looking at it next to nothing. */
static bool is_default(void)
{
#if defined(__SSE2__)
    enum { FLAGS = 0x3F, DEFAULT = 0x1F80 };
    return (_mm_getcsr() & ~(unsigned)FLAGS) == DEFAULT;
#else
    return false;
#endif
}

void api_take_back(void)
{
    if (!is_default()) {
        fesetenv(FE_DFL_ENV);
    }
}

void api_give_messages(struct zuji_messages **messages, const struct diags *diags)
{
    if (messages != NULL) {
        *messages = messages_new(diags);
    }
}
