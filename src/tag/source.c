/* The source stage: who published the article. The registrable domain comes from the canonical URL,
 * else the URL, else what the input names; name, country, language and type from the outlet table;
 * the name else from the page or the input. */
#include "engine/stage.h"

#include "article/article.h"
#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "tag/outlets.h"
#include "tag/url.h"

static desk_slice domain_of(struct arena *arena, desk_slice url)
{
    struct url_parts parts;
    return url_split(url, &parts) ? url_registrable(arena, parts.host) : slice_of(NULL, 0);
}

static void fill_from_table(struct desk_article *article, const struct outlets *outlets)
{
    const struct outlet *outlet = outlets_find(outlets, article->source_domain);
    if (!outlet)
        return;
    article->source_name = outlet->name;
    article->source_country = outlet->country;
    article->source_language = outlet->language;
    article->source_type = outlet->type;
}

static void canonicalise(struct desk_article *article)
{
    desk_slice url = article->canonical_url.len ? article->canonical_url : article->url;
    desk_slice canonical = url_canonical(article->arena, url);
    /* A canonical link to another place than a web address tells nothing. */
    if (!canonical.len && article->canonical_url.len)
        canonical = url_canonical(article->arena, article->url);
    article->canonical_url = canonical;
}

static desk_status open_source(const struct desk_rulebook *rulebook, void **state, desk_error *err)
{
    (void)err;
    *state = rulebook->outlets;
    return DESK_OK;
}

static desk_status process_source(void *state, struct desk_article *article, desk_error *err)
{
    (void)err;
    canonicalise(article);
    article->source_domain = domain_of(article->arena, article->canonical_url);
    if (!article->source_domain.len && article->input_source.len)
        article->source_domain = domain_of(article->arena, article->input_source);
    if (article->source_domain.len)
        fill_from_table(article, state);
    if (!article->source_name.len)
        article->source_name = article->site_name;
    if (!article->source_name.len && !slice_equal(article->input_source, article->source_domain))
        article->source_name = article->input_source;
    return DESK_OK;
}

static void close_source(void *state)
{
    (void)state;
}

const struct stage stage_source = {"source", open_source, process_source, close_source};
