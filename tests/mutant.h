/* Mutants: the shipped rules with one token deleted, written twice, or replaced. mutant_corpus.c has the files, their
   tokens and the mutated texts, mutant_judge.c compiles one mutant, mutants.c draws them and sums up.
   Memory: the runner's arena for the corpus, one arena a mutant. Must not know what a good figure is but in mutants.c.
 */
#ifndef ZUJI_TESTS_MUTANT_H
#define ZUJI_TESTS_MUTANT_H

#include "tests/runner.h"

enum mutation { MUTATE_DELETE, MUTATE_DUPLICATE, MUTATE_REPLACE, MUTATE_SWAP };

struct piece { /* a token; the unit behind a number is one of its own */
    uint32_t off, len;
    int kind; /* TOK_…; PIECE_UNIT */
};
enum { PIECE_UNIT = -1 };

/* What a compiled rule is, for comparing: its semantic hash, its examples, the texts it carries. */
struct meaning {
    char hash[65];
    uint64_t examples, texts;
    size_t warnings;
};
struct mutant_main { /* a rule that the file is part of */
    struct str path; /* in the tree */
    struct meaning meaning;
    bool has_examples; /* which hold */
};
struct mutant_file {
    struct str shown, path; /* as the project knows it; in the tree */
    struct str text;
    struct piece *pieces;
    size_t count;
    struct mutant_main *mains;
    size_t main_count;
};
struct corpus {
    struct mutant_file *files;
    size_t count, cap;
    struct str tree; /* a copy of rules and stdlib that mutants are written into */
};

struct mutant {
    uint32_t file, piece, other; /* other: whose text replaces it */
    enum mutation mutation;
};

/* All files of rules/ and stdlib/ and the witnesses of tests/mutants, copied to a new folder. */
struct corpus corpus_read(struct runner *runner);
struct str mutant_text(struct arena *arena, const struct corpus *corpus, struct mutant mutant);
/* The token and what it becomes, on one line. */
struct str mutant_words(struct arena *arena, const struct corpus *corpus, struct mutant mutant);
uint32_t mutant_line(const struct corpus *corpus, struct mutant mutant);

enum outcome_of_mutant {
    MUTANT_REFUSED, /* does not compile */
    MUTANT_HASH,    /* compiles, and means something else */
    MUTANT_EXAMPLE, /* … and an example expects something else */
    MUTANT_TEXT,    /* … and shows another text */
    MUTANT_WARNED,  /* the same rule, with a warning more */
    MUTANT_SAME     /* the same rule, and nothing is said */
};
struct verdict {
    uint8_t is_begun, is_done;
    uint8_t outcome, has_fix, is_restored;
    uint8_t is_warned; /* compiles with a warning or lint more */
    uint8_t is_caught; /* a swap that compiles: an example of the rule fails */
    uint16_t errors;
    uint32_t distance; /* lines from the change to the first error; UINT32_MAX: in another file or nowhere */
    uint16_t codes[4]; /* enum diag_code of the first errors */
};
#define DISTANCE_ELSEWHERE UINT32_MAX

/* Do the examples of the rule hold? By the command, as its author would ask. */
bool mutant_examples_hold(struct arena *arena, struct str path);
struct meaning mutant_meaning(struct arena *arena, struct str path, bool *is_compiled);
/* Writes the mutant into the tree, compiles the rules it is part of, and puts the file back. */
struct verdict mutant_judge(struct runner *runner, const struct corpus *corpus, struct mutant mutant);

#endif
