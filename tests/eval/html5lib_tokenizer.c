/* Runs the tokenizer cases of html5lib-tests against our tokenizer: html5lib_tokenizer FILE...
 *
 * Prints passed, failed and skipped per file and each failure; exits 1 when a case fails. Tokens
 * are compared in full, in every initial state a case names. Not compared: lists of parse errors,
 * which our tokenizer does not report. Skipped, counted with the reason:
 * - cases whose input holds half a surrogate pair: our input is UTF-8, where there is none;
 * - xmlViolation.test: it describes a coercion for XML, which HTML text does not need. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "html/doctype.h"
#include "html/tokenizer.h"
#include "text/utf8.h"

enum outcome { PASSED, FAILED, SKIPPED, OUTCOMES };

struct totals {
    size_t counts[OUTCOMES];
};

/* --- what a case says ---------------------------------------------------------------------- */

/* Resolves \uHHHH in a text that was escaped twice; false when it holds half a surrogate pair. */
static bool unescape(desk_slice text, char *out, size_t *len)
{
    *len = 0;
    for (size_t i = 0; i < text.len;) {
        unsigned first = 0, second = 0;
        if (text.len - i < 6 || sscanf(text.data + i, "\\u%4x", &first) != 1) {
            out[(*len)++] = text.data[i++];
            continue;
        }
        i += 6;
        if (first >= 0xD800 && first < 0xE000) {
            if (first >= 0xDC00 || text.len - i < 6 ||
                sscanf(text.data + i, "\\u%4x", &second) != 1 || second < 0xDC00 || second > 0xDFFF)
                return false;
            first = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            i += 6;
        }
        *len += utf8_put(first, out + *len);
    }
    return true;
}

static json_t *unescape_value(json_t *value);

static json_t *unescape_text(const char *text, size_t len)
{
    char *out = malloc(len + 4);
    size_t out_len = 0;
    json_t *result =
        out && unescape(slice_of(text, len), out, &out_len) ? json_stringn(out, out_len) : NULL;
    free(out);
    return result;
}

/* Lists and attribute maps with each of their texts resolved; NULL when one cannot be. */
static json_t *unescape_list(json_t *list)
{
    json_t *result = json_array(), *item;
    size_t i;
    json_array_foreach(list, i, item) if (json_array_append_new(result, unescape_value(item)) != 0)
    {
        json_decref(result);
        return NULL;
    }
    return result;
}

static json_t *unescape_map(json_t *map)
{
    json_t *result = json_object(), *value;
    const char *key;
    json_object_foreach(map, key, value)
    {
        json_t *name = unescape_text(key, strlen(key));
        int failed = !name || json_object_set_new_nocheck(result, json_string_value(name),
                                                          unescape_value(value)) != 0;
        json_decref(name);
        if (failed) {
            json_decref(result);
            return NULL;
        }
    }
    return result;
}

static json_t *unescape_value(json_t *value)
{
    if (json_is_string(value))
        return unescape_text(json_string_value(value), json_string_length(value));
    if (json_is_array(value))
        return unescape_list(value);
    return json_is_object(value) ? unescape_map(value) : json_incref(value);
}

/* --- what our tokenizer says --------------------------------------------------------------- */

static json_t *json_slice(desk_slice text)
{
    return json_stringn(text.data ? text.data : "", text.len);
}

static json_t *json_decoded(struct arena *arena, desk_slice text, enum text_mode mode)
{
    return html_decode(arena, &text, mode) ? json_slice(text) : NULL;
}

/* Our names are as written; the standard's are in lower case with U+FFFD for NUL. */
static json_t *json_name(struct arena *arena, desk_slice name)
{
    char *lower = arena_alloc(arena, name.len + 1, 1);
    desk_slice decoded = slice_of(lower, name.len);
    for (size_t i = 0; lower && i < name.len; i++)
        lower[i] = ascii_lower(name.data[i]);
    return json_decoded(arena, decoded, TEXT_RAW);
}

static json_t *json_tag(struct arena *arena, const struct html_token *token)
{
    if (token->type == HTML_END_TAG)
        return json_pack("[s,o]", "EndTag", json_name(arena, token->name));
    json_t *attributes = json_object();
    for (size_t i = 0; i < token->attributes_count; i++) {
        json_t *name = json_name(arena, token->attributes[i].name);
        if (!json_object_get(attributes, json_string_value(name)))
            json_object_set_new_nocheck(
                attributes, json_string_value(name),
                json_decoded(arena, token->attributes[i].value, TEXT_ATTRIBUTE));
        json_decref(name);
    }
    json_t *tag = json_pack("[s,o,o]", "StartTag", json_name(arena, token->name), attributes);
    if (token->is_self_closing)
        json_array_append_new(tag, json_true());
    return tag;
}

static json_t *json_doctype(struct arena *arena, const struct html_token *token)
{
    struct html_doctype doctype = html_doctype_read(token->text, token->is_unfinished);
    json_t *name = doctype.name.data ? json_name(arena, doctype.name) : json_null();
    json_t *public_id =
        doctype.public_id.data ? json_decoded(arena, doctype.public_id, TEXT_RAW) : json_null();
    json_t *system_id =
        doctype.system_id.data ? json_decoded(arena, doctype.system_id, TEXT_RAW) : json_null();
    return json_pack("[s,o,o,o,b]", "DOCTYPE", name, public_id, system_id, !doctype.force_quirks);
}

