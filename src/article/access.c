/* The typed view: the public accessors (copydesk/article.h) over the article's own lists. */
#include "article/article.h"

#include <copydesk/article.h>
#include <string.h>

#include "article/time.h"
#include "base/sized.h"
#include "base/slice.h"

_Static_assert((int)DESK_FIELD_TITLE == (int)FIELD_TITLE &&
                   (int)DESK_FIELD_DESCRIPTION == (int)FIELD_DESCRIPTION &&
                   (int)DESK_FIELD_BODY == (int)FIELD_BODY,
               "fields of evidence have the same numbers inside and outside");
_Static_assert(DESK_TIME_TEXT_SIZE >= TIME_TEXT_SIZE, "time_print writes into the caller's room");

static const desk_slice NOTHING = {NULL, 0};

desk_slice desk_article_text(const desk_article *article, desk_field field)
{
    if (!article)
        return NOTHING;
    switch (field) {
    case DESK_FIELD_TITLE:
        return article->title;
    case DESK_FIELD_DESCRIPTION:
        return article->description;
    case DESK_FIELD_BODY:
        return article->body;
    case DESK_FIELD_ID:
        return article->id;
    case DESK_FIELD_URL:
        return article->url;
    case DESK_FIELD_CANONICAL_URL:
        return article->canonical_url;
    case DESK_FIELD_SECTION:
        return article->section;
    case DESK_FIELD_IMAGE:
        return article->image;
    case DESK_FIELD_LANGUAGE:
        return article->language;
    case DESK_FIELD_SOURCE_DOMAIN:
        return article->source_domain;
    case DESK_FIELD_SOURCE_NAME:
        return article->source_name;
    case DESK_FIELD_SOURCE_COUNTRY:
        return article->source_country;
    case DESK_FIELD_SOURCE_LANGUAGE:
        return article->source_language;
    case DESK_FIELD_SOURCE_TYPE:
        return article->source_type;
    case DESK_FIELD_ORIGINAL_NAME:
        return article->original.name;
    case DESK_FIELD_ORIGINAL_URL:
        return article->original.url;
    case DESK_FIELD_ORIGINAL_DOMAIN:
        return article->original.domain;
    case DESK_FIELD_TEXT_HASH:
        return slice_from_cstr(article->text_hash);
    }
    return NOTHING;
}

/* --- lists --------------------------------------------------------------------------------- */

static const struct slice_list *texts_of(const desk_article *article, desk_list list)
{
    switch (list) {
    case DESK_LIST_AUTHORS:
        return &article->authors;
    case DESK_LIST_KEYWORDS:
        return &article->keywords;
    case DESK_LIST_REPRINT_MARKERS:
        return &article->reprint_markers;
    default:
        return NULL;
    }
}

static const struct entity_list *entities_of(const desk_article *article, desk_list list)
{
    switch (list) {
    case DESK_LIST_PEOPLE:
        return &article->people;
    case DESK_LIST_ORGANISATIONS:
        return &article->organisations;
    case DESK_LIST_PLACES:
        return &article->places;
    case DESK_LIST_ATTRIBUTIONS:
        return &article->attributions;
    default:
        return NULL;
    }
}

size_t desk_article_count(const desk_article *article, desk_list list)
{
    if (!article)
        return 0;
    const struct slice_list *texts = texts_of(article, list);
    const struct entity_list *entities = entities_of(article, list);
    if (texts || entities)
        return texts ? texts->count : entities->count;
    switch (list) {
    case DESK_LIST_SUBJECTS:
        return article->subjects.count;
    case DESK_LIST_QUOTES:
        return article->quotes.count;
    case DESK_LIST_DATES:
        return article->dates.count;
    case DESK_LIST_REMOVALS:
        return article->removals.count;
    case DESK_LIST_EXTRA:
        return article->extra.count;
    default:
        return 0;
    }
}

desk_slice desk_article_item(const desk_article *article, desk_list list, size_t index)
{
    const struct slice_list *texts = article ? texts_of(article, list) : NULL;
    return texts && index < texts->count ? texts->items[index] : NOTHING;
}

/* --- items --------------------------------------------------------------------------------- */

static desk_evidence_list shown_evidence(const desk_article *article,
                                         const struct evidence_list *list)
{
    return (desk_evidence_list){article_evidence_shown(article, list), list->items, article};
}

/* Hands out an item, or the empty one when there is none. */
static int give(bool is_there, void *given, const void *known)
{
    return given && sized_write(given, known) && is_there;
}

int desk_article_subject(const desk_article *article, size_t index, desk_subject *subject)
{
    desk_subject out = DESK_SUBJECT_INIT;
    bool is_there = index < desk_article_count(article, DESK_LIST_SUBJECTS);
    if (is_there) {
        const struct subject *found = &article->subjects.items[index];
        out.uri = found->uri;
        out.name = found->name;
        out.creator = found->creator;
        out.confidence = found->confidence;
        out.evidence = shown_evidence(article, &found->evidence);
    }
    return give(is_there, subject, &out);
}

