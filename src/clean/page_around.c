/* Measuring what stands around the blocks of a page: neighbours, runs, blocks of the same make. */
#include "clean/page_around.h"

#include "clean/page_firsts.h"

/* --- kin and repetition -------------------------------------------------------------------- */

/* The blocks with the same tags and classes around them. */
struct kin_sum {
    uint32_t len, link_len, good_len, count;
    uint32_t links_before, links_after; /* sums of shares */
    uint32_t parents, last_parent;      /* changes of the element around, as in lists of cards */
    uint32_t repeated;
};

static uint32_t link_share_at(const struct page_features *features, size_t block)
{
    return block < features->count ? feature_get(feature_row(features, block), FEATURE_link_share)
                                   : 0;
}

static void add_kin(const struct page *page, const struct page_features *features, size_t i,
                    struct kin_sum *sum)
{
    const struct page_block *block = &page->blocks[i];
    uint32_t parent = page_parent(page, block->node);
    sum->len += block->len;
    sum->link_len += block->link_len;
    sum->good_len += block->is_good ? block->len : 0;
    sum->count++;
    sum->parents += parent != sum->last_parent;
    sum->last_parent = parent;
    sum->repeated += feature_get(feature_row(features, i), FEATURE_is_repeated) != 0;
    sum->links_before += i ? link_share_at(features, i - 1) : 0;
    sum->links_after += link_share_at(features, i + 1);
}

static void set_kin(const struct page *page, const struct kin_sum *sum, uint8_t *row)
{
    feature_set(row, FEATURE_kin_len, feature_log(sum->len / sum->count));
    feature_set(row, FEATURE_kin_count, feature_log(sum->count));
    feature_set(row, FEATURE_kin_links, feature_share(sum->link_len, sum->len));
    feature_set(row, FEATURE_kin_prev_links, sum->links_before / sum->count);
    feature_set(row, FEATURE_kin_next_links, sum->links_after / sum->count);
    feature_set(row, FEATURE_kin_parents,
                sum->count > 1 ? feature_share(sum->parents, sum->count) : 0);
    feature_set(row, FEATURE_kin_repeated, feature_share(sum->repeated, sum->count));
    feature_set(row, FEATURE_kin_share, feature_share(sum->good_len, page->nodes[0].good_len));
}

static void copy_kin(const uint8_t *from, uint8_t *to)
{
    static const enum page_feature features[] = {
        FEATURE_kin_len,        FEATURE_kin_count,   FEATURE_kin_links,    FEATURE_kin_prev_links,
        FEATURE_kin_next_links, FEATURE_kin_parents, FEATURE_kin_repeated, FEATURE_kin_share};
    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++)
        feature_set(to, features[i], feature_get(from, features[i]));
}

