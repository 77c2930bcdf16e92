/* When it was published and changed: what is stated, checked against the dates that the page shows
 * and the day in its address. */
#include "article/time.h"
#include "base/slice.h"
#include "clean/decision.h"
#include "clean/page_url.h"
#include "tag/parse_time.h"
#include "text/space.h"

enum { DAY_MS = 86400000 };

struct moment {
    desk_slice text; /* RFC 3339 or a day; empty when unknown */
    const char *origin;
    struct parsed_time time;
    uint8_t rank;
};

static int64_t local_day(const struct parsed_time *time)
{
    int64_t local = time->ms + (int64_t)time->zone_minutes * 60000;
    return (local - (local < 0 ? DAY_MS - 1 : 0)) / DAY_MS;
}

/* A time of day without a zone is not a point in time: the day is what is known. */
static bool make_moment(const struct decision *d, desk_slice text, const char *origin,
                        struct moment *out)
{
    struct date_hit hits[DATE_HITS_MAX];
    char day[11];
    *out = (struct moment){.text = text, .origin = origin};
    text = space_trim(text);
    if (parse_time_any(text, &out->time)) {
        if (out->time.has_zone && !out->time.is_day)
            return true;
        time_print_date(time_civil_from_days(local_day(&out->time)), day);
    } else if (date_line_read(&d->dates, text, hits)) {
        time_print_date(hits[0].date, day);
    } else {
        return false;
    }
    out->text = arena_copy(d->page->arena, slice_of(day, sizeof day - 1));
    return out->text.len && parse_time_any(out->text, &out->time);
}

static void first_stated(const struct decision *d, enum fact_slot slot, struct moment *out)
{
    const struct fact_list *list = &d->facts->lists[slot];
    *out = (struct moment){.origin = NULL};
    for (size_t i = 0; i < list->count; i++) {
        if (make_moment(d, list->items[i].text, list->items[i].origin, out)) {
            out->rank = list->items[i].rank;
            return;
        }
    }
    *out = (struct moment){.origin = NULL};
}

static bool is_near(int64_t a, int64_t b)
{
    return a - b <= 1 && b - a <= 1;
}

/* The page shows the stated day, or its address holds it; a day's difference is the zone's. */
static bool is_confirmed(const struct decision *d, const struct moment *stated,
                         const struct nearby_dates *nearby)
{
    int64_t day = local_day(&stated->time);
    struct civil_date date;
    for (size_t i = 0; i < nearby->days_count; i++)
        if (is_near(nearby->days[i], day))
            return true;
    return page_url_day(d->address, &date) && is_near(time_days_from_civil(date), day);
}

/* A text is not published after the day that stands over it: a later date in the data that is not
 * to be seen is that of a move or a new edition. Weak fields ("date") yield to any date over the
 * text. And of one instant the form with the page's own zone is better. */
static bool visible_date_wins(const struct decision *d, const struct moment *stated,
                              const struct moment *visible, const struct nearby_dates *nearby)
{
    enum { WEAK = RANK_META + 15 };
    if (!visible->text.len || !stated->text.len)
        return visible->text.len > 0;
    if (!visible->time.is_day && visible->time.ms == stated->time.ms)
        return visible->time.zone_minutes && !stated->time.zone_minutes;
    int64_t days = local_day(&visible->time) - local_day(&stated->time);
    return (days < -1 || (stated->rank >= WEAK && days > 1)) && !is_confirmed(d, stated, nearby);
}

/* The string after a key that ends in "ublished" and the like, at `at` inside the key. */
static desk_slice date_at_key(desk_slice text, size_t at)
{
    static const char *const keys[] = {"datePublished", "publishedAt",    "published_at",
                                       "publishDate",   "firstPublished", "publishedDate"};
    enum { KEY_MAX = 20, VALUE_MAX = 64 };
    size_t start = at, end = slice_find_byte(text, '"', at);
    while (start && at - start < KEY_MAX && text.data[start - 1] != '"')
        start--;
    if (end == DESK_SLICE_NONE)
        return slice_of(NULL, 0);
    desk_slice key = slice_sub(text, start, end);
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
        if (!slice_is(key, keys[k]))
            continue;
        size_t from = slice_find_byte(text, '"', end + 1);
        size_t to = from == DESK_SLICE_NONE ? from : slice_find_byte(text, '"', from + 1);
        if (to != DESK_SLICE_NONE && to - from < VALUE_MAX)
            return slice_sub(text, from + 1, to);
    }
    return slice_of(NULL, 0);
}

/* "datePublished":"..." in data of the page's own scripts. */
static desk_slice date_in_scripts(const struct decision *d)
{
    enum { HITS_MAX = 20 };
    const desk_slice stem = slice_from_cstr("ublish");
    const struct tree *tree = &d->page->tree;
    desk_slice found = {NULL, 0};
    for (uint32_t i = 1; i < tree->count && !found.len; i++) {
        desk_slice text = tree->nodes[i].text;
        if (!tree->nodes[i].is_text || tree->nodes[tree->nodes[i].parent].element != ELEMENT_SCRIPT)
            continue;
        size_t at = slice_find(text, stem, 0);
        for (unsigned hits = 0; at != DESK_SLICE_NONE && !found.len && hits < HITS_MAX; hits++) {
            found = date_at_key(text, at);
            at = slice_find(text, stem, at + 1);
        }
    }
    return found;
}

static bool day_of_address(const struct decision *d, struct moment *out)
{
    struct civil_date date;
    char day[11];
    if (!page_url_day(d->article->url, &date) && !page_url_day(d->article->canonical_url, &date))
        return false;
    time_print_date(date, day);
    return make_moment(d, arena_copy(d->page->arena, slice_of(day, sizeof day - 1)),
                       "day in the address", out);
}

bool decide_dates(struct decision *d)
{
    struct desk_article *article = d->article;
    struct nearby_dates nearby;
    struct moment published, updated, visible = {.origin = NULL};
    if (!nearby_dates(&d->nearby, &d->dates, &nearby))
        return false;
    first_stated(d, FACT_PUBLISHED, &published);
    if (nearby.published.len &&
        !make_moment(d, nearby.published, nearby.published_origin, &visible))
        visible.text.len = 0;
    if (visible_date_wins(d, &published, &visible, &nearby))
        published = visible;
    if (!published.text.len &&
        !make_moment(d, date_in_scripts(d), "data in a script", &published) &&
        !day_of_address(d, &published))
        published.text.len = 0;
    first_stated(d, FACT_UPDATED, &updated);
    if (!updated.text.len && !make_moment(d, nearby.updated, nearby.updated_origin, &updated))
        updated.text.len = 0;
    if (!article->page_published.len && published.text.len) {
        article->page_published = published.text;
        article->origins.published = published.origin;
    }
    if (!article->page_updated.len && updated.text.len) {
        article->page_updated = updated.text;
        article->origins.updated = updated.origin;
    }
    return true;
}
