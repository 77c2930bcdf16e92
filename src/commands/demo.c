/* copydesk demo: the whole path without Kafka, Docker or network. librdkafka's mock cluster is the
 * broker, sample articles are published at a gentle rate, one lane works, and people see what comes
 * out. */
#include <librdkafka/rdkafka.h>
/* needs the one before */
#include <librdkafka/rdkafka_mock.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/slice.h"
#include "commands/commands.h"
#include "commands/print.h"
#include "engine/engine.h"
#include "kafka/runner.h"
#include "rulebook/rulebook.h"
#include "yaml/yaml.h"

static const char HELP[] = "usage: copydesk demo [--once] [--rate N] [--port N] [--json]\n\n"
                           "Starts an embedded broker, publishes sample articles to articles.raw, "
                           "and shows the enriched records as they come out of\n"
                           "articles.enriched. Needs no Kafka and no network. Ctrl-C ends it.\n\n"
                           "      --once              each sample once, then stop\n"
                           "      --rate N            articles a second (default 1)\n"
                           "      --port N            port of the monitor page and /metrics on "
                           "127.0.0.1 (default 8181, 0: a free one)\n"
                           "      --json              print the enriched records as JSON lines\n";

extern const char desk_demo_samples_start[];
extern const char desk_demo_samples_end[];

struct demo {
    rd_kafka_t *handle;               /* owns the mock cluster and publishes the samples */
    rd_kafka_mock_cluster_t *cluster; /* the handle's */
    struct rulebook_files samples;
    pthread_t feeder;
    atomic_bool stop;
    atomic_ullong published;
    double rate;
    bool is_once, is_json, colour;
    unsigned long long shown;
};

/* --- the feeder ---------------------------------------------------------------------------- */

static void wait_for_next(struct demo *demo)
{
    double left = 1 / demo->rate;
    while (left > 0 && !atomic_load(&demo->stop)) {
        double step = left < 0.1 ? left : 0.1;
        nanosleep(&(struct timespec){0, (long)(step * 1e9)}, NULL);
        left -= step;
    }
}

static void publish(struct demo *demo, const desk_rulebook_file *sample)
{
    rd_kafka_vu_t parts[] = {
        {.vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = "articles.raw"},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
        {.vtype = RD_KAFKA_VTYPE_KEY,
         .u.mem = {(void *)(size_t)sample->path.data, sample->path.len}},
        {.vtype = RD_KAFKA_VTYPE_VALUE,
         .u.mem = {(void *)(size_t)sample->content.data, sample->content.len}}};
    rd_kafka_error_t *error =
        rd_kafka_produceva(demo->handle, parts, sizeof parts / sizeof parts[0]);
    if (error)
        fprintf(stderr, "copydesk: demo: a sample could not be published: %s\n",
                rd_kafka_error_string(error));
    if (error)
        rd_kafka_error_destroy(error);
    else
        atomic_fetch_add(&demo->published, 1);
    rd_kafka_poll(demo->handle, 0);
}

static void *feed(void *argument)
{
    struct demo *demo = argument;
    do
        for (size_t i = 0; i < demo->samples.count && !atomic_load(&demo->stop); i++) {
            publish(demo, &demo->samples.items[i]);
            wait_for_next(demo);
        }
    while (!demo->is_once && !atomic_load(&demo->stop));
    rd_kafka_flush(demo->handle, 5000);
    return NULL;
}

/* --- showing ------------------------------------------------------------------------------- */

static void field(const struct demo *demo, const char *label, desk_slice text)
{
    if (!text.len)
        return;
    printf("  %s%-10s%s ", print_ink(INK_DIM, demo->colour), label,
           print_ink(INK_PLAIN, demo->colour));
    print_safe(stdout, text);
    putchar('\n');
}

/* The value of a string member of the record's top level; the record is our own, so its form is
 * known. */
