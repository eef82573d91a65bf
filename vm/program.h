/* A compiled rule in memory: what the compiler makes, image.c writes and reads, verify.c checks and the engines run.
   All arrays live in one arena, the arena of whoever made the program (compiler or loader). Texts are UTF-8.
   Two pools: `texts` belong to the meaning and to the semantic hash; `labels` (titles, aliases, places, clauses) do not.
   Must not know of source trees, files or engines. */
#ifndef ZUJI_VM_PROGRAM_H
#define ZUJI_VM_PROGRAM_H

#include "base/rational.h"
#include "base/diag.h"
#include "base/unit.h"
#include "vm/limits.h"

#define NO_OPERAND UINT32_MAX
#define NO_INDEX UINT32_MAX /* "none" for every index of this header */

enum opcode {
#define OP(name, code, a, b, c, imm, mask, doc) OP_##name = code,
#include "vm/opcodes.def"
#undef OP
    OPCODE_END = 0x66
};
/* Operand c of ARGMAX and ARGMIN: which of equal rows is meant. */
enum tie { TIE_FIRST, TIE_LAST, TIE_FIRST_NOTED, TIE_COUNT };

struct instruction { /* the result is named by the instruction's number */
    uint16_t op;
    uint16_t axis; /* of the result */
    uint16_t unit; /* of the result, index into units; 0 (plain number of scale 1) where it is no number */
    uint16_t imm;
    uint32_t a, b, c;
    uint32_t mask; /* bool on the same axis or constant: where a failure counts, where a root is wanted; NO_OPERAND: everywhere */
};

enum { AXIS_ID_CONSTANT = 0, AXIS_ID_PRODUCT = 1 }; /* always axes[0] and axes[1] */
enum axis_kind { AXIS_CONSTANT, AXIS_PRODUCT, AXIS_LIST, AXIS_RANGE, AXIS_PAIR };
/* Members that a kind of axis does not use: NO_INDEX, NO_OPERAND, max 0. A list has at most one LIST axis (its parent is the product
   or the axis of the list around it); PAIR visits a LIST axis whose parent is around the pair's parent, or is it, or is what a pair
   there visits: then the rows are those inside the visited row. */
struct prog_axis {
    uint16_t kind;
    uint16_t parent;       /* product: the constant axis */
    uint32_t list;         /* LIST: field id of the list; PAIR: axis id of the list that is visited; RANGE: the table whose rows its
                              numbers, from 1, stand for; NO_INDEX: they are numbers */
    uint32_t first, last;  /* RANGE: instructions on the parent axis (or constant) with whole numbers, both included */
    uint32_t max;          /* RANGE: most rows inside one parent row, 1 .. LIMIT_RANGE */
};

enum value_type { VALUE_NUMBER, VALUE_BOOL, VALUE_MEMBER, VALUE_TEXT, VALUE_YEAR, VALUE_DATE, VALUE_ROW, VALUE_KEY };
struct value_shape { /* static type of a value; of an instruction, found by the verifier */
    uint8_t type;        /* enum value_type */
    uint8_t is_optional;
    uint16_t unit;       /* NUMBER: index into units */
    uint32_t of;         /* MEMBER: choice; ROW: axis id of a list, or table id + ROW_OF_TABLE; KEY: table * 4 + dimension */
};
#define ROW_OF_TABLE 0x10000u

/* Sorted by the bytes of their text, but for units[0]; no two have the same meaning or the same text, so units compare by index.
   The text is the same in every language of the rule (it is part of the hash) and means just this unit: with the units of units.def
   and unit_names it reads as it, or it has a scale in front as unit_text writes it (unit_is_spelt). */
struct prog_unit {
    struct kind kind;    /* generators index `generators` below */
    struct rat scale;    /* numerator and denominator fit 64 bits */
    bool is_point;
    struct rat offset;
    uint32_t text;       /* as the author wrote it, with the names of units.def (unit_spelling); else unit_text */
};
struct prog_generator {
    uint32_t name;       /* text; generators are sorted by name, bases before tags */
    bool is_tag;
};

struct prog_const {      /* sorted by type, then value; no two are equal */
    uint8_t type;        /* NUMBER, BOOL, MEMBER, TEXT, YEAR, DATE */
    uint32_t of;         /* MEMBER: choice */
    struct rat number;   /* NUMBER (any unit); others: BOOL 0/1, MEMBER index, YEAR, DATE as days from 1970-01-01 */
    uint32_t text;       /* TEXT */
};

struct prog_titles {     /* labels by language, NO_INDEX where not given */
    uint32_t label[2];
};
struct prog_aliases {    /* other spellings, as labels */
    uint32_t *labels;
    uint32_t count;
};

