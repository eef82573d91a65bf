#include "cli/example.h"

struct zuji_rule *example_rule(struct cli *cli, const struct compiled *compiled, struct diags *diags)
{
    struct str bytes;
    struct zuji_rule *rule = NULL;
    if (compiled->program != NULL && image_write(cli->arena, compiled->program, &bytes, diags)) {
        struct zuji_messages *messages = NULL;
        zuji_load(bytes.at, bytes.len, &rule, &messages);
        print_messages(cli, messages);
        zuji_messages_free(messages);
    }
    return rule;
}

/* A path of the example, relative to the folder of the rule's file. */
static const char *beside_rule(struct cli *cli, const struct compiled *compiled, const struct example *example,
                               struct str path)
{
    struct str file = sources_get(compiled->checked->sources, example->at.file)->path;
    size_t folder = file.len;
    while (folder > 0 && file.at[folder - 1] != '/') {
        folder--;
    }
    bool is_absolute = path.len > 0 && path.at[0] == '/';
    return str_format(cli->arena, "%.*s%.*s", is_absolute ? 0 : (int)folder, file.at, STR_FMT(path)).at;
}

static void tell(struct cli *cli, struct zuji_messages **messages)
{
    print_messages(cli, *messages);
    zuji_messages_free(*messages);
    *messages = NULL;
}

enum zuji_status example_run(struct cli *cli, const struct zuji_rule *rule, const struct compiled *compiled,
                             const struct example *example, bool use_exact, zuji_result_fn result, void *user)
{
    struct zuji_messages *messages = NULL;
    struct zuji_factors *factors = NULL;
    struct zuji_run *run = NULL;
    struct zuji_options options = {.use_exact = use_exact,
                                   .only_product = example->key.len > 0 ? str_copy(cli->arena, example->key).at : NULL};
    int code = EXIT_OK;
    struct zuji_natives *natives = load_natives(cli, &code);
    enum zuji_status status = natives == NULL ? ZUJI_IO : zuji_factors_new(&factors);
    options.natives = natives;
    for (size_t i = 0; status == ZUJI_OK && i < example->factor_count; i++) {
        status = zuji_factors_add(factors, beside_rule(cli, compiled, example, example->factors[i]), &messages);
        tell(cli, &messages);
    }
    if (status == ZUJI_OK) {
        status = zuji_run_new(rule, factors, &options, &run, &messages);
        tell(cli, &messages);
    }
    if (run != NULL && example->data.len == 0) {
        const struct zuji_result *only = NULL;
        status = zuji_run_record(run, "{}", 2, &only);
        if (only != NULL) {
            result(user, only);
        }
    } else if (run != NULL) {
        status = zuji_run_path(run, beside_rule(cli, compiled, example, example->data), result, user, &messages);
        tell(cli, &messages);
    }
    zuji_run_free(run);
    zuji_natives_free(natives);
    zuji_factors_free(factors);
    return status;
}
