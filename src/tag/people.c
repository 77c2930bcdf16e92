/* People: runs of capitalised words with something that makes them a person's name.
 *
 * What speaks for a name: a title before it ("president", "Mr"), a given name at its start, a verb
 * of saying beside it. A run is two to five words; particles (de, van, bin, al) may stand inside.
 * In German, where every noun has a capital, a title or a given name is needed. A later single word
 * that is the last or first part of a known name is counted for that person. */
#include "tag/people.h"

#include "base/slice.h"
#include "tag/gazetteer.h"
#include "tag/quoting.h"
#include "tag/tokens.h"

enum { NAME_WORDS_MAX = 5, PEOPLE_MAX = 200 };

struct run {
    size_t first, words;
};

struct people_work {
    struct desk_article *article;
    const struct token_table *tokens;
    const unsigned char *taken;
    const struct quoting *quoting;
    size_t end; /* of the field */
};

static bool is_particle(const struct people_work *work, size_t at)
{
    static const char *const particles[] = {
        "de", "da", "do",  "dos", "del", "della", "di",  "du",  "van", "von", "der", "den",
        "la", "le", "bin", "ibn", "al",  "el",    "abu", "ben", "y",   "ter", "zu",  "af"};
    desk_slice text = token_text(work->article, &work->tokens->items[at]);
    for (size_t i = 0; i < sizeof particles / sizeof particles[0]; i++)
        if (slice_equal_nocase(text, slice_from_cstr(particles[i])))
            return true;
    return false;
}

static bool is_kind(const struct people_work *work, size_t at, enum name_kind kind)
{
    return work->taken[at] == 1 + kind;
}

/* A word that can be part of a name: with a capital, not a number, not a known place or
 * organisation. */
static bool is_name_word(const struct people_work *work, size_t at)
{
    const struct token *token = &work->tokens->items[at];
    if (!(token->flags & TOKEN_CAPITAL) || token->flags & TOKEN_NUMBER)
        return false;
    return work->taken[at] == 0 || is_kind(work, at, NAME_GIVEN);
}

static struct run read_run(const struct people_work *work, size_t at)
{
    struct run run = {at, 0};
    size_t i = at;
    while (i < work->end && i < at + NAME_WORDS_MAX) {
        if (i > at && work->tokens->items[i].flags & TOKEN_BREAK_BEFORE)
            break;
        if (is_name_word(work, i))
            run.words = ++i - at;
        else if (i > at && is_particle(work, i) && i + 1 < work->end && is_name_word(work, i + 1))
            i++;
        else
            break;
    }
    return run;
}

/* A title directly before, or with one demonym between: "président russe Vladimir Poutine". */
static bool has_title(const struct people_work *work, size_t at)
{
    for (size_t back = 1; back <= 2 && back <= at; back++) {
        size_t i = at - back;
        if (work->tokens->items[i].field != work->tokens->items[at].field)
            return false;
        if (is_kind(work, i, NAME_TITLE))
            return true;
        if (!is_kind(work, i, NAME_DEMONYM))
            return false;
    }
    return false;
}

static bool is_saying(const struct people_work *work, size_t at)
{
    return at < work->end && quoting_kind(work->quoting, work->article->language,
                                          &work->tokens->items[at]) == SAYING_VERB;
}

static bool comes_back(const struct people_work *work, const struct run *run)
{
    uint64_t last = work->tokens->items[run->first + run->words - 1].hash;
    for (size_t i = run->first + run->words; i < work->tokens->count; i++)
        if (work->tokens->items[i].hash == last && work->tokens->items[i].flags & TOKEN_CAPITAL &&
            !(work->tokens->items[i].flags & TOKEN_SENTENCE_START) &&
            (is_saying(work, i + 1) || (i > 0 && is_saying(work, i - 1))))
            return true;
    return false;
}

