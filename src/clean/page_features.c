/* Measuring the blocks of a page. */
#include "clean/page_features.h"

#include "base/slice.h"
#include "clean/page_around.h"
#include "clean/page_marks.h"
#include "clean/page_shape.h"

#define FEATURE_NAME(name) #name,
const char *const FEATURE_NAMES[FEATURE_COUNT + 1] = {FEATURES(FEATURE_NAME) NULL};
#undef FEATURE_NAME

enum { LIKE_BYTES = 40, NEAR_LEVELS = 3, SEARCHES_MAX = 1000, SEARCH_BYTES_MAX = 256 << 20 };

static uint8_t at_most(size_t value)
{
    return (uint8_t)(value > UINT8_MAX ? UINT8_MAX : value);
}

/* How an element is filled: the same for all blocks of one parent, so it is measured once. */
struct part {
    uint32_t node;
    bool is_set;
    uint8_t len, links, good, blocks, share;
};

/* What is known while blocks are measured one after the other. */
struct measure {
    const struct page *page;
    size_t block;
    uint32_t good_before, main_before; /* letters of good blocks before this one */
    size_t last_good, last_heading;    /* 1 + index of a block, 0 for none */
    size_t title;                      /* the same of the headline */
    size_t titles;                     /* h1 so far, this block included */
    unsigned searches_left;            /* of the structured text, so that time stays linear */
    size_t search_bytes_left;          /* and of the bytes that are looked at in it */
    size_t structured_at;              /* where the last block was found in the structured text */
    struct part parent, branch;        /* of the last block */
};

/* --- text ---------------------------------------------------------------------------------- */

static bool starts_alike(desk_slice a, desk_slice b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    len = len < LIKE_BYTES ? len : LIKE_BYTES;
    return len >= LIKE_BYTES / 2 && slice_equal_nocase(slice_sub(a, 0, len), slice_sub(b, 0, len));
}

/* 3: the title; 2: begins like it; 1: any other headline of the page. */
static unsigned title_likeness(const struct page *page, const struct page_block *block)
{
    desk_slice title = page->article->title;
    if (title.len && slice_equal_nocase(block->text, title))
        return 3;
    if (title.len && block->text.len < 2 * title.len && starts_alike(block->text, title))
        return 2;
    return block->heading == 1;
}

/* Where a text begins in another from `from` on, at the cost of what was passed over. */
static size_t search(struct measure *m, desk_slice body, desk_slice start, size_t from)
{
    size_t at = slice_find(body, start, from);
    size_t passed = (at == DESK_SLICE_NONE ? body.len : at) - from;
    m->search_bytes_left -= passed < m->search_bytes_left ? passed : m->search_bytes_left;
    return at;
}

/* 1: not in the text that JSON-LD gives; 2: in it; 0 when there is none. The search begins where
 * the last block was found: an article's paragraphs come in order. */
static unsigned structured_likeness(struct measure *m, const struct page_block *block)
{
    desk_slice body = m->page->structured_body;
    size_t len = block->text.len < LIKE_BYTES ? block->text.len : LIKE_BYTES;
    if (body.len < 4 * LIKE_BYTES)
        return 0;
    desk_slice start = slice_sub(block->text, 0, len);
    if (!m->searches_left || !m->search_bytes_left)
        return 1;
    size_t at = search(m, body, start, m->structured_at);
    if (at == DESK_SLICE_NONE && len == LIKE_BYTES)
        at = search(m, body, start, 0);
    m->searches_left -= at == DESK_SLICE_NONE || len < LIKE_BYTES;
    if (at == DESK_SLICE_NONE)
        return 1;
    m->structured_at = len == LIKE_BYTES ? at : m->structured_at;
    return 2;
}

