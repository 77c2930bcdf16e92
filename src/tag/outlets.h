/* The outlet table: what is known of a source by its domain or its name. Files: sources.csv and
 * sources/NAME.csv of the rulebook; a later file (in path order) wins, so a person's own file
 * overrides the shipped one.
 *
 * Columns: domain,name,country,language,type,confidence. A domain is a registrable one or a host
 * below it (news.example.org), which wins for that host; a public suffix that one kind of publisher
 * has for itself (gov.uk) stands without name. country is ISO 3166-1 alpha-2 (XX for
 * none), language BCP 47, type one of newspaper agency broadcaster magazine digital government blog
 * aggregator; confidence is `sure` or `listed` and documents only; all but the domain may be empty,
 * and the last column may be missing. */
#ifndef TAG_OUTLETS_H
#define TAG_OUTLETS_H

#include <copydesk/slice.h>
#include <stdbool.h>

struct mistakes;
struct rulebook_files;
struct outlets;

struct outlet {
    desk_slice domain, name, country, language, type;
};

void *outlets_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void outlets_free(void *outlets);

/* The entry of a host in lower-case ASCII, else of the nearest domain above it; NULL when there is
 * none. */
const struct outlet *outlets_find(const struct outlets *outlets, desk_slice host);

/* The entry of this name, compared without case, accents, punctuation, a leading "The" and a
 * trailing ".com"; NULL when none or outlets of different countries or types have it. *is_only
 * tells whether one domain only has the name. */
const struct outlet *outlets_named(const struct outlets *outlets, desk_slice name, bool *is_only);

#endif
