/* Scripts and common words. Words are hashed lower-case and exact: accents tell languages apart, so
 * nothing is folded. */
#include "tag/languages.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "tag/tokens.h"
#include "yaml/yaml.h"

/* Scripts by their main code point ranges (Unicode 15, Blocks.txt); enough to tell which languages
 * are possible. */
struct script_range {
    uint32_t first, last;
    const char *name;
};

static const struct script_range SCRIPTS[] = {
    {0x0041, 0x02AF, "Latin"},      {0x0370, 0x03FF, "Greek"},     {0x0400, 0x052F, "Cyrillic"},
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
};

enum { MASK_WORDS = LANGUAGES_MAX / 64 };

/* A word or letter of the rulebook and the languages that have it. */
struct word_slot {
    uint64_t hash; /* 0: free */
    uint64_t languages[MASK_WORDS];
    float share; /* what one of them gets */
};

struct languages {
    struct language items[LANGUAGES_MAX];
    size_t count;
    size_t kana, han, hangul;     /* indexes of scripts */
    size_t first[SCRIPT_COUNT];   /* index of the first range of the script's name */
    bool is_shared[SCRIPT_COUNT]; /* script_is_shared() */
    struct word_slot *slots;
    size_t mask;
};

static int script_of(uint32_t cp)
{
    if (cp < 0x2B0)
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

/* The lower-case form of one code point of valid UTF-8 at *p, which is moved past it: *cp, and its
 * bytes in `out`, whose number is returned. */
static size_t lower_next(const unsigned char **p, const unsigned char *end, uint32_t *cp,
                         char out[4])
{
    if (**p < 0x80) {
        out[0] = ascii_lower((char)**p);
        *cp = (unsigned char)out[0];
        (*p)++;
        return 1;
    }
    utf8proc_int32_t point = 0;
    utf8proc_ssize_t len = utf8proc_iterate(*p, end - *p, &point);
    if (len <= 0) {
        (*p)++;
        *cp = 0;
        return 0;
    }
    *p += len;
    point = utf8proc_tolower(point);
    *cp = (uint32_t)point;
    return (size_t)utf8proc_encode_char(point, (unsigned char *)out);
}

/* Added to the hash of endings, which stand in the same table as words. */
static const uint64_t ENDING_SALT = 0x51ED270B9F2E1A3Du;

static uint64_t hash_word(const char *word, size_t len)
{
    return word_hash(word, len);
}

static struct word_slot *find_slot(const struct languages *languages, uint64_t hash)
{
    size_t i = (size_t)hash & languages->mask;
    while (languages->slots[i].hash && languages->slots[i].hash != hash)
        i = (i + 1) & languages->mask;
    return &languages->slots[i];
}

/* Letters stand in the same table as words; 64 bits keep them apart. */
static uint64_t hash_letter(uint32_t cp)
{
    return ((uint64_t)cp + 1) * 0x9E3779B97F4A7C15u;
}

/* --- compiling ----------------------------------------------------------------------------- */

static void give_slot(struct languages *languages, size_t index, uint64_t hash)
{
    struct word_slot *slot = find_slot(languages, hash);
    slot->hash = hash;
    slot->languages[index / 64] |= (uint64_t)1 << index % 64;
}

static void add_word(struct languages *languages, size_t index, struct yaml_node node,
                     uint64_t salt)
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
    give_slot(languages, index, hash_word(word, len) + salt);
}

/* Each letter that the language writes; what languages of one script share tells nothing apart. */
static void add_letters(struct languages *languages, size_t index, desk_slice letters)
{
    const unsigned char *p = (const unsigned char *)letters.data, *end = p + letters.len;
    while (p < end) {
        char lower[4];
        uint32_t cp;
        if (lower_next(&p, end, &cp, lower))
            give_slot(languages, index, hash_letter(cp));
    }
}

static void add_language(struct languages *languages, struct yaml_node key, struct yaml_node value)
{
    static const char *const keys[] = {"script", "letters", "words", "endings", NULL};
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
        add_word(languages, languages->count, cursor.value, 0);
    cursor = yaml_cursor(yaml_get(value, "endings"));
    while (yaml_next(&cursor))
        add_word(languages, languages->count, cursor.value, ENDING_SALT);
    languages->count++;
}

/* How many slots can be needed: a letter has two bytes at least where it is worth listing. */
static size_t count_slots(struct yaml_node mapping)
{
    size_t count = 0;
    struct yaml_cursor cursor = yaml_cursor(mapping);
    while (yaml_next(&cursor))
        count += yaml_count(yaml_get(cursor.value, "words")) +
                 yaml_count(yaml_get(cursor.value, "endings")) +
                 yaml_text(yaml_get(cursor.value, "letters")).len / 2;
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
        languages->first[i] = (size_t)script_by_name(slice_from_cstr(SCRIPTS[i].name));
        languages->is_shared[i] = script_is_shared(languages, i);
    }
    languages->kana = (size_t)script_by_name(slice_from_cstr("Kana"));
    languages->han = (size_t)script_by_name(slice_from_cstr("Han"));
    languages->hangul = (size_t)script_by_name(slice_from_cstr("Hangul"));
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

