/* Keeps the tables of SPEC.md: `docs SPEC.md` prints the file with every region between
   `<!-- table: NAME -->` and `<!-- end -->` made anew from the project's .def files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A cell of a Markdown table: a bar would end it. */
static void cell(const char *text)
{
    printf("| ");
    for (; *text != '\0'; text++) {
        if (*text == '|') {
            putchar('\\');
        }
        putchar(*text);
    }
    putchar(' ');
}

static void code_cell(const char *text)
{
    printf("| ");
    if (text[0] == '\0') {
        return;
    }
    putchar('`');
    for (; *text != '\0'; text++) {
        if (*text == '|') {
            putchar('\\');
        }
        putchar(*text);
    }
    printf("` ");
}

static void end_row(void)
{
    printf("|\n");
}

static void print_keywords(void)
{
    printf("| English | Chinese | also accepted |\n| --- | --- | --- |");
#define KEYWORD(token, en, zh) printf("\n| `" en "` | `" zh "` | ");
#define KEYWORD_ALIAS(token, spelling) printf("`" spelling "` ");
#define PREDEFINED(id, en, zh)
#define PREDEFINED_ALIAS(id, spelling)
#define ROUNDING(id, en, zh)
#define ROUNDING_ALIAS(id, spelling)
#define WORD(category, en, zh)
#define WORD_ALIAS(category, en, spelling)
#define TOKEN(token, en, zh)
#include "grammar/keywords.def"
#undef KEYWORD
#undef KEYWORD_ALIAS
#undef PREDEFINED
#undef PREDEFINED_ALIAS
#undef ROUNDING
#undef ROUNDING_ALIAS
#undef WORD
#undef WORD_ALIAS
    printf("\n");
}

static void print_names(void)
{
    printf("| kind | English | Chinese |\n| --- | --- | --- |\n");
#define KEYWORD(token, en, zh)
#define KEYWORD_ALIAS(token, spelling)
#define PREDEFINED(id, en, zh) printf("| predefined | `%s` | `%s` |\n", en, zh);
#define PREDEFINED_ALIAS(id, spelling) printf("| predefined | | `%s` |\n", spelling);
#define ROUNDING(id, en, zh) printf("| rounding | `%s` | `%s` |\n", en, zh);
#define ROUNDING_ALIAS(id, spelling) printf("| rounding | | `%s` |\n", spelling);
#define WORD(category, en, zh) printf("| %s | `%s` | `%s` |\n", #category, en, zh);
#define WORD_ALIAS(category, en, spelling) printf("| %s | `%s` | `%s` |\n", #category, en, spelling);
#include "grammar/keywords.def"
}

