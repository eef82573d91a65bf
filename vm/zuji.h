/* zuji.h: loading compiled rules and running them on activity data. The only public header of libzuji.

   Handles are opaque; every *_free(NULL) is fine. Strings are UTF-8, NUL-terminated, owned by the handle they came from and
   valid until it is freed (or, where said, until the next call). A rule is immutable and may be shared by threads; a factor set
   likewise once it is bound; a run belongs to one thread at a time. No function prints or exits, none keeps a
   caller's pointer after its return except where it says so, and none depends on the locale. Every call saves the
   floating-point environment, computes in the default one (round to nearest, no flush to zero, no traps), and restores
   it. Callbacks run in the default one, too, and what they change of it is undone.

   Amounts: emissions are in kgCO2e per declared amount of the rule (its declared or functional unit). `value` is a double;
   `reported` is the figure as the rule rounds it, a decimal string. */
#ifndef ZUJI_H
#define ZUJI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ZUJI_API __attribute__((visibility("default")))
#else
#define ZUJI_API
#endif

enum zuji_status {
    ZUJI_OK = 0,
    ZUJI_FINDINGS = 1,     /* the input was refused, or at least one product is in error; messages say why */
    ZUJI_USAGE = 2,        /* the call's arguments make no sense together */
    ZUJI_IO = 3,           /* a file could not be read or a callback returned an error */
    ZUJI_NO_MEMORY = 4,
    ZUJI_CANCELLED = 5
};

enum zuji_lang { ZUJI_EN = 0, ZUJI_ZH = 1 };
enum zuji_detail { ZUJI_TOTALS = 0, ZUJI_STAGES = 1, ZUJI_FULL = 2 };

struct zuji_rule;     /* a loaded, verified rule */
struct zuji_factors;  /* emission factors from CSV files and databases */
struct zuji_natives;  /* external functions that the host allows */
struct zuji_run;      /* a rule bound to factors, with its working memory */
struct zuji_result;   /* what came out for one product */
struct zuji_messages; /* messages, in order */

/* ---- version ---- */
/* "0.1.0"; *abi (may be NULL) gets the number that changes with incompatible versions of this header. */
ZUJI_API const char *zuji_version(unsigned *abi);

/* ---- messages ---- */
struct zuji_message {
    const char *code;        /* "E0603" */
    int severity;            /* 0 error, 1 warning, 2 lint, 3 note */
    const char *text[2];     /* by enum zuji_lang */
    const char *file;        /* "" where it is about no file */
    uint32_t line, column;   /* from 1; 0 where unknown */
    const char *product;     /* id of the product; "" where it is about none */
    const char *path;        /* field with rows from 1: "materials[3].mass"; or the rule's item: "electrolysis.pfc_cf4" */
    const char *clause;      /* clause of the standard; "" where none */
    const char *const *args; /* what the text is made of, for programs: the same in every language */
    size_t arg_count;
};
ZUJI_API size_t zuji_messages_count(const struct zuji_messages *messages); /* NULL: 0 */
ZUJI_API const struct zuji_message *zuji_messages_get(const struct zuji_messages *messages, size_t index);
ZUJI_API void zuji_messages_free(struct zuji_messages *messages);

/* ---- rules ---- */
/* Copies and verifies the bytes of a compiled rule (any bytes: they are refused, or the rule is safe to run).
   *messages (may be NULL) gets messages to be freed by the caller, NULL where there are none. On failure *rule is NULL. */
ZUJI_API enum zuji_status zuji_load(const void *bytes, size_t len, struct zuji_rule **rule, struct zuji_messages **messages);
ZUJI_API void zuji_rule_free(struct zuji_rule *rule); /* may be called while runs of it live: they keep it */
ZUJI_API const char *zuji_rule_name(const struct zuji_rule *rule);
ZUJI_API const char *zuji_rule_version(const struct zuji_rule *rule); /* "" where the rule says none */
/* When the rule is in force: the first and last day ("2025-05-01"), and the field of the data that must lie there; "" where it says
   none. The texts live as long as the rule. */
struct zuji_validity {
    const char *from, *to, *by;
};
ZUJI_API const struct zuji_validity *zuji_rule_validity(const struct zuji_rule *rule);
ZUJI_API const char *zuji_rule_hash(const struct zuji_rule *rule);    /* semantic hash: 64 hexadecimal digits */
ZUJI_API const char *zuji_rule_file_hash(const struct zuji_rule *rule); /* of the compiled file: 64 hexadecimal digits */
/* Title in the language, else in the other, else the name. */
ZUJI_API const char *zuji_rule_title(const struct zuji_rule *rule, enum zuji_lang lang);
/* "1 t of liquid aluminium …": the declared amount with its text. */
ZUJI_API const char *zuji_rule_declared(const struct zuji_rule *rule, enum zuji_lang lang);
/* 1: it has a result for each row of a list or table ("reference for each"; see zuji_result_row_count). */
ZUJI_API int zuji_rule_has_rows(const struct zuji_rule *rule);
/* 1: it says which of its rows are results (zuji_result_is_headline). */
ZUJI_API int zuji_rule_has_headlines(const struct zuji_rule *rule);
/* 1: it marks some of its figures as passed on (zuji_figure.mark). */
ZUJI_API int zuji_rule_has_marks(const struct zuji_rule *rule);
/* 1: some of its flows are in unit processes (zuji_result_processes). */
ZUJI_API int zuji_rule_has_processes(const struct zuji_rule *rule);
/* The external functions that the rule calls, from 0: name and signature (may be NULL) of each; NULL beyond the last. */
ZUJI_API const char *zuji_rule_native(const struct zuji_rule *rule, size_t index, const char **signature);
/* A readable listing of the compiled rule: header, data, axes, instructions with types and units, cost. To be freed with zuji_text_free. */
ZUJI_API char *zuji_rule_listing(const struct zuji_rule *rule);
ZUJI_API void zuji_text_free(char *text);
/* The cost polynomial: "460 + 90·materials", in units of one instruction on one row. */
ZUJI_API const char *zuji_rule_cost(const struct zuji_rule *rule);

