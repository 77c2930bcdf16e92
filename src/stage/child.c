/* The life of a child: started, asked, ended, started again. */
#define _GNU_SOURCE /* pipe2, so that no other child inherits our ends; the spawn's own extras */
#include "stage/child.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <copydesk/version.h>

#include "article/article.h"
#include "article/encode.h"
#include "article/json_write.h"
#include "base/error.h"
#include "base/tell.h"
#include "base/slice.h"
#include "stage/answer.h"
#include "stage/talk.h"

enum {
    BACKOFF_MS = 100, /* after the first failure; doubled with each until BACKOFF_MS_MAX */
    BACKOFF_MS_MAX = 5000,
    ASK_TRIES = 2,     /* an article that kills two children is at fault itself */
    GRACE_MS = 2000,   /* from end of input to SIGTERM: time to write what is left and go */
    TERM_MS = 1000,    /* from SIGTERM to SIGKILL */
    KILLED_MS = 10000, /* from SIGKILL on, for one that hangs in a system call */
    REAP_STEP_MS = 5,
    ENDING_SIZE = 80,
    CLOSED_PIPE = -1
};

extern char **environ;

struct child {
    const char *name;
    char **command;
    char *folder; /* NULL: the host's */
    char *hello;  /* the first line */
    int64_t timeout_ms, start_timeout_ms;
    desk_logger logger;
    pid_t pid; /* 0: not running */
    struct talk talk;
    uint64_t seq;      /* of the last question */
    unsigned failures; /* in a row */
    int64_t not_before_ms;
    char ending[ENDING_SIZE]; /* how the last one ended, for messages */
};

/* --- starting ------------------------------------------------------------------------------ */

enum { CHILD_SIDE_IN, HOST_SIDE_IN, HOST_SIDE_OUT, CHILD_SIDE_OUT, HOST_SIDE_ERR, CHILD_SIDE_ERR };

static void close_all(int pipes[6])
{
    for (size_t i = 0; i < 6; i++)
        if (pipes[i] != CLOSED_PIPE)
            close(pipes[i]);
}

/* Our ends do not block. All are closed in other programs that are started. */
static bool open_pipes(int pipes[6])
{
    for (size_t i = 0; i < 6; i++)
        pipes[i] = CLOSED_PIPE;
    if (pipe2(&pipes[CHILD_SIDE_IN], O_CLOEXEC) || pipe2(&pipes[HOST_SIDE_OUT], O_CLOEXEC) ||
        pipe2(&pipes[HOST_SIDE_ERR], O_CLOEXEC))
        return false;
    static const int ours[] = {HOST_SIDE_IN, HOST_SIDE_OUT, HOST_SIDE_ERR};
    for (size_t i = 0; i < 3; i++)
        if (fcntl(pipes[ours[i]], F_SETFL, fcntl(pipes[ours[i]], F_GETFL) | O_NONBLOCK) < 0)
            return false;
    return true;
}

/* A process group of its own: Ctrl-C in a terminal ends the host, which then ends the child in
 * order. Signals are as at a login, whatever the host does with them. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_setflags(
        attributes,
        (short)(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
    if (!error)
        error = posix_spawnattr_setpgroup(attributes, 0);
    if (!error)
        error = posix_spawnattr_setsigmask(attributes, &none);
    return error ? error : posix_spawnattr_setsigdefault(attributes, &all);
}

static int set_actions(const struct child *child, const int pipes[6],
                       posix_spawn_file_actions_t *actions)
{
    int error = posix_spawn_file_actions_adddup2(actions, pipes[CHILD_SIDE_IN], STDIN_FILENO);
    if (!error)
        error = posix_spawn_file_actions_adddup2(actions, pipes[CHILD_SIDE_OUT], STDOUT_FILENO);
    if (!error)
        error = posix_spawn_file_actions_adddup2(actions, pipes[CHILD_SIDE_ERR], STDERR_FILENO);
    /* Locks, sockets and files of the host stay the host's: a lock that a child held would outlive
     * a host that is killed. */
    if (!error)
        error = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
    if (!error && child->folder)
        error = posix_spawn_file_actions_addchdir_np(actions, child->folder);
    return error;
}

