/* The languages part of the rulebook: scripts that decide alone, and the commonest words of each
 * language.
 *
 * File languages.yaml:
 *     languages:
 *       fr: {script: Latin, words: [le, la, les, des, ...]}
 *       el: {script: Greek}
 * A language without words is decided by its script alone. */
#ifndef TAG_LANGUAGES_H
#define TAG_LANGUAGES_H

#include <copydesk/slice.h>
#include <stddef.h>
#include <stdint.h>

struct mistakes;
struct rulebook_files;
struct languages;

enum { LANGUAGES_MAX = 96, LANGUAGE_WORD_BYTES_MAX = 48 };

void *languages_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void languages_free(void *languages);

struct language_guess {
    desk_slice code;   /* "und" when undecided */
    double confidence; /* 0..1 */
};

/* Guesses the language of UTF-8 text. Looks at `text` up to LANGUAGE_BYTES_SEEN bytes. Pure, no
 * memory. */
enum { LANGUAGE_BYTES_SEEN = 1536 };
struct language_guess languages_guess(const struct languages *languages, desk_slice title,
                                      desk_slice body);

#endif
