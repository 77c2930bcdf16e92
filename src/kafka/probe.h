/* What a short-lived client that asks the cluster something reports meanwhile: it knows why brokers
 * do not answer (authentication, TLS, refused). */
#ifndef KAFKA_PROBE_H
#define KAFKA_PROBE_H

#include "kafka/client.h"
#include "kafka/refusal.h"

/* The opaque of such a client; all zero at first. Thread-confined, as the client's callbacks are.
 */
struct probe {
    struct client_head head;
    char reason[256];         /* the last that says something; "" without */
    struct refusal_note note; /* what no waiting helps against */
};

/* client_options.on_error; `opaque` is the probe. */
void probe_on_error(rd_kafka_t *client, int err, const char *reason, void *opaque);

/* Why a request failed with `err`: the client's own reason, or the error's text. Valid as long as
 * the probe is not changed. */
const char *probe_reason(const struct probe *probe, rd_kafka_resp_err_t err);

#endif
