/* Looking at many bytes at once gives what looking at each byte gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/byte_class.h"
#include "base/bytes.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum { TEXT_BYTES_MAX = 80, ROUNDS = 20000 };

/* The same numbers on every machine. */
static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Valid UTF-8 of up to TEXT_BYTES_MAX bytes from the pieces that make a difference, in a piece of
 * memory of just that size, so that a sanitizer sees any look beyond. */
static char *random_text(uint32_t *seed, size_t *len)
{
    static const char *const pieces[] = {"a",
                                         "b",
                                         "Z",
                                         " ",
                                         " ",
                                         "\n",
                                         "\r",
                                         "\"",
                                         "\\",
                                         "\x1F",
                                         "\x7F",
                                         "\t",
                                         "\v",
                                         "é",
                                         "è",
                                         "Ж",
                                         "中",
                                         "가",
                                         "ا",
                                         "\xC2\x85",
                                         "\xC2\xA0",
                                         "\xC2\xAB",
                                         "\xC2\xAD",
                                         "\xE2\x80\xA8",
                                         "\xE2\x80\xA9",
                                         "\xE2\x80\x99",
                                         "’",
                                         "ab",
                                         "word",
                                         "\xF0\x9F\x98\x80"};
    char text[TEXT_BYTES_MAX];
    size_t wanted = next_random(seed) % TEXT_BYTES_MAX, plain = next_random(seed) % 8;
    *len = 0;
    for (;;) {
        const char *piece = next_random(seed) % 8 < plain
                                ? "x"
                                : pieces[next_random(seed) % (sizeof pieces / sizeof pieces[0])];
        if (*len + strlen(piece) > wanted)
            break;
        memcpy(text + *len, piece, strlen(piece));
        *len += strlen(piece);
    }
    char *copy = malloc(*len + 1);
    assert_non_null(copy);
    memcpy(copy, text, *len);
    return realloc(copy, *len ? *len : 1);
}

static size_t line_break_by_hand(const char *p, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (p[i] >= '\n' && p[i] <= '\r')
            return i;
        if (len - i >= 2 && !memcmp(p + i, "\xC2\x85", 2))
            return i;
        if (len - i >= 3 &&
            (!memcmp(p + i, "\xE2\x80\xA8", 3) || !memcmp(p + i, "\xE2\x80\xA9", 3)))
            return i;
    }
    return len;
}

static void line_breaks_are_found_as_byte_by_byte(void **state)
{
    (void)state;
    uint32_t seed = 1;
    for (int round = 0; round < ROUNDS; round++) {
        size_t len;
        char *text = random_text(&seed, &len);
        assert_int_equal(bytes_to_line_break(text, text + len), line_break_by_hand(text, len));
        free(text);
    }
}

static void code_points_are_counted_as_one_by_one(void **state)
{
    (void)state;
    uint32_t seed = 2;
    for (int round = 0; round < ROUNDS; round++) {
        size_t len, count = 0;
        char *text = random_text(&seed, &len);
        for (const char *p = text; p < text + len; count++)
            utf8_next(&p, text + len);
        assert_int_equal(bytes_code_points(text, text + len), count);
        free(text);
    }
}

/* What the function promises: nothing in the part it lets through would be changed. */
static void settled_space_holds_nothing_to_fold(void **state)
{
    (void)state;
    for (uint32_t cp = 1; cp < 0x110000; cp++) {
        char text[4];
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        size_t len = utf8_put(cp, text), settled = bytes_settled_space(text, text + len, false);
        bool changes =
            cp != ' ' && text_class(cp) & (CLASS_SPACE | CLASS_INVISIBLE | CLASS_CONTROL);
        assert_true(settled == 0 || settled == len);
        if (changes)
            assert_int_equal(settled, 0);
        if (cp < 0x80 && !changes)
            assert_int_equal(settled, 1);
    }
}

/* Sixteen bytes at once and one at a time stop at the same place. */
static void settled_space_stops_where_single_bytes_do(void **state)
{
    (void)state;
    uint32_t seed = 3;
    for (int round = 0; round < ROUNDS; round++) {
        size_t len, at = 0;
        char *text = random_text(&seed, &len);
        bool after_space = next_random(&seed) % 2, start = after_space;
        while (at < len && bytes_settled_space(text + at, text + at + 1, after_space)) {
            after_space = text[at] == ' ';
            at++;
        }
        assert_int_equal(bytes_settled_space(text, text + len, start), at);
        free(text);
    }
}

