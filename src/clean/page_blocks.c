/* Cutting the visible text of a page into blocks: a block ends where a block element begins or
 * ends, and at two line breaks. */
#include <xxhash.h>

#include "base/slice.h"
#include "clean/page.h"
#include "clean/page_firsts.h"
#include "clean/page_letters.h"
#include "text/space.h"

enum { BUFFER_FIRST = 4096, ANCESTORS_FOR_KIND = 6 };

/* Longer cells are paragraphs of a page that is laid out with a table. */
enum { CELL_BYTES_MAX = 100 };

/* Running text speaks for itself from this length on, with at most this share of links. */
enum { GOOD_LETTERS_MIN = 80, GOOD_LINK_PERCENT = 30 };

/* Texts shorter than this repeat by chance. */
enum { REPEATED_LETTERS_MIN = 25 };

/* What of the text stands in an element, in bytes. */
struct share {
    uint32_t end; /* of the element that is open */
    uint32_t len;
};

/* The block that is being filled. */
struct cutter {
    struct page *page;
    char *buffer;
    size_t len, capacity;
    desk_slice only; /* the block's text while it is one piece of the input; the buffer is unused */
    uint32_t shown;  /* bytes of text without the white space around its pieces */
    struct share link, bold, italic;
    bool is_data; /* it is the row of data that is open */
    uint16_t links;
    bool has_time, has_image, has_rule; /* has_image, has_rule: since the last block */
    uint32_t node;
    uint32_t row_end; /* of the row of data that is open */
    unsigned breaks;  /* <br> in a row */
};

static bool put(struct cutter *cutter, desk_slice text)
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

/* Adds a piece that lives as long as the page; `is_lasting` is false for those that do not. */
static bool append(struct cutter *cutter, desk_slice text, bool is_lasting)
{
    if (is_lasting && !cutter->len && !cutter->only.len) {
        cutter->only = text;
        return true;
    }
    desk_slice first = cutter->only;
    cutter->only.len = 0;
    return (!first.len || put(cutter, first)) && put(cutter, text);
}

static struct page_block *add_block(struct page *page)
{
    if (page->blocks_count == page->blocks_capacity) {
        size_t old = page->blocks_capacity, wanted = old ? old * 2 : 512;
        struct page_block *grown = arena_grow(page->arena, page->blocks, old * sizeof *grown,
                                              wanted * sizeof *grown, _Alignof(struct page_block));
        if (!grown)
            return NULL;
        page->blocks = grown;
        page->blocks_capacity = wanted;
    }
    return &page->blocks[page->blocks_count++];
}

static void set_kind(const struct page *page, struct page_block *block)
{
    block->kind = BLOCK_PARAGRAPH;
    for (uint32_t i = block->node, steps = 0; i && steps < ANCESTORS_FOR_KIND;
         i = page->tree.nodes[i].parent, steps++)
        switch (page->tree.nodes[i].element) {
        case ELEMENT_H1:
        case ELEMENT_H2:
        case ELEMENT_H3:
        case ELEMENT_H4:
        case ELEMENT_H5:
        case ELEMENT_H6:
            block->kind = BLOCK_HEADING;
            block->heading = (uint8_t)(1 + page->tree.nodes[i].element - ELEMENT_H1);
            return;
        case ELEMENT_LI:
        case ELEMENT_DT:
        case ELEMENT_DD:
            block->kind = BLOCK_LIST_ITEM;
            return;
        case ELEMENT_BLOCKQUOTE:
            block->kind = BLOCK_QUOTE;
            return;
        case ELEMENT_PRE:
            block->kind = BLOCK_PREFORMATTED;
            return;
        case ELEMENT_FIGCAPTION:
        case ELEMENT_FIGURE:
            block->kind = BLOCK_CAPTION;
            return;
        case ELEMENT_TD:
        case ELEMENT_TH:
        case ELEMENT_TR:
            block->kind = BLOCK_TABLE_ROW;
            return;
        default:
            break;
        }
}

static uint32_t part_of(uint32_t len, uint32_t part, uint32_t whole)
{
    return whole ? (uint32_t)((uint64_t)len * (part < whole ? part : whole) / whole) : 0;
}

static bool take_text(struct cutter *cutter, desk_slice *text)
{
    struct arena *arena = cutter->page->arena;
    bool is_only = cutter->only.len;
    *text = is_only ? cutter->only : slice_of(cutter->buffer, cutter->len);
    desk_slice raw = space_trim(*text);
    *text = raw;
    if (!text->len)
        return true;
    if (!space_fold(arena, text))
        return false;
    if (!is_only && text->data >= cutter->buffer && text->data < cutter->buffer + cutter->len)
        *text = arena_copy(arena, *text);
    return text->data != NULL;
}

