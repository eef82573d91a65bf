#include "base/unicode.h"

#include <stdlib.h>
#include <unictype.h>
#include <uninorm.h>
#include <uniwidth.h>

#include "base/utf8.h"

/* The Chinese characters that all versions of Unicode have: letters, as wide as two, that look like nothing else. */
static bool is_common_han(uint32_t c)
{
    return c >= 0x4E00 && c <= 0x9FA5;
}

bool unicode_is_identifier_start(uint32_t c)
{
    return is_common_han(c) || c == '_' || uc_is_property_xid_start(c);
}

bool unicode_is_identifier_continue(uint32_t c)
{
    /* U+00B7 multiplies units; U+0387 is its canonical equal. */
    return is_common_han(c) || (c != 0xB7 && c != 0x387 && uc_is_property_xid_continue(c));
}

int unicode_width(uint32_t c)
{
    if (is_common_han(c)) {
        return 2;
    }
    int width = uc_width(c, "UTF-8");
    return width < 0 ? 0 : width;
}

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.at[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

bool unicode_is_nfc(struct str s)
{
    if (is_ascii(s)) {
        return true;
    }
    struct arena scratch = {0};
    bool is_same = str_eq(unicode_nfc(&scratch, s), s);
    arena_free(&scratch);
    return is_same;
}

struct str unicode_nfc(struct arena *arena, struct str s)
{
    if (is_ascii(s) || utf8_validate(s) != s.len) {
        return s;
    }
    /* Under NFC no text grows more than threefold in UTF-8, so the result fits and the library allocates nothing. */
    size_t len = s.len * 3;
    uint8_t *room = arena_alloc(arena, s.len, 3);
    uint8_t *normal = u8_normalize(UNINORM_NFC, (const uint8_t *)s.at, s.len, room, &len);
    if (normal == NULL) {
        return s;
    }
    if (normal == room) {
        return (struct str){(const char *)room, len};
    }
    struct str copy = str_copy(arena, (struct str){(const char *)normal, len});
    free(normal);
    return copy;
}

/* --- look-alikes --- */

struct range {
    uint32_t first, last;
    enum hazard_kind kind;
    uint32_t replacement; /* for the whole range; 0: its decomposition, where that is one character */
};

/* Sorted. Dashes of any width are taken for a minus; what is not in the table is judged by its decomposition. */
static const struct range ranges[] = {
    {0x00A0,  0x00A0,  HAZARD_SPACE,         ' ' },
    {0x00AD,  0x00AD,  HAZARD_INVISIBLE,     0   },
    {0x034F,  0x034F,  HAZARD_INVISIBLE,     0   },
    {0x061C,  0x061C,  HAZARD_BIDI,          0   },
    {0x115F,  0x1160,  HAZARD_INVISIBLE,     0   },
    {0x1680,  0x1680,  HAZARD_SPACE,         ' ' },
    {0x17B4,  0x17B5,  HAZARD_INVISIBLE,     0   },
    {0x180B,  0x180F,  HAZARD_INVISIBLE,     0   },
    {0x2000,  0x200A,  HAZARD_SPACE,         ' ' },
    {0x200B,  0x200D,  HAZARD_INVISIBLE,     0   },
    {0x200E,  0x200F,  HAZARD_BIDI,          0   },
    {0x2010,  0x2015,  HAZARD_DASH,          '-' },
    {0x2028,  0x2029,  HAZARD_SPACE,         '\n'},
    {0x202A,  0x202E,  HAZARD_BIDI,          0   },
    {0x202F,  0x202F,  HAZARD_SPACE,         ' ' },
    {0x2043,  0x2043,  HAZARD_DASH,          '-' },
    {0x205F,  0x205F,  HAZARD_SPACE,         ' ' },
    {0x2060,  0x2065,  HAZARD_INVISIBLE,     0   },
    {0x2066,  0x2069,  HAZARD_BIDI,          0   },
    {0x206A,  0x206F,  HAZARD_INVISIBLE,     0   },
    {0x2080,  0x2089,  HAZARD_COMPATIBILITY, 0   },
    {0x2500,  0x2501,  HAZARD_DASH,          '-' },
    {0x2796,  0x2796,  HAZARD_DASH,          '-' },
    {0x2E3A,  0x2E3B,  HAZARD_DASH,          '-' },
    {0x2E80,  0x2EF3,  HAZARD_RADICAL,       0   },
    {0x2F00,  0x2FD5,  HAZARD_RADICAL,       0   },
    {0x3000,  0x3000,  HAZARD_SPACE,         ' ' },
    {0x3164,  0x3164,  HAZARD_INVISIBLE,     0   },
    {0xFE00,  0xFE0F,  HAZARD_INVISIBLE,     0   },
    {0xFE31,  0xFE32,  HAZARD_DASH,          '-' },
    {0xFE58,  0xFE58,  HAZARD_DASH,          '-' },
    {0xFE63,  0xFE63,  HAZARD_DASH,          '-' },
    {0xFEFF,  0xFEFF,  HAZARD_INVISIBLE,     0   },
    {0xFF01,  0xFF5E,  HAZARD_FULL_WIDTH,    0   },
    {0xFFA0,  0xFFA0,  HAZARD_INVISIBLE,     0   },
    {0xFFE0,  0xFFE6,  HAZARD_FULL_WIDTH,    0   },
    {0xFFF0,  0xFFFB,  HAZARD_INVISIBLE,     0   },
    {0x1BCA0, 0x1BCA3, HAZARD_INVISIBLE,     0   },
    {0x1D173, 0x1D17A, HAZARD_INVISIBLE,     0   },
    {0xE0000, 0xE0FFF, HAZARD_INVISIBLE,     0   },
};

static const struct range *find_range(uint32_t c)
{
    for (size_t i = 0; i < countof(ranges); i++) {
        if (c >= ranges[i].first && c <= ranges[i].last) {
            return &ranges[i];
        }
    }
    return NULL;
}

/* The single character that this one is a variant of; 0 where it is none, or of several. */
static uint32_t plain_form(uint32_t c)
{
    ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
    int tag = 0;
    int count = uc_decomposition(c, &tag, parts);
    return count == 1 ? parts[0] : 0;
}

/* Presentation forms that Unicode has only for the sake of older encodings. The micro sign is on keyboards, and
   letters with accents are a matter of NFC. */
static bool is_compatibility_letter(uint32_t c)
{
    bool is_cjk_compatibility = (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
    bool is_letter = c >= 0x80 && c != 0xB5 && uc_is_property_xid_continue(c);
    if (is_cjk_compatibility || !is_letter) {
        return is_cjk_compatibility;
    }
    ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
    int tag = 0;
    return uc_decomposition(c, &tag, parts) == 1 && tag != UC_DECOMP_CANONICAL;
}

struct hazard unicode_hazard(uint32_t c)
{
    if (c < 0x80 || is_common_han(c)) {
        return (struct hazard){HAZARD_NONE, 0};
    }
    const struct range *range = find_range(c);
    if (range != NULL) {
        bool is_visible = range->kind != HAZARD_INVISIBLE && range->kind != HAZARD_BIDI;
        uint32_t replacement = range->replacement == 0 && is_visible ? plain_form(c) : range->replacement;
        return (struct hazard){range->kind, replacement};
    }
    uint32_t plain = is_compatibility_letter(c) ? plain_form(c) : 0;
    return plain == 0 ? (struct hazard){HAZARD_NONE, 0} : (struct hazard){HAZARD_COMPATIBILITY, plain};
}

size_t unicode_squared(uint32_t c, char out[16])
{
    if (c < 0x3371 || c > 0x33DF) {
        return 0;
    }
    uint8_t bytes[4];
    size_t len = 16;
    size_t count = utf8_encode(c, (char *)bytes);
    uint8_t *normal = u8_normalize(UNINORM_NFKC, bytes, count, (uint8_t *)out, &len);
    if (normal != (uint8_t *)out) {
        free(normal);
        return 0;
    }
    for (size_t at = 0; at < len;) {
        if (!unicode_is_identifier_continue(utf8_next((struct str){out, len}, &at))) {
            return 0; /* with a slash */
        }
    }
    return len;
}

bool unicode_is_dash_letter(uint32_t c)
{
    return c == 0x4E00 || c == 0x30FC || c == 0xFF70 || c == 0x3161 || c == 0x31D0;
}
