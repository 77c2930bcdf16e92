/* Bylines, times, lines without words and pull quotes among the blocks that were taken for the
 * article.
 *
 * They look like text of the article to whatever judges a block by itself: only together with
 * the authors, and with the rest of the article, can they be told. */
#include "clean/about_lines.h"

#include <string.h>

#include "base/slice.h"
#include "clean/date_line.h"
#include "clean/metadata_words.h"
#include "tag/ascii_run.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum {
    BYLINE_BYTES_MAX = 200,
    BYLINE_STRANGERS_MAX =
        3, /* words of a byline that are no name and in no list: "Reading time" */
    TIME_BYTES_MAX = 60,
    TIME_UNIT_BYTES_MAX = 3, /* "Uhr", "pm", "CET" */
    NO_WORDS_BYTES_MAX = 12,
    EDGE_BLOCKS = 3, /* where a line with the day is the article's; elsewhere a chronicle's */
    PULL_BYTES_MIN = 16,
    PULL_BYTES_MAX = 400,
    SENTENCE_BYTES_MIN = 12, /* folded; a shorter one stands in any text by chance */
    PULL_QUOTES_MAX = 32,    /* looked at in one article; with the next one it bounds the search */
    TEXT_BYTES_MAX = 1 << 17 /* longer articles keep their pull quotes */
};

/* --- words --------------------------------------------------------------------------------- */

static bool is_letter(uint32_t cp)
{
    return (text_class(cp) & CLASS_LETTER) != 0;
}

/* The next run of letters at or after *at; empty at the end. */
static desk_slice next_word(desk_slice text, size_t *at)
{
    const char *p = text.data + *at, *end = text.data + text.len, *from = end, *to = end;
    while (p < end) {
        const char *start = p;
        bool letter = is_letter(utf8_next(&p, end));
        if (letter && from == end)
            from = start;
        if (!letter && from != end) {
            to = start;
            break;
        }
    }
    *at = (size_t)(to - text.data);
    return slice_of(from, (size_t)(to - from));
}

static bool has_digit(desk_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] >= '0' && text.data[i] <= '9')
            return true;
    return false;
}

/* --- bylines ------------------------------------------------------------------------------- */

/* The text with each occurrence of `part` blanked; false when there is none. */
static bool blank(char *text, size_t len, desk_slice part)
{
    bool found = false;
    for (size_t at = 0; part.len && at + part.len <= len;) {
        if (slice_equal_nocase(slice_of(text + at, part.len), part)) {
            memset(text + at, ' ', part.len);
            at += part.len;
            found = true;
        } else {
            at++;
        }
    }
    return found;
}

/* Words that are neither about authors and times nor numbers. */
static size_t strangers(const struct page *page, desk_slice text)
{
    const unsigned known = METAWORD_BYLINE | METAWORD_LEAD | METAWORD_AND | METAWORD_JOB |
                           METAWORD_OUTLET | METAWORD_AGENCY | METAWORD_CREDIT | METAWORD_PLACE |
                           METAWORD_UPDATED | METAWORD_PUBLISHED | METAWORD_OTHER_DATE;
    size_t count = 0;
    for (size_t at = 0; at < text.len;) {
        desk_slice word = next_word(text, &at);
        if (word.len > 1 && !(metadata_word_kinds_of(page->metadata_words, word) & known))
            count++;
    }
    return count;
}

/* Sentences end so; lines about an article do not, unless in an abbreviation behind a number. */
static bool ends_as_sentence(desk_slice text)
{
    char last = text.len ? text.data[text.len - 1] : 0;
    return last == '?' || last == '!' || last == '"' || (last == '.' && !has_digit(text));
}

static bool is_byline(const struct page *page, const struct block *block)
{
    const struct desk_article *article = page->article;
    char text[BYLINE_BYTES_MAX];
    bool found = false;
    if (block->text.len > sizeof text || ends_as_sentence(block->text))
        return false;
    memcpy(text, block->text.data, block->text.len);
    blank(text, block->text.len, article->title);
    for (size_t i = 0; i < article->authors.count; i++)
        found = blank(text, block->text.len, article->authors.items[i]) || found;
    return found && strangers(page, slice_of(text, block->text.len)) <= BYLINE_STRANGERS_MAX;
}

/* --- times --------------------------------------------------------------------------------- */

static bool is_digit_at(desk_slice text, size_t at)
{
    return at < text.len && text.data[at] >= '0' && text.data[at] <= '9';
}

