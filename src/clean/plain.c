/* Paragraphs of plain text. */
#include "clean/plain.h"

#include "base/slice.h"
#include "text/space.h"

/* A text is hard-wrapped when it has blank lines and the lines that are followed by another line
 * mostly have about the same length, as an editor or a mail program breaks them. */
enum { WRAP_MIN = 50, WRAP_MAX = 130, WRAP_SPREAD = 25, WRAP_LINES_MIN = 4 };

/* Bytes of the line break at `at`, or 0: line feed, carriage return, both, vertical tab, form feed,
 * and the breaks of Unicode, NEL, LINE and PARAGRAPH SEPARATOR, which word processors leave. */
static size_t break_len(desk_slice text, size_t at)
{
    const char *p = text.data + at;
    size_t left = text.len - at;
    switch ((unsigned char)*p) {
    case '\r':
        return left > 1 && p[1] == '\n' ? 2 : 1;
    case '\n':
    case '\v':
    case '\f':
        return 1;
    case 0xC2:
        return left > 1 && (unsigned char)p[1] == 0x85 ? 2 : 0;
    case 0xE2:
        return left > 2 && (unsigned char)p[1] == 0x80 &&
                       ((unsigned char)p[2] == 0xA8 || (unsigned char)p[2] == 0xA9)
                   ? 3
                   : 0;
    default:
        return 0;
    }
}

static desk_slice next_line(desk_slice text, size_t *at)
{
    size_t from = *at, end = from, skipped = 0;
    while (end < text.len && (skipped = break_len(text, end)) == 0)
        end++;
    *at = end + skipped;
    return slice_trim(slice_sub(text, from, end));
}

/* Whether a line is an item of a list, which is never joined to the line before: a dash, bullet or
 * asterisk and a space, or a number with a full stop or bracket. */
static bool is_item(desk_slice line)
{
    static const char *const marks[] = {"- ", "* ", "• ", "– ", "— ", "· ", NULL};
    for (size_t i = 0; marks[i]; i++)
        if (slice_starts(line, slice_from_cstr(marks[i])))
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
