/* The peer of rules/textiles/garment.pcr in `make bench`: the same method (Ecobalyse, textile, climate change, Feb
   2024) as somebody would write it in C, with jansson for reading and plain doubles. It reads the rule's own CSV
   tables.
   Use: garment_by_hand TABLES < garments.ndjson > totals.ndjson */
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define countof(array) (sizeof(array) / sizeof((array)[0]))
enum { COUNTRIES_MAX = 64, FIBRES_MAX = 64, LINE_MAX_BYTES = 65536, CELLS = 8 };

/* ---- tables: what the rule has in CSV ---- */

struct country {
    char code[8];
    bool is_european;
    double electricity, heat, pollution, air_share;
};
struct fibre {
    char id[32], country[8], replaces[32];
    bool is_synthetic, is_recycled;
    double impact, allocation, quality;
};
struct distance {
    double road, sea, air;
};
static struct country countries[COUNTRIES_MAX];
static size_t country_count;
static struct fibre fibres[FIBRES_MAX];
static size_t fibre_count;
static struct distance distances[COUNTRIES_MAX][COUNTRIES_MAX];

_Noreturn static void fail(const char *what, const char *which)
{
    fprintf(stderr, "garment_by_hand: %s: %s\n", what, which);
    exit(1);
}

static size_t find_country(const char *code)
{
    for (size_t i = 0; i < country_count; i++) {
        if (strcmp(countries[i].code, code) == 0) {
            return i;
        }
    }
    fail("unknown country", code);
}

static const struct fibre *find_fibre(const char *id)
{
    for (size_t i = 0; i < fibre_count; i++) {
        if (strcmp(fibres[i].id, id) == 0) {
            return &fibres[i];
        }
    }
    fail("unknown fibre", id);
}

static void copy(char *to, size_t room, const char *from)
{
    if (strlen(from) >= room) {
        fail("too long", from);
    }
    strcpy(to, from);
}

/* These files quote nothing. */
static void split(char *line, const char *cells[CELLS])
{
    line[strcspn(line, "\r\n")] = '\0';
    for (size_t i = 0; i < CELLS; i++) {
        char *comma = strchr(line, ',');
        cells[i] = line;
        line = comma == NULL ? line + strlen(line) : comma + 1;
        if (comma != NULL) {
            *comma = '\0';
        }
    }
}

static void add_country(const char *cells[CELLS])
{
    if (country_count == COUNTRIES_MAX) {
        fail("too many", "countries");
    }
    struct country *country = &countries[country_count++];
    copy(country->code, sizeof country->code, cells[0]);
    country->is_european = strcmp(cells[1], "europe") == 0;
    country->electricity = atof(cells[2]);
    country->heat = atof(cells[3]);
    country->pollution = strcmp(cells[4], "best") == 0 ? 0.10 : strcmp(cells[4], "worst") == 0 ? 0.65 : 0.36;
    country->air_share = atof(cells[5]);
}

static void add_fibre(const char *cells[CELLS])
{
    if (fibre_count == FIBRES_MAX) {
        fail("too many", "fibres");
    }
    struct fibre *fibre = &fibres[fibre_count++];
    copy(fibre->id, sizeof fibre->id, cells[0]);
    fibre->is_synthetic = strcmp(cells[1], "Synthetic") == 0;
    copy(fibre->country, sizeof fibre->country, cells[2]);
    fibre->impact = atof(cells[3]);
    copy(fibre->replaces, sizeof fibre->replaces, cells[5]);
    fibre->is_recycled = cells[5][0] != '\0' && cells[6][0] != '\0' && cells[7][0] != '\0';
    fibre->allocation = atof(cells[6]);
    fibre->quality = atof(cells[7]);
}

static void add_distance(const char *cells[CELLS])
{
    size_t from = find_country(cells[0]);
    size_t to = find_country(cells[1]);
    distances[from][to] = (struct distance){atof(cells[2]), atof(cells[3]), atof(cells[4])};
    distances[to][from] = distances[from][to];
}

