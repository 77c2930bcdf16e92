/* Whose lexicon a text is read with: that of its language, and where the language stage is not sure
 * the one that knows most of the words. A sentence of ten words may look like two languages to it,
 * and what the sentence is about can still be plain. */
#include "base/slice.h"
#include "tag/subject_parts.h"

/* Below this the language stage may well be wrong; above it a language without a lexicon stays
 * without subjects. */
static const double CONFIDENCE_UNSURE = 0.9;

/* A longer text of which the language cannot be told is hardly prose. Another lexicon must know two
 * words, and two more than the one of the guessed language: neighbours share a word by chance. */
enum { PROBED_BYTES_MAX = 4096, KNOWN_MIN = 2, KNOWN_AHEAD = 2 };

static bool is_probed(const struct tagging *tagging)
{
    const struct desk_article *article = tagging->article;
    size_t bytes = 0;
    for (size_t field = FIELD_TITLE; field < FIELD_COUNT; field++)
        bytes += article_field_text(article, (enum article_field)field).len;
    return bytes <= PROBED_BYTES_MAX && article->language_confidence < CONFIDENCE_UNSURE;
}

static size_t words_known(const struct lexicon_language *language, const struct token_table *tokens)
{
    size_t known = 0;
    for (size_t field = 0; field < FIELD_COUNT; field++) {
        size_t end = tokens->field_first[field + 1], at = tokens->field_first[field], words;
        for (; (at = phrases_next(language->phrases, tokens, at, end)) < end; at += words) {
            const struct phrase *phrase = phrases_match(language->phrases, tokens, at, end);
            words = phrase ? phrase->words_count : 1;
            known += phrase ? words : 0;
        }
    }
    return known;
}

static desk_slice code_of(const struct lexicon_language *language)
{
    return slice_from_cstr(language->code);
}

/* Takes the lexicon that knows most words, the first of equal ones. */
static bool probe(struct tagging *tagging)
{
    const struct lexicon *lexicon = tagging->lexicon;
    const struct lexicon_language *guessed = tagging->language;
    size_t least = guessed ? words_known(guessed, tagging->tokens) + KNOWN_AHEAD : KNOWN_MIN;
    for (size_t i = 0; i < lexicon->languages_count; i++) {
        const struct lexicon_language *language = &lexicon->languages[i];
        if (language == guessed)
            continue;
        const struct token_table *tokens = tokens_as(tagging->article, code_of(language));
        if (!tokens)
            return false;
        size_t known = words_known(language, tokens);
        if (known < least)
            continue;
        least = known + 1;
        tagging->language = language;
        tagging->tokens = tokens;
    }
    return true;
}

bool subject_choose_language(struct tagging *tagging)
{
    tagging->tokens = tokens_of(tagging->article);
    tagging->language = lexicon_for(tagging->lexicon, tagging->article->language);
    if (!tagging->tokens)
        return false;
    return !is_probed(tagging) || probe(tagging);
}
