/* Reading the answer's JSON, member by member, into the functions that loaded stages call, too. */
#include "stage/answer.h"

#include <string.h>

#include "article/article.h"
#include "article/json_read.h"
#include "base/error.h"
#include "base/slice.h"
#include "stage/turn.h"
#include "text/utf8.h"
#include "yaml/yaml.h"

enum { DEPTH_MAX = 64, DIGITS_MAX = 17, EXPONENT_MAX = 30 };

struct answer {
    struct json_reader reader;
    struct desk_article *article;
    desk_error *err; /* the caller's */
    desk_status status;
};

static bool fail(struct answer *answer, desk_status status, const char *text, desk_slice word)
{
    int shown = word.len > 60 ? 60 : (int)word.len;
    if (answer->status == DESK_OK)
        answer->status = error_set(answer->err, status, "the answer of the child: %s%.*s", text,
                                   shown, word.data ? word.data : "");
    return false;
}

/* The functions of a turn say themselves what they do not take. */
static bool took(struct answer *answer, desk_status status)
{
    if (status == DESK_OK)
        return true;
    if (status == DESK_EMEMORY && answer->status == DESK_OK)
        answer->status = article_memory_error(answer->err);
    return fail(answer, DESK_ECHILD, answer->article->turn->fault, slice_of(NULL, 0));
}

/* A member that is none: named with the nearest that is. */
static bool unknown(struct answer *answer, desk_slice key, const char *const *known)
{
    const char *near = yaml_nearest(key, known);
    if (answer->status == DESK_OK)
        answer->status = error_set(
            answer->err, DESK_ECHILD, "the answer of the child: there is no member '%.*s'%s%s%s",
            key.len > 60 ? 60 : (int)key.len, key.data ? key.data : "",
            near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    return false;
}

/* --- values -------------------------------------------------------------------------------- */

/* The digits of a JSON number as a double, whatever the locale says. Precise enough for shares and
 * weights: 17 digits, exponents within +-30. */
static double to_double(desk_slice digits)
{
    const char *p = digits.data, *end = p + digits.len;
    double value = 0;
    int exponent = 0, given = 0, used = 0;
    bool is_negative = p < end && *p == '-', is_fraction = false, is_small = false;
    for (p += is_negative; p < end && *p != 'e' && *p != 'E'; p++) {
        if (*p == '.') {
            is_fraction = true;
        } else if (used < DIGITS_MAX) {
            value = value * 10 + (*p - '0');
            used += used || *p != '0';
            exponent -= is_fraction;
        } else {
            exponent += !is_fraction;
        }
    }
    for (p += p < end; p < end; p++)
        if (*p == '-')
            is_small = true;
        else if (*p != '+' && given < 1000)
            given = given * 10 + (*p - '0');
    exponent += is_small ? -given : given;
    if (exponent > EXPONENT_MAX || exponent < -EXPONENT_MAX - DIGITS_MAX)
        return exponent > 0 && value > 0 ? 1e300 : 0;
    for (; exponent > 0; exponent--)
        value *= 10;
    for (; exponent < 0; exponent++)
        value /= 10;
    return is_negative ? -value : value;
}

static bool read_double(struct answer *answer, const char *what, double *value)
{
    desk_slice digits;
    if (!json_read_number(&answer->reader, what, &digits))
        return false;
    *value = to_double(digits);
    return true;
}

static bool read_count(struct answer *answer, const char *what, uint64_t *value)
{
    desk_slice digits;
    if (!json_read_number(&answer->reader, what, &digits))
        return false;
    *value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (!ascii_is_digit(digits.data[i]) || *value > UINT64_MAX / 10 - 1)
            return fail(answer, DESK_ECHILD, "a whole number from 0 is wanted as ",
                        slice_from_cstr(what));
        *value = *value * 10 + (uint64_t)(digits.data[i] - '0');
    }
    return true;
}

/* --- evidence ------------------------------------------------------------------------------ */

enum { NOT_GIVEN = -1 };

static bool read_field(struct answer *answer, desk_field *field)
{
    static const char *const names[] = {"title", "description", "body"};
    desk_slice name;
    if (!json_read_string(&answer->reader, "field", &name))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (slice_is(name, names[i])) {
            *field = (desk_field)i;
            return true;
        }
    return fail(answer, DESK_ECHILD, "field is title, description or body, not ", name);
}

/* Where the text stands: at the code point that is given, else at its first place. */
static bool place(struct answer *answer, int64_t points, desk_evidence *evidence)
{
    desk_slice field = article_field_text(answer->article, (enum article_field)evidence->field);
    const char *p = field.data, *end = p + field.len;
    if (!article_work(answer->article, field.len))
        answer->status = article_work_error(answer->err);
    if (answer->status != DESK_OK)
        return false;
    if (points == NOT_GIVEN) {
        evidence->offset_bytes = slice_find(field, evidence->text, 0);
        return evidence->offset_bytes != DESK_SLICE_NONE ||
               fail(answer, DESK_ECHILD,
                    "evidence that does not stand in its field: ", evidence->text);
    }
    for (; points > 0 && p < end; points--)
        utf8_next(&p, end);
    evidence->offset_bytes = points ? SIZE_MAX : (size_t)(p - field.data);
    return true;
}

