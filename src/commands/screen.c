/* Signals come through signalfd, so that no handler and no global flag is needed. */
#include "commands/screen.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Alternate screen on, cursor off; and back. */
static const char ENTER[] = "\033[?1049h\033[?25l\033[2J", LEAVE[] = "\033[?25h\033[?1049l";
/* To the top; the rest of a line, of the screen, is blank. */
static const char HOME[] = "\033[H", LINE_END[] = "\033[K\r\n", BELOW[] = "\033[J";

enum { COLUMNS_OTHERWISE = 80, ROWS_OTHERWISE = 24 };

static void write_all(const char *data, size_t len)
{
    for (size_t done = 0; done < len;) {
        ssize_t written = write(STDOUT_FILENO, data + done, len - done);
        if (written < 0 && errno != EINTR && errno != EAGAIN)
            return;
        done += written > 0 ? (size_t)written : 0;
    }
}

static void measure(struct screen *screen)
{
    struct winsize size = {0, 0, 0, 0};
    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    screen->columns = size.ws_col ? size.ws_col : COLUMNS_OTHERWISE;
    screen->rows = size.ws_row ? size.ws_row : ROWS_OTHERWISE;
}

/* Keys come at once and are not shown; Ctrl-C and Ctrl-Z stay signals. */
static void enter(struct screen *screen)
{
    struct termios raw = screen->saved;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    write_all(ENTER, sizeof ENTER - 1);
    measure(screen);
}

static void leave(const struct screen *screen)
{
    write_all(LEAVE, sizeof LEAVE - 1);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &screen->saved);
}

static void handled_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGWINCH);
    sigaddset(set, SIGTSTP);
}

bool screen_open(struct screen *screen)
{
    sigset_t set;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &screen->saved))
        return false;
    handled_signals(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    screen->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (screen->signals < 0)
        return false;
    enter(screen);
    return true;
}

void screen_close(struct screen *screen)
{
    sigset_t set;
    leave(screen);
    close(screen->signals);
    handled_signals(&set);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static enum screen_event take_signal(struct screen *screen)
{
    struct signalfd_siginfo info;
    if (read(screen->signals, &info, sizeof info) != sizeof info)
        return SCREEN_TIME;
    if (info.ssi_signo == SIGTSTP) {
        leave(screen);
        raise(SIGSTOP);
        enter(screen);
        return SCREEN_RESIZED;
    }
    if (info.ssi_signo != SIGWINCH)
        return SCREEN_QUIT;
    measure(screen);
    return SCREEN_RESIZED;
}

/* A terminal that has gone reads as an end. */
static bool wants_to_quit(void)
{
    char keys[64];
    ssize_t got = read(STDIN_FILENO, keys, sizeof keys);
    return got <= 0 || memchr(keys, 'q', (size_t)got) || memchr(keys, 'Q', (size_t)got);
}

enum screen_event screen_wait(struct screen *screen, int timeout_ms)
{
    struct pollfd files[] = {{STDIN_FILENO, POLLIN, 0}, {screen->signals, POLLIN, 0}};
    int ready = poll(files, 2, timeout_ms);
    if (ready <= 0)
        return SCREEN_TIME;
    if (files[1].revents)
        return take_signal(screen);
    return wants_to_quit() ? SCREEN_QUIT : SCREEN_TIME;
}

void screen_draw(const struct screen *screen, const char *text, size_t len)
{
    size_t lines = 0, used = 0;
    for (size_t i = 0; i < len; i++)
        lines += text[i] == '\n';
    char *out = malloc(len + lines * sizeof LINE_END + sizeof HOME + sizeof BELOW);
    if (!out)
        return;
    memcpy(out, HOME, sizeof HOME - 1);
    used = sizeof HOME - 1;
    size_t row = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '\n') {
            out[used++] = text[i];
            continue;
        }
        /* The last line ends without a line end: it would scroll the screen. */
        size_t end = ++row < screen->rows ? sizeof LINE_END - 1 : sizeof LINE_END - 3;
        memcpy(out + used, LINE_END, end);
        used += end;
        if (row == screen->rows)
            break;
    }
    if (row < screen->rows) {
        memcpy(out + used, BELOW, sizeof BELOW - 1);
        used += sizeof BELOW - 1;
    }
    write_all(out, used);
    free(out);
}
