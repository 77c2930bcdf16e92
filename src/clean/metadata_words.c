/* One hash table of folded words for all lists of metadata.yaml: a word has the kinds of every list
 * that names it, and a month. */
#include "clean/metadata_words.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "text/fold.h"
#include "yaml/yaml.h"

enum { WORD_BYTES_MAX = 48, AFFIXES_MAX = 64, MONTHS = 12, LANGUAGE_BYTES_MAX = 8 };

struct slot {
    uint64_t hash; /* 0: free */
    uint32_t kinds;
    uint8_t month;
};

struct affixes {
    desk_slice items[AFFIXES_MAX];
    size_t count;
};

struct metadata_words {
    struct slot *slots;
    size_t mask;
    struct affixes prefixes, suffixes;
    /* By first letter, the lengths of words that may stand in class names: most class words are
     * ruled out by them without a hash. */
    uint32_t class_lengths[26];
};

static const struct {
    const char *key;
    unsigned kind;
} LISTS[] = {{"byline", METAWORD_BYLINE},
             {"lead", METAWORD_LEAD},
             {"and", METAWORD_AND},
             {"particles", METAWORD_PARTICLE},
             {"jobs", METAWORD_JOB},
             {"outlets", METAWORD_OUTLET},
             {"anonymous", METAWORD_ANONYMOUS},
             {"credits", METAWORD_CREDIT},
             {"places", METAWORD_PLACE},
             {"updated", METAWORD_UPDATED},
             {"published", METAWORD_PUBLISHED},
             {"other_dates", METAWORD_OTHER_DATE},
             {"author_classes", METAWORD_AUTHOR_CLASS},
             {"author_paths", METAWORD_AUTHOR_PATH},
             {"date_classes", METAWORD_DATE_CLASS},
             {"beside_authors", METAWORD_BESIDE_AUTHOR},
             {"elsewhere", METAWORD_ELSEWHERE},
             {"agencies", METAWORD_AGENCY},
             {"titles", METAWORD_TITLE}};
enum { LIST_COUNT = sizeof LISTS / sizeof LISTS[0] };

/* --- the table ----------------------------------------------------------------------------- */

static uint64_t hash_of(desk_slice folded)
{
    uint64_t hash = XXH3_64bits(folded.data, folded.len);
    return hash ? hash : 1;
}

static struct slot *find_slot(const struct metadata_words *words, uint64_t hash)
{
    size_t i = (size_t)hash & words->mask;
    while (words->slots[i].hash && words->slots[i].hash != hash)
        i = (i + 1) & words->mask;
    return &words->slots[i];
}

static desk_slice folded(desk_slice word, char buffer[2 * WORD_BYTES_MAX])
{
    return slice_of(buffer, word.len <= WORD_BYTES_MAX ? fold_text(word, buffer) : 0);
}

unsigned metadata_word_kinds(const struct metadata_words *words, desk_slice word)
{
    return word.len && word.len <= 2 * WORD_BYTES_MAX ? find_slot(words, hash_of(word))->kinds : 0;
}

unsigned metadata_word_kinds_of(const struct metadata_words *words, desk_slice word)
{
    char buffer[2 * WORD_BYTES_MAX];
    return metadata_word_kinds(words, folded(word, buffer));
}

static bool may_be_class_word(const struct metadata_words *words, desk_slice word)
{
    unsigned letter = (unsigned)(ascii_lower(word.data[0]) - 'a');
    return word.len < 32 && words->class_lengths[letter] & 1U << word.len;
}

unsigned metadata_words_of_class(const struct metadata_words *words, desk_slice value)
{
    unsigned kinds = 0;
    for (size_t i = 0; i < value.len;) {
        size_t from = i;
        while (i < value.len && ascii_is_alpha(value.data[i]) &&
               (i == from ||
                !(value.data[i] >= 'A' && value.data[i] <= 'Z' && value.data[i - 1] >= 'a')))
            i++;
        if (i - from > 2 && may_be_class_word(words, slice_sub(value, from, i)))
            kinds |= metadata_word_kinds_of(words, slice_sub(value, from, i));
        i += i == from;
    }
    return kinds;
}