/* ---- factors ---- */
ZUJI_API enum zuji_status zuji_factors_new(struct zuji_factors **factors);
/* Adds the rows of a CSV file, of a database (SPEC.md, "Factor files"), or of all *.csv of a folder, by name. Not after the
   set was bound. */
ZUJI_API enum zuji_status zuji_factors_add(struct zuji_factors *factors, const char *path, struct zuji_messages **messages);
/* Adds the rows of a CSV file with headers of its own, as the mapping, a JSON file, says (SPEC.md, "Mappings"). */
ZUJI_API enum zuji_status zuji_factors_add_mapped(struct zuji_factors *factors, const char *path, const char *mapping,
                                                  struct zuji_messages **messages);
/* What can be said of the rows without a rule: numbers, units, parts that do not add up, rows of the same keys, …
   ZUJI_FINDINGS: there are errors. */
ZUJI_API enum zuji_status zuji_factors_check(const struct zuji_factors *factors, struct zuji_messages **messages);
/* A SQLite database with all rows, as zuji_factors_add reads it; the same rows give the same bytes. *bytes is to be freed
   with zuji_text_free; NULL on failure. Call zuji_factors_check before: it is not checked again. */
ZUJI_API enum zuji_status zuji_factors_database(const struct zuji_factors *factors, char **bytes, size_t *len,
                                                struct zuji_messages **messages);
ZUJI_API void zuji_factors_free(struct zuji_factors *factors); /* runs keep what they need */

/* ---- external functions ---- */
/* What a rule declares as `external function enthalpy(p: MPa, t: K): kJ/kg` is, on the C side, with a column for each parameter,

       int enthalpy(void *user, size_t rows, const double *p, const double *t, double *result)

   It sets result[row] for every row, in the declared units, and returns 0. Where it has no value for a row it sets NaN: that product
   fails. A number other than 0 says that nothing was computed: the products are asked for again, each by itself, and those fail for which
   it is returned again. The same arguments must always give the same result; it may be called from the thread of any run, several
   times for one product. It keeps no pointer, and does not call this library. Arguments are rounded to 10 significant digits before
   the call, and results after it, by definition, so that every engine and machine agrees. A result is 0 or between 1e-60 and 1e60. */
typedef void (*zuji_native_fn)(void); /* the function, cast */
ZUJI_API enum zuji_status zuji_natives_new(struct zuji_natives **natives);
/* Allows rules to call the function under this name. signature: "(p: MPa, t: K): kJ/kg"; names of parameters may be left out; `number`
   is the plain unit. A rule that declares it otherwise is refused when it is bound (zuji_run_new). ZUJI_USAGE: the name is there already. */
ZUJI_API enum zuji_status zuji_natives_add(struct zuji_natives *natives, const char *name, const char *signature, zuji_native_fn function,
                                           void *user);
ZUJI_API void zuji_natives_free(struct zuji_natives *natives); /* runs keep what they need, but for `user` */

/* ---- running ---- */
struct zuji_options {
    int use_exact;           /* 1: the exact engine for every product */
    uint64_t cost_limit;     /* of one product; 0: 10^8 */
    const struct zuji_natives *natives; /* external functions that are allowed; NULL: none */
    const char *only_product; /* run only the record with this id; NULL: all. Kept until the run is freed */
};
/* Binds the rule to factors (NULL: none). Missing families without default, wrong units and the like are all listed at once.
   options may be NULL. */
ZUJI_API enum zuji_status zuji_run_new(const struct zuji_rule *rule, const struct zuji_factors *factors, const struct zuji_options *options,
                                       struct zuji_run **run, struct zuji_messages **messages);
ZUJI_API void zuji_run_free(struct zuji_run *run);

/* What the results of the run are results of, as a JSON object: the rule with its edition, status, hashes, declared amount, set of
   warming potentials and profiles, the version of the engine, the hash of the factor set. Lives as long as the run. */
ZUJI_API const char *zuji_run_json(const struct zuji_run *run, size_t *len);

/* Reads into buffer at most capacity bytes; returns their number, 0 at the end, negative for an error. */
typedef long (*zuji_read_fn)(void *user, char *buffer, size_t capacity);
/* Writes a double as the shortest decimal that reads as it, as a JSON number, NUL-terminated (at most 31 bytes); needs no locale. */
ZUJI_API void zuji_number_text(double value, char text[32]);

