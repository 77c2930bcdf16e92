/* The words of page.yaml in one hash table. */
#include "clean/pagewords.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/slice.h"
#include "clean/page_ascii.h"
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

/* Words are hashed by eight bytes, in small letters. */
enum { HASH_BYTES = 8 };
static const uint64_t HASH_START = 0x1C9DC5, HASH_FACTOR = 0x9E3779B97F4A7C15u;

/* Of a word in small letters. Reads up to a multiple of HASH_BYTES. */
static inline uint64_t hash_small(const char *word, size_t len)
{
    uint64_t hash = HASH_START;
    for (size_t left = len; left; left -= left < HASH_BYTES ? left : HASH_BYTES) {
        uint64_t eight = bytes_eight(word + len - left);
        eight &= left < HASH_BYTES ? ((uint64_t)1 << 8 * left) - 1 : UINT64_MAX;
        hash = (hash ^ eight) * HASH_FACTOR;
        hash ^= hash >> 32;
    }
    /* 0 marks a free slot. */
    return hash | 1;
}

static uint64_t hash_of(desk_slice word)
{
    char small[WORD_BYTES_MAX + HASH_BYTES] = {0};
    if (word.len == 0 || word.len > WORD_BYTES_MAX)
        return 0;
    for (size_t i = 0; i < word.len; i++)
        small[i] = ascii_lower(word.data[i]);
    return hash_small(small, word.len);
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
        if (text.len && !copy) {
            yaml_no_memory(cursor.value);
            return;
        }
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

/* The kinds of the words in a piece of `len` bytes; *taken is how much of it was read: all, or up
 * to a word at the end that may go on when `is_last` is false. */
static unsigned kinds_of_piece(const struct pagewords *words, const char *p, unsigned len,
                               bool is_last, unsigned *taken)
{
    char small[ASCII_PIECE + HASH_BYTES] = {0};
    memcpy(small, p, len);
    struct ascii_piece piece = ascii_piece(small, len);
    uint64_t letters = piece.letters, lower = letters & ~piece.upper;
    /* A capital behind a small letter begins the next word. */
    uint64_t starts = letters & (~(letters << 1) | (piece.upper & lower << 1));
    unsigned kinds = 0;
    for (unsigned i = 0; i < len; i++)
        small[i] = (char)(small[i] | 0x20);
    *taken = len;
    for (uint64_t left = starts; left; left &= left - 1) {
        unsigned from = (unsigned)__builtin_ctzll(left);
        uint64_t ends = (~letters | (left & (left - 1))) >> from;
        unsigned word = ends ? (unsigned)__builtin_ctzll(ends) : ASCII_PIECE - from;
        if (from + word >= len && !is_last && from) {
            *taken = from;
            break;
        }
        kinds |= find_slot(words, hash_small(small + from, word))->kinds;
    }
    return kinds;
}

unsigned pagewords_of_value(const struct pagewords *words, desk_slice value)
{
    unsigned kinds = 0, taken = 0;
    for (size_t from = 0; from < value.len; from += taken) {
        size_t left = value.len - from;
        unsigned len = (unsigned)(left < ASCII_PIECE ? left : ASCII_PIECE);
        kinds |= kinds_of_piece(words, value.data + from, len, len == left, &taken);
    }
    return kinds;
}

size_t pagewords_separators(const struct pagewords *words, const desk_slice **separators)
{
    *separators = words->separators;
    return words->separators_count;
}
