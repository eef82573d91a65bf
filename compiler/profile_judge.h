/* How the demands of a profile are decided, for the files profile*.c: one function for each word of demands.def, and
   what they share. Everything lives in the arena of the compilation. Must not report. */
#ifndef ZUJI_COMPILER_PROFILE_JUDGE_H
#define ZUJI_COMPILER_PROFILE_JUDGE_H

#include "compiler/demands.h"
#include "compiler/compile.h"

struct judging {
    const struct checked *checked;
    const struct decl *rule;
    const struct decl *demand;
    struct arena *arena;
};
typedef void judge(const struct judging *judging, struct finding *finding);
#define DEMAND(id, word, zh, takes, doc) judge judge_##word;
#include "compiler/demands.def"
#undef DEMAND

/* ---- profile_find.c: looking things up, and what is found ---- */
void profile_met(struct finding *finding, struct span at);
void profile_unmet(struct finding *finding, struct span at, enum diag_code text, struct str arg);
void profile_not_concerned(struct finding *finding);
const struct decl *profile_header(const struct judging *judging, enum header_kind kind); /* NULL: none */
bool profile_has_text(const struct decl *decl);
typedef bool decl_test(const struct judging *judging, const struct decl *decl);
/* The first declaration for which the test holds, in the rule or in the modules that its authors wrote beside it. */
const struct decl *profile_first(const struct judging *judging, decl_test *test);
/* Met where the header is there. */
void profile_decide_header(const struct judging *judging, struct finding *finding, enum header_kind kind,
                           const char *keyword);
/* Met where the word is one of those demanded; empty: the rule says nothing. */
void profile_decide_among(const struct judging *judging, struct finding *finding, struct str word, struct span at,
                          const char *keyword);
/* Met where nothing fails; `exists` says whether the demand concerns the rule at all. */
void profile_decide_each(const struct decl *exists, const struct decl *failing, struct finding *finding,
                         enum diag_code text);

#endif
