/* Matching residue rules: one look into the table of heads for a block, patterns only behind a
 * head or behind bytes that must be there. Text is valid UTF-8, so PCRE2 checks nothing again. */
#include "base/slice.h"
#include "clean/residue.h"
#include "clean/residue_parts.h"
#include "text/fold.h"
#include "text/utf8.h"

enum { MATCH_LIMIT = 100000, DEPTH_LIMIT = 1000, PAIRS_MAX = 8 };
/* Bytes of signs after a literal that still leave it alone on its line; bytes of a block in which a
 * dateline's find must stand, and those before its end in which a closing piece's must. */
enum { SIGNS_MAX = 24, DATELINE_BYTES = 120, CLOSING_BYTES = 400 };

bool residue_matcher_open(struct residue_matcher *matcher, const struct residue *residue)
{
    *matcher = (struct residue_matcher){residue, pcre2_match_data_create(PAIRS_MAX, NULL),
                                        pcre2_match_context_create(NULL), false};
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
    *matcher = (struct residue_matcher){NULL, NULL, NULL, false};
}

/* --- patterns ------------------------------------------------------------------------------ */

/* Sets the named groups of a hit from the last match. */
static void take_names(const struct residue_matcher *matcher, desk_slice text, int pairs,
                       struct residue_hit *hit)
{
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(matcher->data);
    for (size_t i = 0; i < RESIDUE_NAMES; i++) {
        int group = hit->rule->groups[i];
        if (group > 0 && group < pairs && ends[2 * group] != PCRE2_UNSET)
            hit->names[i] = slice_trim(slice_sub(text, ends[2 * group], ends[2 * group + 1]));
    }
}

/* Runs a rule's pattern at or after `from`; fills the hit when it matches something. */
static bool run_pattern(struct residue_matcher *matcher, const struct residue_rule *rule,
                        desk_slice text, size_t from, struct residue_hit *hit)
{
    int pairs = rule->is_jit ? pcre2_jit_match(rule->pattern, (PCRE2_SPTR)text.data, text.len, from,
                                               PCRE2_NO_UTF_CHECK, matcher->data, matcher->context)
                             : pcre2_match(rule->pattern, (PCRE2_SPTR)text.data, text.len, from,
                                           PCRE2_NO_UTF_CHECK, matcher->data, matcher->context);
    if (pairs < 0 && pairs != PCRE2_ERROR_NOMATCH)
        matcher->failed = true;
    if (pairs < 0)
        return false;
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(matcher->data);
    *hit = (struct residue_hit){.rule = rule, .start = ends[0], .end = ends[1]};
    take_names(matcher, text, pairs ? pairs : PAIRS_MAX, hit);
    return true;
}

/* Whether the bytes that must be there are there, at or after `from`. */
static bool has_find(const struct residue_rule *rule, desk_slice text, size_t from)
{
    desk_slice find = rule->find;
    if (!rule->has_anchor && find.len > 1)
        return slice_find(text, find, from) != DESK_SLICE_NONE;
    char byte = find.data[rule->anchor];
    size_t at = from + rule->anchor;
    while ((at = slice_find_byte(text, byte, at)) != DESK_SLICE_NONE) {
        size_t start = at - rule->anchor;
        if (text.len - start >= find.len && memcmp(text.data + start, find.data, find.len) == 0)
            return true;
        at++;
    }
    return false;
}

/* --- heads --------------------------------------------------------------------------------- */

static bool is_number_part(const char *p, const char *end)
{
    if (ascii_is_digit(*p))
        return true;
    return (*p == '.' || *p == ',') && p + 1 < end && ascii_is_digit(p[1]);
}

/* Past a number such as 12, 1,204, 3.4K; NULL when there is none. */
static const char *skip_number(const char *p, const char *end)
{
    const char *start = p;
    while (p < end && is_number_part(p, end))
        p++;
    if (p == start)
        return NULL;
    bool has_unit = p < end && (*p == 'k' || *p == 'K' || *p == 'm' || *p == 'M');
    return has_unit && (p + 1 == end || !ascii_is_alpha(p[1])) ? p + 1 : p;
}

static bool is_word(uint32_t cp)
{
    return text_class(cp) & (CLASS_LETTER | CLASS_DIGIT | CLASS_MARK);
}

/* No word goes on here: the head's last sign is none of a word, or the next is none. */
static bool at_boundary(desk_slice head, const char *p, const char *end)
{
    const char *last = head.data + head.len;
    uint32_t before = utf8_prev(head.data, &last);
    while (p < end) {
        uint32_t next = residue_fold(&p, end);
        if (next)
            return !is_word(before) || !is_word(next) ||
                   (text_class(before) | text_class(next)) & CLASS_UNSPACED;
    }
    return true;
}

/* Past marks and signs without width, which belong to the letter before them. */
static const char *skip_dropped(const char *p, const char *end)
{
    while (p < end) {
        const char *next = p;
        if (residue_fold(&next, end))
            break;
        p = next;
    }
    return p;
}

