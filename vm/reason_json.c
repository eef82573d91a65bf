/* Reasons as members of a product's entry; keys in the order of SPEC.md, "Reasons". */
#include "vm/json_write.h"
#include "vm/result.h"

static void add_value(struct buf *out, const char *key, const struct zuji_value *value)
{
    if (value->text[0] == '\0') {
        return;
    }
    json_key(out, key);
    json_open(out, '{');
    if (value->is_number) {
        json_member_double(out, "value", value->number);
        json_member(out, "unit", value->unit);
    } else {
        json_member(out, "text", value->text);
    }
    buf_char(out, '}');
}

static void add_both(struct buf *out, const char *key, const char *const texts[2])
{
    json_key(out, key);
    json_open(out, '{');
    json_member(out, "en", texts[ZUJI_EN]);
    json_member(out, "zh", texts[ZUJI_ZH]);
    buf_char(out, '}');
}

void reasons_add_shares(struct buf *out, const struct zuji_reasons *reasons)
{
    json_key(out, "primary_data_share");
    if (reasons == NULL || !reasons->has_terms) {
        buf_add(out, STR("null"));
    } else {
        json_open(out, '{');
        json_member_double(out, "both", reasons->primary);
        json_member_double(out, "data", reasons->primary_data);
        json_member_double(out, "factors", reasons->primary_factors);
        buf_char(out, '}');
    }
    json_key(out, "quality");
    if (reasons == NULL || reasons->quality.covered <= 0) {
        buf_add(out, STR("null"));
        return;
    }
    const struct {
        const char *name;
        double value;
    } parts[] = {
        {"value",   reasons->quality.value  },
        {"data",    reasons->quality.data   },
        {"factors", reasons->quality.factors}
    };
    json_open(out, '{');
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        json_key(out, parts[i].name);
        if (parts[i].value > 0) {
            json_double(out, parts[i].value);
        } else {
            buf_add(out, STR("null"));
        }
    }
    json_member_double(out, "covered", reasons->quality.covered);
    buf_char(out, '}');
}

/* ---- grounds ---- */

static void add_keys(struct buf *out, const struct zuji_ground *ground)
{
    if (ground->key_count == 0) {
        return;
    }
    json_key(out, "keys");
    json_open(out, '[');
    for (size_t k = 0; k < ground->key_count; k++) {
        buf_add(out, k > 0 ? STR(",") : STR(""));
        json_text(out, ground->keys[k]);
    }
    buf_char(out, ']');
}

static void add_ground(struct buf *out, const struct zuji_ground *ground)
{
    static const char *const kinds[] = {
        [ZUJI_FACTOR] = "factor", [ZUJI_SUPPLIER] = "supplier", [ZUJI_CELL] = "table", [ZUJI_CONSTANT] = "constant",
        [ZUJI_EXTERNAL] = "external"};
    json_open(out, '{');
    if (ground->kind >= ZUJI_FACTOR) {
        json_member(out, "kind", kinds[ground->kind]);
    }
    json_member(out, "name", ground->name);
    json_member_unless_empty(out, "component", ground->component);
    add_keys(out, ground);
    json_member_unless_empty(out, "path", ground->path);
    if (ground->kind != ZUJI_LIST_ABSENT) {
        json_member_count(out, "rows", ground->rows);
    }
    add_value(out, "value", &ground->value);
    json_member_unless_empty(out, "replaces", ground->replaces);
    json_member_unless_empty(out, "source", ground->source);
    json_member_unless_empty(out, "region_asked", ground->region_asked);
    json_member_unless_empty(out, "region", ground->region);
    json_member_unless_empty(out, "year_asked", ground->year_asked);
    json_member_unless_empty(out, "year", ground->year);
    json_member_unless_empty(out, "period", ground->period);
    if (ground->quality > 0) {
        json_member_double(out, "quality", ground->quality);
    }
    if (ground->kind == ZUJI_ESTIMATE || ground->kind == ZUJI_FACTOR || ground->kind == ZUJI_SUPPLIER) {
        json_member_bool(out, "primary", ground->is_primary);
    }
    json_member_unless_empty(out, "licence", ground->licence);
    json_member_unless_empty(out, "status", ground->status);
    json_member_unless_empty(out, "id", ground->id);
    json_member_unless_empty(out, "uncertainty", ground->uncertainty);
    json_member_unless_empty(out, "clause", ground->clause);
    json_member_double(out, "share", ground->share);
    buf_char(out, '}');
}

/* Those of the kinds from `first` to `last`. */
static void add_grounds(struct buf *out, const char *key, const struct zuji_reasons *reasons,
                        enum zuji_ground_kind first, enum zuji_ground_kind last)
{
    json_key(out, key);
    json_open(out, '[');
    for (size_t g = 0; g < reasons->ground_count; g++) {
        if (reasons->grounds[g].kind >= first && reasons->grounds[g].kind <= last) {
            add_ground(out, &reasons->grounds[g]);
        }
    }
    buf_char(out, ']');
}

/* ---- checks ---- */

static void add_comparison(struct buf *out, const struct zuji_comparison *part)
{
    json_open(out, '{');
    json_member_unless_empty(out, "expression", part->expression);
    json_member_unless_empty(out, "path", part->path);
    if (part->sign[0] != '\0') {
        add_value(out, "left", &part->left);
        json_member(out, "comparison", part->sign);
        add_value(out, "right", &part->right);
        add_value(out, "tolerance", &part->within);
    }
    json_member_bool(out, "holds", part->holds);
    buf_char(out, '}');
}