struct prog_unit_name {  /* a unit that the rule's modules declare, for reading data and unit texts; sorted by name */
    uint32_t name;
    uint32_t unit;
    struct prog_aliases aliases; /* in data only */
};

struct prog_member {
    uint32_t name, code; /* texts; code = name where it is not spelt otherwise in data */
    struct prog_titles titles;
    struct prog_aliases aliases;
};
struct prog_choice {
    uint32_t name;
    struct prog_member *members;
    uint32_t member_count;
};

enum prog_origin { PROG_ORIGIN_UNSAID, PROG_ORIGIN_PRIMARY, PROG_ORIGIN_SECONDARY };
struct prog_field {      /* parents before their fields; in the order of the rule */
    uint32_t name;
    uint32_t parent;     /* field id of the list it belongs to; NO_INDEX: of the product */
    uint8_t is_list;
    uint8_t type;        /* enum value_type of the datum (not for lists) */
    uint8_t is_optional; /* may be absent: declared optional, or has a default (then the program has an ELSE) */
    uint8_t has_default;
    uint8_t origin;      /* enum prog_origin */
    uint8_t has_cut;     /* list with a cutoff: a row may say "cut": "reason"; that is the list's text field named "cut" */
    uint32_t key;        /* of a list: the field of it whose datum no two rows (inside one parent row) share; NO_INDEX: none */
    uint32_t choice;     /* MEMBER */
    uint16_t unit;       /* NUMBER */
    uint32_t low, high;  /* constants in the unit of the field, both included; NO_INDEX: not bounded. Unsaid: low is 0 */
    struct prog_titles titles;
    struct prog_aliases aliases;
    uint32_t clause;     /* label */
};

struct prog_dimension {
    uint8_t type;        /* MEMBER, TEXT, YEAR, NUMBER (steps) */
    uint32_t choice;     /* MEMBER: its keys are all members in order, `keys` is empty and key code = member */
    uint16_t unit;       /* NUMBER */
    uint32_t *keys;      /* constants: texts or years, strictly ascending (by bytes, by number); steps: upper limits, ascending */
    uint8_t *is_below;   /* steps: 1: the limit itself belongs to the next step (`below`), 0: to this one (`up to`) */
    uint32_t key_count;
    bool has_otherwise;  /* one more key code, key_count, for everything else */
};
struct prog_column {
    uint32_t name;       /* text; of a single unnamed column the empty text */
    uint8_t type;
    uint8_t is_optional;
    uint32_t choice;
    uint16_t unit;
    uint32_t *cells;     /* constant of each row; NO_INDEX: not given */
};
struct prog_table {
    uint32_t name;
    struct prog_dimension dimensions[LIMIT_TABLE_DIMENSIONS];
    uint32_t dimension_count;
    uint32_t *rows;      /* for each combination of key codes (last dimension fastest): row number, NO_INDEX: a hole */
    uint32_t row_slots;  /* product of the dimensions' numbers of key codes */
    uint32_t row_count;
    struct prog_column *columns;
    uint32_t column_count;
    struct prog_titles titles;
    uint32_t cite, clause; /* labels */
};

enum prog_factor_key { FACTOR_KEY_TEXT, FACTOR_KEY_MEMBER, FACTOR_KEY_YEAR, FACTOR_KEY_REGION };
struct prog_factor {
    uint32_t name;
    uint32_t component;  /* text: the category whose column of a split factor this is; NO_INDEX: the whole value */
    struct { uint8_t type; uint32_t choice; uint32_t name; } keys[LIMIT_FACTOR_KEYS]; /* type: enum prog_factor_key */
    uint32_t key_count;
    uint16_t unit;
    uint32_t fallback;   /* constant in `unit`: the default; NO_INDEX: none */
    struct prog_titles titles;
    struct prog_aliases aliases;
    uint32_t cite, clause; /* labels */
};

/* A *row axis* is the product axis, or the axis of the rule's rows (prog_rule.row_axis); "on a row axis" means on either, or constant. */

enum prog_phase_state { PHASE_DECLARED, PHASE_ZERO, PHASE_EXCLUDED }; /* has stages; counted as 0; not declared, which is not 0 */
struct prog_phase {        /* in the order of the life cycle: those of the boundary, and of the others those that have stages */
    uint32_t name;         /* text */
    uint8_t state;         /* enum prog_phase_state */
    bool is_apart;         /* shown, never summed */
    struct prog_titles titles, because; /* because: of ZERO and EXCLUDED */
    uint32_t clause;       /* label */
};
struct prog_category {     /* of emissions: "fossil", "biogenic", "biogenic_removal", "land_use_change", "aircraft"; their titles are the language's */
    uint32_t name;         /* text */
    bool is_apart;
};
struct prog_breakdown_member {
    uint32_t name;         /* text */
    bool is_apart;
    struct prog_titles titles;
};
struct prog_breakdown {    /* one more cut of the same total */
    uint32_t name;         /* text */
    struct prog_breakdown_member *members;
    uint32_t member_count;
    struct prog_titles titles;
};

