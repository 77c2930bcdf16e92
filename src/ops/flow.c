/* Locking, and the pages' families about the flow. */
#include "ops/flow.h"

#include <stdlib.h>
#include <string.h>

#include "base/slice.h"

bool flow_init(struct flow *flow, int64_t least_ms, int64_t learn_ms)
{
    memset(flow, 0, sizeof *flow);
    pthread_mutex_init(&flow->lock, NULL);
    if (toplist_init(&flow->subjects, FLOW_SUBJECTS) &&
        toplist_init(&flow->languages, FLOW_LANGUAGES) &&
        toplist_init(&flow->sources, FLOW_SOURCES) &&
        silence_init(&flow->silence, least_ms, learn_ms))
        return true;
    flow_deinit(flow);
    return false;
}

void flow_deinit(struct flow *flow)
{
    toplist_deinit(&flow->subjects);
    toplist_deinit(&flow->languages);
    toplist_deinit(&flow->sources);
    silence_deinit(&flow->silence);
    pthread_mutex_destroy(&flow->lock);
}

void flow_add(struct flow *flow, const struct flow_record *record)
{
    pthread_mutex_lock(&flow->lock);
    toplist_add(&flow->subjects, record->subject, record->subject_name);
    toplist_add(&flow->languages, record->language, slice_of(NULL, 0));
    toplist_add(&flow->sources, record->source, slice_of(NULL, 0));
    silence_heard(&flow->silence, record->source, record->timestamp_ms);
    pthread_mutex_unlock(&flow->lock);
}

void flow_moved(struct flow *flow)
{
    pthread_mutex_lock(&flow->lock);
    silence_moved(&flow->silence);
    pthread_mutex_unlock(&flow->lock);
}

/* `title`: the label of the names' titles, NULL for a list without. */
static void collect_list(const struct toplist *list, struct exposition *page, enum family family,
                         const char *title)
{
    const char *label = family_row(family)->labels;
    size_t len = strcspn(label, ",");
    char name[32];
    snprintf(name, sizeof name, "%.*s", (int)len, label);
    const struct toplist_entry *shown[FLOW_SOURCES];
    size_t count = toplist_shown(list, shown);
    exposition_family(page, family);
    for (size_t i = 0; i < count; i++)
        exposition_count(page, LABELS({name, shown[i]->name}, {title, shown[i]->title}),
                         shown[i]->count);
    exposition_count(page, LABELS({name, "other"}, {title, ""}), list->other);
}

static void collect_silence(const struct silence_report *report, struct exposition *page)
{
    exposition_family(page, FAMILY_SOURCES_TRACKED);
    exposition_count(page, NULL, report->tracked);
    exposition_family(page, FAMILY_SOURCES_SILENT);
    exposition_count(page, NULL, report->silent);
    exposition_family(page, FAMILY_SOURCE_SILENT);
    for (size_t i = 0; i < report->shown; i++)
        exposition_value(page, LABELS({"source", report->sources[i].name}),
                         (double)report->sources[i].silent_ms / 1000);
}

void flow_collect(struct flow *flow, struct exposition *page, int64_t now_ms, bool has_lag)
{
    struct silence_report report;
    pthread_mutex_lock(&flow->lock);
    collect_list(&flow->subjects, page, FAMILY_BY_SUBJECT, "name");
    collect_list(&flow->languages, page, FAMILY_BY_LANGUAGE, NULL);
    collect_list(&flow->sources, page, FAMILY_BY_SOURCE, NULL);
    silence_judge(&flow->silence, has_lag ? flow->silence.newest_ms : now_ms, &report);
    pthread_mutex_unlock(&flow->lock);
    collect_silence(&report, page);
}
