/* Which key of an input object means what: the default names, their aliases, and a person's own
 * mapping. */
#ifndef ARTICLE_FIELDS_H
#define ARTICLE_FIELDS_H

#include <copydesk/engine.h>
#include <stdbool.h>

#include "base/arena.h"

/* The meanings a key can have. Order is that of FIELD_NAMES in fields.c. */
enum input_field {
    INPUT_ID,
    INPUT_URL,
    INPUT_CANONICAL_URL,
    INPUT_TITLE,
    INPUT_DESCRIPTION,
    INPUT_HTML,
    INPUT_TEXT,
    INPUT_AUTHOR,
    INPUT_PUBLISHED_AT,
    INPUT_UPDATED_AT,
    INPUT_CRAWLED_AT,
    INPUT_SOURCE,
    INPUT_LANGUAGE,
    INPUT_IMAGE,
    INPUT_SECTION,
    INPUT_KEYWORDS,
    INPUT_FIELD_COUNT
};

/* One known key. `rank` orders the aliases of one field: 0 wins over 1. */
struct field_name {
    desk_slice name;
    enum input_field field;
    unsigned rank;
};

/* Compiled mapping: an open-addressing table by the hash of the key; read-only after make. */
struct field_map {
    struct field_name *slots;
    size_t mask;
    char *text; /* copies of a person's own names */
};

/* The default table, or with aliases of a person, which replace all default names of the fields
 * they map. Errors: DESK_EARGUMENT for an unknown field or a name that is mapped twice,
 * DESK_ENOMEM. */
desk_status field_map_make(const desk_field_alias *aliases, size_t count, struct field_map *map,
                           desk_error *err);
void field_map_free(struct field_map *map);
const struct field_name *field_map_find(const struct field_map *map, desk_slice key);
const char *input_field_name(enum input_field field);
/* The names in order, NULL-terminated, for messages and checks. */
const char *const *input_field_names(void);

#endif
