/* Walking JSON-LD without building a tree: each object is read once; one of an article type fills
 * the result. */
#include "clean/json_ld.h"

#include "article/json_read.h"
#include "base/slice.h"
#include "html/references.h"
#include "text/space.h"

enum { DEPTH_MAX = 64 };

struct walker {
    struct json_reader reader;
    struct arena *arena;
    struct json_ld *out;
};

static bool is_article_type(desk_slice type)
{
    static const char *const types[] = {"Article",
                                        "NewsArticle",
                                        "ReportageNewsArticle",
                                        "AnalysisNewsArticle",
                                        "OpinionNewsArticle",
                                        "BlogPosting",
                                        "LiveBlogPosting",
                                        "Report",
                                        "SocialMediaPosting",
                                        "BackgroundNewsArticle",
                                        "ReviewNewsArticle",
                                        "TechArticle",
                                        "ScholarlyArticle"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (slice_ends(type, slice_from_cstr(types[i])))
            return true;
    return false;
}

/* Re-reads a raw value that was validated by json_skip. */
static struct json_reader reader_of(struct walker *walker, desk_slice raw)
{
    struct json_reader reader;
    json_reader_init(&reader, walker->arena, raw, DEPTH_MAX, NULL);
    return reader;
}

static desk_slice clean_text(struct walker *walker, desk_slice text)
{
    if (!html_decode(walker->arena, &text, TEXT_DATA) || !space_fold(walker->arena, &text))
        return slice_of(NULL, 0);
    return text;
}

/* The string itself, or name, url, @id of an object, or the first of an array. */
static desk_slice text_of(struct walker *walker, desk_slice raw, unsigned depth)
{
    struct json_reader reader = reader_of(walker, raw);
    desk_slice text = {NULL, 0}, key, value;
    switch (json_peek(&reader)) {
    case JSON_TYPE_STRING:
        json_read_string(&reader, "text", &text);
        return clean_text(walker, text);
    case JSON_TYPE_ARRAY:
        json_enter_array(&reader);
        if (depth < 4 && json_next_element(&reader) && json_skip(&reader, &value))
            return text_of(walker, value, depth + 1);
        return text;
    case JSON_TYPE_OBJECT:
        json_enter_object(&reader);
        while (json_next_key(&reader, &key) && json_skip(&reader, &value))
            if (depth < 4 && (slice_is(key, "name") ||
                              (!text.len && (slice_is(key, "url") || slice_is(key, "@value")))))
                text = text_of(walker, value, depth + 1);
        return text;
    default:
        return text;
    }
}

/* The string with its lines kept. */
static desk_slice raw_text_of(struct walker *walker, desk_slice raw)
{
    struct json_reader reader = reader_of(walker, raw);
    desk_slice text = {NULL, 0};
    if (json_peek(&reader) != JSON_TYPE_STRING || !json_read_string(&reader, "text", &text) ||
        !html_decode(walker->arena, &text, TEXT_DATA))
        return slice_of(NULL, 0);
    return text;
}

static void add_authors(struct walker *walker, desk_slice raw)
{
    struct json_reader reader = reader_of(walker, raw);
    desk_slice value;
    if (json_peek(&reader) != JSON_TYPE_ARRAY) {
        desk_slice name = text_of(walker, raw, 0);
        if (name.len)
            article_add_slice(walker->arena, &walker->out->authors, name);
        return;
    }
    json_enter_array(&reader);
    while (json_next_element(&reader) && json_skip(&reader, &value)) {
        desk_slice name = text_of(walker, value, 0);
        if (name.len)
            article_add_slice(walker->arena, &walker->out->authors, name);
    }
}

static void take(desk_slice *slot, desk_slice value)
{
    if (!slot->len)
        *slot = value;
}

static void take_property(struct walker *walker, desk_slice key, desk_slice raw)
{
    struct json_ld *out = walker->out;
    if (slice_is(key, "headline"))
        take(&out->headline, text_of(walker, raw, 0));
    else if (slice_is(key, "description"))
        take(&out->description, text_of(walker, raw, 0));
    else if (slice_is(key, "datePublished"))
        take(&out->published, text_of(walker, raw, 0));
    else if (slice_is(key, "dateModified"))
        take(&out->modified, text_of(walker, raw, 0));
    else if (slice_is(key, "articleSection"))
        take(&out->section, text_of(walker, raw, 0));
    else if (slice_is(key, "articleBody"))
        take(&out->body, raw_text_of(walker, raw));
    else if (slice_is(key, "publisher"))
        take(&out->publisher, text_of(walker, raw, 0));
    else if (slice_is(key, "image"))
        take(&out->image, text_of(walker, raw, 0));
    else if (slice_is(key, "author") && !out->authors.count)
        add_authors(walker, raw);
}

static bool has_article_type(struct walker *walker, desk_slice raw)
{
    struct json_reader reader = reader_of(walker, raw);
    desk_slice value;
    if (json_peek(&reader) == JSON_TYPE_STRING)
        return is_article_type(text_of(walker, raw, 0));
    if (json_peek(&reader) != JSON_TYPE_ARRAY)
        return false;
    json_enter_array(&reader);
    while (json_next_element(&reader) && json_skip(&reader, &value))
        if (is_article_type(text_of(walker, value, 0)))
            return true;
    return false;
}

static void walk(struct walker *walker, desk_slice raw, unsigned depth);

static void walk_object(struct walker *walker, desk_slice raw, unsigned depth)
{
    struct json_reader reader = reader_of(walker, raw);
    desk_slice key, value;
    bool is_article = false;
    json_enter_object(&reader);
    while (json_next_key(&reader, &key) && json_skip(&reader, &value))
        is_article |= slice_is(key, "@type") && has_article_type(walker, value);
    bool take_it = is_article && !walker->out->has_article;
    walker->out->has_article |= is_article;
    reader = reader_of(walker, raw);
    json_enter_object(&reader);
    while (json_next_key(&reader, &key) && json_skip(&reader, &value)) {
        if (take_it)
            take_property(walker, key, value);
        else if (slice_is(key, "datePublished"))
            take(&walker->out->page_published, text_of(walker, value, 0));
        else if (slice_is(key, "@graph") || slice_is(key, "mainEntity") ||
                 slice_is(key, "mainEntityOfPage"))
            walk(walker, value, depth + 1);
    }
}

static void walk(struct walker *walker, desk_slice raw, unsigned depth)
{
    struct json_reader reader = reader_of(walker, raw);
    desk_slice value;
    if (depth > 6)
        return;
    if (json_peek(&reader) == JSON_TYPE_OBJECT) {
        walk_object(walker, raw, depth);
    } else if (json_peek(&reader) == JSON_TYPE_ARRAY) {
        json_enter_array(&reader);
        while (json_next_element(&reader) && json_skip(&reader, &value))
            walk(walker, value, depth + 1);
    }
}

void json_ld_read(struct arena *arena, desk_slice text, struct json_ld *out)
{
    struct walker walker = {.arena = arena, .out = out};
    desk_slice trimmed = slice_trim(text), raw;
    /* Some sites wrap it in a comment or CDATA section. */
    if (slice_starts(trimmed, slice_from_cstr("<!--")))
        trimmed = slice_trim(slice_sub(trimmed, 4, trimmed.len));
    if (slice_starts(trimmed, slice_from_cstr("//<![CDATA[")))
        trimmed = slice_trim(slice_sub(trimmed, 11, trimmed.len));
    struct json_reader reader = reader_of(&walker, trimmed);
    if (json_peek(&reader) != JSON_TYPE_NONE && json_skip(&reader, &raw))
        walk(&walker, raw, 0);
}
