/* The sheet of an explanation as CSV (RFC 4180, UTF-8 with a byte order mark): a line of titles, one for rule and
   product, one that checks, and one for each line of the sheet. Texts are in quotation marks, numbers and formulas are
   not. */
#include <stdlib.h>
#include <string.h>

#include "cli/explain_words.h"
#include "cli/sheet.h"
#include "cli/text.h"

enum word {
#define WORD(id, en, zh) WORD_##id,
#include "cli/sheet.def"
    WORD_COUNT_ALL
};
static const char *const words[][2] = {
#define WORD(id, en, zh) [WORD_##id] = {en, zh},
#include "cli/sheet.def"
};

enum { COLUMN_COUNT = WORD_PLACE + 1 };

struct printer {
    FILE *out;
    const struct cli *cli;
    const struct zuji_result *result;
    const struct sheet *sheet;
};

static const char *word(const struct printer *printer, enum word id)
{
    return words[id][printer->cli->lang];
}

/* ---- cells ---- */

/* Signs with which spreadsheets begin formulas, the wide ones too, or what they pass over before them. */
static bool is_dangerous(struct str text)
{
    static const char *const signs[] = {"=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠"};
    while (str_starts(text, STR(" ")) || str_starts(text, STR("　"))) {
        text = str_slice(text, text.at[0] == ' ' ? 1 : strlen("　"), text.len);
    }
    for (size_t i = 0; i < countof(signs); i++) {
        if (str_starts(text, str_of(signs[i]))) {
            return true;
        }
    }
    return false;
}

/* Never a formula, whatever is in the data. */
static void print_text(const struct printer *printer, struct str text)
{
    fputc('"', printer->out);
    if (is_dangerous(text)) {
        fputc('\'', printer->out);
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"') {
            fputc('"', printer->out);
        }
        fputc(text.at[i], printer->out);
    }
    fputc('"', printer->out);
}

static void print_cell(const struct printer *printer, struct sheet_cell cell)
{
    if (cell.is_text) {
        print_text(printer, cell.content);
    } else {
        fprintf(printer->out, "%.*s", STR_FMT(cell.content));
    }
}

static void next(const struct printer *printer)
{
    fputc(',', printer->out);
}

static void end_line(const struct printer *printer, size_t missing)
{
    for (; missing > 0; missing--) {
        next(printer);
    }
    fputs("\r\n", printer->out);
}

/* ---- what is said of a line ---- */

static enum word item_word(enum zuji_item_kind kind)
{
    static const enum word kinds[] = {
        [ZUJI_ITEM_NONE] = WORD_NAMED,     [ZUJI_ITEM_FLOW] = WORD_FLOW,           [ZUJI_ITEM_LET] = WORD_LET,
        [ZUJI_ITEM_REPORT] = WORD_REPORT,  [ZUJI_ITEM_FUNCTION] = WORD_FUNCTION,   [ZUJI_ITEM_ARGUMENT] = WORD_ARGUMENT,
        [ZUJI_ITEM_WHEN] = WORD_CONDITION, [ZUJI_ITEM_REFERENCE] = WORD_REFERENCE, [ZUJI_ITEM_SCALE] = WORD_SCALE,
        [ZUJI_ITEM_SHARE] = WORD_SHARE};
    return kinds[kind];
}

