/* What finders of names share: the tokens, what the gazetteer says of each, and which of them a
 * name has taken. */
#ifndef TAG_NAME_SCENE_H
#define TAG_NAME_SCENE_H

#include "article/article.h"
#include "tag/gazetteer.h"
#include "tag/tokens.h"

struct quoting;

/* Of the longest gazetteer name at a token: a bit per enum name_kind, for the kinds of all names
 * that are written so ("Georgia" is a country, a region and a given name). */
enum { MARK_INSIDE = 1 << 30 /* not the first word of it */, MARK_LONG = 1 << 29 /* of several */ };

struct name_scene {
    struct desk_article *article;
    const struct token_table *tokens;
    const struct gazetteer *gazetteer;
    const struct quoting *quoting;
    uint32_t language;      /* gazetteer_language() of the article's */
    uint32_t *marks;        /* one a token */
    uint32_t *names;        /* index into gazetteer->names plus one, or 0 */
    unsigned char *claimed; /* 1: part of a name of a person or organisation */
};

struct name_run {
    size_t first, words;
};

static inline bool name_is(const struct name_scene *scene, size_t at, enum name_kind kind)
{
    return scene->marks[at] >> kind & 1U;
}

static inline const struct token *name_token(const struct name_scene *scene, size_t at)
{
    return &scene->tokens->items[at];
}

/* Whether token `at` goes on behind the one before, with no punctuation between. */
static inline bool name_goes_on(const struct name_scene *scene, size_t at)
{
    return !(name_token(scene, at)->flags & TOKEN_BREAK_BEFORE);
}

/* The text from the first to the last token of a run. */
desk_slice name_text(const struct name_scene *scene, struct name_run run);
void name_claim(const struct name_scene *scene, struct name_run run);
/* The entity of this name and country in the list, added when new; NULL at the memory limit. */
struct entity *name_entity(const struct name_scene *scene, struct entity_list *list,
                           desk_slice name, desk_slice country);
/* Counts a mention with its evidence. False at the memory limit. */
bool name_count(const struct name_scene *scene, struct entity *entity, const char *rule,
                struct name_run run);
/* A verb of saying of one word. */
bool name_is_saying(const struct name_scene *scene, size_t at);
/* "de", "van", "bin" between the words of a name. */
bool name_is_particle(const struct name_scene *scene, size_t at);

#endif
