/* The encode stage: the article as one enriched record, schema copydesk/article/1 (docs/record.md).
 *
 * Keys stand in the order of the schema; what is unknown is absent. Byte offsets become code points
 * here. */
#include "engine/stage.h"

#include <copydesk/version.h>
#include <stdlib.h>
#include <string.h>

#include "article/article.h"
#include "article/encode.h"
#include "article/json_write.h"
#include "article/time.h"
#include "base/error.h"
#include "base/slice.h"
#include "rulebook/rulebook.h"

enum { TAGS_BYTES_ESTIMATE = 8192 };

/* The member of evidence that names its field. */
static const desk_slice FIELD_MEMBERS[FIELD_COUNT] = {SLICE_LITERAL("\"field\":\"title\""),
                                                      SLICE_LITERAL("\"field\":\"description\""),
                                                      SLICE_LITERAL("\"field\":\"body\"")};

static void write_text(struct json_writer *w, const char *key, desk_slice text)
{
    if (!text.len)
        return;
    json_key(w, key);
    json_text(w, text);
}

static void write_list(struct json_writer *w, const char *key, const struct slice_list *list)
{
    if (!list->count)
        return;
    json_key(w, key);
    json_open(w, '[');
    for (size_t i = 0; i < list->count; i++)
        json_text(w, list->items[i]);
    json_close(w, ']');
}

static void write_time(struct json_writer *w, const char *key, int64_t ms, int32_t zone,
                       bool is_day)
{
    char text[TIME_TEXT_SIZE];
    if (ms == DESK_NO_TIME)
        return;
    json_key(w, key);
    json_text(w, slice_of(text, time_print(ms, zone, is_day, text)));
}

