/* Names of people in the token table; see people.c. */
#ifndef TAG_PEOPLE_H
#define TAG_PEOPLE_H

#include "tag/name_scene.h"

enum { PERSON_WORDS_MAX = 7, PEOPLE_MAX = 200, PERSON_RUNS_MAX = 1000 };

/* Where full names stand, in the order of the text. */
struct person_runs {
    struct name_run *items;
    size_t count, capacity;
};

/* Adds to article->people and claims the tokens. False at the memory limit. */
bool people_find(const struct name_scene *scene);

/* people_scripts.c: the run of a name at a token of a script without capitals, words 0 for none. */
struct name_run person_chinese(const struct name_scene *scene, size_t at);
struct name_run person_arabic(const struct name_scene *scene, size_t at);

/* people_russian.c: the name in the nominative where the given name shows its case, else as it
 * stands; from the article's arena. */
desk_slice person_nominative(const struct name_scene *scene, struct name_run run);

#endif
