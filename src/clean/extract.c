/* The extract stage: the article's blocks and metadata out of a page, or the paragraphs of a plain
 * text. */
#include "engine/stage.h"

#include "article/article.h"
#include "base/error.h"
#include "base/slice.h"
#include "clean/page.h"
#include "clean/page_blocks.h"
#include "clean/plain.h"
#include "rulebook/rulebook.h"

static desk_status open_extract(const struct desk_rulebook *rulebook, void **state, desk_error *err)
{
    (void)err;
    *state = rulebook->pagewords;
    return DESK_OK;
}

/* A fragment or a page without an article keeps all its text. */
static bool extract_page(struct desk_article *article, const struct pagewords *words)
{
    struct page page;
    if (!page_open(&page, article, words) || !page_metadata(&page) || !page_measure(&page) ||
        !page_cut_blocks(&page))
        return false;
    return page_collect(&page, page_find_main(&page));
}

static desk_status process_extract(void *state, struct desk_article *article, desk_error *err)
{
    if (!article_work(article, 8 * (uint64_t)(article->markup.len + article->plain.len)))
        return article_work_error(err);
    if (article->markup.len && !extract_page(article, state))
        return article_memory_error(err);
    if (!article->blocks.count && article->plain.len && !plain_collect(article))
        return article_memory_error(err);
    return DESK_OK;
}

static void close_extract(void *state)
{
    (void)state;
}

const struct stage stage_extract = {"extract", open_extract, process_extract, close_extract};