/* --- months -------------------------------------------------------------------------------- */

/* A month's name that means another month elsewhere is found under its language too. */
static uint64_t hash_in_language(desk_slice folded, desk_slice language)
{
    char key[2 * WORD_BYTES_MAX + LANGUAGE_BYTES_MAX + 1];
    size_t len = 0;
    while (len < language.len && len < LANGUAGE_BYTES_MAX && ascii_is_alpha(language.data[len])) {
        key[len] = ascii_lower(language.data[len]);
        len++;
    }
    key[len++] = ':';
    memcpy(key + len, folded.data, folded.len);
    return hash_of(slice_of(key, len + folded.len));
}

int metadata_month(const struct metadata_words *words, desk_slice word, desk_slice language)
{
    if (!word.len || word.len > 2 * WORD_BYTES_MAX)
        return 0;
    const struct slot *slot = find_slot(words, hash_of(word));
    if (!slot->month || !language.len)
        return slot->month;
    const struct slot *own = find_slot(words, hash_in_language(word, language));
    return own->month ? own->month : slot->month;
}

static void add_month(struct metadata_words *words, struct yaml_node node, desk_slice language,
                      uint8_t month)
{
    desk_slice text = yaml_text(node);
    for (size_t from = 0; from <= text.len;) {
        size_t to = slice_find_byte(text, '|', from);
        to = to == DESK_SLICE_NONE ? text.len : to;
        char buffer[2 * WORD_BYTES_MAX];
        desk_slice word = folded(slice_sub(text, from, to), buffer);
        if (!word.len) {
            yaml_mistake(node, "names of 1 to %d bytes are wanted here", WORD_BYTES_MAX);
            return;
        }
        struct slot *slot = find_slot(words, hash_of(word));
        if (slot->month && slot->month != month) {
            uint64_t hash = hash_in_language(word, language);
            slot = find_slot(words, hash);
            *slot = (struct slot){hash, 0, month};
        } else {
            *slot = (struct slot){hash_of(word), slot->kinds, month};
        }
        from = to + 1;
    }
}

static void add_months(struct metadata_words *words, struct yaml_node languages)
{
    struct yaml_cursor cursor = yaml_cursor(languages);
    while (yaml_next(&cursor)) {
        if (yaml_count(cursor.value) != MONTHS) {
            yaml_mistake(cursor.value, "%d names of months are wanted here", MONTHS);
            continue;
        }
        struct yaml_cursor months = yaml_cursor(cursor.value);
        for (uint8_t month = 1; yaml_next(&months); month++)
            add_month(words, months.value, yaml_text(cursor.key), month);
    }
}

/* --- lists --------------------------------------------------------------------------------- */

static void note_class_word(struct metadata_words *words, desk_slice folded, unsigned kind)
{
    const unsigned kinds = METAWORD_AUTHOR_CLASS | METAWORD_BESIDE_AUTHOR | METAWORD_DATE_CLASS |
                           METAWORD_ELSEWHERE | METAWORD_UPDATED | METAWORD_PUBLISHED;
    if (kind & kinds && folded.len < 32 && ascii_is_alpha(folded.data[0]))
        words->class_lengths[folded.data[0] - 'a'] |= 1U << folded.len;
}

static void add_list(struct metadata_words *words, struct yaml_node list, unsigned kind)
{
    struct yaml_cursor cursor = yaml_cursor(list);
    while (yaml_next(&cursor)) {
        char buffer[2 * WORD_BYTES_MAX];
        desk_slice word = folded(yaml_text(cursor.value), buffer);
        if (!word.len) {
            yaml_mistake(cursor.value, "a word of 1 to %d bytes is wanted here", WORD_BYTES_MAX);
            continue;
        }
        note_class_word(words, word, kind);
        struct slot *slot = find_slot(words, hash_of(word));
        if (slot->kinds & kind)
            yaml_warning(cursor.value, "this word stands twice");
        *slot = (struct slot){hash_of(word), slot->kinds | kind, slot->month};
    }
}

