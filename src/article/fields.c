/* The default names of input fields, and the table that finds them. */
#include "article/fields.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/error.h"
#include "base/slice.h"

enum { NAMES_PER_FIELD_MAX = 14 };

static const char *const FIELD_NAMES[INPUT_FIELD_COUNT + 1] = {
    "id",       "url",    "canonical_url", "title",      "description", "html",
    "text",     "author", "published_at",  "updated_at", "crawled_at",  "source",
    "language", "image",  "section",       "keywords",   NULL};

/* Names that scrapers, feeds and crawlers use, most specific first: newspaper, trafilatura,
 * news-please, Scrapy spiders, RSS and Atom readers, schema.org. */
static const char *const DEFAULT_NAMES[INPUT_FIELD_COUNT][NAMES_PER_FIELD_MAX] = {
    [INPUT_ID] = {"id", "_id", "guid", "uuid", "article_id"},
    [INPUT_URL] = {"url", "link", "href", "source_url", "article_url", "page_url", "uri"},
    [INPUT_CANONICAL_URL] = {"canonical_url", "canonical", "canonical_link"},
    [INPUT_TITLE] = {"title", "headline", "name"},
    [INPUT_DESCRIPTION] = {"description", "summary", "excerpt", "abstract", "teaser"},
    [INPUT_HTML] = {"html", "raw_html", "content_html", "html_content", "body_html", "page",
                    "page_html"},
    [INPUT_TEXT] = {"text", "body", "content", "article", "full_text", "fulltext", "maintext",
                    "body_text", "plain_text", "raw_text", "article_text", "story"},
    [INPUT_AUTHOR] = {"author", "authors", "byline", "creator"},
    [INPUT_PUBLISHED_AT] = {"published_at", "published", "date", "publish_date", "date_published",
                            "published_date", "pubDate", "pub_date", "publishedAt", "datePublished",
                            "date_publish", "publication_date", "pubdate"},
    [INPUT_UPDATED_AT] = {"updated_at", "updated", "modified", "date_modified", "modified_at",
                          "updatedAt", "dateModified", "date_modify", "last_modified"},
    [INPUT_CRAWLED_AT] = {"crawled_at", "crawled", "crawl_date", "fetched_at", "scraped_at",
                          "retrieved_at", "crawledAt", "date_download", "download_date",
                          "fetch_time", "date_crawled"},
    [INPUT_SOURCE] = {"source", "site", "publisher", "outlet", "source_name", "site_name",
                      "source_domain"},
    [INPUT_LANGUAGE] = {"language", "lang", "locale"},
    [INPUT_IMAGE] = {"image", "image_url", "top_image", "thumbnail"},
    [INPUT_SECTION] = {"section", "category"},
    [INPUT_KEYWORDS] = {"keywords", "tags"},
};

const char *input_field_name(enum input_field field)
{
    return FIELD_NAMES[field];
}

const char *const *input_field_names(void)
{
    return FIELD_NAMES;
}

const struct field_name *field_map_find(const struct field_map *map, desk_slice key)
{
    size_t i = (size_t)XXH3_64bits(key.data, key.len) & map->mask;
    for (; map->slots[i].name.data; i = (i + 1) & map->mask)
        if (slice_equal(map->slots[i].name, key))
            return &map->slots[i];
    return NULL;
}

static bool insert(struct field_map *map, desk_slice name, enum input_field field, unsigned rank)
{
    size_t i = (size_t)XXH3_64bits(name.data, name.len) & map->mask;
    for (; map->slots[i].name.data; i = (i + 1) & map->mask)
        if (slice_equal(map->slots[i].name, name))
            return false;
    map->slots[i] = (struct field_name){name, field, rank};
    return true;
}

static int find_field(desk_slice name)
{
    for (int i = 0; i < INPUT_FIELD_COUNT; i++)
        if (slice_is(name, FIELD_NAMES[i]))
            return i;
    return -1;
}

/* A person's own names come first, so that a default name of another field cannot take them. */
static desk_status insert_aliases(const desk_field_alias *aliases, size_t count,
                                  struct field_map *map, bool is_mapped[INPUT_FIELD_COUNT],
                                  desk_error *err)
{
    unsigned rank[INPUT_FIELD_COUNT] = {0};
    char *text = map->text;
    for (size_t i = 0; i < count; i++) {
        int field = find_field(aliases[i].field);
        if (field < 0)
            return error_set(err, DESK_EARGUMENT, "input.fields: there is no field '%.*s'",
                             (int)aliases[i].field.len, aliases[i].field.data);
        if (aliases[i].name.len == 0)
            return error_set(err, DESK_EARGUMENT, "input.fields.%s: an empty name",
                             FIELD_NAMES[field]);
        memcpy(text, aliases[i].name.data, aliases[i].name.len);
        is_mapped[field] = true;
        if (!insert(map, slice_of(text, aliases[i].name.len), (enum input_field)field,
                    rank[field]++))
            return error_set(err, DESK_EARGUMENT, "input.fields.%s: '%.*s' is mapped twice",
                             FIELD_NAMES[field], (int)aliases[i].name.len, aliases[i].name.data);
        text += aliases[i].name.len;
    }
    return DESK_OK;
}

static void insert_defaults(struct field_map *map, const bool is_mapped[INPUT_FIELD_COUNT])
{
    for (int field = 0; field < INPUT_FIELD_COUNT; field++) {
        if (is_mapped[field])
            continue;
        for (unsigned rank = 0; rank < NAMES_PER_FIELD_MAX && DEFAULT_NAMES[field][rank]; rank++)
            insert(map, slice_from_cstr(DEFAULT_NAMES[field][rank]), (enum input_field)field, rank);
    }
}

desk_status field_map_make(const desk_field_alias *aliases, size_t count, struct field_map *map,
                           desk_error *err)
{
    bool is_mapped[INPUT_FIELD_COUNT] = {false};
    size_t text_len = 1, slots = 256;
    for (size_t i = 0; i < count; i++)
        text_len += aliases[i].name.len;
    while (slots < 4 * (count + 128))
        slots *= 2;
    map->slots = calloc(slots, sizeof *map->slots);
    map->text = malloc(text_len);
    map->mask = slots - 1;
    desk_status status = DESK_OK;
    if (!map->slots || !map->text)
        status = error_set(err, DESK_ENOMEM, "out of memory for the field names");
    if (status == DESK_OK)
        status = insert_aliases(aliases, count, map, is_mapped, err);
    if (status != DESK_OK) {
        field_map_free(map);
        return status;
    }
    insert_defaults(map, is_mapped);
    return DESK_OK;
}

void field_map_free(struct field_map *map)
{
    free(map->slots);
    free(map->text);
    *map = (struct field_map){NULL, 0, NULL};
}
