/* What an audit looks at: raw partitions up to the group's commits, the topics outcomes go to. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kafka/audit_parts.h"
#include "kafka/topics.h"

enum { REQUEST_MS = 20000 };

/* --- cleanup.policy ------------------------------------------------------------------------ */

static bool has_compact(struct audit *audit, const char *topic, rd_kafka_event_t *event)
{
    const rd_kafka_DescribeConfigs_result_t *result =
        event ? rd_kafka_event_DescribeConfigs_result(event) : NULL;
    size_t count = 0, entries = 0;
    const rd_kafka_ConfigResource_t **resources =
        result ? rd_kafka_DescribeConfigs_result_resources(result, &count) : NULL;
    if (!count || rd_kafka_ConfigResource_error(resources[0])) {
        char resource[TOPIC_SIZE + 120];
        snprintf(resource, sizeof resource,
                 "topic %s, else what compaction took away counts as lost", topic);
        if (count && refusal_is(rd_kafka_ConfigResource_error(resources[0])))
            refusal_name(audit->config, "DESCRIBE_CONFIGS", resource, audit->warning);
        return false;
    }
    const rd_kafka_ConfigEntry_t **list = rd_kafka_ConfigResource_configs(resources[0], &entries);
    for (size_t i = 0; i < entries; i++)
        if (!strcmp(rd_kafka_ConfigEntry_name(list[i]), "cleanup.policy")) {
            const char *value = rd_kafka_ConfigEntry_value(list[i]);
            return value && strstr(value, "compact");
        }
    return false;
}

/* Without the right to describe configurations a topic counts as not compacted: then what is
 * missing is called lost, which is the safe side; a warning says so. */
bool audit_is_compacted(struct audit *audit, rd_kafka_t *client, const char *topic)
{
    rd_kafka_ConfigResource_t *resource =
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_DescribeConfigs(client, &resource, 1, NULL, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, REQUEST_MS);
    bool is_compacted = has_compact(audit, topic, event);
    if (event)
        rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_ConfigResource_destroy(resource);
    return is_compacted;
}

/* --- raw side ------------------------------------------------------------------------------ */

/* The group's committed offsets bound the stretches: what lies behind them is not due yet. */
static bool limit_to_commits(struct audit *audit, char error[CLIENT_ERROR_SIZE])
{
    struct reader *raw = &audit->raw;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)raw->count);
    for (size_t i = 0; i < raw->count; i++)
        rd_kafka_topic_partition_list_add(list, raw->parts[i].topic, raw->parts[i].partition);
    rd_kafka_resp_err_t err = rd_kafka_committed(raw->client, list, REQUEST_MS);
    for (int i = 0; i < list->cnt && !err; i++) {
        struct reader_part *part = &raw->parts[i];
        int64_t committed = list->elems[i].offset;
        err = list->elems[i].err;
        if (committed < 0)
            part->to = part->from; /* the group has committed nothing here */
        else if (committed < part->to)
            part->to = committed;
    }
    rd_kafka_topic_partition_list_destroy(list);
    if (refusal_is(err)) {
        struct refusal refusal = {err, NULL, NULL};
        refusal_explain(audit->config, &refusal, error);
    } else if (err) {
        snprintf(error, CLIENT_ERROR_SIZE, "committed offsets of group %s: %s",
                 audit->options.group, rd_kafka_err2str(err));
    }
    return !err;
}

static bool make_parts(struct audit *audit, char error[CLIENT_ERROR_SIZE])
{
    struct reader *raw = &audit->raw;
    audit->parts = calloc(raw->count + 1, sizeof *audit->parts);
    for (size_t i = 0; audit->parts && i < raw->count; i++) {
        struct audit_part *part = &audit->parts[i];
        const struct reader_part *from = &raw->parts[i];
        snprintf(part->topic, sizeof part->topic, "%s", from->topic);
        part->partition = from->partition;
        part->from = from->from;
        part->to = from->to > from->from ? from->to : from->from;
        part->is_compacted = i && !strcmp(part->topic, audit->parts[i - 1].topic)
                                 ? audit->parts[i - 1].is_compacted
                                 : audit_is_compacted(audit, raw->client, part->topic);
        part->marks = calloc((size_t)(part->to - part->from) + 1, 1);
        if (!part->marks)
            break;
        if (i + 1 == raw->count)
            return true;
    }
    snprintf(error, CLIENT_ERROR_SIZE,
             raw->count ? "out of memory: a byte is needed for each offset; narrow the audit with "
                          "--since and --until"
                        : "there is no partition to audit");
    return false;
}

