/* Calendar arithmetic and RFC 3339 printing. */
#include "article/time.h"

#include <stdio.h>

int64_t time_days_from_civil(struct civil_date date)
{
    int64_t year = date.month <= 2 ? (int64_t)date.year - 1 : date.year;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t month = date.month > 2 ? date.month - 3 : date.month + 9;
    int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct civil_date time_civil_from_days(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    struct civil_date date;
    date.day = (int32_t)(day_of_year - (153 * month + 2) / 5 + 1);
    date.month = (int32_t)(month < 10 ? month + 3 : month - 9);
    date.year = (int32_t)(year_of_era + era * 400 + (date.month <= 2));
    return date;
}

int time_weekday(int64_t days)
{
    return (int)(days >= -4 ? (days + 4) % 7 : (days + 5) % 7 + 6);
}

bool time_is_valid_date(struct civil_date date)
{
    if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1)
        return false;
    struct civil_date back = time_civil_from_days(time_days_from_civil(date));
    return back.month == date.month && back.day == date.day;
}

/* Division that rounds down, as days before 1970 need. */
static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

void time_print_date(struct civil_date date, char out[11])
{
    unsigned year = date.year < 0 ? 0 : date.year > 9999 ? 9999 : (unsigned)date.year;
    snprintf(out, 11, "%04u-%02u-%02u", year, (unsigned)date.month % 100, (unsigned)date.day % 100);
}

size_t time_print(int64_t ms, int32_t zone_minutes, bool is_day, char out[TIME_TEXT_SIZE])
{
    char date[11], zone[8] = "Z", fraction[16] = "";
    int64_t local = ms + (int64_t)zone_minutes * 60000;
    int64_t day = floor_div(local, 86400000);
    int64_t in_day = local - day * 86400000;
    time_print_date(time_civil_from_days(day), date);
    if (is_day)
        return (size_t)snprintf(out, TIME_TEXT_SIZE, "%s", date);
    if (zone_minutes) {
        unsigned size = (unsigned)(zone_minutes < 0 ? -zone_minutes : zone_minutes);
        snprintf(zone, sizeof zone, "%c%02u:%02u", zone_minutes < 0 ? '-' : '+', size / 60 % 100,
                 size % 60);
    }
    if (in_day % 1000)
        snprintf(fraction, sizeof fraction, ".%03u", (unsigned)(in_day % 1000));
    unsigned seconds = (unsigned)(in_day / 1000);
    return (size_t)snprintf(out, TIME_TEXT_SIZE, "%sT%02u:%02u:%02u%s%s", date, seconds / 3600,
                            seconds / 60 % 60, seconds % 60, fraction, zone);
}