static void read_table(const char *folder, const char *name, void (*add)(const char *cells[CELLS]))
{
    char path[4096];
    char line[1024];
    const char *cells[CELLS];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fail("cannot open", path);
    }
    bool is_header = true;
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] != '#' && !is_header) {
            split(line, cells);
            add(cells);
        }
        is_header = is_header && line[0] == '#';
    }
    fclose(file);
}

/* ---- tables: what the rule has inline ---- */

static const struct kind {
    const char *name, *fabric;
    double surface_mass, yarn_size, making_waste;
    const char *complexity, *medium;
    double days_of_wear, wears_per_cycle, ironing, ironing_impact, washing, washing_impact, volume;
} kinds[] = {
    {"chemise", "weaving", 200, 40, 0.2, "low", "fabric", 40, 2, 0.1638, 0, 0.80952, 0.0340193, 0.006},
    {"jean", "weaving", 250, 40, 0.22, "medium", "yarn", 70, 3, 0.24381, 0, 1.0266, 0.0340193, 0.004},
    {"jupe", "weaving", 200, 40, 0.2, "low", "fabric", 70, 3, 0.0729, 0, 0.80952, 0.0340193, 0.007},
    {"manteau", "weaving", 450, 30, 0.2, "high", "fabric", 100, 20, 0.018, 0, 0.9663, 0.0340193, 0.015},
    {"pantalon", "weaving", 250, 40, 0.2, "medium", "fabric", 70, 3, 0.24381, 0, 1.0266, 0.0340193, 0.004},
    {"pull", "knitting-mix", 250, 35, 0.2, "low", "fabric", 85, 5, 0, 0, 1.0266, 0.0340193, 0.0102},
    {"tshirt", "knitting-mix", 200, 40, 0.15, "low", "fabric", 45, 1, 0.0936, 0, 1.0266, 0.0340193, 0.0018},
};
static const struct fabric_process {
    const char *name;
    double energy, per_pick, waste;
} fabric_processes[] = {
    {"knitting-mix", 8.64, 0, 0.0576},
    {"knitting-fully-fashioned", 6.06443, 0, 0.00502513},
    {"knitting-integral", 13.2112, 0, 0.00502513},
    {"knitting-seamless", 13.2112, 0, 0.00502513},
    {"knitting-straight", 4.194, 0, 0.0417},
    {"knitting-circular", 4.25101, 0, 0.0351967},
    {"weaving", 0, 0.0003145, 0.0667},
};
static const struct wet_process {
    const char *name;
    double impact, heat, power, paste;
} dyeings[] = {
    {"fabric", 0.397712, 25.87, 7.17, 0},
    {"article", 0.700333, 30.06, 9.22, 0},
    {"yarn", 0.525949, 33.42, 10.15, 0},
}, printings[] = {
    {"pigment", 0.0620522, 7.25, 4.56, 0},
    {"substantive", 0.0377105, 8.72, 5.22, 0},
};
static const struct steam {
    const char *name;
    double europe, elsewhere;
} steams[] = {
    {"gas", 0.0744719, 0.075522},        {"naturalgas", 0.0744719, 0.075522},  {"lightfuel", 0.09308, 0.095839},
    {"light-fuel", 0.09308, 0.095839},   {"heavyfuel", 0.097001, 0.098499},    {"heavy-fuel", 0.097001, 0.098499},
    {"coal", 0.12359, 0.12335},
};
static const struct making_time {
    const char *name;
    double minutes;
} making_times[] = {
    {"very-high", 120}, {"high", 60}, {"medium", 30}, {"low", 15}, {"very-low", 5}, {"not-applicable", 0},
};

/* Every row of these tables begins with its name. */
static const void *find_row(const void *rows, size_t count, size_t size, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        const char *row = (const char *)rows + i * size;
        const char *its_name;
        memcpy(&its_name, row, sizeof its_name);
        if (strcmp(its_name, name) == 0) {
            return row;
        }
    }
    fail("unknown name", name);
}
#define FIND(rows, name) find_row((rows), countof(rows), sizeof (rows)[0], (name))

/* ---- numbers ---- */

