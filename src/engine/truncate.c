/* Making a record smaller that Kafka refuses for its size. */
#include "article/article.h"
#include "base/slice.h"
#include "engine/engine_parts.h"

/* Cuts at the end of a paragraph when one is near, never inside a character. */
static size_t cut_at(desk_slice body, size_t wanted)
{
    size_t at = wanted;
    while (at > 0 && ((unsigned char)body.data[at] & 0xC0) == 0x80)
        at--;
    for (size_t back = at; back > at - at / 8; back--)
        if (body.data[back - 1] == '\n')
            return back;
    return at;
}

static void cut_evidence(struct evidence_list *list, size_t end)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].field != FIELD_BODY ||
            list->items[i].offset + list->items[i].text.len <= end)
            list->items[kept++] = list->items[i];
    list->count = kept;
}

static void cut_tags(struct desk_article *article, size_t end)
{
    struct entity_list *lists[] = {&article->people, &article->organisations, &article->places,
                                   &article->attributions};
    for (size_t l = 0; l < sizeof lists / sizeof lists[0]; l++)
        for (size_t i = 0; i < lists[l]->count; i++)
            cut_evidence(&lists[l]->items[i].evidence, end);
    for (size_t i = 0; i < article->subjects.count; i++)
        cut_evidence(&article->subjects.items[i].evidence, end);
    while (article->quotes.count &&
           article->quotes.items[article->quotes.count - 1].offset +
                   article->quotes.items[article->quotes.count - 1].text.len >
               end)
        article->quotes.count--;
    while (article->dates.count && article->dates.items[article->dates.count - 1].offset +
                                           article->dates.items[article->dates.count - 1].text.len >
                                       end)
        article->dates.count--;
}

desk_status engine_truncate(desk_engine *engine, size_t bytes, desk_slice *json)
{
    struct desk_article *article = engine_parts_article(engine);
    if (!article->json.len || article->json.len <= bytes)
        return DESK_EARGUMENT;
    size_t rest = article->json.len - bytes;
    if (article->body.len <= rest)
        return DESK_EARGUMENT;
    size_t end = cut_at(article->body, article->body.len - rest);
    desk_slice cut = slice_sub(article->body, end, article->body.len);
    if (!article_add_removal(article, slice_from_cstr("oversize.truncated"), cut))
        return DESK_EMEMORY;
    article->body.len = end;
    while (article->body.len && article->body.data[article->body.len - 1] == '\n')
        article->body.len--;
    cut_tags(article, article->body.len);
    desk_status status = engine_parts_encode(engine);
    *json = article->json;
    return status;
}
