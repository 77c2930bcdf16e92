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
    bool is_expanded;  /* the value came out of a file or variable: it may be a secret */
    bool is_from_file; /* out of a file */
};

/* Keeps the place of a value; what was there before is freed. */
void place_set(struct config_place *place, const struct origin *origin, bool is_faulty);
void place_free(struct config_place *place);

/* Adds a mistake at the value's place. */
void origin_wrong(const struct origin *origin, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A value for a message: one that the file does not show is not shown here either. */
const char *origin_shown(const struct origin *origin, const char *text);

/* Takes the text, which is the list's after that; frees it when memory is out. */
void config_list_add(struct config_list *list, char *text);
void config_list_free(struct config_list *list);

/* Sets one key, or adds one item to a list; on a mistake, which makes it false, the value stays as
 * it was. */
bool setting_set(struct config *config, const struct config_row *row, const char *text,
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
void document_clear_aliases(struct config *config);
void environment_read(struct config *config, struct mistakes *mistakes);
void conflicts_check(const struct config *config, struct mistakes *mistakes);

/* Reads the files that `include` of the main file names, in order; path is the main file's, whose
 * folder relative names start at, or NULL when there is none. */
void include_read(struct config *config, struct yaml_node root, const char *path,
                  struct mistakes *mistakes);
/* A whole file on the heap, or NULL after a mistake. */
char *include_load(const char *path, size_t *len, struct mistakes *mistakes);
bool include_is_empty(const char *data, size_t len);

void routes_read(struct config *config, struct yaml_node list, struct mistakes *mistakes);
/* Fills in targets_enriched and targets_rejected. */
void routes_collect(struct config *config);
void routes_free(struct config_routes *routes);

void stages_read(struct config *config, struct yaml_node list, struct mistakes *mistakes);
/* Fills in stage_options. */
void stages_collect(struct config *config);
void stages_free(struct config *config);

#endif
