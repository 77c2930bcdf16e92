/* A byline is cut into segments at marks (| • –), segments into parts at commas and "and", and each
 * part is judged (clean/author_part.c): a name, something else (a job, an outlet, a date), or the
 * end of the names. */
#include "clean/author_names.h"

#include "base/slice.h"
#include "clean/author_part.h"
#include "text/space.h"

enum { LINE_BYTES_MAX = 600 };

/* --- parts of a segment -------------------------------------------------------------------- */

/* "and", "und", "&" between two names; a single letter ("y", "e") only between full names, as it
 * may be part of one. */
static bool is_conjunction(const struct metadata_words *words, desk_slice text, size_t from,
                           size_t at, desk_slice word)
{
    if (!(metadata_word_kinds_of(words, word) & METAWORD_AND))
        return false;
    size_t end = at + word.len;
    bool is_weak = word.len == 1 && word.data[0] != '&';
    return !is_weak || (author_count_words(slice_sub(text, from, at)) >= 2 &&
                        author_count_words(slice_sub(text, end, text.len)) >= 2);
}

static size_t comma_at(desk_slice text, size_t i)
{
    static const char *const commas[] = {",", ";", "،", "、", "，"};
    char c = text.data[i];
    if (c != ',' && c != ';' && (unsigned char)c < 0x80)
        return 0;
    for (size_t k = 0; k < sizeof commas / sizeof commas[0]; k++) {
        desk_slice comma = slice_from_cstr(commas[k]);
        if (slice_starts(slice_sub(text, i, text.len), comma))
            return comma.len;
    }
    return 0;
}

/* The end of the part that begins at `from`; *next is where the one after begins. */
static size_t end_of_part(const struct metadata_words *words, desk_slice text, size_t from,
                          size_t *next)
{
    for (size_t i = from; i < text.len; i++) {
        size_t comma = comma_at(text, i);
        if (comma) {
            *next = i + comma;
            return i;
        }
        bool at_word = i == from || text.data[i - 1] == ' ';
        if (!at_word || i == from)
            continue;
        size_t end = i;
        desk_slice word = author_next_word(text, &end);
        if (word.len && is_conjunction(words, text, from, i, word)) {
            *next = end;
            return i;
        }
    }
    *next = text.len + 1;
    return text.len;
}

/* One or two words with capitals, none of which is a job, an outlet or "and". */
static bool is_first_name(const struct metadata_words *words, desk_slice text)
{
    const unsigned others = METAWORD_JOB | METAWORD_OUTLET | METAWORD_AGENCY | METAWORD_AND;
    size_t at = 0, count = 0;
    for (;; count++) {
        desk_slice word = author_next_word(text, &at);
        if (!word.len)
            return count == 1 || count == 2;
        if (author_word_kinds(words, word) & others || !author_word_is_upper(word))
            return false;
    }
}

/* "Doe, Jane": one comma, a single word before it, no job or outlet behind. */
static desk_slice turned(const struct author_reader *reader, desk_slice text)
{
    size_t comma = slice_find_byte(text, ',', 0);
    if (comma == DESK_SLICE_NONE || comma + 1 >= text.len ||
        slice_find_byte(text, ',', comma + 1) != DESK_SLICE_NONE)
        return text;
    desk_slice last = slice_trim(slice_sub(text, 0, comma)),
               first = slice_trim(slice_sub(text, comma + 1, text.len));
    if (author_count_words(last) != 1 || !is_first_name(reader->words, first))
        return text;
    char *out = arena_alloc(reader->arena, text.len + 1, 1);
    if (!out)
        return text;
    memcpy(out, first.data, first.len);
    out[first.len] = ' ';
    memcpy(out + first.len + 1, last.data, last.len);
    return slice_of(out, first.len + 1 + last.len);
}

/* A part that is one word beside a full name or an outlet is a place, a degree or an outlet. */
static bool is_beside(desk_slice part, bool has_long_part)
{
    return has_long_part && author_count_words(part) == 1;
}

