/* Properties of characters (libunistring): identifiers, display width, normal form, look-alikes.
   Owns nothing; normalised texts go to the arena given. For the compiler and the command line, not for libzuji.
   Must not know the language: what is accepted where is the lexer's business. */
#ifndef ZUJI_BASE_UNICODE_H
#define ZUJI_BASE_UNICODE_H

#include "base/str.h"

bool unicode_is_identifier_start(uint32_t c);    /* XID_Start or '_' */
bool unicode_is_identifier_continue(uint32_t c); /* XID_Continue without U+00B7 and U+0387 */
/* Cells of a terminal: 2 for Han and full-width forms, 0 for combining and control characters. */
int unicode_width(uint32_t c);

bool unicode_is_nfc(struct str s); /* ill-formed UTF-8 counts as normal: the lexer reports it otherwise */
struct str unicode_nfc(struct arena *arena, struct str s);

/* Characters that look like another one, or like nothing. A caller that accepts one of them (full-width
   punctuation, U+3000 as a space) asks only after its own rules. U+002D and U+2212 are none, and neither are
   the Han and kana letters that merely resemble a dash: see unicode_is_dash_letter. */
enum hazard_kind {
    HAZARD_NONE,
    HAZARD_FULL_WIDTH,    /* full-width form of an ASCII character */
    HAZARD_RADICAL,       /* CJK or Kangxi radical that looks like a Han character */
    HAZARD_COMPATIBILITY, /* CJK compatibility ideograph, subscript digit, styled or half-width letter */
    HAZARD_DASH,
    HAZARD_SPACE,     /* white space other than ASCII */
    HAZARD_BIDI,      /* changes the order of the text shown */
    HAZARD_INVISIBLE, /* zero-width characters, variation selectors, tags */
};
struct hazard {
    enum hazard_kind kind;
    uint32_t replacement; /* 0 where there is none */
};
struct hazard unicode_hazard(uint32_t c);
/* What a character of a whole unit stands for (㎏, ㎡), in ASCII or with a micro sign; 0: it is none. */
size_t unicode_squared(uint32_t c, char out[16]);
/* Letters that are taken for a minus where they stand alone (U+4E00, U+30FC and the like), but are fine in names. */
bool unicode_is_dash_letter(uint32_t c);

#endif
