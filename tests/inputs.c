/* Small inputs with which every language of units has been caught out: each gives the converted result, or a message
   that shows both places. */
#include <stdio.h>
#include <string.h>

#include "compiler/compile.h"
#include "tests/runner.h"
#include "vm/zuji.h"

struct input {
    const char *name;
    const char *line; /* declarations of the rule */
    const char *data; /* NULL: GOOD_DATA */
    /* "= 1002.00 kg": the report x. "E0301 + | 1 kg | 2 km": code, the text of the place, and of the labels that must be
       there. "run E0709 | 99 % | 100 %": the code of the product, and what its message says. */
    const char *expected;
};

static const char GOOD_DATA[] =
    "{\"id\":\"a\",\"mass\":1,\"way\":2,\"volume\":3,\"note\":\"n\",\"share\":\"50 %\",\"items\":[{\"m\":4}]}";

static const struct input INPUTS[] = {
    {"mass and distance",         "let x = 1 kg + 2 km",                                                              NULL, "E0301 + | 1 kg | 2 km"           },
    {"mass and a bare number",    "let x = 1 kg + 5",                                                                 NULL, "E0301 + | 1 kg | 5"              },
    {"tonnes and kilograms",      "report x : kg = 1 t + 2 kg",                                                       NULL, "= 1002.00 kg"                       },
    {"kWh and MWh",               "report x : kWh = 1 kWh + 2 MWh",                                                   NULL, "= 2001.00 kWh"                      },
    {"kg and g of CO2e",          "report x : kgCO2e = 1 kgCO2e + 2 gCO2e",                                           NULL, "= 1.00200 kgCO2e"                  },
    {"methane without a set",     "let x = 1 kgCO2e + 2 kg{CH4} * gwp(CH4_fossil)",                                   NULL, "E0343 gwp(CH4_fossil) | inputs"    },
    {"methane without a GWP",     "let x = 1 kgCO2e + 2 kg{CH4}",                                                     NULL, "E0301 + | 1 kgCO2e | 2 kg{CH4}"  },
    {"distance declared as mass", "let x : kg = 5 km",                                                                NULL, "E0301 5 km | kg"                 },
    {"field used as mass",        "let x : kg = way",                                                                 NULL, "E0301 way | kg | way"            },
    {"m3 where L is declared",    "let y : L = 5 m3\nreport x : L = y",                                               NULL, "= 5000.00 L"                        },
    {"distance below mass",       "require 5 km < 3 kg else \"odd\"",                                                 NULL, "E0301 3 kg | 5 km"               },
    {"branches",                  "let x = if mass > 1 kg then 1 km else 2 kg",                                       NULL, "E0301 2 kg | 1 km"               },
    {"unknown name",              "let x = mas * 2",                                                                  NULL, "E0210 mas"                       },
    {"unknown keyword",           "lett x = mass * 2",                                                                NULL, "E0116 lett"                      },
    {"a text plus one",           "let x = \"a\" + 1",                                                                NULL, "E0306 \"a\" | +"                 },
    {"a field of text plus one",  "let x = note + 1",                                                                 NULL, "E0306 note | + | text"           },
    {"cycle",                     "let a = b + 1 kg\nlet b = a * 2",                                                  NULL, "E0401 a | b | a"                 },
    {"division by zero",          "report x : number = 1 / 0",                                                        NULL, "E0501 1 / 0"                     },
    {"division by a zero datum",  "report x : number = 1 kg / mass",
     "{\"id\":\"a\",\"mass\":0,\"way\":2,\"volume\":3,\"note\":\"n\",\"share\":\"1 %\",\"items\":[]}",                            "run E0701 | 1 kg / mass | 1 kg"  },
    {"missing input in a sum",    "report x : kg = sum(i in items: i.m) + maybe",                                     NULL, "E0313 maybe | optional"          },
    {"missing field in a row",    "report x : kg = sum(i in items: i.m)",
     "{\"id\":\"a\",\"mass\":1,\"way\":2,\"volume\":3,\"note\":\"n\",\"share\":\"1 %\",\"items\":[{\"m\":1},{}]}",                "run E0635 | m | items[2].m"      },
    {"shares of 99 %",            "require 49 % + share == 100 % within 0.1 % else \"the shares do not make 100 %\"", NULL,
     "run E0709 | 99 % | 100 %"                                                                                                                               },
    {"two operators",             "let x = 1 +* 2",                                                                   NULL, "E0116 *"                         },
    {"a unit with blanks",        "let x = 1 kg / h",                                                                 NULL, "E0210 h"                         },
    {"decimal comma in a text",   "report x : kg = mass",
     "{\"id\":\"a\",\"mass\":\"1.234,5\",\"way\":2,\"volume\":3,\"note\":\"n\",\"share\":\"1 %\",\"items\":[]}",                  "run E0696 | \"1.234,5\" | 1234.5"},
    {"decimal comma in JSON",     "report x : kg = mass",
     "{\"id\":\"a\",\"mass\":1.234,5,\"way\":2,\"volume\":3,\"note\":\"n\",\"share\":\"1 %\",\"items\":[]}",                      "run E0697 | 5"                   },
};

static const char HEAD[] = "import std.gases\n"
                           "rule inputs {\n"
                           "declared 1 kg\n"
                           "boundary gate_to_gate\n"
                           "data { mass : kg, way : km, volume : L, note : text, share : %\n"
                           "maybe : kg\n optional\n"
                           "items : list of { m : kg } }\n"
                           "reference 1 kg\n"
                           "stage s : production { emit base = 1 kgCO2e }\n";

static void check_input(struct runner *runner, const struct input *input);
static void check_message(struct runner *runner, const struct input *input, const struct sources *sources,
                          const struct diags *diags);
