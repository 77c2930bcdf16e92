/* The scrub stage: residue out of the article's blocks. Whole blocks by rules for lines, then
 * pieces inside blocks. What is taken out is listed with its rule; what shows a reprint becomes a
 * marker. */
#include <stdlib.h>

#include "article/article.h"
#include "base/error.h"
#include "base/slice.h"
#include "clean/residue.h"
#include "engine/stage.h"
#include "rulebook/rulebook.h"
#include "text/space.h"

/* How many blocks from either end count as start and end. */
enum { EDGE_BLOCKS = 4, INLINE_MAX = 1000 };

static desk_status match_error(desk_error *err)
{
    return error_set(err, DESK_EMATCH,
                     "a residue pattern ran into its match limit on this article; simplify the "
                     "pattern or report "
                     "the text");
}

static bool remove_block(struct desk_article *article, struct block *block,
                         const struct residue_rule *rule)
{
    block->is_removed = true;
    block->removed_by = rule->id;
    if (rule->is_reprint &&
        !article_add_slice(article->arena, &article->reprint_markers, block->text))
        return false;
    return article_add_removal(article, rule->id, block->text);
}

/* Everything after a tail rule's block goes too, when it stands in the last part of the text. */
static bool remove_tail(struct desk_article *article, size_t from, const struct residue_rule *rule)
{
    for (size_t i = from; i < article->blocks.count; i++)
        if (!article->blocks.items[i].is_removed &&
            !remove_block(article, &article->blocks.items[i], rule))
            return false;
    return true;
}

/* Where rules may apply for a block: its place counted among the blocks that are left. */
static unsigned allowed_at(size_t before, size_t after)
{
    unsigned allowed = 1U << RESIDUE_LINE;
    if (before < EDGE_BLOCKS)
        allowed |= 1U << RESIDUE_START;
    if (after < EDGE_BLOCKS)
        allowed |= 1U << RESIDUE_END;
    if (before >= 2 && before >= 2 * after)
        allowed |= 1U << RESIDUE_TAIL;
    return allowed;
}

static desk_status scrub_lines(const struct residue_matcher *matcher, struct desk_article *article,
                               desk_error *err)
{
    size_t count = article->blocks.count;
    for (size_t i = 0; i < count; i++) {
        struct block *block = &article->blocks.items[i];
        bool failed = false;
        if (block->is_removed)
            continue;
        if (block->text.len <= RESIDUE_BYTES_MAX && !article_work(article, 64 * block->text.len))
            return article_work_error(err);
        const struct residue_rule *rule =
            residue_match(matcher, block->text, allowed_at(i, count - 1 - i), &failed);
        if (failed)
            return match_error(err);
        if (!rule)
            continue;
        bool good = rule->where == RESIDUE_TAIL ? remove_tail(article, i, rule)
                                                : remove_block(article, block, rule);
        if (!good)
            return article_memory_error(err);
    }
    return DESK_OK;
}

/* Cuts the pieces out of one block: the text between them is copied together. */
static desk_status scrub_pieces(const struct residue_matcher *matcher, struct desk_article *article,
                                struct block *block, desk_error *err)
{
    size_t start = 0, end = 0, at = 0, len = 0;
    bool failed = false;
    const struct residue_rule *rule = residue_find(matcher, block->text, 0, &start, &end, &failed);
    if (!rule)
        return failed ? match_error(err) : DESK_OK;
    char *out = arena_alloc(article->arena, block->text.len + 1, 1);
    for (unsigned steps = 0; rule && out && steps < INLINE_MAX; steps++) {
        desk_slice piece = slice_sub(block->text, start, end);
        if (!article_add_removal(article, rule->id, piece) ||
            (rule->is_reprint &&
             !article_add_slice(article->arena, &article->reprint_markers, piece)))
            return article_memory_error(err);
        memcpy(out + len, block->text.data + at, start - at);
        len += start - at;
        at = end;
        rule = residue_find(matcher, block->text, at, &start, &end, &failed);
    }
    if (failed || !out)
        return failed ? match_error(err) : article_memory_error(err);
    memcpy(out + len, block->text.data + at, block->text.len - at);
    len += block->text.len - at;
    block->original = block->text;
    block->text = slice_of(out, len);
    return space_fold(article->arena, &block->text) ? DESK_OK : article_memory_error(err);
}

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

static desk_status process_scrub(void *state, struct desk_article *article, desk_error *err)
{
    desk_status status = scrub_lines(state, article, err);
    for (size_t i = 0; i < article->blocks.count && status == DESK_OK; i++) {
        struct block *block = &article->blocks.items[i];
        if (block->is_removed)
            continue;
        if (!article_work(article, 4 * block->text.len))
            return article_work_error(err);
        status = scrub_pieces(state, article, block, err);
    }
    return status;
}

static void close_scrub(void *state)
{
    struct residue_matcher *matcher = state;
    if (matcher)
        residue_matcher_close(matcher);
    free(matcher);
}

const struct stage stage_scrub = {"scrub", open_scrub, process_scrub, close_scrub};
