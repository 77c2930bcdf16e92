/* The extract stage: the article's blocks and metadata out of a page, or the paragraphs of a plain
 * text. */
#include "engine/stage.h"

#include "article/article.h"
#include "base/error.h"
#include "base/slice.h"
#include "clean/about_lines.h"
#include "clean/page.h"
#include "clean/page_features.h"
#include "clean/page_model.h"
#include "clean/page_state.h"
#include "clean/plain.h"
#include "rulebook/rulebook.h"

static desk_status open_extract(const struct desk_rulebook *rulebook, void **state, desk_error *err)
{
    (void)err;
    *state = (void *)(size_t)rulebook;
    return DESK_OK;
}

/* Of structured data beside a visible article, and where the page shows next to nothing. */
enum { STRUCTURED_BYTES_MIN = 600, NOTHING_BYTES_MAX = 100, ALONE_BYTES_MIN = 200 };

static size_t blocks_len(const struct desk_article *article)
{
    size_t len = 0;
    for (size_t i = 0; i < article->blocks.count; i++)
        len += article->blocks.items[i].text.len;
    return len;
}

/* JSON-LD has the text, and the visible page much less of it: a page that a script would fill. */
static bool take_structured(struct desk_article *article, desk_slice body)
{
    size_t visible = blocks_len(article);
    size_t least = visible <= NOTHING_BYTES_MAX ? ALONE_BYTES_MIN : STRUCTURED_BYTES_MIN;
    if (body.len < least || 2 * body.len < 3 * visible)
        return true;
    for (size_t i = 0; i < article->blocks.count; i++)
        if (!article_add_removal(article, slice_from_cstr("page.teaser"),
                                 article->blocks.items[i].text))
            return false;
    article->blocks.count = 0;
    article->plain = body;
    return plain_collect(article);
}

static bool score_blocks(struct page *page, const struct pagemodel *model)
{
    struct page_features features;
    if (pagemodel_is_set(model)) {
        if (!page_measure(page, &features))
            return false;
        pagemodel_score(model, page, &features);
        return page_keep_features(page, &features);
    }
    for (size_t i = 0; i < page->blocks_count; i++)
        page->blocks[i].score = page_score_by_hand(page, &page->blocks[i]);
    return true;
}

/* Blocks, what is said around them, and the first guess. */
static bool find_blocks(struct page *page)
{
    if (!page_cut_blocks(page))
        return false;
    page_mark(page);
    page_find_main(page);
    return true;
}

/* A fragment or a page without an article keeps all its text. */
static bool extract_page(struct desk_article *article, const struct desk_rulebook *rulebook)
{
    struct page page;
    if (!page_open(&page, article, rulebook->pagewords))
        return false;
    page.metadata_words = rulebook->metadata_words;
    if (!page_metadata(&page) || !find_blocks(&page) ||
        (page_show_hidden(&page) && !find_blocks(&page)))
        return false;
    return score_blocks(&page, rulebook->pagemodel) && page_choose(&page) &&
           about_lines_remove(&page) &&
           (blocks_len(article) >= STRUCTURED_BYTES_MIN || page_state_text(&page)) &&
           take_structured(article, page.structured_body);
}

static desk_status process_extract(void *state, struct desk_article *article, desk_error *err)
{
    if (!article_work(article, 8 * (uint64_t)(article->markup.len + article->plain.len)))
        return article_work_error(err);
    const struct desk_rulebook *rulebook = state;
    page_record_authors(article, rulebook->metadata_words);
    if (article->markup.len && !extract_page(article, rulebook))
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
