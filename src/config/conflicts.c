/* Settings that exclude or need each other: what single values cannot show. A message names all
 * settings that take part, and stands where the one to change most likely was given. */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "config/parts.h"

/* Kafka's own limit, and librdkafka's default of transaction.timeout.ms. */
enum { TOPIC_LEN_MAX = 249, TRANSACTION_MS = 60000 };

struct checking {
    const struct config *config;
    struct mistakes *mistakes;
};

static const struct config_place *place(const struct checking *checking, const char *path)
{
    return config_place_of(checking->config, path);
}

/* Whether a key has the value that was meant. */
static bool is_sound(const struct checking *checking, const char *path)
{
    return !place(checking, path)->is_faulty;
}

/* --- topics -------------------------------------------------------------------------------- */

static bool is_topic(const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < len; i++)
        if (!ascii_is_alpha(name[i]) && !ascii_is_digit(name[i]) && !strchr("._-", name[i]))
            return false;
    return len && len <= TOPIC_LEN_MAX && strcmp(name, ".") && strcmp(name, "..");
}

static void check_topic(const struct checking *checking, const struct config_place *where,
                        const char *key, const char *name)
{
    if (!is_topic(name))
        config_mistake(checking->mistakes, where, false,
                       "%s: '%.260s' is no topic; 1 to %d letters, digits, '.', '_' and '-' are "
                       "allowed",
                       key, where->is_from_file ? "the content of this file" : name, TOPIC_LEN_MAX);
}

static void check_topics(const struct checking *checking)
{
    const struct config *config = checking->config;
    if (!strchr(config->output_topic, '{'))
        check_topic(checking, place(checking, "output.topic"), "output.topic",
                    config->output_topic);
    for (size_t i = 0; i < config->output_topics.count; i++)
        check_topic(checking, place(checking, "output.topics"), "output.topics",
                    config->output_topics.items[i]);
    check_topic(checking, place(checking, "rejected.topic"), "rejected.topic",
                config->rejected_topic);
    if (config->shadow_topic)
        check_topic(checking, place(checking, "shadow.topic"), "shadow.topic",
                    config->shadow_topic);
    for (size_t i = 0; i < config->routes.count; i++)
        if (config->routes.items[i].topic)
            check_topic(checking, &config->routes.items[i].place, "routes: topic",
                        config->routes.items[i].topic);
}

/* --- input against output ------------------------------------------------------------------ */

/* The input is the place to look at, unless it is a default: then what names the same topic is. */
static const struct config_place *circle_place(const struct checking *checking, const char *topic)
{
    const struct config *config = checking->config;
    if (place(checking, "input.topics")->source == SOURCE_DEFAULT) {
        if (!strcmp(config->output_topic, topic))
            return place(checking, "output.topic");
        if (!strcmp(config->rejected_topic, topic))
            return place(checking, "rejected.topic");
        if (config->shadow_topic && !strcmp(config->shadow_topic, topic))
            return place(checking, "shadow.topic");
    }
    return place(checking, "input.topics");
}

static void say_circle(const struct checking *checking, const char *input, const char *topic)
{
    config_mistake(checking->mistakes, circle_place(checking, topic), false,
                   "the topic %s is both read and written (input.topics: %s; output.topic, routes, "
                   "rejected.topic or shadow.topic): records would go round for ever",
                   topic, input);
}

/* Counted repetitions are left alone: nested, they take regcomp any amount of memory. */
static void check_pattern(const struct checking *checking, const char *pattern)
{
    const struct config *config = checking->config;
    const struct config_list *lists[] = {&config->targets_enriched, &config->targets_rejected};
    regex_t compiled;
    char text[200];
    if (strchr(pattern, '{'))
        return;
    int result = regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB);
    if (result) {
        regerror(result, &compiled, text, sizeof text);
        config_mistake(checking->mistakes, place(checking, "input.topics"), false,
                       "input.topics: '%s' is no pattern (POSIX extended regular expression): %s",
                       pattern, text);
        return;
    }
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (size_t j = 0; j < lists[i]->count; j++)
            if (!regexec(&compiled, lists[i]->items[j], 0, NULL, 0))
                say_circle(checking, pattern, lists[i]->items[j]);
    if (config->shadow_topic && !regexec(&compiled, config->shadow_topic, 0, NULL, 0))
        say_circle(checking, pattern, config->shadow_topic);
    regfree(&compiled);
}

static void check_input(const struct checking *checking, const char *input)
{
    const struct config *config = checking->config;
    if (input[0] == '^') {
        check_pattern(checking, input);
        return;
    }
    check_topic(checking, place(checking, "input.topics"), "input.topics", input);
    if (config_list_has(&config->targets_enriched, input) ||
        config_list_has(&config->targets_rejected, input) ||
        (config->shadow_topic && !strcmp(config->shadow_topic, input)))
        say_circle(checking, input, input);
}