static desk_slice member(desk_slice json, const char *key)
{
    desk_slice at = slice_from_cstr(key);
    size_t from = slice_find(json, at, 0);
    if (from == DESK_SLICE_NONE)
        return slice_of(NULL, 0);
    from += at.len;
    size_t to = from;
    while (to < json.len && json.data[to] != '"')
        to += json.data[to] == '\\' ? 2 : 1;
    return slice_sub(json, from, to < json.len ? to : json.len);
}

static void names(const struct demo *demo, const char *label, desk_slice json, const char *list)
{
    size_t at = slice_find(json, slice_from_cstr(list), 0), shown = 0;
    if (at == DESK_SLICE_NONE)
        return;
    printf("  %s%-10s%s ", print_ink(INK_DIM, demo->colour), label,
           print_ink(INK_PLAIN, demo->colour));
    unsigned depth = 0;
    static const char name_key[] = "\"name\":\"";
    for (size_t i = at + strlen(list); i < json.len && shown < 6; i++) {
        depth += json.data[i] == '[' || json.data[i] == '{';
        if (json.data[i] == ']' || json.data[i] == '}') {
            if (depth == 0)
                break;
            depth--;
        }
        if (json.data[i] != '"' || depth != 1 ||
            !slice_starts(slice_sub(json, i, json.len), slice_from_cstr(name_key)))
            continue;
        desk_slice value = member(slice_sub(json, i, json.len), name_key);
        printf("%s", shown++ ? ", " : "");
        print_safe(stdout, value);
        i = (size_t)(value.data + value.len - json.data);
    }
    putchar('\n');
}

static void show(void *context, const desk_result *result, const rd_kafka_message_t *message)
{
    struct demo *demo = context;
    demo->shown++;
    if (demo->is_json) {
        printf("%.*s\n", (int)result->json.len, result->json.data);
        fflush(stdout);
        return;
    }
    printf("\n%s%.*s%s  articles.raw [%d] at %lld, %zu bytes -> articles.enriched, %zu bytes\n",
           print_ink(INK_BOLD, demo->colour), (int)message->key_len, (const char *)message->key,
           print_ink(INK_PLAIN, demo->colour), message->partition, (long long)message->offset,
           message->len, result->json.len);
    field(demo, "title", member(result->json, "\"title\":\""));
    desk_slice body = member(result->json, "\"body\":\"");
    field(demo, "body", slice_sub(body, 0, body.len < 120 ? body.len : 120));
    field(demo, "language", result->language);
    field(demo, "source", result->source_domain);
    names(demo, "subjects", result->json, "\"subjects\":[");
    names(demo, "people", result->json, "\"people\":[");
    names(demo, "places", result->json, "\"places\":[");
    names(demo, "cites", result->json, "\"attributions\":[");
    desk_slice reprint = member(result->json, "\"markers\":[\"");
    field(demo, "reprint", reprint);
    fflush(stdout);
}

static bool is_done(void *context, const struct metrics *metrics)
{
    struct demo *demo = context;
    return demo->is_once && atomic_load(&demo->published) == demo->samples.count &&
           atomic_load(&metrics->lanes[0].counts[METRIC_COMMITTED_RECORDS]) >= demo->samples.count;
}

/* --- whole --------------------------------------------------------------------------------- */

static bool start_broker(struct demo *demo)
{
    char error[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "test.mock.num.brokers", "1", error, sizeof error);
    rd_kafka_conf_set_log_cb(conf, NULL); /* it says on start that it is a test broker */
    demo->handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
    demo->cluster = demo->handle ? rd_kafka_handle_mock_cluster(demo->handle) : NULL;
    if (!demo->cluster) {
        fprintf(stderr, "copydesk: demo: the embedded broker could not be started: %s\n", error);
        return false;
    }
    rd_kafka_mock_topic_create(demo->cluster, "articles.raw", 2, 1);
    rd_kafka_mock_topic_create(demo->cluster, "articles.enriched", 2, 1);
    rd_kafka_mock_topic_create(demo->cluster, "articles.rejected", 2, 1);
    return true;
}

