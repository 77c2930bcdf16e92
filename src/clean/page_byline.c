/* Authors on the visible page: an element that says it holds them (rel, class, a link to an
 * author's page), or a line that begins with "By". */
#include "base/slice.h"
#include "clean/page_nearby.h"
#include "text/space.h"

enum {
    LINE_BYTES_MAX = 160,
    LINE_NODES_MAX = 24,
    CLUSTER_NODES = 12, /* several authors stand this close to each other */
    HREF_SEGMENTS_MAX = 8
};

struct search {
    const struct nearby *nearby;
    const struct author_reader *reader;
    const char *origin;
    bool is_strict; /* far from the headline */
};

/* --- elements that say so ------------------------------------------------------------------ */

/* A segment of the path, not the last, is "author", "people" ...: the last is the name. */
static bool is_author_link(const struct metadata_words *words, desk_slice href)
{
    size_t at = slice_find(href, slice_from_cstr("//"), 0), segments = 0;
    at = at == DESK_SLICE_NONE ? 0 : slice_find_byte(href, '/', at + 2);
    while (at < href.len && segments++ < HREF_SEGMENTS_MAX) {
        size_t next = slice_find_byte(href, '/', at + 1);
        if (next == DESK_SLICE_NONE || next + 1 >= href.len)
            return false;
        if (metadata_word_kinds_of(words, slice_sub(href, at + 1, next)) & METAWORD_AUTHOR_PATH)
            return true;
        at = next;
    }
    return false;
}

static bool has_word(desk_slice value, const char *word)
{
    return slice_find(value, slice_from_cstr(word), 0) != DESK_SLICE_NONE;
}

static const char CLASS_OF_AUTHOR[] = "class of an author";

static const char *element_says(const struct search *search, const struct tree_node *node)
{
    const struct metadata_words *words = search->nearby->words;
    desk_slice class = {NULL, 0};
    for (size_t i = 0; i < node->attributes_count; i++) {
        const struct html_attribute *attribute = &node->attributes[i];
        if (attribute->known == ATTRIBUTE_REL && node->element == ELEMENT_A &&
            has_word(attribute->value, "author"))
            return "rel=author";
        if (attribute->known == ATTRIBUTE_HREF && node->element == ELEMENT_A &&
            is_author_link(words, attribute->value))
            return "link to an author";
        if (attribute->known == ATTRIBUTE_CLASS)
            class = attribute->value;
    }
    unsigned kinds = class.len ? metadata_words_of_class(words, class) : 0;
    bool is_author = kinds & METAWORD_AUTHOR_CLASS && !(kinds & METAWORD_BESIDE_AUTHOR);
    return is_author ? CLASS_OF_AUTHOR : NULL;
}

/* "Reviewed by", "Photos:" in the text before the element: someone else's part. */
static bool is_credited(const struct search *search, uint32_t index)
{
    enum { NODES_BACK = 6, LABEL_BYTES_MAX = 40 };
    const struct tree *tree = &search->nearby->page->tree;
    for (uint32_t i = index; i-- > 1 && index - i <= NODES_BACK;) {
        desk_slice text = page_trim(tree->nodes[i].text);
        if (!tree->nodes[i].is_text || !text.len)
            continue;
        size_t end = slice_find_byte(text, ' ', 0);
        desk_slice word = slice_sub(text, 0, end == DESK_SLICE_NONE ? text.len : end);
        return text.len <= LABEL_BYTES_MAX &&
               metadata_word_kinds_of(search->nearby->words, word) & METAWORD_CREDIT;
    }
    return false;
}

