/* The learned table of languages: what is wrong with a file is said, and what is right with it
 * works together with the words that people list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <copydesk/copydesk.h>
#include <xxhash.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "tag/language_grams.h"
#include "tag/languages.h"
#include "yaml/yaml.h"

/* A table of one language, one slot that is taken, and one weight; little-endian. */
enum {
    AT_VERSION = 8,
    AT_SIZE = 12,
    AT_CHECKSUM = 20,
    AT_LANGUAGES = 28,
    AT_BITS = 32,
    AT_WEIGHTS = 36,
    AT_CODE = 40,
    AT_PRIOR = 52,
    AT_SLOTS = 56,
    AT_WEIGHT = 72,
    TABLE_BYTES = 74
};

struct table {
    char bytes[TABLE_BYTES];
};

static void put(char *at, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (char)(unsigned char)(value >> 8 * i);
}

static void seal(struct table *table)
{
    put(table->bytes + AT_CHECKSUM,
        XXH3_64bits(table->bytes + AT_LANGUAGES, TABLE_BYTES - AT_LANGUAGES), 8);
}

/* The word "ad" weighs 40 for language fr. */
static struct table make_table(void)
{
    static const uint32_t ad[] = {GRAM_EDGE, 'a', 'd', GRAM_EDGE};
    struct table table = {{0}};
    uint64_t hash = gram_hash(ad, 4);
    memcpy(table.bytes, "\x89LANG\r\n\x1a", 8);
    put(table.bytes + AT_VERSION, 1, 4);
    put(table.bytes + AT_SIZE, TABLE_BYTES, 8);
    put(table.bytes + AT_LANGUAGES, 1, 4);
    put(table.bytes + AT_BITS, 1, 4);
    put(table.bytes + AT_WEIGHTS, 1, 4);
    memcpy(table.bytes + AT_CODE, "fr", 2);
    char *slot = table.bytes + AT_SLOTS + 8 * (hash >> 63);
    put(slot, (uint32_t)hash | 1, 4);
    put(slot + 4, 1, 4);
    table.bytes[AT_WEIGHT + 1] = 40;
    seal(&table);
    return table;
}

static uint8_t seventh(const void *context, desk_slice code)
{
    (void)context;
    return slice_is(code, "fr") ? 7 : GRAM_LANGUAGE_NONE;
}

static void a_word_is_found_by_its_letters(void **state)
{
    (void)state;
    static const uint32_t ad[] = {GRAM_EDGE, 'a', 'd', GRAM_EDGE}, da[] = {GRAM_EDGE, 'd', 'a'};
    struct table table = make_table();
    struct language_grams grams;
    const struct gram_weight *weights = NULL;
    char reason[GRAM_REASON_BYTES] = "";
    assert_true(grams_read(&grams, slice_of(table.bytes, TABLE_BYTES), seventh, NULL, reason));
    assert_int_equal(grams_find(&grams, gram_hash(ad, 4), &weights), 1);
    assert_int_equal(weights[0].language, 7);
    assert_int_equal(weights[0].weight, 40);
    assert_int_equal(grams_find(&grams, gram_hash(da, 3), &weights), 0);
    grams_deinit(&grams);
}

static void assert_refused(struct table table, size_t len, const char *part)
{
    struct language_grams grams;
    char reason[GRAM_REASON_BYTES] = "";
    /* On the heap, so that a sanitizer sees a read behind its end. */
    char *content = malloc(len + 1);
    memcpy(content, table.bytes, len);
    assert_false(grams_read(&grams, slice_of(content, len), seventh, NULL, reason));
    free(content);
    if (!strstr(reason, part))
        fail_msg("'%s' does not say '%s'", reason, part);
}

static void what_is_wrong_with_a_table_is_said(void **state)
{
    (void)state;
    struct table table = make_table();
    assert_refused(table, 5, "no table");
    assert_refused(table, 30, "cut short");
    assert_refused(table, TABLE_BYTES - 1, "its header says");
    table.bytes[AT_WEIGHT]++;
    assert_refused(table, TABLE_BYTES, "damaged");
    seal(&table);
    assert_refused(table, TABLE_BYTES, "a language it does not have");
    static const struct {
        size_t at;
        uint32_t value;
        const char *part;
    } faults[] = {{0, 0, "no table"},
                  {AT_VERSION, 9, "version 9"},
                  {AT_LANGUAGES, 0, "0 languages"},
                  {AT_LANGUAGES, 129, "129 languages"},
                  {AT_BITS, 40, "2^40 slots"},
                  {AT_BITS, 2, "do not fit"},
                  {AT_WEIGHTS, 0xFFFFFFFFu, "weights"},
                  {AT_PRIOR, 0x7FFFFFFFu, "prior"},
                  {AT_SLOTS + 4, 0x0100FFu, "points behind"},
                  {AT_SLOTS + 12, 0x0100FFu, "points behind"}};
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        table = make_table();
        put(table.bytes + faults[i].at, faults[i].value, 4);
        seal(&table);
        assert_refused(table, TABLE_BYTES, faults[i].part);
    }
    table = make_table();
    put(table.bytes + AT_SLOTS, 1, 4);
    put(table.bytes + AT_SLOTS + 8, 1, 4);
    seal(&table);
    assert_refused(table, TABLE_BYTES, "no slot is free");
}

