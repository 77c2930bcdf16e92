/* The HTTP server through a socket, its credentials, and the table of ledgers. */
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

#include "ops/http.h"
#include "ops/http_auth.h"
#include "ops/log.h"

static struct metrics metrics;

static struct http_server *server_with(struct http_options options, unsigned short *port)
{
    char address[HTTP_ADDRESS_SIZE], error[HTTP_ERROR_SIZE] = "";
    options.listen = "127.0.0.1:0";
    options.connections_max = 8;
    struct http_server *server = http_open(&options, &metrics, address, error);
    if (!server)
        fail_msg("%s", error);
    assert_true(http_is_loopback(address));
    *port = (unsigned short)atoi(strrchr(address, ':') + 1);
    return server;
}

/* Sends the bytes and reads the answer to its end. */
static void ask(unsigned short port, const char *request, size_t len, char answer[65536])
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct timeval patience = {20, 0};
    size_t used = 0;
    ssize_t got;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    for (size_t sent = 0; sent < len;) {
        ssize_t n = send(fd, request + sent, len - sent, MSG_NOSIGNAL);
        if (n <= 0)
            break;
        sent += (size_t)n;
    }
    while (used < 65535 && (got = recv(fd, answer + used, 65535 - used, 0)) > 0)
        used += (size_t)got;
    answer[used] = '\0';
    close(fd);
}

static void get(unsigned short port, const char *method, const char *path, const char *header,
                char answer[65536])
{
    char request[1024];
    int len = snprintf(request, sizeof request,
                       "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n", method,
                       path, header);
    ask(port, request, (size_t)len, answer);
}

static void only_get_and_known_paths(void **state)
{
    static char answer[65536];
    unsigned short port;
    (void)state;
    struct http_server *server = server_with((struct http_options){.certificate = NULL}, &port);
    get(port, "GET", "/healthz", "", answer);
    assert_non_null(strstr(answer, "200 OK"));
    assert_non_null(strstr(answer, "X-Content-Type-Options: nosniff"));
    assert_non_null(strstr(answer, "default-src 'none'"));
    get(port, "GET", "/readyz", "", answer);
    assert_non_null(strstr(answer, "503"));
    assert_non_null(strstr(answer, "no lane has joined its consumer group"));
    get(port, "GET", "/status", "", answer);
    assert_non_null(strstr(answer, "application/json"));
    assert_non_null(strstr(answer, "\"copydesk_records_in_total\":[{\"labels\":{\"lane\":\"0\"}"));
    get(port, "GET", "/metrics", "", answer);
    assert_non_null(strstr(answer, "copydesk_records_in_total{lane=\"0\"} 0"));
    get(port, "POST", "/metrics", "Content-Length: 0\r\n", answer);
    assert_non_null(strstr(answer, "405"));
    get(port, "DELETE", "/healthz", "", answer);
    assert_non_null(strstr(answer, "405"));
    get(port, "GET", "/../etc/passwd", "", answer);
    assert_non_null(strstr(answer, "404"));
    http_close(server);
}

static void a_request_has_a_bound(void **state)
{
    static char answer[65536], request[200000];
    unsigned short port;
    (void)state;
    struct http_server *server = server_with((struct http_options){.certificate = NULL}, &port);
    size_t used = (size_t)snprintf(request, sizeof request, "GET /healthz HTTP/1.1\r\nHost: a\r\n");
    while (used < 150000)
        used +=
            (size_t)snprintf(request + used, sizeof request - used, "X-H%zu: %080d\r\n", used, 7);
    used += (size_t)snprintf(request + used, sizeof request - used, "\r\n");
    ask(port, request, used, answer);
    assert_null(strstr(answer, "200 OK"));
    get(port, "GET", "/healthz", "Content-Length: 999999999\r\n", answer);
    get(port, "GET", "/healthz", "", answer); /* and the server goes on */
    assert_non_null(strstr(answer, "200 OK"));
    http_close(server);
}

