/* A part is cut into words; what is no name is taken off both ends, and the rest is judged. */
#include "clean/author_part.h"

#include "base/slice.h"
#include "text/fold.h"
#include "text/space.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum { NAME_BYTES_MAX = 90, WORD_BYTES_MAX = 40, WORDS_MAX = 7, AUTHORS_MAX = 20 };

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
desk_slice author_next_word(desk_slice text, size_t *at)
{
    while (*at < text.len && text.data[*at] == ' ')
        ++*at;
    size_t from = *at;
    while (*at < text.len && text.data[*at] != ' ')
        ++*at;
    return slice_sub(text, from, *at);
}

size_t author_count_words(desk_slice text)
{
    size_t at = 0, count = 0;
    while (author_next_word(text, &at).len)
        count++;
    return count;
}

unsigned author_word_kinds(const struct metadata_words *words, desk_slice word)
{
    return make_word(words, word).kinds;
}

bool author_word_is_upper(desk_slice word)
{
    desk_slice letters = bare(word);
    const char *p = letters.data;
    return letters.len && !(text_class(utf8_next(&p, p + letters.len)) & CLASS_LOWER);
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
        desk_slice text = author_next_word(line, &at);
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
        desk_slice word = author_next_word(text, &at);
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

static desk_slice without_brackets(desk_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] == '(' || text.data[i] == '[')
            return slice_trim(slice_sub(text, 0, i));
    return text;
}

enum author_verdict author_part_read(const struct author_reader *reader, desk_slice text,
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
