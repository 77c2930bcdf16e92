/* People: runs of capitalised words with something that makes them a person's name.
 *
 * What speaks for a name: a title before it ("president", "Mr"), a given name or initials at its
 * start, a verb of saying beside it, an age or a role behind it ("Anna Berg, 45," "Anna Berg, the
 * mayor"). Particles (de, van, bin, al) may stand inside. A known place or company is part of a
 * name only behind a given name ("Jack London"), or is one itself in front of another word ("Paris
 * Hilton"). In German, where every noun has a capital, a title, a given name or an age is needed.
 *
 * Full names first, over all fields; then single words that are part of one, so that "Merkel" in
 * the headline counts for "Angela Merkel" of the text. */
#include "tag/people.h"

#include "base/slice.h"

enum { RUN_SAYING_MAX = 4 };

/* A person introduced: the words of the name, by which later mentions are known. */
struct known {
    uint64_t words[PERSON_WORDS_MAX];
    size_t words_count, entity, first_at;
};

struct people_work {
    const struct name_scene *scene;
    struct person_runs runs;
    struct known *known;
    size_t known_count;
    uint64_t bits; /* of all words of known names, to turn other words away */
    bool by_stem;  /* names are inflected */
    bool is_arabic;
};

static bool is_language(const struct name_scene *scene, const char *code)
{
    return slice_starts(scene->article->language, slice_of(code, 2));
}

static size_t field_end(const struct name_scene *scene, size_t at)
{
    return scene->tokens->field_first[name_token(scene, at)->field + 1];
}

static uint32_t bits_of(enum name_kind first, enum name_kind last)
{
    return (2U << last) - (1U << first);
}

/* --- runs of capitals ---------------------------------------------------------------------- */

/* A word that can be part of a name. */
static bool is_name_word(const struct name_scene *scene, size_t at, bool has_given)
{
    const struct token *token = name_token(scene, at);
    uint32_t marks = scene->marks[at];
    if (!(token->flags & TOKEN_CAPITAL) || token->flags & TOKEN_NUMBER || scene->claimed[at] ||
        name_is(scene, at, NAME_NOT_PERSON))
        return false;
    uint32_t other = bits_of(NAME_COUNTRY, NAME_TITLE) | 1U << NAME_ORG_TAIL | 1U << NAME_ORG_HEAD;
    if (!(marks & other) || marks & 1U << NAME_GIVEN)
        return true;
    return has_given && !(marks & (MARK_LONG | MARK_INSIDE));
}

/* "J." */
static bool is_initial(const struct name_scene *scene, size_t at)
{
    const struct token *token = name_token(scene, at);
    desk_slice text = article_field_text(scene->article, (enum article_field)token->field);
    size_t end = token->start + token->len;
    return token->len <= 2 && token->flags & TOKEN_CAPITAL && end < text.len &&
           text.data[end] == '.';
}

static bool is_given(const struct name_scene *scene, size_t at)
{
    return name_is(scene, at, NAME_GIVEN) && name_token(scene, at)->flags & TOKEN_CAPITAL;
}

static struct name_run read_run(const struct name_scene *scene, size_t at)
{
    struct name_run run = {at, 0};
    size_t end = field_end(scene, at);
    bool has_given = false;
    for (size_t i = at; i < end && i < at + PERSON_WORDS_MAX; i++) {
        if (i > at && !name_goes_on(scene, i))
            break;
        if (is_name_word(scene, i, has_given))
            run.words = i + 1 - at;
        else if (i == at || !name_is_particle(scene, i))
            break;
        has_given |= is_given(scene, i) || is_initial(scene, i);
    }
    return run;
}

/* --- what speaks for a person -------------------------------------------------------------- */

/* A title directly before, or with one demonym between: "président russe Vladimir Poutine". */
static bool has_title(const struct name_scene *scene, size_t at)
{
    for (size_t back = 1; back <= 3 && back <= at; back++) {
        size_t i = at - back;
        bool is_abbreviated = name_token(scene, i)->len <= 4; /* "Dr." */
        if (name_token(scene, i)->field != name_token(scene, at)->field ||
            (!name_goes_on(scene, i + 1) && !is_abbreviated))
            return false;
        if (name_is(scene, i, NAME_TITLE))
            return true;
        if (!name_is(scene, i, NAME_DEMONYM) && !(scene->marks[i] & MARK_INSIDE))
            return false;
    }
    return false;
}

