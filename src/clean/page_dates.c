/* Dates near the headline: <time> elements and short lines with a date. Words beside them, in the
 * same line or just before, tell which is which. */
#include "base/slice.h"
#include "clean/page_nearby.h"
#include "tag/parse_time.h"
#include "text/space.h"

enum { LABEL_NODES = 8, LABEL_BYTES_MAX = 40, DAY_MS = 86400000 };

struct date_search {
    const struct nearby *nearby;
    const struct date_reader *reader;
    struct nearby_dates *out;
    enum date_role label; /* of a short line without a date just before */
    uint32_t label_end;
    bool has_explicit; /* the published date was said to be that */
    uint32_t distance; /* of it, in nodes from the headline */
    bool out_of_memory;
};

/* --- taking -------------------------------------------------------------------------------- */

struct dated {
    desk_slice text;
    int64_t day;
    enum date_role role;
    const char *origin;
    uint32_t node;
};

static void take(struct date_search *search, const struct dated *dated)
{
    struct nearby_dates *out = search->out;
    uint32_t heading = search->nearby->heading;
    uint32_t distance = dated->node < heading ? heading - dated->node : dated->node - heading;
    bool is_explicit = dated->role == DATE_PUBLISHED;
    if (dated->role == DATE_OTHER)
        return;
    if (out->days_count < NEARBY_DAYS_MAX)
        out->days[out->days_count++] = dated->day;
    if (dated->role == DATE_UPDATED) {
        if (!out->updated.len) {
            out->updated = dated->text;
            out->updated_origin = dated->origin;
        }
        return;
    }
    bool is_better =
        is_explicit == search->has_explicit ? distance < search->distance : is_explicit;
    if (out->published.len && !is_better)
        return;
    out->published = dated->text;
    out->published_origin = dated->origin;
    search->has_explicit = is_explicit;
    search->distance = distance;
}

static void take_day(struct date_search *search, struct civil_date date, struct dated *dated)
{
    char day[11];
    time_print_date(date, day);
    dated->text = arena_copy(search->nearby->page->arena, slice_of(day, sizeof day - 1));
    dated->day = time_days_from_civil(date);
    dated->origin = "date near the headline";
    search->out_of_memory |= !dated->text.data;
    take(search, dated);
}

/* --- looking ------------------------------------------------------------------------------- */

/* What the words of a text say; DATE_PLAIN for nothing. */
static enum date_role role_of_words(const struct metadata_words *words, desk_slice text)
{
    unsigned kinds = 0;
    for (size_t i = 0; i < text.len;) {
        size_t from = i;
        while (i < text.len && text.data[i] != ' ' && text.data[i] != ':' && text.data[i] != '-' &&
               text.data[i] != '_')
            i++;
        if (i > from)
            kinds |= metadata_word_kinds_of(words, slice_sub(text, from, i));
        i += i == from;
    }
    if (kinds & METAWORD_OTHER_DATE)
        return DATE_OTHER;
    if (kinds & METAWORD_UPDATED)
        return DATE_UPDATED;
    return kinds & METAWORD_PUBLISHED ? DATE_PUBLISHED : DATE_PLAIN;
}

/* A class such as "updated" or "entry-date published" on the element or just above. */
static enum date_role role_of_class(const struct date_search *search, uint32_t index)
{
    enum { LEVELS = 3 };
    const struct tree *tree = &search->nearby->page->tree;
    for (unsigned i = 0; index && i < LEVELS; i++) {
        desk_slice class = tree_attribute(&tree->nodes[index], ATTRIBUTE_CLASS);
        unsigned kinds = metadata_words_of_class(search->nearby->words, class);
        if (kinds & METAWORD_DATE_CLASS && kinds & METAWORD_UPDATED)
            return kinds & METAWORD_PUBLISHED ? DATE_PLAIN : DATE_UPDATED;
        if (kinds & METAWORD_DATE_CLASS && kinds & METAWORD_PUBLISHED)
            return DATE_PUBLISHED;
        index = tree->nodes[index].parent;
    }
    return DATE_PLAIN;
}

static enum date_role label_at(const struct date_search *search, uint32_t index)
{
    return index < search->label_end ? search->label : DATE_PLAIN;
}

