#include "compiler/parse.h"

#include "base/utf8.h"
#include "compiler/literate.h"
#include "compiler/lost.h"
#include "compiler/syntax_error.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"
#include "grammar/lexer.h"
#include "parser.h"

struct frame {
    enum frame_kind kind;
    struct span open;
    enum frame_kind next_block; /* what the next brace opens, by the last keyword that wants one */
    bool is_match, is_list;     /* a `match` or `list of` still waits for its brace */
    int item;                   /* the declaration that is being read: the token that began it; 0: none, or it ended */
    struct span item_at;        /* that token */
    bool has_validity;          /* the rule has said its own */
};

enum { FRAMES_MAX = AST_DEPTH_MAX };

struct driver {
    struct parser parser;
    struct lexer lexer;
    zuji_yypstate *state;
    struct token token, next;
    struct frame frames[FRAMES_MAX];
    size_t depth;          /* frames[depth] is the innermost */
    size_t skip_depth;     /* brackets opened in what is being skipped */
    struct parse_log *log; /* NULL: not wanted */
    bool is_recovering;
    bool is_done;
    bool has_lang;
    uint32_t failed_at; /* offset of the last token that was refused */
    uint32_t lost_from; /* where what is being skipped began */
};

static void read_tokens(struct driver *driver);
static void mark_broken(struct parser *parser, const struct diag *first);

/* A file in another encoding gets one message, not one for each odd character. */
static bool is_utf8(struct module *module, const struct source *source, struct diags *out)
{
    size_t bad = utf8_validate(source->text);
    if (bad == source->text.len) {
        return true;
    }
    struct diag *diag = diag_add(out, D_INVALID_UTF8, (struct span){module->file, (uint32_t)bad, 1}, NULL, 0);
    diag_note(out, diag, T_SAVE_AS_UTF8, NULL, 0);
    module->has_errors = module->has_lost_all = true;
    return false;
}

/* Of a literate file the fences are read, at their places. */
static struct lexer open_lexer(struct arena *perm, const struct sources *sources, struct module *module,
                               struct diags *out)
{
    const struct source *source = sources_get(sources, module->file);
    struct lexer lexer = lexer_open(perm, sources, module->file, out);
    if (literate_is(source->path)) {
        module->literate = literate_read(perm, source->text);
        literate_check(module, out);
        struct str program = literate_program(perm, module->literate, source->text);
        lexer.start = lexer.cursor = (const unsigned char *)program.at;
        lexer.limit = lexer.start + program.len;
    }
    return lexer;
}

struct module *parse_module(struct arena *perm, const struct sources *sources, uint32_t file, struct diags *out)
{
    return parse_module_logged(perm, sources, file, out, NULL);
}

struct module *parse_module_logged(struct arena *perm, const struct sources *sources, uint32_t file, struct diags *out,
                                   struct parse_log *log)
{
    struct driver *driver = arena_new(perm, struct driver);
    struct module *module = arena_new(perm, struct module);
    size_t errors = out->errors;
    const struct diag *last = out->last;
    module->name = sources_get(sources, file)->path;
    module->file = file;
    module->lost = map_in(perm);
    if (!is_utf8(module, sources_get(sources, file), out)) {
        return module;
    }
    driver->parser =
        (struct parser){.perm = perm, .sources = sources, .out = out, .module = module, .resumed_at = UINT32_MAX};
    driver->parser.roles = log == NULL ? NULL : &log->roles;
    driver->log = log;
    driver->lexer = open_lexer(perm, sources, module, out);
    driver->failed_at = UINT32_MAX;
    driver->state = zuji_yypstate_new();
    if (driver->state == NULL) {
        arena_alloc(perm, SIZE_MAX, 2); /* out of memory: leaves by the arena's exit */
    }
    read_tokens(driver);
    zuji_yypstate_delete(driver->state);
    module->lang = driver->parser.lang;
    module->has_errors = out->errors > errors;
    mark_broken(&driver->parser, last == NULL ? out->first : last->next);
    return module;
}