/* ", 45," or ", the mayor of" */
static bool has_apposition(const struct name_scene *scene, size_t next, bool only_age)
{
    size_t end = field_end(scene, next - 1);
    if (next >= end || name_goes_on(scene, next))
        return false;
    const struct token *last = name_token(scene, next - 1), *token = name_token(scene, next);
    desk_slice text = article_field_text(scene->article, (enum article_field)last->field);
    size_t mark = last->start + last->len;
    mark += mark + 1 < text.len && text.data[mark] == ' ' && text.data[mark + 1] == '(';
    if (mark >= text.len || (text.data[mark] != ',' && text.data[mark] != '('))
        return false;
    bool is_age = token->flags & TOKEN_NUMBER && token->len == 2 && token->start - mark <= 2;
    if (is_age || only_age)
        return is_age;
    for (size_t i = next; i < end && i < next + 3; i++) {
        if (i > next && !name_goes_on(scene, i))
            return false;
        if (name_is(scene, i, NAME_TITLE))
            return true;
    }
    return false;
}

static bool says(const struct name_scene *scene, const struct name_run *run)
{
    size_t next = run->first + run->words;
    if (next < field_end(scene, run->first) && name_goes_on(scene, next) &&
        name_is_saying(scene, next))
        return true;
    return run->first > 0 && !(name_token(scene, run->first)->flags & TOKEN_SENTENCE_START) &&
           name_goes_on(scene, run->first) && name_is_saying(scene, run->first - 1);
}

static bool has_shouting(const struct name_scene *scene, const struct name_run *run)
{
    for (size_t i = run->first; i < run->first + run->words; i++) {
        const struct token *token = name_token(scene, i);
        if (token->flags & TOKEN_ALL_CAPITALS && token->len > 3)
            return true;
    }
    return false;
}

static bool is_person(const struct name_scene *scene, const struct name_run *run)
{
    const struct token *first = name_token(scene, run->first);
    if (has_shouting(scene, run))
        return false;
    bool titled = has_title(scene, run->first);
    if (run->words == 1)
        return titled && first->len > 2 && !is_given(scene, run->first);
    if (titled || is_given(scene, run->first) || is_initial(scene, run->first))
        return true;
    if (run->words > RUN_SAYING_MAX || first->field == FIELD_TITLE)
        return false;
    bool is_german = is_language(scene, "de");
    return has_apposition(scene, run->first + run->words, is_german) ||
           (!is_german && says(scene, run));
}

/* --- full names ---------------------------------------------------------------------------- */

static bool add_run(struct people_work *work, struct name_run run)
{
    struct person_runs *runs = &work->runs;
    if (runs->count == runs->capacity) {
        size_t wanted = runs->capacity ? runs->capacity * 4 : 16;
        struct name_run *grown =
            arena_grow(work->scene->article->arena, runs->items, runs->capacity * sizeof *grown,
                       wanted * sizeof *grown, _Alignof(struct name_run));
        if (!grown)
            return false;
        runs->items = grown;
        runs->capacity = wanted;
    }
    runs->items[runs->count++] = run;
    name_claim(work->scene, run);
    return true;
}

static struct name_run run_at(const struct people_work *work, size_t at)
{
    const struct name_scene *scene = work->scene;
    struct name_run none = {at, 0};
    unsigned flags = name_token(scene, at)->flags;
    bool may_begin = work->is_arabic || flags & (TOKEN_CAPITAL | TOKEN_UNSPACED);
    if (!may_begin || scene->claimed[at])
        return none;
    if (flags & TOKEN_UNSPACED)
        return person_chinese(scene, at);
    if (work->is_arabic)
        return person_arabic(scene, at);
    struct name_run run = read_run(scene, at);
    return run.words && is_person(scene, &run) ? run : none;
}

/* The first token from `at` on that has one of the flags. */
static size_t next_with(const struct name_scene *scene, size_t at, unsigned flags)
{
    const struct token *tokens = scene->tokens->items;
    while (at < scene->tokens->count && !(tokens[at].flags & flags))
        at++;
    return at;
}

static bool find_runs(struct people_work *work)
{
    const struct name_scene *scene = work->scene;
    for (size_t at = 0; work->runs.count < PERSON_RUNS_MAX;) {
        if (!work->is_arabic)
            at = next_with(scene, at, TOKEN_CAPITAL | TOKEN_UNSPACED);
        if (at >= scene->tokens->count)
            break;
        struct name_run run = run_at(work, at);
        if (run.words && !add_run(work, run))
            return false;
        at += run.words ? run.words : 1;
    }
    return true;
}

/* --- one entity for each ------------------------------------------------------------------- */

static uint64_t word_of(const struct people_work *work, size_t at)
{
    const struct token *token = name_token(work->scene, at);
    return work->by_stem ? token->stem : token->hash;
}

static struct known describe(const struct people_work *work, struct name_run run)
{
    struct known known = {.first_at = run.first};
    for (size_t i = run.first; i < run.first + run.words; i++)
        if (i == run.first || !name_is_particle(work->scene, i))
            known.words[known.words_count++] = word_of(work, i);
    return known;
}

