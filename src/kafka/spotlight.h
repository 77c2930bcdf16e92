/* The newest articles, and rejected records, for the monitor page: one of each a second at most.
 *
 * A lane hands over a copy of a record when one is wanted, without a lock and without waiting: it
 * takes the place by one compare-and-swap and fills it, or goes on. A thread of the lowest priority
 * runs the engine once more on the copy, with the trace of what was removed, and publishes what
 * came out as an event. Records that nobody wanted are not counted here: they are what the metrics
 * count beyond what was shown. Nothing that happens here can fail or delay a lane. */
#ifndef KAFKA_SPOTLIGHT_H
#define KAFKA_SPOTLIGHT_H

#include <copydesk/copydesk.h>
#include <librdkafka/rdkafka.h>

#include "ops/http.h"

/* Larger records are not shown; of a rejected one, and of keys and headers, only the beginning is.
 * The engine of the spotlight has less memory than a lane's: what needs more is not shown. */
enum {
    SPOTLIGHT_RECORD_BYTES = 512 << 10,
    SPOTLIGHT_VALUE_SHOWN = 4 << 10,
    SPOTLIGHT_ENGINE_BYTES = 64 << 20,
    SPOTLIGHT_VIEW_BYTES = 32 << 20,
    SPOTLIGHT_BYTES =
        SPOTLIGHT_ENGINE_BYTES + SPOTLIGHT_VIEW_BYTES + (8 << 20) /* with copies, JSON */
};

struct lane_shared;
struct spotlight;

/* NULL, with a line in the log, when it could not be started: a run goes on without. Both must
 * outlive it. */
struct spotlight *spotlight_open(struct lane_shared *shared, struct http_server *http);
/* Before the HTTP server is closed. Accepts NULL. */
void spotlight_close(struct spotlight *spotlight);
/* What a lane did with a record. Accepts NULL. Lanes' threads. */
void spotlight_offer(struct spotlight *spotlight, const rd_kafka_message_t *message,
                     const desk_result *result);

#endif
