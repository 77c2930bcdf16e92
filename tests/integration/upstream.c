/* A transactional producer before copydesk, for tests: COUNT records into TOPIC in one transaction,
 * which is committed or taken back.
 *
 *     upstream BOOTSTRAP TOPIC COUNT commit|abort */
#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_MS = 60000 };

static bool is_good(rd_kafka_error_t *error, const char *what)
{
    if (!error)
        return true;
    fprintf(stderr, "upstream: %s: %s\n", what, rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    return false;
}

static bool set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char text[256];
    if (rd_kafka_conf_set(conf, name, value, text, sizeof text) == RD_KAFKA_CONF_OK)
        return true;
    fprintf(stderr, "upstream: %s\n", text);
    return false;
}

static bool produce(rd_kafka_t *producer, const char *topic, int number)
{
    char key[32], value[128];
    snprintf(key, sizeof key, "upstream-%d", number);
    snprintf(value, sizeof value, "{\"id\": \"u%d\", \"text\": \"The talks go on (%d).\"}", number,
             number);
    rd_kafka_vu_t parts[] = {{.vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = topic},
                             {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
                             {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {key, strlen(key)}},
                             {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {value, strlen(value)}}};
    return is_good(rd_kafka_produceva(producer, parts, sizeof parts / sizeof parts[0]), "produce");
}

static bool run(rd_kafka_t *producer, char **argv)
{
    bool good = is_good(rd_kafka_init_transactions(producer, WAIT_MS), "init") &&
                is_good(rd_kafka_begin_transaction(producer), "begin");
    for (int i = 0; good && i < atoi(argv[3]); i++)
        good = produce(producer, argv[2], i);
    /* Aborted data stands in the log only when it was sent before the abort. */
    good = good && !rd_kafka_flush(producer, WAIT_MS);
    if (!strcmp(argv[4], "abort"))
        return good && is_good(rd_kafka_abort_transaction(producer, WAIT_MS), "abort");
    return good && is_good(rd_kafka_commit_transaction(producer, WAIT_MS), "commit");
}

int main(int argc, char **argv)
{
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    if (argc != 5 || !set(conf, "bootstrap.servers", argv[1]) ||
        !set(conf, "transactional.id", "upstream"))
        return 2;
    rd_kafka_t *producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    bool good = producer && run(producer, argv);
    if (producer)
        rd_kafka_destroy(producer);
    return good ? 0 : 1;
}
