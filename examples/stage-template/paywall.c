/* Marks articles of which only the beginning stands before a paywall.
 *
 *     - load: ./paywall.so
 *       after: normalise
 *       config: {phrases: [subscribe to continue, already a subscriber], action: mark}
 *
 * `action` is mark (default: extra.paywall has the phrase), reject or drop. */
#include <copydesk/stage.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The offer stands at the end: what is said earlier is said about somebody else's. */
enum { TAIL_BYTES = 600 };

enum action { MARK, REJECT, DROP };

struct state {
    char **phrases;
    size_t count;
    enum action action;
};

static const desk_stage_description *describe(void)
{
    static const char *const keys[] = {"phrases", "action", NULL};
    static const desk_stage_description is = {sizeof is, "paywall", "1.0",
                                              "marks articles that end at a paywall", keys};
    return &is;
}

static void close_stage(void *opaque)
{
    struct state *state = opaque;
    for (size_t i = 0; state && i < state->count; i++)
        free(state->phrases[i]);
    if (state)
        free(state->phrases);
    free(state);
}

static desk_status read_action(desk_stage_config *config, enum action *action)
{
    const char *word = desk_stage_config_text(config, "action", "mark");
    if (strcmp(word, "mark") && strcmp(word, "reject") && strcmp(word, "drop"))
        return desk_stage_config_fail(config, "action", "mark, reject and drop are allowed");
    *action = !strcmp(word, "mark") ? MARK : !strcmp(word, "reject") ? REJECT : DROP;
    return DESK_OK;
}

static desk_status open_stage(desk_stage_config *config, void **opaque, desk_error *err)
{
    size_t count = desk_stage_config_count(config, "phrases");
    struct state *state = calloc(1, sizeof *state);
    (void)err;
    *opaque = state;
    if (!state || !(state->phrases = calloc(count + 1, sizeof *state->phrases)))
        return DESK_ENOMEM;
    for (; state->count < count; state->count++)
        if (!(state->phrases[state->count] =
                  strdup(desk_stage_config_item(config, "phrases", state->count))))
            return DESK_ENOMEM;
    if (!count)
        return desk_stage_config_fail(config, "phrases", "at least one is wanted");
    return read_action(config, &state->action);
}

/* Without regard to the case of ASCII letters. */
static int contains(desk_slice text, const char *phrase)
{
    size_t len = strlen(phrase);
    for (size_t i = 0; i + len <= text.len; i++)
        if (!strncasecmp(text.data + i, phrase, len))
            return 1;
    return 0;
}

static desk_status process(void *opaque, desk_article *article, desk_error *err)
{
    const struct state *state = opaque;
    desk_slice body = desk_article_text(article, DESK_FIELD_BODY);
    char reason[256];
    (void)err;
    if (body.len > TAIL_BYTES) {
        body.data += body.len - TAIL_BYTES;
        body.len = TAIL_BYTES;
    }
    for (size_t i = 0; i < state->count; i++) {
        const char *phrase = state->phrases[i];
        if (!contains(body, phrase))
            continue;
        if (state->action == MARK)
            return desk_article_set_extra_text(article, "paywall",
                                               (desk_slice){phrase, strlen(phrase)});
        snprintf(reason, sizeof reason, "ends at a paywall: %.200s", phrase);
        (state->action == REJECT ? desk_article_reject : desk_article_drop)(article, reason);
        return DESK_OK;
    }
    return DESK_OK;
}

DESK_API const desk_stage desk_stage_v1 = {DESK_STAGE_ABI, sizeof(desk_stage), describe, open_stage,
                                           process,        close_stage};