static void add_check(struct buf *out, const struct zuji_check *check)
{
    static const char *const kinds[] = {[ZUJI_REQUIRE] = "require",
                                        [ZUJI_WARN] = "warn",
                                        [ZUJI_CUT_EACH] = "cutoff_each",
                                        [ZUJI_CUT_TOGETHER] = "cutoff_together"};
    static const char *const verdicts[] = {[ZUJI_PASSED] = "passed",
                                           [ZUJI_FAILED] = "failed",
                                           [ZUJI_NOT_APPLICABLE] = "not_applicable",
                                           [ZUJI_UNDECIDED] = "undecided"};
    json_open(out, '{');
    json_member(out, "kind", kinds[check->kind]);
    add_both(out, "text", check->text);
    json_member_unless_empty(out, "clause", check->clause);
    json_member(out, "verdict", verdicts[check->verdict]);
    json_member_count(out, "rows", check->rows);
    json_member_count(out, "failed", check->failed);
    json_key(out, "parts");
    json_open(out, '[');
    for (size_t p = 0; p < check->part_count; p++) {
        add_comparison(out, &check->parts[p]);
    }
    buf_add(out, STR("]}"));
}

static void add_checks(struct buf *out, const struct zuji_reasons *reasons)
{
    json_key(out, "checks");
    json_open(out, '[');
    for (size_t c = 0; c < reasons->check_count; c++) {
        add_check(out, &reasons->checks[c]);
    }
    buf_char(out, ']');
}

/* ---- cut-offs ---- */

static void add_limit(struct buf *out, const char *key, double limit)
{
    if (limit >= 0) {
        json_member_double(out, key, limit);
    }
}

static void add_cutoff(struct buf *out, const struct zuji_cutoff *cutoff)
{
    json_open(out, '{');
    json_member(out, "list", cutoff->list);
    json_member_unless_empty(out, "by", cutoff->by);
    add_limit(out, "limit_each", cutoff->limit_each);
    add_limit(out, "limit_together", cutoff->limit_together);
    add_value(out, "whole", &cutoff->whole);
    add_value(out, "cut", &cutoff->cut);
    json_member_double(out, "share", cutoff->share);
    json_key(out, "rows");
    json_open(out, '[');
    for (size_t r = 0; r < cutoff->row_count; r++) {
        json_open(out, '{');
        json_member(out, "path", cutoff->rows[r].path);
        json_member(out, "reason", cutoff->rows[r].reason);
        add_value(out, "amount", &cutoff->rows[r].amount);
        json_member_double(out, "share", cutoff->rows[r].share);
        buf_char(out, '}');
    }
    buf_add(out, STR("]}"));
}

static void add_cutoffs(struct buf *out, const struct zuji_reasons *reasons)
{
    json_key(out, "cutoffs");
    json_open(out, '[');
    for (size_t c = 0; c < reasons->cutoff_count; c++) {
        add_cutoff(out, &reasons->cutoffs[c]);
    }
    buf_char(out, ']');
}

/* ---- allocations ---- */

static void add_allocation(struct buf *out, const struct zuji_allocation *allocation)
{
    json_open(out, '{');
    json_member(out, "stage", allocation->stage);
    json_member_unless_empty(out, "process", allocation->process);
    json_member_unless_empty(out, "by", allocation->by);
    add_both(out, "because", allocation->because);
    json_member_unless_empty(out, "clause", allocation->clause);
    json_member(out, "unit", "kgCO2e");
    json_member_double(out, "unallocated", allocation->whole);
    json_member_double(out, "ours", allocation->ours);
    json_member_double(out, "others", allocation->others);
    json_member_double(out, "residual", allocation->residual);
    json_key(out, "shares");
    json_open(out, '[');
    for (size_t s = 0; s < allocation->share_count; s++) {
        json_open(out, '{');
        json_member_unless_empty(out, "name", allocation->shares[s].name);
        json_member_unless_empty(out, "path", allocation->shares[s].path);
        add_value(out, "key", &allocation->shares[s].key);
        json_member_double(out, "share", allocation->shares[s].share);
        json_member_bool(out, "ours", allocation->shares[s].is_ours);
        buf_char(out, '}');
    }
    buf_add(out, STR("]}"));
}

static void add_allocations(struct buf *out, const struct zuji_reasons *reasons)
{
    json_key(out, "allocations");
    json_open(out, '[');
    for (size_t a = 0; a < reasons->allocation_count; a++) {
        add_allocation(out, &reasons->allocations[a]);
    }
    buf_char(out, ']');
}

void reasons_add_lists(struct buf *out, const struct zuji_reasons *reasons, bool is_ok)
{
    if (reasons == NULL) {
        return;
    }
    if (is_ok) {
        add_grounds(out, "defaults", reasons, ZUJI_DEFAULT, ZUJI_DEFAULT);
        add_grounds(out, "absent_lists", reasons, ZUJI_LIST_ABSENT, ZUJI_LIST_ABSENT);
        add_grounds(out, "estimates", reasons, ZUJI_ESTIMATE, ZUJI_ESTIMATE);
        add_grounds(out, "factors", reasons, ZUJI_FACTOR, ZUJI_EXTERNAL);
        add_allocations(out, reasons);
        add_cutoffs(out, reasons);
    }
    add_checks(out, reasons);
}
