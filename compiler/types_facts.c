#include "compiler/types.h"

#include "compiler/walk.h"

/* `a is given` tells something about a; `x and y` where true tells what both tell; `x or y` where false likewise. */
void facts_assume(struct typer *typer, const struct expr *condition, bool is_true)
{
    if (condition == NULL) {
        return;
    }
    switch (condition->kind) {
    case EXPR_GIVEN:
        if (is_true) {
            struct fact *fact = arena_new(typer->arena, struct fact);
            *fact = (struct fact){condition->as.operand, typer->facts};
            typer->facts = fact;
        }
        return;
    case EXPR_NOT:
        facts_assume(typer, condition->as.operand, !is_true);
        return;
    case EXPR_BINARY:
        if (condition->as.binary.op == (is_true ? BINARY_AND : BINARY_OR)) {
            facts_assume(typer, condition->as.binary.left, is_true);
            facts_assume(typer, condition->as.binary.right, is_true);
        }
        return;
    case EXPR_ERROR:
    case EXPR_NUMBER:
    case EXPR_TEXT:
    case EXPR_DATE:
    case EXPR_NAME:
    case EXPR_MEMBER:
    case EXPR_CALL:
    case EXPR_COMPREHENSION:
    case EXPR_IF:
    case EXPR_MATCH:
    case EXPR_DEFAULT:
    case EXPR_RANGE:
        return;
    }
}

bool facts_hold(const struct typer *typer, const struct expr *path)
{
    for (const struct fact *fact = typer->facts; fact != NULL; fact = fact->outer) {
        if (expr_same_path(fact->path, path)) {
            return true;
        }
    }
    return false;
}
