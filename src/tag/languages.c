/* Guessing: the letters decide between scripts, then words, and the letters in them, between the
 * languages of a script. */
#include "tag/languages.h"

#include <string.h>

#include "base/slice.h"
#include "tag/language_parts.h"

/* What a listed letter says beside a word: there are many more letters than words. */
static const float LETTER_SHARE = 0.25F;
/* And what it gives to each language that has it, however many they are: to the others it is
 * foreign. */
static const float LETTER_OWN = 0.5F;
/* A letter of more than eight languages says next to nothing. */
static const float LETTER_LEAST = 0.125F;
/* A syllable or character of Chinese, Japanese or Korean stands for more than one letter. */
enum { WIDE_LETTERS = 2 };

struct tally {
    size_t letters[SCRIPT_COUNT];
    float listed[LANGUAGES_MAX];        /* points of languages.yaml */
    int32_t learned[LANGUAGES_MAX + 1]; /* weights of languages.model, in GRAM_UNITS */
    unsigned hits[LANGUAGES_MAX + 1];   /* words that were found and are no names */
    size_t words, names;
};

enum { WORD_LETTERS_MAX = LANGUAGE_WORD_BYTES_MAX };

/* The letters of a word in lower case, with the edges before and behind it. */
struct word {
    uint32_t letters[WORD_LETTERS_MAX + 2];
    size_t count; /* 0: no word has begun */
    int script;   /* of the first letter */
    bool is_name; /* the first letter is upper case */
};

/* --- what is read -------------------------------------------------------------------------- */

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
            tally->listed[language] += slot->share * worth.share + worth.own;
            tally->hits[language] += worth.hits;
        }
}

/* What the learned table says of a whole word, or else of each four letters in a row. A name that
 * it knows is no word of the language. */
static void count_learned(const struct language_grams *grams, struct tally *tally,
                          const struct word *word, uint64_t hash)
{
    const struct gram_weight *weights;
    size_t found = grams_find(grams, hash, &weights);
    for (size_t i = 0; i < found; i++) {
        tally->learned[weights[i].language] += weights[i].weight;
        tally->hits[weights[i].language] += !word->is_name;
    }
    for (size_t at = 0; !found && at + GRAM_LETTERS <= word->count; at++) {
        size_t count = grams_find(grams, gram_hash(word->letters + at, GRAM_LETTERS), &weights);
        for (size_t i = 0; i < count; i++)
            tally->learned[weights[i].language] += weights[i].weight;
    }
}

/* The word is over. */
static void count_word(const struct languages *languages, struct tally *tally, struct word *word)
{
    word->letters[word->count++] = GRAM_EDGE;
    uint64_t hash = gram_hash(word->letters, word->count);
    const struct word_slot *slot = find_word(languages, hash);
    tally->words++;
    tally->names += word->is_name;
    if (slot->hash)
        give(tally, slot, (struct worth){1, 0, 1});
    if (languages->grams.slots && languages->is_shared[word->script])
        count_learned(&languages->grams, tally, word, hash);
    word->count = 0;
}

/* Letters outside of ASCII tell neighbours apart: ы is no Bulgarian, å no German. */
static void count_letter(const struct languages *languages, struct tally *tally, uint32_t cp)
{
    const struct word_slot *slot = find_word(languages, gram_hash(&cp, 1));
    if (slot->hash && slot->share >= LETTER_LEAST)
        give(tally, slot, (struct worth){LETTER_SHARE, LETTER_OWN, 0});
}

/* A letter in lower case. */
struct letter {
    uint32_t cp;
    int script; /* -1: it is no letter */
    bool is_upper;
};

/* The next code point of valid UTF-8, which *p is moved past. Most are ASCII. */
static struct letter read_letter(const unsigned char **p, const unsigned char *end)
{
    uint32_t cp = **p, lower = cp | 0x20;
    if (cp >= 0x80) {
        lower = lower_next(p, end, &cp);
        return (struct letter){lower, script_of(lower), lower != cp};
    }
    (*p)++;
    return (struct letter){lower, lower - 'a' < 26 ? SCRIPT_LATIN : -1, lower != cp};
}

static void add_letter(struct word *word, struct letter letter)
{
    if (!word->count) {
        word->is_name = letter.is_upper;
        word->script = letter.script;
        word->letters[word->count++] = GRAM_EDGE;
    }
    if (word->count <= WORD_LETTERS_MAX)
        word->letters[word->count++] = letter.cp;
}

static bool is_mark(uint32_t cp)
{
    return cp >= 0x300 && cp < 0x370;
}

/* Longer ones are no addresses, and not worth reading. */
enum { ADDRESS_BYTES_MAX = 2048 };

/* Behind the address that begins with this colon, such as that of https://example.org/a?b=c: what
 * it is made of is no language. */
static const unsigned char *skip_address(const unsigned char *p, const unsigned char *end)
{
    size_t len = 0,
           max = (size_t)(end - p) < ADDRESS_BYTES_MAX ? (size_t)(end - p) : ADDRESS_BYTES_MAX;
    if (max < 2 || p[0] != '/' || p[1] != '/')
        return p;
    while (len < max && p[len] > ' ')
        len++;
    return p + len;
}

