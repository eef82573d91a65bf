/* The tree of a module: declarations and expressions as written, with what resolve.c and types.c find out about them.
   Everything lives in the arena of the compilation; the tree is never freed singly. Nodes are made by the constructors
   of ast*.c (called by grammar/parser.y) and annotated in place by later phases; only the annotated fields change.
   Must not know of bytecode. */
#ifndef ZUJI_COMPILER_AST_H
#define ZUJI_COMPILER_AST_H

#include "base/diag.h"
#include "base/unit.h"

enum { AST_DEPTH_MAX = 200 }; /* nesting of expressions and blocks; the parser's stack allows no more */

struct name { /* a word as written; resolve replaces `text` by the first spelling where `names` gives one */
    struct str text;
    struct span at;
};

struct texts { /* texts for people, by enum lang; empty where not given */
    struct str text[2];
    struct span at;
};

/* ---- types as written and as found ---------------------------------------------------------------------------- */

enum type_kind {
    TYPE_ERROR,  /* poison: absorbs follow-on errors */
    TYPE_NUMBER, /* a quantity: `unit` is concrete in declarations, `kind_id` is the inference's (types.c) */
    TYPE_BOOL,
    TYPE_TEXT,
    TYPE_CHOICE, /* decl: the choice */
    TYPE_YEAR,   /* a calendar year */
    TYPE_DATE,
    TYPE_REGION, /* a text with fallback along the region tree of the factor file */
    TYPE_ROW,    /* decl: the list field, table or row type whose row it is */
    TYPE_LIST    /* decl: the list field */
};

struct type {
    enum type_kind kind;
    struct unit unit;        /* TYPE_NUMBER in declarations (fields, columns, parameters, factors, reports) */
    struct str unit_spelled; /* as written, for messages and results */
    uint32_t kind_id;        /* TYPE_NUMBER in expressions: index into the unifier of types.c; of no meaning to others */
    struct decl *decl;
    bool is_optional; /* of an optional field or cell: must be handled by `default` or `is given`. False on a name or member
                         whose declaration is optional: an `is given` around it says that it is there */
    bool can_be_missing; /* row of largest, smallest, the; min, max of no rows; table value of a text, year or step key:
                            fails at run time where there is none, unless under `default` or `is given` */
    bool is_whole;       /* TYPE_NUMBER in expressions: a plain whole number (counts, rounded values) */
};

enum type_ref_kind { TYPE_REF_ERROR, TYPE_REF_UNIT, TYPE_REF_NAME, TYPE_REF_LIST };
/* `kg{CF4}/(t·min/d)`, `year`, `Cell`, `list of { … }`. A lone word is TYPE_REF_NAME: a type or a unit, resolve decides. */
struct type_ref {
    enum type_ref_kind kind;
    struct span at;
    struct str text;      /* the bytes between its ends with spaces removed and full-width signs made ASCII */
    struct name_list *path; /* TYPE_REF_NAME: `models.parts`, the rows of a list in a list; NULL: one word */
    struct decl *fields;  /* TYPE_REF_LIST: DECL_FIELDs; once row_types.c has been there, those of its row type first */
    struct name row;      /* TYPE_REF_LIST: its row type; empty where it has none */
    struct decl *row_type; /* found by row_types.c; NULL: not found */
    bool is_expanded;     /* of a DECL_ROW: row_types.c has been, or is, at its lists */
    struct type type;     /* found by resolve */
};

/* ---- expressions ------------------------------------------------------------------------------------------------ */

enum expr_kind {
    EXPR_ERROR,
    EXPR_NUMBER,        /* 44 kg{CO2}, 2 %, -5 ℃ */
    EXPR_TEXT,          /* "DE" */
    EXPR_DATE,          /* 2024-05-01 */
    EXPR_NAME,          /* power */
    EXPR_MEMBER,        /* m.mass, pfc(cell).slope, Cell.soderberg_vertical, electrolysis.anode_co2 */
    EXPR_CALL,          /* f(a, rate = b): function, table, factor family, predefined function */
    EXPR_COMPREHENSION, /* sum(m in materials where C: E), count(m in l where C), largest(m in l: E, last), the(m in l where C) */
    EXPR_NOT,
    EXPR_BINARY,
    EXPR_IF,
    EXPR_MATCH,
    EXPR_DEFAULT, /* a default b */
    EXPR_GIVEN,   /* a is given */
    EXPR_RANGE    /* a .. b: only as the source of a comprehension */
};

