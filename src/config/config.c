/* Loading: defaults, then the file, then the environment; every mistake is collected with its
 * place. */
#include "config/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "base/wipe.h"
#include "config/parts.h"

enum { FILE_MAX = 4 << 20 };

static bool read_file(const char *path, char **data, size_t *len, struct mistakes *mistakes)
{
    FILE *file = fopen(path, "rb");
    *data = file ? malloc(FILE_MAX) : NULL;
    *len = *data ? fread(*data, 1, FILE_MAX, file) : 0;
    bool good = *data && !ferror(file) && *len < FILE_MAX;
    if (!good)
        mistakes_add(mistakes, path, 0, 0, false, "the configuration cannot be read: %s",
                     *len == FILE_MAX ? "it is larger than 4 MiB" : strerror(errno));
    if (file)
        fclose(file);
    return good;
}
static void set_defaults(struct config *config, struct mistakes *mistakes)
{
    struct origin origin = {{NULL, NULL}, "default", mistakes, false};
    for (const struct config_row *row = CONFIG_ROWS; row->path; row++)
        if (row->initial)
            setting_set(config, row, row->initial, &origin);
}

static struct config *load(const char *name, const desk_slice *text, bool with_environment,
                           struct mistakes *mistakes)
{
    struct config *config = calloc(1, sizeof *config);
    size_t errors = mistakes->errors;
    if (!config)
        return NULL;
    set_defaults(config, mistakes);
    struct yaml_file *file = text ? yaml_open(name, *text, mistakes) : NULL;
    if (file)
        document_read(config, yaml_root(file), mistakes);
    yaml_close(file);
    if (with_environment)
        environment_read(config, mistakes);
    properties_keep_secrets(config);
    if (mistakes->errors == errors)
        conflicts_check(config, name, mistakes);
    if (mistakes->errors == errors)
        return config;
    config_free(config);
    return NULL;
}

struct config *config_load(const char *path, struct mistakes *mistakes)
{
    char *data = NULL;
    size_t len = 0;
    struct config *config = NULL;
    if (!path)
        return load(NULL, NULL, true, mistakes);
    if (read_file(path, &data, &len, mistakes)) {
        desk_slice text = slice_of(data, len);
        config = load(path, &text, true, mistakes);
    }
    wipe(data, len);
    free(data);
    return config;
}

struct config *config_load_text(const char *name, desk_slice text, struct mistakes *mistakes)
{
    return load(name, &text, false, mistakes);
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
    }
    for (size_t i = 0; i < config->aliases_count; i++) {
        free((char *)(size_t)config->aliases[i].field.data);
        free((char *)(size_t)config->aliases[i].name.data);
    }
    free(config->aliases);
    for (size_t i = 0; i < config->secrets.count; i++)
        wipe(config->secrets.items[i], strlen(config->secrets.items[i]));
    config_list_free(&config->secrets);
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
