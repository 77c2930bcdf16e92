/* Compiling topics and lexicons. */
#include "tag/lexicon.h"

#include <stdlib.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "yaml/yaml.h"

static desk_slice copy_text(desk_slice text)
{
    char *copy = malloc(text.len + 1);
    if (!copy)
        return slice_of(NULL, 0);
    if (text.len)
        memcpy(copy, text.data, text.len);
    return slice_of(copy, text.len);
}

/* --- topics -------------------------------------------------------------------------------- */

static uint16_t find_topic(const struct lexicon *lexicon, desk_slice uri)
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
    if (find_topic(lexicon, yaml_text(key)) != TOPIC_NONE)
        yaml_mistake(key, "this topic stands twice");
    topic->broader = broader.len ? find_topic(lexicon, broader) : TOPIC_NONE;
    if (broader.len && topic->broader == TOPIC_NONE)
        yaml_mistake(yaml_get(value, "broader"), "the broader topic is not listed before this one");
    topic->uri = copy_text(yaml_text(key));
    topic->name = copy_text(name);
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

/* --- terms --------------------------------------------------------------------------------- */

static void *reserve(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    size_t wanted = *capacity ? *capacity * 2 : 256;
    void *grown = realloc(items, wanted * size);
    if (grown)
        *capacity = wanted;
    return grown;
}

/* A term of the language for the entry; the entry is kept only when the term is good. */
static void add_term(struct lexicon_language *language, struct yaml_node node,
                     struct lexicon_entry entry)
{
    desk_slice text = yaml_text(node);
    unsigned flags = PHRASE_STEM;
    size_t words = 0;
    if (text.len > 1 && text.data[0] == '=') {
        text = slice_sub(text, 1, text.len);
        entry.exact = copy_text(text);
        flags = 0;
    }
    struct lexicon_entry *grown = reserve(language->entries, language->entries_count,
                                          &language->entries_capacity, sizeof *grown);
    if (!grown) {
        free((char *)(size_t)entry.exact.data);
        return;
    }
    language->entries = grown;
    bool good = phrases_add(language->phrases, text, slice_from_cstr(language->code), flags,
                            (uint32_t)language->entries_count, &words);
    if (good && (words == 0 || words > PHRASE_WORDS_MAX))
        yaml_mistake(node, "a term of 1 to %d words is wanted here", PHRASE_WORDS_MAX);
    if (!good || words == 0 || words > PHRASE_WORDS_MAX) {
        free((char *)(size_t)entry.exact.data);
        return;
    }
    language->entries[language->entries_count++] = entry;
}

static uint16_t read_topic(const struct lexicon *lexicon, struct yaml_node node)
{
    desk_slice uri = yaml_text(node);
    uint16_t topic = find_topic(lexicon, uri);
    if (topic == TOPIC_NONE)
        yaml_mistake(node, "topic '%.*s' is not in subjects/topics.yaml", (int)uri.len,
                     uri.data ? uri.data : "");
    return topic;
}

static void read_subject(const struct lexicon *lexicon, struct lexicon_language *language,
                         struct yaml_node key, struct yaml_node value)
{
    uint16_t topic = read_topic(lexicon, key);
    struct yaml_cursor weights = yaml_cursor(value);
    while (topic != TOPIC_NONE && yaml_next(&weights)) {
        double weight = 0;
        if (!yaml_read_number(weights.key, -8, 8, &weight))
            continue;
        struct yaml_cursor terms = yaml_cursor(weights.value);
        while (yaml_next(&terms))
            add_term(language, terms.value,
                     (struct lexicon_entry){.topic = topic, .weight = (float)weight});
    }
}

static void add_near(struct lexicon_language *language, struct yaml_node list,
                     struct lexicon_entry *entry)
{
    struct yaml_cursor cursor = yaml_cursor(list);
    entry->near_first = (uint32_t)language->near_count;
    while (yaml_next(&cursor)) {
        uint64_t hash, stem;
        token_hash_word(yaml_text(cursor.value), slice_from_cstr(language->code), &hash, &stem);
        uint64_t *grown =
            reserve(language->near, language->near_count, &language->near_capacity, sizeof *grown);
        if (!grown)
            continue;
        language->near = grown;
        if (!stem)
            continue;
        language->near[language->near_count++] = stem;
    }
    entry->near_count = (uint32_t)(language->near_count - entry->near_first);
}

