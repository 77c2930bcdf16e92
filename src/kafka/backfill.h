/* A run over a stretch of the raw topics that ends by itself: `copydesk run --from --until`.
 *
 * Bounds are offsets, fixed once at the start. Where the group has committed already, it goes on
 * from there: a backfill that was stopped is continued by the same command. A partition is done
 * when its committed offset has reached the bound; a lane whose partition ends in transaction
 * markers commits the bound itself, so that every process of the group sees the same truth.
 *
 * Threads: backfill_open and backfill_look by the main thread, the rest by any lane; partitions
 * are only read after backfill_open.
 */
#ifndef KAFKA_BACKFILL_H
#define KAFKA_BACKFILL_H

#include "kafka/client.h"
#include "kafka/reader.h"

/* A bound is a time in ms since 1970, or one of these. */
#define BACKFILL_EARLIEST INT64_MIN
#define BACKFILL_END      INT64_MAX

struct backfill {
    struct reader reader;
    const char *group;
    rd_kafka_queue_t *answers; /* to questions for the group's commits */
    bool is_asked;             /* one question is under way */
    long long asked_ms;        /* monotonic, when it was asked */
};

enum backfill_state {
    BACKFILL_UNKNOWN, /* the brokers have not answered */
    BACKFILL_OPEN,
    BACKFILL_DONE
};

/* Finds the bounds. False with the reason. */
bool backfill_open(struct backfill *backfill, const struct config *config, int64_t from_ms,
                   int64_t until_ms, char error[CLIENT_ERROR_SIZE]);
/* Accepts one that was not opened, if it is zero. */
void backfill_close(struct backfill *backfill);
/* The stretch of a partition; NULL when it was not there at the start: nothing of it is read. */
const struct reader_part *backfill_find(const struct backfill *backfill, const char *topic,
                                        int32_t partition);
/* Whether the group's commits have reached all bounds, by the answer that has come since the last
 * look. Never waits: whoever watches for signals calls it. The brokers are asked once a second at
 * most. */
enum backfill_state backfill_look(struct backfill *backfill);

#endif
