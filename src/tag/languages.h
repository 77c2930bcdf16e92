/* The languages part of the rulebook: scripts, letters and common words that people list, and the
 * learned table beside them (tag/language_grams.h).
 *
 * File languages.yaml:
 *     languages:
 *       fr: {script: Latin, letters: àâçé..., words: [le, la, les, des, ...]}
 *       el: {script: Greek}
 * Letters are those outside of ASCII that the language is written with. Where a script has one or
 * two languages it decides alone for the first one, unless the other has evidence. A language `und`
 * collects words of filler text and code: what looks most like them has no language. */
#ifndef TAG_LANGUAGES_H
#define TAG_LANGUAGES_H

#include <copydesk/slice.h>
#include <stddef.h>
#include <stdint.h>

struct mistakes;
struct rulebook_files;
struct languages;

enum { LANGUAGES_MAX = 128, LANGUAGE_WORD_BYTES_MAX = 48 };

void *languages_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void languages_free(void *languages);

struct language_guess {
    desk_slice code;   /* "und" when undecided */
    double confidence; /* 0..1 */
};

/* Guesses the language of an article: its title and the start of its body, LANGUAGE_STEP_BYTES at a
 * time until it is certain, at most LANGUAGE_BYTES_SEEN. Pure, no memory. */
enum { LANGUAGE_STEP_BYTES = 160, LANGUAGE_BYTES_SEEN = 1920 };
struct language_guess languages_guess(const struct languages *languages, desk_slice title,
                                      desk_slice body);

#endif
