/* Which charset, what its bytes mean, and text that was encoded twice. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/slice.h"
#include "text/charset.h"
#include "text/charset_single.h"
#include "text/mojibake.h"
#include "text/utf8.h"

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

static void pages_declare_a_charset(void **state)
{
    static const char *const cases[][2] = {
        {"<meta charset=windows-1251>", "WINDOWS-1251"},
        {"<META CHARSET = \" KOI8-R \" >", "KOI8-R"},
        {"<!doctype html><head><title>x</title><meta charset='latin1'>", "WINDOWS-1252"},
        {"<meta http-equiv=Content-Type content='text/html; charset=gb2312'>", "GB18030"},
        {"<meta content=\"text/html;charset='shift_jis'\" http-equiv=content-type>", "CP932"},
        {"<meta content='text/html; charset=euc-kr'>", NULL},
        {"<meta name=charset content=utf-8>", NULL},
        {"<meta http-equiv=refresh content='0; charset=utf-8'>", NULL},
        {"<!-- <meta charset=koi8-r> --><meta charset=ibm866>", "IBM866"},
        {"<!--><meta charset=koi8-r>-->", "KOI8-R"},
        {"<a title='<meta charset=koi8-r>'><meta charset=utf8>", "UTF-8"},
        {"</p title='>'<meta charset=koi8-r>", NULL},
        {"<? charset=utf-8 ?><meta/charset=big5>", "BIG5-HKSCS"},
        {"<metacharset=koi8-r>", NULL},
        {"<meta charset=koi8-r", NULL},
        {"<meta charset='koi8-r>", NULL},
        {"<meta charset=nonsense><meta charset=iso-8859-15>", "ISO-8859-15"},
        {"<meta charset=utf-16le>", "UTF-8"},
        {"<?xml version='1.0' encoding=\"iso-8859-2\"?><x/>", "ISO-8859-2"},
        {"no tag at all", NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *name = charset_of_meta(slice_from_cstr(cases[i][0]));
        if (!name != !cases[i][1] || (name && strcmp(name, cases[i][1]) != 0))
            fail_msg("%s: %s", cases[i][0], name ? name : "nothing");
    }
}

static void labels_are_those_of_the_standard(void **state)
{
    static const char *const cases[][2] = {{"ASCII", "WINDOWS-1252"},
                                           {" iso-8859-1\n", "WINDOWS-1252"},
                                           {"x-sjis", "CP932"},
                                           {"GBK", "GB18030"},
                                           {"ks_c_5601-1987", "UHC"},
                                           {"tis-620", "WINDOWS-874"},
                                           {"iso-8859-9", "WINDOWS-1254"},
                                           {"Unicode", "UTF-16LE"},
                                           {"l2", "ISO-8859-2"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(charset_by_label(slice_from_cstr(cases[i][0])), cases[i][1]);
    assert_null(charset_by_label(slice_from_cstr("utf-9")));
    assert_null(charset_by_label(slice_from_cstr("utf-8 utf8")));
    assert_null(charset_by_label(slice_from_cstr("")));
}

static void decodes_to(const char *content_type, const char *bytes, const char *wanted)
{
    struct charset_state *charsets = NULL;
    struct charset_result result;
    assert_int_equal(charset_open(&charsets, NULL), DESK_OK);
    assert_int_equal(charset_to_utf8(charsets, &arena, slice_from_cstr(bytes),
                                     slice_from_cstr(content_type), false, &result, NULL),
                     DESK_OK);
    if (!slice_is(result.text, wanted))
        fail_msg("%s: wanted %s, got %.*s", content_type, wanted, (int)result.text.len,
                 result.text.data);
    charset_close(charsets);
}

static void bytes_become_their_characters(void **state)
{
    (void)state;
    decodes_to("text/html; charset=iso-8859-1", "\x80 \x93quoted\x94 \xE9t\xE9", "€ “quoted” été");
    decodes_to("charset=windows-1251", "\xCF\xF0\xE8\xE2\xE5\xF2", "Привет");
    decodes_to("charset=koi8-u", "\xF0\xD2\xC9\xD7\xC5\xD4 \xAE", "Привет ў");
    decodes_to("charset=windows-1255", "\xF9\xEC\xE5\xED", "שלום");
    decodes_to("charset=iso-8859-7", "\xC1\xE8\xDE\xED\xE1", "Αθήνα");
    decodes_to("charset=windows-1257", "\xE0\xE8\xE6\xA1", "ąčę\xEF\xBF\xBD");
    decodes_to("charset=shift_jis", "\x93\xFA\x96\x7B \x87\x40", "日本 ①");
    decodes_to("charset=gb2312", "\xB1\xB1\xBE\xA9", "北京");
    decodes_to("charset=big5", "\xA5\x78\xA5\x5F", "台北");
    decodes_to("charset=euc-kr", "\xBC\xAD\xBF\xEF \x8C\x63", "서울 똠");
    decodes_to("charset=euc-jp", "\xC5\xEC\xB5\xFE", "東京");
    /* The declaration is wrong: this is UTF-8, beyond chance. */
    decodes_to("charset=iso-8859-1", "été, café, thé", "été, café, thé");
    /* Too little to doubt the declaration. */
    decodes_to("charset=iso-8859-1", "caf\xC3\xA9", "cafÃ©");
}

