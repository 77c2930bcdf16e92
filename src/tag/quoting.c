/* The verbs of saying in one hash table, keyed by stem and language. */
#include "tag/quoting.h"

#include <stdlib.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "tag/tokens.h"
#include "yaml/yaml.h"

struct slot {
    uint64_t key; /* 0: free */
    enum saying kind;
};

struct quoting {
    struct slot *slots;
    size_t mask;
};

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

static void add_words(struct quoting *quoting, desk_slice language, struct yaml_node list,
                      enum saying kind)
{
    struct yaml_cursor cursor = yaml_cursor(list);
    while (yaml_next(&cursor)) {
        uint64_t hash, stem;
        token_hash_word(yaml_text(cursor.value), language, &hash, &stem);
        if (!stem) {
            yaml_mistake(cursor.value, "a word is wanted here");
            continue;
        }
        uint64_t key = key_of(stem, language);
        *find_slot(quoting, key) = (struct slot){key, kind};
    }
}

void *quoting_compile(const struct rulebook_files *files, struct mistakes *mistakes)
{
    static const char *const keys[] = {"says", "according", NULL};
    struct quoting *quoting = calloc(1, sizeof *quoting);
    const desk_rulebook_file *file = rulebook_file(files, "quoting.yaml");
    struct yaml_file *yaml = file ? yaml_open("quoting.yaml", file->content, mistakes) : NULL;
    struct yaml_node languages = yaml_get(yaml_root(yaml), "languages");
    size_t count = 0, slots = 64;
    struct yaml_cursor cursor = yaml_cursor(languages);
    while (yaml_next(&cursor))
        count += yaml_count(yaml_get(cursor.value, "says")) +
                 yaml_count(yaml_get(cursor.value, "according"));
    while (slots < 2 * count + 2)
        slots *= 2;
    if (quoting) {
        quoting->slots = calloc(slots, sizeof *quoting->slots);
        quoting->mask = slots - 1;
    }
    cursor = yaml_cursor(languages);
    while (quoting && quoting->slots && yaml_next(&cursor)) {
        desk_slice language = yaml_text(cursor.key);
        yaml_check_keys(cursor.value, keys);
        add_words(quoting, language, yaml_get(cursor.value, "says"), SAYING_VERB);
        add_words(quoting, language, yaml_get(cursor.value, "according"), SAYING_ACCORDING);
    }
    yaml_close(yaml);
    if (quoting && !quoting->slots) {
        free(quoting);
        quoting = NULL;
    }
    return quoting;
}

void quoting_free(void *part)
{
    struct quoting *quoting = part;
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
