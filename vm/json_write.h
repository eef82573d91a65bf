/* Writing JSON: texts, numbers and members into a buffer. Must not know of results. */
#ifndef ZUJI_VM_JSON_WRITE_H
#define ZUJI_VM_JSON_WRITE_H

#include "base/str.h"

void json_text(struct buf *out, const char *text);
void json_double(struct buf *out, double value);
/* "key": with a comma before it where a member stands before it. */
void json_key(struct buf *out, const char *key);
void json_member(struct buf *out, const char *key, const char *text);
void json_member_unless_empty(struct buf *out, const char *key, const char *text);
void json_member_double(struct buf *out, const char *key, double value);
void json_member_bool(struct buf *out, const char *key, bool value);
void json_member_count(struct buf *out, const char *key, size_t count);
/* A bracket or brace, with a comma before it where an element stands before it. */
void json_open(struct buf *out, char bracket);

#endif
