/* Finding the article in a page: paragraphs vote for the elements around them.
 *
 * Each block of running text gives points, for its length and its commas, to the elements that
 * contain it, less to those further out; links take points away. The element with most points is
 * the article; its neighbours join when they hold running text too. Source of the idea: Arc90's
 * Readability (2009); weights and rules are this project's own. */
#include "base/slice.h"
#include "clean/page.h"
#include "clean/page_path.h"

enum { PARAGRAPH_BYTES_MIN = 25, ANCESTORS_MAX = 4, GOOD_BYTES_MIN = 80 };

static const double WIDEN_SHARE = 0.2, WIDEN_RATIO = 2.6;

static double link_share(const struct page_node *node)
{
    return node->text_len ? (double)node->link_len / (double)node->text_len : 0;
}

static bool is_running_text(const struct page_block *block)
{
    return block->text.len >= PARAGRAPH_BYTES_MIN && 2 * block->link_len < block->text.len &&
           block->kind != BLOCK_HEADING;
}

static size_t count_commas(desk_slice text)
{
    static const char *const others[] = {"\xD8\x8C", "\xE3\x80\x81", "\xEF\xBC\x8C",
                                         "\xE3\x80\x82"}; /* ، 、 ， 。 */
    size_t count = 0;
    for (size_t at = slice_find_byte(text, ',', 0); at != DESK_SLICE_NONE;
         at = slice_find_byte(text, ',', at + 1))
        count++;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        desk_slice mark = slice_from_cstr(others[i]);
        for (size_t at = slice_find(text, mark, 0); at != DESK_SLICE_NONE;
             at = slice_find(text, mark, at + mark.len))
            count++;
    }
    return count;
}

static float points_of(const struct page_block *block)
{
    size_t hundreds = block->text.len / 100, commas = count_commas(block->text);
    float points = 1.0F + (float)(hundreds < 5 ? hundreds : 5) + (float)(commas < 6 ? commas : 6);
    if (block->kind == BLOCK_LIST_ITEM || block->is_caption)
        points *= 0.4F;
    return points;
}

/* The element that gets the full points: around a paragraph's own element, or the element itself
 * when text stands in it directly. */
static uint32_t container_of(const struct page *page, uint32_t node)
{
    for (;;)
        switch (page->tree.nodes[node].element) {
        case ELEMENT_P:
        case ELEMENT_LI:
        case ELEMENT_UL:
        case ELEMENT_OL:
        case ELEMENT_BLOCKQUOTE:
        case ELEMENT_PRE:
        case ELEMENT_TD:
        case ELEMENT_TR:
        case ELEMENT_TBODY:
        case ELEMENT_FIGURE:
        case ELEMENT_FIGCAPTION:
            node = page->tree.nodes[node].parent;
            break;
        default:
            return node;
        }
}

static void vote(struct page *page)
{
    for (size_t i = 0; i < page->blocks_count; i++) {
        const struct page_block *block = &page->blocks[i];
        if (!is_running_text(block))
            continue;
        float points = points_of(block);
        uint32_t node = container_of(page, block->node);
        for (unsigned level = 0; level < ANCESTORS_MAX; level++) {
            page->nodes[node].score += level == 0 ? points : points / (float)(level + 1);
            if (node == 0)
                break;
            node = page->tree.nodes[node].parent;
        }
    }
}

static double final_score(const struct page *page, uint32_t index)
{
    const struct page_node *node = &page->nodes[index];
    double score = (double)node->score * (1 - link_share(node));
    if (node->flags & PAGE_LIKELY)
        score *= 1.25;
    return score;
}

/* Blocks that speak for themselves when it is decided how far out the article reaches: longer than
 * a teaser, few links. */
static bool is_good(const struct page_block *block)
{
    return block->text.len >= GOOD_BYTES_MIN && 10 * block->link_len < 3 * block->text.len &&
           block->kind != BLOCK_HEADING && !block->is_caption;
}

