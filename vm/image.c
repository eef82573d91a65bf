/* The file of a compiled rule.

       magic            8 bytes: 0x89 "ZUJI" CR LF 0x1A (a transfer as text shows at once)
       format version   u32
       length           u32: of the whole file
       table            for each section: its tag (4 letters), its length u32
       sections         one after the other; those that make the meaning first
       checksum         64 hexadecimal digits: SHA-256 of all bytes before it

   Numbers are little-endian. The semantic hash is the SHA-256 of the semantic sections. A program has one byte form:
   reading ends with writing again and comparing. */
#include <assert.h>
#include <string.h>

#include "base/sha256.h"
#include "vm/image.h"
#include "vm/image_sections.h"

enum { FORMAT_VERSION = 5, MAGIC_LEN = 8, TAG_LEN = 4, CHECKSUM_LEN = SHA256_HEX - 1, FIXED_LEN = MAGIC_LEN + 8 };

static const char magic[MAGIC_LEN + 1] = "\x89ZUJI\r\n\x1a";
static const struct span no_place;

static size_t header_len(void)
{
    return FIXED_LEN + (size_t)IMAGE_SECTION_COUNT * (TAG_LEN + 4);
}

static struct str number_text(struct diags *out, uint64_t number)
{
    return str_format(out->arena, "%llu", (unsigned long long)number);
}

static bool refuse(struct diags *out, enum diag_code code)
{
    diag_add(out, code, no_place, NULL, 0);
    return false;
}

static bool refuse_numbers(struct diags *out, enum diag_code code, uint64_t first, uint64_t second)
{
    diag_add(out, code, no_place, DIAG_ARGS(number_text(out, first), number_text(out, second)));
    return false;
}

/* ---- writing ---- */

static void put_u32(struct buf *buf, uint64_t value)
{
    assert(value <= UINT32_MAX);
    for (unsigned shift = 0; shift < 32; shift += 8) {
        buf_char(buf, (char)(unsigned char)(value >> shift & 0xFFu));
    }
}

/* The sections, one after the other; ends[i] is where section i ends. Sets the hash. */
static struct str write_sections(struct arena *arena, struct program *program, size_t *ends)
{
    struct stream stream = stream_to(arena);
    size_t semantic = 0;
    for (uint32_t i = 0; i < IMAGE_SECTION_COUNT; i++) {
        IMAGE_SECTIONS[i].describe(&stream, program);
        ends[i] = stream.out.len;
        semantic = IMAGE_SECTIONS[i].is_semantic ? ends[i] : semantic;
    }
    struct str sections = buf_str(&stream.out);
    sha256_hex(str_slice(sections, 0, semantic), program->hash);
    return sections;
}

static struct str write_file(struct arena *arena, struct str sections, const size_t *ends)
{
    struct buf file = buf_in(arena);
    buf_add(&file, (struct str){magic, MAGIC_LEN});
    put_u32(&file, FORMAT_VERSION);
    put_u32(&file, header_len() + sections.len + CHECKSUM_LEN);
    for (uint32_t i = 0; i < IMAGE_SECTION_COUNT; i++) {
        buf_add(&file, (struct str){IMAGE_SECTIONS[i].tag, TAG_LEN});
        put_u32(&file, ends[i] - (i == 0 ? 0 : ends[i - 1]));
    }
    buf_add(&file, sections);
    char checksum[SHA256_HEX];
    sha256_hex(buf_str(&file), checksum);
    buf_add(&file, str_of(checksum));
    return buf_str(&file);
}

bool image_write(struct arena *arena, struct program *program, struct str *bytes, struct diags *out)
{
    if (!program_check(program, out)) {
        return false;
    }
    program_canonicalise(arena, program);
    size_t *ends = arena_array(arena, size_t, IMAGE_SECTION_COUNT);
    struct str sections = write_sections(arena, program, ends);
    size_t len = header_len() + sections.len + CHECKSUM_LEN;
    if (len > LIMIT_IMAGE) {
        return refuse_numbers(out, D_IMAGE_SIZE, len, LIMIT_IMAGE);
    }
    *bytes = write_file(arena, sections, ends);
    return true;
}