static void measure_text(struct measure *m, const struct page_block *block, uint8_t *row)
{
    struct text_shape shape = page_shape(block->text);
    desk_slice description = m->page->article->description;
    feature_set(row, FEATURE_length, feature_log(block->len));
    feature_set(row, FEATURE_links, at_most(block->links));
    feature_set(row, FEATURE_link_share, feature_share(block->link_len, block->len));
    feature_set(row, FEATURE_sentences, shape.sentences);
    feature_set(row, FEATURE_end_mark, shape.end);
    feature_set(row, FEATURE_first, shape.first);
    feature_set(row, FEATURE_commas, shape.commas);
    feature_set(row, FEATURE_capitals, shape.capitals);
    feature_set(row, FEATURE_digits, shape.digits);
    feature_set(row, FEATURE_separators, shape.separators);
    feature_set(row, FEATURE_address, shape.address);
    feature_set(row, FEATURE_copyright, shape.copyright);
    feature_set(row, FEATURE_bold, block->bold);
    feature_set(row, FEATURE_italic, block->italic);
    feature_set(row, FEATURE_has_time, block->has_time);
    feature_set(row, FEATURE_image_before, block->image_before);
    feature_set(row, FEATURE_image_after,
                m->block + 1 < m->page->blocks_count && block[1].image_before);
    feature_set(row, FEATURE_rule_before, block->rule_before);
    feature_set(row, FEATURE_is_title, title_likeness(m->page, block));
    feature_set(row, FEATURE_is_description,
                description.len && starts_alike(block->text, description));
    feature_set(row, FEATURE_is_structured, structured_likeness(m, block));
}

/* --- place --------------------------------------------------------------------------------- */

/* The marks follow each other as their features do: the groups of page.yaml near and around a
 * block, and what elements say. */
_Static_assert((int)FEATURE_near_article - (int)FEATURE_near_navigation ==
                       (int)PAGEWORD_ARTICLE_BIT - (int)PAGEWORD_NAVIGATION_BIT &&
                   (int)FEATURE_in_article - (int)FEATURE_in_navigation ==
                       (int)PAGEWORD_ARTICLE_BIT - (int)PAGEWORD_NAVIGATION_BIT,
               "one feature for each group");
_Static_assert(MARK_ARIA_HIDDEN == MARK_NAV << ((int)FEATURE_aria_hidden - (int)FEATURE_tag_nav),
               "one feature for each mark of an element");

/* Sets a feature for each of the bits, from `first` on. */
static void set_bits(uint8_t *row, enum page_feature first, uint32_t bits)
{
    for (; bits; bits &= bits - 1)
        feature_set(row, (enum page_feature)((unsigned)first + (unsigned)__builtin_ctz(bits)), 1);
}

static unsigned count_bits(uint32_t bits)
{
    unsigned count = 0;
    for (; bits; bits &= bits - 1)
        count++;
    return count;
}

static void measure_marks(const struct measure *m, uint32_t node, uint8_t *row)
{
    enum { GROUPS = PAGEWORD_BYLINE - 1 };
    const struct page *page = m->page;
    uint32_t shown = ~page->layout, around = page->nodes[node].around & shown, near = 0;
    for (unsigned level = 0; level < NEAR_LEVELS; level++) {
        near |= page->nodes[node].own & shown;
        node = page->tree.nodes[node].parent;
    }
    set_bits(row, FEATURE_near_navigation, near & GROUPS);
    set_bits(row, FEATURE_in_navigation, around & GROUPS);
    set_bits(row, FEATURE_tag_nav, around / MARK_NAV);
    feature_set(row, FEATURE_marks, count_bits(around & MARKS_UNLIKELY));
}

static void measure_kind(const struct measure *m, const struct page_block *block, uint8_t *row)
{
    feature_set(row, FEATURE_heading, block->heading);
    feature_set(row, FEATURE_is_p, m->page->tree.nodes[block->node].element == ELEMENT_P);
    feature_set(row, FEATURE_is_item, block->kind == BLOCK_LIST_ITEM);
    feature_set(row, FEATURE_is_row, block->kind == BLOCK_TABLE_ROW);
    feature_set(row, FEATURE_is_quote, block->kind == BLOCK_QUOTE);
    feature_set(row, FEATURE_is_caption, block->kind == BLOCK_CAPTION);
    feature_set(row, FEATURE_is_pre, block->kind == BLOCK_PREFORMATTED);
}

