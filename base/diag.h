/* Diagnostics: what any phase has to say, collected as data and worded only by the renderers (render.h).
   A diag and all its texts live in the arena of the diags that hold it. Phases never print.
   Knows nothing of rules; every text, in English and Chinese, is a row of diag.def. */
#ifndef ZUJI_BASE_DIAG_H
#define ZUJI_BASE_DIAG_H

#include "base/source.h"

struct diag_index;

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_LINT, SEVERITY_NOTE };
enum lang { LANG_EN, LANG_ZH };

/* DIAG rows are messages with a code of their own; TEXT rows are labels, notes and the titles of fixes. */
enum diag_code {
    DIAG_NONE,
#define DIAG(name, number, severity, slug, en, zh) D_##name,
#define TEXT(name, en, zh) T_##name,
#include "base/diag.def"
#undef DIAG
#undef TEXT
    DIAG_CODE_COUNT
};

struct diag_info {
    const char *code; /* "E0203"; NULL for TEXT rows */
    enum severity severity;
    const char *slug;    /* "unit-mismatch" */
    const char *text[2]; /* by enum lang; "{0}" .. "{9}" stand for the arguments */
};
const struct diag_info *diag_info(enum diag_code code);
/* The row with this code ("E0203", case ignored); DIAG_NONE where there is none. */
enum diag_code diag_by_code(struct str code);

struct diag_text {
    enum diag_code text;
    struct str args[4];
};
struct diag_label { /* a second place in the same or another file */
    struct span at;
    struct diag_text text;
    struct diag_label *next;
};
struct diag_note {
    struct diag_text text;
    struct diag_note *next;
};
struct diag_fix { /* replaces the bytes of the span */
    struct span at;
    struct str replacement;
    struct diag_text title;
    bool is_applicable; /* a machine may apply it without asking */
    struct diag_fix *next;
};

struct diag {
    enum diag_code code;
    struct span at; /* file 0: the message has no place in a text */
    struct str args[6];
    struct diag_label *labels;
    struct diag_note *notes;
    struct diag_fix *fixes;
    struct diag_fix *guesses; /* fixes that nobody has tried: those that help become fixes, the others are forgotten */
    /* Where the message is about a record of activity data; empty where it is not. */
    struct str product; /* id of the product */
    struct str path;    /* field with rows, "materials[3].mass" (rows from 1) */
    uint32_t again;     /* further places of the same that have no label */
    struct str clause;  /* clause of the rule that is concerned */
    /* Where the message is about a text that is not kept (activity data, factor files; at.file is 0 then); file is
       empty where it is not. `at` holds line and column too, so that such messages are told apart and sorted. */
    struct {
        struct str file;
        uint32_t line, column;
    } place;
    struct diag *next;
};

struct diags {
    struct arena *arena;
    struct diag *first, *last;
    size_t errors, warnings;  /* counts; lints count as warnings */
    struct diag_index *index; /* finds repeated messages; made with the first one */
};

struct diags diags_in(struct arena *arena);
/* Appends a message; the arguments are copied. Never NULL. A message with the same code, span, product and path as
   an earlier one is not added again (the earlier one is returned); without a place its arguments count as well. */
struct diag *diag_add(struct diags *diags, enum diag_code code, struct span at, const struct str *args, size_t count);
/* The same for what is wrong once and shows at many places: `about` says what (a name, a declaration). The first place gets
   the message, the next ones are labels of it, three at most, and a count; then NULL. */
struct diag *diag_add_about(struct diags *diags, enum diag_code code, struct str about, struct span at,
                            const struct str *args, size_t count);
/* The same for a word that nothing has: one message, whatever was looked for (a value, a type, a member). */
struct diag *diag_add_unknown(struct diags *diags, enum diag_code code, struct str word, struct span at,
                              const struct str *args, size_t count);
/* Was what the key says spoken of already, whatever the message? Then the place becomes one more of that message. */
bool diag_again(struct diags *diags, struct str key, struct span at);
bool diag_is_said(const struct diags *diags, struct str key);
/* The message speaks of what the key says. */
void diag_remember(struct diags *diags, struct diag *diag, struct str key);
/* The same for a message about a record of data; product and path (either may be empty) are copied. */
struct diag *diag_add_data(struct diags *diags, enum diag_code code, struct span at, const struct str *args,
                           size_t count, struct str product, struct str path);
void diag_label(struct diags *diags, struct diag *diag, struct span at, enum diag_code text, const struct str *args,
                size_t count);
void diag_note(struct diags *diags, struct diag *diag, enum diag_code text, const struct str *args, size_t count);
/* Without a title (DIAG_NONE) it reads as "write `…`" or "remove it". */
struct diag_fix *diag_fix(struct diags *diags, struct diag *diag, struct span at, struct str replacement,
                          enum diag_code title, const struct str *args, size_t count);
/* One that must be tried before it is shown (compiler/trial.c). */
struct diag_fix *diag_guess(struct diags *diags, struct diag *diag, struct span at, struct str replacement,
                            enum diag_code title, const struct str *args, size_t count);
/* diag_add(ds, code, at, DIAG_ARGS(a, b)) where a, b are struct str; without arguments pass NULL, 0. */
#define DIAG_ARGS(...) (const struct str[]){__VA_ARGS__}, sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str)

/* An argument that reads differently in the two languages, such as the name of a type: both texts in one, of which the
   wording takes one. It may be part of a longer argument. */
struct str diag_both(struct arena *arena, struct str en, struct str zh);
/* Those of a TEXT row without arguments. */
struct str diag_term(struct arena *arena, enum diag_code text);

/* All messages by file and offset; those of one place in the order of their adding. */
const struct diag *const *diags_sorted(struct arena *arena, const struct diags *diags, size_t *count);

/* The wording in one language, arguments filled in; in the arena. */
struct str diag_text(struct arena *arena, struct diag_text text, enum lang lang);
struct str diag_message(struct arena *arena, const struct diag *diag, enum lang lang);

#endif