/* Nothing that follows is likely to change it: the reading stops. */
static const double CERTAIN = 0.98;
/* What a listed letter says beside a word: there are many more letters than words. */
static const float LETTER_SHARE = 0.25F;
/* And what it gives to each language that has it, however many they are: to the others it is
 * foreign. */
static const float LETTER_OWN = 0.15F;
/* An ending says less than a word. */
static const float ENDING_SHARE = 0.4F;
enum { ENDING_LETTERS_MAX = 4 };
/* A letter of more than eight languages says next to nothing. */
static const float LETTER_LEAST = 0.125F;
/* A syllable or character of these scripts stands for about three letters of others. */
enum { WIDE_LETTERS = 3 };

struct tally {
    size_t letters[SCRIPT_COUNT];
    float scores[LANGUAGES_MAX];
    unsigned hits[LANGUAGES_MAX]; /* words that were found */
    size_t words;
};

/* What something found gives: a part of `share` to each of the languages that share it, `own` to
 * all of them. */
struct worth {
    float share, own;
    unsigned hits;
};

static void give(struct tally *tally, const struct word_slot *slot, struct worth worth)
{
    for (size_t i = 0; i < MASK_WORDS; i++)
        for (uint64_t left = slot->languages[i]; left; left &= left - 1) {
            size_t language = 64 * i + (size_t)__builtin_ctzll(left);
            tally->scores[language] += slot->share * worth.share + worth.own;
            tally->hits[language] += worth.hits;
        }
}

/* The longest ending of two to four letters that some language has. The first letters of a word are
 * no ending of it. */
static void count_ending(const struct languages *languages, struct tally *tally, const char *word,
                         size_t len)
{
    size_t letters = 0, at = len;
    const struct word_slot *found = NULL;
    while (at > 0 && letters < ENDING_LETTERS_MAX) {
        do
            at--;
        while (at > 0 && ((unsigned char)word[at] & 0xC0) == 0x80);
        if (at < 2)
            break;
        const struct word_slot *slot =
            find_slot(languages, hash_word(word + at, len - at) + ENDING_SALT);
        if (++letters >= 2 && slot->hash)
            found = slot;
    }
    if (found)
        give(tally, found, (struct worth){ENDING_SHARE, 0, 1});
}

/* What a word says, or else its ending; those of names say little. */
static void count_word(const struct languages *languages, struct tally *tally, desk_slice word,
                       bool is_name)
{
    const struct word_slot *slot = find_slot(languages, hash_word(word.data, word.len));
    tally->words++;
    if (slot->hash)
        give(tally, slot, (struct worth){1, 0, 1});
    else if (!is_name)
        count_ending(languages, tally, word.data, word.len);
}

/* Letters outside of ASCII tell neighbours apart: ы is no Bulgarian, å no German. */
static void count_letter(const struct languages *languages, struct tally *tally, uint32_t cp)
{
    const struct word_slot *slot = find_slot(languages, hash_letter(cp));
    if (slot->hash && slot->share >= LETTER_LEAST)
        give(tally, slot, (struct worth){LETTER_SHARE, LETTER_OWN, 0});
}

/* Reads from *p on until `stop`, and to the end of the word that is being read. */
static void tally_text(const struct languages *languages, struct tally *tally,
                       const unsigned char **p, const unsigned char *stop, const unsigned char *end)
{
    char word[LANGUAGE_WORD_BYTES_MAX];
    size_t len = 0;
    bool is_name = false;
    while (*p < end && (len || *p < stop)) {
        char lower[4];
        uint32_t cp;
        const unsigned char *before = *p;
        size_t lower_len = lower_next(p, end, &cp, lower);
        if (!len)
            is_name = lower_len && memcmp(before, lower, lower_len) != 0;
        int script = script_of(cp);
        if (script >= 0)
            tally->letters[script]++;
        if (script >= 0 && cp >= 0x80)
            count_letter(languages, tally, cp);
        bool is_mark = cp >= 0x300 && cp < 0x370;
        if ((script >= 0 || is_mark) && len + lower_len < sizeof word) {
            memcpy(word + len, lower, lower_len);
            len += lower_len;
        } else if ((script < 0 && !is_mark) || *p >= stop) {
            if (len)
                count_word(languages, tally, slice_of(word, len), is_name);
            len = 0;
        }
    }
    if (len)
        count_word(languages, tally, slice_of(word, len), is_name);
}

