/* The source stage: who published the article, and of a reprint, who published it first.
 *
 * The publisher is the host of the record's own URL, caches and redirectors undone, else of the
 * canonical one, else what the input names. Name, country, language and type come from the outlet
 * table, where an entry for the host wins over one for its domain; the name else from the page
 * (JSON-LD publisher, og:site_name), whose name also finds the table's row when there is no URL.
 *
 * The original of a reprint is what the residue links or names, else the canonical URL when it
 * belongs to another publisher, else the agency in the byline. */
#include "engine/stage.h"

#include "article/article.h"
#include "base/error.h"
#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "tag/gazetteer.h"
#include "tag/outlets.h"
#include "tag/url.h"

/* An author field that holds more than an agency's name is a person's. */
enum { AGENCY_WORDS_MAX = 6 };

struct source_work {
    struct desk_article *article;
    const struct desk_rulebook *rulebook;
};

static desk_slice host_of(const struct source_work *work, desk_slice url)
{
    return url.len ? url_publisher_host(work->rulebook->url_rules, work->article->arena, url)
                   : slice_of(NULL, 0);
}

static desk_slice canonical_of(const struct source_work *work, desk_slice url)
{
    return url.len ? url_canonical(work->rulebook->url_rules, work->article->arena, url)
                   : slice_of(NULL, 0);
}

/* --- publisher ----------------------------------------------------------------------------- */

static void fill(struct desk_article *article, const struct outlet *outlet)
{
    if (outlet->name.len)
        article->source_name = outlet->name;
    article->source_country = outlet->country;
    article->source_language = outlet->language;
    article->source_type = outlet->type;
}

/* True when the host tells a source. */
static bool take_host(const struct source_work *work, desk_slice host)
{
    struct desk_article *article = work->article;
    if (!host.len)
        return false;
    article->source_domain = url_registrable(article->arena, host);
    const struct outlet *outlet =
        article->source_domain.len ? outlets_find(work->rulebook->outlets, host) : NULL;
    if (outlet)
        fill(article, outlet);
    return article->source_domain.len > 0;
}

/* A name of the table brings its row; its domain too when it is the only one. */
static bool take_name(const struct source_work *work, desk_slice name)
{
    bool is_only = false;
    const struct outlet *outlet = outlets_named(work->rulebook->outlets, name, &is_only);
    if (!outlet)
        return false;
    fill(work->article, outlet);
    if (is_only)
        work->article->source_domain = url_registrable(work->article->arena, outlet->domain);
    return true;
}

static void find_publisher(const struct source_work *work, desk_slice own)
{
    struct desk_article *article = work->article;
    desk_slice claimed = article->input_source;
    if (!take_host(work, host_of(work, own)) &&
        !take_host(work, host_of(work, article->canonical_url)) &&
        !take_host(work, host_of(work, claimed)) && !take_name(work, claimed))
        take_name(work, article->site_name);
    if (!article->source_name.len)
        article->source_name = article->site_name;
    if (!article->source_name.len && !host_of(work, claimed).len)
        article->source_name = claimed;
}

/* --- original ------------------------------------------------------------------------------ */

static const struct outlet *outlet_of(const struct source_work *work, desk_slice url)
{
    desk_slice host = host_of(work, url);
    return host.len ? outlets_find(work->rulebook->outlets, host) : NULL;
}

/* One publisher may have several domains: bbc.com and bbc.co.uk. */
static bool is_same_publisher(const struct source_work *work, desk_slice domain, desk_slice url)
{
    const struct outlet *other = outlet_of(work, url);
    return slice_equal(domain, work->article->source_domain) ||
           (other && other->name.len && slice_equal(other->name, work->article->source_name));
}

/* The canonical address of the first publication; false when it is none, or the publisher's own. */
static bool take_original_url(const struct source_work *work, desk_slice canonical)
{
    struct desk_article *article = work->article;
    desk_slice host = host_of(work, canonical);
    desk_slice domain = host.len ? url_registrable(article->arena, host) : host;
    if (!domain.len || is_same_publisher(work, domain, canonical))
        return false;
    const struct outlet *outlet = outlets_find(work->rulebook->outlets, host);
    article->original.url = canonical;
    article->original.domain = domain;
    if (outlet)
        article->original.name = outlet->name;
    return true;
}

