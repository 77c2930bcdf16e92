/* One phrase table per language. */
#include "tag/calendar.h"

#include <stdlib.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "yaml/yaml.h"

enum { VALUE_BIAS = 1000, KIND_SHIFT = 16, MONTHS = 12, WEEKDAYS = 7, DAYS_MAX = 14 };

struct calendar_language {
    char code[12];
    struct phrases *phrases;
};

struct calendar {
    struct calendar_language *languages;
    size_t count;
};

/* "janvier|janv" */
static void add_names(struct calendar_language *language, struct yaml_node node,
                      enum calendar_kind kind, int value)
{
    desk_slice text = yaml_text(node);
    uint32_t packed = (uint32_t)kind << KIND_SHIFT | (uint32_t)(value + VALUE_BIAS);
    for (size_t from = 0; from <= text.len;) {
        size_t to = slice_find_byte(text, '|', from), words = 0;
        if (to == DESK_SLICE_NONE)
            to = text.len;
        bool added = phrases_add(language->phrases, slice_sub(text, from, to),
                                 slice_from_cstr(language->code), 0, packed, &words);
        if (added && (words == 0 || words > PHRASE_WORDS_MAX))
            yaml_mistake(node, "a name of 1 to %d words is wanted here", PHRASE_WORDS_MAX);
        from = to + 1;
    }
}

static void add_list(struct calendar_language *language, struct yaml_node list, size_t wanted,
                     enum calendar_kind kind, int first)
{
    if (yaml_count(list) != wanted) {
        yaml_mistake(list, "%zu names are wanted here", wanted);
        return;
    }
    struct yaml_cursor cursor = yaml_cursor(list);
    for (int value = first; yaml_next(&cursor); value++)
        add_names(language, cursor.value, kind, value);
}

static void add_language(struct calendar *calendar, struct yaml_node key, struct yaml_node value)
{
    static const char *const keys[] = {"months", "weekdays", "days", NULL};
    struct calendar_language *language = &calendar->languages[calendar->count];
    desk_slice code = yaml_text(key);
    if (!yaml_check_keys(value, keys))
        return;
    if (!code.len || code.len >= sizeof language->code) {
        yaml_mistake(key, "a language code is wanted here");
        return;
    }
    memcpy(language->code, code.data, code.len);
    language->phrases = phrases_new();
    if (!language->phrases)
        return;
    calendar->count++;
    add_list(language, yaml_get(value, "months"), MONTHS, CALENDAR_MONTH, 1);
    add_list(language, yaml_get(value, "weekdays"), WEEKDAYS, CALENDAR_WEEKDAY, 0);
    struct yaml_cursor cursor = yaml_cursor(yaml_get(value, "days"));
    while (yaml_next(&cursor)) {
        long long days = 0;
        if (yaml_read_integer(cursor.value, -DAYS_MAX, DAYS_MAX, &days))
            add_names(language, cursor.key, CALENDAR_DAY, (int)days);
    }
    phrases_seal(language->phrases);
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
    for (size_t i = 0; i < calendar->count; i++)
        phrases_free(calendar->languages[i].phrases);
    free(calendar->languages);
    free(calendar);
}

struct calendar_word calendar_match(const struct calendar *calendar, desk_slice language,
                                    const struct token_table *tokens, size_t at, size_t end)
{
    for (size_t i = 0; i < calendar->count; i++) {
        desk_slice code = slice_from_cstr(calendar->languages[i].code);
        if (!slice_starts(language, code) ||
            (language.len > code.len && language.data[code.len] != '-'))
            continue;
        const struct phrase *phrase =
            phrases_match(calendar->languages[i].phrases, tokens, at, end);
        if (!phrase)
            break;
        return (struct calendar_word){(enum calendar_kind)(phrase->value >> KIND_SHIFT),
                                      (int)(phrase->value & 0xFFFF) - VALUE_BIAS,
                                      phrase->words_count};
    }
    return (struct calendar_word){CALENDAR_NONE, 0, 0};
}
