/* Reading the terms and context rules of a language's file. */
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "tag/lexicon_parts.h"

/* Weights of a person's scale; a rule may go to twice the usual strength. */
static const double WEIGHT_MAX = 8;

static uint64_t combine(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 31;
}

/* A term as it is written: with "=" this spelling only, with "-" the tail of compounds. */
struct term {
    struct yaml_node node;
    desk_slice text;
    bool is_exact, is_tail;
    uint64_t key;
};

/* Cuts the term as a text would be cut; false with a mistake when it can never be found. */
static bool read_term(struct lexicon_maker *maker, struct yaml_node node, struct term *term)
{
    struct token tokens[PHRASE_WORDS_MAX];
    const char *code = maker->lexicon->languages[maker->language].code;
    desk_slice text = yaml_text(node);
    *term = (struct term){.node = node,
                          .is_exact = text.len > 1 && text.data[0] == '=',
                          .is_tail = text.len > 1 && text.data[0] == '-'};
    term->text = term->is_exact || term->is_tail ? slice_sub(text, 1, text.len) : text;
    size_t words = tokens_cut(term->text, slice_from_cstr(code), tokens, PHRASE_WORDS_MAX);
    if (words == 0 || words > PHRASE_WORDS_MAX) {
        yaml_mistake(node, "a term of 1 to %d words is wanted here", PHRASE_WORDS_MAX);
        return false;
    }
    term->key = term->is_tail;
    for (size_t i = 0; i < words; i++) {
        if (i && tokens[i].flags & TOKEN_BREAK_BEFORE)
            yaml_warning(node, "unreachable: no term is found across punctuation; leave it out");
        term->key = combine(term->key, tokens[i].stem);
    }
    const struct token *last = &tokens[words - 1];
    if (term->is_exact && (tokens[0].start || last->start + last->len != term->text.len))
        yaml_warning(node, "unreachable: a spelling begins and ends with a full word, without "
                           "articles and marks");
    for (size_t i = 0; term->is_exact && i < term->text.len; i++)
        term->key = combine(term->key, (unsigned char)term->text.data[i]);
    return true;
}

static bool note_place(struct lexicon_maker *maker, const struct term *term, uint64_t context)
{
    struct lexicon_place *grown =
        lexicon_reserve(maker->places, maker->places_count, &maker->places_capacity, sizeof *grown);
    size_t line, column;
    if (!grown)
        return false;
    maker->places = grown;
    yaml_position(term->node, &line, &column);
    grown[maker->places_count++] = (struct lexicon_place){
        .term = term->key,
        .context = context,
        .language = maker->language,
        .entry = (uint32_t)maker->lexicon->languages[maker->language].entries_count,
        .line = (uint32_t)line,
        .column = (uint32_t)column,
        .file = maker->file};
    return true;
}

/* The term's place in the tables that find it; false when it cannot be found. */
static bool index_term(struct lexicon_language *language, const struct term *term)
{
    uint32_t entry = (uint32_t)language->entries_count;
    size_t words;
    if (!term->is_tail) {
        bool is_added = phrases_add(language->phrases, term->text, slice_from_cstr(language->code),
                                    PHRASE_STEM, entry, &words);
        if (!is_added)
            yaml_no_memory(term->node);
        return is_added;
    }
    enum compounds_added added = compounds_add(language->compounds, term->text, entry);
    if (added == COMPOUNDS_UNFIT)
        yaml_mistake(term->node,
                     "the tail of compounds is one word of %d to %d letters without its ending, "
                     "and stands for one topic",
                     COMPOUND_TAIL_MIN, COMPOUND_TAIL_MAX);
    return added == COMPOUNDS_ADDED;
}

/* All terms are looked up by their stems; an exact spelling is compared when it is found. */
static void add_term(struct lexicon_maker *maker, struct yaml_node node, struct lexicon_entry entry,
                     uint64_t context)
{
    struct lexicon_language *language = &maker->lexicon->languages[maker->language];
    struct term term;
    if (!read_term(maker, node, &term))
        return;
    struct lexicon_entry *grown = lexicon_reserve(language->entries, language->entries_count,
                                                  &language->entries_capacity, sizeof *grown);
    if (!grown) {
        yaml_no_memory(node);
        return;
    }
    language->entries = grown;
    if (!index_term(language, &term))
        return;
    if (!note_place(maker, &term, context))
        yaml_no_memory(node);
    if (term.is_exact)
        entry.exact = lexicon_copy(term.text);
    if (term.is_exact && !entry.exact.data)
        yaml_no_memory(node);
    language->entries[language->entries_count++] = entry;
}

/* With the nearest one there is. The list for yaml_nearest is made of copies that end with NUL. */
static void say_no_topic(const struct lexicon *lexicon, struct yaml_node node, desk_slice uri)
{
    size_t bytes = 0, used = 0;
    for (size_t i = 0; i < lexicon->topics_count; i++)
        bytes += lexicon->topics[i].uri.len + 1;
    char *text = calloc(1, bytes + 1);
    const char **known = calloc(lexicon->topics_count + 1, sizeof *known);
    for (size_t i = 0; text && known && i < lexicon->topics_count; i++) {
        desk_slice topic = lexicon->topics[i].uri;
        known[i] = text + used;
        memcpy(text + used, topic.data, topic.len);
        used += topic.len + 1;
    }
    const char *near = text && known ? yaml_nearest(uri, known) : NULL;
    yaml_mistake(node, "topic '%.*s' is not in subjects/topics.yaml%s%s%s", (int)uri.len,
                 uri.data ? uri.data : "", near ? "; did you mean '" : "", near ? near : "",
                 near ? "'?" : "");
    free((void *)known);
    free(text);
}

