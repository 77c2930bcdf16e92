/* Seconds are counted from the start, so that slow ticks do not add up; ticks that were missed are
 * left out. */
#include "ops/ticker.h"

#include <time.h>

/* The next whole second since `start` that is still to come. */
static struct timespec next_tick(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    bool is_behind = now.tv_nsec >= start->tv_nsec;
    return (struct timespec){now.tv_sec + is_behind, start->tv_nsec};
}

static void *run(void *argument)
{
    struct ticker *ticker = argument;
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    pthread_mutex_lock(&ticker->lock);
    while (!ticker->is_stopping) {
        pthread_mutex_unlock(&ticker->lock);
        ticker->tick(ticker->context);
        struct timespec until = next_tick(&start);
        pthread_mutex_lock(&ticker->lock);
        while (!ticker->is_stopping &&
               pthread_cond_timedwait(&ticker->wake, &ticker->lock, &until) == 0)
            continue;
    }
    pthread_mutex_unlock(&ticker->lock);
    return NULL;
}

static void deinit(struct ticker *ticker)
{
    pthread_cond_destroy(&ticker->wake);
    pthread_mutex_destroy(&ticker->lock);
}

bool ticker_open(struct ticker *ticker, void (*tick)(void *context), void *context)
{
    pthread_condattr_t attributes;
    *ticker = (struct ticker){.tick = tick, .context = context};
    pthread_mutex_init(&ticker->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&ticker->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    if (!pthread_create(&ticker->thread, NULL, run, ticker))
        return true;
    deinit(ticker);
    return false;
}

void ticker_close(struct ticker *ticker)
{
    pthread_mutex_lock(&ticker->lock);
    ticker->is_stopping = true;
    pthread_cond_signal(&ticker->wake);
    pthread_mutex_unlock(&ticker->lock);
    pthread_join(ticker->thread, NULL);
    deinit(ticker);
}
