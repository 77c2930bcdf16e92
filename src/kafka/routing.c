/* Filling in the template. */
#include "kafka/routing.h"

#include <string.h>

#include "base/slice.h"

struct buffer {
    char *data;
    size_t len;
};

static void put(struct buffer *buffer, char c)
{
    if (buffer->len + 1 < TOPIC_SIZE)
        buffer->data[buffer->len++] = c;
}

static void put_value(struct buffer *buffer, desk_slice value)
{
    if (!value.len)
        value = slice_from_cstr("none");
    for (size_t i = 0; i < value.len; i++) {
        char c = value.data[i];
        bool legal = ascii_is_alpha(c) || ascii_is_digit(c) || c == '.' || c == '_' || c == '-';
        put(buffer, legal ? c : '-');
    }
}

static void fill_in(const char *template, const desk_result *result, struct buffer *buffer)
{
    static const char subject[] = "{subject}", source[] = "{source}", language[] = "{language}";
    while (*template) {
        if (!strncmp(template, subject, sizeof subject - 1)) {
            put_value(buffer, result->top_subject);
            template += sizeof subject - 1;
        } else if (!strncmp(template, source, sizeof source - 1)) {
            put_value(buffer, result->source_domain);
            template += sizeof source - 1;
        } else if (!strncmp(template, language, sizeof language - 1)) {
            put_value(buffer, result->language);
            template += sizeof language - 1;
        } else {
            put(buffer, *template ++);
        }
    }
    buffer->data[buffer->len] = '\0';
}

void routing_topic(const struct config *config, const desk_result *result, char topic[TOPIC_SIZE])
{
    struct buffer buffer = {topic, 0};
    fill_in(config->output_topic, result, &buffer);
    if (!strchr(config->output_topic, '{'))
        return;
    for (size_t i = 0; i < config->output_topics.count; i++)
        if (!strcmp(config->output_topics.items[i], topic))
            return;
    buffer.len = 0;
    for (const char *first = config->output_topics.items[0]; *first; first++)
        put(&buffer, *first);
    topic[buffer.len] = '\0';
}

bool routing_key(const struct config *config, const desk_result *result, desk_slice *key)
{
    switch ((enum config_key)config->output_key) {
    case KEY_ID:
        *key = result->id;
        break;
    case KEY_SOURCE:
        *key = result->source_domain;
        break;
    case KEY_URL:
        *key = result->url;
        break;
    case KEY_KEEP:
        return false;
    }
    return key->len > 0;
}
