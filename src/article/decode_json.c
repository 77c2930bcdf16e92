/* A JSON object into the article: known fields by the map, everything else kept under extra.
 *
 * Wrong types: a field the contract names (id, url, title, html, text, author, dates, source,
 * language) must have a usable type, else the record is rejected. A field that is only a
 * convenience (image, section, keywords, description, canonical_url) keeps an unusable value under
 * extra instead. null means absent. When two aliases of one field are there, the one that stands
 * first in the list of names wins and the other goes to extra. */
#include "article/decode.h"

#include "article/json_read.h"
#include "base/error.h"
#include "base/slice.h"

struct decoder {
    struct desk_article *article;
    const struct field_map *map;
    struct json_reader reader;
    struct extra_field winners[INPUT_FIELD_COUNT]; /* key and raw value per field */
    unsigned ranks[INPUT_FIELD_COUNT];
};

/* --- values of several shapes -------------------------------------------------------------- */

/* Positions the reader on a raw value that was validated before. */
static void reread(struct decoder *decoder, desk_slice raw)
{
    decoder->reader.p = raw.data;
    decoder->reader.depth = 0;
    decoder->reader.is_first = false;
}

static bool read_text_or_number(struct decoder *decoder, const char *what, desk_slice *out)
{
    if (json_peek(&decoder->reader) == JSON_TYPE_NUMBER)
        return json_read_number(&decoder->reader, what, out);
    return json_read_string(&decoder->reader, what, out);
}

/* The string under one of the wanted keys of an object; empty when there is none. */
static bool read_member(struct decoder *decoder, const char *const *wanted, desk_slice *out)
{
    struct json_reader *reader = &decoder->reader;
    desk_slice key;
    if (!json_enter_object(reader))
        return false;
    while (json_next_key(reader, &key)) {
        bool is_wanted = false;
        for (size_t i = 0; wanted[i]; i++)
            is_wanted |= slice_is(key, wanted[i]);
        bool good = is_wanted && out->len == 0 && json_peek(reader) == JSON_TYPE_STRING
                        ? json_read_string(reader, "the value", out)
                        : json_skip(reader, NULL);
        if (!good)
            return false;
    }
    return !json_failed(reader);
}

/* A string, or an object with a name: "X" or {"name": "X"}. */
static bool read_named(struct decoder *decoder, const char *what, desk_slice *out)
{
    static const char *const names[] = {"name", "title", "domain", "url", NULL};
    if (json_peek(&decoder->reader) == JSON_TYPE_OBJECT)
        return read_member(decoder, names, out);
    return json_read_string(&decoder->reader, what, out);
}

static bool out_of_memory(struct decoder *decoder)
{
    return json_fail(&decoder->reader, DESK_EMEMORY, json_offset(&decoder->reader),
                     "the record exceeds the working memory");
}

/* A list of names, or one text that may hold several. */
static bool read_names(struct decoder *decoder, const char *what, struct slice_list *list,
                       desk_slice *single)
{
    struct json_reader *reader = &decoder->reader;
    if (json_peek(reader) != JSON_TYPE_ARRAY)
        return read_named(decoder, what, single);
    if (!json_enter_array(reader))
        return false;
    while (json_next_element(reader)) {
        desk_slice name = {NULL, 0};
        if (json_peek(reader) == JSON_TYPE_NULL ? !json_skip(reader, NULL)
                                                : !read_named(decoder, what, &name))
            return false;
        name = slice_trim(name);
        if (name.len && !article_add_slice(decoder->article->arena, list, name))
            return out_of_memory(decoder);
    }
    return !json_failed(reader);
}

/* Text: a string, or an array of paragraphs. */
static bool read_paragraphs(struct decoder *decoder, const char *what, desk_slice *out)
{
    struct json_reader *reader = &decoder->reader;
    struct slice_list parts = {NULL, 0, 0};
    size_t len = 0;
    if (json_peek(reader) != JSON_TYPE_ARRAY)
        return json_read_string(reader, what, out);
    if (!json_enter_array(reader))
        return false;
    while (json_next_element(reader)) {
        desk_slice part;
        if (!json_read_string(reader, what, &part))
            return false;
        if (!article_add_slice(decoder->article->arena, &parts, part))
            return out_of_memory(decoder);
        len += part.len + 2;
    }
    char *text = arena_alloc(decoder->article->arena, len + 1, 1);
    if (!text)
        return out_of_memory(decoder);
    *out = slice_of(text, 0);
    for (size_t i = 0; i < parts.count; i++) {
        if (i)
            memcpy(text + out->len, "\n\n", 2);
        out->len += i ? 2 : 0;
        if (parts.items[i].len)
            memcpy(text + out->len, parts.items[i].data, parts.items[i].len);
        out->len += parts.items[i].len;
    }
    return !json_failed(reader);
}

