/* hosts RULE.pcrc DATA.ndjson [FACTORS.csv]: results of the library, called by hosts that have set up floating-point
   arithmetic otherwise. They must not depend on that, and every call must leave it as it was. Prints the results, a
   line each; ends with 1 where a host gets others. Uses zuji.h alone. */
#include <fenv.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/zuji.h"

#if defined(__SSE2__)
#include <xmmintrin.h>
#define CONTROL_FLUSH 0x8040u /* flush to zero, denormals are zero */
#define CONTROL_MASKS 0x1F80u /* exceptions that do not trap */
#endif

enum {
    RECORDS = 300,
    GROUNDS = 20,
    SAMPLES = 200
}; /* that are run one by one as well; of which grounds are asked for */

/* ---- hosts ---- */

struct host {
    const char *name;
    int rounding;
    bool is_flushing; /* results below the smallest normal number are zero */
    bool is_trapping; /* division by zero, overflow and invalid operations end the process */
    bool is_meddling; /* its callbacks change all that, too */
};
static const struct host HOSTS[] = {
    {"as usual",            FE_TONEAREST,  false, false, false},
    {"upwards",             FE_UPWARD,     false, false, false},
    {"downwards",           FE_DOWNWARD,   false, false, false},
    {"towards zero",        FE_TOWARDZERO, false, false, false},
    {"flushing",            FE_TONEAREST,  true,  false, false},
    {"flushing, upwards",   FE_UPWARD,     true,  false, false},
    {"trapping",            FE_TONEAREST,  false, true,  false},
    {"meddling",            FE_TONEAREST,  false, false, true },
    {"meddling, downwards", FE_DOWNWARD,   true,  false, true }
};
enum { HOST_COUNT = sizeof HOSTS / sizeof *HOSTS };

static void set_arithmetic(const struct host *host)
{
    fesetenv(FE_DFL_ENV);
    fesetround(host->rounding);
#if defined(__SSE2__)
    unsigned control = _mm_getcsr() | (host->is_flushing ? CONTROL_FLUSH : 0);
    const unsigned trapped = (1u << 7 | 1u << 9 | 1u << 10); /* invalid, division by zero, overflow */
    _mm_setcsr(host->is_trapping ? control & ~trapped : control);
#endif
}

static unsigned arithmetic(void)
{
#if defined(__SSE2__)
    return _mm_getcsr();
#else
    return (unsigned)fegetround();
#endif
}

struct session {
    const struct host *host;
    struct text {
        char *at;
        size_t len, cap;
    } out;
    FILE *data;
    int broken; /* calls that left arithmetic changed */
};

/* After a call: is all as it was? Floating-point flags count, too. */
static void look(struct session *session, unsigned before, const char *call)
{
    if (arithmetic() != before) {
        fprintf(stderr, "%s: %s leaves %#x, not %#x\n", session->host->name, call, arithmetic(), before);
        session->broken++;
    }
    set_arithmetic(session->host);
}

/* The value of a call, and a look afterwards. */
#define CALL(session, type, to, call)                                                                                  \
    type to;                                                                                                           \
    {                                                                                                                  \
        unsigned before = arithmetic();                                                                                \
        to = call;                                                                                                     \
        look(session, before, #call);                                                                                  \
    }

/* ---- texts ---- */

static void stop(const char *what)
{
    perror(what);
    exit(3);
}

static void add(struct text *text, const char *bytes, size_t len)
{
    if (text->len + len + 1 > text->cap) {
        text->cap = 2 * (text->len + len + 1);
        text->at = realloc(text->at, text->cap);
        if (text->at == NULL) {
            stop("memory");
        }
    }
    memcpy(text->at + text->len, bytes, len);
    text->len += len;
    text->at[text->len] = '\0';
}

static void add_line(struct text *text, const char *line)
{
    add(text, line, strlen(line));
    add(text, "\n", 1);
}

static struct text file_of(const char *path)
{
    struct text text = {NULL, 0, 0};
    char buffer[65536];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        stop(path);
    }
    for (size_t count; (count = fread(buffer, 1, sizeof buffer, file)) > 0;) {
        add(&text, buffer, count);
    }
    fclose(file);
    return text;
}