static void double_encoding_is_repaired_when_certain(void **state)
{
    static const struct {
        const char *text, *repaired;
        size_t count;
    } cases[] = {
        {"donâ€™t, wonâ€™t", "don’t, won’t", 2},
        {"Le cafÃ© du thÃ©Ã¢tre, dÃ©jÃ\xC2\xA0", "Le café du théâtre, déjà", 5},
        {"ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет", 6},
        {"РџСЂРёРІРµС‚, РјРёСЂ", "Привет, мир", 9},
        {"Ã¼ber StraÃŸen â€“ schÃ¶n", "über Straßen – schön", 4},
        {"ðŸ˜€ and ðŸŽ‰ â‚¬5", "😀 and 🎉 €5", 3},
        {"cafÃƒÂ© and thÃƒÂ©", "café and thé", 6},
        {"Ã¥Ã¤Ã¶ Â«xÂ»", "åäö «x»", 5},
        /* Read as ISO 8859-1 by the letter: control characters. */
        {"don\xC3\xA2\xC2\x80\xC2\x99t, won\xC3\xA2\xC2\x80\xC2\x99t", "don’t, won’t", 2},
        {"Stra\xC3\x83\xC2\x9F"
         "e, S\xC3\x83\xC2\x9C"
         "DEN",
         "Straße, SÜDEN", 2},
        /* One is no evidence. */
        {"the sign Ã© alone", "the sign Ã© alone", 0},
        /* What is right stays. */
        {"Viel Spaß“ und „Spaß“ und „Gruß“", "Viel Spaß“ und „Spaß“ und „Gruß“", 0},
        {"“AMANH\xC3\x83” e “IRM\xC3\x83” e “L\xC3\x83”",
         "“AMANH\xC3\x83” e “IRM\xC3\x83” e “L\xC3\x83”", 0},
        {"‘touché’” she said, ‘passé’”", "‘touché’” she said, ‘passé’”", 0},
        {"Рёв и Сёмга, РђТ", "Рёв и Сёмга, РђТ", 0},
        {"Москва, Россия: «Сбербанк»", "Москва, Россия: «Сбербанк»", 0},
        {"Ã© and Ã¨ stand for é, è, à, ç, ô and ê", "Ã© and Ã¨ stand for é, è, à, ç, ô and ê", 0},
        /* A damaged paragraph among good ones. */
        {"<p>déjà vu à l’été</p><p>cafÃ© et thÃ©</p><p>élève</p>",
         "<p>déjà vu à l’été</p><p>café et thé</p><p>élève</p>", 2}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mojibake found = {.needed = 2};
        desk_slice text = slice_from_cstr(cases[i].text);
        assert_true(mojibake_repair(&arena, &text, &found));
        if (!slice_is(text, cases[i].repaired) || found.count != cases[i].count)
            fail_msg("%s: wanted %s (%zu), got %.*s (%zu)", cases[i].text, cases[i].repaired,
                     cases[i].count, (int)text.len, text.data, found.count);
        assert_true(utf8_is_valid(text));
    }
}

