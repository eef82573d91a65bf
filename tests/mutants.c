/* mutants COUNT [SEED [FILE]]: draws mutants of all shipped rules, has the compiler judge them in processes of their
   own, sums up, and fails where a figure is below its bar. FILE gets a line for each mutant. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parser.h"
#include "tests/mutant.h"

enum {
    SECONDS_MAX = 20, /* of one mutant: beyond them the compiler hangs */
    JOBS = 2,
    NEAR_LINES = 1
};
/* The bars, in per cent and errors. */
enum { SMALL = 10000, SLACK = 7 }; /* below so many the figures wander by as many per cent */
enum { BAR_NEAR = 90, BAR_MEDIAN = 1, BAR_MOST = 3, BAR_DIFFERS = 95, BAR_SILENT = 15 };

struct session {
    struct runner *runner;
    struct corpus corpora[JOBS]; /* each writes to a tree of its own */
    struct mutant *mutants;
    struct verdict *verdicts; /* shared with the processes that judge */
    size_t count;
};

static void draw(struct session *session, size_t count, uint64_t seed);
static void add_swaps(struct session *session);
static void judge_all(struct session *session);
static void sum_up(struct session *session, size_t drawn);
static void write_list(const struct session *session, const char *path);

void mode_mutants(struct runner *runner, char **arguments, size_t count)
{
    size_t wanted = count > 0 ? strtoul(arguments[0], NULL, 10) : 1000;
    uint64_t seed = count > 1 ? strtoull(arguments[1], NULL, 10) : 1;
    struct session session = {.runner = runner};
    for (size_t job = 0; job < JOBS; job++) {
        session.corpora[job] = corpus_read(runner);
    }
    draw(&session, wanted, seed);
    size_t drawn = session.count;
    add_swaps(&session);
    judge_all(&session);
    sum_up(&session, drawn);
    if (count > 2) {
        write_list(&session, arguments[2]);
    }
}

/* ---- drawing ---- */

/* Steele, Lea and Flood's SplitMix64. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15U;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
}

static void add_mutant(struct session *session, size_t *cap, struct mutant mutant)
{
    arena_grow(session->runner->arena, session->mutants, session->count, *cap);
    session->mutants[session->count++] = mutant;
}

static bool is_other_text(const struct mutant_file *file, uint32_t a, uint32_t b)
{
    const struct piece *x = &file->pieces[a], *y = &file->pieces[b];
    return x->len != y->len || memcmp(file->text.at + x->off, file->text.at + y->off, x->len) != 0;
}

static bool has_own_text(int kind)
{
    return kind == PIECE_UNIT || kind == TOK_NAME || kind == TOK_TEXT || kind == TOK_NUMBER || kind == TOK_DATE ||
           kind == TOK_TAG || kind == TOK_SUPERSCRIPT || kind == TOK_UNIT_SIGN;
}

/* The same to every reader, by the definition of the language: another spelling of a sign, a separator at the end of a
   line, the unit of a zero. Such mutants are not made. */
static bool is_equivalent(const struct mutant_file *file, struct mutant mutant)
{
    const struct piece *piece = &file->pieces[mutant.piece];
    bool is_separator = piece->kind == TOK_COMMA || piece->kind == TOK_SEMICOLON;
    const char *behind = file->text.at + piece->off + piece->len;
    bool is_last = *behind == '\n' || (mutant.piece + 1 < file->count && piece[1].kind == TOK_RIGHT_BRACE);
    bool is_unit_of_zero = piece->kind == PIECE_UNIT && piece[-1].len == 1 && file->text.at[piece[-1].off] == '0';
    switch (mutant.mutation) {
    case MUTATE_DELETE:
        return (is_separator && is_last) || is_unit_of_zero;
    case MUTATE_DUPLICATE:
        return false;
    case MUTATE_REPLACE:
        return file->pieces[mutant.other].kind == piece->kind && !has_own_text(piece->kind);
    case MUTATE_SWAP:
        return false;
    }
    return false;
}

/* Every second time a token of the same kind, which is what a slip of the hand gives; else any. */
static uint32_t draw_other(const struct mutant_file *file, uint32_t piece, uint64_t *state)
{
    bool wants_kind = next_random(state) % 2 == 0;
    uint32_t other = piece;
    for (int i = 0; i < 200; i++) {
        other = (uint32_t)(next_random(state) % file->count);
        bool is_kind = !wants_kind || i > 100 || file->pieces[other].kind == file->pieces[piece].kind;
        if (is_kind && is_other_text(file, piece, other)) {
            break;
        }
    }
    return other;
}

/* Every token deleted, doubled and replaced, in an order by chance, and again with other replacements until there are
   enough. */
