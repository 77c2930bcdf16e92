/* The scrub stage: residue out of the article's blocks. Pieces inside blocks first, then whole
 * blocks from the end (signatures, credits, links back), then from the start, until nothing more is
 * found, so that a cleaned text stays as it is when it is cleaned again. What is taken out is
 * listed with its rule; what shows a reprint becomes a marker; sources that it names are kept. */
#include <stdlib.h>

#include "article/article.h"
#include "base/error.h"
#include "base/slice.h"
#include "clean/residue.h"
#include "engine/stage.h"
#include "rulebook/rulebook.h"
#include "text/space.h"

/* How many kept blocks from either end count as start and end, and as those whose last piece can be
 * residue; rounds and pieces that no genuine text needs; a block after a heading of links that is
 * longer than this is no title. */
enum { EDGE_BLOCKS = 4, CLOSING_BLOCKS = 2, ROUNDS_MAX = 6, PIECES_MAX = 1000, TITLE_BYTES = 200 };
/* A dateline stands before text, in one of the first two paragraphs. */
enum { DATELINE_BLOCKS = 2, DATELINE_TEXT_MIN = 30 };

struct scrub {
    struct residue_matcher *matcher;
    struct desk_article *article;
    unsigned char
        *refused; /* a bit per enum residue_where: no such rule takes the block as it is */
    bool changed, failed;
};

/* --- what a hit leaves ---------------------------------------------------------------------- */

static bool is_address(desk_slice text)
{
    return slice_starts_nocase(text, slice_from_cstr("http")) ||
           slice_starts_nocase(text, slice_from_cstr("www."));
}

/* Keeps whom the residue names as origin; the first one counts. */
static void note_names(struct desk_article *article, const struct residue_hit *hit)
{
    desk_slice original = hit->names[RESIDUE_ORIGINAL], agency = hit->names[RESIDUE_AGENCY];
    bool is_url = is_address(original);
    desk_slice *slot = is_url ? &article->original_url : &article->original_name;
    if (original.len && original.data[original.len - 1] == '.')
        original.len--;
    if (original.len && !slot->len)
        *slot = original;
    if (agency.len && !article->byline_agency.len)
        article->byline_agency = agency;
}

static void note(struct scrub *scrub, const struct residue_hit *hit, desk_slice text)
{
    struct desk_article *article = scrub->article;
    scrub->changed = true;
    scrub->failed |= !article_add_removal(article, hit->rule->id, text);
    if (hit->rule->is_reprint)
        scrub->failed |= !article_add_slice(article->arena, &article->reprint_markers, text);
    note_names(article, hit);
}

static void remove_block(struct scrub *scrub, struct block *block, const struct residue_hit *hit)
{
    block->is_removed = true;
    block->removed_by = hit->rule->id;
    note(scrub, hit, block->text);
}

/* --- pieces inside blocks ------------------------------------------------------------------- */

/* Cuts the pieces out of one block: the text between them is copied together. False when there are
 * none. */
static bool scrub_pieces(struct scrub *scrub, struct block *block, enum residue_where where)
{
    struct residue_hit hit;
    size_t at = 0, len = 0;
    if (!residue_find(scrub->matcher, block->text, where, 0, &hit))
        return false;
    desk_slice text = block->text, first_rule = hit.rule->id;
    char *out = arena_alloc(scrub->article->arena, text.len + 1, 1);
    scrub->failed |= !out;
    for (unsigned pieces = 0; out && pieces < PIECES_MAX; pieces++) {
        note(scrub, &hit, slice_sub(text, hit.start, hit.end));
        memcpy(out + len, text.data + at, hit.start - at);
        len += hit.start - at;
        at = hit.end;
        if (!residue_find(scrub->matcher, text, where, at, &hit))
            break;
    }
    if (!out)
        return false;
    memcpy(out + len, text.data + at, text.len - at);
    if (!block->original.len)
        block->original = text;
    block->text = slice_of(out, len + text.len - at);
    scrub->failed |= !space_fold(scrub->article->arena, &block->text);
    if (!block->text.len) {
        block->is_removed = true;
        block->removed_by = first_rule;
    }
    return true;
}

static void scrub_all_pieces(struct scrub *scrub)
{
    struct block_list *blocks = &scrub->article->blocks;
    for (size_t i = 0; i < blocks->count; i++)
        for (unsigned round = 0; round < ROUNDS_MAX && !blocks->items[i].is_removed; round++)
            if (!scrub_pieces(scrub, &blocks->items[i], RESIDUE_INLINE))
                break;
}

