/* Paragraphs of plain text. */
#include "clean/plain.h"

#include "base/slice.h"
#include "text/space.h"

/* A text is hard-wrapped when it has blank lines and the lines that are followed by another line
 * mostly have about the same length, as an editor or a mail program breaks them. */
enum { WRAP_MIN = 50, WRAP_MAX = 130, WRAP_SPREAD = 25, WRAP_LINES_MIN = 4 };

static desk_slice next_line(desk_slice text, size_t *at)
{
    size_t from = *at, end = from;
    while (end < text.len && text.data[end] != '\n' && text.data[end] != '\r')
        end++;
    *at = end;
    if (*at < text.len)
        *at += text.data[end] == '\r' && end + 1 < text.len && text.data[end + 1] == '\n' ? 2 : 1;
    return slice_trim(slice_sub(text, from, end));
}

static bool is_hard_wrapped(desk_slice text)
{
    size_t blanks = 0, inner = 0, longest = 0, near = 0;
    for (int pass = 0; pass < 2; pass++) {
        desk_slice previous = {NULL, 0};
        for (size_t at = 0; at < text.len;) {
            desk_slice line = next_line(text, &at);
            if (pass == 0)
                blanks += line.len == 0;
            if (previous.len && line.len) {
                if (pass == 0 && previous.len > longest)
                    longest = previous.len;
                inner += pass == 0;
                near += pass == 1 && previous.len + WRAP_SPREAD >= longest;
            }
            previous = line;
        }
    }
    return blanks && inner >= WRAP_LINES_MIN && longest >= WRAP_MIN && longest <= WRAP_MAX &&
           10 * near >= 7 * inner;
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
        if (line.len) {
            start = is_open ? start : line_start;
            end = at;
            is_open = true;
        } else if (is_open) {
            is_open = false;
            if (!add_paragraph(article, slice_sub(text, start, end)))
                return false;
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
