/* The date stage: when the article was published, and the days it speaks of.
 *
 * Times of the record come from the input, else from the page. Days in the text (day_words.c reads
 * them) are resolved against the day of publication, else of the crawl: "vendredi 30 décembre"
 * takes the nearest year in which the weekday agrees. Without either only what the text fixes by
 * itself is given. What is coarser than a day is given as it is: month, year, ISO week. */
#include "article/article.h"
#include "article/time.h"
#include "base/error.h"
#include "base/slice.h"
#include "engine/stage.h"
#include "rulebook/rulebook.h"
#include "tag/calendar.h"
#include "tag/day_words.h"
#include "tag/parse_time.h"
#include "tag/tokens.h"

/* A day of the month falls on the same weekday again within six years at the most. */
enum { DAY_MS = 86400000, DATES_MAX = 500, YEARS_BACK = 6 };

#define NO_ANCHOR INT64_MIN

/* --- times of the record ------------------------------------------------------------------- */

struct time_slot {
    int64_t *ms;
    int32_t *zone;
    bool *is_day;
};

static void set_time(struct time_slot slot, desk_slice text, int64_t ms, desk_slice page)
{
    struct parsed_time time;
    if (ms != DESK_NO_TIME) {
        *slot.ms = ms;
        return;
    }
    if (!(text.len && parse_time_any(text, &time)) && !(page.len && parse_time_any(page, &time)))
        return;
    *slot.ms = time.ms;
    *slot.zone = time.zone_minutes;
    *slot.is_day = time.is_day;
}

static void set_times(struct desk_article *a)
{
    a->published_ms = a->updated_ms = a->crawled_ms = DESK_NO_TIME;
    set_time((struct time_slot){&a->published_ms, &a->published_zone, &a->published_is_day},
             a->input_published, a->input_published_ms, a->page_published);
    set_time((struct time_slot){&a->updated_ms, &a->updated_zone, &a->updated_is_day},
             a->input_updated, a->input_updated_ms, a->page_updated);
    set_time((struct time_slot){&a->crawled_ms, &a->crawled_zone, &a->crawled_is_day},
             a->input_crawled, a->input_crawled_ms, slice_of(NULL, 0));
}

/* --- days in the text ---------------------------------------------------------------------- */

struct finder {
    struct desk_article *article;
    struct day_text text;
    bool has_reference, is_published;
    int64_t reference; /* days since 1970 */
    int64_t anchor;    /* the first day the text gives with its weekday, or NO_ANCHOR */
};

/* 0 Monday .. 6 Sunday. */
static int weekday_of(int64_t days)
{
    return (time_weekday(days) + 6) % 7;
}

static struct civil_date civil(int year, int month, int day)
{
    return (struct civil_date){year, month, day};
}

/* The year that puts the day nearest to the reference, its weekday agreeing when one is given; 0
 * when none does. */
static int guess_year(const struct finder *finder, const struct spoken *spoken)
{
    int best = 0;
    int64_t best_distance = INT64_MAX;
    bool is_checked = spoken->weekday >= 0;
    int year = time_civil_from_days(finder->reference).year;
    for (int candidate = year - (is_checked ? YEARS_BACK : 1); candidate <= year + 1; candidate++) {
        if (!time_is_valid_date(civil(candidate, spoken->month, spoken->day)))
            continue;
        int64_t days = time_days_from_civil(civil(candidate, spoken->month, spoken->day));
        int64_t distance =
            days > finder->reference ? days - finder->reference : finder->reference - days;
        if ((is_checked && weekday_of(days) != spoken->weekday) || distance >= best_distance)
            continue;
        best = candidate;
        best_distance = distance;
    }
    return best;
}

static bool resolve_date(const struct finder *finder, const struct spoken *spoken,
                         struct civil_date *date)
{
    int year = spoken->year;
    if (!year && spoken->direction && finder->has_reference)
        year = time_civil_from_days(finder->reference).year + spoken->amount;
    else if (!year && spoken->day && finder->has_reference)
        year = guess_year(finder, spoken);
    *date = civil(year, spoken->month, spoken->day);
    return year && (!spoken->day || time_is_valid_date(*date));
}

/* A weekday alone is the last one up to the reference, or the first behind it where the words
 * around say so. Read long after the article was written it is counted from the first day that the
 * text gives with its weekday. */
static int64_t resolve_weekday(const struct finder *finder, const struct spoken *spoken, size_t at)
{
    int64_t from = finder->reference;
    if (!finder->is_published && finder->anchor != NO_ANCHOR)
        from = finder->anchor;
    int back = (weekday_of(from) - spoken->weekday + 7) % 7;
    switch (spoken->direction) {
    case DIRECTION_LAST:
        return from - (back ? back : 7);
    case DIRECTION_NEXT:
        return from - back + 7;
    case DIRECTION_THIS:
        return from - weekday_of(from) + spoken->weekday;
    default:
        return back && spoken_is_ahead(&finder->text, at) ? from - back + 7 : from - back;
    }
}

/* A month alone with its direction: the last or next one that is not the reference's own. */
static struct civil_date resolve_month(const struct finder *finder, const struct spoken *spoken)
{
    struct civil_date today = time_civil_from_days(finder->reference);
    int year = today.year;
    if (spoken->direction == DIRECTION_LAST && spoken->month >= today.month)
        year--;
    if (spoken->direction == DIRECTION_NEXT && spoken->month <= today.month)
        year++;
    return civil(year, spoken->month, 0);
}

