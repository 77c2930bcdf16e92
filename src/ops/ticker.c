/* Periods are counted from the start, so that slow ticks do not add up; ticks that were missed are
 * left out. */
#include "ops/ticker.h"

#include <time.h>

enum { NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

static long long now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* The first whole period since `start_ns` that is still to come. */
static struct timespec next_tick(const struct ticker *ticker, long long start_ns)
{
    long long period = ticker->period_ms * NS_PER_MS;
    long long next = start_ns + ((now_ns() - start_ns) / period + 1) * period;
    return (struct timespec){(time_t)(next / NS_PER_S), (long)(next % NS_PER_S)};
}

static void *run(void *argument)
{
    struct ticker *ticker = argument;
    long long start_ns = now_ns();
    pthread_mutex_lock(&ticker->lock);
    while (!ticker->is_stopping) {
        pthread_mutex_unlock(&ticker->lock);
        ticker->tick(ticker->context);
        struct timespec until = next_tick(ticker, start_ns);
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

bool ticker_open(struct ticker *ticker, long long period_ms, void (*tick)(void *context),
                 void *context)
{
    pthread_condattr_t attributes;
    *ticker = (struct ticker){.tick = tick, .context = context, .period_ms = period_ms};
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
