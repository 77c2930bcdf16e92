/* Matching residue rules: literal heads on the folded block first, patterns only for short blocks.
 */
#include "base/slice.h"
#include "clean/residue.h"
#include "clean/residue_parts.h"
#include "text/fold.h"

enum { MATCH_LIMIT = 100000, DEPTH_LIMIT = 1000 };

bool residue_matcher_open(struct residue_matcher *matcher, const struct residue *residue)
{
    *matcher = (struct residue_matcher){residue, pcre2_match_data_create(4, NULL),
                                        pcre2_match_context_create(NULL)};
    if (!matcher->data || !matcher->context) {
        residue_matcher_close(matcher);
        return false;
    }
    pcre2_set_match_limit(matcher->context, MATCH_LIMIT);
    pcre2_set_depth_limit(matcher->context, DEPTH_LIMIT);
    return true;
}

void residue_matcher_close(struct residue_matcher *matcher)
{
    pcre2_match_data_free(matcher->data);
    pcre2_match_context_free(matcher->context);
    *matcher = (struct residue_matcher){NULL, NULL, NULL};
}

/* Matches at or after `from`; the text is known to be UTF-8. */
static bool run_pattern(const struct residue_matcher *matcher, const pcre2_code *pattern,
                        desk_slice text, size_t from, bool *failed)
{
    int result = pcre2_match(pattern, (PCRE2_SPTR)text.data, text.len, from, PCRE2_NO_UTF_CHECK,
                             matcher->data, matcher->context);
    if (result < 0 && result != PCRE2_ERROR_NOMATCH)
        *failed = true;
    return result >= 0;
}

bool residue_takes(const struct residue_matcher *matcher, const struct residue_rule *rule,
                   desk_slice block, desk_slice folded, bool *failed)
{
    if (block.len > rule->bytes_max || !folded.len)
        return false;
    for (size_t i = 0; i < rule->literals_count; i++)
        if (slice_equal(folded, rule->literals[i]))
            return true;
    for (size_t i = 0; i < rule->starts_count; i++)
        if (slice_starts(folded, rule->starts[i]))
            return true;
    return rule->pattern && run_pattern(matcher, rule->pattern, block, 0, failed);
}

bool residue_find_rule(const struct residue_matcher *matcher, const struct residue_rule *rule,
                       desk_slice block, size_t from, size_t *start, size_t *end, bool *failed)
{
    if (slice_find(block, rule->find, from) == DESK_SLICE_NONE ||
        !run_pattern(matcher, rule->pattern, block, from, failed))
        return false;
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(matcher->data);
    *start = ends[0];
    *end = ends[1];
    return *end > *start;
}

const struct residue_rule *residue_match(const struct residue_matcher *matcher, desk_slice block,
                                         unsigned allowed, bool *failed)
{
    char folded[RESIDUE_FOLDED_MAX];
    if (block.len > RESIDUE_BYTES_MAX)
        return NULL;
    desk_slice text = slice_of(folded, fold_text(block, folded));
    for (size_t i = 0; i < matcher->residue->count; i++) {
        const struct residue_rule *rule = &matcher->residue->rules[i];
        if (allowed & 1U << rule->where && residue_takes(matcher, rule, block, text, failed))
            return rule;
    }
    return NULL;
}

const struct residue_rule *residue_find(const struct residue_matcher *matcher, desk_slice block,
                                        size_t from, size_t *start, size_t *end, bool *failed)
{
    const struct residue_rule *best = NULL;
    for (size_t i = 0; i < matcher->residue->count; i++) {
        const struct residue_rule *rule = &matcher->residue->rules[i];
        size_t first, last;
        if (rule->where != RESIDUE_INLINE ||
            !residue_find_rule(matcher, rule, block, from, &first, &last, failed))
            continue;
        if (best && first >= *start)
            continue;
        best = rule;
        *start = first;
        *end = last;
    }
    return best;
}
