/* What goes into the engine and what comes out: a raw record and its result.
 *
 * Both are plain structs whose first field is their size, so that a program built against an older
 * header works with a newer library: fill them from DESK_RECORD_INIT / DESK_RESULT_INIT. */
#ifndef COPYDESK_RECORD_H
#define COPYDESK_RECORD_H

#include <copydesk/error.h>
#include <copydesk/slice.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DESK_NO_TIME INT64_MIN /* a time that is not known */

/* How a value is read. */
typedef enum desk_format {
    DESK_FORMAT_AUTO = 0, /* sniffed: JSON object, HTML or plain text */
    DESK_FORMAT_JSON = 1,
    DESK_FORMAT_HTML = 2,
    DESK_FORMAT_TEXT = 3
} desk_format;

/* One raw record. Everything is borrowed for the time of desk_engine_process. */
typedef struct desk_record {
    size_t size;        /* sizeof(desk_record) */
    desk_slice value;   /* the bytes; ignored when is_null */
    int is_null;        /* a tombstone: passes through */
    desk_format format; /* overrides the engine's setting unless DESK_FORMAT_AUTO */
    desk_slice
        content_type; /* of the value, such as "text/html; charset=windows-1251"; may be empty */
    desk_slice url;   /* where the article was fetched, if known outside the value; may be empty */
    int64_t crawled_ms; /* when, ms since the Unix epoch (UTC), or DESK_NO_TIME */
    desk_slice topic;   /* coordinates for provenance; topic empty: not from Kafka */
    int32_t partition;
    int64_t offset;
    int64_t timestamp_ms; /* the Kafka timestamp, or DESK_NO_TIME */
} desk_record;

#define DESK_RECORD_INIT                                                                           \
    {                                                                                              \
        sizeof(desk_record), {0, 0}, 0, DESK_FORMAT_AUTO, {0, 0}, {0, 0}, DESK_NO_TIME, {0, 0},    \
            -1, -1, DESK_NO_TIME                                                                   \
    }

typedef enum desk_outcome {
    DESK_ENRICHED = 0, /* json holds the enriched record */
    DESK_REJECTED = 1, /* error says why; publish the raw bytes as rejected */
    DESK_PASSED = 2,   /* a tombstone: publish the key with a null value */
    DESK_SKIPPED = 3   /* a stage dropped it, error.message says why */
} desk_outcome;

/* What became of a record. Slices are valid until the next call with the same engine. */
typedef struct desk_result {
    size_t size; /* sizeof(desk_result) */
    desk_outcome outcome;
    desk_slice json;          /* the enriched record, one line without line end */
    desk_slice id;            /* as in the record */
    desk_slice url;           /* canonical URL, else URL; may be empty */
    desk_slice language;      /* BCP 47 code; may be empty */
    desk_slice source_domain; /* registrable domain; may be empty */
    desk_slice top_subject;   /* uri of the first subject; may be empty */
    desk_error error;         /* when rejected or skipped */
} desk_result;

#define DESK_RESULT_INIT                                                                           \
    {                                                                                              \
        sizeof(desk_result), DESK_ENRICHED, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0},        \
            DESK_ERROR_INIT                                                                        \
    }

#ifdef __cplusplus
}
#endif

#endif
