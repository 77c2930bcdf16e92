/* Titles as sets of folded words and as rows of folded letters. */
#include "clean/title.h"

#include <xxhash.h>

#include "base/slice.h"
#include "text/fold.h"
#include "text/space.h"
#include "text/unicode.h"
#include "text/utf8.h"

/* Longer titles are compared by their beginning. */
enum { TITLE_BYTES = 400, SECTION_WORDS_MAX = 4, TITLE_BYTES_MIN = 15 };

struct folded {
    char data[2 * TITLE_BYTES];
    size_t len;
};

static void fold(desk_slice text, struct folded *out)
{
    size_t len = text.len;
    if (len > TITLE_BYTES) {
        len = TITLE_BYTES;
        while (len && ((unsigned char)text.data[len] & 0xC0) == 0x80)
            len--;
    }
    out->len = fold_text(slice_of(text.data, len), out->data);
}

static bool is_letter(uint32_t cp)
{
    return text_class(cp) & (CLASS_LETTER | CLASS_DIGIT | CLASS_MARK);
}

/* --- words --------------------------------------------------------------------------------- */

/* Letters of unspaced scripts are words of their own. */
void title_words_of(desk_slice text, struct title_words *out)
{
    struct folded folded;
    fold(text, &folded);
    const char *p = folded.data, *end = p + folded.len, *start = NULL;
    out->count = 0;
    while (out->count < TITLE_WORDS_MAX) {
        const char *at = p;
        uint32_t cp = p < end ? utf8_next(&p, end) : ' ';
        bool unspaced = text_class(cp) & CLASS_UNSPACED;
        if (start && (unspaced || !is_letter(cp))) {
            out->hashes[out->count++] = XXH3_64bits(start, (size_t)(at - start));
            start = NULL;
        }
        if (unspaced && out->count < TITLE_WORDS_MAX)
            out->hashes[out->count++] = XXH3_64bits(at, (size_t)(p - at));
        else if (!start && is_letter(cp))
            start = at;
        if (at == end)
            break;
    }
}

double title_words_overlap(const struct title_words *a, const struct title_words *b)
{
    bool taken[TITLE_WORDS_MAX] = {false};
    size_t both = 0;
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++)
            if (!taken[k] && a->hashes[i] == b->hashes[k]) {
                taken[k] = true;
                both++;
                break;
            }
    return a->count + b->count ? 2.0 * (double)both / (double)(a->count + b->count) : 0;
}

double title_overlap(desk_slice a, desk_slice b)
{
    struct title_words left, right;
    title_words_of(a, &left);
    title_words_of(b, &right);
    return title_words_overlap(&left, &right);
}

/* --- letters ------------------------------------------------------------------------------- */

/* Only letters and digits; '&' is "and". */
static void letters_of(desk_slice text, struct folded *out)
{
    struct folded folded;
    fold(text, &folded);
    const char *p = folded.data, *end = p + folded.len;
    out->len = 0;
    while (p < end) {
        const char *at = p;
        uint32_t cp = utf8_next(&p, end);
        if (is_letter(cp)) {
            memcpy(out->data + out->len, at, (size_t)(p - at));
            out->len += (size_t)(p - at);
        } else if (cp == '&' && out->len + 3 <= sizeof out->data) {
            memcpy(out->data + out->len, "and", 3);
            out->len += 3;
        }
        if (out->len + 4 > sizeof out->data)
            break;
    }
}

static desk_slice slice_of_folded(const struct folded *folded)
{
    return slice_of(folded->data, folded->len);
}

bool title_same(desk_slice a, desk_slice b)
{
    struct folded left, right;
    letters_of(a, &left);
    letters_of(b, &right);
    return left.len && slice_equal(slice_of_folded(&left), slice_of_folded(&right));
}

/* --- the site ------------------------------------------------------------------------------ */

void site_names_add(struct site_names *names, desk_slice name)
{
    enum { NAME_BYTES_MAX = 100 };
    if (name.len > 1 && name.len <= NAME_BYTES_MAX &&
        names->count < sizeof names->items / sizeof names->items[0])
        names->items[names->count++] = name;
}

static desk_slice without_article(desk_slice letters)
{
    desk_slice the = slice_from_cstr("the");
    return slice_starts(letters, the) && letters.len > the.len + 2
               ? slice_sub(letters, the.len, letters.len)
               : letters;
}

