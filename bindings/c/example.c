/* A calculator in forty lines: loads a compiled rule, lets it call the external functions of the standard library, runs
   one record, prints the total.
   Build: cc example.c $(pkg-config --cflags --libs zujistd)   Use: example RULE.pcrc RECORD.json [FACTORS.csv] */
#include <stdio.h>
#include <stdlib.h>
#include <zuji.h>
#include <zujistd.h>

static char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    *len = 0;
    for (size_t room = 0; file != NULL && !feof(file) && !ferror(file);) {
        room += 65536;
        char *more = realloc(bytes, room);
        if (more == NULL) {
            break;
        }
        bytes = more;
        *len += fread(bytes + *len, 1, room - *len, file);
    }
    if (file == NULL || ferror(file)) {
        perror(path);
        exit(3);
    }
    fclose(file);
    return bytes;
}

static void print_messages(const struct zuji_messages *messages)
{
    for (size_t i = 0; i < zuji_messages_count(messages); i++) {
        const struct zuji_message *message = zuji_messages_get(messages, i);
        fprintf(stderr, "%s: %s\n", message->code, message->text[ZUJI_EN]);
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: example RULE.pcrc RECORD.json [FACTORS.csv]\n");
        return 2;
    }
    size_t rule_len, record_len;
    char *rule_bytes = read_file(argv[1], &rule_len), *record = read_file(argv[2], &record_len);
    struct zuji_rule *rule = NULL;
    struct zuji_factors *factors = NULL;
    struct zuji_natives *natives = NULL;
    struct zuji_run *run = NULL;
    struct zuji_messages *messages = NULL;
    const struct zuji_result *result = NULL;
    int code = 1;

    if (zuji_load(rule_bytes, rule_len, &rule, &messages) != ZUJI_OK || zuji_factors_new(&factors) != ZUJI_OK ||
        (argc > 3 && zuji_factors_add(factors, argv[3], &messages) != ZUJI_OK) || zuji_natives_new(&natives) != ZUJI_OK ||
        zuji_std_allow(natives) != ZUJI_OK ||
        zuji_run_new(rule, factors, &(struct zuji_options){.natives = natives}, &run, &messages) != ZUJI_OK) {
        print_messages(messages);
        goto out;
    }
    zuji_run_record(run, record, record_len, &result);
    if (result == NULL || !zuji_result_is_ok(result)) {
        print_messages(result != NULL ? zuji_result_messages(result) : NULL);
        goto out;
    }
    printf("%s: %s kgCO2e per %s\n", zuji_result_id(result), zuji_result_total(result)->reported,
           zuji_rule_declared(rule, ZUJI_EN));
    code = 0;
out:
    zuji_messages_free(messages);
    zuji_run_free(run);
    zuji_natives_free(natives);
    zuji_factors_free(factors);
    zuji_rule_free(rule);
    free(record);
    free(rule_bytes);
    return code;
}