/* Appends a token; neighbouring texts become one. */
static void add_token(struct arena *arena, json_t *tokens, const struct html_token *token)
{
    if (token->type != HTML_TEXT) {
        json_t *made =
            token->type == HTML_COMMENT
                ? json_pack("[s,o]", "Comment", json_decoded(arena, token->text, TEXT_RAW))
            : token->type == HTML_DOCTYPE ? json_doctype(arena, token)
                                          : json_tag(arena, token);
        json_array_append_new(tokens, made);
        return;
    }
    json_t *text = json_decoded(arena, token->text, token->mode);
    json_t *last = json_array_get(tokens, json_array_size(tokens) - 1);
    json_t *before = last && !strcmp(json_string_value(json_array_get(last, 0)), "Character")
                         ? json_array_get(last, 1)
                         : NULL;
    if (!before) {
        json_array_append_new(tokens, json_pack("[s,o]", "Character", text));
        return;
    }
    size_t len = json_string_length(before), more = json_string_length(text);
    char *joined = arena_alloc(arena, len + more + 1, 1);
    memcpy(joined, json_string_value(before), len);
    memcpy(joined + len, json_string_value(text), more);
    json_array_set_new(last, 1, json_stringn(joined, len + more));
    json_decref(text);
}

static json_t *tokenise(struct arena *arena, desk_slice input, const char *state, const char *tag)
{
    static const struct {
        const char *name;
        enum raw_state raw;
    } states[] = {{"Data state", RAW_NONE},          {"PLAINTEXT state", RAW_PLAINTEXT},
                  {"RCDATA state", RAW_RCDATA},      {"RAWTEXT state", RAW_TEXT},
                  {"Script data state", RAW_SCRIPT}, {"CDATA section state", RAW_CDATA}};
    struct tokenizer tokenizer;
    struct html_token token;
    json_t *tokens = json_array();
    tokenizer_init(&tokenizer, input, arena);
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (!strcmp(states[i].name, state))
            tokenizer_set_raw(&tokenizer, states[i].raw, slice_from_cstr(tag));
    while (tokenizer_next(&tokenizer, &token))
        add_token(arena, tokens, &token);
    return tokens;
}

/* --- running ------------------------------------------------------------------------------- */

static bool run_state(json_t *test, json_t *input, json_t *wanted, const char *state)
{
    struct arena arena;
    const char *tag = json_string_value(json_object_get(test, "lastStartTag"));
    arena_init(&arena, (size_t)64 << 20, 0);
    json_t *got =
        tokenise(&arena, slice_of(json_string_value(input), json_string_length(input)), state, tag);
    bool good = json_equal(got, wanted);
    if (!good) {
        char *ours = json_dumps(got, 0), *theirs = json_dumps(wanted, 0),
             *source = json_dumps(input, JSON_ENCODE_ANY);
        printf("  failed: %s (%s)\n    input  %s\n    wanted %s\n    got    %s\n",
               json_string_value(json_object_get(test, "description")), state, source, theirs,
               ours);
        free(ours);
        free(theirs);
        free(source);
    }
    json_decref(got);
    arena_deinit(&arena);
    return good;
}

static enum outcome run_test(json_t *test)
{
    json_t *states = json_object_get(test, "initialStates"), *state;
    bool is_escaped = json_is_true(json_object_get(test, "doubleEscaped")), good = true;
    json_t *input = json_object_get(test, "input"), *wanted = json_object_get(test, "output");
    input = is_escaped ? unescape_value(input) : json_incref(input);
    wanted = is_escaped ? unescape_value(wanted) : json_incref(wanted);
    size_t i;
    enum outcome outcome = SKIPPED;
    if (input && wanted) {
        json_array_foreach(states, i, state) good &=
            run_state(test, input, wanted, json_string_value(state));
        if (!states)
            good = run_state(test, input, wanted, "Data state");
        outcome = good ? PASSED : FAILED;
    }
    json_decref(input);
    json_decref(wanted);
    return outcome;
}

static bool run_file(const char *path, struct totals *totals)
{
    json_error_t error;
    json_t *root = json_load_file(path, JSON_ALLOW_NUL, &error), *test;
    json_t *xml = json_object_get(root, "xmlViolationTests"),
           *tests = json_object_get(root, "tests");
    struct totals file = {{0}};
    size_t i;
    if (!root) {
        fprintf(stderr, "%s:%d: %s\n", path, error.line, error.text);
        return false;
    }
    json_array_foreach(tests, i, test) file.counts[run_test(test)]++;
    file.counts[SKIPPED] += json_array_size(xml);
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    printf("%-32s %5zu passed %3zu failed %3zu skipped%s\n", name, file.counts[PASSED],
           file.counts[FAILED], file.counts[SKIPPED],
           xml                    ? " (coercion for XML)"
           : file.counts[SKIPPED] ? " (half a surrogate pair)"
                                  : "");
    for (int k = 0; k < OUTCOMES; k++)
        totals->counts[k] += file.counts[k];
    json_decref(root);
    return true;
}

int main(int argc, char **argv)
{
    struct totals totals = {{0}};
    for (int i = 1; i < argc; i++)
        if (!run_file(argv[i], &totals))
            return 2;
    printf("%-32s %5zu passed %3zu failed %3zu skipped\n", "all", totals.counts[PASSED],
           totals.counts[FAILED], totals.counts[SKIPPED]);
    return totals.counts[FAILED] || !totals.counts[PASSED];
}
