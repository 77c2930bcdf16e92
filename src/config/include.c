/* Files beside the main one: `include: [conf.d/\*.yaml]`. They are read after it, in the order of
 * the list and by name within a pattern; what is set again replaces what was set before. */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "base/wipe.h"
#include "config/parts.h"

enum { FILE_MAX = 4 << 20, FILES_MAX = 256, NAME_SIZE = 4096 };

char *include_load(const char *path, size_t *len, struct mistakes *mistakes)
{
    FILE *file = fopen(path, "rb");
    char *data = file ? malloc(FILE_MAX) : NULL;
    *len = data ? fread(data, 1, FILE_MAX, file) : 0;
    bool good = data && !ferror(file) && *len < FILE_MAX;
    if (!good) {
        mistakes_add(mistakes, path, 0, 0, false, "the configuration cannot be read: %s",
                     *len == FILE_MAX ? "it is larger than 4 MiB" : strerror(errno));
        wipe(data, *len);
        free(data);
        data = NULL;
    }
    if (file)
        fclose(file);
    return data;
}

/* Nothing but comments and white space: all keys keep their defaults. */
bool include_is_empty(const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (data[i] == '#')
            while (i + 1 < len && data[i + 1] != '\n')
                i++;
        else if (!strchr(" \t\r\n", data[i]))
            return false;
    }
    return true;
}

static void read_one(struct config *config, const char *path, struct mistakes *mistakes)
{
    size_t len = 0;
    char *data = include_load(path, &len, mistakes);
    struct yaml_file *file = data && !include_is_empty(data, len)
                                 ? yaml_open(path, slice_of(data, len), mistakes)
                                 : NULL;
    struct yaml_node root = yaml_root(file);
    if (file && yaml_is_set(yaml_get(root, "include")))
        yaml_mistake(yaml_get(root, "include"),
                     "include: only the main file may include others; name this file there");
    if (file)
        document_read(config, root, mistakes);
    yaml_close(file);
    wipe(data, len);
    free(data);
}

/* A name without wildcards must be there; a pattern may match nothing, as an empty conf.d does. */
static void read_matching(struct config *config, struct yaml_node node, const char *pattern,
                          struct mistakes *mistakes)
{
    glob_t found = {0};
    int result = glob(pattern, 0, NULL, &found);
    if (result == GLOB_NOMATCH && !strpbrk(pattern, "*?["))
        yaml_mistake(node, "include: there is no file %s", pattern);
    else if (result && result != GLOB_NOMATCH)
        yaml_mistake(node, "include: %s cannot be read", pattern);
    else if (found.gl_pathc > FILES_MAX)
        yaml_mistake(node, "include: %s names %zu files; at most %d are allowed", pattern,
                     (size_t)found.gl_pathc, FILES_MAX);
    else
        for (size_t i = 0; i < found.gl_pathc; i++)
            read_one(config, found.gl_pathv[i], mistakes);
    globfree(&found);
}

static void include_one(struct config *config, struct yaml_node node, const char *path,
                        struct mistakes *mistakes)
{
    char pattern[NAME_SIZE];
    struct origin origin = {.node = node, .mistakes = mistakes};
    if (yaml_kind(node) != YAML_SCALAR) {
        yaml_mistake(node, "include: a file or pattern is wanted here, such as conf.d/*.yaml");
        return;
    }
    char *name = setting_expand(yaml_text(node), &origin, "include");
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash + 1 - path) : 0;
    if (name && snprintf(pattern, sizeof pattern, "%.*s%s", *name == '/' ? 0 : folder, path, name) <
                    (int)sizeof pattern)
        read_matching(config, node, pattern, mistakes);
    free(name);
}

void include_read(struct config *config, struct yaml_node list, const char *path,
                  struct mistakes *mistakes)
{
    struct yaml_cursor cursor = yaml_cursor(list);
    if (!yaml_is_set(list))
        return;
    if (!path) {
        yaml_mistake(list, "include: a text that is no file can include none");
        return;
    }
    if (yaml_kind(list) != YAML_SEQUENCE) {
        include_one(config, list, path, mistakes);
        return;
    }
    while (yaml_next(&cursor))
        include_one(config, cursor.value, path, mistakes);
}
