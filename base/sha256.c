#include "base/sha256.h"

#include <sodium.h>

void sha256_hex(struct str bytes, char out[SHA256_HEX])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)bytes.at, bytes.len);
    sodium_bin2hex(out, SHA256_HEX, digest, sizeof digest);
}
