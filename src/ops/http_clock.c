/* The slots, and the look at them. A socket is shut down under the lock that its slot is freed
 * under, and libmicrohttpd closes it after that: never a socket of somebody else. */
#include "ops/http_clock.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { LOOKS_PER_LIMIT = 8 };

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int socket_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

static struct http_slot *find_slot(struct http_clock *clock, int fd)
{
    for (size_t i = 0; i < clock->slots_count; i++)
        if (clock->slots[i].fd == fd)
            return &clock->slots[i];
    return NULL;
}

/* --- callbacks ----------------------------------------------------------------------------- */

void http_clock_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                           enum MHD_ConnectionNotificationCode code)
{
    struct http_clock *clock = context;
    int fd = socket_of(connection);
    bool is_start = code == MHD_CONNECTION_NOTIFY_STARTED;
    (void)socket_context;
    pthread_mutex_lock(&clock->lock);
    struct http_slot *slot = find_slot(clock, is_start ? -1 : fd);
    if (slot)
        *slot = (struct http_slot){is_start ? fd : -1, now_ms()};
    pthread_mutex_unlock(&clock->lock);
}

void http_clock_completed(void *context, struct MHD_Connection *connection, void **request,
                          enum MHD_RequestTerminationCode code)
{
    (void)request;
    (void)code;
    http_clock_progress(context, connection);
}

void http_clock_progress(struct http_clock *clock, struct MHD_Connection *connection)
{
    pthread_mutex_lock(&clock->lock);
    struct http_slot *slot = find_slot(clock, socket_of(connection));
    if (slot)
        slot->since_ms = now_ms();
    pthread_mutex_unlock(&clock->lock);
}

/* --- the look -------------------------------------------------------------------------------- */

static void end_slow(void *context)
{
    struct http_clock *clock = context;
    pthread_mutex_lock(&clock->lock);
    long long oldest = now_ms() - clock->limit_ms;
    for (size_t i = 0; i < clock->slots_count; i++)
        if (clock->slots[i].fd >= 0 && clock->slots[i].since_ms < oldest)
            shutdown(clock->slots[i].fd, SHUT_RDWR);
    pthread_mutex_unlock(&clock->lock);
}

/* --- life ---------------------------------------------------------------------------------- */

static void free_clock(struct http_clock *clock)
{
    pthread_mutex_destroy(&clock->lock);
    free(clock->slots);
    clock->slots = NULL;
}

bool http_clock_open(struct http_clock *clock, unsigned timeout_s, size_t connections_max)
{
    *clock = (struct http_clock){.slots_count = connections_max, .limit_ms = 2000LL * timeout_s};
    clock->slots = malloc(connections_max * sizeof *clock->slots);
    if (!clock->slots)
        return false;
    for (size_t i = 0; i < connections_max; i++)
        clock->slots[i] = (struct http_slot){-1, 0};
    pthread_mutex_init(&clock->lock, NULL);
    if (ticker_open(&clock->ticker, clock->limit_ms / LOOKS_PER_LIMIT, end_slow, clock))
        return true;
    free_clock(clock);
    return false;
}

void http_clock_close(struct http_clock *clock)
{
    ticker_close(&clock->ticker);
    free_clock(clock);
}
