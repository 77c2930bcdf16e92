/* A short array: a lane holds few partitions. */
#include "kafka/parts.h"

#include <stdlib.h>
#include <string.h>

static bool is_part(const struct part *part, const char *topic, int32_t partition)
{
    return part->partition == partition && strcmp(part->topic, topic) == 0;
}

static struct part *add_part(struct parts *parts, const char *topic, int32_t partition)
{
    if (parts->count == parts->capacity) {
        size_t wanted = parts->capacity ? parts->capacity * 2 : 16;
        struct part *grown = realloc(parts->items, wanted * sizeof *grown);
        if (!grown)
            return NULL;
        parts->items = grown;
        parts->capacity = wanted;
    }
    char *copy = strdup(topic);
    if (!copy)
        return NULL;
    struct part *part = &parts->items[parts->count];
    *part = (struct part){.topic = copy,
                          .partition = partition,
                          .first_offset = -1,
                          .next_offset = -1,
                          .leader_epoch = -1};
    parts->last = parts->count++;
    return part;
}

struct part *parts_get(struct parts *parts, const char *topic, int32_t partition)
{
    if (parts->last < parts->count && is_part(&parts->items[parts->last], topic, partition))
        return &parts->items[parts->last];
    for (size_t i = 0; i < parts->count; i++)
        if (is_part(&parts->items[i], topic, partition)) {
            parts->last = i;
            return &parts->items[i];
        }
    return add_part(parts, topic, partition);
}

void parts_remove(struct parts *parts, const char *topic, int32_t partition)
{
    for (size_t i = 0; i < parts->count; i++)
        if (is_part(&parts->items[i], topic, partition)) {
            free(parts->items[i].topic);
            parts->items[i] = parts->items[--parts->count];
            return;
        }
}

void parts_clear(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        free(parts->items[i].topic);
    parts->count = 0;
}

void parts_free(struct parts *parts)
{
    parts_clear(parts);
    free(parts->items);
    *parts = (struct parts){NULL, 0, 0, 0};
}

static rd_kafka_topic_partition_list_t *make_list(const struct parts *parts, bool is_rewind)
{
    rd_kafka_topic_partition_list_t *list = NULL;
    for (size_t i = 0; i < parts->count; i++) {
        const struct part *part = &parts->items[i];
        if (part->first_offset < 0)
            continue;
        if (!list)
            list = rd_kafka_topic_partition_list_new((int)parts->count);
        if (!list)
            return NULL;
        rd_kafka_topic_partition_list_add(list, part->topic, part->partition)->offset =
            is_rewind ? part->first_offset : part->next_offset;
    }
    return list;
}

rd_kafka_topic_partition_list_t *parts_commit_list(const struct parts *parts)
{
    return make_list(parts, false);
}

rd_kafka_topic_partition_list_t *parts_rewind_list(const struct parts *parts)
{
    return make_list(parts, true);
}

uint64_t parts_committed(struct parts *parts, struct ledger_table *table)
{
    uint64_t records = 0;
    for (size_t i = 0; i < parts->count; i++) {
        struct part *part = &parts->items[i];
        if (part->first_offset < 0)
            continue;
        records += part->ledger.in;
        ledger_table_add(table, &(struct ledger_row){part->topic, part->partition,
                                                     part->next_offset, part->ledger});
        part->first_offset = -1;
        memset(&part->ledger, 0, sizeof part->ledger);
    }
    return records;
}

void parts_rewound(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        struct part *part = &parts->items[i];
        if (part->first_offset >= 0)
            part->next_offset = part->first_offset;
        part->first_offset = -1;
        memset(&part->ledger, 0, sizeof part->ledger);
    }
}

const struct part *parts_breach(const struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        const struct part *part = &parts->items[i];
        if (part->first_offset < 0)
            continue;
        if (!ledger_holds(&part->ledger) || part->next_offset < part->first_offset ||
            part->ledger.in > (uint64_t)(part->next_offset - part->first_offset))
            return part;
    }
    return NULL;
}