/* Returns an errno. */
static int spawn_with(struct child *child, const int pipes[6])
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int error = posix_spawnattr_init(&attributes);
    if (error)
        return error;
    error = posix_spawn_file_actions_init(&actions);
    if (!error) {
        error = set_attributes(&attributes);
        if (!error)
            error = set_actions(child, pipes, &actions);
        if (!error)
            error = posix_spawnp(&child->pid, child->command[0], &actions, &attributes,
                                 child->command, environ);
        posix_spawn_file_actions_destroy(&actions);
    }
    posix_spawnattr_destroy(&attributes);
    return error;
}

static desk_status spawn(struct child *child, desk_error *err)
{
    int pipes[6];
    int error = open_pipes(pipes) ? spawn_with(child, pipes) : errno;
    if (error) {
        child->pid = 0;
        close_all(pipes);
        return error_set(err, DESK_ESTAGELOAD, "%s cannot be started%s%s: %s", child->command[0],
                         child->folder ? " in " : "", child->folder ? child->folder : "",
                         strerror(error));
    }
    close(pipes[CHILD_SIDE_IN]);
    close(pipes[CHILD_SIDE_OUT]);
    close(pipes[CHILD_SIDE_ERR]);
    child->talk.in = pipes[HOST_SIDE_IN];
    child->talk.out = pipes[HOST_SIDE_OUT];
    child->talk.err = pipes[HOST_SIDE_ERR];
    return DESK_OK;
}

/* --- ending -------------------------------------------------------------------------------- */

static void describe_ending(struct child *child, int status)
{
    if (WIFSIGNALED(status))
        snprintf(child->ending, sizeof child->ending, "killed by signal %d", WTERMSIG(status));
    else
        snprintf(child->ending, sizeof child->ending, "exit status %d", WEXITSTATUS(status));
}

/* Whether the process has ended. What it has started ends with it: as long as nobody has asked for
 * its status, nobody else can have its number and its group. */
static bool has_ended(struct child *child)
{
    siginfo_t info = {.si_pid = 0};
    int status;
    if (waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT)) {
        /* The host ignores SIGCHLD, or has waited for it: the number may be another's by now. */
        if (errno == ECHILD)
            snprintf(child->ending, sizeof child->ending, "the host has taken its exit status");
        return errno == ECHILD;
    }
    if (!info.si_pid)
        return false;
    kill(-child->pid, SIGKILL);
    if (waitpid(child->pid, &status, 0) == child->pid)
        describe_ending(child, status);
    return true;
}

/* Waits for the process to end; false when it has not by then. What it says meanwhile is heard, so
 * that it cannot be stuck on a full pipe. */
static bool reap(struct child *child, int64_t wait_ms)
{
    int64_t until_ms = talk_now_ms() + wait_ms;
    for (;;) {
        bool is_over = has_ended(child);
        talk_hear(&child->talk);
        if (is_over || talk_now_ms() >= until_ms)
            return is_over;
        nanosleep(&(struct timespec){0, REAP_STEP_MS * 1000000L}, NULL);
    }
}

/* With all that it has started: they are one process group. `wait_ms` is what it gets to go by
 * itself after the end of its input. */
static void stop(struct child *child, int64_t wait_ms)
{
    if (!child->pid)
        return;
    snprintf(child->ending, sizeof child->ending, "it had to be killed");
    talk_close_input(&child->talk);
    if (!wait_ms || !reap(child, wait_ms)) {
        kill(-child->pid, wait_ms ? SIGTERM : SIGKILL);
        if (!reap(child, TERM_MS)) {
            kill(-child->pid, SIGKILL);
            if (!reap(child, KILLED_MS))
                tell_text(&child->logger, DESK_LOG_WARNING, child->name,
                          "the child does not end, though it was killed: it is left to the system");
        }
    }
    child->pid = 0;
    talk_close(&child->talk);
}

static void count_failure(struct child *child)
{
    int64_t pause_ms =
        child->failures < 6 ? (int64_t)BACKOFF_MS << child->failures : BACKOFF_MS_MAX;
    child->failures++;
    child->not_before_ms = talk_now_ms() + (pause_ms < BACKOFF_MS_MAX ? pause_ms : BACKOFF_MS_MAX);
}

