/* The shape of a block's text: sentences, punctuation, capitals, digits. */
#ifndef CLEAN_PAGE_SHAPE_H
#define CLEAN_PAGE_SHAPE_H

#include <copydesk/slice.h>
#include <stdint.h>

/* How a text ends or begins. */
enum end_mark { END_NONE, END_OTHER, END_COLON, END_ELLIPSIS, END_SENTENCE };
enum first_mark { FIRST_OTHER, FIRST_QUOTE, FIRST_DIGIT, FIRST_LOWER, FIRST_UPPER };

/* Counts are of the first bytes of the text only: they tell what kind of text it is. */
struct text_shape {
    uint8_t sentences; /* ends of sentences */
    uint8_t commas;
    uint8_t capitals;   /* words that begin with a capital, of 64; prose's usual share where a
                           script has no capitals */
    uint8_t digits;     /* share of 64 */
    uint8_t separators; /* | > / and bullets, as between links */
    uint8_t end;        /* enum end_mark */
    uint8_t first;      /* enum first_mark */
    uint8_t address;    /* @, http, www */
    uint8_t copyright;
};

struct text_shape page_shape(desk_slice text);

#endif
