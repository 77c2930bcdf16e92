/* The small things that all finders of names do. */
#include "tag/name_scene.h"

#include "base/slice.h"
#include "tag/quoting.h"

desk_slice name_text(const struct name_scene *scene, struct name_run run)
{
    const struct token *first = name_token(scene, run.first), *last = first + run.words - 1;
    desk_slice text = article_field_text(scene->article, (enum article_field)first->field);
    return slice_sub(text, first->start, last->start + last->len);
}

void name_claim(const struct name_scene *scene, struct name_run run)
{
    memset(scene->claimed + run.first, 1, run.words);
}

struct entity *name_entity(const struct name_scene *scene, struct entity_list *list,
                           desk_slice name, desk_slice country)
{
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal(list->items[i].name, name) && slice_equal(list->items[i].country, country))
            return &list->items[i];
    struct entity *entity = article_add_entity(scene->article->arena, list);
    if (entity) {
        entity->name = name;
        entity->country = country;
        entity->first = SIZE_MAX;
    }
    return entity;
}

static size_t order_of(const struct token *token)
{
    return ((size_t)token->field << 40) | token->start;
}

bool name_count(const struct name_scene *scene, struct entity *entity, const char *rule,
                struct name_run run)
{
    const struct token *first = name_token(scene, run.first);
    struct evidence *evidence =
        entity ? article_add_evidence(scene->article->arena, &entity->evidence) : NULL;
    if (!evidence)
        return false;
    entity->count++;
    if (order_of(first) < entity->first)
        entity->first = order_of(first);
    *evidence = (struct evidence){.rule = slice_from_cstr(rule),
                                  .text = name_text(scene, run),
                                  .field = (enum article_field)first->field,
                                  .offset = first->start,
                                  .weight = 1};
    return true;
}

bool name_is_saying(const struct name_scene *scene, size_t at)
{
    enum saying kind =
        quoting_kind(scene->quoting, scene->article->language, name_token(scene, at));
    return kind == SAYING_VERB || kind == SAYING_QUOTES;
}

bool name_is_particle(const struct name_scene *scene, size_t at)
{
    enum { PARTICLE_BYTES_MAX = 5 };
    static const char particles[] = " de da do dos das del della di du van von der den la le e bin "
                                    "ibn al el abu ben y ter ten zu "
                                    "af av dal las los bint ould ";
    desk_slice text = token_text(scene->article, name_token(scene, at));
    char wanted[PARTICLE_BYTES_MAX + 3] = " ";
    if (text.len > PARTICLE_BYTES_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++)
        wanted[i + 1] = ascii_lower(text.data[i]);
    wanted[text.len + 1] = ' ';
    wanted[text.len + 2] = '\0';
    return strstr(particles, wanted) != NULL;
}