static uint16_t read_topic(const struct lexicon *lexicon, struct yaml_node node)
{
    desk_slice uri = yaml_text(node);
    if (slice_is(uri, "none"))
        return TOPIC_NO_NEWS;
    uint16_t topic = lexicon_topic(lexicon, uri);
    if (topic == TOPIC_NONE)
        say_no_topic(lexicon, node, uri);
    return topic;
}

static void read_subject(struct lexicon_maker *maker, struct yaml_node key, struct yaml_node value)
{
    uint16_t topic = read_topic(maker->lexicon, key);
    struct yaml_cursor weights = yaml_cursor(value);
    while (topic != TOPIC_NONE && yaml_next(&weights)) {
        double weight = 0;
        if (!yaml_read_number(weights.key, -WEIGHT_MAX, WEIGHT_MAX, &weight))
            continue;
        struct yaml_cursor terms = yaml_cursor(weights.value);
        while (yaml_next(&terms))
            add_term(maker, terms.value,
                     (struct lexicon_entry){.topic = topic, .weight = (float)weight}, 0);
    }
}

/* --- context ------------------------------------------------------------------------------- */

/* The stems of a list of single words; their number. */
static uint32_t add_near(struct lexicon_maker *maker, struct yaml_node list, uint64_t *bits,
                         uint64_t *key)
{
    struct lexicon_language *language = &maker->lexicon->languages[maker->language];
    desk_slice code = slice_from_cstr(language->code);
    struct yaml_cursor cursor = yaml_cursor(list);
    size_t before = language->near_count;
    while (yaml_next(&cursor)) {
        struct token token;
        if (tokens_cut(yaml_text(cursor.value), code, &token, 1) != 1) {
            yaml_mistake(cursor.value, "a single word is wanted here");
            continue;
        }
        uint64_t *grown = lexicon_reserve(language->near, language->near_count,
                                          &language->near_capacity, sizeof *grown);
        if (!grown)
            break;
        language->near = grown;
        language->near[language->near_count++] = token.stem;
        *key = combine(*key, token.stem);
        *bits |= (uint64_t)1 << (token.stem & 63);
    }
    return (uint32_t)(language->near_count - before);
}

static bool read_with(struct lexicon_maker *maker, struct yaml_node node, uint16_t *with)
{
    *with = TOPIC_NONE;
    if (!yaml_is_set(node))
        return true;
    *with = read_topic(maker->lexicon, node);
    if (*with < TOPIC_NO_NEWS && maker->lexicon->topics[*with].top == *with)
        return true;
    yaml_mistake(node, "a top-level topic is wanted here");
    return false;
}

/* The company that the rule asks for, added to the language's contexts. */
static bool read_company(struct lexicon_maker *maker, struct yaml_node rule, uint64_t *key)
{
    struct lexicon_language *language = &maker->lexicon->languages[maker->language];
    struct lexicon_context context = {.within = CONTEXT_WORDS};
    long long within = CONTEXT_WORDS;
    if (!read_with(maker, yaml_get(rule, "with"), &context.with) ||
        !yaml_read_integer(yaml_get(rule, "within"), 1, CONTEXT_WORDS_MAX, &within))
        return false;
    context.within = (uint16_t)within;
    *key = combine(context.with, (uint64_t)within);
    context.near_first = (uint32_t)language->near_count;
    context.near_count = add_near(maker, yaml_get(rule, "near"), &context.near_bits, key);
    context.unless_first = (uint32_t)language->near_count;
    context.unless_count = add_near(maker, yaml_get(rule, "unless"), &context.unless_bits, key);
    if (!context.near_count && !context.unless_count && context.with == TOPIC_NONE) {
        yaml_mistake(rule, "a context rule needs words in near or unless, or a topic in with");
        return false;
    }
    struct lexicon_context *grown = lexicon_reserve(language->contexts, language->contexts_count,
                                                    &language->contexts_capacity, sizeof *grown);
    if (!grown)
        return false;
    language->contexts = grown;
    language->contexts[language->contexts_count++] = context;
    return true;
}

static void read_rule(struct lexicon_maker *maker, struct yaml_node term, struct yaml_node rule)
{
    static const char *const keys[] = {"subject", "weight", "near", "unless",
                                       "within",  "with",   NULL};
    double weight = 2;
    uint64_t key = 0;
    uint16_t topic = read_topic(maker->lexicon, yaml_get(rule, "subject"));
    if (!yaml_check_keys(rule, keys) || topic == TOPIC_NONE ||
        !yaml_read_number(yaml_get(rule, "weight"), -WEIGHT_MAX, WEIGHT_MAX, &weight) ||
        !read_company(maker, rule, &key))
        return;
    const struct lexicon_language *language = &maker->lexicon->languages[maker->language];
    add_term(maker, term,
             (struct lexicon_entry){.topic = topic,
                                    .weight = (float)weight,
                                    .context = (uint32_t)language->contexts_count},
             key | 1);
}

void lexicon_read_terms(struct lexicon_maker *maker, struct yaml_node root)
{
    static const char *const keys[] = {"term", "rules", NULL};
    struct yaml_cursor cursor = yaml_cursor(yaml_get(root, "subjects"));
    while (yaml_next(&cursor))
        read_subject(maker, cursor.key, cursor.value);
    cursor = yaml_cursor(yaml_get(root, "context"));
    while (yaml_next(&cursor)) {
        if (!yaml_check_keys(cursor.value, keys))
            continue;
        struct yaml_cursor rules = yaml_cursor(yaml_get(cursor.value, "rules"));
        while (yaml_next(&rules))
            read_rule(maker, yaml_get(cursor.value, "term"), rules.value);
    }
}
