/* Titles: how near two of them are, and a title without the site's name around it. */
#ifndef CLEAN_TITLE_H
#define CLEAN_TITLE_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The words of a title, hashed in folded form; longer titles are known by their beginning. */
enum { TITLE_WORDS_MAX = 64 };
struct title_words {
    uint64_t hashes[TITLE_WORDS_MAX];
    size_t count;
};
void title_words_of(desk_slice text, struct title_words *out);
/* Share of words that two titles have in common, 0..1 (Dice). */
double title_words_overlap(const struct title_words *a, const struct title_words *b);
/* The same for texts. */
double title_overlap(desk_slice a, desk_slice b);

/* True when letters and digits are the same, case and accents folded. */
bool title_same(desk_slice a, desk_slice b);

/* The names by which a site may call itself: og:site_name, publisher, domain ... */
struct site_names {
    desk_slice items[8];
    size_t count;
};
void site_names_add(struct site_names *names, desk_slice name);
/* "The Daily Planet" and "dailyplanet" are names of "Daily Planet". */
bool site_names_match(const struct site_names *names, desk_slice text);

struct title_context {
    const desk_slice *separators; /* " | ", " - " ... */
    size_t separators_count;
    const struct site_names *sites;
    desk_slice heading; /* as the page shows it, or empty: one side that equals it is the title */
};

/* A part of the title: without the site's name, and the section's beside it. */
desk_slice title_without_site(const struct title_context *context, desk_slice title);

#endif
