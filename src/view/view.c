/* The view of an article: pairs the page's blocks with their fate, collects evidence as marks, and
 * sums removals by rule. */
#include "view/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "base/sort.h"
#include "text/utf8.h"

const char *const MARK_NAMES[MARK_KINDS] = {"subjects",     "people", "organisations", "places",
                                            "attributions", "quotes", "dates"};

/* --- blocks -------------------------------------------------------------------------------- */

/* Where each kept block stands in the body: normalise joins them in order. */
static void find_bodies(const struct view *view, desk_slice *bodies)
{
    const struct block_list *list = &view->article->blocks;
    desk_slice body = view->article->body;
    size_t at = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct block *block = &list->items[i];
        if (block->is_removed || !block->text.len)
            continue;
        size_t found = slice_find(body, block->text, at);
        if (found == DESK_SLICE_NONE)
            continue;
        bodies[i] = slice_sub(body, found, found + block->text.len);
        at = found + block->text.len;
    }
}

static bool lies_in(desk_slice piece, desk_slice text)
{
    uintptr_t from = (uintptr_t)text.data, at = (uintptr_t)piece.data;
    return piece.len && at >= from && at + piece.len <= from + text.len;
}

/* The first removal that took all or a piece of a text. */
static desk_slice rule_of(const struct view *view, desk_slice text)
{
    const struct removal_list *list = &view->article->removals;
    for (size_t i = 0; i < list->count; i++)
        if (lies_in(list->items[i].text, text))
            return list->items[i].rule;
    return slice_of(NULL, 0);
}

/* A block of the article: kept, or removed by scrub, as a whole or piece by piece. */
static void show_article_block(const struct view *view, const struct block *block, desk_slice body,
                               struct shown_block *shown)
{
    shown->text = block->original.len ? block->original : block->text;
    shown->kind = block->kind;
    shown->body = body;
    if (block->is_removed || !body.len) {
        shown->fate = FATE_REMOVED;
        shown->rule = block->is_removed ? block->removed_by : rule_of(view, shown->text);
    }
}

static void show_traced_block(const struct view *view, const struct block_trace *trace,
                              struct shown_block *shown)
{
    shown->text = trace->text;
    shown->kind = trace->kind;
    shown->fate = slice_is(trace->rule, "page.hidden") ? FATE_HIDDEN : FATE_REMOVED;
    shown->rule = trace->is_kept ? rule_of(view, trace->text) : trace->rule;
    if (!shown->rule.len)
        shown->rule = slice_from_cstr("page.outside");
}

/* The page's blocks in page order, then those that stand nowhere on the page: the paragraphs of
 * plain text, or of structured data. */
static bool collect_blocks(struct view *view)
{
    const struct block_list *list = &view->article->blocks;
    const struct trace_list *trace = &view->article->trace;
    desk_slice *bodies = ARENA_ARRAY(&view->arena, desk_slice, list->count + 1);
    size_t *block_of = ARENA_ARRAY(&view->arena, size_t, trace->count + 1);
    view->blocks = ARENA_ARRAY(&view->arena, struct shown_block, list->count + trace->count + 1);
    if (!bodies || !block_of || !view->blocks)
        return false;
    find_bodies(view, bodies);
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].traced && list->items[i].traced <= trace->count)
            block_of[list->items[i].traced - 1] = i + 1;
    for (size_t i = 0; i < trace->count; i++) {
        struct shown_block *shown = &view->blocks[view->blocks_count++];
        size_t at = block_of[i];
        if (at)
            show_article_block(view, &list->items[at - 1], bodies[at - 1], shown);
        else
            show_traced_block(view, &trace->items[i], shown);
        shown->path = trace->items[i].path;
        shown->score = trace->items[i].score;
    }
    for (size_t i = 0; i < list->count; i++)
        if (!list->items[i].traced && list->items[i].text.len + list->items[i].original.len)
            show_article_block(view, &list->items[i], bodies[i],
                               &view->blocks[view->blocks_count++]);
    return true;
}

