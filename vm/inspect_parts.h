/* Internal to the listing: inspect.c (header, data, code) and inspect_results.c. The text grows in the arena of whoever asked
   for it. Must not be included outside vm/inspect*.c. */
#ifndef ZUJI_VM_INSPECT_PARTS_H
#define ZUJI_VM_INSPECT_PARTS_H

#include "vm/inspect.h"

struct listing {
    const struct verified *verified;
    const struct program *program;
    struct arena *arena;
    struct buf text;
};

void inspect_say(struct listing *list, const char *words);
void inspect_say_text(struct listing *list, uint32_t text);
void inspect_say_unit(struct listing *list, uint16_t unit);
void inspect_say_titles(struct listing *list, const struct prog_titles *titles);
void inspect_say_label(struct listing *list, const char *what, uint32_t label); /* what, and the label in quotes */
void inspect_say_axis(struct listing *list, uint16_t number);
void inspect_say_round(struct listing *list, const struct prog_round *round);

/* Phases, categories, breakdowns, stages, allocations, classes, reports, requirements, cost (inspect_results.c). */
void inspect_results(struct listing *list);

#endif
