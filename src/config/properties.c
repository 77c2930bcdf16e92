/* librdkafka's properties as a person gives them: those that the guarantees own are refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "base/wipe.h"
#include "config/parts.h"

bool config_is_secret(const char *property)
{
    static const char *const words[] = {"password",           "secret", ".pem", "token",
                                        "oauthbearer.config", NULL};
    for (const char *const *word = words; *word; word++)
        if (strstr(property, *word))
            return true;
    return false;
}

/* What the delivery guarantee rests on, with the reason a person is told. */
static const struct config_word OWNED[] = {{"isolation.level", 0},
                                           {"enable.auto.commit", 1},
                                           {"enable.auto.offset.store", 1},
                                           {"enable.idempotence", 2},
                                           {"acks", 2},
                                           {"request.required.acks", 2},
                                           {"transactional.id", 3},
                                           {"group.id", 4},
                                           {"partition.assignment.strategy", 5},
                                           {"auto.commit.interval.ms", 1},
                                           {"auto.commit.enable", 1},
                                           {NULL, 0}};
static const char *const OWNED_REASONS[] = {
    "input is always read_committed, else records of aborted transactions would be published",
    "offsets are committed with the records they belong to, never by a timer",
    "records are always produced idempotently and acknowledged by all replicas",
    "it is made of group, instance and lane to fence a predecessor; set instance instead",
    "set input.group instead",
    "it is cooperative-sticky, so that a rebalance stops only what moves"};

static void check_owned(const char *name, const struct origin *origin)
{
    for (const struct config_word *word = OWNED; word->name; word++)
        if (!strcmp(word->name, name))
            origin_wrong(origin, "kafka: %s is owned by copydesk: %s", name,
                         OWNED_REASONS[word->value]);
}

void properties_set(struct config_properties *list, const char *name, char *value,
                    const struct origin *origin)
{
    if (!value)
        return;
    check_owned(name, origin);
    for (size_t i = 0; i < list->count; i++)
        if (!strcmp(list->items[i].name, name)) {
            wipe_text(list->items[i].value);
            list->items[i].value = value;
            place_set(&list->items[i].place, origin, false);
            list->items[i].is_expanded = origin->is_expanded;
            return;
        }
    struct config_property *grown = realloc(list->items, (list->count + 1) * sizeof *grown);
    if (!grown) {
        free(value);
        return;
    }
    list->items = grown;
    list->items[list->count] = (struct config_property){
        .name = strdup(name), .value = value, .is_expanded = origin->is_expanded};
    place_set(&list->items[list->count++].place, origin, false);
}

void properties_read(struct config *config, struct config_properties *list,
                     struct yaml_node mapping, struct mistakes *mistakes)
{
    struct yaml_cursor cursor = yaml_cursor(mapping);
    if (yaml_is_set(mapping) && yaml_kind(mapping) != YAML_MAPPING) {
        yaml_mistake(
            mapping,
            "kafka: properties are wanted here, such as bootstrap.servers: localhost:9092");
        return;
    }
    while (yaml_next(&cursor)) {
        char name[CONFIG_PATH_SIZE];
        desk_slice key = yaml_text(cursor.key);
        struct origin origin = {.node = cursor.value, .mistakes = mistakes};
        if (list == &config->kafka && (slice_is(key, "consumer") || slice_is(key, "producer")))
            continue;
        if (!key.len || key.len >= sizeof name || yaml_kind(cursor.value) != YAML_SCALAR) {
            yaml_mistake(cursor.key, "kafka: a property needs a name and a single value");
            continue;
        }
        memcpy(name, key.data, key.len);
        name[key.len] = '\0';
        char *value = setting_expand(yaml_text(cursor.value), &origin, name);
        properties_set(list, name, value, &origin);
    }
}

const char *properties_find(const struct config_properties *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (!strcmp(list->items[i].name, name))
            return list->items[i].value;
    return NULL;
}

/* --- secrets ------------------------------------------------------------------------------- */

static void keep_secret(struct config *config, const char *value)
{
    if (value && strlen(value) >= CONFIG_SECRET_LEN_MIN)
        config_list_add(&config->secrets, strdup(value));
}

void properties_keep_secrets(struct config *config)
{
    const struct config_properties *lists[] = {&config->kafka, &config->consumer,
                                               &config->producer};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (size_t j = 0; j < lists[i]->count; j++)
            if (config_is_secret(lists[i]->items[j].name))
                keep_secret(config, lists[i]->items[j].value);
    for (size_t i = 0; i < config->stages_count; i++)
        for (size_t j = 0; j < config->stages[i].secrets.count; j++)
            keep_secret(config, config->stages[i].secrets.items[j]);
    keep_secret(config, config->http_password);
    keep_secret(config, config->http_token);
}

void properties_free(struct config_properties *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].name);
        wipe_text(list->items[i].value);
        place_free(&list->items[i].place);
    }
    free(list->items);
}
