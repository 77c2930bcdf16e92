/* A stage that is a process of its own: it gets each article as a line of JSON on its standard
 * input and answers with a line on its standard output (docs/plugins.md has the protocol).
 *
 * One article is under way at a time: an engine works on one record from beginning to end, which is
 * what keeps order and transactions simple. More lanes are more children.
 *
 * A child that dies, hangs or answers what cannot be read is ended and started again, with a
 * growing pause; what becomes of the article is the caller's: see child_process. One thread at a
 * time. */
#ifndef STAGE_CHILD_H
#define STAGE_CHILD_H

#include <copydesk/log.h>
#include <copydesk/stage.h>

struct child;

struct child_options {
    const char *name;           /* outlives the child */
    const char *const *command; /* copied, as are the next two */
    const char *folder;         /* or NULL */
    desk_slice config;          /* a JSON object */
    int64_t timeout_ms, start_timeout_ms;
    desk_logger logger; /* hears what the child writes to its standard error, and of its restarts */
};

/* Starts the child and waits until it is ready.
 * Errors  DESK_ESTAGELOAD: it cannot be started, refuses its configuration, is not ready in time */
desk_status child_open(const struct child_options *options, struct child **child, desk_error *err);

/* Asks about one article, and does to it what the answer says, within the stage's turn.
 * Errors  DESK_ETIMEOUT  no answer in time: the child was killed
 *         DESK_ECHILD    it died on this article twice, or its answer cannot be used
 *         DESK_EIO       it cannot be started again: no fault of the article
 *         DESK_EMEMORY   the article as JSON does not fit into the record's memory */
desk_status child_process(struct child *child, struct desk_article *article, desk_error *err);

/* Ends the child: end of input, then SIGTERM, then SIGKILL, waiting a little after each. NULL is
 * allowed. */
void child_close(struct child *child);

#endif
