/* The fingerprint stage. */
#include "engine/stage.h"

#include "article/article.h"
#include "rulebook/rulebook.h"

static desk_status open_fingerprint(const struct desk_rulebook *rulebook, void **state, desk_error *err)
{
    (void)rulebook;
    (void)err;
    *state = NULL;
    return DESK_OK;
}

static desk_status process_fingerprint(void *state, struct desk_article *article, desk_error *err)
{
    (void)state;
    (void)article;
    (void)err;
    return DESK_OK;
}

static void close_fingerprint(void *state)
{
    (void)state;
}

const struct stage stage_fingerprint = {"fingerprint", open_fingerprint, process_fingerprint, close_fingerprint};
