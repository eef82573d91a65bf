#include "vm/unit_tokens.h"

#include <string.h>

#include "base/decimal.h"

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

static bool add_token(struct unit_tokens *tokens, struct str text, bool is_under)
{
    int power = power_of_per_cent(text);
    tokens->per_cent += is_under ? -power : power;
    if (text.len == 0 || tokens->count == UNIT_TOKENS_MAX) {
        return false;
    }
    text = power == 0 ? text : str_slice(text, 1, text.len); /* the tag stays */
    bool is_nothing = text.len == 0 || (power > 1) || str_eq(text, STR("1"));
    if (!is_nothing) {
        tokens->items[tokens->count++] = (struct unit_token){text, is_under};
    }
    return true;
}

bool unit_tokens_read(struct str text, struct unit_tokens *tokens)
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

struct str unit_tokens_join(struct arena *arena, const struct unit_tokens *tokens)
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

struct str unit_take_scale(struct arena *arena, struct str text, struct rat *scale)
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
