/* What the metrics of one record cost: run under callgrind with and without, and take the
 * difference.
 *
 *     valgrind --tool=callgrind bench_flow RECORDS 0|1 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/slice.h"
#include "ops/metrics.h"

/* More sources than are watched, so that places are fought for. */
enum { SOURCES = 3000, SUBJECTS = 300, NAME_SIZE = 32 };

static char sources[SOURCES][NAME_SIZE], subjects[SUBJECTS][NAME_SIZE];

static uint32_t next(uint32_t *state)
{
    *state = *state * 1103515245u + 12345u;
    return *state >> 16;
}

static void count(struct metrics *metrics, const char *source, const char *subject, int64_t ms)
{
    struct flow_record record = {.source = slice_from_cstr(source),
                                 .subject = slice_from_cstr(subject),
                                 .language = slice_of("en", 2),
                                 .timestamp_ms = ms};
    flow_add(&metrics->flow, &record);
    histogram_observe(&metrics->lanes[0].record, &HISTOGRAM_RECORD, 60000);
    histogram_observe(&metrics->lanes[0].latency, &HISTOGRAM_LATENCY, 120);
}

int main(int argc, char **argv)
{
    static struct metrics metrics;
    struct metrics_options options = {1, 60000, 3600000, 86400000};
    uint32_t state = 1;
    if (argc != 3 || !metrics_init(&metrics, &options)) {
        fprintf(stderr, "usage: bench_flow RECORDS 0|1\n");
        return 2;
    }
    for (size_t i = 0; i < SOURCES; i++)
        snprintf(sources[i], NAME_SIZE, "source-%zu.example", i);
    for (size_t i = 0; i < SUBJECTS; i++)
        snprintf(subjects[i], NAME_SIZE, "medtop:%08zu", i);
    long records = strtol(argv[1], NULL, 10);
    for (long i = 0; i < records; i++) {
        const char *source = sources[next(&state) % SOURCES];
        const char *subject = subjects[next(&state) % SUBJECTS];
        if (argv[2][0] == '1')
            count(&metrics, source, subject, 1700000000000 + i);
    }
    metrics_deinit(&metrics);
    return 0;
}
