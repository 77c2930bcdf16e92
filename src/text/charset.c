/* Choosing a charset and converting with iconv; see charset.h for the order of choice. */
#include "text/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <uchardet.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/slice.h"
#include "text/charset_single.h"
#include "text/utf8.h"

enum { CONVERTERS_MAX = 8, DETECT_BYTES_MAX = 65536, BINARY_BYTES_SEEN = 8192 };

struct converter {
    const char *name; /* static text of the label table, or NULL */
    iconv_t handle;
};

struct charset_state {
    struct converter converters[CONVERTERS_MAX];
    size_t next; /* the slot to take when all are used */
    uchardet_t detector;
};

desk_status charset_open(struct charset_state **state, desk_error *err)
{
    *state = calloc(1, sizeof **state);
    return *state ? DESK_OK : error_set(err, DESK_ENOMEM, "out of memory for the decode stage");
}

void charset_close(struct charset_state *state)
{
    if (!state)
        return;
    for (size_t i = 0; i < CONVERTERS_MAX; i++)
        if (state->converters[i].name)
            iconv_close(state->converters[i].handle);
    if (state->detector)
        uchardet_delete(state->detector);
    free(state);
}

/* --- choosing ------------------------------------------------------------------------------ */

struct mark {
    const char *bytes;
    size_t len;
    const char *name;
};

static const struct mark MARKS[] = {{"\xEF\xBB\xBF", 3, "UTF-8"},
                                    {"\xFF\xFE\0\0", 4, "UTF-32LE"},
                                    {"\0\0\xFE\xFF", 4, "UTF-32BE"},
                                    {"\xFF\xFE", 2, "UTF-16LE"},
                                    {"\xFE\xFF", 2, "UTF-16BE"}};

static const char *charset_of_mark(desk_slice *bytes)
{
    for (size_t i = 0; i < sizeof MARKS / sizeof MARKS[0]; i++)
        if (slice_starts(*bytes, slice_of(MARKS[i].bytes, MARKS[i].len))) {
            *bytes = slice_sub(*bytes, MARKS[i].len, bytes->len);
            return MARKS[i].name;
        }
    return NULL;
}

static const char *charset_of_content_type(desk_slice content_type)
{
    desk_slice word = slice_from_cstr("charset=");
    for (size_t i = 0; i + word.len <= content_type.len; i++) {
        if (!slice_starts_nocase(slice_sub(content_type, i, content_type.len), word))
            continue;
        size_t from = i + word.len, to = from;
        while (to < content_type.len && content_type.data[to] != ';')
            to++;
        desk_slice label = slice_trim(slice_sub(content_type, from, to));
        if (label.len >= 2 && (label.data[0] == '"' || label.data[0] == '\''))
            label = slice_sub(label, 1, label.len - 1);
        return charset_by_label(label);
    }
    return NULL;
}

struct byte_counts {
    size_t seen, controls, zeros_even, zeros_odd;
};

static struct byte_counts count_bytes(desk_slice bytes)
{
    struct byte_counts counts = {0};
    counts.seen = bytes.len < BINARY_BYTES_SEEN ? bytes.len : BINARY_BYTES_SEEN;
    const char *end = bytes.data + counts.seen;
    for (const char *p = bytes.data; (p += bytes_to_control(p, end)) < end; p++)
        if (*p == '\0')
            *((p - bytes.data) % 2 ? &counts.zeros_odd : &counts.zeros_even) += 1;
        else if (!ascii_is_space(*p) && *p != 0x1B && *p != 0x08)
            counts.controls++;
    return counts;
}

/* UTF-16 without a mark: text in Latin script has a NUL in every other byte. */
static const char *charset_of_zeros(const struct byte_counts *counts)
{
    if (counts->zeros_odd * 5 > counts->seen && counts->zeros_even * 50 < counts->seen)
        return "UTF-16LE";
    if (counts->zeros_even * 5 > counts->seen && counts->zeros_odd * 50 < counts->seen)
        return "UTF-16BE";
    return NULL;
}

static bool is_binary(desk_slice bytes, const struct byte_counts *counts)
{
    static const struct mark magic[] = {
        {"%PDF-", 5, ""},           {"\x89PNG", 4, ""},    {"GIF8", 4, ""},
        {"\xFF\xD8\xFF", 3, ""},    {"PK\x03\x04", 4, ""}, {"\x1F\x8B", 2, ""},
        {"\x28\xB5\x2F\xFD", 4, ""}};
    for (size_t i = 0; i < sizeof magic / sizeof magic[0]; i++)
        if (slice_starts(bytes, slice_of(magic[i].bytes, magic[i].len)))
            return true;
    size_t odd = counts->controls + counts->zeros_even + counts->zeros_odd;
    return odd > 2 && odd * 50 > counts->seen;
}

static const char *detect(struct charset_state *state, desk_slice bytes)
{
    if (!state->detector)
        state->detector = uchardet_new();
    if (!state->detector)
        return "WINDOWS-1252";
    size_t len = bytes.len < DETECT_BYTES_MAX ? bytes.len : DETECT_BYTES_MAX;
    uchardet_reset(state->detector);
    const char *label = "";
    if (uchardet_handle_data(state->detector, bytes.data, len) == 0) {
        uchardet_data_end(state->detector);
        label = uchardet_get_charset(state->detector);
    }
    const char *name = charset_by_label(slice_from_cstr(label));
    return name && strcmp(name, "UTF-8") ? name : "WINDOWS-1252";
}

/* True when more of the sequences above ASCII are valid UTF-8 than not: damaged UTF-8 rather than
 * another charset. */
