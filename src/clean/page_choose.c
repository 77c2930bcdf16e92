/* Which blocks are the article: by the model's scores, or by hand rules where the rulebook has no
 * model. Each block that is left out gets the rule that says why. */
#include <math.h>

#include "base/slice.h"
#include "clean/page.h"
#include "clean/page_features.h"
#include "clean/page_marks.h"
#include "clean/page_path.h"
#include "clean/page_shape.h"

static bool is_in_main(const struct page *page, const struct page_block *block)
{
    return page_is_inside(page, block->node, page->main);
}

/* What the marks around a block call it; empty when they say nothing against it. */
static desk_slice name_of_marks(uint32_t around)
{
    static const struct {
        uint32_t marks;
        const char *rule;
    } rows[] = {{PAGEWORD_NAVIGATION | MARK_NAV, "page.navigation"},
                {PAGEWORD_RELATED, "page.related"},
                {PAGEWORD_COMMENTS, "page.comments"},
                {PAGEWORD_CAPTION | MARK_FIGURE, "page.caption"},
                {PAGEWORD_SHARE, "page.share"},
                {PAGEWORD_ADVERT, "page.advert"},
                {PAGEWORD_SUBSCRIBE | MARK_FORM, "page.subscribe"},
                {PAGEWORD_AUTHOR, "page.author"},
                {PAGEWORD_META, "page.meta"},
                {PAGEWORD_CHROME | MARK_ASIDE | MARK_FOOTER, "page.chrome"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (around & rows[i].marks)
            return slice_from_cstr(rows[i].rule);
    return slice_of(NULL, 0);
}

static desk_slice rule_of(const struct page *page, const struct page_block *block)
{
    desk_slice rule = name_of_marks(page->nodes[block->node].around);
    if (rule.len)
        return rule;
    return slice_from_cstr(is_in_main(page, block) ? "page.model" : "page.outside");
}

/* The hand rules: what stands in the guessed element and is no list of links or caption. */
int32_t page_score_by_hand(const struct page *page, const struct page_block *block)
{
    bool is_linked = 4 * (uint64_t)block->link_len > 3 * (uint64_t)block->len;
    bool is_list = block->kind == BLOCK_LIST_ITEM && 3 * block->link_len > block->len;
    bool good = is_in_main(page, block) && !is_linked && !is_list && block->kind != BLOCK_CAPTION &&
                !name_of_marks(page->nodes[block->node].around).len;
    return good ? 1000 : -1000;
}

static bool add_block(struct desk_article *article, const struct page_block *from)
{
    struct block *block = article_add_block(article);
    if (!block)
        return false;
    block->text = from->text;
    block->traced = article->trace.count;
    block->kind = (enum block_kind)from->kind;
    return true;
}

/* Log-odds in thousandths: neighbours that are no article, each by itself and both together, what
 * that costs a lone block (found by cross-validation; half as much does half as well), and less
 * than any score. */
enum {
    LONE_NEIGHBOUR = -1000,
    LONE_NEIGHBOURS = -3000,
    LONE_DOUBT = 2000,
    LONE_SCORE_MIN = -100000
};

/* The model's 0 is the rule; see find_threshold. */
/* Text that an article has before another one follows; labels of advertisements are shorter. */
enum { SIGNUP_LEVELS = 3 };
enum { ARTICLE_LETTERS_MIN = 150, ADVERT_LETTERS_MAX = 60, LINK_LETTERS_MAX = 16 };
/* What subheads and leads may fall short of the threshold, in thousandths of log-odds: enough for
 * what the model is in two minds about; less for a paragraph behind one of the article. Rows of a
 * table, such as the one that names the columns, may fall so much short of the best one. */
enum { SIBLING_DOUBT = 400, SIBLING_BLOCKS_MAX = 8 };
enum { BENEFIT_OF_DOUBT = 1200, ROW_DOUBT = 2000, LEAD_LETTERS_MIN = 32 };

enum {
    SURE_SCORE = 2500,
    PARTS_WANTED = 3,
    THRESHOLD_MIN = -3000,
    THRESHOLD_STEP = 250,
    COPY_LETTERS_MIN = 120
};

/* Log-odds in thousandths as a probability; only for people to look at. */
static double page_probability(int32_t score)
{
    return 1 / (1 + exp(-(double)score / 1000));
}

/* Lists a block's fate for explain, when that is asked for. */
static bool trace(const struct page *page, const struct page_block *block, desk_slice rule)
{
    struct desk_article *article = page->article;
    struct block_trace *entry = article->wants_trace ? article_add_trace(article) : NULL;
    if (!entry)
        return !article->wants_trace;
    entry->text = block->text;
    entry->kind = (enum block_kind)block->kind;
    entry->is_kept = !rule.len;
    entry->rule = rule;
    entry->path = page_path(page, block->node);
    entry->score = page_probability(block->score);
    if (page->trace_features)
        entry->features = page->trace_features + (size_t)(block - page->blocks) * FEATURE_COUNT;
    return true;
}

/* How sure the model is of what it takes: the mean of its scores above 0, by length. */
static int32_t mean_score(const struct page *page)
{
    int64_t sum = 0, len = 0;
    for (size_t i = 0; i < page->blocks_count; i++) {
        const struct page_block *block = &page->blocks[i];
        sum += block->score > 0 ? (int64_t)block->score * block->len : 0;
        len += block->score > 0 ? block->len : 0;
    }
    return (int32_t)(len ? sum / len : SURE_SCORE);
}

/* The log-odds that a block must be above: 0, less where the model is sure of nothing, and less
 * again where most of the guessed article would be left out. A page that is unlike all the model
 * knows is judged by how its own blocks compare. */
static int32_t find_threshold(const struct page *page)
{
    uint64_t wanted = page->nodes[page->main].good_len / PARTS_WANTED;
    int32_t doubt = SURE_SCORE - mean_score(page);
    for (int32_t threshold = doubt > 0 ? -doubt / 2 : 0; threshold > THRESHOLD_MIN;
         threshold -= THRESHOLD_STEP) {
        uint64_t kept = 0;
        for (size_t i = 0; i < page->blocks_count; i++)
            kept += page->blocks[i].score > threshold ? page->blocks[i].len : 0;
        if (kept >= wanted)
            return threshold;
    }
    return THRESHOLD_MIN;
}

/* Of blocks with the same text only the one with the best score stays, the first of equals. A short
 * one may be meant to stand twice, as a question in interviews does, unless the text around it
 * stands twice as well. */
static bool is_worse_copy(const struct page *page, const struct page_block *block)
{
    const struct page_block *first = &page->blocks[block->first],
                            *best = &page->blocks[first->best];
    bool is_run = block > page->blocks && block != first && block[-1].first == block->first - 1;
    return best != block && (is_run || block->len >= COPY_LETTERS_MIN);
}

static void find_best_copies(struct page *page)
{
    for (uint32_t i = 0; i < page->blocks_count; i++)
        page->blocks[i].best = i;
    for (uint32_t i = 0; i < page->blocks_count; i++) {
        struct page_block *first = &page->blocks[page->blocks[i].first];
        if (page->blocks[i].score > page->blocks[first->best].score)
            first->best = i;
    }
}

/* A block between two that are clearly not the article, in an element that holds little of it, is
 * the teaser of another article, however much it reads like this one. */
static void doubt_lone_blocks(struct page *page)
{
    int32_t before = LONE_SCORE_MIN;
    for (size_t i = 0; i < page->blocks_count; i++) {
        struct page_block *block = &page->blocks[i];
        int32_t own = block->score;
        int32_t after = i + 1 < page->blocks_count ? block[1].score : LONE_SCORE_MIN;
        uint32_t parent = page_parent(page, block->node);
        bool is_apart =
            2 * (uint64_t)page->nodes[parent].good_len < page->nodes[page->main].good_len;
        bool is_lone =
            before < LONE_NEIGHBOUR && after < LONE_NEIGHBOUR && before + after < LONE_NEIGHBOURS;
        if (is_lone && is_apart)
            block->score -= LONE_DOUBT;
        before = own;
    }
}

/* Rows of one table stand or fall together: a row gets the benefit of the doubt up to the best one.
 */
static void join_rows(struct page *page)
{
    for (size_t i = 0, end; i<page->blocks_count; i = end> i ? end : i + 1) {
        int32_t best = LONE_SCORE_MIN;
        for (end = i; end < page->blocks_count && page->blocks[end].is_data; end++)
            best = page->blocks[end].score > best ? page->blocks[end].score : best;
        for (size_t k = i; k < end; k++) {
            int32_t raised = page->blocks[k].score + ROW_DOUBT;
            page->blocks[k].score = raised < best ? raised : best;
        }
    }
}

/* Whether a headline at `node` begins a part of its own: what it does not share with the page's own
 * headline holds most of the `len` letters of the article. Sections of one article do not. */
static bool is_apart_from(const struct page *page, uint32_t node, uint32_t headline, uint32_t len)
{
    while (!page_is_inside(page, node, page->tree.nodes[headline].parent))
        headline = page->tree.nodes[headline].parent;
    return 2 * (uint64_t)page->nodes[headline].good_len >= len;
}

/* A second article, as pages load it when one scrolls on: from a headline on that is made like the
 * page's own, apart from it, once that one has its text. Returns the number of blocks before it. */
static size_t end_of_article(const struct page *page)
{
    uint64_t signature = 0;
    uint32_t len = 0, headline = 0;
    bool is_found = false;
    for (size_t i = 0; i < page->blocks_count; i++) {
        const struct page_block *block = &page->blocks[i];
        len += is_found && block->score > 0 && block->is_good ? block->len : 0;
        if (!block->heading || block->heading > 2)
            continue;
        bool is_title = slice_equal_nocase(block->text, page->article->title);
        if (is_found && len >= ARTICLE_LETTERS_MIN && block->heading == 1 && !is_title &&
            page_signature(page, block->node) == signature &&
            is_apart_from(page, block->node, headline, len))
            return i;
        if (!is_found && is_title) {
            is_found = true;
            signature = page_signature(page, block->node);
            headline = block->node;
        }
    }
    return page->blocks_count;
}

/* A page of which the model would take nothing at all, a fragment mostly, is unlike what it has
 * learned: hand rules judge it, so that no record loses all its text. */
static void judge_fragment(struct page *page)
{
    int32_t threshold = find_threshold(page);
    for (size_t i = 0; i < page->blocks_count; i++)
        if (page->blocks[i].score > threshold)
            return;
    for (size_t i = 0; i < page->blocks_count; i++)
        page->blocks[i].score = page_score_by_hand(page, &page->blocks[i]);
}

/* What blocks are judged by. */
struct bounds {
    int32_t threshold;         /* of the score */
    size_t lead_from, lead_to; /* indexes between which a lead may stand */
    size_t next_article;       /* index of the block that begins it */
};

/* A box to sign up in, with its form, as newsletters have in the middle of a text. */
static bool is_signup(const struct page *page, uint32_t node)
{
    for (unsigned level = 0; level < SIGNUP_LEVELS && node; level++) {
        if (page->nodes[node].own & ~page->layout & PAGEWORD_SUBSCRIBE)
            for (uint32_t i = node; i < page->tree.nodes[node].end; i++)
                if (page->tree.nodes[i].element == ELEMENT_FORM)
                    return true;
        node = page->tree.nodes[node].parent;
    }
    return false;
}

/* Why a block is left out although its score would do; empty when it stays. */
static desk_slice rule_against(const struct page *page, const struct page_block *block,
                               struct bounds bounds)
{
    uint32_t near =
        page->nodes[block->node].own | page->nodes[page->tree.nodes[block->node].parent].own;
    if ((size_t)(block - page->blocks) >= bounds.next_article)
        return slice_from_cstr("page.next");
    if (is_worse_copy(page, block))
        return slice_from_cstr("page.repeated");
    if (block->links > 1 && block->link_len >= block->len &&
        block->len < LINK_LETTERS_MAX * block->links)
        return slice_from_cstr("page.links");
    if (near & ~page->layout & PAGEWORD_ADVERT && block->len < ADVERT_LETTERS_MAX)
        return slice_from_cstr("page.advert");
    if (is_signup(page, block->node))
        return slice_from_cstr("page.subscribe");
    return slice_of("", 0);
}

/* Elements for what stands beside the article: their headings are no subheads. */
enum { MARKS_ASIDE = MARK_NAV | MARK_ASIDE | MARK_FOOTER | MARK_FORM };

/* A subhead before a paragraph of the article. */
static bool is_subhead(const struct page *page, size_t index, int32_t threshold)
{
    const struct page_block *block = &page->blocks[index];
    if (block->heading < 2 || block->link_len || index + 1 == page->blocks_count ||
        slice_equal_nocase(block->text, page->article->title))
        return false;
    if (page->nodes[block->node].around & ~page->layout & MARKS_ASIDE)
        return false;
    return block[1].score > threshold && page_is_core(page, &block[1]);
}

/* Sentences between the headline and the article's first running text: what it is about. */
static bool is_lead(const struct page *page, size_t index, struct bounds bounds)
{
    const struct page_block *block = &page->blocks[index];
    return index >= bounds.lead_from && index < bounds.lead_to && !block->heading &&
           !block->link_len && block->kind != BLOCK_CAPTION && block->len >= LEAD_LETTERS_MIN &&
           page_shape(block->text).end == END_SENTENCE;
}

/* Readers' comments read like an article and may score like one. */
static bool is_comment(const struct page *page, const struct page_block *block)
{
    uint32_t marks = page->nodes[block->node].around & ~page->layout;
    return page->has_comments && marks & PAGEWORD_COMMENTS && !(marks & MARK_QUOTE);
}

/* A sentence that stands behind a paragraph of the article, in a paragraph like it and the same
 * element, with nothing but the article between. */
static bool is_sibling(const struct page *page, size_t index, int32_t threshold)
{
    const struct page_block *block = &page->blocks[index];
    uint32_t parent = page->tree.nodes[block->node].parent;
    if (block->link_len || page->tree.nodes[block->node].element != ELEMENT_P ||
        page_shape(block->text).end != END_SENTENCE)
        return false;
    for (size_t i = index; i-- > 0 && index - i <= SIBLING_BLOCKS_MAX;) {
        uint32_t node = page->blocks[i].node;
        if (page->blocks[i].score <= threshold || !page_is_inside(page, node, parent))
            return false;
        if (page->tree.nodes[node].parent == parent &&
            page_signature(page, node) == page_signature(page, block->node))
            return true;
    }
    return false;
}

/* Whether a block stays by its score, or by where it stands when the score leaves doubt. */
static bool is_wanted(const struct page *page, size_t index, struct bounds bounds)
{
    int32_t score = page->blocks[index].score, threshold = bounds.threshold;
    if (is_comment(page, &page->blocks[index]))
        return false;
    if (score > threshold)
        return true;
    if (score > threshold - SIBLING_DOUBT && is_sibling(page, index, threshold))
        return true;
    return score > threshold - BENEFIT_OF_DOUBT &&
           (is_subhead(page, index, threshold) || is_lead(page, index, bounds));
}

/* The lead stands behind the headline, up to the first running text. */
static size_t end_of_lead(const struct page *page, size_t from)
{
    while (from < page->blocks_count && !page_is_core(page, &page->blocks[from]))
        from++;
    return from + 1;
}

static struct bounds find_bounds(const struct page *page)
{
    struct bounds bounds = {.threshold = find_threshold(page),
                            .lead_from = page->headline,
                            .next_article = end_of_article(page)};
    if (bounds.lead_from)
        bounds.lead_to = end_of_lead(page, bounds.lead_from);
    return bounds;
}

static bool leave_out(struct page *page, const struct page_block *block, desk_slice rule)
{
    struct desk_article *article = page->article;
    if (!article_add_removal(article, rule, block->text))
        return false;
    struct removal *removal = &article->removals.items[article->removals.count - 1];
    removal->is_inside = is_in_main(page, block);
    removal->traced = article->trace.count;
    return true;
}

bool page_choose(struct page *page)
{
    judge_fragment(page);
    doubt_lone_blocks(page);
    join_rows(page);
    find_best_copies(page);
    struct bounds bounds = find_bounds(page);
    for (size_t i = 0; i < page->blocks_count; i++) {
        const struct page_block *block = &page->blocks[i];
        desk_slice rule =
            is_wanted(page, i, bounds) ? rule_against(page, block, bounds) : rule_of(page, block);
        if (!page_list_hidden(page, block->node) || !trace(page, block, rule) ||
            !(rule.len ? leave_out(page, block, rule) : add_block(page->article, block)))
            return false;
    }
    return page_list_hidden(page, UINT32_MAX);
}