static void sum_blocks(struct page *page)
{
    for (size_t i = 0; i < page->tree.count; i++) {
        page->nodes[i].good_len = page->nodes[i].bad_len = 0;
        page->nodes[i].score = 0;
    }
    for (size_t i = 0; i < page->blocks_count; i++) {
        const struct page_block *block = &page->blocks[i];
        struct page_node *node = &page->nodes[block->node];
        *(is_good(block) ? &node->good_len : &node->bad_len) += (uint32_t)block->text.len;
    }
    for (size_t i = page->tree.count; i-- > 1;) {
        struct page_node *parent = &page->nodes[page->tree.nodes[i].parent];
        parent->good_len += page->nodes[i].good_len;
        parent->bad_len += page->nodes[i].bad_len;
    }
}

/* Goes outward while that adds a fair part of running text and little else: the article is cut into
 * several parts then. */
static uint32_t widen(const struct page *page, uint32_t best)
{
    for (uint32_t node = best; node;) {
        node = page->tree.nodes[node].parent;
        const struct page_node *inner = &page->nodes[best], *outer = &page->nodes[node];
        double good = (double)(outer->good_len - inner->good_len),
               bad = (double)(outer->bad_len - inner->bad_len);
        if (good > WIDEN_SHARE * (double)inner->good_len && good > WIDEN_RATIO * bad)
            best = node;
    }
    return best;
}

uint32_t page_find_main(struct page *page)
{
    uint32_t best = 0;
    double best_score = 0;
    sum_blocks(page);
    vote(page);
    for (uint32_t i = 1; i < page->tree.count; i++) {
        if (page->nodes[i].score <= 0 || page->tree.nodes[i].element == ELEMENT_BODY ||
            page->tree.nodes[i].element == ELEMENT_HTML)
            continue;
        double score = final_score(page, i);
        if (score > best_score) {
            best = i;
            best_score = score;
        }
    }
    return widen(page, best);
}

/* --- collecting ---------------------------------------------------------------------------- */

static bool is_inside(const struct page *page, uint32_t node, uint32_t outer)
{
    return node >= outer && node < page->tree.nodes[outer].end;
}

static bool is_kept(const struct page_block *block)
{
    if (block->is_caption)
        return false;
    double share = (double)block->link_len / (double)(block->text.len ? block->text.len : 1);
    if (block->kind == BLOCK_LIST_ITEM)
        return share < 0.6 && (share < 0.3 || block->text.len > 80);
    return share < 0.75;
}

/* Headings at the end head nothing of the article; runs of headings before links likewise. */
static void drop_loose_headings(struct block_list *list)
{
    while (list->count && list->items[list->count - 1].kind == BLOCK_HEADING)
        list->count--;
}

static bool add_block(struct desk_article *article, const struct page_block *from)
{
    struct block *block = article_add_block(article);
    if (!block)
        return false;
    block->text = from->text;
    block->kind = (enum block_kind)from->kind;
    block->traced = article->trace.count;
    return true;
}

/* A heading that repeats the title is the title. */
static bool is_title(const struct desk_article *article, const struct page_block *block)
{
    return block->kind == BLOCK_HEADING && article->title.len &&
           slice_equal(block->text, article->title);
}

/* Lists a block's fate for explain, when that is asked for. */
static bool trace(const struct page *page, const struct page_block *block, bool is_kept)
{
    struct desk_article *article = page->article;
    struct block_trace *entry = article->wants_trace ? article_add_trace(article) : NULL;
    if (!entry)
        return !article->wants_trace;
    entry->text = block->text;
    entry->kind = (enum block_kind)block->kind;
    entry->is_kept = is_kept;
    entry->rule = slice_from_cstr(is_kept ? "" : "page.outside");
    entry->path = page_path(page, block->node);
    return true;
}

bool page_collect(struct page *page, uint32_t main)
{
    struct desk_article *article = page->article;
    size_t kept = 0, dropped = 0;
    for (size_t i = 0; i < page->blocks_count; i++) {
        const struct page_block *block = &page->blocks[i];
        bool good =
            is_inside(page, block->node, main) && is_kept(block) && !is_title(article, block);
        if (!trace(page, block, good) || (good && !add_block(article, block)))
            return false;
        if (!good && !article_add_removal(article, slice_from_cstr("page.outside"), block->text))
            return false;
        *(good ? &kept : &dropped) += 1;
    }
    drop_loose_headings(&article->blocks);
    return true;
}
