/* One phrase table per language. */
#include "tag/calendar.h"

#include <stdlib.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "text/unicode.h"
#include "text/utf8.h"
#include "yaml/yaml.h"

/* How a phrase's number holds kind (its bit's position), value and abbreviation. */
enum { VALUE_BIAS = 1000, VALUE_MASK = 0x7FFF, SHORT_BIT = 0x8000, KIND_SHIFT = 16 };
enum { MONTHS = 12, WEEKDAYS = 7, DAYS_MAX = 14, NUMBERS_MAX = 31, UNITS = 4, AMOUNT_MAX = 99 };

struct calendar_language {
    char code[12];
    struct calendar_words words;
};

struct calendar {
    struct calendar_language *languages;
    size_t count;
};

static const char *const UNIT_NAMES[UNITS] = {"day", "week", "month", "year"};

/* Lists of words that have no value. */
static const struct {
    const char *key;
    enum calendar_kind kind;
} WORD_LISTS[] = {
    {"last", CALENDAR_LAST},           {"next", CALENDAR_NEXT},
    {"this", CALENDAR_THIS},           {"ago_before", CALENDAR_AGO_BEFORE},
    {"ago_after", CALENDAR_AGO_AFTER}, {"in_before", CALENDAR_IN_BEFORE},
    {"in_after", CALENDAR_IN_AFTER},   {"particles", CALENDAR_PARTICLE},
    {"future", CALENDAR_FUTURE},       {"never", CALENDAR_NEVER},
};

static bool has_capital(desk_slice form)
{
    const char *p = form.data;
    return form.len && text_class(utf8_next(&p, form.data + form.len)) & CLASS_UPPER;
}

/* "janvier|janv" */
static void add_names(struct calendar_language *language, struct yaml_node node,
                      enum calendar_kind kind, int value)
{
    desk_slice text = yaml_text(node);
    uint32_t position = (uint32_t)__builtin_ctz((unsigned)kind);
    size_t first_len = slice_find_byte(text, '|', 0);
    for (size_t from = 0; from <= text.len;) {
        size_t to = slice_find_byte(text, '|', from), words = 0;
        if (to == DESK_SLICE_NONE)
            to = text.len;
        desk_slice form = slice_sub(text, from, to);
        uint32_t packed = position << KIND_SHIFT | (uint32_t)(value + VALUE_BIAS) |
                          (form.len < first_len && from ? (uint32_t)SHORT_BIT : 0U);
        desk_slice code = slice_from_cstr(language->code);
        unsigned flags = has_capital(form) ? PHRASE_CAPITAL : 0;
        bool added = phrases_add(language->words.all, form, code, flags, packed, &words);
        language->words.has_marks |= kind == CALENDAR_MARK;
        if (kind & CALENDAR_OPENERS)
            added &= phrases_add(language->words.openers, form, code, flags, packed, &words);
        if (added && (words == 0 || words > PHRASE_WORDS_MAX))
            yaml_mistake(node, "a name of 1 to %d words is wanted here", PHRASE_WORDS_MAX);
        from = to + 1;
    }
}

static void add_list(struct calendar_language *language, struct yaml_node list,
                     enum calendar_kind kind, int first)
{
    struct yaml_cursor cursor = yaml_cursor(list);
    for (int value = first; yaml_next(&cursor); value++)
        add_names(language, cursor.value, kind, value);
}

static void add_full_list(struct calendar_language *language, struct yaml_node list, size_t wanted,
                          int first)
{
    if (yaml_count(list) && yaml_count(list) != wanted)
        yaml_mistake(list, "%zu names are wanted here", wanted);
    else
        add_list(language, list, wanted == MONTHS ? CALENDAR_MONTH : CALENDAR_WEEKDAY, first);
}

static int unit_of(desk_slice name)
{
    for (int i = 0; i < UNITS; i++)
        if (slice_is(name, UNIT_NAMES[i]))
            return i;
    return -1;
}

/* {day: [jour, jours]} for units, {day: 日} for marks. */
static void add_units(struct calendar_language *language, struct yaml_node map, bool are_marks)
{
    struct yaml_cursor cursor = yaml_cursor(map);
    while (yaml_next(&cursor)) {
        int unit = unit_of(yaml_text(cursor.key));
        if (unit < 0) {
            yaml_mistake(cursor.key, "day, week, month or year is wanted here");
        } else if (are_marks) {
            add_names(language, cursor.value, CALENDAR_MARK, unit);
        } else {
            struct yaml_cursor forms = yaml_cursor(cursor.value);
            for (int plural = 0; yaml_next(&forms); plural = CALENDAR_PLURAL)
                add_names(language, forms.value, CALENDAR_UNIT, unit | plural);
        }
    }
}

/* "2 week", "-1 year" */
static bool read_amount(desk_slice text, int *value)
{
    size_t at = text.len && text.data[0] == '-', digits = at;
    int number = 0;
    while (digits < text.len && ascii_is_digit(text.data[digits]) && number <= AMOUNT_MAX)
        number = number * 10 + (text.data[digits++] - '0');
    int unit = digits < text.len ? unit_of(slice_sub(text, digits + 1, text.len)) : -1;
    *value = (at ? -number : number) * UNITS + unit;
    return digits > at && number <= AMOUNT_MAX && unit >= 0;
}

static void add_amounts(struct calendar_language *language, struct yaml_node map,
                        enum calendar_kind kind)
{
    struct yaml_cursor cursor = yaml_cursor(map);
    while (yaml_next(&cursor)) {
        int value = 0;
        if (read_amount(yaml_text(cursor.value), &value))
            add_names(language, cursor.key, kind, value);
        else
            yaml_mistake(cursor.value, "a number up to %d and day, week, month or year are wanted",
                         AMOUNT_MAX);
    }
}

