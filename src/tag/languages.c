/* Scripts and common words. Words are hashed lower-case and exact: accents tell languages apart, so
 * nothing is folded. */
#include "tag/languages.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>
#include <xxhash.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "yaml/yaml.h"

/* Scripts by their main code point ranges (Unicode 15, Blocks.txt); enough to tell which languages
 * are possible. */
struct script_range {
    uint32_t first, last;
    const char *name;
};

static const struct script_range SCRIPTS[] = {
    {0x0041, 0x024F, "Latin"},      {0x0370, 0x03FF, "Greek"},     {0x0400, 0x052F, "Cyrillic"},
    {0x0530, 0x058F, "Armenian"},   {0x0590, 0x05FF, "Hebrew"},    {0x0600, 0x077F, "Arabic"},
    {0x0900, 0x097F, "Devanagari"}, {0x0980, 0x09FF, "Bengali"},   {0x0A00, 0x0A7F, "Gurmukhi"},
    {0x0A80, 0x0AFF, "Gujarati"},   {0x0B80, 0x0BFF, "Tamil"},     {0x0C00, 0x0C7F, "Telugu"},
    {0x0C80, 0x0CFF, "Kannada"},    {0x0D00, 0x0D7F, "Malayalam"}, {0x0D80, 0x0DFF, "Sinhala"},
    {0x0E00, 0x0E7F, "Thai"},       {0x0E80, 0x0EFF, "Lao"},       {0x1000, 0x109F, "Myanmar"},
    {0x10A0, 0x10FF, "Georgian"},   {0x1200, 0x139F, "Ethiopic"},  {0x1780, 0x17FF, "Khmer"},
    {0x1E00, 0x1EFF, "Latin"},      {0x1F00, 0x1FFF, "Greek"},     {0x3040, 0x30FF, "Kana"},
    {0x3400, 0x9FFF, "Han"},        {0xAC00, 0xD7AF, "Hangul"},    {0xF900, 0xFAFF, "Han"}};
enum { SCRIPT_COUNT = sizeof SCRIPTS / sizeof SCRIPTS[0] };

struct language {
    char code[12];
    int script;
    size_t words_count;
};

struct word_slot {
    uint64_t hash;         /* 0: free */
    uint64_t languages[2]; /* bit per language */
};

struct languages {
    struct language items[LANGUAGES_MAX];
    size_t count;
    struct word_slot *slots;
    size_t mask;
};

static int script_of(uint32_t cp)
{
    if (cp < 0x250)
        return cp >= 'A' && cp != 0xD7 && cp != 0xF7 && !(cp > 'Z' && cp < 'a') &&
                       !(cp > 'z' && cp < 0xC0)
                   ? 0
                   : -1;
    for (int i = 1; i < SCRIPT_COUNT; i++)
        if (cp >= SCRIPTS[i].first && cp <= SCRIPTS[i].last)
            return i;
    return -1;
}

static int script_by_name(desk_slice name)
{
    for (int i = 0; i < SCRIPT_COUNT; i++)
        if (slice_is(name, SCRIPTS[i].name))
            return i;
    return -1;
}

/* The lower-case form of one code point of valid UTF-8 at *p, which is moved past it. */
static size_t lower_next(const unsigned char **p, const unsigned char *end, uint32_t *cp,
                         char out[4])
{
    utf8proc_int32_t point = 0;
    utf8proc_ssize_t len = utf8proc_iterate(*p, end - *p, &point);
    if (len <= 0) {
        (*p)++;
        *cp = 0;
        return 0;
    }
    *p += len;
    *cp = (uint32_t)point;
    if (point < 0x80) {
        out[0] = ascii_lower((char)point);
        return 1;
    }
    return (size_t)utf8proc_encode_char(utf8proc_tolower(point), (unsigned char *)out);
}

static uint64_t hash_word(const char *word, size_t len)
{
    uint64_t hash = XXH3_64bits(word, len);
    return hash ? hash : 1;
}

static struct word_slot *find_slot(const struct languages *languages, uint64_t hash)
{
    size_t i = (size_t)hash & languages->mask;
    while (languages->slots[i].hash && languages->slots[i].hash != hash)
        i = (i + 1) & languages->mask;
    return &languages->slots[i];
}

/* --- compiling ----------------------------------------------------------------------------- */

static void add_word(struct languages *languages, size_t index, struct yaml_node node)
{
    char word[LANGUAGE_WORD_BYTES_MAX];
    desk_slice text = yaml_text(node);
    size_t len = 0;
    if (!text.len || text.len > LANGUAGE_WORD_BYTES_MAX - 8) {
        yaml_mistake(node, "a word of 1 to %d bytes is wanted here", LANGUAGE_WORD_BYTES_MAX - 8);
        return;
    }
    const unsigned char *p = (const unsigned char *)text.data, *end = p + text.len;
    while (p < end && len < sizeof word - 4) {
        uint32_t cp;
        len += lower_next(&p, end, &cp, word + len);
    }
    struct word_slot *slot = find_slot(languages, hash_word(word, len));
    slot->hash = hash_word(word, len);
    slot->languages[index / 64] |= (uint64_t)1 << index % 64;
    languages->items[index].words_count++;
}

