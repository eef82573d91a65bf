/* Constructors of the tree, called by grammar/parser.y, one for each of its actions; and the parser that they and
   parse.c share. Everything made lives in the arena of the compilation.
   Must not know how the text was read, nor what a name means. */
#ifndef ZUJI_COMPILER_AST_MAKE_H
#define ZUJI_COMPILER_AST_MAKE_H

#include "compiler/ast.h"

struct doc_comment { /* `///` lines and where the declaration behind them begins */
    uint32_t off;
    struct str text;
};

/* What fmt has to know of words and texts: the constructors say it, so that every construct that is made by them is
   re-spelled like the others. Only where `roles` is not NULL. */
enum role_kind {
    ROLE_TEXT,    /* a text for people; `group`: where the first text of the same thing begins */
    ROLE_UNIT,    /* a type or unit, from `at` on `len` bytes */
    ROLE_WORD,    /* a word of `category` */
    ROLE_PHASE,   /* a phase or boundary of a life cycle */
    ROLE_VALUE,   /* a name in a formula: perhaps a predefined value */
    ROLE_CALLEE,  /* what is called: perhaps a predefined function */
    ROLE_NAME,    /* a name of the author's */
    ROLE_ROUNDING /* a mode of rounding */
};
struct role {
    enum role_kind kind;
    struct span at;
    uint32_t group;
    int category; /* enum word_category */
};
struct roles {
    struct arena *arena;
    struct role *items; /* in no order; of two for one place the later holds */
    size_t count, cap;
};

struct parser {
    struct arena *perm;
    const struct sources *sources;
    struct diags *out;
    struct module *module;
    struct decl *last_item;   /* of the module */
    enum lang lang;           /* of texts without zh / en */
    struct doc_comment *docs; /* by offset */
    size_t doc_count, doc_cap;
    int previous; /* token before the one that is being parsed */
    struct span previous_at;
    struct span open; /* the innermost open bracket; no place: none */
    int closer;       /* the token that closes it */
    bool is_in_rows;  /* innermost open bracket: the body of a table */
    bool is_at_end;   /* the token being parsed stands for the end of the file */
    bool is_quiet;    /* closing brackets by ourselves: no messages */
    bool is_excused;  /* a text without its end took something away: the next error is its consequence */
    bool has_failed;  /* set at a syntax error; parse.c clears it */
    bool is_too_deep;
    int guessed; /* errors whose repair was guessed */
    struct roles *roles; /* NULL: not wanted */
    uint32_t resumed_at; /* offset of the token after the last recovery; it may not end the same one again */
};

void parser_note(struct parser *p, enum role_kind kind, struct span at);
/* `word` is one of a category (enum word_category). */
void parser_note_word(struct parser *p, int category, struct name word);

/* ---- values of the grammar's symbols: lists as first and last -------------------------------------------------- */

struct number {
    struct str digits, unit_text;
    struct span unit_at;
};
struct decls {
    struct decl *first, *last;
};
struct round_words { /* behind `round`: empty where not said */
    struct name mode, mark;
};
struct name_lists {
    struct name_list *first, *last;
};
struct patterns {
    struct pattern *first, *last;
};
struct cells {
    struct cell *first, *last;
};
struct aliases {
    struct alias *first, *last;
};
struct targets {
    struct target *first, *last;
};
struct args {
    struct arg *first, *last;
};
struct arms {
    struct arm *first, *last;
};
struct demand_limits { /* NULL: none */
    struct expr *each, *together;
};
struct table_rows {
    struct table_row *first, *last;
    struct pattern *matrix;
};
struct attrs { /* what may follow a declaration's name */
    struct attributes attributes;
    struct texts texts;
    struct texts *open; /* what a text right behind belongs to, if it has none in its language; NULL: `texts` */
};
struct wording { /* one text for people */
    struct str text;
    struct span at;
    enum lang lang;
};

/* ---- lists ------------------------------------------------------------------------------------------------------- */

struct name make_name(struct span at, struct str text);
struct name_lists make_name_list(struct parser *p, struct name name);
struct name_lists add_name(struct parser *p, struct name_lists list, struct name name);
struct decls add_decl(struct decls list, struct decl *decl);
/* One of the entries of a brace, which are separated by signs or by new lines. */
struct decls add_entry(struct parser *p, struct decls list, struct decl *decl);
/* separators.c: reports an entry that nothing separates from the one before it on its line, and a sign that separates
   nothing. */
