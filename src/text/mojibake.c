/* Repairing text that was encoded twice.
 *
 * Each character is turned back into the byte it came from; where bytes form a UTF-8 sequence of a
 * plausible character, that character was meant. What makes a sequence sure of itself: nobody
 * writes a capital A with tilde before a copyright sign. What does not: such a letter before a
 * quotation mark or a dash ("AMANHÃ”" ends a quotation in Portuguese), so those only follow the
 * others. */
#include "text/mojibake.h"

#include <string.h>

#include "base/slice.h"
#include "text/charset_single.h"
#include "text/utf8.h"

enum { ROUNDS_MAX = 3, PIECES_FIRST = 32, SHARE = 8, PLAIN_SAMPLE = 256 };

/* Which reading made the text. */
struct reading {
    const uint16_t *high; /* meaning of the bytes from 0x80 */
    char lead;            /* first byte, in UTF-8, of the characters a sequence may begin with */
    bool is_common;       /* such characters are most of some languages: a sample decides */
};

struct counts {
    size_t sure, unsure, plain;
};

/* A sequence: the source bytes it takes, and the character meant. */
struct sequence {
    size_t len;
    uint32_t meant;
    bool is_sure;
};

/* What bytes 0x80 to 0x9F become when they are read as ISO 8859-1 by the letter, as some programs
 * do. Nobody writes such characters. */
static bool is_control(uint32_t cp)
{
    return cp >= 0x80 && cp <= 0x9F;
}

/* The byte that a character was read from, or 0. */
static unsigned byte_of(const struct reading *reading, uint32_t cp)
{
    if (is_control(cp))
        return cp;
    /* Where Latin letters stand in windows-1252 and Cyrillic ones in windows-1251. */
    const uint32_t guesses[] = {cp, cp - 0x350};
    for (size_t i = 0; i < 2; i++)
        if (guesses[i] >= 0x80 && guesses[i] <= 0xFF && reading->high[guesses[i] - 0x80] == cp)
            return guesses[i];
    for (unsigned i = 0; i < 128; i++)
        if (reading->high[i] == cp)
            return 0x80 + i;
    return 0;
}

/* Characters that texts of news use. What else the bytes may give is chance: in "Spaß“" they give a
 * letter of N'Ko. */
static bool is_plausible(uint32_t cp)
{
    return (cp >= 0xA0 && cp <= 0x17F) || (cp >= 0x386 && cp <= 0x3CE) ||
           (cp >= 0x401 && cp <= 0x4FF) || (cp >= 0x5D0 && cp <= 0x5EA) ||
           (cp >= 0x60C && cp <= 0x6D5) || (cp >= 0x900 && cp <= 0xE7F) ||
           (cp >= 0x1E00 && cp <= 0x1EFF) || (cp >= 0x2010 && cp <= 0x2044) ||
           (cp >= 0x20A0 && cp <= 0x2BFF) || (cp >= 0x3000 && cp <= 0xD7A3) || cp == 0xFEFF ||
           (cp >= 0xFF00 && cp <= 0xFFEF) || (cp >= 0x1F000 && cp <= 0x1FAFF);
}

/* Without a doubt: a symbol where a letter would follow, or punctuation and emoji of three and four
 * characters. */
static bool is_sure(const unsigned char *bytes, size_t count, uint32_t meant)
{
    if (count == 2)
        return bytes[1] >= 0xA0;
    return count == 4 || (meant >= 0x2010 && meant <= 0x2BFF) || meant == 0xFEFF;
}

/* The sequence at p, with len 0 when there is none. */
static struct sequence sequence_at(const struct reading *reading, const char *p, const char *end)
{
    struct sequence none = {0, 0, false}, found = none;
    unsigned char bytes[4];
    const char *at = p;
    unsigned lead = byte_of(reading, utf8_next(&at, end));
    size_t count = utf8_len((char)lead);
    if (lead < 0xC2 || lead > 0xF4)
        return none;
    bytes[0] = (unsigned char)lead;
    for (size_t i = 1; i < count; i++) {
        if (at >= end || (unsigned char)*at < 0x80)
            return none;
        uint32_t cp = utf8_next(&at, end);
        bytes[i] = (unsigned char)byte_of(reading, cp);
        found.is_sure |= is_control(cp);
        if ((bytes[i] & 0xC0) != 0x80)
            return none;
    }
    const char *meant = (const char *)bytes;
    if (utf8_valid_prefix(meant, count) != count)
        return none;
    found.meant = utf8_next(&meant, meant + count);
    if (!is_plausible(found.meant))
        return none;
    found.len = (size_t)(at - p);
    found.is_sure |= is_sure(bytes, count, found.meant);
    return found;
}

