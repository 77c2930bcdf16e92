/* What the files of the configuration share. */
#ifndef CONFIG_PARTS_H
#define CONFIG_PARTS_H

#include "config/config.h"
#include "config/schema.h"
#include "yaml/yaml.h"

enum { CONFIG_ERROR_SIZE = 512, CONFIG_PATH_SIZE = 128 };

/* Where a value came from, for messages. */
struct origin {
    struct yaml_node node; /* set for the file */
    const char *variable;  /* set for the environment */
    struct mistakes *mistakes;
    bool is_expanded; /* the value came out of a file or variable: it may be a secret */
};

/* Adds a mistake at the value's place. */
void origin_wrong(const struct origin *origin, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A value for a message: one that the file does not show is not shown here either. */
const char *origin_shown(const struct origin *origin, const char *text);

/* Takes the text, which is the list's after that; frees it when memory is out. */
void config_list_add(struct config_list *list, char *text);
void config_list_free(struct config_list *list);

/* Sets one key, or adds one item to a list; on a mistake the value stays as it was. */
void setting_set(struct config *config, const struct config_row *row, const char *text,
                 const struct origin *origin);
/* Sets one key from its place in a file. */
void setting_read(struct config *config, const struct config_row *row, struct yaml_node node,
                  struct mistakes *mistakes);
/* The text with its variables replaced, on the heap; NULL after a mistake. Sets is_expanded. */
char *setting_expand(desk_slice text, struct origin *origin, const char *what);

/* Takes the value (NULL: nothing happens), which is the list's after that. */
void properties_set(struct config_properties *list, const char *name, char *value,
                    const struct origin *origin);
void properties_read(struct config *config, struct config_properties *list,
                     struct yaml_node mapping, struct mistakes *mistakes);
/* The value, or NULL. */
const char *properties_find(const struct config_properties *list, const char *name);
/* Collects all values that must never be shown in config->secrets. */
void properties_keep_secrets(struct config *config);
void properties_free(struct config_properties *list);

void document_read(struct config *config, struct yaml_node root, struct mistakes *mistakes);
void environment_read(struct config *config, struct mistakes *mistakes);
/* `path` stands for the file in messages; NULL: there is none. */
void conflicts_check(const struct config *config, const char *path, struct mistakes *mistakes);

#endif
