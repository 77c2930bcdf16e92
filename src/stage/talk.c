/* poll, read and write on three pipes. */
#include "stage/talk.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/tell.h"
#include "base/slice.h"

enum {
    READ_SIZE = 65536,
    KEPT_SIZE = 1 << 20, /* a larger buffer goes back when it is empty */
    HEARD_AT_ONCE = 16   /* reads of 4 KB, a full pipe: one that never stops must not hold us */
};

int64_t talk_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- standard error ------------------------------------------------------------------------ */

static void end_complaint(struct talk *talk)
{
    talk->complaint[talk->complaint_len] = '\0';
    if (talk->complaint_len)
        tell_text(&talk->logger, DESK_LOG_WARNING, talk->name, "%s", talk->complaint);
    talk->complaint_len = 0;
}

/* Lines that are too long go on in the next event. */
static void take_complaint(struct talk *talk, const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (talk->complaint_len == TALK_COMPLAINT_MAX || data[i] == '\n')
            end_complaint(talk);
        if (data[i] != '\n')
            talk->complaint[talk->complaint_len++] = data[i];
    }
}

/* What a closed or failed pipe holds is nothing. */
static void read_complaints(struct talk *talk)
{
    char data[4096];
    ssize_t got = read(talk->err, data, sizeof data);
    if (got > 0)
        take_complaint(talk, data, (size_t)got);
    if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR)))
        return;
    close(talk->err);
    talk->err = -1;
}

void talk_hear(struct talk *talk)
{
    struct pollfd pipe = {talk->err, POLLIN, 0};
    for (int i = 0; i < HEARD_AT_ONCE && talk->err >= 0 && poll(&pipe, 1, 0) > 0; i++)
        read_complaints(talk);
}

/* --- standard output ----------------------------------------------------------------------- */

static enum talk_result make_room(struct talk *talk)
{
    if (talk->len > TALK_LINE_MAX)
        return TALK_TOO_LONG;
    if (talk->capacity - talk->len >= READ_SIZE)
        return TALK_DONE;
    size_t wanted = talk->capacity * 2 > READ_SIZE * 2 ? talk->capacity * 2 : READ_SIZE * 2;
    char *grown = realloc(talk->data, wanted);
    if (!grown)
        return TALK_NO_MEMORY;
    talk->data = grown;
    talk->capacity = wanted;
    return TALK_DONE;
}

static enum talk_result read_output(struct talk *talk)
{
    enum talk_result result = make_room(talk);
    if (result != TALK_DONE)
        return result;
    ssize_t got = read(talk->out, talk->data + talk->len, talk->capacity - talk->len);
    if (got > 0)
        talk->len += (size_t)got;
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR)) ? TALK_DONE : TALK_ENDED;
}

static void give_back_large(struct talk *talk)
{
    if (talk->len || talk->capacity <= KEPT_SIZE)
        return;
    free(talk->data);
    talk->data = NULL;
    talk->capacity = 0;
}

/* Lines that were taken make room. */
static void forget_taken(struct talk *talk)
{
    talk->len -= talk->taken;
    if (talk->taken)
        memmove(talk->data, talk->data + talk->taken, talk->len);
    talk->taken = 0;
    give_back_large(talk);
}

static bool take_line(struct talk *talk, size_t from, desk_slice *line)
{
    const char *end = talk->len > from ? memchr(talk->data + from, '\n', talk->len - from) : NULL;
    if (!end)
        return false;
    *line = slice_of(talk->data, (size_t)(end - talk->data));
    talk->taken = line->len + 1;
    return true;
}

bool talk_is_out_of_step(struct talk *talk)
{
    struct pollfd pipe = {talk->out, POLLIN, 0};
    return talk->is_cut || talk->len > talk->taken || poll(&pipe, 1, 0) > 0;
}

/* --- standard input ------------------------------------------------------------------------ */

/* A child that has gone makes a signal of the write, which is nobody's business: it is held back
 * in this thread and taken away. */
static ssize_t write_quietly(int fd, desk_slice data)
{
    sigset_t pipe, old, pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &old);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGPIPE);
    ssize_t written = write(fd, data.data, data.len);
    int error = errno;
    if (written < 0 && error == EPIPE && !was_pending)
        sigtimedwait(&pipe, NULL, &(struct timespec){0, 0});
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    errno = error;
    return written;
}

static bool write_question(struct talk *talk, desk_slice *rest)
{
    ssize_t written = write_quietly(talk->in, *rest);
    if (written > 0)
        *rest = slice_sub(*rest, (size_t)written, rest->len);
    return written > 0 || (written < 0 && (errno == EAGAIN || errno == EINTR));
}

/* --- asking -------------------------------------------------------------------------------- */

/* Waits for one of the pipes; a negative descriptor is passed over. */
static int wait_for(const struct talk *talk, bool has_question, int64_t deadline_ms,
                    struct pollfd pipes[3])
{
    int64_t left = deadline_ms - talk_now_ms();
    pipes[0] = (struct pollfd){talk->out, POLLIN, 0};
    pipes[1] = (struct pollfd){talk->err, POLLIN, 0};
    pipes[2] = (struct pollfd){has_question ? talk->in : -1, POLLOUT, 0};
    if (left <= 0)
        return 0;
    int ready = poll(pipes, 3, left > 60000 ? 60000 : (int)left);
    return ready < 0 && errno == EINTR ? 3 : ready;
}

enum talk_result talk_ask(struct talk *talk, desk_slice question, int64_t deadline_ms,
                          desk_slice *line)
{
    struct pollfd pipes[3];
    forget_taken(talk);
    while (talk_now_ms() < deadline_ms) {
        size_t looked_at = talk->len;
        enum talk_result result = TALK_DONE;
        if (wait_for(talk, question.len > 0, deadline_ms, pipes) <= 0)
            continue;
        if (pipes[1].revents)
            read_complaints(talk);
        if (pipes[0].revents)
            result = read_output(talk);
        if (result != TALK_DONE)
            return result;
        if (take_line(talk, looked_at, line)) {
            talk->is_cut = question.len > 0;
            return TALK_DONE;
        }
        if (pipes[2].revents && !write_question(talk, &question))
            return TALK_ENDED;
    }
    return TALK_TIMEOUT;
}

/* --- closing ------------------------------------------------------------------------------- */

static void close_pipe(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void talk_close_input(struct talk *talk)
{
    close_pipe(&talk->in);
}

void talk_close(struct talk *talk)
{
    end_complaint(talk);
    close_pipe(&talk->in);
    close_pipe(&talk->out);
    close_pipe(&talk->err);
    talk->len = talk->taken = 0;
    talk->is_cut = false;
    give_back_large(talk);
}

void talk_free(struct talk *talk)
{
    talk_close(talk);
    free(talk->data);
    *talk = (struct talk){.in = -1, .out = -1, .err = -1};
}