static bool measure_kin(const struct page *page, struct page_features *features)
{
    size_t count = features->count;
    struct firsts firsts;
    struct kin_sum *sums = ARENA_ARRAY(page->arena, struct kin_sum, count);
    if (!sums || !firsts_open(page->arena, &firsts, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        uint64_t signature = page_signature(page, page->blocks[i].node);
        features->kin[i] = firsts_find(&firsts, signature, (uint32_t)i);
        add_kin(page, features, i, &sums[features->kin[i]]);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t first = features->kin[i];
        if (first == i)
            set_kin(page, &sums[i], feature_row(features, i));
        else
            copy_kin(feature_row(features, first), feature_row(features, i));
    }
    return true;
}

/* 1: the first of several with this text; 2: a later one. */
static void measure_repeats(const struct page *page, struct page_features *features)
{
    for (size_t i = 0; i < features->count; i++) {
        uint32_t first = page->blocks[i].first;
        if (first == i)
            continue;
        feature_set(feature_row(features, first), FEATURE_is_repeated, 1);
        feature_set(feature_row(features, i), FEATURE_is_repeated, 2);
    }
}

/* --- runs and distances -------------------------------------------------------------------- */

/* Distance to the next good block of the article, from behind. */
static void measure_ahead(const struct page *page, struct page_features *features)
{
    size_t next = SIZE_MAX;
    for (size_t i = features->count; i-- > 0;) {
        unsigned ahead = next == SIZE_MAX ? UINT8_MAX : feature_log((uint32_t)(next - i));
        feature_set(feature_row(features, i), FEATURE_good_ahead, ahead);
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
    bool linked = is_linked(&page->blocks[from]);
    *len = 0;
    for (; end < page->blocks_count && is_linked(&page->blocks[end]) == linked; end++)
        *len += page->blocks[end].len;
    return end;
}

static uint32_t longest_run(const struct page *page)
{
    uint32_t len = 0, longest = 0;
    for (size_t i = 0; i < page->blocks_count;) {
        bool is_text = !is_linked(&page->blocks[i]);
        i = end_of_run(page, i, &len);
        longest = is_text && len > longest ? len : longest;
    }
    return longest;
}

static void measure_runs(const struct page *page, struct page_features *features)
{
    uint32_t len = 0, longest = longest_run(page);
    for (size_t i = 0; i < page->blocks_count;) {
        size_t end = end_of_run(page, i, &len);
        uint32_t text = is_linked(&page->blocks[i]) ? 0 : len;
        unsigned log = feature_log(text), share = feature_share(text, longest),
                 blocks = feature_log((uint32_t)(end - i));
        for (; i < end; i++) {
            uint8_t *row = feature_row(features, i);
            feature_set(row, FEATURE_run_len, log);
            feature_set(row, FEATURE_run_share, share);
            feature_set(row, FEATURE_run_blocks, blocks);
        }
    }
}

/* --- neighbours ---------------------------------------------------------------------------- */

enum { AROUND = 3 };

/* The values of a block that is not there. */
static const uint8_t NOTHING[FEATURE_COUNT * FEATURE_LANES];

/* `offset` may lead before the first block and behind the last one. */
static const uint8_t *row_at(const struct page_features *features, size_t block, ptrdiff_t offset)
{
    size_t at = block + (size_t)offset;
    return at < features->count ? feature_row(features, at) : NOTHING;
}

static void set_neighbours(const struct page_features *features, size_t i)
{
    const uint8_t *prev = row_at(features, i, -1), *next = row_at(features, i, 1),
                  *prev2 = row_at(features, i, -2), *next2 = row_at(features, i, 2);
    uint8_t *row = feature_row(features, i);
    feature_set(row, FEATURE_prev_len, feature_get(prev, FEATURE_length));
    feature_set(row, FEATURE_prev_links, feature_get(prev, FEATURE_link_share));
    feature_set(row, FEATURE_prev_heading, feature_get(prev, FEATURE_heading));
    feature_set(row, FEATURE_prev_end, feature_get(prev, FEATURE_end_mark));
    feature_set(row, FEATURE_next_len, feature_get(next, FEATURE_length));
    feature_set(row, FEATURE_next_links, feature_get(next, FEATURE_link_share));
    feature_set(row, FEATURE_next_heading, feature_get(next, FEATURE_heading));
    feature_set(row, FEATURE_next_end, feature_get(next, FEATURE_end_mark));
    feature_set(row, FEATURE_prev2_len, feature_get(prev2, FEATURE_length));
    feature_set(row, FEATURE_prev2_links, feature_get(prev2, FEATURE_link_share));
    feature_set(row, FEATURE_next2_len, feature_get(next2, FEATURE_length));
    feature_set(row, FEATURE_next2_links, feature_get(next2, FEATURE_link_share));
}

static void measure_neighbours(struct page_features *features)
{
    const uint32_t *kin = features->kin;
    unsigned sum = 0; /* of the lengths from AROUND blocks before to as many behind */
    for (ptrdiff_t offset = 0; offset < AROUND; offset++)
        sum += feature_get(row_at(features, 0, offset), FEATURE_length);
    for (size_t i = 0; i < features->count; i++) {
        uint8_t *row = feature_row(features, i);
        sum += feature_get(row_at(features, i, AROUND), FEATURE_length);
        sum -= feature_get(row_at(features, i, -AROUND - 1), FEATURE_length);
        feature_set(row, FEATURE_around_len, sum / (2 * AROUND + 1));
        feature_set(row, FEATURE_prev_kin, i && kin[i - 1] == kin[i]);
        feature_set(row, FEATURE_next_kin, i + 1 < features->count && kin[i + 1] == kin[i]);
        set_neighbours(features, i);
    }
}

bool page_measure_around(const struct page *page, struct page_features *features)
{
    measure_repeats(page, features);
    if (!measure_kin(page, features))
        return false;
    measure_ahead(page, features);
    measure_runs(page, features);
    measure_neighbours(features);
    return true;
}