static void write_evidence(struct json_writer *w, const struct desk_article *article,
                           const struct evidence_list *list)
{
    size_t count = article_evidence_shown(article, list);
    if (!count)
        return;
    json_key(w, "evidence");
    json_open(w, '[');
    for (size_t i = 0; i < count; i++) {
        const struct evidence *evidence = &list->items[i];
        json_open(w, '{');
        write_text(w, "rule", evidence->rule);
        write_text(w, "text", evidence->text);
        json_raw(w, FIELD_MEMBERS[evidence->field]);
        json_key(w, "offset");
        json_unsigned(w, article_code_points(article, evidence->field, evidence->offset));
        json_key(w, "weight");
        json_decimal(w, evidence->weight, 2);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_head(struct json_writer *w, const struct desk_article *article)
{
    json_key(w, "schema");
    json_text(w, slice_from_cstr("copydesk/article/1"));
    write_text(w, "id", article->id);
    write_text(w, "url", article->url);
    write_text(w, "canonical_url", article->canonical_url);
    write_text(w, "title", article->title);
    write_text(w, "description", article->description);
    write_text(w, "body", article->body);
    write_list(w, "authors", &article->authors);
    write_text(w, "section", article->section);
    write_list(w, "keywords", &article->keywords);
    json_key(w, "word_count");
    json_unsigned(w, article->word_count);
    write_text(w, "image", article->image);
    write_time(w, "published_at", article->published_ms, article->published_zone,
               article->published_is_day);
    write_time(w, "updated_at", article->updated_ms, article->updated_zone,
               article->updated_is_day);
    write_time(w, "crawled_at", article->crawled_ms, article->crawled_zone,
               article->crawled_is_day);
}

static void write_language(struct json_writer *w, const struct desk_article *article)
{
    if (!article->language.len)
        return;
    json_key(w, "language");
    json_open(w, '{');
    write_text(w, "code", article->language);
    json_key(w, "confidence");
    json_decimal(w, article->language_confidence, 3);
    json_close(w, '}');
}

static void write_source(struct json_writer *w, const struct desk_article *article)
{
    if (!article->source_domain.len && !article->source_name.len)
        return;
    json_key(w, "source");
    json_open(w, '{');
    write_text(w, "domain", article->source_domain);
    write_text(w, "name", article->source_name);
    write_text(w, "country", article->source_country);
    write_text(w, "language", article->source_language);
    write_text(w, "type", article->source_type);
    json_close(w, '}');
}

static void write_subjects(struct json_writer *w, const struct desk_article *article)
{
    json_key(w, "subjects");
    json_open(w, '[');
    for (size_t i = 0; i < article->subjects.count; i++) {
        const struct subject *subject = &article->subjects.items[i];
        json_open(w, '{');
        write_text(w, "uri", subject->uri);
        write_text(w, "name", subject->name);
        json_key(w, "confidence");
        json_decimal(w, subject->confidence, 3);
        write_text(w, "creator", subject->creator);
        write_evidence(w, article, &subject->evidence);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_entities(struct json_writer *w, const struct desk_article *article,
                           const char *key, const struct entity_list *list)
{
    if (!list->count)
        return;
    json_key(w, key);
    json_open(w, '[');
    for (size_t i = 0; i < list->count; i++) {
        const struct entity *entity = &list->items[i];
        json_open(w, '{');
        write_text(w, "name", entity->name);
        write_text(w, "kind", entity->kind);
        json_key(w, "count");
        json_unsigned(w, entity->count);
        write_text(w, "country", entity->country);
        write_text(w, "uri", entity->uri);
        write_evidence(w, article, &entity->evidence);
        json_close(w, '}');
    }
    json_close(w, ']');
}

/* attributions have their own key order: name, kind, country, count. */
static void write_attributions(struct json_writer *w, const struct desk_article *article)
{
    const struct entity_list *list = &article->attributions;
    if (!list->count)
        return;
    json_key(w, "attributions");
    json_open(w, '[');
    for (size_t i = 0; i < list->count; i++) {
        const struct entity *entity = &list->items[i];
        json_open(w, '{');
        write_text(w, "name", entity->name);
        write_text(w, "kind", entity->kind);
        write_text(w, "country", entity->country);
        json_key(w, "count");
        json_unsigned(w, entity->count);
        write_evidence(w, article, &entity->evidence);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_offset(struct json_writer *w, const struct desk_article *article, size_t offset)
{
    json_key(w, "offset");
    json_unsigned(w, article_code_points(article, FIELD_BODY, offset));
}

static void write_quotes(struct json_writer *w, const struct desk_article *article)
{
    if (!article->quotes.count)
        return;
    json_key(w, "quotes");
    json_open(w, '[');
    for (size_t i = 0; i < article->quotes.count; i++) {
        const struct quote *quote = &article->quotes.items[i];
        json_open(w, '{');
        write_text(w, "text", quote->text);
        write_text(w, "speaker", quote->speaker);
        write_offset(w, article, quote->offset);
        json_key(w, "length");
        json_unsigned(w, article_code_points(article, FIELD_BODY, quote->offset + quote->text.len) -
                             article_code_points(article, FIELD_BODY, quote->offset));
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_dates(struct json_writer *w, const struct desk_article *article)
{
    if (!article->dates.count)
        return;
    json_key(w, "dates");
    json_open(w, '[');
    for (size_t i = 0; i < article->dates.count; i++) {
        const struct date_mention *date = &article->dates.items[i];
        json_open(w, '{');
        write_text(w, "text", date->text);
        write_text(w, "date", slice_from_cstr(date->date));
        write_offset(w, article, date->offset);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_reprint(struct json_writer *w, const struct desk_article *article)
{
    json_key(w, "reprint");
    json_open(w, '{');
    json_key(w, "is_reprint");
    json_bool(w, article->reprint_markers.count > 0);
    write_list(w, "markers", &article->reprint_markers);
    if (article->original.name.len || article->original.url.len) {
        json_key(w, "original");
        json_open(w, '{');
        write_text(w, "name", article->original.name);
        write_text(w, "url", article->original.url);
        write_text(w, "domain", article->original.domain);
        json_close(w, '}');
    }
    json_close(w, '}');
}

static void write_fingerprint(struct json_writer *w, const struct desk_article *article)
{
    static const char hex[] = "0123456789abcdef";
    char simhash[16];
    if (!article->text_hash[0])
        return;
    for (size_t i = 0; i < 16; i++)
        simhash[i] = hex[article->simhash >> (60 - 4 * i) & 15];
    json_key(w, "fingerprint");
    json_open(w, '{');
    write_text(w, "text", slice_from_cstr(article->text_hash));
    write_text(w, "simhash", slice_of(simhash, sizeof simhash));
    json_close(w, '}');
}

/* Removals by rule, in order of the first removal of each. The lists are short: a quadratic merge
 * over the number of different rules. */
static void write_cleaning(struct json_writer *w, const struct desk_article *article)
{
    const struct removal_list *list = &article->removals;
    json_key(w, "cleaning");
    json_open(w, '{');
    json_key(w, "input_bytes");
    json_unsigned(w, article->record->value.len);
    json_key(w, "output_bytes");
    json_unsigned(w, article->body.len);
    struct encode_removed *sums =
        ARENA_ARRAY(article->arena, struct encode_removed, list->count + 1);
    size_t count = sums ? encode_sum_removals(list, sums) : 0;
    if (!sums)
        w->status = DESK_EMEMORY;
    json_key(w, "removed");
    json_open(w, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(w, '{');
        write_text(w, "rule", sums[i].rule);
        json_key(w, "count");
        json_unsigned(w, sums[i].count);
        json_key(w, "bytes");
        json_unsigned(w, sums[i].bytes);
        json_close(w, '}');
    }
    json_close(w, ']');
    json_close(w, '}');
}

size_t encode_sum_removals(const struct removal_list *list, struct encode_removed *sums)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        size_t at = 0;
        while (at < count && !slice_equal(sums[at].rule, list->items[i].rule))
            at++;
        if (at == count)
            sums[count++] = (struct encode_removed){list->items[i].rule, 0, 0};
        sums[at].count++;
        sums[at].bytes += list->items[i].text.len;
    }
    return count;
}

static void write_provenance(struct json_writer *w, const struct desk_article *article,
                             const char *digest)
{
    const desk_record *record = article->record;
    json_key(w, "provenance");
    json_open(w, '{');
    write_text(w, "version", slice_from_cstr(desk_version()));
    write_text(w, "rulebook", slice_from_cstr(digest));
    if (record->topic.len) {
        write_text(w, "topic", record->topic);
        json_key(w, "partition");
        json_signed(w, record->partition);
        json_key(w, "offset");
        json_signed(w, record->offset);
        if (record->timestamp_ms != DESK_NO_TIME) {
            json_key(w, "timestamp");
            json_signed(w, record->timestamp_ms);
        }
    }
    json_close(w, '}');
}

/* A value as it came. Line breaks in JSON stand between its parts only, where they mean nothing and
 * would end the record's line. */
static void write_value(struct json_writer *w, const struct desk_article *article, desk_slice json)
{
    char *line;
    size_t len = 0;
    if (!memchr(json.data, '\n', json.len) && !memchr(json.data, '\r', json.len)) {
        json_raw(w, json);
        return;
    }
    line = arena_alloc(article->arena, json.len, 1);
    if (!line) {
        w->status = DESK_EMEMORY;
        return;
    }
    for (size_t i = 0; i < json.len; i++)
        if (json.data[i] != '\n' && json.data[i] != '\r')
            line[len++] = json.data[i];
    json_raw(w, slice_of(line, len));
}

static void write_extra(struct json_writer *w, const struct desk_article *article)
{
    if (!article->extra.count)
        return;
    json_key(w, "extra");
    json_open(w, '{');
    for (size_t i = 0; i < article->extra.count; i++) {
        json_raw_key(w, article->extra.items[i].key_json);
        write_value(w, article, article->extra.items[i].value_json);
    }
    json_close(w, '}');
}

static void write_record(struct json_writer *w, const struct desk_article *article,
                         const char *digest)
{
    json_open(w, '{');
    write_head(w, article);
    write_language(w, article);
    write_source(w, article);
    write_subjects(w, article);
    write_entities(w, article, "people", &article->people);
    write_entities(w, article, "organisations", &article->organisations);
    write_entities(w, article, "places", &article->places);
    write_attributions(w, article);
    write_quotes(w, article);
    write_dates(w, article);
    write_reprint(w, article);
    write_fingerprint(w, article);
    write_cleaning(w, article);
    write_provenance(w, article, digest);
    write_extra(w, article);
    json_close(w, '}');
}

static desk_status open_encode(const struct desk_rulebook *rulebook, void **state, desk_error *err)
{
    char *digest = malloc(sizeof rulebook->digest);
    if (!digest)
        return error_set(err, DESK_ENOMEM, "out of memory for the encode stage");
    memcpy(digest, rulebook->digest, sizeof rulebook->digest);
    *state = digest;
    return DESK_OK;
}

desk_status encode_article(struct desk_article *article, const char *digest, desk_slice *json,
                           desk_error *err)
{
    struct json_writer writer;
    size_t estimate = article->body.len + article->body.len / 8 + article->title.len +
                      article->description.len + TAGS_BYTES_ESTIMATE;
    json_writer_init(&writer, article->arena, estimate, article->limits.output_bytes_max);
    write_record(&writer, article, digest);
    if (writer.status == DESK_EOUTPUT_SIZE)
        return error_set(err, DESK_EOUTPUT_SIZE,
                         "the enriched record is larger than %zu bytes; raise limits.output",
                         article->limits.output_bytes_max);
    if (writer.status != DESK_OK)
        return article_memory_error(err);
    *json = slice_of(writer.data, writer.len);
    return DESK_OK;
}

static desk_status process_encode(void *state, struct desk_article *article, desk_error *err)
{
    return encode_article(article, state, &article->json, err);
}

const struct stage stage_encode = {"encode", open_encode, process_encode, free};
