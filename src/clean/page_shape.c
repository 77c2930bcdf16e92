/* One pass over the beginning of a text, 64 bytes at a time, and a look at its end. */
#include "clean/page_shape.h"

#include <stdbool.h>

#include "base/slice.h"
#include "clean/page_ascii.h"
#include "text/unicode.h"
#include "text/utf8.h"

/* Enough to know prose from a list of links. */
enum { SHAPE_BYTES = 320 };
/* Share of capitals, of 64, that is assumed where no letter has a case. */
enum { CAPITALS_USUAL = 8 };

static bool ends_sentence(uint32_t cp)
{
    switch (cp) {
    case '.':
    case '!':
    case '?':
    case 0x3002: /* 。 */
    case 0xFF01: /* ！ */
    case 0xFF1F: /* ？ */
    case 0xFF0E: /* ． */
    case 0x061F: /* ؟ */
    case 0x06D4: /* ۔ */
    case 0x0964: /* । */
    case 0x0965: /* ॥ */
    case 0x1362: /* ። */
    case 0x104B: /* ။ */
    case 0x17D4: /* ។ */
    case 0x0589: /* ։ */
        return true;
    default:
        return false;
    }
}

static bool is_comma(uint32_t cp)
{
    return cp == ',' || cp == 0x060C || cp == 0x3001 || cp == 0xFF0C || cp == 0x1363 || cp == ';' ||
           cp == 0x061B;
}

/* Quotes and brackets that may stand after the end of a sentence or before its beginning. */
static bool is_quote(uint32_t cp)
{
    return cp == '"' || cp == '\'' || cp == 0xAB || cp == 0xBB || (cp >= 0x2018 && cp <= 0x201F) ||
           cp == 0x2039 || cp == 0x203A || (cp >= 0x300A && cp <= 0x300F) || cp == 0xFF02;
}

static bool is_closing(uint32_t cp)
{
    return is_quote(cp) || cp == ')' || cp == ']' || cp == 0xFF09;
}

static bool is_separator(uint32_t cp)
{
    return cp == '|' || cp == '>' || cp == 0x2022 || cp == 0xB7 || cp == 0x25BA || cp == 0x2192 ||
           cp == 0x25CF || cp == 0x00D7;
}

/* --- pieces -------------------------------------------------------------------------------- */

/* What the characters of a piece are to the count, a bit for each byte. Of a character of several
 * bytes the first one says what it is, and the others are `through`. What is nothing of all that
 * ends a word. */
struct roles {
    uint64_t letters; /* letters, digits, marks that combine */
    uint64_t upper, cased, digits;
    uint64_t ends;    /* of sentences, in ASCII: when a space follows */
    uint64_t spaces;  /* the space, and the no-break space */
    uint64_t through; /* neither begin nor end a word: closing quotes, hyphens */
};

/* What was seen so far. */
struct scan {
    struct text_shape shape;
    unsigned letters, digits, words, capitals, cased, sentences, commas, separators;
    uint64_t in_word;   /* 1: the last byte was inside a word, or passed through behind one */
    uint64_t after_end; /* 1: the same of the end of a sentence */
};

/* What ASCII marks are: bits. */
enum {
    IS_END = 1,
    IS_THROUGH = 2,
    IS_COMMA = 4,
    IS_SEPARATOR = 8,
    IS_ADDRESS = 16,
    IS_DOTTED = 32
};
static const uint8_t MARKS[128] = {
    ['.'] = IS_END | IS_DOTTED, ['!'] = IS_END,      ['?'] = IS_END,     [':'] = IS_DOTTED,
    ['"'] = IS_THROUGH,         ['\''] = IS_THROUGH, [')'] = IS_THROUGH, [']'] = IS_THROUGH,
    ['-'] = IS_THROUGH,         [','] = IS_COMMA,    [';'] = IS_COMMA,   ['|'] = IS_SEPARATOR,
    ['>'] = IS_SEPARATOR,       ['@'] = IS_ADDRESS};