/* "Planet" for "The Daily Planet" and "Daily Planet UK" for "Daily Planet": one begins the other,
 * and most of it is the same. */
static bool are_names_of_one(desk_slice a, desk_slice b)
{
    enum { SHORTEST = 4 };
    a = without_article(a);
    b = without_article(b);
    if (slice_equal(a, b))
        return a.len > 0;
    desk_slice shorter = a.len < b.len ? a : b, longer = a.len < b.len ? b : a;
    return shorter.len >= SHORTEST && 3 * shorter.len >= 2 * longer.len &&
           slice_starts(longer, shorter);
}

bool site_names_match(const struct site_names *names, desk_slice text)
{
    struct folded own, other;
    letters_of(text, &own);
    for (size_t i = 0; i < names->count; i++) {
        letters_of(names->items[i], &other);
        if (are_names_of_one(slice_of_folded(&own), slice_of_folded(&other)))
            return true;
    }
    return false;
}

/* --- cutting ------------------------------------------------------------------------------- */

struct cut {
    desk_slice head, tail;
};

/* Parts a title at the separator found at `at`. */
static bool cut_at(desk_slice title, desk_slice separator, size_t at, struct cut *cut)
{
    cut->head = space_trim(slice_sub(title, 0, at));
    cut->tail = space_trim(slice_sub(title, at + separator.len, title.len));
    return cut->head.len && cut->tail.len;
}

static size_t last_of(desk_slice title, desk_slice separator, size_t first)
{
    for (size_t at = first; at != DESK_SLICE_NONE; at = slice_find(title, separator, at + 1))
        first = at;
    return first;
}

static size_t count_words(desk_slice text)
{
    struct title_words words;
    title_words_of(text, &words);
    return words.count;
}

/* One cut; the same title when nothing is to be cut. */
static desk_slice cut_once(const struct title_context *context, desk_slice title)
{
    struct cut cut;
    for (size_t i = 0; i < context->separators_count; i++) {
        desk_slice separator = context->separators[i];
        size_t first = slice_find(title, separator, 0);
        if (first == DESK_SLICE_NONE)
            continue;
        if (cut_at(title, separator, last_of(title, separator, first), &cut)) {
            if (context->heading.len && title_same(cut.head, context->heading))
                return cut.head;
            if (context->heading.len && title_same(cut.tail, context->heading))
                return cut.tail;
            if (site_names_match(context->sites, cut.tail))
                return cut.head;
        }
        if (cut_at(title, separator, first, &cut) && site_names_match(context->sites, cut.head))
            return cut.tail;
    }
    return title;
}

/* "davidson.example My day": the site's name without a separator, before or behind. */
static desk_slice without_bare_site(const struct title_context *context, desk_slice title)
{
    for (size_t i = 0; i < context->sites->count; i++) {
        desk_slice site = context->sites->items[i];
        if (slice_find_byte(site, '.', 0) == DESK_SLICE_NONE || title.len < site.len + 5)
            continue;
        if (slice_starts_nocase(title, site) && title.data[site.len] == ' ')
            return space_trim(slice_sub(title, site.len, title.len));
    }
    return title;
}

/* The site is not known by name: a short end behind a separator that titles seldom hold. */
static desk_slice without_short_end(const struct title_context *context, desk_slice title)
{
    struct cut cut;
    for (size_t i = 0; i < context->separators_count && i < 3; i++) {
        desk_slice separator = context->separators[i];
        size_t at = last_of(title, separator, slice_find(title, separator, 0));
        if (at != DESK_SLICE_NONE && cut_at(title, separator, at, &cut) &&
            cut.head.len > 2 * cut.tail.len && cut.head.len > TITLE_BYTES_MIN &&
            count_words(cut.tail) <= SECTION_WORDS_MAX)
            return cut.head;
    }
    return title;
}

desk_slice title_without_site(const struct title_context *context, desk_slice title)
{
    enum { CUTS_MAX = 3 };
    desk_slice whole = title;
    title = without_bare_site(context, title);
    for (unsigned i = 0; i < CUTS_MAX; i++) {
        desk_slice shorter = cut_once(context, title);
        if (shorter.len == title.len)
            break;
        title = shorter;
    }
    bool is_heading = context->heading.len && title_same(title, context->heading);
    /* What stood beside the site's name is often the section: "Title | Sport | Planet". */
    return is_heading ||
                   (title.len == whole.len && context->sites->count > 1 && context->heading.len)
               ? title
               : without_short_end(context, title);
}