/* A date as text, or a number: seconds since the epoch, milliseconds from 1e11 on. */
static bool read_time(struct decoder *decoder, const char *what, desk_slice *text, int64_t *ms)
{
    desk_slice number;
    if (json_peek(&decoder->reader) != JSON_TYPE_NUMBER)
        return json_read_string(&decoder->reader, what, text);
    size_t offset = json_offset(&decoder->reader);
    if (!json_read_number(&decoder->reader, what, &number))
        return false;
    int64_t value = 0;
    size_t i = number.data[0] == '-';
    for (; i < number.len && ascii_is_digit(number.data[i]) && value < INT64_MAX / 100; i++)
        value = value * 10 + (number.data[i] - '0');
    if (i < number.len && number.data[i] != '.')
        return json_fail(&decoder->reader, DESK_ETYPE, offset,
                         "%s must be RFC 3339 text or seconds since 1970, not this number", what);
    value = number.data[0] == '-' ? -value : value;
    *ms = value > 99999999999 || value < -99999999999 ? value : value * 1000;
    return true;
}

/* --- the fields ---------------------------------------------------------------------------- */

static bool read_required(struct decoder *decoder, enum input_field field)
{
    struct desk_article *article = decoder->article;
    const char *what = input_field_name(field);
    switch (field) {
    case INPUT_ID:
        return read_text_or_number(decoder, what, &article->id);
    case INPUT_URL:
        return json_read_string(&decoder->reader, what, &article->url);
    case INPUT_TITLE:
        return json_read_string(&decoder->reader, what, &article->title);
    case INPUT_HTML:
        return json_read_string(&decoder->reader, what, &article->markup);
    case INPUT_TEXT:
        return read_paragraphs(decoder, what, &article->plain);
    case INPUT_AUTHOR:
        return read_names(decoder, what, &article->authors, &article->input_author);
    case INPUT_PUBLISHED_AT:
        return read_time(decoder, what, &article->input_published, &article->input_published_ms);
    case INPUT_UPDATED_AT:
        return read_time(decoder, what, &article->input_updated, &article->input_updated_ms);
    case INPUT_CRAWLED_AT:
        return read_time(decoder, what, &article->input_crawled, &article->input_crawled_ms);
    case INPUT_SOURCE:
        return read_named(decoder, what, &article->input_source);
    default:
        return json_read_string(&decoder->reader, what, &article->input_language);
    }
}

/* Keywords as one text: separated by commas or semicolons. */
static bool split_keywords(struct decoder *decoder, desk_slice text)
{
    for (size_t from = 0; from <= text.len;) {
        size_t to = from;
        while (to < text.len && text.data[to] != ',' && text.data[to] != ';')
            to++;
        desk_slice word = slice_trim(slice_sub(text, from, to));
        if (word.len &&
            !article_add_slice(decoder->article->arena, &decoder->article->keywords, word))
            return out_of_memory(decoder);
        from = to + 1;
    }
    return true;
}

static bool is_list_of_strings(struct decoder *decoder, desk_slice raw)
{
    struct json_reader *reader = &decoder->reader;
    bool all = json_enter_array(reader);
    while (all && json_next_element(reader))
        all = json_peek(reader) == JSON_TYPE_STRING && json_skip(reader, NULL);
    reread(decoder, raw);
    return all;
}

