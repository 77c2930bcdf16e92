/* What the words at a place of the text say about a day: a grammar over the words of calendar.yaml
 * and numbers, the same for all languages. It knows no reference day; date.c resolves. */
#ifndef TAG_DAY_WORDS_H
#define TAG_DAY_WORDS_H

#include "tag/calendar.h"
#include "tag/tokens.h"

struct day_text {
    const struct desk_article *article;
    const struct token_table *tokens;
    const struct calendar_words *words; /* of the language, or NULL */
    size_t end;                         /* of the body's tokens */
};

enum spoken_kind {
    SPOKEN_NOTHING,
    SPOKEN_DATE,    /* month with day or year; weekday and year may be unknown */
    SPOKEN_WEEKDAY, /* a weekday alone, direction */
    SPOKEN_MONTH,   /* a month alone, with a direction */
    SPOKEN_SHIFT    /* amount of units from now */
};

enum direction { DIRECTION_NONE, DIRECTION_LAST, DIRECTION_THIS, DIRECTION_NEXT };

struct spoken {
    enum spoken_kind kind;
    int year, month, day; /* 0: not said */
    int weekday;          /* 0 Monday .. 6, -1: not said */
    enum direction direction;
    int amount, unit; /* enum calendar_unit */
    bool is_period;   /* "last week": the unit as a whole; else as many units from today */
    size_t words;     /* tokens; what follows is not part of it. At least 1, also for nothing */
};

/* The first token from `at` on at which spoken_read may find something; text->end when there is
 * none. */
size_t spoken_next(const struct day_text *text, size_t at);

/* Reads what begins at token `at`, which lies before text->end. Looks at a bounded number of
 * tokens. */
struct spoken spoken_read(const struct day_text *text, size_t at);

/* Whether words before the token, in its sentence, say that what follows lies ahead ("will"). */
bool spoken_is_ahead(const struct day_text *text, size_t at);

#endif