/* False when what follows are no more names. */
static bool read_segment(const struct author_reader *reader, desk_slice text,
                         enum author_trust trust, size_t *names)
{
    bool has_long_part = false;
    if (trust >= AUTHOR_FIELD)
        text = turned(reader, text);
    for (size_t from = 0, next; from <= text.len; from = next) {
        size_t to = end_of_part(reader->words, text, from, &next);
        desk_slice part = slice_trim(slice_sub(text, from, to));
        /* A single word is a name only where the first is wanted. */
        enum author_trust wanted = *names && trust == AUTHOR_MARKED ? AUTHOR_GUESS : trust;
        enum author_verdict verdict = part.len && !is_beside(part, has_long_part)
                                          ? author_part_read(reader, part, wanted)
                                          : VERDICT_OTHER;
        has_long_part |= author_count_words(part) > 1;
        if (verdict == VERDICT_END)
            return false;
        /* "Jane Doe, the paper's critic, saw it": what follows no name is none. */
        if (verdict == VERDICT_OTHER && part.len && *names && trust < AUTHOR_FIELD)
            return false;
        *names += verdict == VERDICT_NAME;
    }
    return true;
}

/* --- segments ------------------------------------------------------------------------------ */

static size_t mark_at(desk_slice text, size_t i)
{
    static const char *const marks[] = {"|", "•", "·", " – ", " — ", " - ", "⋅", "/", ";", "∙"};
    char c = text.data[i];
    if (c != '|' && c != ' ' && c != '/' && c != ';' && (unsigned char)c < 0x80)
        return 0;
    for (size_t k = 0; k < sizeof marks / sizeof marks[0]; k++) {
        desk_slice mark = slice_from_cstr(marks[k]);
        if (slice_starts(slice_sub(text, i, text.len), mark))
            return mark.len;
    }
    return 0;
}

/* Mentions a job or an outlet. */
static bool has_kind(const struct metadata_words *words, desk_slice segment)
{
    size_t at = 0;
    for (;;) {
        desk_slice word = author_next_word(segment, &at);
        if (!word.len)
            return false;
        if (author_word_kinds(words, word) & (METAWORD_JOB | METAWORD_OUTLET | METAWORD_AGENCY))
            return true;
    }
}

static bool is_address(desk_slice line)
{
    return slice_starts_nocase(line, slice_from_cstr("http")) ||
           slice_starts(line, slice_from_cstr("//")) || slice_starts(line, slice_from_cstr("@"));
}

/* A no-break space parts words too. */
static desk_slice with_plain_spaces(struct arena *arena, desk_slice line)
{
    desk_slice no_break = slice_from_cstr("\xC2\xA0");
    if (slice_find(line, no_break, 0) == DESK_SLICE_NONE)
        return line;
    char *out = arena_alloc(arena, line.len, 1);
    size_t len = 0;
    for (size_t i = 0; out && i < line.len; i++) {
        bool is_no_break = slice_starts(slice_sub(line, i, line.len), no_break);
        out[len++] = is_no_break ? ' ' : line.data[i];
        i += is_no_break;
    }
    return out ? slice_of(out, len) : line;
}

size_t author_names_read(const struct author_reader *reader, desk_slice line,
                         enum author_trust trust)
{
    size_t names = 0;
    bool found;
    line = space_trim(line);
    if (!line.len || line.len > LINE_BYTES_MAX || is_address(line))
        return 0;
    line = with_plain_spaces(reader->arena, line);
    line = author_names_without_byline(reader->words, line, &found);
    for (size_t from = 0; from <= line.len;) {
        size_t to = from, mark = 0;
        while (to < line.len && !(mark = mark_at(line, to)))
            to++;
        desk_slice segment = slice_trim(slice_sub(line, from, to));
        size_t before = names;
        if (!read_segment(reader, segment, trust, &names))
            break;
        /* After the names come a job, and then something else. */
        if (before && names == before && segment.len && !has_kind(reader->words, segment))
            break;
        from = to + (mark ? mark : 1);
    }
    return names;
}