/* Of a choice, table, function or factor the parts are its own: it may have lost one. */
static bool is_made_of_parts(const struct decl *decl)
{
    return decl->kind == DECL_CHOICE || decl->kind == DECL_TABLE || decl->kind == DECL_FUNCTION ||
           decl->kind == DECL_FACTOR;
}

/* Marks the innermost declaration that the place is in, and what it is a part of. */
static bool mark_at(struct decl *first, struct span at)
{
    for (struct decl *decl = first; decl != NULL; decl = decl->next) {
        if (at.off >= decl->at.off && at.off <= decl->at.off + decl->at.len) {
            bool is_inside = mark_at(decl_inner(decl), at) || mark_at(decl_columns(decl), at);
            decl->is_broken = decl->is_broken || !is_inside || is_made_of_parts(decl);
            return true;
        }
    }
    return false;
}

static void lose(struct parser *parser, uint32_t from, uint32_t to)
{
    struct str text = sources_get(parser->sources, parser->module->file)->text;
    lost_add(parser->module, str_slice(text, from < to ? from : to, to));
}

/* The line of a message: what is wrong there may have spoilt what stands around it. */
static void lose_line(struct parser *parser, struct span at)
{
    struct str text = sources_get(parser->sources, at.file)->text;
    uint32_t from = at.off, end = at.off + at.len;
    while (from > 0 && text.at[from - 1] != '\n') {
        from--;
    }
    while (end < text.len && text.at[end] != '\n') {
        end++;
    }
    lose(parser, from, end);
}

static void mark_broken(struct parser *parser, const struct diag *first)
{
    struct module *module = parser->module;
    for (const struct diag *diag = first; diag != NULL; diag = diag->next) {
        if (diag->at.file == module->file && diag_info(diag->code)->severity == SEVERITY_ERROR) {
            mark_at(module->items, diag->at);
            map_add(&module->lost, span_text(parser->sources, diag->at), 0); /* be it no word */
            lose_line(parser, diag->at);
        }
    }
}

/* --- words that are keywords elsewhere ------------------------------------------------------------------------------
 */

static struct frame *innermost(struct driver *driver)
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

