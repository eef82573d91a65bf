/* Reading a folder of CSV files: which file holds what, and what its columns mean. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/system_error.h"
#include "vm/folder_parts.h"

static bool find_files(struct folder *folder, struct str path);
static bool assign_files(struct folder *folder, struct str path);
static bool read_tables(struct folder *folder);

struct reader *reader_folder(struct binder *binder, struct diags *messages, struct str path)
{
    struct folder *folder = (struct folder *)reader_make(sizeof(struct folder), binder, messages);
    folder->reader.next_record = folder_next;
    folder->program = binder_program(binder);
    folder->sources = sources_in(&folder->reader.arena);
    folder->of_list = arena_array(&folder->reader.arena, struct table_file *, folder->program->field_count);
    folder->product_ids = map_in(&folder->reader.arena);
    if (!find_files(folder, path) || !assign_files(folder, path) || !read_tables(folder)) {
        folder->reader.is_ended = true;
        return &folder->reader;
    }
    folder_index(folder);
    return &folder->reader;
}

/* --- messages --- */

static void report_file(struct folder *folder, enum diag_code code, struct str file, const struct str *args,
                        size_t count)
{
    place_report(folder->reader.messages, code, (struct data_place){file, 0, 0}, args, count, STR(""), STR(""));
}

void folder_report(struct folder *folder, enum diag_code code, const struct table_file *file, uint32_t off,
                   const struct str *args, size_t count, struct str product)
{
    struct place place = source_place(sources_get(&folder->sources, file->file), off);
    place_report(folder->reader.messages, code, (struct data_place){file->path, place.line, place.column}, args, count,
                 product, STR(""));
}

static bool report_io(struct folder *folder, struct str path)
{
    struct str reason = system_error_text(folder->reader.messages->arena, errno);
    report_file(folder, D_CANNOT_OPEN, path, DIAG_ARGS(path, reason));
    folder->reader.has_failed = true;
    return false;
}

/* --- files --- */

struct str folder_field_name(const struct folder *folder, uint32_t field)
{
    return folder->program->texts[folder->program->fields[field].name];
}

static int compare_files(const void *a, const void *b)
{
    return str_cmp(((const struct table_file *)a)->name, ((const struct table_file *)b)->name);
}

static void add_file(struct folder *folder, struct str path, const char *name)
{
    struct arena *arena = &folder->reader.arena;
    struct str parts[] = {path, str_of(name)};
    arena_grow(arena, folder->files, folder->file_count, folder->file_cap);
    folder->files[folder->file_count++] = (struct table_file){.name = str_copy(arena, str_of(name)),
                                                              .path = str_join(arena, parts, countof(parts), STR("/")),
                                                              .list = NO_INDEX,
                                                              .id_column = NO_INDEX,
                                                              .row_column = NO_INDEX};
}

static void add_other(struct folder *folder, const char *name)
{
    struct arena *arena = &folder->reader.arena;
    arena_grow(arena, folder->others, folder->other_count, folder->other_cap);
    folder->others[folder->other_count++] = str_copy(arena, str_of(name));
}

/* On Windows the ending may be in capitals. */
static bool is_csv(struct str name)
{
    size_t len = strlen(".csv");
    return name.len > len && name.at[0] != '.' && strncasecmp(name.at + name.len - len, ".csv", len) == 0;
}

/* All *.csv of the folder, by name, so that nothing depends on the file system's order. */
static bool find_files(struct folder *folder, struct str path)
{
    struct str folder_path = str_copy(&folder->reader.arena, path);
    while (folder_path.len > 1 && str_ends(folder_path, STR("/"))) {
        folder_path.len--;
    }
    DIR *directory = opendir(str_copy(&folder->reader.arena, folder_path).at);
    if (directory == NULL) {
        return report_io(folder, path);
    }
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        if (is_csv(str_of(entry->d_name))) {
            add_file(folder, folder_path, entry->d_name);
        } else if (entry->d_name[0] != '.') {
            add_other(folder, entry->d_name);
        }
    }
    closedir(directory);
    if (folder->file_count != 0) {
        qsort(folder->files, folder->file_count, sizeof *folder->files, compare_files);
    }
    return true;
}

static struct str stem_of(const struct table_file *file)
{
    return str_slice(file->name, 0, file->name.len - strlen(".csv"));
}

static bool is_name_of(const struct folder *folder, uint32_t list, struct str name)
{
    return binder_field(folder->reader.binder, folder->program->fields[list].parent, name) == list;
}