/* Letters a script, those of one name together; Japanese mixes two: a tenth of kana among Han is
 * enough. */
static void weigh_scripts(const struct languages *languages, const struct tally *tally,
                          size_t letters[SCRIPT_COUNT])
{
    memset(letters, 0, SCRIPT_COUNT * sizeof *letters);
    for (int i = 0; i < SCRIPT_COUNT; i++)
        letters[languages->first[i]] += tally->letters[i];
    if (letters[languages->kana] * 10 > letters[languages->han]) {
        letters[languages->kana] += letters[languages->han];
        letters[languages->han] = 0;
    }
    letters[languages->kana] *= WIDE_LETTERS;
    letters[languages->han] *= WIDE_LETTERS;
    letters[languages->hangul] *= WIDE_LETTERS;
}

/* A language of its own script needs no words, but some letters: one Greek letter is a formula. */
enum { LETTERS_MIN = 4 };
/* Letters alone, and words that all neighbours have, decide nothing. */
static const float SCORE_MIN = 0.3F;
/* So much evidence, of many letters that few languages have, needs no word. */
static const float SCORE_SURE = 0.8F;
/* One word in so many must be known, or the text is a list of names, code or another language. */
enum { WORDS_PER_HIT_MAX = 14 };

/* Latin letters are written everywhere, in names and in code, and say nothing without words. */
static bool has_enough_words(const struct tally *tally, size_t language)
{
    return tally->hits[language] > 0 && tally->hits[language] * WORDS_PER_HIT_MAX >= tally->words;
}

/* From the winner's lead to how often it is right, fitted on the reliability table of
 * tests/eval/languages. */
static double confidence_of(float best, float second)
{
    double lead = (double)((best - second) / (best + second + 0.5F));
    return 1 - 0.42 * exp(-7 * lead);
}

static struct language_guess guess_in(const struct languages *languages, const struct tally *tally,
                                      size_t script, size_t letters)
{
    struct language_guess guess = {SLICE_LITERAL("und"), 0};
    float best = 0, second = 0;
    size_t candidates = 0, winner = 0;
    for (size_t i = 0; i < languages->count; i++) {
        if (languages->items[i].script != (int)script)
            continue;
        /* Of languages without evidence the first of the script in the rulebook wins. */
        float score = tally->scores[i] + (candidates++ ? 0 : 0.001F);
        if (score > best) {
            second = best;
            best = score;
            winner = i;
        } else if (score > second) {
            second = score;
        }
    }
    bool is_shared = languages->is_shared[script];
    bool is_found =
        is_shared ? best >= SCORE_MIN && (script != languages->first[0] || best >= SCORE_SURE ||
                                          has_enough_words(tally, winner))
                  : candidates > 0 && letters >= LETTERS_MIN;
    if (!is_found || !strcmp(languages->items[winner].code, "und"))
        return guess;
    guess.code = slice_from_cstr(languages->items[winner].code);
    guess.confidence = is_shared ? confidence_of(best, second) : 0.99;
    return guess;
}

static struct language_guess decide(const struct languages *languages, const struct tally *tally)
{
    struct language_guess guess = {SLICE_LITERAL("und"), 0};
    size_t letters[SCRIPT_COUNT];
    weigh_scripts(languages, tally, letters);
    /* The script with the most letters, or else the next: a short headline may have more letters in
     * a foreign name than in its own words. */
    for (int tries = 0; tries < 2 && guess.confidence <= 0; tries++) {
        size_t best = 0;
        for (size_t i = 1; i < SCRIPT_COUNT; i++)
            if (letters[i] > letters[best])
                best = i;
        if (!letters[best])
            break;
        guess = guess_in(languages, tally, best, letters[best]);
        letters[best] = 0;
    }
    return guess;
}

struct language_guess languages_guess(const struct languages *languages, desk_slice title,
                                      desk_slice body)
{
    struct language_guess guess;
    struct tally tally = {.words = 0};
    size_t seen = body.len < LANGUAGE_BYTES_SEEN ? body.len : LANGUAGE_BYTES_SEEN;
    const unsigned char *p = (const unsigned char *)title.data, *end = p + title.len;
    size_t title_len = title.len < LANGUAGE_STEP_BYTES ? title.len : LANGUAGE_STEP_BYTES;
    tally_text(languages, &tally, &p, p + title_len, end);
    p = (const unsigned char *)body.data;
    const unsigned char *stop = p + seen;
    end = p + body.len;
    do {
        const unsigned char *step =
            (size_t)(stop - p) > LANGUAGE_STEP_BYTES ? p + LANGUAGE_STEP_BYTES : stop;
        tally_text(languages, &tally, &p, step, end);
        guess = decide(languages, &tally);
    } while (p < stop && guess.confidence < CERTAIN);
    return guess;
}
