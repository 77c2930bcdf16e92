/* Growing the article's lists in the arena, and counting code points. */
#include "article/article.h"

#include "base/bytes.h"
#include "base/error.h"
#include "base/slice.h"

enum { LIST_CAPACITY_FIRST = 8, INDEX_STEP = 64, EVIDENCE_BRIEF_MAX = 3 };

/* Makes room for one more element of `size` bytes; NULL at the memory limit. The three parts of
 * every list struct are passed by address because C has no generic lists. */
static void *list_add(struct arena *arena, void **items, size_t *count, size_t *capacity,
                      size_t size)
{
    if (*count == *capacity) {
        size_t wanted = *capacity ? *capacity * 2 : LIST_CAPACITY_FIRST;
        void *grown = arena_grow(arena, *items, *capacity * size, wanted * size, 16);
        if (!grown)
            return NULL;
        *items = grown;
        *capacity = wanted;
    }
    void *slot = (char *)*items + *count * size;
    memset(slot, 0, size);
    (*count)++;
    return slot;
}

#define LIST_ADD(arena, list)                                                                      \
    list_add((arena), (void **)&(list)->items, &(list)->count, &(list)->capacity,                  \
             sizeof *(list)->items)

struct evidence *article_add_evidence(struct arena *arena, struct evidence_list *list)
{
    return LIST_ADD(arena, list);
}

struct block *article_add_block(struct desk_article *article)
{
    return LIST_ADD(article->arena, &article->blocks);
}

struct block_trace *article_add_trace(struct desk_article *article)
{
    return LIST_ADD(article->arena, &article->trace);
}

struct subject *article_add_subject(struct desk_article *article)
{
    return LIST_ADD(article->arena, &article->subjects);
}

struct entity *article_add_entity(struct arena *arena, struct entity_list *list)
{
    return LIST_ADD(arena, list);
}

struct quote *article_add_quote(struct desk_article *article)
{
    return LIST_ADD(article->arena, &article->quotes);
}

struct date_mention *article_add_date(struct desk_article *article)
{
    return LIST_ADD(article->arena, &article->dates);
}

struct extra_field *article_add_extra(struct desk_article *article)
{
    return LIST_ADD(article->arena, &article->extra);
}

bool article_add_slice(struct arena *arena, struct slice_list *list, desk_slice value)
{
    desk_slice *slot = LIST_ADD(arena, list);
    if (slot)
        *slot = value;
    return slot != NULL;
}

bool article_add_removal(struct desk_article *article, desk_slice rule, desk_slice text)
{
    struct removal *removal = LIST_ADD(article->arena, &article->removals);
    if (removal)
        *removal = (struct removal){.rule = rule, .text = text};
    return removal != NULL;
}

size_t article_evidence_shown(const struct desk_article *article, const struct evidence_list *list)
{
    if (article->evidence_level == DESK_EVIDENCE_NONE)
        return 0;
    if (article->evidence_level == DESK_EVIDENCE_BRIEF && list->count > EVIDENCE_BRIEF_MAX)
        return EVIDENCE_BRIEF_MAX;
    return list->count;
}

desk_slice article_field_text(const struct desk_article *article, enum article_field field)
{
    switch (field) {
    case FIELD_TITLE:
        return article->title;
    case FIELD_DESCRIPTION:
        return article->description;
    case FIELD_BODY:
    case FIELD_COUNT:
        break;
    }
    return article->body;
}

bool article_index_field(struct desk_article *article, enum article_field field)
{
    desk_slice text = article_field_text(article, field);
    size_t steps = text.len / INDEX_STEP + 1;
    uint32_t *index = arena_alloc(article->arena, steps * sizeof *index, _Alignof(uint32_t));
    if (!index)
        return false;
    size_t points = 0;
    for (size_t i = 0; i < steps; i++) {
        index[i] = (uint32_t)points;
        size_t from = i * INDEX_STEP;
        size_t len = text.len - from < INDEX_STEP ? text.len - from : INDEX_STEP;
        points += bytes_code_points(text.data + from, text.data + from + len);
    }
    article->field_index[field] = index;
    return true;
}

size_t article_code_points(const struct desk_article *article, enum article_field field,
                           size_t offset)
{
    desk_slice text = article_field_text(article, field);
    if (offset > text.len)
        offset = text.len;
    const uint32_t *index = article->field_index[field];
    if (!index)
        return bytes_code_points(text.data, text.data + offset);
    size_t step = offset / INDEX_STEP;
    size_t from = step * INDEX_STEP;
    return index[step] + bytes_code_points(text.data + from, text.data + offset);
}

desk_status article_memory_error(desk_error *err)
{
    return error_set(err, DESK_EMEMORY,
                     "the article needs more working memory than allowed; raise limits.memory or "
                     "send smaller records");
}

desk_status article_work_error(desk_error *err)
{
    return error_set(
        err, DESK_EWORK,
        "the article needs more work than allowed; raise limits.work if it is genuine");
}

/* --- order --------------------------------------------------------------------------------- */

int evidence_by_weight(const void *left, const void *right)
{
    const struct evidence *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    if (a->field != b->field)
        return a->field < b->field ? -1 : 1;
    if (a->offset != b->offset)
        return a->offset < b->offset ? -1 : 1;
    int order = slice_compare(a->rule, b->rule);
    return order ? order : a->text.len < b->text.len ? -1 : a->text.len > b->text.len;
}

int subject_by_confidence(const void *left, const void *right)
{
    const struct subject *a = left, *b = right;
    if (a->confidence != b->confidence)
        return a->confidence > b->confidence ? -1 : 1;
    return slice_compare(a->uri, b->uri);
}