/* Called for each product in the order of the input. The result lives until the callback returns. Non-zero stops the run. */
typedef int (*zuji_result_fn)(void *user, const struct zuji_result *result);

/* JSON (one object, or an array of objects) or NDJSON, told apart by itself. `name` is the file's name for messages.
   Memory does not grow with the number of products. *messages gets what concerns the stream as a whole (a syntax error that ends it).
   ZUJI_FINDINGS where any product is in error. */
ZUJI_API enum zuji_status zuji_run_stream(struct zuji_run *run, const char *name, zuji_read_fn read, void *read_user, zuji_result_fn result,
                                          void *result_user, struct zuji_messages **messages);
/* A file (as above; "-" is standard input) or a folder of CSV files: one named after the rule or "products.csv", and one for each list. */
ZUJI_API enum zuji_status zuji_run_path(struct zuji_run *run, const char *path, zuji_result_fn result, void *result_user,
                                        struct zuji_messages **messages);
/* One record, a JSON object. *result lives until the next call on the run. */
ZUJI_API enum zuji_status zuji_run_record(struct zuji_run *run, const char *json, size_t len, const struct zuji_result **result);
/* How the decisions and figures of a product were made certain. The steps, each for what the ones before left open: doubles that are
   further apart than the bounds on their errors; the decimal grid, on which numbers made of decimals by + - * must lie; the exact engine
   on the parts of one decision or figure; the exact engine on the whole product. */
enum zuji_settled {
    ZUJI_BY_BOUNDS, ZUJI_BY_GRID, ZUJI_BY_PARTS, ZUJI_BY_PRODUCT,
    ZUJI_SETTLED_COUNT
};
/* What the bounds left open. */
enum zuji_doubt {
    ZUJI_DOUBT_COMPARISON,   /* two numbers that are compared are too near to each other */
    ZUJI_DOUBT_STEP,         /* a number is too near to a limit between steps of a table */
    ZUJI_DOUBT_ROW,          /* the largest or smallest of rows */
    ZUJI_DOUBT_ROUNDING,     /* a number that a formula rounds is next to a tie */
    ZUJI_DOUBT_FIGURE,       /* a figure is next to a tie in its last digit */
    ZUJI_DOUBT_PRECISION,    /* a value is lost among the errors of what it was computed from, or out of the range of doubles */
    ZUJI_DOUBT_FAILURE,      /* the product is in error: the exact engine says why */
    ZUJI_DOUBT_SIZE,         /* the product, or the rule, is too large for columns */
    ZUJI_DOUBT_COUNT
};
struct zuji_stats {
    uint64_t products;       /* whose records were read */
    uint64_t refused;        /* of these: their data were refused, nothing was computed */
    uint64_t settled[ZUJI_SETTLED_COUNT]; /* the others, each once: the last step that it took */
    uint64_t doubts[ZUJI_DOUBT_COUNT][ZUJI_SETTLED_COUNT]; /* products in which such a doubt was settled by that step */
};
/* Counts of all calls on the run so far. With `use_exact` all products are ZUJI_BY_PRODUCT, without a doubt. */
ZUJI_API void zuji_run_stats(const struct zuji_run *run, struct zuji_stats *stats);
ZUJI_API void zuji_run_cancel(struct zuji_run *run); /* from any thread, or from a signal handler: the run stops at the next chunk */

/* ---- results ---- */
/* Figures are rounded and notes worded when they are asked for, and kept: what is not asked for costs next to nothing. Where there is
   no memory for them the functions return NULL. */
enum zuji_state { ZUJI_DECLARED = 0, ZUJI_ZERO = 1, ZUJI_EXCLUDED = 2 }; /* of a phase: has stages; 0 by the rule; not declared, which is not 0 */
enum zuji_kind { ZUJI_EMISSION = 0, ZUJI_REMOVAL = 1, ZUJI_CREDIT = 2 }; /* of a flow; amounts of the latter two are negative */
struct zuji_figure {         /* an amount with what it is of */
    const char *name;        /* first spelling: stage "electrolysis", flow "pfc_cf4", category "fossil", gas "CF4", report */
    const char *stage;       /* of a flow, a process, and a cell of the matrix: its stage; else "" */
    const char *process;     /* of a flow: its unit process, "" where it is in none; else "" */
    const char *phase;       /* of a stage: its phase; else "" */
    const char *breakdown;   /* of a member of a breakdown: the breakdown; else "" */
    const char *breakdown_title[2];
    const char *gas;         /* of a cell of the matrix; else "" */
    const char *title[2];    /* by enum zuji_lang; "" where not given */
    const char *unit;        /* "kgCO2e/t", "kgCO2e/(100 mL)": per declared amount; of a report its own */
    const char *clause;      /* "" where none */
    const char *because[2];  /* why a phase is excluded or zero, why a credit is taken; "" where not said */
    int state;               /* of a phase: enum zuji_state */
    int kind;                /* of a flow: enum zuji_kind */
    int is_apart;            /* 1: shown, and not in the total */
    int is_given;            /* 0: absent (not carried out), which is not zero */
    double value;            /* per declared amount */
    const char *reported;    /* decimal string */
    const char *mark;        /* of a figure that the rule marks as passed on (GB/T 8170-2008, 3.3.2), how the size of the exact value
                                compares with that of `reported`: "+" it is larger, "-" smaller, "=" equal; "" of others */
    double share;            /* of the total, 0..1 where no part is negative; 0 for reports and where the total is 0 */
};
ZUJI_API const char *zuji_result_id(const struct zuji_result *result);
ZUJI_API const char *zuji_result_period(const struct zuji_result *result); /* year or date of the data, where the rule names the field; else "" */
ZUJI_API uint64_t zuji_result_number(const struct zuji_result *result);  /* record number in the input, from 1 */
/* A rule may have a result for each row of a list or table ("reference for each"). Such a product has several rows, each a result of its
   own with the functions of this section; what is given to a callback is the first of them. Where the rule has no rows, or the
   product is in error, there is one row: the result itself. Rows live as long as the result. */
