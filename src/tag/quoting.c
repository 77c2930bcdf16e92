/* The verbs of saying in one hash table, keyed by stem and language; all cues of a language, those
 * of several words too, in a table of phrases. */
#include "tag/quoting.h"

#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "tag/phrases.h"
#include "tag/tokens.h"
#include "yaml/yaml.h"

struct slot {
    uint64_t key; /* 0: free */
    enum saying kind;
};

enum { LANGUAGES_MAX = 64 };

struct cues {
    char language[4];
    struct phrases *phrases;
};

struct quoting {
    struct slot *slots;
    size_t mask;
    struct cues cues[LANGUAGES_MAX];
    size_t cues_count;
};

static const struct {
    const char *key;
    enum saying kind;
} LISTS[] = {
    {"says", SAYING_VERB},     {"according", SAYING_ACCORDING},      {"after", SAYING_AFTER},
    {"clause", SAYING_CLAUSE}, {"prepositions", SAYING_PREPOSITION}, {"quotes", SAYING_QUOTES},
    {"works", SAYING_WORK},    {"pronouns", SAYING_PRONOUN}};
enum { LIST_COUNT = sizeof LISTS / sizeof LISTS[0] };

static uint64_t key_of(uint64_t stem, desk_slice language)
{
    uint64_t code = 0;
    for (size_t i = 0; i < language.len && i < 3 && language.data[i] != '-'; i++)
        code = code << 8 | (unsigned char)language.data[i];
    uint64_t key = stem ^ code * 0x9E3779B97F4A7C15u;
    return key ? key : 1;
}

static struct slot *find_slot(const struct quoting *quoting, uint64_t key)
{
    size_t i = (size_t)key & quoting->mask;
    while (quoting->slots[i].key && quoting->slots[i].key != key)
        i = (i + 1) & quoting->mask;
    return &quoting->slots[i];
}

/* The apostrophe of "d'après", or NONE; "aujourd'hui" has none before its first three bytes. */
static bool is_elided(desk_slice text)
{
    size_t at = slice_find_byte(text, '\'', 0);
    return at != DESK_SLICE_NONE && at <= 2;
}

static bool add_cue(struct phrases *phrases, struct yaml_node node, desk_slice language,
                    enum saying kind)
{
    size_t words = 0;
    desk_slice text = yaml_text(node);
    uint32_t value = (uint32_t)kind | (is_elided(text) ? (uint32_t)SAYING_ELIDED : 0U);
    if (!phrases_add(phrases, text, language, PHRASE_STEM, value, &words))
        return false;
    if (words == 0 || words > PHRASE_WORDS_MAX)
        yaml_mistake(node, "1 to %d words are wanted here", PHRASE_WORDS_MAX);
    return true;
}

/* Single verbs and prepositions also stand in the table of words. */
static void add_word(struct quoting *quoting, desk_slice text, desk_slice language,
                     enum saying kind)
{
    struct token tokens[2];
    if (tokens_cut(text, language, tokens, 2) != 1)
        return;
    uint64_t key = key_of(tokens[0].stem, language);
    struct slot *slot = find_slot(quoting, key);
    if (!slot->key)
        *slot = (struct slot){key, kind};
}

static bool add_list(struct quoting *quoting, const struct cues *cues, struct yaml_node list,
                     enum saying kind)
{
    struct yaml_cursor cursor = yaml_cursor(list);
    desk_slice language = slice_from_cstr(cues->language);
    while (yaml_next(&cursor)) {
        if (!add_cue(cues->phrases, cursor.value, language, kind))
            return false;
        if (kind == SAYING_VERB || kind == SAYING_ACCORDING || kind == SAYING_QUOTES)
            add_word(quoting, yaml_text(cursor.value), language, kind);
    }
    return true;
}

static bool add_language(struct quoting *quoting, struct yaml_node key, struct yaml_node value)
{
    static const char *const keys[] = {"says",   "according", "after",    "clause", "prepositions",
                                       "quotes", "works",     "pronouns", NULL};
    desk_slice code = yaml_text(key);
    struct cues *cues = &quoting->cues[quoting->cues_count];
    if (quoting->cues_count == LANGUAGES_MAX || code.len < 2 || code.len > 3) {
        yaml_mistake(key, "a language code of two or three letters is wanted here, at most %d",
                     LANGUAGES_MAX);
        return true;
    }
    memcpy(cues->language, code.data, code.len);
    cues->phrases = phrases_new();
    quoting->cues_count++;
    yaml_check_keys(value, keys);
    for (size_t i = 0; cues->phrases && i < LIST_COUNT; i++)
        if (!add_list(quoting, cues, yaml_get(value, LISTS[i].key), LISTS[i].kind))
            return false;
    return cues->phrases && phrases_seal(cues->phrases);
}

static size_t count_words(struct yaml_node languages)
{
    size_t count = 0;
    struct yaml_cursor cursor = yaml_cursor(languages);
    while (yaml_next(&cursor))
        count += yaml_count(yaml_get(cursor.value, "says")) +
                 yaml_count(yaml_get(cursor.value, "according")) +
                 yaml_count(yaml_get(cursor.value, "quotes"));
    return count;
}

void *quoting_compile(const struct rulebook_files *files, struct mistakes *mistakes)
{
    struct quoting *quoting = calloc(1, sizeof *quoting);
    const desk_rulebook_file *file = rulebook_file(files, "quoting.yaml");
    struct yaml_file *yaml = file ? yaml_open("quoting.yaml", file->content, mistakes) : NULL;
    struct yaml_node languages = yaml_get(yaml_root(yaml), "languages");
    struct yaml_cursor cursor = yaml_cursor(languages);
    size_t slots = 64, count = count_words(languages);
    while (slots < 2 * count + 2)
        slots *= 2;
    bool good = quoting != NULL;
    if (good) {
        quoting->slots = calloc(slots, sizeof *quoting->slots);
        quoting->mask = slots - 1;
        good = quoting->slots != NULL;
    }
    while (good && yaml_next(&cursor))
        good = add_language(quoting, cursor.key, cursor.value);
    yaml_close(yaml);
    if (good)
        return quoting;
    quoting_free(quoting);
    return NULL;
}

void quoting_free(void *part)
{
    struct quoting *quoting = part;
    for (size_t i = 0; quoting && i < quoting->cues_count; i++)
        phrases_free(quoting->cues[i].phrases);
    if (quoting)
        free(quoting->slots);
    free(quoting);
}

enum saying quoting_kind(const struct quoting *quoting, desk_slice language,
                         const struct token *token)
{
    const struct slot *slot = find_slot(quoting, key_of(token->stem, language));
    return slot->key ? slot->kind : SAYING_NONE;
}

const struct phrases *quoting_cues(const struct quoting *quoting, desk_slice language)
{
    size_t dash = slice_find_byte(language, '-', 0);
    language.len = dash == DESK_SLICE_NONE ? language.len : dash;
    for (size_t i = 0; i < quoting->cues_count; i++)
        if (slice_is(language, quoting->cues[i].language))
            return quoting->cues[i].phrases;
    return NULL;
}
