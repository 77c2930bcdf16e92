/* Sums over lanes, and the pages' families about clients. */
#include "ops/clients.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As many partitions as the ledgers show. */
enum { PARTITIONS_SHOWN_MAX = 4096 };

static const char *const SIDES[CLIENTS_KINDS] = {"consumer", "producer"};

bool clients_init(struct clients *clients, size_t lanes_count)
{
    memset(clients, 0, sizeof *clients);
    clients->lanes = calloc(lanes_count, sizeof *clients->lanes);
    if (!clients->lanes)
        return false;
    clients->lanes_count = lanes_count;
    pthread_mutex_init(&clients->lock, NULL);
    return true;
}

void clients_deinit(struct clients *clients)
{
    if (!clients->lanes)
        return;
    for (size_t i = 0; i < clients->lanes_count; i++)
        free(clients->lanes[i].partitions);
    free(clients->lanes);
    clients->lanes = NULL;
    pthread_mutex_destroy(&clients->lock);
}

/* --- putting in ---------------------------------------------------------------------------- */

static struct broker_figures *find_broker(struct broker_figures *brokers, size_t count, int32_t id)
{
    for (size_t i = 0; i < count; i++)
        if (brokers[i].id == id)
            return &brokers[i];
    return NULL;
}

static struct broker_figures *sum_of(struct clients *clients, enum client_kind kind, int32_t id)
{
    struct broker_figures *sum = find_broker(clients->sums[kind], clients->sums_count[kind], id);
    if (sum || clients->sums_count[kind] == CLIENTS_BROKERS_MAX)
        return sum;
    sum = &clients->sums[kind][clients->sums_count[kind]++];
    *sum = (struct broker_figures){.id = id};
    return sum;
}

/* A counter that is smaller than before has begun anew. */
static void add_growth(struct broker_figures *sum, const struct broker_figures *old,
                       const struct broker_figures *fresh)
{
    for (size_t i = 0; i < BROKER_COUNTERS; i++) {
        uint64_t before = old ? old->counters[i] : 0;
        sum->counters[i] += fresh->counters[i] - (fresh->counters[i] >= before ? before : 0);
    }
}

void clients_update(struct clients *clients, size_t lane, enum client_kind kind,
                    const struct client_figures *fresh)
{
    pthread_mutex_lock(&clients->lock);
    struct client_figures *known = &clients->lanes[lane].figures[kind];
    for (size_t i = 0; i < fresh->brokers_count; i++) {
        struct broker_figures *sum = sum_of(clients, kind, fresh->brokers[i].id);
        if (sum)
            add_growth(sum, find_broker(known->brokers, known->brokers_count, fresh->brokers[i].id),
                       &fresh->brokers[i]);
    }
    *known = *fresh;
    pthread_mutex_unlock(&clients->lock);
}

void clients_set_partitions(struct clients *clients, size_t lane, struct partition_figures *rows,
                            size_t count)
{
    pthread_mutex_lock(&clients->lock);
    struct partition_figures *old = clients->lanes[lane].partitions;
    clients->lanes[lane].partitions = rows;
    clients->lanes[lane].partitions_count = count;
    pthread_mutex_unlock(&clients->lock);
    free(old);
}

void clients_closed(struct clients *clients, size_t lane)
{
    clients_set_partitions(clients, lane, NULL, 0);
    pthread_mutex_lock(&clients->lock);
    memset(clients->lanes[lane].figures, 0, sizeof clients->lanes[lane].figures);
    pthread_mutex_unlock(&clients->lock);
}

int64_t clients_lag(struct clients *clients)
{
    int64_t sum = 0;
    pthread_mutex_lock(&clients->lock);
    for (size_t i = 0; i < clients->lanes_count; i++)
        for (size_t j = 0; j < clients->lanes[i].partitions_count; j++)
            if (clients->lanes[i].partitions[j].lag > 0)
                sum += clients->lanes[i].partitions[j].lag;
    pthread_mutex_unlock(&clients->lock);
    return sum;
}

/* --- showing ------------------------------------------------------------------------------- */

static int64_t lag_of(const struct partition_figures *row)
{
    return row->lag;
}

static int64_t committed_of(const struct partition_figures *row)
{
    return row->committed;
}

static int64_t end_of(const struct partition_figures *row)
{
    return row->end;
}

static void collect_partitions(struct clients *clients, struct exposition *page, enum family family,
                               int64_t (*value)(const struct partition_figures *))
{
    size_t shown = 0;
    exposition_family(page, family);
    for (size_t i = 0; i < clients->lanes_count; i++)
        for (size_t j = 0; j < clients->lanes[i].partitions_count; j++) {
            const struct partition_figures *row = &clients->lanes[i].partitions[j];
            char partition[16];
            if (value(row) < 0 || shown++ >= PARTITIONS_SHOWN_MAX)
                continue;
            snprintf(partition, sizeof partition, "%" PRId32, row->partition);
            exposition_count(page, LABELS({"topic", row->topic}, {"partition", partition}),
                             (unsigned long long)value(row));
        }
}

