/* Compiling topics and lexicons: which files there are, and what belongs to which language. */
#include "tag/lexicon.h"

#include <stdlib.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "tag/inflection.h"
#include "tag/lexicon_parts.h"
#include "yaml/yaml.h"

desk_slice lexicon_copy(desk_slice text)
{
    char *copy = malloc(text.len + 1);
    if (!copy)
        return slice_of(NULL, 0);
    if (text.len)
        memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    return slice_of(copy, text.len);
}

void *lexicon_reserve(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    size_t wanted = *capacity ? *capacity * 2 : 256;
    void *grown = realloc(items, wanted * size);
    if (grown)
        *capacity = wanted;
    return grown;
}

/* --- topics -------------------------------------------------------------------------------- */

uint16_t lexicon_topic(const struct lexicon *lexicon, desk_slice uri)
{
    for (size_t i = 0; i < lexicon->topics_count; i++)
        if (slice_equal(lexicon->topics[i].uri, uri))
            return (uint16_t)i;
    return TOPIC_NONE;
}

static void add_topic(struct lexicon *lexicon, struct yaml_node key, struct yaml_node value)
{
    static const char *const keys[] = {"name", "broader", NULL};
    desk_slice name = {NULL, 0}, broader = {NULL, 0};
    struct topic *topic = &lexicon->topics[lexicon->topics_count];
    if (!yaml_check_keys(value, keys) || !yaml_read_text(yaml_get(value, "name"), &name) ||
        !yaml_read_text(yaml_get(value, "broader"), &broader))
        return;
    if (lexicon->topics_count == TOPICS_MAX || !name.len) {
        yaml_mistake(key, "a topic needs a name, and there are at most %d topics", TOPICS_MAX);
        return;
    }
    if (lexicon_topic(lexicon, yaml_text(key)) != TOPIC_NONE)
        yaml_mistake(key, "this topic stands twice");
    topic->broader = broader.len ? lexicon_topic(lexicon, broader) : TOPIC_NONE;
    if (broader.len && topic->broader == TOPIC_NONE)
        yaml_mistake(yaml_get(value, "broader"), "the broader topic is not listed before this one");
    topic->uri = lexicon_copy(yaml_text(key));
    topic->name = lexicon_copy(name);
    if (!topic->uri.data || !topic->name.data)
        yaml_no_memory(key);
    topic->top = topic->broader == TOPIC_NONE ? (uint16_t)lexicon->topics_count
                                              : lexicon->topics[topic->broader].top;
    lexicon->topics_count++;
}

static void read_topics(struct lexicon *lexicon, const struct rulebook_files *files,
                        struct mistakes *mistakes)
{
    const desk_rulebook_file *file = rulebook_file(files, "subjects/topics.yaml");
    struct yaml_file *yaml =
        file ? yaml_open("subjects/topics.yaml", file->content, mistakes) : NULL;
    struct yaml_cursor cursor = yaml_cursor(yaml_get(yaml_root(yaml), "topics"));
    while (yaml_next(&cursor))
        add_topic(lexicon, cursor.key, cursor.value);
    yaml_close(yaml);
}

/* Factors of top-level topics, by the topic's index. */
static void read_priors(const struct lexicon *lexicon, struct yaml_node priors, double *factors)
{
    struct yaml_cursor cursor = yaml_cursor(priors);
    while (yaml_next(&cursor)) {
        uint16_t topic = lexicon_topic(lexicon, yaml_text(cursor.key));
        if (topic == TOPIC_NONE || lexicon->topics[topic].top != topic)
            yaml_mistake(cursor.key, "a top-level topic of topics.yaml is wanted here");
        else if (factors[topic] != 1)
            yaml_mistake(cursor.key, "this topic has a prior already, here or in another file");
        else
            yaml_read_number(cursor.value, 0.1, 10, &factors[topic]);
    }
}

static double *make_factors(void)
{
    double *factors = calloc(TOPICS_MAX + 1, sizeof *factors);
    for (size_t i = 0; factors && i <= TOPICS_MAX; i++)
        factors[i] = 1;
    return factors;
}

static void read_scoring(struct lexicon *lexicon, const struct rulebook_files *files,
                         struct mistakes *mistakes)
{
    const desk_rulebook_file *file = rulebook_file(files, "subjects/scoring.yaml");
    struct yaml_file *yaml =
        file ? yaml_open("subjects/scoring.yaml", file->content, mistakes) : NULL;
    scoring_read(&lexicon->scoring, yaml_root(yaml));
    read_priors(lexicon, yaml_get(yaml_root(yaml), "priors"), lexicon->priors);
    yaml_close(yaml);
}

/* --- languages ----------------------------------------------------------------------------- */

