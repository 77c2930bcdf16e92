/* Subject models: what is written is read again, and whatever is wrong with a file is said. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <copydesk/copydesk.h>
#include <xxhash.h>

#include "base/slice.h"
#include "tag/model.h"
#include "tag/model_format.h"
#include "tag/tokens.h"

/* A model of two classes that knows two words: "goal" speaks for sport, "shares" for economy. */
static uint64_t hash_of(const char *word)
{
    uint64_t hash, stem;
    token_hash_word(slice_from_cstr(word), slice_from_cstr("en"), &hash, &stem);
    return stem;
}

static desk_slice make_model(void)
{
    static int16_t rows[256 * 3];
    struct model model = {.languages = "en fr", .bits = 8, .articles = 9, .classes_count = 2};
    strcpy(model.classes[0].uri, "medtop:04000000");
    strcpy(model.classes[1].uri, "medtop:15000000");
    model.classes[0].scale = model.classes[1].scale = 0.001F;
    model.classes[0].bias = model.classes[1].bias = -0.5F;
    model.slope = 4;
    model.rows = rows;
    memset(rows, 0, sizeof rows);
    int16_t *goal = rows + feature_bucket(hash_of("goal"), 8) * 3;
    int16_t *shares = rows + feature_bucket(hash_of("shares"), 8) * 3;
    goal[0] = shares[0] = 2048;
    goal[2] = shares[1] = 1500;
    goal[1] = shares[2] = -1000;
    return model_write(&model);
}

static void drop(desk_slice content)
{
    free((char *)(size_t)content.data);
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    desk_slice content = make_model();
    struct model model;
    char reason[160] = "";
    assert_true(model_read(&model, "models/desk.model", content, reason));
    assert_string_equal(model.creator, "model:desk");
    assert_string_equal(model.classes[1].uri, "medtop:15000000");
    assert_int_equal(model.articles, 9);
    assert_true(model_is_for(&model, slice_from_cstr("fr-CA")));
    assert_true(model_is_for(&model, slice_from_cstr("en")));
    assert_false(model_is_for(&model, slice_from_cstr("e")));
    assert_false(model_is_for(&model, slice_from_cstr("und")));
    desk_slice again = model_write(&model);
    assert_true(slice_equal(content, again));
    model_deinit(&model);
    drop(again);
    drop(content);
}

static void words_decide_for_their_class(void **state)
{
    (void)state;
    desk_slice content = make_model();
    struct model model;
    char reason[160] = "";
    struct feature goal = {.hash = hash_of("goal"), .words = 1, .count = 1, .value = 1};
    struct feature_list list = {&goal, 1};
    struct model_view view;
    struct model_sight sight = {&list, NULL};
    assert_true(model_read(&model, "models/desk.model", content, reason));
    model_look(&model, &sight, &view);
    assert_true(fabs((double)view.decisions[1] - 1.0) < 1e-5);
    assert_true(fabs(model_log_odds(&model, &view, 1) - 4.0) < 1e-4);
    assert_true(fabs(model_share(&model, &view, &goal, 1) - 6.0) < 1e-4);
    assert_true(model_log_odds(&model, &view, 0) < 0);
    struct feature unknown = {.hash = hash_of("goal") + 12345, .words = 1, .count = 1, .value = 1};
    list.items = &unknown;
    model_look(&model, &sight, &view);
    assert_true(view.norm <= 0);
    model_deinit(&model);
    drop(content);
}

/* Changes some bytes of a good model and reads it: the reason must hold `wanted`. With `repair` the
 * checksum is made right again, as a careful forger would. */
struct damage {
    size_t at;
    uint64_t value;
    size_t bytes;
    bool repair;
    const char *wanted;
};

