/* Subjects: tokens by either path, context rules, texts that are no news, and what the lexicon's
 * compiler reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "article/article.h"
#include "base/slice.h"
#include "engine/engine.h"
#include "rulebook/rulebook.h"
#include "tag/ascii_run.h"
#include "tag/lexicon.h"
#include "tag/tokens.h"
#include "text/fold.h"
#include "text/unicode.h"
#include "text/utf8.h"
#include "yaml/yaml.h"

/* --- tokens -------------------------------------------------------------------------------- */

/* Bytes around the letters and digits, more often than chance would have them. */
static char odd_byte(uint32_t random)
{
    static const char around[] = "@AZ[`az{/09: '\x80\xC3\xE2\xFF";
    return random & 0x800 ? (char)random : around[(random >> 16) % (sizeof around - 1)];
}

static void runs_are_read_the_same_either_way(void **state)
{
    char bytes[ASCII_RUN_MAX];
    uint32_t random = 1;
    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        for (unsigned i = 0; i < ASCII_RUN_MAX; i++) {
            random = random * 1664525u + 1013904223u;
            bytes[i] = i < round % ASCII_RUN_MAX ? "aZ5x"[random >> 30] : odd_byte(random);
        }
        struct ascii_run plain = ascii_run_plain(bytes), fast = ascii_run(bytes);
        assert_int_equal(plain.len, fast.len);
        assert_int_equal(plain.upper, fast.upper);
        assert_int_equal(plain.digits, fast.digits);
    }
}

static void both_paths_cut_the_same_tokens(void **state)
{
    static const char text[] =
        "L’Union européenne d'aujourd'hui: don't-care U.S. rates at 3.5 % (WHO said), élève "
        "averyveryveryverylongwordthatdoesnotfitintosixtyfourbytesofanyblockatallbecauseitgoeson "
        "中文没有空格 и русский текст, naïve café-bar x1y2 A.B. end";
    struct token a[128], b[128];
    (void)state;
    memset(a, 0, sizeof a);
    memset(b, 0, sizeof b);
    for (size_t from = 0; from < sizeof text - 1; from++) {
        if (((unsigned char)text[from] & 0xC0) == 0x80)
            continue;
        desk_slice part = slice_of(text + from, sizeof text - 1 - from);
        size_t plain = tokens_cut_plain(part, slice_from_cstr("fr"), a, 128);
        size_t fast = tokens_cut(part, slice_from_cstr("fr"), b, 128);
        assert_int_equal(plain, fast);
        for (size_t i = 0; i < plain; i++) {
            assert_int_equal(a[i].start, b[i].start);
            assert_int_equal(a[i].len, b[i].len);
            assert_int_equal(a[i].flags, b[i].flags);
            assert_int_equal(a[i].hash, b[i].hash);
            assert_int_equal(a[i].stem, b[i].stem);
        }
    }
}

/* An ASCII word is hashed in registers, the same word behind an accent code point by code point. */
static void both_ways_of_folding_meet(void **state)
{
    static const char *const words[][2] = {{"Elections", "élections"},
                                           {"PRESIDENT", "président"},
                                           {"a", "à"},
                                           {"internationalisation", "internationalisàtion"}};
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        uint64_t hash[2], stem[2];
        for (unsigned k = 0; k < 2; k++)
            token_hash_word(slice_from_cstr(words[i][k]), slice_from_cstr("fr"), &hash[k],
                            &stem[k]);
        assert_int_equal(hash[0], hash[1]);
        assert_int_equal(stem[0], stem[1]);
    }
}

/* --- rulebooks of these tests --------------------------------------------------------------- */

static const char TOPICS[] = "topics:\n"
                             "  medtop:15000000: {name: sport}\n"
                             "  medtop:20001065: {name: soccer, broader: medtop:15000000}\n"
                             "  medtop:09000000: {name: labour}\n"
                             "  medtop:01000000: {name: arts}\n";

/* The built-in rulebook with other subject files, and the standard constants of the scoring. */
static desk_rulebook *rulebook_with(const char *lexicon, struct mistakes *mistakes)
{
    struct rulebook_files files = rulebook_builtin();
    desk_rulebook_file *items = (desk_rulebook_file *)(size_t)files.items;
    desk_rulebook *rulebook = NULL;
    size_t count = 0;
    assert_non_null(items);
    for (size_t i = 0; i < files.count; i++)
        if (!slice_starts(items[i].path, slice_from_cstr("subjects/")))
            items[count++] = items[i];
    items[count++] =
        (desk_rulebook_file){slice_from_cstr("subjects/topics.yaml"), slice_from_cstr(TOPICS)};
    items[count++] =
        (desk_rulebook_file){slice_from_cstr("subjects/en.yaml"), slice_from_cstr(lexicon)};
    files.count = count;
    rulebook_compile(&files, mistakes, &rulebook, NULL);
    free(items);
    return rulebook;
}

