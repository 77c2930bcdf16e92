/* Walking the objects that stand for the page, and what they say. */
#include "clean/json_ld.h"

#include "base/slice.h"
#include "clean/page_facts.h"
#include "clean/title.h"
#include "text/space.h"

enum { DEPTH_MAX = 8, AUTHORS_MAX = 32 };

/* What an object can be for the page; the higher, the more it is the article. */
enum json_ld_type { TYPE_OTHER, TYPE_SITE, TYPE_PAGE, TYPE_WORK, TYPE_ARTICLE };

/* --- types --------------------------------------------------------------------------------- */

static enum json_ld_type type_by_name(desk_slice type)
{
    static const struct {
        const char *ending;
        enum json_ld_type type;
    } rows[] = {{"Article", TYPE_ARTICLE},
                {"BlogPosting", TYPE_ARTICLE},
                {"LiveBlogPosting", TYPE_ARTICLE},
                {"SocialMediaPosting", TYPE_ARTICLE},
                {"Report", TYPE_ARTICLE},
                {"Recipe", TYPE_WORK},
                {"HowTo", TYPE_WORK},
                {"CreativeWork", TYPE_WORK},
                {"VideoObject", TYPE_WORK},
                {"PodcastEpisode", TYPE_WORK},
                {"Review", TYPE_WORK},
                {"WebPage", TYPE_PAGE},
                {"ItemPage", TYPE_PAGE},
                {"FAQPage", TYPE_PAGE},
                {"WebSite", TYPE_SITE},
                {"Organization", TYPE_SITE},
                {"Blog", TYPE_SITE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (slice_ends(type, slice_from_cstr(rows[i].ending)))
            return rows[i].type;
    return TYPE_OTHER;
}

/* "NewsArticle", "http://schema.org/NewsArticle" or a list of types: the best of them. */
static enum json_ld_type type_of(const struct loose_json *script, uint32_t object)
{
    uint32_t at = loose_json_get(script, object, "@type");
    enum json_ld_type best = TYPE_OTHER;
    for (uint32_t i = at; at && i < script->values[at].end; i++) {
        enum json_ld_type type = type_by_name(script->values[i].text);
        best = type > best ? type : best;
    }
    return best;
}

static bool has_type(const struct loose_json *script, uint32_t object, const char *name)
{
    uint32_t at = loose_json_get(script, object, "@type");
    for (uint32_t i = at; at && i < script->values[at].end; i++)
        if (slice_ends(script->values[i].text, slice_from_cstr(name)))
            return true;
    return false;
}

/* --- collecting objects -------------------------------------------------------------------- */

static void walk(struct json_ld *data, const struct loose_json *script, uint32_t at,
                 unsigned depth);

static void walk_object(struct json_ld *data, const struct loose_json *script, uint32_t at,
                        unsigned depth)
{
    static const char *const inner[] = {"@graph", "mainEntity", "mainEntityOfPage", "isPartOf"};
    enum json_ld_type type = type_of(script, at);
    if (type != TYPE_OTHER && data->objects_count < JSON_LD_OBJECTS_MAX)
        data->objects[data->objects_count++] = (struct json_ld_object){script, at, (uint8_t)type};
    for (size_t i = 0; i < sizeof inner / sizeof inner[0]; i++) {
        uint32_t value = loose_json_get(script, at, inner[i]);
        if (value)
            walk(data, script, value, depth + 1);
    }
}

static void walk(struct json_ld *data, const struct loose_json *script, uint32_t at, unsigned depth)
{
    const struct loose_value *value = &script->values[at];
    if (depth > DEPTH_MAX)
        return;
    if (value->type == LOOSE_OBJECT)
        walk_object(data, script, at, depth);
    else if (value->type == LOOSE_ARRAY)
        for (uint32_t i = at + 1; i < value->end; i = script->values[i].end)
            walk(data, script, i, depth + 1);
}

bool json_ld_read(struct arena *arena, desk_slice text, struct json_ld *data)
{
    if (data->scripts_count == JSON_LD_SCRIPTS_MAX)
        return true;
    struct loose_json *script = &data->scripts[data->scripts_count++];
    if (!loose_json_read(arena, text, script))
        return false;
    for (uint32_t i = 0; i < script->count; i = script->values[i].end)
        walk(data, script, i, 0);
    return true;
}

/* --- values -------------------------------------------------------------------------------- */

struct speaker {
    struct arena *arena;
    const struct json_ld *data;
    struct page_facts *facts;
    const struct loose_json *script;
    uint32_t object;
    uint8_t rank;
};

/* The object with this @id that says more than its @id, in any script. */
static bool find_by_id(const struct json_ld *data, desk_slice id, const struct loose_json **script,
                       uint32_t *at)
{
    for (size_t s = 0; s < data->scripts_count; s++) {
        const struct loose_json *candidate = &data->scripts[s];
        for (uint32_t i = 0; i < candidate->count; i++) {
            uint32_t own = loose_json_get(candidate, i, "@id");
            bool says_more = candidate->values[i].end - i > 3;
            if (own && says_more && slice_equal(candidate->values[own].text, id)) {
                *script = candidate;
                *at = i;
                return true;
            }
        }
    }
    return false;
}

/* The string itself, or one of the keys (ends with NULL) of an object or of the first element. */
static desk_slice text_of(const struct speaker *speaker, const struct loose_json *script,
                          uint32_t at, const char *const *keys)
{
    const struct loose_value *value = &script->values[at];
    if (value->type == LOOSE_ARRAY && value->end > at + 1)
        value = &script->values[++at];
    if (value->type == LOOSE_STRING ||
        (value->type == LOOSE_BARE && value->text.len && ascii_is_digit(value->text.data[0])))
        return loose_json_text(speaker->arena, value->text);
    for (; value->type == LOOSE_OBJECT && *keys; keys++) {
        uint32_t inner = loose_json_get(script, at, *keys);
        if (inner && script->values[inner].type == LOOSE_STRING)
            return loose_json_text(speaker->arena, script->values[inner].text);
    }
    return slice_of(NULL, 0);
}

/* An object that only refers to another is that one. */
static void follow(const struct json_ld *data, const struct loose_json **script, uint32_t *at)
{
    uint32_t id = loose_json_get(*script, *at, "@id");
    if (id && (*script)->values[*at].end - *at <= 3)
        find_by_id(data, (*script)->values[id].text, script, at);
}

static void state(const struct speaker *speaker, const char *key, enum fact_slot slot,
                  const char *origin)
{
    static const char *const names[] = {"name", "@value", NULL};
    static const char *const links[] = {"url", "contentUrl", "@id", NULL};
    const struct loose_json *script = speaker->script;
    uint32_t at = loose_json_get(script, speaker->object, key);
    if (!at)
        return;
    if (script->values[at].type == LOOSE_OBJECT)
        follow(speaker->data, &script, &at);
    bool is_link = slot == FACT_IMAGE || slot == FACT_URL;
    page_facts_add(speaker->facts, slot,
                   (struct fact){text_of(speaker, script, at, is_link ? links : names), origin,
                                 speaker->rank, 0});
}

static void state_author(const struct speaker *speaker, const struct loose_json *script,
                         uint32_t at, const char *origin)
{
    static const char *const keys[] = {"name", "alternateName", "@value", NULL};
    if (script->values[at].type == LOOSE_OBJECT)
        follow(speaker->data, &script, &at);
    /* An outlet is no author; "author": {"name": ["A", "B"]} is two. */
    if (has_type(script, at, "Organization") && !has_type(script, at, "Person"))
        return;
    uint32_t name = loose_json_get(script, at, "name");
    if (name && script->values[name].type == LOOSE_ARRAY)
        at = name;
    bool is_list = script->values[at].type == LOOSE_ARRAY;
    for (uint32_t i = is_list ? at + 1 : at; i < script->values[at].end;
         i = is_list ? script->values[i].end : script->values[at].end)
        page_facts_add(speaker->facts, FACT_AUTHOR,
                       (struct fact){text_of(speaker, script, i, keys), origin, speaker->rank, 0});
}

static void state_authors(const struct speaker *speaker, const char *key, const char *origin)
{
    const struct loose_json *script = speaker->script;
    uint32_t at = loose_json_get(script, speaker->object, key);
    if (!at)
        return;
    if (script->values[at].type != LOOSE_ARRAY) {
        state_author(speaker, script, at, origin);
        return;
    }
    unsigned count = 0;
    for (uint32_t i = at + 1; i < script->values[at].end && count < AUTHORS_MAX; count++) {
        state_author(speaker, script, i, origin);
        i = script->values[i].end;
    }
}

static void state_keywords(const struct speaker *speaker)
{
    const struct loose_json *script = speaker->script;
    uint32_t at = loose_json_get(script, speaker->object, "keywords");
    for (uint32_t i = at; at && i < script->values[at].end; i++)
        if (script->values[i].type == LOOSE_STRING)
            page_facts_add(speaker->facts, FACT_KEYWORDS,
                           (struct fact){loose_json_text(speaker->arena, script->values[i].text),
                                         "JSON-LD keywords", RANK_META + 3, 0});
}

/* --- the page's objects -------------------------------------------------------------------- */

static void state_article(const struct speaker *speaker)
{
    state(speaker, "headline", FACT_TITLE, "JSON-LD headline");
    state(speaker, "description", FACT_DESCRIPTION, "JSON-LD description");
    state(speaker, "datePublished", FACT_PUBLISHED, "JSON-LD datePublished");
    state(speaker, "dateModified", FACT_UPDATED, "JSON-LD dateModified");
    state(speaker, "articleSection", FACT_SECTION, "JSON-LD articleSection");
    state(speaker, "publisher", FACT_SITE, "JSON-LD publisher");
    state(speaker, "image", FACT_IMAGE, "JSON-LD image");
    state(speaker, "inLanguage", FACT_LANGUAGE, "JSON-LD inLanguage");
    state_authors(speaker, "author", "JSON-LD author");
    if (!speaker->facts->lists[FACT_AUTHOR].count)
        state_authors(speaker, "creator", "JSON-LD creator");
    state_keywords(speaker);
}

/* A page, a recipe or a video says when and by whom, and more weakly what it is called. */
static void state_page(const struct speaker *speaker)
{
    state(speaker, "name", FACT_TITLE, "JSON-LD name");
    state(speaker, "datePublished", FACT_PUBLISHED, "JSON-LD datePublished of the page");
    state(speaker, "uploadDate", FACT_PUBLISHED, "JSON-LD uploadDate");
    state(speaker, "dateModified", FACT_UPDATED, "JSON-LD dateModified of the page");
    state(speaker, "inLanguage", FACT_LANGUAGE, "JSON-LD inLanguage");
    state_authors(speaker, "author", "JSON-LD author of the page");
    state(speaker, "description", FACT_DESCRIPTION, "JSON-LD description");
}

/* How well an object's headline fits the titles known from elsewhere, 0..1. */
static double fit(struct arena *arena, const struct json_ld_object *object,
                  const struct fact_list *titles)
{
    uint32_t at = loose_json_get(object->script, object->index, "headline");
    double best = 0;
    if (!at)
        return 0;
    desk_slice headline = loose_json_text(arena, object->script->values[at].text);
    for (size_t i = 0; i < titles->count; i++) {
        double overlap = title_overlap(headline, titles->items[i].text);
        best = overlap > best ? overlap : best;
    }
    return best;
}

/* The article among several: the first of the best fit. NULL when there is none, or a list of
 * teasers of which none is this page. */
static const struct json_ld_object *choose_article(struct arena *arena, const struct json_ld *data,
                                                   const struct fact_list *titles)
{
    const struct json_ld_object *best = NULL;
    double best_fit = -1;
    size_t articles = 0;
    for (size_t i = 0; i < data->objects_count; i++) {
        if (data->objects[i].type != TYPE_ARTICLE)
            continue;
        articles++;
        double own = titles->count ? fit(arena, &data->objects[i], titles) : 0;
        if (own > best_fit) {
            best = &data->objects[i];
            best_fit = own;
        }
    }
    return articles > 2 && titles->count && best_fit <= 0 ? NULL : best;
}

static void state_body(struct arena *arena, struct json_ld *data,
                       const struct json_ld_object *article)
{
    uint32_t at = loose_json_get(article->script, article->index, "articleBody");
    if (at && article->script->values[at].type == LOOSE_STRING)
        data->body = loose_json_lines(arena, article->script->values[at].text);
}

void json_ld_state(struct arena *arena, struct json_ld *data, struct page_facts *facts)
{
    struct speaker speaker = {.arena = arena, .data = data, .facts = facts, .rank = RANK_JSON_LD};
    const struct json_ld_object *article = choose_article(arena, data, &facts->lists[FACT_TITLE]);
    if (article) {
        speaker.script = article->script;
        speaker.object = article->index;
        state_article(&speaker);
        state_body(arena, data, article);
    }
    speaker.rank = RANK_JSON_LD_PAGE;
    for (size_t i = 0; i < data->objects_count; i++) {
        speaker.script = data->objects[i].script;
        speaker.object = data->objects[i].index;
        if (data->objects[i].type == TYPE_PAGE || data->objects[i].type == TYPE_WORK)
            state_page(&speaker);
        else if (data->objects[i].type == TYPE_SITE)
            state(&speaker, "name", FACT_SITE, "JSON-LD of the site");
    }
}
