#include "tests/unit/engines_agree.h"

#include <check.h>
#include <string.h>

#include "base/decimal.h"

/* Within a bound, of which only terms of second order are left out, and the rounding of the value wanted. */
static void agree_within(const char *title, const char *what, uint32_t product, uint32_t number, double found,
                         double bound, struct rat wanted)
{
    double exact = rat_to_double(wanted);
    double error = found - exact < 0 ? exact - found : found - exact;
    double size = exact < 0 ? -exact : exact;
    ck_assert_msg(error <= bound * (1 + 0x1p-20) + 0x1p-53 * size, "%s, product %u: %s %u is %.17g +- %g, not %.17g",
                  title, product, what, number, found, bound, exact);
}

static void agree_on_value(const char *title, const char *what, uint32_t product, uint32_t number, double found,
                           struct rat wanted)
{
    agree_within(title, what, product, number, found, 1e-12 * (found < 0 ? -found : found), wanted);
}

static void agree_on_flag(const char *title, const char *what, uint32_t product, uint32_t number, int found, int wanted)
{
    ck_assert_msg(found == wanted, "%s, product %u: %s %u is %d, not %d", title, product, what, number, found, wanted);
}

static void agree_on_note(const char *title, uint32_t product, const struct note *found, const struct note *wanted)
{
    ck_assert_msg(found->kind == wanted->kind && found->instruction == wanted->instruction &&
                      found->field == wanted->field && found->factor == wanted->factor && found->rows == wanted->rows,
                  "%s, product %u: note %d of %u (%u rows), not %d of %u (%u rows)", title, product, (int)found->kind,
                  found->instruction, found->rows, (int)wanted->kind, wanted->instruction, wanted->rows);
    ck_assert_msg(str_eq(found->path, wanted->path), "%s, product %u: path of note '%.*s', not '%.*s'", title, product,
                  STR_FMT(found->path), STR_FMT(wanted->path));
    ck_assert_msg(str_eq(found->detail, wanted->detail), "%s, product %u: detail '%.*s', not '%.*s'", title, product,
                  STR_FMT(found->detail), STR_FMT(wanted->detail));
}

static void agree_on_notes(const char *title, uint32_t product, const struct note *found, const struct note *wanted)
{
    for (; found != NULL && wanted != NULL; found = found->next, wanted = wanted->next) {
        agree_on_note(title, product, found, wanted);
    }
    ck_assert_msg(found == NULL && wanted == NULL, "%s, product %u: too %s notes", title, product,
                  found == NULL ? "few" : "many");
}

static void agree_on_row(const struct program *program, const char *title, uint32_t product,
                         const struct outcome_row *found, const struct outcome_row *wanted)
{
    for (uint32_t i = 0; i < program->part_count; i++) {
        agree_on_flag(title, "part given", product, i, found->part_given[i], wanted->part_given[i]);
        agree_within(title, "part", product, i, found->part_double[i], found->part_bound[i], wanted->part[i]);
    }
    for (uint32_t i = 0; i < program->output_count; i++) {
        agree_on_flag(title, "output given", product, i, found->output_given[i], wanted->output_given[i]);
        agree_within(title, "output", product, i, found->output_double[i], found->output_bound[i], wanted->output[i]);
    }
    for (uint32_t i = 0; i < program->stage_count; i++) {
        agree_on_flag(title, "stage given", product, i, found->stage_given[i], wanted->stage_given[i]);
    }
    for (uint32_t i = 0; i < program->grade_count; i++) {
        agree_on_flag(title, "class kept", product, i, found->is_kept[0][i], wanted->is_kept[0][i]);
        agree_on_flag(title, "class kept, rounded,", product, i, found->is_kept[1][i], wanted->is_kept[1][i]);
        agree_on_value(title, "limit", product, i, found->limit_double[i], wanted->limit[i]);
    }
    ck_assert_msg(str_eq(found->name, wanted->name), "%s, product %u: row '%.*s', not '%.*s'", title, product,
                  STR_FMT(found->name), STR_FMT(wanted->name));
    ck_assert_msg(found->is_sensitivity == wanted->is_sensitivity, "%s, product %u: another headline", title, product);
    agree_on_value(title, "reference", product, 0, found->reference_double, wanted->reference);
    agree_within(title, "reference", product, 0, found->reference_double, found->reference_bound, wanted->reference);
}

