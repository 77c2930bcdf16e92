/* Making librdkafka clients from the configuration: a person's properties, then those the
 * guarantees own, feature-detected. */
#ifndef KAFKA_CLIENT_H
#define KAFKA_CLIENT_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

#include "config/config.h"
#include "ops/log.h"

/* CONSUMER is a lane's member of the group. READER reads given offsets and commits nothing;
 * RAW_READER does so and sees the data of aborted transactions too. */
enum client_side { CLIENT_CONSUMER, CLIENT_READER, CLIENT_RAW_READER, CLIENT_PRODUCER };
enum { CLIENT_ERROR_SIZE = 768, LIBRDKAFKA_EXACTLY_ONCE_MIN = 0x020002ff };

struct client_options {
    const struct config *config;
    const struct log_settings *log;
    const char *transactional_id; /* producers of exactly-once; else NULL */
    void *opaque;
    bool wants_end; /* the consumer is told when it has read a partition to its end */
    void (*on_rebalance)(rd_kafka_t *, rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t *,
                         void *);
    void (*on_delivery)(rd_kafka_t *, const rd_kafka_message_t *, void *);
    void (*on_error)(rd_kafka_t *, int, const char *, void *);
};

/* NULL with what is wrong in `error`, never with a secret in it. */
rd_kafka_conf_t *client_conf(enum client_side side, const struct client_options *options,
                             char error[CLIENT_ERROR_SIZE]);
rd_kafka_t *client_new(enum client_side side, const struct client_options *options,
                       char error[CLIENT_ERROR_SIZE]);

/* Which kind of error a lane has to do with. */
enum client_verdict { VERDICT_OK, VERDICT_RETRY, VERDICT_ABORT, VERDICT_FATAL };
/* Takes the error (destroys it) and writes its text. An error that is neither retriable nor
 * abortable counts as fatal. */
enum client_verdict client_judge(rd_kafka_error_t *error, char text[CLIENT_ERROR_SIZE]);

#endif
