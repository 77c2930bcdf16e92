/* COPYDESK_SECTION_KEY in the environment overrides what the file says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "config/parts.h"

extern char **environ;

/* "commit.interval" -> "COPYDESK_COMMIT_INTERVAL" */
static void variable_name(const char *path, char out[CONFIG_PATH_SIZE])
{
    size_t len = (size_t)snprintf(out, CONFIG_PATH_SIZE, "COPYDESK_%s", path);
    for (size_t i = 0; i < len && i < CONFIG_PATH_SIZE; i++)
        out[i] = out[i] == '.'                    ? '_'
                 : out[i] >= 'a' && out[i] <= 'z' ? (char)(out[i] - 32)
                                                  : out[i];
}

static void override_row(struct config *config, const struct config_row *row,
                         struct mistakes *mistakes)
{
    char name[CONFIG_PATH_SIZE];
    variable_name(row->path, name);
    const char *value = getenv(name);
    struct origin origin = {{NULL, NULL}, name, mistakes, false};
    if (!value)
        return;
    if (row->type != TYPE_LIST) {
        setting_set(config, row, value, &origin);
        return;
    }
    config_list_free((struct config_list *)(void *)((char *)config + row->slot));
    while (*value) {
        size_t len = strcspn(value, ",");
        char *item = strndup(value, len);
        if (item && len)
            setting_set(config, row, item, &origin);
        free(item);
        value += len + (value[len] == ',');
    }
}

/* COPYDESK_KAFKA_BOOTSTRAP_SERVERS and COPYDESK_KAFKA_CONSUMER_FETCH_MIN_BYTES set properties: each
 * _ is a dot. */
static void override_property(struct config *config, const char *entry, struct mistakes *mistakes)
{
    static const char prefix[] = "COPYDESK_KAFKA_";
    char variable[CONFIG_PATH_SIZE], name[CONFIG_PATH_SIZE];
    const char *equals = strchr(entry, '=');
    if (strncmp(entry, prefix, sizeof prefix - 1) || !equals ||
        (size_t)(equals - entry) >= CONFIG_PATH_SIZE)
        return;
    size_t len = (size_t)(equals - entry), from = sizeof prefix - 1;
    memcpy(variable, entry, len);
    variable[len] = '\0';
    struct config_properties *list = &config->kafka;
    if (!strncmp(variable + from, "CONSUMER_", 9))
        list = &config->consumer, from += 9;
    else if (!strncmp(variable + from, "PRODUCER_", 9))
        list = &config->producer, from += 9;
    size_t i = 0;
    for (; variable[from + i]; i++)
        name[i] = variable[from + i] == '_' ? '.' : ascii_lower(variable[from + i]);
    name[i] = '\0';
    struct origin origin = {{NULL, NULL}, variable, mistakes, false};
    properties_set(list, name, strdup(equals + 1), &origin);
}

void environment_read(struct config *config, struct mistakes *mistakes)
{
    for (const struct config_row *row = CONFIG_ROWS; row->path; row++)
        override_row(config, row, mistakes);
    for (char **entry = environ; *entry; entry++)
        override_property(config, *entry, mistakes);
}
