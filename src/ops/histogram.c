/* Bounds, and finding the bucket: a short linear search, as most values are in the low buckets. */
#include "ops/histogram.h"

const struct histogram_scale HISTOGRAM_STAGE = {1e-9,
                                                16,
                                                {250, 500, 1000, 2500, 5000, 10000, 25000, 50000,
                                                 100000, 250000, 500000, 1000000, 5000000, 25000000,
                                                 100000000, 1000000000}};
const struct histogram_scale HISTOGRAM_RECORD = {1e-9,
                                                 15,
                                                 {10000, 25000, 50000, 100000, 250000, 500000,
                                                  1000000, 2500000, 5000000, 10000000, 25000000,
                                                  100000000, 250000000, 1000000000, 5000000000}};
const struct histogram_scale HISTOGRAM_COMMIT = {
    1e-9,
    15,
    {1000000, 2500000, 5000000, 10000000, 25000000, 50000000, 100000000, 250000000, 500000000,
     1000000000, 2500000000, 5000000000, 10000000000, 30000000000, 60000000000}};
const struct histogram_scale HISTOGRAM_LATENCY = {1e-3,
                                                  19,
                                                  {5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000,
                                                   10000, 30000, 60000, 300000, 900000, 3600000,
                                                   10800000, 21600000, 86400000}};

void histogram_observe(struct histogram *histogram, const struct histogram_scale *scale,
                       unsigned long long value)
{
    size_t i = 0;
    while (i < scale->count && value > scale->bounds[i])
        i++;
    atomic_fetch_add_explicit(&histogram->counts[i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&histogram->sum, value, memory_order_relaxed);
}

void histogram_add(struct histogram_sum *sum, struct histogram *histogram)
{
    for (size_t i = 0; i <= HISTOGRAM_BOUNDS_MAX; i++)
        sum->counts[i] += atomic_load_explicit(&histogram->counts[i], memory_order_relaxed);
    sum->sum += atomic_load_explicit(&histogram->sum, memory_order_relaxed);
}
