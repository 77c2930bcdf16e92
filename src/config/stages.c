/* Loaded stages: what `stages` lists. Nothing is loaded here; `copydesk check` does, to report what
 * a stage itself finds wrong at its place (config_stage_place). */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "config/parts.h"
#include "config/values.h"
#include "engine/stage_table.h"
#include "stage/loader.h"
#include "stage/stages.h"

enum { DEPTH_MAX = 16, NAME_SIZE = 4096, WORDS_MAX = 1000 };

/* A timeout above max.poll.interval.ms (5 minutes) would lose the partitions. */
static const long long TIMEOUT_MS_MIN = 1, TIMEOUT_MS_MAX = 240000;

/* --- config: YAML to JSON ------------------------------------------------------------------- */

struct reading {
    struct config_stage *stage;
    struct mistakes *mistakes;
};

/* Where the value of "section.key" stands, for what the stage says of it. */
static void keep_place(struct reading *reading, const char *path, struct yaml_node node)
{
    struct config_stage *stage = reading->stage;
    struct origin origin = {.node = node, .mistakes = reading->mistakes};
    struct config_stage_key *grown =
        realloc(stage->keys, (stage->keys_count + 1) * sizeof *stage->keys);
    if (!grown)
        return;
    stage->keys = grown;
    grown[stage->keys_count] = (struct config_stage_key){.path = strdup(path)};
    place_set(&grown[stage->keys_count].place, &origin, false);
    stage->keys_count++;
}

/* Without quotes true, false, null and numbers are what they look like; all else is text. */
static json_t *to_scalar(struct reading *reading, struct yaml_node node, const char *path)
{
    json_error_t error;
    struct origin origin = {.node = node, .mistakes = reading->mistakes};
    char *text = setting_expand(yaml_text(node), &origin, "stages: config");
    json_t *json = NULL;
    if (text && !yaml_is_quoted(node))
        json = json_loads(*text ? text : "null", JSON_DECODE_ANY, &error);
    if (text && (!json || json_is_object(json) || json_is_array(json) || json_is_string(json))) {
        json_decref(json);
        json = json_string(text);
    }
    const char *dot = strrchr(path, '.');
    if (text && (origin.is_from_file || config_is_secret(dot ? dot + 1 : path)))
        config_list_add(&reading->stage->secrets, strdup(text));
    free(text);
    return json;
}

static json_t *to_json(struct reading *reading, struct yaml_node node, const char *path,
                       unsigned depth);

static json_t *to_array(struct reading *reading, struct yaml_node node, const char *path,
                        unsigned depth)
{
    struct yaml_cursor cursor = yaml_cursor(node);
    json_t *array = json_array();
    while (yaml_next(&cursor))
        json_array_append_new(array, to_json(reading, cursor.value, path, depth));
    return array;
}

static json_t *to_object(struct reading *reading, struct yaml_node node, const char *path,
                         unsigned depth)
{
    struct yaml_cursor cursor = yaml_cursor(node);
    json_t *object = json_object();
    while (yaml_next(&cursor)) {
        char key[CONFIG_PATH_SIZE], below[2 * CONFIG_PATH_SIZE];
        desk_slice name = yaml_text(cursor.key);
        if (!name.len || name.len >= sizeof key) {
            yaml_mistake(cursor.key, "stages: config: a key is a text of 1 to %d bytes",
                         CONFIG_PATH_SIZE - 1);
            continue;
        }
        memcpy(key, name.data, name.len);
        key[name.len] = '\0';
        snprintf(below, sizeof below, "%s%s%s", path, *path ? "." : "", key);
        keep_place(reading, below, cursor.value);
        json_object_set_new(object, key, to_json(reading, cursor.value, below, depth));
    }
    return object;
}

static json_t *to_json(struct reading *reading, struct yaml_node node, const char *path,
                       unsigned depth)
{
    if (depth > DEPTH_MAX) {
        yaml_mistake(node, "stages: config is nested deeper than %d", DEPTH_MAX);
        return json_null();
    }
    switch (yaml_kind(node)) {
    case YAML_MAPPING:
        return to_object(reading, node, path, depth + 1);
    case YAML_SEQUENCE:
        return to_array(reading, node, path, depth + 1);
    case YAML_SCALAR:
        return to_scalar(reading, node, path);
    case YAML_NONE:
        break;
    }
    return json_null();
}

static void read_config(struct config_stage *stage, struct yaml_node node,
                        struct mistakes *mistakes)
{
    struct reading reading = {stage, mistakes};
    if (!yaml_is_set(node))
        return;
    if (yaml_kind(node) != YAML_MAPPING) {
        yaml_mistake(node, "stages: config: keys are wanted here, not a value");
        return;
    }
    json_t *object = to_object(&reading, node, "", 0);
    stage->config = json_dumps(object, JSON_COMPACT);
    json_decref(object);
}

/* --- one stage ------------------------------------------------------------------------------ */

