/* random COUNT [SEED]: draws so many pairs of rule and data, tries each in a process of its own kind, sums up what was
   compared and which constructs occurred, and makes what fails small: it is left in build/MODE/random/seed-N. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/random/shrink.h"
#include "tests/random/trial.h"
#include "tests/runner.h"

enum {
    JOBS = 2,
    SECONDS_MAX = 120, /* of one pair: beyond them something hangs, on a busy machine, too */
    THOROUGH_EVERY = 5,
    COUNT_FOR_ALL = 500,
    SHRUNK_MAX = 6, /* mistakes that are made small in one session */
    SHRINK_SECONDS = 60
};

struct slot { /* what a process says of one pair */
    struct verdict verdict;
    uint8_t is_done;
};

struct session {
    struct runner *runner;
    uint64_t first;
    size_t count;
    struct slot *slots;                      /* shared with the processes */
    uint32_t (*constructs)[CONSTRUCT_COUNT]; /* by job */
    struct str folders[JOBS + 1];
};

static void *shared(size_t bytes)
{
    FILE *file = tmpfile();
    if (file == NULL || ftruncate(fileno(file), (off_t)bytes) != 0) {
        perror("random");
        exit(2);
    }
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
    if (memory == MAP_FAILED) {
        perror("random");
        exit(2);
    }
    return memory;
}

/* ---- trying ---- */

static void try_share(struct session *session, size_t job, size_t from)
{
    for (size_t i = from; i < session->count; i += JOBS) {
        struct arena arena = {0};
        alarm(SECONDS_MAX);
        struct pair pair = pair_draw(&arena, session->first + i);
        struct verdict *verdict = &session->slots[i].verdict;
        trial_run(&pair, session->folders[job], i % THOROUGH_EVERY == 0, verdict);
        for (size_t k = 0; k < CONSTRUCT_COUNT && verdict->products > verdict->failed; k++) {
            session->constructs[job][k] += pair.counts[k] > 0;
        }
        session->slots[i].is_done = 1;
        arena_free(&arena);
    }
}

static pid_t start_job(struct session *session, size_t job, size_t from)
{
    fflush(NULL);
    pid_t child = fork();
    if (child < 0) {
        perror("fork");
        exit(2);
    }
    if (child == 0) {
        try_share(session, job, from);
        _exit(0);
    }
    return child;
}

static void note_end(struct verdict *verdict, int status)
{
    int with = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    snprintf(verdict->what, sizeof verdict->what, with == SIGALRM ? "hangs" : "crashes with %d",
             with != 0 ? with : WEXITSTATUS(status));
    snprintf(verdict->detail, sizeof verdict->detail, "the process ended");
}

static size_t first_open(const struct session *session, size_t job)
{
    size_t i = job;
    while (i < session->count && session->slots[i].is_done) {
        i += JOBS;
    }
    return i;
}

static void try_all(struct session *session)
{
    pid_t children[JOBS];
    for (size_t job = 0; job < JOBS; job++) {
        children[job] = start_job(session, job, job);
    }
    for (size_t running = JOBS; running > 0;) {
        int status = 0;
        pid_t ended = wait(&status);
        size_t job = 0;
        while (job < JOBS && children[job] != ended) {
            job++;
        }
        size_t open = job == JOBS ? session->count : first_open(session, job);
        if (job < JOBS && open >= session->count) {
            running--;
        } else if (job < JOBS) {
            note_end(&session->slots[open].verdict, status);
            session->slots[open].is_done = 1;
            children[job] = start_job(session, job, open + JOBS);
        }
    }
}

/* ---- making small ---- */

struct again {
    struct session *session;
    struct pair *pair;
    const struct verdict *wanted;
    struct slot *slot;
    bool is_thorough;
};

static bool shows_it(void *context)
{
    struct again *again = context;
    memset(again->slot, 0, sizeof *again->slot);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS_MAX);
        trial_run(again->pair, again->session->folders[JOBS], again->is_thorough, &again->slot->verdict);
        again->slot->is_done = 1;
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (!again->slot->is_done) {
        note_end(&again->slot->verdict, status);
    }
    return strcmp(again->slot->verdict.what, again->wanted->what) == 0;
}

static struct str kept_folder(struct session *session, uint64_t seed)
{
    const char *mode = getenv("MODE") != NULL ? getenv("MODE") : "release";
    struct arena *arena = session->runner->arena;
    mkdir("build", 0777);
    mkdir(str_format(arena, "build/%s", mode).at, 0777);
    mkdir(str_format(arena, "build/%s/random", mode).at, 0777);
    struct str folder = str_format(arena, "build/%s/random/seed-%lu", mode, (unsigned long)seed);
    mkdir(folder.at, 0777);
    return folder;
}

