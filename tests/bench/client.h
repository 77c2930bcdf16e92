/* What the small Kafka programs of tests/bench share. */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <librdkafka/rdkafka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CLIENT_WAIT_MS = 60000 };

/* Ends the program with what went wrong. */
_Noreturn static inline void client_fail(const char *what, const char *why)
{
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(1);
}

static inline void client_set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char text[256];
    if (rd_kafka_conf_set(conf, name, value, text, sizeof text) != RD_KAFKA_CONF_OK)
        client_fail(name, text);
}

/* Takes the configuration. */
static inline rd_kafka_t *client_open(rd_kafka_type_t type, rd_kafka_conf_t *conf)
{
    char text[256];
    rd_kafka_t *client = rd_kafka_new(type, conf, text, sizeof text);
    if (!client)
        client_fail("client", text);
    return client;
}

static inline void client_check(rd_kafka_error_t *error, const char *what)
{
    if (error)
        client_fail(what, rd_kafka_error_string(error));
}

/* Publishes without copying; waits while the producer's queue is full. `opaque` comes back with the
 * delivery report. */
static inline void client_produce(rd_kafka_t *producer, const char *topic,
                                  const rd_kafka_message_t *message, void *opaque)
{
    rd_kafka_resp_err_t err;
    do {
        rd_kafka_vu_t parts[] = {
            {.vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = topic},
            {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {message->key, message->key_len}},
            {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {message->payload, message->len}},
            {.vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = opaque}};
        rd_kafka_error_t *error =
            rd_kafka_produceva(producer, parts, sizeof parts / sizeof parts[0]);
        err = error ? rd_kafka_error_code(error) : RD_KAFKA_RESP_ERR_NO_ERROR;
        if (error)
            rd_kafka_error_destroy(error);
        rd_kafka_poll(producer, err == RD_KAFKA_RESP_ERR__QUEUE_FULL ? 10 : 0);
    } while (err == RD_KAFKA_RESP_ERR__QUEUE_FULL);
    if (err)
        client_fail("produce", rd_kafka_err2str(err));
}

/* Nanoseconds of a clock; CLOCK_REALTIME counts since 1970. */
static inline int64_t client_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

#endif