static const double MJ_PER_KWH = 3.6;
static const double ROAD_BEFORE = 0.204544, ROAD_AFTER = 0.156105, SEA = 0.0483042, AIR = 1.20941; /* per t and km */
static const double INLAND = 500;

/* Half up. Data are decimals: what would be a tie may be a little below it in doubles. */
static double half_up(double x)
{
    return floor(x + 0.5 + 1e-9);
}

static double whole_percent(double x)
{
    return half_up(x * 100) / 100;
}

static double number_or(const json_t *record, const char *name, double otherwise)
{
    const json_t *value = json_object_get(record, name);
    return value == NULL ? otherwise : json_number_value(value);
}

static const char *text_or(const json_t *record, const char *name, const char *otherwise)
{
    const json_t *value = json_object_get(record, name);
    return value == NULL ? otherwise : json_string_value(value);
}

/* ---- one garment ---- */

enum step { MATERIAL, SPINNING, FABRIC, ENNOBLING, MAKING, DISTRIBUTION, USE, EOL, STEPS };
static const char *const step_names[STEPS] = {"material", "spinning",     "fabric", "ennobling",
                                              "making",   "distribution", "use",    "eol"};
enum { MATERIALS_MAX = 256 };

struct garment {
    const json_t *record;
    const struct kind *kind;
    bool is_done[STEPS]; /* carried out */
    size_t material_count;
    const struct fibre *fibre[MATERIALS_MAX];
    double share[MATERIALS_MAX];
    size_t fibre_country[MATERIALS_MAX];
    size_t spun_in, made_of, dyed_in, made_in, france; /* countries */
    double mass, cut_mass, fabric_mass, yarn_mass, material_mass;
    double yarn_size, surface_mass;
};

static void read_steps(struct garment *g)
{
    size_t i;
    json_t *item;
    for (size_t s = 0; s < STEPS; s++) {
        g->is_done[s] = true;
    }
    json_array_foreach(json_object_get(g->record, "disabled"), i, item)
    {
        for (size_t s = 0; s < STEPS; s++) {
            if (strcmp(step_names[s], text_or(item, "step", "")) == 0) {
                g->is_done[s] = false;
            }
        }
    }
}

static void read_materials(struct garment *g)
{
    size_t i;
    json_t *item;
    size_t main = 0;
    json_array_foreach(json_object_get(g->record, "materials"), i, item)
    {
        if (i == MATERIALS_MAX) {
            fail("too many", "materials");
        }
        g->fibre[i] = find_fibre(text_or(item, "id", ""));
        g->share[i] = whole_percent(number_or(item, "share", 0));
        g->fibre_country[i] = find_country(text_or(item, "country", g->fibre[i]->country));
        main = g->share[i] >= g->share[main] ? i : main;
        g->material_count = i + 1;
    }
    if (g->material_count == 0) {
        fail("no materials", text_or(g->record, "id", ""));
    }
    const char *spinning = text_or(g->record, "countrySpinning", NULL);
    g->spun_in = spinning == NULL ? g->fibre_country[main] : find_country(spinning);
}

static void find_masses(struct garment *g)
{
    const struct fabric_process *usual = FIND(fabric_processes, g->kind->fabric);
    double waste = whole_percent(number_or(g->record, "makingWaste", g->kind->making_waste));
    double dead_stock = whole_percent(number_or(g->record, "makingDeadStock", 0.15));
    g->mass = number_or(g->record, "mass", 0);
    g->cut_mass = g->is_done[MAKING] ? g->mass / (1 - waste) : g->mass;
    g->fabric_mass = g->is_done[MAKING] ? g->cut_mass / (1 - dead_stock) : g->mass;
    g->yarn_mass = g->is_done[FABRIC] ? g->fabric_mass * (1 + usual->waste) : g->fabric_mass;
    for (size_t i = 0; i < g->material_count; i++) {
        double loss = !g->is_done[SPINNING] ? 0 : g->fibre[i]->is_synthetic ? 0.03 : 0.12;
        g->material_mass += g->yarn_mass * g->share[i] / (1 - loss);
    }
}