/* Reads from *p on until `stop`, and to the end of the word that is being read unless that is
 * longer than any. */
static void tally_text(const struct languages *languages, struct tally *tally,
                       const unsigned char **p, const unsigned char *stop, const unsigned char *end)
{
    struct word word;
    word.count = 0;
    while (*p < end && (*p < stop || (word.count && word.count <= WORD_LETTERS_MAX))) {
        struct letter letter = read_letter(p, end);
        if (letter.script >= 0) {
            tally->letters[letter.script]++;
            if (letter.cp >= 0x80)
                count_letter(languages, tally, letter.cp);
            add_letter(&word, letter);
        } else if (word.count && is_mark(letter.cp)) {
            add_letter(&word, letter);
        } else {
            if (word.count)
                count_word(languages, tally, &word);
            if (letter.cp == ':')
                *p = skip_address(*p, end);
        }
    }
    if (word.count)
        count_word(languages, tally, &word);
}

/* --- what follows from it ------------------------------------------------------------------ */

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
    /* Names and brands in Latin letters stand in texts of all scripts, others seldom in Latin ones.
     */
    letters[SCRIPT_LATIN] /= 2;
    letters[languages->kana] *= WIDE_LETTERS;
    letters[languages->han] *= WIDE_LETTERS;
    letters[languages->hangul] *= WIDE_LETTERS;
}

/* Nothing that follows is likely to change it: the reading stops. */
static const double CERTAIN = 0.995;
/* One sentence in a thousand is quoted, garbled or translated in part, whatever its words say. */
static const double CONFIDENCE_MAX = 0.999;
/* A script of one or two languages. */
static const double CONFIDENCE_SCRIPT = 0.99;
/* A point of languages.yaml, in natural logarithms of the learned table. */
static const float POINT_WORTH = 10;
/* A language of its own script needs no words, but some letters: one Greek letter is a formula. */
enum { LETTERS_MIN = 4 };
/* Letters alone, and words that all neighbours have, decide nothing. */
static const float SCORE_MIN = 2;
/* So much evidence needs no known word. */
static const float SCORE_SURE = 40;
/* Nor does so much of a lead, where most words are no names. */
static const float LEAD_SURE = 12;
/* Else one word in so many must be known, or the text is a list of names, code or another language.
 */
enum { WORDS_PER_HIT_MAX = 14 };

/* The languages of a script, ranked. */
struct ranking {
    size_t winner, candidates;
    float best, lead;
};

/* Latin letters are written everywhere, in names and in code, and say little without words. */
static bool is_text(const struct tally *tally, const struct ranking *ranking)
{
    unsigned hits = tally->hits[ranking->winner];
    return (hits && hits * WORDS_PER_HIT_MAX >= tally->words) || ranking->best >= SCORE_SURE ||
           (ranking->lead >= LEAD_SURE && tally->names * 2 < tally->words);
}

/* From the winner's lead to how often it is right: a curve fitted on the reliability table of
 * tests/eval/languages. Two languages that are even are right half of the time. */
static double confidence_of(float lead)
{
    double ratio = (double)lead / 4.5;
    double confidence = 1 - 0.5 / (1 + ratio * ratio);
    return confidence < CONFIDENCE_MAX ? confidence : CONFIDENCE_MAX;
}

static float score_of(const struct languages *languages, const struct tally *tally, size_t language)
{
    int32_t learned = tally->learned[language] + languages->grams.priors[language];
    return (float)learned / GRAM_UNITS + POINT_WORTH * tally->listed[language];
}

static struct ranking rank(const struct languages *languages, const struct tally *tally,
                           size_t script)
{
    struct ranking ranking = {.best = 0};
    float second = 0;
    for (size_t i = 0; i < languages->count; i++) {
        if (languages->items[i].script != (int)script)
            continue;
        /* Of languages without evidence the first of the script in the rulebook wins. */
        float score = score_of(languages, tally, i) + (ranking.candidates++ ? 0 : 0.001F);
        if (score > ranking.best) {
            second = ranking.best;
            ranking.best = score;
            ranking.winner = i;
        } else if (score > second) {
            second = score;
        }
    }
    ranking.lead = ranking.best - second;
    return ranking;
}

static struct language_guess guess_in(const struct languages *languages, const struct tally *tally,
                                      size_t script, size_t letters)
{
    struct language_guess guess = {SLICE_LITERAL("und"), 0};
    struct ranking ranking = rank(languages, tally, script);
    bool is_shared = languages->is_shared[script];
    bool is_found = is_shared ? ranking.best >= SCORE_MIN &&
                                    (script != SCRIPT_LATIN || is_text(tally, &ranking))
                              : ranking.candidates > 0 && letters >= LETTERS_MIN;
    const char *code = languages->items[ranking.winner].code;
    if (!is_found || !strcmp(code, "und"))
        return guess;
    guess.code = slice_from_cstr(code);
    guess.confidence = is_shared ? confidence_of(ranking.lead) : CONFIDENCE_SCRIPT;
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
