/* Printing, parsing and finding coordinates. */
#include "kafka/coordinates.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/slice.h"

size_t coordinates_print(const char *topic, int32_t partition, int64_t offset,
                         char out[COORDINATES_SIZE])
{
    int len =
        snprintf(out, COORDINATES_SIZE, "%.249s/%" PRId32 "/%" PRId64, topic, partition, offset);
    return len < 0 ? 0 : (size_t)len;
}

/* Digits only, up to `max`. */
static bool parse_number(const char *text, size_t len, int64_t max, int64_t *out)
{
    int64_t number = 0;
    if (!len)
        return false;
    for (size_t i = 0; i < len; i++) {
        int digit = text[i] - '0';
        if (digit < 0 || digit > 9 || number > (max - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *out = number;
    return true;
}

static bool set_topic(struct coordinates *out, const char *text, size_t len)
{
    if (!len || len >= sizeof out->topic)
        return false;
    for (size_t i = 0; i < len; i++)
        if (!ascii_is_alpha(text[i]) && !ascii_is_digit(text[i]) && !strchr("._-", text[i]))
            return false;
    memcpy(out->topic, text, len);
    out->topic[len] = '\0';
    return true;
}

bool coordinates_parse(const char *text, size_t len, struct coordinates *out)
{
    size_t second = len, first;
    int64_t partition;
    while (second && text[second - 1] != '/')
        second--;
    if (!second)
        return false;
    for (first = second - 1; first && text[first - 1] != '/';)
        first--;
    if (!first || !set_topic(out, text, first - 1) ||
        !parse_number(text + first, second - 1 - first, INT32_MAX, &partition) ||
        !parse_number(text + second, len - second, INT64_MAX, &out->offset))
        return false;
    out->partition = (int32_t)partition;
    return true;
}

/* The last header of the name, as text. */
static bool find_header(const rd_kafka_headers_t *headers, const char *name, desk_slice *out)
{
    const void *value = NULL;
    size_t len = 0;
    if (rd_kafka_header_get_last(headers, name, &value, &len) || !value)
        return false;
    *out = slice_of(value, len);
    return true;
}

bool coordinates_of_rejected(const rd_kafka_message_t *message, struct coordinates *out)
{
    rd_kafka_headers_t *headers = NULL;
    desk_slice topic, partition, offset;
    int64_t number;
    if (rd_kafka_message_headers(message, &headers) ||
        !find_header(headers, "copydesk.error.topic", &topic) ||
        !find_header(headers, "copydesk.error.partition", &partition) ||
        !find_header(headers, "copydesk.error.offset", &offset) ||
        !set_topic(out, topic.data, topic.len) ||
        !parse_number(partition.data, partition.len, INT32_MAX, &number) ||
        !parse_number(offset.data, offset.len, INT64_MAX, &out->offset))
        return false;
    out->partition = (int32_t)number;
    return true;
}

bool coordinates_of_skipped(const rd_kafka_message_t *message, struct coordinates *out)
{
    rd_kafka_headers_t *headers = NULL;
    desk_slice reason, text;
    return !rd_kafka_message_headers(message, &headers) &&
           find_header(headers, "copydesk.skipped.reason", &reason) &&
           find_header(headers, "copydesk.provenance", &text) &&
           coordinates_parse(text.data, text.len, out);
}

/* The value of "key": in the text, up to the next comma, brace or quote. */
static desk_slice json_member(desk_slice json, const char *key)
{
    size_t at = slice_find(json, slice_from_cstr(key), 0);
    if (at == DESK_SLICE_NONE)
        return slice_of(NULL, 0);
    size_t from = at + strlen(key), end = from;
    while (end < json.len && !memchr(",}\"", json.data[end], 3))
        end++;
    return slice_sub(json, from, end);
}

/* The record ends with provenance and perhaps extra; a person's text cannot hold an unescaped
 * quote, so the last match is the record's own unless `extra` repeats the word, which is why the
 * header comes first. */
bool coordinates_of_value(desk_slice json, struct coordinates *out)
{
    desk_slice key = slice_from_cstr("\"provenance\":{\"version\""), rest = {NULL, 0};
    int64_t number;
    for (size_t at = slice_find(json, key, 0); at != DESK_SLICE_NONE && !rest.len;
         at = slice_find(json, key, at + 1))
        rest = slice_sub(json, at, json.len);
    desk_slice topic = json_member(rest, "\"topic\":\""),
               partition = json_member(rest, "\"partition\":"),
               offset = json_member(rest, "\"offset\":");
    if (!set_topic(out, topic.data, topic.len) ||
        !parse_number(partition.data, partition.len, INT32_MAX, &number) ||
        !parse_number(offset.data, offset.len, INT64_MAX, &out->offset))
        return false;
    out->partition = (int32_t)number;
    return true;
}

bool coordinates_of_enriched(const rd_kafka_message_t *message, struct coordinates *out)
{
    rd_kafka_headers_t *headers = NULL;
    desk_slice text;
    if (!rd_kafka_message_headers(message, &headers) &&
        find_header(headers, "copydesk.provenance", &text) &&
        coordinates_parse(text.data, text.len, out))
        return true;
    return message->payload && coordinates_of_value(slice_of(message->payload, message->len), out);
}
