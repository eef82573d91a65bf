/* Compiled rules that were edited: the verifier refuses each for the reason that is given, or the rule still runs. A
   file
   *.case begins with `base RULE DATA` (relative to it) and holds a line for each case:

       EDIT; EDIT … => E0560 words      refused with just this code; the words occur in the message
       EDIT; EDIT … => accepted         loads, and both engines run the data without an error
       EDIT; EDIT … => accepted E0703   loads, and both engines fail the data with this code

   Edits of the file as it is, which leave the length and checksum in it alone:
       truncate 100, truncate 1/2       keep so many bytes, or that part of them
       append 0                         one byte more
       flip CODE 10                     the lowest bit of a byte of a section; FILE: of the file
       seal                             sets length and checksum right
   Edits of its content, which set length and checksum right:
       byte CODE 10 = 255               a byte of a section, or of FILE
       text CNST 1000 = 1001            the first such bytes of a section, of equal length
       code[MUL@making.oil].a = …       a member of a record (see `owners`); in square brackets its number, or of an
                                        instruction its name, the item it belongs to, and #1, #2 … for the next such
       code[…] = code[…]                all of a record
   Values are numbers, `none`, `self` (the number of the record), unit:kWh, an instruction as in brackets, or its name.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sha256.h"
#include "compiler/compile.h"
#include "tests/runner.h"
#include "vm/opcodes.h"
#include "vm/zuji.h"

enum { FIXED_LEN = 16, SECTIONS = 24, LENGTH_AT = 12, CHECKSUM_LEN = 64 };

struct image { /* what is edited; `program` is what it was before */
    struct runner *runner;
    struct str where, rule, data;
    const struct program *program;
    char *bytes;
    size_t len;
    bool is_failed; /* the case itself is wrong; reported */
};

struct owner { /* an array of records in a section */
    const char *name, *section;
    unsigned before[2]; /* sizes of the records of the arrays that stand before it; 0: none */
    unsigned size;
};
static const struct owner owners[] = {
    {"code",        "CODE", {0},      24},
    {"axes",        "AXES", {0},      20},
    {"fields",      "FLDS", {0},      32},
    {"generators",  "GENR", {0},      5 },
    {"phases",      "PHAS", {0},      6 },
    {"categories",  "CUTS", {0},      5 },
    {"stages",      "STAG", {0},      12},
    {"flows",       "STAG", {12},     13},
    {"parts",       "STAG", {12, 13}, 12},
    {"outputs",     "OUTP", {0},      11},
    {"grades",      "GRAD", {0},      9 },
};
static const struct owner the_rule = {"rule", "RULE", {0}, 0}; /* members are counted from behind the list of standards */

struct member {
    const char *owner, *name;
    unsigned at, size;
};
static const struct member members[] = {
    {"code",       "op",            0,  2},
    {"code",       "axis",          2,  2},
    {"code",       "unit",          4,  2},
    {"code",       "imm",           6,  2},
    {"code",       "a",             8,  4},
    {"code",       "b",             12, 4},
    {"code",       "c",             16, 4},
    {"code",       "mask",          20, 4},
    {"axes",       "kind",          0,  2},
    {"axes",       "parent",        2,  2},
    {"axes",       "list",          4,  4},
    {"axes",       "first",         8,  4},
    {"axes",       "last",          12, 4},
    {"axes",       "max",           16, 4},
    {"fields",     "name",          0,  4},
    {"fields",     "parent",        4,  4},
    {"fields",     "is_list",       8,  1},
    {"fields",     "type",          9,  1},
    {"fields",     "is_optional",   10, 1},
    {"fields",     "has_default",   11, 1},
    {"fields",     "has_cut",       13, 1},
    {"fields",     "key",           14, 4},
    {"fields",     "choice",        18, 4},
    {"fields",     "unit",          22, 2},
    {"fields",     "low",           24, 4},
    {"fields",     "high",          28, 4},
    {"generators", "name",          0,  4},
    {"generators", "is_tag",        4,  1},
    {"phases",     "name",          0,  4},
    {"phases",     "state",         4,  1},
    {"phases",     "is_apart",      5,  1},
    {"categories", "name",          0,  4},
    {"categories", "is_apart",      4,  1},
    {"stages",     "name",          0,  4},
    {"stages",     "phase",         4,  4},
    {"stages",     "when",          8,  4},
    {"flows",      "stage",         0,  4},
    {"flows",      "name",          4,  4},
    {"flows",      "process",       8,  4},
    {"flows",      "kind",          12, 1},
    {"parts",      "flow",          0,  4},
    {"parts",      "category",      4,  4},
    {"parts",      "gas",           8,  4},
    {"outputs",    "name",          0,  4},
    {"outputs",    "unit",          4,  2},
    {"outputs",    "how",           6,  1},
    {"outputs",    "mode",          7,  1},
    {"outputs",    "digits",        8,  2},
    {"outputs",    "is_marked",     10, 1},
    {"grades",     "name",          0,  4},
    {"grades",     "limit",         4,  4},
    {"grades",     "is_below",      8,  1},
    {"rule",       "declared",      1,  4},
    {"rule",       "declared_unit", 5,  2},
    {"rule",       "reference",     7,  4},
    {"rule",       "total_unit",    11, 2},
    {"rule",       "mode",          14, 1},
    {"rule",       "row_axis",      18, 2},
    {"rule",       "row_name",      20, 4},
    {"rule",       "headline",      24, 4},
    {"rule",       "valid_from",    28, 4},
    {"rule",       "valid_to",      32, 4},
    {"rule",       "period_field",  36, 4},
    {"rule",       "stage_digits",  42, 2},
};