/* A sign as files of the language have it: `，` for `,`. */
struct str sign_in(enum lang lang, struct str sign);
void check_separated(struct parser *p, struct span entry, const char *sign);
void check_separator(struct parser *p, struct span at);
struct patterns add_pattern(struct patterns list, struct pattern *pattern);
struct targets add_target(struct parser *p, struct targets list, struct name stage, const struct name *process);
struct cells add_cell(struct cells list, struct cell *cell);
struct args add_arg(struct args list, struct arg *arg);
struct arms add_arm(struct parser *p, struct arms list, struct span at, struct arm *arm);
struct aliases add_alias(struct parser *p, struct aliases list, struct name first, struct name other);
struct table_rows add_row(struct parser *p, struct table_rows list, struct span at, struct table_row *row);
/* The first line of a matrix; refused behind other rows. */
struct table_rows set_matrix(struct parser *p, struct table_rows list, struct span at, struct patterns values);

/* ---- attributes: each adds to the ones given, and notes where one is said twice ---------------------------------- */

struct attrs *make_attrs(struct parser *p);
struct wording make_wording(struct span at, struct str text, enum lang lang);
struct attrs *attrs_text(struct parser *p, struct attrs *attrs, const struct wording *text);
struct attrs *attrs_cite(struct parser *p, struct attrs *attrs, struct span at, struct str text);
struct attrs *attrs_clause(struct parser *p, struct attrs *attrs, struct span at, struct str text);
struct attrs *attrs_column(struct parser *p, struct attrs *attrs, struct span at, struct str text);
struct attrs *attrs_from(struct parser *p, struct attrs *attrs, struct span at, struct str text);
struct attrs *attrs_because(struct parser *p, struct attrs *attrs, struct span at, const struct wording *text);
struct attrs *attrs_when(struct parser *p, struct attrs *attrs, struct span at, struct expr *condition);
struct attrs *attrs_allow(struct parser *p, struct attrs *attrs, struct name lint, const struct wording *reason);
/* for each binder in source; `at`: all of it */
struct attrs *attrs_rows(struct parser *p, struct attrs *attrs, struct span at, struct name binder,
                         struct expr *source);
struct attrs *attrs_scale(struct parser *p, struct attrs *attrs, struct span at, struct expr *scale);
struct attrs *attrs_range(struct parser *p, struct attrs *attrs, struct span at, struct expr *first, struct expr *last);
struct attrs *attrs_origin(struct parser *p, struct attrs *attrs, struct span at, enum origin origin);
struct attrs *attrs_key(struct parser *p, struct attrs *attrs, struct span at, struct name key);
struct attrs *attrs_optional(struct parser *p, struct attrs *attrs, struct span at);
struct attrs *attrs_symmetric(struct parser *p, struct attrs *attrs, struct span at);
struct attrs *attrs_validity(struct parser *p, struct attrs *attrs, struct span at, struct validity valid);
/* Those before and those behind the `=` of a declaration. */
struct attrs *merge_attrs(struct parser *p, struct attrs *before, struct attrs *after);

/* ---- types, expressions ---------------------------------------------------------------------------------------- */

struct type_ref *make_unit_type(struct parser *p, struct span at);
struct type_ref *make_path_type(struct parser *p, struct span at, struct name_lists path);
/* row: the name of its row type, empty where it has none */
struct type_ref *make_list_type(struct parser *p, struct span at, struct name row, struct decls fields);

struct expr *make_error_expr(struct parser *p, struct span at);
struct expr *make_number(struct parser *p, struct span at, const struct number *number);
struct expr *make_negative(struct parser *p, struct span at, struct expr *number);
struct expr *make_text(struct parser *p, struct span at, enum expr_kind kind, struct str text);
struct expr *make_name_expr(struct parser *p, struct span at, struct name name);
struct expr *make_member_of(struct parser *p, struct span at, struct expr *operand, struct name name);
struct expr *make_parenthesised(struct parser *p, struct span at, struct expr *inner);
struct expr *make_call(struct parser *p, struct span at, struct name callee, struct args args);
struct arg *make_arg(struct parser *p, struct name name, struct expr *value);
/* body, tie: NULL where absent; where: NULL */
struct expr *make_comprehension(struct parser *p, struct span at, struct name function, struct name binder,
                                struct expr *source, struct expr *where, struct expr *body, const struct name *tie);
struct expr *make_range(struct parser *p, struct span at, struct expr *first, struct expr *last);
struct expr *make_binary(struct parser *p, struct span at, struct span op_at, enum binary_op op, struct expr *left,
                         struct expr *right);