/* The agency, broadcaster or paper whose name is all of the text, in any of its forms: "AFP",
 * "dpa", "Guardian". */
static const struct gazetteer_name *medium_of(const struct source_work *work, desk_slice text)
{
    struct token tokens[AGENCY_WORDS_MAX + 1];
    struct token_table table = {.items = tokens};
    table.count = tokens_cut(text, slice_from_cstr("und"), tokens, AGENCY_WORDS_MAX + 1);
    if (table.count == 0 || table.count > AGENCY_WORDS_MAX)
        return NULL;
    struct gazetteer_span span = {&table, 0, table.count};
    const struct gazetteer_name *name = gazetteer_match(
        work->rulebook->gazetteer, gazetteer_language(slice_from_cstr("und")), &span);
    bool is_medium = name && (name->kind == NAME_AGENCY || name->kind == NAME_BROADCASTER ||
                              name->kind == NAME_NEWSPAPER);
    return is_medium && span.end == table.count ? name : NULL;
}

static bool take_original_name(const struct source_work *work, desk_slice text)
{
    struct desk_article *article = work->article;
    bool is_only = false;
    const struct gazetteer_name *medium = text.len ? medium_of(work, text) : NULL;
    desk_slice name = medium ? medium->name : slice_trim(text);
    const struct outlet *outlet =
        name.len ? outlets_named(work->rulebook->outlets, name, &is_only) : NULL;
    if (outlet)
        name = outlet->name;
    if (!name.len || slice_equal(name, article->source_name))
        return false;
    article->original.name = name;
    if (outlet && is_only)
        article->original.domain = url_registrable(article->arena, outlet->domain);
    return true;
}

/* The byline's agency, or an author that is one; as it stands there. */
static desk_slice byline_of(const struct source_work *work)
{
    const struct desk_article *article = work->article;
    if (article->byline_agency.len)
        return article->byline_agency;
    for (size_t i = 0; i < article->authors.count; i++) {
        const struct gazetteer_name *medium = medium_of(work, article->authors.items[i]);
        if (medium && medium->kind == NAME_AGENCY)
            return article->authors.items[i];
    }
    return slice_of(NULL, 0);
}

/* `given` is the canonical URL as written, `own` the record's URL in canonical form. False at the
 * memory limit. */
static bool find_original(const struct source_work *work, desk_slice given, desk_slice own)
{
    struct desk_article *article = work->article;
    bool has_residue = article->reprint_markers.count > 0;
    bool by_url = article->original_url.len &&
                  take_original_url(work, canonical_of(work, article->original_url));
    bool by_name = article->original_name.len && !article->original.name.len &&
                   take_original_name(work, article->original_name);
    if (by_url || by_name)
        return has_residue ||
               article_add_slice(article->arena, &article->reprint_markers,
                                 by_name ? article->original_name : article->original_url);
    if (own.len && article->source_domain.len && !slice_equal(article->canonical_url, own) &&
        take_original_url(work, article->canonical_url))
        return article_add_slice(article->arena, &article->reprint_markers, given);
    desk_slice byline = byline_of(work);
    if (!byline.len || !take_original_name(work, byline))
        return true;
    return article_add_slice(article->arena, &article->reprint_markers, byline);
}

/* --- stage --------------------------------------------------------------------------------- */

static desk_status open_source(const struct desk_rulebook *rulebook, void **state, desk_error *err)
{
    (void)err;
    *state = (void *)(size_t)rulebook;
    return DESK_OK;
}

static desk_status process_source(void *state, struct desk_article *article, desk_error *err)
{
    struct source_work work = {article, state};
    desk_slice given = article->canonical_url, own = canonical_of(&work, article->url);
    article->canonical_url = slice_equal(given, article->url) ? own : canonical_of(&work, given);
    /* A canonical link to another place than a web address tells nothing. */
    if (!article->canonical_url.len)
        article->canonical_url = own;
    find_publisher(&work, own);
    return find_original(&work, given, own) ? DESK_OK : article_memory_error(err);
}

static void close_source(void *state)
{
    (void)state;
}

const struct stage stage_source = {"source", open_source, process_source, close_source};
