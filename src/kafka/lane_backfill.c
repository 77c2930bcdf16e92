/* A lane inside a backfill: where a partition starts, and what happens at its bound. */
#include "kafka/backfill.h"

#include "kafka/lane_parts.h"

enum { COMMITTED_MS = 10000 };

/* Whether a partition is fetched. A pause outlives the assignment it was made in. */
static void set_fetching(struct lane *lane, const char *topic, int32_t partition, bool is_fetched)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, partition);
    (is_fetched ? rd_kafka_resume_partitions : rd_kafka_pause_partitions)(lane->consumer, list);
    rd_kafka_topic_partition_list_destroy(list);
}

/* Commits the bound with the open transaction, as markers may stand between the last record and it,
 * and fetches no more of the partition. */
static void finish(struct lane *lane, const struct reader_part *stretch, int64_t position)
{
    struct part *part = parts_get(&lane->parts, stretch->topic, stretch->partition);
    if (!part || !transaction_open(lane))
        return;
    if (part->first_offset < 0)
        part->first_offset = part->next_offset >= 0 ? part->next_offset : position;
    if (part->next_offset < stretch->to)
        part->next_offset = stretch->to;
    set_fetching(lane, stretch->topic, stretch->partition, false);
}

bool backfill_place(struct lane *lane, rd_kafka_topic_partition_list_t *list)
{
    const struct backfill *backfill = lane->shared->backfill;
    if (!backfill)
        return true;
    if (rd_kafka_committed(lane->consumer, list, COMMITTED_MS))
        return false;
    for (int i = 0; i < list->cnt; i++) {
        rd_kafka_topic_partition_t *place = &list->elems[i];
        const struct reader_part *stretch = backfill_find(backfill, place->topic, place->partition);
        if (place->err)
            return false; /* unknown is not "nothing committed": that would read all again */
        if (place->offset < 0)
            place->offset = stretch ? stretch->from : RD_KAFKA_OFFSET_END;
    }
    return true;
}

void backfill_placed(struct lane *lane, const rd_kafka_topic_partition_list_t *list)
{
    const struct backfill *backfill = lane->shared->backfill;
    for (int i = 0; backfill && i < list->cnt; i++) {
        const rd_kafka_topic_partition_t *place = &list->elems[i];
        const struct reader_part *stretch = backfill_find(backfill, place->topic, place->partition);
        if (!stretch || place->offset > stretch->to)
            set_fetching(lane, place->topic, place->partition, false);
        else if (place->offset == stretch->to)
            finish(lane, stretch, place->offset);
        else
            set_fetching(lane, place->topic, place->partition, true);
    }
}

void backfill_reached(struct lane *lane, const rd_kafka_message_t *message)
{
    const struct backfill *backfill = lane->shared->backfill;
    const struct reader_part *stretch =
        backfill && message->rkt
            ? backfill_find(backfill, rd_kafka_topic_name(message->rkt), message->partition)
            : NULL;
    if (stretch && message->offset >= stretch->to)
        finish(lane, stretch, stretch->from);
}

bool backfill_excludes(const struct lane *lane, const rd_kafka_message_t *message)
{
    const struct backfill *backfill = lane->shared->backfill;
    if (!backfill)
        return false;
    const struct reader_part *stretch =
        backfill_find(backfill, rd_kafka_topic_name(message->rkt), message->partition);
    return !stretch || message->offset >= stretch->to;
}
