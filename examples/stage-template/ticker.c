/* Ticker symbols: "(NASDAQ: ACME)", "NYSE:ACME" and "$ACME" become the subject "ticker:ACME", with
 * where they stand as evidence, and the list extra.tickers.
 *
 *     - load: ./ticker.so
 *       config: {exchanges: [NASDAQ, NYSE, LSE], names: {ACME: Acme Corporation}}
 *
 * With `names` only symbols it lists count after a dollar sign: "$CASH" is no ticker. */
#include <copydesk/stage.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SYMBOL_MAX = 6, FOUND_MAX = 50, WORK_A_BYTE = 1 };

struct state {
    char **exchanges;
    size_t exchanges_count;
    char **symbols, **names; /* in pairs */
    size_t names_count;
};

static const desk_stage_description *describe(void)
{
    static const char *const keys[] = {"exchanges", "names", NULL};
    static const desk_stage_description is = {sizeof is, "ticker", "1.0",
                                              "a subject for each ticker symbol", keys};
    return &is;
}

static void close_stage(void *opaque)
{
    struct state *state = opaque;
    if (!state)
        return;
    for (size_t i = 0; i < state->exchanges_count; i++)
        free(state->exchanges[i]);
    for (size_t i = 0; i < state->names_count; i++) {
        free(state->symbols[i]);
        free(state->names[i]);
    }
    free(state->exchanges);
    free(state->symbols);
    free(state->names);
    free(state);
}

static desk_status read_names(desk_stage_config *names, struct state *state)
{
    size_t count = 0;
    while (desk_stage_config_key(names, count))
        count++;
    state->symbols = calloc(count + 1, sizeof *state->symbols);
    state->names = calloc(count + 1, sizeof *state->names);
    if (!state->symbols || !state->names)
        return DESK_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        const char *symbol = desk_stage_config_key(names, i);
        state->symbols[i] = strdup(symbol);
        state->names[i] = strdup(desk_stage_config_text(names, symbol, symbol));
        state->names_count++;
        if (!state->symbols[i] || !state->names[i])
            return DESK_ENOMEM;
    }
    return DESK_OK;
}

static desk_status open_stage(desk_stage_config *config, void **opaque, desk_error *err)
{
    static const char *const usual[] = {"NASDAQ", "NYSE", "LSE", "TSX", "ASX"};
    size_t given = desk_stage_config_count(config, "exchanges");
    size_t count = given ? given : sizeof usual / sizeof usual[0];
    struct state *state = calloc(1, sizeof *state);
    (void)err;
    *opaque = state;
    if (!state || !(state->exchanges = calloc(count, sizeof *state->exchanges)))
        return DESK_ENOMEM;
    for (; state->exchanges_count < count; state->exchanges_count++) {
        size_t i = state->exchanges_count;
        const char *name = given ? desk_stage_config_item(config, "exchanges", i) : usual[i];
        if (!(state->exchanges[i] = strdup(name)))
            return DESK_ENOMEM;
    }
    return read_names(desk_stage_config_section(config, "names"), state);
}

/* --- symbols ------------------------------------------------------------------------------- */

static int is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static int is_word_byte(char c)
{
    return is_capital(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80);
}

static const char *name_of(const struct state *state, desk_slice symbol)
{
    for (size_t i = 0; i < state->names_count; i++)
        if (strlen(state->symbols[i]) == symbol.len &&
            !memcmp(state->symbols[i], symbol.data, symbol.len))
            return state->names[i];
    return NULL;
}

/* Length of the symbol that stands at `at`, or 0. */
static size_t symbol_at(desk_slice text, size_t at)
{
    size_t len = 0;
    while (at + len < text.len && len <= SYMBOL_MAX && is_capital(text.data[at + len]))
        len++;
    int goes_on = at + len < text.len && is_word_byte(text.data[at + len]);
    return len > SYMBOL_MAX || goes_on ? 0 : len;
}

