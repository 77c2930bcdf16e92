/* One function a form: numbers (2022-12-30), day and month, weekday, "three days ago", "last
 * week". Between the parts only the punctuation that belongs there is let through, so that "in May.
 * 30 people" is no date. */
#include "tag/day_words.h"

#include "article/article.h"
#include "base/slice.h"
#include "text/utf8.h"

enum { YEAR_MIN = 1500, YEAR_MAX = 2100, GAP_BYTES_MAX = 4, AHEAD_WORDS = 8 };

/* --- small things -------------------------------------------------------------------------- */

static const struct token *token_at(const struct day_text *text, size_t at)
{
    return &text->tokens->items[at];
}

static struct calendar_word match(const struct day_text *text, size_t at, unsigned kinds)
{
    if (at >= text->end || !text->words)
        return (struct calendar_word){CALENDAR_NONE, 0, false, 0};
    return calendar_match(text->words->all, text->tokens, at, text->end, kinds);
}

/* What stands between token at - 1 and token at. */
static desk_slice gap_before(const struct day_text *text, size_t at)
{
    const struct token *before = token_at(text, at - 1);
    return slice_sub(text->article->body, before->start + before->len, token_at(text, at)->start);
}

/* White space, an apostrophe that an elided word leaves, and the marks of `allowed`. */
static bool is_close(const struct day_text *text, size_t at, const char *allowed)
{
    if (at >= text->end)
        return false;
    desk_slice gap = gap_before(text, at);
    if (gap.len > GAP_BYTES_MAX)
        return false;
    for (size_t i = 0; i < gap.len; i++)
        if (gap.data[i] != ' ' && (unsigned char)gap.data[i] < 0x80 &&
            !strchr(allowed, gap.data[i]))
            return false;
    return true;
}

struct number {
    int value, digits;
    bool is_ordinal;
};

/* "30", "٣٠", "30th"; value -1 for anything else. The class of digits folds to ASCII. */
static struct number number_at(const struct day_text *text, size_t at)
{
    struct number number = {-1, 0, false};
    if (at >= text->end)
        return number;
    desk_slice word = token_text(text->article, token_at(text, at));
    const char *p = word.data, *end = word.data + word.len;
    int value = 0;
    while (p < end && number.digits <= 4) {
        const char *before = p;
        uint32_t cp = utf8_next(&p, end), digit = cp - '0';
        if (cp >= 0x660 && cp <= 0x669)
            digit = cp - 0x660;
        else if (cp >= 0xFF10 && cp <= 0xFF19)
            digit = cp - 0xFF10;
        if (digit > 9) {
            p = before;
            break;
        }
        value = value * 10 + (int)digit;
        number.digits++;
    }
    size_t rest = (size_t)(end - p);
    number.is_ordinal = rest > 0;
    bool is_good = number.digits && number.digits <= 4 &&
                   (rest == 0 || (number.digits <= 2 && rest <= 3 && (unsigned char)*p > '9'));
    number.value = is_good ? value : -1;
    return number;
}

/* A number in digits or words of the language. */
static int amount_at(const struct day_text *text, size_t at, size_t *words)
{
    struct number number = number_at(text, at);
    *words = 1;
    if (number.value >= 0 && !number.is_ordinal)
        return number.digits <= 3 ? number.value : -1;
    struct calendar_word word = match(text, at, CALENDAR_NUMBER);
    *words = word.words;
    return word.kind ? word.value : -1;
}

static bool read_day(const struct day_text *text, size_t at, int *day)
{
    struct number number = number_at(text, at);
    if (number.digits > 2 || number.value < 1 || number.value > 31)
        return false;
    *day = number.value;
    return true;
}

static bool read_year(const struct day_text *text, size_t at, int *year)
{
    struct number number = number_at(text, at);
    if (number.digits != 4 || number.value < YEAR_MIN || number.value > YEAR_MAX)
        return false;
    *year = number.value;
    return true;
}

static bool is_english(const struct day_text *text)
{
    return slice_starts(text->article->language, slice_of("en", 2));
}

static size_t skip_particle(const struct day_text *text, size_t at)
{
    return at + match(text, at, CALENDAR_PARTICLE).words;
}

/* --- numbers only -------------------------------------------------------------------------- */

/* The separator of a numeric date between two tokens, or 0. */
static char separator(const struct day_text *text, size_t at)
{
    if (at >= text->end)
        return 0;
    desk_slice gap = gap_before(text, at);
    return gap.len == 1 && strchr("-/.", gap.data[0]) ? gap.data[0] : 0;
}

