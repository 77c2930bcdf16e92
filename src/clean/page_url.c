/* Resolving by RFC 3986 as far as pages need it: no dot segments are removed except leading ones.
 */
#include "clean/page_url.h"

#include "base/slice.h"
#include "tag/url.h"

static bool has_web_scheme(desk_slice url)
{
    return slice_starts_nocase(url, slice_from_cstr("https://")) ||
           slice_starts_nocase(url, slice_from_cstr("http://"));
}

/* "mailto:", "data:", "javascript:" */
static bool has_other_scheme(desk_slice url)
{
    size_t i = 0;
    while (i < url.len && (ascii_is_alpha(url.data[i]) || ascii_is_digit(url.data[i])))
        i++;
    return i && i < url.len && url.data[i] == ':';
}

static desk_slice join(struct arena *arena, desk_slice a, desk_slice b)
{
    char *out = arena_alloc(arena, a.len + b.len + 1, 1);
    if (!out)
        return slice_of(NULL, 0);
    memcpy(out, a.data, a.len);
    memcpy(out + a.len, b.data, b.len);
    return slice_of(out, a.len + b.len);
}

/* Bytes of "https://host". */
static size_t origin_len(desk_slice base)
{
    size_t slash = slice_find(base, slice_from_cstr("//"), 0);
    size_t end = slash == DESK_SLICE_NONE ? base.len : slash + 2;
    while (end < base.len && base.data[end] != '/' && base.data[end] != '?' &&
           base.data[end] != '#')
        end++;
    return end;
}

/* Bytes of the base up to and with the last slash of its path. */
static size_t folder_len(desk_slice base)
{
    size_t origin = origin_len(base), end = origin;
    while (end < base.len && base.data[end] != '?' && base.data[end] != '#')
        end++;
    while (end > origin && base.data[end - 1] != '/')
        end--;
    return end;
}

static desk_slice resolve_relative(struct arena *arena, desk_slice base, desk_slice reference)
{
    if (!has_web_scheme(base))
        return slice_of(NULL, 0);
    if (reference.data[0] == '/')
        return join(arena, slice_sub(base, 0, origin_len(base)), reference);
    size_t folder = folder_len(base), origin = origin_len(base);
    while (slice_starts(reference, slice_from_cstr("./")))
        reference = slice_sub(reference, 2, reference.len);
    while (slice_starts(reference, slice_from_cstr("../"))) {
        reference = slice_sub(reference, 3, reference.len);
        if (folder > origin + 1)
            folder--;
        while (folder > origin + 1 && base.data[folder - 1] != '/')
            folder--;
    }
    desk_slice start = slice_sub(base, 0, folder);
    if (folder == origin)
        start = join(arena, start, slice_from_cstr("/"));
    return start.data ? join(arena, start, reference) : start;
}

desk_slice page_url_resolve(struct arena *arena, desk_slice base, desk_slice reference)
{
    struct url_parts parts;
    desk_slice url = slice_trim(reference);
    if (!url.len || url.len > URL_BYTES_MAX || base.len > URL_BYTES_MAX || url.data[0] == '#')
        return slice_of(NULL, 0);
    if (slice_starts(url, slice_from_cstr("//"))) {
        bool is_plain = slice_starts_nocase(base, slice_from_cstr("http://"));
        url = join(arena, slice_from_cstr(is_plain ? "http:" : "https:"), url);
    } else if (!has_web_scheme(url)) {
        url = has_other_scheme(url) ? slice_of(NULL, 0) : resolve_relative(arena, base, url);
    }
    bool is_web = url.len && url_split(url, &parts) &&
                  slice_find_byte(parts.host, '.', 0) != DESK_SLICE_NONE &&
                  slice_find_byte(url, ' ', 0) == DESK_SLICE_NONE;
    return is_web ? url : slice_of(NULL, 0);
}

static bool is_front_page(desk_slice url)
{
    return url.len - origin_len(url) <= 1;
}

bool page_url_may_be_article(desk_slice url, desk_slice article_url)
{
    return !is_front_page(url) || !article_url.len || is_front_page(article_url);
}

/* --- the day in it ------------------------------------------------------------------------- */

static bool digits_at(desk_slice url, size_t at, size_t count, int32_t *value)
{
    *value = 0;
    if (at + count > url.len)
        return false;
    for (size_t i = at; i < at + count; i++) {
        if (!ascii_is_digit(url.data[i]))
            return false;
        *value = *value * 10 + (url.data[i] - '0');
    }
    return true;
}

static bool is_digit_at(desk_slice url, size_t at)
{
    return at < url.len && ascii_is_digit(url.data[at]);
}

/* Two digits, or one that none follows. */
static bool number_at(desk_slice url, size_t *at, int32_t *value)
{
    size_t count = is_digit_at(url, *at + 1) ? 2 : 1;
    if (!digits_at(url, *at, count, value) || is_digit_at(url, *at + count))
        return false;
    *at += count;
    return true;
}

static bool day_at(desk_slice url, size_t at, struct civil_date *out)
{
    if (!digits_at(url, at, 4, &out->year) || out->year < 1990 || out->year > 2100)
        return false;
    char mark = at + 4 < url.len ? url.data[at + 4] : '\0';
    if (mark == '/' || mark == '-' || mark == '_') {
        size_t i = at + 5;
        return number_at(url, &i, &out->month) && i < url.len && url.data[i] == mark &&
               (i++, number_at(url, &i, &out->day)) && time_is_valid_date(*out);
    }
    return digits_at(url, at + 4, 2, &out->month) && digits_at(url, at + 6, 2, &out->day) &&
           !is_digit_at(url, at + 8) && time_is_valid_date(*out);
}

bool page_url_day(desk_slice url, struct civil_date *out)
{
    for (size_t i = origin_len(url); i + 8 < url.len && url.data[i] != '?'; i++)
        if ((url.data[i] == '/' || url.data[i] == '-' || url.data[i] == '_') &&
            day_at(url, i + 1, out))
            return true;
    return false;
}