static void check_damage(const struct damage *damage)
{
    desk_slice content = make_model();
    char *data = (char *)(size_t)content.data, reason[160] = "";
    struct model model;
    for (size_t i = 0; i < damage->bytes; i++)
        data[damage->at + i] = (char)(damage->value >> 8 * i);
    uint64_t checksum = XXH3_64bits(data + MODEL_AT_KIND, content.len - MODEL_AT_KIND);
    for (size_t i = 0; i < 8 && damage->repair; i++)
        data[MODEL_AT_CHECKSUM + i] = (char)(checksum >> 8 * i);
    assert_false(model_read(&model, "models/desk.model", content, reason));
    if (!strstr(reason, damage->wanted))
        fail_msg("'%s' does not hold '%s'", reason, damage->wanted);
    drop(content);
}

static void each_kind_of_damage_is_named(void **state)
{
    (void)state;
    static const struct damage damages[] = {
        {0, 0x7F, 1, false, "no model of copydesk train"},
        {MODEL_AT_VERSION, 7, 4, false, "format version 7"},
        {MODEL_AT_SIZE, 99, 8, false, "its header says 99"},
        {1000, 0x5A, 1, false, "checksum does not match"},
        {MODEL_AT_KIND, 1, 8, true, "cuts words in another way"},
        {MODEL_AT_CLASSES, 0, 4, true, "0 classes"},
        {MODEL_AT_CLASSES, 65, 4, true, "65 classes"},
        {MODEL_AT_CLASSES, 3, 4, true, "do not fit"},
        {MODEL_AT_BITS, 40, 4, true, "2^40 buckets"},
        {MODEL_AT_BITS, 9, 4, true, "do not fit"},
        {MODEL_AT_SLOPE, 0x7FC00000, 4, true, "calibration"},
        {MODEL_AT_SLOPE, 0xBF800000, 4, true, "calibration"},
        {MODEL_AT_RIVALRY, 0x7F800000, 4, true, "calibration"},
        {MODEL_AT_RIVALRY, 0xBF800000, 4, true, "calibration"},
        {MODEL_AT_LANGUAGES, 0, 1, true, "which languages"},
        {MODEL_HEADER_BYTES, 0, 1, true, "class 1 has no URI"},
        {MODEL_HEADER_BYTES + MODEL_CLASS_BYTES + 7, '0' | '4' << 8, 2, true, "stands in it twice"},
        {MODEL_HEADER_BYTES + MODEL_URI_BYTES, 0x7F800000, 4, true, "no usable scale"},
        {MODEL_HEADER_BYTES + 2 * MODEL_CLASS_BYTES, 0xFFFF, 2, true, "rarity below 0"},
    };
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++)
        check_damage(&damages[i]);
}

/* A file of version 1 knew no topics of the lexicon; its layout must not be read as today's. */
static void version_1_is_refused_with_what_to_do(void **state)
{
    (void)state;
    desk_slice content = make_model();
    char *data = (char *)(size_t)content.data, reason[160] = "";
    struct model model;
    assert_int_equal(data[MODEL_AT_VERSION], 3);
    data[MODEL_AT_VERSION] = 1;
    assert_false(model_read(&model, "models/desk.model", content, reason));
    assert_string_equal(reason, "format version 1; this program reads version 3: train it again");
    assert_null(model.rows);
    drop(content);
}

/* What version 3 brought: a class is less likely where another one is sure, and the order stays. */
static void classes_are_rivals(void **state)
{
    (void)state;
    desk_slice plain = make_model();
    struct model model;
    char reason[160] = "";
    assert_true(model_read(&model, "models/desk.model", plain, reason));
    model.rivalry = 3;
    desk_slice content = model_write(&model);
    model_deinit(&model);
    assert_true(model_read(&model, "models/desk.model", content, reason));
    struct feature goal = {.hash = hash_of("goal"), .words = 1, .count = 1, .value = 1};
    struct feature_list list = {&goal, 1};
    struct model_view view;
    model_look(&model, &(struct model_sight){&list, NULL}, &view);
    /* Decisions are 1 for sport and -1.5 for economy, the slope is 4. */
    assert_true(fabs(model_log_odds(&model, &view, 1) - (4.0 + 3 * 1.5)) < 1e-3);
    assert_true(fabs(model_log_odds(&model, &view, 0) - (4 * -1.5 - 3 * 1.0)) < 1e-3);
    model_deinit(&model);
    drop(content);
    drop(plain);
}

