/* Both ends of a measurement: what fills the raw topic, and what sees the enriched one as a reader
 * does.
 *
 *     feed topics BROKERS PARTITIONS NAME...              makes them
 *     feed fill   BROKERS TOPIC FILE FROM COUNT CODEC    records FROM.. as fast as it goes
 *     feed pace   BROKERS TOPIC FILE RATE SECONDS        so many a second, evenly
 *     feed follow BROKERS TOPIC count|times              until it is ended
 *
 * A record is a line of FILE, again from the top after the last. fill names it by its number (the
 * key), pace by the nanosecond at which it was due, late or not: what is measured from there cannot
 * be flattered by a sender that waits. follow reads what is committed, from the beginning, and
 * prints how many records it has seen, or for each "PARTITION KEY NANOSECOND". */
#include "client.h"

#include <stdbool.h>
#include <string.h>

static const int64_t SECOND_NS = 1000000000, TELL_NS = 20000000;

struct lines {
    char *data;
    const char **items; /* items[i + 1] is where line i ends, behind its newline */
    size_t count;
};

static struct lines read_lines(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END))
        client_fail(path, "cannot be read");
    size_t size = (size_t)ftell(file);
    rewind(file);
    struct lines lines = {.data = malloc(size + 1)};
    if (!lines.data || fread(lines.data, 1, size, file) != size)
        client_fail(path, "cannot be read");
    fclose(file);
    for (size_t i = 0; i < size; i++)
        lines.count += lines.data[i] == '\n';
    lines.items = malloc((lines.count + 1) * sizeof *lines.items);
    if (!lines.items || !lines.count)
        client_fail(path, "no lines");
    lines.items[0] = lines.data;
    for (size_t i = 0, n = 0; i < size; i++)
        if (lines.data[i] == '\n')
            lines.items[++n] = lines.data + i + 1;
    return lines;
}

static void free_lines(struct lines *lines)
{
    free(lines->items);
    free(lines->data);
}

static rd_kafka_t *open_producer(const char *brokers, const char *codec)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    client_set(conf, "bootstrap.servers", brokers);
    client_set(conf, "compression.type", codec);
    client_set(conf, "queue.buffering.max.kbytes", "262144");
    client_set(conf, "linger.ms", "1");
    return client_open(RD_KAFKA_PRODUCER, conf);
}

static void produce(rd_kafka_t *producer, const char *topic, const struct lines *lines,
                    int64_t number, int64_t name)
{
    char key[32];
    size_t line = (size_t)number % lines->count;
    snprintf(key, sizeof key, "%lld", (long long)name);
    rd_kafka_message_t message = {.key = key,
                                  .key_len = strlen(key),
                                  .payload = (void *)(uintptr_t)lines->items[line],
                                  .len = (size_t)(lines->items[line + 1] - lines->items[line] - 1)};
    client_produce(producer, topic, &message, NULL);
}

static void close_producer(rd_kafka_t *producer, struct lines *lines)
{
    if (rd_kafka_flush(producer, CLIENT_WAIT_MS))
        client_fail("flush", "not within a minute");
    rd_kafka_destroy(producer);
    free_lines(lines);
}

static void fill(char **argv)
{
    struct lines lines = read_lines(argv[4]);
    rd_kafka_t *producer = open_producer(argv[2], argv[7]);
    int64_t from = strtoll(argv[5], NULL, 10), count = strtoll(argv[6], NULL, 10);
    for (int64_t i = from; i < from + count; i++)
        produce(producer, argv[3], &lines, i, i);
    close_producer(producer, &lines);
}

static void pace(char **argv)
{
    struct lines lines = read_lines(argv[4]);
    rd_kafka_t *producer = open_producer(argv[2], "none");
    double rate = strtod(argv[5], NULL), seconds = strtod(argv[6], NULL);
    int64_t started = client_ns(CLOCK_REALTIME);
    for (int64_t i = 0; i < (int64_t)(rate * seconds); i++) {
        int64_t due = started + (int64_t)((double)i * (double)SECOND_NS / rate);
        int64_t left = due - client_ns(CLOCK_REALTIME);
        if (left > 0) {
            struct timespec pause = {.tv_sec = left / SECOND_NS, .tv_nsec = left % SECOND_NS};
            nanosleep(&pause, NULL);
        }
        produce(producer, argv[3], &lines, i, due);
    }
    close_producer(producer, &lines);
}

