/* Measuring the blocks of a page. */
#include "clean/page_features.h"

#include <xxhash.h>

#include "base/slice.h"
#include "clean/page_firsts.h"
#include "clean/page_marks.h"
#include "clean/page_shape.h"

#define FEATURE_NAME(name) #name,
const char *const FEATURE_NAMES[FEATURE_COUNT + 1] = {FEATURES(FEATURE_NAME) NULL};
#undef FEATURE_NAME

/* Shares are of 64. */
enum { WHOLE = 64 };
enum { LIKE_BYTES = 40, NEAR_LEVELS = 3, SEARCHES_MAX = 1000 };

uint8_t feature_log(uint32_t value)
{
    uint64_t n = (uint64_t)value + 1;
    unsigned whole = 63 - (unsigned)__builtin_clzll(n);
    unsigned part =
        whole >= 3 ? (unsigned)(n >> (whole - 3)) & 7 : (unsigned)(n << (3 - whole)) & 7;
    unsigned log = 8 * whole + part;
    return (uint8_t)(log > UINT8_MAX ? UINT8_MAX : log);
}

static uint8_t share_of(uint32_t part, uint32_t whole)
{
    return (uint8_t)(whole ? (uint64_t)WHOLE * (part < whole ? part : whole) / whole : 0);
}

static uint8_t at_most(size_t value)
{
    return (uint8_t)(value > UINT8_MAX ? UINT8_MAX : value);
}

/* What is known while blocks are measured one after the other. */
struct measure {
    const struct page *page;
    struct page_features *features;
    size_t block;
    uint32_t good_before, main_before; /* letters of good blocks before this one */
    size_t last_good, last_heading;    /* 1 + index of a block, 0 for none */
    size_t title;                      /* the same of the headline */
    size_t titles;                     /* h1 so far, this block included */
    unsigned searches_left;            /* of the structured text, so that time stays linear */
    size_t structured_at;              /* where the last block was found in the structured text */
};

static void set(struct measure *m, enum page_feature feature, unsigned value)
{
    feature_of(m->features, feature)[m->block] = (uint8_t)value;
}

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

/* 1: not in the text that JSON-LD gives; 2: in it; 0 when there is none. The search begins where
 * the last block was found: an article's paragraphs come in order. */
static unsigned structured_likeness(struct measure *m, const struct page_block *block)
{
    desk_slice body = m->page->structured_body;
    size_t len = block->text.len < LIKE_BYTES ? block->text.len : LIKE_BYTES;
    if (body.len < 4 * LIKE_BYTES)
        return 0;
    desk_slice start = slice_sub(block->text, 0, len);
    if (!m->searches_left)
        return 1;
    size_t at = slice_find(body, start, m->structured_at);
    if (at == DESK_SLICE_NONE && len == LIKE_BYTES)
        at = slice_find(body, start, 0);
    m->searches_left -= at == DESK_SLICE_NONE || len < LIKE_BYTES;
    if (at == DESK_SLICE_NONE)
        return 1;
    m->structured_at = len == LIKE_BYTES ? at : m->structured_at;
    return 2;
}

static void measure_text(struct measure *m, const struct page_block *block)
{
    struct text_shape shape = page_shape(block->text);
    desk_slice description = m->page->article->description;
    set(m, FEATURE_length, feature_log(block->len));
    set(m, FEATURE_links, at_most(block->links));
    set(m, FEATURE_link_share, share_of(block->link_len, block->len));
    set(m, FEATURE_sentences, shape.sentences);
    set(m, FEATURE_end_mark, shape.end);
    set(m, FEATURE_first, shape.first);
    set(m, FEATURE_commas, shape.commas);
    set(m, FEATURE_capitals, shape.capitals);
    set(m, FEATURE_digits, shape.digits);
    set(m, FEATURE_separators, shape.separators);
    set(m, FEATURE_address, shape.address);
    set(m, FEATURE_copyright, shape.copyright);
    set(m, FEATURE_bold, block->bold);
    set(m, FEATURE_italic, block->italic);
    set(m, FEATURE_has_time, block->has_time);
    set(m, FEATURE_image_before, block->image_before);
    set(m, FEATURE_image_after, m->block + 1 < m->page->blocks_count && block[1].image_before);
    set(m, FEATURE_rule_before, block->rule_before);
    set(m, FEATURE_is_title, title_likeness(m->page, block));
    set(m, FEATURE_is_description, description.len && starts_alike(block->text, description));
    set(m, FEATURE_is_structured, structured_likeness(m, block));
}

/* --- place --------------------------------------------------------------------------------- */