/* "17:42", "4.50pm", "18h05", but not "99.99", which is a price. */
static bool has_clock(desk_slice text)
{
    size_t first = 0;
    bool has_words = next_word(text, &first).len > 0;
    for (size_t i = 1; i + 2 < text.len; i++)
        if (strchr(has_words ? ":.h" : ":", text.data[i]) && is_digit_at(text, i - 1) &&
            is_digit_at(text, i + 1) && is_digit_at(text, i + 2) && !is_digit_at(text, i + 3))
            return true;
    return false;
}

/* Whether all words are months, "published" and its like, or units of time. */
static bool has_time_words_only(const struct page *page, desk_slice text)
{
    for (size_t at = 0; at < text.len;) {
        desk_slice word = next_word(text, &at);
        unsigned kinds = metadata_word_kinds_of(page->metadata_words, word);
        if (word.len > TIME_UNIT_BYTES_MAX && !(kinds & (METAWORD_UPDATED | METAWORD_PUBLISHED)) &&
            !metadata_month(page->metadata_words, word, slice_of(NULL, 0)))
            return false;
    }
    return true;
}

static bool is_time(const struct page *page, const struct block *block, bool is_edge)
{
    desk_slice text = block->text;
    struct date_hit hits[DATE_HITS_MAX];
    struct date_reader reader = {.words = page->metadata_words,
                                 .language = page->article->page_language,
                                 .order = ORDER_DAY_FIRST};
    if (text.len > TIME_BYTES_MAX || !has_digit(text))
        return false;
    bool has_day = date_line_read(&reader, text, hits) > 0;
    return has_day ? is_edge && strangers(page, text) <= BYLINE_STRANGERS_MAX &&
                         text.len <= TIME_BYTES_MAX / 2
                   : has_clock(text) && has_time_words_only(page, text);
}

/* Counts of comments, bullets between links, lines of stars: short, and not a letter in it. */
static bool has_no_words(const struct block *block)
{
    size_t at = 0;
    return block->kind == BLOCK_PARAGRAPH && block->text.len <= NO_WORDS_BYTES_MAX &&
           !next_word(block->text, &at).len;
}

/* --- pull quotes --------------------------------------------------------------------------- */

enum { FOLD_SLACK = ASCII_RUN_MAX };

/* Letters and digits of all blocks, small, a line end after each block. */
struct folded {
    char *text;
    size_t len;
    size_t *ends; /* per block */
};

