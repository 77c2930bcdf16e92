/* Loading: defaults, then the file, then the environment; every mistake is collected with its
 * place. */
#include "config/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "base/wipe.h"
#include "config/parts.h"

static void set_defaults(struct config *config, struct mistakes *mistakes)
{
    struct origin origin = {.mistakes = mistakes};
    for (const struct config_row *row = CONFIG_ROWS; row->path; row++)
        if (row->initial)
            setting_set(config, row, row->initial, &origin);
}

static struct config *make(struct mistakes *mistakes)
{
    size_t rows = 1; /* the last row, which has no path, has a place too */
    for (const struct config_row *row = CONFIG_ROWS; row->path; row++)
        rows++;
    struct config *config = calloc(1, sizeof *config);
    if (config)
        config->places = calloc(rows, sizeof *config->places);
    if (!config || !config->places) {
        free(config);
        return NULL;
    }
    set_defaults(config, mistakes);
    return config;
}

static void finish(struct config *config, struct mistakes *mistakes)
{
    /* Said by variables, too, that topics are to be made. */
    config->create_topics |=
        config_place_of(config, "create_topics.partitions")->source == SOURCE_ENVIRONMENT ||
        config_place_of(config, "create_topics.replication")->source == SOURCE_ENVIRONMENT;
    properties_keep_secrets(config);
    routes_collect(config);
    stages_collect(config);
    conflicts_check(config, mistakes);
}

struct config *config_inspect(const char *path, struct mistakes *mistakes)
{
    size_t len = 0;
    struct config *config = make(mistakes);
    char *data = config && path ? include_load(path, &len, mistakes) : NULL;
    struct yaml_file *file = data && !include_is_empty(data, len)
                                 ? yaml_open(path, slice_of(data, len), mistakes)
                                 : NULL;
    if (file) {
        document_read(config, yaml_root(file), mistakes);
        include_read(config, yaml_get(yaml_root(file), "include"), path, mistakes);
    }
    yaml_close(file);
    wipe(data, len);
    free(data);
    if (!config)
        return NULL;
    environment_read(config, mistakes);
    finish(config, mistakes);
    return config;
}

struct config *config_load(const char *path, struct mistakes *mistakes)
{
    size_t errors = mistakes->errors;
    struct config *config = config_inspect(path, mistakes);
    if (mistakes->errors == errors)
        return config;
    config_free(config);
    return NULL;
}

struct config *config_load_text(const char *name, desk_slice text, struct mistakes *mistakes)
{
    size_t errors = mistakes->errors;
    struct config *config = make(mistakes);
    struct yaml_file *file = config ? yaml_open(name, text, mistakes) : NULL;
    if (file) {
        document_read(config, yaml_root(file), mistakes);
        include_read(config, yaml_get(yaml_root(file), "include"), NULL, mistakes);
    }
    yaml_close(file);
    if (config)
        finish(config, mistakes);
    if (mistakes->errors == errors)
        return config;
    config_free(config);
    return NULL;
}

void config_free(struct config *config)
{
    if (!config)
        return;
    for (const struct config_row *row = CONFIG_ROWS; row->path; row++) {
        void *slot = (char *)config + row->slot;
        if (row->type == TYPE_TEXT)
            wipe_text(*(char **)slot);
        else if (row->type == TYPE_LIST)
            config_list_free(slot);
        place_free(&config->places[row - CONFIG_ROWS]);
    }
    document_clear_aliases(config);
    for (size_t i = 0; i < config->secrets.count; i++)
        wipe(config->secrets.items[i], strlen(config->secrets.items[i]));
    config_list_free(&config->secrets);
    config_list_free(&config->targets_enriched);
    config_list_free(&config->targets_rejected);
    routes_free(&config->routes);
    stages_free(config);
    free(config->places);
    properties_free(&config->kafka);
    properties_free(&config->consumer);
    properties_free(&config->producer);
    free(config);
}

void config_set_group(struct config *config, const char *group)
{
    char *copy = strdup(group);
    if (!copy)
        return;
    free(config->input_group);
    config->input_group = copy;
}

const char *config_rulebook_folder(const struct config *config)
{
    return strcmp(config->rulebook, "builtin") ? config->rulebook : NULL;
}
