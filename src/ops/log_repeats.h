/* Warnings and errors that come again and again: the first is written, what repeats it within
 * LOG_REPEAT_MS is counted, then the last of them is written with their number. So a broker that is
 * away for an hour costs six lines a minute and not ten a second.
 *
 * Safe from any thread. Times are the caller's, in ms of one clock. */
#ifndef OPS_LOG_REPEATS_H
#define OPS_LOG_REPEATS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LOG_LINE_SIZE = 4096,
    LOG_REPEAT_MS = 10000,
    LOG_REPEATS_KEPT = 16 /* different lines at a time; more are all written */
};

struct log_line {
    char data[LOG_LINE_SIZE];
    size_t len;
};

struct log_repeat {
    uint64_t key; /* 0: free */
    long long written_ms;
    unsigned long long count; /* held back since then */
    struct log_line last;     /* of those */
};

struct log_repeats {
    pthread_mutex_t lock;
    struct log_repeat rows[LOG_REPEATS_KEPT];
};

void log_repeats_init(struct log_repeats *repeats);
void log_repeats_deinit(struct log_repeats *repeats);
/* Whether a line is to be written; else it is kept and counted. Lines with one key are the same
 * line. */
bool log_repeats_pass(struct log_repeats *repeats, uint64_t key, long long now_ms,
                      const struct log_line *line);
/* Takes a line that has been held back for LOG_REPEAT_MS (is_all: any that is held back) with its
 * number; 0 when there is none. */
unsigned long long log_repeats_take(struct log_repeats *repeats, long long now_ms, bool is_all,
                                    struct log_line *line);

#endif
