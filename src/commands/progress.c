/* Drawing the bar: what, share, count, rate, time left. */
#include "commands/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BAR_WIDTH = 30, EACH_MS = 100 };

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_open(struct progress *progress, const char *what)
{
    *progress = (struct progress){.what = what, .is_shown = isatty(STDERR_FILENO) == 1};
    progress->started_ms = progress->is_shown ? now_ms() : 0;
}

static void draw(const struct progress *progress, long long now)
{
    char bar[BAR_WIDTH + 1];
    double share = progress->total > 0 ? (double)progress->done / (double)progress->total : 0;
    double seconds = (double)(now - progress->started_ms) / 1000;
    double rate = seconds > 0 ? (double)progress->done / seconds : 0;
    size_t full = (size_t)((share > 1 ? 1 : share) * BAR_WIDTH);
    memset(bar, '.', BAR_WIDTH);
    memset(bar, '#', full);
    bar[BAR_WIDTH] = '\0';
    if (progress->total > 0)
        fprintf(stderr, "\r%s [%s] %3.0f%%  %" PRId64 "/%" PRId64 "  %.0f/s  %.0f s left\033[K",
                progress->what, bar, share > 1 ? 100 : 100 * share, progress->done, progress->total,
                rate,
                rate > 0 && progress->total > progress->done
                    ? (double)(progress->total - progress->done) / rate
                    : 0);
    else
        fprintf(stderr, "\r%s %" PRId64 "  %.0f/s\033[K", progress->what, progress->done, rate);
    fflush(stderr);
}

void progress_show(struct progress *progress, int64_t done, int64_t total)
{
    if (!progress->is_shown)
        return;
    long long now = now_ms();
    if (now - progress->drawn_ms < EACH_MS)
        return;
    progress->drawn_ms = now;
    progress->done = done;
    progress->total = total;
    draw(progress, now);
}

void progress_close(struct progress *progress)
{
    if (progress->is_shown && progress->drawn_ms)
        fputs("\r\033[K", stderr);
    progress->is_shown = false;
}
