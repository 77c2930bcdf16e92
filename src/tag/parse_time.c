/* A small scanner over digits, words and marks. No locale, no strptime. */
#include "tag/parse_time.h"

#include "article/time.h"
#include "base/slice.h"

enum { YEAR_MIN = 1970, YEAR_MAX = 2100 };

struct scanner {
    const char *p, *end;
};

struct clock_time {
    int32_t hour, minute, second, millisecond;
};

static bool at_digit(const struct scanner *s, size_t ahead)
{
    return (size_t)(s->end - s->p) > ahead && ascii_is_digit(s->p[ahead]);
}

static bool take(struct scanner *s, char c)
{
    if (s->p == s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

static void skip_spaces(struct scanner *s)
{
    while (s->p < s->end && (ascii_is_space(*s->p) || *s->p == ','))
        s->p++;
}

/* Between min and max digits; not followed by another digit. */
static bool take_number(struct scanner *s, size_t min, size_t max, int32_t *out)
{
    size_t count = 0;
    int32_t value = 0;
    while (count < max && at_digit(s, count))
        value = value * 10 + (s->p[count++] - '0');
    if (count < min || at_digit(s, count))
        return false;
    s->p += count;
    *out = value;
    return true;
}

/* Exactly `count` digits, whatever follows: the basic form has no separators. */
static bool take_digits(struct scanner *s, size_t count, int32_t *out)
{
    int32_t value = 0;
    for (size_t i = 0; i < count; i++) {
        if (!at_digit(s, i))
            return false;
        value = value * 10 + (s->p[i] - '0');
    }
    s->p += count;
    *out = value;
    return true;
}

static bool finish(struct civil_date date, struct clock_time clock, int32_t zone, bool has_zone,
                   bool is_day, struct parsed_time *out)
{
    if (!time_is_valid_date(date) || date.year < YEAR_MIN || date.year > YEAR_MAX ||
        clock.hour > 24 || clock.minute > 59 || clock.second > 60 || zone < -14 * 60 ||
        zone > 14 * 60)
        return false;
    int64_t seconds =
        time_days_from_civil(date) * 86400 + clock.hour * 3600 + clock.minute * 60 + clock.second;
    out->ms = (seconds - (int64_t)zone * 60) * 1000 + clock.millisecond;
    out->zone_minutes = zone;
    out->has_zone = has_zone;
    out->is_day = is_day;
    return true;
}

/* Fraction of a second: any number of digits, the first three count. */
static void take_fraction(struct scanner *s, struct clock_time *clock)
{
    if (s->p == s->end || (*s->p != '.' && *s->p != ',') || !at_digit(s, 1))
        return;
    int32_t scale = 100;
    for (s->p++; at_digit(s, 0); s->p++) {
        clock->millisecond += (*s->p - '0') * scale;
        scale /= 10;
    }
}

/* hh:mm[:ss[.fff]] */
static bool take_clock(struct scanner *s, struct clock_time *clock)
{
    if (!take_number(s, 1, 2, &clock->hour) || !take(s, ':') ||
        !take_number(s, 2, 2, &clock->minute))
        return false;
    if (take(s, ':')) {
        if (!take_number(s, 2, 2, &clock->second))
            return false;
        take_fraction(s, clock);
    }
    return true;
}

static bool take_word(struct scanner *s, const char *word)
{
    desk_slice rest = slice_of(s->p, (size_t)(s->end - s->p));
    desk_slice wanted = slice_from_cstr(word);
    if (!slice_starts_nocase(rest, wanted) ||
        (rest.len > wanted.len && ascii_is_alpha(rest.data[wanted.len])))
        return false;
    s->p += wanted.len;
    return true;
}

/* Z, +hh:mm, +hhmm, +hh, or a name of RFC 2822. Others ("CET") are many and ambiguous: only those
 * everybody means alike. */
static bool take_zone(struct scanner *s, int32_t *zone)
{
    static const struct {
        const char *name;
        int32_t minutes;
    } names[] = {{"z", 0},      {"utc", 0},    {"gmt", 0},    {"ut", 0},     {"edt", -240},
                 {"est", -300}, {"cdt", -300}, {"cst", -360}, {"mdt", -360}, {"mst", -420},
                 {"pdt", -420}, {"pst", -480}, {"cet", 60},   {"cest", 120}, {"bst", 60},
                 {"et", -300},  {"msk", 180},  {"jst", 540}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (take_word(s, names[i].name)) {
            *zone = names[i].minutes;
            return true;
        }
    struct scanner saved = *s;
    int32_t hours, minutes = 0;
    bool is_west = s->p < s->end && *s->p == '-';
    if ((!take(s, '+') && !take(s, '-')) || !take_digits(s, 2, &hours)) {
        *s = saved;
        return false;
    }
    take(s, ':');
    if (at_digit(s, 0) && !take_digits(s, 2, &minutes)) {
        *s = saved;
        return false;
    }
    *zone = (hours * 60 + minutes) * (is_west ? -1 : 1);
    return true;
}

static bool at_end(struct scanner *s)
{
    skip_spaces(s);
    return s->p == s->end;
}

/* What may follow a date: nothing, or a clock with or without a zone. */
static bool finish_with_clock(struct scanner *s, struct civil_date date, struct parsed_time *out)
{
    struct clock_time clock = {0, 0, 0, 0};
    int32_t zone = 0;
    if (at_end(s))
        return finish(date, clock, 0, false, true, out);
    if (!take_word(s, "at"))
        take(s, '-');
    skip_spaces(s);
    if (!take_clock(s, &clock))
        return false;
    skip_spaces(s);
    if (take_word(s, "pm") || take_word(s, "p.m.")) {
        clock.hour += clock.hour < 12 ? 12 : 0;
        skip_spaces(s);
    } else if (take_word(s, "am") || take_word(s, "a.m.")) {
        clock.hour -= clock.hour == 12 ? 12 : 0;
        skip_spaces(s);
    }
    bool has_zone = take_zone(s, &zone);
    return at_end(s) && finish(date, clock, zone, has_zone, false, out);
}

static bool parse_iso(struct scanner s, bool strict, struct parsed_time *out)
{
    struct civil_date date;
    struct clock_time clock = {0, 0, 0, 0};
    int32_t zone = 0;
    if (!take_number(&s, 4, 4, &date.year) || !take(&s, '-') ||
        !take_number(&s, strict ? 2 : 1, 2, &date.month) || !take(&s, '-') ||
        !take_number(&s, strict ? 2 : 1, 2, &date.day))
        return false;
    if (s.p == s.end)
        return finish(date, clock, 0, false, true, out);
    if (!take(&s, 'T') && !take(&s, 't') && !take(&s, ' '))
        return false;
    if (!strict)
        return finish_with_clock(&s, date, out);
    return take_clock(&s, &clock) && take_zone(&s, &zone) && s.p == s.end &&
           finish(date, clock, zone, true, false, out);
}

/* 20230102 or 20230102T100000Z */
static bool parse_basic(struct scanner s, struct parsed_time *out)
{
    struct civil_date date;
    struct clock_time clock = {0, 0, 0, 0};
    int32_t zone = 0;
    if (!take_digits(&s, 4, &date.year) || !take_digits(&s, 2, &date.month) ||
        !take_digits(&s, 2, &date.day))
        return false;
    if (s.p == s.end)
        return finish(date, clock, 0, false, true, out);
    if ((!take(&s, 'T') && !take(&s, ' ')) || !take_digits(&s, 2, &clock.hour) ||
        !take_digits(&s, 2, &clock.minute))
        return false;
    if (at_digit(&s, 0) && !take_digits(&s, 2, &clock.second))
        return false;
    bool has_zone = take_zone(&s, &zone);
    return at_end(&s) && finish(date, clock, zone, has_zone, false, out);
}

static bool take_month_name(struct scanner *s, int32_t *month)
{
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    for (int32_t i = 0; i < 12; i++) {
        char short_name[4] = {names[i][0], names[i][1], names[i][2], '\0'};
        if (take_word(s, names[i]) || take_word(s, short_name) ||
            (i == 8 && take_word(s, "sept"))) {
            take(s, '.');
            *month = i + 1;
            return true;
        }
    }
    return false;
}

static void skip_weekday(struct scanner *s)
{
    static const char *const names[] = {
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue",
        "tues",   "wed",     "thu",       "thur",     "thurs",  "fri",      "sat",    "sun"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (take_word(s, names[i]))
            break;
    take(s, '.');
    skip_spaces(s);
}

static void skip_ordinal(struct scanner *s)
{
    if (!take_word(s, "st") && !take_word(s, "nd") && !take_word(s, "rd"))
        take_word(s, "th");
}

/* "Mon, 02 Jan 2023 10:00:00 +0100", "2 January 2023", "Jan 2, 2023 10:00 am" */
static bool parse_named(struct scanner s, struct parsed_time *out)
{
    struct civil_date date;
    skip_weekday(&s);
    if (take_number(&s, 1, 2, &date.day)) {
        skip_ordinal(&s);
        take(&s, '-');
        skip_spaces(&s);
        if (!take_month_name(&s, &date.month))
            return false;
    } else {
        if (!take_month_name(&s, &date.month))
            return false;
        skip_spaces(&s);
        if (!take_number(&s, 1, 2, &date.day))
            return false;
        skip_ordinal(&s);
    }
    take(&s, '-');
    skip_spaces(&s);
    return take_number(&s, 4, 4, &date.year) && finish_with_clock(&s, date, out);
}

/* YYYY/MM/DD, DD.MM.YYYY, and DD/MM/YYYY or MM/DD/YYYY where only one of the two can be a month. */
static bool parse_slashed(struct scanner s, struct parsed_time *out)
{
    struct civil_date date;
    int32_t a, b;
    struct scanner start = s;
    if (take_number(&s, 4, 4, &date.year) && (take(&s, '/') || take(&s, '.')) &&
        take_number(&s, 1, 2, &date.month) && (take(&s, '/') || take(&s, '.')) &&
        take_number(&s, 1, 2, &date.day))
        return finish_with_clock(&s, date, out);
    s = start;
    if (!take_number(&s, 1, 2, &a))
        return false;
    char mark = s.p < s.end ? *s.p : '\0';
    if ((mark != '/' && mark != '.' && mark != '-') || !take(&s, mark) ||
        !take_number(&s, 1, 2, &b) || !take(&s, mark) || !take_number(&s, 4, 4, &date.year))
        return false;
    if (mark == '/' && a <= 12 && b <= 12 && a != b)
        return false;
    bool is_month_first = mark == '/' && b > 12;
    date.day = is_month_first ? b : a;
    date.month = is_month_first ? a : b;
    return finish_with_clock(&s, date, out);
}

static bool parse_epoch(struct scanner s, struct parsed_time *out)
{
    int64_t value = 0;
    size_t digits = 0;
    for (; at_digit(&s, 0) && digits < 14; s.p++, digits++)
        value = value * 10 + (*s.p - '0');
    if (s.p != s.end || (digits != 10 && digits != 13))
        return false;
    *out = (struct parsed_time){.ms = digits == 10 ? value * 1000 : value, .has_zone = true};
    return true;
}

bool parse_time_rfc3339(desk_slice text, struct parsed_time *out)
{
    struct scanner s = {text.data, text.data + text.len};
    return parse_iso(s, true, out);
}

bool parse_time_any(desk_slice text, struct parsed_time *out)
{
    text = slice_trim(text);
    struct scanner s = {text.data, text.data + text.len};
    if (text.len == 0 || text.len > 64)
        return false;
    return parse_iso(s, false, out) || parse_epoch(s, out) || parse_basic(s, out) ||
           parse_slashed(s, out) || parse_named(s, out);
}