ZUJI_API size_t zuji_result_row_count(const struct zuji_result *result);
ZUJI_API const struct zuji_result *zuji_result_row(const struct zuji_result *result, size_t index); /* from 0; NULL beyond the last */
ZUJI_API const char *zuji_result_row_name(const struct zuji_result *result); /* what the rule calls it, else its number; "" without rows */
ZUJI_API size_t zuji_result_row_number(const struct zuji_result *result);    /* from 1; 0 without rows */
/* 1: the row is a result; 0: it is there for comparison, where the rule marks its headlines ("reference for each … headline"). */
ZUJI_API int zuji_result_is_headline(const struct zuji_result *result);
ZUJI_API int zuji_result_is_ok(const struct zuji_result *result);        /* 0: in error; there are no figures */
ZUJI_API int zuji_result_is_exact(const struct zuji_result *result);     /* 1: computed by the exact engine */
ZUJI_API const struct zuji_figure *zuji_result_total(const struct zuji_result *result); /* NULL where in error */
/* The class into which the total falls, by the method of the rule (GB/T 8170): "full_value" compares the total as it is, "rounded" the
   total rounded to the places of the limit. */
struct zuji_grade {
    const char *class_name;       /* as the rule calls it; "" where the total falls into none */
    const char *title[2];         /* by enum zuji_lang; "" where not given */
    const char *clause;
    const char *method;           /* "full_value" or "rounded" */
    const char *limit;            /* decimal string, in the unit of the total; "" where the class has none */
    int is_below;                 /* 1: the limit itself is no longer in the class */
    const char *other_method, *other_class; /* what the other method says */
};
/* The same result with every figure computed exactly, once more, as the JSON of full detail has it: values are the nearest doubles, so
   that a phase of one stage is equal to it. Lives as long as the result, which it is itself where nothing is gained; NULL: no memory. */
ZUJI_API const struct zuji_result *zuji_result_full(const struct zuji_result *result);
ZUJI_API const struct zuji_grade *zuji_result_grade(const struct zuji_result *result); /* NULL where the rule has no classes, of rows that are no headline, or in error */
ZUJI_API const struct zuji_figure *zuji_result_stages(const struct zuji_result *result, size_t *count);
/* The unit processes of the stages, in the order of their flows: the sums of those. */
ZUJI_API const struct zuji_figure *zuji_result_processes(const struct zuji_result *result, size_t *count);
ZUJI_API const struct zuji_figure *zuji_result_flows(const struct zuji_result *result, size_t *count);
ZUJI_API const struct zuji_figure *zuji_result_categories(const struct zuji_result *result, size_t *count);
ZUJI_API const struct zuji_figure *zuji_result_gases(const struct zuji_result *result, size_t *count);
/* The phases of the life cycle with their states; a phase that is excluded has no amount. */
ZUJI_API const struct zuji_figure *zuji_result_phases(const struct zuji_result *result, size_t *count);
/* Members of breakdowns ("scope1"), breakdown by breakdown. */
ZUJI_API const struct zuji_figure *zuji_result_members(const struct zuji_result *result, size_t *count);
/* The matrix: one figure for each stage, category (its name) and gas that occur together; where `gas` is "", of all gases. */
ZUJI_API const struct zuji_figure *zuji_result_matrix(const struct zuji_result *result, size_t *count);
/* The totals with and without biogenic removals, the sums of removals and of credits; those that do not occur are absent. */
ZUJI_API const struct zuji_figure *zuji_result_sums(const struct zuji_result *result, size_t *count);
ZUJI_API const struct zuji_figure *zuji_result_reports(const struct zuji_result *result, size_t *count);
/* Messages of this product: errors where it failed, warnings and notes (defaults, factors taken by fallback) otherwise. Owned by the result. */
ZUJI_API const struct zuji_messages *zuji_result_messages(const struct zuji_result *result);
/* Of these the errors and warnings only; notes are not worded for it. */
ZUJI_API const struct zuji_messages *zuji_result_problems(const struct zuji_result *result);

/* ---- reasons ---- */
/* What the total rests on, and what was checked (SPEC.md, "Reasons"). Made when it is asked for, by computing the product
   once more in exact numbers; kept then. All texts live as long as the result. */
