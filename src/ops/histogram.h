/* Histograms with fixed bounds. Written by one thread and read by others: relaxed atomics, no lock.
 *
 * A histogram and its scale belong together; values are whole numbers of the scale's unit. */
#ifndef OPS_HISTOGRAM_H
#define OPS_HISTOGRAM_H

#include <stdatomic.h>
#include <stddef.h>

enum { HISTOGRAM_BOUNDS_MAX = 20 };

struct histogram_scale {
    double unit; /* seconds */
    size_t count;
    unsigned long long bounds[HISTOGRAM_BOUNDS_MAX]; /* rising; a value equal to one is inside */
};

/* Stages take 0.1 us to 1 s: three steps a decade below a millisecond. */
extern const struct histogram_scale HISTOGRAM_STAGE;
/* Whole records, 10 us to 5 s. */
extern const struct histogram_scale HISTOGRAM_RECORD;
/* Commits and transactions, 1 ms to 60 s. */
extern const struct histogram_scale HISTOGRAM_COMMIT;
/* From the raw record to its outcome, 5 ms to a day. Milliseconds, so that the sum of an archive's
 * ages (ten years each) overflows no earlier than after 50 million records. */
extern const struct histogram_scale HISTOGRAM_LATENCY;

struct histogram {
    atomic_ullong
        counts[HISTOGRAM_BOUNDS_MAX + 1]; /* not cumulative; the last is above all bounds */
    atomic_ullong sum;
};

void histogram_observe(struct histogram *histogram, const struct histogram_scale *scale,
                       unsigned long long value);

/* Plain numbers, to add up the histograms of several lanes. */
struct histogram_sum {
    unsigned long long counts[HISTOGRAM_BOUNDS_MAX + 1];
    unsigned long long sum;
};

void histogram_add(struct histogram_sum *sum, struct histogram *histogram);

#endif