enum binary_op {
    BINARY_ADD, BINARY_SUB, BINARY_MUL, BINARY_DIV, BINARY_POW,
    BINARY_EQ, BINARY_NE, BINARY_LT, BINARY_LE, BINARY_GT, BINARY_GE, /* EQ and NE may have a tolerance: `a == b within t` */
    BINARY_AND, BINARY_OR
};

enum predefined { /* functions and aggregates that the language brings; spellings in grammar/keywords.def */
    PREDEFINED_NONE,
    PREDEFINED_SUM, PREDEFINED_COUNT, PREDEFINED_MIN, PREDEFINED_MAX, PREDEFINED_MEAN, PREDEFINED_ANY, PREDEFINED_ALL,
    PREDEFINED_LARGEST, PREDEFINED_SMALLEST, PREDEFINED_THE,
    PREDEFINED_ROUNDED, PREDEFINED_FLOOR, PREDEFINED_CEIL, PREDEFINED_ABS, PREDEFINED_EXP, PREDEFINED_LN, PREDEFINED_SQRT,
    PREDEFINED_PLAIN, PREDEFINED_GWP, PREDEFINED_EMITTED, PREDEFINED_COUNTED, PREDEFINED_REST,
    PREDEFINED_TRUE, PREDEFINED_FALSE, PREDEFINED_TOTAL,
    PREDEFINED_COUNT_OF /* number of predefined names */
};
/* emitted(…), or counted(…): the same after allocation */
static inline bool predefined_is_emitted(uint32_t id)
{
    return id == PREDEFINED_EMITTED || id == PREDEFINED_COUNTED;
}

enum ref_kind {
    REF_NONE,       /* not (yet) resolved, or an error that was reported */
    REF_DECL,       /* decl: field, let, factor, function, table, stage, flow, report. A field of a list (its parent is the
                       list's field) only in defaults and ranges inside that list: the field of the current row */
    REF_BINDER,     /* binder: the comprehension whose row variable it is; or the `for each` of the reference, a stage or an
                       allocation (decl: which of these; NULL of a comprehension) */
    REF_PARAM,      /* decl: the function; index: which parameter */
    REF_MEMBER,     /* decl: the choice; index: which member */
    REF_FIELD,      /* EXPR_MEMBER on a row of a list: decl is the field */
    REF_COLUMN,     /* EXPR_MEMBER on a row of a table: decl the table, index the column */
    REF_WHOLE,      /* EXPR_MEMBER x.total: the sum of what x is split into */
    REF_FLOW,       /* EXPR_MEMBER stage.flow: decl is the emit */
    REF_PREDEFINED, /* index: enum predefined */
    REF_ROUNDING,   /* index: enum rounding; a mode name as argument of rounded */
    REF_CATEGORY,   /* argument of emitted: a category or the member of a breakdown, by the name of the expression; decl: the rule */
    REF_GAS         /* argument of gwp: decl the choice std.gases.Gas, index: which member */
};

struct ref {
    enum ref_kind kind;
    struct decl *decl;
    struct expr *binder;
    uint32_t index;
};

struct arg {
    struct name name;   /* empty where positional */
    struct expr *value;
    struct arg *next;
};

enum pattern_kind { PATTERN_ERROR, PATTERN_NAME, PATTERN_TEXT, PATTERN_NUMBER, PATTERN_UP_TO, PATTERN_BELOW, PATTERN_OTHERWISE, PATTERN_RANGE };
struct pattern { /* key of a table row or of a match arm; PATTERN_RANGE is `2019 .. 2022` (years only) */
    enum pattern_kind kind;
    struct span at;
    struct name name;    /* PATTERN_NAME */
    struct str text;     /* PATTERN_TEXT, decoded */
    struct expr *value;  /* NUMBER, UP_TO, BELOW, RANGE (first year) */
    struct expr *last;   /* RANGE: last year */
    uint32_t member;     /* PATTERN_NAME on a choice: which member; found by types.c */
    struct pattern *next;
};

struct arm {
    struct span at;
    struct pattern *patterns; /* alternatives, separated by "," */
    struct expr *value;
    struct arm *next;
};

