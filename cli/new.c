#include <errno.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "cli/templates.h"
#include "grammar/keywords.h"

/* A name of the language that is no word of it: letters of any script, digits and `_`. */
static bool is_rule_name(struct str name)
{
    size_t at = 0;
    while (at < name.len) {
        bool is_first = at == 0;
        uint32_t c = utf8_next(name, &at);
        bool is_letter = c != UTF8_INVALID &&
                         (is_first ? unicode_is_identifier_start(c) : unicode_is_identifier_continue(c));
        if (!is_letter || unicode_hazard(c).kind != HAZARD_NONE) {
            return false;
        }
    }
    bool is_word = keyword_lookup(name, NULL) != 0 || predefined_lookup(name) != PREDEFINED_NONE;
    return name.len > 0 && unicode_is_nfc(name) && !is_word;
}

static struct str fill_in(struct arena *arena, const char *template_name, const char *name)
{
    struct buf out = buf_in(arena);
    for (size_t i = 0; i < template_count; i++) {
        if (strcmp(templates[i].name, template_name) != 0) {
            continue;
        }
        const char *at = templates[i].text;
        for (const char *hit; (hit = strstr(at, "NAME")) != NULL; at = hit + strlen("NAME")) {
            buf_add(&out, (struct str){at, (size_t)(hit - at)});
            buf_add(&out, str_of(name));
        }
        buf_add(&out, str_of(at));
    }
    return buf_str(&out);
}

/* Never overwrites. */
static int write_file(struct cli *cli, const char *path, struct str text)
{
    FILE *file = fopen(path, "wbx");
    if (file == NULL && errno == EEXIST) {
        usage_error(cli, D_FILE_EXISTS, str_of(path), STR(""));
        return EXIT_FINDINGS;
    }
    if (file == NULL) {
        return io_error(cli, str_of(path), errno);
    }
    fwrite(text.at, 1, text.len, file);
    bool failed = ferror(file) != 0;
    if (fclose(file) != 0 || failed) {
        return write_error(cli, str_of(path), errno);
    }
    struct str line = diag_text(cli->arena, (struct diag_text){T_WRITTEN, {str_of(path)}}, cli->lang);
    printf("%.*s\n", STR_FMT(line));
    return EXIT_OK;
}

int command_new(struct cli *cli)
{
    if (cli->argument_count != 1) {
        return usage_error(cli, D_MISSING_ARGUMENT, STR("NAME"), STR("new"));
    }
    const char *name = cli->arguments[0];
    if (!is_rule_name(str_of(name))) {
        return usage_error(cli, D_BAD_NAME, str_of(name), STR(""));
    }
    struct str rule = str_format(cli->arena, "%s.pcr", name);
    struct str example = str_format(cli->arena, "%s.json", name);
    bool is_chinese = cli->lang == LANG_ZH;
    int code = write_file(cli, rule.at, fill_in(cli->arena, is_chinese ? "rule_zh" : "rule_en", name));
    struct str data = fill_in(cli->arena, is_chinese ? "example_zh" : "example_en", name);
    return code != EXIT_OK ? code : write_file(cli, example.at, data);
}
