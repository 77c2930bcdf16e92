/* A progress bar on stderr, shown only when that is a terminal. */
#ifndef COMMANDS_PROGRESS_H
#define COMMANDS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what; /* "audit" */
    bool is_shown;
    long long started_ms, drawn_ms;
    int64_t done, total; /* as drawn last */
};

void progress_open(struct progress *progress, const char *what);
/* Draws at most ten times a second. total 0: it is not known. */
void progress_show(struct progress *progress, int64_t done, int64_t total);
/* Wipes the bar. */
void progress_close(struct progress *progress);

#endif