static void metrics_ask_for_credentials(void **state)
{
    static char answer[65536];
    unsigned short port;
    struct http_options options = {.user = "scraper", .password = "pass:word", .token = "t0ken"};
    (void)state;
    struct http_server *server = server_with(options, &port);
    get(port, "GET", "/metrics", "", answer);
    assert_non_null(strstr(answer, "401"));
    assert_non_null(strstr(answer, "WWW-Authenticate"));
    assert_null(strstr(answer, "copydesk_records"));
    get(port, "GET", "/status", "", answer);
    assert_non_null(strstr(answer, "401"));
    get(port, "GET", "/metrics", "Authorization: Bearer t0kem\r\n", answer);
    assert_non_null(strstr(answer, "401"));
    get(port, "GET", "/metrics", "Authorization: Bearer t0ken\r\n", answer);
    assert_non_null(strstr(answer, "200 OK"));
    /* printf 'scraper:pass:word' | base64 */
    get(port, "GET", "/metrics", "Authorization: Basic c2NyYXBlcjpwYXNzOndvcmQ=\r\n", answer);
    assert_non_null(strstr(answer, "200 OK"));
    get(port, "GET", "/healthz", "", answer);
    assert_non_null(strstr(answer, "200 OK"));
    http_close(server);
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){0, ms * 1000000}, NULL);
}

