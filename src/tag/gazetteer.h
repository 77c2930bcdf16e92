/* Names the rulebook knows: places, organisations, sources that texts cite, and the words that come
 * with names of people and organisations. Files gazetteer/NAME.csv:
 * kind,name,country,language,forms
 *
 *     kind      country, demonym, city, region; organisation; agency, broadcaster, newspaper,
 *               government, company, social (cited sources); title (president, Mrs); given (a given
 *               name); notperson (capitalised words that are part of no name); orghead
 * ("University" of X), orgtail (X "Ltd"); surname (Chinese) A place whose kind has a question mark
 * behind it ("city?") is written like a common word ("Nice") and needs a preposition or its region
 * beside it name      as published; for demonyms the country's name country   ISO 3166-1 alpha-2 or
 * empty language  BCP 47, or empty when the forms hold in every language forms     how it is
 * written, separated by '|'; empty: the name itself. A form in capitals such as WHO is only matched
 * in capitals */
#ifndef TAG_GAZETTEER_H
#define TAG_GAZETTEER_H

#include <copydesk/slice.h>

#include "tag/phrases.h"

struct mistakes;
struct rulebook_files;

enum name_kind {
    NAME_COUNTRY,
    NAME_DEMONYM,
    NAME_CITY,
    NAME_REGION,
    NAME_ORGANISATION,
    NAME_AGENCY,
    NAME_BROADCASTER,
    NAME_NEWSPAPER,
    NAME_GOVERNMENT,
    NAME_COMPANY,
    NAME_SOCIAL,
    NAME_TITLE,
    NAME_GIVEN,
    NAME_NOT_PERSON,
    NAME_ORG_HEAD,
    NAME_ORG_TAIL,
    NAME_SURNAME,
    NAME_KIND_COUNT
};

extern const char *const NAME_KINDS[NAME_KIND_COUNT];

struct gazetteer_name {
    enum name_kind kind;
    desk_slice name, country;
    uint32_t language; /* gazetteer_language(); 0 for all */
    bool is_doubtful;  /* kind written with a question mark: a common word too */
    bool is_ambiguous; /* another place is written so */
};

/* Room for names. */
struct gazetteer_list {
    const struct gazetteer_name **items;
    size_t capacity;
};

struct gazetteer {
    struct gazetteer_name *names;
    size_t names_count, names_capacity;
    struct phrases *phrases;
    uint32_t countries[26 * 26]; /* by code: index of the country's name plus one, or 0 */
};

void *gazetteer_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void gazetteer_free(void *gazetteer);

/* Tokens [at, end) of a table. */
struct gazetteer_span {
    const struct token_table *tokens;
    size_t at, end;
};

/* How names hold languages, for comparing: the primary subtag of a BCP 47 code. */
uint32_t gazetteer_language(desk_slice code);

/* The longest names at the span's first token that hold in the language: all that are written so.
 * Returns how many were written to the list, and sets the span's end to theirs. 0: there is none.
 */
size_t gazetteer_longest(const struct gazetteer *gazetteer, uint32_t language,
                         struct gazetteer_span *span, struct gazetteer_list list);
/* The first of them, or NULL. */
const struct gazetteer_name *gazetteer_match(const struct gazetteer *gazetteer, uint32_t language,
                                             struct gazetteer_span *span);
/* All names of exactly the tokens of the span that hold in the language; returns how many were
 * written. */
size_t gazetteer_all(const struct gazetteer *gazetteer, uint32_t language,
                     const struct gazetteer_span *span, struct gazetteer_list list);
/* The name of a country entry by its code, or NULL. */
const struct gazetteer_name *gazetteer_country(const struct gazetteer *gazetteer, desk_slice code);

#endif
