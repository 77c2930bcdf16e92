/* What is measured of each block of a page, for the model: one byte a feature.
 *
 * Features are language-neutral: lengths in letters as they look, shapes of sentences by the
 * punctuation of all scripts, shares, places, and the groups of class names of page.yaml. Lengths
 * and distances are on a scale of logarithms (feature_log). This is the one place where features
 * are made: the trainer reads them from here (tests/eval/page_blocks.c), names included. */
#ifndef CLEAN_PAGE_FEATURES_H
#define CLEAN_PAGE_FEATURES_H

#include "clean/page.h"

/* clang-format off */
/* Of the block's own text. */
#define FEATURES_OF_TEXT(X) \
    X(length) X(links) X(link_share) X(sentences) X(end_mark) X(first) X(commas) X(capitals) X(digits) \
    X(separators) X(address) X(copyright) X(bold) X(italic) X(has_time) X(image_before) X(image_after) X(rule_before) X(is_title) X(is_description) \
    X(is_repeated) X(is_structured)
/* Of the elements around it. */
#define FEATURES_OF_PLACE(X) \
    X(heading) X(is_p) X(is_item) X(is_row) X(is_quote) X(is_caption) X(is_pre) \
    X(near_navigation) X(near_related) X(near_share) X(near_comments) X(near_adverts) X(near_authors) X(near_captions) \
    X(near_subscribe) X(near_meta) X(near_chrome) X(near_titles) X(near_leads) X(near_boxes) X(near_body) X(near_article) \
    X(in_navigation) X(in_related) X(in_share) X(in_comments) X(in_adverts) X(in_authors) X(in_captions) \
    X(in_subscribe) X(in_meta) X(in_chrome) X(in_titles) X(in_leads) X(in_boxes) X(in_body) X(in_article) \
    X(tag_nav) X(tag_aside) X(tag_footer) X(tag_header) X(tag_form) X(tag_figure) X(tag_table) X(tag_list) X(tag_quote) \
    X(tag_article) X(tag_main) X(tag_article_body) X(aria_hidden) X(marks)
/* Of its place on the page and in the article. */
#define FEATURES_OF_STRUCTURE(X) \
    X(depth) X(up) X(down) X(parent_len) X(parent_links) X(parent_good) X(parent_blocks) X(parent_share) X(branch_share) \
    X(branch_len) X(branch_links) X(branch_good) X(branch_blocks) \
    X(kin_len) X(kin_count) X(kin_links) X(kin_share) X(kin_prev_links) X(kin_next_links) X(kin_parents) X(kin_repeated) \
    X(page_before) X(main_before) X(good_back) X(good_ahead) X(since_heading) X(heading_above) X(heading_links) X(from_title) X(titles_before) X(nested) \
    X(run_len) X(run_share) X(run_blocks) X(main_len) X(main_good) X(main_share)
/* Of the blocks next to it. */
#define FEATURES_OF_NEIGHBOURS(X) \
    X(prev_len) X(prev_links) X(prev_heading) X(prev_end) X(prev_kin) X(next_len) X(next_links) X(next_heading) X(next_end) X(next_kin) \
    X(prev2_len) X(prev2_links) X(next2_len) X(next2_links) X(around_len)
#define FEATURES(X) FEATURES_OF_TEXT(X) FEATURES_OF_PLACE(X) FEATURES_OF_STRUCTURE(X) FEATURES_OF_NEIGHBOURS(X)
/* clang-format on */

#define FEATURE_ENUM(name) FEATURE_##name,
enum page_feature { FEATURES(FEATURE_ENUM) FEATURE_COUNT };
#undef FEATURE_ENUM

/* Values lie by groups of so many blocks, in a group by feature, so that a block's values are
 * written with fixed distances and the model reads those of sixteen blocks at once. */
enum { FEATURE_LANES = 16 };

struct page_features {
    uint8_t *values; /* see feature_row; those behind the last block are 0 */
    size_t count;    /* of blocks */
    uint32_t *kin;   /* per block: the first block with the same tags and classes around it */
};

extern const char *const FEATURE_NAMES[FEATURE_COUNT + 1]; /* ends with NULL */

/* False at the memory limit. */
bool page_measure(const struct page *page, struct page_features *features);

/* Keeps a copy by blocks for the trace, when one is wanted. False at the memory limit. */
bool page_keep_features(struct page *page, const struct page_features *features);

/* 1 + index of the headline among the blocks: the one that is the title, else the first h1; 0 where
 * there is none. */
size_t page_headline(const struct page *page);

/* Eight steps for each doubling: 0, 1, 2 ... 8 for 1, 16 for 3, 24 for 7; at most 255. */
static inline uint8_t feature_log(uint32_t value)
{
    uint64_t n = (uint64_t)value + 1;
    unsigned whole = 63 - (unsigned)__builtin_clzll(n);
    unsigned log = 8 * whole + ((unsigned)(n << 3 >> whole) & 7);
    return (uint8_t)(log > UINT8_MAX ? UINT8_MAX : log);
}

/* A part of a whole, of 64. */
static inline uint8_t feature_share(uint32_t part, uint32_t whole)
{
    return (uint8_t)(part < whole ? 64 * (uint64_t)part / whole : whole ? 64 : 0);
}

/* The values of a block: feature F is at [F * FEATURE_LANES]. */
static inline uint8_t *feature_row(const struct page_features *features, size_t block)
{
    return features->values + block / FEATURE_LANES * FEATURE_COUNT * FEATURE_LANES +
           block % FEATURE_LANES;
}

static inline void feature_set(uint8_t *row, enum page_feature feature, unsigned value)
{
    row[(size_t)feature * FEATURE_LANES] = (uint8_t)value;
}

static inline uint8_t feature_get(const uint8_t *row, enum page_feature feature)
{
    return row[(size_t)feature * FEATURE_LANES];
}

#endif
