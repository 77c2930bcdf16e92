/* What flows through: enriched records by subject, language and source, and sources that fell
 * silent. Shared by all lanes under one lock, held for a fraction of a microsecond a record. */
#ifndef OPS_FLOW_H
#define OPS_FLOW_H

#include <copydesk/slice.h>
#include <pthread.h>

#include "ops/exposition.h"
#include "ops/silence.h"
#include "ops/toplist.h"

/* How many have a count of their own. */
enum { FLOW_SUBJECTS = 50, FLOW_LANGUAGES = 40, FLOW_SOURCES = 100 };

struct flow {
    pthread_mutex_t lock;
    struct toplist subjects, languages, sources;
    struct silence silence;
};

struct flow_record {
    desk_slice subject, language, source; /* each may be empty */
    desk_slice subject_name;              /* for people; may be empty */
    int64_t timestamp_ms;                 /* the raw record's; not later than now */
};

/* False when out of memory. The times are those of silence_init. */
bool flow_init(struct flow *flow, int64_t least_ms, int64_t learn_ms);
void flow_deinit(struct flow *flow);
void flow_add(struct flow *flow, const struct flow_record *record);
/* Partitions were taken away. */
void flow_moved(struct flow *flow);
/* `now_ms` is the wall clock; with has_lag the newest record's time stands for it. */
void flow_collect(struct flow *flow, struct exposition *page, int64_t now_ms, bool has_lag);

#endif
