/* Places: a country is counted for its own name, its demonyms, its cities and regions; a city or
 * region has an entry of its own too.
 *
 * A hit is no place when
 *   - it is part of a person's or organisation's name (claimed)
 *   - the rulebook calls the form doubtful ("Nice", "Essen", "Reading"), and neither a preposition
 *     of place stands before it nor its own region or country behind it
 *   - a region of another country follows behind a comma: Lebanon, Pennsylvania
 * Where a name means several places (Georgia, Congo, Washington) the one counts whose country has
 * most of the article's other places, those beside it counting three times; else the first listed.
 */
#include "tag/places.h"

#include "base/slice.h"

enum { CANDIDATES_MAX = 4, NEAR_TOKENS = 4, NEAR_WEIGHT = 3, HITS_WEIGHED_MAX = 200 };

static const char *const RULES[] = {"place.country", "place.demonym", "place.city", "place.region"};

static bool is_place(const struct gazetteer_name *name)
{
    return name->kind <= NAME_REGION;
}

/* "in", "à", "nach": words that a place follows. */
static bool is_place_preposition(desk_slice text)
{
    static const char *const words[] = {
        "in",    "at",    "near",  "from", "to",  "outside", "around", "via",
        "à",     "vers",  "près",  "nach", "aus", "bei",     "von",    "en",
        "desde", "hacia", "em",    "te",   "uit", "naar",    "bij",    "в",
        "из",    "под",   "около", "a",    "da",  "near",    "depuis"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (slice_equal_nocase(text, slice_from_cstr(words[i])))
            return true;
    return false;
}

static bool is_behind_preposition(const struct name_scene *scene, const struct name_hit *hit)
{
    return hit->at > 0 && name_goes_on(scene, hit->at) &&
           is_place_preposition(token_text(scene->article, name_token(scene, hit->at - 1)));
}

/* The hit that follows behind a comma and a space, or NULL. */
static const struct name_hit *behind_comma(const struct name_scene *scene,
                                           const struct name_hits *hits, size_t i)
{
    const struct name_hit *hit = &hits->items[i], *next = hit + 1;
    if (i + 1 >= hits->count || next->at != hit->at + hit->words || !is_place(next->name))
        return NULL;
    const struct token *last = name_token(scene, next->at - 1),
                       *first = name_token(scene, next->at);
    desk_slice text = article_field_text(scene->article, (enum article_field)first->field);
    size_t end = last->start + last->len;
    bool is_comma = first->field == last->field && first->start == end + 2 && text.data[end] == ',';
    return is_comma ? next : NULL;
}

/* Other places of the country in the article. */
static size_t weight_of(const struct name_hits *hits, size_t i, desk_slice country)
{
    size_t weight = 0;
    for (size_t k = 0; k < hits->count && k < HITS_WEIGHED_MAX; k++) {
        const struct name_hit *other = &hits->items[k];
        size_t a = hits->items[i].at, b = other->at;
        if (!is_place(other->name) || !slice_equal(other->name->country, country) ||
            other->name->is_ambiguous)
            continue;
        weight += (a > b ? a - b : b - a) <= NEAR_TOKENS ? NEAR_WEIGHT : 1;
    }
    return weight;
}

/* Of the places that are written so the one that the rest of the article speaks for. */
static const struct gazetteer_name *decide(const struct name_scene *scene,
                                           const struct name_hits *hits, size_t i)
{
    const struct name_hit *hit = &hits->items[i];
    const struct gazetteer_name *names[CANDIDATES_MAX], *best = hit->name;
    if (!best->is_ambiguous)
        return best;
    struct gazetteer_span span = {scene->tokens, hit->at, hit->at + hit->words};
    size_t count = gazetteer_all(scene->gazetteer, scene->language, &span,
                                 (struct gazetteer_list){names, CANDIDATES_MAX});
    size_t best_weight = weight_of(hits, i, best->country);
    for (size_t k = 0; k < count; k++) {
        size_t weight = is_place(names[k]) ? weight_of(hits, i, names[k]->country) : 0;
        if (weight > best_weight) {
            best = names[k];
            best_weight = weight;
        }
    }
    return best;
}

static bool is_meant(const struct name_scene *scene, const struct name_hits *hits, size_t i)
{
    const struct name_hit *hit = &hits->items[i], *next = behind_comma(scene, hits, i);
    for (size_t k = hit->at; k < hit->at + hit->words; k++)
        if (scene->claimed[k])
            return false;
    bool is_same = next && slice_equal(next->name->country, hit->name->country);
    if (next && next->name->kind == NAME_REGION && !is_same && hit->name->kind != NAME_DEMONYM)
        return false;
    return !hit->name->is_doubtful || is_same || is_behind_preposition(scene, hit);
}

static bool count(const struct name_scene *scene, const struct gazetteer_name *name,
                  const struct name_hit *hit, const char *rule)
{
    return name_count(scene, name_entity(scene, &scene->article->places, name->name, name->country),
                      rule, (struct name_run){hit->at, hit->words});
}

bool places_find(const struct name_scene *scene, const struct name_hits *hits)
{
    for (size_t i = 0; i < hits->count; i++) {
        const struct name_hit *hit = &hits->items[i];
        if (!is_place(hit->name) || !is_meant(scene, hits, i))
            continue;
        const struct gazetteer_name *name = decide(scene, hits, i), *country = name;
        const char *rule = RULES[name->kind];
        if (name->kind == NAME_CITY || name->kind == NAME_REGION) {
            if (!count(scene, name, hit, rule))
                return false;
            country = gazetteer_country(scene->gazetteer, name->country);
        }
        if (country && !count(scene, country, hit, rule))
            return false;
    }
    return true;
}