static void add_affixes(struct affixes *affixes, struct yaml_node list)
{
    struct yaml_cursor cursor = yaml_cursor(list);
    while (yaml_next(&cursor)) {
        desk_slice text = yaml_text(cursor.value);
        char *copy = text.len ? malloc(text.len) : NULL;
        if (!copy || affixes->count == AFFIXES_MAX) {
            yaml_mistake(cursor.value, "up to %d words that are not empty are wanted here",
                         AFFIXES_MAX);
            free(copy);
            continue;
        }
        memcpy(copy, text.data, text.len);
        affixes->items[affixes->count++] = slice_of(copy, text.len);
    }
}

desk_slice metadata_strip_unspaced(const struct metadata_words *words, desk_slice text, bool *found)
{
    *found = false;
    /* All affixes are of scripts beyond ASCII, with a mark at most. */
    if (!text.len ||
        ((unsigned char)text.data[0] < 0x80 && (unsigned char)text.data[text.len - 1] < 0x80))
        return text;
    for (size_t i = 0; i < words->prefixes.count; i++)
        if (slice_starts(text, words->prefixes.items[i])) {
            *found = true;
            return slice_trim(slice_sub(text, words->prefixes.items[i].len, text.len));
        }
    for (size_t i = 0; i < words->suffixes.count; i++) {
        desk_slice suffix = words->suffixes.items[i];
        if (slice_ends(text, suffix) && text.len > suffix.len) {
            *found = true;
            return slice_trim(slice_sub(text, 0, text.len - suffix.len));
        }
    }
    return text;
}

/* --- compiling ----------------------------------------------------------------------------- */

/* Every name of a month may need two slots; a list's word needs one. */
static size_t count_words(struct yaml_node root)
{
    size_t count = 0;
    for (size_t i = 0; i < LIST_COUNT; i++)
        count += yaml_count(yaml_get(root, LISTS[i].key));
    struct yaml_cursor cursor = yaml_cursor(yaml_get(root, "months"));
    while (yaml_next(&cursor)) {
        struct yaml_cursor months = yaml_cursor(cursor.value);
        while (yaml_next(&months))
            count += yaml_text(months.value).len;
    }
    return count;
}

static void fill(struct metadata_words *words, struct yaml_node root)
{
    const char *keys[LIST_COUNT + 4] = {"byline_prefixes", "byline_suffixes", "months"};
    for (size_t i = 0; i < LIST_COUNT; i++)
        keys[3 + i] = LISTS[i].key;
    if (yaml_is_set(root))
        yaml_check_keys(root, keys);
    for (size_t i = 0; i < LIST_COUNT; i++)
        add_list(words, yaml_get(root, LISTS[i].key), LISTS[i].kind);
    add_months(words, yaml_get(root, "months"));
    add_affixes(&words->prefixes, yaml_get(root, "byline_prefixes"));
    add_affixes(&words->suffixes, yaml_get(root, "byline_suffixes"));
}

void *metadata_words_compile(const struct rulebook_files *files, struct mistakes *mistakes)
{
    struct metadata_words *words = calloc(1, sizeof *words);
    const desk_rulebook_file *file = rulebook_file(files, "metadata.yaml");
    struct yaml_file *yaml = file ? yaml_open("metadata.yaml", file->content, mistakes) : NULL;
    struct yaml_node root = yaml_root(yaml);
    size_t wanted = 2 * count_words(root) + 2, slots = 64;
    while (slots < wanted)
        slots *= 2;
    if (words)
        words->slots = calloc(slots, sizeof *words->slots);
    if (words && words->slots) {
        words->mask = slots - 1;
        fill(words, root);
    } else {
        free(words);
        words = NULL;
    }
    yaml_close(yaml);
    return words;
}

static void free_affixes(struct affixes *affixes)
{
    for (size_t i = 0; i < affixes->count; i++)
        free((char *)(size_t)affixes->items[i].data);
}

void metadata_words_free(void *part)
{
    struct metadata_words *words = part;
    if (!words)
        return;
    free_affixes(&words->prefixes);
    free_affixes(&words->suffixes);
    free(words->slots);
    free(words);
}
