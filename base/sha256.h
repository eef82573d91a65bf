/* SHA-256 of bytes (libsodium's), as 64 hexadecimal digits with a NUL. Used for the semantic hash of a rule. */
#ifndef ZUJI_BASE_SHA256_H
#define ZUJI_BASE_SHA256_H

#include "base/str.h"

#define SHA256_HEX 65
void sha256_hex(struct str bytes, char out[SHA256_HEX]);

#endif
