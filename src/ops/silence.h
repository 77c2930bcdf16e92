/* Sources that published steadily and have stopped.
 *
 * For each source domain the longest pause between two of its records is kept, over the last eight
 * to sixteen days, so that nights and weekends are known pauses. A source is steady once it has
 * been watched for `learn` with SILENCE_RECORDS_MIN records and no pause longer than half of that
 * time. A steady source is silent when nothing has come for twice its longest pause, and for
 * `least`.
 *
 * Times are the records' Kafka timestamps. The caller says what time it is: the wall clock while
 * everything is read, else the newest record's time, so that a stalled reader or a backlog is no
 * silence. Memory is fixed: SILENCE_SOURCES sources; new ones take the place of those that are not
 * steady and have been quiet longest.
 *
 * Not thread-safe; the owner locks. */
#ifndef OPS_SILENCE_H
#define OPS_SILENCE_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SILENCE_NAME_SIZE = 96,
    SILENCE_SOURCES = 2048,
    SILENCE_SHOWN_MAX = 50,
    SILENCE_RECORDS_MIN = 20
};

struct silence_source {
    char name[SILENCE_NAME_SIZE]; /* empty: a free place */
    uint64_t hash;
    int64_t first_ms, last_ms;   /* of its records */
    int64_t turned_ms;           /* since when `pause` is measured */
    int64_t pause, pause_before; /* longest in ms: now, and in the time before */
    uint64_t records;
    bool is_elsewhere; /* its partition may have gone to another process: not judged until it is
                          seen again */
};

struct silence {
    struct silence_source *sources;
    int64_t least_ms, learn_ms;
    int64_t newest_ms; /* of all records */
};

/* False when out of memory. */
bool silence_init(struct silence *silence, int64_t least_ms, int64_t learn_ms);
void silence_deinit(struct silence *silence);
/* A record of a source came; an empty name is no source. */
void silence_heard(struct silence *silence, desk_slice name, int64_t timestamp_ms);
/* Partitions were taken away: what is not heard any more may be heard by another process. */
void silence_moved(struct silence *silence);

struct silence_report {
    size_t tracked, silent, shown;
    struct {
        char name[SILENCE_NAME_SIZE];
        int64_t silent_ms;
        uint64_t records;
    } sources[SILENCE_SHOWN_MAX]; /* silent ones, those with the most records first */
};

void silence_judge(const struct silence *silence, int64_t now_ms, struct silence_report *report);

#endif
