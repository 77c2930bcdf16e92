/* A byline is cut into segments at marks (| • –), segments into parts at commas and "and", and each
 * part is judged: a name, something else (a job, an outlet, a date), or the end of the names. */
#include "clean/author_names.h"

#include "base/slice.h"
#include "text/fold.h"
#include "text/space.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum {
    LINE_BYTES_MAX = 600,
    NAME_BYTES_MAX = 90,
    WORD_BYTES_MAX = 40,
    WORDS_MAX = 7,
    AUTHORS_MAX = 20
};

/* --- words --------------------------------------------------------------------------------- */

struct word {
    desk_slice text;
    unsigned kinds; /* of metadata.yaml */
    bool is_upper;  /* begins with a capital or a letter without case */
};

/* The word without marks at its ends ("Jr." keeps none, "O'Brien" all). */
static desk_slice bare(desk_slice text)
{
    const char *p = text.data, *end = p + text.len;
    while (p < end) {
        const char *next = p;
        if (text_class(utf8_next(&next, end)) & (CLASS_LETTER | CLASS_DIGIT | CLASS_MARK))
            break;
        p = next;
    }
    while (p < end) {
        const char *last = end;
        if (text_class(utf8_prev(p, &last)) & (CLASS_LETTER | CLASS_DIGIT | CLASS_MARK))
            break;
        end = last;
    }
    return slice_of(p, (size_t)(end - p));
}

static struct word make_word(const struct metadata_words *words, desk_slice text)
{
    desk_slice letters = bare(text);
    struct word word = {text, 0, false};
    if (!letters.len)
        return word;
    const char *p = letters.data;
    word.is_upper = !(text_class(utf8_next(&p, p + letters.len)) & CLASS_LOWER);
    word.kinds = letters.len <= WORD_BYTES_MAX ? metadata_word_kinds_of(words, letters) : 0;
    /* "Sportredaktion" is not known, "Sport-Redaktion" is. */
    size_t hyphen = letters.len;
    while (hyphen && letters.data[hyphen - 1] != '-')
        hyphen--;
    if (hyphen && hyphen < letters.len)
        word.kinds |= metadata_word_kinds_of(words, slice_sub(letters, hyphen, letters.len)) &
                      (METAWORD_OUTLET | METAWORD_JOB);
    return word;
}

/* The next word at *at; empty at the end. */
static desk_slice next_word(desk_slice text, size_t *at)
{
    while (*at < text.len && text.data[*at] == ' ')
        ++*at;
    size_t from = *at;
    while (*at < text.len && text.data[*at] != ' ')
        ++*at;
    return slice_sub(text, from, *at);
}

/* --- "By" ---------------------------------------------------------------------------------- */

/* "Written by", "By:", "Text: Anna" begin with words of these kinds; a colon ends them. A leading
 * word alone ("Story") is none. */
desk_slice author_names_without_byline(const struct metadata_words *words, desk_slice line,
                                       bool *found)
{
    enum { LEADS_MAX = 5 };
    desk_slice rest = metadata_strip_unspaced(words, line, found);
    size_t at = 0, end = 0;
    if (*found)
        return rest;
    for (unsigned i = 0; i < LEADS_MAX; i++) {
        size_t start = at;
        desk_slice text = next_word(line, &at);
        size_t colon = slice_find_byte(text, ':', 0);
        if (colon != DESK_SLICE_NONE) {
            at = start + (size_t)(text.data - (line.data + start)) + colon + 1;
            text = slice_sub(text, 0, colon);
        }
        unsigned kinds = make_word(words, text).kinds;
        bool has_colon = colon != DESK_SLICE_NONE;
        if (text.len ? !(kinds & (METAWORD_BYLINE | METAWORD_LEAD)) : !has_colon || !i)
            break;
        if (kinds & METAWORD_BYLINE || has_colon)
            end = at;
    }
    *found = end > 0;
    return slice_trim(slice_sub(line, end, line.len));
}

/* --- letters ------------------------------------------------------------------------------- */

