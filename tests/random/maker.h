/* Drawing a rule and data for it: what has been declared so far, and what the place that is being written may name.
   All that is drawn is well typed; whether it fails for some product is left to chance.
   Lives in the arena of its tree. Must not know how the pair is run. */
#ifndef ZUJI_TESTS_RANDOM_MAKER_H
#define ZUJI_TESTS_RANDOM_MAKER_H

#include "tests/random/amounts.h"
#include "tests/random/pair.h"

enum sort { SORT_NUMBER, SORT_POINT, SORT_FLAG, SORT_MEMBER, SORT_TEXT, SORT_YEAR, SORT_DATE };

struct name { /* the first spelling, and the other one where there is one */
    struct str first, other;
    struct node *node;
};
struct choice {
    struct name name;
    struct name members[5];
    struct str spelt[5]; /* in data; empty: as it is */
    uint32_t count;
    bool is_of_gases;
};
struct type {
    enum sort sort;
    struct powers kind;
    const struct choice *choice;
    bool is_optional; /* needs `default` or `is given` */
};
struct field {
    struct name name;
    struct type type;
    struct measure unit;
    bool has_default, is_key, is_amount; /* amount: of a list whose rows may be split */
    bool is_signed, is_region;
    struct str low, high; /* range; empty where none */
    struct node *declaration;
    struct field *next;
};
struct list {
    struct name name;
    struct field *fields, *key;
    struct list *inner, *next; /* the list inside it; the next one beside it */
    bool is_linear;            /* only amounts that are summed depend on how the rows are cut */
    bool is_optional, has_cut, is_picked;
    uint32_t rows_max;
    struct node *declaration;
};

enum { KEYS_MAX = 2, COLUMNS_MAX = 3 };
struct table {
    struct name name;
    struct type keys[KEYS_MAX];
    struct name key_names[KEYS_MAX];
    struct str texts[3];
    uint32_t key_count;
    struct type columns[COLUMNS_MAX];
    struct name column_names[COLUMNS_MAX];
    uint32_t column_count; /* 1: without a name */
    bool may_miss, is_symmetric;
    struct table *next;
};
struct factor {
    struct name name;
    struct measure unit;
    struct type keys[KEYS_MAX];
    struct name key_names[KEYS_MAX];
    bool is_region[KEYS_MAX];
    uint32_t key_count;
    bool is_split, has_default;
    struct factor *next;
};
struct function {
    struct name name;
    struct powers params[2];
    struct name param_names[2];
    uint32_t param_count;
    const struct list *row; /* the first parameter is a row of it */
    struct powers result;
    uint32_t depth;
    bool is_native;
    struct function *next;
};

struct entry { /* a value that may be named here */
    struct node *node;
    struct type type;
    uint32_t depth; /* axes that are opened inside it */
    bool is_datum;  /* as it stands in the data */
};
struct row {                 /* a row that is being visited */
    const struct list *list; /* NULL: of a table or range */
    struct node *variable;
    struct node *inner; /* how its inner list is named; NULL: it has none that may be visited */
};

enum { SCOPE_MAX = 160, ROWS_MAX = 3 };
struct maker {
    struct tree tree;
    struct arena *arena;
    struct random random;
    uint32_t counts[CONSTRUCT_COUNT];
    uint32_t name_count, lift_count;
    /* what is declared */
    struct choice choices[4];
    uint32_t choice_count;
    const struct choice *gases;
    struct list *lists;
    struct field *fields, *output; /* output: always there, an amount that results may be per */
    struct table *tables;
    struct factor *factors;
    struct function *functions;
    struct node *flows[24]; /* that formulas may name */
    uint32_t flow_count;
    struct node *groups[16]; /* stages, and flows of them, for `emitted` */
    uint32_t group_count;
    /* what may be named here */
    struct entry scope[SCOPE_MAX];
    uint32_t scope_count;
    struct row rows[ROWS_MAX];
    uint32_t row_count;
    bool has_data;       /* the data of the rule may be named */
    bool has_results;    /* a report or warning: total, emitted(category) */
    uint32_t depth_seen; /* axes that the expression in hand opens */
    /* what the texts are put together from */
    struct node *imports, *module, *data, *rule, *names, *lifted, *lifted_data;
    struct node *last;    /* what stands at the end of a whole rule */
    struct node *variant; /* what a variant of the rule adds; NULL: the rule is whole */
    bool uses_pallets, uses_gases, has_lifecycle, has_breakdown, has_validity, has_order;
    const struct list *reference_list;
    struct powers declared;
};

