#include "stdlib/natives.h"

#include <string.h>

/* So that each can be named to `--allow-native` by itself, too. */
#define NATIVE(name, function, count, signature) const char function##_signature[] = signature;
#include "stdlib/natives.def"
#undef NATIVE

static const struct {
    const char *name, *signature;
    zuji_native_fn function;
} natives_known[] = {
#define NATIVE(name, function, count, signature) {#name, signature, (zuji_native_fn)function},
#include "stdlib/natives.def"
#undef NATIVE
};

enum zuji_status zuji_std_allow(struct zuji_natives *natives)
{
    if (natives == NULL) {
        return ZUJI_USAGE;
    }
    for (size_t i = 0; i < sizeof natives_known / sizeof *natives_known; i++) {
        enum zuji_status status = zuji_natives_add(natives, natives_known[i].name, natives_known[i].signature,
                                                   natives_known[i].function, NULL);
        if (status != ZUJI_OK && status != ZUJI_USAGE) { /* the name is there already */
            return status;
        }
    }
    return ZUJI_OK;
}

int zuji_std_offers(const char *name)
{
    for (size_t i = 0; i < sizeof natives_known / sizeof *natives_known; i++) {
        if (strcmp(natives_known[i].name, name) == 0) {
            return 1;
        }
    }
    return 0;
}