static double material(const struct garment *g)
{
    double sum = 0;
    for (size_t i = 0; i < g->material_count; i++) {
        const struct fibre *fibre = g->fibre[i];
        double impact = fibre->impact;
        if (fibre->is_recycled) {
            double a = whole_percent(fibre->allocation);
            impact = a * impact + (1 - a) * whole_percent(fibre->quality) * find_fibre(fibre->replaces)->impact;
        }
        sum += g->material_mass * g->share[i] * impact;
    }
    return sum;
}

static double spinning(const struct garment *g)
{
    double energy = 0;
    for (size_t i = 0; i < g->material_count; i++) {
        energy += g->share[i] * g->yarn_size / 50 * (g->fibre[i]->is_synthetic ? 1.5 : 4) * g->yarn_mass;
    }
    return energy * countries[g->spun_in].electricity;
}

static double fabric(const struct garment *g)
{
    const struct fabric_process *process = FIND(fabric_processes, text_or(g->record, "fabricProcess", g->kind->fabric));
    double energy = g->fabric_mass * process->energy / MJ_PER_KWH;
    if (strcmp(process->name, "weaving") == 0) {
        double surface = g->fabric_mass * 1000 / g->surface_mass;
        energy = half_up(g->surface_mass * g->yarn_size / 2 / 1.08 * surface) * process->per_pick;
    }
    return energy * countries[g->made_of].electricity;
}

static double wet(const struct wet_process *process, double mass, double heated, double heat, double electricity)
{
    return mass * process->impact + heated * process->heat * heat + heated * process->power / MJ_PER_KWH * electricity;
}

static double ennobling(const struct garment *g)
{
    static const struct wet_process finishing = {"finishing", 4.33475, 10.74, 1.61, 0};
    const struct country *country = &countries[g->dyed_in];
    const char *source = text_or(g->record, "ennoblingHeatSource", NULL);
    const char *printing = text_or(g->record, "printing", NULL);
    double heat = country->heat;
    if (source != NULL) {
        const struct steam *steam = FIND(steams, source);
        heat = country->is_european ? steam->europe : steam->elsewhere;
    }
    const struct wet_process *dyeing = FIND(dyeings, text_or(g->record, "dyeingMedium", g->kind->medium));
    double sum = wet(dyeing, g->fabric_mass, g->fabric_mass, heat, country->electricity) +
                 wet(&finishing, g->fabric_mass, g->fabric_mass, heat, country->electricity);
    if (printing != NULL) {
        const struct wet_process *process = FIND(printings, printing);
        double share = whole_percent(number_or(g->record, "printingShare", 0.2));
        double printed = g->fabric_mass * 1000 / g->surface_mass * share;
        sum += wet(process, g->fabric_mass, printed, heat, country->electricity) +
               g->fabric_mass * process->paste * country->pollution / 0.36 * share;
    }
    return sum;
}

static double making(const struct garment *g)
{
    const struct country *country = &countries[g->made_in];
    const struct making_time *time = FIND(making_times, text_or(g->record, "makingComplexity", g->kind->complexity));
    const json_t *fading = json_object_get(g->record, "fading");
    bool is_faded = fading == NULL ? strcmp(g->kind->name, "jean") == 0 : json_is_true(fading);
    double sum = time->minutes * 0.029 * country->electricity;
    if (is_faded) {
        sum += g->cut_mass * (0.183115 + 6.53 / MJ_PER_KWH * country->electricity + 37.81 * country->heat);
    }
    return sum;
}

static double use(const struct garment *g)
{
    const struct kind *kind = g->kind;
    double wears = kind->wears_per_cycle > 1 ? kind->wears_per_cycle : 1;
    double quality = number_or(g->record, "quality", 1) * number_or(g->record, "reparability", 1);
    double cycles = half_up(kind->days_of_wear * quality / wears);
    double energy = (kind->ironing + kind->washing * g->mass) / MJ_PER_KWH * cycles;
    return energy * countries[g->france].electricity + cycles * (kind->ironing_impact + g->mass * kind->washing_impact);
}

static double end_of_life(const struct garment *g)
{
    return g->kind->volume / 0.2 * 0.0364904 + g->mass * 1.1636;
}