static void check_run(struct runner *runner, const struct input *input, struct program *program, struct diags *diags);

void mode_inputs(struct runner *runner, char **arguments, size_t count)
{
    (void)arguments;
    (void)count;
    for (size_t i = 0; i < countof(INPUTS); i++) {
        check_input(runner, &INPUTS[i]);
    }
}

static void check_input(struct runner *runner, const struct input *input)
{
    struct arena arena = {0};
    struct sources sources = sources_in(&arena);
    struct diags diags = diags_in(&arena);
    struct str path = path_in(runner, scratch_folder(runner), STR("inputs.pcr"));
    file_write(runner, path, str_format(&arena, "%s%s\n}\n", HEAD, input->line));
    struct compiled *compiled = compile_file(&arena, &sources, path, &diags);
    if (input->expected[0] == 'E') {
        check_message(runner, input, &sources, &diags);
    } else if (compiled->program == NULL) {
        struct str first = diags.first == NULL ? STR("no message") : diag_message(&arena, diags.first, LANG_EN);
        runner_fail(runner, "%s: does not compile: %.*s", input->name, STR_FMT(first));
    } else {
        check_run(runner, input, compiled->program, &diags);
    }
    arena_free(&arena);
}

/* The text up to the next " | "; *rest begins behind it. */
static struct str next_part(struct str *rest)
{
    const char *bar = rest->len > 0 ? strstr(rest->at, " | ") : NULL;
    struct str part = bar == NULL ? *rest : str_slice(*rest, 0, (size_t)(bar - rest->at));
    *rest = str_skip(*rest, bar == NULL ? rest->len : part.len + 3);
    return part;
}

static bool is_labelled(const struct sources *sources, const struct diag *diag, struct str text)
{
    for (const struct diag_label *label = diag->labels; label != NULL; label = label->next) {
        /* The label of a whole block begins with its first word. */
        if (label->at.file != 0 && str_starts(span_text(sources, label->at), str_slice(text, 0, 1)) &&
            str_starts(str_slice(sources_get(sources, label->at.file)->text, label->at.off, SIZE_MAX), text)) {
            return true;
        }
    }
    return false;
}

static void check_message(struct runner *runner, const struct input *input, const struct sources *sources,
                          const struct diags *diags)
{
    struct str rest = str_of(input->expected);
    struct str code = next_word(&rest);
    rest = str_trim(rest);
    struct str place = next_part(&rest);
    const struct diag *diag = diags->first;
    if (diag == NULL || diags->errors != 1 || !str_eq(str_of(diag_info(diag->code)->code), code) ||
        !str_eq(span_text(sources, diag->at), place)) {
        runner_fail(runner, "%s: %zu errors, the first %s at `%.*s`, not %s", input->name, diags->errors,
                    diag == NULL ? "none" : diag_info(diag->code)->code,
                    STR_FMT(diag == NULL ? STR("") : span_text(sources, diag->at)), input->expected);
        return;
    }
    while (rest.len > 0) {
        struct str label = next_part(&rest);
        if (!is_labelled(sources, diag, label)) {
            runner_fail(runner, "%s: nothing points at `%.*s`", input->name, STR_FMT(label));
            return;
        }
    }
    runner_pass(runner);
}

/* ---- results ---- */

static bool contains(const char *text, struct str part)
{
    char copy[200];
    snprintf(copy, sizeof copy, "%.*s", STR_FMT(part));
    return strstr(text, copy) != NULL;
}

/* What a message says with its path. */
static bool says_all(const struct zuji_message *message, struct str rest)
{
    struct str code = next_part(&rest);
    if (!str_eq(str_of(message->code), str_trim(code))) {
        return false;
    }
    while (rest.len > 0) {
        struct str part = next_part(&rest);
        if (!contains(message->text[ZUJI_EN], part) && !contains(message->path, part)) {
            return false;
        }
    }
    return true;
}

static bool is_expected_result(const struct input *input, const struct zuji_result *result)
{
    if (input->expected[0] != '=') {
        const struct zuji_messages *messages = zuji_result_messages(result);
        struct str wanted = str_of(input->expected + strlen("run "));
        return !zuji_result_is_ok(result) && zuji_messages_count(messages) == 1 &&
               says_all(zuji_messages_get(messages, 0), wanted);
    }
    size_t count = 0;
    const struct zuji_figure *reports = zuji_result_reports(result, &count);
    char text[100];
    snprintf(text, sizeof text, "= %s %s", count == 1 ? reports[0].reported : "", count == 1 ? reports[0].unit : "");
    return strcmp(text, input->expected) == 0;
}

static void check_run(struct runner *runner, const struct input *input, struct program *program, struct diags *diags)
{
    struct str bytes, data = str_of(input->data != NULL ? input->data : GOOD_DATA);
    struct zuji_rule *rule = NULL;
    struct zuji_run *run = NULL;
    const struct zuji_result *result = NULL;
    bool is_loaded = image_write(diags->arena, program, &bytes, diags) &&
                     zuji_load(bytes.at, bytes.len, &rule, NULL) == ZUJI_OK &&
                     zuji_run_new(rule, NULL, NULL, &run, NULL) == ZUJI_OK;
    if (is_loaded) {
        zuji_run_record(run, data.at, data.len, &result);
    }
    if (result != NULL && is_expected_result(input, result)) {
        runner_pass(runner);
    } else {
        size_t len = 0;
        runner_fail(runner, "%s: not %s but %s", input->name, input->expected,
                    result == NULL ? "nothing" : zuji_result_json(result, ZUJI_FULL, &len));
    }
    zuji_run_free(run);
    zuji_rule_free(rule);
}
