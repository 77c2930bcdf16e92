#include "kafka/probe.h"

#include <stdio.h>

void probe_on_error(rd_kafka_t *client, int err, const char *reason, void *opaque)
{
    struct probe *probe = opaque;
    (void)client;
    /* "all brokers down" comes last and says least. */
    if (err != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || !probe->reason[0])
        snprintf(probe->reason, sizeof probe->reason, "%s", reason);
    refusal_note(&probe->note, err, client_reason(&probe->head, reason));
}

const char *probe_reason(const struct probe *probe, rd_kafka_resp_err_t err)
{
    return probe->reason[0] ? probe->reason : rd_kafka_err2str(err);
}
