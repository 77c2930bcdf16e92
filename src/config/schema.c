/* The table of keys. */
#include "config/schema.h"

#include "config/config.h"

static const struct config_word FORMATS[] = {{"auto", DESK_FORMAT_AUTO},
                                             {"json", DESK_FORMAT_JSON},
                                             {"html", DESK_FORMAT_HTML},
                                             {"text", DESK_FORMAT_TEXT},
                                             {NULL, 0}};
static const struct config_word KEYS[] = {
    {"keep", KEY_KEEP}, {"id", KEY_ID}, {"source", KEY_SOURCE}, {"url", KEY_URL}, {NULL, 0}};
static const struct config_word DELIVERIES[] = {
    {"exactly-once", DELIVERY_EXACTLY_ONCE}, {"at-least-once", DELIVERY_AT_LEAST_ONCE}, {NULL, 0}};
static const struct config_word EVIDENCE[] = {{"brief", DESK_EVIDENCE_BRIEF},
                                              {"full", DESK_EVIDENCE_FULL},
                                              {"none", DESK_EVIDENCE_NONE},
                                              {NULL, 0}};
static const struct config_word OVERSIZE[] = {
    {"reject", OVERSIZE_REJECT}, {"truncate", OVERSIZE_TRUNCATE}, {NULL, 0}};
static const struct config_word LOG_FORMATS[] = {
    {"logfmt", LOG_LOGFMT}, {"json", LOG_JSON}, {NULL, 0}};
static const struct config_word ARTICLES[] = {
    {"auto", ARTICLES_AUTO}, {"on", ARTICLES_ON}, {"off", ARTICLES_OFF}, {NULL, 0}};
static const struct config_word SWITCH[] = {{"off", 0}, {"on", 1}, {NULL, 0}};
static const struct config_word LOG_LEVELS[] = {
    {"debug", LOG_DEBUG}, {"info", LOG_INFO}, {"warn", LOG_WARN}, {"error", LOG_ERROR}, {NULL, 0}};

#define SLOT(member) offsetof(struct config, member)

