/* Who said a quote: the person or cited source by the verb of saying that is nearest to it.
 *
 * Looked for in this order, each within one sentence of the quote's paragraph:
 *   behind the quote, up to the next one:  "...", a déclaré Xi à Poutine       "...," Smith said
 *   in front of it, from the sentence on:  Smith said: "..."                   Selon Smith, "..."
 *   the quote before in the same paragraph, when nobody else is named between
 *   the quote of the paragraph before, when this one fills its paragraph alone
 * A pronoun stands for the one person named since the paragraph before began, if it is one. In
 * languages that leave the pronoun out a verb alone counts as one. A verb with an unnamed speaker
 * ("a policeman said") leaves the quote without any. */
#ifndef TAG_QUOTE_SPEAKER_H
#define TAG_QUOTE_SPEAKER_H

#include "article/article.h"
#include "tag/quote_marks.h"
#include "tag/tokens.h"

struct phrases;

/* A person or source in the body. */
struct quote_name {
    size_t start; /* bytes */
    size_t token;
    const struct entity *entity;
    bool is_person;
};

struct quote_voice {
    desk_slice speaker; /* empty: unknown */
    bool is_attributed; /* a verb of saying stands by the quote, named speaker or not */
};

struct quote_scene {
    const struct desk_article *article;
    const struct token_table *tokens;
    const struct phrases *cues; /* quoting_cues of the language, or NULL */
    struct quote_name *names;   /* by position */
    size_t names_count;
};

/* Gathers the names; from the article's arena. False at the memory limit. */
bool quote_scene_open(struct quote_scene *scene, struct desk_article *article,
                      const struct phrases *cues);

/* The voice of span `i`; `voices` holds those of the spans before. */
struct quote_voice quote_speaker(const struct quote_scene *scene, const struct quote_spans *spans,
                                 size_t i, const struct quote_voice *voices);

#endif
