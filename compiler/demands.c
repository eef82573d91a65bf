#include "compiler/demands.h"

static const struct {
    struct str word[2];
    enum demand_takes takes;
} DEMANDS[] = {
#define DEMAND(id, word, zh, takes, doc) {{{#word, sizeof(#word) - 1}, {zh, sizeof(zh) - 1}}, DEMAND_TAKES_##takes},
#include "compiler/demands.def"
#undef DEMAND
};

enum demand demand_lookup(struct str word)
{
    enum demand found = 0;
    while (found < DEMAND_COUNT && !str_eq(DEMANDS[found].word[LANG_EN], word) &&
           !str_eq(DEMANDS[found].word[LANG_ZH], word)) {
        found++;
    }
    return found;
}

struct str demand_word(enum demand demand, enum lang lang)
{
    return DEMANDS[demand].word[lang];
}

enum demand_takes demand_takes(enum demand demand)
{
    return DEMANDS[demand].takes;
}
