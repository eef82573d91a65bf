#include "compiler/check.h"

static void check_items(struct checker *checker, const struct decl *first)
{
    for (const struct decl *item = first; item != NULL; item = item->next) {
        if (item->kind == DECL_TABLE) {
            check_table(checker, item);
        } else if (item->kind == DECL_CHOICE) {
            check_choice(checker, item);
        } else if (item->kind == DECL_EXAMPLE) {
            check_example(checker, item);
        } else if (item->kind == DECL_RULE && item == checker->checked->rule) {
            check_items(checker, item->as.rule.items);
            check_rule(checker, item);
        }
    }
}

void tables_check(struct checked *checked, struct diags *out)
{
    struct checker checker = {.checked = checked, .arena = checked->perm, .out = out};
    for (size_t i = 0; i < checked->module_count; i++) {
        checker.is_broken |= checked->modules[i]->has_errors;
    }
    for (size_t i = 0; i < checked->module_count; i++) {
        check_items(&checker, checked->modules[i]->items);
    }
}

void check_choice(struct checker *checker, const struct decl *choice)
{
    if (choice->as.choice.members == NULL && !checker->is_broken) {
        diag_add(checker->out, D_CHOICE_EMPTY, choice->name.at, DIAG_ARGS(choice->name.text));
    }
    struct map spellings = map_in(checker->arena);
    for (const struct decl *member = choice->as.choice.members; member != NULL; member = member->next) {
        struct str code = member->as.member.has_code ? member->as.member.code : member->name.text;
        uint32_t had_code = 0;
        bool is_new = !map_get(&spellings, code, &had_code);
        map_set(&spellings, code, member->as.member.has_code);
        if (!is_new && (member->as.member.has_code || had_code != 0)) { /* of names alone resolve said it */
            diag_add(checker->out, D_DUPLICATE_CODE, member->name.at, DIAG_ARGS(code));
        }
    }
}
