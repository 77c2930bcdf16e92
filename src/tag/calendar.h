/* Names of months, weekdays and days counted from today. File calendar.yaml of the rulebook:
 *
 *     languages:
 *       fr:
 *         months: [janvier|janv, février|févr, ...]        # twelve, January first
 *         weekdays: [lundi, mardi, ...]                    # seven, Monday first
 *         days: {hier: -1, aujourd'hui: 0, demain: 1}
 * Names match by folded form, as written here: inflected forms are listed. */
#ifndef TAG_CALENDAR_H
#define TAG_CALENDAR_H

#include <copydesk/slice.h>

#include "tag/phrases.h"

struct mistakes;
struct rulebook_files;
struct calendar;

enum calendar_kind { CALENDAR_NONE, CALENDAR_MONTH, CALENDAR_WEEKDAY, CALENDAR_DAY };

struct calendar_word {
    enum calendar_kind kind;
    int value; /* month 1..12, weekday 0 (Monday)..6, days from today */
    size_t words;
};

void *calendar_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void calendar_free(void *calendar);
/* What stands at token `at` in the language; kind CALENDAR_NONE for nothing. */
struct calendar_word calendar_match(const struct calendar *calendar, desk_slice language,
                                    const struct token_table *tokens, size_t at, size_t end);

#endif