static bool continues(const struct day_text *text, size_t at)
{
    return separator(text, at) && number_at(text, at).value >= 0;
}

/* Day and month as they stand in a numeric date with the year behind. English dates with slashes
 * are American or British: only where one number is above 12 the text fixes which. */
static bool order_day_month(const struct day_text *text, struct spoken *out, int first, int second)
{
    bool is_open = is_english(text) && first != second;
    if (second > 12 && is_english(text)) {
        out->month = first;
        out->day = second;
    } else if (!is_open || first > 12) {
        out->day = first;
        out->month = second;
    }
    return out->day && out->month >= 1 && out->month <= 12;
}

/* 2022-12-30, 30/12/2022, 30.12.2022, 30.12.22 */
static bool read_numeric(const struct day_text *text, size_t at, struct spoken *out)
{
    char mark = separator(text, at + 1);
    if (!mark || separator(text, at + 2) != mark || continues(text, at + 3) ||
        (at > 0 && token_at(text, at)->start > 0 && continues(text, at)))
        return false;
    struct number a = number_at(text, at), b = number_at(text, at + 1), c = number_at(text, at + 2);
    if (a.value < 1 || b.value < 1 || c.value < 0 || b.digits > 2)
        return false;
    out->words = 3;
    if (read_year(text, at, &out->year) && c.digits <= 2) {
        out->month = b.value;
        out->day = c.value;
        return out->month <= 12;
    }
    bool is_short = a.digits == 2 && b.digits == 2 && c.digits == 2 && mark != '-';
    if (a.digits > 2 || (!read_year(text, at + 2, &out->year) && (!is_short || is_english(text))))
        return false;
    if (is_short)
        out->year = 2000 + c.value;
    return order_day_month(text, out, a.value, b.value);
}

/* A number and the sign of a unit behind it: "3月"; false when it is another unit. */
static bool read_marked(const struct day_text *text, size_t *at, enum calendar_unit unit,
                        int *value)
{
    size_t words = 0;
    struct number number = number_at(text, *at);
    int amount = unit == UNIT_YEAR ? number.value : amount_at(text, *at, &words);
    words = unit == UNIT_YEAR ? 1 : words;
    struct calendar_word mark = match(text, *at + words, CALENDAR_MARK);
    if (amount < 1 || mark.kind != CALENDAR_MARK || mark.value != (int)unit ||
        token_at(text, *at + words)->flags & TOKEN_BREAK_BEFORE)
        return false;
    *value = amount;
    *at += words + mark.words;
    return true;
}

/* 2022年12月30日, 12月30日, 去年12月 */
static bool read_marks(const struct day_text *text, size_t at, struct spoken *out)
{
    size_t i = at;
    if (!text->words || !text->words->has_marks)
        return false;
    struct calendar_word period = match(text, i, CALENDAR_PERIOD);
    if (!match(text, i + 1, CALENDAR_MARK).kind && !match(text, i + 2, CALENDAR_MARK).kind &&
        !match(text, i + 3, CALENDAR_MARK).kind && !match(text, i + 4, CALENDAR_MARK).kind)
        return false;
    if (period.kind) {
        i += period.words;
        out->direction = DIRECTION_THIS;
        out->amount = (period.value - (period.value & 3)) / 4;
    } else {
        read_marked(text, &i, UNIT_YEAR, &out->year);
    }
    if (!read_marked(text, &i, UNIT_MONTH, &out->month) || out->month > 12)
        return false;
    read_marked(text, &i, UNIT_DAY, &out->day);
    out->words = i - at;
    bool is_year_good = !out->year || (out->year >= YEAR_MIN && out->year <= YEAR_MAX);
    return is_year_good && out->day <= 31 && (out->day || out->year || period.kind);
}

/* --- day and month ------------------------------------------------------------------------- */

/* The year behind day and month, with what may stand between. */
static size_t read_year_behind(const struct day_text *text, size_t next, struct spoken *out)
{
    size_t at = skip_particle(text, next);
    if (at < text->end && is_close(text, next, ",.") && (at == next || is_close(text, at, "")) &&
        read_year(text, at, &out->year)) {
        desk_slice gap = gap_before(text, next);
        bool is_sentence =
            slice_find_byte(gap, '.', 0) != DESK_SLICE_NONE && token_at(text, next - 1)->len > 5;
        if (is_sentence)
            out->year = 0;
        else
            return at + 1;
    }
    return next;
}