static enum word kind_word(const struct sheet_line *line)
{
    static const enum word roles[] = {
        [SHEET_CONSTANT] = WORD_CONSTANT, [SHEET_COUNT] = WORD_COUNT,       [SHEET_GIVEN] = WORD_GIVEN,
        [SHEET_INTERVAL] = WORD_INTERVAL, [SHEET_QUOTIENT] = WORD_QUOTIENT, [SHEET_PART] = WORD_PART};
    static const enum word kinds[] = {
        [ZUJI_NODE_TOTAL] = WORD_TOTAL,       [ZUJI_NODE_STAGE] = WORD_STAGE,         [ZUJI_NODE_FLOW] = WORD_FLOW,
        [ZUJI_NODE_AMOUNT] = WORD_AMOUNT,     [ZUJI_NODE_STEP] = WORD_STEP,           [ZUJI_NODE_ROW] = WORD_ROW,
        [ZUJI_NODE_REST] = WORD_REST,         [ZUJI_NODE_CONDITION] = WORD_CONDITION, [ZUJI_NODE_PICKED] = WORD_PICKED,
        [ZUJI_NODE_DATUM] = WORD_DATUM,       [ZUJI_NODE_FACTOR] = WORD_FACTOR,       [ZUJI_NODE_CELL] = WORD_CELL,
        [ZUJI_NODE_CONSTANT] = WORD_CONSTANT, [ZUJI_NODE_EXTERNAL] = WORD_EXTERNAL};
    if (line->role != SHEET_NODE) {
        return roles[line->role];
    }
    return line->node->kind == ZUJI_NODE_ITEM ? item_word(line->node->item) : kinds[line->node->kind];
}

static bool is_named(const struct zuji_explanation *node)
{
    return node->name[0] != '\0' && node->kind != ZUJI_NODE_AMOUNT && node->kind != ZUJI_NODE_CONSTANT;
}

/* What has no name of its own goes by what it is a part of. */
static struct str item_of(const struct printer *printer, size_t at)
{
    const struct sheet_line *lines = printer->sheet->lines;
    while (!is_named(lines[at].node) && lines[at].whole != at) {
        at = lines[at].whole;
    }
    return str_of(lines[at].node->name);
}

/* Without the name, which stands beside it; of a part of a factor with what it is a part for. */
static struct str title_of(const struct printer *printer, const struct zuji_explanation *node)
{
    struct zuji_explanation nameless = *node;
    bool is_titled = node->title[ZUJI_EN][0] != '\0' || node->title[ZUJI_ZH][0] != '\0';
    nameless.name = is_titled ? "" : node->name;
    struct str title = words_heading(printer->cli, printer->result, &nameless);
    if (node->kind == ZUJI_NODE_FACTOR && node->category[0] != '\0') {
        struct diag_text remarked = {
            T_EXPLAIN_REMARKED, {title, str_of(words_category(printer->cli, printer->result, node->category))}
        };
        return diag_text(printer->cli->arena, remarked, printer->cli->lang);
    }
    struct str colon = printer->cli->lang == LANG_ZH ? STR("：") : STR(":");
    return str_ends(title, colon) ? str_slice(title, 0, title.len - colon.len) : title;
}

static struct str written_of(const struct zuji_explanation *node)
{
    bool is_leaf = node->written[0] == '\0' && node->formula == NULL;
    return str_of(is_leaf ? node->value.text : node->written);
}

/* ---- lines ---- */

/* What the two values differ by, 0 where doubles cannot tell them apart. */
static void print_difference(const struct printer *printer, size_t at, bool is_text)
{
    size_t row = at + SHEET_FIRST_ROW;
    int power;
    if (is_text) {
        fprintf(printer->out, "=IF(EXACT(F%zu;H%zu);0;NA())", row, row);
    } else if (sheet_tolerance(printer->sheet, at, &power)) {
        fprintf(printer->out, "=IF(ABS(F%zu-H%zu)<10^%d;0;F%zu-H%zu)", row, row, power, row, row);
    } else {
        fprintf(printer->out, "=F%zu-H%zu", row, row);
    }
}

/* With its unit where that is another than the value's, as of per cent. */
static void print_reported(const struct printer *printer, const struct zuji_explanation *node)
{
    const char *unit = node->figure->unit[0] == '\0' ? "1" : node->figure->unit;
    bool is_alike = strcmp(unit, node->value.unit) == 0;
    struct str reported = text_reported(printer->cli, node->figure);
    fprintf(printer->out, "\"%.*s%s%s\"", STR_FMT(reported), is_alike ? "" : " ", is_alike ? "" : unit);
}