/* The demo goes through the same configuration as a real run. */
static struct config *demo_config(const struct demo *demo, int port)
{
    char text[1024];
    struct mistakes mistakes = {0};
    int len = snprintf(text, sizeof text,
                       "kafka:\n  bootstrap.servers: %s\n  consumer: {fetch.wait.max.ms: 10, "
                       "session.timeout.ms: 6000}\n"
                       "input: {topics: [articles.raw], group: copydesk-demo}\n"
                       "http: {listen: \"127.0.0.1:%d\"}\nlog: {level: warn}\n",
                       rd_kafka_mock_cluster_bootstraps(demo->cluster), port);
    struct config *config = config_load_text("demo", slice_of(text, (size_t)len), &mistakes);
    print_mistakes(&mistakes, stderr);
    mistakes_free(&mistakes);
    return config;
}

static int run_demo(struct demo *demo, int port)
{
    desk_rulebook *rulebook = NULL;
    desk_error err = DESK_ERROR_INIT;
    struct config *config = demo_config(demo, port);
    if (!config)
        return EXIT_USAGE;
    if (desk_rulebook_load_builtin(&rulebook, &err) != DESK_OK) {
        fprintf(stderr, "copydesk: rulebook: %s\n", err.message);
        config_free(config);
        return EXIT_FAILED;
    }
    if (!demo->is_json) {
        printf("An embedded broker runs at %s; %zu sample articles go to articles.raw.\n",
               rd_kafka_mock_cluster_bootstraps(demo->cluster), demo->samples.count);
        printf("Read along:   kcat -b %s -C -t articles.enriched\n",
               rd_kafka_mock_cluster_bootstraps(demo->cluster));
        if (port)
            printf("Monitor page: http://127.0.0.1:%d/\n", port);
        printf("The first record takes a few seconds: the consumer group forms.%s\n",
               demo->is_once ? "" : " Ctrl-C ends the demo.");
        fflush(stdout);
    }
    struct runner_options options = {.config = config,
                                     .rulebook = rulebook,
                                     .on_enriched = show,
                                     .context = demo,
                                     .should_stop = is_done};
    pthread_create(&demo->feeder, NULL, feed, demo);
    int code = runner_run(&options);
    atomic_store(&demo->stop, true);
    pthread_join(demo->feeder, NULL);
    if (!demo->is_json)
        printf("\n%llu articles published, %llu enriched.\n",
               (unsigned long long)atomic_load(&demo->published), demo->shown);
    desk_rulebook_release(rulebook);
    config_free(config);
    return code;
}

static int usage(const char *argument)
{
    fprintf(stderr,
            "copydesk: demo: unknown or incomplete argument '%s'; see copydesk demo --help\n",
            argument);
    return EXIT_USAGE;
}

int command_demo(int argc, char **argv)
{
    struct demo demo = {.rate = 1, .colour = print_wants_colour(stdout)};
    int port = 8181;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            fputs(HELP, stdout);
            return EXIT_DONE;
        }
        if (!strcmp(argv[i], "--once"))
            demo.is_once = true;
        else if (!strcmp(argv[i], "--json"))
            demo.is_json = true;
        else if (!strcmp(argv[i], "--rate") && i + 1 < argc)
            demo.rate = strtod(argv[++i], NULL);
        else if (!strcmp(argv[i], "--port") && i + 1 < argc)
            port = (int)strtol(argv[++i], NULL, 10);
        else
            return usage(argv[i]);
    }
    if (!(demo.rate > 0 && demo.rate <= 10000) || port < 0 || port > 65535)
        return usage("--rate or --port");
    demo.samples = rulebook_unpack(desk_demo_samples_start, desk_demo_samples_end);
    int code = demo.samples.count && start_broker(&demo) ? run_demo(&demo, port) : EXIT_FAILED;
    if (demo.handle)
        rd_kafka_destroy(demo.handle); /* ends the mock cluster too */
    free((desk_rulebook_file *)(size_t)demo.samples.items);
    return code;
}
