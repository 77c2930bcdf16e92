/* Ends connections whose request takes too long as a whole. libmicrohttpd's own timeout only counts
 * silence, so that a client which sends a byte now and then would hold its connection for days.
 *
 * Two functions are libmicrohttpd's callbacks and run in its thread; a thread of the clock's own
 * looks after the connections. */
#ifndef OPS_HTTP_CLOCK_H
#define OPS_HTTP_CLOCK_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "ops/ticker.h"

/* An open connection: since when its present request is waited for. */
struct http_slot {
    int fd; /* -1: free */
    long long since_ms;
};

struct http_clock {
    struct ticker ticker;
    pthread_mutex_t lock; /* for all below */
    struct http_slot *slots;
    size_t slots_count;
    long long limit_ms;
};

/* A request may take twice `timeout_s`: the wait for it, and its sending and answer. False without
 * memory or thread, with nothing left open. */
bool http_clock_open(struct http_clock *clock, unsigned timeout_s, size_t connections_max);
/* After the daemon has stopped. */
void http_clock_close(struct http_clock *clock);

/* MHD_OPTION_NOTIFY_CONNECTION; `context` is the clock, as in the next. */
void http_clock_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                           enum MHD_ConnectionNotificationCode code);
/* MHD_OPTION_NOTIFY_COMPLETED */
void http_clock_completed(void *context, struct MHD_Connection *connection, void **request,
                          enum MHD_RequestTerminationCode code);
/* The connection has taken a part of an endless answer: it gets the time of a request for the next.
 */
void http_clock_progress(struct http_clock *clock, struct MHD_Connection *connection);

#endif
