/* A thread that does one thing at a steady pace. */
#ifndef OPS_TICKER_H
#define OPS_TICKER_H

#include <pthread.h>
#include <stdbool.h>

struct ticker {
    pthread_mutex_t lock; /* for is_stopping */
    pthread_cond_t wake;
    pthread_t thread;
    void (*tick)(void *context);
    void *context;
    long long period_ms;
    bool is_stopping;
};

/* Calls `tick` now and then each `period_ms` (above 0), in a thread of its own. False when none
 * could be started: nothing is left open. */
bool ticker_open(struct ticker *ticker, long long period_ms, void (*tick)(void *context),
                 void *context);
/* After the tick in hand. */
void ticker_close(struct ticker *ticker);

#endif