static void draw_small(struct session *session, size_t number)
{
    struct arena arena = {0};
    struct pair pair = pair_draw(&arena, session->first + number);
    struct verdict wanted = session->slots[number].verdict;
    struct again again = {.session = session, .pair = &pair, .wanted = &wanted, .slot = shared(sizeof(struct slot))};
    again.is_thorough = number % THOROUGH_EVERY == 0;
    struct str folder = kept_folder(session, session->first + number);
    bool is_wanted = getenv("ZUJI_KEEP_LARGE") == NULL; /* else it is left as it was drawn */
    size_t asked = shows_it(&again) && is_wanted ? shrink(&pair, shows_it, &again, SHRINK_SECONDS) : 0;
    shows_it(&again);
    trial_write(&pair, &arena, folder, FORM_PLAIN);
    printf("seed %lu: %s: %s\n  made small in %zu steps: %.*s\n", (unsigned long)(session->first + number), wanted.what,
           again.slot->verdict.detail, asked, STR_FMT(folder));
    munmap(again.slot, sizeof *again.slot);
    arena_free(&arena);
}

/* Of each mistake the first pair. */
static void report_mistakes(struct session *session)
{
    size_t shown = 0;
    for (size_t i = 0; i < session->count; i++) {
        const struct verdict *verdict = &session->slots[i].verdict;
        if (verdict->what[0] == '\0') {
            runner_pass(session->runner);
            continue;
        }
        runner_fail(session->runner, "seed %lu: %s: %s", (unsigned long)(session->first + i), verdict->what,
                    verdict->detail);
        bool is_known = false;
        for (size_t k = 0; k < i && !is_known; k++) {
            is_known = strcmp(session->slots[k].verdict.what, verdict->what) == 0;
        }
        if (!is_known && shown < SHRUNK_MAX) {
            shown++;
            draw_small(session, i);
        }
    }
}

/* ---- summing up ---- */

static void sum_up(struct session *session)
{
    static const char *const checks[CHECK_COUNT] = {
        "exact against fast",      "chunks of 1 and 7",   "more than one chunk", "full results",
        "explanations recomputed", "sensitivities",       "read and written",    "formatted, zh and en",
        "literals as data",        "units restated",      "rows reversed",       "a row split",
        "other spellings",         "extends as one rule", "sums of parts"};
    uint32_t sums[CHECK_COUNT] = {0}, products = 0, failed = 0, exact = 0, refused = 0;
    for (size_t i = 0; i < session->count; i++) {
        const struct verdict *verdict = &session->slots[i].verdict;
        products += verdict->products;
        failed += verdict->failed;
        exact += verdict->exact;
        refused += verdict->is_refused;
        for (size_t k = 0; k < CHECK_COUNT; k++) {
            sums[k] += verdict->checks[k];
        }
    }
    printf("%u pairs are refused as a constant fails\n", refused);
    printf("%zu pairs from seed %lu, %u products: %u failed, %u of the others left to the exact engine\n",
           session->count, (unsigned long)session->first, products, failed, exact);
    for (size_t k = 0; k < CHECK_COUNT; k++) {
        printf("%8u %s\n", sums[k], checks[k]);
    }
}

/* In how many pairs with figures each construct occurs: in a session of some length, in one at least. */
static void sum_constructs(struct session *session)
{
    static const char *const words[CONSTRUCT_COUNT] = {
#define CONSTRUCT(name, words) words,
#include "tests/random/constructs.def"
#undef CONSTRUCT
    };
    for (size_t k = 0; k < CONSTRUCT_COUNT; k++) {
        uint32_t sum = 0;
        for (size_t job = 0; job < JOBS; job++) {
            sum += session->constructs[job][k];
        }
        printf("%8u %s\n", sum, words[k]);
        if (sum == 0 && session->count >= COUNT_FOR_ALL) {
            runner_fail(session->runner, "\"%s\" did not occur", words[k]);
        }
    }
}

void mode_random(struct runner *runner, char **arguments, size_t count)
{
    struct session session = {.runner = runner};
    session.count = count > 0 ? strtoul(arguments[0], NULL, 10) : 1000;
    session.first = count > 1 ? strtoull(arguments[1], NULL, 10) : 1;
    session.slots = shared((session.count + 1) * sizeof(struct slot));
    session.constructs = shared(JOBS * sizeof *session.constructs);
    for (size_t job = 0; job <= JOBS; job++) {
        session.folders[job] = scratch_folder(runner);
    }
    try_all(&session);
    sum_up(&session);
    sum_constructs(&session);
    report_mistakes(&session);
}

/* COUNT SEED FOLDER: pairs as files, each in a folder of its number, for other programs. */
void mode_draw(struct runner *runner, char **arguments, size_t count)
{
    if (count < 3) {
        runner_fail(runner, "draw: COUNT SEED FOLDER are needed");
        return;
    }
    for (uint64_t i = 0; i < strtoull(arguments[0], NULL, 10); i++) {
        struct arena arena = {0};
        struct pair pair = pair_draw(&arena, strtoull(arguments[1], NULL, 10) + i);
        struct str folder = str_format(&arena, "%s/%llu", arguments[2], (unsigned long long)i);
        if (mkdir(folder.at, 0777) != 0 && errno != EEXIST) {
            runner_fail(runner, "%s: cannot be made", folder.at);
        }
        trial_write(&pair, &arena, folder, FORM_PLAIN);
        arena_free(&arena);
    }
}
