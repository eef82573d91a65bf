#include "vm/native.h"

#include <fenv.h>
#include <ffi.h>
#include <stdlib.h>

#include "base/decimal.h"
#include "vm/program_units.h"

enum { FIXED_ARGUMENTS = 3 }; /* user, rows, …, result */

struct native {
    ffi_cif cif;
    ffi_type *types[FIXED_ARGUMENTS + LIMIT_NATIVE_PARAMS];
    uint32_t params;
    zuji_native_fn function;
    void *user;
};
struct native_binding {
    struct native *items; /* by native of the program */
};

/* ---- what the host allows ---- */

enum zuji_status zuji_natives_new(struct zuji_natives **natives)
{
    if (natives == NULL) {
        return ZUJI_USAGE;
    }
    *natives = calloc(1, sizeof **natives);
    return *natives == NULL ? ZUJI_NO_MEMORY : ZUJI_OK;
}

void zuji_natives_free(struct zuji_natives *natives)
{
    if (natives != NULL) {
        arena_free(&natives->arena);
        free(natives);
    }
}

static const struct native_offer *find_offer(const struct zuji_natives *natives, struct str name)
{
    for (size_t i = 0; natives != NULL && i < natives->count; i++) {
        if (str_eq(natives->offers[i].name, name)) {
            return &natives->offers[i];
        }
    }
    return NULL;
}

enum zuji_status zuji_natives_add(struct zuji_natives *natives, const char *name, const char *signature,
                                  zuji_native_fn function, void *user)
{
    jmp_buf exhausted;
    bool is_usable = natives != NULL && name != NULL && signature != NULL && function != NULL;
    if (!is_usable || find_offer(natives, str_of(name)) != NULL) {
        return ZUJI_USAGE;
    }
    if (setjmp(exhausted) != 0) {
        return ZUJI_NO_MEMORY;
    }
    natives->arena.on_exhausted = &exhausted;
    struct native_offer offer = {.function = function, .user = user};
    offer.name = str_copy(&natives->arena, str_of(name));
    offer.signature = str_copy(&natives->arena, str_of(signature));
    arena_grow(&natives->arena, natives->offers, natives->count, natives->cap);
    natives->offers[natives->count++] = offer;
    natives->arena.on_exhausted = NULL;
    return ZUJI_OK;
}

/* ---- binding ---- */

/* int f(void *user, size_t rows, const double *a, …, double *result) */
static bool prepare(struct native *native, const struct native_offer *offer, uint32_t params)
{
    native->params = params;
    native->function = offer->function;
    native->user = offer->user;
    ffi_type *size = sizeof(size_t) == sizeof(uint64_t) ? &ffi_type_uint64 : &ffi_type_uint32;
    native->types[0] = &ffi_type_pointer;
    native->types[1] = size;
    for (uint32_t k = 0; k <= native->params; k++) { /* and the result */
        native->types[2 + k] = &ffi_type_pointer;
    }
    return ffi_prep_cif(&native->cif, FFI_DEFAULT_ABI, FIXED_ARGUMENTS + native->params, &ffi_type_sint,
                        native->types) == FFI_OK;
}

struct native_binding *native_bind(struct arena *arena, const struct program *program,
                                   const struct zuji_natives *natives, struct diags *out)
{
    struct native_binding *binding = arena_new(arena, struct native_binding);
    binding->items = arena_array(arena, struct native, program->native_count);
    struct program_units units = {.system = NULL};
    bool are_bound = true;
    for (uint32_t i = 0; i < program->native_count; i++) {
        struct str name = program->texts[program->natives[i].name];
        const struct native_offer *offer = find_offer(natives, name);
        if (offer == NULL) {
            diag_add(out, D_NATIVE_NOT_ALLOWED, (struct span){0, 0, 0}, DIAG_ARGS(name));
            are_bound = false;
            continue;
        }
        units = units.system == NULL ? program_units_new(arena, program) : units;
        if (!native_fits(program, &units, i, offer->signature)) {
            diag_add(out, D_NATIVE_SIGNATURE, (struct span){0, 0, 0},
                     DIAG_ARGS(name, native_signature(arena, program, i), offer->signature));
            are_bound = false;
        } else {
            are_bound = prepare(&binding->items[i], offer, program->natives[i].param_count) && are_bound;
        }
    }
    return are_bound ? binding : NULL;
}

/* ---- calls ---- */

int native_call(const struct native_binding *binding, uint32_t native, size_t rows,
                const double *const columns[LIMIT_NATIVE_PARAMS], double *results)
{
    const struct native *called = &binding->items[native];
    union { /* results that are narrower than a register come back widened */
        ffi_arg wide;
        int code;
    } returned = {.wide = 0};
    void *user = called->user;
    const double *given[LIMIT_NATIVE_PARAMS];
    void *values[FIXED_ARGUMENTS + LIMIT_NATIVE_PARAMS] = {&user, &rows};
    for (uint32_t k = 0; k < called->params; k++) {
        given[k] = columns[k];
        values[2 + k] = &given[k];
    }
    values[2 + called->params] = &results;
    ffi_cif cif = called->cif;
    fenv_t environment;
    fegetenv(&environment);
    ffi_call(&cif, called->function, &returned.wide, values);
    fesetenv(&environment);
    return (int)(ffi_sarg)returned.wide;
}

bool native_number(struct arena *arena, double result, struct rat *number)
{
    double size = result < 0 ? -result : result;
    if (size == 0) {
        *number = RAT_ZERO;
        return true;
    }
    if (!(size >= 1e-60 && size <= 1e60)) {
        return false;
    }
    *number = rat_round_significant(arena, rat_of_double(arena, result), NATIVE_DIGITS, ROUND_HALF_EVEN);
    return true;
}

struct str native_failure(struct arena *arena, int code, double result)
{
    char digits[DECIMAL_TEXT_MAX];
    if (code != 0) {
        return diag_both(arena, str_format(arena, "error %d", code), str_format(arena, "错误码 %d", code));
    }
    if (result != result) {
        return STR("NaN");
    }
    if (result - result != 0) {
        return result < 0 ? STR("-inf") : STR("inf");
    }
    size_t len = decimal_print(result, digits);
    return str_copy(arena, (struct str){digits, len});
}
