/* A loaded stage's turn with an article: who it is, and what it has decided so far. The functions
 * that change an article (tags.c, changes.c) work within a turn only. */
#ifndef STAGE_TURN_H
#define STAGE_TURN_H

#include <copydesk/stage.h>
#include <stdbool.h>

struct lexicon;

enum turn_verdict { TURN_KEEP, TURN_REJECT, TURN_DROP };

enum { TURN_REASON_MAX = 400, STAGE_NAME_MAX = 23 };

struct stage_turn {
    desk_slice creator;            /* "stage:NAME", as long as the engine lives */
    const struct lexicon *lexicon; /* of the rulebook: names and broader topics; NULL: none */
    enum turn_verdict verdict;
    bool has_tagged; /* subjects were added: they are to be completed and sorted */
    char reason[TURN_REASON_MAX + 1];
    char fault[TURN_REASON_MAX + 1]; /* the first thing the stage gave that cannot be taken; "" */
};

/* Notes what cannot be taken of a stage, and returns DESK_EARGUMENT. Outside a turn nothing is
 * noted. */
desk_status turn_refuse(struct desk_article *article, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* changes.c: the reason of a turn as one line of valid UTF-8, whatever was given: it becomes a
 * header. */
void turn_keep_reason(struct stage_turn *turn, const char *reason);

/* tags.c: after the turn, lists broader topics and puts subjects and evidence into their order.
 * False at the memory limit. */
bool turn_finish_tags(struct desk_article *article);

/* tags.c: the built-in subject stage begins with an empty list. What loaded stages have put there
 * before is set aside, and brought back among its subjects as if it were added afterwards. False at
 * the memory limit. */
void tags_set_aside(struct desk_article *article);
bool tags_bring_back(struct desk_article *article);

#endif