static bool is_mostly_utf8(desk_slice bytes)
{
    size_t valid = 0, invalid = 0;
    for (size_t i = 0; i < bytes.len;) {
        if ((unsigned char)bytes.data[i] < 0x80) {
            i++;
            continue;
        }
        size_t len = utf8_len(bytes.data[i]);
        bool good =
            len > 1 && len <= bytes.len - i && utf8_valid_prefix(bytes.data + i, len) == len;
        *(good ? &valid : &invalid) += 1;
        i += good ? len : 1;
    }
    return valid > 4 * invalid;
}

/* --- converting ---------------------------------------------------------------------------- */

static const char REPLACEMENT[] = "\xEF\xBF\xBD";

static iconv_t converter(struct charset_state *state, const char *name)
{
    for (size_t i = 0; i < CONVERTERS_MAX; i++)
        if (state->converters[i].name == name)
            return state->converters[i].handle;
    iconv_t handle = iconv_open("UTF-8", name);
    if (handle == (iconv_t)-1)
        return handle;
    struct converter *slot = &state->converters[state->next++ % CONVERTERS_MAX];
    if (slot->name)
        iconv_close(slot->handle);
    *slot = (struct converter){name, handle};
    return handle;
}

/* Makes room for `more` bytes at the end of a growing arena buffer. */
static bool reserve(struct arena *arena, char **out, size_t len, size_t *capacity, size_t more)
{
    if (*capacity - len >= more)
        return true;
    size_t wanted = *capacity * 2 + more;
    char *grown = arena_grow(arena, *out, *capacity, wanted, 1);
    if (!grown)
        return false;
    *out = grown;
    *capacity = wanted;
    return true;
}

static bool convert(struct arena *arena, iconv_t handle, desk_slice bytes,
                    struct charset_result *result)
{
    size_t capacity = bytes.len + bytes.len / 4 + 64, len = 0, left = bytes.len;
    char *out = arena_alloc(arena, capacity, 1), *in = (char *)(size_t)bytes.data;
    iconv(handle, NULL, NULL, NULL, NULL);
    while (out && left) {
        char *to = out + len;
        size_t room = capacity - len, good = iconv(handle, &in, &left, &to, &room);
        int failure = good == (size_t)-1 ? errno : 0;
        len = (size_t)(to - out);
        if (!failure)
            break;
        if (!reserve(arena, &out, len, &capacity, failure == E2BIG ? capacity / 2 + 16 : 16))
            return false;
        if (failure == E2BIG)
            continue;
        memcpy(out + len, REPLACEMENT, 3);
        len += 3;
        result->replaced++;
        in++;
        left--;
    }
    if (!out)
        return false;
    arena_shrink(arena, out, capacity, len);
    result->text = slice_of(out, len);
    return true;
}

/* Pages of which an old template says windows-1252 while their text is UTF-8 are common; the other
 * way round, letters of a single-byte charset hardly ever form UTF-8 by chance, and three times in
 * a text never. A browser would show such a page damaged. */
static bool is_utf8_after_all(const char *name, desk_slice bytes)
{
    enum { SEQUENCES_MIN = 3 };
    size_t sequences = 0;
    if (!single_byte_charset(name) || !utf8_is_valid(bytes))
        return false;
    for (size_t i = 0; i < bytes.len && sequences < SEQUENCES_MIN; i++)
        sequences += ((unsigned char)bytes.data[i] & 0xC0) == 0xC0;
    return sequences == SEQUENCES_MIN;
}

static const char *choose(struct charset_state *state, desk_slice *bytes, desk_slice content_type,
                          bool is_html, const struct byte_counts *counts)
{
    const char *name = charset_of_mark(bytes);
    if (name)
        return name;
    name = charset_of_zeros(counts);
    if (!name)
        name = charset_of_content_type(content_type);
    if (!name && is_html)
        name = charset_of_meta(*bytes);
    if (name && strcmp(name, "UTF-8") && !is_utf8_after_all(name, *bytes))
        return name;
    if (utf8_is_valid(*bytes) || is_mostly_utf8(*bytes))
        return "UTF-8";
    return detect(state, *bytes);
}

static bool to_utf8(struct charset_state *state, struct arena *arena, desk_slice bytes,
                    struct charset_result *result)
{
    const struct single_byte_charset *single = single_byte_charset(result->name);
    if (single) {
        result->text = bytes;
        return single_byte_decode(arena, single, &result->text, &result->replaced);
    }
    iconv_t handle = strcmp(result->name, "UTF-8") ? converter(state, result->name) : (iconv_t)-1;
    return handle == (iconv_t)-1 ? utf8_repair(arena, bytes, &result->text, &result->replaced)
                                 : convert(arena, handle, bytes, result);
}

desk_status charset_to_utf8(struct charset_state *state, struct arena *arena, desk_slice bytes,
                            desk_slice content_type, bool is_html, struct charset_result *result,
                            desk_error *err)
{
    struct byte_counts counts = count_bytes(bytes);
    *result = (struct charset_result){{NULL, 0}, NULL, 0};
    result->name = choose(state, &bytes, content_type, is_html, &counts);
    bool is_wide = !strncmp(result->name, "UTF-16", 6) || !strncmp(result->name, "UTF-32", 6);
    if (!is_wide && is_binary(bytes, &counts))
        return error_at(
            err, DESK_EBINARY, 0,
            "the value is binary data, neither JSON nor HTML nor text; send the text of the "
            "article, uncompressed");
    bool good = to_utf8(state, arena, bytes, result);
    return good ? DESK_OK
                : error_set(err, DESK_EMEMORY,
                            "the text exceeds the working memory; raise limits.memory");
}
