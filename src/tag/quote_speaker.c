/* The search runs over the tokens beside the quote; names were found by the entity stage. */
#include "tag/quote_speaker.h"

#include "base/slice.h"
#include "base/sort.h"
#include "tag/phrases.h"
#include "tag/quoting.h"

/* Words looked at on either side: room for "a déclaré à la presse le ministre des Affaires
 * étrangères Jean Dupont". */
enum { WORDS_NEAR = 24, PRONOUN_NEAR = 2, BREAK_BYTES_MAX = 8 };

/* Tokens [first, end) in one sentence. */
struct stretch {
    size_t first, end;
};

/* --- the scene ----------------------------------------------------------------------------- */

static int by_start(const void *a, const void *b)
{
    const struct quote_name *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (int)y->is_person - (int)x->is_person;
}

static size_t first_token_at(const struct token_table *tokens, size_t offset)
{
    size_t low = tokens->field_first[FIELD_BODY], high = tokens->field_first[FIELD_BODY + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tokens->items[middle].start < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool quote_scene_open(struct quote_scene *scene, struct desk_article *article,
                      const struct phrases *cues)
{
    const struct entity_list *lists[] = {&article->people, &article->attributions};
    size_t count = 0;
    *scene = (struct quote_scene){.article = article, .tokens = article->tokens, .cues = cues};
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l]->count; i++)
            count += lists[l]->items[i].evidence.count;
    scene->names = arena_alloc(article->arena, (count + 1) * sizeof *scene->names,
                               _Alignof(struct quote_name));
    if (!scene->names)
        return false;
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l]->count; i++) {
            const struct entity *entity = &lists[l]->items[i];
            for (size_t k = 0; k < entity->evidence.count; k++) {
                size_t start = entity->evidence.items[k].offset;
                if (entity->evidence.items[k].field == FIELD_BODY)
                    scene->names[scene->names_count++] = (struct quote_name){
                        start, first_token_at(article->tokens, start), entity, l == 0};
            }
        }
    sort_items(scene->names, scene->names_count, sizeof *scene->names, by_start);
    return true;
}

/* --- stretches ----------------------------------------------------------------------------- */

static const struct token *token_at(const struct quote_scene *scene, size_t at)
{
    return &scene->tokens->items[at];
}

/* Gaps between words are a byte or two: shorter than a call. */
static bool has_byte(desk_slice text, char byte)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] == byte)
            return true;
    return false;
}

static bool has_line_break(const struct quote_scene *scene, size_t from, size_t to)
{
    return has_byte(slice_sub(scene->article->body, from, to), '\n');
}

static bool begins_sentence(const struct quote_scene *scene, size_t at)
{
    return token_at(scene, at)->flags & TOKEN_SENTENCE_START;
}

/* Behind a quote, up to the next quote or the end of the sentence. A quote that ends with a full
 * stop, an exclamation or a question mark may still be followed by its verb. */
static struct stretch stretch_behind(const struct quote_scene *scene,
                                     const struct quote_spans *spans, size_t i)
{
    const struct quote_span *span = &spans->items[i];
    size_t end = scene->tokens->field_first[FIELD_BODY + 1];
    size_t limit = i + 1 < spans->count ? spans->items[i + 1].first : end;
    struct stretch stretch = {span->end, span->end};
    size_t text_from = span->after;
    while (stretch.end < limit && stretch.end - stretch.first < WORDS_NEAR) {
        const struct token *token = token_at(scene, stretch.end);
        bool is_first = stretch.end == stretch.first;
        desk_slice gap = slice_sub(scene->article->body, text_from, token->start);
        if (has_byte(gap, '\n') || (!is_first && begins_sentence(scene, stretch.end)) ||
            (is_first && has_byte(gap, '.')))
            break;
        text_from = token->start + token->len;
        stretch.end++;
    }
    return stretch;
}

