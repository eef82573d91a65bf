#include "grammar/keywords.h"

#include "parser.h"

struct keyword {
    int token;
    struct str text[2]; /* by enum lang; the Chinese one alone in aliases */
};

/* clang-format off */
#define IGNORE2(a, b)
#define IGNORE3(a, b, c)
#define ROW(number, en, zh) {(int)(number), {{en, sizeof(en) - 1}, {zh, sizeof(zh) - 1}}},
#define KEYWORD IGNORE3
#define KEYWORD_ALIAS IGNORE2
#define PREDEFINED IGNORE3
#define PREDEFINED_ALIAS IGNORE2
#define ROUNDING IGNORE3
#define ROUNDING_ALIAS IGNORE2
#define WORD IGNORE3
#define WORD_ALIAS IGNORE3
#define TOKEN IGNORE3

#undef KEYWORD
#undef KEYWORD_ALIAS
#define KEYWORD(id, en, zh) ROW(TOK_##id, en, zh)
#define KEYWORD_ALIAS(id, spelling) ROW(TOK_##id, "", spelling)
static const struct keyword KEYWORDS[] = {
#include "grammar/keywords.def"
};
#undef KEYWORD
#undef KEYWORD_ALIAS
#define KEYWORD IGNORE3
#define KEYWORD_ALIAS IGNORE2

#undef PREDEFINED
#undef PREDEFINED_ALIAS
#define PREDEFINED(id, en, zh) ROW(PREDEFINED_##id, en, zh)
#define PREDEFINED_ALIAS(id, spelling) ROW(PREDEFINED_##id, "", spelling)
static const struct keyword PREDEFINED_NAMES[] = {
#include "grammar/keywords.def"
};
#undef PREDEFINED
#undef PREDEFINED_ALIAS
#define PREDEFINED IGNORE3
#define PREDEFINED_ALIAS IGNORE2

#undef ROUNDING
#undef ROUNDING_ALIAS
#define ROUNDING(id, en, zh) ROW(ROUND_##id, en, zh)
#define ROUNDING_ALIAS(id, spelling) ROW(ROUND_##id, "", spelling)
static const struct keyword ROUNDINGS[] = {
#include "grammar/keywords.def"
};
#undef ROUNDING
#undef ROUNDING_ALIAS
#define ROUNDING IGNORE3
#define ROUNDING_ALIAS IGNORE2

#undef WORD
#undef WORD_ALIAS
#define WORD(category, en, zh) ROW(WORDS_##category, en, zh)
#define WORD_ALIAS WORD
static const struct keyword WORDS[] = {
#include "grammar/keywords.def"
};
#undef WORD
#undef WORD_ALIAS
#define WORD IGNORE3
#define WORD_ALIAS IGNORE3

#undef TOKEN
#define TOKEN(token, en, zh) {TOK_##token, {en, zh}},
static const struct {
    int token;
    const char *text[2];
} DESCRIPTIONS[] = {
#include "grammar/keywords.def"
};
/* clang-format on */

static const struct keyword *find(const struct keyword *rows, size_t count, struct str word, enum lang *lang)
{
    for (size_t i = 0; i < count && word.len > 0; i++) {
        for (enum lang l = LANG_EN; l <= LANG_ZH; l++) {
            if (str_eq(rows[i].text[l], word)) {
                if (lang != NULL) {
                    *lang = l;
                }
                return &rows[i];
            }
        }
    }
    return NULL;
}

int keyword_lookup(struct str word, enum lang *lang)
{
    const struct keyword *found = find(KEYWORDS, countof(KEYWORDS), word, lang);
    return found == NULL ? 0 : found->token;
}

static void map_word(struct map *map, struct str word, uint32_t bits)
{
    uint32_t known = 0;
    if (word.len > 0) {
        map_get(map, word, &known);
        map_set(map, word, known | bits);
    }
}

struct map keyword_map(struct arena *arena)
{
    struct map map = map_in(arena);
    for (size_t i = 0; i < countof(KEYWORDS); i++) {
        const struct str *text = KEYWORDS[i].text;
        uint32_t token = (uint32_t)KEYWORDS[i].token;
        map_word(&map, text[LANG_EN], token);
        if (!str_eq(text[LANG_EN], text[LANG_ZH])) {
            map_word(&map, text[LANG_ZH], token | KEYWORD_ZH);
        }
        for (size_t at = 0; at < text[LANG_EN].len; at++) {
            if (text[LANG_EN].at[at] == ' ') {
                map_word(&map, str_slice(text[LANG_EN], 0, at), KEYWORD_PAIR);
            }
        }
    }
    return map;
}

bool keyword_goes_on(int token)
{
    switch (token) {
    case TOK_THEN:
    case TOK_ELSE:
    case TOK_AND:
    case TOK_OR:
    case TOK_DEFAULT:
    case TOK_WITHIN:
    case TOK_IS_GIVEN:
    case TOK_WHEN:
    case TOK_WHERE:
    case TOK_PRIMARY:
    case TOK_SECONDARY:
    case TOK_OPTIONAL:
    case TOK_RANGE:
    case TOK_CITE:
    case TOK_CLAUSE:
    case TOK_BECAUSE:
    case TOK_BY:
    case TOK_TO:
    case TOK_EACH:
    case TOK_TOGETHER:
        return true;
    default:
        return false;
    }
}

struct str keyword_text(int token, enum lang lang)
{
    for (size_t i = 0; i < countof(KEYWORDS); i++) {
        if (KEYWORDS[i].token == token) {
            return KEYWORDS[i].text[lang]; /* the first row of a token is no alias */
        }
    }
    return STR("");
}

