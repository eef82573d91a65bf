/* What a token is by its place: keyword or name, the beginning of a declaration, an attribute. */
#include "compiler/parse_driver.h"

/* --- declarations and where they may stand --- */

/* By token: bits by frame_kind of where it begins a declaration. */
static const uint16_t ITEMS[] = {
#define IN(frame) (1U << FRAME_##frame)
    [TOK_IMPORT] = IN(MODULE),
    [TOK_CHOICE] = IN(MODULE),
    [TOK_ROW] = IN(MODULE) | IN(RULE),
    [TOK_UNIT] = IN(MODULE),
    [TOK_RULE] = IN(MODULE),
    [TOK_TABLE] = IN(MODULE) | IN(RULE),
    [TOK_FUNCTION] = IN(MODULE) | IN(RULE),
    [TOK_NAMES] = IN(MODULE) | IN(RULE),
    [TOK_EXTERNAL_FUNCTION] = IN(MODULE),
    [TOK_LET] = IN(MODULE) | IN(RULE) | IN(STAGE) | IN(PROCESS),
    [TOK_OPEN] = IN(MODULE) | IN(RULE) | IN(STAGE) | IN(PROCESS),
    [TOK_OVERRIDE] = IN(MODULE) | IN(RULE) | IN(STAGE) | IN(PROCESS),
    [TOK_EXTEND] = IN(RULE) | IN(STAGE),
    [TOK_FACTOR] = IN(MODULE) | IN(RULE) | IN(EXAMPLE),
    [TOK_VERSION] = IN(RULE),
    [TOK_STATUS] = IN(RULE),
    [TOK_CONFORMS] = IN(RULE),
    [TOK_GWP] = IN(RULE) | IN(EXAMPLE),
    [TOK_JUDGE] = IN(RULE),
    [TOK_LIFECYCLE] = IN(MODULE) | IN(RULE),
    [TOK_BREAKDOWN] = IN(MODULE),
    [TOK_PROFILE] = IN(MODULE),
    [TOK_PHASE] = IN(LIFECYCLE),
    [TOK_DEMAND] = IN(PROFILE),
    [TOK_DECLARED] = IN(RULE),
    [TOK_FUNCTIONAL] = IN(RULE),
    [TOK_BOUNDARY] = IN(RULE) | IN(LIFECYCLE),
    [TOK_EXCLUDE] = IN(RULE),
    [TOK_ZERO] = IN(RULE),
    [TOK_VALID] = IN(RULE),
    [TOK_APART] = IN(RULE),
    [TOK_REFERENCE] = IN(RULE) | IN(EXAMPLE),
    [TOK_STAGE] = IN(RULE),
    [TOK_CUTOFF] = IN(RULE),
    [TOK_ROUND] = IN(RULE),
    [TOK_REPORT] = IN(RULE),
    [TOK_GRADE] = IN(RULE),
    [TOK_EXAMPLE] = IN(MODULE) | IN(RULE),
    [TOK_DATA] = IN(RULE) | IN(STAGE) | IN(PROCESS) | IN(EXAMPLE),
    [TOK_ALLOCATE] = IN(RULE) | IN(STAGE) | IN(PROCESS),
    [TOK_REQUIRE] = IN(RULE) | IN(STAGE) | IN(PROCESS),
    [TOK_WARN] = IN(RULE) | IN(STAGE) | IN(PROCESS),
    [TOK_PROCESS] = IN(STAGE),
    [TOK_EMIT] = IN(STAGE) | IN(PROCESS),
    [TOK_REMOVE] = IN(STAGE) | IN(PROCESS),
    [TOK_AVOID] = IN(STAGE) | IN(PROCESS),
    [TOK_KEY] = IN(EXAMPLE),
    [TOK_EXPECT] = IN(EXAMPLE),
#undef IN
};

static unsigned frames_of(int token)
{
    return token >= 0 && (size_t)token < countof(ITEMS) ? ITEMS[token] : 0;
}

bool parse_is_item(int token)
{
    return frames_of(token) != 0;
}

bool parse_is_item_of(const struct frame *frame, int token)
{
    return (frames_of(token) & 1U << frame->kind) != 0;
}

/* --- words that are keywords elsewhere --- */

struct frame *parse_innermost(struct driver *driver)
{
    return &driver->frames[driver->depth];
}

/* A word behind one of these, on its line, is a name whatever it is. */
static bool wants_name(int token)
{
    static const int TOKENS[] = {TOK_IMPORT,   TOK_STATUS,  TOK_CONFORMS, TOK_JUDGE, TOK_LIFECYCLE,
                                 TOK_BOUNDARY, TOK_EXCLUDE, TOK_ZERO,     TOK_AS,    TOK_EMIT,
                                 TOK_STAGE,    TOK_PROCESS, TOK_REPORT,   TOK_PHASE, TOK_BREAKDOWN,
                                 TOK_PROFILE,  TOK_DEMAND,  TOK_REMOVE,   TOK_AVOID, TOK_SPLIT,
                                 TOK_EXTENDS,  TOK_KEY};
    for (size_t i = 0; i < countof(TOKENS); i++) {
        if (TOKENS[i] == token) {
            return true;
        }
    }
    return false;
}

