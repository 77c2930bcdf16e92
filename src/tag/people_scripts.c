/* Names in scripts without capitals. Chinese: a surname and one or two characters behind a title or
 * in front of a verb of saying, or up to five characters of a foreign name between title and verb.
 * Arabic: a given name the gazetteer knows and the words that go on with it, or two words behind a
 * title. */
#include "base/slice.h"
#include "tag/people.h"

enum { CHINESE_FOREIGN_MAX = 5, CHINESE_MAX = 3, ARABIC_WORDS_MAX = 4 };

static size_t field_end(const struct name_scene *scene, size_t at)
{
    return scene->tokens->field_first[name_token(scene, at)->field + 1];
}

static desk_slice text_at(const struct name_scene *scene, size_t at)
{
    return token_text(scene->article, name_token(scene, at));
}

static bool is_listed(desk_slice text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(text, words[i]))
            return true;
    return false;
}

/* --- Chinese ------------------------------------------------------------------------------- */

/* Characters that begin what follows a name and are hardly part of one. */
static bool is_function_character(desk_slice text)
{
    static const char *const words[] = {
        "在", "和", "的", "与", "與", "于", "於", "将", "將", "对", "對", "是", "也", "就",
        "向", "从", "從", "为", "為", "被", "把", "已", "及", "会", "會", "出", "说", "說",
        "称", "稱", "表", "指", "认", "認", "宣", "访", "訪", "抵", "前", "今", "昨", "参",
        "參", "接", "介", "告", "问", "問", "回", "警", "呼", "批", "还"};
    return is_listed(text, words, sizeof words / sizeof words[0]);
}

/* Whether a name may end before token `at`. */
static bool ends_before(const struct name_scene *scene, size_t at)
{
    return at >= field_end(scene, at - 1) || !name_goes_on(scene, at) ||
           !(name_token(scene, at)->flags & TOKEN_UNSPACED) || name_is(scene, at, NAME_TITLE) ||
           name_is_saying(scene, at) || is_function_character(text_at(scene, at));
}

static bool says_behind(const struct name_scene *scene, size_t at)
{
    return at < field_end(scene, at - 1) && name_goes_on(scene, at) &&
           (name_is_saying(scene, at) || name_is(scene, at, NAME_TITLE) ||
            is_listed(text_at(scene, at), (const char *const[]){"说", "說", "表", "称", "稱", "指"},
                      6));
}

struct name_run person_chinese(const struct name_scene *scene, size_t at)
{
    struct name_run none = {at, 0};
    if (scene->marks[at] & ~(1U << NAME_SURNAME | MARK_LONG) || name_is_saying(scene, at))
        return none;
    bool titled = at > 0 && name_goes_on(scene, at) && name_is(scene, at - 1, NAME_TITLE);
    bool has_surname = name_is(scene, at, NAME_SURNAME);
    if (!titled && !has_surname)
        return none;
    size_t least = scene->marks[at] & MARK_LONG && has_surname ? 3 : 2;
    size_t most = has_surname ? CHINESE_MAX + (least == 3) : CHINESE_FOREIGN_MAX;
    for (size_t words = least; words <= most; words++) {
        if (at + words > field_end(scene, at) || (words > 1 && ends_before(scene, at + words - 1)))
            return none;
        bool is_end = ends_before(scene, at + words);
        if (titled ? is_end : says_behind(scene, at + words))
            return (struct name_run){at, words};
        if (titled && has_surname && words == most)
            return (struct name_run){at, words};
    }
    return none;
}

/* --- Arabic -------------------------------------------------------------------------------- */

/* Words that end a name: prepositions, conjunctions, common adverbs. */
static bool is_arabic_function(desk_slice text)
{
    static const char *const words[] = {
        "في",    "من",  "إلى", "على",  "عن",   "أن",  "إن",  "مع",   "بعد", "قبل", "خلال", "أمس",
        "اليوم", "هو",  "هي",  "كان",  "كانت", "قد",  "لم",  "لن",   "لا",  "ما",  "الذي", "التي",
        "يوم",   "إنه", "أنه", "إنها", "أنها", "عام", "حول", "بين",  "ضد",  "منذ", "حتى",  "غير",
        "كما",   "ثم",  "أو",  "هذا",  "هذه",  "ذلك", "تلك", "وقال", "إلا", "بأن", "لدى",  "زيارة"};
    return is_listed(text, words, sizeof words / sizeof words[0]);
}

static bool is_article(desk_slice text)
{
    return slice_starts(text, slice_from_cstr("ال"));
}

static bool is_arabic_part(const struct name_scene *scene, size_t at)
{
    desk_slice text = text_at(scene, at);
    uint32_t places = (1U << (NAME_REGION + 1)) - 1;
    return name_goes_on(scene, at) && !is_arabic_function(text) && !name_is_saying(scene, at) &&
           !(scene->marks[at] & (places | 1U << NAME_TITLE | 1U << NAME_ORG_HEAD)) &&
           !(name_token(scene, at)->flags & TOKEN_NUMBER) && text.len > 2 &&
           !slice_starts(text, slice_from_cstr("لل"));
}

/* A title before, with a demonym or an adjective with the article between. */
static bool has_arabic_title(const struct name_scene *scene, size_t at)
{
    for (size_t back = 1; back <= 2 && back <= at; back++) {
        if (!name_goes_on(scene, at - back + 1))
            return false;
        if (name_is(scene, at - back, NAME_TITLE))
            return true;
        if (!name_is(scene, at - back, NAME_DEMONYM) && !is_article(text_at(scene, at - back)))
            return false;
    }
    return false;
}

struct name_run person_arabic(const struct name_scene *scene, size_t at)
{
    struct name_run run = {at, 0};
    size_t end = field_end(scene, at);
    bool is_given = name_is(scene, at, NAME_GIVEN);
    uint32_t marks = scene->marks[at] & ~(1U << NAME_GIVEN | MARK_LONG);
    if (marks || (!is_given && (is_article(text_at(scene, at)) || !has_arabic_title(scene, at) ||
                                !is_arabic_part(scene, at))))
        return run;
    /* "Muhammad al-Sudani": behind a given name a demonym with the article is a surname. */
    bool has_origin = is_given && at + 1 < end && name_goes_on(scene, at + 1) &&
                      name_is(scene, at + 1, NAME_DEMONYM) && is_article(text_at(scene, at + 1));
    size_t words = 1 + has_origin;
    while (words < ARABIC_WORDS_MAX && at + words < end && is_arabic_part(scene, at + words)) {
        desk_slice text = text_at(scene, at + words);
        bool is_abd = slice_is(text_at(scene, at), "عبد"); /* one given name with what follows */
        bool goes_on = words == 1 || (words == 2 && is_abd && is_article(text)) ||
                       name_is(scene, at + words, NAME_GIVEN) ||
                       (is_article(text) && name_is(scene, at + words - 1, NAME_GIVEN)) ||
                       is_listed(text_at(scene, at + words - 1),
                                 (const char *const[]){"بن", "آل", "أبو", "عبد"}, 4) ||
                       is_listed(text, (const char *const[]){"بن", "آل"}, 2);
        if (!goes_on)
            break;
        words++;
    }
    run.words = words >= 2 ? words : 0;
    return run;
}