/* The small form of an ASCII letter or digit, 0 for what is neither. */
static const char FOLDED_ASCII[128] = {
    ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6',
    ['7'] = '7', ['8'] = '8', ['9'] = '9', ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd',
    ['E'] = 'e', ['F'] = 'f', ['G'] = 'g', ['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k',
    ['L'] = 'l', ['M'] = 'm', ['N'] = 'n', ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r',
    ['S'] = 's', ['T'] = 't', ['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y',
    ['Z'] = 'z', ['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f',
    ['g'] = 'g', ['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k', ['l'] = 'l', ['m'] = 'm',
    ['n'] = 'n', ['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r', ['s'] = 's', ['t'] = 't',
    ['u'] = 'u', ['v'] = 'v', ['w'] = 'w', ['x'] = 'x', ['y'] = 'y', ['z'] = 'z'};

/* Copies a run of ASCII letters and digits of up to sixteen bytes, small; writes sixteen. */
static unsigned fold_run(char *out, const char *p)
{
    const uint64_t small = 0x2020202020202020u; /* makes capitals small, leaves digits alone */
    uint64_t halves[2];
    memcpy(halves, p, sizeof halves);
    halves[0] |= small;
    halves[1] |= small;
    memcpy(out, halves, sizeof halves);
    return ascii_run(p).len;
}

/* The text has room for FOLD_SLACK bytes more than the letters take. */
static void fold_into(struct folded *folded, desk_slice text)
{
    const char *p = text.data, *end = text.data + text.len;
    char *out = folded->text + folded->len;
    while (p < end) {
        const char *start = p;
        if ((unsigned char)*p < 0x80) {
            char small = FOLDED_ASCII[(unsigned char)*p];
            unsigned run = small && end - p >= ASCII_RUN_MAX ? fold_run(out, p) : 1;
            *out = small;
            out += small ? run : 0;
            p += run;
            continue;
        }
        if (text_class(utf8_next(&p, end)) & (CLASS_LETTER | CLASS_DIGIT)) {
            memcpy(out, start, (size_t)(p - start));
            out += p - start;
        }
    }
    folded->len = (size_t)(out - folded->text);
}

static bool fold_blocks(struct page *page, struct folded *folded)
{
    const struct block_list *list = &page->article->blocks;
    size_t room = FOLD_SLACK;
    for (size_t i = 0; i < list->count; i++)
        room += list->items[i].text.len + 1;
    folded->text = arena_alloc(page->arena, room, 1);
    folded->ends = ARENA_ARRAY(page->arena, size_t, list->count + 1);
    if (!folded->text || !folded->ends)
        return false;
    for (size_t i = 0; i < list->count; i++) {
        fold_into(folded, list->items[i].text);
        folded->text[folded->len++] = '\n';
        folded->ends[i] = folded->len;
    }
    return true;
}

static desk_slice folded_block(const struct folded *folded, size_t index)
{
    size_t from = index ? folded->ends[index - 1] : 0;
    return slice_of(folded->text + from, folded->ends[index] - 1 - from);
}

/* Whether a block other than `own`, and longer than it, holds the folded sentence. */
static bool stands_elsewhere(const struct folded *folded, size_t count, size_t own,
                             desk_slice sentence)
{
    size_t len = folded_block(folded, own).len;
    for (size_t i = 0; i < count; i++) {
        desk_slice block = folded_block(folded, i);
        if (i != own && block.len > len && slice_find(block, sentence, 0) != DESK_SLICE_NONE)
            return true;
    }
    return false;
}

/* The text of a quotation: a block of its own that is marked as one or stands in marks. */
static bool may_be_pull_quote(const struct block *block)
{
    static const char *const marks[] = {"\"", "\xE2\x80\x9C", "\xE2\x80\x9E", "\xC2\xAB",
                                        "\xE2\x80\x98"};
    if (block->text.len < PULL_BYTES_MIN || block->text.len > PULL_BYTES_MAX)
        return false;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (slice_starts(block->text, slice_from_cstr(marks[i])))
            return block->kind == BLOCK_PARAGRAPH || block->kind == BLOCK_QUOTE;
    return block->kind == BLOCK_QUOTE;
}

/* The end of the sentence that begins at `from`, behind its mark. */
static size_t sentence_end(desk_slice text, size_t from)
{
    for (size_t i = from; i < text.len; i++)
        if (strchr(".!?", text.data[i]) && (i + 1 == text.len || text.data[i + 1] == ' '))
            return i + 1;
    return text.len;
}

static bool is_pull_quote(struct page *page, const struct folded *folded, size_t index)
{
    desk_slice text = page->article->blocks.items[index].text;
    size_t count = page->article->blocks.count, seen = 0;
    char buffer[PULL_BYTES_MAX + FOLD_SLACK];
    for (size_t from = 0; from < text.len;) {
        size_t to = sentence_end(text, from);
        struct folded sentence = {.text = buffer};
        fold_into(&sentence, slice_sub(text, from, to));
        if (sentence.len &&
            (sentence.len < SENTENCE_BYTES_MIN ||
             !stands_elsewhere(folded, count, index, slice_of(buffer, sentence.len))))
            return false;
        seen += sentence.len;
        from = to;
    }
    return seen > 0;
}

/* --- all ----------------------------------------------------------------------------------- */

static const char *rule_of(const struct page *page, size_t index)
{
    const struct block_list *list = &page->article->blocks;
    const struct block *block = &list->items[index];
    bool is_edge = index < EDGE_BLOCKS || index + EDGE_BLOCKS > list->count;
    if (block->kind != BLOCK_PARAGRAPH && block->kind != BLOCK_LIST_ITEM)
        return NULL;
    if (is_byline(page, block))
        return "page.byline";
    if (has_no_words(block))
        return "page.no-words";
    return is_time(page, block, is_edge) ? "page.time" : NULL;
}

static bool remove_block(struct page *page, struct block *block, const char *rule)
{
    block->is_removed = true;
    block->removed_by = slice_from_cstr(rule);
    return article_add_removal(page->article, block->removed_by, block->text);
}

static bool remove_pull_quotes(struct page *page)
{
    struct block_list *list = &page->article->blocks;
    struct folded folded = {0};
    size_t len = 0, looked_at = 0;
    for (size_t i = 0; i < list->count; i++)
        len += list->items[i].text.len;
    for (size_t i = 0; i < list->count && len <= TEXT_BYTES_MAX && looked_at < PULL_QUOTES_MAX;
         i++) {
        struct block *block = &list->items[i];
        if (block->is_removed || !may_be_pull_quote(block))
            continue;
        if (!looked_at++ && !fold_blocks(page, &folded))
            return false;
        if (is_pull_quote(page, &folded, i) && !remove_block(page, block, "page.pull-quote"))
            return false;
    }
    return true;
}

bool about_lines_remove(struct page *page)
{
    struct block_list *list = &page->article->blocks;
    for (size_t i = 0; i < list->count; i++) {
        const char *rule = rule_of(page, i);
        if (rule && !remove_block(page, &list->items[i], rule))
            return false;
    }
    return remove_pull_quotes(page);
}