static void read_context(const struct lexicon *lexicon, struct lexicon_language *language,
                         struct yaml_node list)
{
    static const char *const term_keys[] = {"term", "rules", NULL};
    static const char *const rule_keys[] = {"subject", "weight", "near", NULL};
    struct yaml_cursor cursor = yaml_cursor(list);
    while (yaml_next(&cursor)) {
        if (!yaml_check_keys(cursor.value, term_keys))
            continue;
        struct yaml_cursor rules = yaml_cursor(yaml_get(cursor.value, "rules"));
        while (yaml_next(&rules)) {
            double weight = 2;
            uint16_t topic = read_topic(lexicon, yaml_get(rules.value, "subject"));
            if (!yaml_check_keys(rules.value, rule_keys) || topic == TOPIC_NONE ||
                !yaml_read_number(yaml_get(rules.value, "weight"), -8, 8, &weight))
                continue;
            struct lexicon_entry entry = {.topic = topic, .weight = (float)weight};
            add_near(language, yaml_get(rules.value, "near"), &entry);
            if (!entry.near_count)
                yaml_mistake(rules.value, "a context rule needs words in near");
            else
                add_term(language, yaml_get(cursor.value, "term"), entry);
        }
    }
}

static void read_language(struct lexicon *lexicon, const desk_rulebook_file *file,
                          struct mistakes *mistakes)
{
    static const char *const keys[] = {"language", "subjects", "context", "cases", NULL};
    char name[256];
    size_t len = file->path.len < sizeof name - 1 ? file->path.len : sizeof name - 1;
    memcpy(name, file->path.data, len);
    name[len] = '\0';
    struct yaml_file *yaml = yaml_open(name, file->content, mistakes);
    struct yaml_node root = yaml_root(yaml), code = yaml_get(root, "language");
    struct lexicon_language *language = &lexicon->languages[lexicon->languages_count];
    if (!yaml)
        return;
    if (!yaml_text(code).len || yaml_text(code).len >= sizeof language->code) {
        yaml_mistake(root, "a lexicon needs its language, such as language: en");
        yaml_close(yaml);
        return;
    }
    yaml_check_keys(root, keys);
    memcpy(language->code, yaml_text(code).data, yaml_text(code).len);
    language->phrases = phrases_new();
    lexicon->languages_count++;
    struct yaml_cursor cursor = yaml_cursor(yaml_get(root, "subjects"));
    while (language->phrases && yaml_next(&cursor))
        read_subject(lexicon, language, cursor.key, cursor.value);
    if (language->phrases) {
        read_context(lexicon, language, yaml_get(root, "context"));
        phrases_seal(language->phrases);
    }
    yaml_close(yaml);
}

void *lexicon_compile(const struct rulebook_files *files, struct mistakes *mistakes)
{
    struct lexicon *lexicon = calloc(1, sizeof *lexicon);
    const desk_rulebook_file *file;
    size_t index = 0;
    if (!lexicon)
        return NULL;
    lexicon->topics = calloc(TOPICS_MAX + 1, sizeof *lexicon->topics);
    lexicon->languages = calloc(files->count + 1, sizeof *lexicon->languages);
    if (!lexicon->topics || !lexicon->languages) {
        lexicon_free(lexicon);
        return NULL;
    }
    read_topics(lexicon, files, mistakes);
    while ((file = rulebook_next(files, "subjects", ".yaml", &index)))
        if (!slice_is(file->path, "subjects/topics.yaml"))
            read_language(lexicon, file, mistakes);
    return lexicon;
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
    for (size_t i = 0; i < lexicon->languages_count; i++) {
        struct lexicon_language *language = &lexicon->languages[i];
        for (size_t k = 0; k < language->entries_count; k++)
            free((char *)(size_t)language->entries[k].exact.data);
        phrases_free(language->phrases);
        free(language->entries);
        free(language->near);
    }
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