/* In front of a quote, back to the start of the sentence or the quote before. */
static struct stretch stretch_before(const struct quote_scene *scene,
                                     const struct quote_spans *spans, size_t i)
{
    const struct quote_span *span = &spans->items[i];
    size_t limit = i ? spans->items[i - 1].end : scene->tokens->field_first[FIELD_BODY];
    struct stretch stretch = {span->first, span->first};
    while (stretch.first > limit && stretch.end - stretch.first < WORDS_NEAR) {
        const struct token *token = token_at(scene, stretch.first - 1);
        size_t next =
            stretch.first == stretch.end ? span->open : token_at(scene, stretch.first)->start;
        if (has_line_break(scene, token->start + token->len, next))
            break;
        stretch.first--;
        if (begins_sentence(scene, stretch.first))
            break;
    }
    return stretch;
}

/* --- cues and names ------------------------------------------------------------------------ */

struct cue {
    size_t at, words; /* words 0: none */
    enum saying kind;
};

/* The first verb of saying (or "according to") of a stretch. */
static struct cue find_cue(const struct quote_scene *scene, struct stretch stretch)
{
    if (!scene->cues)
        return (struct cue){0, 0, SAYING_NONE};
    for (size_t at = stretch.first;; at++) {
        at = phrases_next(scene->cues, scene->tokens, at, stretch.end);
        if (at >= stretch.end)
            break;
        unsigned capital = token_at(scene, at)->flags & (TOKEN_CAPITAL | TOKEN_SENTENCE_START);
        if (capital == TOKEN_CAPITAL) /* "State Department" has no verb in it */
            continue;
        const struct phrase *cue = phrases_match(scene->cues, scene->tokens, at, stretch.end);
        for (; cue; cue = phrases_also(scene->cues, cue, scene->tokens, at)) {
            enum saying kind = (enum saying)(cue->value & SAYING_KINDS);
            if (kind == SAYING_VERB || kind == SAYING_QUOTES)
                return (struct cue){at, cue->words_count, SAYING_VERB};
            if (kind == SAYING_ACCORDING)
                return (struct cue){at, cue->words_count, kind};
        }
    }
    return (struct cue){0, 0, SAYING_NONE};
}

/* A pronoun directly beside the verb: "said he", "a-t-elle ajouté", "he later said". */
static bool has_pronoun(const struct quote_scene *scene, struct stretch stretch, struct cue cue)
{
    if (cue.at > stretch.first + PRONOUN_NEAR)
        stretch.first = cue.at - PRONOUN_NEAR;
    if (stretch.end > cue.at + cue.words + PRONOUN_NEAR)
        stretch.end = cue.at + cue.words + PRONOUN_NEAR;
    for (size_t at = stretch.first; at < stretch.end; at++) {
        const struct phrase *word = phrases_match(scene->cues, scene->tokens, at, at + 1);
        for (; word; word = phrases_also(scene->cues, word, scene->tokens, at))
            if ((word->value & SAYING_KINDS) == SAYING_PRONOUN)
                return true;
    }
    return false;
}

/* Of the names in a stretch the last, or the first. */
static const struct quote_name *name_in(const struct quote_scene *scene, struct stretch stretch,
                                        bool last)
{
    const struct quote_name *found = NULL;
    for (size_t i = 0; i < scene->names_count; i++) {
        const struct quote_name *name = &scene->names[i];
        if (name->token >= stretch.end)
            break;
        if (name->token >= stretch.first && (!found || last))
            found = name;
    }
    return found;
}

/* The one person named since the paragraph before the quote's began; NULL for none or several. */
static const struct quote_name *person_meant(const struct quote_scene *scene, size_t open)
{
    desk_slice body = scene->article->body;
    size_t from = open;
    for (unsigned breaks = 0; from > 0; from--) {
        bool is_break = body.data[from - 1] == '\n' && from > 1 && body.data[from - 2] == '\n';
        if (is_break && ++breaks == 2)
            break;
        from -= is_break;
    }
    const struct quote_name *found = NULL;
    for (size_t i = 0; i < scene->names_count && scene->names[i].start < open; i++) {
        const struct quote_name *name = &scene->names[i];
        if (name->start < from || !name->is_person)
            continue;
        if (found && found->entity != name->entity)
            return NULL;
        found = name;
    }
    return found;
}

