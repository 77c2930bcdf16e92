/* A sorted table and binary search: six comparisons a name. Sites invent names such as
 * "cms:date_published"; those are known by how they end. */
#include "clean/meta_names.h"

#include "base/slice.h"

/* Sorted by name, byte order. */
static const struct meta_name ROWS[] = {
    {"abstract", FACT_DESCRIPTION, 20},
    {"application-name", FACT_SITE, 10},
    {"article.author", FACT_AUTHOR, 2},
    {"article.published", FACT_PUBLISHED, 5},
    {"article.section", FACT_SECTION, 4},
    {"article.updated", FACT_UPDATED, 5},
    {"article:author", FACT_AUTHOR, 6},
    {"article:author_name", FACT_AUTHOR, 1},
    {"article:modified", FACT_UPDATED, 2},
    {"article:modified_time", FACT_UPDATED, 0},
    {"article:published", FACT_PUBLISHED, 2},
    {"article:published_time", FACT_PUBLISHED, 0},
    {"article:section", FACT_SECTION, 0},
    {"article:tag", FACT_KEYWORDS, 2},
    {"article_author", FACT_AUTHOR, 2},
    {"article_date_original", FACT_PUBLISHED, 6},
    {"article_publish_date", FACT_PUBLISHED, 6},
    {"articlesection", FACT_SECTION, 3},
    {"author", FACT_AUTHOR, 3},
    {"author-name", FACT_AUTHOR, 2},
    {"author_name", FACT_AUTHOR, 2},
    {"bt:author", FACT_AUTHOR, 2},
    {"bt:pubdate", FACT_PUBLISHED, 6},
    {"byl", FACT_AUTHOR, 1},
    {"byline", FACT_AUTHOR, 1},
    {"citation_author", FACT_AUTHOR, 1},
    {"citation_date", FACT_PUBLISHED, 8},
    {"citation_online_date", FACT_PUBLISHED, 7},
    {"citation_publication_date", FACT_PUBLISHED, 7},
    {"citation_title", FACT_TITLE, 4},
    {"content-language", FACT_LANGUAGE, 9},
    {"cxenseparse:author", FACT_AUTHOR, 2},
    {"cxenseparse:recs:publishtime", FACT_PUBLISHED, 4},
    {"cxenseparse:title", FACT_TITLE, 6},
    {"date", FACT_PUBLISHED, 20},
    {"date.created", FACT_PUBLISHED, 15},
    {"date.modified", FACT_UPDATED, 12},
    {"date_published", FACT_PUBLISHED, 6},
    {"datecreated", FACT_PUBLISHED, 12},
    {"datemodified", FACT_UPDATED, 3},
    {"datepublished", FACT_PUBLISHED, 3},
    {"dc.contributor", FACT_AUTHOR, 15},
    {"dc.creator", FACT_AUTHOR, 5},
    {"dc.date", FACT_PUBLISHED, 18},
    {"dc.date.created", FACT_PUBLISHED, 14},
    {"dc.date.issued", FACT_PUBLISHED, 10},
    {"dc.date.modified", FACT_UPDATED, 12},
    {"dc.description", FACT_DESCRIPTION, 8},
    {"dc.language", FACT_LANGUAGE, 10},
    {"dc.publisher", FACT_SITE, 12},
    {"dc.subject", FACT_KEYWORDS, 12},
    {"dc.title", FACT_TITLE, 8},
    {"dcsext.articlefirstpublished", FACT_PUBLISHED, 5},
    {"dcterms.created", FACT_PUBLISHED, 14},
    {"dcterms.creator", FACT_AUTHOR, 5},
    {"dcterms.date", FACT_PUBLISHED, 18},
    {"dcterms.issued", FACT_PUBLISHED, 10},
    {"dcterms.modified", FACT_UPDATED, 12},
    {"dcterms.title", FACT_TITLE, 8},
    {"description", FACT_DESCRIPTION, 1},
    {"doc_date", FACT_PUBLISHED, 15},
    {"fb:article_author", FACT_AUTHOR, 4},
    {"headline", FACT_TITLE, 3},
    {"keywords", FACT_KEYWORDS, 4},
    {"language", FACT_LANGUAGE, 12},
    {"last-modified", FACT_UPDATED, 15},
    {"last_modified", FACT_UPDATED, 12},
    {"lastmod", FACT_UPDATED, 12},
    {"modified_date", FACT_UPDATED, 12},
    {"modified_time", FACT_UPDATED, 12},
    {"news_keywords", FACT_KEYWORDS, 0},
    {"og:article:author", FACT_AUTHOR, 4},
    {"og:article:modified_time", FACT_UPDATED, 1},
    {"og:article:published_time", FACT_PUBLISHED, 1},
    {"og:article:section", FACT_SECTION, 1},
    {"og:description", FACT_DESCRIPTION, 0},
    {"og:image", FACT_IMAGE, 0},
    {"og:image:secure_url", FACT_IMAGE, 2},
    {"og:image:url", FACT_IMAGE, 1},
    {"og:locale", FACT_LANGUAGE, 0},
    {"og:modified_time", FACT_UPDATED, 2},
    {"og:pubdate", FACT_PUBLISHED, 2},
    {"og:published_time", FACT_PUBLISHED, 2},
    {"og:section", FACT_SECTION, 2},
    {"og:site_name", FACT_SITE, 0},
    {"og:title", FACT_TITLE, 0},
    {"og:updated_time", FACT_UPDATED, 6},
    {"og:url", FACT_URL, 0},
    {"originalpublicationdate", FACT_PUBLISHED, 4},
    {"parsely-author", FACT_AUTHOR, 1},
    {"parsely-image-url", FACT_IMAGE, 8},
    {"parsely-link", FACT_URL, 8},
    {"parsely-pub-date", FACT_PUBLISHED, 4},
    {"parsely-section", FACT_SECTION, 2},
    {"parsely-tags", FACT_KEYWORDS, 6},
    {"parsely-title", FACT_TITLE, 5},
    {"pdate", FACT_PUBLISHED, 10},
    {"ptime", FACT_PUBLISHED, 10},
    {"pub_date", FACT_PUBLISHED, 8},
    {"pubdate", FACT_PUBLISHED, 6},
    {"publication_date", FACT_PUBLISHED, 8},
    {"publish-date", FACT_PUBLISHED, 7},
    {"publish_date", FACT_PUBLISHED, 7},
    {"publishdate", FACT_PUBLISHED, 7},
    {"published", FACT_PUBLISHED, 8},
    {"published-date", FACT_PUBLISHED, 8},
    {"published_at", FACT_PUBLISHED, 8},
    {"published_date", FACT_PUBLISHED, 8},
    {"published_time", FACT_PUBLISHED, 8},
    {"rbauthors", FACT_AUTHOR, 2},
    {"rbpubdate", FACT_PUBLISHED, 6},
    {"revision_date", FACT_UPDATED, 14},
    {"sailthru.author", FACT_AUTHOR, 1},
    {"sailthru.date", FACT_PUBLISHED, 4},
    {"sailthru.description", FACT_DESCRIPTION, 6},
    {"sailthru.image.full", FACT_IMAGE, 8},
    {"sailthru.tags", FACT_KEYWORDS, 6},
    {"sailthru.title", FACT_TITLE, 5},
    {"section", FACT_SECTION, 3},
    {"shareaholic:article_author_name", FACT_AUTHOR, 2},
    {"shareaholic:article_modified_time", FACT_UPDATED, 6},
    {"shareaholic:article_published_time", FACT_PUBLISHED, 5},
    {"subsection", FACT_SECTION, 8},
    {"thumbnailurl", FACT_IMAGE, 9},
    {"title", FACT_TITLE, 10},
    {"twitter:description", FACT_DESCRIPTION, 4},
    {"twitter:image", FACT_IMAGE, 4},
    {"twitter:image:src", FACT_IMAGE, 5},
    {"twitter:title", FACT_TITLE, 2},
    {"twitter:url", FACT_URL, 6},
    {"updated_time", FACT_UPDATED, 12},
    {"vr:author", FACT_AUTHOR, 2},
};
enum { ROW_COUNT = sizeof ROWS / sizeof ROWS[0], NAME_BYTES_MAX = 64 };