#define PLACE_NEAR(id, name) set(m, FEATURE_near_##name, near >> PAGEWORD_##id##_BIT & 1);
#define PLACE_IN(id, name)   set(m, FEATURE_in_##name, around >> PAGEWORD_##id##_BIT & 1);

static unsigned count_bits(uint32_t bits)
{
    unsigned count = 0;
    for (; bits; bits &= bits - 1)
        count++;
    return count;
}

static void measure_marks(struct measure *m, uint32_t node)
{
    const struct page *page = m->page;
    uint32_t around = page->nodes[node].around & ~m->page->layout, near = 0;
    for (unsigned level = 0; level < NEAR_LEVELS; level++) {
        near |= page->nodes[node].own & ~m->page->layout;
        node = page->tree.nodes[node].parent;
    }
    PAGEWORD_GROUPS(PLACE_NEAR)
    PAGEWORD_GROUPS(PLACE_IN)
    set(m, FEATURE_tag_nav, (around & MARK_NAV) != 0);
    set(m, FEATURE_tag_aside, (around & MARK_ASIDE) != 0);
    set(m, FEATURE_tag_footer, (around & MARK_FOOTER) != 0);
    set(m, FEATURE_tag_header, (around & MARK_HEADER) != 0);
    set(m, FEATURE_tag_form, (around & MARK_FORM) != 0);
    set(m, FEATURE_tag_figure, (around & MARK_FIGURE) != 0);
    set(m, FEATURE_tag_table, (around & MARK_TABLE) != 0);
    set(m, FEATURE_tag_list, (around & MARK_LIST) != 0);
    set(m, FEATURE_tag_quote, (around & MARK_QUOTE) != 0);
    set(m, FEATURE_tag_article, (around & MARK_ARTICLE) != 0);
    set(m, FEATURE_tag_main, (around & MARK_MAIN) != 0);
    set(m, FEATURE_tag_article_body, (around & MARK_ARTICLE_BODY) != 0);
    set(m, FEATURE_aria_hidden, (around & MARK_ARIA_HIDDEN) != 0);
    set(m, FEATURE_marks, count_bits(around & MARKS_UNLIKELY));
}