static bool read_evidence_member(struct answer *answer, desk_slice key, desk_evidence *evidence,
                                 int64_t *points)
{
    static const char *const known[] = {"field", "text", "offset", "rule", "weight", NULL};
    uint64_t count;
    if (slice_is(key, "field"))
        return read_field(answer, &evidence->field);
    if (slice_is(key, "text"))
        return json_read_string(&answer->reader, "text", &evidence->text);
    if (slice_is(key, "rule"))
        return json_read_string(&answer->reader, "rule", &evidence->rule);
    if (slice_is(key, "weight"))
        return read_double(answer, "weight", &evidence->weight);
    if (!slice_is(key, "offset"))
        return unknown(answer, key, known);
    if (!read_count(answer, "offset", &count))
        return false;
    *points = count > INT64_MAX ? INT64_MAX : (int64_t)count;
    return true;
}

static bool read_evidence(struct answer *answer, desk_evidence *evidence)
{
    desk_slice key;
    int64_t points = NOT_GIVEN;
    *evidence = (desk_evidence)DESK_EVIDENCE_INIT;
    evidence->field = DESK_FIELD_BODY;
    evidence->weight = 1;
    if (!json_enter_object(&answer->reader))
        return false;
    while (json_next_key(&answer->reader, &key))
        if (!read_evidence_member(answer, key, evidence, &points))
            return false;
    if (json_failed(&answer->reader))
        return false;
    return evidence->text.len ? place(answer, points, evidence)
                              : fail(answer, DESK_ECHILD, "evidence without text", slice_of("", 0));
}

struct evidence_array {
    desk_evidence *items;
    size_t count, capacity;
};

static bool read_evidence_list(struct answer *answer, struct evidence_array *list)
{
    struct arena *arena = answer->article->arena;
    if (!json_enter_array(&answer->reader))
        return false;
    while (json_next_element(&answer->reader)) {
        if (list->count == list->capacity) {
            size_t wanted = list->capacity ? list->capacity * 2 : 8;
            list->items = arena_grow(arena, list->items, list->capacity * sizeof *list->items,
                                     wanted * sizeof *list->items, _Alignof(desk_evidence));
            list->capacity = wanted;
        }
        if (!list->items)
            return took(answer, DESK_EMEMORY);
        if (!read_evidence(answer, &list->items[list->count++]))
            return false;
    }
    return !json_failed(&answer->reader);
}

/* --- subjects ------------------------------------------------------------------------------ */

static bool read_subject_member(struct answer *answer, desk_slice key, desk_subject *subject,
                                struct evidence_array *evidence)
{
    static const char *const known[] = {"uri", "name", "confidence", "evidence", NULL};
    if (slice_is(key, "uri"))
        return json_read_string(&answer->reader, "uri", &subject->uri);
    if (slice_is(key, "name"))
        return json_read_string(&answer->reader, "name", &subject->name);
    if (slice_is(key, "confidence"))
        return read_double(answer, "confidence", &subject->confidence);
    if (slice_is(key, "evidence"))
        return read_evidence_list(answer, evidence);
    return unknown(answer, key, known);
}

static bool read_subject(struct answer *answer)
{
    desk_slice key;
    desk_subject subject = DESK_SUBJECT_INIT;
    struct evidence_array evidence = {NULL, 0, 0};
    subject.confidence = 1;
    if (!json_enter_object(&answer->reader))
        return false;
    while (json_next_key(&answer->reader, &key))
        if (!read_subject_member(answer, key, &subject, &evidence))
            return false;
    return !json_failed(&answer->reader) &&
           took(answer, desk_article_add_subject(answer->article, &subject, evidence.items,
                                                 evidence.count));
}

static bool read_subjects(struct answer *answer)
{
    if (!json_enter_array(&answer->reader))
        return false;
    while (json_next_element(&answer->reader))
        if (!read_subject(answer))
            return false;
    return !json_failed(&answer->reader);
}

/* --- the rest ------------------------------------------------------------------------------ */

/* Keys are NUL-terminated for the public functions. */
static const char *to_cstr(struct answer *answer, desk_slice text)
{
    char *copy = arena_alloc(answer->article->arena, text.len + 1, 1);
    if (copy) {
        memcpy(copy, text.data ? text.data : "", text.len);
        copy[text.len] = '\0';
    }
    return copy;
}