struct expr {
    enum expr_kind kind;
    struct span at;
    struct ref ref;   /* found by resolve.c / types.c */
    struct type type; /* found by types.c */
    uint16_t depth;   /* levels below and including this one; at most AST_DEPTH_MAX, so later phases may recurse */
    bool is_parenthesised; /* written in parentheses, which `at` includes */
    union {
        struct {
            struct str digits;   /* decimal text, ASCII, with its sign where it is a signed literal */
            struct str unit_text; /* empty: plain */
            struct span unit_at;
            struct unit unit;    /* found by resolve */
            bool is_parenthesised;
        } number;
        struct str text; /* EXPR_TEXT (decoded), EXPR_DATE ("2024-05-01") */
        struct name name;
        struct { struct expr *operand; struct name name; } member;
        struct { struct name callee; struct arg *args; } call;
        struct { struct name function; struct name binder; struct expr *source, *where, *body; struct name tie; bool is_last; bool is_typed; } comprehension; /* tie: `first` or `last`, where said; is_typed: of `for each`, types.c has been at its source */
        struct expr *operand; /* EXPR_NOT, EXPR_GIVEN */
        struct { enum binary_op op; struct expr *left, *right, *within; struct span op_at; } binary;
        struct { struct expr *condition, *then, *otherwise; } conditional;
        struct { struct expr *subject; struct arm *arms; } match;
        struct { struct expr *value, *fallback; } defaulted;
        struct { struct expr *first, *last; } range;
    } as;
};

/* ---- declarations ------------------------------------------------------------------------------------------------- */

enum decl_kind {
    DECL_ERROR,
    DECL_IMPORT, DECL_LIFECYCLE, DECL_PHASE, DECL_BOUNDARY, DECL_BREAKDOWN, DECL_BREAKDOWN_MEMBER, DECL_PROFILE, DECL_DEMAND,
    DECL_CHOICE, DECL_CHOICE_MEMBER, DECL_ROW, DECL_TABLE, DECL_COLUMN, DECL_PARAM, DECL_FUNCTION, DECL_UNIT, DECL_EXTERNAL,
    DECL_FACTOR, DECL_NAMES,
    DECL_RULE, DECL_HEADER, DECL_DATA, DECL_FIELD, DECL_LET, DECL_REFERENCE, DECL_STAGE, DECL_PROCESS, DECL_EMIT,
    DECL_ALLOCATE, DECL_SHARE,
    DECL_REQUIRE, DECL_WARN, DECL_CUTOFF, DECL_ROUND, DECL_REPORT, DECL_GRADE, DECL_CLASS, DECL_EXAMPLE, DECL_EXPECT
};

enum header_kind { /* lines of a rule that are said once, or more often where a list makes sense */
    HEADER_VERSION, HEADER_STATUS, HEADER_CONFORMS, HEADER_GWP, HEADER_JUDGE, HEADER_LIFECYCLE,
    HEADER_DECLARED, HEADER_FUNCTIONAL, HEADER_BOUNDARY, HEADER_EXCLUDE, HEADER_ZERO, HEADER_VALID,
    HEADER_APART
};

enum round_form { ROUND_SIGNIFICANT, ROUND_DECIMALS, ROUND_MULTIPLES }; /* to 3 significant, 2 decimals, multiples of 0.5 kg */

enum emit_kind { EMIT_EMISSION, EMIT_REMOVAL, EMIT_CREDIT }; /* emit, remove, avoid */

enum origin { ORIGIN_UNSAID, ORIGIN_PRIMARY, ORIGIN_SECONDARY };

/* An open let may be overridden by a rule that extends this one; without a value it must be. LET_OVERRIDE_OPEN overrides,
   and may be overridden again. */
enum let_role { LET_PLAIN, LET_OPEN, LET_OVERRIDE, LET_OVERRIDE_OPEN };

struct name_list {
    struct name name;
    struct name_list *next;
};

struct target { /* of an allocation: a stage or a process of one */
    struct name stage, process; /* process: empty where the whole stage is meant */
    struct decl *group;         /* found by resolve: the stage or process; NULL: reported */
    struct target *next;
};

struct alias { /* names { first 另名, … } */
    struct name first, other;
    struct alias *next;
};

struct cell;
struct table_row {
    struct span at;
    bool is_read; /* from a CSV file: cells are texts until their types are known */
    struct pattern *patterns; /* one for each key (matrix: without the last key) */
    struct cell *cells;
    struct table_row *next;
};