static void collect_queues(struct clients *clients, struct exposition *page)
{
    static const enum family families[CLIENTS_KINDS][2] = {
        {FAMILY_CONSUMER_QUEUE_MESSAGES, FAMILY_CONSUMER_QUEUE_BYTES},
        {FAMILY_PRODUCER_QUEUE_MESSAGES, FAMILY_PRODUCER_QUEUE_BYTES}};
    for (enum client_kind kind = 0; kind < CLIENTS_KINDS; kind++)
        for (size_t which = 0; which < 2; which++) {
            exposition_family(page, families[kind][which]);
            for (size_t i = 0; i < clients->lanes_count; i++) {
                const struct client_figures *figures = &clients->lanes[i].figures[kind];
                char lane[24];
                snprintf(lane, sizeof lane, "%zu", i);
                exposition_count(page, LABELS({"lane", lane}),
                                 which ? figures->queue_bytes : figures->queue_messages);
            }
        }
}

/* What the lanes' present connections to a broker come to. */
struct broker_now {
    unsigned up;
    uint64_t rtt_average_us, rtt_p99_us;
};

static struct broker_now broker_now(struct clients *clients, enum client_kind kind, int32_t id)
{
    struct broker_now now = {0, 0, 0};
    for (size_t i = 0; i < clients->lanes_count; i++) {
        struct client_figures *figures = &clients->lanes[i].figures[kind];
        const struct broker_figures *row =
            find_broker(figures->brokers, figures->brokers_count, id);
        if (!row)
            continue;
        now.up += row->is_up;
        if (row->rtt_average_us > now.rtt_average_us)
            now.rtt_average_us = row->rtt_average_us;
        if (row->rtt_p99_us > now.rtt_p99_us)
            now.rtt_p99_us = row->rtt_p99_us;
    }
    return now;
}

/* Calls `put` for each broker of each side. */
static void each_broker(struct clients *clients, struct exposition *page, enum family family,
                        void (*put)(struct exposition *, const struct label *,
                                    const struct broker_now *))
{
    exposition_family(page, family);
    for (enum client_kind kind = 0; kind < CLIENTS_KINDS; kind++)
        for (size_t i = 0; i < clients->sums_count[kind]; i++) {
            char id[16];
            struct broker_now now = broker_now(clients, kind, clients->sums[kind][i].id);
            snprintf(id, sizeof id, "%" PRId32, clients->sums[kind][i].id);
            put(page, LABELS({"side", SIDES[kind]}, {"broker", id}), &now);
        }
}

static void put_up(struct exposition *page, const struct label *labels,
                   const struct broker_now *now)
{
    exposition_count(page, labels, now->up);
}

static void put_average(struct exposition *page, const struct label *labels,
                        const struct broker_now *now)
{
    exposition_value(page, labels, (double)now->rtt_average_us * 1e-6);
}

static void put_p99(struct exposition *page, const struct label *labels,
                    const struct broker_now *now)
{
    exposition_value(page, labels, (double)now->rtt_p99_us * 1e-6);
}

static void collect_counter(struct clients *clients, struct exposition *page,
                            enum broker_counter counter, const char *error_kind)
{
    for (enum client_kind kind = 0; kind < CLIENTS_KINDS; kind++)
        for (size_t i = 0; i < clients->sums_count[kind]; i++) {
            const struct broker_figures *sum = &clients->sums[kind][i];
            char id[16];
            snprintf(id, sizeof id, "%" PRId32, sum->id);
            const struct label labels[] = {{"side", SIDES[kind]},
                                           {"broker", id},
                                           {error_kind ? "kind" : NULL, error_kind},
                                           {NULL, NULL}};
            exposition_count(page, labels, sum->counters[counter]);
        }
}

static void collect_brokers(struct clients *clients, struct exposition *page)
{
    static const struct {
        enum family family;
        enum broker_counter counter;
    } counters[] = {{FAMILY_BROKER_REQUESTS, BROKER_REQUESTS},
                    {FAMILY_BROKER_SENT_BYTES, BROKER_SENT_BYTES},
                    {FAMILY_BROKER_RECEIVED_BYTES, BROKER_RECEIVED_BYTES},
                    {FAMILY_BROKER_DISCONNECTS, BROKER_DISCONNECTS}};
    each_broker(clients, page, FAMILY_BROKER_CONNECTIONS, put_up);
    each_broker(clients, page, FAMILY_BROKER_RTT_AVERAGE, put_average);
    each_broker(clients, page, FAMILY_BROKER_RTT_P99, put_p99);
    for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
        exposition_family(page, counters[i].family);
        collect_counter(clients, page, counters[i].counter, NULL);
    }
    exposition_family(page, FAMILY_BROKER_ERRORS);
    collect_counter(clients, page, BROKER_SEND_ERRORS, "send");
    collect_counter(clients, page, BROKER_RECEIVE_ERRORS, "receive");
    collect_counter(clients, page, BROKER_TIMEOUTS, "timeout");
}

void clients_collect(struct clients *clients, struct exposition *page)
{
    pthread_mutex_lock(&clients->lock);
    collect_partitions(clients, page, FAMILY_LAG, lag_of);
    collect_partitions(clients, page, FAMILY_COMMITTED_OFFSET, committed_of);
    collect_partitions(clients, page, FAMILY_END_OFFSET, end_of);
    collect_queues(clients, page);
    collect_brokers(clients, page);
    pthread_mutex_unlock(&clients->lock);
}
