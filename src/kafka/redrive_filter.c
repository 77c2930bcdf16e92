/* Filters on headers, time and the value's bytes: a rejected record may be no readable JSON. */
#include "kafka/redrive_filter.h"

#include <copydesk/record.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"

static bool header_is(const rd_kafka_headers_t *headers, const char *name, const char *wanted)
{
    const void *value = NULL;
    size_t len = 0;
    if (!wanted)
        return true;
    return headers && !rd_kafka_header_get_last(headers, name, &value, &len) && value &&
           len == strlen(wanted) && !memcmp(value, wanted, len);
}

long long redrive_times(const rd_kafka_message_t *message)
{
    rd_kafka_headers_t *headers = NULL;
    const void *value = NULL;
    size_t len = 0;
    long long times = 0;
    if (rd_kafka_message_headers(message, &headers) ||
        rd_kafka_header_get_last(headers, "copydesk.redrive.count", &value, &len) || !value)
        return 0;
    const char *text = value;
    for (size_t i = 0; i < len && i < 9 && ascii_is_digit(text[i]); i++)
        times = times * 10 + (text[i] - '0');
    return times;
}

static bool is_host_byte(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '-' || c == '.' ||
           (unsigned char)c >= 0x80;
}

bool redrive_names_source(const char *text, size_t len, const char *domain)
{
    desk_slice value = slice_of(text, len), scheme = slice_from_cstr("//");
    size_t wanted = strlen(domain);
    for (size_t at = slice_find(value, scheme, 0); at != DESK_SLICE_NONE;
         at = slice_find(value, scheme, at + 2)) {
        size_t from = at + 2, end = from;
        while (end < len && is_host_byte(text[end]))
            end++;
        desk_slice host = slice_sub(value, from, end);
        if (host.len < wanted || (host.len > wanted && host.data[host.len - wanted - 1] != '.'))
            continue;
        if (slice_equal_nocase(slice_sub(host, host.len - wanted, host.len),
                               slice_of(domain, wanted)))
            return true;
    }
    return false;
}

static bool is_in_time(const struct redrive_filter *filter, const rd_kafka_message_t *message)
{
    rd_kafka_timestamp_type_t type;
    int64_t ms = rd_kafka_message_timestamp(message, &type);
    if (filter->since_ms == DESK_NO_TIME && filter->until_ms == DESK_NO_TIME)
        return true;
    if (type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE)
        return false;
    return (filter->since_ms == DESK_NO_TIME || ms >= filter->since_ms) &&
           (filter->until_ms == DESK_NO_TIME || ms < filter->until_ms);
}

bool redrive_matches(const struct redrive_filter *filter, const rd_kafka_message_t *message,
                     const struct coordinates *raw)
{
    rd_kafka_headers_t *headers = NULL;
    if (rd_kafka_message_headers(message, &headers))
        headers = NULL;
    return header_is(headers, "copydesk.error.code", filter->code) &&
           header_is(headers, "copydesk.error.stage", filter->stage) &&
           (!filter->topic || !strcmp(filter->topic, raw->topic)) && is_in_time(filter, message) &&
           (!filter->source ||
            redrive_names_source(message->payload, message->len, filter->source));
}
