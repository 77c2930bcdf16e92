/* Organisations that no list knows, by the words they are made of; see organisations.c. */
#ifndef TAG_ORGANISATIONS_H
#define TAG_ORGANISATIONS_H

#include "tag/name_scene.h"

/* Adds to article->organisations and claims the tokens. False at the memory limit. */
bool organisations_find(const struct name_scene *scene);

#endif
