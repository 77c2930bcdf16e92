/* The date stage: when the article was published, and the days it speaks of.
 *
 * Times of the record come from the input, else from the page. Days in the text are resolved
 * against the day of publication, else of the crawl: "vendredi 30 décembre" takes the year that
 * lies nearest, and a weekday that contradicts it refuses it. A weekday or "yesterday" alone needs
 * the day of publication; without any only what the text fixes by itself is given. */
#include "article/article.h"
#include "article/time.h"
#include "base/error.h"
#include "base/slice.h"
#include "engine/stage.h"
#include "rulebook/rulebook.h"
#include "tag/calendar.h"
#include "tag/parse_time.h"
#include "tag/tokens.h"

enum { DAY_MS = 86400000, YEAR_MIN = 1500, YEAR_MAX = 2100, DATES_MAX = 500 };

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
    const struct calendar *calendar;
    const struct token_table *tokens;
    size_t end;
    bool has_reference, is_published;
    int64_t reference; /* days since 1970 */
};

/* What the words at a place say; 0 and -1 stand for nothing said. */
struct spoken {
    int year, month, day, weekday; /* weekday -1 */
    size_t words;
};

static int number_at(const struct finder *finder, size_t at, size_t *digits)
{
    if (at >= finder->end)
        return -1;
    desk_slice text = token_text(finder->article, &finder->tokens->items[at]);
    int value = 0;
    *digits = 0;
    while (*digits < text.len && *digits < 4 && ascii_is_digit(text.data[*digits]))
        value = value * 10 + (text.data[(*digits)++] - '0');
    /* "1er", "2nd", "3rd", "4th" */
    bool is_ordinal = *digits && *digits <= 2 && text.len - *digits <= 3 && text.len > *digits &&
                      ascii_is_alpha(text.data[*digits]);
    return *digits && (*digits == text.len || is_ordinal) ? value : -1;
}

static bool read_day(const struct finder *finder, size_t at, int *day)
{
    size_t digits;
    int value = number_at(finder, at, &digits);
    if (digits > 2 || value < 1 || value > 31)
        return false;
    *day = value;
    return true;
}

static bool read_year(const struct finder *finder, size_t at, int *year)
{
    size_t digits;
    int value = number_at(finder, at, &digits);
    if (digits != 4 || value < YEAR_MIN || value > YEAR_MAX)
        return false;
    *year = value;
    return true;
}

static struct calendar_word word_at(const struct finder *finder, size_t at)
{
    if (at >= finder->end)
        return (struct calendar_word){CALENDAR_NONE, 0, 0};
    return calendar_match(finder->calendar, finder->article->language, finder->tokens, at,
                          finder->end);
}

/* "de" in "30 de diciembre de 2022", "of" in "the 5th of May". */
static size_t skip_particle(const struct finder *finder, size_t at)
{
    static const char *const particles[] = {"de", "of", "del", "do"};
    if (at >= finder->end)
        return at;
    desk_slice text = token_text(finder->article, &finder->tokens->items[at]);
    for (size_t i = 0; i < sizeof particles / sizeof particles[0]; i++)
        if (slice_equal_nocase(text, slice_from_cstr(particles[i])))
            return at + 1;
    return at;
}