/* The fast ways agree with one byte at a time, at every length and place. */
static void many_bytes_at_once_are_the_same(void **state)
{
    char text[80], copy[80 + BYTES_SLACK];
    (void)state;
    for (size_t len = 0; len <= sizeof text; len++)
        for (size_t odd = 0; odd <= len; odd++) {
            static const char kinds[] = {'"', '\\', '\n', '\x1F', '\0', '\xC3', '\x7F', ' '};
            for (size_t kind = 0; kind < sizeof kinds; kind++) {
                memset(text, 'x', sizeof text);
                if (odd < len)
                    text[odd] = kinds[kind];
                bool is_special = odd < len && kind < 5, is_high = odd < len && kinds[kind] < 0;
                size_t plain = is_special ? odd : len;
                assert_int_equal(bytes_plain_json(text, text + len), plain);
                assert_int_equal(bytes_copy_plain_json(copy, text, text + len), plain);
                assert_memory_equal(copy, text, plain);
                assert_int_equal(bytes_ascii(text, text + len), is_high ? odd : len);
            }
        }
}

/* Bytes of the longest valid prefix, told from the code points they make. */
static size_t reference_prefix(const unsigned char *s, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t count = s[i] < 0x80 ? 1 : s[i] < 0xC0 ? 0 : s[i] < 0xE0 ? 2 : s[i] < 0xF0 ? 3 : 4;
        if (!count || s[i] > 0xF7 || count > len - i)
            return i;
        uint32_t cp = count == 1 ? s[i] : s[i] & (0x7Fu >> count);
        for (size_t k = 1; k < count; k++) {
            if ((s[i + k] & 0xC0) != 0x80)
                return i;
            cp = cp << 6 | (s[i + k] & 0x3Fu);
        }
        static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
        if (cp < least[count] || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
            return i;
        i += count;
    }
    return len;
}

/* Texts around the size of a block, right ones and ones with a few bytes that break them. */
static void utf8_is_checked_at_any_length(void **state)
{
    static const char *const pieces[] = {
        "a", "é", "я", "€", "한", "😀", "\xEF\xBF\xBF", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"};
    static const char odd[] = "\x7F\x80\x9F\xA0\xBF\xC0\xC1\xC2\xE0\xED\xEF\xF0\xF4\xF5\xFF";
    uint32_t seed = 2463534242u;
    (void)state;
    for (size_t round = 0; round < 200000; round++) {
        char text[256];
        size_t len = 0, wanted = 40 + round % 160;
        while (len < wanted) {
            seed = seed * 1664525u + 1013904223u;
            const char *piece = pieces[(seed >> 16) % (round % 3 ? 9 : 3)];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        if (round % 4) {
            seed = seed * 1664525u + 1013904223u;
            text[(seed >> 8) % len] = odd[(seed >> 24) % (sizeof odd - 1)];
        }
        len -= round % 4 == 3; /* cut in the middle, often of a character */
        assert_int_equal(utf8_valid_prefix(text, len),
                         reference_prefix((const unsigned char *)text, len));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pages_declare_a_charset),
                                       cmocka_unit_test(labels_are_those_of_the_standard),
                                       cmocka_unit_test(bytes_become_their_characters),
                                       cmocka_unit_test(double_encoding_is_repaired_when_certain),
                                       cmocka_unit_test(many_bytes_at_once_are_the_same),
                                       cmocka_unit_test(utf8_is_checked_at_any_length)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
