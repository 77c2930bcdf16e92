/* The extract stage. */
#include "engine/stage.h"

#include "article/article.h"
#include "rulebook/rulebook.h"

static desk_status open_extract(const struct desk_rulebook *rulebook, void **state, desk_error *err)
{
    (void)rulebook;
    (void)err;
    *state = NULL;
    return DESK_OK;
}

static desk_status process_extract(void *state, struct desk_article *article, desk_error *err)
{
    (void)state;
    (void)article;
    (void)err;
    return DESK_OK;
}

static void close_extract(void *state)
{
    (void)state;
}

const struct stage stage_extract = {"extract", open_extract, process_extract, close_extract};