/* "December 30", "December 2022", "Dec. 30th" */
static size_t read_month_first(const struct day_text *text, size_t at, struct spoken *out)
{
    struct calendar_word month = match(text, at, CALENDAR_MONTH);
    size_t next = at + month.words;
    if (!month.kind)
        return 0;
    out->month = month.value;
    size_t day_at = skip_particle(text, next);
    bool is_day = is_english(text) && is_close(text, next, month.is_short ? "." : "") &&
                  read_day(text, day_at, &out->day);
    return read_year_behind(text, is_day ? day_at + 1 : next, out);
}

/* "30 décembre", "30. Dezember", "primero de enero", "the 5th of May" */
static size_t read_day_first(const struct day_text *text, size_t at, struct spoken *out)
{
    size_t words = 1;
    if (!read_day(text, at, &out->day)) {
        struct calendar_word number = match(text, at, CALENDAR_NUMBER);
        if (!number.kind)
            return 0;
        out->day = number.value;
        words = number.words;
    }
    size_t month_at = skip_particle(text, at + words);
    struct calendar_word month = match(text, month_at, CALENDAR_MONTH);
    if (!month.kind || !is_close(text, month_at, is_english(text) ? "-" : ".-") ||
        !is_close(text, at + words, is_english(text) ? "-" : ".-"))
        return 0;
    out->month = month.value;
    return read_year_behind(text, month_at + month.words, out);
}

/* With or without weekday. False when there is neither day nor year. */
static bool read_date(const struct day_text *text, size_t at, struct spoken *out)
{
    size_t next = read_month_first(text, at, out);
    if (!next)
        next = read_day_first(text, at, out);
    out->words = next - at;
    out->kind = SPOKEN_DATE;
    return next && (out->day || out->year);
}

/* --- words --------------------------------------------------------------------------------- */

static enum direction direction_of(enum calendar_kind kind)
{
    return kind == CALENDAR_LAST   ? DIRECTION_LAST
           : kind == CALENDAR_NEXT ? DIRECTION_NEXT
           : kind == CALENDAR_THIS ? DIRECTION_THIS
                                   : DIRECTION_NONE;
}

enum { DIRECTIONS = CALENDAR_LAST | CALENDAR_NEXT | CALENDAR_THIS };

/* "dernier" behind "vendredi", "semaine", "mars". */
static void read_direction_behind(const struct day_text *text, size_t at, struct spoken *out)
{
    struct calendar_word word = match(text, at + out->words, DIRECTIONS);
    if (!word.kind || token_at(text, at + out->words)->flags & TOKEN_BREAK_BEFORE ||
        (word.kind == CALENDAR_THIS && !slice_starts(text->article->language, slice_of("ar", 2))))
        return;
    out->direction = direction_of(word.kind);
    out->words += word.words;
}

static bool read_weekday(const struct day_text *text, size_t at, struct spoken *out)
{
    struct calendar_word weekday = match(text, at, CALENDAR_WEEKDAY);
    if (!weekday.kind)
        return false;
    *out = (struct spoken){.kind = SPOKEN_DATE, .weekday = weekday.value};
    struct spoken date = *out;
    size_t next = at + weekday.words, date_at = skip_particle(text, next);
    const char *between = weekday.is_short ? ",.(" : ",(";
    bool is_date = date_at < text->end && is_close(text, next, between) &&
                   is_close(text, date_at, between) && read_date(text, date_at, &date) && date.day;
    if (is_date) {
        date.words += date_at - at;
        *out = date;
        return true;
    }
    out->kind = weekday.is_short ? SPOKEN_NOTHING : SPOKEN_WEEKDAY;
    out->words = weekday.words;
    read_direction_behind(text, at, out);
    return true;
}

static void set_period(struct spoken *out, int unit)
{
    out->kind = SPOKEN_SHIFT;
    out->unit = unit;
    out->is_period = true;
    out->amount = out->direction == DIRECTION_LAST ? -1 : out->direction == DIRECTION_NEXT;
}

