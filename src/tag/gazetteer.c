/* Reading the CSV files of names. */
#include "tag/gazetteer.h"

#include <stdlib.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "text/utf8.h"
#include "yaml/yaml.h"

const char *const NAME_KINDS[NAME_KIND_COUNT] = {
    "country",     "demonym",   "city",       "region",  "organisation", "agency",
    "broadcaster", "newspaper", "government", "company", "social",       "title",
    "given",       "notperson", "orghead",    "orgtail", "surname"};

enum { COLUMNS = 5 };

struct row {
    const char *file;
    size_t line;
    desk_slice columns[COLUMNS];
    struct mistakes *mistakes;
};

uint32_t gazetteer_language(desk_slice code)
{
    uint32_t language = 0;
    for (size_t i = 0; i < code.len && i < sizeof language && code.data[i] != '-'; i++)
        language = language << 8 | (unsigned char)code.data[i];
    return language;
}

static desk_slice copy_text(desk_slice text)
{
    char *copy = text.len ? malloc(text.len) : NULL;
    if (copy)
        memcpy(copy, text.data, text.len);
    return slice_of(copy, copy ? text.len : 0);
}

static bool split_row(desk_slice line, struct row *row)
{
    size_t count = 0;
    for (size_t from = 0; from <= line.len; count++) {
        size_t to = slice_find_byte(line, ',', from);
        if (to == DESK_SLICE_NONE || count == COLUMNS - 1)
            to = line.len;
        if (count < COLUMNS)
            row->columns[count] = slice_trim(slice_sub(line, from, to));
        from = to + 1;
    }
    return count == COLUMNS;
}

static int kind_of(desk_slice text)
{
    for (int i = 0; i < NAME_KIND_COUNT; i++)
        if (slice_is(text, NAME_KINDS[i]))
            return i;
    return -1;
}

static bool is_upper(desk_slice text)
{
    size_t letters = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] >= 'a' && text.data[i] <= 'z')
            return false;
        letters += text.data[i] >= 'A' && text.data[i] <= 'Z';
        if ((unsigned char)text.data[i] >= 0x80)
            return false;
    }
    return letters >= 2;
}

/* Latin, Greek, Cyrillic, Armenian have capitals; the scripts behind them in Unicode have none. */
static bool has_case(desk_slice form)
{
    const char *p = form.data;
    return form.len && utf8_next(&p, form.data + form.len) < 0x590;
}

static bool is_cyrillic(desk_slice form)
{
    const char *p = form.data;
    uint32_t cp = form.len ? utf8_next(&p, form.data + form.len) : 0;
    return cp >= 0x400 && cp <= 0x52F;
}

static unsigned phrase_flags(enum name_kind kind, desk_slice form)
{
    bool has_capital = form.data[0] < 'a' || form.data[0] > 'z';
    if (kind == NAME_TITLE || kind == NAME_DEMONYM || (kind == NAME_ORG_HEAD && !has_capital))
        return PHRASE_STEM;
    if (!has_case(form))
        return 0;
    if (kind == NAME_GIVEN && is_cyrillic(form))
        return PHRASE_CAPITAL | PHRASE_STEM;
    return is_upper(form) && form.len <= 6 ? PHRASE_EXACT_CAPS : PHRASE_CAPITAL;
}

/* Forms of all languages in a script that mostly one language of the rulebook writes are also met
 * with its endings and clitics: "Рейтера", "لرويترز". Empty for other scripts. */
static desk_slice script_language(desk_slice form)
{
    const char *p = form.data;
    uint32_t cp = form.len ? utf8_next(&p, form.data + form.len) : 0;
    bool is_cyrillic = cp >= 0x400 && cp <= 0x52F, is_arabic = cp >= 0x600 && cp <= 0x6FF;
    return is_cyrillic ? slice_of("ru", 2) : is_arabic ? slice_of("ar", 2) : slice_of("", 0);
}

/* Arabic writes "and", "in" and "for" as one word with the name; its endings are those of no place
 * name, and a stem would take Putin for Bhutan. */
static bool add_arabic_clitics(struct gazetteer *gazetteer, desk_slice form)
{
    static const char *const clitics[] = {"و", "ب", "ل", "لل"};
    desk_slice article = slice_from_cstr("ال");
    bool has_article = slice_starts(form, article);
    char text[128];
    for (size_t i = 0; i < 4; i++) {
        bool joins = i == 3; /* "for the": the article loses its first letter */
        size_t len = strlen(clitics[i]), words = 0;
        desk_slice rest = joins ? slice_sub(form, article.len, form.len) : form;
        if ((joins != has_article && i >= 2) || len + rest.len > sizeof text)
            continue;
        memcpy(text, clitics[i], len);
        memcpy(text + len, rest.data, rest.len);
        if (!phrases_add(gazetteer->phrases, slice_of(text, len + rest.len), slice_of("", 0), 0,
                         (uint32_t)gazetteer->names_count, &words))
            return false;
    }
    return true;
}

