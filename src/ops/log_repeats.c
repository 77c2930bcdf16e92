/* A few rows, looked through one by one. */
#include "ops/log_repeats.h"

#include <string.h>

void log_repeats_init(struct log_repeats *repeats)
{
    memset(repeats, 0, sizeof *repeats);
    pthread_mutex_init(&repeats->lock, NULL);
}

void log_repeats_deinit(struct log_repeats *repeats)
{
    pthread_mutex_destroy(&repeats->lock);
}

static bool is_over(const struct log_repeat *row, long long now_ms)
{
    return now_ms - row->written_ms >= LOG_REPEAT_MS;
}

/* The row of a key, else one that nothing hangs on, else NULL. */
static struct log_repeat *find_row(struct log_repeats *repeats, uint64_t key, long long now_ms)
{
    struct log_repeat *place = NULL;
    for (size_t i = 0; i < LOG_REPEATS_KEPT; i++) {
        struct log_repeat *row = &repeats->rows[i];
        if (row->key == key)
            return row;
        if (!place && (!row->key || (is_over(row, now_ms) && !row->count)))
            place = row;
    }
    if (place)
        *place = (struct log_repeat){.key = 0};
    return place;
}

static bool pass(struct log_repeats *repeats, uint64_t key, long long now_ms,
                 const struct log_line *line)
{
    struct log_repeat *row = find_row(repeats, key, now_ms);
    if (!row)
        return true;
    if (row->key == key && (row->count || !is_over(row, now_ms))) {
        row->count++;
        row->last = *line;
        return false;
    }
    row->key = key;
    row->written_ms = now_ms;
    return true;
}

bool log_repeats_pass(struct log_repeats *repeats, uint64_t key, long long now_ms,
                      const struct log_line *line)
{
    pthread_mutex_lock(&repeats->lock);
    bool is_written = pass(repeats, key ? key : 1, now_ms, line);
    pthread_mutex_unlock(&repeats->lock);
    return is_written;
}

unsigned long long log_repeats_take(struct log_repeats *repeats, long long now_ms, bool is_all,
                                    struct log_line *line)
{
    unsigned long long count = 0;
    pthread_mutex_lock(&repeats->lock);
    for (size_t i = 0; i < LOG_REPEATS_KEPT && !count; i++) {
        struct log_repeat *row = &repeats->rows[i];
        if (!row->count || (!is_all && !is_over(row, now_ms)))
            continue;
        count = row->count;
        *line = row->last;
        row->count = 0;
        row->written_ms = now_ms;
    }
    pthread_mutex_unlock(&repeats->lock);
    return count;
}
