/** @file
 * The typed view of an article: every field of the enriched record without parsing JSON.
 *
 * A host reads it from desk_result.article after desk_engine_process; a loaded stage reads the same
 * functions while the article is under way. What is unknown is an empty slice, an empty list or
 * DESK_NO_TIME, as it is absent in the record (docs/record.md); so is everything of a NULL article,
 * and what a newer header names and an older library does not know.
 *
 * Structs that functions fill begin with their size: start from the _INIT macro, once for a loop.
 *
 * @code
 * desk_subject subject = DESK_SUBJECT_INIT;
 * for (size_t i = 0; desk_article_subject(result.article, i, &subject); i++)
 *     printf("%.*s %.3f\n", (int)subject.name.len, subject.name.data, subject.confidence);
 * @endcode
 *
 * @shape texts are valid UTF-8 in NFC, without a NUL at the end
 * @owner every slice belongs to the engine or lies in the raw record's bytes: it is valid until the
 * next call with the same engine, and only as long as those bytes stay where they are
 * @threads an article belongs to the thread that uses its engine
 * @errors none: a wrong argument gives what an unknown field gives
 */
#ifndef COPYDESK_ARTICLE_H
#define COPYDESK_ARTICLE_H

#include <copydesk/export.h>
#include <copydesk/record.h>
#include <copydesk/slice.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An article under way or just finished; opaque, made by an engine only. */
typedef struct desk_article desk_article;

/** The texts an article has at most one of. Numbers are stable; new ones are appended. */
typedef enum desk_field {
    DESK_FIELD_TITLE = 0,       /**< with the next two: where evidence is found */
    DESK_FIELD_DESCRIPTION = 1, /**< summary or lead, one paragraph */
    DESK_FIELD_BODY = 2,        /**< paragraphs separated by a blank line */
    DESK_FIELD_ID = 3,
    DESK_FIELD_URL = 4,
    DESK_FIELD_CANONICAL_URL = 5,
    DESK_FIELD_SECTION = 6,
    DESK_FIELD_IMAGE = 7,            /**< URL */
    DESK_FIELD_LANGUAGE = 8,         /**< BCP 47; "und" when it could not be told */
    DESK_FIELD_SOURCE_DOMAIN = 9,    /**< registrable domain by the Public Suffix List */
    DESK_FIELD_SOURCE_NAME = 10,     /**< of the outlet */
    DESK_FIELD_SOURCE_COUNTRY = 11,  /**< ISO 3166-1 alpha-2 */
    DESK_FIELD_SOURCE_LANGUAGE = 12, /**< BCP 47 */
    DESK_FIELD_SOURCE_TYPE = 13,     /**< newspaper, agency, broadcaster ... */
    DESK_FIELD_ORIGINAL_NAME = 14,   /**< of a reprint: where it first appeared */
    DESK_FIELD_ORIGINAL_URL = 15,
    DESK_FIELD_ORIGINAL_DOMAIN = 16,
    DESK_FIELD_TEXT_HASH = 17 /**< XXH3-128 of the folded body, 32 hex digits */
} desk_field;

/** The lists of an article; beside each the function that reads its items. */
typedef enum desk_list {
    DESK_LIST_AUTHORS = 0,         /**< desk_article_item */
    DESK_LIST_KEYWORDS = 1,        /**< desk_article_item; the page's own */
    DESK_LIST_REPRINT_MARKERS = 2, /**< desk_article_item; texts that show a reprint */
    DESK_LIST_SUBJECTS = 3,        /**< desk_article_subject; most confident first */
    DESK_LIST_PEOPLE = 4,          /**< desk_article_entity; most often named first */
    DESK_LIST_ORGANISATIONS = 5,   /**< desk_article_entity */
    DESK_LIST_PLACES = 6,          /**< desk_article_entity */
    DESK_LIST_ATTRIBUTIONS = 7,    /**< desk_article_entity; whom the text cites */
    DESK_LIST_QUOTES = 8,          /**< desk_article_quote; in the order of the body */
    DESK_LIST_DATES = 9,           /**< desk_article_date; in the order of the body */
    DESK_LIST_REMOVALS = 10,       /**< desk_article_removal; in the order of removal */
    DESK_LIST_EXTRA = 11           /**< desk_article_extra; in the order of the input */
} desk_list;

/** The times an article may have. */
typedef enum desk_moment {
    DESK_MOMENT_PUBLISHED = 0,
    DESK_MOMENT_UPDATED = 1,
    DESK_MOMENT_CRAWLED = 2
} desk_moment;