static char *read_text(struct yaml_node node, const char *what, struct mistakes *mistakes)
{
    struct origin origin = {.node = node, .mistakes = mistakes};
    if (!yaml_is_set(node))
        return NULL;
    char *text =
        yaml_kind(node) == YAML_SCALAR ? setting_expand(yaml_text(node), &origin, what) : NULL;
    if (yaml_kind(node) != YAML_SCALAR)
        yaml_mistake(node, "%s: a single value is wanted here", what);
    else if (text && !*text)
        yaml_mistake(node, "%s: there is nothing here", what);
    return text;
}

/* The folder of the file the node stands in, with its last slash; "" for the current one. */
static void folder_of(struct yaml_node node, char folder[NAME_SIZE])
{
    const char *file = yaml_file_name(node), *slash = strrchr(file, '/');
    snprintf(folder, NAME_SIZE, "%.*s", slash ? (int)(slash + 1 - file) : 0, file);
}

static void read_load(struct config_stage *stage, struct yaml_node node, struct mistakes *mistakes)
{
    char folder[NAME_SIZE], path[2 * NAME_SIZE];
    char *text = read_text(node, "stages: load", mistakes);
    if (!text)
        return;
    folder_of(node, folder);
    snprintf(path, sizeof path, "%s%s", *text == '/' ? "" : *folder ? folder : "./", text);
    stage->load = strdup(path);
    free(text);
}

static void read_command(struct config_stage *stage, struct yaml_node node,
                         struct mistakes *mistakes)
{
    char folder[NAME_SIZE];
    struct yaml_cursor cursor = yaml_cursor(node);
    if (!yaml_is_set(node))
        return;
    if (yaml_kind(node) != YAML_SEQUENCE || !yaml_count(node) || yaml_count(node) > WORDS_MAX) {
        yaml_mistake(node, "stages: command: a program and its arguments are wanted as a list: "
                           "[python3, my_stage.py]");
        return;
    }
    while (yaml_next(&cursor)) {
        stage->is_command_hidden |=
            slice_find(yaml_text(cursor.value), slice_from_cstr("${file:"), 0) != DESK_SLICE_NONE;
        config_list_add(&stage->command, read_text(cursor.value, "stages: command", mistakes));
    }
    folder_of(node, folder);
    stage->folder = *folder ? strdup(folder) : NULL;
}

