/* Who wrote it: the best field that names people, unless the byline over the text knows better. */
#include "base/slice.h"
#include "clean/decision.h"
#include "text/space.h"

/* twitter:label1 "Written by" makes twitter:data1 the author. */
static void read_labels(struct decision *d)
{
    for (size_t i = 0; i < sizeof d->facts->labels / sizeof d->facts->labels[0]; i++) {
        desk_slice label = d->facts->labels[i];
        bool is_author = false;
        for (size_t at = 0; at < label.len;) {
            size_t space = slice_find_byte(label, ' ', at);
            size_t end = space == DESK_SLICE_NONE ? label.len : space;
            is_author |= (metadata_word_kinds_of(d->nearby.words, slice_sub(label, at, end)) &
                          METAWORD_BYLINE) != 0;
            at = end + 1;
        }
        if (is_author)
            page_facts_add(d->facts, FACT_AUTHOR,
                           (struct fact){d->facts->label_values[i], "twitter:data \"written by\"",
                                         RANK_META + 8, 0});
    }
}

static struct author_reader reader_into(const struct decision *d, struct slice_list *out)
{
    return (struct author_reader){d->page->arena, d->nearby.words, &d->sites, out};
}

/* Names of the best source that has any; its origin, or NULL. */
static const char *stated_authors(const struct decision *d, struct slice_list *out)
{
    const struct fact_list *list = &d->facts->lists[FACT_AUTHOR];
    struct author_reader reader = reader_into(d, out);
    const char *origin = NULL;
    uint8_t rank = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct fact *fact = &list->items[i];
        if (origin && fact->rank != rank)
            break;
        desk_slice text = fact->text;
        if (!space_fold(d->page->arena, &text))
            continue;
        if (author_names_read(&reader, text, AUTHOR_FIELD)) {
            origin = fact->origin;
            rank = fact->rank;
        }
    }
    return origin;
}

static size_t count_shared(const struct slice_list *a, const struct slice_list *b)
{
    size_t count = 0;
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++)
            count += title_same(a->items[i], b->items[k]);
    return count;
}

/* The byline corrects the field where it names others, or more; elements
 * near the headline may name reviewers and editors as well. */
static bool prefers_visible(const struct slice_list *stated, const struct slice_list *visible,
                            const char *visible_origin)
{
    size_t shared = count_shared(stated, visible);
    if (!visible->count || !stated->count)
        return visible->count > 0;
    bool is_line = strcmp(visible_origin, "byline") == 0;
    return is_line && (!shared || (shared == stated->count && visible->count > shared));
}

/* Where the field names an outlet only, a link to somebody is not to the author. */
static bool may_guess(const struct decision *d, const char *visible_origin)
{
    return !d->facts->lists[FACT_AUTHOR].count || strcmp(visible_origin, "link to an author") != 0;
}

void decide_authors(struct decision *d)
{
    struct desk_article *article = d->article;
    struct slice_list stated = {NULL, 0, 0}, visible = {NULL, 0, 0};
    struct author_reader reader = reader_into(d, &visible);
    if (article->authors.count || article->input_author.len)
        return;
    read_labels(d);
    const char *origin = stated_authors(d, &stated);
    const char *visible_origin = nearby_authors(&d->nearby, &reader);
    if (!stated.count && !visible.count)
        visible_origin = nearby_authors_anywhere(&d->nearby, &reader);
    if (!stated.count && visible.count && !may_guess(d, visible_origin))
        visible.count = 0;
    bool is_visible = prefers_visible(&stated, &visible, visible_origin);
    article->authors = is_visible ? visible : stated;
    article->origins.authors =
        article->authors.count ? (is_visible ? visible_origin : origin) : NULL;
}

void page_record_authors(struct desk_article *article, const struct metadata_words *words)
{
    struct site_names sites = {.count = 0};
    struct author_reader reader = {article->arena, words, &sites, &article->authors};
    desk_slice text = article->input_author;
    if (!article->authors.count && text.len && space_fold(article->arena, &text))
        author_names_read(&reader, text, AUTHOR_FIELD);
}
