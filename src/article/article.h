/* The article: the one model that every stage reads and adds to, from raw bytes to tags.
 *
 * Invariants
 * - All memory is the record's: slices point into the input or the arena and die at the engine's
 * reset.
 * - Text in title, description, blocks and body is valid UTF-8 in NFC from the extract stage on.
 * - Stages address text by byte offsets; the encode stage turns them into code points.
 * - A stage fills only its own part, in the order of the stage table (engine/stage_table.c).
 */
#ifndef ARTICLE_ARTICLE_H
#define ARTICLE_ARTICLE_H

#include <copydesk/article.h>
#include <copydesk/engine.h>
#include <copydesk/record.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* Where a piece of evidence was found. */
enum article_field { FIELD_TITLE, FIELD_DESCRIPTION, FIELD_BODY, FIELD_COUNT };

/* Why a tag was given. `text` is the piece as it stands in the field. */
struct evidence {
    desk_slice rule;
    desk_slice text;
    enum article_field field;
    size_t offset;      /* bytes into the field */
    double weight;      /* what it adds to its tag's sum, over all occurrences */
    double term_weight; /* the rulebook's weight of the term; subjects only */
    size_t count;       /* occurrences; subjects only */
};

struct evidence_list {
    struct evidence *items;
    size_t count;
    size_t capacity;
};

struct slice_list {
    desk_slice *items;
    size_t count;
    size_t capacity;
};

/* A block of the page or text, in reading order, until normalise joins the kept ones into the body.
 */
enum block_kind {
    BLOCK_PARAGRAPH,
    BLOCK_HEADING,
    BLOCK_LIST_ITEM,
    BLOCK_QUOTE,
    BLOCK_TABLE_ROW,
    BLOCK_PREFORMATTED,
    BLOCK_CAPTION
};

struct block {
    desk_slice text; /* white space folded, except in BLOCK_PREFORMATTED */
    enum block_kind kind;
    bool is_removed;
    desk_slice removed_by; /* rule id when is_removed */
    desk_slice original;   /* the text before scrub cut pieces out of it; empty when it did not */
    size_t traced;         /* 1 + index of the block in `trace`; 0 when it has no entry there */
};

struct block_list {
    struct block *items;
    size_t count;
    size_t capacity;
};

/* Something the cleaning took out: one entry per span, in order of removal. */
struct removal {
    desk_slice rule;
    desk_slice text; /* what was removed, for explain */
    bool is_inside;  /* a block between those of the article: may be a residue that has a rule */
    size_t traced;   /* 1 + index of the block in `trace`; 0 when it has no entry there */
};

struct removal_list {
    struct removal *items;
    size_t count;
    size_t capacity;
};

/* What was decided about one block of a page's visible text, in page order. Blocks that scrub takes
 * out later are kept ones here. */
struct block_trace {
    desk_slice text;
    enum block_kind kind;
    bool is_kept;
    desk_slice rule;         /* why it was left out; empty for kept blocks */
    double score;            /* 0..1, how much it looks like the article; see docs/extraction.md */
    desk_slice path;         /* of elements, for people: "body > article.story > p"; may be empty */
    const uint8_t *features; /* what was measured of it (clean/page_features.h), or NULL */
};

struct trace_list {
    struct block_trace *items;
    size_t count;
    size_t capacity;
};

/* How the text begins: "PARIS, 3 mai (AFP) -". All empty when it has no dateline. One that names an
 * agency is taken out of the body, a place alone stays there. */
struct dateline {
    desk_slice text, place, agency;
};

struct subject {
    desk_slice uri;
    desk_slice name;
    desk_slice creator; /* "lexicon", "model:NAME", "stage:NAME" */
    double confidence;  /* 0..1 */
    struct evidence_list evidence;
};