static bool is_name_here(struct driver *driver)
{
    const struct token *token = &driver->token;
    int previous = driver->parser.previous;
    int next = driver->next.kind;
    enum frame_kind frame = innermost(driver)->kind;
    if (previous == TOK_DOT || (token->kind == TOK_GWP && next == TOK_LEFT_PAREN) ||
        (token->kind == TOK_GRADE && !is_wording(next))) { /* fields are often called so */
        return true;
    }
    if (frame == FRAME_NAMES) { /* unless what follows shows a declaration, before which a brace is missing */
        return next != TOK_TEXT && next != TOK_COLON && next != TOK_ASSIGN && next != TOK_LEFT_PAREN &&
               next != TOK_LEFT_BRACE && next != TOK_NUMBER;
    }
    bool is_target = previous == TOK_ALLOCATE && token->kind != TOK_TO;
    bool is_of_rounding = token->kind == TOK_TO && next == TOK_NUMBER; /* round stage to 2 decimals */
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

/* --- declarations and where they may stand
 * ---------------------------------------------------------------------------- */

/* By token: bits by frame_kind of where it begins a declaration. */
static const uint16_t ITEMS[] = {
#define IN(frame) (1U << FRAME_##frame)
    [TOK_IMPORT] = IN(MODULE),
    [TOK_CHOICE] = IN(MODULE),
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
    [TOK_GWP] = IN(RULE),
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
    [TOK_EXAMPLE] = IN(RULE),
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

static bool is_item_of(const struct frame *frame, int token)
{
    return (frames_of(token) & 1U << frame->kind) != 0;
}

/* --- feeding the parser
 * ------------------------------------------------------------------------------------------------ */

static void set_value(struct driver *driver, const struct token *token, ZUJI_YYSTYPE *value)
{
    switch (token->kind) {
    case TOK_NUMBER: {
        struct number *number = arena_new(driver->parser.perm, struct number);
        *number = (struct number){token->text, token->unit_text, token->unit_at};
        value->TOK_NUMBER = number;
        break;
    }
    case TOK_TEXT:
        value->TOK_TEXT = token->text;
        break;
    case TOK_DATE:
        value->TOK_DATE = token->text;
        break;
    default: /* names, and tokens whose text nobody reads */
        value->TOK_NAME = token->text;
        break;
    }
}

/* False where the parser refused the token. */
static bool push(struct driver *driver, const struct token *token)
{
    ZUJI_YYSTYPE value = {0};
    struct span at = token->at;
    struct parser *parser = &driver->parser;
    set_value(driver, token, &value);
    parser->has_failed = token->kind == TOK_ZUJI_YYerror;
    int status = zuji_yypush_parse(driver->state, token->kind, &value, &at, parser);
    if (status != YYPUSH_MORE) {
        driver->is_done = true;
    }
    if (token->is_cut) {
        parser->is_excused = true;
    } else if (frames_of(token->kind) != 0) {
        parser->is_excused = false;
    }
    parser->previous = token->kind;
    parser->previous_at = token->at;
    return !parser->has_failed;
}

/* A token that is not in the text, before the current one. */
static bool push_virtual(struct driver *driver, int kind)
{
    struct token token = {
        .kind = kind, .at = {driver->lexer.file, driver->token.at.off, 0}
    };
    return push(driver, &token);
}

/* Where the innermost declaration began that is being read. */
static uint32_t item_start(const struct driver *driver)
{
    size_t depth = driver->depth;
    while (depth > 0 && driver->frames[depth].item_at.len == 0) {
        depth--;
    }
    return driver->frames[depth].item_at.off;
}

static void resume(struct driver *driver)
{
    lose(&driver->parser, driver->lost_from, driver->token.at.off);
    push_virtual(driver, TOK_RESUME);
    driver->is_recovering = false;
    driver->skip_depth = 0;
}

/* Closes the innermost bracket for the author, without a word: the error that made it necessary was reported. */
static void close_frame(struct driver *driver)
{
    int kind = innermost(driver)->kind == FRAME_PAREN ? TOK_RIGHT_PAREN : TOK_RIGHT_BRACE;
    driver->parser.is_quiet = true;
    driver->parser.module->is_torn = true;
    if (!push_virtual(driver, kind)) {
        lose(&driver->parser, item_start(driver), driver->token.at.off);
        push_virtual(driver, TOK_RESUME); /* what was open could not end here; now it can */
        push_virtual(driver, kind);
    }
    driver->parser.is_quiet = false;
    driver->depth--;
}

static enum frame_kind brace_kind(struct driver *driver, struct frame *frame)
{
    if (driver->parser.previous == TOK_ARROW) {
        return FRAME_FIELDS;
    }
    if (frame->is_list) {
        frame->is_list = false;
        return FRAME_FIELDS;
    }
    if (frame->is_match) {
        frame->is_match = false;
        return FRAME_ARMS;
    }
    return frame->next_block;
}

static void open_frame(struct driver *driver, enum frame_kind kind)
{
    if (driver->depth + 1 >= FRAMES_MAX) {
        syntax_report_depth(&driver->parser, driver->token.at);
        driver->is_done = true;
        return;
    }
    driver->frames[++driver->depth] =
        (struct frame){.kind = kind, .open = driver->token.at, .next_block = FRAME_FIELDS};
}

/* Keeps the open brackets in step with an accepted token; `block` is what a brace opens. */
static void follow(struct driver *driver, int kind, enum frame_kind block)
{
    static const struct {
        int token;
        enum frame_kind block;
    } BLOCKS[] = {
        {TOK_RULE,     FRAME_RULE   },
        {TOK_LIFECYCLE, FRAME_LIFECYCLE},
        {TOK_BREAKDOWN, FRAME_CHOICE},
        {TOK_PROFILE, FRAME_PROFILE},
        {TOK_STAGE,    FRAME_STAGE  },
        {TOK_PROCESS,  FRAME_PROCESS},
        {TOK_EXAMPLE,  FRAME_EXAMPLE},
        {TOK_DATA,     FRAME_FIELDS },
        {TOK_CHOICE,   FRAME_CHOICE },
        {TOK_ALLOCATE, FRAME_SHARES },
        {TOK_NAMES,    FRAME_NAMES  },
        {TOK_TABLE,    FRAME_ROWS   }
    };
    struct frame *frame = innermost(driver);
    if (kind == TOK_LEFT_PAREN) {
        open_frame(driver, FRAME_PAREN);
    } else if (kind == TOK_LEFT_BRACE) {
        open_frame(driver, block);
    } else if ((kind == TOK_RIGHT_PAREN || kind == TOK_RIGHT_BRACE) && driver->depth > 0) {
        driver->depth--;
        frame = innermost(driver);
        frame->item =
            frame->item == TOK_TABLE && driver->frames[driver->depth + 1].kind == FRAME_ROWS ? 0 : frame->item;
    } else if (kind == TOK_MATCH) {
        frame->is_match = true;
    } else if (kind == TOK_LIST_OF) {
        frame->is_list = true;
    }
    if (is_item_of(frame, kind)) {
        frame->item = kind;
        frame->item_at = driver->token.at;
        frame->has_validity |= kind == TOK_VALID;
    }
    for (size_t i = 0; i < countof(BLOCKS); i++) {
        if (BLOCKS[i].token == kind) {
            frame->next_block = BLOCKS[i].block;
            frame->is_match = false;
            frame->is_list = false;
        }
    }
}

/* --- recovery
 * --------------------------------------------------------------------------------------------------------- */

enum step { STEP_SKIP, STEP_RESUME, STEP_CLOSE };

/* The innermost frame that the token closes or is an item of; SIZE_MAX where none is. */
static size_t frame_for(const struct driver *driver, const struct token *token)
{
    for (size_t i = driver->depth + 1; i-- > 0;) {
        const struct frame *frame = &driver->frames[i];
        bool is_closed = token->kind == TOK_RIGHT_BRACE && frame->kind != FRAME_PAREN && frame->kind != FRAME_MODULE;
        if (is_closed || is_item_of(frame, token->kind)) {
            return i;
        }
    }
    return SIZE_MAX;
}

static bool starts_row(const struct frame *frame, int token)
{
    if (token == TOK_NAME) {
        return true;
    }
    bool is_pattern = token == TOK_TEXT || token == TOK_NUMBER || token == TOK_UP_TO || token == TOK_BELOW ||
                      token == TOK_OTHERWISE || token == TOK_MAPS_TO;
    return is_pattern && (frame->kind == FRAME_ROWS || frame->kind == FRAME_ARMS);
}

static bool is_entries(enum frame_kind kind)
{
    return kind == FRAME_FIELDS || kind == FRAME_CHOICE || kind == FRAME_SHARES || kind == FRAME_NAMES ||
           kind == FRAME_ROWS || kind == FRAME_ARMS;
}

/* What to do with the token while recovering. */
static enum step next_step(struct driver *driver)
{
    const struct token *token = &driver->token;
    const struct frame *frame = innermost(driver);
    int kind = token->kind;
    bool is_again = token->at.off == driver->parser.resumed_at;
    bool is_item = frames_of(kind) != 0 && token->is_first_on_line && !is_again;
    if (kind == TOK_YYEOF) {
        return driver->depth == 0 ? STEP_RESUME : STEP_CLOSE;
    }
    if (driver->skip_depth > 0) {
        driver->skip_depth += kind == TOK_LEFT_PAREN || kind == TOK_LEFT_BRACE;
        driver->skip_depth -= kind == TOK_RIGHT_PAREN || kind == TOK_RIGHT_BRACE;
        bool is_strong = is_item && frame_for(driver, token) != SIZE_MAX && frame->kind == FRAME_PAREN;
        return is_strong ? STEP_CLOSE : STEP_SKIP;
    }
    if (kind == TOK_LEFT_PAREN || kind == TOK_LEFT_BRACE) {
        driver->skip_depth++;
        return STEP_SKIP;
    }
    if (kind == TOK_RIGHT_PAREN) {
        return frame->kind == FRAME_PAREN ? STEP_RESUME : STEP_SKIP;
    }
    if (kind == TOK_RIGHT_BRACE || is_item) {
        size_t wanted = frame_for(driver, token);
        return wanted == SIZE_MAX ? STEP_SKIP : wanted == driver->depth ? STEP_RESUME : STEP_CLOSE;
    }
    if (is_again || frame->kind == FRAME_PAREN) {
        return STEP_SKIP;
    }
    if (kind == TOK_SEMICOLON || (kind == TOK_COMMA && is_entries(frame->kind) && frame->kind != FRAME_ROWS)) {
        return STEP_RESUME;
    }
    return is_entries(frame->kind) && token->is_first_on_line && starts_row(frame, kind) ? STEP_RESUME : STEP_SKIP;
}

/* A block that is still open where something further out begins; an open parenthesis may be part of the error that is
   being recovered from, and an error at this very token has shown the bracket. */
static void report_unclosed(struct driver *driver)
{
    const struct frame *frame = innermost(driver);
    if (driver->token.at.off == driver->failed_at || frame->kind == FRAME_PAREN) {
        return;
    }
    const struct str sign = STR("}");
    struct parser *parser = &driver->parser;
    struct span place = syntax_place(parser, driver->token.kind, driver->token.at);
    struct diag *diag = diag_add(parser->out, D_UNCLOSED, place, &sign, 1);
    diag_label(parser->out, diag, frame->open, T_OPENED_HERE, NULL, 0);
    struct span behind = {place.file, parser->previous_at.off + parser->previous_at.len, 0};
    diag_guess(parser->out, diag, behind, STR("\n}"), T_INSERT_SIGN, &sign, 1)->is_applicable = true;
}

/* Goes on where the token allows it. False: the token is skipped. */
static bool recover(struct driver *driver)
{
    size_t wanted = driver->depth;
    switch (next_step(driver)) {
    case STEP_SKIP:
        return false;
    case STEP_RESUME:
        break;
    case STEP_CLOSE:
        wanted = driver->token.kind == TOK_YYEOF ? 0 : frame_for(driver, &driver->token);
        report_unclosed(driver);
        break;
    }
    resume(driver);
    while (driver->depth > wanted && !driver->is_done) {
        close_frame(driver);
    }
    driver->parser.resumed_at = driver->token.at.off;
    return true;
}

/* --- one token
 * -------------------------------------------------------------------------------------------------------- */

/* What the refused token takes with it. */
static void note_lost(struct driver *driver)
{
    const struct token *token = &driver->token;
    const struct frame *frame = innermost(driver);
    struct module *module = driver->parser.module;
    driver->lost_from = item_start(driver);
    module->is_torn |= token->kind == TOK_LEFT_BRACE || token->kind == TOK_RIGHT_BRACE ||
                       (frames_of(token->kind) != 0 && !is_item_of(frame, token->kind));
    bool is_unknown_item = frames_of(token->kind) == 0 && token->is_first_on_line;
    module->has_lost_name |= is_unknown_item;
    module->has_lost_all |= frame->kind == FRAME_MODULE && (is_unknown_item || frame->item == TOK_IMPORT);
}

static void feed(struct driver *driver)
{
    struct token *token = &driver->token;
    enum frame_kind block = FRAME_FIELDS;
    if (driver->is_recovering && !recover(driver)) {
        return;
    }
    if (token->kind == TOK_LEFT_BRACE) {
        block = brace_kind(driver, innermost(driver));
    }
    if (push(driver, token)) {
        follow(driver, token->kind, block);
        return;
    }
    driver->is_recovering = true;
    driver->failed_at = token->at.off;
    driver->skip_depth = 0;
    note_lost(driver);
    if (!driver->is_done && token->kind != TOK_ZUJI_YYerror && recover(driver)) {
        feed(driver);
    }
}

static void note_keyword(struct driver *driver, const struct token *token)
{
    if (driver->has_lang || token->kind == TOK_NAME || !token->is_keyword) {
        return;
    }
    driver->has_lang = true;
    driver->parser.lang = token->lang;
}

static void note_doc(struct parser *parser, const struct token *token)
{
    if (token->doc.len == 0) {
        return;
    }
    arena_grow(parser->perm, parser->docs, parser->doc_count, parser->doc_cap);
    parser->docs[parser->doc_count++] = (struct doc_comment){token->at.off, token->doc};
}

/* Before the parser has it; `read` is its kind as the lexer read it. */
static void log_token(struct driver *driver, const struct token *token, int read)
{
    struct parse_log *log = driver->log;
    if (log == NULL) {
        return;
    }
    const struct frame *frame = innermost(driver);
    arena_grow(log->roles.arena, log->items, log->count, log->cap);
    int previous = driver->parser.previous;
    bool is_second = previous == TOK_OPEN || previous == TOK_OVERRIDE || previous == TOK_EXTEND;
    log->items[log->count++] = (struct parsed_token){
        .kind = token->kind,
        .read = read,
        .at = token->at,
        .text = token->text,
        .unit_text = token->unit_text,
        .frame = frame->kind,
        .is_item = is_item_of(frame, token->kind) && !is_second,
    };
}

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
static bool is_attribute_here(struct driver *driver)
{
    const struct frame *frame = innermost(driver);
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

/* Decides between keyword and name, and between the comma of a list and the one between two declarations. */
static void settle(struct driver *driver)
{
    struct token *token = &driver->token;
    int read = token->kind;
    const struct frame *frame = innermost(driver);
    if (token->kind == TOK_COMMA && is_item_of(frame, driver->next.kind)) {
        token->kind = TOK_SEMICOLON;
    } else if (token->is_keyword && is_name_here(driver)) {
        token->kind = TOK_NAME;
    } else if (token->kind == TOK_VALID && is_attribute_here(driver)) {
        token->kind = TOK_VALIDITY;
    }
    log_token(driver, token, read);
    note_keyword(driver, token);
    note_doc(&driver->parser, token);
    driver->parser.is_in_rows = frame->kind == FRAME_ROWS;
    driver->parser.open = frame->open;
    driver->parser.closer = frame->kind == FRAME_PAREN ? TOK_RIGHT_PAREN : TOK_RIGHT_BRACE;
}

/* The brackets that the end of the file leaves open: one message for the innermost. */
static void close_all(struct driver *driver)
{
    if (driver->is_recovering) {
        recover(driver);
    } else if (driver->depth > 0) {
        report_unclosed(driver);
    }
    while (driver->depth > 0 && !driver->is_done) {
        close_frame(driver);
    }
}

static void read_tokens(struct driver *driver)
{
    driver->next = lexer_next(&driver->lexer);
    for (bool is_end = false; !is_end && !driver->is_done;) {
        driver->token = driver->next;
        is_end = driver->token.kind == TOK_YYEOF;
        driver->lexer.is_in_fields = innermost(driver)->kind == FRAME_FIELDS;
        if (is_end) {
            break;
        }
        driver->next = lexer_next(&driver->lexer);
        settle(driver);
        feed(driver);
    }
    driver->parser.is_at_end = true;
    if (!driver->is_done && !driver->is_recovering) {
        driver->is_recovering = !push_virtual(driver, TOK_SEMICOLON); /* ends what can end; else says what is missing */
        driver->failed_at = driver->is_recovering ? driver->token.at.off : UINT32_MAX;
        driver->lost_from = item_start(driver);
    }
    if (!driver->is_done) {
        close_all(driver);
    }
    driver->parser.module->has_lost_all |= driver->is_done; /* too deep: the rest was not read */
    if (!driver->is_done) {
        driver->parser.is_quiet = true;
        push_virtual(driver, TOK_YYEOF);
    }
}