/** A point in time or a day. This struct never grows. */
typedef struct desk_time {
    int64_t ms;           /**< since the Unix epoch, UTC; DESK_NO_TIME when unknown */
    int32_t zone_minutes; /**< east of UTC, as the article gave it */
    int32_t is_day;       /**< not 0: no time of day is known; ms is then any moment of that day */
} desk_time;

/** Room for the text of any desk_time, with the NUL. */
#define DESK_TIME_TEXT_SIZE 40

/** Why a tag was given; read the pieces with desk_evidence_at. */
typedef struct desk_evidence_list {
    size_t count;                /**< as many as the engine's option `evidence` keeps */
    const void *items;           /**< the library's */
    const desk_article *article; /**< the library's */
} desk_evidence_list;

/** One piece of evidence. */
typedef struct desk_evidence {
    size_t size;          /**< sizeof(desk_evidence) */
    desk_slice rule;      /**< id of the rule or term in the rulebook */
    desk_slice text;      /**< as it stands in the field */
    desk_field field;     /**< DESK_FIELD_TITLE, _DESCRIPTION or _BODY */
    size_t offset_bytes;  /**< of text in the field */
    size_t offset_points; /**< the same in Unicode code points, as in the record */
    double weight;        /**< what it adds to its tag, over all its occurrences */
} desk_evidence;

/** An empty one, as functions want it. */
#define DESK_EVIDENCE_INIT                                                                         \
    {                                                                                              \
        sizeof(desk_evidence), {0, 0}, {0, 0}, DESK_FIELD_TITLE, 0, 0, 0                           \
    }

/** What an article is about. */
typedef struct desk_subject {
    size_t size;                 /**< sizeof(desk_subject) */
    desk_slice uri;              /**< "medtop:16000000" (IPTC Media Topics) or a rulebook's own */
    desk_slice name;             /**< in English */
    desk_slice creator;          /**< "lexicon", "model:NAME" or "stage:NAME" */
    double confidence;           /**< 0..1 */
    desk_evidence_list evidence; /**< why */
} desk_subject;

/** An empty one, as functions want it. */
#define DESK_SUBJECT_INIT                                                                          \
    {                                                                                              \
        sizeof(desk_subject), {0, 0}, {0, 0}, {0, 0}, 0,                                           \
        {                                                                                          \
            0, 0, 0                                                                                \
        }                                                                                          \
    }

/** A person, organisation, place or attribution. */
typedef struct desk_entity {
    size_t size;        /**< sizeof(desk_entity) */
    desk_slice name;    /**< as published */
    desk_slice kind;    /**< of attributions: agency, broadcaster, person ...; else empty */
    desk_slice country; /**< ISO 3166-1 alpha-2, or empty */
    desk_slice uri;     /**< or empty */
    size_t count;       /**< mentions in title, description and body */
    desk_evidence_list evidence; /**< why */
} desk_entity;

/** An empty one, as functions want it. */
#define DESK_ENTITY_INIT                                                                           \
    {                                                                                              \
        sizeof(desk_entity), {0, 0}, {0, 0}, {0, 0}, {0, 0}, 0,                                    \
        {                                                                                          \
            0, 0, 0                                                                                \
        }                                                                                          \
    }

/** What somebody is quoted with. */
typedef struct desk_quote {
    size_t size;          /**< sizeof(desk_quote) */
    desk_slice text;      /**< without the marks */
    desk_slice speaker;   /**< or empty */
    size_t offset_bytes;  /**< of text in the body */
    size_t offset_points; /**< the same in code points */
    size_t length_points; /**< code points of text */
} desk_quote;

/** An empty one, as functions want it. */
#define DESK_QUOTE_INIT                                                                            \
    {                                                                                              \
        sizeof(desk_quote), {0, 0}, {0, 0}, 0, 0, 0                                                \
    }

/** A day, week, month or year that the body names. */
typedef struct desk_date {
    size_t size;          /**< sizeof(desk_date) */
    desk_slice text;      /**< as it stands in the body: "vendredi 30 décembre" */
    desk_slice date;      /**< ISO 8601: "2022-12-30", "2022-W52", "2022-12" or "2022" */
    size_t offset_bytes;  /**< of text in the body */
    size_t offset_points; /**< the same in code points */
} desk_date;