/* A person, organisation, place or attribution. Merged by `key` (name as published). */
struct entity {
    desk_slice name;
    desk_slice kind;    /* attributions: agency, broadcaster, ...; others: empty */
    desk_slice country; /* ISO 3166-1 alpha-2, or empty */
    desk_slice uri;
    size_t count;
    size_t first; /* order of the first mention: title before description before body, then bytes */
    struct evidence_list evidence;
};

struct entity_list {
    struct entity *items;
    size_t count;
    size_t capacity;
};

struct quote {
    desk_slice text; /* without the marks */
    desk_slice speaker;
    size_t offset; /* bytes into body, of text */
};

struct quote_list {
    struct quote *items;
    size_t count;
    size_t capacity;
};

struct date_mention {
    desk_slice text;
    char date[11]; /* YYYY-MM-DD, YYYY-MM or YYYY, NUL-terminated */
    size_t offset; /* bytes into body */
};

struct date_list {
    struct date_mention *items;
    size_t count;
    size_t capacity;
};

struct subject_list {
    struct subject *items;
    size_t count;
    size_t capacity;
};

/* An unknown input field: key and value exactly as in the input (valid JSON). */
struct extra_field {
    desk_slice key_json;   /* with its quotes */
    desk_slice value_json; /* untouched bytes */
};

struct extra_list {
    struct extra_field *items;
    size_t count;
    size_t capacity;
};

/* Where an item of the page's metadata was found, in words for people: "og:title", "JSON-LD
 * author", "<time> near the headline". Static strings; NULL when the item is absent or stood in the
 * record's own fields. */
struct metadata_origins {
    const char *title, *authors, *published, *updated;
    const char *description, *image, *section, *site_name;
    const char *canonical_url, *keywords, *language;
};

/* Limits of one record, from the engine's options, all set. */
struct article_limits {
    size_t input_bytes_max;
    size_t output_bytes_max;
    size_t json_depth_max;
    uint32_t match_limit;
    uint32_t depth_limit;
};

struct desk_article {
    struct arena *arena;
    const desk_record *record;
    const struct field_map *fields; /* article/fields.h: keys of JSON input */
    struct article_limits limits;
    uint64_t work_left; /* counted steps; article_work() takes from it */
    desk_evidence_level evidence_level;

    /* decode: what the input says. Known to be UTF-8 except `markup` and `plain` of
     * DESK_FORMAT_HTML and DESK_FORMAT_TEXT input, which decode converts as well. */
    desk_format format;      /* JSON, HTML or TEXT after decode */
    desk_slice markup;       /* HTML, UTF-8 */
    desk_slice plain;        /* text, UTF-8 */
    desk_slice input_author; /* authors as one text, when not a list */
    desk_slice input_published, input_updated, input_crawled;       /* as text or empty */
    int64_t input_published_ms, input_updated_ms, input_crawled_ms; /* numbers, or DESK_NO_TIME */
    desk_slice input_language;                                      /* what the input claims */
    desk_slice input_source; /* name or domain as the input claims */
    struct extra_list extra;

    /* decode, then extract from the page where the input is silent */
    desk_slice id;
    desk_slice url, canonical_url;
    desk_slice title, description;
    desk_slice image, section;
    desk_slice site_name;                    /* as the page says */
    desk_slice page_language;                /* html lang, og:locale */
    desk_slice page_published, page_updated; /* as the page says */
    struct slice_list authors, keywords;
    struct metadata_origins origins; /* of what the page gave */
    struct block_list blocks;
    bool wants_trace;        /* set by the engine: fill `trace` */
    struct trace_list trace; /* every visible block of a page; empty unless wanted */

    /* extract and scrub */
    struct removal_list removals;
    struct slice_list reprint_markers; /* residue texts that show a reprint */
    /* What the residue or byline names as the origin: "first appeared in The Example", the link of
     * "Source", the agency of "(Reuters) -". As written; empty when nothing does. */
    desk_slice original_name, original_url, byline_agency;
    struct dateline dateline;

