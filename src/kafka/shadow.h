/* A second rulebook beside the first on a share of live records; only differences are published.
 *
 * Lanes hand over copies of sampled records and never wait: when the queue is full the record is
 * not compared, and counted. One thread of the lowest priority works on them with its own engine
 * and its own producer, outside any transaction, at least once. Nothing that happens here can fail
 * or delay a lane.
 *
 * The sample is a hash of topic, partition and offset: the same records whoever reads them.
 */
#ifndef KAFKA_SHADOW_H
#define KAFKA_SHADOW_H

#include <copydesk/copydesk.h>

#include "kafka/client.h"
#include "ops/exposition.h"

/* Copies of records that wait for the second rulebook; more are not compared. */
enum { SHADOW_QUEUE_BYTES = 32 << 20 };

struct shadow;

/* NULL with *error empty when the configuration has no shadow, else NULL with the reason. */
struct shadow *shadow_open(const struct config *config, const struct log_settings *log,
                           char error[CLIENT_ERROR_SIZE]);
/* Stops the thread after the record in hand, waits two seconds at most for what was produced.
 * Accepts NULL. */
void shadow_close(struct shadow *shadow);
/* Offers a record and what the main rulebook made of it; copies what it needs. Any thread. Accepts
 * NULL. */
void shadow_offer(struct shadow *shadow, const rd_kafka_message_t *message,
                  const desk_result *result);
/* Reads the shadow's rulebook again; a bad one is refused with the reason in `error` and the old
 * one stays. Any thread. Accepts NULL. */
bool shadow_reload(struct shadow *shadow, char error[CLIENT_ERROR_SIZE]);
/* The totals for the metrics page. Accepts NULL. */
void shadow_collect(struct exposition *page, struct shadow *shadow);

#endif