/** An empty one, as functions want it. */
#define DESK_DATE_INIT                                                                             \
    {                                                                                              \
        sizeof(desk_date), {0, 0}, {0, 0}, 0, 0                                                    \
    }

/** One span that the cleaning took out. */
typedef struct desk_removal {
    size_t size;     /**< sizeof(desk_removal) */
    desk_slice rule; /**< id of the rule, for example "page.hidden" */
    desk_slice text; /**< what was removed */
} desk_removal;

/** An empty one, as functions want it. */
#define DESK_REMOVAL_INIT                                                                          \
    {                                                                                              \
        sizeof(desk_removal), {0, 0},                                                              \
        {                                                                                          \
            0, 0                                                                                   \
        }                                                                                          \
    }

/** A field of the input that has no meaning to copydesk, or that a stage added. */
typedef struct desk_extra {
    size_t size;      /**< sizeof(desk_extra) */
    desk_slice key;   /**< JSON, with its quotes */
    desk_slice value; /**< JSON, untouched */
} desk_extra;

/** An empty one, as functions want it. */
#define DESK_EXTRA_INIT                                                                            \
    {                                                                                              \
        sizeof(desk_extra), {0, 0},                                                                \
        {                                                                                          \
            0, 0                                                                                   \
        }                                                                                          \
    }

/** Returns a text of the article; empty when it is unknown. */
DESK_API desk_slice desk_article_text(const desk_article *article, desk_field field);

/** Returns how many items a list has. */
DESK_API size_t desk_article_count(const desk_article *article, desk_list list);

/** Returns item `index` of one of the lists of texts; empty when there is none. */
DESK_API desk_slice desk_article_item(const desk_article *article, desk_list list, size_t index);

/** Fills *subject with subject `index`.
 *
 * @return 1, or 0 when there is none (or subject->size is not set); *subject is cleared then */
DESK_API int desk_article_subject(const desk_article *article, size_t index, desk_subject *subject);

/** Fills *entity with item `index` of people, organisations, places or attributions.
 *
 * @return as desk_article_subject */
DESK_API int desk_article_entity(const desk_article *article, desk_list list, size_t index,
                                 desk_entity *entity);

/** Fills *quote with quote `index`.
 *
 * @return as desk_article_subject */
DESK_API int desk_article_quote(const desk_article *article, size_t index, desk_quote *quote);

/** Fills *date with date `index`.
 *
 * @return as desk_article_subject */
DESK_API int desk_article_date(const desk_article *article, size_t index, desk_date *date);

/** Fills *removal with removed span `index`. The record sums them by rule.
 *
 * @return as desk_article_subject */
DESK_API int desk_article_removal(const desk_article *article, size_t index, desk_removal *removal);

/** Fills *extra with extra field `index`.
 *
 * @return as desk_article_subject */
DESK_API int desk_article_extra(const desk_article *article, size_t index, desk_extra *extra);

/** Fills *evidence with piece `index` of a tag's evidence, heaviest first.
 *
 * @return as desk_article_subject */
DESK_API int desk_evidence_at(const desk_evidence_list *list, size_t index,
                              desk_evidence *evidence);

/** Returns one of the article's times; its ms is DESK_NO_TIME when unknown. */
DESK_API desk_time desk_article_time(const desk_article *article, desk_moment moment);

/** Writes a time as the record has it, RFC 3339 or the day alone, and a NUL.
 *
 * @param time  any
 * @param[out] text  has room for DESK_TIME_TEXT_SIZE bytes
 * @return bytes without the NUL; 0 and "" for an unknown time, one outside the years 0 to 9999, or
 *         a zone of more than a day */
DESK_API size_t desk_time_print(desk_time time, char *text);

/** Returns how sure the language is, 0..1. */
DESK_API double desk_article_language_confidence(const desk_article *article);

/** Returns the words of the body; in scripts without spaces between words each letter is one. */
DESK_API size_t desk_article_word_count(const desk_article *article);

/** Returns 1 when traces of syndication show that the article first appeared elsewhere, else 0. */
DESK_API int desk_article_is_reprint(const desk_article *article);

/** Returns the 64-bit simhash of the body; 0 when there is no body. Near-duplicates differ in few
 * bits. */
DESK_API uint64_t desk_article_simhash(const desk_article *article);

/** Returns the raw record as the engine was given it, with defaults for fields the caller's header
 * did not have; NULL for a NULL article. */
DESK_API const desk_record *desk_article_record(const desk_article *article);

#ifdef __cplusplus
}
#endif

#endif
