/* The modules that are visible without an import, and the other spellings that they give their names, for fmt.
   Everything lives in the arena given. Must not know of files. */
#ifndef ZUJI_COMPILER_PRELUDE_H
#define ZUJI_COMPILER_PRELUDE_H

#include "compiler/ast.h"
#include "compiler/std_modules.h"

/* The prelude's modules, by number; NULL behind the last. */
const struct std_module *prelude_module(size_t number);

struct prelude_words {
    struct {
        struct str text[2]; /* by enum lang; the Chinese one empty where there is none */
    } * items;
    size_t count, cap;
};
/* The names of the phases and boundaries that a file may use: none where its rule has a life cycle of its own. */
struct prelude_words prelude_words_of(struct arena *arena, const struct module *module);
/* The word in the language, where it is one of them; else as it is. */
struct str prelude_word_in(const struct prelude_words *words, struct str word, enum lang lang);

#endif
