#include <string.h>

#include "base/render.h"
#include "cli/checklist.h"
#include "cli/code_pages.h"
#include "cli/example.h"
#include "stdlib/zujistd.h"

/* ---- what the examples show ------------------------------------------------------------------------------------- */

struct facts_of_run {
    struct cli *cli;
    const struct example *example;
    struct example_facts *facts;
};

static bool is_small_part(const struct zuji_figure *flow, const struct zuji_result *result)
{
    size_t count = 0;
    const struct zuji_figure *stages = zuji_result_stages(result, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(stages[i].name, flow->stage) == 0) {
            double part = flow->value < 0 ? -flow->value : flow->value;
            double whole = stages[i].value < 0 ? -stages[i].value : stages[i].value;
            return part > 0 && part < 1e-4 * whole;
        }
    }
    return false;
}

static void note_ties(struct facts_of_run *of, const struct zuji_result *result)
{
    struct example_facts *facts = of->facts;
    const struct zuji_messages *messages = zuji_result_messages(result);
    for (size_t i = 0; i < zuji_messages_count(messages); i++) {
        const struct zuji_message *message = zuji_messages_get(messages, i);
        enum diag_code code = diag_by_code(str_of(message->code));
        if (code == D_ROWS_EQUAL || code == D_ROWS_EQUAL_MORE) {
            struct example_tie tie = {of->example,
                                      {str_copy(of->cli->arena, str_of(message->text[ZUJI_EN])),
                                       str_copy(of->cli->arena, str_of(message->text[ZUJI_ZH]))}};
            arena_grow(of->cli->arena, facts->ties, facts->tie_count, facts->tie_cap);
            facts->ties[facts->tie_count++] = tie;
        }
    }
}

static int note_facts(void *user, const struct zuji_result *result)
{
    struct facts_of_run *of = user;
    struct example_facts *facts = of->facts;
    size_t count = 0;
    facts->have_run = facts->have_run && zuji_result_is_ok(result);
    const struct zuji_figure *flows = zuji_result_is_ok(result) ? zuji_result_flows(result, &count) : NULL;
    for (size_t i = 0; i < count; i++) {
        const struct zuji_figure *flow = &flows[i];
        struct example_flow fact = {.example = of->example,
                                    .stage = str_copy(of->cli->arena, str_of(flow->stage)),
                                    .name = str_copy(of->cli->arena, str_of(flow->name)),
                                    .is_given = flow->is_given != 0,
                                    .is_negative = flow->is_given && flow->value < 0,
                                    .is_tiny = flow->is_given && is_small_part(flow, result)};
        arena_grow(of->cli->arena, facts->flows, facts->flow_count, facts->flow_cap);
        facts->flows[facts->flow_count++] = fact;
    }
    if (zuji_result_is_ok(result)) {
        note_ties(of, result);
    }
    return 0;
}

/* Does it call an external function that the standard library has not? */
static bool wants_allowance(const struct zuji_rule *rule)
{
    const char *name = NULL;
    for (size_t i = 0; (name = zuji_rule_native(rule, i, NULL)) != NULL; i++) {
        if (!zuji_std_offers(name)) {
            return true;
        }
    }
    return false;
}

/* Whether the examples give what they expect is for `zuji test` to say. */
static struct example_facts run_examples(struct cli *cli, const struct compiled *compiled, struct diags *diags)
{
    struct zuji_rule *rule = example_rule(cli, compiled, diags);
    struct example_facts facts = {.have_run = rule != NULL || compiled->program == NULL};
    bool wants_natives = rule != NULL && wants_allowance(rule) && cli->native_count == 0;
    facts.have_run = facts.have_run && !wants_natives; /* to ask for them is for `zuji test` */
    for (size_t i = 0; rule != NULL && !wants_natives && i < compiled->example_count; i++) {
        struct facts_of_run of = {cli, &compiled->examples[i], &facts};
        enum zuji_status status = example_run(cli, rule, compiled, of.example, false, note_facts, &of);
        facts.have_run = facts.have_run && status == ZUJI_OK;
    }
    zuji_rule_free(rule);
    return facts;
}

/* ---- the command ------------------------------------------------------------------------------------------------ */

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_SARIF };

static bool find_format(const char *name, enum format *format)
{
    static const char *const names[] = {"text", "json", "sarif"};
    for (size_t i = 0; i < countof(names); i++) {
        if (name == NULL || strcmp(names[i], name) == 0) {
            *format = (enum format)i;
            return true;
        }
    }
    return false;
}

static struct str page_of(struct arena *arena, enum diag_code code, enum lang lang)
{
    return code_page_text(arena, code_page_find(arena, diag_info(code)->code), lang);
}