/* [weekday] day month [year] | [weekday] month day [year] | month year, from a token on. */
static bool read_date(const struct finder *finder, size_t at, struct spoken *out)
{
    size_t i = at;
    *out = (struct spoken){.weekday = -1};
    struct calendar_word word = word_at(finder, i);
    if (word.kind == CALENDAR_WEEKDAY) {
        out->weekday = word.value;
        i += word.words;
        static const char *const articles[] = {"der", "den", "dem", "le", "the"};
        for (size_t k = 0; k < 5 && i < finder->end; k++)
            if (slice_equal_nocase(token_text(finder->article, &finder->tokens->items[i]),
                                   slice_from_cstr(articles[k]))) {
                i++;
                break;
            }
        word = word_at(finder, i);
    }
    size_t next;
    if (word.kind == CALENDAR_MONTH) {
        out->month = word.value;
        next = i + word.words;
        next += read_day(finder, next, &out->day);
    } else if (read_day(finder, i, &out->day)) {
        size_t month_at = skip_particle(finder, i + 1);
        word = word_at(finder, month_at);
        if (word.kind != CALENDAR_MONTH)
            return false;
        out->month = word.value;
        next = month_at + word.words;
    } else {
        return false;
    }
    if (out->day && next < finder->end &&
        (finder->tokens->items[next].flags & TOKEN_SENTENCE_START))
        goto done;
    size_t year_at = skip_particle(finder, next);
    if (read_year(finder, year_at, &out->year))
        next = year_at + 1;
done:
    out->words = next - at;
    return out->day || out->year;
}

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
    int year = time_civil_from_days(finder->reference).year;
    for (int candidate = year - 1; candidate <= year + 1; candidate++) {
        if (!time_is_valid_date(civil(candidate, spoken->month, spoken->day)))
            continue;
        int64_t days = time_days_from_civil(civil(candidate, spoken->month, spoken->day));
        int64_t distance =
            days > finder->reference ? days - finder->reference : finder->reference - days;
        if ((spoken->weekday >= 0 && weekday_of(days) != spoken->weekday) || distance > 200 ||
            distance >= best_distance)
            continue;
        best = candidate;
        best_distance = distance;
    }
    return best;
}

/* `date` has day 0 when only its month is known. */
static bool add_date(struct finder *finder, size_t at, size_t words, struct civil_date date)
{
    const struct token *first = &finder->tokens->items[at], *last = first + words - 1;
    if (finder->article->dates.count >= DATES_MAX)
        return true;
    struct date_mention *mention = article_add_date(finder->article);
    if (!mention)
        return false;
    time_print_date(date, mention->date);
    if (!date.day)
        mention->date[7] = '\0';
    mention->text = slice_sub(finder->article->body, first->start, last->start + last->len);
    mention->offset = first->start;
    return true;
}

/* Reads the date at a token, if any, and returns the tokens to go on by; 0 at the memory limit. */
static size_t visit(struct finder *finder, size_t at)
{
    struct spoken spoken;
    if (read_date(finder, at, &spoken)) {
        if (!spoken.year && spoken.day && finder->has_reference)
            spoken.year = guess_year(finder, &spoken);
        struct civil_date date = civil(spoken.year, spoken.month, spoken.day);
        bool good = spoken.year && (!spoken.day || time_is_valid_date(date));
        if (good && !add_date(finder, at, spoken.words, date))
            return 0;
        return spoken.words;
    }
    struct calendar_word word = word_at(finder, at);
    if (word.kind == CALENDAR_NONE || word.kind == CALENDAR_MONTH || !finder->is_published)
        return word.words ? word.words : 1;
    int64_t days = finder->reference + word.value;
    if (word.kind == CALENDAR_WEEKDAY)
        days = finder->reference - (weekday_of(finder->reference) - word.value + 7) % 7;
    return add_date(finder, at, word.words, time_civil_from_days(days)) ? word.words : 0;
}

static int64_t day_of(int64_t ms, int32_t zone)
{
    int64_t local = ms + (int64_t)zone * 60000;
    return local >= 0 ? local / DAY_MS : (local - DAY_MS + 1) / DAY_MS;
}

static bool find_dates(struct finder *finder)
{
    const struct desk_article *article = finder->article;
    finder->is_published = article->published_ms != DESK_NO_TIME;
    finder->has_reference = finder->is_published || article->crawled_ms != DESK_NO_TIME;
    if (finder->has_reference)
        finder->reference = finder->is_published
                                ? day_of(article->published_ms, article->published_zone)
                                : day_of(article->crawled_ms, article->crawled_zone);
    finder->end = finder->tokens->field_first[FIELD_BODY + 1];
    for (size_t at = finder->tokens->field_first[FIELD_BODY]; at < finder->end;) {
        size_t words = visit(finder, at);
        if (!words)
            return false;
        at += words;
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
    struct finder finder = {.article = article, .calendar = state, .tokens = tokens_of(article)};
    if (!finder.tokens)
        return article->work_left ? article_memory_error(err) : article_work_error(err);
    if (!article_work(article, 8 * (uint64_t)finder.tokens->count))
        return article_work_error(err);
    return find_dates(&finder) ? DESK_OK : article_memory_error(err);
}

static void close_date(void *state)
{
    (void)state;
}

const struct stage stage_date = {"date", open_date, process_date, close_date};