struct zuji_value {
    int is_number;
    double number;
    const char *unit;        /* "kgCO2e/kWh"; "1" of plain numbers; "" of what is no number */
    const char *text;        /* for people, with the unit: "0.5777 kgCO2e/kWh", "truck"; "" where there is no value */
};
enum zuji_ground_kind {
    ZUJI_DEFAULT,            /* a value that the rule took because a datum was not given */
    ZUJI_LIST_ABSENT,        /* a list that was not given, taken as empty */
    ZUJI_ESTIMATE,           /* data that call themselves estimated */
    ZUJI_FACTOR,             /* a factor, under one combination of keys */
    ZUJI_SUPPLIER,           /* a datum in place of a factor */
    ZUJI_CELL,               /* a cell of a table of the rule */
    ZUJI_CONSTANT,           /* an amount of CO2e in the text of the rule */
    ZUJI_EXTERNAL,           /* values that an external function gave */
    ZUJI_DATUM               /* a datum as it was given; in explanations only */
};
struct zuji_ground {
    enum zuji_ground_kind kind;
    const char *name;        /* field "materials.distance", factor family, table or table.column, item of the rule */
    const char *component;   /* of a split factor: the category; else "" */
    const char *title[2];    /* by enum zuji_lang; "" where not given */
    const char *const *keys; /* of factors and cells: "steel", "2024" */
    size_t key_count;
    const char *path;        /* of the datum or of the row, the first of several: "materials[2].distance" */
    uint32_t rows;           /* how many rows it stands for */
    struct zuji_value value; /* the first of several */
    const char *source, *licence, *uncertainty, *clause, *period; /* "" where not said */
    const char *id, *status; /* of factors: the row's own name; "measured", "published", "draft"; "" where not said */
    const char *region, *region_asked, *year, *year_asked;        /* of factors: what answered, what was asked for; "" where it has no such key */
    const char *replaces;    /* SUPPLIER: the family in whose place it stands; "" where none */
    double quality;          /* 1 (best) .. 5; 0: not said */
    int is_primary;
    double share;            /* of the terms that rest on it, in the size of all terms */
};
enum zuji_check_kind { ZUJI_REQUIRE, ZUJI_WARN, ZUJI_CUT_EACH, ZUJI_CUT_TOGETHER };
enum zuji_verdict { ZUJI_PASSED, ZUJI_FAILED, ZUJI_NOT_APPLICABLE, ZUJI_UNDECIDED };
struct zuji_comparison {     /* one of the conditions that a check joins by `and` */
    const char *expression;  /* as written; "" where not known */
    const char *path;        /* of several rows the first that does not hold, else the one nearest to the limit */
    const char *sign;        /* "<", "<=", ">", ">=", "==", "!=", "within"; "": neither has sides */
    struct zuji_value left, right, within;
    int holds;
};
struct zuji_check {
    enum zuji_check_kind kind;
    const char *text[2];     /* by enum zuji_lang: what is said where it fails */
    const char *clause;
    enum zuji_verdict verdict;
    uint32_t rows, failed;   /* judged; of them not kept */
    const struct zuji_comparison *parts;
    size_t part_count;
};
struct zuji_cut_row {
    const char *path, *reason;
    struct zuji_value amount;
    double share;
};
struct zuji_cutoff {
    const char *list, *by;   /* by: the expression as written */
    struct zuji_value whole, cut;
    double share;            /* of the rows that are cut off, in the whole */
    double limit_each, limit_together; /* negative: none */
    const struct zuji_cut_row *rows;
    size_t row_count;
};
struct zuji_share {          /* of one co-product */
    const char *name;        /* of a share by formula; else "" */
    const char *path;        /* of its row: "products[2]" */
    struct zuji_value key;
    double share;
    int is_ours;
};
struct zuji_allocation {     /* of a stage or process; amounts in kgCO2e, for all that the data cover, of the flows that it is about:
                                where it is among the rows of the rule, not of those that are a row's own */
    const char *stage, *process; /* process: "" where it is the whole stage */
    const char *by;          /* the key as written; "" for formulas */
    const char *because[2];  /* by enum zuji_lang */
    const char *clause;
    double whole, ours, others; /* before all allocations of these flows, after them, and the difference */
    const char *whole_text;  /* for people: "90 kgCO2e" */
    double residual;         /* what the shares lose or make: 0 */
    const struct zuji_share *shares;
    size_t share_count;
};
struct zuji_quality {        /* means, weighted by the size of the terms for which something is said; 0: nothing is */
    double value, data, factors;
    double covered;          /* share of the terms for which something is said */
};
struct zuji_reasons {
    int has_terms;           /* 0: nothing is emitted; the shares are 0 then and mean nothing */
    double primary, primary_data, primary_factors; /* shares of the terms, by size */
    struct zuji_quality quality;
    const struct zuji_ground *grounds; /* by kind, then from the largest share to the smallest */
    size_t ground_count;
    const struct zuji_check *checks;   /* in the order of the rule */
    size_t check_count;
    const struct zuji_cutoff *cutoffs;
    size_t cutoff_count;
    const struct zuji_allocation *allocations;
    size_t allocation_count;
};
/* Of a product in error only the checks. NULL where the data could not be read, the product is too costly, or there is no memory for it. */
ZUJI_API const struct zuji_reasons *zuji_result_reasons(const struct zuji_result *result);

