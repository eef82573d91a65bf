/* The grammar of Zuji. Every action is one call of a constructor (compiler/ast_make.h); what needs context is parsed
   generously and refused by resolve. compiler/parse.c feeds the tokens and steers recovery: after every syntax error it
   skips to a place where the innermost open bracket can go on and sends "resume" there. */
%require "3.8"
%define api.pure full
%define api.push-pull push
%define api.prefix {zuji_yy}
%define api.token.prefix {TOK_}
%define api.token.raw
%define api.value.type union
%define api.location.type {struct span}
%define parse.error custom
%define parse.lac full
%locations
%header
%expect 0
%param {struct parser *p}

%code requires {
#include "compiler/ast_make.h"
}

%code {
#include "compiler/syntax_error.h"

/* Nesting is bounded by the parser's brackets and by the depth of expressions (AST_DEPTH_MAX) long before this. */
#define YYMAXDEPTH 4000
#define YYINITDEPTH 200
#define YYLLOC_DEFAULT(current, rhs, n)                                                                                \
    ((current) = (n) > 0 ? span_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, n)) : span_after(YYRHSLOC(rhs, 0)))

static struct span span_after(struct span at)
{
    return (struct span){at.file, at.off + at.len, 0};
}

static void zuji_yyerror(const struct span *at, struct parser *p, const char *text);
}

%token <struct str> NAME TEXT DATE TAG SUPERSCRIPT UNIT_SIGN
%token <struct number *> NUMBER
%token LEFT_PAREN "(" RIGHT_PAREN ")" LEFT_BRACE "{" RIGHT_BRACE "}"
%token COMMA "," SEMICOLON ";" COLON ":" DOT "." DOT_DOT ".." ASSIGN "=" MAPS_TO "=>" ARROW "->" MIDDLE_DOT "·"
%token PLUS "+" MINUS "-" STAR "*" SLASH "/" CARET "^"
%token EQUAL "==" NOT_EQUAL "!=" LESS "<" LESS_EQUAL "<=" GREATER ">" GREATER_EQUAL ">="
%token IMPORT "import" CHOICE "choice" ROW "row" TABLE "table" FUNCTION "function" EXTERNAL_FUNCTION "external function"
%token LET "let" UNIT "unit" FACTOR "factor"
%token NAMES "names" RULE "rule" BREAKDOWN "breakdown" PROFILE "profile" PHASE "phase" DEMAND "demand"
%token EXTENDS "extends" OPEN "open" OVERRIDE "override" EXTEND "extend"
%token VERSION "version" STATUS "status" CONFORMS "conforms" GWP "gwp" JUDGE "judge" LIFECYCLE "lifecycle"
%token DECLARED "declared" FUNCTIONAL "functional" BOUNDARY "boundary" EXCLUDE "exclude" ZERO "zero" APART "apart"
%token VALID "valid" /* the line of a rule */ VALIDITY /* the attribute: parse_words.c tells them apart by their place */
%token DATA "data" REFERENCE "reference" STAGE "stage" PROCESS "process" EMIT "emit" REMOVE "remove" AVOID "avoid"
%token REQUIRE "require" WARN "warn"
%token CUTOFF "cutoff" ROUND "round" REPORT "report" GRADE "grade" EXAMPLE "example" EXPECT "expect"
%token PRIMARY "primary" SECONDARY "secondary" OPTIONAL "optional" SYMMETRIC "symmetric" RANGE "range"
%token ALLOCATE "allocate"
%token COLUMN "column" CITE "cite" CLAUSE "clause" FROM "from" BECAUSE "because" WHEN "when" ALLOW "allow" ZH "zh" EN "en"
%token FOR_EACH "for each" SCALED_BY "scaled by" HEADLINE "headline" TAKE "take"
%token LIST_OF "list of" KEY "key" AS "as" SPLIT "split" OTHERWISE "otherwise" UP_TO "up to" BELOW "below" TO "to" BY "by"
%token EACH "each" TOGETHER "together" SIGNIFICANT "significant" DECIMALS "decimals"
%token MULTIPLES_OF "multiples of"
%token IN "in" WHERE "where" IF "if" THEN "then" ELSE "else" MATCH "match" DEFAULT "default" IS_GIVEN "is given"
%token AND "and" OR "or" NOT "not" WITHIN "within"
%token RESUME "resume" /* never in a text: parse.c sends it where parsing goes on after an error */

