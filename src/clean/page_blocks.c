/* Cutting the visible text of a page into blocks: a block ends where a block element begins or
 * ends, and at two line breaks. */
#include "base/slice.h"
#include "clean/page.h"
#include "clean/page_blocks.h"
#include "text/space.h"

enum { BUFFER_FIRST = 4096 };

/* The block that is being filled. */
struct cutter {
    struct page *page;
    char *buffer;
    size_t len, capacity;
    uint32_t link_len;
    uint32_t node;
    unsigned breaks; /* <br> in a row */
    bool failed;
};

static bool append(struct cutter *cutter, desk_slice text)
{
    if (cutter->capacity - cutter->len < text.len) {
        size_t wanted = 2 * cutter->capacity + text.len + BUFFER_FIRST;
        char *grown = arena_grow(cutter->page->arena, cutter->buffer, cutter->capacity, wanted, 1);
        if (!grown)
            return false;
        cutter->buffer = grown;
        cutter->capacity = wanted;
    }
    memcpy(cutter->buffer + cutter->len, text.data, text.len);
    cutter->len += text.len;
    return true;
}

static struct page_block *add_block(struct page *page)
{
    if (page->blocks_count == page->blocks_capacity) {
        size_t old = page->blocks_capacity, wanted = old ? old * 2 : 256;
        struct page_block *grown = arena_grow(page->arena, page->blocks, old * sizeof *grown,
                                              wanted * sizeof *grown, _Alignof(struct page_block));
        if (!grown)
            return NULL;
        page->blocks = grown;
        page->blocks_capacity = wanted;
    }
    return &page->blocks[page->blocks_count++];
}

static enum block_kind kind_of(const struct page *page, uint32_t node, bool *is_caption)
{
    *is_caption = false;
    for (uint32_t i = node, steps = 0; i && steps < 6; i = page->tree.nodes[i].parent, steps++)
        switch (page->tree.nodes[i].element) {
        case ELEMENT_H1:
        case ELEMENT_H2:
        case ELEMENT_H3:
        case ELEMENT_H4:
        case ELEMENT_H5:
        case ELEMENT_H6:
            return BLOCK_HEADING;
        case ELEMENT_LI:
        case ELEMENT_DT:
        case ELEMENT_DD:
            return BLOCK_LIST_ITEM;
        case ELEMENT_BLOCKQUOTE:
            return BLOCK_QUOTE;
        case ELEMENT_PRE:
            return BLOCK_PREFORMATTED;
        case ELEMENT_FIGCAPTION:
        case ELEMENT_FIGURE:
            *is_caption = true;
            return BLOCK_CAPTION;
        case ELEMENT_TD:
        case ELEMENT_TH:
        case ELEMENT_TR:
            return BLOCK_TABLE_ROW;
        default:
            break;
        }
    return BLOCK_PARAGRAPH;
}

static bool finish_block(struct cutter *cutter)
{
    struct page *page = cutter->page;
    desk_slice text = space_trim(slice_of(cutter->buffer, cutter->len));
    uint32_t link_len = cutter->link_len;
    cutter->len = 0;
    cutter->link_len = 0;
    cutter->breaks = 0;
    if (!text.len)
        return true;
    desk_slice copy = arena_copy(page->arena, text);
    struct page_block *block = copy.data && space_fold(page->arena, &copy) ? add_block(page) : NULL;
    if (!block)
        return false;
    bool is_caption;
    *block = (struct page_block){.text = copy, .node = cutter->node, .link_len = link_len};
    block->kind = (uint8_t)kind_of(page, cutter->node, &is_caption);
    block->is_caption = is_caption;
    return true;
}

static bool add_text(struct cutter *cutter, uint32_t index, bool in_link)
{
    const struct tree_node *node = &cutter->page->tree.nodes[index];
    struct arena_mark mark = arena_mark(cutter->page->arena);
    desk_slice text = node->text;
    if (!html_decode(cutter->page->arena, &text, (enum text_mode)node->mode))
        return false;
    bool is_plain = text.data == node->text.data;
    if (slice_trim(text).len)
        cutter->breaks = 0;
    if (in_link)
        cutter->link_len += (uint32_t)slice_trim(text).len;
    /* The buffer may move above the mark: only an append without growth lets the decoded text go.
     */
    bool fits = cutter->capacity - cutter->len >= text.len;
    bool good = append(cutter, text);
    if (!is_plain && fits)
        arena_rewind(cutter->page->arena, mark);
    return good;
}

static bool add_break(struct cutter *cutter)
{
    if (++cutter->breaks >= 2)
        return finish_block(cutter);
    return append(cutter, slice_of("\n", 1));
}

/* The nearest block element at or above a node. */
static uint32_t block_of(const struct page *page, uint32_t index)
{
    while (index && !(ELEMENT_INFO[page->tree.nodes[index].element].flags & ELEMENT_BLOCK))
        index = page->tree.nodes[index].parent;
    return index;
}

bool page_cut_blocks(struct page *page)
{
    struct cutter cutter = {.page = page};
    const struct tree_node *nodes = page->tree.nodes;
    uint32_t ends[TREE_DEPTH_MAX + 1]; /* where open block elements end */
    size_t open = 0;
    uint32_t link_end = 0;
    for (uint32_t i = 1; i < page->tree.count; i++) {
        while (open && ends[open - 1] <= i) {
            if (!finish_block(&cutter))
                return false;
            open--;
            cutter.node = block_of(page, nodes[i].parent);
        }
        if (page->nodes[i].flags & PAGE_PRUNED) {
            i = nodes[i].end - 1;
            continue;
        }
        unsigned flags = ELEMENT_INFO[nodes[i].element].flags;
        if (nodes[i].is_text) {
            if (cutter.len == 0)
                cutter.node = block_of(page, nodes[i].parent);
            if (!add_text(&cutter, i, i < link_end))
                return false;
        } else if (nodes[i].element == ELEMENT_BR) {
            if (!add_break(&cutter))
                return false;
        } else if (flags & ELEMENT_BLOCK) {
            if (!finish_block(&cutter))
                return false;
            if (nodes[i].end > i + 1 && open <= TREE_DEPTH_MAX)
                ends[open++] = nodes[i].end;
            cutter.node = i;
        } else if (nodes[i].element == ELEMENT_A && i >= link_end) {
            link_end = nodes[i].end;
        } else if (nodes[i].element == ELEMENT_OPTION && !append(&cutter, slice_of(" ", 1))) {
            return false;
        }
    }
    return finish_block(&cutter);
}
