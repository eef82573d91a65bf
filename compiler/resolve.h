/* Names to declarations, for the files names.c and resolve*.c: scopes and the resolver that walks the tree.
   Everything lives in the arena of the compilation. Must not know of kinds. */
#ifndef ZUJI_COMPILER_RESOLVE_H
#define ZUJI_COMPILER_RESOLVE_H

#include "compiler/compile.h"

struct symbols { /* the declarations of one name space of one scope, by name */
    struct map index;
    struct decl **decls;
    size_t count, cap;
};

struct module_scope {
    struct module *module;
    struct symbols values, types;
};

enum local_kind { LOCAL_BINDER, LOCAL_PARAMS, LOCAL_ROW };
/* Names that hold inside one expression; innermost first. BINDER: the variable of a comprehension; PARAMS: of a
   function; ROW: the fields of the list in whose defaults and ranges we are. */
struct local {
    enum local_kind kind;
    struct name name;    /* BINDER */
    struct expr *binder; /* BINDER: the comprehension */
    struct decl *decl;   /* PARAMS: the function; ROW: the list field; BINDER: the declaration with the `for each`; NULL
                            of a comprehension */
    const struct local *outer;
};

struct resolver {
    struct checked *checked;
    struct arena *arena;
    struct diags *out;
    struct map known;          /* every name that is declared anywhere -> index into known_decls */
    struct decl **known_decls; /* its first declaration */
    size_t known_cap;
    struct module_scope *modules; /* as checked->modules */
    const struct module_scope *module;
    struct symbols rule_values, rule_types, ambiguous_types, unit_lists, stages, results, data_fields;
    struct symbols *stage_values;   /* of the stage we are in; NULL outside */
    struct symbols *process_values; /* of the process we are in; NULL outside */
    bool is_in_rule;
    bool may_name_results; /* in a report or a warning, which belong to the results */
    const struct local *locals;
    struct map doubtful; /* names whose declaration was refused: what they mean is not known, and was said */
    bool is_broken; /* a module has syntax errors: declarations may be missing, so unknown names are not reported */
};

/* ---- names.c: before anything is looked up ---- */
/* Collects `names` blocks and puts the first spelling everywhere; fills `known`. */
void resolve_spellings(struct resolver *resolver);
typedef void alias_visitor(struct resolver *resolver, const struct alias *alias);
void resolve_each_alias(struct resolver *resolver, alias_visitor *visit);
struct str resolve_canonical(const struct checked *checked, struct str name);

/* ---- row_types.c ---- */
/* Puts the fields of row types into the lists of them; behind resolve_spellings. */
void resolve_row_types(struct resolver *resolver);

/* ---- compose.c: `extends` ---- */
/* Puts the fields that a list has of its own behind those of its row type, or in the place of one that it says anew. */
void resolve_own_fields(struct resolver *resolver, struct decl **copies, struct decl *own, struct decl *list);
struct decl *resolve_base_of(const struct decl *rule); /* the rule of an imported file that it extends; or NULL */
/* Puts the rules that the rule extends into it; takes those of imported modules out of their trees. */
void resolve_bases(struct resolver *resolver);
/* compose_extend.c: `extend choice`, `extend table`. */
bool compose_is_extension(const struct decl *item);
/* Adds to `own`, a table of the base, or to the choice or table of this name in the files of the rule `base` and its
   bases; false where there is none. */
bool compose_extend(struct resolver *resolver, const struct decl *base, struct decl *own, struct decl *item);
/* Takes out of the rule what extends nothing, and says so; base: NULL where the rule extends no other. */
void compose_refuse_left(struct resolver *resolver, struct decl *rule, const struct decl *base);
/* Gives the imports of bases to the files of the variants; before row types. */
void resolve_imports_of_bases(struct resolver *resolver);

/* ---- scope.c ---- */
struct symbols symbols_in(struct arena *arena);
bool symbols_add(struct symbols *symbols, struct str name, struct decl *decl); /* false where the name is taken */
struct decl *symbols_find(const struct symbols *symbols, struct str name);
const struct module_scope *scope_of(const struct resolver *resolver, const struct module *module);
/* The value that the name means here, apart from locals; NULL where none. Reports where two imports declare it. */
struct decl *scope_value(struct resolver *resolver, struct name name);
struct decl *scope_type(struct resolver *resolver, struct str name);
const struct local *scope_local(const struct resolver *resolver, struct str name, uint32_t *index, struct decl **field);
struct decl *scope_stage(const struct resolver *resolver, struct str name);
struct decl *stage_find_flow(const struct decl *stage, struct str name);
/* The value that the name means in a module, outside its rule. */
struct decl *scope_module_value(struct resolver *resolver, const struct module_scope *scope, struct name name);
/* The first member of this name in any choice of the compilation. */
struct decl *scope_any_member(const struct resolver *resolver, struct str name);
struct decl *choice_find_member(const struct decl *choice, struct str name);

