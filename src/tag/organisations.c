/* Two patterns:
 *
 *   words with capitals and a word for an organisation behind: Northfield Motors Ltd, Hafen GmbH
 *   a word for an organisation, then what it is of:             University of Northfield,
 *       ministère de la Santé, Universität Bonn, FC Hafen, Министерство обороны, وزارة الصحة
 *
 * The words are rows "orgtail" and "orghead" of the gazetteer. A name found whole is written as it
 * stands. Chinese and Japanese have no capitals to find where such a name begins: lists only. */
#include "tag/organisations.h"

#include "base/slice.h"

enum { WORDS_MAX = 7, TAIL_BEFORE_MAX = 4, COMPLEMENT_ARABIC = 2 };

static bool is_language(const struct name_scene *scene, const char *code)
{
    return slice_starts(scene->article->language, slice_of(code, 2));
}

static bool is_capital(const struct name_scene *scene, size_t at)
{
    return name_token(scene, at)->flags & TOKEN_CAPITAL;
}

/* "of", "de la", "für": words that join the head and what it is of. */
static bool is_joiner(const struct name_scene *scene, size_t at)
{
    static const char *const joiners[] = {
        "of",  "the", "for",   "and", "de",  "la",    "le",    "du",  "des",  "del", "los",
        "las", "di",  "della", "do",  "da",  "dos",   "für",   "van", "voor", "des", "et",
        "y",   "e",   "und",   "en",  "der", "degli", "delle", "dei", "les"};
    desk_slice text = token_text(scene->article, name_token(scene, at));
    for (size_t i = 0; text.len <= 5 && i < sizeof joiners / sizeof joiners[0]; i++)
        if (slice_is(text, joiners[i]))
            return true;
    return false;
}

/* A capitalised word that may stand in front of the tail. */
static bool is_front(const struct name_scene *scene, size_t at)
{
    unsigned flags = name_token(scene, at)->flags;
    return flags & TOKEN_CAPITAL && !(flags & TOKEN_NUMBER) && !scene->claimed[at] &&
           !(flags & TOKEN_SENTENCE_START && name_is(scene, at, NAME_NOT_PERSON)) &&
           !name_is(scene, at, NAME_TITLE);
}

/* "Northfield Motors Ltd": the run that ends with the tail at `at`, none when nothing is in front.
 */
static struct name_run tail_run(const struct name_scene *scene, size_t at)
{
    struct name_run run = {at, 1};
    while (run.first > 0 && run.words <= TAIL_BEFORE_MAX && name_goes_on(scene, run.first) &&
           name_token(scene, run.first - 1)->field == name_token(scene, at)->field &&
           is_front(scene, run.first - 1)) {
        run.first--;
        run.words++;
    }
    bool is_article_only = run.words == 2 && name_token(scene, run.first)->len < 2;
    return is_article_only ? (struct name_run){at, 1} : run;
}

static size_t field_end(const struct name_scene *scene, size_t at)
{
    return scene->tokens->field_first[name_token(scene, at)->field + 1];
}

/* What follows a head: joiners and words with capitals, ending with one of them. */
static size_t complement(const struct name_scene *scene, size_t at, size_t end)
{
    size_t last = at;
    for (size_t i = at; i < end && i < at + WORDS_MAX && name_goes_on(scene, i); i++) {
        if (is_capital(scene, i) && !name_is(scene, i, NAME_NOT_PERSON))
            last = i + 1;
        else if (!is_joiner(scene, i))
            break;
    }
    return last - at;
}

/* Romance names go on in lower case: "Parti socialiste", "Banque centrale". */
static size_t adjective(const struct name_scene *scene, size_t head, size_t at, size_t end)
{
    static const char *const languages[] = {"fr", "es", "it", "pt"};
    unsigned flags = name_token(scene, head)->flags;
    bool is_romance = false;
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++)
        is_romance |= is_language(scene, languages[i]);
    if (!is_romance || !(flags & TOKEN_CAPITAL) || flags & TOKEN_SENTENCE_START || at >= end ||
        !name_goes_on(scene, at) || is_joiner(scene, at) || is_capital(scene, at) ||
        name_token(scene, at)->len < 6 || name_is_saying(scene, at))
        return 0;
    return 1;
}

static struct name_run head_run(const struct name_scene *scene, size_t at)
{
    size_t end = field_end(scene, at), next = at + 1;
    while (next < end && scene->marks[next] & MARK_INSIDE)
        next++;
    size_t words = 0;
    if (is_language(scene, "ar")) {
        while (
            words < COMPLEMENT_ARABIC && next + words < end && name_goes_on(scene, next + words) &&
            !name_is_saying(scene, next + words) &&
            (words == 0 || slice_starts(token_text(scene->article, name_token(scene, next + words)),
                                        slice_from_cstr("ال"))))
            words++;
    } else if (is_language(scene, "ru")) {
        words = next < end && name_goes_on(scene, next) && !is_capital(scene, next) &&
                !name_is_saying(scene, next) && is_capital(scene, at);
        if (!words)
            words = complement(scene, next, end);
    } else {
        words = complement(scene, next, end);
        if (!words) {
            words = adjective(scene, at, next, end);
            words += words && next + 1 < end ? complement(scene, next + 1, end) : 0;
        }
    }
    return (struct name_run){at, words ? next - at + words : 0};
}

static bool add(const struct name_scene *scene, struct name_run run)
{
    struct entity *entity = name_entity(scene, &scene->article->organisations,
                                        name_text(scene, run), slice_of(NULL, 0));
    name_claim(scene, run);
    return name_count(scene, entity, "organisation.words", run);
}

/* "компания Газпром": the list knows it, and by what name it is published. */
static bool is_listed(const struct name_scene *scene, struct name_run run)
{
    uint32_t listed = 0;
    for (enum name_kind kind = NAME_ORGANISATION; kind <= NAME_SOCIAL; kind++)
        listed |= 1U << kind;
    for (size_t i = run.first; i < run.first + run.words; i++)
        if (scene->marks[i] & listed)
            return true;
    return false;
}

bool organisations_find(const struct name_scene *scene)
{
    uint32_t wanted = 1U << NAME_ORG_HEAD | 1U << NAME_ORG_TAIL;
    for (size_t at = 0; at < scene->tokens->count; at++) {
        if (!(scene->marks[at] & wanted) || scene->claimed[at] || scene->marks[at] & MARK_INSIDE)
            continue;
        struct name_run run = {at, 0};
        if (name_is(scene, at, NAME_ORG_TAIL) && is_capital(scene, at) && name_goes_on(scene, at))
            run = tail_run(scene, at);
        if (run.words < 2 && name_is(scene, at, NAME_ORG_HEAD))
            run = head_run(scene, at);
        else if (run.words >= 2 && run.first + run.words < field_end(scene, at) &&
                 name_is(scene, run.first + run.words, NAME_ORG_TAIL) &&
                 name_goes_on(scene, run.first + run.words))
            continue; /* a longer name ends further on: "Northfield Motors Ltd" */
        if (run.words >= 2 && !is_listed(scene, run) && !add(scene, run))
            return false;
    }
    return true;
}
