/* External functions: from shared libraries, each named by the user, and those of the standard library. A rule never
   names an address or a path. */
#include "cli/cli.h"
#include "stdlib/zujistd.h"

#include <dlfcn.h>
#include <string.h>

struct origin { /* NAME=LIBRARY:SYMBOL */
    const char *name, *library, *symbol;
};

static bool read_origin(struct cli *cli, const char *option, struct origin *origin)
{
    const char *equals = strchr(option, '=');
    const char *colon = strrchr(option, ':');
    if (equals == NULL || colon == NULL || equals == option || colon <= equals + 1 || colon[1] == '\0') {
        usage_error(cli, D_NATIVE_OPTION, str_of(option), STR(""));
        return false;
    }
    origin->name = str_copy(cli->arena, (struct str){option, (size_t)(equals - option)}).at;
    origin->library = str_copy(cli->arena, (struct str){equals + 1, (size_t)(colon - equals - 1)}).at;
    origin->symbol = colon + 1;
    return true;
}

static void *find_symbol(struct cli *cli, void *library, const struct origin *origin, const char *symbol)
{
    void *found = dlsym(library, symbol);
    if (found == NULL) {
        usage_error(cli, D_NATIVE_SYMBOL, str_of(origin->library), str_of(symbol));
    }
    return found;
}

/* By its path, never by the search path; it stays loaded. */
static void *open_library(struct cli *cli, const struct origin *origin)
{
    bool is_path = strchr(origin->library, '/') != NULL;
    struct str path = str_format(cli->arena, "%s%s", is_path ? "" : "./", origin->library);
    void *library = dlopen(path.at, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        usage_error(cli, D_NATIVE_LIBRARY, str_of(origin->library), str_of(dlerror()));
    }
    return library;
}

/* The exit code. */
static int add_native(struct cli *cli, struct zuji_natives *natives, const char *option)
{
    struct origin origin;
    if (!read_origin(cli, option, &origin)) {
        return EXIT_USAGE;
    }
    void *library = open_library(cli, &origin);
    const char *signature_symbol = str_format(cli->arena, "%s_signature", origin.symbol).at;
    void *symbol = library == NULL ? NULL : find_symbol(cli, library, &origin, origin.symbol);
    const char *signature = symbol == NULL ? NULL : find_symbol(cli, library, &origin, signature_symbol);
    if (signature == NULL) {
        return EXIT_IO;
    }
    zuji_native_fn function;
    memcpy(&function, &symbol, sizeof function); /* as POSIX has it: the bits of the one are the other */
    return exit_of(zuji_natives_add(natives, origin.name, signature, function, NULL));
}

struct zuji_natives *load_natives(struct cli *cli, int *exit_code)
{
    struct zuji_natives *natives = NULL;
    *exit_code = exit_of(zuji_natives_new(&natives));
    for (size_t i = 0; natives != NULL && i < cli->native_count; i++) {
        int code = add_native(cli, natives, cli->natives[i]);
        *exit_code = code > *exit_code ? code : *exit_code;
    }
    if (natives != NULL && *exit_code == EXIT_OK) {
        *exit_code = exit_of(zuji_std_allow(natives)); /* behind those of the user, who may have others of their names */
    }
    if (*exit_code != EXIT_OK) {
        zuji_natives_free(natives);
        return NULL;
    }
    return natives;
}