enum { NATIVE_DIGITS = 10 }; /* significant digits of what an external function is given and gives, by definition */
struct prog_native {       /* an external function, which the host has to allow; numbers only */
    uint32_t name;         /* text */
    uint16_t unit;         /* of the result; no point */
    uint16_t params[LIMIT_NATIVE_PARAMS]; /* units; no points */
    uint32_t param_count;  /* 1 .. LIMIT_NATIVE_PARAMS */
    struct prog_titles titles;
    uint32_t cite, clause; /* labels */
};

struct prog_stage {
    uint32_t name;         /* text */
    uint32_t phase;        /* index; NO_INDEX: none */
    uint32_t when;         /* bool instruction on a row axis: is the stage carried out? NO_OPERAND: always */
    struct prog_titles titles;
    uint32_t clause;       /* label */
};
enum prog_flow_kind { FLOW_EMISSION, FLOW_REMOVAL, FLOW_CREDIT }; /* emit, remove, avoid; amounts of the latter two are negative */
struct prog_flow_member {
    uint16_t breakdown, member; /* indexes; ascending by breakdown, one of each */
};
struct prog_flow {
    uint32_t stage;
    uint32_t name;         /* text */
    uint32_t process;      /* text; NO_INDEX where it is not in a process */
    uint8_t kind;          /* enum prog_flow_kind */
    struct prog_flow_member *members;
    uint32_t member_count;
    struct prog_titles titles, because; /* because: of a credit */
    struct prog_titles process_titles;
    uint32_t clause;       /* label */
};
struct prog_part {         /* a flow's share of one category and gas; a flow has one or more, next to each other */
    uint32_t flow;
    uint32_t category;     /* index */
    uint32_t gas;          /* text: "CO2", "CF4"; NO_INDEX: given in CO2e */
};

/* What a stage or process has in common with others, and the part of it that is ours. The flows carry that part already (EMIT), and what
   they are a part of (INVENTORY); this says how it was found. It is about all flows of the stage or process; one whose rows are the
   rule's own is not about those that belong to a row already (INVENTORY on row_axis). Its instructions need no other users. */
struct prog_allocation_share {
    uint32_t name;         /* text */
    uint32_t value;        /* plain number instruction on `axis` or constant */
};
struct prog_allocation {
    uint32_t stage;
    uint32_t process;      /* text; NO_INDEX: the whole stage */
    uint16_t axis;         /* by key: whose rows share, those in a row of its parent with each other; by formulas: of the rows that have
                              shares of their own, or the product axis */
    uint32_t key;          /* number instruction on `axis` or constant; NO_OPERAND: by formulas (shares) */
    uint32_t taken;        /* by key: bool instruction on `axis` or constant: is the row ours? NO_OPERAND: each row is the rule's row of
                              its own (axis = row_axis, of a list). By formulas: number of the share that is ours */
    uint32_t share;        /* plain number instruction: how much is ours; on `axis` (own rows, formulas), its parent (taken), or constant */
    struct prog_allocation_share *shares; /* by formulas: two or more; they add up to one */
    uint32_t share_count;
    struct prog_titles because;
    uint32_t clause;       /* label */
};

