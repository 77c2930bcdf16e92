/* From weights to subjects: what an occurrence of a term counts, and how sure a topic's sum makes
 * us. All constants stand in subjects/scoring.yaml of the rulebook; docs/subjects.md explains the
 * formula and how the constants were fitted.
 *
 * Whoever has evidence for a topic adds to its `score` (in the lexicon's units: a weight-4 term
 * counts 8) or to its `log_odds` (a model), then scoring_decide gives each topic its confidence.
 *
 *     struct topic_score *scores = ...topics_count, zeroed...
 *     scores[topic].score += scoring_strength(...) * place * repeated
 *     scoring_decide(lexicon, scores, &text);
 *     if (scores[topic].confidence > 0) ...the topic is a subject... */
#ifndef TAG_SCORING_H
#define TAG_SCORING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lexicon;
struct lexicon_entry;
struct yaml_node;

/* Further occurrences of a term count like this one. */
enum { REPEATS_MAX = 63 };

/* The constants of scoring.yaml; each has its line there. */
struct scoring {
    double title, description, lead; /* factors of occurrences by place */
    double lead_sentences;
    double power;      /* strength of a term: weight ^ power / 2 */
    double repeat;     /* the nth occurrence counts n ^ -repeat */
    double generality; /* a term of n top-level topics counts n ^ -generality for each */
    double share_min;  /* of the strongest top-level topic's score, to be a subject beside it */
    double confidence_min;
    double subjects_max;
    double base, by_score, by_length, by_share; /* of the logistic curve */
    double repeats[REPEATS_MAX + 1];            /* n ^ -repeat, by n; made by scoring_read */
};

/* What speaks for one topic and all narrower ones. */
struct topic_score {
    double score;
    double log_odds;   /* added to the curve's argument */
    double confidence; /* out: 0 when the topic is no subject */
    unsigned terms;    /* different terms found */
};

/* What else counts. */
struct scored_text {
    size_t words;
    double no_news; /* score of the words that speak for no news at all */
};

/* Reads the constants over their defaults; `root` may be unset. Mistakes are reported there. */
void scoring_read(struct scoring *scoring, struct yaml_node root);

/* What one occurrence of a term counts in the plain text: its sign is the weight's. */
double scoring_strength(const struct scoring *scoring, const struct lexicon_entry *entry);

/* The factor of the count-th occurrence of a term, from 1. */
double scoring_repeat(const struct scoring *scoring, unsigned count);

/* Weighs each score with the prior of its top-level topic and gives each topic its confidence,
 * rounded to three decimals. Top-level topics are judged against
 * the strongest one and all together; a narrower topic needs its broader one and is never surer
 * than it. Topics beyond the limit get none, narrow and unsure ones first. */
void scoring_decide(const struct lexicon *lexicon, struct topic_score *scores,
                    const struct scored_text *text);

#endif
