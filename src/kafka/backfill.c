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
    for (size_t i = 0; i < config->input_topics.count; i++)
        if (!reader_add_matching(&backfill->reader, config->input_topics.items[i], error))
            return false;
    return find_bounds(backfill, from_ms, until_ms, error);
}

void backfill_close(struct backfill *backfill)
{
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

bool backfill_is_done(struct backfill *backfill)
{
    const struct reader *reader = &backfill->reader;
    if (backfill->asked_ms && lane_now_ms() - backfill->asked_ms < ASK_EACH_MS)
        return false;
    backfill->asked_ms = lane_now_ms();
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)reader->count);
    for (size_t i = 0; i < reader->count; i++)
        rd_kafka_topic_partition_list_add(list, reader->parts[i].topic, reader->parts[i].partition);
    bool is_done = !rd_kafka_committed(reader->client, list, REQUEST_MS);
    for (int i = 0; i < list->cnt && is_done; i++)
        is_done = !list->elems[i].err && list->elems[i].offset >= reader->parts[i].to;
    rd_kafka_topic_partition_list_destroy(list);
    return is_done;
}
