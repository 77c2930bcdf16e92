/* The decode stage: raw bytes to fields, all of it valid UTF-8.
 *
 * A value is a JSON object, HTML or plain text; by setting, by content type, or sniffed: an object
 * starts with '{', HTML with a tag or holds tags that end, everything else is text. Text such as
 * "[ad_1]" is no JSON. JSON must be UTF-8 (RFC 8259) and is rejected when it is not; HTML and text
 * go through charset detection. */
#include "article/decode.h"

#include "base/error.h"
#include "base/slice.h"
#include "engine/stage.h"
#include "text/charset.h"
#include "text/mojibake.h"
#include "text/utf8.h"

enum { SNIFF_BYTES_MAX = 8192 };

/* Sequences in a record that make it certain that its text was encoded twice. */
enum { SEQUENCES_MIN = 2 };

static desk_slice skip_bom(desk_slice text)
{
    static const char bom[] = "\xEF\xBB\xBF";
    return slice_starts(text, slice_of(bom, 3)) ? slice_sub(text, 3, text.len) : text;
}

/* --- sniffing ------------------------------------------------------------------------------ */

static bool starts_with_tag(desk_slice text)
{
    if (text.len < 3 || text.data[0] != '<')
        return false;
    return text.data[1] == '!' || text.data[1] == '?' || ascii_is_alpha(text.data[1]);
}

/* Tags that plain text about programming seldom has in pairs, and fragments nearly always do. */
static bool has_markup(desk_slice text)
{
    static const char *const tags[] = {"</p>",          "</div>",    "</a>",  "</span>", "<br>",
                                       "<br/>",         "<br />",    "</li>", "</h1>",   "</h2>",
                                       "</em>",         "</strong>", "</b>",  "</i>",    "<p>",
                                       "</blockquote>", "</figure>", "</td>"};
    if (text.len > SNIFF_BYTES_MAX)
        text.len = SNIFF_BYTES_MAX;
    for (size_t at = slice_find_byte(text, '<', 0); at != DESK_SLICE_NONE;
         at = slice_find_byte(text, '<', at + 1))
        for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
            if (slice_starts_nocase(slice_sub(text, at, text.len), slice_from_cstr(tags[i])))
                return true;
    return false;
}

bool decode_looks_like_html(desk_slice text)
{
    return starts_with_tag(slice_trim(text)) || has_markup(text);
}

static bool mentions(desk_slice content_type, const char *word)
{
    desk_slice wanted = slice_from_cstr(word);
    for (size_t i = 0; i + wanted.len <= content_type.len; i++)
        if (slice_starts_nocase(slice_sub(content_type, i, content_type.len), wanted))
            return true;
    return false;
}

static desk_format sniff(const desk_record *record, desk_slice value)
{
    desk_slice trimmed = slice_trim(skip_bom(value));
    if (mentions(record->content_type, "json"))
        return DESK_FORMAT_JSON;
    if (mentions(record->content_type, "html"))
        return DESK_FORMAT_HTML;
    if (trimmed.len && trimmed.data[0] == '{')
        return DESK_FORMAT_JSON;
    /* UTF-16 has a NUL beside each ASCII byte; the charset step decides, then the text is sniffed
     * again. */
    return decode_looks_like_html(value) ? DESK_FORMAT_HTML : DESK_FORMAT_TEXT;
}

/* --- text that was encoded twice ----------------------------------------------------------- */

static bool repair_list(struct arena *arena, struct slice_list *list, struct mojibake *found)
{
    for (size_t i = 0; i < list->count; i++)
        if (!mojibake_repair(arena, &list->items[i], found))
            return false;
    return true;
}

/* The long texts decide for the short ones: a title often holds one doubtful character alone. */
static desk_status repair_text(struct desk_article *article, desk_error *err)
{
    struct arena *arena = article->arena;
    struct mojibake found = {.needed = SEQUENCES_MIN};
    bool good = mojibake_repair(arena, &article->markup, &found) &&
                mojibake_repair(arena, &article->plain, &found);
    found.needed = found.count ? 1 : SEQUENCES_MIN;
    good = good && mojibake_repair(arena, &article->title, &found) &&
           mojibake_repair(arena, &article->description, &found) &&
           mojibake_repair(arena, &article->section, &found) &&
           mojibake_repair(arena, &article->input_author, &found) &&
           repair_list(arena, &article->authors, &found) &&
           repair_list(arena, &article->keywords, &found);
    for (size_t i = 0; good && i < found.count; i++)
        good = article_add_removal(article, slice_from_cstr("charset.double_encoded"),
                                   found.pieces[i]);
    return good ? DESK_OK : article_memory_error(err);
}

