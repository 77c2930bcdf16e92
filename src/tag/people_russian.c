/* Russian names stand in six cases. The gazetteer knows given names in the nominative; where the
 * text has another form, the surname's ending is turned back by the rules of its declension, which
 * are certain for -ов, -ев, -ин, -ский and for consonants. Source: the declension of surnames in
 * any Russian grammar, for instance A. Zaliznyak, "Grammatical Dictionary" (1977). */
#include "base/slice.h"
#include "tag/people.h"

struct ending {
    const char *inflected, *nominative;
};

/* Longest first. */
static const struct ending MASCULINE[] = {
    {"ского", "ский"},  {"скому", "ский"},  {"ским", "ский"}, {"ском", "ский"}, {"цкого", "цкий"},
    {"цкому", "цкий"},  {"цким", "цкий"},   {"овым", "ов"},   {"евым", "ев"},   {"иным", "ин"},
    {"овичем", "ович"}, {"евичем", "евич"}, {"ова", "ов"},    {"ову", "ов"},    {"ове", "ов"},
    {"ева", "ев"},      {"еву", "ев"},      {"еве", "ев"},    {"ина", "ин"},    {"ину", "ин"},
    {"ине", "ин"},      {"ича", "ич"},      {"ичу", "ич"},    {"иче", "ич"},    {"ом", ""},
    {"ем", ""},         {"а", ""},          {"у", ""},        {"е", ""}};
static const struct ending FEMININE[] = {
    {"ской", "ская"}, {"скую", "ская"}, {"цкой", "цкая"},  {"цкую", "цкая"}, {"овой", "ова"},
    {"ову", "ова"},   {"евой", "ева"},  {"еву", "ева"},    {"иной", "ина"},  {"ину", "ина"},
    {"овны", "овна"}, {"овне", "овна"}, {"овной", "овна"}, {"овну", "овна"}};

static bool is_feminine(desk_slice given)
{
    static const char *const men[] = {"Никита", "Илья", "Лука"};
    for (size_t i = 0; i < sizeof men / sizeof men[0]; i++)
        if (slice_is(given, men[i]))
            return false;
    return slice_ends(given, slice_from_cstr("а")) || slice_ends(given, slice_from_cstr("я")) ||
           slice_is(given, "Любовь");
}

static size_t put(char *out, size_t len, desk_slice text)
{
    memcpy(out + len, text.data, text.len);
    return len + text.len;
}

/* One word behind the given name. */
static size_t put_nominative(char *out, size_t len, desk_slice word, bool feminine)
{
    const struct ending *endings = feminine ? FEMININE : MASCULINE;
    size_t count =
        feminine ? sizeof FEMININE / sizeof FEMININE[0] : sizeof MASCULINE / sizeof MASCULINE[0];
    for (size_t i = 0; i < count; i++) {
        desk_slice ending = slice_from_cstr(endings[i].inflected);
        if (!slice_ends(word, ending) || word.len < ending.len + 4)
            continue;
        len = put(out, len, slice_sub(word, 0, word.len - ending.len));
        return put(out, len, slice_from_cstr(endings[i].nominative));
    }
    return put(out, len, word);
}

desk_slice person_nominative(const struct name_scene *scene, struct name_run run)
{
    desk_slice text = name_text(scene, run);
    uint32_t index = scene->names[run.first];
    desk_slice given = token_text(scene->article, name_token(scene, run.first));
    if (!index || !name_is(scene, run.first, NAME_GIVEN) || run.words < 2)
        return text;
    desk_slice nominative = scene->gazetteer->names[index - 1].name;
    bool is_cyrillic = nominative.len && (unsigned char)nominative.data[0] >= 0xD0;
    if (!is_cyrillic || slice_equal(given, nominative))
        return text;
    char *out = arena_alloc(scene->article->arena, nominative.len + 2 * text.len + 16, 1);
    if (!out)
        return slice_of(NULL, 0);
    size_t len = put(out, 0, nominative);
    for (size_t i = run.first + 1; i < run.first + run.words; i++) {
        out[len++] = name_token(scene, i)->flags & TOKEN_JOINED ? '-' : ' ';
        len = put_nominative(out, len, token_text(scene->article, name_token(scene, i)),
                             is_feminine(nominative));
    }
    return slice_of(out, len);
}