/* Small letters of the scripts that have them, for names written in capitals. */
static uint32_t to_lower(uint32_t cp)
{
    if (!(text_class(cp) & CLASS_UPPER))
        return cp;
    if ((cp >= 'A' && cp <= 'Z') || (cp >= 0xC0 && cp <= 0xDE) || (cp >= 0x391 && cp <= 0x3AB) ||
        (cp >= 0x410 && cp <= 0x42F))
        return cp + 32;
    if (cp >= 0x400 && cp <= 0x40F)
        return cp + 80;
    /* Latin Extended-A: pairs, the capital even, except in two ranges. */
    if ((cp >= 0x139 && cp <= 0x148) || (cp >= 0x179 && cp <= 0x17E))
        return cp + (cp & 1);
    if (cp >= 0x100 && cp <= 0x17F && cp != 0x130 && cp != 0x178)
        return cp | 1;
    return cp;
}

/* Two words or a long one, all letters capitals. */
static bool is_shouted(desk_slice name)
{
    enum { SHORTEST = 6 };
    const char *p = name.data, *end = p + name.len;
    size_t upper = 0;
    while (p < end) {
        unsigned class = text_class(utf8_next(&p, end));
        if (class & CLASS_LOWER)
            return false;
        upper += (class & CLASS_UPPER) != 0;
    }
    return upper >= SHORTEST;
}

/* "JEAN-PAUL O'BRIEN" to "Jean-Paul O'Brien"; initials and "JR" have no small letters anyway. */
static desk_slice in_title_case(struct arena *arena, desk_slice name)
{
    char *out = is_shouted(name) ? arena_alloc(arena, name.len + 4, 1) : NULL;
    const char *p = name.data, *end = p + name.len;
    size_t len = 0;
    bool at_start = true;
    if (!out)
        return name;
    while (p < end && len < name.len) {
        uint32_t cp = utf8_next(&p, end);
        len += utf8_put(at_start ? cp : to_lower(cp), out + len);
        at_start = !(text_class(cp) & (CLASS_LETTER | CLASS_MARK));
    }
    return slice_of(out, len);
}

/* --- one part ------------------------------------------------------------------------------ */

struct part {
    struct word words[WORDS_MAX + 3];
    size_t count;
    bool is_too_long;
};

static void read_words(const struct metadata_words *words, desk_slice text, struct part *part)
{
    size_t at = 0;
    *part = (struct part){.count = 0};
    for (;;) {
        desk_slice word = next_word(text, &at);
        if (!word.len)
            return;
        if (part->count == sizeof part->words / sizeof part->words[0]) {
            part->is_too_long = true;
            return;
        }
        part->words[part->count++] = make_word(words, word);
    }
}

/* Cuts what follows the name: a place ("in Paris"), a word written small, a job. False when a
 * single word is left of what may be a sentence ("Tuesday the rain came"). */
static bool cut_end(struct part *part, enum author_trust trust)
{
    bool is_sentence = false;
    for (size_t i = 1; i < part->count; i++) {
        const struct word *word = &part->words[i];
        bool is_small = !word->is_upper && !(word->kinds & METAWORD_PARTICLE);
        bool is_place = word->kinds & METAWORD_PLACE && !word->is_upper &&
                        (i >= 2 || (trust == AUTHOR_MARKED && i + 1 < part->count &&
                                    part->words[i + 1].is_upper));
        bool is_job = word->kinds & (METAWORD_JOB | METAWORD_AGENCY | METAWORD_CREDIT) && i >= 2;
        bool is_mark = !bare(word->text).len || word->text.data[0] == '@';
        if (is_place || is_job || is_mark || (is_small && trust < AUTHOR_FIELD)) {
            is_sentence = is_small && !is_place && trust < AUTHOR_FIELD && i == 1;
            part->count = i;
            part->is_too_long = false;
        }
    }
    /* A particle begins what was cut off: "Anna Berg von". */
    while (part->count > 1 && part->words[part->count - 1].kinds & METAWORD_PARTICLE &&
           !part->words[part->count - 1].is_upper)
        part->count--;
    return !is_sentence;
}

/* "Jane Doe Daily Planet": the site's name behind the name, of words after the second. */
static void cut_site(const struct author_reader *reader, struct part *part)
{
    for (size_t i = 2; i < part->count; i++) {
        const struct word *last = &part->words[part->count - 1];
        const char *start = part->words[i].text.data;
        desk_slice rest = slice_of(start, (size_t)(last->text.data + last->text.len - start));
        if (site_names_match(reader->sites, rest))
            part->count = i;
    }
}

