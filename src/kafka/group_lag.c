/* Watermarks by the reader, commits by the group's coordinator. */
#include "kafka/group_lag.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { COMMITTED_MS = 10000 };

bool group_lag_open(struct group_lag *lag, const struct config *config,
                    char error[CLIENT_ERROR_SIZE])
{
    *lag = (struct group_lag){.rows = NULL};
    return reader_open(&lag->reader, config, CLIENT_READER, error);
}

void group_lag_close(struct group_lag *lag)
{
    reader_close(&lag->reader);
    free(lag->rows);
    lag->rows = NULL;
    lag->count = 0;
}

static void fill_row(struct partition_figures *row, const struct reader_part *part,
                     int64_t committed)
{
    snprintf(row->topic, sizeof row->topic, "%s", part->topic);
    row->partition = part->partition;
    row->committed = committed >= 0 ? committed : -1;
    row->end = part->high;
    int64_t from = committed > part->low ? committed : part->low;
    row->lag = part->high > from ? part->high - from : 0;
}

static bool fill_rows(struct group_lag *lag, const rd_kafka_topic_partition_list_t *committed)
{
    size_t count = lag->reader.count;
    lag->rows = calloc(count ? count : 1, sizeof *lag->rows);
    if (!lag->rows)
        return false;
    for (size_t i = 0; i < count; i++)
        fill_row(&lag->rows[i], &lag->reader.parts[i], committed->elems[i].offset);
    lag->count = count;
    return true;
}

static bool read_committed(struct group_lag *lag, char error[CLIENT_ERROR_SIZE])
{
    const struct reader *reader = &lag->reader;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)reader->count);
    for (size_t i = 0; i < reader->count; i++)
        rd_kafka_topic_partition_list_add(list, reader->parts[i].topic, reader->parts[i].partition);
    rd_kafka_resp_err_t err = rd_kafka_committed(reader->client, list, COMMITTED_MS);
    bool good = !err && fill_rows(lag, list);
    if (!good)
        snprintf(error, CLIENT_ERROR_SIZE, "committed offsets of group %s: %s",
                 reader->config->input_group, err ? rd_kafka_err2str(err) : "out of memory");
    rd_kafka_topic_partition_list_destroy(list);
    return good;
}

bool group_lag_read(struct group_lag *lag, char error[CLIENT_ERROR_SIZE])
{
    const struct config_list *topics = &lag->reader.config->input_topics;
    free(lag->rows);
    lag->rows = NULL;
    lag->count = lag->reader.count = 0;
    for (size_t i = 0; i < topics->count; i++)
        if (!reader_add_matching(&lag->reader, topics->items[i], error))
            return false;
    return read_committed(lag, error);
}