/* Names below the element; more than a line of text is something else. */
static bool read_element(const struct search *search, uint32_t index, bool is_class)
{
    struct arena *arena = search->nearby->page->arena;
    struct arena_mark mark = arena_mark(arena);
    desk_slice text = page_lines_below(search->nearby->page, index, LINE_BYTES_MAX);
    /* Far from the headline a card of another article has its title beside its author. */
    bool is_card = search->is_strict && slice_find_byte(text, '|', 0) != DESK_SLICE_NONE;
    /* A class alone says too little for one word to be a name. */
    enum author_trust trust = is_class ? AUTHOR_GUESS : AUTHOR_MARKED;
    if (text.len && !is_card && !is_credited(search, index) &&
        author_names_read(search->reader, text, trust))
        return true;
    arena_rewind(arena, mark);
    return false;
}

/* --- lines that begin with "By" ------------------------------------------------------------ */

static bool is_block(const struct tree_node *node)
{
    return !node->is_text &&
           (node->element == ELEMENT_BR || ELEMENT_INFO[node->element].flags & ELEMENT_BLOCK);
}

/* End of the block that holds a node. */
static uint32_t end_of_block(const struct tree *tree, uint32_t index)
{
    while (index && !is_block(&tree->nodes[index]))
        index = tree->nodes[index].parent;
    return tree->nodes[index].end;
}

static desk_slice text_of(const struct search *search, uint32_t index)
{
    const struct tree_node *node = &search->nearby->page->tree.nodes[index];
    desk_slice text = page_trim(node->text);
    if (text.len > LINE_BYTES_MAX || !html_decode(search->nearby->page->arena, &text, TEXT_DATA) ||
        !space_fold(search->nearby->page->arena, &text))
        return slice_of(NULL, 0);
    return text;
}

struct line {
    char data[2 * LINE_BYTES_MAX + 2];
    size_t len;
};

static bool append(struct line *line, desk_slice text)
{
    if (line->len + text.len + 1 > sizeof line->data)
        return false;
    if (text.len)
        memcpy(line->data + line->len, text.data, text.len);
    line->len += text.len;
    line->data[line->len++] = ' ';
    return true;
}

/* The rest of the line after "By": the same block, or the next one when "By" stands alone. */
static bool read_line(const struct search *search, uint32_t index, desk_slice rest,
                      enum author_trust trust)
{
    const struct tree *tree = &search->nearby->page->tree;
    struct line line = {.len = 0};
    uint32_t block_end = end_of_block(tree, index), limit = index + LINE_NODES_MAX;
    append(&line, rest);
    for (uint32_t i = index + 1; i < tree->count && i < limit; i++) {
        const struct tree_node *node = &tree->nodes[i];
        bool leaves = i >= block_end || is_block(node);
        if (leaves && space_trim(slice_of(line.data, line.len)).len)
            break;
        if (!node->is_text)
            continue;
        block_end = leaves ? end_of_block(tree, i) : block_end;
        desk_slice text = text_of(search, i);
        if (!append(&line, text))
            break;
    }
    /* Names are kept as slices: the line has to last. */
    desk_slice kept = arena_copy(search->reader->arena, slice_of(line.data, line.len));
    return author_names_read(search->reader, kept, trust) > 0;
}

static bool is_hidden_text(const struct tree *tree, uint32_t index)
{
    enum element above = (enum element)tree->nodes[tree->nodes[index].parent].element;
    return ELEMENT_INFO[above].flags & ELEMENT_HIDDEN;
}

/* Looks at the first word only: most lines are done with here. */
static bool may_begin_byline(const struct metadata_words *words, desk_slice text)
{
    text = slice_trim(text);
    size_t end = 0;
    while (end < text.len && !ascii_is_space(text.data[end]) && text.data[end] != ':' &&
           (unsigned char)text.data[end] < 0x80)
        end++;
    return (end < text.len && (unsigned char)text.data[end] >= 0x80) ||
           metadata_word_kinds_of(words, slice_sub(text, 0, end)) &
               (METAWORD_BYLINE | METAWORD_LEAD);
}

