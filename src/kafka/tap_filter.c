/* Comparing headers, and looking into the value last. */
#include "kafka/tap_filter.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/slice.h"

desk_slice tap_header(const rd_kafka_message_t *message, const char *name)
{
    rd_kafka_headers_t *headers = NULL;
    const void *value = NULL;
    size_t len = 0;
    if (rd_kafka_message_headers(message, &headers) ||
        rd_kafka_header_get_last(headers, name, &value, &len) || !value)
        return slice_of(NULL, 0);
    return slice_of(value, len);
}

/* --- subjects ------------------------------------------------------------------------------ */

bool tap_subject_uri(const char *subject, char uri[TAP_URI_SIZE])
{
    bool is_number = *subject && strspn(subject, "0123456789") == strlen(subject);
    if (!is_number && !strchr(subject, ':'))
        return false;
    snprintf(uri, TAP_URI_SIZE, "%s%s", is_number ? "medtop:" : "", subject);
    return true;
}

bool tap_has_subject(desk_slice json, const char *subject)
{
    char uri[TAP_URI_SIZE];
    bool has_uri = tap_subject_uri(subject, uri), is_found = false;
    /* Most records do not name it anywhere, and need no parsing to say so. */
    if (has_uri && slice_find(json, slice_from_cstr(uri), 0) == DESK_SLICE_NONE)
        return false;
    json_t *record = json_loadb(json.data, json.len, JSON_ALLOW_NUL, NULL), *row;
    size_t i;
    json_array_foreach(json_object_get(record, "subjects"), i, row)
    {
        const char *value = json_string_value(json_object_get(row, has_uri ? "uri" : "name"));
        is_found |= value && !(has_uri ? strcmp(value, uri) : strcasecmp(value, subject));
    }
    json_decref(record);
    return is_found;
}

static bool matches_subject(const char *subject, const rd_kafka_message_t *message)
{
    char uri[TAP_URI_SIZE];
    if (tap_subject_uri(subject, uri) && slice_is(tap_header(message, "copydesk.subject"), uri))
        return true;
    return message->payload && tap_has_subject(slice_of(message->payload, message->len), subject);
}

/* --- whole --------------------------------------------------------------------------------- */

/* Letter case does not matter in language tags and domains. */
static bool is_same(desk_slice value, const char *wanted, size_t len)
{
    return value.len >= len && !strncasecmp(value.data, wanted, len);
}

static bool matches_language(const char *language, desk_slice value)
{
    size_t len = strlen(language);
    return is_same(value, language, len) && (value.len == len || value.data[len] == '-');
}

static bool equals(const char *wanted, desk_slice value)
{
    return value.len == strlen(wanted) && is_same(value, wanted, value.len);
}

bool tap_matches(const struct tap_filter *filter, const rd_kafka_message_t *message)
{
    return (!filter->language ||
            matches_language(filter->language, tap_header(message, "copydesk.language"))) &&
           (!filter->source || equals(filter->source, tap_header(message, "copydesk.source"))) &&
           (!filter->code || equals(filter->code, tap_header(message, "copydesk.error.code"))) &&
           (!filter->subject || matches_subject(filter->subject, message));
}
