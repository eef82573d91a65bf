#include "base/csv.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"

/*!re2c
re2c:api:style = free-form;
re2c:eof = 0;
re2c:yyfill:enable = 0;
re2c:define:YYCTYPE = "unsigned char";
re2c:define:YYCURSOR = at;
re2c:define:YYLIMIT = end;
re2c:define:YYMARKER = marker;
*/

enum piece { PIECE_END, PIECE_LINE_END, PIECE_MARK, PIECE_TEXT, PIECE_QUOTED, PIECE_OPEN_QUOTE, PIECE_NUL };

struct reading {
    struct arena *arena;
    struct csv_table *table;
    struct str text;
    size_t at;
    uint32_t line;
    size_t row_cap;
    struct csv_cell *cells; /* of the row being read; a copy goes into the table */
    size_t cell_count, cell_cap;
};

/* The next piece of the text: MARK is one of the characters that may be a separator, QUOTED a whole field in quotes. */
static enum piece next_piece(struct reading *reading)
{
    const unsigned char *start = (const unsigned char *)reading->text.at;
    const unsigned char *end = start + reading->text.len;
    const unsigned char *at = start + reading->at;
    const unsigned char *marker = at;
    enum piece piece = PIECE_END;
    /*!re2c
    $                      { piece = PIECE_END; goto found; }
    "\r\n" | "\n" | "\r"   { piece = PIECE_LINE_END; goto found; }
    [,;\t]                 { piece = PIECE_MARK; goto found; }
    ["] ([^"\x00] | ["]["])* ["] { piece = PIECE_QUOTED; goto found; }
    ["]                    { piece = PIECE_OPEN_QUOTE; goto found; }
    [^",;\t\r\n\x00]+      { piece = PIECE_TEXT; goto found; }
    *                      { piece = PIECE_NUL; goto found; }
    */
found:
    reading->at = (size_t)(at - start);
    return piece;
}

static void add_error(struct reading *reading, struct csv_error error)
{
    struct csv_table *table = reading->table;
    if (table->error_count < CSV_ERRORS_MAX) {
        table->errors[table->error_count++] = error;
    }
}

static bool is_separator(const struct reading *reading, size_t off)
{
    return reading->text.at[off] == reading->table->separator;
}

/* The text of a field in quotes, whose place this is: doubled quotes stand for one. */
static struct str unquote(struct arena *arena, struct str quoted)
{
    struct str inside = str_slice(quoted, 1, quoted.len - 1);
    if (inside.len == 0 || memchr(inside.at, '"', inside.len) == NULL) {
        return inside;
    }
    char *out = arena_alloc(arena, inside.len + 1, 1);
    size_t len = 0;
    for (size_t i = 0; i < inside.len; i++) {
        out[len++] = inside.at[i];
        i += inside.at[i] == '"';
    }
    return (struct str){out, len};
}

static uint32_t lines_in(struct str text)
{
    uint32_t lines = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool is_alone = text.at[i] == '\r' && (i + 1 == text.len || text.at[i + 1] != '\n');
        lines += text.at[i] == '\n' || is_alone;
    }
    return lines;
}

static void add_cell(struct reading *reading, struct str text, size_t off, size_t end)
{
    arena_grow(reading->arena, reading->cells, reading->cell_count, reading->cell_cap);
    reading->cells[reading->cell_count++] = (struct csv_cell){text, (uint32_t)off, (uint32_t)(end - off)};
}

/* Where a cell stands while its pieces are read. */
struct cell {
    size_t off, end;
    bool is_quoted;
    bool is_bad;
    struct str quoted;
};

static bool is_blank(struct str text)
{
    return str_trim(text).len == 0;
}

static void fail_cell(struct reading *reading, struct cell *cell, enum diag_code code, size_t off, size_t len)
{
    if (!cell->is_bad) {
        add_error(reading, (struct csv_error){.code = code, .off = (uint32_t)off, .len = (uint32_t)len});
    }
    cell->is_bad = true;
}

/* Takes a piece that is neither the end of the line nor a separator into the cell. */
static void take_piece(struct reading *reading, struct cell *cell, enum piece piece, size_t off)
{
    struct str written = str_slice(reading->text, off, reading->at);
    struct str before = str_slice(reading->text, cell->off, off);
    if (piece == PIECE_NUL) {
        fail_cell(reading, cell, D_CSV_NUL, off, 1);
    } else if (piece == PIECE_OPEN_QUOTE && is_blank(before)) {
        fail_cell(reading, cell, D_CSV_OPEN_QUOTE, off, 1);
        reading->at = reading->text.len; /* the rest of the text would be read inside out */
    } else if (cell->is_quoted && !is_blank(written)) {
        fail_cell(reading, cell, D_CSV_AFTER_QUOTE, off, written.len);
    } else if (piece == PIECE_QUOTED && is_blank(before)) {
        cell->is_quoted = true;
        cell->quoted = unquote(reading->arena, written);
    } else if (piece == PIECE_QUOTED || piece == PIECE_OPEN_QUOTE) {
        fail_cell(reading, cell, D_CSV_STRAY_QUOTE, off, 1);
    }
    cell->end = reading->at;
    reading->line += lines_in(written);
}

static struct str cell_text(const struct reading *reading, const struct cell *cell)
{
    return cell->is_quoted ? cell->quoted : str_trim(str_slice(reading->text, cell->off, cell->end));
}

