/* The words of page.yaml in one hash table. */
#include "clean/pagewords.h"

#include <stdlib.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "yaml/yaml.h"

enum { WORD_BYTES_MAX = 40, SEPARATORS_MAX = 32 };

struct slot {
    uint64_t hash; /* 0: free */
    unsigned kinds;
};

struct pagewords {
    struct slot *slots;
    size_t mask;
    desk_slice separators[SEPARATORS_MAX];
    size_t separators_count;
};

/* Letter by letter, so that words are hashed while a value is split. */
enum { HASH_START = 0x1C9DC5 };

static inline uint64_t hash_step(uint64_t hash, char letter)
{
    return (hash ^ (unsigned char)ascii_lower(letter)) * 0x9E3779B97F4A7C15u;
}

/* The low bits of products are the weak ones; 0 marks a free slot. */
static inline uint64_t hash_end(uint64_t hash)
{
    return (hash ^ hash >> 32) | 1;
}

static uint64_t hash_of(desk_slice word)
{
    uint64_t hash = HASH_START;
    if (word.len == 0 || word.len > WORD_BYTES_MAX)
        return 0;
    for (size_t i = 0; i < word.len; i++)
        hash = hash_step(hash, word.data[i]);
    return hash_end(hash);
}

static struct slot *find_slot(const struct pagewords *words, uint64_t hash)
{
    size_t i = (size_t)(hash >> 1) & words->mask;
    while (words->slots[i].hash && words->slots[i].hash != hash)
        i = (i + 1) & words->mask;
    return &words->slots[i];
}

static void add_words(struct pagewords *words, struct yaml_node list, unsigned kind)
{
    struct yaml_cursor cursor = yaml_cursor(list);
    while (yaml_next(&cursor)) {
        uint64_t hash = hash_of(yaml_text(cursor.value));
        if (!hash) {
            yaml_mistake(cursor.value, "a word of 1 to %d bytes is wanted here", WORD_BYTES_MAX);
            continue;
        }
        struct slot *slot = find_slot(words, hash);
        if (slot->kinds & kind)
            yaml_warning(cursor.value, "this word stands twice");
        *slot = (struct slot){hash, slot->kinds | kind};
    }
}

static void add_separators(struct pagewords *words, struct yaml_node list)
{
    struct yaml_cursor cursor = yaml_cursor(list);
    while (yaml_next(&cursor)) {
        desk_slice text = yaml_text(cursor.value);
        char *copy = text.len ? malloc(text.len) : NULL;
        if (!copy || words->separators_count == SEPARATORS_MAX) {
            yaml_mistake(cursor.value, "1 to %d separators that are not empty are wanted here",
                         SEPARATORS_MAX);
            free(copy);
            continue;
        }
        memcpy(copy, text.data, text.len);
        words->separators[words->separators_count++] = slice_of(copy, text.len);
    }
}

static bool make_slots(struct pagewords *words, size_t count)
{
    size_t slots = 64;
    while (slots < 2 * count + 2)
        slots *= 2;
    words->slots = calloc(slots, sizeof *words->slots);
    words->mask = slots - 1;
    return words->slots != NULL;
}

#define GROUP_NAME(id, name) #name,
static const char *const GROUP_NAMES[] = {PAGEWORD_GROUPS(GROUP_NAME) NULL};
#undef GROUP_NAME

static size_t count_words(struct yaml_node classes)
{
    size_t count = 0;
    for (unsigned i = 0; GROUP_NAMES[i]; i++)
        count += yaml_count(yaml_get(classes, GROUP_NAMES[i]));
    return count;
}

void *pagewords_compile(const struct rulebook_files *files, struct mistakes *mistakes)
{
    static const char *const keys[] = {"classes", "byline", "title_separators", NULL};
    struct pagewords *words = calloc(1, sizeof *words);
    const desk_rulebook_file *file = rulebook_file(files, "page.yaml");
    struct yaml_file *yaml = file ? yaml_open("page.yaml", file->content, mistakes) : NULL;
    struct yaml_node root = yaml_root(yaml);
    struct yaml_node classes = yaml_get(root, "classes");
    size_t count = count_words(classes) + yaml_count(yaml_get(root, "byline"));
    if (!words || !make_slots(words, count)) {
        pagewords_free(words);
        yaml_close(yaml);
        return NULL;
    }
    if (yaml_is_set(root))
        yaml_check_keys(root, keys);
    if (yaml_is_set(classes))
        yaml_check_keys(classes, GROUP_NAMES);
    for (unsigned i = 0; GROUP_NAMES[i]; i++)
        add_words(words, yaml_get(classes, GROUP_NAMES[i]), 1U << i);
    add_words(words, yaml_get(root, "byline"), PAGEWORD_BYLINE);
    add_separators(words, yaml_get(root, "title_separators"));
    yaml_close(yaml);
    return words;
}

void pagewords_free(void *part)
{
    struct pagewords *words = part;
    if (!words)
        return;
    for (size_t i = 0; i < words->separators_count; i++)
        free((char *)(size_t)words->separators[i].data);
    free(words->slots);
    free(words);
}

unsigned pagewords_kind(const struct pagewords *words, desk_slice word)
{
    uint64_t hash = hash_of(word);
    return hash ? find_slot(words, hash)->kinds : 0;
}

unsigned pagewords_of_value(const struct pagewords *words, desk_slice value)
{
    unsigned kinds = 0;
    for (size_t i = 0; i < value.len;) {
        size_t from = i;
        uint64_t hash = HASH_START;
        /* A capital behind a small letter begins the next word. */
        while (i < value.len && ascii_is_alpha(value.data[i]) &&
               (i == from || value.data[i] > 'Z' || value.data[i - 1] < 'a'))
            hash = hash_step(hash, value.data[i++]);
        if (i > from)
            kinds |= find_slot(words, hash_end(hash))->kinds;
        else
            i++;
    }
    return kinds;
}

size_t pagewords_separators(const struct pagewords *words, const desk_slice **separators)
{
    *separators = words->separators;
    return words->separators_count;
}
