/* Turns files into a C table of texts: `embed HEADER TYPE SYMBOL PREFIX FILE…` prints a source that includes HEADER and defines
   `const struct TYPE SYMBOLs[]` and SYMBOL_count, each entry with a name (PREFIX and the file's name without ending), text and length. */
#include <stdio.h>
#include <string.h>

static int embed_bytes(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    int c;
    *len = 0;
    while ((c = getc(file)) != EOF) {
        printf("%d,", c);
        (*len)++;
        if (*len % 32 == 0) {
            putchar('\n');
        }
    }
    int failed = ferror(file);
    fclose(file);
    return failed;
}

static void print_name(const char *prefix, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    size_t len = strcspn(base, ".");
    printf("%s%.*s", prefix, (int)len, base);
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fputs("usage: embed HEADER TYPE SYMBOL PREFIX FILE...\n", stderr);
        return 2;
    }
    printf("/* Made by tools/embed.c. */\n#include \"%s\"\n", argv[1]);
    for (int i = 5; i < argc; i++) {
        size_t len;
        printf("static const unsigned char text_%d[] = {\n", i);
        if (embed_bytes(argv[i], &len)) {
            return 1;
        }
        printf("0};\n");
    }
    printf("const struct %s %ss[] = {\n", argv[2], argv[3]);
    for (int i = 5; i < argc; i++) {
        printf("    {\"");
        print_name(argv[4], argv[i]);
        printf("\", (const char *)text_%d, sizeof text_%d - 1},\n", i, i);
    }
    printf("    {0, 0, 0} /* so that no files make a table too */\n");
    printf("};\nconst size_t %s_count = %d;\n", argv[3], argc - 5);
    return 0;
}