/* How a figure is reported: GB/T 8170 has intervals of one in a place, and of half and a fifth of it. */
enum prog_rounding { PROG_ROUND_SIGNIFICANT, PROG_ROUND_DECIMALS, PROG_ROUND_HALVES, PROG_ROUND_FIFTHS, PROG_ROUND_COUNT };
enum { ROUND_DIGITS_MAX = 15 };
struct prog_round {
    uint8_t how;           /* enum prog_rounding */
    uint8_t mode;          /* enum rounding */
    int16_t digits;        /* significant 1..15; else n = -15..15: to multiples of 10^-n, of its half, of its fifth */
    bool is_marked;        /* it is passed on: whether it was rounded up or down is reported, too */
};
#define PROG_ROUND_UNSAID ((struct prog_round){PROG_ROUND_SIGNIFICANT, ROUND_HALF_EVEN, 6, false})
/* Into how many intervals 10^-n is divided, and what they are; not of significant digits. */
static inline int program_round_parts(unsigned how)
{
    return how == PROG_ROUND_HALVES ? 2 : how == PROG_ROUND_FIFTHS ? 5 : 1;
}
static inline struct rat program_round_interval(struct arena *arena, const struct prog_round *round)
{
    return rat_div(arena, rat_pow(arena, rat_int(10), -round->digits), rat_int(program_round_parts(round->how)));
}
struct prog_output {       /* a report */
    uint32_t name;
    uint16_t unit;
    struct prog_round round;
    struct prog_titles titles;
    uint32_t clause;
};
enum prog_requirement_kind { REQUIREMENT_SAID, REQUIREMENT_CUT_EACH, REQUIREMENT_CUT_TOGETHER }; /* cut-off: of a row, of all rows that are cut */
struct prog_requirement {  /* of REQUIRE and WARN */
    uint8_t kind;          /* enum prog_requirement_kind */
    struct prog_titles text;
    uint32_t clause;
};
/* The classes of a rule, in its order: the first whose limit is kept. Two JUDGE say for each class with a limit whether it is:
   comparing the full value, and the value rounded to the places of the limit (GB/T 8170). */
struct prog_grade {
    uint32_t name;         /* text: the class, "A"; its English text where there is one */
    uint32_t limit;        /* number instruction in total_unit on a row axis; NO_OPERAND: `otherwise`, the last one */
    bool is_below;         /* the limit itself is no longer in the class */
    struct prog_titles titles;
    uint32_t clause;       /* label */
};

struct prog_site {         /* where an instruction comes from; not part of the meaning */
    uint32_t file;         /* label: path relative to the rule's folder, or the module's name */
    uint32_t line, column; /* from 1, code points; 0: unknown */
    uint32_t path;         /* label: named item, "electrolysis.pfc_cf4" or "let m_fabric"; NO_INDEX */
    uint32_t clause;       /* label; NO_INDEX */
    uint32_t text;         /* label: the expression as written, at most 200 bytes; NO_INDEX */
};

/* A place where the rule says a constant that holds CO2e: equal ones are one instruction, made where the first was found. Like places,
   not part of the meaning; sorted by instruction. */
struct prog_naming {
    uint32_t instruction;  /* CONST */
    uint32_t path;         /* label: named item; NO_INDEX */
    uint32_t clause, cite; /* labels */
};

/* A formula that the rule names: what explanations are made of. Not part of the meaning. */
enum prog_item_kind {
    ITEM_AMOUNT,           /* of a flow for the whole data set: scaled, summed over rows, allocated; nobody wrote it */
    ITEM_FLOW,             /* as written, in a row of its stage */
    ITEM_LET,
    ITEM_REPORT,
    ITEM_FUNCTION,         /* one call of a function: its body */
    ITEM_ARGUMENT,         /* of such a call */
    ITEM_WHEN,             /* the condition of a stage, process, flow or check */
    ITEM_REFERENCE,
    ITEM_SCALE,            /* of a stage */
    ITEM_SHARE,            /* what an allocation leaves us */
    ITEM_KIND_COUNT
};
struct prog_item_value {   /* an emission has one for each category and gas */
    uint32_t instruction;
    uint32_t category, gas; /* labels; NO_INDEX: not said */
};
struct prog_item {         /* after those that it uses */
    uint8_t kind;          /* enum prog_item_kind */
    uint32_t name;         /* label: "electrolysis.pfc_cf4", "cf4" */
    struct prog_item_value *values; /* what of it is computed; none where it became part of a constant or nothing needs it */
    uint32_t value_count;
    uint32_t constant;     /* label: its value with the unit where it is a constant; NO_INDEX */
    uint32_t *uses;        /* items that its formula mentions, ascending */
    uint32_t use_count;
    struct prog_titles titles;
    uint32_t text;         /* label: the formula as written, whole, on one line */
    uint32_t doc, cite, clause; /* labels */
    uint32_t file, line;   /* as of sites */
};