static unsigned count_bits(uint64_t bits)
{
    unsigned count = 0;
    for (; bits; bits &= bits - 1)
        count++;
    return count;
}

/* Whether the mark at `at` stands in the beginning of an address: https: or www. */
static bool is_in_address(desk_slice text, size_t at)
{
    desk_slice before = slice_sub(text, 0, at);
    return text.data[at] == ':'
               ? slice_ends(before, slice_from_cstr("http")) ||
                     slice_ends(before, slice_from_cstr("https"))
               : text.data[at] == '.' && slice_ends(before, slice_from_cstr("www"));
}

/* Marks of ASCII at `bits` of the piece that begins at `from`. */
static void read_marks(struct scan *scan, struct roles *roles, desk_slice text, size_t from,
                       uint64_t bits)
{
    for (; bits; bits &= bits - 1) {
        unsigned i = (unsigned)__builtin_ctzll(bits);
        unsigned mark = MARKS[(unsigned char)text.data[from + i] & 127];
        roles->ends |= (uint64_t)(mark & IS_END) << i;
        roles->through |= (uint64_t)((mark & IS_THROUGH) != 0) << i;
        scan->commas += (mark & IS_COMMA) != 0;
        scan->separators += (mark & IS_SEPARATOR) != 0;
        if (mark & IS_ADDRESS || (mark & IS_DOTTED && is_in_address(text, from + i)))
            scan->shape.address = 1;
    }
}

/* A character beyond ASCII; `bit` is its place in the piece. */
static void read_other(struct scan *scan, struct roles *roles, uint32_t cp, uint64_t bit)
{
    unsigned class = text_class(cp);
    if (class & (CLASS_LETTER | CLASS_DIGIT | CLASS_MARK)) {
        roles->letters |= bit;
        roles->digits |= class & CLASS_DIGIT ? bit : 0;
        roles->upper |= class & CLASS_UPPER ? bit : 0;
        roles->cased |= class & (CLASS_UPPER | CLASS_LOWER) ? bit : 0;
        return;
    }
    scan->sentences += ends_sentence(cp);
    scan->commas += is_comma(cp);
    scan->separators += is_separator(cp);
    scan->shape.copyright |= cp == 0xA9;
    roles->spaces |= cp == 0xA0 ? bit : 0;
    roles->through |= is_closing(cp) ? bit : 0;
}

/* Characters beyond ASCII at `bits` of the piece that begins at `from`. */
static void read_others(struct scan *scan, struct roles *roles, desk_slice text, size_t from,
                        uint64_t bits)
{
    while (bits) {
        unsigned i = (unsigned)__builtin_ctzll(bits);
        const char *start = text.data + from + i, *p = start;
        if (((unsigned char)*p & 0xC0) == 0x80) { /* the rest of one that began before */
            roles->through |= (uint64_t)1 << i;
            bits &= bits - 1;
            continue;
        }
        read_other(scan, roles, utf8_next(&p, text.data + text.len), (uint64_t)1 << i);
        uint64_t rest = (((uint64_t)1 << (p - start)) - 2) << i;
        roles->through |= rest;
        bits &= (bits - 1) & ~rest;
    }
}

/* The bits of `through` that follow a bit of `from`, or the piece before when `carry` is 1, without
 * a gap. */
static uint64_t pass_through(uint64_t through, uint64_t from, uint64_t carry)
{
    uint64_t first = (from << 1 | carry) & through;
    /* Adding to the lowest bit of a run clears the run. */
    return through & ~(through + first);
}

/* Counts words, and sentences that a space ends, in a piece of `len` bytes. */
static void count_piece(struct scan *scan, const struct roles *roles, unsigned len)
{
    uint64_t inside = roles->letters | pass_through(roles->through, roles->letters, scan->in_word);
    uint64_t starts = roles->letters & ~(inside << 1 | scan->in_word);
    uint64_t ends = roles->ends & (inside << 1 | scan->in_word);
    uint64_t after = ends | pass_through(roles->through, ends, scan->after_end);
    scan->sentences += count_bits(roles->spaces & (after << 1 | scan->after_end));
    scan->letters += (unsigned)__builtin_popcountll(roles->letters);
    scan->digits += count_bits(roles->digits);
    scan->words += (unsigned)__builtin_popcountll(starts);
    scan->capitals += count_bits(starts & roles->upper);
    scan->cased += (starts & roles->cased) != 0;
    scan->in_word = inside >> (len - 1) & 1;
    scan->after_end = after >> (len - 1) & 1;
}