/* It is of no more use, and the next one waits a little. */
static void give_up(struct child *child, int64_t wait_ms, const char *why)
{
    stop(child, wait_ms);
    count_failure(child);
    tell_text(&child->logger, DESK_LOG_WARNING, child->name, "the child is started again: %s (%s)",
              why, child->ending);
}

/* --- getting ready ------------------------------------------------------------------------- */

/* {"ready": true}, or {"error": "why not"}. */
static desk_status read_ready(desk_slice line, desk_error *err)
{
    json_error_t error;
    json_t *root = json_loadb(line.data, line.len, 0, &error);
    const char *refusal = json_string_value(json_object_get(root, "error"));
    desk_status status = DESK_OK;
    if (refusal)
        status = error_set(err, DESK_ECONFIG, "%.400s", refusal);
    else if (!json_is_true(json_object_get(root, "ready")))
        status = error_set(err, DESK_ESTAGELOAD,
                           "the child's first line has to be {\"ready\": true} or {\"error\": "
                           "\"why\"}, not: %.*s",
                           line.len > 100 ? 100 : (int)line.len, line.data);
    json_decref(root);
    return status;
}

static desk_status greet(struct child *child, desk_error *err)
{
    desk_slice line;
    int64_t until_ms = talk_now_ms() + child->start_timeout_ms;
    enum talk_result result =
        talk_ask(&child->talk, slice_from_cstr(child->hello), until_ms, &line);
    if (result == TALK_DONE)
        return read_ready(line, err);
    stop(child, result == TALK_ENDED ? TERM_MS : 0);
    if (result == TALK_TIMEOUT)
        return error_set(err, DESK_ESTAGELOAD,
                         "%s is not ready after %lld ms: its first line has to be {\"ready\": "
                         "true}; start_timeout may be raised",
                         child->command[0], (long long)child->start_timeout_ms);
    return error_set(err, DESK_ESTAGELOAD,
                     "%s ended before it was ready (%s); see what it wrote "
                     "to standard error, above",
                     child->command[0], child->ending);
}

static desk_status start(struct child *child, desk_error *err)
{
    desk_status status = spawn(child, err);
    if (status == DESK_OK)
        status = greet(child, err);
    if (status != DESK_OK)
        stop(child, TERM_MS);
    return status;
}

static void wait_until(int64_t ms)
{
    int64_t left = ms - talk_now_ms();
    if (left > 0)
        nanosleep(&(struct timespec){(time_t)(left / 1000), (long)(left % 1000) * 1000000L}, NULL);
}

/* A child that runs and is silent. One that ended in between is no fault of the article that comes
 * now, nor is one that has said more than it was asked. */
static desk_status ensure_running(struct child *child, desk_error *err)
{
    desk_error own = DESK_ERROR_INIT;
    if (child->pid && talk_is_out_of_step(&child->talk))
        give_up(child, TERM_MS, "it ended, or said more than it was asked for");
    /* Once: a host that is to end does not wait for more than one child to get ready. */
    if (!child->pid) {
        wait_until(child->not_before_ms);
        if (start(child, &own) != DESK_OK)
            count_failure(child);
    }
    return child->pid ? DESK_OK : error_set(err, DESK_EIO, "%s", own.message);
}

/* --- asking -------------------------------------------------------------------------------- */

static desk_status write_question(struct child *child, struct desk_article *article,
                                  desk_slice *question, desk_error *err)
{
    struct json_writer w;
    desk_slice json;
    desk_status status = encode_article(article, "", &json, err);
    if (status != DESK_OK)
        return status;
    json_writer_init(&w, article->arena, json.len + 64, json.len + 1024);
    json_open(&w, '{');
    json_key(&w, "seq");
    json_unsigned(&w, ++child->seq);
    json_key(&w, "article");
    json_raw(&w, json);
    json_close(&w, '}');
    char *end = json_room(&w, 1);
    if (!end)
        return article_memory_error(err);
    *end = '\n';
    *question = slice_of(w.data, w.len + 1);
    return DESK_OK;
}

static desk_status take_answer(struct child *child, desk_slice line, struct desk_article *article,
                               desk_error *err)
{
    bool is_readable;
    desk_status status = answer_take(line, child->seq, article, &is_readable, err);
    if (is_readable)
        child->failures = 0;
    else
        give_up(child, 0, "its answer cannot be read");
    return status;
}

