/* The words of the language, looked up in either spelling: keywords for the lexer; predefined names, rounding modes and
   canonical names for resolve and lower. Everything is static; nothing is allocated.
   Must not know where a word may stand. */
#ifndef ZUJI_GRAMMAR_KEYWORDS_H
#define ZUJI_GRAMMAR_KEYWORDS_H

#include "base/diag.h"
#include "base/map.h"
#include "base/rational.h"
#include "compiler/ast.h"

/* The token (TOK_… of the generated parser) of a keyword in either spelling, one space between two words; 0: none.
   `lang` (may be NULL) receives the language of the spelling. */
int keyword_lookup(struct str word, enum lang *lang);
/* All of them, for whoever asks for every word of a text: the token, with KEYWORD_ZH where the spelling is the Chinese
   one; KEYWORD_PAIR where the word is the first of two that make one token ("list of"), with or without one of its own. */
enum { KEYWORD_TOKEN = 0xFFFF, KEYWORD_ZH = 1 << 16, KEYWORD_PAIR = 1 << 17 };
struct map keyword_map(struct arena *arena);
/* Does it go on with what stands before it, as `else` and `primary` do? Of those that do not begin a declaration. */
bool keyword_goes_on(int token);
/* The keyword in one language; empty where the token is no keyword. */
struct str keyword_text(int token, enum lang lang);
/* A keyword, a predefined name, or a word of a category, given in English, as an argument of messages. */
struct str keyword_both(struct arena *arena, struct str keyword);
struct str predefined_both(struct arena *arena, enum predefined id);
/* The keyword of `tokens` that a word without spaces begins with ("阶段原材料"): its length in bytes, else 0.
   tokens == NULL: any Chinese keyword. */
size_t keyword_glued(struct str word, const int *tokens, size_t count);
/* Where a Chinese keyword begins that a word ends with and that goes on with something ("t初级"); 0: none. */
size_t keyword_glued_end(struct str word);
/* What messages call a token that is no keyword: "a name", "`=>`". NULL where it has no name. */
const char *token_description(int token, enum lang lang);

/* PREDEFINED_NONE where the word is none. */
enum predefined predefined_lookup(struct str word);
struct str predefined_text(enum predefined id, enum lang lang);
bool predefined_is_value(enum predefined id); /* not a function */
/* False where the word is no mode of rounding. */
bool rounding_lookup(struct str word, enum rounding *mode);
enum { ROUNDING_WORDS_MAX = 40 };
struct str rounding_text(enum rounding mode, enum lang lang);
size_t rounding_words(struct str words[ROUNDING_WORDS_MAX]); /* in all spellings; how many */

enum word_category { WORDS_TYPE, WORDS_CATEGORY, WORDS_STATUS, WORDS_JUDGE, WORDS_STRENGTH, WORDS_TIE, WORDS_MARK };
/* The canonical (English) form of a word of the category: "生产" gives "production"; a word that is none comes back
   unchanged. */
struct str word_canonical(enum word_category category, struct str word);
/* The word in one language; unchanged where it is none of the category. */
struct str word_in(enum word_category category, struct str word, enum lang lang);
struct str word_both(struct arena *arena, enum word_category category, struct str word);
/* The words of a category in their canonical form, each once; how many. */
enum { WORDS_MAX = 16 };
size_t word_list(enum word_category category, struct str words[WORDS_MAX]);
/* Is it a word of the category, in either spelling? */
bool word_is_known(enum word_category category, struct str word);

#endif
