/* Making librdkafka clients from the configuration: a person's properties, then those the
 * guarantees own, feature-detected. */
#ifndef KAFKA_CLIENT_H
#define KAFKA_CLIENT_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

#include "config/config.h"
#include "kafka/refusal.h"
#include "ops/log.h"

/* CONSUMER is a lane's member of the group. READER reads given offsets and commits nothing;
 * RAW_READER does so and sees the data of aborted transactions too. */
enum client_side { CLIENT_CONSUMER, CLIENT_READER, CLIENT_RAW_READER, CLIENT_PRODUCER };
enum { CLIENT_ERROR_SIZE = 768, LIBRDKAFKA_EXACTLY_ONCE_MIN = 0x020002ff };

/* What a client's opaque starts with: the callbacks of all clients look there. */
struct client_head {
    const struct log_settings *log;          /* NULL: nothing is logged */
    _Atomic(const char *) certificate_fault; /* set when a broker's certificate is not accepted */
};

struct client_options {
    const struct config *config;
    const char *transactional_id; /* producers of exactly-once; else NULL */
    const char *linger_ms;        /* of a producer that holds records back; NULL: as configured */
    void *opaque;                 /* starts with a struct client_head; NULL: nothing is logged */
    bool wants_end;               /* the consumer is told when it has read a partition to its end */
    void (*on_rebalance)(rd_kafka_t *, rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t *,
                         void *);
    void (*on_delivery)(rd_kafka_t *, const rd_kafka_message_t *, void *);
    void (*on_error)(rd_kafka_t *, int, const char *, void *);
    int (*on_statistics)(rd_kafka_t *, char *, size_t, void *); /* NULL: none are made */
};

/* NULL with what is wrong in `error`, never with a secret in it. */
rd_kafka_conf_t *client_conf(enum client_side side, const struct client_options *options,
                             char error[CLIENT_ERROR_SIZE]);
rd_kafka_t *client_new(enum client_side side, const struct client_options *options,
                       char error[CLIENT_ERROR_SIZE]);

/* What is wrong with a property that librdkafka refuses with `text`. It quotes the value there: a
 * secret must not come back that way. */
const char *client_property_fault(const struct config_property *property, const char *text);

/* What is wrong with the broker's certificate, if that is what `reason` is about, else `reason`. */
const char *client_reason(const struct client_head *head, const char *reason);

/* A question for metadata. */
struct client_question {
    rd_kafka_topic_t *topic; /* NULL: all topics */
    int timeout_ms;
    const struct refusal_note *note; /* filled by the client's error callback */
};

/* Asks in short steps, so that a refused log-in ends it as soon as it is known; serves the client's
 * callbacks. The metadata is destroyed by the caller. */
rd_kafka_resp_err_t client_metadata(rd_kafka_t *client, const struct client_question *question,
                                    const struct rd_kafka_metadata **metadata);

/* Which kind of error a lane has to do with. */
enum client_verdict { VERDICT_OK, VERDICT_RETRY, VERDICT_ABORT, VERDICT_FATAL, VERDICT_REFUSED };
/* Takes the error (destroys it) and writes its text. An error that is neither retriable nor
 * abortable counts as fatal; REFUSED is one that new clients would not get around: the text says
 * what to grant. */
enum client_verdict client_judge(const struct config *config, rd_kafka_error_t *error,
                                 char text[CLIENT_ERROR_SIZE]);

#endif