struct cell { /* constant expression, or value == NULL for `_`: not given (optional columns only) */
    struct span at;
    struct expr *value;
    bool takes_unit; /* found by types.c: a plain number, `0.62` or `(44 / 12)`, that counts in the unit of its column */
    struct cell *next;
};

struct allowance { /* allow unused_input "reason": the lint is not reported inside the declaration */
    struct name lint;
    struct texts reason;
    bool is_needed;       /* found by lint.c: something was allowed */
    struct allowance *next;
};

/* `valid 2025-05-01 .. 2030-04-30`: the first and the last day, both included; an end that is not given is open. */
struct validity {
    struct span at; /* len 0: not said */
    struct str text[2]; /* as written; empty: open */
    int32_t first_day, last_day; /* from 1970-01-01, INT32_MIN and INT32_MAX where open; found by resolve */
};

/* The attributes that may follow a declaration, in any order; the grammar gathers them, resolve refuses the misplaced. */
struct attributes {
    struct str cite;      struct span cite_at;
    struct str clause;    struct span clause_at;
    struct str column;    struct span column_at;  /* column "header" of a CSV file */
    struct str from;      struct span from_at;    /* from "file.csv" */
    struct texts because; struct span because_at;
    struct expr *initial;                         /* = expr */
    struct expr *range_first, *range_last;        /* range a .. b */
    struct expr *when;
    struct allowance *allows;
    struct expr *rows;    struct span rows_at;    /* for each x in list; allocate to x in list: a comprehension of neither function nor body */
    struct expr *scale;   struct span scale_at;   /* scaled by expr */
    struct validity valid;
    enum origin origin;   struct span origin_at;
    bool is_optional;     struct span optional_at;
    bool is_symmetric;    struct span symmetric_at;
    struct name key;      struct span key_at;     /* key hour: the field by whose value the rows of a list are looked up */
    struct span repeated;  /* an attribute said twice; len 0: none */
    bool is_text_repeated; /* it is a text in one language */
};