static void measure_kind(struct measure *m, const struct page_block *block)
{
    set(m, FEATURE_heading, block->heading);
    set(m, FEATURE_is_p, m->page->tree.nodes[block->node].element == ELEMENT_P);
    set(m, FEATURE_is_item, block->kind == BLOCK_LIST_ITEM);
    set(m, FEATURE_is_row, block->kind == BLOCK_TABLE_ROW);
    set(m, FEATURE_is_quote, block->kind == BLOCK_QUOTE);
    set(m, FEATURE_is_caption, block->kind == BLOCK_CAPTION);
    set(m, FEATURE_is_pre, block->kind == BLOCK_PREFORMATTED);
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

static void measure_structure(struct measure *m, const struct page_block *block)
{
    const struct page *page = m->page;
    struct relation r = relate(page, block->node);
    const struct page_node *parent = &page->nodes[r.parent], *branch = &page->nodes[r.branch];
    const struct page_node *main = &page->nodes[page->main], *whole = &page->nodes[0];
    set(m, FEATURE_depth, at_most(page->tree.nodes[block->node].depth));
    set(m, FEATURE_up, at_most(r.up));
    set(m, FEATURE_down, at_most(r.down));
    set(m, FEATURE_parent_len, feature_log(parent->text_len));
    set(m, FEATURE_parent_links, share_of(parent->link_len, parent->text_len));
    set(m, FEATURE_parent_good, share_of(parent->good_len, parent->text_len));
    set(m, FEATURE_parent_blocks, feature_log(parent->blocks));
    set(m, FEATURE_parent_share, share_of(parent->good_len, main->good_len));
    set(m, FEATURE_branch_share, share_of(branch->good_len, main->good_len));
    set(m, FEATURE_branch_len, feature_log(branch->text_len));
    set(m, FEATURE_branch_links, share_of(branch->link_len, branch->text_len));
    set(m, FEATURE_branch_good, share_of(branch->good_len, branch->text_len));
    set(m, FEATURE_branch_blocks, feature_log(branch->blocks));
    set(m, FEATURE_nested, r.branch == page->main ? 0 : nesting(page, block->node, r.branch));
    set(m, FEATURE_page_before, share_of(m->good_before, whole->good_len));
    set(m, FEATURE_main_before, share_of(m->main_before, main->good_len));
    set(m, FEATURE_main_len, feature_log(main->good_len));
    set(m, FEATURE_main_good, share_of(main->good_len, main->text_len));
    set(m, FEATURE_main_share, share_of(main->good_len, whole->good_len));
}

static void measure_order(struct measure *m)
{
    const struct page *page = m->page;
    size_t i = m->block, heading = m->last_heading;
    set(m, FEATURE_good_back, m->last_good ? feature_log((uint32_t)(i + 1 - m->last_good)) : 255);
    set(m, FEATURE_since_heading, heading ? feature_log((uint32_t)(i + 1 - heading)) : 255);
    set(m, FEATURE_heading_above, heading ? page->blocks[heading - 1].heading : 0);
    set(m, FEATURE_heading_links,
        heading ? share_of(page->blocks[heading - 1].link_len, page->blocks[heading - 1].len) : 0);
    set(m, FEATURE_titles_before, at_most(m->titles));
    if (!m->title)
        return;
    size_t title = m->title - 1;
    unsigned distance = feature_log((uint32_t)(i < title ? title - i : i - title)) / 2;
    set(m, FEATURE_from_title, i < title ? 128 - distance : 128 + distance);
}

/* Distance to the next good block of the article, from behind. */
static void measure_ahead(struct measure *m)
{
    const struct page *page = m->page;
    size_t next = SIZE_MAX;
    for (size_t i = page->blocks_count; i-- > 0;) {
        m->block = i;
        set(m, FEATURE_good_ahead, next == SIZE_MAX ? 255 : feature_log((uint32_t)(next - i)));
        if (page_is_core(page, &page->blocks[i]))
            next = i;
    }
}

/* Runs of text between blocks that are mostly links: an article has long ones, a list of teasers a
 * short one for each headline. */
static bool is_linked(const struct page_block *block)
{
    return 2 * (uint64_t)block->link_len > block->len;
}

static size_t end_of_run(const struct page *page, size_t from, uint32_t *len)
{
    size_t end = from;
    *len = 0;
    for (; end < page->blocks_count &&
           is_linked(&page->blocks[end]) == is_linked(&page->blocks[from]);
         end++)
        *len += page->blocks[end].len;
    return end;
}

static void measure_runs(struct measure *m)
{
    const struct page *page = m->page;
    uint32_t len = 0, longest = 0;
    for (size_t i = 0; i < page->blocks_count;) {
        bool is_text = !is_linked(&page->blocks[i]);
        i = end_of_run(page, i, &len);
        longest = is_text && len > longest ? len : longest;
    }
    for (size_t i = 0; i < page->blocks_count;) {
        size_t end = end_of_run(page, i, &len);
        uint32_t blocks = (uint32_t)(end - i), text = is_linked(&page->blocks[i]) ? 0 : len;
        for (; i < end; i++) {
            m->block = i;
            set(m, FEATURE_run_len, feature_log(text));
            set(m, FEATURE_run_share, share_of(text, longest));
            set(m, FEATURE_run_blocks, feature_log(blocks));
        }
    }
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

/* --- neighbours ---------------------------------------------------------------------------- */

static unsigned value_at(const struct measure *m, enum page_feature feature, ptrdiff_t offset)
{
    ptrdiff_t at = (ptrdiff_t)m->block + offset;
    return at < 0 || at >= (ptrdiff_t)m->features->count ? 0 : feature_of(m->features, feature)[at];
}

static bool is_kin(const struct measure *m, ptrdiff_t offset)
{
    ptrdiff_t at = (ptrdiff_t)m->block + offset;
    return at >= 0 && at < (ptrdiff_t)m->features->count &&
           m->features->kin[at] == m->features->kin[m->block];
}

static void measure_neighbours(struct measure *m)
{
    unsigned sum = 0;
    for (ptrdiff_t offset = -3; offset <= 3; offset++)
        sum += value_at(m, FEATURE_length, offset);
    set(m, FEATURE_around_len, sum / 7);
    set(m, FEATURE_prev_len, value_at(m, FEATURE_length, -1));
    set(m, FEATURE_prev_links, value_at(m, FEATURE_link_share, -1));
    set(m, FEATURE_prev_heading, value_at(m, FEATURE_heading, -1));
    set(m, FEATURE_prev_end, value_at(m, FEATURE_end_mark, -1));
    set(m, FEATURE_prev_kin, is_kin(m, -1));
    set(m, FEATURE_next_len, value_at(m, FEATURE_length, 1));
    set(m, FEATURE_next_links, value_at(m, FEATURE_link_share, 1));
    set(m, FEATURE_next_heading, value_at(m, FEATURE_heading, 1));
    set(m, FEATURE_next_end, value_at(m, FEATURE_end_mark, 1));
    set(m, FEATURE_next_kin, is_kin(m, 1));
    set(m, FEATURE_prev2_len, value_at(m, FEATURE_length, -2));
    set(m, FEATURE_prev2_links, value_at(m, FEATURE_link_share, -2));
    set(m, FEATURE_next2_len, value_at(m, FEATURE_length, 2));
    set(m, FEATURE_next2_links, value_at(m, FEATURE_link_share, 2));
}

/* --- kin and repetition -------------------------------------------------------------------- */

struct kin_sum {
    uint32_t len, link_len, good_len, count;
    uint32_t links_before, links_after; /* sums of shares */
    uint32_t parents, last_parent;      /* changes of the element around, as in lists of cards */
    uint32_t repeated;
};

static bool measure_kin(struct measure *m)
{
    const struct page *page = m->page;
    size_t count = page->blocks_count;
    struct firsts firsts;
    struct kin_sum *sums = ARENA_ARRAY(page->arena, struct kin_sum, count);
    if (!sums || !firsts_open(page->arena, &firsts, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct page_block *block = &page->blocks[i];
        m->block = i;
        uint32_t first = firsts_find(&firsts, page_signature(page, block->node), (uint32_t)i);
        m->features->kin[i] = first;
        sums[first].len += block->len;
        sums[first].link_len += block->link_len;
        sums[first].good_len += block->is_good ? block->len : 0;
        sums[first].count++;
        uint32_t parent = page_parent(page, block->node);
        sums[first].parents += parent != sums[first].last_parent;
        sums[first].last_parent = parent;
        sums[first].repeated += value_at(m, FEATURE_is_repeated, 0) != 0;
        sums[first].links_before += value_at(m, FEATURE_link_share, -1);
        sums[first].links_after += value_at(m, FEATURE_link_share, 1);
    }
    for (size_t i = 0; i < count; i++) {
        const struct kin_sum *sum = &sums[m->features->kin[i]];
        m->block = i;
        set(m, FEATURE_kin_len, feature_log(sum->len / sum->count));
        set(m, FEATURE_kin_count, feature_log(sum->count));
        set(m, FEATURE_kin_links, share_of(sum->link_len, sum->len));
        set(m, FEATURE_kin_prev_links, sum->links_before / sum->count);
        set(m, FEATURE_kin_next_links, sum->links_after / sum->count);
        set(m, FEATURE_kin_parents, sum->count > 1 ? share_of(sum->parents, sum->count) : 0);
        set(m, FEATURE_kin_repeated, share_of(sum->repeated, sum->count));
        set(m, FEATURE_kin_share, share_of(sum->good_len, page->nodes[0].good_len));
    }
    return true;
}

/* 1: the first of several with this text; 2: a later one. */
static void measure_repeats(struct measure *m)
{
    uint8_t *repeated = feature_of(m->features, FEATURE_is_repeated);
    for (size_t i = 0; i < m->page->blocks_count; i++) {
        uint32_t first = m->page->blocks[i].first;
        if (first == i)
            continue;
        repeated[first] = 1;
        repeated[i] = 2;
    }
}

/* --- all ----------------------------------------------------------------------------------- */

static void measure_block(struct measure *m, const struct page_block *block)
{
    m->titles += block->heading == 1;
    measure_text(m, block);
    measure_kind(m, block);
    measure_marks(m, block->node);
    measure_structure(m, block);
    measure_order(m);
    if (block->is_good)
        m->good_before += block->len;
    if (page_is_core(m->page, block)) {
        m->main_before += block->len;
        m->last_good = m->block + 1;
    }
    if (block->heading)
        m->last_heading = m->block + 1;
}

bool page_measure(const struct page *page, struct page_features *features)
{
    size_t count = page->blocks_count;
    features->count = count;
    features->values = ARENA_ARRAY(page->arena, uint8_t, count * FEATURE_COUNT);
    features->kin = ARENA_ARRAY(page->arena, uint32_t, count);
    if (count && (!features->values || !features->kin))
        return false;
    struct measure m = {
        .page = page, .features = features, .title = page->headline, .searches_left = SEARCHES_MAX};
    for (size_t i = 0; i < count; i++) {
        m.block = i;
        measure_block(&m, &page->blocks[i]);
    }
    measure_repeats(&m);
    if (count && !measure_kin(&m))
        return false;
    measure_ahead(&m);
    measure_runs(&m);
    for (m.block = 0; m.block < count; m.block++)
        measure_neighbours(&m);
    return true;
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
            page->trace_features[i * FEATURE_COUNT + k] = features->values[k * features->count + i];
    return true;
}
