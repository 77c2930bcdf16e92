/* Subjects that loaded stages add: checked, merged with what is there, completed by their broader
 * topics, kept in the order of the record. */
#include <string.h>

#include "article/article.h"
#include "base/sized.h"
#include "base/slice.h"
#include "base/sort.h"
#include "stage/turn.h"
#include "tag/lexicon.h"
#include "text/utf8.h"

/* Bounds of one article, far above what anybody reads: a stage that runs wild is told so. */
enum { URI_BYTES_MAX = 200, NAME_BYTES_MAX = 1000, SUBJECTS_MAX = 1000, EVIDENCE_MAX = 1000 };

/* --- checks -------------------------------------------------------------------------------- */

static bool is_scheme_byte(char c)
{
    return (c >= 'a' && c <= 'z') || ascii_is_digit(c) || c == '-';
}

static bool is_code_byte(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '.' || c == '_' || c == '-';
}

/* "scheme:code", as docs/record.schema.json has it; it becomes part of topics and headers. */
static bool is_uri(desk_slice uri)
{
    size_t colon = uri.len <= URI_BYTES_MAX ? slice_find_byte(uri, ':', 0) : DESK_SLICE_NONE;
    if (colon == DESK_SLICE_NONE || !colon || colon + 1 == uri.len || uri.data[0] < 'a' ||
        uri.data[0] > 'z')
        return false;
    for (size_t i = 0; i < uri.len; i++)
        if (i != colon && !(i < colon ? is_scheme_byte(uri.data[i]) : is_code_byte(uri.data[i])))
            return false;
    return true;
}

static bool is_text(desk_slice text, size_t bytes_max)
{
    return text.len <= bytes_max && (text.data || !text.len) && utf8_is_valid(text);
}

/* Whether the text stands in the field at its offset, from character to character. */
static bool stands(const struct desk_article *article, const desk_evidence *evidence)
{
    if ((unsigned)evidence->field > DESK_FIELD_BODY || !evidence->text.len || !evidence->text.data)
        return false;
    desk_slice field = article_field_text(article, (enum article_field)evidence->field);
    size_t from = evidence->offset_bytes;
    if (from > field.len || evidence->text.len > field.len - from)
        return false;
    desk_slice there = slice_sub(field, from, from + evidence->text.len);
    return slice_equal(there, evidence->text) && utf8_is_valid(there);
}

static bool is_weight(double weight)
{
    return weight > -1e9 && weight < 1e9;
}

/* --- evidence ------------------------------------------------------------------------------ */

/* Element `index` of an array whose elements have the size of the first one. */
static bool read_evidence(const desk_evidence *first, size_t index, desk_evidence *out)
{
    *out = (desk_evidence)DESK_EVIDENCE_INIT;
    return sized_read(out, sizeof(size_t), (const char *)first + index * first->size) == SIZED_OK;
}

static desk_status check_evidence(struct desk_article *article, const desk_evidence *first,
                                  size_t count)
{
    desk_evidence evidence;
    if (count > EVIDENCE_MAX || (count && !first))
        return turn_refuse(article, "a subject has at most %d pieces of evidence", EVIDENCE_MAX);
    for (size_t i = 0; i < count; i++) {
        if (!read_evidence(first, i, &evidence) || !is_weight(evidence.weight) ||
            !is_text(evidence.rule, NAME_BYTES_MAX))
            return turn_refuse(article, "evidence %zu: size, weight or rule is not set right", i);
        if (!stands(article, &evidence))
            return turn_refuse(article,
                               "evidence %zu: its text does not stand in the field at byte "
                               "%zu",
                               i, evidence.offset_bytes);
    }
    return DESK_OK;
}

/* The text is kept as a piece of the field itself, so that only the rule is copied. */
static bool add_evidence(struct desk_article *article, struct subject *subject,
                         const desk_evidence *given)
{
    desk_slice field = article_field_text(article, (enum article_field)given->field);
    size_t from = given->offset_bytes;
    desk_slice rule = given->rule.len ? arena_copy(article->arena, given->rule) : subject->uri;
    struct evidence *evidence =
        rule.data ? article_add_evidence(article->arena, &subject->evidence) : NULL;
    if (evidence)
        *evidence = (struct evidence){.rule = rule,
                                      .text = slice_sub(field, from, from + given->text.len),
                                      .field = (enum article_field)given->field,
                                      .offset = from,
                                      .weight = given->weight};
    return evidence != NULL;
}

/* --- subjects ------------------------------------------------------------------------------ */

static struct subject *find_subject(struct desk_article *article, desk_slice uri)
{
    for (size_t i = 0; i < article->subjects.count; i++)
        if (slice_equal(article->subjects.items[i].uri, uri))
            return &article->subjects.items[i];
    return NULL;
}

static const struct topic *topic_of(const struct stage_turn *turn, desk_slice uri)
{
    uint16_t topic = turn->lexicon ? lexicon_topic(turn->lexicon, uri) : TOPIC_NONE;
    return topic < TOPIC_NO_NEWS ? &turn->lexicon->topics[topic] : NULL;
}

/* An empty name becomes the rulebook's, then the uri. */
static desk_slice name_of(struct desk_article *article, desk_slice name, desk_slice uri)
{
    const struct topic *topic = topic_of(article->turn, uri);
    if (name.len)
        return arena_copy(article->arena, name);
    return topic ? topic->name : uri;
}

