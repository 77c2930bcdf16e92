/* Keyword alerts: an article with one of the words of an alert gets the subject "alert:NAME", and a
 * route takes it where somebody waits for it.
 *
 *     stages:
 *       - load: ./alert.so
 *         config: {alerts: {flood: [flood, flooding, inondation], strike: [walkout]}}
 *     routes:
 *       - {when: {subject: [alert:flood, alert:strike]}, topic: articles.alerts} */
#include <copydesk/stage.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Evidence beyond this tells nobody anything. */
enum { EVIDENCE_MAX = 20 };

struct alert {
    char uri[64]; /* "alert:NAME" */
    char **words;
    size_t count;
};

struct state {
    struct alert *alerts;
    size_t count;
};

static const desk_stage_description *describe(void)
{
    static const char *const keys[] = {"alerts", NULL};
    static const desk_stage_description is = {
        sizeof is, "alert", "1.0", "a subject for each alert whose words are there", keys};
    return &is;
}

static void close_stage(void *opaque)
{
    struct state *state = opaque;
    for (size_t i = 0; state && i < state->count; i++) {
        for (size_t j = 0; j < state->alerts[i].count; j++)
            free(state->alerts[i].words[j]);
        free(state->alerts[i].words);
    }
    if (state)
        free(state->alerts);
    free(state);
}

static desk_status read_alert(desk_stage_config *alerts, const char *name, struct alert *alert)
{
    size_t count = desk_stage_config_count(alerts, name);
    if (strlen(name) + sizeof "alert:" > sizeof alert->uri ||
        strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(name))
        return desk_stage_config_fail(alerts, name, "a name of a-z, 0-9 and '-' is wanted");
    if (!count)
        return desk_stage_config_fail(alerts, name, "words are wanted: [flood, flooding]");
    strcat(strcpy(alert->uri, "alert:"), name);
    alert->words = calloc(count, sizeof *alert->words);
    for (; alert->words && alert->count < count; alert->count++)
        if (!(alert->words[alert->count] =
                  strdup(desk_stage_config_item(alerts, name, alert->count))))
            return DESK_ENOMEM;
    return alert->words ? DESK_OK : DESK_ENOMEM;
}

static desk_status open_stage(desk_stage_config *config, void **opaque, desk_error *err)
{
    desk_stage_config *alerts = desk_stage_config_section(config, "alerts");
    struct state *state = calloc(1, sizeof *state);
    size_t count = 0;
    desk_status status = DESK_OK;
    (void)err;
    *opaque = state;
    while (desk_stage_config_key(alerts, count))
        count++;
    if (!count)
        return desk_stage_config_fail(config, "alerts", "alerts are wanted: {flood: [flood]}");
    if (!state || !(state->alerts = calloc(count, sizeof *state->alerts)))
        return DESK_ENOMEM;
    for (size_t i = 0; i < count && status == DESK_OK; i++)
        status =
            read_alert(alerts, desk_stage_config_key(alerts, i), &state->alerts[state->count++]);
    return status;
}

static int is_inside_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80);
}

/* Whole words, without regard to the case of ASCII letters. Returns how many pieces were added. */
static size_t find_word(desk_slice text, desk_field field, const char *word,
                        desk_evidence *evidence, size_t room)
{
    size_t len = strlen(word), found = 0;
    for (size_t i = 0; len && i + len <= text.len && found < room; i++) {
        if ((i && is_inside_word(text.data[i - 1])) ||
            (i + len < text.len && is_inside_word(text.data[i + len])) ||
            strncasecmp(text.data + i, word, len) != 0)
            continue;
        evidence[found] = (desk_evidence)DESK_EVIDENCE_INIT;
        evidence[found].field = field;
        evidence[found].text = (desk_slice){text.data + i, len};
        evidence[found].offset_bytes = i;
        evidence[found].weight = field == DESK_FIELD_TITLE ? 2 : 1;
        found++;
    }
    return found;
}

static desk_status process(void *opaque, desk_article *article, desk_error *err)
{
    static const desk_field fields[] = {DESK_FIELD_TITLE, DESK_FIELD_BODY};
    const struct state *state = opaque;
    desk_status status = DESK_OK;
    (void)err;
    for (size_t a = 0; a < state->count && status == DESK_OK; a++) {
        const struct alert *alert = &state->alerts[a];
        desk_evidence evidence[EVIDENCE_MAX];
        size_t count = 0;
        for (size_t f = 0; f < 2; f++)
            for (size_t w = 0; w < alert->count; w++)
                count += find_word(desk_article_text(article, fields[f]), fields[f],
                                   alert->words[w], evidence + count, EVIDENCE_MAX - count);
        desk_subject subject = DESK_SUBJECT_INIT;
        subject.uri = (desk_slice){alert->uri, strlen(alert->uri)};
        subject.name = (desk_slice){alert->uri + 6, strlen(alert->uri) - 6};
        subject.confidence = 1;
        if (count)
            status = desk_article_add_subject(article, &subject, evidence, count);
    }
    return status;
}

DESK_API const desk_stage desk_stage_v1 = {DESK_STAGE_ABI, sizeof(desk_stage), describe, open_stage,
                                           process,        close_stage};
