/* Dates as pages write them for people, in a short line: "Published 4 May 2021, 10:30",
 * "4. Mai 2021", "4 de mayo de 2021", "2021年5月4日", "вторник, 4 мая 2021". Machine forms are
 * tag/parse_time.h's; dates in running text are the date stage's. */
#ifndef CLEAN_DATE_LINE_H
#define CLEAN_DATE_LINE_H

#include "article/time.h"
#include "clean/metadata_words.h"

/* How 03/04/2021 is read. */
enum date_order { ORDER_UNKNOWN, ORDER_DAY_FIRST, ORDER_MONTH_FIRST };

/* What the words beside a date say it is. */
enum date_role { DATE_PLAIN, DATE_PUBLISHED, DATE_UPDATED, DATE_OTHER };

struct date_hit {
    struct civil_date date;
    enum date_role role;
};

enum { DATE_LINE_BYTES_MAX = 200, DATE_HITS_MAX = 4 };

struct date_reader {
    const struct metadata_words *words;
    desk_slice language; /* BCP 47 or empty */
    enum date_order order;
};

/* By the conventions of a language and region; for English without a region ORDER_UNKNOWN. */
enum date_order date_order_of(desk_slice language);

/* All dates with day, month and year in a line of at most DATE_LINE_BYTES_MAX bytes; longer ones
 * have none. A numeric date that could be read both ways is left out when the order is unknown.
 * Returns the count. */
size_t date_line_read(const struct date_reader *reader, desk_slice line,
                      struct date_hit hits[DATE_HITS_MAX]);

#endif