/* ---- what is run ---- */

static void meddle(const struct session *session)
{
    if (session->host->is_meddling) {
        fesetround(FE_UPWARD);
#if defined(__SSE2__)
        _mm_setcsr(_mm_getcsr() | CONTROL_FLUSH);
#endif
    }
}

static long read_data(void *user, char *buffer, size_t capacity)
{
    struct session *session = user;
    size_t count = fread(buffer, 1, capacity < 4096 ? capacity : 4096, session->data);
    meddle(session);
    return (long)count;
}

static void add_messages(struct session *session, const struct zuji_messages *messages)
{
    for (size_t i = 0; i < zuji_messages_count(messages); i++) {
        const struct zuji_message *message = zuji_messages_get(messages, i);
        add_line(&session->out, message->code);
        add_line(&session->out, message->text[ZUJI_EN]);
    }
}

/* Where the total comes from, how it answers to what it comes from, and how uncertain it is. */
static void add_grounds(struct session *session, const struct zuji_result *row)
{
    const struct zuji_explanation *explanation = NULL;
    const struct zuji_sensitivity *sensitivity = NULL;
    CALL(session, enum zuji_status, explained, zuji_result_explain(row, NULL, &explanation))
    if (explained == ZUJI_OK) {
        CALL(session, const char *, json, zuji_explanation_json(row, explanation, NULL))
        add_line(&session->out, json == NULL ? "no memory" : json);
    }
    CALL(session, enum zuji_status, derived, zuji_result_sensitivity(row, &sensitivity))
    if (derived == ZUJI_OK) {
        CALL(session, const char *, json, zuji_sensitivity_json(row, sensitivity, NULL))
        add_line(&session->out, json == NULL ? "no memory" : json);
    }
    const struct zuji_monte_carlo wanted = {.samples = SAMPLES, .seed = 1};
    const struct zuji_uncertainty *uncertainty = NULL;
    struct zuji_messages *messages = NULL;
    CALL(session, enum zuji_status, drawn, zuji_result_uncertainty(row, &wanted, &uncertainty, &messages))
    add_messages(session, messages);
    zuji_messages_free(messages);
    if (drawn == ZUJI_OK) {
        CALL(session, const char *, json, zuji_uncertainty_json(row, uncertainty, NULL))
        add_line(&session->out, json == NULL ? "no memory" : json);
    }
}

/* Everything that a result tells, asked for by the host. */
static void add_result(struct session *session, const struct zuji_result *result, bool is_thorough)
{
    for (size_t r = 0; r < zuji_result_row_count(result); r++) {
        const struct zuji_result *row = zuji_result_row(result, r);
        CALL(session, const struct zuji_figure *, total, zuji_result_total(row))
        CALL(session, const struct zuji_grade *, grade, zuji_result_grade(row))
        CALL(session, const struct zuji_figure *, matrix, zuji_result_matrix(row, NULL))
        CALL(session, const struct zuji_reasons *, reasons, zuji_result_reasons(row))
        CALL(session, const char *, json, zuji_result_json(row, ZUJI_FULL, NULL))
        add_line(&session->out, json == NULL ? "no memory" : json);
        (void)total, (void)grade, (void)matrix, (void)reasons;
        if (is_thorough) {
            add_grounds(session, row);
        }
    }
    add_messages(session, zuji_result_messages(result));
}

static int take_result(void *user, const struct zuji_result *result)
{
    struct session *session = user;
    struct session inner =
        *session; /* in a callback, arithmetic is the library's; what it becomes is the host's doing */
    const char *json = zuji_result_json(result, ZUJI_STAGES, NULL);
    add_line(&inner.out, json == NULL ? "no memory" : json);
    session->out = inner.out;
    meddle(session);
    return 0;
}