static void plain_json_is_found_and_copied(void **state)
{
    (void)state;
    uint32_t seed = 4;
    for (int round = 0; round < ROUNDS; round++) {
        size_t len, at = 0;
        char *text = random_text(&seed, &len);
        char *out = malloc(len + BYTES_SLACK);
        assert_non_null(out);
        while (at < len && text[at] != '"' && text[at] != '\\' && (unsigned char)text[at] >= 0x20)
            at++;
        assert_int_equal(bytes_plain_json(text, text + len), at);
        assert_int_equal(bytes_copy_plain_json(out, text, text + len), at);
        assert_memory_equal(out, text, at);
        free(out);
        free(text);
    }
}

/* Escapes of two bytes are resolved, whatever else there is ends the copy. */
static size_t unescape_by_hand(const char *p, size_t len, char *out, size_t *stopped)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    size_t at = 0, written = 0;
    while (at < len) {
        const char *known =
            p[at] == '\\' && at + 1 < len && p[at + 1] ? strchr(from, p[at + 1]) : NULL;
        if (!known && (p[at] == '"' || p[at] == '\\' || (unsigned char)p[at] < 0x20))
            break;
        out[written++] = known ? to[known - from] : p[at];
        at += known ? 2 : 1;
    }
    *stopped = at;
    return written;
}

static void escapes_are_resolved_as_byte_by_byte(void **state)
{
    static const char escapes[] = "\"\\/bfnrtux1";
    (void)state;
    uint32_t seed = 10;
    for (int round = 0; round < ROUNDS; round++) {
        size_t len, stopped;
        char *text = random_text(&seed, &len);
        char *fast = malloc(len + BYTES_SLACK), *plain = malloc(len + BYTES_SLACK), *out = fast;
        assert_non_null(fast);
        assert_non_null(plain);
        for (size_t i = 0; i < len; i++)
            if ((unsigned char)text[i] < 0x20 || text[i] == '"')
                text[i] = 'x';
        for (size_t i = next_random(&seed) % 8; i + 1 < len; i += 2 + next_random(&seed) % 24) {
            text[i] = '\\';
            text[i + 1] = escapes[next_random(&seed) % (sizeof escapes - 1)];
        }
        size_t written = unescape_by_hand(text, len, plain, &stopped);
        assert_int_equal(bytes_unescape_json(&out, text, text + len) - text, stopped);
        assert_int_equal(out - fast, written);
        assert_memory_equal(fast, plain, written);
        free(fast);
        free(plain);
        free(text);
    }
}

static void single_signs_are_found_where_they_stand(void **state)
{
    (void)state;
    uint32_t seed = 6;
    for (int round = 0; round < ROUNDS; round++) {
        size_t len, control = 0, reference = 0;
        char *text = random_text(&seed, &len);
        if (len > 8)
            text[next_random(&seed) % len] = next_random(&seed) % 2 ? '&' : '\0';
        while (control < len && (unsigned char)text[control] >= 0x20)
            control++;
        while (reference < len && text[reference] != '&' && text[reference] != '\r' &&
               text[reference] != '\0')
            reference++;
        assert_int_equal(bytes_to_control(text, text + len), control);
        assert_int_equal(bytes_to_reference(text, text + len), reference);
        free(text);
    }
}

static void marks_are_found_as_byte_by_byte(void **state)
{
    (void)state;
    uint32_t seed = 8;
    for (int round = 0; round < ROUNDS; round++) {
        size_t len, at = 0;
        char *text = random_text(&seed, &len);
        while (at < len && !strchr("\"'\n\xC2\xE2\xE3", text[at]))
            at++;
        assert_int_equal(bytes_to_quote(text, text + len), at);
        free(text);
    }
}

static void bytes_of_words_are_masked_the_same_either_way(void **state)
{
    (void)state;
    uint32_t seed = 9;
    for (int round = 0; round < ROUNDS; round++) {
        char bytes[BYTES_MASKED];
        for (unsigned i = 0; i < BYTES_MASKED; i++)
            bytes[i] = (char)next_random(&seed);
        struct bytes_masks fast = bytes_mask_words(bytes), plain = bytes_mask_words_plain(bytes);
        assert_memory_equal(&fast, &plain, sizeof plain);
    }
}