static bool finish_block(struct cutter *cutter)
{
    struct page *page = cutter->page;
    cutter->breaks = 0;
    if (!cutter->len && !cutter->only.len)
        return true;
    desk_slice text;
    if (!take_text(cutter, &text))
        return false;
    struct page_block *block = text.len ? add_block(page) : NULL;
    if (text.len && !block)
        return false;
    if (block) {
        *block = (struct page_block){.text = text, .node = cutter->node, .links = cutter->links};
        block->len = page_letters(text);
        block->link_len = part_of(block->len, cutter->link.len, cutter->shown);
        block->bold = (uint8_t)part_of(64, cutter->bold.len, cutter->shown);
        block->italic = (uint8_t)part_of(64, cutter->italic.len, cutter->shown);
        block->has_time = cutter->has_time;
        block->is_data = cutter->is_data;
        block->image_before = cutter->has_image;
        block->rule_before = cutter->has_rule;
        cutter->has_image = cutter->has_rule = false;
        set_kind(page, block);
        block->is_good =
            block->len >= GOOD_LETTERS_MIN &&
            100 * (uint64_t)block->link_len < GOOD_LINK_PERCENT * (uint64_t)block->len &&
            block->kind != BLOCK_HEADING && block->kind != BLOCK_CAPTION;
    }
    cutter->only.len = cutter->len = 0;
    cutter->shown = cutter->link.len = cutter->bold.len = cutter->italic.len = 0;
    cutter->links = 0;
    cutter->has_time = false;
    return true;
}

/* Elements that stand on lines of their own; buttons are shown apart from the text around them. */
static bool is_line(uint8_t element)
{
    return ELEMENT_INFO[element].flags & ELEMENT_BLOCK || element == ELEMENT_BUTTON;
}

/* The nearest block element at or above a node. */
static uint32_t block_of(const struct page *page, uint32_t index)
{
    while (index && !is_line(page->tree.nodes[index].element))
        index = page->tree.nodes[index].parent;
    return index;
}

static bool add_text(struct cutter *cutter, uint32_t index)
{
    struct page *page = cutter->page;
    const struct tree_node *node = &page->tree.nodes[index];
    bool is_empty = !cutter->len && !cutter->only.len;
    desk_slice text = node->text;
    uint32_t shown = (uint32_t)slice_trim(text).len;
    if (!shown)
        return is_empty || append(cutter, slice_of(" ", 1), false);
    if (!cutter->shown) {
        cutter->node = block_of(page, node->parent);
        cutter->is_data = index < cutter->row_end;
    }
    cutter->breaks = 0;
    cutter->shown += shown;
    cutter->link.len += index < cutter->link.end ? shown : 0;
    cutter->bold.len += index < cutter->bold.end ? shown : 0;
    cutter->italic.len += index < cutter->italic.end ? shown : 0;
    return html_decode(page->arena, &text, (enum text_mode)node->mode) &&
           append(cutter, text, true);
}

static bool add_break(struct cutter *cutter)
{
    if (++cutter->breaks >= 2)
        return finish_block(cutter);
    return (!cutter->len && !cutter->only.len) || append(cutter, slice_of("\n", 1), false);
}

static void open_share(struct share *share, uint32_t index, uint32_t end)
{
    if (index >= share->end)
        share->end = end;
}

/* An element inside a line of text. */
static bool open_inline(struct cutter *cutter, uint32_t index)
{
    const struct tree_node *node = &cutter->page->tree.nodes[index];
    switch (node->element) {
    case ELEMENT_BR:
        return add_break(cutter);
    case ELEMENT_A:
        open_share(&cutter->link, index, node->end);
        cutter->links = (uint16_t)(cutter->links + (cutter->links < UINT16_MAX));
        return true;
    case ELEMENT_B:
    case ELEMENT_STRONG:
        open_share(&cutter->bold, index, node->end);
        return true;
    case ELEMENT_I:
    case ELEMENT_EM:
        open_share(&cutter->italic, index, node->end);
        return true;
    case ELEMENT_TIME:
        cutter->has_time = true;
        return true;
    case ELEMENT_IMG:
    case ELEMENT_PICTURE:
        cutter->has_image = true;
        return true;
    case ELEMENT_OPTION:
        return append(cutter, slice_of(" ", 1), false);
    default:
        return true;
    }
}

/* Open block elements, by where they end. */
struct open_blocks {
    uint32_t ends[TREE_DEPTH_MAX + 1];
    size_t count;
};

static bool is_cell(uint8_t element)
{
    return element == ELEMENT_TD || element == ELEMENT_TH;
}