/* "last Tuesday", "vergangenen Monat", "上周五", "last March" */
static bool read_direction(const struct day_text *text, size_t at, struct spoken *out)
{
    struct calendar_word word = match(text, at, DIRECTIONS);
    size_t next = at + word.words;
    if (!word.kind || next >= text->end || token_at(text, next)->flags & TOKEN_BREAK_BEFORE)
        return false;
    struct calendar_word what =
        match(text, next, CALENDAR_WEEKDAY | CALENDAR_UNIT | CALENDAR_MONTH);
    out->direction = direction_of(word.kind);
    out->words = word.words + what.words;
    if (what.kind == CALENDAR_WEEKDAY && read_weekday(text, next, out)) {
        out->words += word.words;
        if (out->kind == SPOKEN_WEEKDAY)
            out->direction = direction_of(word.kind);
        return true;
    }
    if (what.kind == CALENDAR_MONTH && !what.is_short) {
        out->kind = SPOKEN_MONTH;
        out->month = what.value;
        return number_at(text, next + what.words).value < 0 || !is_english(text);
    }
    if (what.kind != CALENDAR_UNIT || what.value == UNIT_DAY || what.value & CALENDAR_PLURAL)
        return false;
    set_period(out, what.value);
    return true;
}

/* "semaine dernière", "الشهر الماضي", "mars dernier"; in front an article is no part of it. */
static bool read_unit(const struct day_text *text, size_t at, struct spoken *out)
{
    struct calendar_word word = match(text, at, CALENDAR_UNIT | CALENDAR_MONTH | CALENDAR_PERIOD);
    out->words = word.words;
    if (word.kind == CALENDAR_PERIOD) {
        out->kind = SPOKEN_SHIFT;
        out->is_period = true;
        out->amount = (word.value - (word.value & 3)) / 4;
        out->unit = word.value & 3;
        return true;
    }
    if (!word.kind || word.is_short || (word.kind == CALENDAR_UNIT && word.value & CALENDAR_PLURAL))
        return false;
    read_direction_behind(text, at, out);
    if (!out->direction)
        return false;
    if (word.kind == CALENDAR_MONTH) {
        out->kind = SPOKEN_MONTH;
        out->month = word.value;
        return true;
    }
    set_period(out, word.value);
    return word.value != UNIT_DAY;
}

/* The number of units at a place: "three days", "неделю". */
static size_t read_units(const struct day_text *text, size_t at, struct spoken *out)
{
    size_t words = 0;
    int amount = amount_at(text, at, &words);
    struct calendar_word unit = match(text, at + words, CALENDAR_UNIT);
    if (amount > 0 && unit.kind && !(token_at(text, at + words)->flags & TOKEN_BREAK_BEFORE)) {
        out->amount = amount;
        out->unit = unit.value & 3;
        return words + unit.words;
    }
    struct calendar_word whole = match(text, at, CALENDAR_AMOUNT);
    if (!whole.kind)
        return 0;
    out->amount = whole.value / 4;
    out->unit = whole.value & 3;
    return whole.words;
}

/* "il y a trois jours", "vor zwei Wochen", "dans un mois" */
static bool read_before(const struct day_text *text, size_t at, struct spoken *out)
{
    struct calendar_word word = match(text, at, CALENDAR_AGO_BEFORE | CALENDAR_IN_BEFORE);
    if (!word.kind)
        return false;
    size_t units = read_units(text, at + word.words, out);
    out->kind = SPOKEN_SHIFT;
    out->words = word.words + units;
    if (word.kind == CALENDAR_AGO_BEFORE)
        out->amount = -out->amount;
    return units > 0;
}

/* "three days ago", "двумя днями", "三天前" */
static bool read_behind(const struct day_text *text, size_t at, struct spoken *out)
{
    size_t units = read_units(text, at, out), next = at + units;
    if (!units || next >= text->end || token_at(text, next)->flags & TOKEN_BREAK_BEFORE)
        return false;
    struct calendar_word word = match(text, next, CALENDAR_AGO_AFTER | CALENDAR_IN_AFTER);
    if (!word.kind)
        return false;
    out->kind = SPOKEN_SHIFT;
    out->words = units + word.words;
    if (word.kind == CALENDAR_AGO_AFTER)
        out->amount = -out->amount;
    return true;
}

/* "hier"; of two such words ("morgen" behind "gestern") the first counts. A German "Morgen" with a
 * capital inside a sentence is a part of the day. */
