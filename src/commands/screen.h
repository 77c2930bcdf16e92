/* A terminal as a board that is drawn anew: the alternate screen, one write a frame, keys one by
 * one, its size when it changes. Plain ECMA-48 sequences that every terminal of the last thirty
 * years knows, so that no terminfo is needed.
 *
 *     struct screen screen;
 *     if (screen_open(&screen)) {
 *         while (screen_wait(&screen, 1000) != SCREEN_QUIT)
 *             screen_draw(&screen, text, len);
 *         screen_close(&screen);
 *     }
 */
#ifndef COMMANDS_SCREEN_H
#define COMMANDS_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

struct screen {
    struct termios saved;
    int signals; /* a file that signals are read from */
    size_t columns, rows;
};

enum screen_event { SCREEN_TIME, SCREEN_RESIZED, SCREEN_QUIT };

/* False when standard input or output is no terminal. SIGINT, SIGTERM, SIGWINCH and SIGTSTP are
 * blocked in this thread, and in those that it starts, until screen_close. */
bool screen_open(struct screen *screen);
/* Puts the terminal back as it was. */
void screen_close(struct screen *screen);
/* Waits for the time, a resize, or q, Ctrl-C or SIGTERM. Ctrl-Z stops the process with its terminal
 * put back, and draws again when it goes on. */
enum screen_event screen_wait(struct screen *screen, int timeout_ms);
/* Shows a frame: lines that end with '\n', no wider than the screen, rows at most. */
void screen_draw(const struct screen *screen, const char *text, size_t len);

#endif
