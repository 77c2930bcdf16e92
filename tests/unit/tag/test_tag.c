/* Tokens, inflection, phrases and times. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/slice.h"
#include "tag/parse_time.h"
#include "tag/phrases.h"
#include "tag/tokens.h"

static void elided_words_leave_no_token(void **state)
{
    struct token tokens[16];
    (void)state;
    assert_int_equal(
        tokens_cut(slice_from_cstr("l’Union d'État qu'il dit"), slice_from_cstr("fr"), tokens, 16),
        4);
    assert_int_equal(
        tokens_cut(slice_from_cstr("the minister's plan"), slice_from_cstr("en"), tokens, 16), 3);
    assert_int_equal(tokens_cut(slice_from_cstr("dell'Unione"), slice_from_cstr("it"), tokens, 16),
                     1);
    assert_int_equal(tokens_cut(slice_from_cstr("北京大学"), slice_from_cstr("zh"), tokens, 16), 4);
    assert_int_equal(
        tokens_cut(slice_from_cstr("Mr. J. Smith. He said"), slice_from_cstr("en"), tokens, 16), 5);
    assert_true(tokens[3].flags & TOKEN_SENTENCE_START);
    assert_false(tokens[2].flags & TOKEN_SENTENCE_START);
}

static void stems_meet(void **state)
{
    static const struct {
        const char *language, *a, *b;
        int equal;
    } cases[] = {{"en", "companies", "company", 1},  {"en", "voted", "votes", 1},
                 {"en", "plane", "plan", 0},         {"en", "news", "new", 0},
                 {"fr", "élections", "élection", 1}, {"fr", "nationaux", "national", 1},
                 {"de", "Wahlen", "Wahl", 1},        {"es", "naciones", "nación", 1},
                 {"it", "elezioni", "elezione", 1},  {"pt", "eleições", "eleição", 1},
                 {"ru", "выборов", "выборы", 1},     {"ar", "والحرب", "الحرب", 1}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t hash, a, b;
        token_hash_word(slice_from_cstr(cases[i].a), slice_from_cstr(cases[i].language), &hash, &a);
        token_hash_word(slice_from_cstr(cases[i].b), slice_from_cstr(cases[i].language), &hash, &b);
        if ((a == b) != cases[i].equal)
            fail_msg("%s: %s and %s", cases[i].language, cases[i].a, cases[i].b);
    }
}

static void times_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds; /* -1: refused */
    } cases[] = {{"2023-01-02T10:00:00Z", 1672653600},
                 {"2023-01-02T10:00:00+0100", 1672650000},
                 {"Mon, 02 Jan 2023 10:00:00 GMT", 1672653600},
                 {"2023-01-02", 1672617600},
                 {"1672653600", 1672653600},
                 {"1672653600000", 1672653600},
                 {"02/03/2023", -1},
                 {"yesterday", -1},
                 {"2023-02-30", -1}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct parsed_time time;
        bool good = parse_time_any(slice_from_cstr(cases[i].text), &time);
        if (good != (cases[i].seconds >= 0) || (good && time.ms != cases[i].seconds * 1000))
            fail_msg("%s", cases[i].text);
    }
}

/* Phrases of all kinds, and a text in which most words begin none of them. */
static struct phrases *some_phrases(void)
{
    static const struct {
        const char *text;
        unsigned flags;
    } all[] = {{"La Paz", PHRASE_CAPITAL},
               {"élection", PHRASE_STEM},
               {"court of justice", 0},
               {"WHO", PHRASE_EXACT_CAPS},
               {"central bank", PHRASE_STEM},
               {"Nice", PHRASE_CAPITAL},
               {"北京", 0},
               {"bank", PHRASE_STEM | PHRASE_CAPITAL}};
    struct phrases *phrases = phrases_new();
    assert_non_null(phrases);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        size_t words;
        assert_true(phrases_add(phrases, slice_from_cstr(all[i].text), slice_from_cstr("en"),
                                all[i].flags, (uint32_t)i, &words));
        assert_true(words);
    }
    assert_true(phrases_seal(phrases));
    return phrases;
}

static void no_phrase_is_passed_over(void **state)
{
    static const char text[] = "la paz La Paz, La. Paz Who is WHO? The court of law, the court of "
                               "justice. Elections in Nice are nice; central banks, the Bank and "
                               "banks in 北京 北方 the Central Bank";
    struct token tokens[64];
    struct token_table table = {.items = tokens};
    struct phrases *phrases = some_phrases();
    size_t found = 0, next = 0;
    (void)state;
    table.count = tokens_cut(slice_from_cstr(text), slice_from_cstr("en"), tokens, 64);
    assert_in_range(table.count, 30, 64);
    for (size_t at = 0; at < table.count; at++) {
        if (at == next)
            next = phrases_next(phrases, &table, at, table.count);
        if (phrases_match(phrases, &table, at, table.count)) {
            assert_int_equal(next, at);
            found++;
        }
        if (at == next)
            next++;
    }
    assert_int_equal(found, 11); /* a full stop behind "La" may be an abbreviation's */
    /* Never a token behind the stretch: it is another field's, or nobody's. */
    for (size_t end = 0; end <= table.count; end++)
        for (size_t at = 0; at <= end; at++)
            assert_in_range(phrases_next(phrases, &table, at, end), at, end);
    phrases_free(phrases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elided_words_leave_no_token), cmocka_unit_test(stems_meet),
        cmocka_unit_test(no_phrase_is_passed_over), cmocka_unit_test(times_are_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
