/* The words of what a profile may demand (demands.def). Everything is static. Must not know how they are decided. */
#ifndef ZUJI_COMPILER_DEMANDS_H
#define ZUJI_COMPILER_DEMANDS_H

#include "base/diag.h"

enum demand {
#define DEMAND(id, word, zh, takes, doc) DEMAND_##id,
#include "compiler/demands.def"
#undef DEMAND
    DEMAND_COUNT
};
enum demand_takes { DEMAND_TAKES_NOTHING, DEMAND_TAKES_NAMES, DEMAND_TAKES_LIMITS };

/* DEMAND_COUNT where the word is none, in either spelling. */
enum demand demand_lookup(struct str word);
struct str demand_word(enum demand demand, enum lang lang);
enum demand_takes demand_takes(enum demand demand);

#endif
