/* Decoding character references; the table of names is generated. */
#include "html/references.h"

#include "base/bytes.h"
#include "base/slice.h"
#include "text/utf8.h"

/* Numbers 0x80..0x9F mean what they mean in windows-1252. Source: HTML Standard, "Numeric character
 * reference end state". */
static const unsigned short C1_MEANING[32] = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

enum { CODE_POINT_MAX = 0x10FFFF, REPLACEMENT_CHARACTER = 0xFFFD };

static uint32_t meaning(uint32_t number)
{
    if (number == 0 || number > CODE_POINT_MAX || (number >= 0xD800 && number <= 0xDFFF))
        return REPLACEMENT_CHARACTER;
    return number >= 0x80 && number < 0xA0 ? C1_MEANING[number - 0x80] : number;
}

static int digit_value(char c, unsigned base)
{
    if (ascii_is_digit(c))
        return c - '0';
    c = ascii_lower(c);
    return base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t decode_number(desk_slice text, size_t at, char *out, size_t *out_len)
{
    size_t i = at + 2;
    unsigned base = 10;
    if (i < text.len && (text.data[i] == 'x' || text.data[i] == 'X')) {
        base = 16;
        i++;
    }
    size_t first = i;
    uint32_t number = 0;
    for (int digit; i < text.len && (digit = digit_value(text.data[i], base)) >= 0; i++)
        number = number > CODE_POINT_MAX ? number : number * base + (uint32_t)digit;
    if (i == first)
        return 0;
    *out_len = utf8_put(meaning(number), out);
    if (i < text.len && text.data[i] == ';')
        i++;
    return i - at;
}

/* The longest name that the text starts with; names are sorted, so a prefix stands before what it
 * begins. */
static const struct named_reference *find_name(desk_slice rest)
{
    unsigned char c = rest.len ? (unsigned char)rest.data[0] : 0;
    if (c >= 128)
        return NULL;
    size_t low = NAMED_REFERENCE_FIRST[c], first = low, high = NAMED_REFERENCE_FIRST[c + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct named_reference *name = &NAMED_REFERENCES[middle];
        if (slice_compare(slice_of(name->name, name->name_len), rest) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    /* The best match sorts directly before, or is a prefix of what does: few steps back, as names
     * share few prefixes. */
    for (size_t i = low; i > first; i--) {
        const struct named_reference *name = &NAMED_REFERENCES[i - 1];
        if (slice_starts(rest, slice_of(name->name, name->name_len)))
            return name;
        if (name->name_len > 1 && rest.len > 1 && name->name[1] != rest.data[1])
            break;
    }
    return NULL;
}

static size_t decode_name(desk_slice text, size_t at, bool in_attribute, char *out, size_t *out_len)
{
    const struct named_reference *name = find_name(slice_sub(text, at + 1, text.len));
    if (!name)
        return 0;
    size_t end = at + 1 + name->name_len;
    bool is_closed = name->name[name->name_len - 1] == ';';
    char next = end < text.len ? text.data[end] : '\0';
    if (in_attribute && !is_closed && (next == '=' || ascii_is_alpha(next) || ascii_is_digit(next)))
        return 0;
    memcpy(out, name->text, name->text_len);
    *out_len = name->text_len;
    return end - at;
}

size_t reference_decode(desk_slice text, size_t at, bool in_attribute,
                        char out[REFERENCE_BYTES_MAX], size_t *out_len)
{
    char next = at + 1 < text.len ? text.data[at + 1] : '\0';
    if (next == '#')
        return decode_number(text, at, out, out_len);
    return ascii_is_alpha(next) ? decode_name(text, at, in_attribute, out, out_len) : 0;
}

static bool is_special(char c, enum text_mode mode)
{
    bool has_references = mode != TEXT_RAW && mode != TEXT_CDATA;
    bool keeps_nul = mode == TEXT_DATA || mode == TEXT_CDATA;
    return (c == '&' && has_references) || c == '\r' || (c == '\0' && !keeps_nul);
}

static size_t plain_run(desk_slice text, size_t from, enum text_mode mode)
{
    const char *start = text.data + from, *end = text.data + text.len, *at = start;
    while ((at += bytes_to_reference(at, end)) < end && !is_special(*at, mode))
        at++;
    return (size_t)(at - start);
}

bool html_decode(struct arena *arena, desk_slice *text, enum text_mode mode)
{
    size_t run = plain_run(*text, 0, mode);
    if (run == text->len)
        return true;
    /* A reference takes at least three bytes ("&gt") and gives at most eight; the worst ratio is
     * "&nGt;" (5 bytes to 6). NUL gives three for one. */
    if (text->len > SIZE_MAX / 4)
        return false;
    size_t room = 3 * text->len + REFERENCE_BYTES_MAX, len = 0, at = 0;
    char *out = arena_alloc(arena, room, 1);
    if (!out)
        return false;
    for (;;) {
        memcpy(out + len, text->data + at, run);
        len += run;
        at += run;
        if (at == text->len)
            break;
        size_t taken = 1, given = 1;
        char c = text->data[at];
        if (c == '\r') {
            out[len] = '\n';
            taken += at + 1 < text->len && text->data[at + 1] == '\n';
        } else if (c == '\0') {
            given = utf8_put(REPLACEMENT_CHARACTER, out + len);
        } else {
            taken = reference_decode(*text, at, mode == TEXT_ATTRIBUTE, out + len, &given);
            if (!taken) {
                out[len] = '&';
                taken = given = 1;
            }
        }
        len += given;
        at += taken;
        run = plain_run(*text, at, mode);
    }
    arena_shrink(arena, out, room, len);
    *text = slice_of(out, len);
    return true;
}
