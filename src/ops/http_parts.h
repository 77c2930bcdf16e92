/* What the files of the HTTP server share. */
#ifndef OPS_HTTP_PARTS_H
#define OPS_HTTP_PARTS_H

#include "ops/http.h"
#include "ops/http_auth.h"
#include "ops/http_clock.h"
#include "ops/http_page.h"
#include "ops/http_stream.h"
#include "ops/ticker.h"

struct http_server {
    struct MHD_Daemon *daemon;
    struct metrics *metrics;
    struct http_auth auth;
    struct http_clock clock;
    struct feed *feed;
    struct http_streams streams;
    struct ticker ticker;
    struct http_page page;
    bool is_open;            /* asks for no credentials and is reached from this machine only */
    char *certificate, *key; /* contents */
};

/* libmicrohttpd's handler of requests; `context` is the server. */
enum MHD_Result http_answer(void *context, struct MHD_Connection *connection, const char *url,
                            const char *method, const char *version, const char *upload,
                            size_t *upload_len, void **request);

#endif