/* The short way for the letters of U+00C0 to U+00FF says what the tables of Unicode say. */
static void western_letters_fold_as_the_tables_say(void **state)
{
    (void)state;
    for (uint32_t cp = 0xC0; cp < 0x100; cp++) {
        char text[16] = "", folded[32];
        size_t len = utf8_put(cp, text);
        if (!(text_class(cp) & CLASS_LETTER))
            continue;
        memcpy(text + len, "bcd", 3);
        memcpy(text + len + 3, text, len);
        desk_slice word = slice_of(text, 2 * len + 3);
        struct token token;
        assert_int_equal(tokens_cut(word, slice_from_cstr("fr"), &token, 1), 1);
        assert_int_equal(token.len, word.len);
        assert_int_equal(token.hash, word_hash(folded, fold_text(word, folded)));
        assert_int_equal(!!(token.flags & TOKEN_CAPITAL), !!(text_class(cp) & CLASS_UPPER));
        assert_false(token.flags & TOKEN_ALL_CAPITALS);
    }
}

/* The codes of the subjects in order, separated by spaces; the caller's buffer. */
static void subjects_of(const char *lexicon, const char *text, char out[256])
{
    struct mistakes mistakes = {0};
    desk_rulebook *rulebook = rulebook_with(lexicon, &mistakes);
    assert_non_null(rulebook);
    desk_engine *engine = NULL;
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    record.value = slice_from_cstr(text);
    record.format = DESK_FORMAT_TEXT;
    assert_int_equal(desk_engine_new(rulebook, NULL, &engine, NULL), DESK_OK);
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    const struct desk_article *article = engine_article(engine);
    out[0] = '\0';
    for (size_t i = 0; i < article->subjects.count; i++) {
        desk_slice uri = article->subjects.items[i].uri;
        size_t len = strlen(out);
        snprintf(out + len, 256 - len, "%s%.*s", len ? " " : "", (int)uri.len, uri.data);
    }
    desk_engine_free(engine);
    desk_rulebook_release(rulebook);
    mistakes_free(&mistakes);
}

static void expect(const char *lexicon, const char *text, const char *wanted)
{
    char got[256];
    subjects_of(lexicon, text, got);
    if (strcmp(got, wanted) != 0)
        fail_msg("%s\n  wanted '%s', got '%s'", text, wanted, got);
}

/* --- what counts ---------------------------------------------------------------------------- */

static void company_decides(void **state)
{
    static const char lexicon[] =
        "language: en\n"
        "context:\n"
        "  - term: strike\n"
        "    rules:\n"
        "      - {subject: medtop:09000000, weight: 4, near: [union], unless: [air], within: 3}\n";
    (void)state;
    expect(lexicon, "The union says the strike will go on for the whole week, and that is all.",
           "medtop:09000000");
    expect(lexicon, "The union says that after all that was said the strike will go on this week.",
           "");
    expect(lexicon, "The union saw an air strike from the house on the hill by the old river.", "");
}

static void a_topic_calls_for_another(void **state)
{
    static const char lexicon[] =
        "language: en\n"
        "subjects:\n"
        "  medtop:20001065: {3: [midfielder]}\n"
        "context:\n"
        "  - term: captain\n"
        "    rules:\n"
        "      - {subject: medtop:15000000, weight: 4, with: medtop:15000000}\n";
    (void)state;
    expect(lexicon, "The captain was seen in the old town with all of his friends on the Monday.",
           "");
    expect(lexicon, "The captain, a midfielder, was seen with all of his friends on the Monday.",
           "medtop:15000000 medtop:20001065");
}

/* A headline of two words may be in any language; a German sentence with two English words may not.
 */
static void unsure_languages_take_the_lexicon_that_knows_more(void **state)
{
    static const char lexicon[] = "language: en\n"
                                  "subjects:\n"
                                  "  medtop:15000000: {4: [midfielder, referee]}\n";
    (void)state;
    expect(lexicon, "Midfielder Zxqvy, referee Zxqvw", "medtop:15000000");
    expect(lexicon, "Midfielder Zxqvy Zxqvw", "");
    expect(lexicon,
           "Der Referee und der Midfielder haben gestern in der Stadt nicht mit den anderen "
           "gesprochen, weil sie das nicht wollten.",
           "");
}

static void the_longer_term_hides_its_parts(void **state)
{
    static const char lexicon[] = "language: en\n"
                                  "subjects:\n"
                                  "  medtop:15000000: {3: [match]}\n"
                                  "  medtop:01000000: {3: [match point film]}\n";
    (void)state;
    expect(lexicon, "They said that the match point film was the one that they all had seen there.",
           "medtop:01000000");
}

static void no_news_outweighs(void **state)
{
    static const char lexicon[] = "language: en\n"
                                  "subjects:\n"
                                  "  none: {4: [cookie policy]}\n"
                                  "  medtop:15000000: {2: [match]}\n";
    (void)state;
    expect(lexicon, "This is the match that you wanted to see when you were with us last week.",
           "medtop:15000000");
    expect(lexicon, "This is the match and the cookie policy that you wanted to see last week.",
           "");
}

