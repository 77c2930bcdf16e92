/* The article's metadata as lines for people, each with where the page had it. */
#include <stdio.h>
#include <string.h>

#include "article/time.h"
#include "base/slice.h"
#include "view/view.h"

struct lines {
    struct view *view;
    struct metadata_line *items;
    size_t count;
};

static void add(struct lines *lines, const char *label, desk_slice value, const char *origin)
{
    if (value.len && lines->count < METADATA_LINES_MAX)
        lines->items[lines->count++] = (struct metadata_line){label, value, origin};
}

static void add_list(struct lines *lines, const char *label, const struct slice_list *list,
                     const char *origin)
{
    size_t room = 1, len = 0;
    for (size_t i = 0; i < list->count; i++)
        room += list->items[i].len + 2;
    char *out = arena_alloc(&lines->view->arena, room, 1);
    for (size_t i = 0; i < list->count && out; i++) {
        memcpy(out + len, ", ", 2);
        len += i ? 2 : 0;
        memcpy(out + len, list->items[i].data, list->items[i].len);
        len += list->items[i].len;
    }
    if (out)
        add(lines, label, slice_of(out, len), origin);
}

struct moment {
    int64_t ms;
    int32_t zone;
    bool is_day;
};

static void add_time(struct lines *lines, const char *label, struct moment moment,
                     const char *origin)
{
    char *out = arena_alloc(&lines->view->arena, TIME_TEXT_SIZE, 1);
    if (out && moment.ms != DESK_NO_TIME)
        add(lines, label, slice_of(out, time_print(moment.ms, moment.zone, moment.is_day, out)),
            origin);
}

static void add_language(struct lines *lines)
{
    const struct desk_article *a = lines->view->article;
    char *out = arena_alloc(&lines->view->arena, a->language.len + 32, 1);
    if (!out || !a->language.len)
        return;
    int len = snprintf(out, a->language.len + 32, "%.*s, confidence %.2f", (int)a->language.len,
                       a->language.data, a->language_confidence);
    add(lines, "language", slice_of(out, len > 0 ? (size_t)len : 0), "the text");
}

size_t view_metadata(struct view *view, struct metadata_line items[METADATA_LINES_MAX])
{
    const struct desk_article *a = view->article;
    const struct metadata_origins *from = &a->origins;
    struct lines lines = {view, items, 0};
    add_list(&lines, "authors", &a->authors, from->authors);
    add_time(&lines, "published",
             (struct moment){a->published_ms, a->published_zone, a->published_is_day},
             from->published);
    add_time(&lines, "updated", (struct moment){a->updated_ms, a->updated_zone, a->updated_is_day},
             from->updated);
    add_time(&lines, "crawled", (struct moment){a->crawled_ms, a->crawled_zone, a->crawled_is_day},
             NULL);
    add(&lines, "url", a->url, NULL);
    add(&lines, "canonical url", a->canonical_url, from->canonical_url);
    add(&lines, "section", a->section, from->section);
    add_list(&lines, "keywords", &a->keywords, from->keywords);
    add(&lines, "image", a->image, from->image);
    add_language(&lines);
    add(&lines, "page language", a->page_language, from->language);
    add(&lines, "site name", a->site_name, from->site_name);
    add(&lines, "source", a->source_domain, "url");
    add(&lines, "outlet", a->source_name, NULL);
    add(&lines, "country", a->source_country, "outlet table");
    add(&lines, "type", a->source_type, "outlet table");
    add_list(&lines, "reprint", &a->reprint_markers, "residue");
    add(&lines, "original", a->original.name, NULL);
    add(&lines, "original url", a->original.url, NULL);
    add(&lines, "agency", a->byline_agency, "byline or dateline");
    return lines.count;
}