static void print_all(struct cli *cli, enum format format, const struct sources *sources, const struct diags *diags,
                      const struct buf *checklists)
{
    struct str text = STR("");
    switch (format) {
    case FORMAT_TEXT:
        print_diags(cli, sources, diags);
        return;
    case FORMAT_JSON:
        text = render_json(cli->arena, sources, diags);
        if (cli->option[OPTION_CHECKLIST] != NULL) {
            text = str_format(cli->arena, "{\"messages\":%.*s,\"checklists\":[%.*s]}\n", STR_FMT(text),
                              STR_FMT(buf_str(checklists)));
        }
        break;
    case FORMAT_SARIF:
        text = render_sarif(cli->arena, sources, diags, (struct sarif_tool){zuji_version(NULL), cli->lang, page_of});
        break;
    }
    fwrite(text.at, 1, text.len, stdout);
}

static void add_checklist(struct cli *cli, enum format format, const struct checked *checked,
                          const struct decl *profile, struct buf *out)
{
    const struct checklist *list = profile_judge(checked, profile);
    if (format == FORMAT_JSON) {
        buf_add(out, out->len == 0 ? STR("\n") : STR(",\n"));
        buf_add(out, checklist_json(cli->arena, checked, list));
    } else {
        buf_add(out, checklist_text(cli->arena, checked, list, cli->lang));
    }
}

/* The checklist of the profile asked for, else of those to which the rule says that it conforms. */
static void add_checklists(struct cli *cli, enum format format, const struct checked *checked,
                           const struct decl *profile, struct buf *out)
{
    if (profile != NULL) {
        add_checklist(cli, format, checked, profile, out);
        return;
    }
    for (const struct decl *item = checked->rule->as.rule.items; item != NULL; item = item->next) {
        bool conforms = item->kind == DECL_HEADER && item->as.header.kind == HEADER_CONFORMS;
        for (const struct name_list *name = conforms ? item->as.header.names : NULL; name != NULL; name = name->next) {
            profile = profile_find(checked, item->module, name->name.text);
            if (profile != NULL) {
                add_checklist(cli, format, checked, profile, out);
            }
        }
    }
}

/* Holds a rule without errors to the profile asked for. False where there is no such profile: reported. */
static bool check_profile(struct cli *cli, enum format format, const struct checked *checked, struct diags *diags,
                          struct buf *checklists)
{
    const char *wanted = cli->option[OPTION_PROFILE];
    const struct decl *profile = NULL;
    if (checked->rule == NULL) {
        return true;
    }
    if (wanted != NULL) {
        profile = profile_find(checked, checked->rule->module, str_of(wanted));
        if (profile == NULL) {
            usage_error(cli, D_OPTION_VALUE, STR("--profile"), profile_names(cli->arena, checked));
            return false;
        }
        profile_report(checked, profile_judge(checked, profile), (struct span){0}, diags);
    }
    if (cli->option[OPTION_CHECKLIST] != NULL) {
        add_checklists(cli, format, checked, profile, checklists);
    }
    return true;
}

int command_check(struct cli *cli)
{
    enum format format;
    if (!find_format(cli->option[OPTION_FORMAT], &format)) {
        return usage_error(cli, D_OPTION_VALUE, STR("--format"), STR("text|json|sarif"));
    }
    if (cli->argument_count == 0) {
        return usage_error(cli, D_MISSING_ARGUMENT, STR("FILE…"), STR("check"));
    }
    if (format == FORMAT_SARIF && cli->option[OPTION_CHECKLIST] != NULL) {
        return usage_error(cli, D_OPTION_VALUE, STR("--checklist --format"), STR("text|json"));
    }
    struct sources sources = sources_in(cli->arena);
    struct diags diags = diags_in(cli->arena);
    struct buf checklists = buf_in(cli->arena);
    int code = EXIT_OK;
    for (size_t i = 0; i < cli->argument_count; i++) {
        int fixed = cli->option[OPTION_FIX] != NULL ? apply_fixes(cli, str_of(cli->arguments[i])) : EXIT_OK;
        if (fixed != EXIT_OK) {
            return fixed;
        }
        size_t errors = diags.errors, warnings = diags.warnings;
        struct compiled *compiled = compile_file(cli->arena, &sources, str_of(cli->arguments[i]), &diags);
        if (compiled->checked != NULL && diags.errors == errors) {
            struct example_facts facts = run_examples(cli, compiled, &diags);
            lint(compiled, &facts, &diags);
            if (!check_profile(cli, format, compiled->checked, &diags, &checklists)) {
                return EXIT_USAGE;
            }
        }
        if (compiled->checked == NULL) {
            code = EXIT_IO;
        } else if (diags.errors == errors && format == FORMAT_TEXT) {
            size_t told = diags.warnings - warnings;
            struct diag_text text = {told == 1 ? T_CHECKED_ONE : T_CHECKED,
                                     {str_of(cli->arguments[i]), str_format(cli->arena, "%zu", told)}};
            printf("%.*s\n", STR_FMT(diag_text(cli->arena, text, cli->lang)));
        }
    }
    if (format == FORMAT_TEXT) {
        printf("%.*s", STR_FMT(buf_str(&checklists)));
    }
    print_all(cli, format, &sources, &diags, &checklists);
    bool is_refused = diags.errors > 0 || (cli->option[OPTION_DENY] != NULL && diags.warnings > 0);
    return code != EXIT_OK ? code : is_refused ? EXIT_FINDINGS : EXIT_OK;
}
