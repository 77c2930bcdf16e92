/* A stage for tests of the loader: each -DVARIANT is one that could come along. What it does to an
 * article is told by the title's first word. */
#define _POSIX_C_SOURCE 200809L
#include <copydesk/stage.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef UNKNOWN_FUNCTION
int desk_article_of_the_future(desk_article *article);
#endif

static const desk_stage_description *describe(void)
{
    static const char *const keys[] = {"words", "share", "limits", NULL};
    static const desk_stage_description is = {sizeof is,
#ifdef BAD_NAME
                                              "Bad Name",
#else
                                              "fixture",
#endif
                                              "1.0", "for tests", keys};
    return &is;
}

static desk_status open_stage(desk_stage_config *config, void **state, desk_error *err)
{
    desk_stage_config *limits = desk_stage_config_section(config, "limits");
    (void)err;
    *state = malloc(1);
    desk_stage_config_count(config, "words");
    desk_stage_config_number(config, "share", 0);
    if (desk_stage_config_number(limits, "most", 1) <= 0)
        return desk_stage_config_fail(limits, "most", "more than 0 is wanted");
    return *state ? DESK_OK : DESK_ENOMEM;
}

static int overflow(volatile char *above)
{
    volatile char here[4096];
    here[0] = *above;
    return overflow(here) + here[0];
}

static desk_status tag(desk_article *article)
{
    desk_slice title = desk_article_text(article, DESK_FIELD_TITLE);
    desk_subject subject = DESK_SUBJECT_INIT;
    desk_evidence evidence = DESK_EVIDENCE_INIT;
    subject.uri = (desk_slice){"medtop:20000065", 15}; /* civil unrest, below conflict */
    subject.confidence = 0.5;
    evidence.text = title;
    evidence.field = DESK_FIELD_TITLE;
    evidence.weight = 1;
    return desk_article_add_subject(article, &subject, &evidence, 1);
}

static int begins(desk_slice text, const char *word)
{
    return text.len >= strlen(word) && !memcmp(text.data, word, strlen(word));
}

static desk_status process(void *state, desk_article *article, desk_error *err)
{
    desk_slice title = desk_article_text(article, DESK_FIELD_TITLE);
    (void)state;
#ifdef UNKNOWN_FUNCTION
    desk_article_of_the_future(article);
#endif
    if (begins(title, "Crash"))
        *(volatile int *)state = *(volatile int *)(size_t)desk_article_word_count(NULL);
    if (begins(title, "Overflow"))
        return overflow((volatile char *)"x");
    if (begins(title, "Sleep"))
        nanosleep(&(struct timespec){0, 100000000}, NULL);
    if (begins(title, "Reject"))
        desk_article_reject(article, "not\nwanted");
    if (begins(title, "Drop"))
        desk_article_drop(article, "not wanted at all");
    if (begins(title, "Broken")) {
        strcpy(err->message, "the model said no");
        return (desk_status)7;
    }
    if (begins(title, "Memory"))
        return DESK_ENOMEM;
    if (begins(title, "French"))
        return desk_article_set_text(article, DESK_FIELD_LANGUAGE, (desk_slice){"fr", 2});
    if (begins(title, "Wrong"))
        return desk_article_set_extra(article, "fixture", (desk_slice){"{no}", 4});
    if (begins(title, "Extra"))
        return desk_article_set_extra(article, "fixture", (desk_slice){"{\"a\":\n[1, 2]}", 13});
    return tag(article);
}

static void close_stage(void *state)
{
    free(state);
}

#if defined(NO_SYMBOL)
DESK_API const int desk_stage_v0 = 0;
#elif defined(NEXT_VERSION)
DESK_API const int desk_stage_v2 = 0;
#elif defined(OTHER_ABI)
DESK_API const desk_stage desk_stage_v1 = {
    DESK_STAGE_ABI + 1, sizeof(desk_stage), describe, open_stage, process, close_stage};
#elif defined(SMALLER)
/* As if close had been added later: what stands behind the size is not the stage's. */
DESK_API const desk_stage desk_stage_v1 = {DESK_STAGE_ABI, offsetof(desk_stage, close),
                                           describe,       open_stage,
                                           process,        (void (*)(void *))(size_t)1};
#elif defined(LARGER)
DESK_API const struct {
    desk_stage stage;
    void (*later)(void);
} larger __asm__("desk_stage_v1") = {{DESK_STAGE_ABI, sizeof(desk_stage) + sizeof(void (*)(void)),
                                      describe, open_stage, process, close_stage},
                                     (void (*)(void))(size_t)1};
#elif defined(NO_PROCESS)
DESK_API const desk_stage desk_stage_v1 = {DESK_STAGE_ABI, sizeof(desk_stage), describe, open_stage,
                                           NULL,           close_stage};
#else
DESK_API const desk_stage desk_stage_v1 = {DESK_STAGE_ABI, sizeof(desk_stage), describe, open_stage,
                                           process,        close_stage};
#endif