static void check_file(struct runner *runner, struct str path);
static void check_line(struct runner *runner, const struct image *base, struct str line, uint32_t number);
static void check_edited(struct image *image, struct str wanted);

/* [FOLDER] */
void mode_bytecode(struct runner *runner, char **arguments, size_t count)
{
    size_t files;
    struct str *found =
        files_in(runner, count > 0 ? str_of(arguments[0]) : STR("tests/bytecode"), STR(".case"), &files);
    for (size_t i = 0; i < files; i++) {
        check_file(runner, found[i]);
    }
}

static bool load_base(struct image *image)
{
    struct arena *arena = image->runner->arena;
    struct sources sources = sources_in(arena);
    struct diags diags = diags_in(arena);
    struct compiled *compiled = compile_file(arena, &sources, image->rule, &diags);
    struct str bytes;
    if (compiled->program == NULL || !image_write(arena, compiled->program, &bytes, &diags)) {
        runner_fail(image->runner, "%.*s: does not compile", STR_FMT(image->rule));
        return false;
    }
    image->program = compiled->program;
    image->bytes = arena_array(arena, char, bytes.len);
    memcpy(image->bytes, bytes.at, bytes.len);
    image->len = bytes.len;
    return true;
}

static void check_file(struct runner *runner, struct str path)
{
    struct str text, line = STR("");
    struct image base = {.runner = runner};
    size_t at = 0;
    if (!file_read(runner->arena, path, &text) || !next_line(text, &at, &line) || !str_starts(line, STR("base "))) {
        runner_fail(runner, "%.*s: does not begin with `base RULE DATA`", STR_FMT(path));
        return;
    }
    next_word(&line);
    base.rule = path_in(runner, path_folder(path), next_word(&line));
    if (!file_read(runner->arena, path_in(runner, path_folder(path), str_trim(line)), &base.data)) {
        runner_fail(runner, "%.*s: its data cannot be read", STR_FMT(path));
        return;
    }
    bool is_loaded = load_base(&base);
    for (uint32_t number = 2; is_loaded && next_line(text, &at, &line); number++) {
        if (line.len > 0 && !str_starts(line, STR("#"))) {
            base.where = str_format(runner->arena, "%.*s:%u", STR_FMT(path), (unsigned)number);
            check_line(runner, &base, str_trim(line), number);
        }
    }
}

static void fail(struct image *image, const char *what, struct str text)
{
    if (!image->is_failed) {
        runner_fail(image->runner, "%.*s: %s `%.*s`", STR_FMT(image->where), what, STR_FMT(text));
    }
    image->is_failed = true;
}

/* ---- the file ---- */

static uint64_t get(const struct image *image, size_t at, unsigned size)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < size && at + i < image->len; i++) {
        value |= (uint64_t)(unsigned char)image->bytes[at + i] << (8 * i);
    }
    return value;
}

static void put(struct image *image, size_t at, unsigned size, uint64_t value)
{
    for (unsigned i = 0; i < size && at + i < image->len; i++) {
        image->bytes[at + i] = (char)(unsigned char)(value >> (8 * i) & 0xFFu);
    }
}