struct prog_rule {
    uint32_t name, version, status, gwp, judge, lifecycle, boundary; /* texts; NO_INDEX where not said */
    uint32_t *conforms;    /* texts */
    uint32_t conforms_count;
    struct prog_titles titles;
    bool is_functional;    /* functional unit rather than declared unit */
    uint32_t declared;     /* constant: the declared amount */
    uint16_t declared_unit;
    struct prog_titles declared_titles;
    uint16_t row_axis;     /* one result for each of its rows: AXIS_ID_PRODUCT (one result), or an axis inside it: of a list, or a range
                              with constant bounds (the rows of a table). A part on the product axis counts whole in every row */
    uint32_t row_name;     /* text, number, member or year instruction on row_axis or constant: what the row is called in results;
                              NO_OPERAND: its number */
    uint32_t headline;     /* bool instruction on row_axis: is the row a result, rather than one for comparison? NO_OPERAND: all are */
    uint32_t reference;    /* number instruction on a row axis, in the declared unit; what the data cover */
    struct prog_site reference_site; /* of `reference`, whose instruction others may share */
    uint16_t total_unit;   /* kgCO2e per declared unit, for printing: value is per declared amount */
    struct prog_round round; /* of the total, categories, gases and breakdowns */
    struct prog_round stage_round, flow_round; /* of stages and phases; of flows, and of the matrix of stages and categories */
    int32_t valid_from, valid_to; /* days from 1970-01-01, both included; INT32_MIN, INT32_MAX: no end */
    uint32_t period_field; /* year or date of the product that must lie in them; NO_INDEX: none */
};

struct program {
    struct str *texts;     uint32_t text_count;   /* sorted by bytes, unique */
    struct str *labels;    uint32_t label_count;  /* sorted, unique */
    struct prog_generator *generators; uint32_t generator_count;
    struct prog_unit *units; uint32_t unit_count; /* units[0] is the plain number of scale 1 */
    struct prog_unit_name *unit_names; uint32_t unit_name_count;
    struct prog_const *constants; uint32_t constant_count;
    struct prog_choice *choices; uint32_t choice_count;
    struct prog_field *fields; uint32_t field_count;
    struct prog_table *tables; uint32_t table_count;
    struct prog_factor *factors; uint32_t factor_count;
    struct prog_native *natives; uint32_t native_count;
    struct prog_axis *axes; uint32_t axis_count;
    struct instruction *code; uint32_t code_count;
    struct prog_site *sites;                       /* one for each instruction */
    struct prog_naming *namings; uint32_t naming_count;
    struct prog_phase *phases; uint32_t phase_count;
    struct prog_category *categories; uint32_t category_count;
    struct prog_breakdown *breakdowns; uint32_t breakdown_count;
    struct prog_stage *stages; uint32_t stage_count;
    struct prog_flow *flows; uint32_t flow_count;
    struct prog_part *parts; uint32_t part_count;
    struct prog_allocation *allocations; uint32_t allocation_count;
    struct prog_output *outputs; uint32_t output_count;
    struct prog_grade *grades; uint32_t grade_count;
    struct prog_requirement *requirements; uint32_t requirement_count;
    struct prog_item *items; uint32_t item_count;
    struct prog_rule rule;
    char hash[65];         /* semantic hash: SHA-256 of the semantic sections; set by image_write and image_read */
};

/* ---- axes ---- */
/* The pair axis at or around `axis` whose visited rows lie on the axis `of` or in its rows; AXIS_ID_CONSTANT where there is none, or
   where `of` is `axis` or around it, so that nothing needs to be visited. */
uint16_t program_visiting_axis(const struct program *program, uint16_t axis, uint16_t of);

/* ---- tables ---- */
/* The codes of the first combination of keys that has the row (from 0), one for each dimension; false where none has. */
bool program_row_codes(const struct program *program, uint32_t table, uint32_t row, uint32_t *codes);
/* `moisture[softwood, dry]`, `load[2]` where a key has no name of its own. */
struct str program_row_text(struct arena *arena, const struct program *program, uint32_t table, uint32_t row);
/* Does each row of `axis` belong to a row of `of`, which lies around it or is visited? */
bool program_axis_sees(const struct program *program, uint16_t axis, uint16_t of);

/* ---- what results read though it is no root: it must be there, and its values must be kept until a product is done ---- */
enum kept {
    KEPT_FOR_RESULTS, /* the reference, names of rows, conditions of stages, limits of classes */
    KEPT_FOR_DETAIL   /* keys and shares of allocations: looked at in full results only */
};
typedef void kept_visitor(void *context, uint32_t instruction);
void program_visit_kept(const struct program *program, enum kept kept, kept_visitor *visit, void *context);

/* ---- the file (image.c) ---- */
/* The one byte form of a program. False (with a message) where a limit is passed or an index is out of range. Sets program->hash.
   Sorts the pools in place: texts, labels, generators, units, unit names and constants may come in any order and with repetitions or
   entries that nothing uses (units[0] is the plain number); their indexes change everywhere in the program. */
bool image_write(struct arena *arena, struct program *program, struct str *bytes, struct diags *out);
/* Reads any bytes: a program whose indexes are in range and whose counts are within limits, or NULL with messages; says nothing yet
   about its types (verify). Copies what it keeps. */
struct program *image_read(struct arena *arena, struct str bytes, struct diags *out);

#endif