static void check_inputs(const struct checking *checking)
{
    const struct config *config = checking->config;
    for (size_t i = 0; i < config->input_topics.count; i++)
        check_input(checking, config->input_topics.items[i]);
    if (!config->input_topics.count && is_sound(checking, "input.topics"))
        config_mistake(checking->mistakes, place(checking, "input.topics"), false,
                       "input.topics: there is nothing to read; name a topic, or a pattern that "
                       "starts with ^");
}

static void check_outputs(const struct checking *checking)
{
    const struct config *config = checking->config;
    if (strchr(config->output_topic, '{') && !config->output_topics.count)
        config_mistake(checking->mistakes, place(checking, "output.topic"), false,
                       "output.topic is a template, so output.topics must list the topics it may "
                       "come to: data must not name topics");
    for (size_t i = 0; i < config->targets_enriched.count; i++)
        if (config_list_has(&config->targets_rejected, config->targets_enriched.items[i]))
            config_mistake(checking->mistakes, place(checking, "rejected.topic"), false,
                           "output.topic and rejected.topic must differ, and so must those of "
                           "routes: %s is for enriched and for rejected records",
                           config->targets_enriched.items[i]);
    if (config->shadow_topic && (config_list_has(&config->targets_enriched, config->shadow_topic) ||
                                 config_list_has(&config->targets_rejected, config->shadow_topic)))
        config_mistake(checking->mistakes, place(checking, "shadow.topic"), false,
                       "shadow.topic must be a topic of its own: readers of %s expect records",
                       config->shadow_topic);
}

/* --- pairs --------------------------------------------------------------------------------- */

/* Two keys of which none makes sense without the other. */
static void check_pair(const struct checking *checking, const char *first, bool has_first,
                       const char *second, bool has_second)
{
    if (has_first != has_second && is_sound(checking, first) && is_sound(checking, second))
        config_mistake(checking->mistakes, place(checking, has_first ? first : second), false,
                       "%s and %s belong together: set both or none", first, second);
}

static void check_pairs(const struct checking *checking)
{
    const struct config *config = checking->config;
    check_pair(checking, "http.certificate", config->http_certificate, "http.key",
               config->http_key);
    check_pair(checking, "http.user", config->http_user, "http.password", config->http_password);
    if (config->shadow_rulebook && !config->shadow_topic)
        config_mistake(checking->mistakes, place(checking, "shadow.rulebook"), false,
                       "shadow.rulebook needs shadow.topic, where the differences go");
}

static const struct config_property *find(const struct config_properties *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (!strcmp(list->items[i].name, name))
            return &list->items[i];
    return NULL;
}

static void check_clusters(const struct checking *checking)
{
    const struct config *config = checking->config;
    const struct config_property *consumer = find(&config->consumer, "bootstrap.servers"),
                                 *producer = find(&config->producer, "bootstrap.servers");
    if (config->delivery == DELIVERY_EXACTLY_ONCE && is_sound(checking, "delivery") && consumer &&
        producer && strcmp(consumer->value, producer->value))
        config_mistake(checking->mistakes, &producer->place, false,
                       "delivery: exactly-once needs one cluster, but kafka.consumer and "
                       "kafka.producer name different bootstrap.servers: a transaction cannot "
                       "span two clusters; set delivery: at-least-once");
}

/* An article that a child does not survive is tried by a second one: that long a transaction may
 * stay open. Aborted by the coordinator it would be read again, and time out again. */
static void check_stage_times(const struct checking *checking)
{
    const struct config *config = checking->config;
    const struct config_property *given = find(&config->producer, "transaction.timeout.ms");
    long long open_ms = given ? strtoll(given->value, NULL, 10) : TRANSACTION_MS;
    if (config->delivery != DELIVERY_EXACTLY_ONCE)
        return;
    for (size_t i = 0; i < config->stages_count; i++) {
        const struct config_stage *stage = &config->stages[i];
        long long longest =
            stage->load ? stage->timeout_ms : 2 * stage->timeout_ms + stage->start_timeout_ms;
        if (longest >= open_ms)
            config_mistake(checking->mistakes, &stage->place, true,
                           "stages: one article may take %lld ms here by timeout and "
                           "start_timeout, but a transaction is aborted after %lld: set "
                           "kafka.producer: {transaction.timeout.ms: %lld} or shorter timeouts",
                           longest, open_ms, longest + TRANSACTION_MS);
    }
}

void conflicts_check(const struct config *config, struct mistakes *mistakes)
{
    const struct checking checking = {config, mistakes};
    check_topics(&checking);
    check_inputs(&checking);
    check_outputs(&checking);
    check_pairs(&checking);
    check_clusters(&checking);
    check_stage_times(&checking);
}