static bool read_text(const struct search *search, uint32_t index)
{
    enum { SHORTEST = 2, LEAD_BYTES_MIN = 6 };
    const struct tree *tree = &search->nearby->page->tree;
    bool found;
    if (tree->nodes[index].text.len < SHORTEST || is_hidden_text(tree, index) ||
        !may_begin_byline(search->nearby->words, tree->nodes[index].text))
        return false;
    desk_slice text = text_of(search, index);
    if (text.len < SHORTEST)
        return false;
    desk_slice rest = author_names_without_byline(search->nearby->words, text, &found);
    /* "Von" and "par" begin sentences; "by" and "Autor:" seldom do. */
    bool is_clear =
        text.len - rest.len >= LEAD_BYTES_MIN || slice_starts_nocase(text, slice_from_cstr("by"));
    enum author_trust trust = is_clear ? AUTHOR_MARKED : AUTHOR_GUESS;
    /* Far from the headline "by" alone begins too much: "Posted by" is wanted. */
    return found && (!search->is_strict || text.len - rest.len > LEAD_BYTES_MIN) &&
           !nearby_is_elsewhere(search->nearby, index) && read_line(search, index, rest, trust);
}

/* --- lines that only look like one -------------------------------------------------------- */

/* "Jane Doe | Senior Writer | May 4, 2021" without "By": marks part it, and one part has a year. */
static bool read_unmarked(const struct search *search, uint32_t index)
{
    enum { NODES_NEAR = 30 };
    desk_slice text = search->nearby->page->tree.nodes[index].text;
    if (search->is_strict || index < search->nearby->heading ||
        index > search->nearby->heading + NODES_NEAR || text.len > 2 * LINE_BYTES_MAX)
        return false;
    bool has_mark = slice_find(text, slice_from_cstr(" | "), 0) != DESK_SLICE_NONE ||
                    slice_find(text, slice_from_cstr(" · "), 0) != DESK_SLICE_NONE ||
                    slice_find(text, slice_from_cstr(" • "), 0) != DESK_SLICE_NONE;
    bool has_year = slice_find(text, slice_from_cstr("20"), 0) != DESK_SLICE_NONE;
    if (!has_mark || !has_year)
        return false;
    text = text_of(search, index);
    return text.len && author_names_read(search->reader, text, AUTHOR_GUESS);
}

/* --- searching ----------------------------------------------------------------------------- */

/* The first hit in [from, to) and those of its kind close by. */
static bool search_stretch(struct search *search, uint32_t from, uint32_t to)
{
    const struct tree *tree = &search->nearby->page->tree;
    for (uint32_t i = from; i < to && i < tree->count;) {
        const struct tree_node *node = &tree->nodes[i];
        const char *says = node->is_text ? NULL : element_says(search, node);
        bool hit = false;
        if (says && !(search->origin && says != search->origin))
            hit = !nearby_is_elsewhere(search->nearby, i) &&
                  read_element(search, i, says == CLASS_OF_AUTHOR);
        else if (node->is_text && !search->origin &&
                 (read_text(search, i) || read_unmarked(search, i))) {
            search->origin = "byline";
            return true;
        }
        if (hit && !search->origin)
            search->origin = says;
        if (hit)
            to = node->end + CLUSTER_NODES;
        i = hit || (!node->is_text && ELEMENT_INFO[node->element].flags & ELEMENT_HIDDEN)
                ? node->end
                : i + 1;
    }
    return search->origin != NULL;
}

const char *nearby_authors(const struct nearby *nearby, const struct author_reader *reader)
{
    struct search search = {.nearby = nearby, .reader = reader};
    if (!search_stretch(&search, nearby->heading, nearby->end))
        search_stretch(&search, nearby->start, nearby->heading);
    return search.origin;
}

const char *nearby_authors_anywhere(const struct nearby *nearby, const struct author_reader *reader)
{
    struct search search = {.nearby = nearby, .reader = reader, .is_strict = true};
    search_stretch(&search, nearby->end, (uint32_t)nearby->page->tree.count);
    return search.origin;
}