static void visit_time(struct date_search *search, uint32_t index)
{
    struct page *page = search->nearby->page;
    const struct tree_node *node = &page->tree.nodes[index];
    /* <abbr class="published" title="2012-05-22T16:20:00+0200"> is hAtom's way. */
    desk_slice value = tree_value(
        page->arena, node, node->element == ELEMENT_ABBR ? ATTRIBUTE_TITLE : ATTRIBUTE_DATETIME);
    struct parsed_time time;
    if (!value.len || !parse_time_any(value, &time) || nearby_is_elsewhere(search->nearby, index))
        return;
    enum date_role role = role_of_class(search, index);
    if (role == DATE_PLAIN)
        role = label_at(search, index);
    if (role == DATE_PLAIN)
        role =
            role_of_words(search->nearby->words, page_text_below(page, index, DATE_LINE_BYTES_MAX));
    int64_t day = (time.ms + (int64_t)time.zone_minutes * 60000) / DAY_MS;
    take(search, &(struct dated){value, day, role, "<time> near the headline", index});
}

/* 19 or 20 before two more digits, or digits of other scripts. */
static bool may_have_year(desk_slice text)
{
    for (size_t i = 0; i + 1 < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i], next = (unsigned char)text.data[i + 1];
        bool is_century = (c == '1' && next == '9') || (c == '2' && next == '0');
        if (is_century && i + 3 < text.len && ascii_is_digit(text.data[i + 2]) &&
            ascii_is_digit(text.data[i + 3]))
            return true;
        /* Arabic, Persian, Indian, full-width. */
        if ((c == 0xD9 && next >= 0xA0 && next <= 0xA9) || (c == 0xDB && next >= 0xB0) ||
            (c == 0xE0 && next == 0xA5) || (c == 0xEF && next == 0xBC))
            return true;
    }
    return false;
}

static void visit_text(struct date_search *search, uint32_t index)
{
    struct page *page = search->nearby->page;
    const struct tree_node *node = &page->tree.nodes[index];
    enum element above = (enum element)page->tree.nodes[node->parent].element;
    desk_slice text = page_trim(node->text);
    struct date_hit hits[DATE_HITS_MAX];
    if (text.len < 2 || text.len > DATE_LINE_BYTES_MAX ||
        ELEMENT_INFO[above].flags & ELEMENT_HIDDEN || !html_decode(page->arena, &text, TEXT_DATA))
        return;
    size_t count = may_have_year(text) ? date_line_read(search->reader, text, hits) : 0;
    if (!count) {
        if (text.len <= LABEL_BYTES_MAX) {
            enum date_role role = role_of_words(search->nearby->words, text);
            search->label = role;
            search->label_end = role == DATE_PLAIN ? search->label_end : index + LABEL_NODES;
        }
        return;
    }
    if (nearby_is_elsewhere(search->nearby, index))
        return;
    for (size_t i = 0; i < count; i++) {
        enum date_role role = hits[i].role;
        if (role == DATE_PLAIN && i == 0)
            role = label_at(search, index);
        if (role == DATE_PLAIN && i == 0)
            role = role_of_class(search, node->parent);
        take_day(search, hits[i].date, &(struct dated){.role = role, .node = index});
    }
}

static void search_stretch(struct date_search *search, uint32_t from, uint32_t to)
{
    const struct tree *tree = &search->nearby->page->tree;
    search->label_end = 0;
    for (uint32_t i = from; i < to && !search->out_of_memory; i++) {
        if (tree->nodes[i].is_text)
            visit_text(search, i);
        else if (tree->nodes[i].element == ELEMENT_TIME || tree->nodes[i].element == ELEMENT_ABBR)
            visit_time(search, i);
    }
}

bool nearby_dates(const struct nearby *nearby, const struct date_reader *reader,
                  struct nearby_dates *out)
{
    *out = (struct nearby_dates){.days_count = 0};
    struct date_search search = {.nearby = nearby, .reader = reader, .out = out};
    search_stretch(&search, nearby->heading, nearby->end);
    if (!search.has_explicit)
        search_stretch(&search, nearby->start, nearby->heading);
    return !search.out_of_memory;
}
