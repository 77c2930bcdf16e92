/* Adding up the bounds. */
#include "kafka/memory.h"

#include <stdlib.h>
#include <string.h>

#include "kafka/shadow.h"
#include "kafka/spotlight.h"

/* What the library keeps beside key, value and headers of a fetched record. */
enum { FETCHED_RECORD_BYTES = 512 };

static long long number(const rd_kafka_conf_t *conf, const char *name)
{
    char text[64];
    size_t size = sizeof text;
    if (rd_kafka_conf_get(conf, name, text, &size) != RD_KAFKA_CONF_OK)
        return 0;
    return strtoll(text, NULL, 10);
}

/* The queue is full at its bytes or its records; one answer of a broker may be under way then. */
static long long fetched(const rd_kafka_conf_t *conf)
{
    return number(conf, "queued.max.messages.kbytes") * 1024 +
           number(conf, "queued.min.messages") * FETCHED_RECORD_BYTES +
           number(conf, "fetch.max.bytes");
}

/* A transaction is committed, and so delivered, at commit.bytes; one record may go beyond. */
static long long produced(const rd_kafka_conf_t *conf, const struct config *config)
{
    long long queue = number(conf, "queue.buffering.max.kbytes") * 1024;
    long long open = config->commit_bytes + number(conf, "message.max.bytes");
    return queue < open ? queue : open;
}

/* Events that wait for readers of the monitor page, and the engine that looks at articles again. */
static long long page(const struct config *config)
{
    if (!strcmp(config->http_listen, "off"))
        return 0;
    return HTTP_EVENTS_BYTES + (config->http_articles == ARTICLES_OFF ? 0 : SPOTLIGHT_BYTES);
}

static rd_kafka_conf_t *conf_of(enum client_side side, const struct config *config,
                                char error[CLIENT_ERROR_SIZE])
{
    struct client_options options = {.config = config};
    return client_conf(side, &options, error);
}

bool memory_bound(const struct config *config, struct memory_bound *bound,
                  char error[CLIENT_ERROR_SIZE])
{
    rd_kafka_conf_t *consumer = conf_of(CLIENT_CONSUMER, config, error);
    rd_kafka_conf_t *producer = consumer ? conf_of(CLIENT_PRODUCER, config, error) : NULL;
    bool good = producer != NULL;
    if (good) {
        long long shadow_queue = config->shadow_rulebook ? SHADOW_QUEUE_BYTES : 0;
        bound->fetched = fetched(consumer);
        bound->produced = produced(producer, config);
        bound->engine = config->limit_memory;
        bound->page = page(config);
        bound->shadow = config->shadow_rulebook ? shadow_queue + config->limit_memory : 0;
        bound->queues = config->lanes * (bound->fetched + bound->produced) + shadow_queue;
        bound->total = MEMORY_BASE_BYTES + config->lanes * bound->engine + bound->queues +
                       bound->shadow - shadow_queue + bound->page;
    }
    if (consumer)
        rd_kafka_conf_destroy(consumer);
    if (producer)
        rd_kafka_conf_destroy(producer);
    return good;
}
