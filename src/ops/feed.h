/* Server-sent events that wait for whoever reads them: a bounded ring for each kind of event.
 *
 * Publishers add, readers go through it each at its own pace by the number of the last event they
 * had. Whoever is too slow misses events, never holds one up. Events count their readers, so that
 * one that is being sent outlives its place in the ring.
 *
 * Threads  every function from any thread
 * Source   HTML Standard, "Server-sent events" */
#ifndef OPS_FEED_H
#define OPS_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One kind of events, and how many of them are kept; the oldest go first. */
struct feed_kind {
    const char *name;            /* NULL ends the list */
    size_t count_max, bytes_max; /* of those kept; a single larger event is refused */
};

/* An event as it goes over the wire: "id: ...\nevent: ...\ndata: ...\n\n". */
struct feed_event {
    uint64_t number; /* rises with each event of any kind, from 1 */
    unsigned users;  /* guarded by the feed */
    size_t len;
    char text[];
};

struct feed;

/* `kinds` must outlive the feed. `run` tells this feed's ids from those of an earlier process. NULL
 * when out of memory. */
struct feed *feed_new(const struct feed_kind *kinds, uint64_t run);
/* When nobody reads any more. Accepts NULL. */
void feed_free(struct feed *feed);
/* Adds an event; `data` is one line, a line end behind it is left out. False when it is too large
 * or memory is short: it is lost. */
bool feed_add(struct feed *feed, const char *kind, const char *data, size_t len);
/* The oldest event behind number `after`, which the caller releases; NULL: there is none yet. */
struct feed_event *feed_next(struct feed *feed, uint64_t after);
void feed_release(struct feed *feed, struct feed_event *event);
/* The number to go on after for a reader whose last event had this id; 0, the beginning, for an id
 * of another process, a strange one, or NULL. */
uint64_t feed_resume(const struct feed *feed, const char *last_id);

#endif
