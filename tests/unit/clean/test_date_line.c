/* Dates as people write them, in many languages. */
#include "unit/clean/fixture.h"

#include <stdio.h>

#include "clean/date_line.h"
#include "clean/page_url.h"

struct date_case {
    const char *line, *language, *wanted; /* "2021-05-04", " U2021-05-05" for updated */
};

static void describe(const struct date_hit *hits, size_t count, char out[128])
{
    static const char roles[] = {'\0', 'P', 'U', 'O'};
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        char role[2] = {roles[hits[i].role], '\0'};
        len += (size_t)snprintf(out + len, 128 - len, "%s%s%04d-%02d-%02d", i ? " " : "", role,
                                (int)hits[i].date.year, (int)hits[i].date.month,
                                (int)hits[i].date.day);
    }
}

static void lines_with_a_date_are_read(void **state)
{
    struct fixture *fixture = *state;
    static const struct date_case cases[] = {
        {"May 4, 2021", "en", "2021-05-04"},
        {"4th of May 2021", "en-GB", "2021-05-04"},
        {"Tuesday, May 4, 2021 10:30 a.m.", "en", "2021-05-04"},
        {"19-Dec-2025", "en", "2025-12-19"},
        {"Sept. 3, 2024", "en", "2024-09-03"},
        {"4. Mai 2021, 10:30 Uhr", "de", "2021-05-04"},
        {"04.05.2021", "de", "2021-05-04"},
        {"4 mai 2021 à 18h05", "fr", "2021-05-04"},
        {"1er août 2021", "fr", "2021-08-01"},
        {"4 de mayo de 2021", "es", "2021-05-04"},
        {"4 de março de 2021", "pt", "2021-03-04"},
        {"4 maggio 2021", "it", "2021-05-04"},
        {"4 mei 2021", "nl", "2021-05-04"},
        {"4 maj 2021", "sv", "2021-05-04"},
        {"4. desember 2021", "no", "2021-12-04"},
        {"4. toukokuuta 2021", "fi", "2021-05-04"},
        {"4 maja 2021", "pl", "2021-05-04"},
        {"12. března 2018", "cs", "2018-03-12"},
        {"4 listopada 2021", "pl", "2021-11-04"},
        {"4. listopada 2021.", "hr", "2021-10-04"},
        {"2021. május 4.", "hu", "2021-05-04"},
        {"4 Mayıs 2021", "tr", "2021-05-04"},
        {"4 Μαΐου 2021", "el", "2021-05-04"},
        {"вторник, 4 мая 2021 г.", "ru", "2021-05-04"},
        {"4 травня 2021", "uk", "2021-05-04"},
        {"٤ مايو ٢٠٢١", "ar", "2021-05-04"},
        {"4 במאי 2021", "he", "2021-05-04"},
        {"2021年5月4日 10:30", "zh", "2021-05-04"},
        {"2021年5月4日(火)", "ja", "2021-05-04"},
        {"2021년 5월 4일", "ko", "2021-05-04"},
        {"2021-05-04 10:30", "ru", "2021-05-04"},
        {"2021/5/4", "ja", "2021-05-04"},
        {"5/4/2021", "en-US", "2021-05-04"},
        {"4/5/2021", "en-GB", "2021-05-04"},
        {"4/5/2021", "es", "2021-05-04"},
        {"25/5/2021", "en", "2021-05-25"},
        {"5/25/2021", "en", "2021-05-25"},
        {"5/5/2021", "en", "2021-05-05"},
        /* What is said beside them. */
        {"Published May 4, 2021", "en", "P2021-05-04"},
        {"Updated: May 5, 2021", "en", "U2021-05-05"},
        {"Published 4 May 2021, updated 5 May 2021", "en", "P2021-05-04 U2021-05-05"},
        {"Last updated on May 5, 2021", "en", "U2021-05-05"},
        {"Aktualisiert am 5. Mai 2021", "de", "U2021-05-05"},
        {"Mis à jour le 5 mai 2021", "fr", "U2021-05-05"},
        {"Actualizado el 5 de mayo de 2021", "es", "U2021-05-05"},
        {"Обновлено 5 мая 2021", "ru", "U2021-05-05"},
        {"更新 2021年5月5日", "zh", "U2021-05-05"},
        {"Jane Doe | Senior Writer | July 2, 2025", "en", "2025-07-02"},
        {"Event: May 4, 2021", "en", "O2021-05-04"},
        /* None. */
        {"4/5/2021", "en", ""},
        {"vor 2 Stunden", "de", ""},
        {"2 hours ago", "en", ""},
        {"May 2021", "en", ""},
        {"31 February 2021", "en", ""},
        {"May 4, 1821", "en", ""},
        {"El juicio comenzará el 12 de enero de 2024 en Madrid.", "es", ""},
        {"The law that parliament passed on May 4, 2021 changed nothing at all.", "en", ""},
        {"Version 10.30.21", "en", ""},
        {"", "en", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct date_hit hits[DATE_HITS_MAX];
        char out[128];
        desk_slice language = slice_from_cstr(cases[i].language);
        struct date_reader reader = {fixture->rulebook->metadata_words, language,
                                     date_order_of(language)};
        describe(hits, date_line_read(&reader, slice_from_cstr(cases[i].line), hits), out);
        if (strcmp(out, cases[i].wanted))
            fail_msg("%s (%s): got '%s', wanted '%s'", cases[i].line, cases[i].language, out,
                     cases[i].wanted);
    }
}

static void addresses_hold_days(void **state)
{
    static const struct {
        const char *url;
        int day; /* of 2021-05; 0: none */
    } cases[] = {{"https://a.example/2021/05/04/ferry", 4},
                 {"https://a.example/news/2021-05-04-ferry", 4},
                 {"https://a.example/20210504/ferry", 4},
                 {"https://a.example/2021/5/4/ferry", 4},
                 {"https://a.example/2021/05/ferry", 0},
                 {"https://a.example/story-2021-05-42", 0},
                 {"https://a.example/?d=2021/05/04/", 0},
                 {"https://a.example/1202105041", 0},
                 {"", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct civil_date date = {0, 0, 0};
        bool found = page_url_day(slice_from_cstr(cases[i].url), &date);
        if (found != (cases[i].day > 0) || (found && date.day != cases[i].day))
            fail_msg("%s: %d", cases[i].url, (int)date.day);
    }
}

static void addresses_are_resolved(void **state)
{
    struct fixture *fixture = *state;
    static const char *const cases[][3] = {
        {"https://a.example/x/y.html", "/b.jpg", "https://a.example/b.jpg"},
        {"https://a.example/x/y.html?q=/z", "b.jpg", "https://a.example/x/b.jpg"},
        {"https://a.example", "b.jpg", "https://a.example/b.jpg"},
        {"https://a.example/x/y/", "../b.jpg", "https://a.example/x/b.jpg"},
        {"https://a.example/x/", "../../../b.jpg", "https://a.example/b.jpg"},
        {"http://a.example/", "//c.example/b.jpg", "http://c.example/b.jpg"},
        {"", "https://c.example/b.jpg", "https://c.example/b.jpg"},
        {"", "/b.jpg", ""},
        {"https://a.example/", "data:image/png;base64,AA", ""},
        {"https://a.example/", "javascript:void(0)", ""},
        {"https://a.example/", "https://nohost/b.jpg", ""},
        {"https://a.example/", "#top", ""},
        {"https://a.example/", "", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        desk_slice url = page_url_resolve(&fixture->arena, slice_from_cstr(cases[i][0]),
                                          slice_from_cstr(cases[i][1]));
        if (!slice_is(url, cases[i][2]))
            fail_msg("%s: got '%.*s'", cases[i][1], (int)url.len, url.data);
    }
    assert_false(page_url_may_be_article(slice_from_cstr("https://a.example/"),
                                         slice_from_cstr("https://a.example/story")));
    assert_true(page_url_may_be_article(slice_from_cstr("https://b.example/story"),
                                        slice_from_cstr("https://a.example/story")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines_with_a_date_are_read),
                                       cmocka_unit_test(addresses_hold_days),
                                       cmocka_unit_test(addresses_are_resolved)};
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
