/* Rings of events. One lock, held for a search among some two hundred pointers at most. */
#include "ops/feed.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Events of all kinds together: what a search may cost. */
enum { FEED_KINDS_MAX = 8, FEED_EVENTS_MAX = 1024, FEED_HEAD_SIZE = 96 };

struct ring {
    struct feed_event **items; /* count_max of them */
    size_t first, count, bytes;
};

struct feed {
    pthread_mutex_t lock; /* for all below, and the users of every event */
    const struct feed_kind *kinds;
    uint64_t run, last;
    struct ring rings[FEED_KINDS_MAX];
};

struct feed *feed_new(const struct feed_kind *kinds, uint64_t run)
{
    struct feed *feed = calloc(1, sizeof *feed);
    bool good = feed != NULL;
    if (!feed)
        return NULL;
    pthread_mutex_init(&feed->lock, NULL);
    feed->kinds = kinds;
    feed->run = run;
    for (size_t i = 0; kinds[i].name; i++) {
        assert(i < FEED_KINDS_MAX && kinds[i].count_max <= FEED_EVENTS_MAX);
        feed->rings[i].items = calloc(kinds[i].count_max, sizeof(struct feed_event *));
        good = good && feed->rings[i].items;
    }
    if (good)
        return feed;
    feed_free(feed);
    return NULL;
}

static void leave(struct feed_event *event)
{
    if (--event->users == 0)
        free(event);
}

static void drop_oldest(struct ring *ring, const struct feed_kind *kind)
{
    struct feed_event *event = ring->items[ring->first];
    ring->first = (ring->first + 1) % kind->count_max;
    ring->count--;
    ring->bytes -= event->len;
    leave(event);
}

void feed_free(struct feed *feed)
{
    if (!feed)
        return;
    for (size_t i = 0; feed->kinds[i].name; i++) {
        while (feed->rings[i].count)
            drop_oldest(&feed->rings[i], &feed->kinds[i]);
        free(feed->rings[i].items);
    }
    pthread_mutex_destroy(&feed->lock);
    free(feed);
}

static size_t kind_index(const struct feed *feed, const char *name)
{
    size_t i = 0;
    while (feed->kinds[i].name && strcmp(feed->kinds[i].name, name) != 0)
        i++;
    assert(feed->kinds[i].name);
    return i;
}

/* The event without its id, which is given under the lock: heap, one user. */
static struct feed_event *make_event(const char *data, size_t len)
{
    struct feed_event *event = malloc(sizeof *event + FEED_HEAD_SIZE + len + 2);
    if (!event)
        return NULL;
    event->users = 1;
    event->len = len;
    memcpy(event->text + FEED_HEAD_SIZE, data, len);
    return event;
}

/* Head, data and the empty line that ends an event, moved together. */
static void complete(struct feed_event *event, const struct feed *feed, const char *kind)
{
    size_t data_len = event->len;
    int head = snprintf(event->text, FEED_HEAD_SIZE,
                        "id: %" PRIx64 "-%" PRIu64 "\nevent: %.16s\ndata: ", feed->run,
                        event->number, kind);
    assert(head > 0 && head < FEED_HEAD_SIZE);
    memmove(event->text + head, event->text + FEED_HEAD_SIZE, data_len);
    event->len = (size_t)head + data_len + 2;
    memcpy(event->text + head + data_len, "\n\n", 2);
}

bool feed_add(struct feed *feed, const char *kind_name, const char *data, size_t len)
{
    size_t at = kind_index(feed, kind_name);
    const struct feed_kind *kind = &feed->kinds[at];
    struct ring *ring = &feed->rings[at];
    while (len && data[len - 1] == '\n')
        len--;
    if (len + FEED_HEAD_SIZE + 2 > kind->bytes_max)
        return false;
    struct feed_event *event = make_event(data, len);
    if (!event)
        return false;
    pthread_mutex_lock(&feed->lock);
    event->number = ++feed->last;
    complete(event, feed, kind->name);
    while (ring->count == kind->count_max ||
           (ring->count && ring->bytes + event->len > kind->bytes_max))
        drop_oldest(ring, kind);
    ring->items[(ring->first + ring->count++) % kind->count_max] = event;
    ring->bytes += event->len;
    pthread_mutex_unlock(&feed->lock);
    return true;
}

/* The first event of a ring behind a number: numbers rise in a ring. */
static struct feed_event *first_behind(const struct ring *ring, size_t count_max, uint64_t after)
{
    for (size_t i = 0; i < ring->count; i++) {
        struct feed_event *event = ring->items[(ring->first + i) % count_max];
        if (event->number > after)
            return event;
    }
    return NULL;
}

struct feed_event *feed_next(struct feed *feed, uint64_t after)
{
    struct feed_event *best = NULL;
    pthread_mutex_lock(&feed->lock);
    for (size_t i = 0; feed->last > after && feed->kinds[i].name; i++) {
        struct feed_event *event = first_behind(&feed->rings[i], feed->kinds[i].count_max, after);
        if (event && (!best || event->number < best->number))
            best = event;
    }
    if (best)
        best->users++;
    pthread_mutex_unlock(&feed->lock);
    return best;
}

void feed_release(struct feed *feed, struct feed_event *event)
{
    if (!event)
        return;
    pthread_mutex_lock(&feed->lock);
    leave(event);
    pthread_mutex_unlock(&feed->lock);
}

uint64_t feed_resume(const struct feed *feed, const char *last_id)
{
    char *end = NULL;
    if (!last_id || strtoull(last_id, &end, 16) != feed->run || *end != '-')
        return 0;
    errno = 0;
    unsigned long long number = strtoull(end + 1, &end, 10);
    return errno || *end ? 0 : number;
}
