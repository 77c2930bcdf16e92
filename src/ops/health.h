/* Live, ready, and why not.
 *
 * Live: every running lane goes round its loop; a process that is not live is to be restarted.
 * Brokers that do not answer make no process dead.
 * Ready: not draining, and at least one lane has joined its group and is not stuck.
 * Stuck: a lane has records to read and has not committed for `stuck_after_ms`, or has not gone
 * round its loop for that long. */
#ifndef OPS_HEALTH_H
#define OPS_HEALTH_H

#include "ops/metrics.h"

enum health_question { HEALTH_LIVE, HEALTH_READY };

/* `now_ms` is of metrics_now_ms, here and below. */
bool health_lane_is_stuck(const struct metrics *metrics, size_t lane, long long now_ms);
bool health_is(const struct metrics *metrics, enum health_question question, long long now_ms);
/* {"ready":false,"reasons":["..."],"lanes":[{"lane":0,"state":"running","partitions":3,
 * "stuck":false}]}; for HEALTH_LIVE the first key is "live". A heap string of *len bytes, or NULL.
 */
char *health_json(const struct metrics *metrics, enum health_question question, long long now_ms,
                  size_t *len);

#endif
