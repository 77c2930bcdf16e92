/* What a loaded stage may change beside subjects: extra fields, the texts that routes go by, and
 * whether the article goes on. */
#include <string.h>

#include "article/article.h"
#include "article/json_read.h"
#include "article/json_write.h"
#include "base/error.h"
#include "base/slice.h"
#include "stage/turn.h"
#include "text/utf8.h"

/* Far above any genuine value. */
enum { KEY_BYTES_MAX = 200, TEXT_BYTES_MAX = 1000, DEPTH_MAX = 64 };
/* Of looking at one key of another field. */
enum { EXTRA_STEPS = 64 };
/* Of one value, and of its text as JSON. */
static const size_t EXTRA_BYTES_MAX = (size_t)16 << 20;

/* --- extra --------------------------------------------------------------------------------- */

static bool is_json(struct desk_article *article, desk_slice json)
{
    struct json_reader reader;
    desk_error err = DESK_ERROR_INIT;
    desk_slice raw;
    if (!json.len || !json.data || json.len > EXTRA_BYTES_MAX || !utf8_is_valid(json))
        return false;
    json_reader_init(&reader, article->arena, json, DEPTH_MAX, &err);
    return json_skip(&reader, &raw) && json_at_end(&reader);
}

static desk_slice quoted(struct desk_article *article, desk_slice text)
{
    struct json_writer writer;
    json_writer_init(&writer, article->arena, text.len + 16, EXTRA_BYTES_MAX * 6 + 16);
    json_text(&writer, text);
    return writer.status == DESK_OK ? slice_of(writer.data, writer.len) : slice_of(NULL, 0);
}

/* Keys of the input may be escaped in another way than ours: they are compared as texts. */
static bool is_key(struct desk_article *article, desk_slice key_json, desk_slice key)
{
    struct json_reader reader;
    desk_error err = DESK_ERROR_INIT;
    desk_slice text;
    json_reader_init(&reader, article->arena, key_json, 1, &err);
    return json_read_string(&reader, "key", &text) && slice_equal(text, key);
}

static struct extra_field *extra_slot(struct desk_article *article, desk_slice key)
{
    for (size_t i = 0; i < article->extra.count; i++)
        if (is_key(article, article->extra.items[i].key_json, key))
            return &article->extra.items[i];
    desk_slice key_json = quoted(article, key);
    struct extra_field *slot = key_json.data ? article_add_extra(article) : NULL;
    if (slot)
        slot->key_json = key_json;
    return slot;
}

desk_status desk_article_set_extra(desk_article *article, const char *key, desk_slice json)
{
    desk_slice name = slice_from_cstr(key);
    if (!article || !article->turn || !name.len || name.len > KEY_BYTES_MAX || !utf8_is_valid(name))
        return turn_refuse(article, "extra: a key is UTF-8 of 1 to %d bytes", KEY_BYTES_MAX);
    if (!is_json(article, json))
        return turn_refuse(article, "extra: the value of %s is no JSON", key);
    if (!article_work(article, EXTRA_STEPS * (article->extra.count + 1)))
        return turn_refuse(article, "extra: no work is left for %s (limits.work)", key);
    desk_slice value = arena_copy(article->arena, json);
    struct extra_field *slot = value.data ? extra_slot(article, name) : NULL;
    if (!slot)
        return DESK_EMEMORY;
    slot->value_json = value;
    return DESK_OK;
}

desk_status desk_article_set_extra_text(desk_article *article, const char *key, desk_slice text)
{
    if (!article || !article->turn || (text.len && !text.data) || text.len > EXTRA_BYTES_MAX ||
        !utf8_is_valid(text))
        return turn_refuse(article, "extra: the text of %s is no UTF-8", key ? key : "(no key)");
    desk_slice json = quoted(article, text);
    return json.data ? desk_article_set_extra(article, key, json) : DESK_EMEMORY;
}

/* --- texts that routes go by --------------------------------------------------------------- */

