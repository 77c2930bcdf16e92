/* Sources in sets of eight, found by hash; judging looks at all of them, at each scrape. */
#include "ops/silence.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { WAYS = 8, SETS = SILENCE_SOURCES / WAYS };

/* A week and a day: each half of the memory has seen every weekday. */
static const int64_t TURN_MS = 8LL * 24 * 3600 * 1000;

bool silence_init(struct silence *silence, int64_t least_ms, int64_t learn_ms)
{
    *silence = (struct silence){.least_ms = least_ms, .learn_ms = learn_ms};
    silence->sources = calloc(SILENCE_SOURCES, sizeof *silence->sources);
    return silence->sources != NULL;
}

void silence_deinit(struct silence *silence)
{
    free(silence->sources);
    *silence = (struct silence){.sources = NULL};
}

static int64_t longest_pause(const struct silence_source *source)
{
    return source->pause > source->pause_before ? source->pause : source->pause_before;
}

static bool is_steady(const struct silence *silence, const struct silence_source *source)
{
    int64_t watched = source->last_ms - source->first_ms;
    return source->records >= SILENCE_RECORDS_MIN && watched >= silence->learn_ms &&
           longest_pause(source) <= watched / 2;
}

/* --- hearing ------------------------------------------------------------------------------- */

/* Whether `a` is rather given up than `b`: the unsteady before the steady, then the quietest. */
static bool is_less_worth(const struct silence *silence, const struct silence_source *a,
                          const struct silence_source *b)
{
    bool a_steady = is_steady(silence, a), b_steady = is_steady(silence, b);
    return a_steady != b_steady ? b_steady : a->last_ms < b->last_ms;
}

static struct silence_source *find(struct silence *silence, desk_slice name, int64_t now_ms)
{
    uint64_t hash = XXH3_64bits(name.data, name.len);
    struct silence_source *set = &silence->sources[hash % SETS * WAYS], *victim = NULL;
    for (size_t i = 0; i < WAYS; i++) {
        struct silence_source *source = &set[i];
        if (!source->name[0]) {
            victim = source;
            break;
        }
        if (source->hash == hash && !strncmp(source->name, name.data, name.len) &&
            !source->name[name.len])
            return source;
        if (!victim || is_less_worth(silence, source, victim))
            victim = source;
    }
    *victim = (struct silence_source){
        .hash = hash, .first_ms = now_ms, .last_ms = now_ms, .turned_ms = now_ms};
    memcpy(victim->name, name.data, name.len);
    return victim;
}

void silence_heard(struct silence *silence, desk_slice name, int64_t timestamp_ms)
{
    if (!name.len || name.len >= SILENCE_NAME_SIZE)
        return;
    if (timestamp_ms > silence->newest_ms)
        silence->newest_ms = timestamp_ms;
    struct silence_source *source = find(silence, name, timestamp_ms);
    int64_t pause = timestamp_ms - source->last_ms;
    source->records++;
    source->is_elsewhere = false;
    if (pause <= 0)
        return; /* partitions are read side by side: an older record is nothing new */
    source->last_ms = timestamp_ms;
    if (timestamp_ms - source->turned_ms > TURN_MS) {
        source->turned_ms = timestamp_ms;
        source->pause_before = source->pause;
        source->pause = 0;
    }
    if (pause > source->pause)
        source->pause = pause;
}

void silence_moved(struct silence *silence)
{
    for (size_t i = 0; i < SILENCE_SOURCES; i++)
        silence->sources[i].is_elsewhere = true;
}

/* --- judging ------------------------------------------------------------------------------- */

/* How long a source has been silent; 0 when it is not. */
static int64_t silent_for(const struct silence *silence, const struct silence_source *source,
                          int64_t now_ms)
{
    int64_t quiet = now_ms - source->last_ms, pause = longest_pause(source);
    bool is_silent = !source->is_elsewhere && is_steady(silence, source) &&
                     quiet > silence->least_ms && quiet / 2 > pause;
    return is_silent ? quiet : 0;
}

/* Keeps the list short and sorted: the one with the fewest records makes room. */
static void show(struct silence_report *report, const struct silence_source *source, int64_t quiet)
{
    size_t at = report->shown;
    while (at && report->sources[at - 1].records < source->records)
        at--;
    if (at == SILENCE_SHOWN_MAX)
        return;
    if (report->shown < SILENCE_SHOWN_MAX)
        report->shown++;
    memmove(&report->sources[at + 1], &report->sources[at],
            (report->shown - 1 - at) * sizeof report->sources[0]);
    memcpy(report->sources[at].name, source->name, SILENCE_NAME_SIZE);
    report->sources[at].silent_ms = quiet;
    report->sources[at].records = source->records;
}

void silence_judge(const struct silence *silence, int64_t now_ms, struct silence_report *report)
{
    report->tracked = report->silent = report->shown = 0;
    for (size_t i = 0; i < SILENCE_SOURCES; i++) {
        const struct silence_source *source = &silence->sources[i];
        if (!source->name[0])
            continue;
        report->tracked++;
        int64_t quiet = silent_for(silence, source, now_ms);
        if (!quiet)
            continue;
        report->silent++;
        show(report, source, quiet);
    }
}