/* A row of a table of data: its cells hold no blocks and little text each. It becomes one block. */
static bool is_data_row(const struct page *page, uint32_t row)
{
    const struct tree_node *nodes = page->tree.nodes;
    size_t cells = 0, bytes = 0;
    for (uint32_t i = row + 1; i < nodes[row].end; i++) {
        if (is_cell(nodes[i].element))
            cells++;
        else if (is_line(nodes[i].element) || nodes[i].element == ELEMENT_BR)
            return false;
        bytes += nodes[i].text.len;
        if (bytes > (cells + 1) * CELL_BYTES_MAX)
            return false;
    }
    return cells > 1;
}

static bool open_block(struct cutter *cutter, struct open_blocks *open, uint32_t index)
{
    const struct tree_node *node = &cutter->page->tree.nodes[index];
    if (is_cell(node->element) && index < cutter->row_end)
        return append(cutter, slice_of(" ", 1), false);
    if (node->element == ELEMENT_TR && is_data_row(cutter->page, index))
        cutter->row_end = node->end;
    if (!finish_block(cutter))
        return false;
    cutter->has_rule |= node->element == ELEMENT_HR;
    if (node->end > index + 1 && open->count <= TREE_DEPTH_MAX)
        open->ends[open->count++] = node->end;
    return true;
}

static bool close_blocks(struct cutter *cutter, struct open_blocks *open, uint32_t index)
{
    while (open->count && open->ends[open->count - 1] <= index) {
        if (!finish_block(cutter))
            return false;
        open->count--;
    }
    return true;
}

/* Elements without text that show something. */
static bool is_picture(uint8_t element)
{
    return element == ELEMENT_VIDEO || element == ELEMENT_AUDIO || element == ELEMENT_IFRAME;
}

/* Remembers an element whose text is kept from readers; scripts and their like have none. */
static bool note_hidden(struct page *page, uint32_t index)
{
    const struct tree_node *node = &page->tree.nodes[index];
    if (node->end == index + 1 ||
        (ELEMENT_INFO[node->element].flags & ELEMENT_HIDDEN && node->element != ELEMENT_TEMPLATE))
        return true;
    if (page->hidden_count == page->hidden_capacity) {
        size_t old = page->hidden_capacity, wanted = old ? 2 * old : 32;
        uint32_t *grown = arena_grow(page->arena, page->hidden, old * sizeof *grown,
                                     wanted * sizeof *grown, _Alignof(uint32_t));
        if (!grown)
            return false;
        page->hidden = grown;
        page->hidden_capacity = wanted;
    }
    page->hidden[page->hidden_count++] = index;
    return true;
}

static bool cut(struct cutter *cutter)
{
    struct page *page = cutter->page;
    const struct tree_node *nodes = page->tree.nodes;
    struct open_blocks open = {.count = 0};
    for (uint32_t i = 1; i < page->tree.count; i++) {
        bool good = close_blocks(cutter, &open, i);
        if (page->nodes[i].is_hidden) {
            cutter->has_image |= is_picture(nodes[i].element);
            if (!good || !note_hidden(page, i))
                return false;
            i = nodes[i].end - 1;
            continue;
        }
        if (nodes[i].is_text)
            good = good && add_text(cutter, i);
        else if (is_line(nodes[i].element))
            good = good && open_block(cutter, &open, i);
        else
            good = good && open_inline(cutter, i);
        if (!good)
            return false;
    }
    return finish_block(cutter);
}

static void sum_blocks(struct page *page)
{
    for (size_t i = 0; i < page->blocks_count; i++) {
        const struct page_block *block = &page->blocks[i];
        struct page_node *node = &page->nodes[block->node];
        node->text_len += block->len;
        node->link_len += block->link_len;
        node->good_len += block->is_good ? block->len : 0;
        node->blocks++;
    }
    for (size_t i = page->tree.count; i-- > 1;) {
        const struct page_node *node = &page->nodes[i];
        if (!node->blocks)
            continue;
        struct page_node *parent = &page->nodes[page->tree.nodes[i].parent];
        parent->text_len += node->text_len;
        parent->link_len += node->link_len;
        parent->good_len += node->good_len;
        parent->blocks += node->blocks;
    }
}

static bool find_repeats(struct page *page)
{
    struct firsts firsts;
    if (!firsts_open(page->arena, &firsts, page->blocks_count))
        return false;
    for (uint32_t i = 0; i < page->blocks_count; i++) {
        struct page_block *block = &page->blocks[i];
        block->first =
            block->len < REPEATED_LETTERS_MIN
                ? i
                : firsts_find(&firsts, XXH3_64bits(block->text.data, block->text.len), i);
    }
    return true;
}

bool page_cut_blocks(struct page *page)
{
    struct cutter cutter = {.page = page};
    page->blocks_count = page->hidden_count = 0;
    if (!cut(&cutter))
        return false;
    sum_blocks(page);
    return find_repeats(page);
}
