/* What bench compares the engine with, measured in the same process: absolute times depend on the
 * machine and its other users, ratios much less. */
#ifndef COMMANDS_BENCH_REFERENCE_H
#define COMMANDS_BENCH_REFERENCE_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stddef.h>

struct bench_reference {
    double copy_ns;  /* to copy a record once, on average */
    double parse_ns; /* to build the tree of a record; 0 when the records are no HTML */
};

/* Measures for at least a tenth of a second each. `clock` gives nanoseconds. False when memory is
 * short. */
bool bench_reference(const desk_slice *records, size_t count, unsigned long long (*clock)(void),
                     struct bench_reference *reference);

#endif