/* Past the head when the text starts with it, else NULL. */
static const char *after_head(desk_slice text, desk_slice head)
{
    const char *p = text.data, *end = text.data + text.len;
    const char *h = head.data, *head_end = head.data + head.len;
    while (h < head_end) {
        if (*h == '#') {
            p = p < end ? skip_number(p, end) : NULL;
            if (!p)
                return NULL;
            h++;
            continue;
        }
        if (p == end)
            return NULL;
        uint32_t cp = residue_fold(&p, end);
        if (cp && cp != utf8_next(&h, head_end))
            return NULL;
    }
    return at_boundary(head, p, end) ? skip_dropped(p, end) : NULL;
}

static const char *skip_spaces(const char *p, const char *end)
{
    while (p < end) {
        const char *next = p;
        if (!(text_class(utf8_next(&next, end)) & (CLASS_SPACE | CLASS_INVISIBLE)))
            break;
        p = next;
    }
    return p;
}

static bool is_quote_mark(uint32_t cp)
{
    return cp == '"' || cp == '\'' || cp == 0xAB || cp == 0xBB || (cp >= 0x2018 && cp <= 0x201F) ||
           (cp >= 0x300C && cp <= 0x300F);
}

/* Nothing but a few signs is left: colon, full stop, arrows, brackets. A question or a quotation
 * is somebody's word. */
static bool is_alone(const char *p, const char *end)
{
    if (end - p > SIGNS_MAX)
        return false;
    while (p < end) {
        uint32_t cp = utf8_next(&p, end);
        bool is_sign = text_class(cp) & (CLASS_PUNCT | CLASS_SPACE | CLASS_INVISIBLE);
        if (!is_sign || cp == '?' || cp == 0xFF1F || (is_quote_mark(cp) && cp != 0xBB))
            return false;
    }
    return true;
}

/* A colon, dash, bar or arrow: what a title stands behind. A hyphen needs space around it. */
static bool is_title_mark(const char *p, const char *end, bool after_space)
{
    static const uint32_t marks[] = {':',    0xFF1A, '>',    '|',    0xBB,   0x2013, 0x2014,
                                     0x2192, 0x25BA, 0x25B6, 0x27A1, 0x203A, 0};
    if (p == end)
        return false;
    if (*p == '-')
        return after_space && p + 1 < end && p[1] == ' ';
    uint32_t cp = utf8_next(&p, end);
    for (size_t i = 0; marks[i]; i++)
        if (cp == marks[i])
            return true;
    return false;
}

/* A sentence that goes on behind a colon: it begins with a small letter and ends with a full stop,
 * as titles do not. */
static bool is_prose(const char *p, const char *end)
{
    while (p < end) {
        unsigned class = text_class(utf8_next(&p, end));
        if (class & (CLASS_LETTER | CLASS_DIGIT))
            return class & CLASS_LOWER && end[-1] == '.';
    }
    return false;
}

/* Past the signs before the first word: bullets, arrows, brackets, dashes. A closing angle quote
 * counts when it stands as an arrow, with a space behind it. */
static size_t skip_decoration(desk_slice text)
{
    const char *p = text.data, *end = text.data + text.len;
    while (p < end) {
        const char *next = p;
        uint32_t cp = utf8_next(&next, end);
        bool is_arrow = cp == 0xBB && next < end && *next == ' ';
        if (!(text_class(cp) & (CLASS_PUNCT | CLASS_SPACE | CLASS_INVISIBLE)) ||
            (is_quote_mark(cp) && !is_arrow))
            break;
        p = next;
    }
    return (size_t)(p - text.data);
}

static bool take_head(struct residue_matcher *matcher, const struct residue_head *head,
                      desk_slice block, size_t from, struct residue_hit *hit)
{
    const struct residue_rule *rule = &matcher->residue->rules[head->rule];
    const char *end = block.data + block.len;
    const char *p = after_head(slice_sub(block, from, block.len), head->text);
    if (!p)
        return false;
    const char *next = skip_spaces(p, end);
    if (head->form == HEAD_STARTS && rule->pattern)
        return run_pattern(matcher, rule, block, (size_t)(next - block.data), hit);
    *hit = (struct residue_hit){.rule = rule};
    return head->form == HEAD_STARTS || is_alone(next, end) ||
           (head->form == HEAD_TITLED && is_title_mark(next, end, next > p) &&
            !is_prose(next, end));
}

/* The first head in the order of the files that takes the block from `from` on. */
static bool try_heads(struct residue_matcher *matcher, desk_slice block, size_t from,
                      unsigned allowed, struct residue_hit *hit)
{
    const struct residue *residue = matcher->residue;
    const struct residue_slot *slot =
        residue_slot(residue, residue_key(slice_sub(block, from, block.len)));
    if (!slot->key || block.len > slot->bytes_max)
        return false;
    for (uint32_t i = 0; i < slot->count; i++) {
        const struct residue_head *head = &residue->heads[slot->first + i];
        const struct residue_rule *rule = &residue->rules[head->rule];
        if (allowed & 1U << rule->where && block.len <= rule->bytes_max &&
            take_head(matcher, head, block, from, hit))
            return true;
    }
    return false;
}

