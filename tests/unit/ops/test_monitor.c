/* The monitor page's side of the server: the feed, its readers over sockets, the page itself. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/slice.h"
#include "ops/feed.h"
#include "ops/http.h"
#include "ops/http_page.h"

static struct metrics metrics;

/* --- the feed ------------------------------------------------------------------------------ */

static const struct feed_kind KINDS[] = {{"a", 3, 4096}, {"b", 100, 1000}, {NULL, 0, 0}};

static void add(struct feed *feed, const char *kind, const char *data)
{
    assert_true(feed_add(feed, kind, data, strlen(data)));
}

/* Takes the next event and looks whether its text holds `part`. */
static uint64_t take(struct feed *feed, uint64_t after, const char *part)
{
    struct feed_event *event = feed_next(feed, after);
    assert_non_null(event);
    char text[4096];
    snprintf(text, sizeof text, "%.*s", (int)event->len, event->text);
    if (!strstr(text, part))
        fail_msg("no %s in %s", part, text);
    uint64_t number = event->number;
    feed_release(feed, event);
    return number;
}

static void events_come_in_order(void **state)
{
    struct feed *feed = feed_new(KINDS, 0xabc);
    (void)state;
    assert_null(feed_next(feed, 0));
    add(feed, "a", "{\"first\":1}\n");
    add(feed, "b", "{\"second\":2}");
    uint64_t at = take(feed, 0, "id: abc-1\nevent: a\ndata: {\"first\":1}\n\n");
    at = take(feed, at, "id: abc-2\nevent: b\ndata: {\"second\":2}\n\n");
    assert_null(feed_next(feed, at));
    feed_free(feed);
}

static void each_kind_has_its_bound(void **state)
{
    struct feed *feed = feed_new(KINDS, 1);
    static char large[1000];
    uint64_t at = 0;
    (void)state;
    add(feed, "b", "{\"rare\":1}");
    for (int i = 0; i < 10; i++) {
        char text[32];
        snprintf(text, sizeof text, "{\"number\":%d}", i);
        add(feed, "a", text);
    }
    at = take(feed, at, "rare"); /* many of one kind do not push out another */
    at = take(feed, at, "\"number\":7");
    at = take(feed, at, "\"number\":8");
    at = take(feed, at, "\"number\":9");
    memset(large, 'x', 400);
    for (int i = 0; i < 5; i++)
        add(feed, "b", large); /* two of them fit into the bytes */
    size_t count = 0;
    for (struct feed_event *event; (event = feed_next(feed, at)); count++) {
        at = event->number;
        feed_release(feed, event);
    }
    assert_int_equal(count, 2);
    memset(large, 'x', sizeof large - 1);
    assert_false(feed_add(feed, "b", large, strlen(large)));
    feed_free(feed);
}

static void an_event_outlives_its_place(void **state)
{
    struct feed *feed = feed_new(KINDS, 1);
    (void)state;
    add(feed, "a", "{\"held\":1}");
    struct feed_event *event = feed_next(feed, 0);
    for (int i = 0; i < 5; i++)
        add(feed, "a", "{}");
    assert_memory_equal(event->text + event->len - 14, ": {\"held\":1}", 11);
    feed_release(feed, event);
    feed_free(feed);
}

static void only_own_ids_are_gone_on_after(void **state)
{
    struct feed *feed = feed_new(KINDS, 0xabc);
    (void)state;
    assert_int_equal(feed_resume(feed, "abc-17"), 17);
    static const char *const others[] = {NULL,   "",        "abd-17", "abc17",
                                         "abc-", "abc-17x", "-1",     "abc-99999999999999999999999",
                                         "\xFF"};
    for (size_t i = 1; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(others[i], "abc-") != 0)
            assert_int_equal(feed_resume(feed, others[i]), 0);
    assert_int_equal(feed_resume(feed, NULL), 0);
    feed_free(feed);
}

/* --- readers ------------------------------------------------------------------------------- */

static struct http_server *server_with(struct http_options options, unsigned short *port)
{
    char address[HTTP_ADDRESS_SIZE], error[HTTP_ERROR_SIZE] = "";
    options.listen = "127.0.0.1:0";
    if (!options.connections_max)
        options.connections_max = 8;
    struct http_server *server = http_open(&options, &metrics, address, error);
    if (!server)
        fail_msg("%s", error);
    *port = (unsigned short)atoi(strrchr(address, ':') + 1);
    return server;
}

/* Sends a GET and leaves the connection open. */
static int ask(unsigned short port, const char *path, const char *headers)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct timeval patience = {20, 0};
    char request[1024];
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    int len = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\n%s\r\n", path, headers);
    assert_int_equal(send(fd, request, (size_t)len, MSG_NOSIGNAL), len);
    return fd;
}