/* ---- explanations ---- */
/* In their values per cent are hundredths: 6.5 % has the number 0.065, the unit "1", and the text "6.5 %"; other units have no % in
   them. So numbers may be calculated with as they are.

   How a figure came about, as a graph that reads as a tree: each node has a value, the formula it was computed by, and
   as parts the nodes that the formula names. A node that several formulas name is one node, and is met several times:
   whoever prints it keeps track of numbers. No node is a part of itself, at any distance. */
enum zuji_node_kind {
    ZUJI_NODE_TOTAL,         /* of the result: the sum of the stages; per declared amount, as stages and flows are */
    ZUJI_NODE_STAGE,         /* the sum of its flows */
    ZUJI_NODE_FLOW,          /* amounts / reference * declared amount */
    ZUJI_NODE_AMOUNT,        /* of a flow, in kgCO2e for all that the data cover, after allocation: one for each category and gas */
    ZUJI_NODE_ITEM,          /* a formula that the rule names: see zuji_item_kind */
    ZUJI_NODE_STEP,          /* a part of a formula too long to be shown as a whole */
    ZUJI_NODE_ROW,           /* what one row adds to a sum, or has in an extreme */
    ZUJI_NODE_REST,          /* the rows that are not shown: `rows` of them; its value is their sum */
    ZUJI_NODE_CONDITION,     /* what decided which operand was taken */
    ZUJI_NODE_PICKED,        /* a row that was picked or found: its value is the row's name; formula: the key */
    ZUJI_NODE_DATUM,         /* leaves, each with its ground; a default that was used has a formula */
    ZUJI_NODE_FACTOR,
    ZUJI_NODE_CELL,          /* of a table */
    ZUJI_NODE_CONSTANT,      /* an amount in the text of the rule */
    ZUJI_NODE_EXTERNAL       /* given by an external function; formula: its arguments */
};
enum zuji_item_kind {
    ZUJI_ITEM_NONE,          /* of nodes of other kinds */
    ZUJI_ITEM_FLOW,          /* a flow as written, of a row of its stage; or for all that the data cover: scaled, allocated */
    ZUJI_ITEM_LET,
    ZUJI_ITEM_REPORT,
    ZUJI_ITEM_FUNCTION,      /* one call of a function: its body */
    ZUJI_ITEM_ARGUMENT,      /* of such a call */
    ZUJI_ITEM_WHEN,          /* the condition of a stage, process, flow or check */
    ZUJI_ITEM_REFERENCE,     /* what the data cover */
    ZUJI_ITEM_SCALE,         /* by which a stage is scaled */
    ZUJI_ITEM_SHARE          /* our part of stages or processes, by allocation; written: as the share, or the whole declaration */
};
enum zuji_operation {        /* with its operands */
    ZUJI_OP_NUMBER,          /* none: the value itself, which is a constant of the formula (and may be no number) */
    ZUJI_OP_NODE,            /* none: the value of `node` */
    ZUJI_OP_ADD, ZUJI_OP_SUBTRACT, ZUJI_OP_MULTIPLY, ZUJI_OP_DIVIDE, /* two; dates and years: year - year is a number */
    ZUJI_OP_NEGATE, ZUJI_OP_ABSOLUTE, ZUJI_OP_SQRT, ZUJI_OP_EXP, ZUJI_OP_LN, /* one */
    ZUJI_OP_POWER,           /* two */
    ZUJI_OP_MIN, ZUJI_OP_MAX, /* two */
    ZUJI_OP_CONVERT,         /* one: operand * by, in another unit */
    ZUJI_OP_SHIFT,           /* one: operand * by + plus, a temperature in another unit */
    ZUJI_OP_ROUND,           /* one: to a multiple of `by`, by `mode` */
    ZUJI_OP_ROUND_SIGNIFICANT, /* one: to `by` significant digits, by `mode` */
    ZUJI_OP_LESS, ZUJI_OP_LESS_EQUAL, ZUJI_OP_EQUAL, /* two: conditions; EQUAL of anything */
    ZUJI_OP_AND, ZUJI_OP_OR, /* one or two: the second is left out where the first decides */
    ZUJI_OP_NOT,             /* one */
    ZUJI_OP_GIVEN,           /* none: is a datum given? The value says */
    ZUJI_OP_IF,              /* two: the condition (a node), and the operand that was taken, for true or for false */
    ZUJI_OP_SUM, ZUJI_OP_LEAST, ZUJI_OP_GREATEST, /* the rows that are shown, and the rest */
    ZUJI_OP_ANY,             /* all rows where all are shown; else the first on which it holds, or none: it holds on no row */
    ZUJI_OP_COUNT,           /* none: the number of rows, which is the value */
    ZUJI_OP_CALL             /* of an external function: its arguments */
};
struct zuji_explanation;
struct zuji_formula {
    enum zuji_operation operation;
    const struct zuji_formula *operands;
    size_t operand_count;
    const struct zuji_explanation *node; /* NODE; else NULL */
    const struct zuji_value *value;      /* what it gives. Of conditions ("true", "false"), years and dates (days from 1970-01-01)
                                            `number` is set, too, though it is none */
    double by, plus;         /* see the operations */
    uint32_t rows;           /* of SUM, LEAST, GREATEST, ANY, COUNT: all that count, shown or not */
    const char *by_text;     /* CONVERT: "× 1000 kg/t", "÷ 3.6 MJ/kWh"; ROUND: the step with its unit; else "" */
    const char *mode;        /* of rounding, as rules name it: "half_even"; else "" */
};
enum zuji_origin { ZUJI_ORIGIN_NONE, ZUJI_ORIGIN_PRIMARY, ZUJI_ORIGIN_SECONDARY, ZUJI_ORIGIN_MIXED };
struct zuji_explanation {
    uint32_t number;         /* from 1, in the order in which a reader meets them: a node, then its parts, each with its own */
    enum zuji_node_kind kind;
    enum zuji_item_kind item;
    const char *name;        /* "electrolysis", "electrolysis.pfc_cf4", "cf4", "materials[3].mass", "material(steel, 2024)" */
    const char *title[2];    /* by enum zuji_lang; "" where not given */
    const char *process, *process_title[2]; /* FLOW: the unit process that it is in; else "" */
    const char *doc;         /* the `///` lines of the declaration; in two languages: English, a line feed, Chinese; "" */
    const char *clause, *cite, *file; /* "" where not said */
    uint32_t line;           /* in the file; 0: not known */
    const char *written;     /* the formula as the rule has it, on one line; "" where nobody wrote it */
    const char *figures;     /* the same with values and units: "520 t × (1 − 2 %) × 3.66666666667… kg{CO2}/kg"; "" of leaves */
    struct zuji_value value; /* its text is exact, or ends in "…" */
    const struct zuji_formula *formula; /* NULL of leaves */
    const struct zuji_figure *figure;   /* TOTAL, STAGE, FLOW and reports: as reported; else NULL */
    const char *category, *gas; /* AMOUNT, and of items that come in several; else "" */
    int is_apart;            /* 1: shown, and not in the sum that it is a part of */
    const char *because[2];  /* SHARE: why, by enum zuji_lang; else "" */
    const struct zuji_ground *ground; /* of leaves: path, source, quality, period, keys, what was asked for; else NULL */
    enum zuji_origin origin; /* of the numbers that enter it by arithmetic: primary or secondary data and factors */
    double share;            /* ROW, REST: in the sum of the rows' sizes; STAGE and FLOW: of the total; else 0 */
    uint32_t rows;           /* REST: how many; else 0 */
    const struct zuji_explanation *const *parts; /* those that the formula names, in its order; then what decided */
    size_t part_count;
    const struct zuji_explanation *const *all; /* of the node that was asked for: itself and all below, by number (the first is 1) */
    size_t all_count;        /* of others 0 */
};
struct zuji_explain {
    const char *item;        /* NULL or "": the total; "electrolysis", "electrolysis.pfc_cf4"; or the name of a let, report, … */
    uint32_t rows;           /* most rows of one sum that are shown, the largest; 0: all, in the order of the data */
};
/* Explains a row of a result. It is computed once more in exact numbers. *explanation lives as long as the result.
   ZUJI_USAGE: the rule has no such item; ZUJI_FINDINGS: the product is in error, or the item has no value there (a stage that
   is not carried out has one: absent). */
