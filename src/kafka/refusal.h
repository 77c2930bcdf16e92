/* Refusals: a broker that does not let this client in, or does not let it do what it must. Asking
 * again does not help, so a person is told what to grant or to repair. */
#ifndef KAFKA_REFUSAL_H
#define KAFKA_REFUSAL_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

#include "config/config.h"

enum { REFUSAL_SIZE = 768 };

struct refusal {
    rd_kafka_resp_err_t err;
    const char *topic;  /* NULL: not known */
    const char *reason; /* the library's or the broker's own words */
};

/* Whether an error is a refusal for good: no permission, or no log-in. */
bool refusal_is(rd_kafka_resp_err_t err);
/* Writes what is refused and what to do; the text holds no secret. */
void refusal_explain(const struct config *config, const struct refusal *refusal,
                     char text[REFUSAL_SIZE]);
/* The same for one operation, such as "CREATE", on one resource, such as "topic articles.raw". */
void refusal_name(const struct config *config, const char *operation, const char *resource,
                  char text[REFUSAL_SIZE]);

/* What a client has reported of being refused a connection, kept from its error callback. */
struct refusal_note {
    rd_kafka_resp_err_t err; /* RD_KAFKA_RESP_ERR_NO_ERROR: nothing */
    char reason[320];
};

/* Notes an error if it is a refused log-in or certificate; the first stays. */
void refusal_note(struct refusal_note *note, int err, const char *reason);

#endif