/* The smallest numbers are zero for some hosts. */
static void add_number(struct session *session, const double *value)
{
    char text[32] = "";
    unsigned before = arithmetic();
    zuji_number_text(*value, text);
    look(session, before, "zuji_number_text");
    add_line(&session->out, text);
}

/* The first records, each by a call of its own. */
static void run_records(struct session *session, struct zuji_run *run, const char *data)
{
    for (int i = 0; i < RECORDS && *data != '\0'; i++) {
        size_t len = strcspn(data, "\n");
        const struct zuji_result *result = NULL;
        CALL(session, enum zuji_status, status, zuji_run_record(run, data, len, &result))
        add_line(&session->out, status == ZUJI_OK ? "ok" : "findings");
        if (result != NULL) {
            add_result(session, result, i < GROUNDS);
        }
        data += len + (data[len] == '\n');
    }
}

/* All of them, as a stream of the host's or as a file. */
static void run_all(struct session *session, struct zuji_run *run, const char *path)
{
    struct zuji_messages *messages = NULL;
    session->data = fopen(path, "rb");
    if (session->data == NULL) {
        stop(path);
    }
    CALL(session, enum zuji_status, status,
         zuji_run_stream(run, "data", read_data, session, take_result, session, &messages))
    add_line(&session->out, status == ZUJI_OK || status == ZUJI_FINDINGS ? "done" : "stopped");
    add_messages(session, messages);
    zuji_messages_free(messages);
    fclose(session->data);
    CALL(session, enum zuji_status, again, zuji_run_path(run, path, take_result, session, NULL))
    add_line(&session->out, again == status ? "done again" : "another status");
}

static void run_host(struct session *session, char **files, struct text rule_text, struct text data)
{
    struct zuji_rule *rule = NULL;
    struct zuji_factors *factors = NULL;
    struct zuji_run *run = NULL;
    struct zuji_messages *messages = NULL;
    static const double numbers[] = {0.1, 0x1p-1074, 0x1.8p-1030};
    set_arithmetic(session->host);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        add_number(session, &numbers[i]);
    }
    CALL(session, enum zuji_status, loaded, zuji_load(rule_text.at, rule_text.len, &rule, &messages))
    add_messages(session, messages);
    zuji_messages_free(messages);
    CALL(session, enum zuji_status, made, zuji_factors_new(&factors))
    if (files[2] != NULL) {
        CALL(session, enum zuji_status, added, zuji_factors_add(factors, files[2], &messages))
        add_messages(session, messages);
        zuji_messages_free(messages);
        (void)added;
    }
    CALL(session, enum zuji_status, bound, zuji_run_new(rule, factors, NULL, &run, &messages))
    add_messages(session, messages);
    zuji_messages_free(messages);
    if (loaded == ZUJI_OK && made == ZUJI_OK && bound == ZUJI_OK) {
        CALL(session, char *, listing, zuji_rule_listing(rule))
        add_line(&session->out, listing);
        zuji_text_free(listing);
        run_records(session, run, data.at);
        run_all(session, run, files[1]);
    }
    zuji_run_free(run);
    zuji_factors_free(factors);
    zuji_rule_free(rule);
    fesetenv(FE_DFL_ENV);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: hosts RULE.pcrc DATA.ndjson [FACTORS.csv]\n", stderr);
        return 2;
    }
    struct text rule = file_of(argv[1]);
    struct text data = file_of(argv[2]);
    struct text first = {NULL, 0, 0};
    int failed = 0;
    for (size_t h = 0; h < HOST_COUNT; h++) {
        struct session session = {.host = &HOSTS[h]};
        run_host(&session, argv + 1, rule, data);
        bool is_same = h == 0 || (first.len == session.out.len && memcmp(first.at, session.out.at, first.len) == 0);
        if (!is_same) {
            fprintf(stderr, "%s: other results\n", HOSTS[h].name);
        }
        failed += !is_same || session.broken > 0;
        if (h == 0) {
            first = session.out;
        } else {
            free(session.out.at);
        }
    }
    fputs(first.at, stdout);
    free(first.at);
    free(rule.at);
    free(data.at);
    return failed > 0;
}