/* ---- names, scope (draw_names.c) ---- */
bool maker_chance(struct maker *m, uint32_t percent);
uint32_t maker_below(struct maker *m, uint32_t limit);
void maker_count(struct maker *m, enum construct construct);
struct name maker_name(struct maker *m, const char *first, const char *other); /* made unique; goes into `names` */
struct name maker_local(struct maker *m, const char *first);                   /* without another spelling */
void maker_enter(struct maker *m, struct node *node, struct type type, bool is_datum, uint32_t depth);
struct type type_number(struct powers kind);
struct type type_of(enum sort sort);
/* A drawn value of the type that may be named here; NULL where there is none. */
const struct entry *maker_find(struct maker *m, struct type type);
struct powers maker_kind(struct maker *m); /* one that is usual, or occurs here */
uint64_t type_mark(struct type type);

/* ---- expressions: values of a type, at most `depth` deep ---- */
struct node *draw_number(struct maker *m, struct powers kind, int depth); /* draw_numbers.c */
struct node *draw_leaf(struct maker *m, struct powers kind);
struct node *draw_literal(struct maker *m, struct powers kind);             /* may be lifted into the data */
struct node *draw_constant(struct maker *m, struct powers kind);            /* may not */
struct node *draw_positive(struct maker *m, struct powers kind, int depth); /* above zero but by chance */
struct node *draw_value(struct maker *m, struct type type, int depth);      /* draw_values.c */
struct node *draw_flag(struct maker *m, int depth);
struct node *draw_point(struct maker *m, int depth);
struct node *draw_year(struct maker *m, int depth);
struct node *draw_text(struct maker *m, int depth);
struct node *draw_member(struct maker *m, const struct choice *choice, int depth);
struct node *member_literal(struct maker *m, const struct choice *choice);
/* An aggregate that gives a number of the kind, or NULL (draw_rows.c). */
struct node *draw_aggregate(struct maker *m, struct powers kind, int depth);
struct node *draw_any(struct maker *m, int depth);
struct node *draw_look_up(struct maker *m, struct powers kind, int depth); /* of tables, factors, keyed lists */
struct node *draw_call(struct maker *m, struct powers kind, int depth);
/* A row of the list is visited from here on, until leave_row with the scope_count before: its name. */
struct node *enter_row(struct maker *m, const struct list *list);
void leave_row(struct maker *m, uint32_t scope);
/* The amount of a row of a linear list (draw_rows.c) times what a number of the kind needs; else any number. */
struct node *draw_term(struct maker *m, const struct list *list, struct node *row, struct powers kind, int depth);
/* An emission: an amount of CO2e whose gases and categories are kept (draw_flows.c). */
struct node *draw_flow(struct maker *m, int depth);

/* ---- declarations and data ---- */
void draw_module(struct maker *m);             /* draw_module.c: choices, tables, functions, units */
void draw_data(struct maker *m);               /* draw_data.c: fields and lists */
struct node *draw_stage_data(struct maker *m); /* a field of the product, declared in a stage, which may name it */
void enter_data(struct maker *m);              /* its fields may be named from here on */
void draw_rule(struct maker *m);               /* draw_rule.c: the rest */
struct node *draw_let(struct maker *m, int depth);
void draw_stages(struct maker *m);                          /* draw_stages.c */
struct node *draw_record(struct maker *m, uint32_t number); /* draw_record.c */
struct node *draw_factor_file(struct maker *m);             /* NULL where no factor needs one */

#endif