static bool read_day_word(const struct day_text *text, size_t at, struct spoken *out)
{
    struct calendar_word word = match(text, at, CALENDAR_DAY);
    const struct token *token = token_at(text, at);
    bool is_noun = slice_starts(text->article->language, slice_of("de", 2)) &&
                   (token->flags & (TOKEN_CAPITAL | TOKEN_SENTENCE_START)) == TOKEN_CAPITAL;
    if (!word.kind || is_noun)
        return false;
    *out = (struct spoken){
        .kind = SPOKEN_SHIFT, .weekday = -1, .amount = word.value, .words = word.words};
    return true;
}

/* --- public -------------------------------------------------------------------------------- */

static bool is_number_like(const struct day_text *text, size_t at)
{
    return token_at(text, at)->flags & (TOKEN_DIGIT_FIRST | TOKEN_NUMBER);
}

/* Each form with the kinds of words that may begin it; tried in this order. */
static const struct {
    bool (*read)(const struct day_text *text, size_t at, struct spoken *out);
    unsigned kinds;
    bool with_number;
} READERS[] = {
    {read_numeric, 0, true},
    {read_weekday, CALENDAR_WEEKDAY, false},
    {read_direction, DIRECTIONS, false},
    {read_before, CALENDAR_AGO_BEFORE | CALENDAR_IN_BEFORE, false},
    {read_marks, CALENDAR_PERIOD | CALENDAR_NUMBER, true},
    {read_date, CALENDAR_MONTH | CALENDAR_NUMBER, true},
    {read_behind, CALENDAR_NUMBER | CALENDAR_AMOUNT, true},
    {read_unit, CALENDAR_UNIT | CALENDAR_MONTH | CALENDAR_PERIOD, false},
    {read_day_word, CALENDAR_DAY, false},
};

/* Kinds of words that say something by themselves, or with what is no word of the calendar behind.
 * All others need another such word or a number: "two" and "this" alone are common. */
enum {
    ALONE = CALENDAR_WEEKDAY | CALENDAR_DAY | CALENDAR_PERIOD | CALENDAR_MONTH | CALENDAR_NEVER
};

static bool goes_on(const struct day_text *text, size_t at)
{
    return at < text->end && (is_number_like(text, at) ||
                              phrases_may_begin(text->words->all, text->tokens, at, text->end));
}

/* Tokens that are searched for an opener before they are looked through for a number: a text of
 * numbers alone would be searched to its end at each of them. */
enum { SEARCHED_AT_ONCE = 64 };

size_t spoken_next(const struct day_text *text, size_t at)
{
    while (at < text->end) {
        size_t left = text->end - at;
        size_t stop = left > SEARCHED_AT_ONCE ? at + SEARCHED_AT_ONCE : text->end;
        size_t next = stop;
        /* One token more: the last of a search cannot be the first of a pair. */
        if (text->words)
            next = phrases_next(text->words->openers, text->tokens, at, stop + (stop < text->end));
        for (; at < next && at < stop; at++)
            if (is_number_like(text, at))
                return at;
        if (next < stop)
            return next;
    }
    return at;
}

struct spoken spoken_read(const struct day_text *text, size_t at)
{
    struct spoken nothing = {.weekday = -1, .words = 1};
    bool is_number = is_number_like(text, at);
    size_t longest = 0;
    unsigned kinds = text->words && !is_number
                         ? calendar_kinds(text->words->all, text->tokens, at, &longest)
                         : 0;
    if (!is_number && (!kinds || (longest == 1 && !(kinds & ALONE) && !goes_on(text, at + 1))))
        return nothing;
    if (kinds & CALENDAR_NEVER) {
        struct calendar_word word = match(text, at, CALENDAR_ANY);
        if (word.kind == CALENDAR_NEVER) {
            nothing.words = word.words;
            return nothing;
        }
    }
    for (size_t i = 0; i < sizeof READERS / sizeof READERS[0]; i++) {
        struct spoken spoken = {.kind = SPOKEN_DATE, .weekday = -1};
        bool may_begin = is_number ? READERS[i].with_number : (kinds & READERS[i].kinds) != 0;
        if (may_begin && READERS[i].read(text, at, &spoken) && spoken.words)
            return spoken;
    }
    return nothing;
}

bool spoken_is_ahead(const struct day_text *text, size_t at)
{
    size_t first = text->tokens->field_first[FIELD_BODY];
    for (size_t i = at; i-- > first && at - i <= AHEAD_WORDS;) {
        if (token_at(text, i)->sentence != token_at(text, at)->sentence)
            return false;
        if (match(text, i, CALENDAR_FUTURE).kind)
            return true;
    }
    return false;
}
