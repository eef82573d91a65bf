/* In which units the numbers of an explanation are told. Data, factors, cells and what the rule declares keep their
   own. The number of a product is in the product of its operands' units where that is one which people use: of t × GJ/t
   GJ. Where scales are left over (kg·kgCO2e/t), it is in the unit of the sum or the named formula that it is for, else
   in what of the product has its kind (kgCO2e), else in a unit of the rule or a common one. Emissions are in kgCO2e. */
#include <string.h>

#include "base/decimal.h"
#include "vm/explain.h"
#include "vm/opcodes.h"
#include "vm/unit_choice.h"

enum { NO_WISH = UINT16_MAX };

struct choosing {
    const struct exact_run *run;
    const struct program *program;
    struct arena *arena;
    struct program_units known;
    struct unit emission;      /* kgCO2e */
    struct explain_unit *told; /* by instruction */
    uint16_t *wishes;          /* by instruction: the unit of what it is for; NO_WISH */
    bool *is_fixed;            /* by instruction: its own unit is declared */
    struct map chosen;         /* by what is left of the operands' units, unit and wish: number in `choices` */
    struct explain_unit *choices;
    size_t choice_count, choice_cap;
};

static bool is_number(const struct choosing *choosing, uint32_t instruction)
{
    return instruction != NO_OPERAND && choosing->run->shapes[instruction].type == VALUE_NUMBER;
}

static uint16_t unit_of(const struct choosing *choosing, uint32_t instruction)
{
    return choosing->run->shapes[instruction].unit;
}

/* ---- what numbers are for ---- */

/* Operands with a value of the same kind, told alike: those of sums and choices. */
static size_t alike(const struct instruction *at, uint32_t operands[2])
{
    switch (at->op) {
    case OP_ADD:
    case OP_SUB:
    case OP_MIN:
    case OP_MAX:
    case OP_ELSE:
        operands[0] = at->a;
        operands[1] = at->b;
        return 2;
    case OP_SELECT:
        operands[0] = at->b;
        operands[1] = at->c;
        return 2;
    case OP_TAKE:
        operands[0] = at->b;
        return 1;
    case OP_NEED:
    case OP_SPREAD:
    case OP_SPREAD2:
    case OP_NEG:
    case OP_ABS:
    case OP_SUM:
    case OP_LEAST:
    case OP_GREATEST:
    case OP_CONVERT:
        operands[0] = at->a;
        return 1;
    default:
        return 0;
    }
}

static void fix(struct choosing *choosing, uint32_t instruction)
{
    if (is_number(choosing, instruction)) {
        choosing->is_fixed[instruction] = true;
        choosing->wishes[instruction] = unit_of(choosing, instruction);
    }
}

/* What is converted into a unit with a name of its own has it from the rule. */
static void fix_declared(struct choosing *choosing)
{
    const struct program *program = choosing->program;
    for (uint32_t i = 0; i < program->item_count; i++) {
        for (uint32_t v = 0; v < program->items[i].value_count; v++) {
            uint32_t value = program->items[i].values[v].instruction;
            if (program->code[value].op == OP_CONVERT && program->items[i].kind != ITEM_AMOUNT) {
                fix(choosing, value);
            }
        }
    }
    for (uint32_t i = 0; i < program->code_count; i++) {
        uint16_t op = program->code[i].op;
        if (op == OP_EMIT || op == OP_INVENTORY || op == OP_OUTPUT) {
            fix(choosing, program->code[i].a);
        }
    }
    fix(choosing, program->rule.reference);
}

/* From users to operands, which come before them. */
static void wish(struct choosing *choosing)
{
    for (uint32_t i = choosing->program->code_count; i-- > 0;) {
        uint32_t operands[2];
        size_t count = is_number(choosing, i) ? alike(&choosing->program->code[i], operands) : 0;
        uint16_t own = unit_of(choosing, i);
        bool is_known = choosing->wishes[i] != NO_WISH || (count > 0 && unit_is_written(choosing->program, own));
        for (size_t k = 0; k < count && is_known; k++) {
            bool is_open = is_number(choosing, operands[k]) && choosing->wishes[operands[k]] == NO_WISH;
            if (is_open) {
                choosing->wishes[operands[k]] = choosing->wishes[i] != NO_WISH ? choosing->wishes[i] : own;
            }
        }
    }
}

