/* Text that a page keeps from its readers: by `hidden`, by style, for screen readers only, or in a
 * template.
 *
 * Mostly that is on purpose - menus, dialogs, tooltips, tracking, copies - and is listed as
 * removed. But a page may hide the article itself behind a paywall's wrapper or until a script
 * runs. It is shown again where it is twice what the visible article has, and stands where the
 * article does: in its element, or beside it in no part that is named for something else. */
#include "base/slice.h"
#include "clean/page.h"
#include "clean/page_marks.h"
#include "clean/page_path.h"
#include "text/space.h"

/* A hidden text is an article from so many bytes of long pieces on, when that is so many times all
 * text of the guessed article, of which it may be a copy; a page with less than NOTHING_LETTERS of
 * running text shows no article. */
enum { PROSE_BYTES_MIN = 600, PIECE_BYTES_MIN = 80, TIMES_VISIBLE = 2, NOTHING_LETTERS = 200 };

/* Parts that are never an article, however long: menus, forms and dialogs, comments. */
enum {
    MARKS_NEVER = PAGEWORD_NAVIGATION | PAGEWORD_COMMENTS | PAGEWORD_SHARE | PAGEWORD_ADVERT |
                  PAGEWORD_RELATED | MARK_NAV | MARK_FORM | MARK_FOOTER
};

/* --- showing ------------------------------------------------------------------------------- */

static bool is_silent(const struct page *page, uint32_t node, uint32_t root)
{
    return node != root && page->nodes[node].is_hidden;
}

/* Bytes of long pieces of text in a hidden element. */
static size_t prose_of(const struct page *page, uint32_t root)
{
    const struct tree_node *nodes = page->tree.nodes;
    size_t prose = 0;
    for (uint32_t i = root + 1; i < nodes[root].end; i++) {
        if (is_silent(page, i, root)) {
            i = nodes[i].end - 1;
            continue;
        }
        bool is_linked = nodes[i].is_text && nodes[nodes[i].parent].element == ELEMENT_A;
        if (nodes[i].is_text && !is_linked && nodes[i].text.len >= PIECE_BYTES_MIN)
            prose += nodes[i].text.len;
    }
    return prose;
}

/* The innermost element around both. */
static uint32_t shared_by(const struct page *page, uint32_t node, uint32_t other)
{
    while (!page_is_inside(page, other, node))
        node = page->tree.nodes[node].parent;
    return node;
}

static bool is_whole_page(const struct page *page, uint32_t node)
{
    uint8_t element = page->tree.nodes[node].element;
    return !node || element == ELEMENT_HTML || element == ELEMENT_BODY;
}

/* Whether the article may stand in a hidden element, by where that is. */
static bool is_place_for_article(struct page *page, uint32_t root)
{
    uint32_t landmark = page->headline ? page->blocks[page->headline - 1].node : page->main;
    uint32_t shared = shared_by(page, root, landmark);
    page_mark_node(page, root);
    uint32_t around = page->nodes[root].around;
    if (around & MARKS_NEVER)
        return false;
    if (page->nodes[0].good_len < NOTHING_LETTERS)
        return !(around & PAGEWORD_CHROME);
    page_mark_node(page, shared);
    return page->nodes[shared].around & MARKS_OF_ARTICLE ||
           (!is_whole_page(page, shared) && !(around & PAGEWORD_CHROME));
}

bool page_show_hidden(struct page *page)
{
    size_t most = (size_t)TIMES_VISIBLE * page->nodes[page->main].text_len;
    uint32_t best = 0;
    most = most < PROSE_BYTES_MIN ? PROSE_BYTES_MIN : most;
    for (size_t i = 0; i < page->hidden_count; i++) {
        uint32_t root = page->hidden[i];
        size_t prose = prose_of(page, root);
        if (prose < most || !is_place_for_article(page, root))
            continue;
        best = root;
        most = prose + 1;
    }
    if (!best)
        return false;
    for (uint32_t i = 0; i < page->tree.count; i++)
        page->nodes[i] = (struct page_node){.is_hidden = page->nodes[i].is_hidden && i != best};
    return true;
}

/* --- listing ------------------------------------------------------------------------------- */

/* The text of a hidden element on one line; data is NULL at the memory limit. */
static desk_slice text_of(const struct page *page, uint32_t root)
{
    const struct tree_node *nodes = page->tree.nodes;
    size_t len = 0;
    for (uint32_t i = root + 1; i < nodes[root].end; i++)
        len += nodes[i].is_text ? nodes[i].text.len + 1 : 0;
    char *out = arena_alloc(page->arena, len + 1, 1);
    len = 0;
    for (uint32_t i = root + 1; out && i < nodes[root].end; i++) {
        if (is_silent(page, i, root)) {
            bool is_shown_nowhere = ELEMENT_INFO[nodes[i].element].flags & ELEMENT_HIDDEN;
            i = is_shown_nowhere ? nodes[i].end - 1 : i;
            continue;
        }
        desk_slice text = nodes[i].text;
        if (!nodes[i].is_text || !html_decode(page->arena, &text, (enum text_mode)nodes[i].mode))
            continue;
        memcpy(out + len, text.data, text.len);
        len += text.len;
        out[len++] = ' ';
    }
    desk_slice text = slice_trim(slice_of(out, len));
    return out && space_fold(page->arena, &text) ? text : slice_of(NULL, 0);
}

static bool trace_hidden(struct page *page, uint32_t root, desk_slice text)
{
    struct block_trace *entry = article_add_trace(page->article);
    if (!entry)
        return false;
    entry->text = text;
    entry->rule = slice_from_cstr("page.hidden");
    entry->path = page_path(page, root);
    return true;
}

static bool list_one(struct page *page, uint32_t root)
{
    struct desk_article *article = page->article;
    bool is_inside = page_is_inside(page, root, page->main);
    if (!is_inside && !article->wants_trace)
        return true;
    desk_slice text = text_of(page, root);
    if (!text.data)
        return false;
    if (!text.len)
        return true;
    if (is_inside && !article_add_removal(article, slice_from_cstr("page.hidden"), text))
        return false;
    if (!article->wants_trace)
        return true;
    if (!trace_hidden(page, root, text))
        return false;
    if (is_inside)
        article->removals.items[article->removals.count - 1].traced = article->trace.count;
    return true;
}

bool page_list_hidden(struct page *page, uint32_t before)
{
    while (page->hidden_listed < page->hidden_count && page->hidden[page->hidden_listed] < before)
        if (!list_one(page, page->hidden[page->hidden_listed++]))
            return false;
    return true;
}
