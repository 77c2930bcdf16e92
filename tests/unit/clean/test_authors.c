/* From bylines to names, in many languages. */
#include "unit/clean/fixture.h"

#include "clean/author_names.h"

struct authors_case {
    const char *line, *names; /* joined by "; " */
};

static desk_slice read(struct fixture *fixture, const char *line, enum author_trust trust)
{
    struct site_names sites = {.count = 0};
    struct slice_list list = {NULL, 0, 0};
    site_names_add(&sites, slice_from_cstr("Daily Plover"));
    site_names_add(&sites, slice_from_cstr("Marta Quill"));
    struct author_reader reader = {&fixture->arena, fixture->rulebook->metadata_words, &sites,
                                   &list};
    author_names_read(&reader, slice_from_cstr(line), trust);
    char *out = arena_alloc(&fixture->arena, 4096, 1);
    size_t len = 0;
    for (size_t i = 0; i < list.count; i++) {
        memcpy(out + len, "; ", 2);
        len += i ? 2 : 0;
        memcpy(out + len, list.items[i].data, list.items[i].len);
        len += list.items[i].len;
    }
    return slice_of(out, len);
}

static void check(struct fixture *fixture, const struct authors_case *cases, size_t count,
                  enum author_trust trust)
{
    for (size_t i = 0; i < count; i++) {
        desk_slice names = read(fixture, cases[i].line, trust);
        if (!slice_is(names, cases[i].names))
            fail_msg("%s: got '%.*s', wanted '%s'", cases[i].line, (int)names.len, names.data,
                     cases[i].names);
    }
}

static void fields_hold_names(void **state)
{
    static const struct authors_case cases[] = {
        {"Jane Doe", "Jane Doe"},
        {"By Jane Doe", "Jane Doe"},
        {"by JANE DOE and JOHN O'BRIEN", "Jane Doe; John O'Brien"},
        {"Doe, Jane", "Jane Doe"},
        {"Doe, Jane; Roe, Richard", "Jane Doe; Richard Roe"},
        {"Jane Doe, Richard Roe and Ann Other", "Jane Doe; Richard Roe; Ann Other"},
        {"Jane Doe, Reporter", "Jane Doe"},
        {"Jane Doe, Senior Political Correspondent", "Jane Doe"},
        {"Jane Doe | Reuters", "Jane Doe"},
        {"Jane Doe, Reuters", "Jane Doe"},
        {"By Jane Doe in Paris", "Jane Doe"},
        {"Jane Doe (AP)", "Jane Doe"},
        {"JANE DOE Associated Press", "Jane Doe"},
        {"Jane Doe, PhD, RD", "Jane Doe"},
        {"Staff Writer Jane Doe", "Jane Doe"},
        {"Von Anna Müller und Jörg Weiß", "Anna Müller; Jörg Weiß"},
        {"Anna Müller, Redakteurin", "Anna Müller"},
        {"Par Élodie Martin et Luc Petit", "Élodie Martin; Luc Petit"},
        {"Por José García y María López", "José García; María López"},
        {"José Ortega y Gasset", "José Ortega y Gasset"},
        {"Di Marco Rossi e Lucia Bianchi", "Marco Rossi; Lucia Bianchi"},
        {"Por João Silva e Ana Costa", "João Silva; Ana Costa"},
        {"Door Pieter de Vries en Anna van den Berg", "Pieter de Vries; Anna van den Berg"},
        {"Автор: Иван Петров", "Иван Петров"},
        {"ИВАН ПЕТРОВ", "Иван Петров"},
        {"بقلم: أحمد علي", "أحمد علي"},
        {"Από τη Μαρία Παπά", "τη Μαρία Παπά"},
        {"作者：王小明", "王小明"},
        {"山田太郎記者", "山田太郎"},
        {"김영희 기자", "김영희"},
        {"Madonna", "Madonna"},
        {"bell hooks", "bell hooks"},
        {"Marta Quill", "Marta Quill"}, /* a person's own site */
        {"Par\xC2\xA0Luc Petit", "Luc Petit"},
        /* Nobody. */
        {"Reuters", ""},
        {"By Associated Press", ""},
        {"Staff", ""},
        {"News Desk", ""},
        {"Editorial Team", ""},
        {"Sport-Redaktion", ""},
        {"Daily Plover", ""},
        {"The Daily Plover", ""},
        {"admin", ""},
        {"https://plover.example/authors/jane", ""},
        {"jane@plover.example", ""},
        {"@janedoe", ""},
        {"SPIEGEL ONLINE, Hamburg, Germany", ""},
        {"", ""},
        {"|", ""}};
    check(*state, cases, sizeof cases / sizeof cases[0], AUTHOR_FIELD);
}

static void lines_of_the_page_are_judged_harder(void **state)
{
    static const struct authors_case cases[] = {
        {"By Jane Doe", "Jane Doe"},
        {"By Jane Doe, Dec 17, 2025", "Jane Doe"},
        {"Dec. 19, 2025 · Niko Berg on behalf of the team", "Niko Berg"},
        {"Posted by David at December 16, 2025 11:15 AM", "David"},
        {"Jane Doe | Senior Writer | May 4, 2021", "Jane Doe"},
        {"Jane Doe | Head of Product | Adoption | Evangelism", "Jane Doe"},
        {"Written by: Cassidy North", "Cassidy North"},
        {"Text: Anna Müller | Fotos: Jörg Weiß", "Anna Müller"},
        {"Jane Doe Illustration by Max Roe", "Jane Doe"},
        {"By Tuesday the rain had come", ""},
        {"Photos by Max Roe", ""},
        {"Share", ""},
        {"Read more", ""},
        {"Review Editor", ""},
        {"AA | Text Size | Small", ""},
        {"Politics Desk | Text Size", ""},
        {"Personal finance", ""}};
    check(*state, cases, sizeof cases / sizeof cases[0], AUTHOR_MARKED);
}

static void a_guess_wants_two_words(void **state)
{
    static const struct authors_case cases[] = {
        {"Aaron Quist | Senior Writer | July 2, 2025", "Aaron Quist"},
        {"Washington", ""},
        {"Tue", ""},
        {"Jane Doe", "Jane Doe"},
        {"a small thing", ""}};
    check(*state, cases, sizeof cases / sizeof cases[0], AUTHOR_GUESS);
}

static void bylines_lose_their_first_words(void **state)
{
    struct fixture *fixture = *state;
    static const char *const cases[][2] = {{"By Jane", "Jane"},
                                           {"Written by Jane", "Jane"},
                                           {"Story by: Jane", "Jane"},
                                           {"Ein Beitrag von Anna", "Anna"},
                                           {"Story of a life", "Story of a life"},
                                           {"Bye Bye Love", "Bye Bye Love"},
                                           {"Text: Anna", "Anna"},
                                           {"By", ""},
                                           {"Autorin: Anna", "Anna"},
                                           {"Escrito por Ana", "Ana"},
                                           {"記者/王小明", "王小明"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool found;
        desk_slice rest = author_names_without_byline(fixture->rulebook->metadata_words,
                                                      slice_from_cstr(cases[i][0]), &found);
        if (!slice_is(rest, cases[i][1]))
            fail_msg("%s: got '%.*s'", cases[i][0], (int)rest.len, rest.data);
        assert_int_equal(found, strcmp(cases[i][0], cases[i][1]) != 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(fields_hold_names),
                                       cmocka_unit_test(lines_of_the_page_are_judged_harder),
                                       cmocka_unit_test(a_guess_wants_two_words),
                                       cmocka_unit_test(bylines_lose_their_first_words)};
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