/* Languages that leave the pronoun out before a verb. */
static bool drops_pronouns(desk_slice language)
{
    static const char *const languages[] = {"es", "it", "pt", "ar"};
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++)
        if (slice_starts(language, slice_from_cstr(languages[i])))
            return true;
    return false;
}

/* A verb with nothing else in its clause but particles: the next word opens another. */
static bool is_bare(const struct quote_scene *scene, struct stretch stretch, struct cue cue)
{
    size_t behind = cue.at + cue.words;
    bool ends = behind >= stretch.end || token_at(scene, behind)->flags & TOKEN_BREAK_BEFORE;
    return drops_pronouns(scene->article->language) && ends && cue.at - stretch.first <= 2;
}

/* Who says it in a stretch that holds a cue. */
static desk_slice voice_of(const struct quote_scene *scene, struct stretch stretch, struct cue cue,
                           size_t open)
{
    struct stretch before = {stretch.first, cue.at}, behind = {cue.at + cue.words, stretch.end};
    const struct quote_name *name = NULL;
    if (cue.kind == SAYING_VERB)
        name = name_in(scene, before, true);
    if (!name && has_pronoun(scene, stretch, cue))
        name = person_meant(scene, open);
    else if (!name)
        name = name_in(scene, behind, false);
    if (!name && is_bare(scene, stretch, cue))
        name = person_meant(scene, open);
    return name ? name->entity->name : slice_of(NULL, 0);
}

/* --- quotes that go on --------------------------------------------------------------------- */

static bool fills_paragraph(const struct quote_scene *scene, const struct quote_span *span)
{
    desk_slice body = scene->article->body;
    bool begins = span->open == 0 || body.data[span->open - 1] == '\n';
    size_t end = span->after;
    while (end < body.len && end - span->after < BREAK_BYTES_MAX && body.data[end] != '\n' &&
           strchr(" .!?", body.data[end]))
        end++;
    return begins && (end == body.len || body.data[end] == '\n');
}

/* The speaker of the quote before, when this one goes on with it. */
static desk_slice goes_on(const struct quote_scene *scene, const struct quote_spans *spans,
                          size_t i, const struct quote_voice *voices)
{
    desk_slice none = {NULL, 0};
    if (i == 0 || !voices[i - 1].speaker.len)
        return none;
    const struct quote_span *span = &spans->items[i], *last = span - 1;
    bool has_break = has_line_break(scene, last->after, span->open);
    if (has_break && (!fills_paragraph(scene, span) ||
                      slice_find(slice_sub(scene->article->body, last->after, span->open),
                                 slice_of("\n\n", 2), 0) +
                              2 + last->after !=
                          span->open))
        return none;
    struct stretch between = {last->end, span->first};
    const struct quote_name *first = name_in(scene, between, false),
                            *final = name_in(scene, between, true);
    bool is_same = !first || (slice_equal(first->entity->name, voices[i - 1].speaker) &&
                              slice_equal(final->entity->name, voices[i - 1].speaker));
    return is_same ? voices[i - 1].speaker : none;
}

struct quote_voice quote_speaker(const struct quote_scene *scene, const struct quote_spans *spans,
                                 size_t i, const struct quote_voice *voices)
{
    struct stretch behind = stretch_behind(scene, spans, i),
                   before = stretch_before(scene, spans, i);
    size_t open = spans->items[i].open;
    struct cue cue = find_cue(scene, behind);
    if (cue.words)
        return (struct quote_voice){voice_of(scene, behind, cue, open), true};
    cue = find_cue(scene, before);
    if (cue.words)
        return (struct quote_voice){voice_of(scene, before, cue, open), true};
    return (struct quote_voice){goes_on(scene, spans, i, voices), false};
}
