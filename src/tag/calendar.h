/* Words that speak of days: names of months and weekdays, "yesterday", "ago", "last". File
 * calendar.yaml of the rulebook, whose first lines say what each list is for. Words match by folded
 * form; those written with a capital there need one in the text ("May"). */
#ifndef TAG_CALENDAR_H
#define TAG_CALENDAR_H

#include <copydesk/slice.h>

#include "tag/phrases.h"

struct mistakes;
struct rulebook_files;
struct calendar;

/* Bits, so that a search may ask for several. */
enum calendar_kind {
    CALENDAR_NONE = 0,
    CALENDAR_MONTH = 1 << 0,   /* 1..12 */
    CALENDAR_WEEKDAY = 1 << 1, /* 0 (Monday)..6 */
    CALENDAR_DAY = 1 << 2,     /* days from today */
    CALENDAR_LAST = 1 << 3,    /* the next five: no value */
    CALENDAR_NEXT = 1 << 4,
    CALENDAR_THIS = 1 << 5,
    CALENDAR_AGO_BEFORE = 1 << 6,
    CALENDAR_AGO_AFTER = 1 << 7,
    CALENDAR_IN_BEFORE = 1 << 8,
    CALENDAR_IN_AFTER = 1 << 9,
    CALENDAR_UNIT = 1 << 10,   /* enum calendar_unit, plus CALENDAR_PLURAL */
    CALENDAR_NUMBER = 1 << 11, /* from 1 */
    CALENDAR_AMOUNT = 1 << 12, /* number * 4 + unit */
    CALENDAR_PERIOD = 1 << 13, /* number * 4 + unit, from now */
    CALENDAR_PARTICLE = 1 << 14,
    CALENDAR_FUTURE = 1 << 15,
    CALENDAR_MARK = 1 << 16, /* enum calendar_unit */
    CALENDAR_NEVER = 1 << 17,
    CALENDAR_ANY = (1 << 18) - 1,
    /* Kinds that a day in the text may begin with, or that say that none does. */
    CALENDAR_OPENERS = CALENDAR_ANY & ~(CALENDAR_AGO_AFTER | CALENDAR_IN_AFTER | CALENDAR_PARTICLE |
                                        CALENDAR_FUTURE | CALENDAR_MARK)
};

enum calendar_unit { UNIT_DAY, UNIT_WEEK, UNIT_MONTH, UNIT_YEAR, CALENDAR_PLURAL = 8 };

struct calendar_word {
    enum calendar_kind kind;
    int value;
    bool is_short; /* an abbreviation, which a full stop may follow */
    size_t words;
};

void *calendar_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void calendar_free(void *calendar);

/* The words of a language, and of these the openers alone, to find where a day may begin. */
struct calendar_words {
    struct phrases *all, *openers;
    bool has_marks; /* signs of units behind numbers: 年 */
};

/* NULL when the rulebook has none for the language. */
const struct calendar_words *calendar_words(const struct calendar *calendar, desk_slice language);

/* The longest words at token `at` of one of the kinds; kind CALENDAR_NONE for nothing. */
struct calendar_word calendar_match(const struct phrases *phrases, const struct token_table *tokens,
                                    size_t at, size_t end, unsigned kinds);
/* All kinds of the words that begin at token `at`, as bits; *longest gets how many tokens the
 * longest of them have. */
unsigned calendar_kinds(const struct phrases *phrases, const struct token_table *tokens, size_t at,
                        size_t *longest);

#endif