/* Whether "farms.cattle" or "cattle" names the list. */
static bool names_list(const struct folder *folder, uint32_t list, struct str stem)
{
    while (list != NO_INDEX && stem.len > 0) {
        size_t dot = stem.len;
        while (dot > 0 && stem.at[dot - 1] != '.') {
            dot--;
        }
        if (!is_name_of(folder, list, str_slice(stem, dot, stem.len))) {
            return false;
        }
        if (dot == 0) {
            return true;
        }
        stem = str_slice(stem, 0, dot - 1);
        list = folder->program->fields[list].parent;
    }
    return false;
}

static bool is_of_product(const struct folder *folder, uint32_t list)
{
    return folder->program->fields[list].parent == NO_INDEX;
}

/* The list of the file; NO_INDEX: none, or several with a message. A list of the product comes before lists in lists of
 * its name. */
static uint32_t list_of_file(struct folder *folder, struct table_file *file)
{
    struct str stem = stem_of(file);
    uint32_t found = NO_INDEX;
    for (uint32_t i = 0; i < folder->program->field_count; i++) {
        if (!folder->program->fields[i].is_list || !names_list(folder, i, stem)) {
            continue;
        }
        if (found == NO_INDEX || is_of_product(folder, i)) {
            found = i;
        } else if (!is_of_product(folder, found)) {
            report_file(folder, D_FOLDER_AMBIGUOUS_FILE, file->path, DIAG_ARGS(file->name));
            file->is_ambiguous = true;
            return NO_INDEX;
        }
    }
    return found;
}

static struct table_file *file_named(struct folder *folder, struct str stem)
{
    for (size_t i = 0; i < folder->file_count; i++) {
        if (folder->files[i].list == NO_INDEX && str_eq(stem_of(&folder->files[i]), stem)) {
            return &folder->files[i];
        }
    }
    return NULL;
}

/* The file that is no list's, where there is just one. */
static struct table_file *only_free_file(struct folder *folder)
{
    struct table_file *found = NULL;
    for (size_t i = 0; i < folder->file_count; i++) {
        if (folder->files[i].list != NO_INDEX) {
            continue;
        }
        if (found != NULL) {
            return NULL;
        }
        found = &folder->files[i];
    }
    return found;
}

static struct table_file *find_products(struct folder *folder)
{
    struct table_file *file = file_named(folder, STR("products"));
    if (file == NULL && folder->program->rule.name != NO_INDEX) {
        file = file_named(folder, folder->program->texts[folder->program->rule.name]);
    }
    return file == NULL ? only_free_file(folder) : file;
}

/* The list without a file whose name the file may have been meant to have. */
static struct str nearest_list(const struct folder *folder, struct str stem)
{
    struct str *names = arena_array(folder->reader.messages->arena, struct str, folder->program->field_count);
    size_t count = 0;
    for (uint32_t i = 0; i < folder->program->field_count; i++) {
        if (folder->program->fields[i].is_list && folder->of_list[i] == NULL) {
            names[count++] = folder_field_name(folder, i);
        }
    }
    return str_nearest(stem, names, count);
}

/* A file that is no list's may lie there for other ends; but not where a list without a file has nearly its name. */
static void report_stray_file(struct folder *folder, const struct table_file *file)
{
    struct str nearest = nearest_list(folder, stem_of(file));
    if (nearest.len == 0) {
        report_file(folder, D_FOLDER_UNKNOWN_FILE, file->path, DIAG_ARGS(file->name));
        return;
    }
    struct str parts[] = {nearest, STR(".csv")};
    struct str meant = str_join(folder->reader.messages->arena, parts, countof(parts), STR(""));
    report_file(folder, D_FOLDER_MISNAMED_FILE, file->path, DIAG_ARGS(file->name, meant));
}

