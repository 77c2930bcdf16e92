/* How fast pages are tokenised and become trees, warm, on one core: bench_html FILE...
 *
 * Each step runs over all files for half a second of processor time; the best of five such runs
 * counts, as what else a machine does only ever makes a run slower. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/slice.h"
#include "html/tree.h"

enum { RUNS = 5, RUN_NS = 500000000 };

struct pages {
    desk_slice *items;
    size_t count, bytes;
};

typedef bool step_function(struct arena *arena, desk_slice page);

static unsigned long long cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (unsigned long long)t.tv_sec * 1000000000u + (unsigned long long)t.tv_nsec;
}

static bool read_page(const char *path, desk_slice *page)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END))
        return false;
    long len = ftell(file);
    char *data = len >= 0 ? malloc((size_t)len + 1) : NULL;
    rewind(file);
    bool good = data && fread(data, 1, (size_t)len, file) == (size_t)len;
    fclose(file);
    *page = slice_of(data, (size_t)len);
    return good;
}

static bool tokenise(struct arena *arena, desk_slice page)
{
    struct tokenizer tokenizer;
    struct html_token token;
    size_t tokens = 0;
    tokenizer_init(&tokenizer, page, arena);
    tokenizer.keep_comments = false;
    while (tokenizer_next(&tokenizer, &token))
        tokens++;
    return tokens > 0;
}

static bool build(struct arena *arena, desk_slice page)
{
    struct tree tree;
    return tree_build(arena, page, &tree);
}

/* The best run's nanoseconds for one pass over all pages. */
static double measure(const struct pages *pages, step_function *step, struct arena *arena)
{
    double best = 0;
    for (int run = 0; run < RUNS; run++) {
        unsigned long long started = cpu_ns(), passed = 0;
        size_t passes = 0;
        for (; passed < RUN_NS; passes++, passed = cpu_ns() - started)
            for (size_t i = 0; i < pages->count; i++) {
                if (!step(arena, pages->items[i]))
                    fprintf(stderr, "page %zu: nothing came out\n", i + 1);
                arena_reset(arena);
            }
        double ns = (double)passed / (double)passes;
        if (best == 0 || ns < best)
            best = ns;
    }
    return best;
}

static void print(const struct pages *pages, const char *name, double ns)
{
    printf("%-16s %8.0f MB/s  %8.1f us a page  %6.1f us for 66 KB\n", name,
           (double)pages->bytes * 1e3 / ns, ns / 1e3 / (double)pages->count,
           ns / 1e3 / (double)pages->bytes * 66e3);
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct pages pages = {calloc((size_t)argc, sizeof(desk_slice)), 0, 0};
    for (int i = 1; i < argc && pages.items; i++) {
        if (!read_page(argv[i], &pages.items[pages.count])) {
            fprintf(stderr, "bench_html: %s: cannot be read\n", argv[i]);
            return 2;
        }
        pages.bytes += pages.items[pages.count++].len;
    }
    if (!pages.count) {
        fprintf(stderr, "usage: bench_html FILE...\n");
        return 2;
    }
    arena_init(&arena, (size_t)1 << 30, (size_t)64 << 20);
    printf("%zu pages, %.0f bytes on average\n", pages.count,
           (double)pages.bytes / (double)pages.count);
    print(&pages, "tokenise", measure(&pages, tokenise, &arena));
    print(&pages, "tokenise + tree", measure(&pages, build, &arena));
    arena_deinit(&arena);
    for (size_t i = 0; i < pages.count; i++)
        free((void *)(size_t)pages.items[i].data);
    free(pages.items);
    return 0;
}
