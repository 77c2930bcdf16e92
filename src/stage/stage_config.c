/* Reading a stage's configuration, and noting the first thing that is wrong with it. */
#include "stage/stage_config.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/slice.h"
#include "yaml/yaml.h"

enum { MISTAKE_SIZE = 400, PATH_SIZE = 160 };

struct desk_stage_config {
    json_t *object;          /* of the whole configuration: owned; of a section: borrowed */
    desk_stage_config *root; /* itself, of the whole */
    desk_stage_config *next; /* sections that were asked for, kept by the root */
    char path[PATH_SIZE];    /* "" or "section." */
    char *text;              /* of the whole configuration, once it was asked for */
    char mistake[MISTAKE_SIZE];
};

static desk_stage_config *make(desk_stage_config *root, json_t *object, const char *path)
{
    desk_stage_config *config = calloc(1, sizeof *config);
    if (!config)
        return NULL;
    config->root = root ? root : config;
    config->object = object;
    snprintf(config->path, sizeof config->path, "%s", path);
    return config;
}

desk_stage_config *stage_config_open(desk_slice json, desk_error *err)
{
    json_error_t error;
    json_t *object =
        json.len ? json_loadb(json.data, json.len, JSON_REJECT_DUPLICATES, &error) : json_object();
    desk_stage_config *config = json_is_object(object) ? make(NULL, object, "") : NULL;
    if (config)
        return config;
    if (!object && json.len)
        error_set(err, DESK_ECONFIG, "config: no JSON: %s", error.text);
    else if (object && !json_is_object(object))
        error_set(err, DESK_ECONFIG, "config: an object is wanted");
    else
        error_set(err, DESK_ENOMEM, "out of memory for the stage's configuration");
    json_decref(object);
    return NULL;
}

void stage_config_close(desk_stage_config *config)
{
    if (!config)
        return;
    json_decref(config->object);
    free(config->text);
    while (config) {
        desk_stage_config *next = config->next;
        free(config);
        config = next;
    }
}

const char *stage_config_mistake(const desk_stage_config *config)
{
    return config->root->mistake[0] ? config->root->mistake : NULL;
}

desk_status desk_stage_config_fail(desk_stage_config *config, const char *key, const char *text)
{
    if (config && !config->root->mistake[0])
        snprintf(config->root->mistake, sizeof config->root->mistake, "%s%.100s: %.200s",
                 config->path, key ? key : "", text ? text : "");
    return DESK_ECONFIG;
}

void stage_config_check_keys(desk_stage_config *config, const char *const *known)
{
    const char *key;
    for (size_t i = 0; known && (key = desk_stage_config_key(config, i)); i++) {
        char text[256];
        const char *const *name = known;
        while (*name && strcmp(*name, key))
            name++;
        if (*name)
            continue;
        const char *near = yaml_nearest(slice_from_cstr(key), known);
        snprintf(text, sizeof text, "the stage has no such key%s%s%s",
                 near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
        desk_stage_config_fail(config, key, text);
    }
}

/* --- values -------------------------------------------------------------------------------- */

/* The value of a key, NULL when it is not there or null; notes a mistake where it has another type
 * than the one that `wanted` names. */
static json_t *value(desk_stage_config *config, const char *key, int (*is_type)(const json_t *json),
                     const char *wanted)
{
    json_t *json = config && key ? json_object_get(config->object, key) : NULL;
    if (!json || json_is_null(json))
        return NULL;
    if (is_type(json))
        return json;
    desk_stage_config_fail(config, key, wanted);
    return NULL;
}

static int is_text(const json_t *json)
{
    return json_is_string(json);
}

static int is_number(const json_t *json)
{
    return json_is_number(json);
}

static int is_bool(const json_t *json)
{
    return json_is_boolean(json);
}

static int is_section(const json_t *json)
{
    return json_is_object(json);
}

static int is_texts(const json_t *json)
{
    size_t i = 0, count = json_array_size(json);
    while (i < count && json_is_string(json_array_get(json, i)))
        i++;
    return json_is_string(json) || (json_is_array(json) && i == count);
}

const char *desk_stage_config_text(desk_stage_config *config, const char *key, const char *fallback)
{
    json_t *json = value(config, key, is_text, "a text is wanted here; put it in quotes");
    return json ? json_string_value(json) : fallback;
}

double desk_stage_config_number(desk_stage_config *config, const char *key, double fallback)
{
    json_t *json = value(config, key, is_number, "a number is wanted here");
    return json ? json_number_value(json) : fallback;
}

int desk_stage_config_bool(desk_stage_config *config, const char *key, int fallback)
{
    json_t *json = value(config, key, is_bool, "true or false is wanted here");
    return json ? json_is_true(json) : fallback;
}

static json_t *texts(desk_stage_config *config, const char *key)
{
    return value(config, key, is_texts, "a text or a list of texts is wanted here");
}

size_t desk_stage_config_count(desk_stage_config *config, const char *key)
{
    json_t *json = texts(config, key);
    return json_is_string(json) ? 1 : json_array_size(json);
}

const char *desk_stage_config_item(desk_stage_config *config, const char *key, size_t index)
{
    json_t *json = texts(config, key);
    if (json_is_string(json))
        return index ? NULL : json_string_value(json);
    return json_string_value(json_array_get(json, index));
}

desk_stage_config *desk_stage_config_section(desk_stage_config *config, const char *key)
{
    char path[PATH_SIZE];
    json_t *json = value(config, key, is_section, "keys are wanted here, not a value");
    if (!json || snprintf(path, sizeof path, "%s%s.", config->path, key) >= (int)sizeof path)
        return NULL;
    desk_stage_config *section = make(config->root, json, path);
    if (!section)
        return NULL;
    section->next = config->root->next;
    config->root->next = section;
    return section;
}

const char *desk_stage_config_key(desk_stage_config *config, size_t index)
{
    void *item = config ? json_object_iter(config->object) : NULL;
    while (item && index--)
        item = json_object_iter_next(config->object, item);
    return item ? json_object_iter_key(item) : NULL;
}

const char *desk_stage_config_json(desk_stage_config *config)
{
    if (!config)
        return "{}";
    if (!config->root->text)
        config->root->text = json_dumps(config->root->object, JSON_COMPACT);
    return config->root->text ? config->root->text : "{}";
}