/* As many months or years on, counted in months; what is finer stays unknown. */
static struct civil_date resolve_months(const struct finder *finder, const struct spoken *spoken)
{
    struct civil_date today = time_civil_from_days(finder->reference);
    if (spoken->unit == UNIT_YEAR)
        return civil(today.year + spoken->amount, 0, 0);
    int months = today.year * 12 + today.month - 1 + spoken->amount;
    return civil(months / 12, months % 12 + 1, 0);
}

/* ISO 8601: the week belongs to the year of its Thursday. */
static void print_week(int64_t days, char out[11])
{
    int64_t thursday = days - weekday_of(days) + 3;
    struct civil_date date = time_civil_from_days(thursday);
    int week = (int)((thursday - time_days_from_civil(civil(date.year, 1, 1))) / 7 + 1);
    time_print_date(civil(date.year, week, 1), out);
    out[7] = out[6]; /* "2022-52" becomes "2022-W52" */
    out[6] = out[5];
    out[5] = 'W';
    out[8] = '\0';
}

/* Month and day 0 are not known. */
static void print_date(struct civil_date date, char out[11])
{
    time_print_date(civil(date.year, date.month ? date.month : 1, date.day ? date.day : 1), out);
    if (!date.month)
        out[4] = '\0';
    else if (!date.day)
        out[7] = '\0';
}

/* Fills `out`; false when the day is not certain. */
static bool resolve(struct finder *finder, const struct spoken *spoken, size_t at, char out[11])
{
    struct civil_date date;
    if (spoken->kind == SPOKEN_DATE) {
        if (!resolve_date(finder, spoken, &date))
            return false;
        print_date(date, out);
        if (spoken->weekday >= 0 && finder->anchor == NO_ANCHOR)
            finder->anchor = time_days_from_civil(date);
        return true;
    }
    if (!finder->has_reference)
        return false;
    if (spoken->kind == SPOKEN_MONTH)
        date = resolve_month(finder, spoken);
    else if (spoken->kind == SPOKEN_WEEKDAY)
        date = time_civil_from_days(resolve_weekday(finder, spoken, at));
    else if (spoken->unit >= UNIT_MONTH)
        date = resolve_months(finder, spoken);
    else
        date = time_civil_from_days(finder->reference +
                                    spoken->amount * (spoken->unit == UNIT_WEEK ? 7 : 1));
    if (date.year < 1)
        return false;
    print_date(date, out);
    if (spoken->unit == UNIT_WEEK && spoken->is_period)
        print_week(time_days_from_civil(date), out);
    return true;
}

static bool add_date(struct finder *finder, size_t at, size_t words, const char date[11])
{
    const struct token *first = &finder->text.tokens->items[at], *last = first + words - 1;
    if (finder->article->dates.count >= DATES_MAX)
        return true;
    struct date_mention *mention = article_add_date(finder->article);
    if (!mention)
        return false;
    memcpy(mention->date, date, sizeof mention->date);
    mention->text = slice_sub(finder->article->body, first->start, last->start + last->len);
    mention->offset = first->start;
    return true;
}

static int64_t day_of(int64_t ms, int32_t zone)
{
    int64_t local = ms + (int64_t)zone * 60000;
    return local >= 0 ? local / DAY_MS : (local - DAY_MS + 1) / DAY_MS;
}

static void set_reference(struct finder *finder)
{
    const struct desk_article *article = finder->article;
    finder->is_published = article->published_ms != DESK_NO_TIME;
    finder->has_reference = finder->is_published || article->crawled_ms != DESK_NO_TIME;
    if (finder->has_reference)
        finder->reference = finder->is_published
                                ? day_of(article->published_ms, article->published_zone)
                                : day_of(article->crawled_ms, article->crawled_zone);
    finder->anchor = NO_ANCHOR;
}

static bool find_dates(struct finder *finder)
{
    size_t at = finder->text.tokens->field_first[FIELD_BODY];
    while ((at = spoken_next(&finder->text, at)) < finder->text.end) {
        struct spoken spoken = spoken_read(&finder->text, at);
        char date[11] = "";
        if (spoken.kind != SPOKEN_NOTHING && resolve(finder, &spoken, at, date) &&
            !add_date(finder, at, spoken.words, date))
            return false;
        at += spoken.words;
    }
    return true;
}

static desk_status open_date(const struct desk_rulebook *rulebook, void **state, desk_error *err)
{
    (void)err;
    *state = rulebook->calendar;
    return DESK_OK;
}

static desk_status process_date(void *state, struct desk_article *article, desk_error *err)
{
    set_times(article);
    const struct token_table *tokens = tokens_of(article);
    if (!tokens)
        return article->work_left ? article_memory_error(err) : article_work_error(err);
    if (!article_work(article, 8 * (uint64_t)tokens->count))
        return article_work_error(err);
    struct finder finder = {.article = article,
                            .text = {article, tokens, calendar_words(state, article->language),
                                     tokens->field_first[FIELD_BODY + 1]}};
    set_reference(&finder);
    return find_dates(&finder) ? DESK_OK : article_memory_error(err);
}

static void close_date(void *state)
{
    (void)state;
}

const struct stage stage_date = {"date", open_date, process_date, close_date};