/* Reads until the text holds `part`, or its end; what was read. */
static const char *read_until(int fd, const char *part)
{
    static char text[1 << 18];
    size_t used = 0;
    ssize_t got;
    text[0] = '\0';
    while (!(part && strstr(text, part)) && used < sizeof text - 1 &&
           (got = recv(fd, text + used, sizeof text - 1 - used, 0)) > 0) {
        used += (size_t)got;
        text[used] = '\0';
    }
    if (part && !strstr(text, part))
        fail_msg("no %s in %s", part, text);
    return text;
}

static const char LOCAL[] = "Host: localhost\r\n";

static void numbers_come_each_second(void **state)
{
    unsigned short port;
    struct timespec started, now;
    (void)state;
    struct http_server *server = server_with((struct http_options){.timeout_s = 1}, &port);
    clock_gettime(CLOCK_MONOTONIC, &started);
    int fd = ask(port, "/events", LOCAL);
    const char *text = read_until(fd, "event: metrics\ndata: {\"time_ms\":");
    assert_non_null(strstr(text, "200 OK"));
    assert_non_null(strstr(text, "text/event-stream"));
    assert_non_null(strstr(text, "default-src 'none'"));
    for (int i = 0; i < 4;
         i++) /* longer than a request may take: a reader that reads is no slow client */
        read_until(fd, "event: metrics\n");
    clock_gettime(CLOCK_MONOTONIC, &now);
    assert_in_range(now.tv_sec - started.tv_sec, 2, 8);
    http_publish(server, HTTP_EVENT_REJECTED, slice_from_cstr("{\"code\":\"a-test\"}"));
    read_until(fd, "event: rejected\ndata: {\"code\":\"a-test\"}\n\n");
    http_close(server); /* with a reader that is still there */
    read_until(fd, NULL);
    close(fd);
}

static void a_reader_goes_on_where_it_was(void **state)
{
    unsigned short port;
    char headers[128], id[64] = "";
    (void)state;
    struct http_server *server = server_with((struct http_options){.timeout_s = 0}, &port);
    http_publish(server, HTTP_EVENT_REJECTED, slice_from_cstr("{\"number\":1}"));
    http_publish(server, HTTP_EVENT_REJECTED, slice_from_cstr("{\"number\":2}"));
    int fd = ask(port, "/events", LOCAL);
    const char *second = strstr(read_until(fd, "{\"number\":2}\n\n"), "{\"number\":1}");
    assert_int_equal(sscanf(strstr(second, "id: "), "id: %63s", id), 1);
    close(fd);
    http_publish(server, HTTP_EVENT_REJECTED, slice_from_cstr("{\"number\":3}"));
    snprintf(headers, sizeof headers, "Host: localhost\r\nLast-Event-ID: %s\r\n", id);
    fd = ask(port, "/events", headers);
    const char *text = read_until(fd, "{\"number\":3}");
    assert_null(strstr(text, "{\"number\":1}"));
    assert_null(strstr(text, "{\"number\":2}"));
    close(fd);
    http_close(server);
}

/* Of eight connections two may be streams. */
static void readers_have_a_bound(void **state)
{
    unsigned short port;
    int fds[3];
    (void)state;
    struct http_server *server = server_with((struct http_options){.timeout_s = 0}, &port);
    for (size_t i = 0; i < 3; i++) {
        fds[i] = ask(port, "/events", LOCAL);
        const char *text = read_until(fds[i], "\r\n\r\n");
        assert_non_null(strstr(text, i < 2 ? "200 OK" : "503"));
    }
    close(fds[2]);
    int probe = ask(port, "/healthz", LOCAL); /* and there is room for the others */
    read_until(probe, "HTTP/1.1 200 OK");
    close(probe);
    close(fds[0]);
    nanosleep(&(struct timespec){2, 500000000}, NULL); /* found gone at the next events */
    fds[2] = ask(port, "/events", LOCAL);
    read_until(fds[2], "200 OK");
    close(fds[1]);
    close(fds[2]);
    http_close(server);
}