%type <struct decl *> row_type extension external module_item rule_item group_item stage_item import choice member table column param function let
%type <struct decl *> unit factor names rule header data field reference stage process emit check cutoff round report
%type <struct decl *> example example_items allocation share grade class
%type <struct decl *> lifecycle phase boundary breakdown breakdown_member profile demand
%type <struct demand_limits> demand_limits
%type <enum emit_kind> flow_word
%type <struct decls> members columns params params_opt param_list rule_items stage_items process_items fields keys_opt
%type <struct decls> result shares classes share_block lifecycle_items breakdown_members demands
%type <struct targets> targets targets_opt
%type <struct attrs *> attrs texts
%type <struct wording> wording
%type <struct validity> period
%type <struct table_rows> table_body rows
%type <struct table_row *> row
%type <struct patterns> pattern_list
%type <struct pattern *> pattern
%type <struct cells> cells
%type <struct cell *> cell
%type <struct aliases> aliases
%type <struct name_lists> name_list path type_path demand_names
%type <struct name> name round_target
%type <struct round_words> round_words
%type <struct type_ref *> type type_opt field_type
%type <struct expr *> expr logic conjunction negation comparison operand fallback arithmetic power exponent postfix
%type <struct expr *> primary call literal within_opt where_opt source number text_value
%type <struct args> args arg_list
%type <struct arg *> arg
%type <struct arms> arms
%type <struct arm *> arm
%type <enum binary_op> equality order

%left "+" "-"
%left "*" "/"

%%

/* --- modules ------------------------------------------------------------------------------------------------- */

module:
  %empty
| module module_item[item]           { make_module_item(p, $item); }
| module semicolon
| module error "resume"              { make_module_item(p, make_error_decl(p, @2)); yyerrok; }
;

module_item: import | choice | row_type | table | function | external | let | unit | factor | names | rule | lifecycle | breakdown
| profile | example;

import:
  "import" path                      { $$ = make_import(p, @$, $path); }
;

path:
  name                               { $$ = make_name_list(p, $name); }
| path "." name                      { $$ = add_name(p, $1, $name); }
;

name:
  NAME                               { $$ = make_name(@$, $NAME); }
;

name_list:
  name                               { $$ = make_name_list(p, $name); }
| name_list "," name                 { $$ = add_name(p, $1, $name); }
;

/* --- attributes: in any order; resolve refuses the misplaced -------------------------------------------------- */

attrs:
  %empty                             { $$ = make_attrs(p); }
| attrs wording                      { $$ = attrs_text(p, $1, &$wording); }
| attrs "cite" TEXT                  { $$ = attrs_cite(p, $1, span_join(@2, @3), $TEXT); }
| attrs "clause" TEXT                { $$ = attrs_clause(p, $1, span_join(@2, @3), $TEXT); }
| attrs "column" TEXT                { $$ = attrs_column(p, $1, span_join(@2, @3), $TEXT); }
| attrs "from" TEXT                  { $$ = attrs_from(p, $1, span_join(@2, @3), $TEXT); }
| attrs "because" wording            { $$ = attrs_because(p, $1, span_join(@2, @3), &$wording); }
| attrs "allow" name wording          { $$ = attrs_allow(p, $1, $name, &$wording); }
| attrs "when" expr                  { $$ = attrs_when(p, $1, span_join(@2, @3), $expr); }
| attrs "for each" name "in" source  { $$ = attrs_rows(p, $1, span_join(@2, @source), $name, $source); }
| attrs "scaled by" expr             { $$ = attrs_scale(p, $1, span_join(@2, @expr), $expr); }
| attrs "range" arithmetic[first] ".." arithmetic[last]
                                     { $$ = attrs_range(p, $1, span_join(@2, @last), $first, $last); }
| attrs "primary"                    { $$ = attrs_origin(p, $1, @2, ORIGIN_PRIMARY); }
| attrs "secondary"                  { $$ = attrs_origin(p, $1, @2, ORIGIN_SECONDARY); }
| attrs "key" name                   { $$ = attrs_key(p, $1, span_join(@2, @3), $name); }
| attrs "optional"                   { $$ = attrs_optional(p, $1, @2); }
| attrs "symmetric"                  { $$ = attrs_symmetric(p, $1, @2); }
| attrs VALIDITY period[valid]       { $$ = attrs_validity(p, $1, span_join(@2, @valid), $valid); }
;

period:
  DATE[first] ".." DATE[last]        { $$ = make_period($first, $last); }
| DATE[first] ".."                   { $$ = make_period($first, (struct str){0}); }
| ".." DATE[last]                    { $$ = make_period((struct str){0}, $last); }
;

/* A text for people, in one language; in a row they are the texts of one thing. */
wording:
  TEXT                               { $$ = make_wording(@TEXT, $TEXT, p->lang); }
| "zh" TEXT                          { $$ = make_wording(@TEXT, $TEXT, LANG_ZH); }
| "en" TEXT                          { $$ = make_wording(@TEXT, $TEXT, LANG_EN); }
;

texts:
  wording                            { $$ = attrs_text(p, make_attrs(p), &$wording); }
| texts wording                      { $$ = attrs_text(p, $1, &$wording); }
;

/* --- types ----------------------------------------------------------------------------------------------------- */

type:
  units                              { $$ = make_unit_type(p, @$); }
| type_path                          { $$ = make_path_type(p, @$, $type_path); }
| "list of" "{" fields "}"           { $$ = make_list_type(p, @$, (struct name){0}, $fields); }
| "list of" name                     { $$ = make_list_type(p, @$, $name, (struct decls){NULL, NULL}); }
;

/* The rows of a list inside a list: models.parts. */
type_path:
  name[outer] "." name[inner]        { $$ = add_name(p, make_name_list(p, $outer), $inner); }
