/* Units as people calculate with them: a per cent is a hundredth, so no unit of a product has it as a part. Of t·% the
   numbers are told in t, of 1/% as plain numbers, and those of % itself are hundredths however they are written. A
   scale in front of a unit
   ("1000 kg") goes into the number, too. */
#include <string.h>

#include "base/decimal.h"
#include "vm/explain.h"

enum { TOKENS_MAX = 32 };

struct token { /* of a unit's text: "kg{CO2}", "m2" */
    struct str text;
    bool is_under;
};
struct tokens {
    struct token items[TOKENS_MAX];
    size_t count;
    int per_cent; /* what was taken out: its power */
};

/* "%" and its powers; with a tag "%{clinker}". */
static int power_of_per_cent(struct str token)
{
    if (token.len == 0 || token.at[0] != '%') {
        return 0;
    }
    if (token.len == 1 || token.at[1] == '{') {
        return 1;
    }
    bool is_power = token.len == 2 && token.at[1] >= '2' && token.at[1] <= '9';
    return is_power ? token.at[1] - '0' : 0;
}

static bool add_token(struct tokens *tokens, struct str text, bool is_under)
{
    int power = power_of_per_cent(text);
    tokens->per_cent += is_under ? -power : power;
    if (text.len == 0 || tokens->count == TOKENS_MAX) {
        return false;
    }
    text = power == 0 ? text : str_slice(text, 1, text.len); /* the tag stays */
    bool is_nothing = text.len == 0 || (power > 1) || str_eq(text, STR("1"));
    if (!is_nothing) {
        tokens->items[tokens->count++] = (struct token){text, is_under};
    }
    return true;
}

/* a·b/c and a/(b·c); false for other forms, which are left as they are. */
static bool read_tokens(struct str text, struct tokens *tokens)
{
    static const char dot[] = "·";
    size_t from = 0;
    size_t depth = 0;
    bool is_under = false;
    for (size_t i = 0; i <= text.len; i++) {
        bool is_dot = str_starts(str_slice(text, i, text.len), STR("·"));
        bool is_end = i == text.len || is_dot || strchr("/() ", text.at[i]) != NULL;
        if (!is_end) {
            continue;
        }
        char sign = i == text.len ? '\0' : text.at[i];
        bool is_opened = sign == '(';
        bool is_closed = from > 0 && text.at[from - 1] == ')';
        if (sign == ' ' || (is_opened && (i != from || !is_under || depth > 0)) || (sign == '/' && is_under) ||
            (is_dot && is_under && depth == 0)) {
            return false;
        }
        if (!is_opened && !is_closed && !add_token(tokens, str_slice(text, from, i), is_under)) {
            return false;
        }
        depth += is_opened;
        is_under = is_under || sign == '/';
        i += is_dot ? sizeof dot - 2 : 0;
        from = i + 1;
    }
    return true;
}

static struct str join_tokens(struct arena *arena, const struct tokens *tokens)
{
    struct buf text = buf_in(arena);
    size_t under = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        under += tokens->items[i].is_under;
        if (!tokens->items[i].is_under) {
            buf_add(&text, text.len > 0 ? STR("·") : STR(""));
            buf_add(&text, tokens->items[i].text);
        }
    }
    buf_add(&text, text.len == 0 ? STR("1") : STR(""));
    buf_add(&text, under == 0 ? STR("") : under == 1 ? STR("/") : STR("/("));
    for (size_t i = 0, met = 0; i < tokens->count; i++) {
        if (tokens->items[i].is_under) {
            buf_add(&text, met++ > 0 ? STR("·") : STR(""));
            buf_add(&text, tokens->items[i].text);
        }
    }
    buf_add(&text, under > 1 ? STR(")") : STR(""));
    return buf_str(&text);
}

/* "1000 kg": the scale in front of a unit that has no name of its own, and the rest of the text. */
static struct str take_scale(struct arena *arena, struct str text, struct rat *scale)
{
    size_t space = 0;
    while (space < text.len && text.at[space] != ' ') {
        space++;
    }
    struct str number = str_slice(text, 0, space);
    if (space == text.len || (!rat_parse(arena, number, scale) && !decimal_to_rat(arena, number, scale))) {
        *scale = RAT_ONE;
        return text;
    }
    return str_slice(text, space + 1, text.len);
}

struct explain_unit explain_unit(struct arena *arena, const struct program *program, uint16_t unit)
{
    const struct prog_unit *of = &program->units[unit];
    struct str text = program->texts[of->text];
    struct explain_unit found = {text.len == 0 ? STR("1") : text, RAT_ONE, RAT_ONE};
    struct tokens tokens = {.count = 0};
    struct rat scale;
    text = take_scale(arena, text, &scale);
    if (of->is_point || !read_tokens(text, &tokens)) {
        return found;
    }
    if (str_eq(text, STR("%")) && rat_eq(scale, RAT_ONE)) { /* written as it is, told as hundredths */
        found.by = rat_of(arena, 1, 100);
    } else if (tokens.per_cent != 0 || !rat_eq(scale, RAT_ONE)) {
        found.text = join_tokens(arena, &tokens);
        found.shown = rat_mul(arena, scale, rat_pow(arena, rat_of(arena, 1, 100), tokens.per_cent));
        found.by = found.shown;
    }
    return found;
}

/* Takes out what stands over and under alike. */
static void cancel(struct tokens *tokens)
{
    for (size_t i = 0; i < tokens->count; i++) {
        for (size_t k = i + 1; k < tokens->count; k++) {
            bool is_pair = tokens->items[i].is_under != tokens->items[k].is_under;
            if (is_pair && str_eq(tokens->items[i].text, tokens->items[k].text)) {
                tokens->items[k] = tokens->items[--tokens->count];
                tokens->items[i] = tokens->items[--tokens->count];
                i--;
                break;
            }
        }
    }
}

struct str explain_ratio(struct arena *arena, struct str over, struct str under)
{
    struct tokens tokens = {.count = 0};
    bool is_read = read_tokens(over, &tokens);
    size_t own = tokens.count;
    is_read = is_read && read_tokens(under, &tokens) && tokens.per_cent == 0;
    for (size_t i = own; i < tokens.count; i++) {
        tokens.items[i].is_under = !tokens.items[i].is_under;
    }
    if (!is_read) {
        const char *format = unit_text_is_product(under) ? "%.*s/(%.*s)" : "%.*s/%.*s";
        return str_format(arena, format, STR_FMT(over), STR_FMT(under));
    }
    cancel(&tokens);
    return join_tokens(arena, &tokens);
}