/* "Staff Writer Jane Doe": jobs before the name go. */
static size_t skip_jobs(const struct part *part)
{
    size_t from = 0;
    while (from < part->count && part->words[from].kinds & METAWORD_JOB)
        from++;
    return from;
}

static bool has_forbidden_mark(desk_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (ascii_is_digit(c) || c == '@' || c == '/' || c == '?' || c == '!' || c == '|' ||
            c == '#' || c == '=' || c == '_' || c == '<' || c == '>' || c == '{' || c == '%' ||
            c == ':')
            return true;
    }
    return slice_find(text, slice_from_cstr("www."), 0) != DESK_SLICE_NONE ||
           slice_find(text, slice_from_cstr(".com"), 0) != DESK_SLICE_NONE;
}

static bool is_outlet(const struct part *part, size_t from)
{
    for (size_t i = from; i < part->count; i++)
        if (part->words[i].kinds & (METAWORD_OUTLET | METAWORD_AGENCY))
            return true;
    return false;
}

/* "AA", "DT": initials, or the letters of a button. */
static bool is_initials(desk_slice text)
{
    bool has_upper = false;
    const char *p = text.data, *end = p + text.len;
    while (p < end) {
        unsigned class = text_class(utf8_next(&p, end));
        if (class & CLASS_LOWER)
            return false;
        has_upper |= (class & CLASS_UPPER) != 0;
    }
    return has_upper && text.len < 4;
}

/* Every word begins with a capital, except particles between others. */
static bool is_written_as_name(const struct part *part, size_t from)
{
    for (size_t i = from; i < part->count; i++)
        if (!part->words[i].is_upper &&
            (!(part->words[i].kinds & METAWORD_PARTICLE) || i + 1 == part->count))
            return false;
    return true;
}

/* A person's own site is called like its author: "Jane Doe" is, "Daily Planet" is not. */
static bool may_name_a_blog(const struct part *part, size_t from)
{
    for (size_t i = from; i < part->count; i++)
        if (part->words[i].kinds & METAWORD_TITLE)
            return false;
    return is_written_as_name(part, from);
}

static bool is_name(const struct author_reader *reader, const struct part *part, size_t from,
                    enum author_trust trust)
{
    size_t count = part->count - from;
    const struct word *first = &part->words[from];
    desk_slice text = slice_of(first->text.data,
                               (size_t)(part->words[part->count - 1].text.data +
                                        part->words[part->count - 1].text.len - first->text.data));
    if (part->is_too_long || count > WORDS_MAX || text.len > NAME_BYTES_MAX || text.len < 2 ||
        has_forbidden_mark(text) || is_outlet(part, from))
        return false;
    if (count == 1 && (first->kinds & (METAWORD_JOB | METAWORD_ANONYMOUS | METAWORD_CREDIT |
                                       METAWORD_PLACE | METAWORD_UPDATED | METAWORD_PUBLISHED) ||
                       trust == AUTHOR_GUESS || !first->is_upper || is_initials(first->text)))
        return false;
    /* "Share" or "Read" begins a button, not a name. */
    if (trust < AUTHOR_FIELD &&
        (first->kinds & (METAWORD_ANONYMOUS | METAWORD_UPDATED | METAWORD_PUBLISHED) ||
         !is_written_as_name(part, from)))
        return false;
    bool may_be_site = count > 1 && may_name_a_blog(part, from);
    return may_be_site || !site_names_match(reader->sites, text);
}

static desk_slice trim_marks(desk_slice text)
{
    desk_slice inner = bare(text);
    /* "Martin Luther King Jr." keeps its dot; initials too. */
    const char *end = inner.data + inner.len, *limit = text.data + text.len;
    if (inner.len && end < limit && *end == '.') {
        size_t last = inner.len;
        while (last && inner.data[last - 1] != ' ')
            last--;
        if (last && inner.len - last <= 2)
            inner.len++;
    }
    return inner;
}

static bool add_name(const struct author_reader *reader, desk_slice name)
{
    for (size_t i = 0; i < reader->out->count; i++)
        if (title_same(reader->out->items[i], name))
            return true;
    return reader->out->count < AUTHORS_MAX &&
           article_add_slice(reader->arena, reader->out, in_title_case(reader->arena, name));
}