static void draw(struct session *session, size_t count, uint64_t seed)
{
    uint64_t state = seed;
    size_t cap = 0;
    while (session->count < count) {
        bool is_first = session->count == 0;
        size_t from = session->count;
        for (uint32_t file = 0; file < session->corpora[0].count; file++) {
            const struct mutant_file *of = &session->corpora[0].files[file];
            for (uint32_t piece = 0; of->main_count > 0 && piece < of->count; piece++) {
                for (enum mutation m = is_first ? MUTATE_DELETE : MUTATE_REPLACE; m <= MUTATE_REPLACE; m++) {
                    struct mutant mutant = {file, piece, draw_other(of, piece, &state), m};
                    if (!is_equivalent(of, mutant)) {
                        add_mutant(session, &cap, mutant);
                    }
                }
            }
        }
        if (session->count == from) {
            return;
        }
        for (size_t i = session->count - 1; i > from; i--) {
            size_t k = from + next_random(&state) % (i - from + 1);
            struct mutant mutant = session->mutants[i];
            session->mutants[i] = session->mutants[k];
            session->mutants[k] = mutant;
        }
    }
    session->count = count;
}

/* All × and ÷, each for the other. */
static void add_swaps(struct session *session)
{
    size_t cap = session->count;
    for (uint32_t file = 0; file < session->corpora[0].count; file++) {
        const struct mutant_file *of = &session->corpora[0].files[file];
        for (uint32_t piece = 0; of->main_count > 0 && piece < of->count; piece++) {
            if (of->pieces[piece].kind == TOK_STAR || of->pieces[piece].kind == TOK_SLASH) {
                add_mutant(session, &cap, (struct mutant){file, piece, piece, MUTATE_SWAP});
            }
        }
    }
}

/* ---- judging ---- */

/* In a child: judges its share from there on; a crash or the alarm ends it at the mutant that did it. */
static void judge_share(struct session *session, size_t job, size_t from)
{
    for (size_t i = from; i < session->count; i += JOBS) {
        session->verdicts[i].is_begun = 1;
        alarm(SECONDS_MAX);
        struct mutant mutant = session->mutants[i];
        session->verdicts[i] = mutant_judge(session->runner, &session->corpora[job], mutant);
    }
}

static struct verdict *shared_verdicts(struct session *session)
{
    FILE *file = tmpfile();
    size_t bytes = (session->count + 1) * sizeof(struct verdict);
    if (file == NULL || ftruncate(fileno(file), (off_t)bytes) != 0) {
        perror("mutants");
        exit(2);
    }
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
    if (memory == MAP_FAILED) {
        perror("mutants");
        exit(2);
    }
    return memory;
}

/* The first of the job's mutants that was not judged to the end. */
static size_t first_open(const struct session *session, size_t job)
{
    size_t i = job;
    while (i < session->count && session->verdicts[i].is_done) {
        i += JOBS;
    }
    return i;
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
        judge_share(session, job, from);
        _exit(0);
    }
    return child;
}

static void judge_all(struct session *session)
{
    pid_t children[JOBS];
    session->verdicts = shared_verdicts(session);
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
        if (job == JOBS) {
            continue;
        }
        size_t open = first_open(session, job);
        if (open >= session->count) {
            running--;
            continue;
        }
        struct str words = mutant_words(session->runner->arena, &session->corpora[0], session->mutants[open]);
        runner_fail(session->runner, "%.*s: the compiler %s (signal %d)", STR_FMT(words),
                    WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ? "hangs" : "crashes",
                    WIFSIGNALED(status) ? WTERMSIG(status) : 0);
        session->verdicts[open].is_done = 1;
        session->verdicts[open].outcome = MUTANT_HASH;
        children[job] = start_job(session, job, open + JOBS);
    }
}

/* ---- figures ---- */

static double per_cent(size_t part, size_t whole)
{
    return whole == 0 ? 100.0 : 100.0 * (double)part / (double)whole;
}

static double slack_of(size_t drawn)
{
    return drawn < SMALL ? SLACK : 0;
}

static void hold(struct runner *runner, bool is_held, const char *what)
{
    if (is_held) {
        runner_pass(runner);
    } else {
        runner_fail(runner, "%s", what);
    }
}

static int by_size(const void *a, const void *b)
{
    uint16_t x = *(const uint16_t *)a, y = *(const uint16_t *)b;
    return (x > y) - (x < y);
}

static void sum_refused(struct session *session, size_t drawn)
{
    uint16_t *errors = arena_array(session->runner->arena, uint16_t, drawn + 1);
    size_t refused = 0, near = 0, fixed = 0, restored = 0;
    for (size_t i = 0; i < drawn; i++) {
        const struct verdict *verdict = &session->verdicts[i];
        if (verdict->outcome == MUTANT_REFUSED) {
            errors[refused++] = verdict->errors;
            near += verdict->distance <= NEAR_LINES;
            fixed += verdict->has_fix;
            restored += verdict->is_restored;
        }
    }
    qsort(errors, refused, sizeof *errors, by_size);
    unsigned median = errors[refused / 2], most = errors[refused * 95 / 100];
    printf("%zu do not compile: first error within a line %.1f %%; errors: median %u, 95th percentile %u, most %u\n",
           refused, per_cent(near, refused), median, most, (unsigned)errors[refused > 0 ? refused - 1 : 0]);
    printf("a fix that needs no asking: %.1f %% of them; it restores a rule that compiles in %.1f %% of its cases\n",
           per_cent(fixed, refused), per_cent(restored, fixed));
    hold(session->runner, per_cent(near, refused) >= BAR_NEAR - slack_of(drawn),
         "the first error is too often far from the change");
    hold(session->runner, median <= BAR_MEDIAN, "half of the mutants give more than one error");
    hold(session->runner, most <= BAR_MOST, "more than 5 % of the mutants give more than three errors");
}