/* A file of another format that has the name of the products or of a list without a file: "materials.xlsx". */
static void report_other(struct folder *folder, struct str path, struct str name)
{
    size_t dot = name.len;
    while (dot > 0 && name.at[dot - 1] != '.') {
        dot--;
    }
    struct str stem = str_slice(name, 0, dot == 0 ? name.len : dot - 1);
    bool is_meant = dot > 0 && folder->products == NULL && str_eq(stem, STR("products"));
    for (uint32_t i = 0; dot > 0 && i < folder->program->field_count; i++) {
        is_meant = is_meant || (folder->program->fields[i].is_list && folder->of_list[i] == NULL &&
                                names_list(folder, i, stem));
    }
    if (is_meant) {
        struct arena *arena = &folder->reader.arena;
        struct str parts[] = {path, STR("/"), name};
        struct str meant[] = {stem, STR(".csv")};
        report_file(folder, D_FOLDER_OTHER_FORMAT, str_join(arena, parts, countof(parts), STR("")),
                    DIAG_ARGS(name, str_join(arena, meant, countof(meant), STR(""))));
    }
}

/* Says of each file what it holds. */
static bool assign_files(struct folder *folder, struct str path)
{
    for (size_t i = 0; i < folder->file_count; i++) {
        struct table_file *file = &folder->files[i];
        file->list = list_of_file(folder, file);
        if (file->list == NO_INDEX) {
            continue;
        }
        struct table_file **place = &folder->of_list[file->list];
        if (*place != NULL) {
            report_file(folder, D_FOLDER_TWO_FILES, file->path, DIAG_ARGS((*place)->name, file->name));
        }
        *place = file;
    }
    folder->products = find_products(folder);
    if (folder->products == NULL) {
        report_file(folder, D_FOLDER_NO_PRODUCTS, path, DIAG_ARGS(path));
    }
    for (size_t i = 0; i < folder->file_count; i++) {
        struct table_file *file = &folder->files[i];
        bool is_stray = file->list == NO_INDEX && file != folder->products && !file->is_ambiguous;
        if (is_stray && folder->products != NULL) {
            report_stray_file(folder, file);
        }
    }
    for (size_t i = 0; i < folder->other_count; i++) {
        report_other(folder, path, folder->others[i]);
    }
    return folder->reader.messages->errors == 0;
}

/* --- tables --- */

static bool is_read(const struct folder *folder, const struct table_file *file)
{
    return file->list != NO_INDEX || file == folder->products;
}

static bool read_header(struct folder *folder, struct table_file *file);

static bool read_table(struct folder *folder, struct table_file *file, size_t *bytes)
{
    struct arena *arena = &folder->reader.arena;
    struct str text;
    struct stat status;
    if (stat(file->path.at, &status) != 0) {
        return report_io(folder, file->path);
    }
    *bytes += (size_t)status.st_size;
    if (*bytes > LIMIT_FOLDER) {
        struct str limit = str_format(arena, "%d", LIMIT_FOLDER);
        report_file(folder, D_FOLDER_TOO_LARGE, file->path, DIAG_ARGS(file->path, limit));
        return false;
    }
    if (!file_read(arena, file->path, &text)) {
        return report_io(folder, file->path);
    }
    file->file = sources_add(&folder->sources, file->path, text);
    bool is_good = csv_read(arena, text, &file->table);
    for (size_t i = 0; i < file->table.error_count; i++) {
        struct str args[2];
        csv_error_args(arena, &file->table.errors[i], args);
        folder_report(folder, file->table.errors[i].code, file, file->table.errors[i].off, args, 2, STR(""));
    }
    return is_good && read_header(folder, file);
}

/* All that is wrong with the tables as such is said at once; products come only where nothing is. */
static bool read_tables(struct folder *folder)
{
    bool is_good = true;
    size_t bytes = 0;
    for (size_t i = 0; i < folder->file_count; i++) {
        if (is_read(folder, &folder->files[i])) {
            is_good = read_table(folder, &folder->files[i], &bytes) && is_good;
        }
        if (folder->reader.has_failed || bytes > LIMIT_FOLDER) {
            return false;
        }
    }
    return is_good;
}

/* --- headers --- */

/* "mass [t]", "mass (t)" and with full-width brackets: the name, and the unit with its place. False where there are no
 * brackets. */
static bool split_header(const struct csv_cell *cell, struct str *name, struct csv_cell *unit)
{
    static const struct {
        struct str open, close;
    } brackets[] = {
        {{"[", 1},      {"]", 1}     },
        {{"(", 1},      {")", 1}     },
        {{"\uFF08", 3}, {"\uFF09", 3}}
    };
    struct str text = cell->text;
    for (size_t i = 0; i < countof(brackets); i++) {
        struct str open = brackets[i].open;
        size_t close_len = brackets[i].close.len;
        if (!str_ends(text, brackets[i].close)) {
            continue;
        }
        /* The first opening bracket that is not at the beginning: "kgCO2e/(t·km)" may hold others. */
        for (size_t at = 1; at + open.len + close_len <= text.len; at++) {
            if (str_starts(str_slice(text, at, text.len), open)) {
                *name = str_trim(str_slice(text, 0, at));
                *unit = *cell;
                unit->text = str_trim(str_slice(text, at + open.len, text.len - close_len));
                return true;
            }
        }
    }
    return false;
}

