/* The layout of a diagram that shows how amounts go from inputs through stages into a total: three columns of boxes,
   and bands between them as wide as the amounts. Negative amounts have bands and boxes of their own. Lengths are in
   tenths of a pixel, downwards from the top. Memory: the arena. Must not know of explanations, of results, or of how it
   is drawn. */
#ifndef ZUJI_CLI_SANKEY_H
#define ZUJI_CLI_SANKEY_H

#include "base/map.h"
#include "base/str.h"

struct sankey_box {
    long y, height; /* a box has the height of its bands; of a stage: those that add, above those that take off */
};
struct sankey_input {
    struct str label;
    double size;      /* of its bands, whatever their signs */
    double taken;     /* of those that take off */
    size_t others;    /* > 0: it stands for so many small inputs, and has no label */
    size_t stage;     /* to which its widest band goes, which gives its place */
    bool is_negative; /* that band */
    bool is_merged;   /* among the others of its stage; only while it is laid out */
    struct sankey_box box;
};
struct sankey_stage {
    double added, taken; /* sums of the bands that add and that take off, both by size */
    struct sankey_box box;
    long added_height, taken_height;
    long added_y, taken_y; /* where its bands meet the total */
};
struct sankey_band {
    size_t input, stage;
    bool is_negative;
    double size;
    long height, input_y, stage_y;
};

struct sankey {
    struct arena *arena;
    struct map input_numbers, band_numbers;
    struct sankey_input *inputs;
    size_t input_count, input_cap;
    struct sankey_stage *stages;
    size_t stage_count;
    struct sankey_band *bands;
    size_t band_count, band_cap;
    /* what sankey_lay_out gives */
    double size;                    /* of all bands */
    struct sankey_box added, taken; /* of the total */
    long net;                       /* how much of `added` is left when `taken` is off; negative: of `taken`, by size */
    long height;
};

enum {
    SANKEY_INPUTS_MAX = 24,  /* the largest; what is smaller goes together, by stage */
    SANKEY_INPUT_SLOT = 320, /* least distances of boxes, for two lines of label */
    SANKEY_STAGE_SLOT = 520, /* and a line with numbers */
    SANKEY_BAND_MIN = 6,     /* so that every amount is seen */
    SANKEY_GAP = 80
};

struct sankey sankey_new(struct arena *arena, size_t stage_count);
/* Amounts of the same input and stage are one band for each sign. 0 and what is not finite is left out. */
void sankey_add(struct sankey *sankey, struct str identity, struct str label, size_t stage, double amount);
/* Once, after all amounts. Inputs are in the order of drawing then. False: there is nothing to draw. */
bool sankey_lay_out(struct sankey *sankey);

#endif
