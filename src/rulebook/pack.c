/* A build-time tool: packs files into one blob, sorted by path.
 *
 *     desk_pack OUTPUT FOLDER FILE...
 *
 * Format, all of it readable: for each file a line "LENGTH PATH\n" (PATH relative to FOLDER), the
 * LENGTH bytes, and "\n"; then the line "0 \n". rulebook/builtin.c reads it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_path(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int fail(const char *what, const char *path)
{
    fprintf(stderr, "desk_pack: %s %s\n", what, path);
    return 1;
}

static char *read_all(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *data = NULL;
    if (file && fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        data = size >= 0 ? malloc((size_t)size + 1) : NULL;
        rewind(file);
        *len = data ? fread(data, 1, (size_t)size, file) : 0;
    }
    if (file)
        fclose(file);
    return data;
}

static int pack_one(FILE *out, const char *folder, const char *path)
{
    size_t len = 0, prefix = strlen(folder);
    char *data = read_all(path, &len);
    if (!data)
        return fail("cannot read", path);
    const char *name = strncmp(path, folder, prefix) == 0 ? path + prefix + 1 : path;
    fprintf(out, "%zu %s\n", len, name);
    fwrite(data, 1, len, out);
    fputc('\n', out);
    free(data);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return fail("usage: desk_pack OUTPUT FOLDER FILE...", "");
    FILE *out = fopen(argv[1], "wb");
    if (!out)
        return fail("cannot write", argv[1]);
    qsort(argv + 3, (size_t)argc - 3, sizeof *argv, by_path);
    for (int i = 3; i < argc; i++)
        if (pack_one(out, argv[2], argv[i]))
            return 1;
    fputs("0 \n", out);
    return fclose(out) ? fail("cannot write", argv[1]) : 0;
}
