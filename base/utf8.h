/* UTF-8: decoding, validation. Properties of characters (identifiers, display width) are in unicode.h, for the
   compiler and the command line only. */
#ifndef ZUJI_BASE_UTF8_H
#define ZUJI_BASE_UTF8_H

#include "base/str.h"

#define UTF8_INVALID 0xFFFFFFFFu

/* Decodes one character at s.at[*off], *off < s.len, and moves *off behind it; an ill-formed byte gives UTF8_INVALID
   and moves by one. */
uint32_t utf8_next(struct str s, size_t *off);
size_t utf8_encode(uint32_t c, char out[4]);
size_t utf8_length(struct str s); /* code points; an ill-formed byte counts as one */
/* Offset of the first ill-formed byte, or s.len. */
size_t utf8_validate(struct str s);

#endif
