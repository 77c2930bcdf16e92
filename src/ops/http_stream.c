/* A reader's place in the feed, and sleeping and waking. A connection is put to sleep and woken
 * under one lock, so that no waking is missed and none comes twice. */
#include "ops/http_stream.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A stream ends by itself after an hour and the client goes on where it was: credentials that were
 * changed, and a proxy's idea of a connection's age, take effect. */
enum { STREAM_BLOCK_BYTES = 16 << 10, STREAM_S_MAX = 3600 };

struct http_stream {
    struct http_streams *all;
    struct http_stream *previous, *next;
    struct MHD_Connection *connection;
    struct feed_event *event; /* being sent; NULL: none */
    size_t sent;              /* of the event */
    uint64_t after;           /* number of the last event that was begun */
    time_t until;             /* monotonic, seconds */
    bool is_asleep;
};

static time_t now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* --- libmicrohttpd's callbacks --------------------------------------------------------------- */

/* The event to send from, or NULL when there is nothing more for now. */
static struct feed_event *current_event(struct http_stream *stream)
{
    if (stream->event && stream->sent == stream->event->len) {
        feed_release(stream->all->feed, stream->event);
        stream->event = NULL;
    }
    if (!stream->event) {
        stream->event = feed_next(stream->all->feed, stream->after);
        stream->sent = 0;
    }
    if (stream->event)
        stream->after = stream->event->number;
    return stream->event;
}

static ssize_t give(struct http_stream *stream, char *out, size_t max)
{
    const struct feed_event *event = current_event(stream);
    if (stream->all->is_stopping || (stream->sent == 0 && now_s() > stream->until))
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (!event) {
        stream->is_asleep = true;
        MHD_suspend_connection(stream->connection);
        return 0;
    }
    size_t left = event->len - stream->sent, len = left < max ? left : max;
    memcpy(out, event->text + stream->sent, len);
    stream->sent += len;
    return (ssize_t)len;
}

/* Asked only when what was given before has been taken. */
static ssize_t read_stream(void *context, uint64_t position, char *out, size_t max)
{
    struct http_stream *stream = context;
    (void)position;
    http_clock_progress(stream->all->clock, stream->connection);
    pthread_mutex_lock(&stream->all->lock);
    ssize_t len = give(stream, out, max);
    pthread_mutex_unlock(&stream->all->lock);
    return len;
}

static void free_stream(void *context)
{
    struct http_stream *stream = context;
    struct http_streams *all = stream->all;
    pthread_mutex_lock(&all->lock);
    if (stream->previous)
        stream->previous->next = stream->next;
    else
        all->first = stream->next;
    if (stream->next)
        stream->next->previous = stream->previous;
    all->count--;
    pthread_mutex_unlock(&all->lock);
    feed_release(all->feed, stream->event);
    free(stream);
}

/* --- all streams ----------------------------------------------------------------------------- */

void http_streams_open(struct http_streams *streams, struct feed *feed, struct http_clock *clock,
                       unsigned count_max)
{
    *streams = (struct http_streams){.feed = feed, .clock = clock, .count_max = count_max};
    pthread_mutex_init(&streams->lock, NULL);
}

void http_streams_close(struct http_streams *streams)
{
    pthread_mutex_destroy(&streams->lock);
}

static void wake_all(struct http_streams *streams)
{
    for (struct http_stream *stream = streams->first; stream; stream = stream->next) {
        if (stream->is_asleep)
            MHD_resume_connection(stream->connection);
        stream->is_asleep = false;
    }
}

void http_streams_wake(struct http_streams *streams)
{
    pthread_mutex_lock(&streams->lock);
    wake_all(streams);
    pthread_mutex_unlock(&streams->lock);
}

void http_streams_stop(struct http_streams *streams)
{
    pthread_mutex_lock(&streams->lock);
    streams->is_stopping = true;
    wake_all(streams);
    pthread_mutex_unlock(&streams->lock);
}

/* --- one ------------------------------------------------------------------------------------- */

/* Takes a place among the readers; NULL when there is none. */
static struct http_stream *join(struct http_streams *streams, struct MHD_Connection *connection)
{
    struct http_stream *stream = calloc(1, sizeof *stream);
    pthread_mutex_lock(&streams->lock);
    bool has_place = stream && streams->count < streams->count_max && !streams->is_stopping;
    if (has_place) {
        *stream = (struct http_stream){.all = streams,
                                       .connection = connection,
                                       .until = now_s() + STREAM_S_MAX,
                                       .next = streams->first};
        if (streams->first)
            streams->first->previous = stream;
        streams->first = stream;
        streams->count++;
    }
    pthread_mutex_unlock(&streams->lock);
    if (has_place)
        return stream;
    free(stream);
    return NULL;
}

struct MHD_Response *http_stream_answer(struct http_streams *streams,
                                        struct MHD_Connection *connection, const char *last_id)
{
    struct http_stream *stream = join(streams, connection);
    if (!stream)
        return NULL;
    stream->after = feed_resume(streams->feed, last_id);
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, STREAM_BLOCK_BYTES, read_stream, stream, free_stream);
    if (!response)
        free_stream(stream);
    return response;
}