| type_path "." name                 { $$ = add_name(p, $1, $name); }
;

/* Only a list of data has fields beside those of its row type: the brace behind `->` of a table is the table's. */
field_type:
  type
| "list of" name "{" fields "}"      { $$ = make_list_type(p, @$, $name, $fields); }
;

type_opt:
  %empty                             { $$ = NULL; }
| ":" type                           { $$ = $type; }
;

/* The text of a unit is taken from its span; the grammar only finds its end. */
units:
  unit_term
| NUMBER "/" unit_term
| units "/" unit_term
| units "·" unit_term
;

unit_term:
  NAME | NAME TAG | NAME SUPERSCRIPT | NAME SUPERSCRIPT TAG | UNIT_SIGN
| "(" units ")"
| "(" error "resume" ")"             { yyerrok; }
;

/* --- choices, tables, functions, factors ----------------------------------------------------------------------- */

choice:
  "choice" name attrs "{" members "}"  { $$ = make_choice(p, @$, $name, $attrs, $members); }
;

members:
  %empty                             { $$ = (struct decls){NULL, NULL}; }
| members member                     { $$ = add_entry(p, $1, $member); }
| members separator                  { $$ = $1; }
| members error "resume"             { $$ = $1; yyerrok; }
;

member:
  name attrs                         { $$ = make_member(p, @$, $name, NULL, $attrs); }
| name "=" TEXT attrs                { $$ = make_member(p, @$, $name, &$TEXT, $attrs); }
;

row_type:
  "row" name attrs "{" fields "}"    { $$ = make_row_type(p, @$, $name, $attrs, $fields); }
;

/* What a variant adds to a choice or a table of its base. */
extension:
  "extend" "choice" name "{" members "}"
                                     { $$ = make_choice_extension(p, @$, $name, $members); }
| "extend" "table" name "{" rows "}" { $$ = make_table_extension(p, @$, $name, NULL, $rows); }
| "extend" "table" name "cite" TEXT "{" rows "}"
                                     { $$ = make_table_extension(p, @$, $name, &$TEXT, $rows); }
;

separator:
  ","                                { check_separator(p, @$); }
| ";"                                { check_separator(p, @$); }
;

semicolon:
  ";"                                { check_separator(p, @$); }
;

table:
  "table" name params "->" result attrs table_body
                                     { $$ = make_table(p, @$, $name, $params, $result, $attrs, $table_body); }
;

params:
  "(" ")"                            { $$ = (struct decls){NULL, NULL}; }
| "(" param_list ")"                 { $$ = $param_list; }
| "(" error "resume" ")"             { $$ = (struct decls){NULL, NULL}; yyerrok; }
;

param_list:
  param                              { $$ = add_decl((struct decls){NULL, NULL}, $param); }
| param_list "," param               { $$ = add_decl($1, $param); }
;

param:
  name                               { $$ = make_param(p, @$, $name, NULL, NULL); }
| name ":" type attrs                { $$ = make_param(p, @$, $name, $type, $attrs); }
;

result:
  type                               { $$ = make_single_column(p, @$, $type); }
| "{" columns "}"                    { $$ = $columns; }
;

columns:
  %empty                             { $$ = (struct decls){NULL, NULL}; }
| columns column                     { $$ = add_entry(p, $1, $column); }
| columns separator                  { $$ = $1; }
| columns error "resume"             { $$ = $1; yyerrok; }
;

column:
  name ":" type attrs                { $$ = make_column(p, @$, $name, $type, $attrs); }
;

table_body:
  %empty                             { $$ = (struct table_rows){0}; }
| "{" rows "}"                       { $$ = $rows; }
;

rows:
  %empty                             { $$ = (struct table_rows){0}; }
| rows row                           { $$ = add_row(p, $1, @row, $row); }
| rows "=>" pattern_list             { $$ = set_matrix(p, $1, span_join(@2, @3), $pattern_list); }
| rows semicolon                     { $$ = $1; }
| rows error "resume"                { $$ = $1; yyerrok; }
;

row:
  pattern_list "=>" cells            { $$ = make_row(p, @$, $pattern_list, $cells); }
;

pattern_list:
  pattern                            { $$ = add_pattern((struct patterns){NULL, NULL}, $pattern); }
| pattern_list "," pattern           { $$ = add_pattern($1, $pattern); }
;

pattern:
  name                               { $$ = make_name_pattern(p, @$, $name); }
| TEXT                               { $$ = make_text_pattern(p, @$, $TEXT); }
| number                             { $$ = make_value_pattern(p, @$, PATTERN_NUMBER, $number, NULL); }
| number[first] ".." number[last]    { $$ = make_value_pattern(p, @$, PATTERN_RANGE, $first, $last); }
| "up to" literal                    { $$ = make_value_pattern(p, @$, PATTERN_UP_TO, $literal, NULL); }
| "below" literal                    { $$ = make_value_pattern(p, @$, PATTERN_BELOW, $literal, NULL); }
| "otherwise"                        { $$ = make_value_pattern(p, @$, PATTERN_OTHERWISE, NULL, NULL); }
;

