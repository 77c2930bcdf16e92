/* What the Kafka clients of the lanes say of themselves: queues, brokers, partitions. The lane's
 * thread puts in what its clients' statistics say; the HTTP thread reads sums. One lock, taken once
 * per statistics of a client.
 *
 * Counters of a client begin anew when a lane makes new clients; the sums here never fall. */
#ifndef OPS_CLIENTS_H
#define OPS_CLIENTS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ops/exposition.h"

/* Brokers beyond are left out: no cluster that one application talks to is larger. */
enum { CLIENTS_BROKERS_MAX = 64, CLIENTS_TOPIC_SIZE = 256 };

enum client_kind { CLIENTS_CONSUMER, CLIENTS_PRODUCER, CLIENTS_KINDS };
enum broker_counter {
    BROKER_REQUESTS,
    BROKER_SENT_BYTES,
    BROKER_RECEIVED_BYTES,
    BROKER_DISCONNECTS,
    BROKER_SEND_ERRORS,
    BROKER_RECEIVE_ERRORS,
    BROKER_TIMEOUTS,
    BROKER_COUNTERS
};

struct broker_figures {
    int32_t id;
    bool is_up;
    uint64_t rtt_average_us, rtt_p99_us; /* 0: nothing was measured */
    uint64_t counters[BROKER_COUNTERS];
};

struct client_figures {
    uint64_t queue_messages, queue_bytes;
    struct broker_figures brokers[CLIENTS_BROKERS_MAX];
    size_t brokers_count;
};

/* An assigned partition. */
struct partition_figures {
    char topic[CLIENTS_TOPIC_SIZE];
    int32_t partition;
    int64_t committed, end; /* offsets; -1: not known yet */
    int64_t lag;            /* records; -1: not known yet */
};

struct clients_lane {
    struct client_figures figures[CLIENTS_KINDS];
    struct partition_figures *partitions;
    size_t partitions_count;
};

struct clients {
    pthread_mutex_t lock;
    struct clients_lane *lanes;
    size_t lanes_count;
    struct broker_figures sums[CLIENTS_KINDS][CLIENTS_BROKERS_MAX];
    size_t sums_count[CLIENTS_KINDS];
};

/* False when out of memory. */
bool clients_init(struct clients *clients, size_t lanes_count);
void clients_deinit(struct clients *clients);
/* New figures of a lane's client. */
void clients_update(struct clients *clients, size_t lane, enum client_kind kind,
                    const struct client_figures *fresh);
/* The assigned partitions; takes `rows` (from the heap) over. */
void clients_set_partitions(struct clients *clients, size_t lane, struct partition_figures *rows,
                            size_t count);
/* The lane has closed its clients. */
void clients_closed(struct clients *clients, size_t lane);
/* Records to be read in all partitions whose lag is known. */
int64_t clients_lag(struct clients *clients);

void clients_collect(struct clients *clients, struct exposition *page);

#endif
