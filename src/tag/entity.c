/* The entity stage: places, organisations, cited sources and people.
 *
 * One pass marks what the gazetteer knows; then organisations.c and people.c look for names that no
 * list has, places.c decides which places are meant. What makes a name a cited source stands in
 * attribution.h. */
#include "article/article.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/sort.h"
#include "engine/stage.h"
#include "rulebook/rulebook.h"
#include "tag/attribution.h"
#include "tag/gazetteer.h"
#include "tag/name_scene.h"
#include "tag/organisations.h"
#include "tag/people.h"
#include "tag/places.h"
#include "tag/quoting.h"
#include "tag/tokens.h"

struct entity_work {
    struct name_scene scene;
    struct name_hits hits;
    struct attribution_scan attribution;
};

/* --- what the gazetteer knows -------------------------------------------------------------- */

static bool add_hit(struct entity_work *work, struct name_hit hit)
{
    struct name_hits *hits = &work->hits;
    if (hits->count == hits->capacity) {
        size_t wanted = hits->capacity ? hits->capacity * 4 : 64;
        struct name_hit *grown =
            arena_grow(work->scene.article->arena, hits->items, hits->capacity * sizeof *grown,
                       wanted * sizeof *grown, _Alignof(struct name_hit));
        if (!grown)
            return false;
        hits->items = grown;
        hits->capacity = wanted;
    }
    hits->items[hits->count++] = hit;
    return true;
}

static bool is_source(enum name_kind kind)
{
    return kind >= NAME_ORGANISATION && kind <= NAME_SOCIAL;
}

/* "Le temps était doux" at the start of a sentence is no mention of Le Temps. */
static bool is_common_phrase(const struct name_scene *scene, const struct gazetteer_name *name,
                             struct name_run run)
{
    if (!is_source(name->kind) || run.words < 2 ||
        !(name_token(scene, run.first)->flags & TOKEN_SENTENCE_START))
        return false;
    desk_slice text = name_text(scene, run);
    return slice_equal_nocase(text, name->name) && !slice_equal(text, name->name);
}

/* Notes the longest name at a token; *words gets its length. */
static bool mark_name(struct entity_work *work, size_t at, size_t end, size_t *words)
{
    enum { SAME_MAX = 8 };
    struct name_scene *scene = &work->scene;
    const struct gazetteer_name *same[SAME_MAX];
    struct gazetteer_span span = {scene->tokens, at, end};
    size_t count = gazetteer_longest(scene->gazetteer, scene->language, &span,
                                     (struct gazetteer_list){same, SAME_MAX});
    *words = count ? span.end - at : 1;
    if (!count || is_common_phrase(scene, same[0], (struct name_run){at, *words})) {
        *words = 1;
        return true;
    }
    /* "Paris" is a given name too: whichever file is read first, a place or source comes first. */
    const struct gazetteer_name *name = same[0];
    uint32_t marks = 0;
    for (size_t i = 0; i < count; i++) {
        marks |= 1U << same[i]->kind;
        if (same[i]->kind < name->kind && name->kind >= NAME_TITLE)
            name = same[i];
    }
    if (*words > 1)
        marks |= MARK_LONG;
    scene->marks[at] = marks;
    scene->names[at] = (uint32_t)(name - scene->gazetteer->names) + 1;
    for (size_t i = 1; i < *words; i++)
        scene->marks[at + i] = marks | MARK_INSIDE;
    bool is_hit = name->kind <= NAME_REGION || is_source(name->kind);
    return !is_hit || add_hit(work, (struct name_hit){name, at, *words});
}

static bool mark_names(struct entity_work *work)
{
    const struct token_table *tokens = work->scene.tokens;
    const struct phrases *names = work->scene.gazetteer->phrases;
    for (size_t field = 0; field < FIELD_COUNT; field++) {
        size_t at = tokens->field_first[field], end = tokens->field_first[field + 1], words;
        for (; (at = phrases_next(names, tokens, at, end)) < end; at += words)
            if (!mark_name(work, at, end, &words))
                return false;
    }
    return true;
}

/* --- organisations of the gazetteer -------------------------------------------------------- */

static bool add_source(struct entity_work *work, const struct name_hit *hit)
{
    const struct gazetteer_name *name = hit->name;
    const struct name_scene *scene = &work->scene;
    struct name_run run = {hit->at, hit->words};
    const char *rule = name->kind == NAME_ORGANISATION
                           ? NULL
                           : attribution_of(&work->attribution, name->kind, hit->at, hit->words);
    if (rule) {
        struct entity *entity =
            name_entity(scene, &scene->article->attributions, name->name, name->country);
        if (entity)
            entity->kind = slice_from_cstr(NAME_KINDS[name->kind]);
        if (!name_count(scene, entity, rule, run))
            return false;
    }
    return name_count(scene,
                      name_entity(scene, &scene->article->organisations, name->name, name->country),
                      "organisation.name", run);
}

static bool add_sources(struct entity_work *work)
{
    for (size_t i = 0; i < work->hits.count; i++) {
        const struct name_hit *hit = &work->hits.items[i];
        if (is_source(hit->name->kind) && !work->scene.claimed[hit->at] && !add_source(work, hit))
            return false;
    }
    return true;
}

/* --- order --------------------------------------------------------------------------------- */

static int by_count(const void *a, const void *b)
{
    const struct entity *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return slice_compare(x->name, y->name);
}

static void sort_list(struct entity_list *list)
{
    sort_items(list->items, list->count, sizeof *list->items, by_count);
}

/* --- stage --------------------------------------------------------------------------------- */

static desk_status open_entity(const struct desk_rulebook *rulebook, void **state, desk_error *err)
{
    (void)err;
    *state = (void *)(size_t)rulebook;
    return DESK_OK;
}

static bool open_scene(struct entity_work *work, const struct desk_rulebook *rulebook,
                       struct desk_article *article)
{
    size_t count = tokens_of(article)->count + 1;
    uint32_t *marks = arena_calloc(article->arena, 2 * count, sizeof *marks, _Alignof(uint32_t));
    work->scene = (struct name_scene){.article = article,
                                      .tokens = article->tokens,
                                      .gazetteer = rulebook->gazetteer,
                                      .language = gazetteer_language(article->language),
                                      .quoting = rulebook->quoting,
                                      .marks = marks,
                                      .names = marks ? marks + count : NULL,
                                      .claimed = arena_calloc(article->arena, count, 1, 1)};
    work->attribution = (struct attribution_scan){
        article, article->tokens, quoting_cues(rulebook->quoting, article->language)};
    return marks && work->scene.claimed;
}

/* People are looked for before places and listed organisations are counted, so that "Jack London"
 * is no city. */
static bool find_names(struct entity_work *work)
{
    return mark_names(work) && organisations_find(&work->scene) && people_find(&work->scene) &&
           add_sources(work) && places_find(&work->scene, &work->hits);
}

static desk_status process_entity(void *state, struct desk_article *article, desk_error *err)
{
    const struct token_table *tokens = tokens_of(article);
    struct entity_work work = {.hits = {NULL, 0, 0}};
    if (!tokens)
        return article_memory_error(err);
    if (!article_work(article, 16 * (uint64_t)tokens->count))
        return article_work_error(err);
    if (!open_scene(&work, state, article) || !find_names(&work))
        return article_memory_error(err);
    sort_list(&article->places);
    sort_list(&article->organisations);
    sort_list(&article->attributions);
    sort_list(&article->people);
    return DESK_OK;
}

static void close_entity(void *state)
{
    (void)state;
}

const struct stage stage_entity = {"entity", open_entity, process_entity, close_entity};