static void add_form(struct gazetteer *gazetteer, const struct row *row, desk_slice form,
                     enum name_kind kind)
{
    size_t words = 0;
    unsigned flags = phrase_flags(kind, form);
    /* A form written in lower case ("the treasury") is found in either case. */
    if (flags == PHRASE_CAPITAL && form.data[0] >= 'a' && form.data[0] <= 'z')
        flags = 0;
    if (!phrases_add(gazetteer->phrases, form, row->columns[3], flags,
                     (uint32_t)gazetteer->names_count, &words))
        mistakes_no_memory(row->mistakes);
    /* A form of all languages is cut once more as French cuts it: "d'État" loses its d'. */
    size_t elided = 0, inflected = 0;
    desk_slice script =
        row->columns[3].len && kind > NAME_REGION ? slice_of("", 0) : script_language(form);
    bool is_arabic_place = slice_is(script, "ar") && kind <= NAME_REGION && kind != NAME_DEMONYM;
    if (is_arabic_place && !add_arabic_clitics(gazetteer, form))
        mistakes_no_memory(row->mistakes);
    if (script.len && !is_arabic_place &&
        !phrases_add(gazetteer->phrases, form, script, flags | PHRASE_STEM,
                     (uint32_t)gazetteer->names_count, &inflected))
        mistakes_no_memory(row->mistakes);
    if (!row->columns[3].len && slice_find_byte(form, '\'', 0) != DESK_SLICE_NONE &&
        !phrases_add(gazetteer->phrases, form, slice_from_cstr("fr"), flags,
                     (uint32_t)gazetteer->names_count, &elided))
        mistakes_no_memory(row->mistakes);
    if (words == 0 || words > PHRASE_WORDS_MAX)
        mistakes_add(row->mistakes, row->file, row->line, 1, false,
                     "the form '%.*s' must have 1 to %d words", (int)form.len, form.data,
                     PHRASE_WORDS_MAX);
}

static void add_row(struct gazetteer *gazetteer, struct row *row)
{
    bool is_doubtful = slice_ends(row->columns[0], slice_of("?", 1));
    row->columns[0].len -= is_doubtful;
    int kind = kind_of(row->columns[0]);
    desk_slice name = row->columns[1], country = row->columns[2],
               forms = row->columns[4].len ? row->columns[4] : name;
    if (kind < 0 || !name.len || (country.len && country.len != 2) || row->columns[3].len > 3) {
        mistakes_add(
            row->mistakes, row->file, row->line, 1, false,
            "a known kind, a name, a two-letter country code and a language code are wanted here");
        return;
    }
    if (gazetteer->names_count == gazetteer->names_capacity) {
        size_t wanted = gazetteer->names_capacity ? gazetteer->names_capacity * 2 : 1024;
        struct gazetteer_name *grown = realloc(gazetteer->names, wanted * sizeof *grown);
        if (!grown) {
            mistakes_no_memory(row->mistakes);
            return;
        }
        gazetteer->names = grown;
        gazetteer->names_capacity = wanted;
    }
    struct gazetteer_name *entry = &gazetteer->names[gazetteer->names_count];
    *entry = (struct gazetteer_name){(enum name_kind)kind, copy_text(name),
                                     copy_text(country),   gazetteer_language(row->columns[3]),
                                     is_doubtful,          false};
    if (!entry->name.data || entry->country.len != country.len)
        mistakes_no_memory(row->mistakes);
    for (size_t from = 0; from <= forms.len;) {
        size_t to = slice_find_byte(forms, '|', from);
        if (to == DESK_SLICE_NONE)
            to = forms.len;
        desk_slice form = slice_trim(slice_sub(forms, from, to));
        if (form.len)
            add_form(gazetteer, row, form, (enum name_kind)kind);
        from = to + 1;
    }
    gazetteer->names_count++;
}

static void read_file(struct gazetteer *gazetteer, const desk_rulebook_file *file,
                      struct mistakes *mistakes)
{
    char name[256];
    size_t len = file->path.len < sizeof name - 1 ? file->path.len : sizeof name - 1;
    memcpy(name, file->path.data, len);
    name[len] = '\0';
    struct row row = {.file = name, .mistakes = mistakes};
    desk_slice content = file->content;
    for (size_t from = 0; from < content.len;) {
        size_t to = slice_find_byte(content, '\n', from);
        if (to == DESK_SLICE_NONE)
            to = content.len;
        desk_slice line = slice_trim(slice_sub(content, from, to));
        from = to + 1;
        row.line++;
        if (!line.len || line.data[0] == '#' ||
            (row.line == 1 && slice_starts(line, slice_from_cstr("kind,"))))
            continue;
        if (split_row(line, &row))
            add_row(gazetteer, &row);
        else
            mistakes_add(mistakes, name, row.line, 1, false,
                         "five columns are wanted here: kind,name,country,language,forms");
    }
}

/* The slot of a two-letter code in capitals; 26 * 26 for anything else. */
static size_t country_slot(desk_slice code)
{
    bool is_code = code.len == 2 && code.data[0] >= 'A' && code.data[0] <= 'Z' &&
                   code.data[1] >= 'A' && code.data[1] <= 'Z';
    return is_code ? (size_t)(code.data[0] - 'A') * 26 + (size_t)(code.data[1] - 'A') : 26 * 26;
}