static void print_values(const struct printer *printer, size_t at)
{
    const struct sheet_line *line = &printer->sheet->lines[at];
    const struct zuji_explanation *node = line->node;
    struct sheet_cell value = sheet_value(printer->sheet, at);
    struct sheet_cell told = sheet_told(printer->sheet, at);
    bool is_node = line->role == SHEET_NODE;
    print_text(printer, str_of(word(printer, WORD_EMPTY + (enum word)value.entry)));
    next(printer);
    print_cell(printer, value);
    next(printer);
    print_text(printer, str_of(is_node ? node->value.unit : ""));
    next(printer);
    print_cell(printer, told);
    next(printer);
    if (told.entry != SHEET_EMPTY || (is_node && value.entry == SHEET_FORMULA)) {
        print_difference(printer, at, told.is_text);
    }
    next(printer);
    if (is_node && node->figure != NULL && node->figure->is_given) {
        print_reported(printer, node);
    }
}

static void print_line(const struct printer *printer, size_t at)
{
    struct arena *arena = printer->cli->arena;
    const struct sheet_line *line = &printer->sheet->lines[at];
    const struct zuji_explanation *node = line->node;
    bool is_node = line->role == SHEET_NODE;
    print_text(printer, item_of(printer, at));
    next(printer);
    print_text(printer, title_of(printer, node));
    next(printer);
    print_text(printer, str_of(word(printer, kind_word(line))));
    next(printer);
    print_text(printer, is_node ? written_of(node) : STR(""));
    next(printer);
    print_values(printer, at);
    next(printer);
    print_text(printer, str_of(node->clause));
    next(printer);
    print_text(printer, is_node ? words_remarks(printer->cli, node, node->clause) : STR(""));
    next(printer);
    print_text(printer, node->line > 0 ? str_format(arena, "%s:%u", node->file, (unsigned)node->line) : STR(""));
    end_line(printer, 0);
}

/* What the sheet is of, and how many of its lines differ. */
static void print_head(const struct printer *printer, const struct zuji_rule *rule)
{
    struct arena *arena = printer->cli->arena;
    struct str row = text_row(printer->cli, printer->result);
    struct str id = str_of(zuji_result_id(printer->result));
    id = row.len > 0 ? str_format(arena, "%.*s, %.*s", STR_FMT(id), STR_FMT(row)) : id;
    struct str title = str_of(zuji_rule_title(rule, (enum zuji_lang)printer->cli->lang));
    struct diag_text head = {
        T_EXPLAIN_HEAD, {title, id}
    };
    size_t last = printer->sheet->count - 1 + SHEET_FIRST_ROW;
    for (enum word column = WORD_ITEM; column <= WORD_PLACE; column++) {
        fprintf(printer->out, "%s\"%s\"", column == WORD_ITEM ? "\xEF\xBB\xBF" : ",", word(printer, column));
    }
    end_line(printer, 0);
    print_text(printer, str_of(zuji_rule_name(rule)));
    next(printer);
    print_text(printer, diag_text(arena, head, printer->cli->lang));
    next(printer);
    print_text(printer, str_of(word(printer, WORD_HEAD)));
    next(printer);
    print_text(printer, str_of(zuji_rule_version(rule)));
    end_line(printer, COLUMN_COUNT - 4);
    next(printer);
    print_text(printer, str_of(word(printer, WORD_DIFFERING)));
    next(printer);
    print_text(printer, str_of(word(printer, WORD_CHECK)));
    next(printer);
    next(printer);
    print_text(printer, str_of(word(printer, WORD_FORMULA)));
    fprintf(printer->out, ",=SUMPRODUCT(--(I%d:I%zu<>0)),\"1\",0,=F3-H3", SHEET_FIRST_ROW, last);
    end_line(printer, COLUMN_COUNT - 9);
}

void print_explanation_csv(FILE *out, const struct cli *cli, const struct zuji_rule *rule,
                           const struct zuji_result *result, const struct zuji_explanation *explanation)
{
    struct sheet sheet = sheet_of(cli->arena, explanation);
    const struct printer printer = {out, cli, result, &sheet};
    print_head(&printer, rule);
    for (size_t at = 0; at < sheet.count; at++) {
        struct arena_mark mark = arena_mark(cli->arena);
        print_line(&printer, at);
        arena_reset(cli->arena, mark);
    }
}
