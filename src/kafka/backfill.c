/* Bounds of a backfill, and when it is done. */
#include "kafka/backfill.h"

#include <string.h>

#include "kafka/lane_parts.h"

enum { REQUEST_MS = 10000, ASK_EACH_MS = 1000 };

static bool find_bounds(struct backfill *backfill, int64_t from_ms, int64_t until_ms,
                        char error[CLIENT_ERROR_SIZE])
{
    struct reader *reader = &backfill->reader;
    if (from_ms != BACKFILL_EARLIEST && !reader_limit_by_time(reader, from_ms, false, error))
        return false;
    if (until_ms != BACKFILL_END && !reader_limit_by_time(reader, until_ms, true, error))
        return false;
    for (size_t i = 0; i < reader->count; i++)
        if (reader->parts[i].to < reader->parts[i].from)
            reader->parts[i].to = reader->parts[i].from;
    return true;
}

bool backfill_open(struct backfill *backfill, const struct config *config, int64_t from_ms,
                   int64_t until_ms, char error[CLIENT_ERROR_SIZE])
{
    *backfill = (struct backfill){.group = config->input_group};
    if (!reader_open(&backfill->reader, config, CLIENT_READER, error))
        return false;
    backfill->answers = rd_kafka_queue_new(backfill->reader.client);
    for (size_t i = 0; i < config->input_topics.count; i++)
        if (!reader_add_matching(&backfill->reader, config->input_topics.items[i], error))
            return false;
    return find_bounds(backfill, from_ms, until_ms, error);
}

void backfill_close(struct backfill *backfill)
{
    if (backfill->answers)
        rd_kafka_queue_destroy(backfill->answers);
    reader_close(&backfill->reader);
}

const struct reader_part *backfill_find(const struct backfill *backfill, const char *topic,
                                        int32_t partition)
{
    for (size_t i = 0; i < backfill->reader.count; i++) {
        const struct reader_part *part = &backfill->reader.parts[i];
        if (part->partition == partition && !strcmp(part->topic, topic))
            return part;
    }
    return NULL;
}

static void ask(struct backfill *backfill)
{
    char reason[CLIENT_ERROR_SIZE];
    const struct reader *reader = &backfill->reader;
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(reader->client, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)reader->count);
    for (size_t i = 0; i < reader->count; i++)
        rd_kafka_topic_partition_list_add(list, reader->parts[i].topic, reader->parts[i].partition);
    rd_kafka_ListConsumerGroupOffsets_t *question =
        rd_kafka_ListConsumerGroupOffsets_new(backfill->group, list);
    rd_kafka_AdminOptions_set_request_timeout(options, REQUEST_MS, reason, sizeof reason);
    /* The markers of a transaction may still be under way. Brokers without transactions do not know
     * the question. */
    rd_kafka_error_t *error = rd_kafka_AdminOptions_set_require_stable_offsets(
        options, reader->config->delivery == DELIVERY_EXACTLY_ONCE);
    if (error)
        rd_kafka_error_destroy(error);
    rd_kafka_ListConsumerGroupOffsets(reader->client, &question, 1, options, backfill->answers);
    rd_kafka_ListConsumerGroupOffsets_destroy(question);
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_AdminOptions_destroy(options);
    backfill->is_asked = true;
    backfill->asked_ms = lane_now_ms();
}

static enum backfill_state judge_offsets(const struct backfill *backfill,
                                         const rd_kafka_topic_partition_list_t *list)
{
    for (int i = 0; i < list->cnt; i++) {
        const rd_kafka_topic_partition_t *place = &list->elems[i];
        const struct reader_part *part = backfill_find(backfill, place->topic, place->partition);
        if (place->err)
            return BACKFILL_UNKNOWN;
        if (part && place->offset < part->to)
            return BACKFILL_OPEN;
    }
    return BACKFILL_DONE;
}

/* Takes the event. */
static enum backfill_state judge_answer(const struct backfill *backfill, rd_kafka_event_t *event)
{
    size_t count = 0;
    enum backfill_state state = BACKFILL_UNKNOWN;
    const rd_kafka_ListConsumerGroupOffsets_result_t *result =
        rd_kafka_event_error(event) ? NULL : rd_kafka_event_ListConsumerGroupOffsets_result(event);
    const rd_kafka_group_result_t **groups =
        result ? rd_kafka_ListConsumerGroupOffsets_result_groups(result, &count) : NULL;
    if (count == 1 && !rd_kafka_group_result_error(groups[0]))
        state = judge_offsets(backfill, rd_kafka_group_result_partitions(groups[0]));
    rd_kafka_event_destroy(event);
    return state;
}

enum backfill_state backfill_look(struct backfill *backfill)
{
    if (!backfill->reader.count)
        return BACKFILL_DONE;
    rd_kafka_event_t *event = rd_kafka_queue_poll(backfill->answers, 0);
    if (event) {
        backfill->is_asked = false;
        return judge_answer(backfill, event);
    }
    if (!backfill->is_asked &&
        (!backfill->asked_ms || lane_now_ms() - backfill->asked_ms >= ASK_EACH_MS))
        ask(backfill);
    return BACKFILL_UNKNOWN;
}
