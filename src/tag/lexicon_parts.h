/* What the files of the lexicon's compiler share. Nothing here outlives the compilation. */
#ifndef TAG_LEXICON_PARTS_H
#define TAG_LEXICON_PARTS_H

#include "tag/lexicon.h"
#include "yaml/yaml.h"

/* Where an entry stands, for messages, and by what it is compared with others. */
struct lexicon_place {
    uint64_t term; /* of the words' stems and the exact spelling */
    uint64_t context;
    uint32_t language, entry;
    uint32_t line, column;
    const char *file;
};

struct lexicon_maker {
    struct lexicon *lexicon;
    struct mistakes *mistakes;
    struct lexicon_place *places;
    size_t places_count, places_capacity;
    const char *file;  /* the one that is being read */
    uint32_t language; /* index */
};

/* Room for one more item; NULL when out of memory, with the old items untouched. */
void *lexicon_reserve(void *items, size_t count, size_t *capacity, size_t size);
/* A copy on the heap; empty when out of memory. */
desk_slice lexicon_copy(desk_slice text);

/* Reads the sections `subjects` and `context` of a language's file (lexicon_terms.c). */
void lexicon_read_terms(struct lexicon_maker *maker, struct yaml_node root);

/* Finds duplicates and conflicts, counts how many topics share a term and sets each entry's
 * strength (lexicon_check.c). */
void lexicon_finish(struct lexicon_maker *maker);

#endif
