/* Some records on their way through the filter: read together, processed by one engine, written at
 * once.
 *
 * A batch belongs to one thread at a time: the reader's, then a worker's. */
#ifndef FILTER_BATCH_H
#define FILTER_BATCH_H

#include <copydesk/engine.h>

#include "filter/intake.h"
#include "filter/sink.h"

/* As large as it takes for the cost of a batch (locks, system calls) not to be seen, and small
 * enough that a few of them are little memory. */
enum { BATCH_RECORDS = 256, BATCH_BYTES = 1 << 18 };

struct batch_form {
    desk_slice wrap;   /* {"WRAP":record}; empty: the record alone */
    bool is_elsewhere; /* rejected ones go into batch.refused instead of batch.out */
    bool is_quiet;     /* no messages about rejected ones */
};

struct batch {
    struct arena arena; /* of the items, and of lines of rejected ones */
    struct item items[BATCH_RECORDS];
    size_t count, bytes, rejected;
    struct sink out, refused, messages;
    desk_error err; /* not DESK_OK: the batch ends before its end */
};

/* bytes_max: of one record. */
void batch_init(struct batch *batch, size_t bytes_max);
void batch_deinit(struct batch *batch);
/* Empties it. */
void batch_reset(struct batch *batch);
/* Fills the three sinks. False: batch.err says why. */
bool batch_process(struct batch *batch, desk_engine *engine, const struct batch_form *form);

#endif
