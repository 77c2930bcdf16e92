/* Tails of compounds: in German and Dutch, words are written together, and the last part says what
 * the whole is. A lexicon term "-wahl" is found at the end of `Landratswahl` when the whole word is
 * no term itself.
 *
 * Shape: tails are folded and without inflection endings, as the ends of words are when they are
 * looked up. Built while a rulebook is compiled, read-only and shared afterwards.
 *
 *     compounds_add(compounds, tail, value);     for each tail
 *     compounds_seal(compounds);
 *     if (compounds_match(compounds, word, &value)) ... */
#ifndef TAG_COMPOUNDS_H
#define TAG_COMPOUNDS_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stdint.h>

struct inflection;
struct compounds;

/* Bytes of a tail without its ending, so that a few letters do not match by chance; and what must
 * stand before it, so that it is a compound. */
enum { COMPOUND_TAIL_MIN = 4, COMPOUND_TAIL_MAX = 24, COMPOUND_HEAD_MIN = 3 };

/* `inflection` cuts the endings of tails and words; NULL when out of memory. */
struct compounds *compounds_new(const struct inflection *inflection);
void compounds_free(struct compounds *compounds);

enum compounds_added { COMPOUNDS_ADDED, COMPOUNDS_UNFIT, COMPOUNDS_NO_MEMORY };

/* Adds one word as a tail with a number of the caller's. UNFIT when its stem is too short, too long
 * or another tail has it already. */
enum compounds_added compounds_add(struct compounds *compounds, desk_slice tail, uint32_t value);
/* False when out of memory. */
bool compounds_seal(struct compounds *compounds);

/* Whether there are any tails: most languages have none. */
bool compounds_are_empty(const struct compounds *compounds);

/* The longest tail that the word ends in; false when there is none. Takes no memory. Safe from any
 * thread after compounds_seal. */
bool compounds_match(const struct compounds *compounds, desk_slice word, uint32_t *value);

#endif