static bool read_extra(struct answer *answer)
{
    desk_slice key, value;
    if (!json_enter_object(&answer->reader))
        return false;
    while (json_next_key(&answer->reader, &key)) {
        const char *name = to_cstr(answer, key);
        if (!name)
            return took(answer, DESK_EMEMORY);
        if (!json_skip(&answer->reader, &value) ||
            !took(answer, desk_article_set_extra(answer->article, name, value)))
            return false;
    }
    return !json_failed(&answer->reader);
}

static bool read_text(struct answer *answer, const char *what, desk_field field)
{
    desk_slice text;
    return json_read_string(&answer->reader, what, &text) &&
           took(answer, desk_article_set_text(answer->article, field, text));
}

static bool read_source(struct answer *answer)
{
    static const char *const known[] = {"domain", "name", "country", "type", NULL};
    static const desk_field fields[] = {DESK_FIELD_SOURCE_DOMAIN, DESK_FIELD_SOURCE_NAME,
                                        DESK_FIELD_SOURCE_COUNTRY, DESK_FIELD_SOURCE_TYPE};
    desk_slice key;
    if (!json_enter_object(&answer->reader))
        return false;
    while (json_next_key(&answer->reader, &key)) {
        size_t i = 0;
        while (known[i] && !slice_is(key, known[i]))
            i++;
        if (known[i] ? !read_text(answer, known[i], fields[i]) : !unknown(answer, key, known))
            return false;
    }
    return !json_failed(&answer->reader);
}

static bool read_reason(struct answer *answer, desk_slice key)
{
    desk_slice text;
    if (!json_read_string(&answer->reader, "reason", &text))
        return false;
    const char *reason = to_cstr(answer, text);
    if (!reason)
        return took(answer, DESK_EMEMORY);
    if (slice_is(key, "error")) {
        turn_keep_reason(answer->article->turn, reason);
        if (answer->status == DESK_OK)
            answer->status =
                error_set(answer->err, DESK_ECHILD, "the answer of the child: it failed: %s",
                          answer->article->turn->reason);
        return false;
    }
    if (slice_is(key, "reject"))
        desk_article_reject(answer->article, reason);
    else
        desk_article_drop(answer->article, reason);
    return true;
}

static bool read_member(struct answer *answer, desk_slice key)
{
    static const char *const known[] = {"subjects", "extra", "language", "section", "source",
                                        "reject",   "drop",  "error",    NULL};
    if (slice_is(key, "subjects"))
        return read_subjects(answer);
    if (slice_is(key, "extra"))
        return read_extra(answer);
    if (slice_is(key, "language"))
        return read_text(answer, "language", DESK_FIELD_LANGUAGE);
    if (slice_is(key, "section"))
        return read_text(answer, "section", DESK_FIELD_SECTION);
    if (slice_is(key, "source"))
        return read_source(answer);
    if (slice_is(key, "reject") || slice_is(key, "drop") || slice_is(key, "error"))
        return read_reason(answer, key);
    return unknown(answer, key, known);
}

/* The number comes first, so that nothing is done to the wrong article. */
static bool read_seq(struct answer *answer, uint64_t wanted)
{
    desk_slice key;
    uint64_t seq = 0;
    if (!json_enter_object(&answer->reader) || !json_next_key(&answer->reader, &key))
        return !json_failed(&answer->reader) &&
               fail(answer, DESK_ECHILD, "its first member has to be seq", slice_of("", 0));
    if (!slice_is(key, "seq"))
        return fail(answer, DESK_ECHILD, "its first member has to be seq, not ", key);
    return read_count(answer, "seq", &seq) &&
           (seq == wanted ||
            fail(answer, DESK_ECHILD, "its seq is not that of the question", slice_of("", 0)));
}

desk_status answer_take(desk_slice line, uint64_t seq, struct desk_article *article,
                        bool *is_readable, desk_error *err)
{
    desk_error syntax = DESK_ERROR_INIT;
    struct answer answer = {.article = article, .err = err};
    desk_slice key;
    *is_readable = false;
    if (!utf8_is_valid(line))
        return error_set(err, DESK_ECHILD, "the answer of the child is no UTF-8");
    json_reader_init(&answer.reader, article->arena, line, DEPTH_MAX, &syntax);
    if (read_seq(&answer, seq)) {
        *is_readable = true;
        while (json_next_key(&answer.reader, &key) && read_member(&answer, key)) {}
    }
    if (answer.status == DESK_OK && !json_failed(&answer.reader))
        json_at_end(&answer.reader);
    if (answer.status != DESK_OK)
        return answer.status;
    if (!json_failed(&answer.reader))
        return DESK_OK;
    *is_readable = false;
    return error_set(err, syntax.status == DESK_EMEMORY ? DESK_EMEMORY : DESK_ECHILD,
                     "the answer of the child: %.300s", syntax.message);
}
