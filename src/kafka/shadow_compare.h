/* What two rulebooks make of one record, as a list of differences. */
#ifndef KAFKA_SHADOW_COMPARE_H
#define KAFKA_SHADOW_COMPARE_H

#include <copydesk/slice.h>
#include <jansson.h>

enum shadow_kind {
    SHADOW_ADDED,      /* a tag that only the shadow gives */
    SHADOW_REMOVED,    /* a tag that only the main rulebook gives */
    SHADOW_CONFIDENCE, /* a confidence moved by SHADOW_MOVE_MIN or more */
    SHADOW_BODY,       /* the body differs */
    SHADOW_CHANGED,    /* another field differs */
    SHADOW_OUTCOME,    /* one is enriched, the other rejected */
    SHADOW_KINDS
};

/* Smaller moves are noise of a changed weight elsewhere. */
#define SHADOW_MOVE_MIN 0.05

const char *shadow_kind_name(enum shadow_kind kind);

/* Differences of two enriched records as a JSON array for the caller to release, each
 * {field, kind, ...}; counts[] gets how many of each kind. NULL when one is no JSON. */
json_t *shadow_differences(desk_slice main, desk_slice shadow,
                           unsigned long long counts[SHADOW_KINDS]);

#endif
