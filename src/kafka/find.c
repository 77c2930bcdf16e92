/* Searching topics for one record. */
#include "kafka/find.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- raw ----------------------------------------------------------------------------------- */

enum { RAW_POLL_MS = 100, RAW_PATIENCE = 300 };

static void say_missing(const struct reader_part *part, const struct coordinates *raw,
                        char error[CLIENT_ERROR_SIZE])
{
    char name[COORDINATES_SIZE];
    coordinates_print(raw->topic, raw->partition, raw->offset, name);
    if (raw->offset < part->low)
        snprintf(error, CLIENT_ERROR_SIZE,
                 "%s is gone: the partition starts at offset %" PRId64 " (retention)", name,
                 part->low);
    else if (raw->offset >= part->high)
        snprintf(error, CLIENT_ERROR_SIZE, "%s is not there yet: the partition ends at %" PRId64,
                 name, part->high);
    else
        snprintf(error, CLIENT_ERROR_SIZE,
                 "%s holds no committed record: a transaction marker, aborted, or compacted away",
                 name);
}

rd_kafka_message_t *find_raw_record(struct reader *reader, const struct coordinates *raw,
                                    char error[CLIENT_ERROR_SIZE])
{
    if (!reader_add_partition(reader, raw->topic, raw->partition, error))
        return NULL;
    const struct reader_part *part = &reader->parts[reader->count - 1];
    if (raw->offset < part->low || raw->offset >= part->high) {
        say_missing(part, raw, error);
        return NULL;
    }
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, raw->topic, raw->partition)->offset = raw->offset;
    rd_kafka_assign(reader->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    for (unsigned tries = 0; tries < RAW_PATIENCE; tries++) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(reader->client, RAW_POLL_MS);
        if (message && !message->err && message->offset == raw->offset)
            return message;
        bool is_past = message && (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF ||
                                   (!message->err && message->offset > raw->offset));
        if (message)
            rd_kafka_message_destroy(message);
        if (is_past) {
            say_missing(part, raw, error);
            return NULL;
        }
    }
    snprintf(error, CLIENT_ERROR_SIZE, "no broker answers (%s)", reader->reason);
    return NULL;
}

/* --- published ----------------------------------------------------------------------------- */

struct search {
    struct reader *reader;
    const struct config *config;
    struct coordinates raw;
    struct published *out;
};

static void copy_header(const rd_kafka_message_t *message, const char *name, char *out, size_t size)
{
    rd_kafka_headers_t *headers = NULL;
    const void *value = NULL;
    size_t len = 0;
    out[0] = '\0';
    if (!rd_kafka_message_headers(message, &headers) &&
        !rd_kafka_header_get_last(headers, name, &value, &len) && value)
        snprintf(out, size, "%.*s", (int)len, (const char *)value);
}

static void keep(struct search *search, const rd_kafka_message_t *message, bool is_rejected)
{
    struct published *out = search->out;
    out->is_found = true;
    out->is_rejected = is_rejected;
    out->is_null = !message->payload;
    snprintf(out->at.topic, sizeof out->at.topic, "%s", rd_kafka_topic_name(message->rkt));
    out->at.partition = message->partition;
    out->at.offset = message->offset;
    out->value = malloc(message->len + 1);
    out->value_len = out->value ? message->len : 0;
    if (out->value && message->len)
        memcpy(out->value, message->payload, message->len);
    copy_header(message, "copydesk.error.code", out->code, sizeof out->code);
    copy_header(message, "copydesk.error.version", out->version, sizeof out->version);
    copy_header(message, "copydesk.rulebook", out->rulebook, sizeof out->rulebook);
}

static enum reader_next compare(void *context, size_t part, const rd_kafka_message_t *message)
{
    struct search *search = context;
    struct coordinates raw;
    bool is_rejected =
        config_list_has(&search->config->targets_rejected, search->reader->parts[part].topic);
    bool is_skipped = is_rejected && coordinates_of_skipped(message, &raw);
    if (!(is_skipped ||
          (is_rejected ? coordinates_of_rejected : coordinates_of_enriched)(message, &raw)) ||
        raw.offset != search->raw.offset || raw.partition != search->raw.partition ||
        strcmp(raw.topic, search->raw.topic))
        return READER_GO_ON;
    keep(search, message, is_rejected && !is_skipped);
    search->out->is_skipped = is_skipped;
    return READER_STOP;
}

static bool add_targets(struct reader *reader, const struct config *config,
                        char error[CLIENT_ERROR_SIZE])
{
    const struct config_list *lists[] = {&config->targets_enriched, &config->targets_rejected};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (size_t j = 0; j < lists[i]->count; j++)
            if (!reader_add_topic(reader, lists[i]->items[j], error))
                return false;
    return true;
}

/* ms < 0: all there is. */
static bool search_from(struct search *search, int64_t ms, char error[CLIENT_ERROR_SIZE])
{
    struct reader reader = {.client = NULL};
    search->reader = &reader;
    bool good = reader_open(&reader, search->config, CLIENT_READER, error) &&
                add_targets(&reader, search->config, error) &&
                (ms < 0 || reader_limit_by_time(&reader, ms, false, error)) &&
                reader_run(&reader, compare, NULL, search, error);
    reader_close(&reader);
    return good;
}

bool find_published(const struct config *config, const rd_kafka_message_t *raw,
                    struct published *out, char error[CLIENT_ERROR_SIZE])
{
    rd_kafka_timestamp_type_t type;
    int64_t ms = rd_kafka_message_timestamp(raw, &type);
    struct search search = {.config = config, .out = out};
    *out = (struct published){.is_found = false};
    snprintf(search.raw.topic, sizeof search.raw.topic, "%s", rd_kafka_topic_name(raw->rkt));
    search.raw.partition = raw->partition;
    search.raw.offset = raw->offset;
    if (type != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE && !search_from(&search, ms, error))
        return false;
    return out->is_found || search_from(&search, -1, error);
}

void published_free(struct published *published)
{
    free(published->value);
    published->value = NULL;
}