/* The same first and last word, whatever stands between. */
static struct known *same_person(struct people_work *work, const struct known *wanted)
{
    for (size_t i = 0; i < work->known_count; i++) {
        struct known *known = &work->known[i];
        if (known->words[0] == wanted->words[0] &&
            known->words[known->words_count - 1] == wanted->words[wanted->words_count - 1])
            return known;
    }
    return NULL;
}

/* The person who has this word in the name, the surname before the given name; of several the one
 * introduced last before the mention. */
static const struct known *known_by(const struct people_work *work, uint64_t word, size_t at)
{
    const struct known *best = NULL;
    bool best_is_given = true;
    if (!(work->bits >> (word & 63) & 1))
        return NULL;
    for (size_t i = 0; i < work->known_count; i++) {
        const struct known *known = &work->known[i];
        for (size_t k = known->words_count; k-- > 0;) {
            if (known->words[k] != word)
                continue;
            bool is_given_name = k == 0 && known->words_count > 1;
            if (!best || (best_is_given && !is_given_name) ||
                (best_is_given == is_given_name && known->first_at <= at)) {
                best = known;
                best_is_given = is_given_name;
            }
            break;
        }
    }
    return best;
}

static bool introduce(struct people_work *work, struct name_run run)
{
    const struct name_scene *scene = work->scene;
    struct entity_list *people = &scene->article->people;
    struct known wanted = describe(work, run);
    struct known *known = same_person(work, &wanted);
    if (!known) {
        if (work->known_count == PEOPLE_MAX)
            return true;
        desk_slice name =
            is_language(scene, "ru") ? person_nominative(scene, run) : name_text(scene, run);
        struct entity *entity = article_add_entity(scene->article->arena, people);
        if (!entity || !name.len)
            return false;
        entity->name = name;
        entity->first = SIZE_MAX;
        wanted.entity = people->count - 1;
        known = &work->known[work->known_count++];
        *known = wanted;
        for (size_t i = 0; i < wanted.words_count; i++)
            work->bits |= 1ULL << (wanted.words[i] & 63);
    } else if (work->by_stem) { /* of inflected forms the shortest is the nominative */
        struct entity *entity = &people->items[known->entity];
        desk_slice name = person_nominative(scene, run);
        if (name.len && name.len < entity->name.len)
            entity->name = name;
    }
    return name_count(scene, &people->items[known->entity], "person.name", run);
}

static bool count_short(const struct people_work *work, size_t at, const struct known *known)
{
    return name_count(work->scene, &work->scene->article->people.items[known->entity],
                      "person.short", (struct name_run){at, 1});
}

/* A single name behind a title: of somebody known, else a person of its own. */
static bool introduce_single(struct people_work *work, struct name_run run)
{
    const struct known *known = known_by(work, word_of(work, run.first), run.first);
    return known ? count_short(work, run.first, known) : introduce(work, run);
}

/* "Montenegro" is the country, unless somebody of that surname was named and the word speaks. */
static bool is_other_name(const struct people_work *work, const struct known *known, size_t at)
{
    const struct name_scene *scene = work->scene;
    if (!(scene->marks[at] & bits_of(NAME_COUNTRY, NAME_SOCIAL)))
        return false;
    bool is_surname =
        known->words_count > 1 && known->words[known->words_count - 1] == word_of(work, at);
    return !is_surname || known->first_at > at || !says(scene, &(struct name_run){at, 1});
}

static bool find_shorts(struct people_work *work)
{
    const struct name_scene *scene = work->scene;
    for (size_t at = 0; work->known_count; at++) {
        at = next_with(scene, at, TOKEN_CAPITAL);
        if (at >= scene->tokens->count)
            break;
        if (scene->claimed[at])
            continue;
        const struct known *known = known_by(work, word_of(work, at), at);
        bool is_other = at > 0 && is_given(scene, at - 1) && name_goes_on(scene, at);
        if (!known || is_other || is_other_name(work, known, at))
            continue;
        scene->claimed[at] = 1;
        if (!count_short(work, at, known))
            return false;
    }
    return true;
}

bool people_find(const struct name_scene *scene)
{
    struct people_work work = {.scene = scene};
    work.by_stem = is_language(scene, "ru") || is_language(scene, "de");
    work.is_arabic = is_language(scene, "ar");
    if (!find_runs(&work))
        return false;
    if (!work.runs.count)
        return true;
    size_t most = work.runs.count < PEOPLE_MAX ? work.runs.count : PEOPLE_MAX;
    work.known =
        arena_alloc(scene->article->arena, most * sizeof *work.known, _Alignof(struct known));
    if (!work.known)
        return false;
    for (size_t i = 0; i < work.runs.count; i++)
        if (work.runs.items[i].words > 1 && !introduce(&work, work.runs.items[i]))
            return false;
    for (size_t i = 0; i < work.runs.count; i++)
        if (work.runs.items[i].words == 1 && !introduce_single(&work, work.runs.items[i]))
            return false;
    return find_shorts(&work);
}