cells:
  cell                               { $$ = add_cell((struct cells){NULL, NULL}, $cell); }
| cells "," cell                     { $$ = add_cell($1, $cell); }
;

cell:
  literal                            { $$ = make_cell(p, @$, $literal); }
| text_value                         { $$ = make_cell(p, @$, $text_value); }
| name                               { $$ = make_name_cell(p, @$, $name); }
| name[choice] "." name[member]      { $$ = make_member_cell(p, @$, $choice, $member); }
| "(" expr ")"                       { $$ = make_cell(p, @$, $expr); }
| "(" error "resume" ")"             { $$ = make_cell(p, @$, make_error_expr(p, @$)); yyerrok; }
;

function:
  "function" name params attrs[before] "=" expr attrs[after]
                                     { $$ = make_function(p, @$, $name, $params, merge_attrs(p, $before, $after),
                                                          $expr); }
;

let:
  "let" name type_opt attrs[before] "=" expr attrs[after]
                                     { $$ = make_let(p, @$, LET_PLAIN, $name, $type_opt,
                                                     merge_attrs(p, $before, $after), $expr); }
| "open" "let" name ":" type attrs   { $$ = make_let(p, @$, LET_OPEN, $name, $type, $attrs, NULL); }
| "open" "let" name ":" type attrs[before] "=" expr attrs[after]
                                     { $$ = make_let(p, @$, LET_OPEN, $name, $type,
                                                     merge_attrs(p, $before, $after), $expr); }
| "override" "let" name attrs[before] "=" expr attrs[after]
                                     { $$ = make_let(p, @$, LET_OVERRIDE, $name, NULL,
                                                     merge_attrs(p, $before, $after), $expr); }
| "override" "open" "let" name attrs[before] "=" expr attrs[after]
                                     { $$ = make_let(p, @$, LET_OVERRIDE_OPEN, $name, NULL,
                                                     merge_attrs(p, $before, $after), $expr); }
;

unit:
  "unit" name attrs                  { $$ = make_unit(p, @$, $name, $attrs, NULL); }
| "unit" name attrs[before] "=" arithmetic attrs[after]
                                     { $$ = make_unit(p, @$, $name, merge_attrs(p, $before, $after), $arithmetic); }
;

external:
  "external function" name params ":" type attrs
                                     { $$ = make_external(p, @$, $name, $params, $type, $attrs); }
;

factor:
  "factor" name keys_opt ":" type attrs
                                     { $$ = make_factor(p, @$, $name, $keys_opt, $type, $attrs, NULL); }
| "factor" name keys_opt ":" type attrs[before] "=" expr attrs[after]
                                     { $$ = make_factor(p, @$, $name, $keys_opt, $type,
                                                        merge_attrs(p, $before, $after), $expr); }
| "factor" name keys_opt ":" type attrs[before] "split" name_list attrs[after]
                                     { $$ = make_split_factor(p, @$, $name, $keys_opt, $type, $name_list,
                                                              merge_attrs(p, $before, $after), NULL); }
| "factor" name keys_opt ":" type attrs[first] "split" name_list attrs[second] "=" expr attrs[third]
                                     { $$ = make_split_factor(p, @$, $name, $keys_opt, $type, $name_list,
                                                              merge_attrs(p, merge_attrs(p, $first, $second), $third),
                                                              $expr); }
;

keys_opt: params_opt;

params_opt:
  %empty                             { $$ = (struct decls){NULL, NULL}; }
| params                             { $$ = $params; }
;

names:
  "names" "{" aliases "}"            { $$ = make_names(p, @$, $aliases); }
;

aliases:
  %empty                             { $$ = (struct aliases){NULL, NULL}; }
| aliases name[first] name[other]    { $$ = add_alias(p, $1, $first, $other); }
| aliases separator                  { $$ = $1; }
| aliases error "resume"             { $$ = $1; yyerrok; }
;

/* --- life cycles, breakdowns and profiles ------------------------------------------------------------------------- */

lifecycle:
  "lifecycle" name attrs "{" lifecycle_items[items] "}"
                                     { $$ = make_lifecycle(p, @$, $name, $attrs, $items); }
;

lifecycle_items:
  %empty                             { $$ = (struct decls){NULL, NULL}; }
| lifecycle_items phase              { $$ = add_decl($1, $phase); }
| lifecycle_items boundary           { $$ = add_decl($1, $boundary); }
| lifecycle_items ";"                { $$ = $1; }
| lifecycle_items error "resume"     { $$ = add_decl($1, make_error_decl(p, @2)); yyerrok; }
;

phase:
  "phase" name attrs                 { $$ = make_phase(p, @$, $name, $attrs, NO_PLACE); }
| "phase" name attrs[before] "apart" attrs[after]
                                     { $$ = make_phase(p, @$, $name, merge_attrs(p, $before, $after), @4); }
;

boundary:
  "boundary" name attrs[before] "=" name_list attrs[after]
                                     { $$ = make_boundary(p, @$, $name, $name_list,
                                                          merge_attrs(p, $before, $after)); }