static void add_language(struct languages *languages, struct yaml_node key, struct yaml_node value)
{
    static const char *const keys[] = {"script", "words", NULL};
    desk_slice code = yaml_text(key), script = {NULL, 0};
    if (!yaml_check_keys(value, keys) || !yaml_read_text(yaml_get(value, "script"), &script))
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
    struct yaml_cursor cursor = yaml_cursor(yaml_get(value, "words"));
    while (yaml_next(&cursor))
        add_word(languages, languages->count, cursor.value);
    languages->count++;
}

static size_t count_words(struct yaml_node mapping)
{
    size_t count = 0;
    struct yaml_cursor cursor = yaml_cursor(mapping);
    while (yaml_next(&cursor))
        count += yaml_count(yaml_get(cursor.value, "words"));
    return count;
}

void *languages_compile(const struct rulebook_files *files, struct mistakes *mistakes)
{
    struct languages *languages = calloc(1, sizeof *languages);
    const desk_rulebook_file *file = rulebook_file(files, "languages.yaml");
    struct yaml_file *yaml = file ? yaml_open("languages.yaml", file->content, mistakes) : NULL;
    struct yaml_node mapping = yaml_get(yaml_root(yaml), "languages");
    size_t slots = 64;
    while (slots < 3 * count_words(mapping))
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
    return languages;
}

void languages_free(void *part)
{
    struct languages *languages = part;
    if (!languages)
        return;
    free(languages->slots);
    free(languages);
}

/* --- guessing ------------------------------------------------------------------------------ */

struct tally {
    size_t letters[SCRIPT_COUNT];
    double scores[LANGUAGES_MAX];
    size_t words;
};

/* A word that few languages share says more; shared by n of them it counts 1/n. */
static void count_word(const struct languages *languages, struct tally *tally, const char *word,
                       size_t len)
{
    const struct word_slot *slot = find_slot(languages, hash_word(word, len));
    tally->words++;
    if (!slot->hash)
        return;
    unsigned shared = 0;
    for (size_t i = 0; i < languages->count; i++)
        shared += (unsigned)(slot->languages[i / 64] >> i % 64 & 1);
    for (size_t i = 0; i < languages->count; i++)
        if (slot->languages[i / 64] >> i % 64 & 1)
            tally->scores[i] += 1.0 / shared;
}

static void tally_text(const struct languages *languages, struct tally *tally, desk_slice text)
{
    char word[LANGUAGE_WORD_BYTES_MAX];
    size_t len = 0;
    const unsigned char *p = (const unsigned char *)text.data, *end = p + text.len;
    while (p < end) {
        char lower[4];
        uint32_t cp;
        size_t lower_len = lower_next(&p, end, &cp, lower);
        int script = script_of(cp);
        if (script >= 0)
            tally->letters[script]++;
        bool is_mark = cp >= 0x300 && cp < 0x370;
        if ((script >= 0 || is_mark) && len + lower_len < sizeof word) {
            memcpy(word + len, lower, lower_len);
            len += lower_len;
        } else if (script < 0 && !is_mark) {
            if (len)
                count_word(languages, tally, word, len);
            len = 0;
        }
    }
    if (len)
        count_word(languages, tally, word, len);
}

static int main_script(const struct tally *tally)
{
    int kana = script_by_name(slice_from_cstr("Kana")),
        han = script_by_name(slice_from_cstr("Han"));
    size_t letters[SCRIPT_COUNT] = {0};
    int best = -1;
    for (int i = 0; i < SCRIPT_COUNT; i++)
        letters[script_by_name(slice_from_cstr(SCRIPTS[i].name))] += tally->letters[i];
    /* Japanese mixes both: a tenth of kana among Han is enough. */
    if (letters[kana] * 10 > letters[han])
        letters[kana] += letters[han];
    for (int i = 0; i < SCRIPT_COUNT; i++)
        if (letters[i] && (best < 0 || letters[i] > letters[best]))
            best = i;
    return best;
}

struct language_guess languages_guess(const struct languages *languages, desk_slice title,
                                      desk_slice body)
{
    struct language_guess guess = {SLICE_LITERAL("und"), 0};
    struct tally tally = {{0}, {0}, 0};
    if (body.len > LANGUAGE_BYTES_SEEN)
        body.len = LANGUAGE_BYTES_SEEN;
    tally_text(languages, &tally, title);
    tally_text(languages, &tally, body);
    int script = main_script(&tally);
    double best = 0, second = 0;
    size_t candidates = 0, winner = 0;
    for (size_t i = 0; i < languages->count && script >= 0; i++) {
        if (languages->items[i].script != script)
            continue;
        double score = tally.scores[i] + (languages->items[i].words_count ? 0 : 0.001);
        candidates++;
        if (score > best) {
            second = best;
            best = score;
            winner = i;
        } else if (score > second) {
            second = score;
        }
    }
    if (best <= 0)
        return guess;
    guess.code = slice_from_cstr(languages->items[winner].code);
    guess.confidence = candidates == 1 ? 0.99 : (best - second) / (best + second + 0.5);
    return guess;
}