/* What version 2 brought: topics of the lexicon with their mean share and a weight for each class.
 */
static void topics_of_the_lexicon_are_read_again(void **state)
{
    (void)state;
    static int16_t rows[256 * 2];
    struct model model = {.languages = "en",
                          .bits = 8,
                          .classes_count = 1,
                          .topics_count = 1,
                          .slope = 1,
                          .rows = rows};
    struct model_view view;
    float share = 0.75F;
    char reason[160] = "";
    strcpy(model.classes[0].uri, "medtop:04000000");
    strcpy(model.topics[0].uri, "medtop:15000000");
    model.topics[0].mean = 0.25F;
    model.topics[0].weights[0] = -2;
    desk_slice content = model_write(&model);
    struct model again;
    assert_true(model_read(&again, "models/desk.model", content, reason));
    assert_int_equal(again.topics_count, 1);
    assert_string_equal(again.topics[0].uri, "medtop:15000000");
    struct feature_list none = {NULL, 0};
    struct model_sight sight = {&none, &share};
    model_look(&again, &sight, &view);
    assert_true(fabs((double)view.decisions[0] + 1.0) < 1e-5);
    model_deinit(&again);
    drop(content);
}

static void a_model_cut_short_anywhere_is_refused(void **state)
{
    (void)state;
    desk_slice content = make_model();
    struct model model;
    char reason[160];
    for (size_t len = 0; len < content.len; len += len < 300 ? 1 : 97) {
        reason[0] = '\0';
        assert_false(model_read(&model, "models/desk.model", slice_of(content.data, len), reason));
        assert_true(reason[0] != '\0');
    }
    assert_false(model_read(&model, "models/.model", content, reason));
    assert_non_null(strstr(reason, "name"));
    drop(content);
}

/* The rulebook says which file is wrong and with which status. */
static void a_rulebook_refuses_a_damaged_model(void **state)
{
    (void)state;
    desk_slice content = make_model();
    char *data = (char *)(size_t)content.data;
    const desk_rulebook_file good[] = {
        {{"models/desk.model", 17}, content},
        {{"subjects/topics.yaml", 20},
         slice_from_cstr("topics:\n  medtop:04000000: {name: economy}\n"
                         "  medtop:15000000: {name: sport}\n")}};
    desk_rulebook *rulebook = NULL;
    desk_error err = DESK_ERROR_INIT;
    assert_int_equal(desk_rulebook_load_memory(good, 2, &rulebook, &err), DESK_OK);
    desk_rulebook_release(rulebook);
    assert_int_equal(desk_rulebook_load_memory(good, 1, &rulebook, &err), DESK_EMODEL);
    assert_non_null(strstr(err.message, "medtop:04000000 is no topic of subjects/topics.yaml"));
    err = (desk_error)DESK_ERROR_INIT;
    data[content.len - 1] ^= 1;
    assert_int_equal(desk_rulebook_load_memory(good, 2, &rulebook, &err), DESK_EMODEL);
    assert_non_null(strstr(err.message, "models/desk.model: the checksum"));
    assert_null(rulebook);
    drop(content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(words_decide_for_their_class),
        cmocka_unit_test(each_kind_of_damage_is_named),
        cmocka_unit_test(classes_are_rivals),
        cmocka_unit_test(version_1_is_refused_with_what_to_do),
        cmocka_unit_test(topics_of_the_lexicon_are_read_again),
        cmocka_unit_test(a_model_cut_short_anywhere_is_refused),
        cmocka_unit_test(a_rulebook_refuses_a_damaged_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
