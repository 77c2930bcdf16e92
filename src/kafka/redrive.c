/* Planning: what is rejected and not yet back. */
#include "kafka/redrive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kafka/redrive_filter.h"
#include "kafka/redrive_parts.h"

enum { INIT_MS = 60000 };

static bool open_producer(struct redrive *redrive, char error[CLIENT_ERROR_SIZE])
{
    char id[320];
    struct client_options options = {.config = redrive->config,
                                     .transactional_id = id,
                                     .opaque = redrive,
                                     .on_delivery = redrive_delivered};
    snprintf(id, sizeof id, "%.250s-redrive", redrive->config->input_group);
    redrive->producer = client_new(CLIENT_PRODUCER, &options, error);
    if (!redrive->producer)
        return false;
    return client_judge(redrive->config, rd_kafka_init_transactions(redrive->producer, INIT_MS),
                        error) == VERDICT_OK;
}

bool redrive_open(struct redrive *redrive, const struct config *config,
                  const struct redrive_options *options, char error[CLIENT_ERROR_SIZE])
{
    *redrive = (struct redrive){.config = config, .options = *options};
    if (!redrive->options.from)
        redrive->options.from = config->rejected_topic;
    if (!config_list_has(&config->targets_rejected, redrive->options.from)) {
        snprintf(error, CLIENT_ERROR_SIZE,
                 "%.250s is no topic of rejected records in this configuration: neither "
                 "rejected.topic nor one of routes",
                 redrive->options.from);
        return false;
    }
    if (options->is_execute && !open_producer(redrive, error))
        return false;
    if (!reader_open(&redrive->rejected, config, CLIENT_READER, error) ||
        !reader_add_topic(&redrive->rejected, redrive->options.from, error) ||
        !reader_open(&redrive->raw, config, CLIENT_READER, error))
        return false;
    for (size_t i = 0; i < config->input_topics.count; i++)
        if (!reader_add_matching(&redrive->raw, config->input_topics.items[i], error))
            return false;
    /* Stretches of the raw topics open only where a candidate stood. */
    for (size_t i = 0; i < redrive->raw.count; i++)
        redrive->raw.parts[i].from = redrive->raw.parts[i].to;
    return true;
}

void redrive_close(struct redrive *redrive)
{
    reader_close(&redrive->rejected);
    reader_close(&redrive->raw);
    if (redrive->producer)
        rd_kafka_destroy(redrive->producer);
    free(redrive->candidates);
}

/* --- candidates ---------------------------------------------------------------------------- */

static bool add_candidate(struct redrive *redrive, const struct redrive_candidate *candidate)
{
    if (redrive->count == redrive->capacity) {
        size_t wanted = redrive->capacity ? 2 * redrive->capacity : 256;
        struct redrive_candidate *grown = realloc(redrive->candidates, wanted * sizeof *grown);
        if (!grown)
            return false;
        redrive->candidates = grown;
        redrive->capacity = wanted;
    }
    redrive->candidates[redrive->count++] = *candidate;
    return true;
}

static size_t find_raw_part(const struct redrive *redrive, const struct coordinates *raw)
{
    size_t i = 0;
    while (i < redrive->raw.count && (redrive->raw.parts[i].partition != raw->partition ||
                                      strcmp(redrive->raw.parts[i].topic, raw->topic)))
        i++;
    return i;
}

/* The copy of a candidate stands in its raw partition, behind the record it was made of. */
static void open_stretch(struct reader_part *part, int64_t offset)
{
    int64_t from = offset + 1 < part->low ? part->low : offset + 1;
    if (from < part->from)
        part->from = from;
}

static enum reader_next take_rejected(void *context, size_t index,
                                      const rd_kafka_message_t *message)
{
    struct redrive *redrive = context;
    struct coordinates raw;
    (void)index;
    redrive->read++;
    if (!coordinates_of_rejected(message, &raw) ||
        find_raw_part(redrive, &raw) == redrive->raw.count) {
        redrive->foreign++; /* of a topic that this configuration does not read */
        return READER_GO_ON;
    }
    if (!redrive_matches(&redrive->options.filter, message, &raw))
        return READER_GO_ON;
    redrive->matched++;
    if (redrive_times(message) >= redrive->options.filter.times_max) {
        redrive->exhausted++;
        return READER_GO_ON;
    }
    size_t part = find_raw_part(redrive, &raw);
    open_stretch(&redrive->raw.parts[part], raw.offset);
    redrive->bytes += (int64_t)message->len;
    struct redrive_candidate candidate = {message->partition, message->offset, (uint32_t)part,
                                          false};
    return add_candidate(redrive, &candidate) ? READER_GO_ON : READER_STOP;
}

static int compare_candidates(const void *a, const void *b)
{
    const struct redrive_candidate *x = a, *y = b;
    if (x->partition != y->partition)
        return x->partition < y->partition ? -1 : 1;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

struct redrive_candidate *redrive_find(struct redrive *redrive, int32_t partition, int64_t offset)
{
    struct redrive_candidate key = {.partition = partition, .offset = offset};
    return redrive->count
               ? bsearch(&key, redrive->candidates, redrive->count, sizeof key, compare_candidates)
               : NULL;
}

/* A raw record that is the copy of a candidate. */
static enum reader_next take_raw(void *context, size_t index, const rd_kafka_message_t *message)
{
    struct redrive *redrive = context;
    rd_kafka_headers_t *headers = NULL;
    const void *value = NULL;
    size_t len = 0;
    struct coordinates of;
    (void)index;
    if (rd_kafka_message_headers(message, &headers) ||
        rd_kafka_header_get_last(headers, "copydesk.redrive.of", &value, &len) || !value ||
        !coordinates_parse(value, len, &of) || strcmp(of.topic, redrive->options.from))
        return READER_GO_ON;
    struct redrive_candidate *candidate = redrive_find(redrive, of.partition, of.offset);
    if (candidate && !candidate->is_done) {
        candidate->is_done = true;
        redrive->done_before++;
    }
    return READER_GO_ON;
}

bool redrive_plan(struct redrive *redrive, char error[CLIENT_ERROR_SIZE])
{
    if (!reader_run(&redrive->rejected, take_rejected, NULL, redrive, error))
        return false;
    if (redrive->matched - redrive->exhausted != redrive->count) {
        snprintf(error, CLIENT_ERROR_SIZE, "out of memory; narrow the redrive with its filters");
        return false;
    }
    if (redrive->count)
        qsort(redrive->candidates, redrive->count, sizeof *redrive->candidates, compare_candidates);
    return reader_run(&redrive->raw, take_raw, NULL, redrive, error);
}