ZUJI_API enum zuji_status zuji_result_explain(const struct zuji_result *result, const struct zuji_explain *wanted,
                                              const struct zuji_explanation **explanation);
/* What zuji_result_explain gave, as JSON (SPEC.md, "Explanations"): one object, one line, no newline. Lives as long as the result;
   NULL: no memory. */
ZUJI_API const char *zuji_explanation_json(const struct zuji_result *result, const struct zuji_explanation *explanation, size_t *len);
/* What can be asked for besides the total, from 0: "electrolysis", "electrolysis.pfc_cf4", "cf4"; NULL beyond the last. A name may
   come more than once. */
ZUJI_API const char *zuji_rule_item(const struct zuji_rule *rule, size_t index);

/* ---- sensitivity ---- */
/* How the total of a row answers to each number that it was computed from: to every datum that is a number, every default that was taken,
   every value of a factor under its keys, and every cell of a table (SPEC.md, "Sensitivity"). */
enum zuji_kink_kind {
    ZUJI_KINK_CONDITION,     /* both sides of a comparison are equal: a little more or less decides otherwise */
    ZUJI_KINK_STEP,          /* a number is on a limit between steps of a table */
    ZUJI_KINK_CHOICE,        /* both operands of min or max are equal */
    ZUJI_KINK_ROW,           /* the largest or smallest row is not the only one */
    ZUJI_KINK_ZERO,          /* abs, sqrt or a power of 0 */
    ZUJI_KINK_COUNT,         /* a number says how many rows there are */
    ZUJI_KINK_ROUNDING,      /* a number is rounded; its trend, as if it were not rounded, is followed */
    ZUJI_KINK_EXTERNAL       /* a number goes into an external function; what comes out is not followed further */
};
struct zuji_kink {
    enum zuji_kink_kind kind;
    const char *expression;  /* as written; "" where not known */
    const char *item;        /* of the rule: "making.heat", "let yield"; "" */
    const char *path;        /* of several rows the first; "" of the product */
    uint32_t rows;           /* how many rows */
};
struct zuji_influence {
    struct zuji_ground ground; /* DATUM, DEFAULT, FACTOR or CELL, with its value. Of a group: its name, and the first value */
    double derivative;       /* d total / d value: in the unit of the total per unit of the value. Of a group: the sum, all moving by one unit. At most
                                the largest double */
    double elasticity;       /* d total / total ÷ d value / value: per cent per cent; 0 where there is none. Of a group: the sum */
    int has_elasticity;      /* 0: the total is 0, or the value is a place on a scale, such as a temperature in °C */
    int is_at_kink;          /* 1: the derivative is another one on the other side */
    int is_rounded;          /* 1: the derivative is that of the trend */
    int is_partial;          /* 1: without what goes through external functions */
    uint32_t rows;           /* of a group: how many influences */
};
struct zuji_sensitivity {
    const struct zuji_figure *total;
    const struct zuji_influence *influences; /* the largest first, by the size of the elasticity; those without one behind */
    size_t influence_count;
    const struct zuji_influence *groups; /* all rows of a field, all keys of a factor, all cells of a column; likewise */
    size_t group_count;
    const struct zuji_kink *kinks;
    size_t kink_count;
};
/* Of a row of a result, computed once more in exact numbers. *sensitivity lives as long as the result. ZUJI_FINDINGS: the product is in
   error. */