/* The outlet's name in full, before anything is cut off it: "Planet Marketing", "The Planet". */
static bool is_the_site(const struct author_reader *reader, const struct part *part,
                        desk_slice text)
{
    unsigned kinds = METAWORD_JOB | METAWORD_OUTLET | METAWORD_AGENCY;
    static const char *const articles[] = {"the ", "die ", "das ", "der ", "le ",
                                           "la ",  "les ", "el ",  "il ",  "o "};
    bool is_thing = part->count == 1;
    for (size_t i = 0; i < sizeof articles / sizeof articles[0]; i++)
        is_thing |= slice_starts_nocase(text, slice_from_cstr(articles[i]));
    for (size_t i = 0; i < part->count; i++)
        is_thing |= (part->words[i].kinds & kinds) != 0;
    return is_thing && site_names_match(reader->sites, text);
}

enum verdict { VERDICT_NAME, VERDICT_OTHER, VERDICT_END };

static desk_slice without_brackets(desk_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] == '(' || text.data[i] == '[')
            return slice_trim(slice_sub(text, 0, i));
    return text;
}

static enum verdict read_part(const struct author_reader *reader, desk_slice text,
                              enum author_trust trust)
{
    struct part part;
    bool found;
    text = without_brackets(text);
    text = author_names_without_byline(reader->words, text, &found);
    text = trim_marks(text);
    if (!text.len)
        return VERDICT_OTHER;
    read_words(reader->words, text, &part);
    if (!part.count)
        return VERDICT_OTHER;
    if (part.words[0].kinds & METAWORD_CREDIT && part.count > 1)
        return VERDICT_END;
    if (is_the_site(reader, &part, text))
        return VERDICT_OTHER;
    if (!cut_end(&part, trust))
        return VERDICT_OTHER;
    cut_site(reader, &part);
    size_t from = skip_jobs(&part);
    /* "Review Editor" */
    if (part.count == 2 && part.words[1].kinds & METAWORD_JOB)
        return VERDICT_OTHER;
    if (from && part.count - from < 2)
        return VERDICT_OTHER;
    if (!is_name(reader, &part, from, trust))
        return trust < AUTHOR_FIELD && is_outlet(&part, from) ? VERDICT_END : VERDICT_OTHER;
    const struct word *last = &part.words[part.count - 1];
    const char *start = part.words[from].text.data;
    desk_slice name = slice_of(start, (size_t)(last->text.data + last->text.len - start));
    return add_name(reader, trim_marks(name)) ? VERDICT_NAME : VERDICT_END;
}

/* --- parts of a segment -------------------------------------------------------------------- */

static size_t count_words(desk_slice text)
{
    size_t at = 0, count = 0;
    while (next_word(text, &at).len)
        count++;
    return count;
}

/* "and", "und", "&" between two names; a single letter ("y", "e") only between full names, as it
 * may be part of one. */
static bool is_conjunction(const struct metadata_words *words, desk_slice text, size_t from,
                           size_t at, desk_slice word)
{
    if (!(metadata_word_kinds_of(words, word) & METAWORD_AND))
        return false;
    size_t end = at + word.len;
    bool is_weak = word.len == 1 && word.data[0] != '&';
    return !is_weak || (count_words(slice_sub(text, from, at)) >= 2 &&
                        count_words(slice_sub(text, end, text.len)) >= 2);
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
        desk_slice word = next_word(text, &end);
        if (word.len && is_conjunction(words, text, from, i, word)) {
            *next = end;
            return i;
        }
    }
    *next = text.len + 1;
    return text.len;
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
    struct part part;
    read_words(reader->words, first, &part);
    unsigned kinds = METAWORD_JOB | METAWORD_OUTLET | METAWORD_AGENCY | METAWORD_AND;
    for (size_t i = 0; i < part.count; i++)
        if (part.words[i].kinds & kinds || !part.words[i].is_upper)
            return text;
    if (count_words(last) != 1 || part.count < 1 || part.count > 2 || part.is_too_long)
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
    return has_long_part && count_words(part) == 1;
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
        enum verdict verdict = part.len && !is_beside(part, has_long_part)
                                   ? read_part(reader, part, wanted)
                                   : VERDICT_OTHER;
        has_long_part |= count_words(part) > 1;
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
        desk_slice word = next_word(segment, &at);
        if (!word.len)
            return false;
        if (make_word(words, word).kinds & (METAWORD_JOB | METAWORD_OUTLET | METAWORD_AGENCY))
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
