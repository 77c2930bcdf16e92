/* The signal handler and what it reads. Only async-signal-safe functions are called in it: write,
 * raise, and byte loops. The two static variables are what a handler can reach at all; nothing else
 * in the library is global. */
#define _DEFAULT_SOURCE /* sigaltstack in glibc's headers at this feature level */
#include "stage/moment.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "article/article.h"
#include "base/slice.h"

struct moment {
    const char *volatile stage; /* NULL: no stage is working */
    const struct desk_article *volatile article;
};

static _Thread_local struct moment moment;
static volatile sig_atomic_t watch; /* 0: off, 1: logfmt, 2: JSON */

void moment_enter(const char *stage, const struct desk_article *article)
{
    moment.article = article;
    moment.stage = stage;
}

void moment_leave(void)
{
    moment.stage = NULL;
}

/* --- the line ------------------------------------------------------------------------------ */

enum { LINE_SIZE = 1024, VALUE_MAX = 400 };

struct line {
    char data[LINE_SIZE];
    size_t len;
    bool is_json;
};

static void put(struct line *line, const char *text, size_t len)
{
    for (size_t i = 0; i < len && line->len < LINE_SIZE; i++)
        line->data[line->len++] = text[i];
}

static void put_word(struct line *line, const char *text)
{
    size_t len = 0;
    while (text[len])
        len++;
    put(line, text, len);
}

static void put_name(struct line *line, const char *name)
{
    put_word(line, line->is_json ? line->len ? ",\"" : "{\"" : line->len ? " " : "");
    put_word(line, name);
    put_word(line, line->is_json ? "\":" : "=");
}

/* In quotes; what would have to be escaped becomes '?'. */
static void put_text(struct line *line, const char *name, desk_slice text)
{
    put_name(line, name);
    put(line, "\"", 1);
    for (size_t i = 0; i < text.len && i < VALUE_MAX; i++) {
        unsigned char c = (unsigned char)text.data[i];
        bool is_plain = c >= ' ' && c < 0x7F && c != '"' && c != '\\';
        put(line, is_plain ? &text.data[i] : "?", 1);
    }
    put(line, "\"", 1);
}

static void put_number(struct line *line, const char *name, int64_t number)
{
    char digits[24];
    size_t from = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--from] = (char)('0' + rest % 10);
    } while (rest /= 10);
    if (number < 0)
        digits[--from] = '-';
    put_name(line, name);
    put(line, digits + from, sizeof digits - from);
}

static desk_slice cstr(const char *text)
{
    size_t len = 0;
    while (text[len])
        len++;
    return slice_of(text, len);
}

static void put_article(struct line *line, const struct desk_article *article)
{
    const desk_record *record = article->record;
    if (record->topic.len) {
        put_text(line, "topic", record->topic);
        put_number(line, "partition", record->partition);
        put_number(line, "offset", record->offset);
    }
    if (article->id.len)
        put_text(line, "id", article->id);
    if (article->url.len)
        put_text(line, "url", article->url);
}

/* A second fault, in here, ends the process: the handler is set for one signal only. */
static void crashed(int number)
{
    struct line line = {.len = 0, .is_json = watch == 2};
    const char *stage = moment.stage;
    if (stage) {
        put_text(&line, "level", cstr("error"));
        put_text(&line, "msg", cstr("a stage crashed, and the process with it"));
        put_text(&line, "stage", cstr(stage));
        put_number(&line, "signal", number);
        put_article(&line, moment.article);
        put_word(&line, line.is_json ? "}\n" : "\n");
        ssize_t written = write(STDERR_FILENO, line.data, line.len);
        (void)written;
    }
    raise(number);
}

/* --- watching ------------------------------------------------------------------------------ */

void moment_watch(bool is_json)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    struct sigaction action = {.sa_handler = crashed};
    /* What the process does by itself afterwards: end, with a core dump where that is allowed. */
    action.sa_flags = (int)(SA_RESETHAND | SA_NODEFER) | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    watch = is_json ? 2 : 1;
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        sigaction(signals[i], &action, NULL);
}

void moment_attach(void *memory)
{
    stack_t old, own = {.ss_sp = memory, .ss_size = MOMENT_STACK_SIZE};
    if (watch && memory && !sigaltstack(NULL, &old) && old.ss_flags & SS_DISABLE)
        sigaltstack(&own, NULL);
}

void moment_detach(const void *memory)
{
    stack_t old, none = {.ss_flags = SS_DISABLE};
    if (memory && !sigaltstack(NULL, &old) && old.ss_sp == memory)
        sigaltstack(&none, NULL);
}
