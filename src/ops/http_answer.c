/* Answering a few paths; everything else is 404, everything but GET and HEAD 405. */
#include <microhttpd.h>
#include <string.h>
#include <strings.h>

#include "ops/health.h"
#include "ops/http_parts.h"

static const char TEXT[] = "text/plain; charset=utf-8";
static const char JSON[] = "application/json";
/* Answers that are not meant to be shown by a browser. */
static const char NO_CONTENT[] = "default-src 'none'; frame-ancestors 'none'";

/* --- responses ------------------------------------------------------------------------------- */

/* Nothing here is to be cached, framed or sniffed, and nothing runs but what the policy allows. */
static void add_headers(struct MHD_Response *response, const char *type, const char *policy)
{
    const char *const headers[][2] = {{"Content-Type", type},
                                      {"Cache-Control", "no-store"},
                                      {"Content-Security-Policy", policy},
                                      {"Cross-Origin-Opener-Policy", "same-origin"},
                                      {"Cross-Origin-Resource-Policy", "same-origin"},
                                      {"Referrer-Policy", "no-referrer"},
                                      {"X-Content-Type-Options", "nosniff"},
                                      {"X-Frame-Options", "DENY"}};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        MHD_add_response_header(response, headers[i][0], headers[i][1]);
}

static enum MHD_Result queue(struct MHD_Connection *connection, unsigned status,
                             struct MHD_Response *response)
{
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

/* On the heap, and gone once it is answered; `text` NULL, out of memory, closes the connection. */
struct heap_text {
    char *text;
    size_t len;
    const char *type;
};

static enum MHD_Result answer_heap(struct MHD_Connection *connection, unsigned status,
                                   struct heap_text page)
{
    struct MHD_Response *response =
        page.text ? MHD_create_response_from_buffer(page.len, page.text, MHD_RESPMEM_MUST_FREE)
                  : NULL;
    if (!response)
        return MHD_NO;
    add_headers(response, page.type, NO_CONTENT);
    return queue(connection, status, response);
}

static struct MHD_Response *line_response(const char *line)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(line), (char *)(size_t)line, MHD_RESPMEM_PERSISTENT);
    if (response)
        add_headers(response, TEXT, NO_CONTENT);
    return response;
}

static enum MHD_Result answer_line(struct MHD_Connection *connection, unsigned status,
                                   const char *line)
{
    struct MHD_Response *response = line_response(line);
    return response ? queue(connection, status, response) : MHD_NO;
}

/* --- who may --------------------------------------------------------------------------------- */

/* Whether a Host header names this machine to itself. A page of a stranger whose name was made to
 * lead to 127.0.0.1 sends the stranger's name (DNS rebinding). */
static bool is_local_name(const char *host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; host && i < sizeof names / sizeof names[0]; i++) {
        size_t len = strlen(names[i]);
        if (!strncasecmp(host, names[i], len) && (host[len] == '\0' || host[len] == ':'))
            return true;
    }
    return host && !strncmp(host, "127.", 4) && host[strspn(host, "0123456789.:")] == '\0';
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* The page's script asks for a user by a form of its own: for its events a scheme is named that
 * browsers do not know, or they would open a dialog and hold the answer back until it is closed. */
static enum MHD_Result ask_for_credentials(const struct http_server *server,
                                           struct MHD_Connection *connection, bool is_for_script)
{
    struct MHD_Response *response =
        line_response("a user or a token is wanted: http.user, http.token\n");
    if (!response)
        return MHD_NO;
    if (server->auth.basic)
        MHD_add_response_header(response, "WWW-Authenticate",
                                is_for_script ? "xBasic realm=\"copydesk\""
                                              : "Basic realm=\"copydesk\"");
    if (server->auth.bearer)
        MHD_add_response_header(response, "WWW-Authenticate", "Bearer realm=\"copydesk\"");
    return queue(connection, MHD_HTTP_UNAUTHORIZED, response);
}

/* --- paths ----------------------------------------------------------------------------------- */

static enum MHD_Result answer_question(const struct http_server *server,
                                       struct MHD_Connection *connection,
                                       enum health_question question)
{
    size_t len = 0;
    long long now = metrics_now_ms();
    bool is_good = health_is(server->metrics, question, now);
    char *text = health_json(server->metrics, question, now, &len);
    return answer_heap(connection, is_good ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
                       (struct heap_text){text, len, JSON});
}

