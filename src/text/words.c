/* Counting words, eight bytes at a time.
 *
 * Of eight bytes T has all bits of those that are no white space, and W the lowest bit of those
 * that belong to letters or digits. In T + W the ones of a run carry into the white space behind it
 * exactly when the run holds a W; a carry out of the last byte is a word that goes on in the next
 * eight. Bytes of two-byte characters count as letters, which they are but for a few signs; those
 * and all longer characters are looked up one by one. */
#include "text/words.h"

#include "base/slice.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum { LANES = 8 };
static const uint64_t HIGH = 0x8080808080808080u, LOW = 0x0101010101010101u;

struct counter {
    size_t count;
    uint64_t is_open; /* 1: the run at this place holds a letter or digit */
};

/* The first byte lowest, whatever the machine's order. */
static uint64_t load(const char *p)
{
    uint64_t bytes = 0;
    for (unsigned i = 0; i < LANES; i++)
        bytes |= (uint64_t)(unsigned char)p[i] << 8 * i;
    return bytes;
}

/* The high bit of each ASCII byte that is at least `first`; other high bits as in `ascii`. */
static uint64_t at_least(uint64_t ascii, unsigned first)
{
    return ascii + LOW * (0x80 - first);
}

/* Whether all characters that begin here are ASCII or have two bytes and are letters: not the block
 * of U+0080, whose lead byte is C2, and no lead from E0 on. */
static bool is_simple(uint64_t bytes)
{
    uint64_t leads = bytes & bytes << 1 & HIGH, long_leads = leads & bytes << 2;
    uint64_t other = bytes ^ LOW * 0xC2;
    bool has_c2 = (other - LOW) & ~other & HIGH;
    return !long_leads && !has_c2;
}

static void count_lanes(struct counter *counter, uint64_t bytes)
{
    uint64_t ascii = bytes & ~HIGH, lower = ascii | LOW * 0x20;
    uint64_t solid = (at_least(ascii, '!') | bytes) & HIGH;
    uint64_t letters = at_least(lower, 'a') & ~at_least(lower, 'z' + 1);
    uint64_t digits = at_least(ascii, '0') & ~at_least(ascii, '9' + 1);
    uint64_t t = (solid >> 7) * 0xFF, w = ((letters | digits | bytes) & HIGH) >> 7;
    uint64_t sum = t + w, with_open = sum + counter->is_open;
    uint64_t ends = with_open & ~t & LOW;
    counter->is_open = sum < t || with_open < sum;
    counter->count += (size_t)((ends * LOW) >> 56);
}

/* One character at a time, up to the first that starts at or behind `to`. A byte that continues a
 * character before `p` was counted with it. */
static const char *count_characters(struct counter *counter, const char *p, const char *to,
                                    const char *end)
{
    while (p < end && ((unsigned char)*p & 0xC0) == 0x80)
        p++;
    while (p < to) {
        unsigned class = text_class(utf8_next(&p, end));
        if (class & (CLASS_SPACE | CLASS_UNSPACED)) {
            counter->count += (size_t)counter->is_open +
                              ((class & CLASS_UNSPACED) != 0 && (class & CLASS_LETTER) != 0);
            counter->is_open = 0;
        } else if (class & (CLASS_LETTER | CLASS_DIGIT)) {
            counter->is_open = 1;
        }
    }
    return p;
}

size_t words_count(desk_slice text)
{
    struct counter counter = {0, 0};
    const char *p = text.data, *end = text.data + text.len;
    while (end - p >= LANES) {
        uint64_t bytes = load(p);
        if (is_simple(bytes)) {
            count_lanes(&counter, bytes);
            p += LANES;
        } else {
            p = count_characters(&counter, p, p + LANES, end);
        }
    }
    count_characters(&counter, p, end, end);
    return counter.count + (size_t)counter.is_open;
}