static void index_countries(struct gazetteer *gazetteer)
{
    for (size_t i = gazetteer->names_count; i-- > 0;) {
        const struct gazetteer_name *name = &gazetteer->names[i];
        size_t slot = country_slot(name->country);
        if (name->kind == NAME_COUNTRY && slot < 26 * 26)
            gazetteer->countries[slot] = (uint32_t)i + 1;
    }
}

static bool are_ambiguous(const struct gazetteer_name *x, const struct gazetteer_name *y)
{
    bool are_places = x->kind <= NAME_REGION && y->kind <= NAME_REGION;
    bool meet = !x->language || !y->language || x->language == y->language;
    return are_places && meet && !slice_equal(x->country, y->country);
}

/* Names of places that share a form with another place of the same language. */
static void mark_ambiguous(struct gazetteer *gazetteer)
{
    const struct phrase *items;
    size_t count;
    for (size_t first = 0; (count = phrases_group(gazetteer->phrases, first, &items)) > 0;
         first += count)
        for (size_t i = 0; i < count; i++)
            for (size_t k = 0; k < count; k++)
                if (are_ambiguous(&gazetteer->names[items[i].value],
                                  &gazetteer->names[items[k].value]))
                    gazetteer->names[items[i].value].is_ambiguous = true;
}

void *gazetteer_compile(const struct rulebook_files *files, struct mistakes *mistakes)
{
    struct gazetteer *gazetteer = calloc(1, sizeof *gazetteer);
    const desk_rulebook_file *file;
    size_t index = 0;
    if (!gazetteer)
        return NULL;
    gazetteer->phrases = phrases_new();
    while (gazetteer->phrases && (file = rulebook_next(files, "gazetteer", ".csv", &index)))
        read_file(gazetteer, file, mistakes);
    if (!gazetteer->phrases || !phrases_seal(gazetteer->phrases)) {
        gazetteer_free(gazetteer);
        return NULL;
    }
    index_countries(gazetteer);
    mark_ambiguous(gazetteer);
    return gazetteer;
}

void gazetteer_free(void *part)
{
    struct gazetteer *gazetteer = part;
    if (!gazetteer)
        return;
    for (size_t i = 0; i < gazetteer->names_count; i++) {
        free((char *)(size_t)gazetteer->names[i].name.data);
        free((char *)(size_t)gazetteer->names[i].country.data);
    }
    free(gazetteer->names);
    phrases_free(gazetteer->phrases);
    free(gazetteer);
}

static bool holds_in(const struct gazetteer_name *name, uint32_t language)
{
    return !name->language || name->language == language;
}

/* The names of this phrase and of those with the same words that hold in the language. */
static size_t list_names(const struct gazetteer *gazetteer, uint32_t language,
                         const struct gazetteer_span *span, const struct phrase *phrase,
                         struct gazetteer_list list)
{
    size_t count = 0;
    for (; phrase && count < list.capacity;
         phrase = phrases_also(gazetteer->phrases, phrase, span->tokens, span->at))
        if (holds_in(&gazetteer->names[phrase->value], language))
            list.items[count++] = &gazetteer->names[phrase->value];
    return count;
}

size_t gazetteer_longest(const struct gazetteer *gazetteer, uint32_t language,
                         struct gazetteer_span *span, struct gazetteer_list list)
{
    /* Shorter runs are tried when the longest is a name of another language only. */
    for (size_t limit = span->end; limit > span->at;) {
        const struct phrase *phrase =
            phrases_match(gazetteer->phrases, span->tokens, span->at, limit);
        if (!phrase)
            return 0;
        limit = span->at + phrase->words_count;
        size_t count = list_names(gazetteer, language, span, phrase, list);
        if (count) {
            span->end = limit;
            return count;
        }
        limit--;
    }
    return 0;
}

const struct gazetteer_name *gazetteer_match(const struct gazetteer *gazetteer, uint32_t language,
                                             struct gazetteer_span *span)
{
    const struct gazetteer_name *first = NULL;
    gazetteer_longest(gazetteer, language, span, (struct gazetteer_list){&first, 1});
    return first;
}

const struct gazetteer_name *gazetteer_country(const struct gazetteer *gazetteer, desk_slice code)
{
    size_t slot = country_slot(code);
    uint32_t index = slot < 26 * 26 ? gazetteer->countries[slot] : 0;
    return index ? &gazetteer->names[index - 1] : NULL;
}

size_t gazetteer_all(const struct gazetteer *gazetteer, uint32_t language,
                     const struct gazetteer_span *span, struct gazetteer_list list)
{
    const struct phrase *phrase =
        phrases_match(gazetteer->phrases, span->tokens, span->at, span->end);
    bool is_whole = phrase && phrase->words_count == span->end - span->at;
    return is_whole ? list_names(gazetteer, language, span, phrase, list) : 0;
}
