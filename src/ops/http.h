/* The small HTTP server: /metrics, /healthz, /readyz. libmicrohttpd does the protocol, in a thread
 * of its own. */
#ifndef OPS_HTTP_H
#define OPS_HTTP_H

#include "ops/metrics.h"

struct http_server;

enum { HTTP_ERROR_SIZE = 256, HTTP_ADDRESS_SIZE = 128 };

/* Listens on "HOST:PORT" ("[::1]:8181" for IPv6; port 0 takes a free one, and so does a port that
 * is taken). NULL with what is wrong in `error`. `metrics` must outlive the server. `address` gets
 * what is listened on. */
struct http_server *http_open(const char *listen, struct metrics *metrics,
                              char address[HTTP_ADDRESS_SIZE], char error[HTTP_ERROR_SIZE]);
/* Accepts NULL. */
void http_close(struct http_server *server);

#endif