static bool contains(const int *tokens, size_t count, int token)
{
    for (size_t i = 0; i < count; i++) {
        if (tokens[i] == token) {
            return true;
        }
    }
    return false;
}

size_t keyword_glued(struct str word, const int *tokens, size_t count)
{
    size_t longest = 0;
    for (size_t i = 0; i < countof(KEYWORDS); i++) {
        struct str text = KEYWORDS[i].text[LANG_ZH];
        bool is_chinese = ((unsigned char)text.at[0] & 0x80U) != 0;
        if (is_chinese && text.len > longest && text.len < word.len && str_starts(word, text) &&
            (tokens == NULL || contains(tokens, count, KEYWORDS[i].token))) {
            longest = text.len;
        }
    }
    return longest;
}

size_t keyword_glued_end(struct str word)
{
    for (size_t i = 0; i < countof(KEYWORDS); i++) {
        struct str text = KEYWORDS[i].text[LANG_ZH];
        if (text.len > 0 && text.len < word.len && keyword_goes_on(KEYWORDS[i].token) && str_ends(word, text)) {
            return word.len - text.len;
        }
    }
    return 0;
}

const char *token_description(int token, enum lang lang)
{
    for (size_t i = 0; i < countof(DESCRIPTIONS); i++) {
        if (DESCRIPTIONS[i].token == token) {
            return DESCRIPTIONS[i].text[lang];
        }
    }
    return NULL;
}

enum predefined predefined_lookup(struct str word)
{
    const struct keyword *found = find(PREDEFINED_NAMES, countof(PREDEFINED_NAMES), word, NULL);
    return found == NULL ? PREDEFINED_NONE : (enum predefined)found->token;
}

struct str predefined_text(enum predefined id, enum lang lang)
{
    for (size_t i = 0; i < countof(PREDEFINED_NAMES); i++) {
        if (PREDEFINED_NAMES[i].token == (int)id) {
            return PREDEFINED_NAMES[i].text[lang];
        }
    }
    return STR("");
}

bool predefined_is_value(enum predefined id)
{
    return id == PREDEFINED_TRUE || id == PREDEFINED_FALSE || id == PREDEFINED_TOTAL ||
           id == PREDEFINED_REST;
}

bool rounding_lookup(struct str word, enum rounding *mode)
{
    const struct keyword *found = find(ROUNDINGS, countof(ROUNDINGS), word, NULL);
    if (found != NULL) {
        *mode = (enum rounding)found->token;
    }
    return found != NULL;
}

struct str rounding_text(enum rounding mode, enum lang lang)
{
    for (size_t i = 0; i < countof(ROUNDINGS); i++) {
        if (ROUNDINGS[i].token == (int)mode) {
            return ROUNDINGS[i].text[lang]; /* the first row of a mode is no alias */
        }
    }
    return STR("");
}

size_t rounding_words(struct str words[ROUNDING_WORDS_MAX])
{
    _Static_assert(2 * countof(ROUNDINGS) <= ROUNDING_WORDS_MAX, "room for every spelling");
    size_t count = 0;
    for (size_t i = 0; i < countof(ROUNDINGS); i++) {
        words[count++] = ROUNDINGS[i].text[LANG_EN];
        words[count++] = ROUNDINGS[i].text[LANG_ZH];
    }
    return count;
}

static const struct keyword *find_word(enum word_category category, struct str word)
{
    for (size_t i = 0; i < countof(WORDS); i++) {
        if (WORDS[i].token == (int)category &&
            (str_eq(WORDS[i].text[LANG_EN], word) || str_eq(WORDS[i].text[LANG_ZH], word))) {
            return &WORDS[i];
        }
    }
    return NULL;
}

struct str word_canonical(enum word_category category, struct str word)
{
    const struct keyword *found = find_word(category, word);
    return found == NULL ? word : found->text[LANG_EN];
}

struct str word_in(enum word_category category, struct str word, enum lang lang)
{
    struct str canonical = word_canonical(category, word);
    for (size_t i = 0; i < countof(WORDS); i++) {
        if (WORDS[i].token == (int)category && str_eq(WORDS[i].text[LANG_EN], canonical)) {
            return WORDS[i].text[lang]; /* the first row of a word is no alias */
        }
    }
    return word;
}

bool word_is_known(enum word_category category, struct str word)
{
    return find_word(category, word) != NULL;
}

size_t word_list(enum word_category category, struct str words[WORDS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < countof(WORDS) && count < WORDS_MAX; i++) {
        bool is_alias = count > 0 && str_eq(WORDS[i].text[LANG_EN], words[count - 1]);
        if (WORDS[i].token == (int)category && !is_alias) {
            words[count++] = WORDS[i].text[LANG_EN];
        }
    }
    return count;
}

/* ---- as arguments of messages ---- */

static struct str both(struct arena *arena, const struct keyword *found, struct str word)
{
    return found == NULL || found->text[LANG_ZH].len == 0 ? word : diag_both(arena, word, found->text[LANG_ZH]);
}

struct str keyword_both(struct arena *arena, struct str keyword)
{
    return both(arena, find(KEYWORDS, countof(KEYWORDS), keyword, NULL), keyword);
}

struct str predefined_both(struct arena *arena, enum predefined id)
{
    return diag_both(arena, predefined_text(id, LANG_EN), predefined_text(id, LANG_ZH));
}

struct str word_both(struct arena *arena, enum word_category category, struct str word)
{
    return both(arena, find_word(category, word), word);
}
