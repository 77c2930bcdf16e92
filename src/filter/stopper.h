/* SIGTERM and SIGINT as a readable descriptor: the first one ends reading, so that what was read is
 * still written; the second one ends the process as it would without us.
 *
 * Start it before any other thread: they inherit that the signals are blocked. */
#ifndef FILTER_STOPPER_H
#define FILTER_STOPPER_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

struct stopper {
    pthread_t thread;
    int pipe[2]; /* [0] is readable once stopped */
    sigset_t signals;
};

/* False: errno is set. The stopper must not move. */
bool stopper_start(struct stopper *stopper);
void stopper_end(struct stopper *stopper);
/* Ends reading without a signal. Any thread. */
void stopper_stop(struct stopper *stopper);

#endif