ZUJI_API enum zuji_status zuji_result_sensitivity(const struct zuji_result *result, const struct zuji_sensitivity **sensitivity);
/* What zuji_result_sensitivity gave, as JSON (SPEC.md, "Sensitivity"): one object, one line, no newline. Lives as long as the result;
   NULL: no memory. */
ZUJI_API const char *zuji_sensitivity_json(const struct zuji_result *result, const struct zuji_sensitivity *sensitivity, size_t *len);

/* ---- samples ---- */
/* How uncertain the total of a row is, where data and factors say how uncertain they are (SPEC.md, "Samples"): the product is computed
   over and over with numbers that are drawn. The same samples and seed give the same numbers on every machine. Samples are computed in
   doubles, whose decisions are certain; their figures are not rounded, and not certain to the last digit. */
enum { ZUJI_SAMPLES_MAX = 1000000, ZUJI_QUANTILES = 7 };
struct zuji_monte_carlo {
    uint32_t samples;        /* 2 .. ZUJI_SAMPLES_MAX */
    uint64_t seed;
    uint32_t chunk;          /* so many are computed at once, at most 1024; 0: as it is best. Nothing else depends on it */
};
struct zuji_spread {         /* of a figure; per declared amount, in its unit */
    const struct zuji_figure *figure; /* with the data and factors as they are */
    uint32_t samples;        /* in which it has a value: those that have not failed, and of a stage those that carry it out */
    double mean;
    double deviation;        /* standard deviation, of a sample (divided by samples - 1) */
    double geometric_deviation; /* exp of the standard deviation of the logarithms; 0: some are not above zero */
    double quantiles[ZUJI_QUANTILES]; /* at 2.5, 5, 25, 50, 75, 95 and 97.5 %; interpolated */
};
struct zuji_contribution {   /* of one uncertain datum, or one row of a factor file, to the variance of the total */
    struct zuji_ground ground; /* DATUM or FACTOR; its `uncertainty` as written. Keys of a factor: as in the row */
    double deviation;        /* of what was drawn, in the unit of the value */
    double correlation;      /* Spearman's rank correlation with the total, -1 .. 1 */
    double by_rank;          /* its square, in the sum of these of all; 0 where that is 0 */
    double derivative;       /* d total / d value at the data as they are; 0 where it has no part in the total there */
    double by_slope;         /* (derivative * deviation)^2, in the sum of these of all; 0 where that is 0 */
};
struct zuji_uncertainty {
    uint32_t samples, failed; /* failed: of the samples those in error, which are left out */
    uint64_t seed;
    struct zuji_spread total;
    const struct zuji_spread *stages;
    size_t stage_count;
    const struct zuji_contribution *contributions; /* the largest by_rank first */
    size_t contribution_count;
    double linear;           /* sum of (derivative * deviation)^2 in the variance of the total: near 1 where it answers linearly */
    const struct zuji_messages *failures; /* of the first sample that failed; NULL: none has */
};
/* Of a row of a result. *uncertainty and its texts live as long as the result. Memory: 8 bytes for each sample, stage and row, of at most 128 MiB
   of rows at a time, and some 60 for each sample; kept until another product is sampled. ZUJI_USAGE: wanted is out of range. ZUJI_FINDINGS: the product is in error, nothing is uncertain, a factor's
   uncertainty is no distribution, or fewer than two samples are without error: *messages (may be NULL; free it) says which. */
ZUJI_API enum zuji_status zuji_result_uncertainty(const struct zuji_result *result, const struct zuji_monte_carlo *wanted,
                                                  const struct zuji_uncertainty **uncertainty, struct zuji_messages **messages);
/* What zuji_result_uncertainty gave, as JSON (SPEC.md, "Samples"): one object, one line, no newline. Lives as long as the result; NULL: no
   memory. */
ZUJI_API const char *zuji_uncertainty_json(const struct zuji_result *result, const struct zuji_uncertainty *uncertainty, size_t *len);

/* The entry of this row in `run --format json` (SPEC.md, "Results"), one line, no newline. Lives as long as the result. */
ZUJI_API const char *zuji_result_json(const struct zuji_result *result, enum zuji_detail detail, size_t *len);

#ifdef __cplusplus
}
#endif

#endif
