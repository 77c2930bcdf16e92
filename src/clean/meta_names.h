/* Names of meta elements (name, property, itemprop, http-equiv) that newsrooms use. */
#ifndef CLEAN_META_NAMES_H
#define CLEAN_META_NAMES_H

#include "clean/page_facts.h"

struct meta_name {
    const char *name; /* lower case; also the origin that explain prints */
    uint8_t slot;     /* enum fact_slot */
    uint8_t rank;     /* added to RANK_META */
};

/* The row of a name, ASCII case ignored, or NULL. */
const struct meta_name *meta_name_find(desk_slice name);

#endif
