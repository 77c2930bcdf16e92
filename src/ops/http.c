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

#include "base/wipe.h"
#include "ops/http_auth.h"
#include "ops/http_clock.h"

/* A request line and headers of more are answered with 431 or closed. */
enum { HTTP_REQUEST_BYTES = 32 << 10, HTTP_PER_ADDRESS_SHARE = 2 };

struct http_server {
    struct MHD_Daemon *daemon;
    struct metrics *metrics;
    struct http_auth auth;
    struct http_clock clock;
    char *certificate, *key; /* contents */
};

/* Nothing here is to be cached, framed, sniffed or run. */
static void add_headers(struct MHD_Response *response)
{
    static const char *const headers[][2] = {
        {"Cache-Control", "no-store"},
        {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
        {"Referrer-Policy", "no-referrer"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"}};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        MHD_add_response_header(response, headers[i][0], headers[i][1]);
}

static enum MHD_Result answer_text(struct MHD_Connection *connection, unsigned status,
                                   const char *type, char *text, size_t len,
                                   enum MHD_ResponseMemoryMode mode)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(len, text, mode);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", type);
    add_headers(response);
    if (status == MHD_HTTP_UNAUTHORIZED)
        MHD_add_response_header(response, "WWW-Authenticate", "Basic realm=\"copydesk\"");
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
        if (!http_auth_allows(&server->auth,
                              MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
                                                          MHD_HTTP_HEADER_AUTHORIZATION)))
            return answer_line(connection, MHD_HTTP_UNAUTHORIZED,
                               "a user or a token is wanted: http.user, http.token\n");
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

bool http_is_loopback(const char *address)
{
    return !strncmp(address, "127.", 4) || !strncmp(address, "[::1]", 5);
}

static int open_socket(const char *listen_text, char error[HTTP_ERROR_SIZE])
{
    struct addrinfo *found = resolve(listen_text, error);
    if (!found)
        return -1;
    int fd = listen_on(found);
    if (fd < 0 && errno == EADDRINUSE) {
        /* Another process of the same configuration has it: better a free port than no processing.
         */
        use_free_port(found);
        fd = listen_on(found);
    }
    freeaddrinfo(found);
    if (fd < 0)
        snprintf(error, HTTP_ERROR_SIZE,
                 "http.listen: %s: %s; choose another port, 0 for a free one, or off", listen_text,
                 strerror(errno));
    return fd;
}

/* A PEM file whole, as a heap string. */
static char *read_pem(const char *key, const char *path, char error[HTTP_ERROR_SIZE])
{
    enum { PEM_BYTES_MAX = 1 << 20 };
    FILE *file = fopen(path, "rb");
    char *text = file ? malloc(PEM_BYTES_MAX) : NULL;
    size_t len = text ? fread(text, 1, PEM_BYTES_MAX - 1, file) : 0;
    if (!text || !len || !strstr((text[len] = '\0', text), "-----BEGIN ")) {
        snprintf(error, HTTP_ERROR_SIZE, "%s: %.200s: %s", key, path,
                 file ? "this is no PEM file" : strerror(errno));
        free(text);
        text = NULL;
    }
    if (file)
        fclose(file);
    return text;
}

static bool start(struct http_server *server, const struct http_options *options, int fd)
{
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL;
    unsigned per_address = options->connections_max / HTTP_PER_ADDRESS_SHARE;
    unsigned timeout_s = options->timeout_s ? options->timeout_s : HTTP_TIMEOUT_S;
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, server->certificate},
                                   {MHD_OPTION_HTTPS_MEM_KEY, 0, server->key},
                                   {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    if (server->certificate)
        flags |= MHD_USE_TLS;
    if (!http_clock_open(&server->clock, timeout_s, options->connections_max))
        return false;
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, answer, server, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_CONNECTION_TIMEOUT, timeout_s, MHD_OPTION_CONNECTION_LIMIT,
        options->connections_max, MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_address ? per_address : 1,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_REQUEST_BYTES,
        MHD_OPTION_NOTIFY_CONNECTION, http_clock_connection, &server->clock,
        MHD_OPTION_NOTIFY_COMPLETED, http_clock_completed, &server->clock, MHD_OPTION_ARRAY,
        server->certificate ? tls : none, MHD_OPTION_END);
    if (!server->daemon)
        http_clock_close(&server->clock);
    return server->daemon != NULL;
}

static void free_server(struct http_server *server)
{
    http_auth_close(&server->auth);
    free(server->certificate);
    wipe_text(server->key);
    free(server);
}

/* Everything but the socket. */
static struct http_server *make_server(const struct http_options *options, struct metrics *metrics,
                                       char error[HTTP_ERROR_SIZE])
{
    struct http_server *server = calloc(1, sizeof *server);
    if (!server ||
        !http_auth_open(&server->auth, options->user, options->password, options->token)) {
        snprintf(error, HTTP_ERROR_SIZE, "http: out of memory");
        free(server);
        return NULL;
    }
    server->metrics = metrics;
    bool good = true;
    if (options->certificate) {
        server->certificate = read_pem("http.certificate", options->certificate, error);
        server->key = server->certificate ? read_pem("http.key", options->key, error) : NULL;
        good = server->key != NULL;
    }
    if (good)
        return server;
    free_server(server);
    return NULL;
}

struct http_server *http_open(const struct http_options *options, struct metrics *metrics,
                              char address[HTTP_ADDRESS_SIZE], char error[HTTP_ERROR_SIZE])
{
    struct http_server *server = make_server(options, metrics, error);
    int fd = server ? open_socket(options->listen, error) : -1;
    if (fd >= 0 && start(server, options, fd)) {
        print_address(fd, address);
        return server;
    }
    if (fd >= 0) {
        snprintf(error, HTTP_ERROR_SIZE, "http.listen: the server could not be started%s",
                 options->certificate ? "; do http.certificate and http.key belong together?" : "");
        close(fd);
    }
    if (server)
        free_server(server);
    return NULL;
}

void http_close(struct http_server *server)
{
    if (!server)
        return;
    MHD_stop_daemon(server->daemon);
    http_clock_close(&server->clock);
    free_server(server);
}
