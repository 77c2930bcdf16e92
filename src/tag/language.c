/* The language stage: what the text is written in, from the text itself. What the input or the page
 * claims only breaks a tie: claims are often those of a template. */
#include "engine/stage.h"

#include "article/article.h"
#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "tag/languages.h"

/* Below this the claim of input or page decides. */
static const double CONFIDENCE_SURE = 0.9;
/* How sure a claim makes us that the text does not bear out. */
static const double CONFIDENCE_CLAIM = 0.6;

/* The primary subtag in lower case, when it is two or three letters. */
static desk_slice claimed_language(struct desk_article *article)
{
    desk_slice claim =
        article->input_language.len ? article->input_language : article->page_language;
    size_t len = 0;
    while (len < claim.len && ascii_is_alpha(claim.data[len]))
        len++;
    if (len < 2 || len > 3 || (len < claim.len && claim.data[len] != '-' && claim.data[len] != '_'))
        return slice_of(NULL, 0);
    char *code = arena_alloc(article->arena, len, 1);
    for (size_t i = 0; code && i < len; i++)
        code[i] = ascii_lower(claim.data[i]);
    return slice_of(code, code ? len : 0);
}

static desk_status open_language(const struct desk_rulebook *rulebook, void **state,
                                 desk_error *err)
{
    (void)err;
    *state = rulebook->languages;
    return DESK_OK;
}

static desk_status process_language(void *state, struct desk_article *article, desk_error *err)
{
    size_t seen = article->body.len < LANGUAGE_BYTES_SEEN ? article->body.len : LANGUAGE_BYTES_SEEN;
    if (!article_work(article, 4 * (seen + article->title.len)))
        return article_work_error(err);
    struct language_guess guess = languages_guess(state, article->title, article->body);
    desk_slice claim = claimed_language(article);
    if (guess.confidence < CONFIDENCE_SURE && claim.len) {
        guess.code = claim;
        guess.confidence = CONFIDENCE_CLAIM;
    }
    article->language = guess.code;
    article->language_confidence = guess.confidence;
    return DESK_OK;
}

static void close_language(void *state)
{
    (void)state;
}

const struct stage stage_language = {"language", open_language, process_language, close_language};
