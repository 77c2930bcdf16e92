/* The HTTP side of a run: the server as configured, and what it shows of records. */
#ifndef KAFKA_SERVE_H
#define KAFKA_SERVE_H

#include "kafka/spotlight.h"
#include "ops/http.h"

enum { SERVE_URL_SIZE = HTTP_ADDRESS_SIZE + 16 };

struct serve {
    struct http_server *http;    /* NULL: http.listen is off */
    char url[SERVE_URL_SIZE];    /* of the monitor page, with the port that was got; or empty */
    struct spotlight *spotlight; /* NULL: no articles are shown */
};

/* Listens, and says where, and what is unwise about it, in the log. False when the configured
 * address or certificate cannot be used: the log has the reason. Lanes may start afterwards: they
 * find shared->spotlight. */
bool serve_open(struct serve *serve, struct lane_shared *shared);
/* After the lanes have ended. */
void serve_close(struct serve *serve);

#endif