/* Sets *used to false when the value has no usable shape. */
static bool read_optional(struct decoder *decoder, enum input_field field, desk_slice raw,
                          bool *used)
{
    struct desk_article *article = decoder->article;
    enum json_type type = json_peek(&decoder->reader);
    desk_slice text = {NULL, 0};
    if (field == INPUT_KEYWORDS && type == JSON_TYPE_ARRAY && is_list_of_strings(decoder, raw))
        return read_names(decoder, "keywords", &article->keywords, &text);
    if (field == INPUT_IMAGE && type == JSON_TYPE_OBJECT) {
        static const char *const names[] = {"url", "src", NULL};
        bool good = read_member(decoder, names, &article->image);
        *used = article->image.len > 0;
        return good;
    }
    if (type != JSON_TYPE_STRING) {
        *used = false;
        return true;
    }
    if (!json_read_string(&decoder->reader, input_field_name(field), &text))
        return false;
    switch (field) {
    case INPUT_KEYWORDS:
        return split_keywords(decoder, text);
    case INPUT_CANONICAL_URL:
        article->canonical_url = text;
        return true;
    case INPUT_DESCRIPTION:
        article->description = text;
        return true;
    case INPUT_IMAGE:
        article->image = text;
        return true;
    default:
        article->section = text;
        return true;
    }
}

static bool is_optional(enum input_field field)
{
    return field == INPUT_CANONICAL_URL || field == INPUT_DESCRIPTION || field == INPUT_IMAGE ||
           field == INPUT_SECTION || field == INPUT_KEYWORDS;
}

static bool add_extra(struct decoder *decoder, struct extra_field field)
{
    struct extra_field *slot = article_add_extra(decoder->article);
    if (!slot)
        return out_of_memory(decoder);
    *slot = field;
    return true;
}

static bool read_winners(struct decoder *decoder)
{
    for (int field = 0; field < INPUT_FIELD_COUNT; field++) {
        struct extra_field *winner = &decoder->winners[field];
        bool used = true;
        if (!winner->key_json.data || slice_is(winner->value_json, "null"))
            continue;
        reread(decoder, winner->value_json);
        bool good = is_optional((enum input_field)field)
                        ? read_optional(decoder, (enum input_field)field, winner->value_json, &used)
                        : read_required(decoder, (enum input_field)field);
        if (!good || (!used && !add_extra(decoder, *winner)))
            return false;
    }
    return true;
}

/* --- the object ---------------------------------------------------------------------------- */

/* Decides between a field seen before and this one; the loser goes to extra. */
static bool take(struct decoder *decoder, const struct field_name *known, struct extra_field field)
{
    struct extra_field *winner = &decoder->winners[known->field];
    struct extra_field loser = field;
    if (!winner->key_json.data || slice_is(winner->value_json, "null") ||
        (known->rank < decoder->ranks[known->field] && !slice_is(field.value_json, "null"))) {
        loser = *winner;
        *winner = field;
        decoder->ranks[known->field] = known->rank;
    }
    return !loser.key_json.data || add_extra(decoder, loser);
}

/* The key as it stands in the input, with its quotes. `colon` is just behind its colon. A quote
 * inside a key always follows a backslash, the opening one never does. */
static desk_slice raw_key(const char *colon)
{
    const char *close = colon;
    while (*--close != '"') {}
    const char *open = close - 1;
    while (*open != '"' || open[-1] == '\\')
        open--;
    return slice_of(open, (size_t)(close + 1 - open));
}

static bool read_object(struct decoder *decoder)
{
    struct json_reader *reader = &decoder->reader;
    struct json_keys keys = {NULL, 0, 0};
    desk_slice key;
    if (!json_enter_object(reader))
        return false;
    while (json_next_key(reader, &key)) {
        struct extra_field field = {raw_key(reader->p), {NULL, 0}};
        size_t offset = (size_t)(field.key_json.data - reader->start);
        if (!json_keys_add(reader, &keys, key, offset) || !json_skip(reader, &field.value_json))
            return false;
        const struct field_name *known = field_map_find(decoder->map, key);
        if (known ? !take(decoder, known, field) : !add_extra(decoder, field))
            return false;
    }
    return !json_failed(reader) && json_keys_check(reader, &keys, 0) && json_at_end(reader);
}

desk_status decode_json(struct desk_article *article, const struct field_map *map, desk_slice input,
                        desk_error *err)
{
    struct decoder decoder = {.article = article, .map = map};
    json_reader_init(&decoder.reader, article->arena, input, article->limits.json_depth_max, err);
    article->input_published_ms = article->input_updated_ms = article->input_crawled_ms =
        DESK_NO_TIME;
    if (read_object(&decoder))
        read_winners(&decoder);
    return decoder.reader.status;
}
