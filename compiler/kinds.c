#include "compiler/kinds.h"

#include <assert.h>
#include <stdlib.h>

struct kinds kinds_in(struct arena *arena)
{
    return (struct kinds){.arena = arena};
}

static uint32_t keep(struct kinds *kinds, struct kind_term term)
{
    (void)arena_grow(kinds->arena, kinds->terms, kinds->count, kinds->cap);
    kinds->terms[kinds->count] = term;
    return (uint32_t)kinds->count++;
}

static struct kind_term constant_term(struct kind kind)
{
    return (struct kind_term){.constant = kind};
}

static uint32_t new_variable(struct kinds *kinds)
{
    (void)arena_grow(kinds->arena, kinds->solutions, kinds->variable_count, kinds->variable_cap);
    kinds->solutions[kinds->variable_count] = KIND_TOO_LARGE;
    return (uint32_t)kinds->variable_count++;
}

static struct kind_term variable_term(uint32_t variable)
{
    struct kind_term term = {.constant = kind_one(), .count = 1};
    term.variables[0].variable = variable;
    term.variables[0].exponent = 1;
    return term;
}

uint32_t kinds_constant(struct kinds *kinds, struct kind kind)
{
    return keep(kinds, constant_term(kind));
}

uint32_t kinds_variable(struct kinds *kinds)
{
    return keep(kinds, variable_term(new_variable(kinds)));
}

/* term * variable^exponent */
static bool times_variable(struct kind_term *term, uint32_t variable, int64_t exponent)
{
    uint32_t at = 0;
    while (at < term->count && term->variables[at].variable < variable) {
        at++;
    }
    if (at == term->count || term->variables[at].variable != variable) {
        if (term->count == KIND_VARIABLES_MAX) {
            return false;
        }
        for (uint32_t i = term->count; i > at; i--) {
            term->variables[i] = term->variables[i - 1];
        }
        term->variables[at].variable = variable;
        term->variables[at].exponent = 0;
        term->count++;
    }
    int64_t sum = term->variables[at].exponent + exponent;
    if (sum < -KIND_VARIABLE_EXPONENT_MAX || sum > KIND_VARIABLE_EXPONENT_MAX) {
        return false;
    }
    term->variables[at].exponent = (int32_t)sum;
    if (sum == 0) {
        term->count--;
        for (uint32_t i = at; i < term->count; i++) {
            term->variables[i] = term->variables[i + 1];
        }
    }
    return true;
}

/* out = a * b^power; out may be a. */
static bool term_multiply(const struct kind_term *a, const struct kind_term *b, int power, struct kind_term *out)
{
    struct kind_term product = *a;
    if (power < -KIND_VARIABLE_EXPONENT_MAX || power > KIND_VARIABLE_EXPONENT_MAX ||
        (b->constant.count > 0 && !kind_mul(a->constant, b->constant, power, &product.constant))) {
        return false;
    }
    for (uint32_t i = 0; i < b->count; i++) {
        if (!times_variable(&product, b->variables[i].variable, (int64_t)b->variables[i].exponent * power)) {
            return false;
        }
    }
    *out = product;
    return true;
}

/* Replaces solved variables until only free ones are left. Solutions never lead back to their variable, so it ends. */
static bool substitute(const struct kinds *kinds, struct kind_term *term)
{
    for (uint32_t i = 0; i < term->count;) {
        uint32_t variable = term->variables[i].variable;
        int32_t exponent = term->variables[i].exponent;
        if (kinds->solutions[variable] == KIND_TOO_LARGE) {
            i++;
            continue;
        }
        if (!times_variable(term, variable, -(int64_t)exponent) ||
            !term_multiply(term, &kinds->terms[kinds->solutions[variable]], exponent, term)) {
            return false;
        }
        i = 0;
    }
    return true;
}

uint32_t kinds_multiply(struct kinds *kinds, uint32_t a, uint32_t b, int power)
{
    struct kind_term left = kinds->terms[a];
    struct kind_term right = kinds->terms[b];
    if (!substitute(kinds, &left) || !substitute(kinds, &right) || !term_multiply(&left, &right, power, &left)) {
        return KIND_TOO_LARGE;
    }
    return keep(kinds, left);
}

uint32_t kinds_power(struct kinds *kinds, uint32_t a, int power)
{
    uint32_t one = kinds_constant(kinds, kind_one());
    return kinds_multiply(kinds, one, a, power);
}