static void add_days(struct calendar_language *language, struct yaml_node map)
{
    struct yaml_cursor cursor = yaml_cursor(map);
    while (yaml_next(&cursor)) {
        long long days = 0;
        if (yaml_read_integer(cursor.value, -DAYS_MAX, DAYS_MAX, &days))
            add_names(language, cursor.key, CALENDAR_DAY, (int)days);
    }
}

static void add_words(struct calendar_language *language, struct yaml_node value)
{
    add_full_list(language, yaml_get(value, "months"), MONTHS, 1);
    add_full_list(language, yaml_get(value, "weekdays"), WEEKDAYS, 0);
    add_days(language, yaml_get(value, "days"));
    add_units(language, yaml_get(value, "units"), false);
    add_units(language, yaml_get(value, "marks"), true);
    add_list(language, yaml_get(value, "numbers"), CALENDAR_NUMBER, 1);
    add_amounts(language, yaml_get(value, "amounts"), CALENDAR_AMOUNT);
    add_amounts(language, yaml_get(value, "periods"), CALENDAR_PERIOD);
    for (size_t i = 0; i < sizeof WORD_LISTS / sizeof WORD_LISTS[0]; i++) {
        struct yaml_cursor cursor = yaml_cursor(yaml_get(value, WORD_LISTS[i].key));
        while (yaml_next(&cursor))
            add_names(language, cursor.value, WORD_LISTS[i].kind, 0);
    }
}

static void add_language(struct calendar *calendar, struct yaml_node key, struct yaml_node value)
{
    static const char *const keys[] = {
        "months",   "weekdays", "days",      "last",    "next",       "this",      "units",
        "marks",    "numbers",  "amounts",   "periods", "ago_before", "ago_after", "in_before",
        "in_after", "future",   "particles", "never",   NULL};
    struct calendar_language *language = &calendar->languages[calendar->count];
    desk_slice code = yaml_text(key);
    if (!yaml_check_keys(value, keys))
        return;
    if (!code.len || code.len >= sizeof language->code) {
        yaml_mistake(key, "a language code is wanted here");
        return;
    }
    memcpy(language->code, code.data, code.len);
    language->words = (struct calendar_words){phrases_new(), phrases_new(), false};
    calendar->count++;
    if (!language->words.all || !language->words.openers)
        return;
    add_words(language, value);
    phrases_seal(language->words.all);
    phrases_seal(language->words.openers);
}

void *calendar_compile(const struct rulebook_files *files, struct mistakes *mistakes)
{
    struct calendar *calendar = calloc(1, sizeof *calendar);
    const desk_rulebook_file *file = rulebook_file(files, "calendar.yaml");
    struct yaml_file *yaml = file ? yaml_open("calendar.yaml", file->content, mistakes) : NULL;
    struct yaml_node languages = yaml_get(yaml_root(yaml), "languages");
    if (calendar)
        calendar->languages = calloc(yaml_count(languages) + 1, sizeof *calendar->languages);
    struct yaml_cursor cursor = yaml_cursor(languages);
    while (calendar && calendar->languages && yaml_next(&cursor))
        add_language(calendar, cursor.key, cursor.value);
    yaml_close(yaml);
    if (calendar && !calendar->languages) {
        free(calendar);
        calendar = NULL;
    }
    return calendar;
}

void calendar_free(void *part)
{
    struct calendar *calendar = part;
    if (!calendar)
        return;
    for (size_t i = 0; i < calendar->count; i++) {
        phrases_free(calendar->languages[i].words.all);
        phrases_free(calendar->languages[i].words.openers);
    }
    free(calendar->languages);
    free(calendar);
}

const struct calendar_words *calendar_words(const struct calendar *calendar, desk_slice language)
{
    size_t dash = slice_find_byte(language, '-', 0);
    language.len = dash == DESK_SLICE_NONE ? language.len : dash;
    for (size_t i = 0; i < calendar->count; i++)
        if (slice_is(language, calendar->languages[i].code))
            return &calendar->languages[i].words;
    return NULL;
}

struct calendar_word calendar_match(const struct phrases *phrases, const struct token_table *tokens,
                                    size_t at, size_t end, unsigned kinds)
{
    for (size_t limit = end; limit > at;) {
        const struct phrase *phrase = phrases_match(phrases, tokens, at, limit);
        if (!phrase)
            break;
        size_t words = phrase->words_count;
        for (; phrase; phrase = phrases_also(phrases, phrase, tokens, at)) {
            unsigned kind = 1U << (phrase->value >> KIND_SHIFT);
            if (kind & kinds)
                return (struct calendar_word){(enum calendar_kind)kind,
                                              (int)(phrase->value & VALUE_MASK) - VALUE_BIAS,
                                              phrase->value & SHORT_BIT, words};
        }
        limit = at + words - 1;
    }
    return (struct calendar_word){CALENDAR_NONE, 0, false, 0};
}

unsigned calendar_kinds(const struct phrases *phrases, const struct token_table *tokens, size_t at,
                        size_t *longest)
{
    unsigned kinds = 0;
    size_t limit = tokens->field_first[FIELD_BODY + 1];
    for (*longest = 0; limit > at;) {
        const struct phrase *phrase = phrases_match(phrases, tokens, at, limit);
        if (!phrase)
            break;
        if (!*longest)
            *longest = phrase->words_count;
        limit = at + phrase->words_count - 1;
        for (; phrase; phrase = phrases_also(phrases, phrase, tokens, at))
            kinds |= 1U << (phrase->value >> KIND_SHIFT);
    }
    return kinds;
}