struct expr *make_within(struct parser *p, struct span at, struct span op_at, enum binary_op op, struct expr *left,
                         struct expr *right, struct expr *within);
/* Refuses a plain literal divided by a literal with a unit. */
struct expr *make_quotient(struct parser *p, struct span at, struct span op_at, struct expr *left, struct expr *right);
/* Refuses `a and b or c`. */
struct expr *make_or(struct parser *p, struct span at, struct span op_at, struct expr *left, struct expr *right);
struct expr *make_not(struct parser *p, struct span at, struct expr *operand);
struct expr *make_given(struct parser *p, struct span at, struct expr *operand);
struct expr *make_default(struct parser *p, struct span at, struct expr *value, struct expr *fallback);
struct expr *make_if(struct parser *p, struct span at, struct expr *condition, struct expr *then,
                     struct expr *otherwise);
struct expr *make_match(struct parser *p, struct span at, struct expr *subject, struct arms arms);
struct arm *make_arm(struct parser *p, struct span at, struct patterns patterns, struct expr *value);
struct pattern *make_name_pattern(struct parser *p, struct span at, struct name name);
struct pattern *make_text_pattern(struct parser *p, struct span at, struct str text);
struct pattern *make_value_pattern(struct parser *p, struct span at, enum pattern_kind kind, struct expr *value,
                                   struct expr *last);

/* ---- declarations ------------------------------------------------------------------------------------------------ */

void make_module_item(struct parser *p, struct decl *item); /* appends it to the module */
struct decl *make_error_decl(struct parser *p, struct span at);
struct decl *make_import(struct parser *p, struct span at, struct name_lists path);
struct decl *make_choice(struct parser *p, struct span at, struct name name, struct attrs *attrs, struct decls members);
struct decl *make_choice_extension(struct parser *p, struct span at, struct name name, struct decls members);
struct decl *make_table_extension(struct parser *p, struct span at, struct name name, const struct str *cite,
                                  struct table_rows rows);
struct decl *make_row_type(struct parser *p, struct span at, struct name name, struct attrs *attrs,
                           struct decls fields);
struct decl *make_member(struct parser *p, struct span at, struct name name, const struct str *code,
                         struct attrs *attrs);
struct decl *make_table(struct parser *p, struct span at, struct name name, struct decls keys, struct decls columns,
                        struct attrs *attrs, struct table_rows rows);
struct decl *make_param(struct parser *p, struct span at, struct name name, struct type_ref *type, struct attrs *attrs);
struct decls make_single_column(struct parser *p, struct span at, struct type_ref *type);
struct decl *make_column(struct parser *p, struct span at, struct name name, struct type_ref *type,
                         struct attrs *attrs);
struct table_row *make_row(struct parser *p, struct span at, struct patterns patterns, struct cells cells);
struct cell *make_cell(struct parser *p, struct span at, struct expr *value);
struct cell *make_member_cell(struct parser *p, struct span at, struct name choice, struct name member);
struct cell *make_name_cell(struct parser *p, struct span at, struct name name); /* `_`: not given */
struct decl *make_function(struct parser *p, struct span at, struct name name, struct decls params, struct attrs *attrs,
                           struct expr *body);
struct decl *make_let(struct parser *p, struct span at, enum let_role role, struct name name, struct type_ref *type,
                      struct attrs *attrs, struct expr *value);
struct decl *make_unit(struct parser *p, struct span at, struct name name, struct attrs *attrs, struct expr *value);
struct decl *make_external(struct parser *p, struct span at, struct name name, struct decls params,
                           struct type_ref *type, struct attrs *attrs);
struct decl *make_factor(struct parser *p, struct span at, struct name name, struct decls keys, struct type_ref *type,
                         struct attrs *attrs, struct expr *initial);
struct decl *make_split_factor(struct parser *p, struct span at, struct name name, struct decls keys,
                               struct type_ref *type, struct name_lists split, struct attrs *attrs,
                               struct expr *initial);
struct decl *make_lifecycle(struct parser *p, struct span at, struct name name, struct attrs *attrs,
                            struct decls items);
#define NO_PLACE ((struct span){0})
/* apart_at: the word `apart`, or NO_PLACE */
struct decl *make_phase(struct parser *p, struct span at, struct name name, struct attrs *attrs, struct span apart_at);
struct decl *make_boundary(struct parser *p, struct span at, struct name name, struct name_lists phases,
                           struct attrs *attrs);
struct decl *make_breakdown(struct parser *p, struct span at, struct name name, struct attrs *attrs,
                            struct decls members);
