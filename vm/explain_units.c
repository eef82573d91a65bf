/* Units as people calculate with them: a per cent is a hundredth, so no unit of a product has it as a part. Of t·% the
   numbers are told in t, of 1/% as plain numbers, and those of % itself are hundredths however they are written. A
   scale in front of a unit
   ("1000 kg") goes into the number, too. */
#include "vm/explain.h"
#include "vm/unit_tokens.h"

struct explain_unit explain_unit(struct arena *arena, const struct program *program, uint16_t unit)
{
    const struct prog_unit *of = &program->units[unit];
    struct str text = program->texts[of->text];
    struct explain_unit found = {text.len == 0 ? STR("1") : text, RAT_ONE, RAT_ONE};
    struct unit_tokens tokens = {.count = 0};
    struct rat scale;
    text = unit_take_scale(arena, text, &scale);
    if (of->is_point || !unit_tokens_read(text, &tokens)) {
        return found;
    }
    if (str_eq(text, STR("%")) && rat_eq(scale, RAT_ONE)) { /* written as it is, told as hundredths */
        found.by = rat_of(arena, 1, 100);
    } else if (tokens.per_cent != 0 || !rat_eq(scale, RAT_ONE)) {
        found.text = unit_tokens_join(arena, &tokens);
        found.shown = rat_mul(arena, scale, rat_pow(arena, rat_of(arena, 1, 100), tokens.per_cent));
        found.by = found.shown;
    }
    return found;
}

/* Takes out what stands over and under alike. */
static void cancel(struct unit_tokens *tokens)
{
    bool is_out[UNIT_TOKENS_MAX] = {false};
    size_t kept = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        for (size_t k = 0; k < i && !is_out[i]; k++) {
            bool is_pair = !is_out[k] && tokens->items[i].is_under != tokens->items[k].is_under;
            is_out[i] = is_pair && str_eq(tokens->items[i].text, tokens->items[k].text);
            is_out[k] = is_out[k] || is_out[i];
        }
    }
    for (size_t i = 0; i < tokens->count; i++) {
        tokens->items[kept] = tokens->items[i];
        kept += !is_out[i];
    }
    tokens->count = kept;
}

struct str explain_ratio(struct arena *arena, struct str over, struct str under)
{
    struct unit_tokens tokens = {.count = 0};
    bool is_read = unit_tokens_read(over, &tokens);
    size_t own = tokens.count;
    is_read = is_read && unit_tokens_read(under, &tokens) && tokens.per_cent == 0;
    for (size_t i = own; i < tokens.count; i++) {
        tokens.items[i].is_under = !tokens.items[i].is_under;
    }
    if (!is_read) {
        const char *format = unit_text_is_product(under) ? "%.*s/(%.*s)" : "%.*s/%.*s";
        return str_format(arena, format, STR_FMT(over), STR_FMT(under));
    }
    cancel(&tokens);
    return unit_tokens_join(arena, &tokens);
}

struct str explain_product(struct arena *arena, struct str first, struct str second)
{
    struct unit_tokens tokens = {.count = 0};
    if (first.len == 0 || second.len == 0 || !unit_tokens_read(first, &tokens) || !unit_tokens_read(second, &tokens)) {
        return STR("");
    }
    cancel(&tokens);
    return unit_tokens_join(arena, &tokens);
}