;

breakdown:
  "breakdown" name attrs "{" breakdown_members[members] "}"
                                     { $$ = make_breakdown(p, @$, $name, $attrs, $members); }
;

breakdown_members:
  %empty                             { $$ = (struct decls){NULL, NULL}; }
| breakdown_members breakdown_member { $$ = add_decl($1, $2); }
| breakdown_members separator        { $$ = $1; }
| breakdown_members error "resume"   { $$ = $1; yyerrok; }
;

breakdown_member:
  name attrs                         { $$ = make_breakdown_member(p, @$, $name, $attrs, NO_PLACE); }
| name attrs[before] "apart" attrs[after]
                                     { $$ = make_breakdown_member(p, @$, $name, merge_attrs(p, $before, $after), @3); }
;

profile:
  "profile" name attrs "{" demands "}"
                                     { $$ = make_profile(p, @$, $name, $attrs, $demands); }
;

demands:
  %empty                             { $$ = (struct decls){NULL, NULL}; }
| demands demand                     { $$ = add_decl($1, $demand); }
| demands ";"                        { $$ = $1; }
| demands error "resume"             { $$ = add_decl($1, make_error_decl(p, @2)); yyerrok; }
;

demand:
  "demand" name[strength] name[word] demand_names demand_limits attrs
                                     { $$ = make_demand(p, @$, $strength, $word, $demand_names, $demand_limits,
                                                        $attrs); }
;

demand_names:
  %empty                             { $$ = (struct name_lists){NULL, NULL}; }
| "in" name_list                     { $$ = $name_list; }
;

demand_limits:
  %empty                             { $$ = (struct demand_limits){NULL, NULL}; }
| "each" literal                     { $$ = (struct demand_limits){$literal, NULL}; }
| "together" literal                 { $$ = (struct demand_limits){NULL, $literal}; }
| "each" literal[each] comma_opt "together" literal[together]
                                     { $$ = (struct demand_limits){$each, $together}; }
;

/* --- rules ----------------------------------------------------------------------------------------------------- */

rule:
  "rule" name attrs "{" rule_items "}"
                                     { $$ = make_rule(p, @$, $name, (struct name){0}, $attrs, $rule_items); }
| "rule" name "extends" name[base] attrs "{" rule_items "}"
                                     { $$ = make_rule(p, @$, $2, $base, $attrs, $rule_items); }
;

rule_items:
  %empty                             { $$ = (struct decls){NULL, NULL}; }
| rule_items rule_item               { $$ = add_decl($1, $rule_item); }
| rule_items semicolon               { $$ = $1; }
| rule_items error "resume"          { $$ = add_decl($1, make_error_decl(p, @2)); yyerrok; }
;

rule_item:
  header | data | reference | let | factor | function | row_type | table | extension | names | stage | allocation | check | cutoff | round | report
| grade | example
;

header:
  "version" TEXT attrs               { $$ = make_version(p, @$, @TEXT, $TEXT, $attrs); }
| "status" name_list attrs           { $$ = make_header(p, @$, HEADER_STATUS, $name_list, $attrs); }
| "conforms" name_list attrs         { $$ = make_header(p, @$, HEADER_CONFORMS, $name_list, $attrs); }
| "gwp" name_list attrs              { $$ = make_header(p, @$, HEADER_GWP, $name_list, $attrs); }
| "judge" name_list attrs            { $$ = make_header(p, @$, HEADER_JUDGE, $name_list, $attrs); }
| "lifecycle" name_list attrs        { $$ = make_header(p, @$, HEADER_LIFECYCLE, $name_list, $attrs); }
| "boundary" name_list attrs         { $$ = make_header(p, @$, HEADER_BOUNDARY, $name_list, $attrs); }
| "exclude" name_list attrs          { $$ = make_header(p, @$, HEADER_EXCLUDE, $name_list, $attrs); }
| "zero" name_list attrs             { $$ = make_header(p, @$, HEADER_ZERO, $name_list, $attrs); }
| "apart" name_list attrs            { $$ = make_header(p, @$, HEADER_APART, $name_list, $attrs); }
| "declared" literal attrs           { $$ = make_amount(p, @$, HEADER_DECLARED, $literal, $attrs); }
| "functional" literal attrs         { $$ = make_amount(p, @$, HEADER_FUNCTIONAL, $literal, $attrs); }
| "open" "declared" attrs            { $$ = make_amount(p, @$, HEADER_DECLARED, NULL, $attrs); }
| "valid" period[valid] attrs        { $$ = make_validity(p, @$, $valid, (struct name){0}, $attrs); }
| "valid" period[valid] "by" name[field] attrs
                                     { $$ = make_validity(p, @$, $valid, $field, $attrs); }
;

data:
  "data" attrs "{" fields "}"        { $$ = make_data(p, @$, $attrs, $fields); }
;

fields:
  %empty                             { $$ = (struct decls){NULL, NULL}; }