static void make_topics(int argc, char **argv)
{
    rd_kafka_NewTopic_t *topics[16];
    char text[256];
    size_t count = 0, answered;
    rd_kafka_t *client = open_producer(argv[2], "none");
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    for (int i = 4; i < argc && count < sizeof topics / sizeof topics[0]; i++) {
        topics[count] = rd_kafka_NewTopic_new(argv[i], atoi(argv[3]), 1, text, sizeof text);
        if (!topics[count++])
            client_fail(argv[i], text);
    }
    rd_kafka_CreateTopics(client, topics, count, NULL, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, CLIENT_WAIT_MS);
    if (!event || rd_kafka_event_error(event))
        client_fail("topics", event ? rd_kafka_event_error_string(event) : "no answer");
    const rd_kafka_topic_result_t **made =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &answered);
    for (size_t i = 0; i < answered; i++)
        if (rd_kafka_topic_result_error(made[i]))
            client_fail(rd_kafka_topic_result_name(made[i]),
                        rd_kafka_topic_result_error_string(made[i]));
    rd_kafka_event_destroy(event);
    rd_kafka_NewTopic_destroy_array(topics, count);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(client);
}

static void assign_all(rd_kafka_t *consumer, const char *name)
{
    const rd_kafka_metadata_t *metadata = NULL;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(consumer, name, NULL);
    if (!topic || rd_kafka_metadata(consumer, 0, topic, &metadata, CLIENT_WAIT_MS) ||
        metadata->topic_cnt != 1)
        client_fail(name, "no such topic");
    rd_kafka_topic_partition_list_t *parts = rd_kafka_topic_partition_list_new(1);
    for (int i = 0; i < metadata->topics[0].partition_cnt; i++)
        rd_kafka_topic_partition_list_add(parts, name, i)->offset = RD_KAFKA_OFFSET_BEGINNING;
    if (rd_kafka_assign(consumer, parts))
        client_fail(name, "cannot be assigned");
    rd_kafka_topic_partition_list_destroy(parts);
    rd_kafka_metadata_destroy(metadata);
    rd_kafka_topic_destroy(topic);
}

static void follow(char **argv)
{
    bool wants_times = !strcmp(argv[4], "times");
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    client_set(conf, "bootstrap.servers", argv[2]);
    client_set(conf, "group.id", "bench-follow");
    client_set(conf, "enable.auto.commit", "false");
    client_set(conf, "isolation.level", "read_committed");
    client_set(conf, "fetch.wait.max.ms", "20");
    rd_kafka_t *consumer = client_open(RD_KAFKA_CONSUMER, conf);
    rd_kafka_poll_set_consumer(consumer);
    assign_all(consumer, argv[3]);
    long long count = 0;
    /* Ends when nobody reads it any more, or by a signal. */
    for (int64_t told = 0; !ferror(stdout);) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 10);
        int64_t now = client_ns(CLOCK_REALTIME);
        if (message && !message->err) {
            count++;
            if (wants_times)
                printf("%d %.*s %lld\n", (int)message->partition, (int)message->key_len,
                       (const char *)message->key, (long long)now);
        }
        if (message)
            rd_kafka_message_destroy(message);
        if (now - told > TELL_NS) {
            if (!wants_times)
                printf("%lld\n", count);
            fflush(stdout);
            told = now;
        }
    }
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
}

int main(int argc, char **argv)
{
    if (argc == 8 && !strcmp(argv[1], "fill"))
        fill(argv);
    else if (argc == 7 && !strcmp(argv[1], "pace"))
        pace(argv);
    else if (argc == 5 && !strcmp(argv[1], "follow"))
        follow(argv);
    else if (argc > 4 && !strcmp(argv[1], "topics"))
        make_topics(argc, argv);
    else {
        fprintf(stderr, "usage: feed topics|fill|pace|follow ..., see the top of feed.c\n");
        return 2;
    }
    return 0;
}
