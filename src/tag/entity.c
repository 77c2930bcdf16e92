/* The entity stage: places, organisations and cited sources by the gazetteer; people by capitals,
 * titles and given names.
 *
 * A country is counted for its own name, its demonyms and its cities; a city has an entry of its
 * own too. What makes a name a cited source stands in attribution.h. A person is a run of two or
 * more capitalised words that follows a title or begins with a given name, or that comes back;
 * single surnames count for the person they were introduced with. */
#include <stdlib.h>

#include "article/article.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/sort.h"
#include "engine/stage.h"
#include "rulebook/rulebook.h"
#include "tag/attribution.h"
#include "tag/gazetteer.h"
#include "tag/people.h"
#include "tag/quoting.h"
#include "tag/tokens.h"

struct entity_work {
    struct desk_article *article;
    const struct gazetteer *gazetteer;
    const struct token_table *tokens;
    struct attribution_scan attribution;
    bool failed;
};

static size_t order_of(const struct token *token)
{
    return ((size_t)token->field << 40) | token->start;
}

static struct entity *find_or_add(struct entity_work *work, struct entity_list *list,
                                  desk_slice name, desk_slice country)
{
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal(list->items[i].name, name) && slice_equal(list->items[i].country, country))
            return &list->items[i];
    struct entity *entity = article_add_entity(work->article->arena, list);
    if (!entity) {
        work->failed = true;
        return NULL;
    }
    entity->name = name;
    entity->country = country;
    entity->first = SIZE_MAX;
    return entity;
}

static void count_mention(struct entity_work *work, struct entity *entity, const char *rule,
                          size_t at, size_t words)
{
    const struct token *first = &work->tokens->items[at], *last = first + words - 1;
    struct evidence *evidence =
        entity ? article_add_evidence(work->article->arena, &entity->evidence) : NULL;
    if (!evidence) {
        work->failed = true;
        return;
    }
    desk_slice text = article_field_text(work->article, (enum article_field)first->field);
    entity->count++;
    if (order_of(first) < entity->first)
        entity->first = order_of(first);
    *evidence = (struct evidence){.rule = slice_from_cstr(rule),
                                  .text = slice_sub(text, first->start, last->start + last->len),
                                  .field = (enum article_field)first->field,
                                  .offset = first->start,
                                  .weight = 1};
}

/* --- places -------------------------------------------------------------------------------- */

static void add_place(struct entity_work *work, const struct gazetteer_name *name, size_t at,
                      size_t words)
{
    static const char *const rules[] = {"place.country", "place.demonym", "place.city",
                                        "place.region"};
    struct entity_list *places = &work->article->places;
    const struct gazetteer_name *country = name;
    if (name->kind == NAME_CITY || name->kind == NAME_REGION) {
        count_mention(work, find_or_add(work, places, name->name, name->country), rules[name->kind],
                      at, words);
        country = gazetteer_country(work->gazetteer, name->country);
    }
    if (country && !work->failed)
        count_mention(work, find_or_add(work, places, country->name, country->country),
                      rules[name->kind], at, words);
}

/* --- cited sources ------------------------------------------------------------------------- */

static void add_source(struct entity_work *work, const struct gazetteer_name *name, size_t at,
                       size_t words)
{
    const char *rule = attribution_of(&work->attribution, name->kind, at, words);
    if (rule) {
        struct entity *entity =
            find_or_add(work, &work->article->attributions, name->name, name->country);
        if (entity)
            entity->kind = slice_from_cstr(NAME_KINDS[name->kind]);
        count_mention(work, entity, rule, at, words);
    }
    if (!work->failed)
        count_mention(work,
                      find_or_add(work, &work->article->organisations, name->name, name->country),
                      "organisation.name", at, words);
}

static void take_name(struct entity_work *work, const struct gazetteer_name *name, size_t at,
                      size_t words)
{
    switch (name->kind) {
    case NAME_COUNTRY:
    case NAME_DEMONYM:
    case NAME_CITY:
    case NAME_REGION:
        add_place(work, name, at, words);
        break;
    case NAME_ORGANISATION:
        count_mention(work,
                      find_or_add(work, &work->article->organisations, name->name, name->country),
                      "organisation.name", at, words);
        break;
    case NAME_AGENCY:
    case NAME_BROADCASTER:
    case NAME_NEWSPAPER:
    case NAME_GOVERNMENT:
    case NAME_COMPANY:
    case NAME_SOCIAL:
        add_source(work, name, at, words);
        break;
    default:
        break;
    }
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

/* Marks the tokens that names took, then looks for people among the others. */
static bool find_names(struct entity_work *work, unsigned char *taken)
{
    const struct token_table *tokens = work->tokens;
    for (size_t field = 0; field < FIELD_COUNT; field++)
        for (size_t at = tokens->field_first[field]; at < tokens->field_first[field + 1];) {
            size_t words = 1;
            const struct gazetteer_name *name =
                gazetteer_match(work->gazetteer, work->article->language, tokens, at,
                                tokens->field_first[field + 1], &words);
            if (name) {
                take_name(work, name, at, words);
                for (size_t i = at; i < at + words; i++)
                    taken[i] = (unsigned char)(name->kind + 1);
            } else {
                words = 1;
            }
            if (work->failed)
                return false;
            at += words;
        }
    return true;
}

static desk_status process_entity(void *state, struct desk_article *article, desk_error *err)
{
    const struct desk_rulebook *rulebook = state;
    struct entity_work work = {
        .article = article, .gazetteer = rulebook->gazetteer, .tokens = tokens_of(article)};
    if (!work.tokens)
        return article_memory_error(err);
    if (!article_work(article, 16 * (uint64_t)work.tokens->count))
        return article_work_error(err);
    work.attribution = (struct attribution_scan){
        article, work.tokens, quoting_cues(rulebook->quoting, article->language)};
    unsigned char *taken = arena_calloc(article->arena, work.tokens->count + 1, 1, 1);
    if (!taken || !find_names(&work, taken) ||
        !people_find(article, work.tokens, taken, rulebook->quoting))
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