/* --- whole blocks --------------------------------------------------------------------------- */

/* Whether a rule takes all of the block. Most blocks are asked about again in the next round; what
 * was refused then is refused now, until pieces are cut out of the block. */
static bool takes_block(struct scrub *scrub, size_t i, unsigned allowed, struct residue_hit *hit)
{
    unsigned open = allowed & ~(unsigned)scrub->refused[i];
    if (!open)
        return false;
    if (residue_match(scrub->matcher, scrub->article->blocks.items[i].text, open, hit))
        return true;
    scrub->refused[i] |= (unsigned char)open;
    return false;
}

static void scrub_end(struct scrub *scrub)
{
    struct block_list *blocks = &scrub->article->blocks;
    unsigned allowed = 1U << RESIDUE_LINE | 1U << RESIDUE_END;
    size_t kept = 0;
    for (size_t i = blocks->count; i-- > 0 && kept < EDGE_BLOCKS;) {
        struct block *block = &blocks->items[i];
        struct residue_hit hit;
        if (block->is_removed)
            continue;
        if (takes_block(scrub, i, allowed, &hit)) {
            remove_block(scrub, block, &hit);
            continue;
        }
        if (kept < CLOSING_BLOCKS && scrub_pieces(scrub, block, RESIDUE_CLOSING)) {
            scrub_pieces(scrub, block, RESIDUE_INLINE);
            scrub->refused[i] = 0;
        }
        kept += !block->is_removed;
    }
}

/* A heading that closes an article is that of something else, or its text is gone. */
static void scrub_closing_headings(struct scrub *scrub)
{
    struct block_list *blocks = &scrub->article->blocks;
    for (size_t i = blocks->count; i-- > 1;) {
        struct block *block = &blocks->items[i];
        if (!block->is_removed && block->kind != BLOCK_HEADING)
            return;
        if (block->is_removed)
            continue;
        block->is_removed = true;
        block->removed_by = slice_from_cstr("page.heading");
        scrub->failed |= !article_add_removal(scrub->article, block->removed_by, block->text);
    }
}

/* A title of a list of links: short, and no sentence that ends as one. */
static bool is_title(desk_slice text)
{
    static const char *const ends[] = {".", "。", "”", "\"", "»", "“", "।", "…", NULL};
    for (size_t i = 0; ends[i]; i++)
        if (slice_ends(text, slice_from_cstr(ends[i])))
            return false;
    return text.len <= TITLE_BYTES;
}

/* The list below a heading of links goes with it where it closes the text; elsewhere the heading
 * goes alone, because an article may go on with a subhead. */
static void remove_tail(struct scrub *scrub, size_t heading, const struct residue_hit *hit)
{
    struct block_list *blocks = &scrub->article->blocks;
    size_t end = heading + 1;
    while (end < blocks->count &&
           (blocks->items[end].is_removed || is_title(blocks->items[end].text)))
        end++;
    if (end < blocks->count)
        end = heading + 1;
    for (size_t i = heading; i < end; i++)
        if (!blocks->items[i].is_removed)
            remove_block(scrub, &blocks->items[i], hit);
}

static void scrub_lines(struct scrub *scrub)
{
    struct block_list *blocks = &scrub->article->blocks;
    unsigned allowed = 1U << RESIDUE_LINE | 1U << RESIDUE_START | 1U << RESIDUE_TAIL;
    size_t kept = 0;
    for (size_t i = 0; i < blocks->count; i++) {
        struct block *block = &blocks->items[i];
        struct residue_hit hit;
        if (block->is_removed)
            continue;
        if (kept == EDGE_BLOCKS)
            allowed &= ~(1U << RESIDUE_START);
        if (!takes_block(scrub, i, allowed, &hit))
            kept++;
        else if (hit.rule->where == RESIDUE_TAIL)
            remove_tail(scrub, i, &hit);
        else
            remove_block(scrub, block, &hit);
    }
}

/* --- dateline ------------------------------------------------------------------------------- */

/* What "PARIS (AFP) -" tells is kept. It goes when it names an agency, which is the wire's mark on
 * the copy; a place alone, "PARIS -", belongs to the text as its author wrote it. */
