/* Answering three paths; everything else is 404, everything but GET and HEAD 405. */
#include "ops/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct http_server {
    struct MHD_Daemon *daemon;
    struct metrics *metrics;
};

static enum MHD_Result answer_text(struct MHD_Connection *connection, unsigned status,
                                   const char *type, char *text, size_t len,
                                   enum MHD_ResponseMemoryMode mode)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(len, text, mode);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, "Allow", "GET, HEAD");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer_line(struct MHD_Connection *connection, unsigned status,
                                   const char *line)
{
    return answer_text(connection, status, "text/plain; charset=utf-8", (char *)(size_t)line,
                       strlen(line), MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_len, void **request)
{
    const struct http_server *server = context;
    (void)version;
    (void)upload;
    (void)request;
    if (*upload_len) {
        *upload_len = 0;
        return MHD_YES;
    }
    if (strcmp(method, "GET") && strcmp(method, "HEAD"))
        return answer_line(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
                           "only GET and HEAD are allowed\n");
    if (!strcmp(url, "/healthz"))
        return answer_line(connection, MHD_HTTP_OK, "ok\n");
    if (!strcmp(url, "/readyz")) {
        bool ready = metrics_is_ready(server->metrics);
        return answer_line(connection, ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
                           ready ? "ready\n"
                                 : "not ready: draining, or no lane has joined its group yet\n");
    }
    if (!strcmp(url, "/metrics")) {
        size_t len = 0;
        char *text = metrics_text(server->metrics, &len);
        if (!text)
            return MHD_NO;
        return answer_text(connection, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8",
                           text, len, MHD_RESPMEM_MUST_FREE);
    }
    return answer_line(connection, MHD_HTTP_NOT_FOUND, "there is /metrics, /healthz and /readyz\n");
}

/* "127.0.0.1:8181" or "[::1]:8181" to an address. */
static struct addrinfo *resolve(const char *text, char error[HTTP_ERROR_SIZE])
{
    char host[HTTP_ADDRESS_SIZE];
    const char *colon = strrchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : 0;
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM},
                    *found = NULL;
    if (!colon || len == 0 || len >= sizeof host) {
        snprintf(error, HTTP_ERROR_SIZE,
                 "http.listen: '%s' is not HOST:PORT, such as 127.0.0.1:8181", text);
        return NULL;
    }
    bool bracketed = text[0] == '[' && colon[-1] == ']';
    memcpy(host, text + bracketed, len - 2 * bracketed);
    host[len - 2 * bracketed] = '\0';
    int code = getaddrinfo(host, colon + 1, &hints, &found);
    if (code)
        snprintf(error, HTTP_ERROR_SIZE, "http.listen: '%s': %s", text, gai_strerror(code));
    return code ? NULL : found;
}

static int listen_on(const struct addrinfo *address)
{
    int one = 1, fd = socket(address->ai_family, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, address->ai_addr, address->ai_addrlen) || listen(fd, 32)) {
        int code = errno;
        close(fd);
        errno = code;
        return -1;
    }
    return fd;
}

static void use_free_port(struct addrinfo *address)
{
    if (address->ai_family == AF_INET)
        ((struct sockaddr_in *)(void *)address->ai_addr)->sin_port = 0;
    else if (address->ai_family == AF_INET6)
        ((struct sockaddr_in6 *)(void *)address->ai_addr)->sin6_port = 0;
}

static void print_address(int fd, char out[HTTP_ADDRESS_SIZE])
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    char host[80] = "?", port[16] = "?";
    if (!getsockname(fd, (struct sockaddr *)&address, &len))
        getnameinfo((struct sockaddr *)&address, len, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(out, HTTP_ADDRESS_SIZE, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
}

struct http_server *http_open(const char *listen_text, struct metrics *metrics,
                              char address[HTTP_ADDRESS_SIZE], char error[HTTP_ERROR_SIZE])
{
    struct addrinfo *found = resolve(listen_text, error);
    if (!found)
        return NULL;
    int fd = listen_on(found);
    if (fd < 0 && errno == EADDRINUSE) {
        /* Another process of the same configuration has it: better a free port than no processing.
         */
        use_free_port(found);
        fd = listen_on(found);
    }
    freeaddrinfo(found);
    if (fd < 0) {
        snprintf(error, HTTP_ERROR_SIZE,
                 "http.listen: %s: %s; choose another port, 0 for a free one, or off", listen_text,
                 strerror(errno));
        return NULL;
    }
    struct http_server *server = calloc(1, sizeof *server);
    if (server) {
        server->metrics = metrics;
        server->daemon =
            MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0, NULL, NULL, answer,
                             server, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_TIMEOUT,
                             10U, MHD_OPTION_CONNECTION_LIMIT, 64U, MHD_OPTION_END);
    }
    if (!server || !server->daemon) {
        snprintf(error, HTTP_ERROR_SIZE, "http.listen: the server could not be started");
        free(server);
        close(fd);
        return NULL;
    }
    print_address(fd, address);
    return server;
}

void http_close(struct http_server *server)
{
    if (!server)
        return;
    MHD_stop_daemon(server->daemon);
    free(server);
}