/* ---- units of products ---- */

static bool is_other_co2e(struct str token)
{
    static const char *const texts[] = {"gCO2e", "mgCO2e", "tCO2e"};
    for (size_t i = 0; i < countof(texts); i++) {
        if (str_eq(token, str_of(texts[i]))) {
            return true;
        }
    }
    return false;
}

static void offer_text(const struct choosing *choosing, struct unit_choice *choice, struct str text)
{
    struct unit unit;
    if (unit_parse_known(choosing->known.system, text, &unit).error == UNIT_OK) {
        unit_offer(choice, unit, text);
    }
}

static void offer_tokens(const struct choosing *choosing, struct unit_choice *choice, const struct unit_tokens *tokens)
{
    offer_text(choosing, choice, unit_tokens_join(choosing->arena, tokens));
}

/* kg{grey}: kg and {grey} */
static struct str tag_of(struct str token)
{
    const char *tag = token.len == 0 ? NULL : memchr(token.at, '{', token.len);
    return str_slice(token, tag == NULL ? token.len : (size_t)(tag - token.at), token.len);
}

static struct str symbol_of(struct str token)
{
    return str_slice(token, 0, token.len - tag_of(token).len);
}

/* One of the tokens, and one with one or two under it: of kg·kgCO2e/t kgCO2e. */
static void offer_parts(const struct choosing *choosing, struct unit_choice *choice, const struct unit_tokens *tokens)
{
    const struct unit_token *items = tokens->items;
    for (size_t over = 0; over < tokens->count; over++) {
        struct unit_tokens some = {.items[0] = items[over], .count = 1};
        if (items[over].is_under) {
            continue;
        }
        offer_tokens(choosing, choice, &some);
        for (size_t first = 0; first < tokens->count; first++) {
            some.items[1] = items[first];
            some.count = 2;
            if (!items[first].is_under) {
                continue;
            }
            offer_tokens(choosing, choice, &some);
            some.count = 3;
            for (size_t second = first + 1; second < tokens->count; second++) {
                some.items[2] = items[second];
                if (items[second].is_under) {
                    offer_tokens(choosing, choice, &some);
                }
            }
        }
    }
}

/* What one is of the other, by tags: of t{C}·kg{CO2}/kg{C} t{CO2}. */
static void offer_tagged(const struct choosing *choosing, struct unit_choice *choice, const struct unit_tokens *tokens)
{
    const struct unit_token *items = tokens->items;
    if (tokens->count != 3) {
        return;
    }
    for (size_t set = 0; set < 27; set++) {
        const struct unit_token *from = &items[set / 9];
        const struct unit_token *under = &items[set / 3 % 3];
        const struct unit_token *to = &items[set % 3];
        bool is_one = from != to && !from->is_under && under->is_under && !to->is_under;
        if (is_one && str_eq(tag_of(from->text), tag_of(under->text)) &&
            str_eq(symbol_of(under->text), symbol_of(to->text))) {
            struct str text =
                str_format(choosing->arena, "%.*s%.*s", STR_FMT(symbol_of(from->text)), STR_FMT(tag_of(to->text)));
            offer_text(choosing, choice, text);
        }
    }
}

/* A unit that people use over what stands under: of W·h/item kWh/item. */
static void offer_common(const struct choosing *choosing, struct unit_choice *choice, const struct unit_tokens *tokens)
{
    static const char *const common[] = {"kWh", "kg", "t", "km", "m2", "m3", "h", "1"};
    for (size_t i = 0; i < countof(common); i++) {
        struct unit_tokens some = {
            .items[0] = {str_of(common[i]), false},
              .count = strcmp(common[i], "1") != 0
        };
        for (size_t k = 0; k < tokens->count; k++) {
            if (tokens->items[k].is_under) {
                some.items[some.count++] = tokens->items[k];
            }
        }
        offer_tokens(choosing, choice, &some);
    }
}

