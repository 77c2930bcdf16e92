/* The entity stage. */
#include "engine/stage.h"

#include "article/article.h"
#include "rulebook/rulebook.h"

static desk_status open_entity(const struct desk_rulebook *rulebook, void **state, desk_error *err)
{
    (void)rulebook;
    (void)err;
    *state = NULL;
    return DESK_OK;
}

static desk_status process_entity(void *state, struct desk_article *article, desk_error *err)
{
    (void)state;
    (void)article;
    (void)err;
    return DESK_OK;
}

static void close_entity(void *state)
{
    (void)state;
}

const struct stage stage_entity = {"entity", open_entity, process_entity, close_entity};