static void read_after(struct config_stage *stage, struct yaml_node node, struct mistakes *mistakes)
{
    const char *names[STAGE_COUNT];
    stage->after = read_text(node, "stages: after", mistakes);
    if (!stage->after || stage_table_find(stage->after) + 1 < STAGE_COUNT)
        return;
    for (size_t i = 0; i + 1 < STAGE_COUNT; i++)
        names[i] = STAGES[i]->name;
    names[STAGE_COUNT - 1] = NULL;
    const char *near = yaml_nearest(slice_from_cstr(stage->after), names);
    yaml_mistake(node,
                 "stages: after: '%.60s' is no stage that another one can follow%s%s%s; they are "
                 "decode, extract, scrub, normalise, language, date, source, subject, entity, "
                 "quote, fingerprint",
                 stage->after, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static void read_timeout(long long *ms, struct yaml_node node, const char *what,
                         struct mistakes *mistakes)
{
    char *text = read_text(node, what, mistakes);
    long long value = 0;
    if (text && !value_duration(text, &value))
        yaml_mistake(node, "%s: '%.60s' is not a duration such as 500ms or 5s", what, text);
    else if (text && (value < TIMEOUT_MS_MIN || value > TIMEOUT_MS_MAX))
        yaml_mistake(node, "%s: %.60s is out of range; %lld to %lld ms are allowed", what, text,
                     TIMEOUT_MS_MIN, TIMEOUT_MS_MAX);
    else if (text)
        *ms = value;
    free(text);
}

/* A child needs a name: by default that of its script, "my_stage.py" is my-stage. */
static char *name_of_command(const struct config_list *command)
{
    char name[STAGE_NAME_MAX + 1];
    size_t len = 0;
    if (!command->count)
        return NULL;
    const char *word = command->items[0];
    for (size_t i = 1; i < command->count; i++)
        if (command->items[i][0] != '-') {
            word = command->items[i];
            break;
        }
    const char *slash = strrchr(word, '/');
    for (const char *c = slash ? slash + 1 : word; *c && *c != '.' && len < STAGE_NAME_MAX; c++) {
        char lower = ascii_lower(*c);
        bool is_plain = ascii_is_alpha(lower) || ascii_is_digit(lower);
        if (is_plain || len)
            name[len++] = is_plain ? lower : '-';
    }
    name[len] = '\0';
    return strdup(len ? name : "child");
}

static void read_name(struct config_stage *stage, struct yaml_node node, struct mistakes *mistakes)
{
    stage->name = read_text(node, "stages: name", mistakes);
    if (stage->name && !loader_is_name(stage->name))
        yaml_mistake(node, "stages: name: '%.60s' is none: 1 to %d of a-z, 0-9 and '-' are allowed",
                     stage->name, STAGE_NAME_MAX);
    else if (stage->name && stage_table_find(stage->name) < STAGE_COUNT)
        yaml_mistake(node, "stages: name: %s is the name of a built-in stage", stage->name);
    if (!stage->name)
        stage->name = name_of_command(&stage->command);
}

static void read_stage(struct config_stage *stage, struct yaml_node node, struct mistakes *mistakes)
{
    static const char *const keys[] = {"load",    "command",       "after",  "name",
                                       "timeout", "start_timeout", "config", NULL};
    struct yaml_node load = yaml_get(node, "load"), command = yaml_get(node, "command");
    struct yaml_node config = yaml_get(node, "config");
    struct origin origin = {.node = yaml_is_set(load)      ? load
                                    : yaml_is_set(command) ? command
                                                           : node,
                            .mistakes = mistakes};
    place_set(&stage->place, &origin, false);
    if (!yaml_check_keys(node, keys))
        return;
    if (yaml_is_set(load) == yaml_is_set(command))
        yaml_mistake(node, "stages: a stage is {load: ./my-stage.so} or {command: [python3, "
                           "my_stage.py]}");
    read_load(stage, load, mistakes);
    read_command(stage, command, mistakes);
    read_name(stage, yaml_get(node, "name"), mistakes);
    read_after(stage, yaml_get(node, "after"), mistakes);
    read_timeout(&stage->timeout_ms, yaml_get(node, "timeout"), "stages: timeout", mistakes);
    read_timeout(&stage->start_timeout_ms, yaml_get(node, "start_timeout"), "stages: start_timeout",
                 mistakes);
    read_config(stage, config, mistakes);
    if (yaml_is_set(yaml_get(node, "start_timeout")) && !yaml_is_set(command))
        yaml_mistake(yaml_get(node, "start_timeout"),
                     "stages: start_timeout is for a command; a shared object starts at once");
}

/* --- all of them ---------------------------------------------------------------------------- */

static void stage_free(struct config_stage *stage)
{
    free(stage->load);
    config_list_free(&stage->command);
    free(stage->folder);
    free(stage->name);
    free(stage->after);
    free(stage->config);
    config_list_free(&stage->secrets);
    for (size_t i = 0; i < stage->keys_count; i++) {
        free(stage->keys[i].path);
        place_free(&stage->keys[i].place);
    }
    free(stage->keys);
    place_free(&stage->place);
}

void stages_free(struct config *config)
{
    for (size_t i = 0; i < config->stages_count; i++)
        stage_free(&config->stages[i]);
    free(config->stages);
    free(config->stage_options);
    config->stages = NULL;
    config->stage_options = NULL;
    config->stages_count = 0;
}

void stages_read(struct config *config, struct yaml_node list, struct mistakes *mistakes)
{
    struct yaml_cursor cursor = yaml_cursor(list);
    size_t count = yaml_count(list);
    if (!yaml_is_set(list))
        return;
    stages_free(config);
    if (yaml_kind(list) != YAML_SEQUENCE || count > STAGES_LOADED_MAX) {
        yaml_mistake(list, "stages: a list of at most %d stages is wanted here", STAGES_LOADED_MAX);
        return;
    }
    config->stages = calloc(count + 1, sizeof *config->stages);
    while (config->stages && yaml_next(&cursor))
        read_stage(&config->stages[config->stages_count++], cursor.value, mistakes);
}

/* The list of a command ends with NULL for those who run it. */
static const char *const *as_command(struct config_list *list)
{
    if (!list->count)
        return NULL;
    char **grown = realloc(list->items, (list->count + 1) * sizeof *grown);
    if (!grown)
        return NULL;
    list->items = grown;
    grown[list->count] = NULL;
    return (const char *const *)grown;
}

void stages_collect(struct config *config)
{
    size_t count = config->stages_count;
    free(config->stage_options);
    config->stage_options = count ? calloc(count, sizeof *config->stage_options) : NULL;
    for (size_t i = 0; config->stage_options && i < count; i++) {
        struct config_stage *stage = &config->stages[i];
        config->stage_options[i] = (desk_stage_option){.size = sizeof(desk_stage_option),
                                                       .path = stage->load,
                                                       .command = as_command(&stage->command),
                                                       .folder = stage->folder,
                                                       .name = stage->name,
                                                       .after = stage->after,
                                                       .config = slice_from_cstr(stage->config),
                                                       .timeout_ms = stage->timeout_ms,
                                                       .start_timeout_ms = stage->start_timeout_ms};
    }
}

/* "config: KEY: what is wrong", as stages say it. */
const struct config_place *config_stage_place(const struct config_stage *stage, const char *message)
{
    static const char start[] = "config: ";
    const char *path = message + sizeof start - 1;
    if (strncmp(message, start, sizeof start - 1) != 0)
        return &stage->place;
    for (size_t i = 0; i < stage->keys_count; i++) {
        size_t len = stage->keys[i].path ? strlen(stage->keys[i].path) : 0;
        if (len && !strncmp(path, stage->keys[i].path, len) && !strncmp(path + len, ": ", 2))
            return &stage->keys[i].place;
    }
    return &stage->place;
}