| fields field                       { $$ = add_entry(p, $1, $field); }
| fields separator                   { $$ = $1; }
| fields error "resume"              { $$ = add_decl($1, make_error_decl(p, @2)); yyerrok; }
;

field:
  name ":" field_type[type] attrs    { $$ = make_field(p, @$, $name, $type, $attrs, NULL); }
| name ":" field_type[type] attrs[before] "=" expr attrs[after]
                                     { $$ = make_field(p, @$, $name, $type, merge_attrs(p, $before, $after), $expr); }
;

reference:
  "reference" expr attrs             { $$ = make_reference(p, @$, $expr, $attrs); }
| "reference" "for each" name "in" source ":" expr attrs
                                     { $$ = make_reference(p, @$, $expr, attrs_rows(p, $attrs, span_join(@2, @source),
                                                                                    $name, $source)); }
| "reference" "for each" name "in" source "headline" expr[headline] ":" expr[amount] attrs
                                     { $$ = make_reference(p, @$, $amount, attrs_rows(p, $attrs, span_join(@2, @source),
                                                                                      $name, $source));
                                       $$->as.reference.headline = $headline; }
;

stage:
  "stage" name ":" name[phase] attrs "{" stage_items "}"
                                     { $$ = make_stage(p, @$, $2, $phase, $attrs, $stage_items); }
| "extend" "stage" name "{" stage_items "}"
                                     { $$ = make_extension(p, @$, DECL_STAGE, $name, $stage_items); }
;

stage_items:
  %empty                             { $$ = (struct decls){NULL, NULL}; }
| stage_items stage_item             { $$ = add_decl($1, $stage_item); }
| stage_items semicolon              { $$ = $1; }
| stage_items error "resume"         { $$ = add_decl($1, make_error_decl(p, @2)); yyerrok; }
;

stage_item: process | group_item;

process:
  "process" name attrs "{" process_items "}"
                                     { $$ = make_process(p, @$, $name, $attrs, $process_items); }
| "extend" "process" name "{" process_items "}"
                                     { $$ = make_extension(p, @$, DECL_PROCESS, $name, $process_items); }
;

process_items:
  %empty                             { $$ = (struct decls){NULL, NULL}; }
| process_items group_item           { $$ = add_decl($1, $group_item); }
| process_items semicolon            { $$ = $1; }
| process_items error "resume"       { $$ = add_decl($1, make_error_decl(p, @2)); yyerrok; }
;

group_item: emit | let | allocation | check | data;

allocation:
  "allocate" targets_opt "to" name "in" source "by" expr[key] attrs
                                     { $$ = make_key_allocation(p, @$, $targets_opt, $key, NULL,
                                                                attrs_rows(p, $attrs, span_join(@3, @source), $name,
                                                                           $source)); }
| "allocate" targets_opt "to" name "in" source "by" expr[key] attrs[before] "take" expr[take] attrs[after]
                                     { $$ = make_key_allocation(p, @$, $targets_opt, $key, $take,
                                                                attrs_rows(p, merge_attrs(p, $before, $after),
                                                                           span_join(@3, @source), $name, $source)); }
| "allocate" targets_opt share_block attrs
                                     { $$ = make_share_allocation(p, @$, $targets_opt, $share_block, NULL, $attrs); }
| "allocate" targets_opt share_block attrs[before] "take" name attrs[after]
                                     { $$ = make_share_allocation(p, @$, $targets_opt, $share_block, &$name,
                                                                  merge_attrs(p, $before, $after)); }
;

targets_opt:
  %empty                             { $$ = (struct targets){NULL, NULL}; }
| targets                            { $$ = $targets; }
;

targets:
  name                               { $$ = add_target(p, (struct targets){NULL, NULL}, $name, NULL); }
| name[stage] "." name[process]      { $$ = add_target(p, (struct targets){NULL, NULL}, $stage, &$process); }
| targets "," name                   { $$ = add_target(p, $1, $name, NULL); }
| targets "," name[stage] "." name[process]
                                     { $$ = add_target(p, $1, $stage, &$process); }
;

/* A symbol of its own, so that an error behind the brace does not lead back into it. */
share_block:
  "{" shares "}"                     { $$ = $shares; }
;

shares:
  %empty                             { $$ = (struct decls){NULL, NULL}; }
| shares share                       { $$ = add_decl($1, $share); }
| shares separator                   { $$ = $1; }
| shares error "resume"              { $$ = $1; yyerrok; }
;

share:
  name "=" expr                      { $$ = make_share(p, @$, $name, $expr); }
;

emit:
  flow_word name attrs[before] "=" expr attrs[after]
                                     { $$ = make_emit(p, @$, $flow_word, $name, (struct name_lists){NULL, NULL},
                                                      merge_attrs(p, $before, $after), $expr); }
| flow_word name attrs[first] "as" name_list attrs[second] "=" expr attrs[third]
                                     { $$ = make_emit(p, @$, $flow_word, $name, $name_list,
                                                      merge_attrs(p, merge_attrs(p, $first, $second), $third), $expr); }
;

flow_word:
  "emit"                             { $$ = EMIT_EMISSION; }