static bool open_raw(struct audit *audit, char error[CLIENT_ERROR_SIZE])
{
    const struct config_list *topics = &audit->config->input_topics;
    struct reader *raw = &audit->raw;
    if (!reader_open(raw, audit->config, CLIENT_READER, error))
        return false;
    for (size_t i = 0; i < topics->count; i++)
        if (!reader_add_matching(raw, topics->items[i], error))
            return false;
    if (audit->options.since_ms != DESK_NO_TIME &&
        !reader_limit_by_time(raw, audit->options.since_ms, false, error))
        return false;
    if (audit->options.until_ms != DESK_NO_TIME &&
        !reader_limit_by_time(raw, audit->options.until_ms, true, error))
        return false;
    return limit_to_commits(audit, error) && make_parts(audit, error);
}

/* --- published side ------------------------------------------------------------------------ */

static bool add_target(struct audit *audit, const char *topic, bool is_rejected,
                       char error[CLIENT_ERROR_SIZE])
{
    struct audit_target *target = &audit->targets[audit->targets_count];
    snprintf(target->topic, sizeof target->topic, "%s", topic);
    target->is_rejected = is_rejected;
    if (!reader_add_topic(&audit->published, topic, error))
        return false;
    target->is_compacted = audit_is_compacted(audit, audit->published.client, topic);
    audit->has_compacted |= target->is_compacted;
    audit->is_rekeyed |=
        target->is_compacted && !is_rejected && audit->config->output_key != KEY_KEEP;
    audit->targets_count++;
    return true;
}

/* After the raw side: a published record of a later raw record is none of the audit's. */
static bool open_published(struct audit *audit, char error[CLIENT_ERROR_SIZE])
{
    const struct config *config = audit->config;
    const struct config_list *enriched = &config->targets_enriched,
                             *rejected = &config->targets_rejected;
    audit->targets = calloc(enriched->count + rejected->count, sizeof *audit->targets);
    if (!audit->targets || !reader_open(&audit->published, config, CLIENT_READER, error))
        return false;
    for (size_t i = 0; i < enriched->count; i++)
        if (!add_target(audit, enriched->items[i], false, error))
            return false;
    for (size_t i = 0; i < rejected->count; i++)
        if (!add_target(audit, rejected->items[i], true, error))
            return false;
    audit->is_begun = calloc(audit->published.count + 1, sizeof *audit->is_begun);
    size_t cells = audit->published.count * audit->raw.count;
    audit->last = malloc((cells + 1) * sizeof *audit->last);
    for (size_t i = 0; audit->last && i < cells; i++)
        audit->last[i] = -1;
    if (!audit->last || !audit->is_begun) {
        snprintf(error, CLIENT_ERROR_SIZE, "out of memory");
        return false;
    }
    return true;
}

/* Raw records that came and were published between the two looks are none of the audit's, and no
 * fault. */
static bool find_ends(struct audit *audit, char error[CLIENT_ERROR_SIZE])
{
    for (size_t i = 0; i < audit->raw.count; i++) {
        struct audit_part *part = &audit->parts[i];
        int64_t low;
        rd_kafka_resp_err_t err = rd_kafka_query_watermark_offsets(
            audit->raw.client, part->topic, part->partition, &low, &part->end, REQUEST_MS);
        if (err) {
            snprintf(error, CLIENT_ERROR_SIZE, "offsets of %s [%" PRId32 "]: %s", part->topic,
                     part->partition, rd_kafka_err2str(err));
            return false;
        }
    }
    return true;
}

bool audit_open(struct audit *audit, const struct config *config,
                const struct audit_options *options, char error[CLIENT_ERROR_SIZE])
{
    *audit = (struct audit){.config = config, .options = *options, .trimmed_ms = DESK_NO_TIME};
    if (!audit->options.group)
        audit->options.group = config->input_group;
    if (!open_raw(audit, error) || !open_published(audit, error) || !find_ends(audit, error))
        return false;
    audit->total = reader_total(&audit->raw) + reader_total(&audit->published);
    return true;
}

void audit_close(struct audit *audit)
{
    for (size_t i = 0; audit->parts && i < audit->raw.count; i++)
        free(audit->parts[i].marks);
    free(audit->parts);
    free(audit->targets);
    free(audit->last);
    free(audit->is_begun);
    free(audit->keys);
    free(audit->doubts);
    free(audit->faults);
    reader_close(&audit->raw);
    reader_close(&audit->published);
}