/* Reads one line (longer where quotes hold line ends) into reading->cells. False at the end of the text. */
static bool read_row(struct reading *reading, struct csv_row *row, bool *is_bad)
{
    if (reading->at == reading->text.len) {
        return false;
    }
    *row = (struct csv_row){.off = (uint32_t)reading->at, .line = reading->line};
    *is_bad = false;
    reading->cell_count = 0;
    struct cell cell = {.off = reading->at, .end = reading->at};
    for (;;) {
        size_t off = reading->at;
        enum piece piece = next_piece(reading);
        bool is_end = piece == PIECE_END || piece == PIECE_LINE_END;
        if (!is_end && !(piece == PIECE_MARK && is_separator(reading, off))) {
            take_piece(reading, &cell, piece, off);
            continue;
        }
        add_cell(reading, cell_text(reading, &cell), cell.off, cell.end);
        *is_bad = *is_bad || cell.is_bad;
        cell = (struct cell){.off = reading->at, .end = reading->at};
        if (is_end) {
            row->len = (uint32_t)off - row->off;
            reading->line += piece == PIECE_LINE_END;
            return true;
        }
    }
}

static struct csv_row kept(struct reading *reading, struct csv_row row)
{
    row.count = (uint32_t)reading->cell_count;
    row.cells = arena_array(reading->arena, struct csv_cell, reading->cell_count);
    memcpy(row.cells, reading->cells, reading->cell_count * sizeof *row.cells);
    return row;
}

static bool is_empty_line(const struct reading *reading, struct csv_row row)
{
    return reading->cell_count == 1 && is_blank(str_slice(reading->text, row.off, (size_t)row.off + row.len));
}

/* The mark that occurs most often in the line outside of quotes; the comma where there are as many. */
static char find_separator(struct str text, size_t off)
{
    size_t commas = 0;
    size_t semicolons = 0;
    size_t tabs = 0;
    bool is_inside = false;
    for (size_t i = off; i < text.len && (is_inside || (text.at[i] != '\n' && text.at[i] != '\r')); i++) {
        is_inside = text.at[i] == '"' ? !is_inside : is_inside;
        commas += !is_inside && text.at[i] == ',';
        semicolons += !is_inside && text.at[i] == ';';
        tabs += !is_inside && text.at[i] == '\t';
    }
    if (tabs > commas && tabs > semicolons) {
        return '\t';
    }
    return semicolons > commas ? ';' : ',';
}

/* Moves behind blank lines and lines of comment. */
static void skip_to_header(struct reading *reading)
{
    struct str text = reading->text;
    for (;;) {
        size_t end = reading->at;
        while (end < text.len && text.at[end] != '\n' && text.at[end] != '\r') {
            end++;
        }
        struct str line = str_trim(str_slice(text, reading->at, end));
        bool is_passed_over = line.len == 0 || line.at[0] == '#';
        if (!is_passed_over || end == text.len) {
            reading->at = is_passed_over ? text.len : reading->at;
            return;
        }
        bool is_pair = text.at[end] == '\r' && end + 1 < text.len && text.at[end + 1] == '\n';
        reading->at = end + 1 + is_pair;
        reading->line++;
    }
}

static void read_header(struct reading *reading)
{
    skip_to_header(reading);
    reading->table->separator = find_separator(reading->text, reading->at);
    struct csv_row row;
    bool is_bad = false;
    if (!read_row(reading, &row, &is_bad)) {
        add_error(reading, (struct csv_error){.code = D_CSV_NO_HEADER});
        return;
    }
    reading->table->header = kept(reading, row);
}

static void read_rows(struct reading *reading)
{
    struct csv_table *table = reading->table;
    struct csv_row row;
    bool is_bad = false;
    size_t count = 0;
    while (read_row(reading, &row, &is_bad)) {
        if (is_bad || is_empty_line(reading, row)) {
            continue;
        }
        if (reading->cell_count != table->header.count) {
            add_error(reading, (struct csv_error){.code = D_CSV_ROW_LENGTH,
                                                  .off = row.off,
                                                  .len = row.len,
                                                  .cells = (uint32_t)reading->cell_count,
                                                  .wanted = table->header.count});
            continue;
        }
        arena_grow(reading->arena, table->rows, count, reading->row_cap);
        table->rows[count++] = kept(reading, row);
    }
    table->row_count = (uint32_t)count;
}

bool csv_read(struct arena *arena, struct str text, struct csv_table *table)
{
    assert(text.at[text.len] == '\0' && text.len <= (size_t)1 << 30);
    *table = (struct csv_table){.separator = ','};
    struct reading reading = {.arena = arena, .table = table, .text = text, .line = 1};
    size_t bad = utf8_validate(text);
    if (bad < text.len) {
        add_error(&reading, (struct csv_error){.code = D_BAD_UTF8, .off = (uint32_t)bad, .len = 1});
        return false;
    }
    if (str_starts(text, STR("\xEF\xBB\xBF"))) {
        reading.at = 3;
    }
    read_header(&reading);
    read_rows(&reading);
    return table->error_count == 0;
}

uint32_t csv_column(const struct csv_table *table, struct str name)
{
    for (uint32_t i = 0; i < table->header.count; i++) {
        if (str_eq(table->header.cells[i].text, name)) {
            return i;
        }
    }
    return table->header.count;
}

void csv_error_args(struct arena *arena, const struct csv_error *error, struct str args[2])
{
    args[0] = str_format(arena, "%lu", (unsigned long)error->cells);
    args[1] = str_format(arena, "%lu", (unsigned long)error->wanted);
}