| "remove"                           { $$ = EMIT_REMOVAL; }
| "avoid"                            { $$ = EMIT_CREDIT; }
;

check:
  "require" expr attrs[before] "else" attrs[after]
                                     { $$ = make_check(p, @$, DECL_REQUIRE, $expr, merge_attrs(p, $before, $after)); }
| "warn" expr attrs[before] "else" attrs[after]
                                     { $$ = make_check(p, @$, DECL_WARN, $expr, merge_attrs(p, $before, $after)); }
;

cutoff:
  "cutoff" name "in" postfix[list] where_opt[where] "by" arithmetic[key]
  "each" arithmetic[each] comma_opt "together" arithmetic[together] attrs
                                     { $$ = make_cutoff(p, @$, $name, $list, $where, $key, $each, $together, $attrs); }
;

comma_opt: %empty | ",";

round:
  "round" round_target[target] "to" literal "significant" round_words attrs
                                     { $$ = make_round(p, @$, $target, ROUND_SIGNIFICANT, $literal, $round_words, $attrs); }
| "round" round_target[target] "to" literal "decimals" round_words attrs
                                     { $$ = make_round(p, @$, $target, ROUND_DECIMALS, $literal, $round_words, $attrs); }
| "round" round_target[target] "to" "multiples of" literal round_words attrs
                                     { $$ = make_round(p, @$, $target, ROUND_MULTIPLES, $literal, $round_words, $attrs); }
| "round" round_target[target] "to" literal round_words attrs
                                     { $$ = make_round_unsaid(p, @$, $target, $literal, $round_words, $attrs); }
;

/* total or a report; all stages, all flows */
round_target:
  name
| "stage"                            { $$ = make_name(@1, STR("stage")); }
| "emit"                             { $$ = make_name(@1, STR("emit")); }
;

/* a mode, and whether the figure is marked */
round_words:
  %empty                             { $$ = (struct round_words){0}; }
| round_words name                   { $$ = make_round_words(p, $1, $name); }
;

report:
  "report" name attrs[before] ":" type "=" expr attrs[after]
                                     { $$ = make_report(p, @$, $name, $type, merge_attrs(p, $before, $after), $expr); }
;

grade:
  "grade" classes attrs              { $$ = make_grade(p, @$, $classes, $attrs); }
;

classes:
  class                              { $$ = add_decl((struct decls){NULL, NULL}, $class); }
| classes "," class                  { $$ = add_decl($1, $class); }
;

class:
  texts "up to" arithmetic           { $$ = make_class(p, @$, $texts, $arithmetic, false); }
| texts "below" arithmetic           { $$ = make_class(p, @$, $texts, $arithmetic, true); }
| texts "otherwise"                  { $$ = make_class(p, @$, $texts, NULL, false); }
;

example:
  "example" texts "{" example_items[items] "}"
                                     { $$ = make_example(p, @$, $texts, $items); }
;

example_items:
  %empty                             { $$ = make_example_body(p); }
| example_items "data" TEXT          { $$ = example_data(p, $1, @TEXT, $TEXT); }
| example_items "key" TEXT           { $$ = example_key(p, $1, @TEXT, $TEXT); }
| example_items "reference" TEXT     { $$ = example_row(p, $1, @TEXT, $TEXT); }
| example_items "factor" TEXT        { $$ = example_factors(p, $1, @TEXT, $TEXT); }
| example_items "gwp" name           { $$ = example_gwp(p, $1, span_join(@2, @3), $name); }
| example_items "expect" arithmetic[path] "=" arithmetic[value] within_opt
                                     { $$ = example_expect(p, $1, span_join(@2, @within_opt), $path, $value,
                                                           $within_opt); }
| example_items separator            { $$ = $1; }
| example_items error "resume"       { $$ = $1; yyerrok; }
;

within_opt:
  %empty                             { $$ = NULL; }
| "within" arithmetic                { $$ = $arithmetic; }
;

/* --- expressions, from the loosest to the tightest -------------------------------------------------------------- */

expr:
  logic
| "if" expr[c] "then" expr[a] "else" expr[b]  { $$ = make_if(p, @$, $c, $a, $b); }
;

logic: /* `a and b or c` is refused by the constructor: say which with parentheses */
  conjunction
| logic "or" conjunction             { $$ = make_or(p, @$, @2, $1, $3); }
;

conjunction:
  negation
| conjunction "and" negation         { $$ = make_binary(p, @$, @2, BINARY_AND, $1, $3); }
;

negation:
  comparison
| "not" comparison                   { $$ = make_not(p, @$, $2); }
;

comparison:
  operand
| operand order operand              { $$ = make_binary(p, @$, @2, $2, $1, $3); }
| operand equality operand           { $$ = make_binary(p, @$, @2, $2, $1, $3); }
| operand[a] equality[op] operand[b] "within" operand[t]
                                     { $$ = make_within(p, @$, @op, $op, $a, $b, $t); }
| postfix "is given"                 { $$ = make_given(p, @$, $1); }
;

equality:
  "=="                               { $$ = BINARY_EQ; }