/* The next place where a sequence may begin, or end. */
static const char *find_lead(const struct reading *reading, const char *p, const char *end)
{
    const char *hit = p < end ? memchr(p, reading->lead, (size_t)(end - p)) : NULL;
    return hit ? hit : end;
}

/* Counts sequences and other letters. */
static struct counts count(const struct reading *reading, desk_slice text)
{
    const char *end = text.data + text.len, *behind = NULL;
    struct counts counts = {0, 0, 0};
    for (const char *p = find_lead(reading, text.data, end); p < end;
         p = find_lead(reading, p, end)) {
        /* Both readings' leads are characters of two bytes; most stand before a letter of ASCII. */
        bool may_be = end - p > 2 && (unsigned char)p[2] >= 0x80;
        struct sequence sequence = {0, 0, false};
        if (may_be)
            sequence = sequence_at(reading, p, end);
        if (!sequence.len) {
            counts.plain++;
            p += utf8_len(*p);
        } else {
            /* One sequence directly behind another is no chance either. */
            *(sequence.is_sure || p == behind ? &counts.sure : &counts.unsure) += 1;
            p += sequence.len;
            behind = p;
        }
        if (reading->is_common && counts.plain > PLAIN_SAMPLE && counts.plain > counts.sure)
            break;
    }
    return counts;
}

static bool add_piece(struct arena *arena, struct mojibake *found, desk_slice piece)
{
    if (found->count == found->capacity) {
        size_t old = found->capacity, wanted = old ? 2 * old : PIECES_FIRST;
        desk_slice *grown = arena_grow(arena, found->pieces, old * sizeof *grown,
                                       wanted * sizeof *grown, _Alignof(desk_slice));
        if (!grown)
            return false;
        found->pieces = grown;
        found->capacity = wanted;
    }
    found->pieces[found->count++] = piece;
    return true;
}

/* Appends a segment to `out` with its sequences repaired; false at the memory limit. */
static bool append_repaired(struct arena *arena, const struct reading *reading, desk_slice segment,
                            struct mojibake *found, char **out)
{
    const char *p = segment.data, *end = segment.data + segment.len;
    while (p < end) {
        const char *hit = find_lead(reading, p, end);
        memcpy(*out, p, (size_t)(hit - p));
        *out += hit - p;
        p = hit;
        if (p == end)
            break;
        struct sequence sequence = sequence_at(reading, p, end);
        size_t len = sequence.len ? sequence.len : utf8_len(*p);
        if (sequence.len) {
            *out += utf8_put(sequence.meant, *out);
            if (!add_piece(arena, found, slice_of(p, len)))
                return false;
        } else {
            memcpy(*out, p, len);
            *out += len;
        }
        p += len;
    }
    return true;
}

/* A line, a tag, or what stands between two tags. */
static size_t segment_end(desk_slice text, size_t from)
{
    size_t i = from;
    while (i < text.len && text.data[i] != '\n' && text.data[i] != '>' &&
           (i == from || text.data[i] != '<'))
        i++;
    return i < text.len && text.data[i] != '<' ? i + 1 : i;
}

static bool repair(struct arena *arena, const struct reading *reading, desk_slice *text,
                   struct mojibake *found)
{
    struct counts all = count(reading, *text);
    if (all.sure < found->needed)
        return true;
    bool is_all = all.sure + all.unsure >= SHARE * all.plain;
    /* What was meant is never longer than what stands there. */
    char *start = arena_alloc(arena, text->len, 1), *out = start;
    if (!start)
        return false;
    size_t before = found->count;
    for (size_t from = 0, to; from < text->len; from = to) {
        to = is_all ? text->len : segment_end(*text, from);
        desk_slice segment = slice_sub(*text, from, to);
        struct counts here = is_all ? all : count(reading, segment);
        if (is_all || (here.sure >= found->needed && !here.plain)) {
            if (!append_repaired(arena, reading, segment, found, &out))
                return false;
            continue;
        }
        memcpy(out, segment.data, segment.len);
        out += segment.len;
    }
    if (found->count > before)
        *text = slice_of(start, (size_t)(out - start));
    return true;
}

bool mojibake_repair(struct arena *arena, desk_slice *text, struct mojibake *found)
{
    const struct reading readings[] = {{single_byte_charset("WINDOWS-1252")->high, '\xC3', false},
                                       {single_byte_charset("WINDOWS-1251")->high, '\xD0', true}};
    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++)
        for (int round = 0; round < ROUNDS_MAX; round++) {
            size_t before = found->count;
            if (!repair(arena, &readings[i], text, found))
                return false;
            if (found->count == before)
                break;
        }
    return true;
}