static struct subject *add_subject(struct desk_article *article, desk_slice uri)
{
    desk_slice copy = arena_copy(article->arena, uri);
    struct subject *subject = copy.data ? article_add_subject(article) : NULL;
    if (subject)
        *subject = (struct subject){.uri = copy, .name = copy, .confidence = -1};
    return subject;
}

/* The surer of two gives name, confidence and creator. */
static bool settle(struct desk_article *article, struct subject *subject, const desk_subject *given)
{
    if (given->confidence <= subject->confidence)
        return true;
    desk_slice name = name_of(article, given->name, subject->uri);
    if (!name.data)
        return false;
    subject->name = name;
    subject->confidence = given->confidence;
    subject->creator = article->turn->creator;
    return true;
}

static desk_status check_subject(struct desk_article *article, const desk_subject *given)
{
    int shown = given->uri.data && given->uri.len <= URI_BYTES_MAX ? (int)given->uri.len : 0;
    const char *uri = shown ? given->uri.data : "";
    if (!is_uri(given->uri))
        return turn_refuse(article, "subject '%.*s': a uri such as ticker:ACME is wanted", shown,
                           uri);
    if (!is_text(given->name, NAME_BYTES_MAX))
        return turn_refuse(article, "subject %.*s: its name is no UTF-8 or too long", shown, uri);
    if (!(given->confidence >= 0 && given->confidence <= 1))
        return turn_refuse(article, "subject %.*s: its confidence is not from 0 to 1", shown, uri);
    if (article->subjects.count >= SUBJECTS_MAX)
        return turn_refuse(article, "an article has at most %d subjects", SUBJECTS_MAX);
    return DESK_OK;
}

desk_status desk_article_add_subject(desk_article *article, const desk_subject *subject,
                                     const desk_evidence *evidence, size_t evidence_count)
{
    desk_subject given = DESK_SUBJECT_INIT;
    if (!article || !article->turn || !subject ||
        sized_read(&given, sizeof(size_t), subject) != SIZED_OK)
        return turn_refuse(article, "a subject is not filled in: start from DESK_SUBJECT_INIT");
    if (check_subject(article, &given) != DESK_OK ||
        check_evidence(article, evidence, evidence_count) != DESK_OK)
        return DESK_EARGUMENT;
    article->turn->has_tagged = true;
    struct subject *kept = find_subject(article, given.uri);
    if (!kept)
        kept = add_subject(article, given.uri);
    if (!kept || !settle(article, kept, &given))
        return DESK_EMEMORY;
    for (size_t i = 0; i < evidence_count; i++) {
        desk_evidence item;
        read_evidence(evidence, i, &item);
        if (!add_evidence(article, kept, &item))
            return DESK_EMEMORY;
    }
    return DESK_OK;
}

/* --- after the turn ------------------------------------------------------------------------ */

/* Broader topics of one subject, none less sure than it. */
static bool add_broader(struct desk_article *article, desk_slice uri, double confidence)
{
    const struct lexicon *lexicon = article->turn->lexicon;
    const struct topic *topic = topic_of(article->turn, uri);
    while (topic && topic->broader < TOPIC_NO_NEWS) {
        topic = &lexicon->topics[topic->broader];
        struct subject *subject = find_subject(article, topic->uri);
        if (!subject)
            subject = add_subject(article, topic->uri);
        if (!subject)
            return false;
        if (subject->confidence < confidence) {
            subject->name = topic->name;
            subject->confidence = confidence;
            subject->creator = article->turn->creator;
        }
    }
    return true;
}

static void put_in_order(struct subject_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        sort_items(list->items[i].evidence.items, list->items[i].evidence.count,
                   sizeof(struct evidence), evidence_by_weight);
    sort_items(list->items, list->count, sizeof *list->items, subject_by_confidence);
}

bool turn_finish_tags(struct desk_article *article)
{
    struct subject_list *list = &article->subjects;
    if (!article->turn->has_tagged)
        return true;
    /* Broader topics are added behind the end and have none of their own that would be missing. */
    for (size_t i = 0, count = list->count; i < count; i++) {
        struct subject *subject = &list->items[i];
        if (slice_equal(subject->creator, article->turn->creator) &&
            !add_broader(article, subject->uri, subject->confidence))
            return false;
    }
    put_in_order(list);
    return true;
}

/* --- before the subject stage -------------------------------------------------------------- */

void tags_set_aside(struct desk_article *article)
{
    article->early_subjects = article->subjects;
    article->subjects = (struct subject_list){NULL, 0, 0};
}

/* As settle does it for one that is added. */
static bool merge(struct desk_article *article, const struct subject *early)
{
    struct subject *kept = find_subject(article, early->uri);
    if (!kept) {
        kept = article_add_subject(article);
        if (kept)
            *kept = *early;
        return kept != NULL;
    }
    for (size_t i = 0; i < early->evidence.count; i++) {
        struct evidence *slot = article_add_evidence(article->arena, &kept->evidence);
        if (!slot)
            return false;
        *slot = early->evidence.items[i];
    }
    if (early->confidence > kept->confidence) {
        kept->name = early->name;
        kept->confidence = early->confidence;
        kept->creator = early->creator;
    }
    return true;
}

bool tags_bring_back(struct desk_article *article)
{
    for (size_t i = 0; i < article->early_subjects.count; i++)
        if (!merge(article, &article->early_subjects.items[i]))
            return false;
    if (article->early_subjects.count)
        put_in_order(&article->subjects);
    return true;
}
