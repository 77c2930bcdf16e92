/* Jansson reads the text; it comes once in two seconds, so that its cost does not matter. */
#include "kafka/statistics.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static uint64_t count(const json_t *object, const char *name)
{
    int64_t value = number(object, name);
    return value > 0 ? (uint64_t)value : 0;
}

/* --- brokers ------------------------------------------------------------------------------- */

static void read_broker(const json_t *row, struct broker_figures *out)
{
    static const char *const counters[BROKER_COUNTERS] = {
        "tx", "txbytes", "rxbytes", "disconnects", "txerrs", "rxerrs", "req_timeouts"};
    const json_t *rtt = json_object_get(row, "rtt");
    const char *state = json_string_value(json_object_get(row, "state"));
    *out = (struct broker_figures){.id = (int32_t)number(row, "nodeid"),
                                   .is_up = state && !strcmp(state, "UP"),
                                   .rtt_average_us = count(rtt, "avg"),
                                   .rtt_p99_us = count(rtt, "p99")};
    for (size_t i = 0; i < BROKER_COUNTERS; i++)
        out->counters[i] = count(row, counters[i]);
}

/* Bootstrap addresses and the coordinator have ids below 0: they are names of brokers that are
 * listed themselves. */
static void read_brokers(const json_t *root, struct client_figures *out)
{
    const char *name;
    json_t *row;
    json_object_foreach(json_object_get(root, "brokers"), name, row)
    {
        if (number(row, "nodeid") < 0 || out->brokers_count == CLIENTS_BROKERS_MAX)
            continue;
        read_broker(row, &out->brokers[out->brokers_count++]);
    }
}

/* --- partitions ---------------------------------------------------------------------------- */

static const struct part *find_part(const struct parts *parts, const char *topic, int64_t partition)
{
    for (size_t i = 0; i < parts->count; i++)
        if (parts->items[i].partition == partition && !strcmp(parts->items[i].topic, topic))
            return &parts->items[i];
    return NULL;
}

/* Up to where all is committed: by the lane's own book, or, before anything was read, where the
 * client begins; -1: not known. */
static int64_t committed_offset(const struct part *part, const json_t *row)
{
    if (part && part->first_offset >= 0)
        return part->first_offset;
    if (part && part->next_offset >= 0)
        return part->next_offset;
    int64_t next = number(row, "app_offset");
    if (next < 0)
        next = number(row, "next_offset");
    return next >= 0 ? next : -1;
}

/* The end of a partition that a transactional producer writes to is a marker, which no reader gets:
 * what has been fetched to the end, handed over and committed has no lag. */
static bool is_at_end(const struct part *part, const json_t *row, int64_t end)
{
    return (!part || part->first_offset < 0) && number(row, "fetchq_cnt") == 0 &&
           number(row, "next_offset") >= end;
}

static void read_partition(const json_t *row, const char *topic, const struct parts *parts,
                           struct partition_figures *out)
{
    const struct part *part = find_part(parts, topic, number(row, "partition"));
    int64_t committed = committed_offset(part, row), end = number(row, "ls_offset");
    snprintf(out->topic, sizeof out->topic, "%s", topic);
    out->partition = (int32_t)number(row, "partition");
    out->committed = committed;
    out->end = end >= 0 ? end : -1;
    out->lag = -1;
    if (committed >= 0 && end >= 0)
        out->lag = end > committed && !is_at_end(part, row, end) ? end - committed : 0;
}

/* A partition that the lane holds, as the client puts it. */
static bool is_assigned(const json_t *row)
{
    return number(row, "partition") >= 0 && json_is_true(json_object_get(row, "desired"));
}

static size_t count_assigned(const json_t *topics)
{
    const char *topic, *name;
    json_t *row, *partition;
    size_t assigned = 0;
    json_object_foreach((json_t *)(size_t)topics, topic, row)
    {
        json_object_foreach(json_object_get(row, "partitions"), name, partition)
        {
            assigned += is_assigned(partition);
        }
    }
    return assigned;
}

/* Partitions of a group's consumer share one queue, and each reports all of it. */
static void note_queue(const json_t *row, struct client_figures *out)
{
    if (count(row, "fetchq_cnt") > out->queue_messages)
        out->queue_messages = count(row, "fetchq_cnt");
    if (count(row, "fetchq_size") > out->queue_bytes)
        out->queue_bytes = count(row, "fetchq_size");
}

static bool read_partitions(const json_t *root, const struct parts *parts, struct statistics *out)
{
    const json_t *topics = json_object_get(root, "topics");
    const char *topic, *name;
    json_t *row, *partition;
    size_t assigned = count_assigned(topics);
    if (assigned)
        out->partitions = calloc(assigned, sizeof *out->partitions);
    if (assigned && !out->partitions)
        return false;
    json_object_foreach((json_t *)(size_t)topics, topic, row)
    {
        json_object_foreach(json_object_get(row, "partitions"), name, partition)
        {
            if (!is_assigned(partition))
                continue;
            note_queue(partition, &out->client);
            read_partition(partition, topic, parts, &out->partitions[out->partitions_count++]);
        }
    }
    return true;
}

bool statistics_read(const char *json, size_t len, const struct parts *parts,
                     struct statistics *statistics)
{
    memset(statistics, 0, sizeof *statistics);
    json_t *root = json_loadb(json, len, 0, NULL);
    if (!json_is_object(root)) {
        json_decref(root);
        return false;
    }
    read_brokers(root, &statistics->client);
    bool good = true;
    if (parts) {
        good = read_partitions(root, parts, statistics);
    } else {
        statistics->client.queue_messages = count(root, "msg_cnt");
        statistics->client.queue_bytes = count(root, "msg_size");
    }
    json_decref(root);
    return good;
}