/* What remains of "cms:date_published" and "Updated Date" without marks, and what it says by its
 * end. The first that fits counts. */
static const struct {
    const char *ending;
    struct meta_name row;
} ENDINGS[] = {
    {"firstpublished", {"meta of a first publication", FACT_PUBLISHED, 22}},
    {"datepublished", {"meta of a publication date", FACT_PUBLISHED, 22}},
    {"publisheddate", {"meta of a publication date", FACT_PUBLISHED, 22}},
    {"publishedtime", {"meta of a publication date", FACT_PUBLISHED, 22}},
    {"publishdate", {"meta of a publication date", FACT_PUBLISHED, 22}},
    {"publicationdate", {"meta of a publication date", FACT_PUBLISHED, 22}},
    {"dateissued", {"meta of a publication date", FACT_PUBLISHED, 22}},
    {"pubdate", {"meta of a publication date", FACT_PUBLISHED, 22}},
    {"publishedat", {"meta of a publication date", FACT_PUBLISHED, 22}},
    {"datemodified", {"meta of a modification date", FACT_UPDATED, 22}},
    {"modifieddate", {"meta of a modification date", FACT_UPDATED, 22}},
    {"modifiedtime", {"meta of a modification date", FACT_UPDATED, 22}},
    {"lastmodified", {"meta of a modification date", FACT_UPDATED, 22}},
    {"lastupdated", {"meta of a modification date", FACT_UPDATED, 22}},
    {"updateddate", {"meta of a modification date", FACT_UPDATED, 22}},
    {"lastupdate", {"meta of a modification date", FACT_UPDATED, 22}},
    {"updated", {"meta of a modification date", FACT_UPDATED, 24}},
    {"postdate", {"meta of a date", FACT_PUBLISHED, 24}},
    {"articledate", {"meta of a date", FACT_PUBLISHED, 24}},
    {"date", {"meta of a date", FACT_PUBLISHED, 26}},
};
enum { ENDING_COUNT = sizeof ENDINGS / sizeof ENDINGS[0] };