struct decl {
    enum decl_kind kind;
    struct span at;       /* the whole declaration */
    struct name name;     /* empty where it has none */
    struct texts texts;
    struct str doc;       /* the `///` lines before it, without the slashes */
    struct attributes attributes;
    struct module *module;
    struct decl *parent;  /* rule, stage, process, list field, choice, row type, table, function, data block, example */
    struct decl *next;    /* sibling */
    struct decl *base;    /* compose.c: the rule that a rule extends; of an override, or a field said anew: what it replaces */
    const struct decl *pattern; /* row_types.c: of a field of a list the field of its row type that it is a copy of */
    struct type type;     /* found: of field, let, column, parameter, factor, report; function: of the result if not generic */
    uint32_t index;       /* position among its siblings of the same kind (members, columns, parameters, fields) */
    uint32_t check_id;    /* order.c: number of the declaration in the order of checking; of no meaning to others */
    bool is_broken;       /* parse.c: a syntax error in it, and not in a declaration inside it: parts may be missing */
    bool is_cyclic;       /* order.c: needs its own value; reported */
    bool is_used;         /* lint.c: something refers to it */
    bool is_checked;      /* lint_sign.c: a require or a range speaks of it */
    bool is_constant;     /* types.c: a let whose value depends on no data */
    unsigned mentions;    /* mentions.c: which rows its value is about, bits of enum mentions */
    union {
        struct { struct name_list *path; } import;               /* std.gases */
        struct { struct decl *members; bool is_extension; } choice; /* DECL_CHOICE_MEMBER; of a base's choice, which gets them */
        struct { struct str code; bool has_code; } member;       /* spelling in data where it differs: weaving = "tissage" */
        struct {
            struct decl *keys;    /* DECL_PARAM */
            struct decl *columns; /* DECL_COLUMN; a table with one unnamed value has one column with an empty name */
            struct pattern *matrix; /* first line: values of the last key; NULL: no matrix */
            struct table_row *rows;
            bool is_extension;      /* more rows for the base's table of this name */
        } table;
        struct { struct type_ref *type; } column, param;         /* param: NULL where inferred */
        struct { struct decl *params; struct expr *body; } function;
        struct { struct str definition; struct span definition_at; struct expr *value; } unit; /* value NULL: new base */
        struct { struct decl *params; struct type_ref *type; } external;
        struct { struct decl *keys; struct type_ref *type; struct name_list *split; } factor;
        struct { struct decl *items; } lifecycle;                /* DECL_PHASE, DECL_BOUNDARY */
        struct { bool is_apart; } phase, breakdown_member;       /* shown, never summed */
        struct { struct name_list *phases; } boundary;
        struct { struct decl *members; } breakdown;
        struct { struct decl *demands; } profile;
        struct {
            struct name strength, word;       /* must, should; a word of demands.def */
            struct name_list *names;          /* in a, b */
            struct expr *each, *together;     /* limits of a cut-off */
        } demand;
        struct { struct alias *aliases; } names;
        struct { struct name base; struct decl *items; } rule;    /* base: behind `extends`; empty where there is none */
        struct {
            enum header_kind kind;
            struct str text;          /* version */
            struct name_list *names;  /* status, conforms, gwp, judge, lifecycle, boundary, exclude, zero, apart */
            struct expr *amount;      /* declared, functional */
            struct validity valid;    /* valid */
            struct name by;           /* valid: the field that the period of the data is; empty where not given */
            struct decl *field;       /* valid: found by resolve */
        } header;
        struct { struct decl *fields; } data;
        struct { struct type_ref *type; } field;                 /* and row type; a list's fields: type->fields */
        struct { enum let_role role; struct expr *value; struct type_ref *type; } let; /* type NULL where not annotated;
                                                                                  value NULL: open */
        struct { struct expr *value, *headline; } reference;     /* headline: which rows are the results; NULL: all */                 /* with `for each` its rows are the attribute */
        struct { struct name phase; struct decl *items; bool is_typed, is_extension; } stage;  /* and process (phase empty) */
        struct {
            enum emit_kind kind;
            struct name_list *as;            /* a category, members of breakdowns; found by resolve: */
            struct str category;             /* empty: not said */
            struct decl **members;           /* of breakdowns, in the order of these */
            size_t member_count;
            struct expr *value;
        } emit;
        struct {
            struct target *targets; /* NULL: the stage or process that it stands in */
            struct expr *key;       /* by key over the attribute `rows`; take: which rows are ours, NULL: that of the reference */
            struct expr *take;
            struct decl *shares;    /* by formulas: DECL_SHAREs, of which `taken` is ours */
            struct name taken;
        } allocate;
        struct { struct expr *value; } share;                     /* `rest`: what the others leave (REF_PREDEFINED) */
        struct { struct expr *condition; } require;               /* and warn; texts: the else text */
        struct { struct name binder; struct expr *source, *where, *key, *each, *together; struct expr *comprehension; } cutoff;
        struct {
            struct name target;
            struct decl *report; /* found by resolve; NULL: total, stages, flows */
            bool is_lost;        /* or nothing that is there */
            enum round_form form;
            struct expr *to;     /* literal */
            struct name mode;
            bool is_marked;      /* passed on: it is said whether it was rounded up or down */
        } round;
        struct { struct type_ref *type; struct expr *value; } report;
        struct { struct decl *classes; } grade;                   /* DECL_CLASS; the texts of a class are its name */
        struct { struct expr *limit; bool is_below; } class;      /* limit NULL: otherwise */
        struct { struct str data, key, row; struct name_list *factors; struct name gwp; struct decl *expects; } example; /* texts: the title;
                                                                              gwp: empty where not said */
        struct { struct expr *path, *value, *within; } expect;
    } as;
};

struct literate;

struct module {
    struct str name;       /* "std.gases", or the path of the file as given */
    uint32_t file;         /* in sources */
    enum lang lang;        /* of its first keyword: the language of texts without zh / en */
    bool is_std;
    bool is_prelude;       /* visible without import */
    struct decl *items;
    struct module **imports; /* found by module.c, in order */
    size_t import_count;
    struct literate *literate; /* literate.h: fences and headings; NULL for a plain file */
    bool has_errors;       /* the tree has error nodes: nothing may be built from it */
    struct map lost;       /* the words of what could not be read: a name among them may have been declared there */
    bool has_lost_all;     /* of a file or import that was not read, all of them */
    bool has_lost_name;    /* a declaration lost its own name, which may be any */
    bool is_torn;          /* a brace is missing, or one too many: declarations may be in the wrong block */
};

/* ---- constructors (ast*.c) are declared in compiler/ast_make.h for the parser ---------------------------------------- */

#endif