static void print_units(void)
{
    printf("| unit | Chinese | is |\n| --- | --- | --- |\n");
#define UNIT_BASE(generator, symbol, chinese) printf("| `%s` | %s | base |\n", symbol, chinese);
#define UNIT(symbol, chinese, definition, numerator, denominator)                                                      \
    printf("| `%s` | %s | " #numerator "/" #denominator " `%s` |\n", symbol, chinese, definition);
#define UNIT_POINT(symbol, chinese, definition, numerator, denominator)                                                \
    printf("| `%s` | %s | point, zero at " #numerator "/" #denominator " `%s` |\n", symbol, chinese, definition);
#define UNIT_ALIAS(spelling, definition) printf("| `%s` | | `%s` |\n", spelling, definition);
#include "base/units.def"
}

static void print_opcodes(void)
{
    printf("| code | instruction | a | b | c | imm | mask | result |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
#define OP(name, code, a, b, c, imm, mask, doc)                                                                        \
    printf("| %s | %s | %s | %s | %s | %s | %s ", #code, #name, #a, #b, #c, #imm, #mask);                                 \
    cell(doc);                                                                                                         \
    end_row();
#include "vm/opcodes.def"
}

static void print_diagnostics(void)
{
    printf("| code | name | English | Chinese |\n| --- | --- | --- | --- |\n");
#define TEXT(name, en, zh)
#define LETTER_ERROR "E"
#define LETTER_WARNING "W"
#define LETTER_LINT "L"
#define LETTER_NOTE "N"
#define DIAG(name, number, severity, slug, en, zh)                                                                     \
    printf("| %s%s | %s ", LETTER_##severity, number, slug);                                                              \
    cell(en);                                                                                                          \
    cell(zh);                                                                                                          \
    end_row();
#include "base/diag.def"
}

static void print_commands(void)
{
    printf("| command | does |\n| --- | --- |\n");
#define COMMAND(name, function, arguments, en, zh)                                                                     \
    code_cell("zuji " name " " arguments);                                                                             \
    cell(en);                                                                                                          \
    end_row();
#include "cli/commands.def"
    printf("\n| option | commands | does |\n| --- | --- | --- |\n");
#define OPTION(id, name, value, commands, en, zh)                                                                      \
    code_cell(value[0] != '\0' ? "--" name " " value : "--" name);                                                       \
    cell(commands + 1);                                                                                                \
    cell(en);                                                                                                          \
    end_row();
#include "cli/commands.def"
}

/* limits.h is C and not a table; its lines are `LIMIT_X = number, … reason in a comment`. */
static void print_limits(void)
{
    FILE *file = fopen("vm/limits.h", "r");
    char line[512];
    printf("| limit | value | why |\n| --- | --- | --- |\n");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        char name[64];
        unsigned long value;
        if (sscanf(line, " LIMIT_%63[A-Z_] = %lu", name, &value) != 2) {
            continue;
        }
        char *reason = strstr(line, "/*");
        char *end = reason != NULL ? strstr(reason, " */") : NULL;
        if (end != NULL) {
            *end = '\0';
        }
        printf("| %s | %lu | %s |\n", name, value, end != NULL ? reason + 3 : "");
    }
    if (file != NULL) {
        fclose(file);
    }
}

static void print_demands(void)
{
    printf("| word | Chinese | takes | met where |\n| --- | --- | --- | --- |\n");
#define DEMAND(id, word, zh, takes, doc)                                                                               \
    code_cell(#word);                                                                                                  \
    code_cell(zh);                                                                                                     \
    cell(DEMAND_TAKES_##takes);                                                                                        \
    cell(doc);                                                                                                         \
    end_row();
#define DEMAND_TAKES_NOTHING ""
#define DEMAND_TAKES_NAMES "`in a, b`"
#define DEMAND_TAKES_LIMITS "`each 1 %, together 5 %`, or one of them"
#include "compiler/demands.def"
#undef DEMAND
}

static void print_table(const char *name)
{
    static const struct {
        const char *name;
        void (*print)(void);
    } tables[] = {
        {"demands", print_demands},
        {"keywords",    print_keywords   },
        {"names",       print_names      },
        {"units",       print_units      },
        {"opcodes",     print_opcodes    },
        {"diagnostics", print_diagnostics},
        {"commands",    print_commands   },
        {"limits",      print_limits     },
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        size_t len = strlen(tables[i].name);
        if (strncmp(name, tables[i].name, len) == 0 && name[len] == ' ') {
            tables[i].print();
            return;
        }
    }
    fprintf(stderr, "docs: no table %s", name);
    exit(1);
}

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (file == NULL) {
        fputs("usage: docs FILE (run in the project's folder)\n", stderr);
        return 2;
    }
    static const char start[] = "<!-- table: ";
    char line[8192];
    int is_inside = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, start, sizeof start - 1) == 0) {
            fputs(line, stdout);
            print_table(line + sizeof start - 1);
            is_inside = 1;
        } else if (strncmp(line, "<!-- end -->", 12) == 0) {
            is_inside = 0;
            fputs(line, stdout);
        } else if (!is_inside) {
            fputs(line, stdout);
        }
    }
    fclose(file);
    return 0;
}
