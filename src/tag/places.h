/* Which of the gazetteer's places the text really names; see places.c. */
#ifndef TAG_PLACES_H
#define TAG_PLACES_H

#include "tag/name_scene.h"

/* A gazetteer name at a place of the text. */
struct name_hit {
    const struct gazetteer_name *name;
    size_t at, words;
};

struct name_hits {
    struct name_hit *items; /* in the order of the text */
    size_t count, capacity;
};

/* Adds the places among the hits to article->places. False at the memory limit. */
bool places_find(const struct name_scene *scene, const struct name_hits *hits);

#endif