static void seal(struct image *image)
{
    char checksum[SHA256_HEX];
    if (image->len < FIXED_LEN + CHECKSUM_LEN) {
        return;
    }
    put(image, LENGTH_AT, 4, image->len);
    sha256_hex((struct str){image->bytes, image->len - CHECKSUM_LEN}, checksum);
    memcpy(image->bytes + image->len - CHECKSUM_LEN, checksum, CHECKSUM_LEN);
}

/* Where a section lies. */
static bool find_section(struct image *image, struct str tag, size_t *from, size_t *len)
{
    size_t at = FIXED_LEN + SECTIONS * 8;
    *from = 0;
    *len = image->len;
    if (str_eq(tag, STR("FILE"))) {
        return true;
    }
    for (size_t i = 0; i < SECTIONS; i++) {
        size_t entry = FIXED_LEN + i * 8;
        *len = (size_t)get(image, entry + 4, 4);
        *from = at;
        if (str_eq(tag, (struct str){image->bytes + entry, 4}) && at + *len <= image->len) {
            return true;
        }
        at += *len;
    }
    fail(image, "there is no section", tag);
    return false;
}

/* ---- numbers and records ---- */

static bool read_number(struct str text, uint64_t *value)
{
    char digits[24], *end = digits;
    if (text.len == 0 || text.len >= sizeof digits) {
        return false;
    }
    memcpy(digits, text.at, text.len);
    digits[text.len] = '\0';
    *value = (uint64_t)strtoll(digits, &end, 0);
    return *end == '\0';
}

static struct str until(struct str *rest, char mark)
{
    size_t len = 0;
    while (len < rest->len && rest->at[len] != mark) {
        len++;
    }
    struct str found = str_slice(*rest, 0, len);
    *rest = str_slice(*rest, len + (len < rest->len), rest->len);
    return found;
}

/* "MUL@making.oil#1": the second MUL of that item; without an item the first of all. */
static bool find_instruction(const struct image *image, struct str text, uint64_t *number)
{
    const struct program *program = image->program;
    uint64_t skipped = 0;
    struct str item = text;
    struct str name = until(&item, '@');
    struct str count = item;
    item = until(&count, '#');
    if (count.len > 0 && !read_number(count, &skipped)) {
        return false;
    }
    for (uint32_t i = 0; i < program->code_count; i++) {
        uint32_t path = program->sites[i].path;
        struct str of = path == NO_INDEX ? STR("") : program->labels[path];
        bool is_meant =
            str_eq(name, str_of(opcode_info(program->code[i].op)->name)) && (item.len == 0 || str_eq(of, item));
        if (is_meant && skipped-- == 0) {
            *number = i;
            return true;
        }
    }
    return false;
}

static bool find_unit(const struct image *image, struct str text, uint64_t *number)
{
    for (uint32_t i = 0; i < image->program->unit_count; i++) {
        if (str_eq(text, image->program->texts[image->program->units[i].text])) {
            *number = i;
            return true;
        }
    }
    return false;
}

static bool find_opcode(struct str text, uint64_t *number)
{
    for (unsigned op = 0; op < OPCODE_END; op++) {
        if (opcode_info(op) != NULL && str_eq(text, str_of(opcode_info(op)->name))) {
            *number = op;
            return true;
        }
    }
    return false;
}

static uint64_t read_value(struct image *image, struct str text, bool is_opcode, uint64_t self)
{
    uint64_t value = UINT32_MAX;
    bool is_known = str_eq(text, STR("none")) || read_number(text, &value) ||
                    (is_opcode && find_opcode(text, &value)) ||
                    (str_starts(text, STR("unit:")) && find_unit(image, str_skip(text, 5), &value)) ||
                    find_instruction(image, text, &value);
    if (str_eq(text, STR("self"))) {
        return self;
    }
    if (!is_known) {
        fail(image, "there is no", text);
    }
    return value;
}

struct record {
    const struct owner *owner;
    size_t at;
    uint64_t number;
};

/* "axes[3]", "code[SUM]", "rule". */
static bool find_record(struct image *image, struct str text, struct record *record)
{
    struct str rest = text;
    struct str name = until(&rest, '[');
    struct str number = until(&rest, ']');
    size_t len;
    *record = (struct record){.owner = &the_rule};
    if (str_eq(name, STR("rule")) && find_section(image, STR("RULE"), &record->at, &len)) {
        record->at += 7 * 4;
        record->at += 4 + 4 * (size_t)get(image, record->at, 4);
        return true;
    }
    for (size_t i = 0; i < countof(owners); i++) {
        const struct owner *owner = &owners[i];
        if (!str_eq(name, str_of(owner->name)) || !find_section(image, str_of(owner->section), &record->at, &len)) {
            continue;
        }
        for (size_t k = 0; k < countof(owner->before) && owner->before[k] > 0; k++) {
            record->at += 4 + owner->before[k] * (size_t)get(image, record->at, 4);
        }
        record->number = read_value(image, number, false, 0);
        if (record->number < get(image, record->at, 4)) {
            record->owner = owner;
            record->at += 4 + owner->size * (size_t)record->number;
            return true;
        }
    }
    fail(image, "there is no record", text);
    return false;
}

