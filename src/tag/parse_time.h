/* Reading points in time as machines write them: RFC 3339 and ISO 8601, RFC 2822 (feeds, mail),
 * numbers since 1970, and the usual loose forms of page metadata. Text for people ("vendredi 30
 * décembre") is tag/calendar.h's. */
#ifndef TAG_PARSE_TIME_H
#define TAG_PARSE_TIME_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stdint.h>

struct parsed_time {
    int64_t ms;           /* since 1970-01-01T00:00:00Z */
    int32_t zone_minutes; /* east of UTC, as written */
    bool is_day;          /* only a date was written: ms is its midnight in UTC */
    bool has_zone;        /* false: read as UTC */
};

/* Strict RFC 3339 date-time or full-date. */
bool parse_time_rfc3339(desk_slice text, struct parsed_time *out);

/* Anything a machine writes, tried in this order: ISO 8601 (with T or a space, "+0100", fractions,
 * seconds optional, basic form 20230102T100000Z), RFC 2822, "YYYY/MM/DD", "DD.MM.YYYY", English
 * month names with a day and a year ("Jan 2, 2023 10:00"), seconds or milliseconds since 1970. Days
 * and months that could be either ("02/03/2023") are refused: a wrong day is worse than none. Years
 * outside 1970..2100 are refused. */
bool parse_time_any(desk_slice text, struct parsed_time *out);

#endif
