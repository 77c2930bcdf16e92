/* Routes, and the template filled in. */
#include "kafka/routing.h"

#include <string.h>

#include "article/article.h"
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

static void fill_in_known(const struct config *config, const desk_result *result,
                          char topic[TOPIC_SIZE])
{
    struct buffer buffer = {topic, 0};
    fill_in(config->output_topic, result, &buffer);
    if (!strchr(config->output_topic, '{') || config_list_has(&config->output_topics, topic))
        return;
    buffer.len = 0;
    for (const char *first = config->output_topics.items[0]; *first; first++)
        put(&buffer, *first);
    topic[buffer.len] = '\0';
}

/* --- routes -------------------------------------------------------------------------------- */

static bool fits(const struct config_list *wanted, desk_slice value)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (slice_is(value, wanted->items[i]))
            return true;
    return !wanted->count;
}

/* "pt" takes "pt-BR" too. */
static bool fits_language(const struct config_list *wanted, desk_slice language)
{
    size_t dash = slice_find_byte(language, '-', 0);
    return fits(wanted, language) ||
           (dash != DESK_SLICE_NONE && fits(wanted, slice_sub(language, 0, dash)));
}

/* Any subject of the record, broader ones included, which the record lists too. */
static bool fits_subject(const struct config_list *wanted, const struct desk_article *article)
{
    for (size_t i = 0; article && i < article->subjects.count; i++)
        if (fits(wanted, article->subjects.items[i].uri))
            return true;
    return !wanted->count;
}

static bool takes(const struct config_route *route, const struct routing_facts *facts)
{
    return !route->is_for_rejected && fits(&route->inputs, slice_from_cstr(facts->input)) &&
           fits_language(&route->languages, facts->result->language) &&
           fits(&route->sources, facts->result->source_domain) &&
           fits_subject(&route->subjects, facts->article);
}

void routing_topic(const struct config *config, const struct routing_facts *facts,
                   char topic[TOPIC_SIZE])
{
    for (size_t i = 0; i < config->routes.count; i++)
        if (takes(&config->routes.items[i], facts)) {
            strncpy(topic, config->routes.items[i].topic, TOPIC_SIZE - 1);
            topic[TOPIC_SIZE - 1] = '\0';
            return;
        }
    fill_in_known(config, facts->result, topic);
}

const char *routing_rejected_topic(const struct config *config, const char *input, const char *code)
{
    for (size_t i = 0; i < config->routes.count; i++) {
        const struct config_route *route = &config->routes.items[i];
        if (route->is_for_rejected && fits(&route->inputs, slice_from_cstr(input)) &&
            fits(&route->codes, slice_from_cstr(code)))
            return route->topic;
    }
    return config->rejected_topic;
}

/* --- key ----------------------------------------------------------------------------------- */

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
