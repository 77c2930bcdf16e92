/* What makes a name a source that the text cites, rather than something it only mentions.
 *
 * A cue of quoting.yaml must stand by the name, in its sentence, with no punctuation between:
 *     attribution.according   "according to CNN", "selon le quotidien Le Monde", "据新华社"
 *     attribution.told        "told Reuters", "a déclaré la chaîne CCTV", "сообщает ТАСС"
 *     attribution.said        "Reuters reported", "le ministère a annoncé", "外交部发言人表示"
 *     attribution.slug        "(Reuters)"
 * Words that open another clause ("said that Google ...") end the search, prepositions too
 * ("said the deal with Google ..."), except before social networks ("wrote on Telegram").
 *
 * Any finder of names may ask; entity.c does for organisations. */
#ifndef TAG_ATTRIBUTION_H
#define TAG_ATTRIBUTION_H

#include "tag/gazetteer.h"
#include "tag/tokens.h"

struct attribution_scan {
    const struct desk_article *article;
    const struct token_table *tokens;
    const struct phrases *cues; /* of the article's language (quoting_cues), or NULL */
};

/* The rule by which the name of `words` tokens at token `at` is cited, a static text; NULL when it
 * is not. Takes no memory and looks at a bounded number of tokens. */
const char *attribution_of(const struct attribution_scan *scan, enum name_kind kind, size_t at,
                           size_t words);

#endif
