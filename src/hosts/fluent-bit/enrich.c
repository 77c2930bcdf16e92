/* msgpack to JSON, the engine, JSON to msgpack. */
#include "hosts/fluent-bit/enrich.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Deeper than any article; msgpack itself knows no bound. */
enum { DEPTH_MAX = 64 };

/* --- msgpack to JSON ----------------------------------------------------------------------- */

static json_t *to_json(const msgpack_object *value, unsigned depth);

static json_t *map_to_json(const msgpack_object *map, unsigned depth)
{
    json_t *object = json_object();
    for (uint32_t i = 0; object && i < map->via.map.size; i++) {
        const msgpack_object_kv *pair = &map->via.map.ptr[i];
        json_t *value = to_json(&pair->val, depth + 1);
        bool is_text = pair->key.type == MSGPACK_OBJECT_STR;
        if (!is_text || !value ||
            json_object_setn_new(object, pair->key.via.str.ptr, pair->key.via.str.size, value)) {
            if (!is_text)
                json_decref(value);
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static json_t *array_to_json(const msgpack_object *array, unsigned depth)
{
    json_t *list = json_array();
    for (uint32_t i = 0; list && i < array->via.array.size; i++)
        if (json_array_append_new(list, to_json(&array->via.array.ptr[i], depth + 1))) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *to_json(const msgpack_object *value, unsigned depth)
{
    if (depth > DEPTH_MAX)
        return NULL;
    switch (value->type) {
    case MSGPACK_OBJECT_NIL:
        return json_null();
    case MSGPACK_OBJECT_BOOLEAN:
        return json_boolean(value->via.boolean);
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
        return value->via.u64 <= INT64_MAX ? json_integer((json_int_t)value->via.u64)
                                           : json_real((double)value->via.u64);
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        return json_integer(value->via.i64);
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
        return json_real(value->via.f64);
    case MSGPACK_OBJECT_STR:
        return json_stringn(value->via.str.ptr, value->via.str.size);
    case MSGPACK_OBJECT_BIN:
        return json_stringn(value->via.bin.ptr, value->via.bin.size);
    case MSGPACK_OBJECT_ARRAY:
        return array_to_json(value, depth);
    case MSGPACK_OBJECT_MAP:
        return map_to_json(value, depth);
    default:
        return NULL; /* extensions have no form in JSON */
    }
}

/* --- JSON to msgpack ----------------------------------------------------------------------- */

static void pack_text(msgpack_packer *packer, const char *text, size_t len)
{
    msgpack_pack_str(packer, len);
    msgpack_pack_str_body(packer, text, len);
}

static void pack(msgpack_packer *packer, json_t *value)
{
    const char *key;
    json_t *item;
    size_t i;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        msgpack_pack_map(packer, json_object_size(value));
        json_object_foreach(value, key, item)
        {
            pack_text(packer, key, strlen(key));
            pack(packer, item);
        }
        return;
    case JSON_ARRAY:
        msgpack_pack_array(packer, json_array_size(value));
        json_array_foreach(value, i, item) pack(packer, item);
        return;
    case JSON_STRING:
        pack_text(packer, json_string_value(value), json_string_length(value));
        return;
    case JSON_INTEGER:
        msgpack_pack_int64(packer, json_integer_value(value));
        return;
    case JSON_REAL:
        msgpack_pack_double(packer, json_real_value(value));
        return;
    case JSON_TRUE:
        msgpack_pack_true(packer);
        return;
    case JSON_FALSE:
        msgpack_pack_false(packer);
        return;
    case JSON_NULL:
        msgpack_pack_nil(packer);
        return;
    }
}

/* --- one record ---------------------------------------------------------------------------- */

static bool is_rejected_key(const msgpack_object *key)
{
    return key->type == MSGPACK_OBJECT_STR && key->via.str.size == strlen("rejected") &&
           !memcmp(key->via.str.ptr, "rejected", strlen("rejected"));
}

/* The map as it came, with why it was rejected; an older reason is replaced. */
static void pack_rejected(msgpack_packer *packer, const msgpack_object *map,
                          const desk_error *error)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < map->via.map.size; i++)
        kept += !is_rejected_key(&map->via.map.ptr[i].key);
    msgpack_pack_map(packer, kept + 1);
    for (uint32_t i = 0; i < map->via.map.size; i++) {
        const msgpack_object_kv *pair = &map->via.map.ptr[i];
        if (is_rejected_key(&pair->key))
            continue;
        msgpack_pack_object(packer, pair->key);
        msgpack_pack_object(packer, pair->val);
    }
    const char *code = desk_status_code(error->status);
    pack_text(packer, "rejected", strlen("rejected"));
    msgpack_pack_map(packer, 3);
    pack_text(packer, "code", strlen("code"));
    pack_text(packer, code, strlen(code));
    pack_text(packer, "reason", strlen("reason"));
    pack_text(packer, error->message, strlen(error->message));
    pack_text(packer, "stage", strlen("stage"));
    pack_text(packer, error->stage, strlen(error->stage));
}

static bool pack_json(msgpack_packer *packer, desk_slice text)
{
    json_t *object = json_loadb(text.data, text.len, JSON_ALLOW_NUL, NULL);
    if (object)
        pack(packer, object);
    json_decref(object);
    return object != NULL;
}

bool enrich_record(desk_engine *engine, const msgpack_object *map, msgpack_sbuffer *out)
{
    msgpack_packer packer;
    json_t *object = map->type == MSGPACK_OBJECT_MAP ? to_json(map, 0) : NULL;
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    if (!text)
        return false;
    desk_record record = desk_record_of(text, strlen(text));
    desk_result result = DESK_RESULT_INIT;
    record.format = DESK_FORMAT_JSON;
    bool good = desk_engine_process(engine, &record, &result, NULL) == DESK_OK;
    msgpack_packer_init(&packer, out, msgpack_sbuffer_write);
    if (good && result.outcome == DESK_ENRICHED)
        good = pack_json(&packer, result.json);
    else if (good)
        pack_rejected(&packer, map, &result.error);
    free(text);
    return good;
}
