/* Words to lines; see wrap.h. A word waits in a buffer until it is known to fit the line. */
#include "commands/wrap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include "base/slice.h"
#include "text/utf8.h"

enum { COLUMNS_DEFAULT = 100, COLUMNS_MIN = 20 };

static const char PLAIN[] = "\033[0m";

size_t wrap_columns(FILE *out)
{
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    unsigned long wanted = columns ? strtoul(columns, NULL, 10) : 0;
    if (isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col)
        wanted = size.ws_col;
    if (!wanted || wanted > 1000)
        wanted = COLUMNS_DEFAULT;
    return wanted < COLUMNS_MIN ? COLUMNS_MIN : wanted;
}

void wrap_begin(struct wrap *wrap, FILE *out, size_t width, size_t indent)
{
    *wrap = (struct wrap){
        .out = out, .width = width, .indent = indent, .line_ink = "", .word_ink = "", .ink = ""};
    wrap->column = indent;
}

void wrap_label(struct wrap *wrap, const char *label, const char *ink)
{
    wrap->label = label;
    wrap->label_ink = ink;
}

static void put_ink(struct wrap *wrap, const char *from, const char *to)
{
    if (!strcmp(from, to))
        return;
    fputs(*from ? PLAIN : "", wrap->out);
    fputs(to, wrap->out);
}

/* Writes the margin of the first line. */
static void begin_line(struct wrap *wrap)
{
    if (wrap->has_begun)
        return;
    wrap->has_begun = true;
    if (wrap->label) {
        fprintf(wrap->out, "  %s%-*s", wrap->label_ink, (int)wrap->indent - 2, wrap->label);
        fputs(*wrap->label_ink ? PLAIN : "", wrap->out);
    } else {
        fprintf(wrap->out, "%*s", (int)wrap->indent, "");
    }
}

/* Writes the waiting word, on a new line when it does not fit this one. A space or margin between
 * two colours is plain. */
static void flush_word(struct wrap *wrap)
{
    if (!wrap->word_len)
        return;
    begin_line(wrap);
    bool is_first = wrap->column == wrap->indent;
    size_t before = wrap->has_space && !is_first ? 1 : 0;
    bool is_full = !is_first && wrap->column + before + wrap->word_width > wrap->width;
    bool is_joined = !is_full && !strcmp(wrap->line_ink, wrap->word_ink);
    if (!is_joined)
        put_ink(wrap, wrap->line_ink, "");
    if (is_full) {
        fprintf(wrap->out, "\n%*s", (int)wrap->indent, "");
        wrap->column = wrap->indent;
        before = 0;
    }
    fputs(before ? " " : "", wrap->out);
    if (!is_joined)
        put_ink(wrap, "", wrap->word_ink);
    fprintf(wrap->out, "%.*s", (int)wrap->word_len, wrap->word);
    wrap->column += before + wrap->word_width;
    wrap->word_len = wrap->word_width = 0;
    wrap->line_ink = wrap->word_ink = wrap->ink;
    wrap->has_space = false;
}

static void add_bytes(struct wrap *wrap, const char *bytes, size_t len)
{
    if (wrap->word_len + len > sizeof wrap->word)
        flush_word(wrap);
    memcpy(wrap->word + wrap->word_len, bytes, len);
    wrap->word_len += len;
}

/* Inside a word the change is written with it. */
static void change_ink(struct wrap *wrap, const char *ink)
{
    if (!strcmp(wrap->ink, ink))
        return;
    if (wrap->word_len) {
        add_bytes(wrap, PLAIN, *wrap->ink ? strlen(PLAIN) : 0);
        add_bytes(wrap, ink, strlen(ink));
    } else {
        wrap->word_ink = ink;
    }
    wrap->ink = ink;
}

static bool is_space(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == '\n' || cp == '\r' || cp == 0x3000;
}

/* What could move the cursor or turn the direction of the text that follows. */
static bool is_unsafe(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || (cp >= 0x202A && cp <= 0x202E) ||
           (cp >= 0x2066 && cp <= 0x2069);
}

void wrap_text(struct wrap *wrap, desk_slice text, const char *ink)
{
    const char *p = text.data, *end = text.data + text.len;
    while (p < end) {
        const char *start = p;
        uint32_t cp = utf8_next(&p, end);
        if (is_space(cp)) {
            flush_word(wrap);
            wrap->has_space = true;
            continue;
        }
        int columns = is_unsafe(cp) ? 1 : utf8proc_charwidth((utf8proc_int32_t)cp);
        if (columns == 2)
            flush_word(wrap); /* lines may end before any letter of scripts without spaces */
        change_ink(wrap, ink);
        if (is_unsafe(cp))
            add_bytes(wrap, "\xEF\xBF\xBD", 3);
        else
            add_bytes(wrap, start, (size_t)(p - start));
        wrap->word_width += columns > 0 ? (size_t)columns : 0;
    }
}

void wrap_end(struct wrap *wrap)
{
    flush_word(wrap);
    begin_line(wrap);
    put_ink(wrap, wrap->line_ink, "");
    fputc('\n', wrap->out);
}