/* --- marks --------------------------------------------------------------------------------- */

static bool add_mark(struct view *view, struct mark mark)
{
    desk_slice text = article_field_text(view->article, mark.field);
    if (mark.offset > text.len || mark.len > text.len - mark.offset || !mark.len)
        return true;
    if (view->marks_count == view->marks_capacity) {
        size_t old = view->marks_capacity, wanted = old ? old * 2 : 64;
        struct mark *grown = arena_grow(&view->arena, view->marks, old * sizeof *grown,
                                        wanted * sizeof *grown, _Alignof(struct mark));
        if (!grown)
            return false;
        view->marks = grown;
        view->marks_capacity = wanted;
    }
    view->marks[view->marks_count++] = mark;
    return true;
}

static bool add_evidence(struct view *view, enum mark_kind kind, desk_slice label,
                         const struct evidence_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct evidence *evidence = &list->items[i];
        struct mark mark = {kind,  evidence->field, evidence->offset, evidence->text.len,
                            label, evidence->weight};
        if (!add_mark(view, mark))
            return false;
    }
    return true;
}

static bool add_entities(struct view *view, enum mark_kind kind, const struct entity_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (!add_evidence(view, kind, list->items[i].name, &list->items[i].evidence))
            return false;
    return true;
}

static bool add_quotes_and_dates(struct view *view)
{
    const struct desk_article *a = view->article;
    for (size_t i = 0; i < a->quotes.count; i++) {
        const struct quote *quote = &a->quotes.items[i];
        struct mark mark = {MARK_QUOTE,      FIELD_BODY,     quote->offset,
                            quote->text.len, quote->speaker, 0};
        if (!add_mark(view, mark))
            return false;
    }
    for (size_t i = 0; i < a->dates.count; i++) {
        const struct date_mention *date = &a->dates.items[i];
        struct mark mark = {
            MARK_DATE, FIELD_BODY, date->offset, date->text.len, slice_from_cstr(date->date), 0};
        if (!add_mark(view, mark))
            return false;
    }
    return true;
}

/* Longest first; of two equal ones the later kind shows: an attribution says more than an
 * organisation of the same name. */