static bool starts_entry(const struct driver *driver)
{
    int previous = driver->parser.previous;
    return driver->token.is_first_on_line || previous == TOK_LEFT_BRACE || previous == TOK_LEFT_PAREN ||
           previous == TOK_COMMA || previous == TOK_SEMICOLON;
}

/* Does a text begin with it, perhaps with its language? */
static bool is_wording(int token)
{
    return token == TOK_TEXT || token == TOK_EN || token == TOK_ZH;
}

bool parse_is_name(struct driver *driver)
{
    const struct token *token = &driver->token;
    int previous = driver->parser.previous;
    int next = driver->next.kind;
    enum frame_kind frame = parse_innermost(driver)->kind;
    if (previous == TOK_DOT || (token->kind == TOK_GWP && next == TOK_LEFT_PAREN) ||
        (token->kind == TOK_GRADE && !is_wording(next)) || /* fields are often called so */
        (token->kind == TOK_ROW && (next != TOK_NAME || !starts_entry(driver)))) { /* and rows of lists so */
        return true;
    }
    if (frame == FRAME_NAMES) { /* unless what follows shows a declaration, before which a brace is missing */
        return next != TOK_TEXT && next != TOK_COLON && next != TOK_ASSIGN && next != TOK_LEFT_PAREN &&
               next != TOK_LEFT_BRACE && next != TOK_NUMBER;
    }
    bool is_target = previous == TOK_ALLOCATE && token->kind != TOK_TO;
    bool is_amount = next == TOK_NUMBER || next == TOK_MULTIPLES_OF;
    bool is_of_rounding = token->kind == TOK_TO && is_amount; /* round stage to 2 decimals */
    if ((wants_name(previous) || is_target) && !is_of_rounding && !token->is_first_on_line) {
        return true;
    }
    if (!starts_entry(driver)) {
        return false;
    }
    switch (frame) {
    case FRAME_CHOICE: {
        bool is_label = (token->kind == TOK_ZH || token->kind == TOK_EN) && next == TOK_TEXT;
        bool is_declaration = token->is_first_on_line && next == TOK_NAME && !driver->next.is_first_on_line;
        return !is_label && !is_declaration;
    }
    case FRAME_PAREN:
        return (next == TOK_COLON && token->kind != TOK_IS_GIVEN) || (next == TOK_ASSIGN && !token->is_first_on_line);
    case FRAME_SHARES:
        return next == TOK_ASSIGN;
    case FRAME_ROWS:
    case FRAME_ARMS:
        return next == TOK_MAPS_TO && token->kind != TOK_OTHERWISE;
    case FRAME_MODULE:
    case FRAME_LIFECYCLE:
    case FRAME_PROFILE:
    case FRAME_RULE:
    case FRAME_STAGE:
    case FRAME_PROCESS:
    case FRAME_EXAMPLE:
    case FRAME_FIELDS:
    case FRAME_NAMES:
        break;
    }
    return next == TOK_COLON && token->kind != TOK_IS_GIVEN;
}

/* --- attributes --- */

/* The validity of the rule, or an attribute of what stands before it? The author is asked, and both answers are tried. */
static void ask_whose_valid(struct driver *driver, struct span declaration)
{
    struct parser *parser = &driver->parser;
    struct span at = driver->token.at;
    struct span behind = {at.file, parser->previous_at.off + parser->previous_at.len, 0};
    struct span gap = {at.file, behind.off, at.off - behind.off};
    struct str between = str_slice(sources_get(parser->sources, at.file)->text, gap.off, at.off);
    struct diag *diag = diag_add(parser->out, D_VALID_OF_WHICH, at, NULL, 0);
    diag_label(parser->out, diag, declaration, T_VALID_OF_DECLARATION, NULL, 0);
    diag_guess(parser->out, diag, (struct span){at.file, at.off, 0}, STR("; "), T_VALID_OF_RULE, NULL, 0);
    if (str_trim(between).len == 0) { /* no comment that would be lost */
        diag_guess(parser->out, diag, gap, STR(" "), T_VALID_ON_LINE, NULL, 0);
    }
}

/* `valid` begins a line of a rule, unless what goes on is a declaration that may have it as an attribute. */
bool parse_is_attribute(struct driver *driver)
{
    const struct frame *frame = parse_innermost(driver);
    bool may_have = frame->item == TOK_TABLE || frame->item == TOK_FACTOR || frame->item == TOK_LET;
    if (frame->kind != FRAME_RULE) {
        return true;
    }
    if (!may_have || driver->parser.previous == TOK_SEMICOLON) {
        return !starts_entry(driver);
    }
    if (!driver->token.is_first_on_line || frame->has_validity) {
        return true;
    }
    if (!driver->is_recovering) {
        ask_whose_valid(driver, frame->item_at);
    }
    return false;
}