/* --- structure ----------------------------------------------------------------------------- */

struct relation {
    uint32_t parent; /* page_parent */
    uint32_t branch; /* the part of the nearest element shared with the article */
    unsigned up, down;
};

static struct relation relate(const struct page *page, uint32_t node)
{
    struct relation r = {.branch = node};
    uint32_t shared = page->main;
    while (!page_is_inside(page, node, shared)) {
        shared = page->tree.nodes[shared].parent;
        r.up++;
    }
    r.parent = page_parent(page, node);
    while (r.branch != shared && page->tree.nodes[r.branch].parent != shared)
        r.branch = page->tree.nodes[r.branch].parent;
    r.down = (unsigned)(page->tree.nodes[node].depth - page->tree.nodes[shared].depth);
    return r;
}

/* Where an <article> stands between the block and what it shares with the guessed article: 1, and 2
 * when that one also has other blocks. A page's other articles are marked up so. */
static unsigned nesting(const struct page *page, uint32_t node, uint32_t branch)
{
    unsigned nested = 0;
    for (; node > branch || node == branch; node = page->tree.nodes[node].parent) {
        if (page->tree.nodes[node].element == ELEMENT_ARTICLE)
            nested = page->nodes[node].blocks > 1 ? 2 : 1;
        if (!node || nested)
            break;
    }
    return nested;
}

/* What is measured of an element; `part` holds what was measured last. */
static void measure_part(const struct page *page, uint32_t node, struct part *part)
{
    const struct page_node *n = &page->nodes[node];
    if (part->is_set && part->node == node)
        return;
    *part = (struct part){.node = node,
                          .is_set = true,
                          .len = feature_log(n->text_len),
                          .links = feature_share(n->link_len, n->text_len),
                          .good = feature_share(n->good_len, n->text_len),
                          .blocks = feature_log(n->blocks),
                          .share = feature_share(n->good_len, page->nodes[page->main].good_len)};
}

static void measure_structure(struct measure *m, const struct page_block *block, uint8_t *row)
{
    const struct page *page = m->page;
    struct relation r = relate(page, block->node);
    const struct page_node *main = &page->nodes[page->main], *whole = &page->nodes[0];
    measure_part(page, r.parent, &m->parent);
    measure_part(page, r.branch, &m->branch);
    const struct part parent = m->parent, branch = m->branch;
    feature_set(row, FEATURE_depth, at_most(page->tree.nodes[block->node].depth));
    feature_set(row, FEATURE_up, at_most(r.up));
    feature_set(row, FEATURE_down, at_most(r.down));
    feature_set(row, FEATURE_parent_len, parent.len);
    feature_set(row, FEATURE_parent_links, parent.links);
    feature_set(row, FEATURE_parent_good, parent.good);
    feature_set(row, FEATURE_parent_blocks, parent.blocks);
    feature_set(row, FEATURE_parent_share, parent.share);
    feature_set(row, FEATURE_branch_share, branch.share);
    feature_set(row, FEATURE_branch_len, branch.len);
    feature_set(row, FEATURE_branch_links, branch.links);
    feature_set(row, FEATURE_branch_good, branch.good);
    feature_set(row, FEATURE_branch_blocks, branch.blocks);
    feature_set(row, FEATURE_nested,
                r.branch == page->main ? 0 : nesting(page, block->node, r.branch));
    feature_set(row, FEATURE_page_before, feature_share(m->good_before, whole->good_len));
    feature_set(row, FEATURE_main_before, feature_share(m->main_before, main->good_len));
    feature_set(row, FEATURE_main_len, feature_log(main->good_len));
    feature_set(row, FEATURE_main_good, feature_share(main->good_len, main->text_len));
    feature_set(row, FEATURE_main_share, feature_share(main->good_len, whole->good_len));
}