static struct unit_choice choose(const struct choosing *choosing, uint16_t own, uint16_t wanted,
                                 struct unit_tokens *tokens)
{
    struct unit_choice choice = {.of = choosing->known.units[own]};
    struct unit unit;
    size_t over = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        tokens->items[i].text = is_other_co2e(tokens->items[i].text) ? STR("kgCO2e") : tokens->items[i].text;
        over += !tokens->items[i].is_under;
    }
    struct str text = unit_tokens_join(choosing->arena, tokens);
    bool is_emission = kind_eq(choice.of.kind, choosing->emission.kind);
    bool is_few = tokens->count < UNIT_TOKENS_MAX - 1;
    bool is_whole = is_few && !unit_has_pair(choosing->known.system, tokens);
    bool is_plain = over <= 1 && tokens->count - over <= 2 && is_whole;
    if (unit_parse_known(choosing->known.system, text, &unit).error == UNIT_OK) {
        choice.of.scale = unit.scale; /* the nearest needs the smallest factor in the formula */
    }
    if (wanted != NO_WISH && (is_emission || !is_plain)) {
        const struct prog_unit *of = &choosing->program->units[wanted];
        unit_offer(&choice, choosing->known.units[wanted], choosing->program->texts[of->text]);
    }
    if (choice.text.len == 0 && is_emission) {
        unit_offer(&choice, choosing->emission, STR("kgCO2e"));
    }
    if (choice.text.len == 0 && is_plain) {
        offer_text(choosing, &choice, text);
    }
    if (choice.text.len == 0) {
        offer_tagged(choosing, &choice, tokens);
        offer_parts(choosing, &choice, tokens);
    }
    if (choice.text.len == 0 && over > 1 && is_few) {
        offer_common(choosing, &choice, tokens);
    }
    if (choice.text.len == 0) {
        unit_choose(&choice, choosing->arena, choosing->program, &choosing->known, tokens);
    }
    return choice;
}

/* The number of an instruction with this product of units. */
static struct explain_unit told_in(struct choosing *choosing, uint32_t instruction, struct str product)
{
    const struct program *program = choosing->program;
    uint16_t own = unit_of(choosing, instruction);
    uint16_t wanted = choosing->wishes[instruction];
    const struct prog_unit *unit = &program->units[own];
    struct unit_tokens tokens = {.count = 0};
    if (unit->kind.count == 0 && !unit->is_point) {
        return (struct explain_unit){STR("1"), unit->scale, unit->scale};
    }
    bool is_read = product.len > 0 && unit_tokens_read(product, &tokens);
    struct rat scale;
    struct str text = unit_take_scale(choosing->arena, program->texts[unit->text], &scale);
    if (!is_read) {
        tokens.count = 0;
        is_read = unit_tokens_read(text, &tokens);
    }
    if (unit->is_point || !is_read) {
        return explain_unit(choosing->arena, program, own);
    }
    struct str left = unit_tokens_join(choosing->arena, &tokens);
    struct str key = str_format(choosing->arena, "%u %u %.*s", (unsigned)own, (unsigned)wanted, STR_FMT(left));
    uint32_t found;
    if (map_get(&choosing->chosen, key, &found)) {
        return choosing->choices[found];
    }
    struct unit_choice choice = choose(choosing, own, wanted, &tokens);
    struct rat by = rat_div(choosing->arena, unit->scale, choice.unit.scale);
    map_add(&choosing->chosen, key, (uint32_t)choosing->choice_count);
    arena_grow(choosing->arena, choosing->choices, choosing->choice_count, choosing->choice_cap);
    return choosing->choices[choosing->choice_count++] = (struct explain_unit){choice.text, by, by};
}

