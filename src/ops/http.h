/* The small HTTP server: /metrics, /status (the same as JSON), /healthz, /readyz, and the monitor
 * page at / with its events. libmicrohttpd does the protocol and TLS, in a thread of its own.
 *
 * Only GET and HEAD; a request has HTTP_REQUEST_BYTES at most and ten seconds, however slowly it is
 * sent. With a user or a token /metrics, /status and /events ask for it; /healthz and /readyz say
 * why and stay open, for probes, and so does the page, which holds nothing by itself. */
#ifndef OPS_HTTP_H
#define OPS_HTTP_H

#include <copydesk/slice.h>
#include <stdbool.h>

#include "ops/metrics.h"

struct http_server;

/* Ten seconds are enough for a page and too few for a slow client to hold a connection. */
enum { HTTP_ERROR_SIZE = 512, HTTP_ADDRESS_SIZE = 128, HTTP_TIMEOUT_S = 10 };

/* What is kept of events, in bytes: two minutes of numbers, the newest records. The numbers of one
 * second are some 20 KB; with LEDGER_ROWS_MAX partitions of topics with the longest names, 13 MB.
 */
enum {
    HTTP_METRICS_BYTES = 16 << 20,
    HTTP_ENRICHED_BYTES = 4 << 20,
    HTTP_REJECTED_BYTES = 1 << 20,
    HTTP_EVENTS_BYTES = HTTP_METRICS_BYTES + HTTP_ENRICHED_BYTES + HTTP_REJECTED_BYTES
};

/* Kinds of events; docs/monitor.md says what is in them. The server itself publishes metrics. */
#define HTTP_EVENT_ABOUT    "about"
#define HTTP_EVENT_METRICS  "metrics"
#define HTTP_EVENT_ENRICHED "enriched"
#define HTTP_EVENT_REJECTED "rejected"

struct http_options {
    const char *listen; /* "HOST:PORT", "[::1]:8181" for IPv6; port 0 takes a free one, and so does
                           a port that is taken */
    const char *certificate, *key;       /* PEM files; NULL: no TLS */
    const char *user, *password, *token; /* NULL: not asked for; any of the two ways in is enough */
    unsigned connections_max;
    unsigned timeout_s; /* of a silent connection, and of a whole request; 0: HTTP_TIMEOUT_S */
};

/* Listens. NULL with what is wrong in `error`, never with a secret in it. The options' strings and
 * `metrics` must outlive the server. `address` gets what is listened on. */
struct http_server *http_open(const struct http_options *options, struct metrics *metrics,
                              char address[HTTP_ADDRESS_SIZE], char error[HTTP_ERROR_SIZE]);
/* Gives an event, one line of JSON, to the open monitor pages and those to come. Never waits for
 * them. Accepts NULL for the server. Any thread. */
void http_publish(struct http_server *server, const char *kind, desk_slice json);
/* Accepts NULL. */
void http_close(struct http_server *server);
/* Whether an address that http_open gave is reached from this machine only. */
bool http_is_loopback(const char *address);

#endif