static desk_status fail(struct child *child, enum talk_result result, desk_error *err)
{
    switch (result) {
    case TALK_TIMEOUT:
        give_up(child, 0, "it did not answer in time");
        return error_set(err, DESK_ETIMEOUT, "the child did not answer within %lld ms",
                         (long long)child->timeout_ms);
    case TALK_TOO_LONG:
        give_up(child, 0, "its line does not end");
        return error_set(err, DESK_ECHILD, "the answer of the child is longer than %d bytes",
                         TALK_LINE_MAX);
    case TALK_NO_MEMORY:
        give_up(child, 0, "there is no memory for its answer");
        return error_set(err, DESK_ENOMEM, "out of memory for a child's answer");
    default:
        return error_set(err, DESK_ECHILD,
                         "the child ended %d times while it worked on the article (%s)", ASK_TRIES,
                         child->ending);
    }
}

desk_status child_process(struct child *child, struct desk_article *article, desk_error *err)
{
    desk_slice question, line;
    enum talk_result result = TALK_ENDED;
    desk_status status = write_question(child, article, &question, err);
    for (int i = 0; status == DESK_OK && result == TALK_ENDED && i < ASK_TRIES; i++) {
        status = ensure_running(child, err);
        if (status != DESK_OK)
            break;
        result = talk_ask(&child->talk, question, talk_now_ms() + child->timeout_ms, &line);
        if (result == TALK_ENDED)
            give_up(child, TERM_MS, "it ended while it worked on an article");
    }
    if (status != DESK_OK)
        return status;
    return result == TALK_DONE ? take_answer(child, line, article, err) : fail(child, result, err);
}

/* --- life ---------------------------------------------------------------------------------- */

static bool copy_command(struct child *child, const char *const *command)
{
    size_t count = 0;
    while (command[count])
        count++;
    child->command = calloc(count + 1, sizeof *child->command);
    for (size_t i = 0; child->command && i < count; i++)
        if (!(child->command[i] = strdup(command[i])))
            return false;
    return child->command != NULL;
}

/* {"copydesk": "stage/1", "version": ..., "name": ..., "config": {...}} and a line end. */
static bool write_hello(struct child *child, desk_slice config)
{
    json_error_t error;
    json_t *given = config.len ? json_loadb(config.data, config.len, 0, &error) : json_object();
    json_t *hello = json_pack("{s:s, s:s, s:s, s:o}", "copydesk", "stage/1", "version",
                              desk_version(), "name", child->name, "config", given);
    char *text = hello ? json_dumps(hello, JSON_COMPACT) : NULL;
    size_t len = text ? strlen(text) : 0;
    json_decref(hello);
    child->hello = text ? realloc(text, len + 2) : NULL;
    if (!child->hello) {
        free(text);
        return false;
    }
    child->hello[len] = '\n';
    child->hello[len + 1] = '\0';
    return true;
}

desk_status child_open(const struct child_options *options, struct child **child, desk_error *err)
{
    struct child *made = calloc(1, sizeof *made);
    *child = NULL;
    if (!made)
        return error_set(err, DESK_ENOMEM, "out of memory for a child");
    made->name = options->name;
    made->timeout_ms = options->timeout_ms;
    made->start_timeout_ms = options->start_timeout_ms;
    made->logger = options->logger;
    made->talk = (struct talk){
        .in = -1, .out = -1, .err = -1, .name = options->name, .logger = options->logger};
    made->folder = options->folder ? strdup(options->folder) : NULL;
    desk_status status = DESK_OK;
    if (!copy_command(made, options->command) || (options->folder && !made->folder) ||
        !write_hello(made, options->config))
        status = error_set(err, DESK_ENOMEM, "out of memory for a child, or no JSON as its config");
    if (status == DESK_OK)
        status = start(made, err);
    if (status == DESK_OK)
        *child = made;
    else
        child_close(made);
    return status;
}

void child_close(struct child *child)
{
    if (!child)
        return;
    stop(child, GRACE_MS);
    talk_free(&child->talk);
    for (size_t i = 0; child->command && child->command[i]; i++)
        free(child->command[i]);
    free(child->command);
    free(child->folder);
    free(child->hello);
    free(child);
}
