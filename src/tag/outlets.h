/* The outlet table: what is known of a source by its domain. Files: sources.csv and
 * sources/NAME.csv of the rulebook; a later file (in path order) wins, so a person's own file
 * overrides the shipped one.
 *
 * Columns: domain,name,country,language,type. country is ISO 3166-1 alpha-2, language BCP 47, type
 * one of newspaper agency broadcaster magazine digital government blog aggregator; name and the
 * rest may be empty. */
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
/* NULL when the domain is not in the table. */
const struct outlet *outlets_find(const struct outlets *outlets, desk_slice domain);

#endif
