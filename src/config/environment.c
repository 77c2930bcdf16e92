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

static bool override_list(struct config *config, const struct config_row *row, const char *value,
                          const struct origin *origin)
{
    bool good = true;
    config_list_free((struct config_list *)(void *)((char *)config + row->slot));
    while (*value) {
        size_t len = strcspn(value, ",");
        char *item = strndup(value, len);
        if (item && len)
            good &= setting_set(config, row, item, origin);
        free(item);
        value += len + (value[len] == ',');
    }
    return good;
}

static void override_row(struct config *config, const struct config_row *row,
                         struct mistakes *mistakes)
{
    char name[CONFIG_PATH_SIZE];
    variable_name(row->path, name);
    const char *value = getenv(name);
    struct origin origin = {.variable = name, .mistakes = mistakes};
    if (!value)
        return;
    bool good = row->type == TYPE_LIST ? override_list(config, row, value, &origin)
                                       : setting_set(config, row, value, &origin);
    place_set(&config->places[row - CONFIG_ROWS], &origin, !good);
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
    struct origin origin = {.variable = variable, .mistakes = mistakes};
    properties_set(list, name, strdup(equals + 1), &origin);
}

/* A variable that names no key may be meant for something else, so that only one that is nearly a
 * key is spoken of. */
static void check_name(const char *entry, struct mistakes *mistakes)
{
    static const char prefix[] = "COPYDESK_", properties[] = "COPYDESK_KAFKA_";
    char buffer[CONFIG_ROWS_MAX][CONFIG_PATH_SIZE];
    const char *names[CONFIG_ROWS_MAX + 1];
    size_t len = strcspn(entry, "="), count = 0;
    if (strncmp(entry, prefix, sizeof prefix - 1) ||
        !strncmp(entry, properties, sizeof properties - 1))
        return;
    for (const struct config_row *row = CONFIG_ROWS; row->path && count < CONFIG_ROWS_MAX; row++) {
        variable_name(row->path, buffer[count]);
        names[count] = buffer[count];
        if (strlen(names[count]) == len && !strncmp(names[count], entry, len))
            return;
        count++;
    }
    names[count] = NULL;
    desk_slice name = slice_of(entry, len);
    const char *near = yaml_nearest(name, names);
    size_t near_len = near ? strlen(near) : 0;
    if (near_len + 2 >= len && near_len <= len + 2)
        mistakes_add(mistakes, "environment", 0, 0, true,
                     "%.*s is no key of the configuration; did you mean %s?", (int)name.len,
                     name.data, near);
}

void environment_read(struct config *config, struct mistakes *mistakes)
{
    for (const struct config_row *row = CONFIG_ROWS; row->path; row++)
        override_row(config, row, mistakes);
    for (char **entry = environ; *entry; entry++)
        override_property(config, *entry, mistakes);
    for (char **entry = environ; *entry; entry++)
        check_name(*entry, mistakes);
}
