/** @file
 * What goes into the engine and what comes out: a raw record and its result.
 *
 * Both are plain structs whose first field is their size, so that a program built against an older
 * header works with a newer library, and the other way round as long as it sets none of the fields
 * that the library does not know: start from DESK_RECORD_INIT and DESK_RESULT_INIT.
 */
#ifndef COPYDESK_RECORD_H
#define COPYDESK_RECORD_H

#include <copydesk/error.h>
#include <copydesk/slice.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DESK_NO_TIME INT64_MIN /**< a time that is not known */

/** How a value is read. */
typedef enum desk_format {
    DESK_FORMAT_AUTO = 0, /**< by the content type, else sniffed: JSON object, HTML or plain text */
    DESK_FORMAT_JSON = 1,
    DESK_FORMAT_HTML = 2,
    DESK_FORMAT_TEXT = 3
} desk_format;

/** A header of the raw record, of HTTP or Kafka. This struct never grows. */
typedef struct desk_header {
    desk_slice name;  /**< any case */
    desk_slice value; /**< bytes as they came; data is NULL for a null value */
} desk_header;

/** One raw record.
 *
 * @owner everything is borrowed: by desk_engine_process, and by the result and the article, whose
 * slices may lie in the value's bytes */
typedef struct desk_record {
    size_t size;             /**< sizeof(desk_record) */
    desk_slice value;        /**< the bytes; ignored when is_null */
    int is_null;             /**< not 0: a tombstone, which passes through */
    desk_format format;      /**< overrides the engine's unless DESK_FORMAT_AUTO */
    desk_slice content_type; /**< "text/html; charset=windows-1251"; may be empty */
    desk_slice url;          /**< where it was fetched, where the value does not say; empty, or no
                                UTF-8: unknown */
    int64_t crawled_ms;   /**< when: ms since the Unix epoch, UTC, or DESK_NO_TIME. What "yesterday"
                             means in an article without a date of its own */
    desk_slice topic;     /**< coordinates for provenance; empty: not from Kafka */
    int32_t partition;    /**< of the topic */
    int64_t offset;       /**< in the partition */
    int64_t timestamp_ms; /**< Kafka's timestamp, or DESK_NO_TIME */
    const desk_header *headers; /**< or NULL. The last content-type stands in for an empty
                                   content_type; stages see them all */
    size_t headers_count;       /**< of headers */
} desk_record;

/** An empty record. */
#define DESK_RECORD_INIT                                                                           \
    {                                                                                              \
        sizeof(desk_record), {0, 0}, 0, DESK_FORMAT_AUTO, {0, 0}, {0, 0}, DESK_NO_TIME, {0, 0},    \
            -1, -1, DESK_NO_TIME, 0, 0                                                             \
    }

/** Returns a record of these bytes, with all else as in DESK_RECORD_INIT. */
static inline desk_record desk_record_of(const char *data, size_t len)
{
    desk_record record = DESK_RECORD_INIT;
    record.value.data = data;
    record.value.len = len;
    return record;
}

/** What became of a record. */
typedef enum desk_outcome {
    DESK_ENRICHED = 0, /**< json and article hold the enriched record */
    DESK_REJECTED = 1, /**< error says why; publish the raw bytes as rejected */
    DESK_PASSED = 2,   /**< a tombstone: publish the key with a null value */
    DESK_SKIPPED = 3   /**< a stage dropped it, error.message says why */
} desk_outcome;

struct desk_article;

/** The result of one record.
 *
 * @owner slices and article are valid until the next call with the same engine and only as long as
 * the record's bytes are */
typedef struct desk_result {
    size_t size;                        /**< sizeof(desk_result) */
    desk_outcome outcome;               /**< which of the four */
    desk_slice json;                    /**< the enriched record, one line without line end */
    desk_slice id;                      /**< as in the record */
    desk_slice url;                     /**< canonical URL, else URL; may be empty */
    desk_slice language;                /**< BCP 47; may be empty */
    desk_slice source_domain;           /**< registrable domain; may be empty */
    desk_slice top_subject;             /**< uri of the first subject; may be empty */
    desk_error error;                   /**< when rejected or skipped */
    const struct desk_article *article; /**< the typed view (article.h); when rejected or skipped,
                                           what was known by then; NULL when passed */
} desk_result;

/** An empty result. */
#define DESK_RESULT_INIT                                                                           \
    {                                                                                              \
        sizeof(desk_result), DESK_ENRICHED, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0},        \
            DESK_ERROR_INIT, 0                                                                     \
    }

#ifdef __cplusplus
}
#endif

#endif