/* The `len` bytes from `from` on, 1 to ASCII_PIECE. */
static void scan_piece(struct scan *scan, desk_slice text, size_t from, unsigned len)
{
    char copy[ASCII_PIECE];
    const char *p = text.data + from;
    if (text.len - from < ASCII_PIECE) {
        memset(copy, 0, sizeof copy);
        p = memcpy(copy, p, len);
    }
    uint64_t wanted = UINT64_MAX >> (ASCII_PIECE - len);
    struct ascii_piece piece = ascii_piece(p, len);
    struct roles roles = {.letters = (piece.letters | piece.digits) & wanted,
                          .upper = piece.upper,
                          .cased = piece.letters,
                          .digits = piece.digits & wanted,
                          .spaces = piece.spaces & wanted};
    read_marks(scan, &roles, text, from, wanted & ~(roles.letters | piece.spaces | piece.others));
    read_others(scan, &roles, text, from, wanted & piece.others);
    count_piece(scan, &roles, len);
}

/* --- ends ---------------------------------------------------------------------------------- */

static uint8_t end_of(desk_slice text)
{
    const char *p = text.data + text.len;
    uint32_t cp = 0;
    while (p > text.data) {
        cp = utf8_prev(text.data, &p);
        if (!is_closing(cp))
            break;
    }
    if (cp == 0x2026)
        return END_ELLIPSIS;
    if (cp == '.' && p - text.data >= 2 && p[-1] == '.')
        return END_ELLIPSIS;
    if (ends_sentence(cp))
        return END_SENTENCE;
    if (cp == ':' || cp == 0xFF1A)
        return END_COLON;
    return text_class(cp) & CLASS_PUNCT ? END_OTHER : END_NONE;
}

static uint8_t first_of(desk_slice text)
{
    const char *p = text.data;
    uint32_t cp = utf8_next(&p, text.data + text.len);
    unsigned class = text_class(cp);
    if (is_quote(cp) || cp == 0x2014 || cp == 0x2013 || cp == '-')
        return FIRST_QUOTE;
    if (class & CLASS_DIGIT)
        return FIRST_DIGIT;
    if (class & CLASS_LOWER)
        return FIRST_LOWER;
    return class & CLASS_LETTER ? FIRST_UPPER : FIRST_OTHER;
}

static uint8_t limited(unsigned count)
{
    return (uint8_t)(count < UINT8_MAX ? count : UINT8_MAX);
}

struct text_shape page_shape(desk_slice text)
{
    struct scan scan = {.in_word = 0};
    size_t end = text.len < SHAPE_BYTES ? text.len : SHAPE_BYTES;
    if (!text.len)
        return scan.shape;
    for (size_t from = 0; from < end; from += ASCII_PIECE)
        scan_piece(&scan, text, from,
                   (unsigned)(end - from < ASCII_PIECE ? end - from : ASCII_PIECE));
    struct text_shape shape = scan.shape;
    shape.end = end_of(text);
    shape.first = first_of(text);
    if (shape.end == END_SENTENCE && text.len <= SHAPE_BYTES && scan.after_end)
        scan.sentences++;
    shape.sentences = limited(scan.sentences);
    shape.commas = limited(scan.commas);
    shape.separators = limited(scan.separators);
    shape.capitals = (uint8_t)(scan.cased ? 64 * scan.capitals / scan.words : CAPITALS_USUAL);
    shape.digits = (uint8_t)(scan.letters ? 64 * scan.digits / scan.letters : 0);
    return shape;
}