/* --- the three forms ----------------------------------------------------------------------- */

static desk_status decode_object(struct desk_article *article, desk_slice value, desk_error *err)
{
    desk_slice input = skip_bom(value);
    size_t valid = utf8_valid_prefix(input.data, input.len);
    size_t offset = valid + (value.len - input.len);
    if (valid < input.len && input.len - valid < 4 &&
        ((unsigned char)input.data[valid] & 0xC0) == 0xC0)
        return error_at(
            err, DESK_EUTF8, offset,
            "the JSON text ends inside a UTF-8 sequence at byte %zu; was the record cut short?",
            offset);
    if (valid < input.len)
        return error_at(
            err, DESK_EUTF8, offset,
            "byte 0x%02X at byte %zu is not UTF-8; JSON must be UTF-8, convert it before sending",
            (unsigned char)input.data[valid], offset);
    desk_status status = decode_json(article, article->fields, input, err);
    if (status != DESK_OK)
        return status;
    if (!article->markup.len && decode_looks_like_html(article->plain)) {
        article->markup = article->plain;
        article->plain = slice_of(NULL, 0);
    }
    return DESK_OK;
}

static desk_status decode_bytes(void *state, struct desk_article *article, desk_slice value,
                                desk_error *err)
{
    struct charset_result result;
    bool is_html = article->format == DESK_FORMAT_HTML;
    desk_status status = charset_to_utf8(state, article->arena, value,
                                         article->record->content_type, is_html, &result, err);
    if (status != DESK_OK)
        return status;
    for (size_t i = 0; i < result.replaced; i++)
        if (!article_add_removal(article, slice_from_cstr("charset.undecodable"),
                                 slice_from_cstr("\xEF\xBF\xBD")))
            return article_memory_error(err);
    if (!is_html && article->record->format == DESK_FORMAT_AUTO && result.text.len &&
        decode_looks_like_html(result.text))
        article->format = DESK_FORMAT_HTML;
    if (article->format == DESK_FORMAT_HTML)
        article->markup = result.text;
    else
        article->plain = result.text;
    return DESK_OK;
}

static void take_coordinates(struct desk_article *article)
{
    const desk_record *record = article->record;
    if (!article->url.len && utf8_is_valid(record->url))
        article->url = record->url;
    if (article->input_crawled_ms == DESK_NO_TIME && !article->input_crawled.len)
        article->input_crawled_ms = record->crawled_ms;
}

static desk_status check_value(const struct desk_article *article, desk_error *err)
{
    desk_slice value = article->record->value;
    if (value.len > article->limits.input_bytes_max)
        return error_set(err, DESK_EINPUT_SIZE,
                         "the value has %zu bytes, more than the %zu allowed; raise "
                         "limits.input if such records are genuine",
                         value.len, article->limits.input_bytes_max);
    if (!slice_trim(skip_bom(value)).len)
        return error_at(err, DESK_EEMPTY, 0,
                        "the value is empty; a tombstone would be a null value");
    return DESK_OK;
}

static desk_status open_decode(const struct desk_rulebook *rulebook, void **state, desk_error *err)
{
    (void)rulebook;
    struct charset_state *made = NULL;
    desk_status status = charset_open(&made, err);
    *state = made;
    return status;
}

static desk_status process_decode(void *state, struct desk_article *article, desk_error *err)
{
    desk_slice value = article->record->value;
    desk_status status = check_value(article, err);
    if (status != DESK_OK)
        return status;
    if (!article_work(article, value.len))
        return article_work_error(err);
    if (article->format == DESK_FORMAT_AUTO)
        article->format = sniff(article->record, value);
    status = article->format == DESK_FORMAT_JSON ? decode_object(article, value, err)
                                                 : decode_bytes(state, article, value, err);
    if (status != DESK_OK)
        return status;
    take_coordinates(article);
    return repair_text(article, err);
}

static void close_decode(void *state)
{
    charset_close(state);
}

const struct stage stage_decode = {"decode", open_decode, process_decode, close_decode};