/* One tonne from one country to the other. */
static double leg(size_t from, size_t to, double flown, double road)
{
    const struct distance *way = &distances[from][to];
    if (from == to) {
        return INLAND * road * (1 - flown);
    }
    double share = way->road <= 500 ? 1 : way->road < 1000 ? 0.9 : way->road < 2000 ? 0.5 : way->road < 3000 ? 0.25 : 0;
    share = way->road <= 0 ? 0 : way->sea <= 0 ? 1 : share;
    return (way->road * share * road + way->sea * (1 - share) * SEA) * (1 - flown) + way->air * flown * AIR;
}

static double transport(const struct garment *g)
{
    size_t after_ennobling = g->is_done[MAKING] ? g->made_in : g->france;
    size_t after_fabric = g->is_done[ENNOBLING] ? g->dyed_in : after_ennobling;
    size_t after_spinning = g->is_done[FABRIC] ? g->made_of : after_fabric;
    size_t after_material = g->is_done[SPINNING] ? g->spun_in : after_spinning;
    double flown = whole_percent(number_or(g->record, "airTransportRatio", countries[g->made_in].air_share));
    double sum = 0;
    for (size_t i = 0; g->is_done[MATERIAL] && i < g->material_count; i++) {
        sum += g->material_mass * g->share[i] * leg(g->fibre_country[i], after_material, 0, ROAD_BEFORE);
    }
    sum += g->is_done[SPINNING] ? g->yarn_mass * leg(g->spun_in, after_spinning, 0, ROAD_BEFORE) : 0;
    sum += g->is_done[FABRIC] ? g->fabric_mass * leg(g->made_of, after_fabric, 0, ROAD_BEFORE) : 0;
    sum += g->is_done[ENNOBLING]
               ? g->fabric_mass * (leg(g->dyed_in, after_ennobling, 0, ROAD_BEFORE) + INLAND * ROAD_BEFORE)
               : 0;
    sum += g->is_done[MAKING] ? g->mass * (leg(g->made_in, g->france, flown, ROAD_AFTER) + INLAND * ROAD_AFTER) : 0;
    return sum / 1000; /* kg are carried, factors are for tonnes */
}

static double total_of(const json_t *record, size_t france)
{
    struct garment g = {.record = record, .france = france};
    g.kind = FIND(kinds, text_or(record, "product", ""));
    g.made_of = find_country(text_or(record, "countryFabric", ""));
    g.dyed_in = find_country(text_or(record, "countryDyeing", ""));
    g.made_in = find_country(text_or(record, "countryMaking", ""));
    g.yarn_size = number_or(record, "yarnSize", g.kind->yarn_size);
    g.surface_mass = number_or(record, "surfaceMass", g.kind->surface_mass);
    read_steps(&g);
    read_materials(&g);
    find_masses(&g);
    double total = transport(&g);
    total += g.is_done[MATERIAL] ? material(&g) : 0;
    total += g.is_done[SPINNING] ? spinning(&g) : 0;
    total += g.is_done[FABRIC] ? fabric(&g) : 0;
    total += g.is_done[ENNOBLING] ? ennobling(&g) : 0;
    total += g.is_done[MAKING] ? making(&g) : 0;
    total += g.is_done[USE] ? use(&g) : 0;
    total += g.is_done[EOL] ? end_of_life(&g) : 0;
    return total;
}

int main(int argc, char **argv)
{
    static char line[LINE_MAX_BYTES];
    if (argc != 2) {
        fail("use", "garment_by_hand TABLES < garments.ndjson");
    }
    read_table(argv[1], "countries.csv", add_country);
    read_table(argv[1], "fibres.csv", add_fibre);
    read_table(argv[1], "distances.csv", add_distance);
    size_t france = find_country("FR");
    while (fgets(line, sizeof line, stdin) != NULL) {
        json_error_t error;
        json_t *record = json_loads(line, 0, &error);
        if (record == NULL) {
            fail("no JSON", error.text);
        }
        printf("{\"id\":\"%s\",\"total\":%.17g}\n", text_or(record, "id", ""), total_of(record, france));
        json_decref(record);
    }
    return 0;
}