static const struct member *find_member(const struct owner *owner, struct str name)
{
    for (size_t i = 0; i < countof(members); i++) {
        if (strcmp(members[i].owner, owner->name) == 0 && str_eq(name, str_of(members[i].name))) {
            return &members[i];
        }
    }
    return NULL;
}

/* ---- edits ---- */

/* "code[SUM].a = 3" or "code[SUM] = code[MUL]" */
static void set_record(struct image *image, struct str target, struct str value)
{
    struct record to, from;
    size_t dot = target.len;
    while (dot > 0 && target.at[dot - 1] != '.' && target.at[dot - 1] != ']') {
        dot--;
    }
    bool is_whole = dot == target.len;
    struct str record = is_whole || dot == 0 ? target : str_slice(target, 0, dot - 1);
    if (!find_record(image, record, &to) || (is_whole && !find_record(image, value, &from))) {
        return;
    }
    if (is_whole) {
        memcpy(image->bytes + to.at, image->bytes + from.at, to.owner->size);
        return;
    }
    const struct member *member = find_member(to.owner, str_skip(target, dot));
    if (member == NULL) {
        fail(image, "there is no member", target);
        return;
    }
    put(image, to.at + member->at, member->size, read_value(image, value, strcmp(member->name, "op") == 0, to.number));
}

static void set_text(struct image *image, struct str section, struct str from, struct str to)
{
    size_t at, len;
    if (from.len != to.len || !find_section(image, section, &at, &len)) {
        fail(image, "these bytes are not of one length:", from);
        return;
    }
    for (size_t i = at; i + from.len <= at + len; i++) {
        if (memcmp(image->bytes + i, from.at, from.len) == 0) {
            memcpy(image->bytes + i, to.at, to.len);
            return;
        }
    }
    fail(image, "the section does not have", from);
}

static void truncate_file(struct image *image, struct str part)
{
    uint64_t first = 0, second = 0;
    struct str rest = part;
    bool is_number = read_number(until(&rest, '/'), &first);
    if (!is_number || (rest.len > 0 && (!read_number(rest, &second) || second == 0))) {
        fail(image, "this is no length:", part);
        return;
    }
    size_t len = rest.len > 0 ? (size_t)(image->len * first / second) : (size_t)first;
    image->len = len < image->len ? len : image->len;
}

static void change_byte(struct image *image, struct str section, struct str offset, struct str value)
{
    size_t at, len;
    uint64_t byte = 0, by = 0;
    if (!find_section(image, section, &at, &len)) {
        return;
    }
    if (!read_number(offset, &by) || by >= len || (value.len > 0 && !read_number(value, &byte))) {
        fail(image, "the section has no such byte:", offset);
        return;
    }
    at += (size_t)by;
    put(image, at, 1, value.len > 0 ? byte : get(image, at, 1) ^ 1);
}

static void apply(struct image *image, struct str edit)
{
    struct str value = edit;
    struct str target = str_trim(until(&value, '='));
    value = str_trim(value);
    struct str rest = target;
    struct str word = next_word(&rest);
    struct str section = next_word(&rest);
    if (str_eq(word, STR("truncate"))) {
        truncate_file(image, section);
    } else if (str_eq(word, STR("append"))) {
        char *longer = arena_array(image->runner->arena, char, image->len + 1);
        memcpy(longer, image->bytes, image->len);
        image->bytes = longer;
        image->len++;
    } else if (str_eq(word, STR("flip"))) {
        change_byte(image, section, str_trim(rest), STR(""));
    } else if (str_eq(word, STR("seal"))) {
        seal(image);
    } else if (str_eq(word, STR("byte"))) {
        change_byte(image, section, str_trim(rest), value);
        seal(image);
    } else if (str_eq(word, STR("text"))) {
        set_text(image, section, str_trim(rest), value);
        seal(image);
    } else {
        set_record(image, target, value);
        seal(image);
    }
}

/* ---- what comes of it ---- */

