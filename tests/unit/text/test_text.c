/* UTF-8, folding, NFC, white space, charsets. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/slice.h"
#include "text/charset.h"
#include "text/fold.h"
#include "text/nfc.h"
#include "text/space.h"
#include "text/unicode.h"
#include "text/utf8.h"
#include "text/words.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)64 << 20, (size_t)1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_deinit(&arena);
    return 0;
}

static void assert_text(desk_slice got, const char *wanted)
{
    assert_int_equal(got.len, strlen(wanted));
    assert_memory_equal(got.data, wanted, got.len);
}

static void utf8_refuses_what_the_standard_refuses(void **state)
{
    static const struct {
        const char *bytes;
        size_t len, valid;
    } cases[] = {{"abc", 3, 3},
                 {"caf\xC3\xA9", 5, 5},
                 {"\xC0\x80", 2, 0},
                 {"\xED\xA0\x80", 3, 0},
                 {"\xF4\x90\x80\x80", 4, 0},
                 {"a\xE2\x82", 3, 1},
                 {"\xF0\x9F\x98\x80", 4, 4},
                 {"\xE0\x80\xAF", 3, 0},
                 {"12345678\xFF", 9, 8},
                 {"\x80", 1, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(utf8_valid_prefix(cases[i].bytes, cases[i].len), cases[i].valid);
}

static void folding_makes_spellings_equal(void **state)
{
    static const char *const cases[][2] = {
        {"École", "ecole"},   {"STRASSE", "strasse"}, {"Łódź", "lodz"},
        {"Ёлка", "елка"},     {"Йод", "йод"},         {"إسرائيل", "اسراييل"},
        {"ＡＢＣ１", "abc1"}, {"Œuvre", "ouvre"},     {"co\xC2\xADoperate", "cooperate"},
        {"ΑΘΉΝΑ", "αθηνα"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[64];
        size_t len = fold_text(slice_from_cstr(cases[i][0]), out);
        assert_text(slice_of(out, len), cases[i][1]);
    }
}

static void nfc_composes(void **state)
{
    desk_slice text = slice_from_cstr("Cafe\xCC\x81 du The\xCC\x81\xC3\xA2tre\nkeine Zeile");
    (void)state;
    assert_true(nfc_normalise(&arena, &text));
    assert_text(text, "Café du Théâtre\nkeine Zeile");
    desk_slice same = slice_from_cstr("Привет, мир — 北京 😀");
    const char *before = same.data;
    assert_true(nfc_normalise(&arena, &same));
    assert_ptr_equal(same.data, before);
    desk_slice hangul = slice_from_cstr("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB");
    assert_true(nfc_normalise(&arena, &hangul));
    assert_text(hangul, "한");
}

static void space_is_folded(void **state)
{
    static const char *const cases[][2] = {
        {"  a \n\t b  ", "a b"},
        {"a\xE2\x80\x8B"
         "b\xEF\xBB\xBF",
         "ab"},
        {"prix\xC2\xA0: 5", "prix\xC2\xA0: 5"},
        {"a \xC2\xA0 b", "a b"},
        {"\xC2\xA0\xE3\x80\x80", ""},
        {"a\x01"
         "b\x7F"
         "c",
         "abc"},
        {"Ah\xE2\x80\xAF! Oui\xC2\xA0?", "Ah\xC2\xA0! Oui\xC2\xA0?"},
        {"\xC2\xAB\xE2\x80\xAFmot\xE2\x80\xAF\xC2\xBB", "\xC2\xAB\xC2\xA0mot\xC2\xA0\xC2\xBB"},
        {"12\xE2\x80\xAF"
         "345\xC2\xA0€",
         "12\xC2\xA0"
         "345\xC2\xA0€"},
        {"un\xC2\xA0mot,\xE2\x80\x89\xC2\xA0un autre", "un mot, un autre"},
        {"mot \xC2\xA0: fin", "mot : fin"},
        {"„So“, sagte er", "„So“, sagte er"},
        {"می\xE2\x80\x8Cخواهم", "می\xE2\x80\x8Cخواهم"},
        {"क्\xE2\x80\x8Dष", "क्\xE2\x80\x8Dष"},
        {"la\xE2\x80\x8Ctin\xE2\x80\x8D", "latin"},
        {"so\xC2\xADlo x\xE2\x80\xA8y", "solo x y"},
        {"👩\xE2\x80\x8D🚀", "👩\xE2\x80\x8D🚀"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        desk_slice text = slice_from_cstr(cases[i][0]);
        assert_true(space_fold(&arena, &text));
        assert_text(text, cases[i][1]);
    }
}

static void charsets_are_found(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *content_type, *name, *text;
        size_t replaced;
    } cases[] = {{"\xEF\xBB\xBF"
                  "abc",
                  6, "", "UTF-8", "abc", 0},
                 {"caf\xE9", 4, "text/html; charset=latin1", "WINDOWS-1252", "café", 0},
                 {"\x93x\x94", 3, "text/plain; charset=\"iso-8859-1\"", "WINDOWS-1252", "“x”", 0},
                 {"\xFF\xFE"
                  "a\0b\0",
                  6, "", "UTF-16LE", "ab", 0},
                 {"\0a\0b\0c\0d", 8, "", "UTF-16BE", "abcd", 0},
                 {"<meta charset=windows-1251>\xEF\xF0", 29, "", "WINDOWS-1251",
                  "<meta charset=windows-1251>пр", 0},
                 {"<meta charset=utf-16>abc", 24, "", "UTF-8", "<meta charset=utf-16>abc", 0},
                 {"\xC3\xA9t\xC3\xA9 \xC3\xA0 \xC3\xA8 \xC3\xAA \xFF!", 17, "", "UTF-8",
                  "été à è ê \xEF\xBF\xBD!", 1}};
    struct charset_state *charsets = NULL;
    (void)state;
    assert_int_equal(charset_open(&charsets, NULL), DESK_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct charset_result result;
        assert_int_equal(charset_to_utf8(charsets, &arena, slice_of(cases[i].bytes, cases[i].len),
                                         slice_from_cstr(cases[i].content_type), true, &result,
                                         NULL),
                         DESK_OK);
        assert_string_equal(result.name, cases[i].name);
        assert_text(result.text, cases[i].text);
        assert_int_equal(result.replaced, cases[i].replaced);
    }
    charset_close(charsets);
}

/* Words, one character at a time. */
static size_t plain_words(desk_slice text)
{
    const char *p = text.data, *end = text.data + text.len;
    size_t count = 0;
    bool in_word = false;
    while (p < end) {
        unsigned class = text_class(utf8_next(&p, end));
        if (class & (CLASS_SPACE | CLASS_UNSPACED)) {
            count += class & CLASS_UNSPACED && class & CLASS_LETTER;
            in_word = false;
        } else if (!in_word && class & (CLASS_LETTER | CLASS_DIGIT)) {
            count++;
            in_word = true;
        }
    }
    return count;
}

static void words_are_counted(void **state)
{
    static const char *const texts[] = {
        "",
        "a",
        "-",
        "one two  three",
        "« Pékin prétend être neutre », a-t-il dit — 5\xC2\xA0oo fois.",
        "eightlet eightlet eightlet",
        "- -- --- a - b -",
        "Привет, мир — 北京 и Москва 😀 вместе",
        "国务院周一发布了新的规定。It is new.",
        "القاهرة - قال الوزير إن الخطة جاهزة.",
        "ééééééééé é ü ß",
        "a\n\nb\n\n(c) 1.5% [x]"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (size_t from = 0; from <= strlen(texts[i]); from++) {
            if (((unsigned char)texts[i][from] & 0xC0) == 0x80)
                continue;
            desk_slice text = slice_from_cstr(texts[i] + from);
            assert_int_equal(words_count(text), plain_words(text));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(utf8_refuses_what_the_standard_refuses),
                                       cmocka_unit_test(folding_makes_spellings_equal),
                                       cmocka_unit_test(nfc_composes),
                                       cmocka_unit_test(space_is_folded),
                                       cmocka_unit_test(words_are_counted),
                                       cmocka_unit_test(charsets_are_found)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
