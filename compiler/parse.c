#include "compiler/parse_driver.h"

#include "base/utf8.h"
#include "compiler/literate.h"
#include "compiler/lost.h"
#include "compiler/walk.h"
#include "grammar/keywords.h"

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

/* Of a choice, row type, table, function or factor the parts are its own: it may have lost one. */
static bool is_made_of_parts(const struct decl *decl)
{
    return decl->kind == DECL_CHOICE || decl->kind == DECL_ROW || decl->kind == DECL_TABLE || decl->kind == DECL_FUNCTION ||
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
    } else if (parse_is_item(token->kind)) {
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
    int kind = parse_innermost(driver)->kind == FRAME_PAREN ? TOK_RIGHT_PAREN : TOK_RIGHT_BRACE;
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
        {TOK_ROW,      FRAME_FIELDS },
        {TOK_ALLOCATE, FRAME_SHARES },
        {TOK_NAMES,    FRAME_NAMES  },
        {TOK_TABLE,    FRAME_ROWS   }
    };
    struct frame *frame = parse_innermost(driver);
    if (kind == TOK_LEFT_PAREN) {
        open_frame(driver, FRAME_PAREN);
    } else if (kind == TOK_LEFT_BRACE) {
        open_frame(driver, block);
    } else if ((kind == TOK_RIGHT_PAREN || kind == TOK_RIGHT_BRACE) && driver->depth > 0) {
        driver->depth--;
        frame = parse_innermost(driver);
        frame->item =
            frame->item == TOK_TABLE && driver->frames[driver->depth + 1].kind == FRAME_ROWS ? 0 : frame->item;
    } else if (kind == TOK_MATCH) {
        frame->is_match = true;
        frame->is_list = false; /* of `list of Name` no brace was wanted */
    } else if (kind == TOK_LIST_OF) {
        frame->is_list = true;
    }
    if (parse_is_item_of(frame, kind)) {
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
        if (is_closed || parse_is_item_of(frame, token->kind)) {
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
    const struct frame *frame = parse_innermost(driver);
    int kind = token->kind;
    bool is_again = token->at.off == driver->parser.resumed_at;
    bool is_item = parse_is_item(kind) && token->is_first_on_line && !is_again;
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
    const struct frame *frame = parse_innermost(driver);
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
    const struct frame *frame = parse_innermost(driver);
    struct module *module = driver->parser.module;
    driver->lost_from = item_start(driver);
    module->is_torn |= token->kind == TOK_LEFT_BRACE || token->kind == TOK_RIGHT_BRACE ||
                       (parse_is_item(token->kind) && !parse_is_item_of(frame, token->kind));
    bool is_unknown_item = !parse_is_item(token->kind) && token->is_first_on_line;
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
        block = brace_kind(driver, parse_innermost(driver));
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
    const struct frame *frame = parse_innermost(driver);
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
        .is_item = parse_is_item_of(frame, token->kind) && !is_second,
    };
}

/* Decides between keyword and name, and between the comma of a list and the one between two declarations. */
static void settle(struct driver *driver)
{
    struct token *token = &driver->token;
    int read = token->kind;
    const struct frame *frame = parse_innermost(driver);
    if (token->kind == TOK_COMMA && parse_is_item_of(frame, driver->next.kind)) {
        token->kind = TOK_SEMICOLON;
    } else if (token->is_keyword && parse_is_name(driver)) {
        token->kind = TOK_NAME;
    } else if (token->kind == TOK_VALID && parse_is_attribute(driver)) {
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
        driver->lexer.is_in_fields = parse_innermost(driver)->kind == FRAME_FIELDS;
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