const struct config_row CONFIG_ROWS[] = {
    {"input.topics", TYPE_LIST, SLOT(input_topics), "articles.raw", 1, 1000, NULL,
     "topics to read; ^ at the start makes a pattern"},
    {"input.group", TYPE_TEXT, SLOT(input_group), "copydesk", 0, 0, NULL, "the consumer group"},
    {"input.format", TYPE_WORD, SLOT(input_format), "auto", 0, 0, FORMATS, "how values are read"},
    {"output.topic", TYPE_TEXT, SLOT(output_topic), "articles.enriched", 0, 0, NULL,
     "where enriched records go; {subject}, {source}, {language} are filled in"},
    {"output.topics", TYPE_LIST, SLOT(output_topics), NULL, 1, 10000, NULL,
     "all topics a template may name; what names another goes to the first"},
    {"output.key", TYPE_WORD, SLOT(output_key), "keep", 0, 0, KEYS, "the key of enriched records"},
    {"rejected.topic", TYPE_TEXT, SLOT(rejected_topic), "articles.rejected", 0, 0, NULL,
     "where rejected records go"},
    {"delivery", TYPE_WORD, SLOT(delivery), "exactly-once", 0, 0, DELIVERIES, "the guarantee"},
    {"instance", TYPE_TEXT, SLOT(instance), "auto", 0, 0, NULL,
     "name of this process in transactional.id; auto: host and slot"},
    {"commit.interval", TYPE_DURATION, SLOT(commit_interval_ms), "100ms", 1, 60000, NULL,
     "a transaction is committed after this time"},
    {"commit.bytes", TYPE_SIZE, SLOT(commit_bytes), "16MiB", 1024, 1LL << 30, NULL,
     "or after so many bytes of output"},
    {"lanes", TYPE_INTEGER, SLOT(lanes), "1", 1, 64, NULL,
     "threads, each with its own consumer, producer and engine"},
    {"create_topics.partitions", TYPE_INTEGER, SLOT(create_partitions), "6", 1, 10000, NULL,
     "partitions of topics that are created"},
    {"create_topics.replication", TYPE_INTEGER, SLOT(create_replication), "1", 1, 32, NULL,
     "replicas of topics that are created"},
    {"rulebook", TYPE_TEXT, SLOT(rulebook), "builtin", 0, 0, NULL, "builtin or a folder"},
    {"evidence", TYPE_WORD, SLOT(evidence), "brief", 0, 0, EVIDENCE, "evidence per tag"},
    {"http.listen", TYPE_TEXT, SLOT(http_listen), "127.0.0.1:8181", 0, 0, NULL,
     "address of the monitor page, /metrics, /status, /healthz, /readyz; port 0 (or a taken port) "
     "takes a "
     "free one and the "
     "log says which; off has none"},
    {"http.certificate", TYPE_TEXT, SLOT(http_certificate), NULL, 0, 0, NULL,
     "PEM file of the server's certificate chain: HTTPS instead of HTTP"},
    {"http.key", TYPE_TEXT, SLOT(http_key), NULL, 0, 0, NULL, "PEM file of its private key"},
    {"http.user", TYPE_TEXT, SLOT(http_user), NULL, 0, 0, NULL,
     "who may see /metrics, /status and the monitor page's numbers, by basic authentication with "
     "http.password"},
    {"http.password", TYPE_TEXT, SLOT(http_password), NULL, 0, 0, NULL,
     "of http.user; ${file:PATH} keeps it out of the configuration"},
    {"http.token", TYPE_TEXT, SLOT(http_token), NULL, 0, 0, NULL,
     "who sends it as a bearer token may see them too"},
    {"http.connections", TYPE_INTEGER, SLOT(http_connections), "64", 1, 10000, NULL,
     "open connections at most; more are closed at once"},
    {"http.articles", TYPE_WORD, SLOT(http_articles), "auto", 0, 0, ARTICLES,
     "whether the monitor page shows the newest articles and rejected records; auto: where it asks "
     "for credentials or is reached from this machine only"},
    {"limits.input", TYPE_SIZE, SLOT(limit_input), "32MiB", 1024, 1LL << 31, NULL,
     "larger values are rejected"},
    {"limits.output", TYPE_SIZE, SLOT(limit_output), "64MiB", 1024, 1LL << 32, NULL,
     "larger enriched records are rejected"},
    {"limits.memory", TYPE_SIZE, SLOT(limit_memory), "512MiB", 1 << 20, 1LL << 36, NULL,
     "working memory of one record"},
    {"limits.work", TYPE_INTEGER, SLOT(limit_work), "2000000000", 1000, 1LL << 60, NULL,
     "counted steps of one record"},
    {"limits.depth", TYPE_INTEGER, SLOT(limit_depth), "128", 1, 10000, NULL,
     "nesting of JSON input"},
    {"oversize", TYPE_WORD, SLOT(oversize), "reject", 0, 0, OVERSIZE,
     "what is too large for Kafka: reject by reference, or truncate the body with a marker"},
    {"shadow.rulebook", TYPE_TEXT, SLOT(shadow_rulebook), NULL, 0, 0, NULL,
     "a second rulebook that runs beside the first on a sample; builtin or a folder"},
    {"shadow.topic", TYPE_TEXT, SLOT(shadow_topic), NULL, 0, 0, NULL,
     "where its differences are published"},
    {"shadow.sample", TYPE_SHARE, SLOT(shadow_sample), "0.1", 0, 1000000, NULL,
     "share of the records that are compared"},
    {"shutdown.timeout", TYPE_DURATION, SLOT(shutdown_ms), "30s", 100, 600000, NULL,
     "bound of a graceful stop"},
    {"health.stuck_after", TYPE_DURATION, SLOT(stuck_after_ms), "2m", 1000, 86400000, NULL,
     "a lane that has not polled, or has records to read and has not committed, for this time is "
     "stuck"},
    {"silence.least", TYPE_DURATION, SLOT(silence_least_ms), "1h", 1000, 2592000000, NULL,
     "a source that published steadily is silent after twice its longest pause, and after this "
     "time"},
    {"silence.learn", TYPE_DURATION, SLOT(silence_learn_ms), "24h", 1000, 2592000000, NULL,
     "a source is watched for this time before it counts as steady"},
    {"log.format", TYPE_WORD, SLOT(log_format), "logfmt", 0, 0, LOG_FORMATS, "log lines on stderr"},
    {"log.level", TYPE_WORD, SLOT(log_level), "info", 0, 0, LOG_LEVELS,
     "the least level that is logged"},
    {"core_dumps", TYPE_WORD, SLOT(core_dumps), "off", 0, 0, SWITCH,
     "whether a crash may leave a core dump, which holds the secrets, and a debugger may attach"},
    {"run_folder", TYPE_TEXT, SLOT(run_folder), "/tmp", 0, 0, NULL,
     "folder of the lock files that keep instances apart"},
    {NULL, TYPE_TEXT, 0, NULL, 0, 0, NULL, NULL},
};