static void agree_on_product(const struct program *program, const char *title, uint32_t product,
                             const struct outcome *found, const struct outcome *wanted)
{
    ck_assert_uint_eq(found->row_count, wanted->row_count);
    for (uint32_t r = 0; r < found->row_count; r++) {
        agree_on_row(program, title, product, &found->rows[r], &wanted->rows[r]);
    }
    agree_on_notes(title, product, found->notes, wanted->notes);
}

struct agreement engines_agree(struct fast *fast, struct batch *batch, const struct outcome *exact, const char *title,
                               struct outcome **outcomes)
{
    struct agreement agreement = {.products = batch->product_count};
    struct outcome *found = arena_array(&batch->arena, struct outcome, batch->product_count);
    fast_run_batch(fast, batch, found);
    for (uint32_t p = 0; p < batch->product_count; p++) {
        ck_assert_int_eq(found[p].is_failed, !batch->products[p].is_bound);
        agreement.failed += exact[p].is_failed;
        agreement.marked += found[p].is_marked && !exact[p].is_failed;
        const struct diag *first = batch->products[p].messages.first;
        if (found[p].is_failed || found[p].is_marked || (exact[p].is_failed && first->code == D_WORK_TOO_HIGH)) {
            continue; /* doubles do without the work that is too much */
        }
        ck_assert_msg(!exact[p].is_failed, "%s, product %u: should have failed: %s", title, p,
                      diag_message(&batch->arena, batch->products[p].messages.first, LANG_EN).at);
        agree_on_product(batch->program, title, p, &found[p], &exact[p]);
    }
    if (outcomes != NULL) {
        *outcomes = found;
    }
    return agreement;
}

/* ---- reported figures ---- */

/* As is promised of each value; the one wanted is exact but for its last bit. */
static void keep_promise(const char *title, const struct zuji_figure *found, const struct zuji_figure *wanted)
{
    const double promised = 0x1p-40 * (1 + 0x1p-10);
    double size = wanted->value < 0 ? -wanted->value : wanted->value;
    double off = found->value < wanted->value ? wanted->value - found->value : found->value - wanted->value;
    ck_assert_msg(off <= promised * size, "%s: the value of %s is %.17g, not %.17g", title, found->name, found->value,
                  wanted->value);
}

static void agree_on_figures(const char *title, const struct result_figures *found, const struct result_figures *wanted)
{
    ck_assert_uint_eq(found->count, wanted->count);
    for (size_t i = 0; i < found->count; i++) {
        ck_assert_msg(strcmp(found->items[i].reported, wanted->items[i].reported) == 0, "%s: %s is %s, not %s", title,
                      found->items[i].name, found->items[i].reported, wanted->items[i].reported);
        ck_assert_str_eq(found->items[i].mark, wanted->items[i].mark);
        keep_promise(title, &found->items[i], &wanted->items[i]);
        ck_assert_int_eq(found->items[i].is_given, wanted->items[i].is_given);
    }
}

static void agree_on_result(struct run *run, const char *title, uint32_t product, const struct outcome *outcome)
{
    struct zuji_result *wanted = run_result(run, product);
    struct zuji_result *found = result_new(&run->arena, run->plan, &run->batch.products[product], outcome);
    result_complete(found);
    ck_assert_int_eq(found->is_ok, wanted->is_ok);
    if (!found->is_ok) {
        return;
    }
    ck_assert_msg(strcmp(found->total.reported, wanted->total.reported) == 0, "%s: total %s, not %s", title,
                  found->total.reported, wanted->total.reported);
    ck_assert_str_eq(found->total.mark, wanted->total.mark);
    keep_promise(title, &found->total, &wanted->total);
    agree_on_figures(title, &found->stages, &wanted->stages);
    agree_on_figures(title, &found->flows, &wanted->flows);
    agree_on_figures(title, &found->categories, &wanted->categories);
    agree_on_figures(title, &found->gases, &wanted->gases);
    agree_on_figures(title, &found->reports, &wanted->reports);
}

void engines_report_alike(struct run *run, struct factor_binding *factors, const char *title)
{
    struct engine_options options = {.use_exact = false, .cost_limit = run->cost_limit, .natives = run->natives};
    struct engine *engine = engine_new(&run->arena, run->verified, run->plan, factors, options);
    struct outcome *outcomes = arena_array(&run->batch.arena, struct outcome, run->batch.product_count);
    engine_run_batch(engine, &run->batch, outcomes);
    for (uint32_t p = 0; p < run->batch.product_count; p++) {
        ck_assert_msg(outcomes[p].is_failed == run->outcomes[p].is_failed, "%s: status of product %u", title, p);
        agree_on_result(run, title, p, &outcomes[p]);
    }
    engine_free(engine);
}