/* --- blocks and pieces --------------------------------------------------------------------- */

/* A pattern for whole blocks without a head. */
static bool try_loose(struct residue_matcher *matcher, const struct residue_rule *rule,
                      desk_slice block, struct residue_hit *hit)
{
    if (block.len > rule->bytes_max || (rule->find.len && !has_find(rule, block, 0)))
        return false;
    return run_pattern(matcher, rule, block, 0, hit);
}

bool residue_match(struct residue_matcher *matcher, desk_slice block, unsigned allowed,
                   struct residue_hit *hit)
{
    const struct residue *residue = matcher->residue;
    bool found = block.len && try_heads(matcher, block, 0, allowed, hit);
    size_t from = found ? 0 : skip_decoration(block);
    if (!found && from && from < block.len)
        found = try_heads(matcher, block, from, allowed, hit);
    for (size_t i = 0; i < residue->loose.count && !found; i++) {
        const struct residue_rule *rule = &residue->rules[residue->loose.rules[i]];
        found = allowed & 1U << rule->where && try_loose(matcher, rule, block, hit);
    }
    if (found) {
        hit->start = 0;
        hit->end = block.len;
    }
    return found;
}

static bool find_piece(struct residue_matcher *matcher, const struct residue_rule *rule,
                       desk_slice block, size_t from, struct residue_hit *hit)
{
    return has_find(rule, block, from) && run_pattern(matcher, rule, block, from, hit) &&
           hit->end > hit->start;
}

/* The first piece that one of these rules takes; *best holds one found before, or no rule. */
static void find_first(struct residue_matcher *matcher, const struct residue_list *list,
                       desk_slice block, size_t from, struct residue_hit *best)
{
    struct residue_hit hit;
    for (size_t i = 0; i < list->count; i++)
        if (find_piece(matcher, &matcher->residue->rules[list->rules[i]], block, from, &hit) &&
            (!best->rule || hit.start < best->start))
            *best = hit;
}

/* Where a closing piece can begin, at a character. */
static size_t closing_from(desk_slice block, size_t from)
{
    size_t first = block.len > CLOSING_BYTES ? block.len - CLOSING_BYTES : 0;
    while (first && ((unsigned char)block.data[first] & 0xC0) == 0x80)
        first--;
    return first > from ? first : from;
}

bool residue_find(struct residue_matcher *matcher, desk_slice block, enum residue_where where,
                  size_t from, struct residue_hit *hit)
{
    const struct residue *residue = matcher->residue;
    *hit = (struct residue_hit){.rule = NULL};
    if (where == RESIDUE_CLOSING)
        find_first(matcher, &residue->closing, block, closing_from(block, from), hit);
    for (size_t i = 0; i < residue->anchors_count && where == RESIDUE_INLINE; i++)
        if (slice_find_byte(block, (char)residue->anchors[i].byte, from) != DESK_SLICE_NONE)
            find_first(matcher, &residue->anchors[i].list, block, from, hit);
    return hit->rule;
}

static bool try_dateline(struct residue_matcher *matcher, const struct residue_rule *rule,
                         desk_slice block, struct residue_hit *hit)
{
    desk_slice head = slice_of(block.data, block.len < DATELINE_BYTES ? block.len : DATELINE_BYTES);
    return has_find(rule, head, 0) && run_pattern(matcher, rule, block, 0, hit);
}

bool residue_dateline(struct residue_matcher *matcher, desk_slice block, struct residue_hit *hit)
{
    const struct residue *residue = matcher->residue;
    for (size_t i = 0; i < residue->dateline.count; i++)
        if (try_dateline(matcher, &residue->rules[residue->dateline.rules[i]], block, hit))
            return true;
    return false;
}

/* --- one rule alone, for its cases --------------------------------------------------------- */

static bool takes_whole(struct residue_matcher *matcher, const struct residue_rule *rule,
                        desk_slice text, struct residue_hit *hit)
{
    const struct residue *residue = matcher->residue;
    size_t starts[2] = {0, skip_decoration(text)};
    if (text.len > rule->bytes_max)
        return false;
    if (rule->pattern && !rule->has_starts)
        return try_loose(matcher, rule, text, hit);
    for (size_t i = 0; i < residue->heads_count; i++)
        for (size_t k = 0; k < 2; k++)
            if (&residue->rules[residue->heads[i].rule] == rule &&
                take_head(matcher, &residue->heads[i], text, starts[k], hit))
                return true;
    return false;
}

bool residue_takes(struct residue_matcher *matcher, const struct residue_rule *rule,
                   desk_slice text)
{
    struct residue_hit hit;
    switch (rule->where) {
    case RESIDUE_INLINE:
    case RESIDUE_CLOSING:
        return find_piece(matcher, rule, text, 0, &hit);
    case RESIDUE_DATELINE:
        return try_dateline(matcher, rule, text, &hit);
    default:
        return takes_whole(matcher, rule, text, &hit);
    }
}