static void measure_order(const struct measure *m, uint8_t *row)
{
    const struct page *page = m->page;
    size_t i = m->block, heading = m->last_heading;
    feature_set(row, FEATURE_good_back,
                m->last_good ? feature_log((uint32_t)(i + 1 - m->last_good)) : 255);
    feature_set(row, FEATURE_since_heading,
                heading ? feature_log((uint32_t)(i + 1 - heading)) : 255);
    feature_set(row, FEATURE_heading_above, heading ? page->blocks[heading - 1].heading : 0);
    feature_set(
        row, FEATURE_heading_links,
        heading ? feature_share(page->blocks[heading - 1].link_len, page->blocks[heading - 1].len)
                : 0);
    feature_set(row, FEATURE_titles_before, at_most(m->titles));
    if (!m->title)
        return;
    size_t title = m->title - 1;
    unsigned distance = feature_log((uint32_t)(i < title ? title - i : i - title)) / 2;
    feature_set(row, FEATURE_from_title, i < title ? 128 - distance : 128 + distance);
}

size_t page_headline(const struct page *page)
{
    size_t first = 0;
    for (size_t i = 0; i < page->blocks_count; i++) {
        const struct page_block *block = &page->blocks[i];
        if (block->heading && block->heading <= 2 && title_likeness(page, block) >= 2)
            return i + 1;
        if (!first && block->heading == 1)
            first = i + 1;
    }
    return first;
}

/* --- all ----------------------------------------------------------------------------------- */

static void measure_block(struct measure *m, const struct page_block *block, uint8_t *row)
{
    m->titles += block->heading == 1;
    measure_text(m, block, row);
    measure_kind(m, block, row);
    measure_marks(m, block->node, row);
    measure_structure(m, block, row);
    measure_order(m, row);
    if (block->is_good)
        m->good_before += block->len;
    if (page_is_core(m->page, block)) {
        m->main_before += block->len;
        m->last_good = m->block + 1;
    }
    if (block->heading)
        m->last_heading = m->block + 1;
}

/* The features that are only set where they are not 0 begin as 0; of a group with places to spare
 * all do. */
static void clear_group(uint8_t *group, bool is_full)
{
    if (!is_full) {
        memset(group, 0, FEATURE_COUNT * FEATURE_LANES);
        return;
    }
    memset(group + FEATURE_near_navigation * FEATURE_LANES, 0,
           (FEATURE_aria_hidden - FEATURE_near_navigation + 1) * FEATURE_LANES);
    memset(group + FEATURE_is_repeated * FEATURE_LANES, 0, FEATURE_LANES);
    memset(group + FEATURE_from_title * FEATURE_LANES, 0, FEATURE_LANES);
}

bool page_measure(const struct page *page, struct page_features *features)
{
    size_t count = page->blocks_count, groups = (count + FEATURE_LANES - 1) / FEATURE_LANES;
    features->count = count;
    features->values = arena_alloc(page->arena, groups * FEATURE_COUNT * FEATURE_LANES, 1);
    features->kin = arena_alloc(page->arena, count * sizeof *features->kin, _Alignof(uint32_t));
    if (!count)
        return true;
    if (!features->values || !features->kin)
        return false;
    for (size_t i = 0; i < count; i += FEATURE_LANES)
        clear_group(feature_row(features, i), count - i >= FEATURE_LANES);
    struct measure m = {.page = page,
                        .title = page->headline,
                        .searches_left = SEARCHES_MAX,
                        .search_bytes_left = SEARCH_BYTES_MAX};
    for (; m.block < count; m.block++)
        measure_block(&m, &page->blocks[m.block], feature_row(features, m.block));
    return page_measure_around(page, features);
}

bool page_keep_features(struct page *page, const struct page_features *features)
{
    if (!page->article->wants_trace || !features->count)
        return true;
    page->trace_features = ARENA_ARRAY(page->arena, uint8_t, features->count * FEATURE_COUNT);
    if (!page->trace_features)
        return false;
    for (size_t i = 0; i < features->count; i++)
        for (size_t k = 0; k < FEATURE_COUNT; k++)
            page->trace_features[i * FEATURE_COUNT + k] =
                feature_get(feature_row(features, i), (enum page_feature)k);
    return true;
}