int desk_article_entity(const desk_article *article, desk_list list, size_t index,
                        desk_entity *entity)
{
    desk_entity out = DESK_ENTITY_INIT;
    const struct entity_list *entities = article ? entities_of(article, list) : NULL;
    bool is_there = entities && index < entities->count;
    if (is_there) {
        const struct entity *found = &entities->items[index];
        out.name = found->name;
        out.kind = found->kind;
        out.country = found->country;
        out.uri = found->uri;
        out.count = found->count;
        out.evidence = shown_evidence(article, &found->evidence);
    }
    return give(is_there, entity, &out);
}

int desk_article_quote(const desk_article *article, size_t index, desk_quote *quote)
{
    desk_quote out = DESK_QUOTE_INIT;
    bool is_there = index < desk_article_count(article, DESK_LIST_QUOTES);
    if (is_there) {
        const struct quote *found = &article->quotes.items[index];
        out.text = found->text;
        out.speaker = found->speaker;
        out.offset_bytes = found->offset;
        out.offset_points = article_code_points(article, FIELD_BODY, found->offset);
        out.length_points =
            article_code_points(article, FIELD_BODY, found->offset + found->text.len) -
            out.offset_points;
    }
    return give(is_there, quote, &out);
}

int desk_article_date(const desk_article *article, size_t index, desk_date *date)
{
    desk_date out = DESK_DATE_INIT;
    bool is_there = index < desk_article_count(article, DESK_LIST_DATES);
    if (is_there) {
        const struct date_mention *found = &article->dates.items[index];
        out.text = found->text;
        out.date = slice_from_cstr(found->date);
        out.offset_bytes = found->offset;
        out.offset_points = article_code_points(article, FIELD_BODY, found->offset);
    }
    return give(is_there, date, &out);
}

int desk_article_removal(const desk_article *article, size_t index, desk_removal *removal)
{
    desk_removal out = DESK_REMOVAL_INIT;
    bool is_there = index < desk_article_count(article, DESK_LIST_REMOVALS);
    if (is_there) {
        out.rule = article->removals.items[index].rule;
        out.text = article->removals.items[index].text;
    }
    return give(is_there, removal, &out);
}

int desk_article_extra(const desk_article *article, size_t index, desk_extra *extra)
{
    desk_extra out = DESK_EXTRA_INIT;
    bool is_there = index < desk_article_count(article, DESK_LIST_EXTRA);
    if (is_there) {
        out.key = article->extra.items[index].key_json;
        out.value = article->extra.items[index].value_json;
    }
    return give(is_there, extra, &out);
}

int desk_evidence_at(const desk_evidence_list *list, size_t index, desk_evidence *evidence)
{
    desk_evidence out = DESK_EVIDENCE_INIT;
    bool is_there = list && index < list->count;
    if (is_there) {
        const struct evidence *found = (const struct evidence *)list->items + index;
        out.rule = found->rule;
        out.text = found->text;
        out.field = (desk_field)found->field;
        out.offset_bytes = found->offset;
        out.offset_points = article_code_points(list->article, found->field, found->offset);
        out.weight = found->weight;
    }
    return give(is_there, evidence, &out);
}

/* --- times and numbers --------------------------------------------------------------------- */

desk_time desk_article_time(const desk_article *article, desk_moment moment)
{
    desk_time time = {DESK_NO_TIME, 0, 0};
    if (!article)
        return time;
    switch (moment) {
    case DESK_MOMENT_PUBLISHED:
        return (desk_time){article->published_ms, article->published_zone,
                           article->published_is_day};
    case DESK_MOMENT_UPDATED:
        return (desk_time){article->updated_ms, article->updated_zone, article->updated_is_day};
    case DESK_MOMENT_CRAWLED:
        return (desk_time){article->crawled_ms, article->crawled_zone, article->crawled_is_day};
    }
    return time;
}

/* The years 0 to 9999, which is what the text has room for; no zone is a day away. */
static const int64_t PRINTED_MS_MIN = -62167219200000, PRINTED_MS_MAX = 253402300799999;
enum { ZONE_MINUTES_MAX = 24 * 60 };

size_t desk_time_print(desk_time time, char *text)
{
    if (!text)
        return 0;
    text[0] = '\0';
    if (time.ms < PRINTED_MS_MIN || time.ms > PRINTED_MS_MAX ||
        time.zone_minutes < -ZONE_MINUTES_MAX || time.zone_minutes > ZONE_MINUTES_MAX)
        return 0;
    return time_print(time.ms, time.zone_minutes, time.is_day != 0, text);
}

double desk_article_language_confidence(const desk_article *article)
{
    return article ? article->language_confidence : 0;
}

size_t desk_article_word_count(const desk_article *article)
{
    return article ? article->word_count : 0;
}

int desk_article_is_reprint(const desk_article *article)
{
    return article && article->reprint_markers.count > 0;
}

uint64_t desk_article_simhash(const desk_article *article)
{
    return article && article->text_hash[0] ? article->simhash : 0;
}

const desk_record *desk_article_record(const desk_article *article)
{
    return article ? article->record : NULL;
}