static uint32_t smallest_exponent(const struct kind_term *term)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < term->count; i++) {
        if (abs(term->variables[i].exponent) < abs(term->variables[best].exponent)) {
            best = i;
        }
    }
    return best;
}

static int32_t floor_divide(int32_t a, int32_t b)
{
    int32_t quotient = a / b;
    return quotient * b != a && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

static bool all_divisible(const struct kind_term *term, int32_t by)
{
    for (uint32_t i = 0; i < term->count; i++) {
        if (term->variables[i].exponent % by != 0) {
            return false;
        }
    }
    for (uint16_t i = 0; i < term->constant.count; i++) {
        if (term->constant.factors[i].exponent % by != 0) {
            return false;
        }
    }
    return true;
}

/* The product of all factors but the pivot, each exponent e replaced by -floor(e / by). */
static bool remainder_term(const struct kind_term *term, uint32_t pivot, int32_t by, struct kind_term *out)
{
    struct kind_term product = constant_term(kind_one());
    for (uint16_t i = 0; i < term->constant.count; i++) {
        struct kind one = kind_one();
        one.factors[0] = term->constant.factors[i];
        one.factors[0].exponent = 1;
        one.count = 1;
        if (!kind_mul(product.constant, one, -floor_divide(term->constant.factors[i].exponent, by),
                      &product.constant)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < term->count; i++) {
        if (i != pivot && !times_variable(&product, term->variables[i].variable,
                                          -(int64_t)floor_divide(term->variables[i].exponent, by))) {
            return false;
        }
    }
    *out = product;
    return true;
}

/* Solves term = 1. With the variable of smallest exponent e as pivot: where e divides everything the pivot is solved,
   else pivot := new * rest^(-floor(. / e)) makes the other exponents smaller than e. */
static bool solve(struct kinds *kinds, struct kind_term *term)
{
    while (term->count > 0) {
        uint32_t pivot = smallest_exponent(term);
        uint32_t variable = term->variables[pivot].variable;
        int32_t by = term->variables[pivot].exponent;
        bool is_last = all_divisible(term, by);
        if (!is_last && term->count == 1) {
            return false;
        }
        struct kind_term solution;
        if (!remainder_term(term, pivot, by, &solution) ||
            (!is_last && !times_variable(&solution, new_variable(kinds), 1))) {
            return false;
        }
        kinds->solutions[variable] = keep(kinds, solution);
        if (is_last) {
            return true;
        }
        if (!substitute(kinds, term)) {
            return false;
        }
    }
    return kind_eq(term->constant, kind_one());
}

bool kinds_unify(struct kinds *kinds, uint32_t a, uint32_t b)
{
    struct kind_term left = kinds->terms[a];
    struct kind_term right = kinds->terms[b];
    return substitute(kinds, &left) && substitute(kinds, &right) && term_multiply(&left, &right, -1, &left) &&
           solve(kinds, &left);
}

bool kinds_is_known(const struct kinds *kinds, uint32_t id, struct kind *kind)
{
    struct kind_term term = kinds->terms[id];
    if (!substitute(kinds, &term) || term.count > 0) {
        return false;
    }
    if (kind != NULL) {
        *kind = term.constant;
    }
    return true;
}

struct kind kinds_known_part(const struct kinds *kinds, uint32_t id)
{
    struct kind_term term = kinds->terms[id];
    return substitute(kinds, &term) ? term.constant : kind_one();
}

uint32_t kinds_instantiate(struct kinds *kinds, struct kind_renaming *renaming, uint32_t id)
{
    struct kind_term term = kinds->terms[id];
    if (!substitute(kinds, &term)) {
        return KIND_TOO_LARGE;
    }
    struct kind_term copy = constant_term(term.constant);
    for (uint32_t i = 0; i < term.count; i++) {
        uint32_t at = 0;
        while (at < renaming->count && renaming->pairs[at].from != term.variables[i].variable) {
            at++;
        }
        if (at == countof(renaming->pairs)) {
            return KIND_TOO_LARGE;
        }
        if (at == renaming->count) {
            renaming->pairs[at].from = term.variables[i].variable;
            renaming->pairs[at].to = new_variable(kinds);
            renaming->count++;
        }
        if (!times_variable(&copy, renaming->pairs[at].to, term.variables[i].exponent)) {
            return KIND_TOO_LARGE;
        }
    }
    return keep(kinds, copy);
}