static void needles_are_found_at_their_first_place(void **state)
{
    (void)state;
    static const char letters[] = "aaab";
    uint32_t seed = 7;
    for (int round = 0; round < ROUNDS; round++) {
        char text[TEXT_BYTES_MAX], needle[BYTES_NEEDLE_MAX];
        size_t len = next_random(&seed) % TEXT_BYTES_MAX;
        size_t needle_len = 2 + next_random(&seed) % (BYTES_NEEDLE_MAX - 1), at = 0;
        for (size_t i = 0; i < len; i++)
            text[i] = letters[next_random(&seed) % 4];
        for (size_t i = 0; i < needle_len; i++)
            needle[i] = letters[next_random(&seed) % 4];
        while (at + needle_len <= len && memcmp(text + at, needle, needle_len) != 0)
            at++;
        const char *found = bytes_find(text, text + len, needle, needle_len);
        assert_ptr_equal(found, at + needle_len <= len ? text + at : NULL);
    }
}

/* Classes of every kind, at every length around the steps of the fast way. */
static void bytes_of_a_class_are_found_the_same_either_way(void **state)
{
    (void)state;
    uint32_t seed = 11;
    for (int round = 0; round < ROUNDS; round++) {
        struct byte_class class;
        size_t len;
        char *text = random_text(&seed, &len), *end = text + len;
        bool after_space = next_random(&seed) % 2;
        for (unsigned i = 0; i < 16; i++) {
            class.low[i] = (uint8_t)(1u << next_random(&seed) % 8);
            class.high[i] = (uint8_t)(1u << next_random(&seed) % 8);
        }
        assert_int_equal(class_find(&class, text, end), class_find_plain(&class, text, end));
        assert_int_equal(class_find_or_spaces(&class, text, end, after_space),
                         class_find_or_spaces_plain(&class, text, end, after_space));
        free(text);
    }
}

/* Lead bytes below U+0300, most of Cyrillic, Han, most of Hangul, and what continues them. */
static void bytes_of_composed_text_are_known(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 256; i++) {
        char byte = (char)i;
        bool is_safe = i < 0xCC || i == 0xD0 || i == 0xD1 || (i >= 0xE4 && i <= 0xE9) ||
                       i == 0xEB || i == 0xEC;
        assert_int_equal(bytes_nfc_safe(&byte, &byte + 1), is_safe);
    }
}

/* The check with AVX2, where there is one, and the one by the table of sequences. */
static void utf8_is_judged_alike(void **state)
{
    (void)state;
    uint32_t seed = 5;
    for (int round = 0; round < ROUNDS && bytes_has_utf8_check(); round++) {
        size_t len;
        char *text = random_text(&seed, &len);
        if (len && next_random(&seed) % 2)
            text[next_random(&seed) % len] = (char)next_random(&seed);
        size_t valid = 0, step = 1;
        /* Pieces too short for the fast check. */
        while (valid < len && step) {
            size_t left = len - valid < 4 ? len - valid : 4;
            for (step = 1; step <= left && utf8_valid_prefix(text + valid, step) != step; step++)
                ;
            step = step > left ? 0 : step;
            valid += step;
        }
        assert_int_equal(bytes_is_utf8(text, len), valid == len);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_breaks_are_found_as_byte_by_byte),
        cmocka_unit_test(code_points_are_counted_as_one_by_one),
        cmocka_unit_test(settled_space_holds_nothing_to_fold),
        cmocka_unit_test(settled_space_stops_where_single_bytes_do),
        cmocka_unit_test(plain_json_is_found_and_copied),
        cmocka_unit_test(escapes_are_resolved_as_byte_by_byte),
        cmocka_unit_test(single_signs_are_found_where_they_stand),
        cmocka_unit_test(marks_are_found_as_byte_by_byte),
        cmocka_unit_test(bytes_of_words_are_masked_the_same_either_way),
        cmocka_unit_test(needles_are_found_at_their_first_place),
        cmocka_unit_test(bytes_of_a_class_are_found_the_same_either_way),
        cmocka_unit_test(bytes_of_composed_text_are_known),
        cmocka_unit_test(utf8_is_judged_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
