/* Lines over the pipes of a child: one out, one back, within a time, while what the child writes to
 * its standard error goes to the log. Nothing here blocks longer than its deadline. */
#ifndef STAGE_TALK_H
#define STAGE_TALK_H

#include <copydesk/log.h>
#include <copydesk/slice.h>
#include <stdbool.h>
#include <stdint.h>

/* An answer repeats parts of an article of at most limits.output: longer ones are runaway output.
 */
enum { TALK_LINE_MAX = 64 << 20, TALK_COMPLAINT_MAX = 400 };

enum talk_result {
    TALK_DONE,
    TALK_TIMEOUT,
    TALK_ENDED,    /* the child closed its output: it has ended, or is about to */
    TALK_TOO_LONG, /* more than TALK_LINE_MAX without a line end */
    TALK_NO_MEMORY
};

struct talk {
    int in, out,
        err;    /* our ends of its standard input, output and error: not blocking; -1: closed */
    char *data; /* what was read and not taken yet; kept for the next child */
    size_t len, capacity, taken;
    bool
        is_cut; /* it answered before it had read all of the question: the rest stands in the way */
    char complaint[TALK_COMPLAINT_MAX + 1]; /* the line of standard error under way */
    size_t complaint_len;
    const char *name; /* of the stage, for the log */
    desk_logger logger;
};

int64_t talk_now_ms(void);
/* Writes `question`, which ends in a line end, and waits for one line, without its end; it is valid
 * until the next call. */
enum talk_result talk_ask(struct talk *talk, desk_slice question, int64_t deadline_ms,
                          desk_slice *line);
/* Whether the child has said something it was not asked for, answered what it had not read, or has
 * ended. */
bool talk_is_out_of_step(struct talk *talk);
/* Logs what is left of its standard error without waiting for more. */
void talk_hear(struct talk *talk);
void talk_close_input(struct talk *talk);
/* Closes the pipes; the memory stays for the next child until talk_free. */
void talk_close(struct talk *talk);
void talk_free(struct talk *talk);

#endif
