/* Reading languages.yaml into one table of words, endings and letters, and the learned table beside
 * it. Words are hashed lower-case and exact: accents tell languages apart, so nothing is folded. */
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "tag/language_parts.h"
#include "text/utf8.h"
#include "yaml/yaml.h"

uint32_t lower_next(const unsigned char **p, const unsigned char *end, uint32_t *cp)
{
    utf8proc_int32_t point = 0;
    utf8proc_ssize_t len = utf8proc_iterate(*p, end - *p, &point);
    *p += len > 0 ? len : 1;
    *cp = len > 0 ? (uint32_t)point : 0;
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)*cp);
}

static struct word_slot *find_slot(const struct languages *languages, uint64_t hash)
{
    size_t i = (size_t)hash & languages->mask;
    while (languages->slots[i].hash && languages->slots[i].hash != hash)
        i = (i + 1) & languages->mask;
    return &languages->slots[i];
}

const struct word_slot *find_word(const struct languages *languages, uint64_t hash)
{
    return find_slot(languages, hash);
}

/* --- compiling ----------------------------------------------------------------------------- */

static void give_slot(struct languages *languages, size_t index, uint64_t hash)
{
    struct word_slot *slot = find_slot(languages, hash);
    slot->hash = hash;
    slot->languages[index / 64] |= (uint64_t)1 << index % 64;
}

static void add_word(struct languages *languages, size_t index, struct yaml_node node)
{
    uint32_t letters[LANGUAGE_WORD_BYTES_MAX + 2], cp;
    size_t count = 0;
    desk_slice text = yaml_text(node);
    if (!text.len || text.len > LANGUAGE_WORD_BYTES_MAX) {
        yaml_mistake(node, "a word of 1 to %d bytes is wanted here", LANGUAGE_WORD_BYTES_MAX);
        return;
    }
    const unsigned char *p = (const unsigned char *)text.data, *end = p + text.len;
    letters[count++] = GRAM_EDGE;
    while (p < end)
        letters[count++] = lower_next(&p, end, &cp);
    letters[count++] = GRAM_EDGE;
    give_slot(languages, index, gram_hash(letters, count));
}

/* Each letter that the language writes; what languages of one script share tells nothing apart. */
static void add_letters(struct languages *languages, size_t index, desk_slice letters)
{
    const unsigned char *p = (const unsigned char *)letters.data, *end = p + letters.len;
    while (p < end) {
        uint32_t cp, lower = lower_next(&p, end, &cp);
        give_slot(languages, index, gram_hash(&lower, 1));
    }
}

static void add_language(struct languages *languages, struct yaml_node key, struct yaml_node value)
{
    static const char *const keys[] = {"script", "letters", "words", NULL};
    desk_slice code = yaml_text(key), script = {NULL, 0}, letters = {NULL, 0};
    if (!yaml_check_keys(value, keys) || !yaml_read_text(yaml_get(value, "script"), &script) ||
        (yaml_is_set(yaml_get(value, "letters")) &&
         !yaml_read_text(yaml_get(value, "letters"), &letters)))
        return;
    if (code.len < 2 || code.len >= sizeof languages->items[0].code ||
        languages->count == LANGUAGES_MAX) {
        yaml_mistake(key, "a BCP 47 language code is wanted here, and at most %d of them",
                     LANGUAGES_MAX);
        return;
    }
    struct language *language = &languages->items[languages->count];
    memcpy(language->code, code.data, code.len);
    language->script = script_by_name(script);
    if (language->script < 0) {
        yaml_mistake(key, "script '%.*s' is not known, such as Latin, Cyrillic, Arabic, Greek, Han",
                     (int)script.len, script.data ? script.data : "");
        return;
    }
    add_letters(languages, languages->count, letters);
    struct yaml_cursor cursor = yaml_cursor(yaml_get(value, "words"));
    while (yaml_next(&cursor))
        add_word(languages, languages->count, cursor.value);
    languages->count++;
}

/* How many slots can be needed. */
static size_t count_slots(struct yaml_node mapping)
{
    size_t count = 0;
    struct yaml_cursor cursor = yaml_cursor(mapping);
    while (yaml_next(&cursor))
        count += yaml_count(yaml_get(cursor.value, "words")) +
                 utf8_count(yaml_text(yaml_get(cursor.value, "letters")));
    return count;
}

/* A word that few languages share says more: of n each gets 1/n. */
static void set_shares(struct languages *languages)
{
    for (size_t i = 0; i <= languages->mask; i++) {
        struct word_slot *slot = &languages->slots[i];
        unsigned count = 0;
        for (size_t k = 0; k < languages->count; k++)
            count += (unsigned)(slot->languages[k / 64] >> k % 64 & 1);
        slot->share = count ? 1.0F / (float)count : 0;
    }
}

/* Whether words or letters must choose between languages of a script: Latin, Cyrillic, Arabic and
 * Devanagari. Where the first language has next to no rival, the script is enough. */
static bool script_is_shared(const struct languages *languages, size_t script)
{
    size_t count = 0;
    for (size_t i = 0; i < languages->count; i++)
        count += languages->items[i].script == (int)script;
    return count > 2;
}

static void know_scripts(struct languages *languages)
{
    for (size_t i = 0; i < SCRIPT_COUNT; i++) {
        languages->first[i] = (size_t)script_first((int)i);
        languages->is_shared[i] = script_is_shared(languages, i);
    }
    languages->kana = (size_t)script_by_name(slice_from_cstr("Kana"));
    languages->han = (size_t)script_by_name(slice_from_cstr("Han"));
    languages->hangul = (size_t)script_by_name(slice_from_cstr("Hangul"));
}

static uint8_t number_of(const void *context, desk_slice code)
{
    const struct languages *languages = context;
    for (size_t i = 0; i < languages->count; i++)
        if (slice_is(code, languages->items[i].code))
            return (uint8_t)i;
    return GRAM_LANGUAGE_NONE;
}

static const char GRAMS_FILE[] = "languages.model";

/* A rulebook without the table goes by its words alone. */
static void read_grams(struct languages *languages, const desk_rulebook_file *file,
                       struct mistakes *mistakes)
{
    char reason[GRAM_REASON_BYTES];
    if (file && !grams_read(&languages->grams, file->content, number_of, languages, reason))
        mistakes_add(mistakes, GRAMS_FILE, 0, 0, false, "%s", reason);
}

void *languages_compile(const struct rulebook_files *files, struct mistakes *mistakes)
{
    struct languages *languages = calloc(1, sizeof *languages);
    const desk_rulebook_file *file = rulebook_file(files, "languages.yaml");
    struct yaml_file *yaml = file ? yaml_open("languages.yaml", file->content, mistakes) : NULL;
    struct yaml_node mapping = yaml_get(yaml_root(yaml), "languages");
    size_t slots = 64;
    while (slots < count_slots(mapping) * 3 / 2)
        slots *= 2;
    if (languages) {
        languages->mask = slots - 1;
        languages->slots = calloc(slots, sizeof *languages->slots);
    }
    if (!languages || !languages->slots) {
        yaml_close(yaml);
        languages_free(languages);
        return NULL;
    }
    struct yaml_cursor cursor = yaml_cursor(mapping);
    while (yaml_next(&cursor))
        add_language(languages, cursor.key, cursor.value);
    yaml_close(yaml);
    set_shares(languages);
    know_scripts(languages);
    read_grams(languages, rulebook_file(files, GRAMS_FILE), mistakes);
    return languages;
}

void languages_free(void *part)
{
    struct languages *languages = part;
    if (!languages)
        return;
    grams_deinit(&languages->grams);
    free(languages->slots);
    free(languages);
}
