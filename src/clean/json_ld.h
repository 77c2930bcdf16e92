/* Structured data of schema.org in JSON-LD, of all scripts of a page together: the article's own
 * object, wherever it stands, with what it refers to by @id. */
#ifndef CLEAN_JSON_LD_H
#define CLEAN_JSON_LD_H

#include "article/article.h"
#include "clean/loose_json.h"

struct page_facts;

enum { JSON_LD_SCRIPTS_MAX = 16, JSON_LD_OBJECTS_MAX = 16 };

struct json_ld_object {
    const struct loose_json *script;
    uint32_t index;
    uint8_t type; /* enum json_ld_type */
};

struct json_ld {
    struct loose_json scripts[JSON_LD_SCRIPTS_MAX];
    size_t scripts_count;
    struct json_ld_object objects[JSON_LD_OBJECTS_MAX]; /* of types that can be the page's */
    size_t objects_count;
    desk_slice body; /* articleBody */
};

/* Reads a script of type application/ld+json. False at the memory limit. */
bool json_ld_read(struct arena *arena, desk_slice text, struct json_ld *data);

/* Adds what the article's object says to the facts, then what objects of the page as a whole add.
 * Of several articles that one is meant whose headline is nearest to a title the facts have
 * already. */
void json_ld_state(struct arena *arena, struct json_ld *data, struct page_facts *facts);

#endif
