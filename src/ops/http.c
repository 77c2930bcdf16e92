/* The life of the server: socket, certificate, daemon, the stream of events. */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/slice.h"
#include "base/wipe.h"
#include "ops/http_parts.h"

/* A request line and headers of more are answered with 431 or closed. Event streams are a quarter
 * of the connections at most, so that scrapes and probes find one. */
enum {
    HTTP_REQUEST_BYTES = 32 << 10,
    HTTP_PER_ADDRESS_SHARE = 2,
    HTTP_STREAMS_SHARE = 4,
    TICK_MS = 1000
};

/* What the stream keeps for who comes or comes back. */
static const struct feed_kind KINDS[] = {{HTTP_EVENT_ABOUT, 1, 4 << 10},
                                         {HTTP_EVENT_METRICS, 120, HTTP_METRICS_BYTES},
                                         {HTTP_EVENT_ENRICHED, 20, HTTP_ENRICHED_BYTES},
                                         {HTTP_EVENT_REJECTED, 20, HTTP_REJECTED_BYTES},
                                         {NULL, 0, 0}};

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

/* --- daemon ---------------------------------------------------------------------------------- */

static bool start_daemon(struct http_server *server, const struct http_options *options, int fd)
{
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_ALLOW_SUSPEND_RESUME;
    unsigned per_address = options->connections_max / HTTP_PER_ADDRESS_SHARE;
    unsigned timeout_s = options->timeout_s ? options->timeout_s : HTTP_TIMEOUT_S;
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, server->certificate},
                                   {MHD_OPTION_HTTPS_MEM_KEY, 0, server->key},
                                   {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    if (server->certificate)
        flags |= MHD_USE_TLS;
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, http_answer, server, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_CONNECTION_TIMEOUT, timeout_s, MHD_OPTION_CONNECTION_LIMIT,
        options->connections_max, MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_address ? per_address : 1,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_REQUEST_BYTES,
        MHD_OPTION_NOTIFY_CONNECTION, http_clock_connection, &server->clock,
        MHD_OPTION_NOTIFY_COMPLETED, http_clock_completed, &server->clock, MHD_OPTION_ARRAY,
        server->certificate ? tls : none, MHD_OPTION_END);
    return server->daemon != NULL;
}

/* The second's numbers for whoever watches. */
static void publish_metrics(void *context)
{
    struct http_server *server = context;
    size_t len = 0;
    char *json = metrics_json(server->metrics, &len);
    if (json)
        http_publish(server, HTTP_EVENT_METRICS, slice_of(json, len));
    free(json);
}

/* The socket is the daemon's from then on: it closes it. */
static bool start(struct http_server *server, const struct http_options *options, int *fd)
{
    unsigned timeout_s = options->timeout_s ? options->timeout_s : HTTP_TIMEOUT_S;
    unsigned streams = options->connections_max / HTTP_STREAMS_SHARE;
    if (!http_clock_open(&server->clock, timeout_s, options->connections_max))
        return false;
    http_streams_open(&server->streams, server->feed, &server->clock, streams ? streams : 1);
    if (start_daemon(server, options, *fd)) {
        *fd = -1;
        if (ticker_open(&server->ticker, TICK_MS, publish_metrics, server))
            return true;
        MHD_stop_daemon(server->daemon);
    }
    http_streams_close(&server->streams);
    http_clock_close(&server->clock);
    return false;
}

void http_publish(struct http_server *server, const char *kind, desk_slice json)
{
    if (server && feed_add(server->feed, kind, json.data, json.len))
        http_streams_wake(&server->streams);
}

/* --- life ------------------------------------------------------------------------------------ */

static void free_server(struct http_server *server)
{
    http_auth_close(&server->auth);
    http_page_close(&server->page);
    feed_free(server->feed);
    free(server->certificate);
    wipe_text(server->key);
    free(server);
}

static bool read_certificate(struct http_server *server, const struct http_options *options,
                             char error[HTTP_ERROR_SIZE])
{
    if (!options->certificate)
        return true;
    server->certificate = read_pem("http.certificate", options->certificate, error);
    server->key = server->certificate ? read_pem("http.key", options->key, error) : NULL;
    return server->key != NULL;
}

/* Everything but the socket. */
static struct http_server *make_server(const struct http_options *options, struct metrics *metrics,
                                       char error[HTTP_ERROR_SIZE])
{
    struct timespec now;
    struct http_server *server = calloc(1, sizeof *server);
    snprintf(error, HTTP_ERROR_SIZE, "http: out of memory");
    if (!server)
        return NULL;
    clock_gettime(CLOCK_REALTIME, &now);
    server->metrics = metrics;
    server->feed = feed_new(KINDS, (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000);
    if (server->feed &&
        http_auth_open(&server->auth, options->user, options->password, options->token) &&
        http_page_open(&server->page, http_page_builtin) &&
        read_certificate(server, options, error))
        return server;
    free_server(server);
    return NULL;
}

struct http_server *http_open(const struct http_options *options, struct metrics *metrics,
                              char address[HTTP_ADDRESS_SIZE], char error[HTTP_ERROR_SIZE])
{
    struct http_server *server = make_server(options, metrics, error);
    int fd = server ? open_socket(options->listen, error) : -1;
    if (fd >= 0) {
        print_address(fd, address);
        server->is_open = http_is_loopback(address) && !options->user && !options->token;
    }
    if (fd >= 0) {
        if (start(server, options, &fd))
            return server;
        snprintf(error, HTTP_ERROR_SIZE, "http.listen: the server could not be started%s",
                 options->certificate ? "; do http.certificate and http.key belong together?" : "");
    }
    if (fd >= 0)
        close(fd);
    if (server)
        free_server(server);
    return NULL;
}

void http_close(struct http_server *server)
{
    if (!server)
        return;
    ticker_close(&server->ticker);
    http_streams_stop(&server->streams);
    MHD_stop_daemon(server->daemon);
    http_streams_close(&server->streams);
    http_clock_close(&server->clock);
    free_server(server);
}