/* ---- numbers of many digits ---- */

static double largest(const struct choosing *choosing, uint32_t instruction)
{
    const struct exact_run *run = choosing->run;
    double most = 0;
    for (uint32_t row = 0; row < run->axes[run->program->code[instruction].axis].rows; row++) {
        struct exact_value value = exact_get(run, instruction, row);
        double size = value.state == STATE_GIVEN ? rat_to_double(rat_abs(choosing->arena, value.number)) : 0;
        most = size > most ? size : most;
    }
    return most;
}

/* Tens of millions of a small unit are told in a larger one: 198768 kg rather than 198768000 g. */
static struct explain_unit enlarged(const struct choosing *choosing, uint32_t instruction, struct explain_unit told)
{
    static const double many = 1e7;
    static const struct {
        const char *small, *large;
    } units[] = {
        {"g",  "kg" },
        {"mg", "kg" },
        {"ug", "kg" },
        {"kg", "t"  },
        {"Wh", "kWh"},
        {"J",  "MJ" },
        {"kJ", "MJ" },
        {"MJ", "GJ" }
    };
    for (size_t i = 0; i < countof(units); i++) {
        size_t len = strlen(units[i].small);
        bool is_small =
            str_starts(told.text, str_of(units[i].small)) &&
            (told.text.len == len || (told.text.at[len] == '{' && memchr(told.text.at, '/', told.text.len) == NULL));
        struct unit unit;
        struct str text = str_format(choosing->arena, "%s%.*s", units[i].large,
                                     STR_FMT(str_slice(told.text, is_small ? len : 0, told.text.len)));
        if (is_small && rat_to_double(told.by) * largest(choosing, instruction) >= many &&
            unit_parse_known(choosing->known.system, text, &unit).error == UNIT_OK) {
            struct rat by =
                rat_div(choosing->arena, choosing->program->units[unit_of(choosing, instruction)].scale, unit.scale);
            return (struct explain_unit){text, by, by};
        }
    }
    return told;
}

/* ---- all instructions ---- */

/* As its operand, whose unit may have another scale. */
static struct explain_unit as_operand(const struct choosing *choosing, uint32_t instruction, uint32_t operand)
{
    const struct program *program = choosing->program;
    const struct prog_unit *own = &program->units[unit_of(choosing, instruction)];
    const struct prog_unit *other = &program->units[unit_of(choosing, operand)];
    struct explain_unit told = choosing->told[operand];
    if (own->is_point || other->is_point) {
        return explain_unit(choosing->arena, program, unit_of(choosing, instruction));
    }
    if (!rat_eq(own->scale, other->scale)) {
        struct rat scale = rat_div(choosing->arena, own->scale, other->scale);
        told.shown = rat_mul(choosing->arena, told.shown, scale);
        told.by = rat_mul(choosing->arena, told.by, scale);
    }
    return told;
}

/* The operand's without its tags, where that is the unit. */
static struct explain_unit retagged(struct choosing *choosing, uint32_t instruction, uint32_t operand)
{
    struct buf text = buf_in(choosing->arena);
    struct str from = choosing->told[operand].text;
    bool is_tag = false;
    for (size_t i = 0; i < from.len; i++) {
        is_tag = is_tag || from.at[i] == '{';
        if (!is_tag) {
            buf_char(&text, from.at[i]);
        }
        is_tag = is_tag && from.at[i] != '}';
    }
    struct unit unit;
    bool is_kind = unit_parse_known(choosing->known.system, buf_str(&text), &unit).error == UNIT_OK &&
                   kind_eq(unit.kind, choosing->known.units[unit_of(choosing, instruction)].kind);
    return is_kind ? told_in(choosing, instruction, buf_str(&text))
                   : explain_unit(choosing->arena, choosing->program, unit_of(choosing, instruction));
}