| "!="                               { $$ = BINARY_NE; }
;

order:
  "<"                                { $$ = BINARY_LT; }
| "<="                               { $$ = BINARY_LE; }
| ">"                                { $$ = BINARY_GT; }
| ">="                               { $$ = BINARY_GE; }
;

operand: /* a `default` inside arithmetic wants parentheses: both readings of `a default b * c` are plausible */
  arithmetic
| postfix "default" fallback         { $$ = make_default(p, @$, $1, $3); }
;

fallback:
  postfix
| "-" number                         { $$ = make_negative(p, @$, $number); }
| postfix "default" fallback         { $$ = make_default(p, @$, $1, $3); }
;

arithmetic:
  power
| "-" number                         { $$ = make_negative(p, @$, $number); }
| arithmetic "+" arithmetic          { $$ = make_binary(p, @$, @2, BINARY_ADD, $1, $3); }
| arithmetic "-" arithmetic          { $$ = make_binary(p, @$, @2, BINARY_SUB, $1, $3); }
| arithmetic "*" arithmetic          { $$ = make_binary(p, @$, @2, BINARY_MUL, $1, $3); }
| arithmetic "/" arithmetic          { $$ = make_quotient(p, @$, @2, $1, $3); }
;

power:
  postfix
| postfix "^" exponent               { $$ = make_binary(p, @$, @2, BINARY_POW, $1, $3); }
;

exponent:
  postfix
| "-" number                         { $$ = make_negative(p, @$, $number); }
;

literal:
  number
| "-" number                         { $$ = make_negative(p, @$, $number); }
;

number:
  NUMBER                             { $$ = make_number(p, @$, $NUMBER); }
;

postfix:
  primary
| postfix "." name                   { $$ = make_member_of(p, @$, $1, $name); }
;

primary:
  number
| text_value
| name                               { $$ = make_name_expr(p, @$, $name); }
| call
| "match" arithmetic "{" arms "}"    { $$ = make_match(p, @$, $arithmetic, $arms); }
| "(" expr ")"                       { $$ = make_parenthesised(p, @$, $expr); }
| "(" error "resume" ")"             { $$ = make_error_expr(p, @$); yyerrok; }
;

text_value:
  TEXT                               { $$ = make_text(p, @$, EXPR_TEXT, $TEXT); }
| DATE                               { $$ = make_text(p, @$, EXPR_DATE, $DATE); }
;

call:
  name "(" args ")"                  { $$ = make_call(p, @$, $name, $args); }
| name[f] "(" name[x] "in" source where_opt ")"
                                     { $$ = make_comprehension(p, @$, $f, $x, $source, $where_opt, NULL, NULL); }
| name[f] "(" name[x] "in" source where_opt ":" expr[body] ")"
                                     { $$ = make_comprehension(p, @$, $f, $x, $source, $where_opt, $body, NULL); }
| name[f] "(" name[x] "in" source where_opt ":" expr[body] "," name[tie] ")"
                                     { $$ = make_comprehension(p, @$, $f, $x, $source, $where_opt, $body, &$tie); }
| name "(" error "resume" ")"        { $$ = make_error_expr(p, @$); yyerrok; }
;

source:
  arithmetic
| arithmetic[first] ".." arithmetic[last]  { $$ = make_range(p, @$, $first, $last); }
;

where_opt:
  %empty                             { $$ = NULL; }
| "where" expr                       { $$ = $expr; }
;

args:
  %empty                             { $$ = (struct args){NULL, NULL}; }
| arg_list
;

arg_list:
  arg                                { $$ = add_arg((struct args){NULL, NULL}, $arg); }
| arg_list "," arg                   { $$ = add_arg($1, $arg); }
;

arg:
  expr                               { $$ = make_arg(p, (struct name){0}, $expr); }
| name "=" expr                      { $$ = make_arg(p, $name, $expr); }
;

arms:
  %empty                             { $$ = (struct arms){NULL, NULL}; }
| arms arm                           { $$ = add_arm(p, $1, @arm, $arm); }
| arms separator                     { $$ = $1; }
| arms error "resume"                { $$ = $1; yyerrok; }
;

arm:
  pattern_list "=>" expr             { $$ = make_arm(p, @$, $pattern_list, $expr); }
;

%%

static void zuji_yyerror(const struct span *at, struct parser *p, const char *text)
{
    (void)text; /* syntax errors go to yyreport_syntax_error, so this is the end of the stack */
    syntax_report_depth(p, *at);
}

/* With api.token.raw the numbers of symbols and of tokens are the same. */
static int yyreport_syntax_error(const yypcontext_t *context, struct parser *p)
{
    yysymbol_kind_t symbols[YYNTOKENS];
    int tokens[YYNTOKENS];
    int count = yypcontext_expected_tokens(context, symbols, YYNTOKENS);
    for (int i = 0; i < count; i++) {
        tokens[i] = (int)symbols[i];
    }
    syntax_report(p, (int)yypcontext_token(context), *yypcontext_location(context), tokens,
                  count < 0 ? 0 : (size_t)count);
    return 0;
}
