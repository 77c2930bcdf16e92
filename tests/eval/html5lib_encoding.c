/* Runs the encoding cases of html5lib-tests against our choice of a charset:
 * html5lib_encoding FILE...
 *
 * A case is a page and the encoding a browser takes for it: the one the page declares, else
 * windows-1252, the default of these cases. Ours is what charset_of_meta() finds. Skipped: the
 * files in a folder "scripted", where a script writes the declaration; we run none. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "text/charset.h"

struct totals {
    size_t passed, failed, skipped;
};

static desk_slice read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    long len = file && !fseek(file, 0, SEEK_END) ? ftell(file) : -1;
    char *data = len >= 0 ? malloc((size_t)len + 1) : NULL;
    if (data && (rewind(file), fread(data, 1, (size_t)len, file) != (size_t)len)) {
        free(data);
        data = NULL;
    }
    if (file)
        fclose(file);
    return slice_of(data, data ? (size_t)len : 0);
}

/* What we read the page as: its mark, what it declares, or the default. */
static const char *charset_of(desk_slice page)
{
    struct charset_state *charsets = NULL;
    struct charset_result result = {{NULL, 0}, "", 0};
    struct arena arena;
    if (!slice_starts(page, slice_from_cstr("\xEF\xBB\xBF"))) {
        const char *name = charset_of_meta(page);
        return name ? name : charset_by_label(slice_from_cstr("windows-1252"));
    }
    arena_init(&arena, (size_t)1 << 20, 0);
    if (charset_open(&charsets, NULL) == DESK_OK)
        charset_to_utf8(charsets, &arena, page, slice_of(NULL, 0), true, &result, NULL);
    charset_close(charsets);
    arena_deinit(&arena);
    return result.name;
}

static bool run_case(desk_slice page, desk_slice wanted)
{
    const char *expected = charset_by_label(wanted), *got = charset_of(page);
    if (expected && !strcmp(expected, got))
        return true;
    printf("  failed: wanted %.*s, got %s\n%.*s\n", (int)wanted.len, wanted.data, got,
           (int)page.len, page.data);
    return false;
}

/* Cases are "#data", the page, "#encoding", the name. */
static bool run_file(const char *path, struct totals *totals)
{
    desk_slice all = read_file(path), data = slice_from_cstr("#data\n"),
               encoding = slice_from_cstr("\n#encoding\n");
    struct totals file = {0, 0, 0};
    bool is_scripted = strstr(path, "/scripted/") != NULL;
    if (!all.data) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return false;
    }
    for (size_t at = slice_find(all, data, 0); at != DESK_SLICE_NONE;) {
        size_t split = slice_find(all, encoding, at), from = split + encoding.len;
        if (split == DESK_SLICE_NONE)
            break;
        size_t end = slice_find_byte(all, '\n', from);
        desk_slice page = slice_sub(all, at + data.len, split);
        desk_slice name = slice_sub(all, from, end == DESK_SLICE_NONE ? all.len : end);
        if (is_scripted)
            file.skipped++;
        else
            *(run_case(page, name) ? &file.passed : &file.failed) += 1;
        at = slice_find(all, data, from);
    }
    printf("%-32s %5zu passed %3zu failed %3zu skipped%s\n", strrchr(path, '/') + 1, file.passed,
           file.failed, file.skipped, is_scripted ? " (a script writes the declaration)" : "");
    totals->passed += file.passed;
    totals->failed += file.failed;
    free((void *)(size_t)all.data);
    return true;
}

int main(int argc, char **argv)
{
    struct totals totals = {0, 0, 0};
    for (int i = 1; i < argc; i++)
        if (!run_file(argv[i], &totals))
            return 2;
    return totals.failed || !totals.passed;
}