/* ---- reading ---- */

static uint32_t get_u32(struct str bytes, size_t at)
{
    assert(at <= bytes.len && bytes.len - at >= 4);
    uint32_t value = 0;
    for (unsigned i = 0; i < 4; i++) {
        value |= (uint32_t)(unsigned char)bytes.at[at + i] << (8 * i);
    }
    return value;
}

/* Is this a whole, unaltered file of this format? */
static bool check_envelope(struct str bytes, struct diags *out)
{
    if (!str_starts(bytes, (struct str){magic, MAGIC_LEN})) {
        return refuse(out, D_IMAGE_NOT);
    }
    if (bytes.len < FIXED_LEN) {
        return refuse_numbers(out, D_IMAGE_TRUNCATED, bytes.len, header_len() + CHECKSUM_LEN);
    }
    if (get_u32(bytes, MAGIC_LEN) != FORMAT_VERSION) {
        return refuse_numbers(out, D_IMAGE_VERSION, get_u32(bytes, MAGIC_LEN), FORMAT_VERSION);
    }
    uint32_t len = get_u32(bytes, MAGIC_LEN + 4);
    if (len > bytes.len) {
        return refuse_numbers(out, D_IMAGE_TRUNCATED, bytes.len, len);
    }
    if (len < bytes.len || len > LIMIT_IMAGE || len < header_len() + CHECKSUM_LEN) {
        return refuse(out, D_IMAGE_ALTERED);
    }
    char checksum[SHA256_HEX];
    sha256_hex(str_slice(bytes, 0, len - CHECKSUM_LEN), checksum);
    if (!str_eq(str_slice(bytes, len - CHECKSUM_LEN, len), str_of(checksum))) {
        return refuse(out, D_IMAGE_ALTERED);
    }
    return true;
}

static bool refuse_section(struct diags *out, uint32_t section, size_t at)
{
    diag_add(out, D_IMAGE_DAMAGED, no_place, DIAG_ARGS(str_of(IMAGE_SECTIONS[section].tag), number_text(out, at)));
    return false;
}

/* Every section must take exactly the bytes that the table gives it. */
static bool read_sections(struct arena *arena, struct str bytes, struct program *program, struct diags *out)
{
    size_t at = header_len();
    size_t end = bytes.len - CHECKSUM_LEN;
    for (uint32_t i = 0; i < IMAGE_SECTION_COUNT; i++) {
        size_t entry = FIXED_LEN + (size_t)i * (TAG_LEN + 4);
        size_t len = get_u32(bytes, entry + TAG_LEN);
        if (memcmp(bytes.at + entry, IMAGE_SECTIONS[i].tag, TAG_LEN) != 0 || len > end - at) {
            return refuse_section(out, i, entry);
        }
        struct stream stream = stream_from(arena, str_slice(bytes, at, at + len));
        IMAGE_SECTIONS[i].describe(&stream, program);
        if (stream.is_failed || stream.at != len) {
            return refuse_section(out, i, at + stream.at);
        }
        at += len;
    }
    return at == end || refuse_section(out, IMAGE_SECTION_COUNT - 1, at);
}

/* Would image_write have written these bytes? */
static bool check_form(struct arena *arena, struct str bytes, struct program *program, struct diags *out)
{
    struct str form;
    if (!image_write(arena, program, &form, out)) {
        return false;
    }
    size_t same = 0;
    while (same < form.len && same < bytes.len && form.at[same] == bytes.at[same]) {
        same++;
    }
    if (same < form.len || same < bytes.len) {
        diag_add(out, D_IMAGE_FORM, no_place, DIAG_ARGS(number_text(out, same)));
        return false;
    }
    return true;
}

struct program *image_read(struct arena *arena, struct str bytes, struct diags *out)
{
    struct program *program = arena_new(arena, struct program);
    bool is_read = check_envelope(bytes, out) && read_sections(arena, bytes, program, out) &&
                   check_form(arena, bytes, program, out);
    return is_read ? program : NULL;
}
