/* Points in time as RFC 3339 text, by the proleptic Gregorian calendar, without the C library's
 * time zone state. */
#ifndef ARTICLE_TIME_H
#define ARTICLE_TIME_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stdint.h>

enum { TIME_TEXT_SIZE = 40 };

struct civil_date {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
};

/* Days since 1970-01-01 and back. Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"
 * (2013), days_from_civil and civil_from_days. */
int64_t time_days_from_civil(struct civil_date date);
struct civil_date time_civil_from_days(int64_t days);
/* 0 Sunday .. 6 Saturday. */
int time_weekday(int64_t days);
bool time_is_valid_date(struct civil_date date);

/* Writes RFC 3339: a date-time in the given zone (minutes east of UTC), or the full-date alone when
 * is_day. Returns the length. Years outside 0..9999 are clamped. */
size_t time_print(int64_t ms, int32_t zone_minutes, bool is_day, char out[TIME_TEXT_SIZE]);

/* Writes "YYYY-MM-DD" and a NUL. */
void time_print_date(struct civil_date date, char out[11]);

#endif