static int connected(unsigned short port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct timeval patience = {20, 0};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* A byte now and then is never silent long enough for a timeout of silence; the request as a whole
 * has one too. */
static void a_slow_client_is_ended(void **state)
{
    static const char request[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: 1234567890";
    unsigned short port;
    size_t sent = 0;
    (void)state;
    struct http_server *server = server_with((struct http_options){.timeout_s = 1}, &port);
    int fd = connected(port);
    while (sent < sizeof request - 1 && send(fd, request + sent, 1, MSG_NOSIGNAL) == 1) {
        sent++;
        pause_ms(200);
    }
    assert_in_range(sent, 5, 25); /* 2 s, not the 12 that the request would take */
    close(fd);
    http_close(server);
}

static void a_silent_client_is_ended(void **state)
{
    static char answer[65536];
    unsigned short port;
    (void)state;
    struct http_server *server = server_with((struct http_options){.timeout_s = 1}, &port);
    int fd = connected(port);
    assert_true(recv(fd, answer, sizeof answer, 0) <= 0);
    close(fd);
    http_close(server);
}

/* Of eight connections at most four are of one address; the others are closed at once, and when the
 * four have gone the server answers again. */
static void connections_have_a_bound(void **state)
{
    static char answer[65536];
    unsigned short port;
    int fds[16];
    size_t closed = 0;
    (void)state;
    struct http_server *server = server_with((struct http_options){.timeout_s = 1}, &port);
    for (size_t i = 0; i < 16; i++)
        fds[i] = connected(port);
    pause_ms(300);
    for (size_t i = 0; i < 16; i++) {
        char byte;
        closed += recv(fds[i], &byte, 1, MSG_DONTWAIT) == 0;
    }
    assert_int_equal(closed, 12);
    for (size_t i = 0; i < 16; i++)
        close(fds[i]);
    pause_ms(300);
    get(port, "GET", "/healthz", "", answer);
    assert_non_null(strstr(answer, "200 OK"));
    http_close(server);
}

/* Each request of a connection that stays open is bounded, not only the first. */
static void a_later_request_has_a_bound(void **state)
{
    static char answer[65536], request[200000];
    static const char first[] = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    unsigned short port;
    (void)state;
    struct http_server *server = server_with((struct http_options){.timeout_s = 2}, &port);
    size_t used = (size_t)snprintf(request, sizeof request, "%s", first);
    used += (size_t)snprintf(request + used, sizeof request - used, "GET /readyz HTTP/1.1\r\nX: ");
    memset(request + used, 'x', 150000);
    used += 150000;
    used += (size_t)snprintf(request + used, sizeof request - used, "\r\n\r\n");
    ask(port, request, used, answer);
    assert_non_null(strstr(answer, "200 OK"));
    assert_null(strstr(answer, "no lane has joined"));
    http_close(server);
}

static void mistakes_are_named(void **state)
{
    char address[HTTP_ADDRESS_SIZE], error[HTTP_ERROR_SIZE];
    struct http_options options = {
        .listen = "127.0.0.1:0", .certificate = "/nonexistent.pem", .key = "/nonexistent.key"};
    (void)state;
    assert_null(http_open(&options, &metrics, address, error));
    assert_non_null(strstr(error, "http.certificate: /nonexistent.pem"));
    options = (struct http_options){.listen = "nowhere"};
    assert_null(http_open(&options, &metrics, address, error));
    assert_non_null(strstr(error, "HOST:PORT"));
}

/* What log_write puts on stderr. */
static void logged(const struct log_settings *settings, const char *text, char out[512])
{
    int ends[2], old = dup(STDERR_FILENO);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    log_write(settings, LOG_ERROR, text, LOG_FIELDS(log_text("reason", text)));
    dup2(old, STDERR_FILENO);
    close(ends[1]);
    close(old);
    ssize_t got = read(ends[0], out, 511);
    out[got > 0 ? got : 0] = '\0';
    close(ends[0]);
}

static void secrets_are_left_out(void **state)
{
    char *items[] = {(char[]){"pass\"word"}, (char[]){"pass\"word-longer"}};
    struct config_list secrets = {items, 2};
    struct log_settings settings = {LOG_LOGFMT, LOG_INFO, &secrets, NULL};
    char out[512];
    (void)state;
    logged(&settings, "user:pass\"word-longer@host, pass\"word", out);
    assert_null(strstr(out, "word"));
    assert_non_null(strstr(out, "reason=\"user:[secret]@host, [secret]\""));
    settings.secrets = NULL;
    logged(&settings, "plain", out);
    assert_non_null(strstr(out, "reason=plain"));
}

/* A broker's words must not move the cursor of who reads the log, nor begin a line. */
static void control_characters_are_escaped(void **state)
{
    struct log_settings settings = {LOG_LOGFMT, LOG_INFO, NULL, NULL};
    char out[512];
    (void)state;
    logged(&settings, "a\rb\033[2Jc\x7f", out);
    assert_non_null(strstr(out, "reason=\"a\\u000db\\u001b[2Jc\\u007f\""));
}

/* What a call puts on stderr. */
static void caught(void (*call)(const struct log_settings *), const struct log_settings *settings,
                   char out[32768])
{
    FILE *file = tmpfile();
    int old = dup(STDERR_FILENO);
    assert_non_null(file);
    dup2(fileno(file), STDERR_FILENO);
    call(settings);
    dup2(old, STDERR_FILENO);
    close(old);
    rewind(file);
    size_t got = fread(out, 1, 32767, file);
    out[got] = '\0';
    fclose(file);
}

static void say_lost(const struct log_settings *settings, int after_ms, long long lane)
{
    char reason[64];
    snprintf(reason, sizeof reason, "no answer after %d ms", after_ms);
    log_write(settings, LOG_WARN, "the broker is away",
              LOG_FIELDS(log_number("lane", lane), log_text("reason", reason)));
}

static void say_often(const struct log_settings *settings)
{
    for (int i = 0; i < 1000; i++)
        say_lost(settings, i, 0);
    say_lost(settings, 1, 1);
    for (int i = 0; i < 5; i++)
        log_write(settings, LOG_INFO, "partitions assigned", NULL);
    log_flush(settings, true);
    log_flush(settings, true);
}

static unsigned count_lines(const char *text, const char *word)
{
    unsigned count = 0;
    for (const char *at = text; (at = strstr(at, word)) != NULL; at++)
        count++;
    return count;
}

static void repeats_are_counted(void **state)
{
    static char out[32768];
    struct log_repeats repeats;
    struct log_settings settings = {LOG_LOGFMT, LOG_INFO, NULL, &repeats};
    (void)state;
    log_repeats_init(&repeats);
    caught(say_often, &settings, out);
    assert_int_equal(count_lines(out, "the broker is away"), 3); /* two lanes and the repeats */
    assert_int_equal(count_lines(out, "partitions assigned"), 5);
    assert_non_null(strstr(out, "reason=\"no answer after 0 ms\"\n"));
    assert_non_null(strstr(out, "reason=\"no answer after 999 ms\" repeated=999\n"));
    settings.format = LOG_JSON;
    caught(say_often, &settings, out);
    assert_non_null(strstr(out, "\"reason\":\"no answer after 999 ms\",\"repeated\":1000}\n"));
    log_repeats_deinit(&repeats);
}

static void repeats_have_a_time(void **state)
{
    struct log_repeats repeats;
    static struct log_line line = {"x", 1}, taken;
    (void)state;
    log_repeats_init(&repeats);
    assert_true(log_repeats_pass(&repeats, 7, 1000, &line));
    assert_false(log_repeats_pass(&repeats, 7, 1001, &line));
    assert_true(log_repeats_pass(&repeats, 8, 1001, &line));
    assert_int_equal(log_repeats_take(&repeats, 1000 + LOG_REPEAT_MS - 1, false, &taken), 0);
    assert_int_equal(log_repeats_take(&repeats, 1000 + LOG_REPEAT_MS, false, &taken), 1);
    assert_int_equal(log_repeats_take(&repeats, 1000 + LOG_REPEAT_MS, false, &taken), 0);
    /* The written number begins another time; after a quiet one the line is new again. */
    assert_false(log_repeats_pass(&repeats, 7, 1000 + LOG_REPEAT_MS + 1, &line));
    assert_int_equal(log_repeats_take(&repeats, 1000 + 2 * LOG_REPEAT_MS, false, &taken), 1);
    assert_true(log_repeats_pass(&repeats, 7, 1000 + 9 * LOG_REPEAT_MS, &line));
    /* More different lines than there are rows for are all written. */
    for (uint64_t key = 100; key < 200; key++)
        assert_true(log_repeats_pass(&repeats, key, 1000 + 9 * LOG_REPEAT_MS, &line));
    log_repeats_deinit(&repeats);
}

static void say_much(const struct log_settings *settings)
{
    static char text[20000];
    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "\xc3\xa9", 2);
    log_write(settings, LOG_INFO, "long",
              LOG_FIELDS(log_text("reason", text), log_text("more", text)));
}

static void long_lines_stay_well_formed(void **state)
{
    static char out[32768];
    struct log_settings settings = {LOG_JSON, LOG_INFO, NULL, NULL};
    (void)state;
    caught(say_much, &settings, out);
    size_t len = strlen(out);
    assert_in_range(len, 3900, LOG_LINE_SIZE);
    assert_memory_equal(out + len - 5, "\xc3\xa9\"}\n", 5);
    settings.format = LOG_LOGFMT;
    caught(say_much, &settings, out);
    assert_memory_equal(out + strlen(out) - 3, "\xc3\xa9\n", 3);
}

static void ledgers_add_up_by_partition(void **state)
{
    struct ledger_table table;
    size_t count;
    struct ledger_row rows[] = {{"b", 0, 10, {5, 4, 1, 0, 0}},
                                {"a", 1, 7, {2, 1, 0, 1, 0}},
                                {"b", 0, 20, {10, 10, 0, 0, 0}}};
    (void)state;
    ledger_table_init(&table);
    for (size_t i = 0; i < 3; i++)
        assert_true(ledger_table_add(&table, &rows[i]));
    struct ledger_row *copy = ledger_table_copy(&table, &count);
    assert_int_equal(count, 2);
    assert_string_equal(copy[0].topic, "a");
    assert_int_equal(copy[1].ledger.in, 15);
    assert_int_equal(copy[1].ledger.enriched, 14);
    assert_int_equal(copy[1].next_offset, 20);
    assert_true(ledger_holds(&copy[1].ledger));
    copy[1].ledger.rejected++;
    assert_false(ledger_holds(&copy[1].ledger));
    free(copy);
    ledger_table_deinit(&table);
}

static void ledgers_stay_bounded(void **state)
{
    struct ledger_table table;
    size_t count;
    uint64_t in = 0;
    (void)state;
    ledger_table_init(&table);
    for (int32_t i = 0; i < LEDGER_ROWS_MAX + 500; i++)
        assert_true(ledger_table_add(&table, &(struct ledger_row){"t", i, 1, {1, 1, 0, 0, 0}}));
    struct ledger_row *copy = ledger_table_copy(&table, &count);
    assert_int_equal(count, LEDGER_ROWS_MAX + 1);
    for (size_t i = 0; i < count; i++)
        in += copy[i].ledger.in;
    assert_int_equal(in, LEDGER_ROWS_MAX + 500);
    assert_null(copy[count - 1].topic);
    free(copy);
    ledger_table_deinit(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(only_get_and_known_paths),
                                       cmocka_unit_test(a_request_has_a_bound),
                                       cmocka_unit_test(metrics_ask_for_credentials),
                                       cmocka_unit_test(a_slow_client_is_ended),
                                       cmocka_unit_test(a_silent_client_is_ended),
                                       cmocka_unit_test(connections_have_a_bound),
                                       cmocka_unit_test(a_later_request_has_a_bound),
                                       cmocka_unit_test(secrets_are_left_out),
                                       cmocka_unit_test(control_characters_are_escaped),
                                       cmocka_unit_test(repeats_are_counted),
                                       cmocka_unit_test(repeats_have_a_time),
                                       cmocka_unit_test(long_lines_stay_well_formed),
                                       cmocka_unit_test(mistakes_are_named),
                                       cmocka_unit_test(ledgers_add_up_by_partition),
                                       cmocka_unit_test(ledgers_stay_bounded)};
    struct metrics_options options = {1, 60000, 3600000, 86400000};
    if (!metrics_init(&metrics, &options))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    metrics_deinit(&metrics);
    return failed;
}