static void a_spelling_may_begin_a_sentence(void **state)
{
    static const char lexicon[] = "language: en\n"
                                  "subjects:\n"
                                  "  medtop:15000000: {4: [\"=épée\"]}\n"
                                  "  medtop:01000000: {4: [\"=Match\"]}\n";
    (void)state;
    expect(lexicon, "It is said that the épée is what they all had wanted to see there at first.",
           "medtop:15000000");
    expect(lexicon, "Épée is what they all had wanted to see when they were there for the first.",
           "medtop:15000000");
    expect(lexicon, "The epee and the match are what they all had wanted to see there at first.",
           "");
}

/* Two terms of the same weight: the factor of the language decides which topic comes first. */
static void priors_of_a_language_weigh_its_topics(void **state)
{
    static const char priors[] = "language: en\n"
                                 "priors: {medtop:15000000: %s}\n"
                                 "subjects:\n"
                                 "  medtop:20001065: {4: [midfielder]}\n"
                                 "  medtop:01000000: {4: [novelist]}\n";
    static const char text[] =
        "The midfielder and the novelist were seen in the old town with all of their friends.";
    char lexicon[256];
    (void)state;
    snprintf(lexicon, sizeof lexicon, priors, "1.5");
    expect(lexicon, text, "medtop:15000000 medtop:20001065 medtop:01000000");
    snprintf(lexicon, sizeof lexicon, priors, "0.6");
    expect(lexicon, text, "medtop:01000000 medtop:15000000 medtop:20001065");
    snprintf(lexicon, sizeof lexicon, priors, "0.1");
    expect(lexicon, text, "medtop:01000000");
}

/* --- what the compiler reports --------------------------------------------------------------- */

static bool has_mistake(const struct mistakes *mistakes, size_t line, const char *start)
{
    for (size_t i = 0; i < mistakes->count; i++)
        if (mistakes->items[i].line == line &&
            strncmp(mistakes->items[i].text, start, strlen(start)) == 0)
            return true;
    return false;
}

static void mistakes_have_their_place(void **state)
{
    static const char lexicon[] = "language: en\n"
                                  "subjects:\n"
                                  "  medtop:15000000:\n"
                                  "    3: [referee, referees, \"home. run\"]\n"
                                  "    2: [referee, striker]\n"
                                  "  medtop:20001065:\n"
                                  "    3: [striker]\n"
                                  "context:\n"
                                  "  - term: goal\n"
                                  "    rules:\n"
                                  "      - {subject: medtop:15000000, weight: 2}\n"
                                  "      - {subject: medtop:99000000, near: [ball]}\n";
    struct mistakes mistakes = {0};
    (void)state;
    assert_null(rulebook_with(lexicon, &mistakes));
    assert_true(has_mistake(&mistakes, 4, "duplicate"));
    assert_true(has_mistake(&mistakes, 4, "unreachable"));
    assert_true(has_mistake(&mistakes, 5, "conflict"));
    assert_true(has_mistake(&mistakes, 7, "duplicate"));
    assert_true(has_mistake(&mistakes, 11, "a context rule needs"));
    assert_true(has_mistake(&mistakes, 12, "topic 'medtop:99000000'"));
    mistakes_free(&mistakes);
}

static void priors_are_checked(void **state)
{
    static const struct {
        const char *priors, *wanted;
    } cases[] = {
        {"{medtop:20001065: 1.2}", "a top-level topic of topics.yaml is wanted here"},
        {"{medtop:99000000: 1.2}", "a top-level topic of topics.yaml is wanted here"},
        {"{medtop:15000000: 0.05}", "a number from 0.1 to 10 is wanted here, not '0.05'"},
        {"{medtop:15000000: 11}", "a number from 0.1 to 10 is wanted here, not '11'"},
        {"{medtop:15000000: much}", "a number from 0.1 to 10 is wanted here, not 'much'"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mistakes mistakes = {0};
        char lexicon[128];
        snprintf(lexicon, sizeof lexicon, "language: en\npriors: %s\n", cases[i].priors);
        assert_null(rulebook_with(lexicon, &mistakes));
        if (!has_mistake(&mistakes, 2, cases[i].wanted))
            fail_msg("%s: '%s' is not said on line 2, but '%s'", cases[i].priors, cases[i].wanted,
                     mistakes.count ? mistakes.items[0].text : "nothing");
        mistakes_free(&mistakes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_are_read_the_same_either_way),
        cmocka_unit_test(both_paths_cut_the_same_tokens),
        cmocka_unit_test(both_ways_of_folding_meet),
        cmocka_unit_test(western_letters_fold_as_the_tables_say),
        cmocka_unit_test(company_decides),
        cmocka_unit_test(a_topic_calls_for_another),
        cmocka_unit_test(unsure_languages_take_the_lexicon_that_knows_more),
        cmocka_unit_test(the_longer_term_hides_its_parts),
        cmocka_unit_test(no_news_outweighs),
        cmocka_unit_test(a_spelling_may_begin_a_sentence),
        cmocka_unit_test(priors_of_a_language_weigh_its_topics),
        cmocka_unit_test(mistakes_have_their_place),
        cmocka_unit_test(priors_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
