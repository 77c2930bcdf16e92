/* Paragraphs of plain text. */
#include "clean/plain.h"

#include "base/bytes.h"
#include "base/slice.h"
#include "text/space.h"

/* A text is hard-wrapped when it has blank lines and the lines that are followed by another line
 * mostly have about the same length, as an editor or a mail program breaks them. */
enum { WRAP_MIN = 50, WRAP_MAX = 130, WRAP_SPREAD = 25, WRAP_LINES_MIN = 4 };

/* Bytes of the line break at p: carriage return and line feed are one, the breaks of Unicode have
 * two and three bytes, all others one. */
static size_t break_len(const char *p, const char *end)
{
    switch ((unsigned char)*p) {
    case '\r':
        return end - p > 1 && p[1] == '\n' ? 2 : 1;
    case 0xC2:
        return 2;
    case 0xE2:
        return 3;
    default:
        return 1;
    }
}

/* The line at *at without white space around it; *at moves behind its break. */
static desk_slice next_line(desk_slice text, size_t *at)
{
    const char *line = text.data + *at, *end = text.data + text.len;
    size_t len = bytes_to_line_break(line, end);
    *at += len;
    if (*at < text.len)
        *at += break_len(line + len, end);
    return slice_trim(slice_of(line, len));
}

/* Whether a line is an item of a list, which is never joined to the line before: a dash, bullet or
 * asterisk and a space, or a number with a full stop or bracket. */
static bool is_item(desk_slice line)
{
    static const desk_slice marks[] = {SLICE_LITERAL("- "), SLICE_LITERAL("* "),
                                       SLICE_LITERAL("• "), SLICE_LITERAL("– "),
                                       SLICE_LITERAL("— "), SLICE_LITERAL("· ")};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (slice_starts(line, marks[i]))
            return true;
    size_t digits = 0;
    while (digits < line.len && digits < 3 && ascii_is_digit(line.data[digits]))
        digits++;
    return digits && digits + 1 < line.len && line.data[digits + 1] == ' ' &&
           (line.data[digits] == '.' || line.data[digits] == ')');
}

/* What is_hard_wrapped wants to know of the lines: how many are blank, how many have another line
 * behind them, the longest of those, and how many of them are about as long. */
struct line_shape {
    size_t blanks, inner, longest, near;
};

static void look_at_lines(desk_slice text, struct line_shape *shape, bool has_longest)
{
    desk_slice previous = {NULL, 0};
    for (size_t at = 0; at < text.len;) {
        desk_slice line = next_line(text, &at);
        if (has_longest) {
            shape->near += previous.len && line.len && previous.len + WRAP_SPREAD >= shape->longest;
        } else {
            shape->blanks += line.len == 0;
            shape->inner += previous.len && line.len;
            if (previous.len && line.len && previous.len > shape->longest)
                shape->longest = previous.len;
        }
        previous = line;
    }
}

static bool is_hard_wrapped(desk_slice text)
{
    struct line_shape shape = {0};
    look_at_lines(text, &shape, false);
    if (!shape.blanks || shape.inner < WRAP_LINES_MIN || shape.longest < WRAP_MIN ||
        shape.longest > WRAP_MAX)
        return false;
    look_at_lines(text, &shape, true);
    return 10 * shape.near >= 7 * shape.inner;
}

static bool add_paragraph(struct desk_article *article, desk_slice text)
{
    if (!space_fold(article->arena, &text))
        return false;
    if (!text.len)
        return true;
    struct block *block = article_add_block(article);
    if (block)
        block->text = text;
    return block != NULL;
}

static bool collect_wrapped(struct desk_article *article)
{
    desk_slice text = article->plain;
    size_t start = 0, end = 0;
    bool is_open = false;
    for (size_t at = 0; at < text.len;) {
        size_t line_start = at;
        desk_slice line = next_line(text, &at);
        bool closes = !line.len || is_item(line);
        if (is_open && closes && !add_paragraph(article, slice_sub(text, start, end)))
            return false;
        is_open = is_open && !closes;
        if (line.len) {
            start = is_open ? start : line_start;
            end = at;
            is_open = true;
        }
    }
    return !is_open || add_paragraph(article, slice_sub(text, start, end));
}

bool plain_collect(struct desk_article *article)
{
    if (is_hard_wrapped(article->plain))
        return collect_wrapped(article);
    for (size_t at = 0; at < article->plain.len;)
        if (!add_paragraph(article, next_line(article->plain, &at)))
            return false;
    return true;
}
