/* The normalise stage: the kept blocks become the body, everything in NFC, paragraphs separated by
 * a blank line. From here on the text is final, so the indexes for code points are made. */
#include "article/article.h"
#include "base/error.h"
#include "base/slice.h"
#include "engine/stage.h"
#include "text/nfc.h"
#include "text/space.h"
#include "text/words.h"

static bool normalise_text(struct arena *arena, desk_slice *text)
{
    return !text->len || (nfc_normalise(arena, text) && space_fold(arena, text));
}

static bool normalise_list(struct arena *arena, struct slice_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (!normalise_text(arena, &list->items[i]))
            return false;
        if (list->items[i].len)
            list->items[kept++] = list->items[i];
    }
    list->count = kept;
    return true;
}

static bool join_blocks(struct desk_article *article)
{
    size_t room = 1, len = 0;
    for (size_t i = 0; i < article->blocks.count; i++) {
        struct block *block = &article->blocks.items[i];
        if (!block->is_removed && !nfc_normalise(article->arena, &block->text))
            return false;
        room += block->text.len + 2;
    }
    char *out = arena_alloc(article->arena, room, 1);
    if (!out)
        return false;
    for (size_t i = 0; i < article->blocks.count; i++) {
        const struct block *block = &article->blocks.items[i];
        if (block->is_removed || !block->text.len)
            continue;
        if (len) {
            memcpy(out + len, "\n\n", 2);
            len += 2;
        }
        memcpy(out + len, block->text.data, block->text.len);
        len += block->text.len;
    }
    arena_shrink(article->arena, out, room, len);
    article->body = slice_of(out, len);
    return true;
}

/* "A, B and C" as one text: cut at commas and semicolons only; names in other forms stay whole. */
static bool split_authors(struct desk_article *article)
{
    desk_slice text = article->input_author;
    if (article->authors.count || !text.len)
        return true;
    for (size_t from = 0; from <= text.len;) {
        size_t to = from;
        while (to < text.len && text.data[to] != ',' && text.data[to] != ';' &&
               text.data[to] != '|')
            to++;
        desk_slice name = space_trim(slice_sub(text, from, to));
        if (name.len && !article_add_slice(article->arena, &article->authors, name))
            return false;
        from = to + 1;
    }
    return true;
}

static desk_status open_normalise(const struct desk_rulebook *rulebook, void **state,
                                  desk_error *err)
{
    (void)rulebook;
    (void)err;
    *state = NULL;
    return DESK_OK;
}

static desk_status process_normalise(void *state, struct desk_article *article, desk_error *err)
{
    (void)state;
    struct arena *arena = article->arena;
    if (!article_work(article, 2 * (uint64_t)(article->markup.len + article->plain.len)))
        return article_work_error(err);
    if (!split_authors(article) || !normalise_text(arena, &article->title) ||
        !normalise_text(arena, &article->description) ||
        !normalise_text(arena, &article->section) || !normalise_text(arena, &article->site_name) ||
        !normalise_list(arena, &article->authors) || !normalise_list(arena, &article->keywords) ||
        !join_blocks(article))
        return article_memory_error(err);
    if (!article->title.len && !article->description.len && !article->body.len)
        return error_set(
            err, DESK_ENOTEXT,
            "no text is left after cleaning: the value holds no article, or its text is in a field "
            "that input.fields does not name");
    article->word_count = words_count(article->body);
    for (enum article_field field = FIELD_TITLE; field < FIELD_COUNT; field++)
        if (!article_index_field(article, field))
            return article_memory_error(err);
    return DESK_OK;
}

static void close_normalise(void *state)
{
    (void)state;
}

const struct stage stage_normalise = {"normalise", open_normalise, process_normalise,
                                      close_normalise};