static bool is_language(desk_slice text)
{
    size_t primary = slice_find_byte(text, '-', 0);
    primary = primary == DESK_SLICE_NONE ? text.len : primary;
    for (size_t i = 0; i < text.len; i++)
        if (i < primary ? text.data[i] < 'a' || text.data[i] > 'z'
                        : !ascii_is_alpha(text.data[i]) && !ascii_is_digit(text.data[i]) &&
                              text.data[i] != '-')
            return false;
    return (primary == 2 || primary == 3) && text.len <= 35 && text.data[text.len - 1] != '-';
}

static bool is_country(desk_slice text)
{
    return text.len == 2 && text.data[0] >= 'A' && text.data[0] <= 'Z' && text.data[1] >= 'A' &&
           text.data[1] <= 'Z';
}

static bool is_domain(desk_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_digit(text.data[i]) && text.data[i] != '-' && text.data[i] != '.' &&
            (text.data[i] < 'a' || text.data[i] > 'z'))
            return false;
    return text.len >= 3 && text.len <= 253 && slice_find_byte(text, '.', 1) != DESK_SLICE_NONE;
}

static bool is_any(desk_slice text)
{
    return text.len > 0;
}

struct settable {
    const char *name; /* as the record has it */
    desk_field field;
    size_t slot; /* in the article */
    bool (*is_good)(desk_slice text);
};

#define SLOT(member) offsetof(struct desk_article, member)

static const struct settable SETTABLE[] = {
    {"language", DESK_FIELD_LANGUAGE, SLOT(language), is_language},
    {"section", DESK_FIELD_SECTION, SLOT(section), is_any},
    {"source.domain", DESK_FIELD_SOURCE_DOMAIN, SLOT(source_domain), is_domain},
    {"source.name", DESK_FIELD_SOURCE_NAME, SLOT(source_name), is_any},
    {"source.country", DESK_FIELD_SOURCE_COUNTRY, SLOT(source_country), is_country},
    {"source.type", DESK_FIELD_SOURCE_TYPE, SLOT(source_type), is_any},
};

static const struct settable *find_settable(desk_field field)
{
    for (size_t i = 0; i < sizeof SETTABLE / sizeof SETTABLE[0]; i++)
        if (SETTABLE[i].field == field)
            return &SETTABLE[i];
    return NULL;
}

desk_status desk_article_set_text(desk_article *article, desk_field field, desk_slice text)
{
    const struct settable *settable = find_settable(field);
    if (!article || !article->turn || !settable || !text.data || text.len > TEXT_BYTES_MAX ||
        !utf8_is_valid(text) || !settable->is_good(text))
        return turn_refuse(article, "%s cannot be set to that",
                           settable ? settable->name : "this field");
    desk_slice copy = arena_copy(article->arena, text);
    if (!copy.data)
        return DESK_EMEMORY;
    memcpy((char *)article + settable->slot, &copy, sizeof copy);
    if (field == DESK_FIELD_LANGUAGE)
        article->language_confidence = 1;
    return DESK_OK;
}

/* --- verdict and budget -------------------------------------------------------------------- */

void turn_keep_reason(struct stage_turn *turn, const char *reason)
{
    reason = reason ? reason : "";
    size_t len = strnlen(reason, TURN_REASON_MAX);
    len = utf8_valid_prefix(reason, len);
    for (size_t i = 0; i < len; i++)
        turn->reason[i] = (unsigned char)reason[i] < ' ' || reason[i] == 0x7F ? ' ' : reason[i];
    turn->reason[len] = '\0';
}

static void decide(desk_article *article, enum turn_verdict verdict, const char *reason)
{
    if (!article || !article->turn || article->turn->verdict != TURN_KEEP)
        return;
    article->turn->verdict = verdict;
    turn_keep_reason(article->turn, reason);
}

void desk_article_reject(desk_article *article, const char *reason)
{
    decide(article, TURN_REJECT, reason);
}

void desk_article_drop(desk_article *article, const char *reason)
{
    decide(article, TURN_DROP, reason);
}

int desk_article_work(desk_article *article, uint64_t steps)
{
    return article && article->turn && article_work(article, steps);
}