struct decl *make_breakdown_member(struct parser *p, struct span at, struct name name, struct attrs *attrs,
                                   struct span apart_at);
struct decl *make_profile(struct parser *p, struct span at, struct name name, struct attrs *attrs,
                          struct decls demands);
struct decl *make_demand(struct parser *p, struct span at, struct name strength, struct name word,
                         struct name_lists names, struct demand_limits limits, struct attrs *attrs);
struct decl *make_names(struct parser *p, struct span at, struct aliases aliases);
struct decl *make_rule(struct parser *p, struct span at, struct name name, struct name base, struct attrs *attrs,
                       struct decls items);
struct decl *make_version(struct parser *p, struct span at, struct span text_at, struct str text, struct attrs *attrs);
struct decl *make_header(struct parser *p, struct span at, enum header_kind kind, struct name_lists names,
                         struct attrs *attrs);
struct decl *make_amount(struct parser *p, struct span at, enum header_kind kind, struct expr *amount,
                         struct attrs *attrs);
struct validity make_period(struct str first, struct str last); /* an end that is not given is empty */
struct decl *make_validity(struct parser *p, struct span at, struct validity valid, struct name by,
                           struct attrs *attrs);
struct decl *make_data(struct parser *p, struct span at, struct attrs *attrs, struct decls fields);
struct decl *make_field(struct parser *p, struct span at, struct name name, struct type_ref *type, struct attrs *attrs,
                        struct expr *initial);
struct decl *make_reference(struct parser *p, struct span at, struct expr *value, struct attrs *attrs);
struct decl *make_key_allocation(struct parser *p, struct span at, struct targets targets, struct expr *key,
                                 struct expr *take, struct attrs *attrs); /* attrs: with its rows; take: NULL */
struct decl *make_share_allocation(struct parser *p, struct span at, struct targets targets, struct decls shares,
                                   const struct name *taken, struct attrs *attrs); /* taken: NULL */
struct decl *make_share(struct parser *p, struct span at, struct name name, struct expr *value);
struct decl *make_stage(struct parser *p, struct span at, struct name name, struct name phase, struct attrs *attrs,
                        struct decls items);
struct decl *make_process(struct parser *p, struct span at, struct name name, struct attrs *attrs, struct decls items);
struct decl *make_extension(struct parser *p, struct span at, enum decl_kind kind, struct name name,
                            struct decls items);
struct decl *make_emit(struct parser *p, struct span at, enum emit_kind kind, struct name name, struct name_lists as,
                       struct attrs *attrs, struct expr *value);
struct decl *make_check(struct parser *p, struct span at, enum decl_kind kind, struct expr *condition,
                        struct attrs *attrs);
struct decl *make_cutoff(struct parser *p, struct span at, struct name binder, struct expr *source, struct expr *where,
                         struct expr *key, struct expr *each, struct expr *together, struct attrs *attrs);
struct decl *make_round(struct parser *p, struct span at, struct name target, enum round_form form, struct expr *to,
                        struct round_words words, struct attrs *attrs);
/* Neither digits nor an interval: refused. */
struct decl *make_round_unsaid(struct parser *p, struct span at, struct name target, struct expr *to,
                               struct round_words words, struct attrs *attrs);
/* With one word more: `marked`, or a mode. */
struct round_words make_round_words(struct parser *p, struct round_words words, struct name word);
struct decl *make_report(struct parser *p, struct span at, struct name name, struct type_ref *type, struct attrs *attrs,
                         struct expr *value);
struct decl *make_class(struct parser *p, struct span at, struct attrs *texts, struct expr *limit, bool is_below);
struct decl *make_grade(struct parser *p, struct span at, struct decls classes, struct attrs *attrs);
struct decl *make_example_body(struct parser *p); /* an example without a title, which the next ones fill */
struct decl *example_data(struct parser *p, struct decl *example, struct span at, struct str file);
struct decl *example_key(struct parser *p, struct decl *example, struct span at, struct str key);
struct decl *example_row(struct parser *p, struct decl *example, struct span at, struct str row);
struct decl *example_factors(struct parser *p, struct decl *example, struct span at, struct str file);
struct decl *example_gwp(struct parser *p, struct decl *example, struct span at, struct name set);
struct decl *example_expect(struct parser *p, struct decl *example, struct span at, struct expr *path,
                            struct expr *value, struct expr *within);
struct decl *make_example(struct parser *p, struct span at, struct attrs *title, struct decl *example);

#endif