/* Each case in a process of its own, so that a crash is one failure. */
static void check_line(struct runner *runner, const struct image *base, struct str line, uint32_t number)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct image image = *base;
        struct str edits = line, wanted = STR("");
        runner->failed = 0;
        for (size_t i = 0; i + 2 <= line.len; i++) {
            if (line.at[i] == '=' && line.at[i + 1] == '>') {
                edits = str_slice(line, 0, i);
                wanted = str_trim(str_skip(line, i + 2));
            }
        }
        while (str_trim(edits).len > 0 && !image.is_failed) {
            apply(&image, str_trim(until(&edits, ';')));
        }
        if (!image.is_failed) {
            check_edited(&image, wanted);
        }
        fflush(NULL);
        _exit(runner->failed > 0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("fork");
        exit(2);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        runner_pass(runner);
    } else if (WIFEXITED(status) && WEXITSTATUS(status) == 1) {
        runner->failed++; /* said by the child */
    } else {
        runner_fail(runner, "%.*s: line %u ended with signal %d", STR_FMT(base->where), (unsigned)number,
                    WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    }
}

static void add_codes(struct buf *found, struct buf *texts, const struct zuji_messages *messages)
{
    for (size_t i = 0; i < zuji_messages_count(messages); i++) {
        const struct zuji_message *message = zuji_messages_get(messages, i);
        if (message->severity == SEVERITY_ERROR) {
            buf_format(found, " %s", message->code);
            buf_format(texts, "%s\n", message->text[ZUJI_EN]);
        }
    }
}

/* external function half(x: t): t */
static int half(void *user, size_t rows, const double *x, double *result)
{
    (void)user;
    for (size_t i = 0; i < rows; i++) {
        result[i] = x[i] / 2;
    }
    return 0;
}

static struct str run_data(struct image *image, const struct zuji_rule *rule, bool use_exact)
{
    struct buf found = buf_in(image->runner->arena), texts = buf_in(image->runner->arena);
    struct zuji_natives *natives = NULL;
    zuji_natives_new(&natives);
    zuji_natives_add(natives, "half", "(t): t", (zuji_native_fn)half, NULL);
    struct zuji_options options = {.use_exact = use_exact, .natives = natives};
    struct zuji_run *run = NULL;
    struct zuji_messages *messages = NULL;
    const struct zuji_result *result = NULL;
    buf_add(&found, STR("accepted"));
    if (zuji_run_new(rule, NULL, &options, &run, &messages) == ZUJI_OK) {
        zuji_run_record(run, image->data.at, image->data.len, &result);
    }
    add_codes(&found, &texts, messages);
    add_codes(&found, &texts, result != NULL ? zuji_result_problems(result) : NULL);
    if (result == NULL) {
        buf_add(&found, STR(" without a result"));
    }
    zuji_messages_free(messages);
    zuji_run_free(run);
    zuji_natives_free(natives);
    return buf_str(&found);
}

static bool has_words(struct str text, struct str words)
{
    for (size_t i = 0; i + words.len <= text.len; i++) {
        if (memcmp(text.at + i, words.at, words.len) == 0) {
            return true;
        }
    }
    return words.len == 0;
}

static void check_edited(struct image *image, struct str wanted)
{
    struct buf found = buf_in(image->runner->arena), texts = buf_in(image->runner->arena);
    struct zuji_rule *rule = NULL;
    struct zuji_messages *messages = NULL;
    struct str words = wanted;
    struct str code = next_word(&words);
    zuji_load(image->bytes, image->len, &rule, &messages);
    add_codes(&found, &texts, messages);
    zuji_messages_free(messages);
    if (rule == NULL) {
        bool is_code = str_eq(str_trim(buf_str(&found)), code);
        if (!is_code || !has_words(buf_str(&texts), str_trim(words))) {
            runner_fail(image->runner, "%.*s: expected `%.*s`, and it is%.*s: %.*s", STR_FMT(image->where),
                        STR_FMT(wanted), STR_FMT(buf_str(&found)), STR_FMT(buf_str(&texts)));
        }
        return;
    }
    for (int use_exact = 0; use_exact <= 1; use_exact++) {
        struct str given = run_data(image, rule, use_exact);
        if (!str_eq(given, wanted)) {
            runner_fail(image->runner, "%.*s: expected `%.*s`, and it is `%.*s` (%s)", STR_FMT(image->where),
                        STR_FMT(wanted), STR_FMT(given), use_exact ? "exact" : "fast");
        }
    }
    zuji_rule_free(rule);
}
