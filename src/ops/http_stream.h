/* Readers of the event stream: each GET of /events goes through the feed until it leaves.
 *
 * libmicrohttpd's thread asks for more when a connection has taken what it was given; with nothing
 * to give it is put to sleep, and woken after each new event. A reader that does not take what it
 * is given for too long is ended by the server's clock, like any slow client; one that is merely
 * slow misses events. */
#ifndef OPS_HTTP_STREAM_H
#define OPS_HTTP_STREAM_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>

#include "ops/feed.h"
#include "ops/http_clock.h"

struct http_stream;

struct http_streams {
    pthread_mutex_t lock; /* for all below, and every stream */
    struct http_stream *first;
    unsigned count, count_max;
    bool is_stopping;
    struct feed *feed;
    struct http_clock *clock;
};

/* `feed` and `clock` must outlive it; at most `count_max` readers at a time. */
void http_streams_open(struct http_streams *streams, struct feed *feed, struct http_clock *clock,
                       unsigned count_max);
/* Wakes all readers to end: they are gone once the daemon has stopped. No more are taken. */
void http_streams_stop(struct http_streams *streams);
/* After the daemon has stopped. */
void http_streams_close(struct http_streams *streams);
/* After something was added to the feed. */
void http_streams_wake(struct http_streams *streams);
/* The answer to one GET: a response for the caller to queue and destroy; NULL: there are too many
 * readers, or memory is short. `last_id` is what the client had last, or NULL. */
struct MHD_Response *http_stream_answer(struct http_streams *streams,
                                        struct MHD_Connection *connection, const char *last_id);

#endif
