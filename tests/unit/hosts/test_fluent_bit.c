/* Records of Fluent Bit through the engine: src/hosts/fluent-bit/enrich.h. */
#include "hosts/fluent-bit/enrich.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct scene {
    desk_rulebook *rulebook;
    desk_engine *engine;
};

static int open_engine(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    *state = scene;
    return !scene || desk_rulebook_load_builtin(&scene->rulebook, NULL) ||
           desk_engine_new(scene->rulebook, NULL, &scene->engine, NULL);
}

static int close_engine(void **state)
{
    struct scene *scene = *state;
    desk_engine_free(scene->engine);
    desk_rulebook_release(scene->rulebook);
    free(scene);
    return 0;
}

static void put(msgpack_packer *packer, const char *text)
{
    msgpack_pack_str(packer, strlen(text));
    msgpack_pack_str_body(packer, text, strlen(text));
}

/* Enriches the map in `in`, and replaces it by what comes out: *out points into it. */
static bool enrich(const struct scene *scene, msgpack_sbuffer *in, msgpack_unpacked *out)
{
    msgpack_unpacked given;
    msgpack_sbuffer packed;
    msgpack_unpacked_init(&given);
    msgpack_sbuffer_init(&packed);
    assert_int_equal(msgpack_unpack_next(&given, in->data, in->size, NULL), MSGPACK_UNPACK_SUCCESS);
    bool good = enrich_record(scene->engine, &given.data, &packed);
    msgpack_unpacked_init(out);
    if (good) {
        size_t used = 0;
        assert_int_equal(msgpack_unpack_next(out, packed.data, packed.size, &used),
                         MSGPACK_UNPACK_SUCCESS);
        assert_int_equal(used, packed.size);
    }
    msgpack_unpacked_destroy(&given);
    msgpack_sbuffer_destroy(in);
    *in = packed;
    return good;
}

static const msgpack_object *find(const msgpack_object *map, const char *key)
{
    for (uint32_t i = 0; map && map->type == MSGPACK_OBJECT_MAP && i < map->via.map.size; i++) {
        const msgpack_object *name = &map->via.map.ptr[i].key;
        if (name->via.str.size == strlen(key) && !memcmp(name->via.str.ptr, key, strlen(key)))
            return &map->via.map.ptr[i].val;
    }
    return NULL;
}

static bool says(const msgpack_object *value, const char *text)
{
    return value && value->type == MSGPACK_OBJECT_STR && value->via.str.size == strlen(text) &&
           !memcmp(value->via.str.ptr, text, strlen(text));
}

static void an_article_is_enriched(void **state)
{
    msgpack_sbuffer in;
    msgpack_packer packer;
    msgpack_unpacked out;
    msgpack_sbuffer_init(&in);
    msgpack_packer_init(&packer, &in, msgpack_sbuffer_write);
    msgpack_pack_map(&packer, 3);
    put(&packer, "title");
    put(&packer, "Parliament passes the budget");
    put(&packer, "text");
    put(&packer, "The parliament passed the budget on Monday, the finance minister said.");
    put(&packer, "attempts");
    msgpack_pack_int(&packer, 7);
    assert_true(enrich(*state, &in, &out));
    assert_true(says(find(&out.data, "schema"), "copydesk/article/1"));
    assert_true(says(find(find(&out.data, "language"), "code"), "en"));
    assert_true(find(&out.data, "subjects")->via.array.size > 0);
    assert_int_equal(find(find(&out.data, "extra"), "attempts")->via.i64, 7);
    msgpack_unpacked_destroy(&out);
    msgpack_sbuffer_destroy(&in);
}

static void a_rejected_one_stays_and_says_why(void **state)
{
    msgpack_sbuffer in;
    msgpack_packer packer;
    msgpack_unpacked out;
    msgpack_sbuffer_init(&in);
    msgpack_packer_init(&packer, &in, msgpack_sbuffer_write);
    msgpack_pack_map(&packer, 2);
    put(&packer, "id");
    put(&packer, "7");
    put(&packer, "rejected");
    put(&packer, "an older reason");
    assert_true(enrich(*state, &in, &out));
    assert_int_equal(out.data.via.map.size, 2);
    assert_true(says(find(&out.data, "id"), "7"));
    assert_true(says(find(find(&out.data, "rejected"), "code"), "no-text"));
    msgpack_unpacked_destroy(&out);
    msgpack_sbuffer_destroy(&in);
}

static void what_json_cannot_say_is_refused(void **state)
{
    msgpack_sbuffer in;
    msgpack_packer packer;
    msgpack_unpacked out;
    msgpack_sbuffer_init(&in);
    msgpack_packer_init(&packer, &in, msgpack_sbuffer_write);
    msgpack_pack_map(&packer, 1);
    msgpack_pack_int(&packer, 1);
    put(&packer, "a key that is a number");
    assert_false(enrich(*state, &in, &out));
    msgpack_unpacked_destroy(&out);
    msgpack_sbuffer_destroy(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_article_is_enriched),
                                       cmocka_unit_test(a_rejected_one_stays_and_says_why),
                                       cmocka_unit_test(what_json_cannot_say_is_refused)};
    return cmocka_run_group_tests(tests, open_engine, close_engine);
}