static int by_length(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;
    if (x->len != y->len)
        return x->len > y->len ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static bool paint(struct view *view)
{
    for (size_t field = 0; field < FIELD_COUNT; field++) {
        size_t len = article_field_text(view->article, (enum article_field)field).len;
        view->paint[field] = ARENA_ARRAY(&view->arena, uint32_t, len + 1);
        if (!view->paint[field])
            return false;
    }
    for (size_t i = 0; i < view->marks_count; i++)
        for (size_t k = 0; k < view->marks[i].len; k++)
            view->paint[view->marks[i].field][view->marks[i].offset + k] = (uint32_t)i + 1;
    return true;
}

/* The subjects that came first show: a narrower one shares its evidence with the broader. */
static bool collect_marks(struct view *view)
{
    const struct desk_article *a = view->article;
    for (size_t i = a->subjects.count; i-- > 0;)
        if (!add_evidence(view, MARK_SUBJECT, a->subjects.items[i].name,
                          &a->subjects.items[i].evidence))
            return false;
    if (!add_entities(view, MARK_PERSON, &a->people) ||
        !add_entities(view, MARK_ORGANISATION, &a->organisations) ||
        !add_entities(view, MARK_PLACE, &a->places) ||
        !add_entities(view, MARK_ATTRIBUTION, &a->attributions) || !add_quotes_and_dates(view))
        return false;
    if (view->marks_count)
        sort_items(view->marks, view->marks_count, sizeof *view->marks, by_length);
    return paint(view);
}

/* --- totals -------------------------------------------------------------------------------- */

static bool sum_totals(struct view *view)
{
    const struct removal_list *list = &view->article->removals;
    view->totals = ARENA_ARRAY(&view->arena, struct rule_total, list->count + 1);
    if (!view->totals)
        return false;
    for (size_t i = 0; i < list->count; i++) {
        size_t at = 0;
        while (at < view->totals_count && !slice_equal(view->totals[at].rule, list->items[i].rule))
            at++;
        if (at == view->totals_count)
            view->totals[view->totals_count++].rule = list->items[i].rule;
        view->totals[at].count++;
        view->totals[at].bytes += list->items[i].text.len;
    }
    return true;
}

bool view_open(struct view *view, const struct desk_article *article, size_t bytes_max)
{
    *view = (struct view){.article = article};
    arena_init(&view->arena, bytes_max, 0);
    return collect_blocks(view) && collect_marks(view) && sum_totals(view);
}

void view_close(struct view *view)
{
    arena_deinit(&view->arena);
}

/* --- pieces -------------------------------------------------------------------------------- */

static const struct mark *mark_at(const struct view *view, enum article_field field, size_t at)
{
    uint32_t index = view->paint[field][at];
    return index ? &view->marks[index - 1] : NULL;
}

struct piece_target {
    piece_printer print;
    void *context;
};

/* A part of a field, cut where its paint changes. */
static void print_painted(const struct view *view, enum article_field field, desk_slice part,
                          const struct piece_target *target)
{
    desk_slice text = article_field_text(view->article, field);
    size_t at = (size_t)(part.data - text.data), end = at + part.len;
    while (at < end) {
        size_t from = at;
        while (at < end && view->paint[field][at] == view->paint[field][from])
            at++;
        struct piece piece = {slice_sub(text, from, at), mark_at(view, field, from), {NULL, 0}};
        target->print(target->context, &piece);
    }
}

void view_field_pieces(const struct view *view, enum article_field field, piece_printer print,
                       void *context)
{
    struct piece_target target = {print, context};
    desk_slice text = article_field_text(view->article, field);
    if (text.len)
        print_painted(view, field, text, &target);
}

/* The removal that begins at or after a place of a text, the nearest one; NULL for none. */
static const struct removal *next_cut(const struct view *view, desk_slice text, const char *from)
{
    const struct removal_list *list = &view->article->removals;
    const struct removal *best = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const struct removal *cut = &list->items[i];
        if (lies_in(cut->text, text) && cut->text.data >= from &&
            (!best || cut->text.data < best->text.data))
            best = cut;
    }
    return best;
}

/* Bytes of the body that a stretch of the block's original gave: equal but for white space. */
static size_t body_of(desk_slice source, desk_slice body)
{
    size_t s = 0, b = 0;
    while (s < source.len && b < body.len) {
        if (source.data[s] == body.data[b]) {
            s++;
            b++;
        } else if (source.data[s] == ' ') {
            s++;
        } else {
            break;
        }
    }
    return b;
}

/* A kept block: its text in the body, with the pieces that were cut out between. */
static void print_kept(const struct view *view, const struct shown_block *block,
                       const struct piece_target *target)
{
    desk_slice rest = block->body, source = block->text;
    const char *at = source.data, *end = source.data + source.len;
    bool is_cut = source.len > rest.len;
    for (const struct removal *cut = is_cut ? next_cut(view, source, at) : NULL; cut;
         cut = next_cut(view, source, at)) {
        size_t len = body_of(slice_of(at, (size_t)(cut->text.data - at)), rest);
        print_painted(view, FIELD_BODY, slice_sub(rest, 0, len), target);
        rest = slice_sub(rest, len, rest.len);
        target->print(target->context, &(struct piece){cut->text, NULL, cut->rule});
        at = cut->text.data + cut->text.len;
        if (at >= end)
            break;
    }
    print_painted(view, FIELD_BODY, rest, target);
}

void view_block_pieces(const struct view *view, const struct shown_block *block,
                       piece_printer print, void *context)
{
    struct piece_target target = {print, context};
    if (block->fate == FATE_KEPT)
        print_kept(view, block, &target);
    else
        print(context, &(struct piece){block->text, NULL, block->rule});
}