static void sum_compiled(struct session *session, size_t drawn)
{
    size_t counts[MUTANT_SAME + 1] = {0};
    for (size_t i = 0; i < drawn; i++) {
        counts[session->verdicts[i].outcome]++;
    }
    size_t compiled = drawn - counts[MUTANT_REFUSED];
    size_t same = counts[MUTANT_WARNED] + counts[MUTANT_SAME];
    printf("%zu still compile: another hash %zu, other examples %zu, other texts %zu, the same with a warning %zu, the "
           "same %zu\n",
           compiled, counts[MUTANT_HASH], counts[MUTANT_EXAMPLE], counts[MUTANT_TEXT], counts[MUTANT_WARNED],
           counts[MUTANT_SAME]);
    hold(session->runner, per_cent(compiled - same, compiled) >= BAR_DIFFERS - slack_of(drawn),
         "too many mutants change nothing");
}

/* Where a `/` is part of a unit, a `*` in its place is no formula: such swaps are refused at the sign itself. */
static bool is_in_formula(const struct verdict *verdict)
{
    return verdict->outcome != MUTANT_REFUSED || verdict->codes[0] != D_UNEXPECTED;
}

static void sum_swaps(struct session *session, size_t drawn)
{
    size_t swaps = 0, silent = 0, compiled = 0, caught = 0, missed = 0;
    for (size_t i = drawn; i < session->count; i++) {
        const struct verdict *verdict = &session->verdicts[i];
        swaps += is_in_formula(verdict);
        bool is_compiled = verdict->outcome != MUTANT_REFUSED, is_silent = is_compiled && !verdict->is_warned;
        silent += is_silent;
        compiled += is_compiled;
        caught += verdict->is_caught;
        missed += is_silent && !verdict->is_caught;
    }
    printf(
        "%zu swaps of × and ÷: %zu compile, %.1f %% of all pass in silence; the rule's own examples catch %zu of those "
        "that compile, and %.1f %% of all pass these too\n",
        swaps, compiled, swaps == 0 ? 0.0 : per_cent(silent, swaps), caught,
        swaps == 0 ? 0.0 : per_cent(missed, swaps));
    hold(session->runner, per_cent(silent, swaps) < BAR_SILENT || swaps == 0,
         "too many swaps of × and ÷ pass in silence");
}

static void sum_up(struct session *session, size_t drawn)
{
    size_t tokens = 0;
    for (size_t i = 0; i < session->corpora[0].count; i++) {
        const struct mutant_file *file = &session->corpora[0].files[i];
        tokens += file->main_count > 0 ? file->count : 0;
        if (file->count > 0 && file->main_count == 0) {
            printf("%.*s is part of no rule: not mutated\n", STR_FMT(file->shown));
        }
    }
    printf("%zu mutants of %zu tokens\n", drawn, tokens);
    sum_refused(session, drawn);
    sum_compiled(session, drawn);
    sum_swaps(session, drawn);
}

/* Worst first to read: what compiles unchanged, then by errors. */
static void write_list(const struct session *session, const char *path)
{
    static const char *const outcomes[] = {"refused", "hash", "example", "text", "warned", "SAME"};
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    for (size_t i = 0; i < session->count; i++) {
        const struct verdict *verdict = &session->verdicts[i];
        struct str words = mutant_words(session->runner->arena, &session->corpora[0], session->mutants[i]);
        fprintf(file, "%s %s errors=%u distance=%ld fix=%u restored=%u warned=%u caught=%u", outcomes[verdict->outcome],
                session->mutants[i].mutation == MUTATE_SWAP ? "swap" : "drawn", (unsigned)verdict->errors,
                verdict->distance == DISTANCE_ELSEWHERE ? -1L : (long)verdict->distance, (unsigned)verdict->has_fix,
                (unsigned)verdict->is_restored, (unsigned)verdict->is_warned, (unsigned)verdict->is_caught);
        for (size_t k = 0; k < countof(verdict->codes) && verdict->codes[k] != DIAG_NONE; k++) {
            fprintf(file, " %s", diag_info((enum diag_code)verdict->codes[k])->code);
        }
        fprintf(file, " %.*s\n", STR_FMT(words));
    }
    fclose(file);
}
