/* Inflection, language by language: forms of one word that must meet, and words that must not; and
 * the tails of compounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/slice.h"
#include "tag/compounds.h"
#include "tag/inflection.h"
#include "tag/tokens.h"

struct pair {
    const char *language, *a, *b;
};

static const struct pair MEET[] = {
    {"de", "Gerichte", "Gericht"},
    {"de", "Gerichten", "Gericht"},
    {"de", "Gerichtes", "Gerichts"},
    {"de", "Ministerinnen", "Ministerin"},
    {"de", "politischer", "politisch"},
    {"de", "Häuser", "Haus"},
    {"de", "Ereignisse", "Ereignis"},
    {"de", "Planeten", "Planet"},
    {"es", "elecciones", "elección"},
    {"es", "leyes", "ley"},
    {"es", "mujeres", "mujer"},
    {"es", "jueces", "juez"},
    {"es", "hospitales", "hospital"},
    {"es", "científicas", "científico"},
    {"es", "padres", "padre"},
    {"es", "casas", "casa"},
    {"it", "elezioni", "elezione"},
    {"it", "banche", "banca"},
    {"it", "politici", "politica"},
    {"it", "cani", "cane"},
    {"it", "laghi", "lago"},
    {"it", "dell'acqua", "acqua"},
    {"it", "un'opera", "opere"},
    {"it", "sull’isola", "isole"},
    {"pt", "eleições", "eleição"},
    {"pt", "hospitais", "hospital"},
    {"pt", "mulheres", "mulher"},
    {"pt", "juízes", "juiz"},
    {"pt", "países", "país"},
    {"pt", "viagens", "viagem"},
    {"pt", "alemães", "alemão"},
    {"pt", "científicas", "científico"},
    {"nl", "bomen", "boom"},
    {"nl", "bommen", "bom"},
    {"nl", "huizen", "huis"},
    {"nl", "brieven", "brief"},
    {"nl", "verkiezingen", "verkiezing"},
    {"nl", "artikelen", "artikel"},
    {"nl", "mogelijkheden", "mogelijkheid"},
    {"nl", "leraren", "leraar"},
    {"nl", "grote", "groot"},
    {"nl", "computers", "computer"},
    {"ru", "выборов", "выборы"},
    {"ru", "выборами", "выборах"},
    {"ru", "учёного", "ученому"},
    {"ru", "партией", "партия"},
    {"ru", "больницах", "больница"},
    {"ru", "новости", "новость"},
    {"ru", "научная", "научными"},
    {"ru", "врачей", "врача"},
    {"ar", "الحكومة", "حكومة"},
    {"ar", "والحكومه", "حكومة"},
    {"ar", "بالانتخابات", "انتخابات"},
    {"ar", "للجيش", "الجيش"},
    {"ar", "أُمَمٌ", "امم"},
    {"ar", "كـــتاب", "كتاب"},
    {"ar", "مستشفى", "مستشفي"},
    {"ar", "إسلام", "اسلام"},
    {"zh", "國", "国"},
    {"zh", "醫", "医"},
    {"zh", "人", "人"},
    {"zh", "氣", "气"},
};

static const struct pair APART[] = {
    {"de", "Bund", "Bande"},
    {"de", "Staat", "Stadt"},
    {"de", "Wahl", "Wal"},
    {"de", "Richter", "Richtung"},
    {"es", "come", "como"},
    {"es", "para", "paro"},
    {"es", "mar", "mes"},
    {"es", "universal", "universidad"},
    {"it", "con", "Coni"},
    {"it", "mare", "mar"},
    {"it", "governo", "governatore"},
    {"pt", "com", "coma"},
    {"pt", "mal", "mala"},
    {"pt", "nação", "nacional"},
    {"nl", "zon", "zoon"},
    {"nl", "bommen", "bomen"},
    {"nl", "mannen", "manen"},
    {"nl", "zee", "zeen"},
    {"ru", "мир", "море"},
    {"ru", "банк", "баня"},
    {"ru", "суд", "судно"},
    {"ar", "علم", "عالم"},
    {"ar", "حرب", "حزب"},
    {"ar", "سلام", "اسلام"},
    {"zh", "大", "太"},
    {"zh", "國", "圆"},
    {"ja", "國", "国"},
};

static uint64_t stem_of(const char *language, const char *word)
{
    uint64_t hash, stem;
    token_hash_word(slice_from_cstr(word), slice_from_cstr(language), &hash, &stem);
    return stem;
}

static void forms_of_a_word_meet(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof MEET / sizeof MEET[0]; i++)
        if (stem_of(MEET[i].language, MEET[i].a) != stem_of(MEET[i].language, MEET[i].b))
            fail_msg("%s: %s does not meet %s", MEET[i].language, MEET[i].a, MEET[i].b);
}

static void other_words_stay_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof APART / sizeof APART[0]; i++)
        if (stem_of(APART[i].language, APART[i].a) == stem_of(APART[i].language, APART[i].b))
            fail_msg("%s: %s meets %s", APART[i].language, APART[i].a, APART[i].b);
}

static void check_tail(const struct compounds *compounds, const char *word, int wanted)
{
    uint32_t value = 0;
    bool found = compounds_match(compounds, slice_from_cstr(word), &value);
    if ((found ? (int)value : 0) != wanted)
        fail_msg("%s: tail %u instead of %d", word, found ? value : 0U, wanted);
}

static void compounds_are_found_by_their_tails(void **state)
{
    (void)state;
    const struct inflection *german = inflection_of(slice_from_cstr("de"));
    struct compounds *compounds = compounds_new(german);
    assert_non_null(compounds);
    assert_int_equal(compounds_add(compounds, slice_from_cstr("wahl"), 1), COMPOUNDS_ADDED);
    assert_int_equal(compounds_add(compounds, slice_from_cstr("Vorwahl"), 2), COMPOUNDS_ADDED);
    assert_int_equal(compounds_add(compounds, slice_from_cstr("krieg"), 3), COMPOUNDS_ADDED);
    assert_int_equal(compounds_add(compounds, slice_from_cstr("Wahlen"), 4), COMPOUNDS_UNFIT);
    assert_int_equal(compounds_add(compounds, slice_from_cstr("rad"), 5), COMPOUNDS_UNFIT);
    assert_true(compounds_seal(compounds));
    check_tail(compounds, "Landratswahl", 1);
    check_tail(compounds, "Landratswahlen", 1);
    check_tail(compounds, "Landesvorwahl", 2);
    check_tail(compounds, "Stellungskrieges", 3);
    check_tail(compounds, "Wahl", 0);    /* no compound */
    check_tail(compounds, "Auswahl", 1); /* three letters before: long enough; list it to avoid */
    check_tail(compounds, "Zuwahl", 0);
    check_tail(compounds, "Wahlkampf", 0); /* not at the end */
    check_tail(compounds, "", 0);
    compounds_free(compounds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_of_a_word_meet),
        cmocka_unit_test(other_words_stay_apart),
        cmocka_unit_test(compounds_are_found_by_their_tails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
