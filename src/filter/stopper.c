/* A thread that waits for signals. */
#include "filter/stopper.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void stopper_stop(struct stopper *stopper)
{
    char byte = 0;
    while (write(stopper->pipe[1], &byte, 1) < 0 && errno == EINTR)
        continue;
}

static void *wait_for_signals(void *context)
{
    struct stopper *stopper = context;
    int number = 0;
    sigwait(&stopper->signals, &number);
    stopper_stop(stopper);
    sigwait(&stopper->signals, &number);
    signal(number, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &stopper->signals, NULL);
    raise(number);
    return NULL;
}

bool stopper_start(struct stopper *stopper)
{
    if (pipe(stopper->pipe) != 0)
        return false;
    fcntl(stopper->pipe[0], F_SETFD, FD_CLOEXEC);
    fcntl(stopper->pipe[1], F_SETFD, FD_CLOEXEC);
    sigemptyset(&stopper->signals);
    sigaddset(&stopper->signals, SIGTERM);
    sigaddset(&stopper->signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stopper->signals, NULL);
    errno = pthread_create(&stopper->thread, NULL, wait_for_signals, stopper);
    return errno == 0;
}

void stopper_end(struct stopper *stopper)
{
    pthread_cancel(stopper->thread);
    pthread_join(stopper->thread, NULL);
    close(stopper->pipe[0]);
    close(stopper->pipe[1]);
}
