/* Reading given stretches of partitions, outside any group: for audit, redrive, replay and tap.
 *
 *     struct reader reader;
 *     reader_open(&reader, config, log, CLIENT_READER, error) &&
 *         reader_add_topic(&reader, "articles.raw", error) &&
 *         reader_run(&reader, on_message, context, error);
 *     reader_close(&reader);
 *
 * One thread per reader. */
#ifndef KAFKA_READER_H
#define KAFKA_READER_H

#include "kafka/client.h"
#include "kafka/refusal.h"
#include "kafka/coordinates.h"

/* A stretch to read: offsets from..to-1 as far as they exist. */
struct reader_part {
    char topic[TOPIC_SIZE];
    int32_t partition;
    int64_t low, high; /* of the partition when it was added; high is the last stable offset */
    int64_t from, to;  /* low and high, unless the caller narrows them before reader_run */
    bool is_done;
};

struct reader {
    struct client_head head; /* first: the client's callbacks find it through the opaque */
    struct log_settings settings;
    const struct config *config;
    rd_kafka_t *client;
    struct reader_part *parts;
    size_t count, capacity;
    bool is_following; /* set before reader_run: goes on behind the ends as they were, and takes
                          silence for a quiet topic */
    struct refusal_note note;
    char reason[256]; /* the client's last complaint, which says why brokers do not answer */
};

bool reader_open(struct reader *reader, const struct config *config, enum client_side side,
                 char error[CLIENT_ERROR_SIZE]);
/* Accepts a reader that was not opened, if it is zero. */
void reader_close(struct reader *reader);

/* Adds all partitions of a topic; false with the reason when it cannot be read. */
bool reader_add_topic(struct reader *reader, const char *topic, char error[CLIENT_ERROR_SIZE]);
/* The same for a name of input.topics: one that starts with ^ is a pattern (POSIX extended, as
 * librdkafka reads it) and adds all topics that it matches. */
bool reader_add_matching(struct reader *reader, const char *name, char error[CLIENT_ERROR_SIZE]);
/* Adds one partition; false when it does not exist. */
bool reader_add_partition(struct reader *reader, const char *topic, int32_t partition,
                          char error[CLIENT_ERROR_SIZE]);
/* The offsets of the first records of each stretch whose timestamp is at or after `ms` go to from
 * (is_until: to); a stretch without such records gets its end. */
bool reader_limit_by_time(struct reader *reader, int64_t ms, bool is_until,
                          char error[CLIENT_ERROR_SIZE]);
/* Number of offsets in all stretches; what a progress bar counts to. */
int64_t reader_total(const struct reader *reader);

/* What to do with a message: go on, skip the rest of its stretch, or end the reading. */
enum reader_next { READER_GO_ON, READER_SKIP_PART, READER_STOP };
/* `part` is the stretch's index. Borrowed for the time of the call. */
typedef enum reader_next reader_message(void *context, size_t part,
                                        const rd_kafka_message_t *message);

/* Reads all stretches that are not done, interleaved, each in order. False with the reason when a
 * broker stays silent for a minute or a read fails. `idle`, unless NULL, is called ten times a
 * second at most; true from it ends the reading. */
bool reader_run(struct reader *reader, reader_message *take, bool (*idle)(void *context),
                void *context, char error[CLIENT_ERROR_SIZE]);

#endif
