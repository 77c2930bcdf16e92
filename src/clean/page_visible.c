/* Looking for author and date in the visible page. */
#include "clean/page_visible.h"

#include "base/slice.h"
#include "clean/pagewords.h"
#include "tag/parse_time.h"
#include "text/space.h"

enum {
    NAME_BYTES_MIN = 4,
    NAME_BYTES_MAX = 60,
    NAME_WORDS_MAX = 6,
    DATE_BYTES_MIN = 8,
    DATE_BYTES_MAX = 60
};

/* All text below a node, decoded and folded. */
desk_slice page_text_below(struct page *page, uint32_t index)
{
    const struct tree_node *nodes = page->tree.nodes;
    size_t len = 0, room = 1;
    for (uint32_t i = index + 1; i < nodes[index].end; i++)
        room += nodes[i].is_text ? nodes[i].text.len + 1 : 0;
    char *raw = arena_alloc(page->arena, room, 1);
    for (uint32_t i = index + 1; raw && i < nodes[index].end; i++) {
        if (!nodes[i].is_text)
            continue;
        memcpy(raw + len, nodes[i].text.data, nodes[i].text.len);
        len += nodes[i].text.len;
    }
    desk_slice text = slice_of(raw, raw ? len : 0);
    if (!html_decode(page->arena, &text, TEXT_DATA) || !space_fold(page->arena, &text))
        return slice_of(NULL, 0);
    return text;
}

/* --- author -------------------------------------------------------------------------------- */

/* "By Jane Doe" without its "By"; words before a name are those of the rulebook. */
static desk_slice without_byline(const struct page *page, desk_slice text)
{
    size_t end = 0;
    while (end < text.len && text.data[end] != ' ' && text.data[end] != ':')
        end++;
    if (end < text.len && pagewords_kind(page->words, slice_sub(text, 0, end)) & PAGEWORD_BYLINE)
        return slice_trim(slice_sub(text, end + 1, text.len));
    return text;
}

/* Two to six words that begin with a capital or a letter above ASCII, no digits. */
static bool looks_like_name(desk_slice text)
{
    size_t words = 0;
    bool at_start = true, has_capital = false;
    if (text.len < NAME_BYTES_MIN || text.len > NAME_BYTES_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (ascii_is_digit(c) || c == '@' || c == '/' || c == '?' || c == '!' || c == '|')
            return false;
        if (at_start && c != ' ') {
            words++;
            has_capital |= (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
        }
        at_start = c == ' ';
    }
    return words >= 2 && words <= NAME_WORDS_MAX && has_capital && text.data[0] != ' ' &&
           !(text.data[0] >= 'a' && text.data[0] <= 'z');
}

static bool mentions(desk_slice value, const char *word)
{
    return slice_find(value, slice_from_cstr(word), 0) != DESK_SLICE_NONE;
}

/* 3: says it is the author's name; 2: a link to the author; 1: a class that speaks of one; 0: none.
 */
static int author_rank(const struct tree_node *node)
{
    desk_slice rel = tree_attribute(node, "rel"), prop = tree_attribute(node, "itemprop"),
               class = tree_attribute(node, "class");
    if (slice_is(slice_trim(prop), "author"))
        return 3;
    if (node->element == ELEMENT_A && mentions(rel, "author"))
        return 2;
    return mentions(class, "author") || mentions(class, "byline") || mentions(class, "Author") ||
                   mentions(class, "Byline")
               ? 1
               : 0;
}

desk_slice page_visible_author(struct page *page)
{
    desk_slice best = {NULL, 0};
    int best_rank = 0;
    for (uint32_t i = 1; i < page->tree.count; i++) {
        const struct tree_node *node = &page->tree.nodes[i];
        int rank = node->is_text || node->element == ELEMENT_META ? 0 : author_rank(node);
        if (rank <= best_rank || node->end - i > 40)
            continue;
        desk_slice text = without_byline(page, page_text_below(page, i));
        if (!looks_like_name(text))
            continue;
        best = text;
        best_rank = rank;
    }
    return best;
}

/* --- date ---------------------------------------------------------------------------------- */

static bool has_year(desk_slice text)
{
    for (size_t i = 0; i + 4 <= text.len; i++)
        if ((text.data[i] == '1' || text.data[i] == '2') &&
            (text.data[i + 1] == '9' || text.data[i + 1] == '0') &&
            ascii_is_digit(text.data[i + 2]) && ascii_is_digit(text.data[i + 3]))
            return true;
    return false;
}

/* "Published: May 4, 2021" and "Posted on 4 May 2021" after their first words. */
static bool is_date(desk_slice text)
{
    struct parsed_time time;
    for (unsigned words = 0; words < 3 && text.len >= DATE_BYTES_MIN; words++) {
        if (parse_time_any(text, &time))
            return true;
        size_t space = slice_find_byte(text, ' ', 0);
        if (space == DESK_SLICE_NONE || ascii_is_digit(text.data[0]))
            return false;
        text = slice_trim(slice_sub(text, space, text.len));
    }
    return false;
}

static desk_slice date_part(desk_slice text)
{
    struct parsed_time time;
    while (!parse_time_any(text, &time)) {
        size_t space = slice_find_byte(text, ' ', 0);
        if (space == DESK_SLICE_NONE)
            break;
        text = slice_trim(slice_sub(text, space, text.len));
    }
    return text;
}

desk_slice page_visible_date(struct page *page)
{
    for (uint32_t i = 1; i < page->tree.count; i++) {
        const struct tree_node *node = &page->tree.nodes[i];
        enum element above = (enum element)page->tree.nodes[node->parent].element;
        if (!node->is_text || ELEMENT_INFO[above].flags & ELEMENT_HIDDEN)
            continue;
        desk_slice text = space_trim(node->text);
        if (text.len < DATE_BYTES_MIN || text.len > DATE_BYTES_MAX || !has_year(text) ||
            !is_date(text))
            continue;
        return date_part(text);
    }
    return slice_of(NULL, 0);
}
