/* The two references of bench: memcpy, the least anything can cost, and the HTML tree alone. */
#include "commands/bench_reference.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/slice.h"
#include "html/tree.h"

static const unsigned long long ENOUGH_NS = 100000000;
static const size_t MEMORY_MAX = (size_t)4 << 30, MEMORY_RETAINED = (size_t)1 << 30;

struct measured {
    const desk_slice *records;
    size_t count;
    char *buffer; /* as large as the largest record */
    struct arena arena;
};

/* One pass over all records; false when memory is short. */
typedef bool (*pass)(struct measured *measured);

static bool copy_all(struct measured *m)
{
    /* Through a volatile pointer the compiler must call it. */
    void *(*volatile copy)(void *, const void *, size_t) = memcpy;
    for (size_t i = 0; i < m->count; i++)
        if (m->records[i].len)
            copy(m->buffer, m->records[i].data, m->records[i].len);
    return true;
}

static bool parse_all(struct measured *m)
{
    for (size_t i = 0; i < m->count; i++) {
        struct tree tree = {0};
        arena_reset(&m->arena);
        if (!tree_build(&m->arena, m->records[i], &tree))
            return false;
    }
    return true;
}

/* Nanoseconds a record, after one pass to warm up; negative when memory is short. Passes go in
 * batches that double, since reading the clock costs more than copying a small record. */
static double measure(struct measured *m, pass run, unsigned long long (*clock)(void))
{
    unsigned long long rounds = 0, batch = 1, spent = 0, started;
    bool good = run(m);
    for (started = clock(); good && spent < ENOUGH_NS; batch *= 2) {
        for (unsigned long long i = 0; i < batch && good; i++)
            good = run(m);
        rounds += batch;
        spent = clock() - started;
    }
    return good ? (double)spent / (double)rounds / (double)m->count : -1;
}

static bool are_html(const struct measured *m)
{
    for (size_t i = 0; i < m->count; i++) {
        desk_slice text = slice_trim(m->records[i]);
        if (!text.len || text.data[0] != '<')
            return false;
    }
    return true;
}

bool bench_reference(const desk_slice *records, size_t count, unsigned long long (*clock)(void),
                     struct bench_reference *reference)
{
    struct measured m = {.records = records, .count = count};
    size_t largest = 1;
    for (size_t i = 0; i < count; i++)
        largest = records[i].len > largest ? records[i].len : largest;
    m.buffer = malloc(largest);
    if (!m.buffer)
        return false;
    arena_init(&m.arena, MEMORY_MAX, MEMORY_RETAINED);
    reference->copy_ns = measure(&m, copy_all, clock);
    reference->parse_ns = are_html(&m) ? measure(&m, parse_all, clock) : 0;
    arena_deinit(&m.arena);
    free(m.buffer);
    return reference->parse_ns >= 0;
}