static uint32_t find_field(const struct folder *folder, uint32_t list, struct str name)
{
    uint32_t field = binder_field(folder->reader.binder, list, name);
    return field != NO_INDEX && !folder->program->fields[field].is_list ? field : NO_INDEX;
}

/* Behind the last dot of "mass.origin"; 0: there is none. */
static size_t key_of(struct str name)
{
    size_t dot = name.len;
    while (dot > 0 && name.at[dot - 1] != '.') {
        dot--;
    }
    return dot;
}

/* "mass.origin": what is said of the datum of a field. */
static bool find_about(const struct folder *folder, uint32_t list, struct str name, struct table_column *column)
{
    size_t dot = key_of(name);
    if (dot == 0 || !datum_key_read(str_trim(str_slice(name, dot, name.len)), &column->key) ||
        column->key == DATUM_VALUE) {
        return false;
    }
    column->field = find_field(folder, list, str_trim(str_slice(name, 0, dot - 1)));
    column->role = COLUMN_ABOUT;
    return column->field != NO_INDEX;
}

/* A column that is no field: what it says about the row. */
static bool find_role(const struct folder *folder, const struct table_file *file, struct str name,
                      enum column_role *role)
{
    bool is_nested = file->list != NO_INDEX && folder->program->fields[file->list].parent != NO_INDEX;
    if (file->list == NO_INDEX && str_eq(name, STR("id"))) {
        *role = COLUMN_ID;
        return true;
    }
    if (file->list != NO_INDEX && (str_eq(name, STR("product")) || str_eq(name, STR("product_id")))) {
        *role = COLUMN_PRODUCT;
        return true;
    }
    if (is_nested && (str_eq(name, STR("row")) || str_eq(name, STR("parent_row")))) {
        *role = COLUMN_ROW;
        return true;
    }
    return false;
}

/* The header that may have been meant: a field, what is said of one, or what a row belongs to. */
static struct str nearest_header(struct folder *folder, const struct table_file *file, struct str name)
{
    static const struct str roles[] = {{"product", 7}, {"product_id", 10}, {"row", 3}, {"parent_row", 10}};
    struct str nearest = binder_nearest(folder->reader.binder, file->list, name);
    size_t dot = key_of(name);
    if (nearest.len == 0 && dot > 0) {
        struct str field = str_slice(name, 0, dot - 1);
        bool is_field = find_field(folder, file->list, field) != NO_INDEX;
        enum datum_key unused;
        struct str key = str_slice(name, dot, name.len);
        bool is_key = datum_key_read(key, &unused) && unused != DATUM_VALUE;
        struct str parts[] = {is_field ? field : binder_nearest(folder->reader.binder, file->list, field),
                              is_key ? key : datum_key_nearest(key)};
        bool is_found = parts[0].len > 0 && parts[1].len > 0;
        nearest = is_found ? str_join(&folder->reader.arena, parts, countof(parts), STR(".")) : nearest;
    }
    if (nearest.len == 0 && file->list != NO_INDEX) {
        nearest = str_nearest(name, roles, countof(roles));
    }
    return nearest;
}

static void report_unknown_column(struct folder *folder, const struct table_file *file, const struct csv_cell *cell,
                                  struct str name)
{
    struct str written = excerpt_of(&folder->reader.arena, name);
    uint32_t list = binder_field(folder->reader.binder, file->list, name);
    if (list != NO_INDEX) {
        struct str named = folder_field_name(folder, list);
        folder_report(folder, D_FOLDER_LIST_COLUMN, file, cell->off, DIAG_ARGS(written, named), STR(""));
        return;
    }
    if (name.len == 0) {
        folder_report(folder, D_FOLDER_NO_NAME, file, cell->off, NULL, 0, STR(""));
        return;
    }
    struct str nearest = nearest_header(folder, file, name);
    if (nearest.len != 0) {
        folder_report(folder, D_FOLDER_UNKNOWN_COLUMN_NEAR, file, cell->off, DIAG_ARGS(written, nearest), STR(""));
    } else {
        folder_report(folder, D_FOLDER_UNKNOWN_COLUMN, file, cell->off, DIAG_ARGS(written), STR(""));
    }
}

