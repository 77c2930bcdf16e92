/* The floor: what moving records costs with librdkafka alone. Reads topic IN with a consumer group,
 * publishes each record to OUT with its key, without looking at it and without copying it, and
 * commits every 100 ms: at least once, or in transactions. At most BYTES of each value are
 * published, so that the floor writes no more than what is compared with it. Runs until it is
 * ended.
 *
 *     copy BROKERS IN OUT BYTES CODEC at-least-once|exactly-once */
#include "client.h"

#include <stdbool.h>
#include <string.h>

static const int64_t COMMIT_NS = 100000000;

struct copy {
    rd_kafka_t *consumer, *producer;
    const char *out;
    size_t bytes_max;
    bool is_transactional;
    long uncommitted;
};

/* The consumed message lends its bytes to the produced one, until that is delivered. */
static void on_delivered(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque)
{
    (void)producer;
    (void)opaque;
    if (message->err)
        client_fail("delivery", rd_kafka_err2str(message->err));
    rd_kafka_message_destroy(message->_private);
}

static void open_clients(struct copy *copy, char **argv)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    client_set(conf, "bootstrap.servers", argv[1]);
    client_set(conf, "group.id", argv[3]);
    client_set(conf, "auto.offset.reset", "earliest");
    client_set(conf, "enable.auto.commit", "false");
    client_set(conf, "isolation.level", "read_committed");
    copy->consumer = client_open(RD_KAFKA_CONSUMER, conf);
    rd_kafka_poll_set_consumer(copy->consumer);
    conf = rd_kafka_conf_new();
    client_set(conf, "bootstrap.servers", argv[1]);
    client_set(conf, "compression.type", argv[5]);
    client_set(conf, "enable.idempotence", "true");
    if (copy->is_transactional)
        client_set(conf, "transactional.id", argv[3]);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivered);
    copy->producer = client_open(RD_KAFKA_PRODUCER, conf);
    if (copy->is_transactional)
        client_check(rd_kafka_init_transactions(copy->producer, CLIENT_WAIT_MS), "init");
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, argv[2], RD_KAFKA_PARTITION_UA);
    if (rd_kafka_subscribe(copy->consumer, topics))
        client_fail("subscribe", argv[2]);
    rd_kafka_topic_partition_list_destroy(topics);
}

static void publish(struct copy *copy, rd_kafka_message_t *message)
{
    rd_kafka_message_t part = *message;
    if (part.len > copy->bytes_max)
        part.len = copy->bytes_max;
    if (copy->is_transactional && !copy->uncommitted)
        client_check(rd_kafka_begin_transaction(copy->producer), "begin");
    client_produce(copy->producer, copy->out, &part, message);
    copy->uncommitted++;
}

static void commit(struct copy *copy)
{
    rd_kafka_topic_partition_list_t *offsets;
    if (!copy->uncommitted)
        return;
    if (rd_kafka_assignment(copy->consumer, &offsets) || rd_kafka_position(copy->consumer, offsets))
        client_fail("position", "no assignment");
    if (copy->is_transactional) {
        rd_kafka_consumer_group_metadata_t *group =
            rd_kafka_consumer_group_metadata(copy->consumer);
        client_check(
            rd_kafka_send_offsets_to_transaction(copy->producer, offsets, group, CLIENT_WAIT_MS),
            "offsets");
        rd_kafka_consumer_group_metadata_destroy(group);
        client_check(rd_kafka_commit_transaction(copy->producer, CLIENT_WAIT_MS), "commit");
    } else if (rd_kafka_flush(copy->producer, CLIENT_WAIT_MS) ||
               rd_kafka_commit(copy->consumer, offsets, 0)) {
        client_fail("commit", "not within a minute");
    }
    rd_kafka_topic_partition_list_destroy(offsets);
    copy->uncommitted = 0;
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        fprintf(stderr, "usage: copy BROKERS IN OUT BYTES CODEC at-least-once|exactly-once\n");
        return 2;
    }
    struct copy copy = {.out = argv[3],
                        .bytes_max = strtoul(argv[4], NULL, 10),
                        .is_transactional = !strcmp(argv[6], "exactly-once")};
    open_clients(&copy, argv);
    int64_t committed = client_ns(CLOCK_MONOTONIC);
    for (;;) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(copy.consumer, 10);
        if (message && message->err)
            rd_kafka_message_destroy(message);
        else if (message)
            publish(&copy, message);
        if (client_ns(CLOCK_MONOTONIC) - committed > COMMIT_NS) {
            commit(&copy);
            committed = client_ns(CLOCK_MONOTONIC);
        }
    }
}