static void take_dateline(struct scrub *scrub, struct block *block, const struct residue_hit *hit)
{
    desk_slice text = slice_trim(slice_sub(block->text, 0, hit->end));
    scrub->article->dateline =
        (struct dateline){text, hit->names[RESIDUE_PLACE], hit->names[RESIDUE_AGENCY]};
    if (!scrub->article->dateline.agency.len)
        return;
    note(scrub, hit, text);
    if (!block->original.len)
        block->original = block->text;
    block->text = space_trim(slice_sub(block->text, hit->end, block->text.len));
}

static void scrub_dateline(struct scrub *scrub)
{
    struct block_list *blocks = &scrub->article->blocks;
    size_t seen = 0;
    for (size_t i = 0; i < blocks->count && seen < DATELINE_BLOCKS; i++) {
        struct block *block = &blocks->items[i];
        struct residue_hit hit;
        if (block->is_removed || block->kind != BLOCK_PARAGRAPH)
            continue;
        seen++;
        if (residue_dateline(scrub->matcher, block->text, &hit) &&
            block->text.len >= hit.end + DATELINE_TEXT_MIN) {
            take_dateline(scrub, block, &hit);
            return;
        }
    }
}

/* --- the stage ------------------------------------------------------------------------------ */

static desk_status open_scrub(const struct desk_rulebook *rulebook, void **state, desk_error *err)
{
    struct residue_matcher *matcher = calloc(1, sizeof *matcher);
    if (matcher && residue_matcher_open(matcher, rulebook->residue)) {
        *state = matcher;
        return DESK_OK;
    }
    free(matcher);
    return error_set(err, DESK_ENOMEM, "out of memory for the scrub stage");
}

/* Steps of one round: each byte is searched for a few signs, and a few blocks run a pattern. */
static uint64_t round_steps(const struct block_list *blocks)
{
    uint64_t steps = 64 * (uint64_t)blocks->count;
    for (size_t i = 0; i < blocks->count; i++)
        steps += 4 * (uint64_t)blocks->items[i].text.len;
    return steps;
}

/* --- what extract left out ------------------------------------------------------------------ */

/* What extract left out between the article's blocks may be a residue that has a rule ("Read more",
 * "Source link"): that rule is the better reason, and may show a reprint. */
static void name_removals(struct scrub *scrub)
{
    struct desk_article *article = scrub->article;
    unsigned allowed = 1U << RESIDUE_LINE | 1U << RESIDUE_START | 1U << RESIDUE_END;
    for (size_t i = 0; i < article->removals.count; i++) {
        struct removal *removal = &article->removals.items[i];
        struct residue_hit hit;
        if (!removal->is_inside || !residue_match(scrub->matcher, removal->text, allowed, &hit))
            continue;
        removal->rule = hit.rule->id;
        if (removal->traced)
            article->trace.items[removal->traced - 1].rule = hit.rule->id;
        if (hit.rule->is_reprint)
            scrub->failed |=
                !article_add_slice(article->arena, &article->reprint_markers, removal->text);
        note_names(article, &hit);
    }
}

static desk_status process_scrub(void *state, struct desk_article *article, desk_error *err)
{
    struct scrub scrub = {state, article, NULL, true, false};
    scrub.matcher->failed = false;
    scrub.refused = arena_calloc(article->arena, article->blocks.count + 1, 1, 1);
    if (!scrub.refused)
        return article_memory_error(err);
    if (!article_work(article, round_steps(&article->blocks)))
        return article_work_error(err);
    name_removals(&scrub);
    scrub_all_pieces(&scrub);
    for (unsigned round = 0; round < ROUNDS_MAX && scrub.changed && !scrub.failed; round++) {
        if (!article_work(article, round_steps(&article->blocks)))
            return article_work_error(err);
        scrub.changed = false;
        scrub_end(&scrub);
        scrub_lines(&scrub);
    }
    scrub_closing_headings(&scrub);
    scrub_dateline(&scrub);
    if (scrub.failed)
        return article_memory_error(err);
    if (scrub.matcher->failed)
        return error_set(err, DESK_EMATCH,
                         "a residue pattern ran into its match limit on this article; simplify the "
                         "pattern or report the text");
    return DESK_OK;
}

static void close_scrub(void *state)
{
    struct residue_matcher *matcher = state;
    if (matcher)
        residue_matcher_close(matcher);
    free(matcher);
}

const struct stage stage_scrub = {"scrub", open_scrub, process_scrub, close_scrub};
