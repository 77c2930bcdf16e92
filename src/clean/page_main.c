/* The first guess at where the article stands: paragraphs vote for the elements around them.
 *
 * Each block of running text gives points, for its length and its commas, to the elements that
 * contain it, less to those further out; links take points away. The element with most points is
 * the article; its neighbours join when they hold running text too. Source of the idea: Arc90's
 * Readability (2009); weights and rules are this project's own. The guess is a landmark: features
 * of blocks (page_features.c) are measured from it, and the model decides. */
#include "base/bytes.h"
#include "base/slice.h"
#include "clean/page.h"
#include "clean/page_marks.h"

enum { PARAGRAPH_LETTERS_MIN = 25, ANCESTORS_MAX = 4 };

/* Text that is an article without the silent parts; less is one, a brief, when it is a fair part of
 * the page. */
enum { ENOUGH_LETTERS = 300, BRIEF_LETTERS = 120, BRIEF_PARTS = 4 };

/* A mark is layout when it stands around more than one of so many parts of the article. */
enum { LAYOUT_PARTS = 3 };

static const double WIDEN_SHARE = 0.2, WIDEN_RATIO = 2.6;

/* Parts that do not vote, as long as the rest of the page has enough text. */
enum {
    MARKS_SILENT = PAGEWORD_NAVIGATION | PAGEWORD_RELATED | PAGEWORD_SHARE | PAGEWORD_COMMENTS |
                   PAGEWORD_ADVERT | PAGEWORD_SUBSCRIBE | PAGEWORD_CHROME | MARK_NAV | MARK_ASIDE |
                   MARK_FOOTER | MARK_FORM
};

enum { COMMAS_MAX = 6 };

static bool votes(const struct page *page, const struct page_block *block, uint32_t silent)
{
    return block->len >= PARAGRAPH_LETTERS_MIN && 2 * block->link_len < block->len &&
           block->kind != BLOCK_HEADING && !(page->nodes[block->node].around & silent);
}

/* Whether ، 、 ，or the full stop 。, which stands for more, begins at `at`. */
static bool is_far_comma(desk_slice text, size_t at)
{
    desk_slice rest = slice_sub(text, at, text.len);
    return slice_starts(rest, slice_of("\xD8\x8C", 2)) ||
           slice_starts(rest, slice_of("\xE3\x80\x81", 3)) ||
           slice_starts(rest, slice_of("\xE3\x80\x82", 3)) ||
           slice_starts(rest, slice_of("\xEF\xBC\x8C", 3));
}

/* Commas of all scripts; no more than COMMAS_MAX count. */
static size_t count_commas(desk_slice text)
{
    const char *end = text.data + text.len;
    size_t count = 0;
    for (size_t at = 0; count < COMMAS_MAX; count++, at++)
        if ((at = slice_find_byte(text, ',', at)) == DESK_SLICE_NONE)
            break;
    for (const char *p = text.data; count < COMMAS_MAX && (p += bytes_ascii(p, end)) < end; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == 0xD8 || c == 0xE3 || c == 0xEF)
            count += is_far_comma(text, (size_t)(p - text.data));
    }
    return count;
}

static float points_of(const struct page_block *block)
{
    size_t hundreds = block->len / 100, commas = count_commas(block->text);
    float points = 1.0F + (float)(hundreds < 5 ? hundreds : 5) + (float)commas;
    if (block->kind == BLOCK_LIST_ITEM || block->kind == BLOCK_CAPTION)
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

static void vote(struct page *page, uint32_t silent)
{
    for (size_t i = 0; i < page->blocks_count; i++) {
        const struct page_block *block = &page->blocks[i];
        if (!votes(page, block, silent))
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
    double share = node->text_len ? (double)node->link_len / (double)node->text_len : 0;
    double score = (double)node->score * (1 - share);
    return node->own & MARKS_OF_ARTICLE ? score * 1.25 : score;
}

/* Goes outward while that adds a fair part of running text and little else: the article is cut into
 * several parts then. */
static uint32_t widen(const struct page *page, uint32_t best)
{
    for (uint32_t node = best; node;) {
        node = page->tree.nodes[node].parent;
        const struct page_node *inner = &page->nodes[best], *outer = &page->nodes[node];
        double good = (double)(outer->good_len - inner->good_len),
               bad = (double)(outer->text_len - outer->good_len) -
                     (double)(inner->text_len - inner->good_len);
        if (good > WIDEN_SHARE * (double)inner->good_len && good > WIDEN_RATIO * bad)
            best = node;
    }
    return best;
}

static uint32_t best_node(const struct page *page)
{
    uint32_t best = 0;
    double best_score = 0;
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
    return best;
}

/* A mark around a good part of the article's own running text is a matter of the site's layout: on
 * such a page it says nothing against a block. */
static uint32_t find_layout(const struct page *page)
{
    uint32_t layout = 0;
    uint64_t lens[32] = {0};
    for (size_t i = 0; i < page->blocks_count; i++) {
        const struct page_block *block = &page->blocks[i];
        if (!page_is_core(page, block))
            continue;
        for (uint32_t bits = page->nodes[block->node].around, bit = 0; bits; bits >>= 1, bit++)
            lens[bit] += bits & 1 ? block->len : 0;
    }
    for (unsigned bit = 0; bit < 32; bit++)
        if (LAYOUT_PARTS * lens[bit] > page->nodes[page->main].good_len)
            layout |= 1U << bit;
    return layout & ~(uint32_t)MARKS_OF_ARTICLE;
}

static bool is_enough(const struct page *page, uint32_t node)
{
    uint64_t good = page->nodes[node].good_len;
    return good >= ENOUGH_LETTERS ||
           (good >= BRIEF_LETTERS && BRIEF_PARTS * good >= page->nodes[0].good_len);
}

void page_find_main(struct page *page)
{
    vote(page, MARKS_SILENT);
    uint32_t best = best_node(page);
    if (!is_enough(page, best)) {
        vote(page, 0);
        best = best_node(page);
    }
    page->main = widen(page, best);
    page->layout = find_layout(page);
}
