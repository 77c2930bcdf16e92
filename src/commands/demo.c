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
#include "commands/demo_show.h"
#include "commands/options.h"
#include "commands/print.h"
#include "commands/wrap.h"
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
                           "127.0.0.1 (default 8181; 0, or a taken one: a free one)\n"
                           "      --json              print the enriched records as JSON lines; "
                           "the addresses go to stderr\n";

enum { PORT_DEFAULT = 8181, RATE_MAX = 10000 };

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
    bool is_once, is_json;
    struct demo_view view;
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

static void show(void *context, const desk_result *result, const rd_kafka_message_t *message)
{
    struct demo *demo = context;
    demo->shown++;
    if (demo->is_json) {
        printf("%.*s\n", (int)result->json.len, result->json.data);
        fflush(stdout);
    } else {
        demo_show(&demo->view, result, message);
    }
}

/* Said when the port is known: the one asked for may be taken. */
static void say_where(void *context, const char *url)
{
    const struct demo *demo = context;
    const char *brokers = rd_kafka_mock_cluster_bootstraps(demo->cluster);
    if (demo->is_json) {
        fprintf(stderr, "copydesk: demo: broker %s, monitor page %s\n", brokers, url);
        return;
    }
    printf("An embedded broker runs at %s; %zu sample articles go to articles.raw.\n"
           "Read along:   kcat -b %s -C -t articles.enriched\n"
           "Monitor page: %s\n"
           "The first record takes a few seconds: the consumer group forms.%s\n",
           brokers, demo->samples.count, brokers, url,
           demo->is_once ? "" : " Ctrl-C ends the demo.");
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
    struct runner_options options = {.config = config,
                                     .rulebook = rulebook,
                                     .on_enriched = show,
                                     .on_listening = say_where,
                                     .context = demo,
                                     .should_stop = is_done};
    pthread_create(&demo->feeder, NULL, feed, demo);
    int code = runner_run(&options);
    atomic_store(&demo->stop, true);
    pthread_join(demo->feeder, NULL);
    if (!demo->is_json)
        printf("\n%llu %s published, %llu enriched.\n",
               (unsigned long long)atomic_load(&demo->published),
               print_noun(atomic_load(&demo->published), "article", "articles"), demo->shown);
    desk_rulebook_release(rulebook);
    config_free(config);
    return code;
}

/* What --rate and --port say; false after saying what is wrong. */
static bool read_numbers(struct demo *demo, const char *rate, const char *port, long long *number)
{
    char *end = NULL;
    *number = PORT_DEFAULT;
    demo->rate = rate ? strtod(rate, &end) : 1;
    if (rate && (end == rate || *end || !(demo->rate > 0 && demo->rate <= RATE_MAX))) {
        fprintf(stderr, "copydesk: demo: --rate: '%s' is no number above 0, up to %d\n", rate,
                RATE_MAX);
        return false;
    }
    return !port || options_number("demo: --port", port, 0, 65535, number);
}

int command_demo(int argc, char **argv)
{
    struct demo demo = {.rate = 1};
    const char *rate = NULL, *port = NULL;
    long long number;
    const struct option rows[] = {{"--once", NULL, NULL, &demo.is_once},
                                  {"--json", NULL, NULL, &demo.is_json},
                                  {"--rate", NULL, &rate, NULL},
                                  {"--port", NULL, &port, NULL},
                                  {NULL, NULL, NULL, NULL}};
    struct options options = {.verb = "demo", .help = HELP, .rows = rows};
    int code = options_read(&options, argc, argv);
    if (code != OPTIONS_GO_ON)
        return code;
    if (!read_numbers(&demo, rate, port, &number))
        return EXIT_USAGE;
    demo.view = (struct demo_view){stdout, print_wants_colour(stdout), wrap_columns(stdout)};
    demo.samples = rulebook_unpack(desk_demo_samples_start, desk_demo_samples_end);
    code = demo.samples.count && start_broker(&demo) ? run_demo(&demo, (int)number) : EXIT_FAILED;
    if (demo.handle)
        rd_kafka_destroy(demo.handle); /* ends the mock cluster too */
    free((desk_rulebook_file *)(size_t)demo.samples.items);
    return code;
}
