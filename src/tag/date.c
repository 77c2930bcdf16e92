/* The date stage. */
#include "engine/stage.h"

#include "article/article.h"
#include "rulebook/rulebook.h"

static desk_status open_date(const struct desk_rulebook *rulebook, void **state, desk_error *err)
{
    (void)rulebook;
    (void)err;
    *state = NULL;
    return DESK_OK;
}

static desk_status process_date(void *state, struct desk_article *article, desk_error *err)
{
    (void)state;
    (void)article;
    (void)err;
    return DESK_OK;
}

static void close_date(void *state)
{
    (void)state;
}

const struct stage stage_date = {"date", open_date, process_date, close_date};
