/* Settings that exclude or need each other: what single values cannot show. */
#include <string.h>

#include "config/parts.h"

void conflicts_check(const struct config *config, const char *path, struct mistakes *mistakes)
{
    const char *file = path ? path : "configuration";
    const char *consumer = properties_find(&config->consumer, "bootstrap.servers"),
               *producer = properties_find(&config->producer, "bootstrap.servers");
    bool is_template = strchr(config->output_topic, '{') != NULL;
    if (config->delivery == DELIVERY_EXACTLY_ONCE && consumer && producer &&
        strcmp(consumer, producer))
        mistakes_add(mistakes, file, 0, 0, false,
                     "delivery: exactly-once needs one cluster, but kafka.consumer and "
                     "kafka.producer name different bootstrap.servers: "
                     "a transaction cannot span two clusters; set delivery: at-least-once");
    if (is_template && !config->output_topics.count)
        mistakes_add(mistakes, file, 0, 0, false,
                     "output.topic is a template, so output.topics must list the topics it may "
                     "come to: data must not name topics");
    for (size_t i = 0; i < config->input_topics.count; i++)
        if (!strcmp(config->input_topics.items[i], config->output_topic) ||
            !strcmp(config->input_topics.items[i], config->rejected_topic))
            mistakes_add(mistakes, file, 0, 0, false,
                         "the topic %s is both read and written: records would go round for ever",
                         config->input_topics.items[i]);
    if (!config->http_certificate != !config->http_key)
        mistakes_add(mistakes, file, 0, 0, false,
                     "http.certificate and http.key belong together: set both or none");
    if (!config->http_user != !config->http_password)
        mistakes_add(mistakes, file, 0, 0, false,
                     "http.user and http.password belong together: set both or none");
    if (config->shadow_rulebook && !config->shadow_topic)
        mistakes_add(mistakes, file, 0, 0, false,
                     "shadow.rulebook needs shadow.topic, where the differences go");
    if (config->shadow_topic && (!strcmp(config->shadow_topic, config->output_topic) ||
                                 !strcmp(config->shadow_topic, config->rejected_topic)))
        mistakes_add(mistakes, file, 0, 0, false,
                     "shadow.topic must be a topic of its own: readers of %s expect records",
                     config->shadow_topic);
    for (size_t i = 0; config->shadow_topic && i < config->input_topics.count; i++)
        if (!strcmp(config->shadow_topic, config->input_topics.items[i]))
            mistakes_add(mistakes, file, 0, 0, false,
                         "the topic %s is both read and written: records would go round for ever",
                         config->shadow_topic);
    if (!strcmp(config->output_topic, config->rejected_topic))
        mistakes_add(mistakes, file, 0, 0, false, "output.topic and rejected.topic must differ");
}