/* The language's index, made when this is its first file; false when out of memory. */
static bool find_language(struct lexicon *lexicon, desk_slice code, uint32_t *index)
{
    for (size_t i = 0; i < lexicon->languages_count; i++)
        if (slice_equal(slice_from_cstr(lexicon->languages[i].code), code)) {
            *index = (uint32_t)i;
            return true;
        }
    struct lexicon_language *language = &lexicon->languages[lexicon->languages_count];
    memcpy(language->code, code.data, code.len);
    language->phrases = phrases_new();
    language->compounds = compounds_new(inflection_of(code));
    language->priors = make_factors();
    *index = (uint32_t)lexicon->languages_count++;
    return language->phrases && language->compounds && language->priors;
}

static void read_language(struct lexicon_maker *maker, const desk_rulebook_file *file)
{
    static const char *const keys[] = {"language", "priors", "subjects", "context", "cases", NULL};
    struct yaml_file *yaml = yaml_open(maker->file, file->content, maker->mistakes);
    struct yaml_node root = yaml_root(yaml);
    desk_slice code = yaml_text(yaml_get(root, "language"));
    if (yaml && (!code.len || code.len >= sizeof maker->lexicon->languages->code))
        yaml_mistake(root, "a lexicon needs its language, such as language: en");
    else if (yaml && !find_language(maker->lexicon, code, &maker->language))
        yaml_no_memory(root);
    else if (yaml && yaml_check_keys(root, keys)) {
        read_priors(maker->lexicon, yaml_get(root, "priors"),
                    maker->lexicon->languages[maker->language].priors);
        lexicon_read_terms(maker, root);
    }
    yaml_close(yaml);
}

static bool is_language_file(const desk_rulebook_file *file)
{
    return !slice_is(file->path, "subjects/topics.yaml") &&
           !slice_is(file->path, "subjects/scoring.yaml");
}

static void read_languages(struct lexicon_maker *maker, const struct rulebook_files *files)
{
    const desk_rulebook_file *file;
    size_t index = 0, names_count = 0;
    char **names = calloc(files->count + 1, sizeof *names);
    while (names && (file = rulebook_next(files, "subjects", ".yaml", &index))) {
        if (!is_language_file(file))
            continue;
        char *name = (char *)(size_t)lexicon_copy(file->path).data;
        if (!name) {
            mistakes_no_memory(maker->mistakes);
            continue;
        }
        names[names_count++] = name;
        maker->file = name;
        read_language(maker, file);
    }
    if (!names)
        mistakes_no_memory(maker->mistakes);
    lexicon_finish(maker);
    for (size_t i = 0; i < names_count; i++)
        free(names[i]);
    free(names);
}

void *lexicon_compile(const struct rulebook_files *files, struct mistakes *mistakes)
{
    struct lexicon *lexicon = calloc(1, sizeof *lexicon);
    if (!lexicon)
        return NULL;
    struct lexicon_maker maker = {.lexicon = lexicon, .mistakes = mistakes};
    lexicon->topics = calloc(TOPICS_MAX + 1, sizeof *lexicon->topics);
    lexicon->languages = calloc(files->count + 1, sizeof *lexicon->languages);
    lexicon->priors = make_factors();
    if (!lexicon->topics || !lexicon->languages || !lexicon->priors) {
        lexicon_free(lexicon);
        return NULL;
    }
    read_topics(lexicon, files, mistakes);
    read_scoring(lexicon, files, mistakes);
    read_languages(&maker, files);
    bool good = true;
    for (size_t i = 0; i < lexicon->languages_count && good; i++) {
        struct lexicon_language *language = &lexicon->languages[i];
        good = language->phrases && language->compounds && language->priors &&
               phrases_seal(language->phrases) && compounds_seal(language->compounds);
    }
    free(maker.places);
    if (good)
        return lexicon;
    lexicon_free(lexicon);
    return NULL;
}

static void free_language(struct lexicon_language *language)
{
    for (size_t i = 0; i < language->entries_count; i++)
        free((char *)(size_t)language->entries[i].exact.data);
    phrases_free(language->phrases);
    compounds_free(language->compounds);
    free(language->priors);
    free(language->entries);
    free(language->contexts);
    free(language->near);
}

void lexicon_free(void *part)
{
    struct lexicon *lexicon = part;
    if (!lexicon)
        return;
    for (size_t i = 0; i < lexicon->topics_count; i++) {
        free((char *)(size_t)lexicon->topics[i].uri.data);
        free((char *)(size_t)lexicon->topics[i].name.data);
    }
    for (size_t i = 0; i < lexicon->languages_count; i++)
        free_language(&lexicon->languages[i]);
    free(lexicon->priors);
    free(lexicon->topics);
    free(lexicon->languages);
    free(lexicon);
}

const struct lexicon_language *lexicon_for(const struct lexicon *lexicon, desk_slice code)
{
    size_t len = 0;
    while (len < code.len && code.data[len] != '-')
        len++;
    for (size_t i = 0; i < lexicon->languages_count; i++)
        if (slice_equal(slice_of(code.data, len), slice_from_cstr(lexicon->languages[i].code)))
            return &lexicon->languages[i];
    return NULL;
}