/* All endings end so. */
static bool may_have_ending(desk_slice lower)
{
    char last = lower.data[lower.len - 1];
    return !ascii_is_alpha(last) || last == 'd' || last == 'e' || last == 't';
}

static const struct meta_name *find_by_ending(desk_slice lower)
{
    char letters[NAME_BYTES_MAX];
    size_t len = 0;
    if (!may_have_ending(lower))
        return NULL;
    for (size_t i = 0; i < lower.len; i++)
        if (ascii_is_alpha(lower.data[i]))
            letters[len++] = lower.data[i];
    for (size_t i = 0; i < ENDING_COUNT; i++)
        if (slice_ends(slice_of(letters, len), slice_from_cstr(ENDINGS[i].ending)))
            return &ENDINGS[i].row;
    return NULL;
}

/* Byte order of a text and a name of the table. */
static int compare(desk_slice text, const char *name)
{
    size_t i = 0;
    while (i < text.len && text.data[i] == name[i])
        i++;
    int byte = i < text.len ? (unsigned char)text.data[i] : 0;
    return byte - (unsigned char)name[i];
}

const struct meta_name *meta_name_find(desk_slice name)
{
    char buffer[NAME_BYTES_MAX];
    if (!name.len || name.len > sizeof buffer || memchr(name.data, 0, name.len))
        return NULL;
    for (size_t i = 0; i < name.len; i++)
        buffer[i] = ascii_lower(name.data[i]);
    desk_slice lower = slice_of(buffer, name.len);
    size_t from = 0, to = ROW_COUNT;
    while (from < to) {
        size_t middle = (from + to) / 2;
        int order = compare(lower, ROWS[middle].name);
        if (order == 0)
            return &ROWS[middle];
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return find_by_ending(lower);
}