/* ---- scope_declare.c ---- */
/* Fills the scopes with the declarations of all modules and of the rule; reports duplicates and shadowing. */
void scope_declare_all(struct resolver *resolver);
/* Scopes of the lets and data of one stage or process, which must not shadow what is visible. */
void scope_declare_group(struct resolver *resolver, struct symbols *values, struct decl *items);
/* Reports where a name that is to be introduced is predefined or visible already. */
bool scope_may_introduce(struct resolver *resolver, struct name name);
/* Was a declaration of this name refused? Then nothing more is said about it. */
bool scope_is_doubtful(const struct resolver *resolver, struct str name);
void scope_check_siblings(struct resolver *resolver, struct decl *first); /* no two of one name */

/* ---- scope_unknown.c ---- */
void report_unknown_name(struct resolver *resolver, struct name name);
/* The name is declared in a module that is not imported here. */
void note_module(struct resolver *resolver, struct diag *diag, struct str name, const struct module *module);
/* Adds "did you mean" with a fix at the name, where a candidate is near. */
void suggest_nearest(struct resolver *resolver, struct diag *diag, struct name name, const struct str *candidates,
                     size_t count);

/* ---- resolve_types.c: types and units as written ---- */
void resolve_unit_decls(struct resolver *resolver);
void resolve_type_ref(struct resolver *resolver, struct type_ref *ref);
/* Of `list of Name`: reports where row_types.c found no row type of this name. */
void resolve_row_type(struct resolver *resolver, struct type_ref *list);
/* Behind resolve_type_ref, of a parameter: false (reported) where it is the name of a unit that rows have too. */
bool resolve_param_type(struct resolver *resolver, struct type_ref *ref);
void resolve_literal(struct resolver *resolver, struct expr *literal);
/* `0.1 kgCO2e/(t*km)`: reports a product that goes on with a unit in the signs of formulas. False: it does not. */
bool resolve_unit_slip(struct resolver *resolver, const struct expr *product);
/* The text of a unit with its tags in their first spelling. */
struct str resolve_tags(const struct checked *checked, struct str text);
bool type_is_predefined(struct str word);

/* ---- resolve_expr.c ---- */
void resolve_expr(struct resolver *resolver, struct expr *expr); /* NULL is fine */
/* Whose rows are walked: besides values the name of a choice, of which those are the members. */
void resolve_source(struct resolver *resolver, struct expr *source);

/* ---- resolve_decl.c: one declaration: its types, attributes and expressions ---- */
/* An override or extension to which the base (NULL: there is none) has nothing of this name. */
void resolve_refuse_extension(struct resolver *resolver, enum diag_code code, struct name name, const struct decl *base,
                              struct str kind);
void resolve_decls(struct resolver *resolver, struct decl *first);

/* ---- resolve_rows.c ---- */
/* Resolves the source of a `for each`; the row variable, for the caller to introduce. */
struct local resolve_rows(struct resolver *resolver, struct decl *decl);
void resolve_allocation(struct resolver *resolver, struct decl *allocate);
bool resolve_emitted(struct resolver *resolver, struct expr *call, enum predefined id); /* false: reported */

/* ---- resolve_attributes.c ---- */
void resolve_attributes(struct resolver *resolver, struct decl *decl);   /* refuses the misplaced */
struct str decl_kind_text(struct arena *arena, const struct decl *decl); /* what messages call the declaration */

/* ---- resolve_header.c ---- */
/* What a header says: `declared` and `functional` are two ways to say one thing. */
enum header_kind header_slot(const struct decl *header);
bool round_is_of_same(const struct decl *round, const struct decl *other); /* do both round the same results? */
/* The days of a validity; reports those that do not exist. */
void resolve_validity(struct resolver *resolver, struct validity *valid);
void resolve_headers(struct resolver *resolver, struct decl *rule);

/* ---- resolve_lifecycle.c ----
   A word becomes its first spelling, or is reported: then NULL. */
void resolve_rule_lifecycle(struct resolver *resolver, struct decl *rule); /* that of the rule, or iso_14067 */
struct decl *resolve_phase(struct resolver *resolver, struct name *phase);
void resolve_boundary(struct resolver *resolver, struct name *boundary);
void resolve_conformity(struct resolver *resolver, struct name *name);
/* A category, or a member of a breakdown, which is returned. */
struct decl *resolve_cut(struct resolver *resolver, struct name *name, bool *is_category);
void resolve_flow(struct resolver *resolver, struct decl *emit);    /* what it is counted as */
void resolve_split(struct resolver *resolver, struct decl *factor); /* its categories */
void resolve_lifecycle(struct resolver *resolver, struct decl *lifecycle);
void resolve_breakdown(struct resolver *resolver, struct decl *breakdown);
/* Reports a declaration whose name another one of its kind has that is visible here too. */
void refuse_second(struct resolver *resolver, const struct decl *decl);
/* Reports a name that stands before `item` already. */
void refuse_repeated(struct resolver *resolver, const struct name_list *first, const struct name_list *item);

/* ---- resolve_profile.c ---- */
void resolve_profile(struct resolver *resolver, struct decl *profile);

#endif