/* As the first, or, where they differ, as what it is for. */
static struct explain_unit joined(const struct choosing *choosing, uint32_t instruction, const uint32_t *operands,
                                  size_t count)
{
    uint16_t wanted = choosing->wishes[instruction];
    const struct prog_unit *own = &choosing->program->units[unit_of(choosing, instruction)];
    bool is_alike = count < 2 || str_eq(choosing->told[operands[0]].text, choosing->told[operands[1]].text);
    struct explain_unit told = as_operand(choosing, instruction, operands[0]);
    if (wanted != NO_WISH && !is_alike && !own->is_point && kind_eq(own->kind, choosing->program->units[wanted].kind)) {
        struct rat scale = rat_div(choosing->arena, own->scale, choosing->program->units[wanted].scale);
        told = explain_unit(choosing->arena, choosing->program, wanted);
        told.shown = rat_mul(choosing->arena, told.shown, scale);
        told.by = rat_mul(choosing->arena, told.by, scale);
    }
    return told;
}

/* 1 in the unit of what it is added to (0.1 cm/mm) is 1. */
static struct explain_unit constant(const struct choosing *choosing, uint32_t instruction)
{
    const struct prog_unit *own = &choosing->program->units[unit_of(choosing, instruction)];
    struct str text = choosing->program->texts[own->text];
    bool is_share = str_eq(text, STR("%")) || str_eq(text, STR("‰"));
    return own->kind.count == 0 && !own->is_point && !is_share
               ? (struct explain_unit){STR("1"), own->scale, own->scale}
               : explain_unit(choosing->arena, choosing->program, unit_of(choosing, instruction));
}

static struct explain_unit unit_at(struct choosing *choosing, uint32_t instruction)
{
    const struct instruction *at = &choosing->program->code[instruction];
    struct arena *arena = choosing->arena;
    uint32_t operands[2];
    if (choosing->is_fixed[instruction]) {
        return explain_unit(arena, choosing->program, unit_of(choosing, instruction));
    }
    size_t count = alike(at, operands);
    if (count > 0 && is_number(choosing, operands[0])) {
        return joined(choosing, instruction, operands, count);
    }
    switch (at->op) {
    case OP_CONST:
        return constant(choosing, instruction);
    case OP_MUL:
        return enlarged(choosing, instruction,
                        told_in(choosing, instruction,
                                explain_product(arena, choosing->told[at->a].text, choosing->told[at->b].text)));
    case OP_DIV:
        return enlarged(choosing, instruction,
                        told_in(choosing, instruction,
                                explain_ratio(arena, choosing->told[at->a].text, choosing->told[at->b].text)));
    case OP_POWI:
    case OP_SQRT:
        return told_in(choosing, instruction, STR(""));
    case OP_RETAG:
        return retagged(choosing, instruction, at->a);
    default:
        return explain_unit(arena, choosing->program, unit_of(choosing, instruction));
    }
}

struct explain_unit *explain_choose_units(const struct exact_run *run)
{
    struct arena *arena = run->arena;
    uint32_t count = run->program->code_count;
    struct choosing choosing = {.run = run,
                                .program = run->program,
                                .arena = arena,
                                .known = program_units_new(arena, run->program),
                                .told = arena_array(arena, struct explain_unit, count),
                                .wishes = arena_array(arena, uint16_t, count),
                                .is_fixed = arena_array(arena, bool, count),
                                .chosen = map_in(arena)};
    (void)unit_parse_known(choosing.known.system, STR("kgCO2e"), &choosing.emission);
    for (uint32_t i = 0; i < count; i++) {
        choosing.wishes[i] = NO_WISH;
    }
    fix_declared(&choosing);
    wish(&choosing);
    for (uint32_t i = 0; i < count; i++) {
        choosing.told[i] =
            is_number(&choosing, i) ? unit_at(&choosing, i) : (struct explain_unit){STR("1"), RAT_ONE, RAT_ONE};
    }
    return choosing.told;
}