    /* normalise */
    desk_slice body;
    size_t word_count;
    uint32_t
        *field_index[FIELD_COUNT]; /* code points before each 64th byte, see article_code_points */

    /* language */
    desk_slice language;        /* BCP 47, or empty; "und" when undecided */
    double language_confidence; /* 0..1 */

    /* date */
    int64_t published_ms, updated_ms, crawled_ms;       /* UTC; DESK_NO_TIME when unknown */
    int32_t published_zone, updated_zone, crawled_zone; /* minutes east of UTC, to print as given */
    bool published_is_day, updated_is_day,
        crawled_is_day; /* no time of day is known: print the day */
    struct date_list dates;

    /* source */
    desk_slice source_domain, source_name, source_country, source_language, source_type;
    struct {
        desk_slice name, url, domain;
    } original; /* of a reprint; all empty when it is none or nothing tells */

    /* subject, entity, quote */
    struct subject_list subjects;
    /* what speaks for each topic (tag/scoring.h), NULL where there is no lexicon for the language
     */
    const struct topic_score *topic_scores;
    struct entity_list people, organisations, places, attributions;
    struct quote_list quotes;

    /* fingerprint */
    char text_hash[33]; /* XXH3-128 of the folded body, hex, NUL-terminated; "" when there is no
                           body */
    uint64_t simhash;

    /* the loaded stage that works on the article right now (stage/turn.h); NULL between them */
    struct stage_turn *turn;
    bool is_dropped;                    /* by a loaded stage */
    struct subject_list early_subjects; /* of loaded stages, while the subject stage works */

    /* tokens of title, description and body, made once by the first stage that asks and shared
     * (tag/tokens.h) */
    struct token_table *tokens;

    /* encode */
    desk_slice json;
};

/* The order of a record, for sort_items: evidence heaviest first, then by place, rule and length;
 * subjects by confidence, then by URI. */
int evidence_by_weight(const void *left, const void *right);
int subject_by_confidence(const void *left, const void *right);

/* Each adds one zeroed element and returns it, or NULL at the memory limit. */
struct evidence *article_add_evidence(struct arena *arena, struct evidence_list *list);
struct block *article_add_block(struct desk_article *article);
struct block_trace *article_add_trace(struct desk_article *article);
struct subject *article_add_subject(struct desk_article *article);
struct entity *article_add_entity(struct arena *arena, struct entity_list *list);
struct quote *article_add_quote(struct desk_article *article);
struct date_mention *article_add_date(struct desk_article *article);
struct extra_field *article_add_extra(struct desk_article *article);
/* These return false at the memory limit. Slices are kept as they are, not copied. */
bool article_add_slice(struct arena *arena, struct slice_list *list, desk_slice value);
bool article_add_removal(struct desk_article *article, desk_slice rule, desk_slice text);

/* How many pieces of a tag's evidence are shown, as the engine's options want: the first of the
 * list, heaviest first. */
size_t article_evidence_shown(const struct desk_article *article, const struct evidence_list *list);

/* Text of a field: title, description or body. */
desk_slice article_field_text(const struct desk_article *article, enum article_field field);

/* Takes `steps` from the work budget; false when it is used up: return DESK_EWORK then. One step is
 * about one byte looked at. */
static inline bool article_work(struct desk_article *article, uint64_t steps)
{
    if (article->work_left < steps) {
        article->work_left = 0;
        return false;
    }
    article->work_left -= steps;
    return true;
}

/* Builds the index for a field, once its text is final. False at the memory limit. */
bool article_index_field(struct desk_article *article, enum article_field field);
/* Code points before byte `offset` of the field; counts directly when there is no index. */
size_t article_code_points(const struct desk_article *article, enum article_field field,
                           size_t offset);

/* Errors of stages, with the usual texts. */
desk_status article_memory_error(desk_error *err);
desk_status article_work_error(desk_error *err);

#endif
