/* Counting words, sixty-four bytes at a time.
 *
 * Of these, T has a bit for each that is no white space, and W one for each that belongs to a
 * letter or digit. In T + W the ones of a run carry into the white space behind it exactly when the
 * run holds a W; a carry out of the last byte is a word that goes on in the next piece. Bytes of
 * two-byte characters count as letters, which they are but for a few signs; the signs from U+0080
 * on and all longer characters are looked up one by one. */
#include "text/words.h"

#include <string.h>

#include "base/bytes.h"
#include "base/slice.h"
#include "text/unicode.h"
#include "text/utf8.h"

struct counter {
    size_t count;
    uint64_t is_open; /* 1: the run at this place holds a letter or digit */
    /* Bytes of the next piece that belong to a character of this one which is no letter, and which
     * is white space. */
    uint64_t not_letters, not_solid;
};

/* Settles what the characters are that their lead bytes leave open. A character of a script
 * without spaces is a word of its own and ends the one before. */
static void settle(struct counter *counter, struct bytes_masks *masks, const char *p,
                   const char *end)
{
    for (uint64_t open = masks->open; open; open &= open - 1) {
        unsigned at = (unsigned)__builtin_ctzll(open);
        const char *next = p + at;
        unsigned class = text_class(utf8_next(&next, end));
        unsigned len = (unsigned)(next - (p + at));
        bool is_space = class & (CLASS_SPACE | CLASS_UNSPACED);
        if (!is_space && class & (CLASS_LETTER | CLASS_DIGIT))
            continue;
        uint64_t bytes = ((uint64_t)1 << len) - 1, beyond = at ? bytes >> (BYTES_MASKED - at) : 0;
        masks->letters &= ~(bytes << at);
        counter->not_letters |= beyond;
        if (!is_space)
            continue;
        masks->solid &= ~(bytes << at);
        counter->not_solid |= beyond;
        counter->count += class & CLASS_UNSPACED && class & CLASS_LETTER;
    }
}

/* Words that end in the piece at p, of which `bytes` are the sixty-four. */
static void count_piece(struct counter *counter, const char *bytes, const char *p, const char *end)
{
    struct bytes_masks masks = bytes_mask_words(bytes);
    masks.letters &= ~counter->not_letters;
    masks.solid &= ~counter->not_solid;
    counter->not_letters = counter->not_solid = 0;
    settle(counter, &masks, p, end);
    uint64_t t = masks.solid, sum = t + (masks.letters & t), with_open = sum + counter->is_open;
    counter->is_open = sum < t || with_open < sum;
    counter->count += (size_t)__builtin_popcountll(with_open & ~t);
}

size_t words_count(desk_slice text)
{
    struct counter counter = {0, 0, 0, 0};
    const char *p = text.data, *end = text.data + text.len;
    for (; end - p >= BYTES_MASKED; p += BYTES_MASKED)
        count_piece(&counter, p, p, end);
    if (p < end) {
        char rest[BYTES_MASKED];
        memset(rest, ' ', sizeof rest);
        memcpy(rest, p, (size_t)(end - p));
        count_piece(&counter, rest, p, end);
    }
    return counter.count + (size_t)counter.is_open;
}