static bool is_person(const struct people_work *work, const struct run *run)
{
    const struct token *tokens = work->tokens->items;
    bool is_german = slice_is(work->article->language, "de");
    if (run->words < 2)
        return false;
    for (size_t i = run->first; i < run->first + run->words; i++)
        if (tokens[i].flags & TOKEN_ALL_CAPITALS && tokens[i].len > 3)
            return false;
    if (has_title(work, run->first) || is_kind(work, run->first, NAME_GIVEN))
        return true;
    if (is_german || tokens[run->first].field == FIELD_TITLE)
        return false;
    bool says = is_saying(work, run->first + run->words) ||
                (run->first > 0 && !(tokens[run->first].flags & TOKEN_SENTENCE_START) &&
                 is_saying(work, run->first - 1));
    return run->words <= 3 && (says || comes_back(work, run));
}

/* The name as it stands, white space folded already. */
static desk_slice run_text(const struct people_work *work, const struct run *run)
{
    const struct token *first = &work->tokens->items[run->first], *last = first + run->words - 1;
    desk_slice text = article_field_text(work->article, (enum article_field)first->field);
    return slice_sub(text, first->start, last->start + last->len);
}

static size_t order_of(const struct token *token)
{
    return ((size_t)token->field << 40) | token->start;
}

static bool count_person(const struct people_work *work, struct entity *person,
                         const struct run *run, const char *rule)
{
    const struct token *first = &work->tokens->items[run->first];
    struct evidence *evidence = article_add_evidence(work->article->arena, &person->evidence);
    if (!evidence)
        return false;
    if (person->count++ == 0)
        person->first = order_of(first);
    *evidence = (struct evidence){.rule = slice_from_cstr(rule),
                                  .text = run_text(work, run),
                                  .field = (enum article_field)first->field,
                                  .offset = first->start,
                                  .weight = 1};
    return true;
}

static struct entity *find_person(struct entity_list *people, desk_slice name)
{
    for (size_t i = 0; i < people->count; i++)
        if (slice_equal(people->items[i].name, name))
            return &people->items[i];
    return NULL;
}

static bool add_person(const struct people_work *work, const struct run *run)
{
    struct entity_list *people = &work->article->people;
    desk_slice name = run_text(work, run);
    struct entity *person = find_person(people, name);
    if (!person && people->count < PEOPLE_MAX) {
        person = article_add_entity(work->article->arena, people);
        if (!person)
            return false;
        person->name = name;
    }
    return !person || count_person(work, person, run, "person.name");
}

/* The person whose name begins or ends with this word; the one introduced last when there are
 * several. */
static struct entity *known_by(struct entity_list *people, desk_slice word)
{
    for (size_t i = people->count; i-- > 0;) {
        desk_slice name = people->items[i].name;
        if (name.len <= word.len)
            continue;
        if (slice_ends(name, word) && name.data[name.len - word.len - 1] == ' ')
            return &people->items[i];
        if (slice_starts(name, word) && name.data[word.len] == ' ')
            return &people->items[i];
    }
    return NULL;
}

static bool visit(struct people_work *work, size_t *at)
{
    struct run run = read_run(work, *at);
    /* A sentence's first word may be no part of the name: "Yesterday Emmanuel Macron". */
    while (run.words > 2 && !is_person(work, &run) &&
           work->tokens->items[run.first].flags & TOKEN_SENTENCE_START) {
        run.first++;
        run.words--;
    }
    if (run.words >= 2 && is_person(work, &run)) {
        *at = run.first + run.words;
        return add_person(work, &run);
    }
    if (run.words >= 1) {
        struct run single = {*at, 1};
        struct entity *person = known_by(&work->article->people, run_text(work, &single));
        if (person && !count_person(work, person, &single, "person.short"))
            return false;
    }
    ++*at;
    return true;
}

bool people_find(struct desk_article *article, const struct token_table *tokens,
                 const unsigned char *taken, const struct quoting *quoting)
{
    struct people_work work = {article, tokens, taken, quoting, 0};
    for (size_t field = 0; field < FIELD_COUNT; field++) {
        work.end = tokens->field_first[field + 1];
        for (size_t at = tokens->field_first[field]; at < work.end;)
            if (!visit(&work, &at))
                return false;
    }
    return true;
}
