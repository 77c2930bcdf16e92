/* The file: sections and keys by the table, field names, properties; what it does not know is named
 * with the nearest known key. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "article/fields.h"
#include "base/slice.h"
#include "config/parts.h"

/* Keys below a section ("" for the top) as the table has them, for messages on unknown ones. */
static size_t known_keys(const char *section, const char **names, char buffer[][CONFIG_PATH_SIZE],
                         size_t max)
{
    size_t count = 0, len = strlen(section);
    for (const struct config_row *row = CONFIG_ROWS; row->path; row++) {
        const char *rest = row->path;
        if (len && (strncmp(row->path, section, len) || row->path[len] != '.'))
            continue;
        rest += len ? len + 1 : 0;
        size_t part = strcspn(rest, ".");
        bool is_new = true;
        for (size_t i = 0; i < count; i++)
            is_new &= strncmp(buffer[i], rest, part) || buffer[i][part];
        if (!is_new || count + 1 >= max || part >= CONFIG_PATH_SIZE)
            continue;
        memcpy(buffer[count], rest, part);
        buffer[count][part] = '\0';
        names[count] = buffer[count];
        count++;
    }
    return count;
}

enum { NAMES_MAX = 64, EXTRAS_MAX = 4 };

/* `extras` are keys that the table does not have; NULL: none. */
static void check_keys(struct yaml_node mapping, const char *section, const char *const *extras)
{
    const char *names[NAMES_MAX + EXTRAS_MAX + 1];
    char buffer[NAMES_MAX][CONFIG_PATH_SIZE];
    size_t count = known_keys(section, names, buffer, NAMES_MAX);
    for (size_t i = 0; extras && extras[i] && i < EXTRAS_MAX; i++)
        names[count++] = extras[i];
    names[count] = NULL;
    yaml_check_keys(mapping, names);
}

static bool is_field(desk_slice name)
{
    for (const char *const *known = input_field_names(); *known; known++)
        if (slice_is(name, *known))
            return true;
    return false;
}

void document_clear_aliases(struct config *config)
{
    for (size_t i = 0; i < config->aliases_count; i++) {
        free((char *)(size_t)config->aliases[i].field.data);
        free((char *)(size_t)config->aliases[i].name.data);
    }
    free(config->aliases);
    config->aliases = NULL;
    config->aliases_count = 0;
}

static void add_alias(struct config *config, desk_slice field, desk_slice name)
{
    desk_field_alias *grown = realloc(config->aliases, (config->aliases_count + 1) * sizeof *grown);
    char *field_copy = strndup(field.data, field.len),
         *name_copy = name.len ? strndup(name.data, name.len) : NULL;
    if (grown)
        config->aliases = grown;
    if (!grown || !field_copy || !name_copy) {
        free(field_copy);
        free(name_copy);
        return;
    }
    grown[config->aliases_count++] =
        (desk_field_alias){slice_of(field_copy, field.len), slice_of(name_copy, name.len)};
}

static void read_aliases(struct config *config, struct yaml_node fields)
{
    struct yaml_cursor cursor = yaml_cursor(fields);
    if (yaml_is_set(fields))
        document_clear_aliases(config);
    while (yaml_next(&cursor)) {
        desk_slice field = yaml_text(cursor.key);
        if (!is_field(field)) {
            const char *near = yaml_nearest(field, input_field_names());
            yaml_mistake(cursor.key, "input.fields: '%.*s' is no field%s%s%s", (int)field.len,
                         field.data ? field.data : "", near ? "; did you mean '" : "",
                         near ? near : "", near ? "'?" : "");
            continue;
        }
        struct yaml_node list = cursor.value;
        size_t count = yaml_kind(list) == YAML_SEQUENCE ? yaml_count(list) : 1;
        for (size_t i = 0; i < count; i++)
            add_alias(config, field,
                      yaml_text(yaml_kind(list) == YAML_SEQUENCE ? yaml_item(list, i) : list));
    }
}

/* Walks one section by the table; a row without a dot is a key of the top level. */
static void read_rows(struct config *config, struct yaml_node root, struct mistakes *mistakes)
{
    for (const struct config_row *row = CONFIG_ROWS; row->path; row++) {
        char section[CONFIG_PATH_SIZE];
        const char *dot = strchr(row->path, '.');
        struct yaml_node node;
        if (dot) {
            size_t len = (size_t)(dot - row->path);
            memcpy(section, row->path, len);
            section[len] = '\0';
            node = yaml_get(yaml_get(root, section), dot + 1);
        } else {
            node = yaml_get(root, row->path);
        }
        if (yaml_is_set(node))
            setting_read(config, row, node, mistakes);
    }
}

static bool is_section(const char *name)
{
    size_t len = strlen(name);
    for (const struct config_row *row = CONFIG_ROWS; row->path; row++)
        if (!strncmp(row->path, name, len) && row->path[len] == '.')
            return true;
    return false;
}

static void check_section(struct yaml_node key, struct yaml_node value)
{
    static const char *const input_extras[] = {"fields", NULL};
    char section[CONFIG_PATH_SIZE];
    desk_slice name = yaml_text(key);
    if (!name.len || name.len >= sizeof section)
        return;
    memcpy(section, name.data, name.len);
    section[name.len] = '\0';
    if (!is_section(section))
        return;
    if (yaml_kind(value) == YAML_MAPPING)
        check_keys(value, section, slice_is(name, "input") ? input_extras : NULL);
    else if (yaml_text(value).len || yaml_kind(value) == YAML_SEQUENCE)
        yaml_mistake(value, "%s: keys are wanted here, as in docs/configuration.md, not a value",
                     section);
}

static void check_sections(struct yaml_node root)
{
    static const char *const extras[] = {"kafka", "routes", "stages", "include", NULL};
    struct yaml_cursor cursor = yaml_cursor(root);
    check_keys(root, "", extras);
    while (yaml_next(&cursor))
        check_section(cursor.key, cursor.value);
}

void document_read(struct config *config, struct yaml_node root, struct mistakes *mistakes)
{
    if (yaml_kind(root) != YAML_MAPPING) {
        yaml_mistake(root, "a configuration is a mapping of sections, such as kafka: and input:");
        return;
    }
    struct yaml_node kafka = yaml_get(root, "kafka");
    check_sections(root);
    read_rows(config, root, mistakes);
    properties_read(config, &config->kafka, kafka, mistakes);
    properties_read(config, &config->consumer, yaml_get(kafka, "consumer"), mistakes);
    properties_read(config, &config->producer, yaml_get(kafka, "producer"), mistakes);
    read_aliases(config, yaml_get(yaml_get(root, "input"), "fields"));
    routes_read(config, yaml_get(root, "routes"), mistakes);
    stages_read(config, yaml_get(root, "stages"), mistakes);
    config->create_topics |= yaml_is_set(yaml_get(root, "create_topics"));
}