/* A reader that takes nothing is ended in the time of a request; publishing never waits for it. */
static void a_reader_that_takes_nothing_is_ended(void **state)
{
    unsigned short port;
    struct timespec started, now;
    static char large[1 << 18];
    size_t read = 0;
    ssize_t got;
    (void)state;
    struct http_server *server = server_with((struct http_options){.timeout_s = 1}, &port);
    memset(large, 'x', sizeof large);
    int fd = ask(port, "/events", LOCAL);
    clock_gettime(CLOCK_MONOTONIC, &started);
    for (int i = 0; i < 40; i++) {
        http_publish(server, HTTP_EVENT_ENRICHED, slice_of(large, sizeof large));
        nanosleep(&(struct timespec){0, 100000000}, NULL);
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    assert_in_range(now.tv_sec - started.tv_sec, 3, 8);
    while ((got = recv(fd, large, sizeof large, 0)) > 0) /* what lay in the buffers, then the end */
        read += (size_t)got;
    assert_true(read < 40 * sizeof large);
    close(fd);
    http_close(server);
}

/* --- who may ------------------------------------------------------------------------------- */

static void expect(unsigned short port, const char *path, const char *headers, const char *answer)
{
    int fd = ask(port, path, headers);
    read_until(fd, answer);
    close(fd);
}

/* DNS rebinding: a stranger's page whose name leads to 127.0.0.1 sends that name. */
static void strange_names_are_not_answered(void **state)
{
    unsigned short port;
    (void)state;
    struct http_options options = {.connections_max = 64};
    struct http_server *server = server_with(options, &port);
    static const char *const paths[] = {"/events", "/metrics", "/status"};
    for (size_t i = 0; i < 3; i++) {
        expect(port, paths[i], "Host: rebound.example:8181\r\n", "403 Forbidden");
        expect(port, paths[i], "Host: 127.0.0.1.rebound.example\r\n", "403 Forbidden");
        expect(port, paths[i], "Host: localhost.rebound.example\r\n", "403 Forbidden");
        expect(port, paths[i], "Host: 127.0.0.1:8181\r\n", "200 OK");
        expect(port, paths[i], "Host: LOCALHOST:9\r\n", "200 OK");
        expect(port, paths[i], "Host: [::1]:9\r\n", "200 OK");
    }
    http_close(server);
    options.token = "t0ken"; /* a stranger's page does not have it */
    server = server_with(options, &port);
    expect(port, "/events", "Host: proxy.example\r\n", "401 Unauthorized");
    expect(port, "/events", "Host: proxy.example\r\nAuthorization: Bearer t0ken\r\n", "200 OK");
    http_close(server);
}

/* A browser's own dialog would hold the script's answer back. */
static void the_script_is_asked_without_a_dialog(void **state)
{
    unsigned short port;
    (void)state;
    struct http_server *server = server_with(
        (struct http_options){.user = "ada", .password = "p", .connections_max = 64}, &port);
    expect(port, "/metrics", LOCAL, "WWW-Authenticate: Basic ");
    expect(port, "/events", LOCAL, "WWW-Authenticate: xBasic ");
    expect(port, "/", LOCAL, "200 OK");
    http_close(server);
}

/* --- the page ------------------------------------------------------------------------------ */

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    while ((text = strstr(text, part))) {
        text += strlen(part);
        count++;
    }
    return count;
}

static desk_slice find_plain(const char *name, size_t len)
{
    return strncmp(name, "charts/", 7) == 0 ? slice_of(NULL, 0) : http_page_builtin(name, len);
}

/* A page as text, with its nonce. */
static char *make(const struct http_page *page, char nonce[PAGE_NONCE_LEN + 1])
{
    char policy[PAGE_POLICY_SIZE];
    char *html = http_page_make(page, policy);
    assert_non_null(html);
    char *text = calloc(page->len + 1, 1);
    memcpy(text, html, page->len);
    free(html);
    memcpy(nonce, strstr(policy, "script-src 'nonce-") + 18, PAGE_NONCE_LEN);
    nonce[PAGE_NONCE_LEN] = '\0';
    assert_non_null(strstr(policy, "default-src 'none'"));
    assert_non_null(strstr(policy, "trusted-types 'none'"));
    assert_null(strstr(policy, "unsafe"));
    return text;
}

/* Everything is inside, everything that runs bears the answer's nonce, nothing is asked of others.
 */
static void the_page_is_whole(void **state)
{
    struct http_page page;
    char first[PAGE_NONCE_LEN + 1], second[PAGE_NONCE_LEN + 1], bearing[64];
    (void)state;
    assert_true(http_page_open(&page, find_plain));
    char *text = make(&page, first);
    snprintf(bearing, sizeof bearing, "nonce=\"%s\"", first);
    assert_in_range(count_of(text, "<script"), 8, PAGE_NONCES_MAX - 1);
    assert_int_equal(count_of(text, "<script"), count_of(text, "</script>"));
    assert_int_equal(count_of(text, "<style"), 1);
    assert_int_equal(count_of(text, bearing), count_of(text, "<script") + count_of(text, "<style"));
    static const char *const never[] = {"src=",      "http://", "https://", "<link",
                                        "innerHTML", " style=", "onclick",  "Leon Sorokin"};
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
        if (strstr(text, never[i]))
            assert_string_equal(never[i], strstr(text, never[i]));
    free(text);
    free(make(&page, second));
    assert_string_not_equal(first, second);
    http_page_close(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(events_come_in_order),
                                       cmocka_unit_test(each_kind_has_its_bound),
                                       cmocka_unit_test(an_event_outlives_its_place),
                                       cmocka_unit_test(only_own_ids_are_gone_on_after),
                                       cmocka_unit_test(numbers_come_each_second),
                                       cmocka_unit_test(a_reader_goes_on_where_it_was),
                                       cmocka_unit_test(readers_have_a_bound),
                                       cmocka_unit_test(a_reader_that_takes_nothing_is_ended),
                                       cmocka_unit_test(strange_names_are_not_answered),
                                       cmocka_unit_test(the_script_is_asked_without_a_dialog),
                                       cmocka_unit_test(the_page_is_whole)};
    if (!metrics_init(&metrics, &(struct metrics_options){.lanes_count = 1}))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    metrics_deinit(&metrics);
    return failed;
}
