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

enum { NAMES_MAX = 64 };

static void check_keys(struct yaml_node mapping, const char *section, const char *extra1,
                       const char *extra2)
{
    const char *names[NAMES_MAX];
    char buffer[NAMES_MAX][CONFIG_PATH_SIZE];
    size_t count = known_keys(section, names, buffer, NAMES_MAX - 3);
    if (extra1)
        names[count++] = extra1;
    if (extra2)
        names[count++] = extra2;
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

static void read_aliases(struct config *config, struct yaml_node fields)
{
    struct yaml_cursor cursor = yaml_cursor(fields);
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
        for (size_t i = 0; i < count; i++) {
            desk_slice name =
                yaml_text(yaml_kind(list) == YAML_SEQUENCE ? yaml_item(list, i) : list);
            desk_field_alias *grown =
                realloc(config->aliases, (config->aliases_count + 1) * sizeof *grown);
            char *field_copy = strndup(field.data, field.len),
                 *name_copy = name.len ? strndup(name.data, name.len) : NULL;
            if (grown)
                config->aliases = grown;
            if (!grown || !field_copy || !name_copy) {
                free(field_copy);
                free(name_copy);
                continue;
            }
            grown[config->aliases_count++] =
                (desk_field_alias){slice_of(field_copy, field.len), slice_of(name_copy, name.len)};
        }
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

static void check_sections(struct yaml_node root)
{
    struct yaml_cursor cursor = yaml_cursor(root);
    check_keys(root, "", "kafka", NULL);
    while (yaml_next(&cursor)) {
        char section[CONFIG_PATH_SIZE];
        desk_slice key = yaml_text(cursor.key);
        if (slice_is(key, "kafka") || key.len >= sizeof section ||
            yaml_kind(cursor.value) != YAML_MAPPING)
            continue;
        memcpy(section, key.data, key.len);
        section[key.len] = '\0';
        check_keys(cursor.value, section, slice_is(key, "input") ? "fields" : NULL, NULL);
    }
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
    config->create_topics = yaml_is_set(yaml_get(root, "create_topics"));
}