static enum MHD_Result answer_health(struct http_server *server, struct MHD_Connection *connection)
{
    return answer_question(server, connection, HEALTH_LIVE);
}

static enum MHD_Result answer_ready(struct http_server *server, struct MHD_Connection *connection)
{
    return answer_question(server, connection, HEALTH_READY);
}

static enum MHD_Result answer_metrics(struct http_server *server, struct MHD_Connection *connection)
{
    size_t len = 0;
    char *text = metrics_text(server->metrics, &len);
    return answer_heap(connection, MHD_HTTP_OK,
                       (struct heap_text){text, len, "text/plain; version=0.0.4; charset=utf-8"});
}

static enum MHD_Result answer_status(struct http_server *server, struct MHD_Connection *connection)
{
    size_t len = 0;
    char *text = metrics_json(server->metrics, &len);
    return answer_heap(connection, MHD_HTTP_OK, (struct heap_text){text, len, JSON});
}

static enum MHD_Result answer_events(struct http_server *server, struct MHD_Connection *connection)
{
    struct MHD_Response *response =
        http_stream_answer(&server->streams, connection, header(connection, "Last-Event-ID"));
    if (!response)
        return answer_line(connection, MHD_HTTP_SERVICE_UNAVAILABLE,
                           "too many monitor pages are open: close one, or raise "
                           "http.connections, of which a quarter may be event streams\n");
    add_headers(response, "text/event-stream; charset=utf-8", NO_CONTENT);
    MHD_add_response_header(response, "X-Accel-Buffering", "no"); /* asks nginx not to hold it up */
    return queue(connection, MHD_HTTP_OK, response);
}

static enum MHD_Result answer_page(struct http_server *server, struct MHD_Connection *connection)
{
    char policy[PAGE_POLICY_SIZE];
    char *html = http_page_make(&server->page, policy);
    struct MHD_Response *response =
        html ? MHD_create_response_from_buffer(server->page.len, html, MHD_RESPMEM_MUST_FREE)
             : NULL;
    if (!response)
        return MHD_NO;
    add_headers(response, "text/html; charset=utf-8", policy);
    return queue(connection, MHD_HTTP_OK, response);
}

/* The page itself holds no secret: it is open, and its script asks for credentials and sends them
 * for the events. Probes ask for health and have no credentials. */
static const struct path {
    const char *path;
    enum MHD_Result (*answer)(struct http_server *server, struct MHD_Connection *connection);
    bool is_guarded;
} PATHS[] = {
    {"/", answer_page, false},          {"/events", answer_events, true},
    {"/metrics", answer_metrics, true}, {"/status", answer_status, true},
    {"/healthz", answer_health, false}, {"/readyz", answer_ready, false},
};

static enum MHD_Result answer_guarded(struct http_server *server, struct MHD_Connection *connection,
                                      const struct path *path)
{
    if (server->is_open && !is_local_name(header(connection, MHD_HTTP_HEADER_HOST)))
        return answer_line(connection, MHD_HTTP_FORBIDDEN,
                           "reach it as localhost or 127.0.0.1, or set http.token or http.user: a "
                           "name that leads here by chance is not answered\n");
    if (!http_auth_allows(&server->auth, header(connection, MHD_HTTP_HEADER_AUTHORIZATION)))
        return ask_for_credentials(server, connection, path->answer == answer_events);
    return path->answer(server, connection);
}

enum MHD_Result http_answer(void *context, struct MHD_Connection *connection, const char *url,
                            const char *method, const char *version, const char *upload,
                            size_t *upload_len, void **request)
{
    (void)version;
    (void)upload;
    (void)request;
    if (*upload_len) {
        *upload_len = 0;
        return MHD_YES;
    }
    if (strcmp(method, "GET") && strcmp(method, "HEAD")) {
        struct MHD_Response *response = line_response("only GET and HEAD are allowed\n");
        if (!response)
            return MHD_NO;
        MHD_add_response_header(response, "Allow", "GET, HEAD");
        return queue(connection, MHD_HTTP_METHOD_NOT_ALLOWED, response);
    }
    for (size_t i = 0; i < sizeof PATHS / sizeof PATHS[0]; i++)
        if (!strcmp(url, PATHS[i].path))
            return PATHS[i].is_guarded ? answer_guarded(context, connection, &PATHS[i])
                                       : PATHS[i].answer(context, connection);
    return answer_line(connection, MHD_HTTP_NOT_FOUND,
                       "there is the monitor page at /, /events, /metrics, /status, /healthz and "
                       "/readyz\n");
}