/* What the column with this header holds. False with a message where it is nothing known. */
static bool read_column(struct folder *folder, struct table_file *file, uint32_t number)
{
    const struct csv_cell *cell = &file->table.header.cells[number];
    struct table_column *column = &file->columns[number];
    struct str name = cell->text;
    column->field = find_field(folder, file->list, name);
    if (column->field == NO_INDEX && split_header(cell, &name, &column->unit)) {
        column->field = find_field(folder, file->list, name);
    }
    column->role = COLUMN_FIELD;
    bool is_known = column->field != NO_INDEX || find_about(folder, file->list, cell->text, column) ||
                    find_role(folder, file, cell->text, &column->role);
    if (!is_known) {
        report_unknown_column(folder, file, cell, name);
    }
    return is_known;
}

static bool is_same_column(const struct table_column *a, const struct table_column *b)
{
    bool is_same_key = a->role != COLUMN_ABOUT || a->key == b->key;
    return a->role == b->role && a->field == b->field && is_same_key;
}

static bool check_repeated(struct folder *folder, const struct table_file *file, uint32_t number)
{
    for (uint32_t i = 0; i < number; i++) {
        if (is_same_column(&file->columns[i], &file->columns[number])) {
            const struct csv_cell *cell = &file->table.header.cells[number];
            folder_report(folder, D_FOLDER_TWO_COLUMNS, file, cell->off, DIAG_ARGS(cell->text), STR(""));
            return false;
        }
    }
    return true;
}

/* False with a message where a column says something of data that have none. */
static bool mark_abouts(struct folder *folder, struct table_file *file)
{
    bool is_good = true;
    for (uint32_t i = 0; i < file->table.header.count; i++) {
        const struct table_column *about = &file->columns[i];
        bool is_used = about->role != COLUMN_ABOUT;
        for (uint32_t k = 0; k < file->table.header.count && about->role == COLUMN_ABOUT; k++) {
            struct table_column *column = &file->columns[k];
            bool is_its_field = column->role == COLUMN_FIELD && column->field == about->field;
            column->has_abouts = column->has_abouts || is_its_field;
            is_used = is_used || is_its_field;
        }
        if (!is_used) {
            const struct csv_cell *cell = &file->table.header.cells[i];
            struct str field = folder_field_name(folder, about->field);
            folder_report(folder, D_FOLDER_ABOUT_ALONE, file, cell->off, DIAG_ARGS(cell->text, field), STR(""));
        }
        is_good = is_good && is_used;
    }
    return is_good;
}

static bool has_column(struct folder *folder, const struct table_file *file, uint32_t column, struct str name)
{
    if (column == NO_INDEX) {
        folder_report(folder, D_FOLDER_NO_COLUMN, file, file->table.header.off, DIAG_ARGS(name), STR(""));
    }
    return column != NO_INDEX;
}

static bool read_header(struct folder *folder, struct table_file *file)
{
    uint32_t count = file->table.header.count;
    bool is_good = true;
    file->columns = arena_array(&folder->reader.arena, struct table_column, count);
    for (uint32_t i = 0; i < count; i++) {
        if (!read_column(folder, file, i)) {
            is_good = false;
            file->columns[i].field = NO_INDEX - 1 - i; /* like no other */
            continue;
        }
        is_good = check_repeated(folder, file, i) && is_good;
        enum column_role role = file->columns[i].role;
        bool is_id_field = file->list == NO_INDEX && role == COLUMN_FIELD &&
                           str_eq(folder_field_name(folder, file->columns[i].field), STR("id"));
        if (role == COLUMN_ID || role == COLUMN_PRODUCT || is_id_field) {
            file->id_column = i;
        } else if (role == COLUMN_ROW) {
            file->row_column = i;
        }
    }
    is_good = is_good && mark_abouts(folder, file);
    if (file->list == NO_INDEX) {
        return has_column(folder, file, file->id_column, STR("id")) && is_good;
    }
    bool is_nested = folder->program->fields[file->list].parent != NO_INDEX;
    bool has_id = has_column(folder, file, file->id_column, STR("product"));
    bool has_row = !is_nested || has_column(folder, file, file->row_column, STR("row"));
    return has_id && has_row && is_good;
}