/* "NASDAQ: " before `at`. Returns where the symbol begins, or 0. */
static size_t behind_exchange(const struct state *state, desk_slice text, size_t at)
{
    for (size_t i = 0; i < state->exchanges_count; i++) {
        size_t len = strlen(state->exchanges[i]);
        if (at + len >= text.len || memcmp(text.data + at, state->exchanges[i], len) != 0 ||
            text.data[at + len] != ':' || (at && is_word_byte(text.data[at - 1])))
            continue;
        at += len + 1;
        return at < text.len && text.data[at] == ' ' ? at + 1 : at;
    }
    return 0;
}

static size_t behind_dollar(const struct state *state, desk_slice text, size_t at)
{
    if (text.data[at] != '$')
        return 0;
    desk_slice symbol = {text.data + at + 1, symbol_at(text, at + 1)};
    return symbol.len && (!state->names_count || name_of(state, symbol)) ? at + 1 : 0;
}

static desk_status add(const struct state *state, desk_article *article, desk_field field,
                       desk_evidence *evidence)
{
    char uri[16 + SYMBOL_MAX];
    const char *name = name_of(state, evidence->text);
    desk_subject subject = DESK_SUBJECT_INIT;
    subject.uri.data = uri;
    subject.uri.len = (size_t)snprintf(uri, sizeof uri, "ticker:%.*s", (int)evidence->text.len,
                                       evidence->text.data);
    subject.name = name ? (desk_slice){name, strlen(name)} : evidence->text;
    subject.confidence = name ? 1 : .8;
    evidence->field = field;
    evidence->weight = 1;
    return desk_article_add_subject(article, &subject, evidence, 1);
}

static desk_status find_in(const struct state *state, desk_article *article, desk_field field)
{
    desk_slice text = desk_article_text(article, field);
    desk_status status = DESK_OK;
    if (!desk_article_work(article, text.len * WORK_A_BYTE))
        return DESK_EWORK;
    for (size_t i = 0, found = 0; i < text.len && found < FOUND_MAX && status == DESK_OK; i++) {
        size_t at = behind_dollar(state, text, i);
        at = at ? at : behind_exchange(state, text, i);
        size_t len = at ? symbol_at(text, at) : 0;
        if (!len)
            continue;
        desk_evidence evidence = DESK_EVIDENCE_INIT;
        evidence.text = (desk_slice){text.data + at, len};
        evidence.offset_bytes = at;
        status = add(state, article, field, &evidence);
        found++;
    }
    return status;
}

/* Those that the article has now, as a JSON list. */
static desk_status list_tickers(desk_article *article)
{
    char json[FOUND_MAX * 2 * (SYMBOL_MAX + 3) + 3] = "[";
    size_t len = 1;
    desk_subject subject = DESK_SUBJECT_INIT;
    for (size_t i = 0; desk_article_subject(article, i, &subject); i++)
        if (subject.uri.len > 7 && !memcmp(subject.uri.data, "ticker:", 7) &&
            len + SYMBOL_MAX + 4 < sizeof json)
            len += (size_t)snprintf(json + len, sizeof json - len, "%s\"%.*s\"", len > 1 ? "," : "",
                                    (int)subject.uri.len - 7, subject.uri.data + 7);
    if (len == 1)
        return DESK_OK;
    json[len++] = ']';
    return desk_article_set_extra(article, "tickers", (desk_slice){json, len});
}

static desk_status process(void *opaque, desk_article *article, desk_error *err)
{
    desk_status status = find_in(opaque, article, DESK_FIELD_TITLE);
    (void)err;
    if (status == DESK_OK)
        status = find_in(opaque, article, DESK_FIELD_BODY);
    return status == DESK_OK ? list_tickers(article) : status;
}

DESK_API const desk_stage desk_stage_v1 = {DESK_STAGE_ABI, sizeof(desk_stage), describe, open_stage,
                                           process,        close_stage};