static void a_damaged_table_spoils_the_rulebook(void **state)
{
    (void)state;
    struct table table = make_table();
    table.bytes[AT_WEIGHT]++;
    struct rulebook_files builtin = rulebook_builtin();
    desk_rulebook_file *files = calloc(builtin.count, sizeof *files);
    for (size_t i = 0; i < builtin.count; i++) {
        files[i] = builtin.items[i];
        if (slice_is(files[i].path, "languages.model"))
            files[i].content = slice_of(table.bytes, TABLE_BYTES);
    }
    desk_rulebook *rulebook = NULL;
    desk_error err = DESK_ERROR_INIT;
    assert_int_equal(desk_rulebook_load_memory(files, builtin.count, &rulebook, &err), DESK_EMODEL);
    free(files);
    free((desk_rulebook_file *)(size_t)builtin.items);
    if (!strstr(err.message, "languages.model: the checksum does not match"))
        fail_msg("not about the checksum: %s", err.message);
}

/* Guesses with two files of a rulebook; the table may be NULL. */
static struct language_guess guess_with(const char *yaml, const struct table *table,
                                        const char *text, char code[12])
{
    desk_rulebook_file items[2] = {{slice_from_cstr("languages.yaml"), slice_from_cstr(yaml)}};
    struct rulebook_files files = {items, 1};
    if (table)
        items[files.count++] = (desk_rulebook_file){slice_from_cstr("languages.model"),
                                                    slice_of(table->bytes, TABLE_BYTES)};
    struct mistakes mistakes = {0};
    void *languages = languages_compile(&files, &mistakes);
    assert_int_equal(mistakes.errors, 0);
    struct language_guess guess =
        languages_guess(languages, slice_of(NULL, 0), slice_from_cstr(text));
    memset(code, 0, 12);
    memcpy(code, guess.code.data, guess.code.len);
    guess.code = slice_from_cstr(code);
    languages_free(languages);
    return guess;
}

static const char YAML[] = "languages:\n"
                           "  en: {script: Latin, words: [the, of]}\n"
                           "  fr: {script: Latin, words: [le, de]}\n"
                           "  xx: {script: Latin, words: [zork, blip]}\n"
                           "  und: {script: Latin, words: [lorem, ipsum]}\n";

static void listed_words_do_without_a_table(void **state)
{
    (void)state;
    char code[12];
    struct language_guess guess = guess_with(YAML, NULL, "zork ad blip zork", code);
    assert_string_equal(code, "xx");
    assert_true(guess.confidence > 0.9);
    guess_with(YAML, NULL, "lorem ipsum lorem ipsum", code);
    assert_string_equal(code, "und");
    guess = guess_with(YAML, NULL, "quux 12 quux", code);
    assert_string_equal(code, "und");
    assert_true(guess.confidence == 0);
}

static void a_table_knows_more_than_the_list(void **state)
{
    (void)state;
    char code[12];
    struct table table = make_table();
    guess_with(YAML, NULL, "ad ad quux", code);
    assert_string_equal(code, "und");
    guess_with(YAML, &table, "ad ad quux", code);
    assert_string_equal(code, "fr");
    /* A person's list still counts: two words of it outweigh two weights of five. */
    guess_with(YAML, &table, "ad ad zork blip", code);
    assert_string_equal(code, "xx");
    /* Names alone are no text, and an address is no word. */
    guess_with(YAML, &table, "Ad Ad Quux", code);
    assert_string_equal(code, "und");
    guess_with(YAML, &table, "https://ad.example/ad/ad?ad=ad", code);
    assert_string_equal(code, "und");
}

/* Text without a space must not be read beyond the limit, or one record could take the time of
 * many. */
static void a_word_without_an_end_is_not_followed(void **state)
{
    (void)state;
    enum { LENGTH = 100000 };
    char *text = malloc(LENGTH + 1), code[12];
    for (size_t i = 0; i < LENGTH; i += 2)
        memcpy(text + i, i < LANGUAGE_BYTES_SEEN + 100 ? "aa" : "\xC5\x82", 2);
    text[LENGTH] = '\0';
    static const char yaml[] = "languages:\n"
                               "  en: {script: Latin, words: [the]}\n"
                               "  fr: {script: Latin, words: [le]}\n"
                               "  pl: {script: Latin, letters: ł}\n";
    guess_with(yaml, NULL, text + LENGTH - 1000, code);
    assert_string_equal(code, "pl");
    guess_with(yaml, NULL, text, code);
    assert_string_equal(code, "und");
    free(text);
}

/* Letters of one byte each take places in the table, too: with none free a search has no end. */
static void ascii_letters_leave_a_place_free(void **state)
{
    (void)state;
    char code[12];
    guess_with("languages:\n"
               "  en: {script: Latin, letters: \"abcdefghijklmnopqrstuvwxyz0123456789"
               "!#$%&()*+,-./:;<=>?@[]^_`{|}~\"}\n",
               NULL, "\xC3\xA9t\xC3\xA9 nouveau", code);
    assert_string_equal(code, "en");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_is_found_by_its_letters),
        cmocka_unit_test(what_is_wrong_with_a_table_is_said),
        cmocka_unit_test(a_damaged_table_spoils_the_rulebook),
        cmocka_unit_test(listed_words_do_without_a_table),
        cmocka_unit_test(a_table_knows_more_than_the_list),
        cmocka_unit_test(a_word_without_an_end_is_not_followed),
        cmocka_unit_test(ascii_letters_leave_a_place_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
