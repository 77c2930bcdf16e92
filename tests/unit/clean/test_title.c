/* Titles: the site's name cut off, likeness. */
#include "unit/clean/fixture.h"

#include "clean/pagewords.h"
#include "clean/title.h"

static void the_site_is_cut_off(void **state)
{
    struct fixture *fixture = *state;
    static const char *const cases[][4] = {
        /* title, site, heading, wanted */
        {"Ferry runs aground | The Daily Plover", "Daily Plover", "", "Ferry runs aground"},
        {"Ferry runs aground - Daily Plover", "The Daily Plover", "", "Ferry runs aground"},
        {"The Daily Plover: Ferry runs aground", "Daily Plover", "",
         "The Daily Plover: Ferry runs aground"},
        {"Daily Plover | Ferry runs aground", "Daily Plover", "", "Ferry runs aground"},
        {"Ferry runs aground - News - Daily Plover", "Daily Plover", "",
         "Ferry runs aground - News"},
        {"Ferry - the last one - sails", "Daily Plover", "Ferry - the last one - sails",
         "Ferry - the last one - sails"},
        {"Fähre läuft auf Grund – Plauer Bote", "Plauer Bote", "", "Fähre läuft auf Grund"},
        {"Le bac s’échoue | L’Écho de Plouvan", "L'Echo de Plouvan", "", "Le bac s’échoue"},
        {"Encalla el transbordador — El Faro", "El Faro", "", "Encalla el transbordador"},
        {"Паром сел на мель — Вестник Плёса", "Вестник Плеса", "", "Паром сел на мель"},
        {"渡船搁浅 | 溪口日报", "溪口日报", "", "渡船搁浅"},
        {"Ferry runs aground | Road & Sea", "Road and Sea", "", "Ferry runs aground"},
        {"Ferry runs aground | Somewhere Else Entirely", "Daily Plover", "Ferry runs aground",
         "Ferry runs aground"},
        {"plover.example Ferry runs aground", "plover.example", "", "Ferry runs aground"},
        {"Ferry runs aground", "Daily Plover", "", "Ferry runs aground"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct site_names sites = {.count = 0};
        struct title_context context = {.sites = &sites};
        site_names_add(&sites, slice_from_cstr(cases[i][1]));
        context.separators_count =
            pagewords_separators(fixture->rulebook->pagewords, &context.separators);
        context.heading = slice_from_cstr(cases[i][2]);
        desk_slice title = title_without_site(&context, slice_from_cstr(cases[i][0]));
        if (!slice_is(title, cases[i][3]))
            fail_msg("%s: got %.*s", cases[i][0], (int)title.len, title.data);
    }
}

static void names_of_one_site_are_known(void **state)
{
    (void)state;
    struct site_names sites = {.count = 0};
    site_names_add(&sites, slice_from_cstr("The Daily Plover"));
    assert_true(site_names_match(&sites, slice_from_cstr("daily plover")));
    assert_true(site_names_match(&sites, slice_from_cstr("DailyPlover")));
    assert_true(site_names_match(&sites, slice_from_cstr("Daily Plover UK")));
    assert_false(site_names_match(&sites, slice_from_cstr("Daily")));
    assert_false(site_names_match(&sites, slice_from_cstr("Daily Plover readers write to us")));
    assert_false(site_names_match(&sites, slice_from_cstr("")));
}

static void likeness_counts_words(void **state)
{
    (void)state;
    desk_slice a = slice_from_cstr("Nine Food Myths Débunked");
    assert_true(title_overlap(a, slice_from_cstr("nine food myths debunked!")) == 1.0);
    assert_true(title_overlap(a, slice_from_cstr("Food myths")) > 0.6);
    assert_true(title_overlap(a, slice_from_cstr("Something else")) == 0.0);
    assert_true(title_overlap(slice_from_cstr("渡船在溪口搁浅"), slice_from_cstr("溪口渡船搁浅")) >
                0.9);
    assert_true(title_overlap(slice_from_cstr(""), slice_from_cstr("")) == 0.0);
    assert_true(title_same(a, slice_from_cstr("NINE food-myths debunked")));
    assert_false(title_same(a, slice_from_cstr("Nine food myths")));
    assert_false(title_same(slice_from_cstr("..."), slice_from_cstr("!")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_site_is_cut_off, fixture_open, fixture_close),
        cmocka_unit_test(names_of_one_site_are_known), cmocka_unit_test(likeness_counts_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
