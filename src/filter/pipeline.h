/* Records from files to descriptors, in order, by one engine or several at once.
 *
 * One engine works in the caller's thread. Several work in a thread each: the caller's thread reads
 * into a ring of batches, each worker takes the next one, and writes it when all before it are
 * written. The ring is the only queue: when the reader of our output is slow, the ring fills and
 * reading stops. */
#ifndef FILTER_PIPELINE_H
#define FILTER_PIPELINE_H

#include "filter/batch.h"
#include "filter/files.h"
#include "filter/stopper.h"

enum flush_when {
    FLUSH_AUTO, /* when a batch is full, or the next record is not there yet */
    FLUSH_LINE, /* after each record */
    FLUSH_FULL  /* when a batch is full, and at the end */
};

struct pipeline_options {
    struct batch_form form;
    enum flush_when flush;
    int out_fd, refused_fd, messages_fd; /* refused_fd: with form.is_elsewhere */
    size_t record_bytes_max;
    struct stopper *stopper; /* to be stopped when writing fails */
};

enum pipeline_status {
    PIPELINE_DONE,
    PIPELINE_READ_FAILED,
    PIPELINE_WRITE_FAILED,
    PIPELINE_ENGINE_FAILED,
    PIPELINE_NO_MEMORY
};

struct pipeline_result {
    enum pipeline_status status; /* of the first failure */
    uint64_t rejected;           /* of those written */
    char reason[DESK_ERROR_MESSAGE_SIZE];
};

/* engines: one a worker; they are the pipeline's until it returns. */
struct pipeline_result pipeline_run(const struct pipeline_options *options, struct files *files,
                                    desk_engine **engines, size_t engines_count);

#endif
