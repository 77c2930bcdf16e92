/* The canonical form of an address: what services put around it undone, then written anew. */
#include "tag/url.h"

#include <string.h>

#include "base/slice.h"
#include "tag/url_rules.h"

/* A cache of a redirector of a translation: more is a trap. */
enum { UNWRAP_MAX = 4 };

/* One address on its way out; `text` has room for all that the input can become. */
struct writer {
    char *text;
    size_t len;
};

static bool is_web(desk_slice scheme)
{
    return !scheme.len || slice_equal_nocase(scheme, slice_of("http", 4)) ||
           slice_equal_nocase(scheme, slice_of("https", 5));
}

static int hex_of(char c)
{
    c = ascii_lower(c);
    return ascii_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void put_code(struct writer *out, unsigned char c)
{
    static const char digits[] = "0123456789ABCDEF";
    out->text[out->len++] = '%';
    out->text[out->len++] = digits[c >> 4];
    out->text[out->len++] = digits[c & 15];
}

static bool is_unreserved(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/* What a URL cannot hold as it stands. */
static bool must_encode(char c)
{
    return (unsigned char)c <= 0x20 || (unsigned char)c >= 0x7F || strchr("\"<>\\^`{|}", c);
}

/* Normalises percent-encoding: capital digits, nothing encoded that need not be. */
static void put_text(struct writer *out, desk_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        int high = i + 2 < text.len ? hex_of(text.data[i + 1]) : -1;
        int low = i + 2 < text.len ? hex_of(text.data[i + 2]) : -1;
        if (c == '\t' || c == '\n' || c == '\r')
            continue;
        if (c == '%' && high >= 0 && low >= 0) {
            c = (char)(high * 16 + low);
            i += 2;
            if (is_unreserved(c))
                out->text[out->len++] = c;
            else
                put_code(out, (unsigned char)c);
        } else if (must_encode(c)) {
            put_code(out, (unsigned char)c);
        } else {
            out->text[out->len++] = c;
        }
    }
}

/* --- path ---------------------------------------------------------------------------------- */

static void drop_segment(struct writer *out, size_t start)
{
    while (out->len > start && out->text[--out->len] != '/')
        ;
}

/* Writes "/segment" by "/segment", without "." and "..". Source: RFC 3986, 5.2.4 */
static void put_path(struct writer *out, desk_slice path)
{
    size_t start = out->len, from = path.len && path.data[0] == '/' ? 1 : 0;
    for (bool is_last = false; !is_last;) {
        size_t to = slice_find_byte(path, '/', from);
        is_last = to == DESK_SLICE_NONE;
        desk_slice segment = slice_sub(path, from, is_last ? path.len : to);
        bool is_up = slice_is(segment, ".."), is_dot = is_up || slice_is(segment, ".");
        if (is_up)
            drop_segment(out, start);
        if (!is_dot || is_last)
            out->text[out->len++] = '/';
        if (!is_dot)
            put_text(out, segment);
        from = to + 1;
    }
}

/* "/story/amp" and "/story/amp/" are the AMP form of "/story"; so is "/story.amp.html". Only a last
 * segment after another one is taken for it. */
static void drop_amp_ending(struct writer *out, size_t start)
{
    desk_slice path = slice_sub(slice_of(out->text, out->len), start, out->len);
    desk_slice endings[] = {SLICE_LITERAL("/amp/"), SLICE_LITERAL("/amp")};
    for (size_t i = 0; i < 2; i++)
        if (slice_ends(path, endings[i]) && path.len > endings[i].len) {
            out->len -= endings[i].len - (i == 0);
            return;
        }
    desk_slice page = SLICE_LITERAL(".amp.html");
    if (slice_ends(path, page) && path.len > page.len + 1) {
        out->len -= page.len;
        memcpy(out->text + out->len, ".html", 5);
        out->len += 5;
    }
}

static void put_query(struct writer *out, const struct url_rules *rules, desk_slice query)
{
    char before = '?';
    for (size_t from = 0; from < query.len;) {
        size_t to = slice_find_byte(query, '&', from);
        to = to == DESK_SLICE_NONE ? query.len : to;
        desk_slice parameter = slice_sub(query, from, to);
        /* "&amp;" that was escaped once too often. */
        if (slice_starts(parameter, slice_of("amp;", 4)))
            parameter = slice_sub(parameter, 4, parameter.len);
        if (parameter.len && !url_rules_drop(rules, parameter)) {
            out->text[out->len++] = before;
            put_text(out, parameter);
            before = '&';
        }
        from = to + 1;
    }
}

/* --- the whole ----------------------------------------------------------------------------- */

static void put_head(struct writer *out, const struct url_parts *parts, desk_slice host)
{
    bool is_plain = slice_equal_nocase(parts->scheme, slice_of("http", 4));
    const char *scheme = is_plain ? "http://" : "https://";
    memcpy(out->text, scheme, strlen(scheme));
    out->len = strlen(scheme);
    memcpy(out->text + out->len, host.data, host.len);
    out->len += host.len;
    if (!parts->port.len || slice_is(parts->port, is_plain ? "80" : "443"))
        return;
    out->text[out->len++] = ':';
    memcpy(out->text + out->len, parts->port.data, parts->port.len);
    out->len += parts->port.len;
}

static desk_slice write_url(const struct url_rules *rules, struct arena *arena,
                            const struct url_parts *parts)
{
    desk_slice none = {NULL, 0}, path = parts->path, query = none;
    char host[HOST_BYTES_MAX + 1];
    size_t host_len = url_host(arena, parts->host, host);
    size_t size = 3 * path.len + host_len + parts->port.len + 16;
    struct writer out = {host_len ? arena_alloc(arena, size, 1) : NULL, 0};
    if (!out.text)
        return none;
    put_head(&out, parts, slice_of(host, host_len));
    size_t hash = slice_find_byte(path, '#', 0);
    path.len = hash == DESK_SLICE_NONE ? path.len : hash;
    size_t question = slice_find_byte(path, '?', 0);
    if (question != DESK_SLICE_NONE) {
        query = slice_sub(path, question + 1, path.len);
        path.len = question;
    }
    size_t start = out.len;
    put_path(&out, path);
    drop_amp_ending(&out, start);
    put_query(&out, rules, query);
    arena_shrink(arena, out.text, size, out.len);
    return slice_of(out.text, out.len);
}

/* Rests of a path lose one of their slashes on some servers: "https:/example.org". */
static desk_slice mend_scheme(struct arena *arena, desk_slice inner)
{
    static const char *const broken[] = {"https:/", "http:/"};
    for (size_t i = 0; i < 2; i++) {
        desk_slice head = slice_from_cstr(broken[i]);
        if (!slice_starts_nocase(inner, head) || inner.len <= head.len ||
            inner.data[head.len] == '/')
            continue;
        char *text = arena_alloc(arena, inner.len + 1, 1);
        if (!text)
            return inner;
        memcpy(text, inner.data, head.len);
        text[head.len] = '/';
        memcpy(text + head.len + 1, inner.data + head.len, inner.len - head.len);
        return slice_of(text, inner.len + 1);
    }
    return inner;
}

/* The address inside; only one that is a web address with a host of two labels counts. */
static bool unwrap(const struct url_rules *rules, struct arena *arena, struct url_parts *parts)
{
    struct url_parts within;
    desk_slice inner;
    char host[HOST_BYTES_MAX + 1];
    if (!url_rules_inner(rules, arena, parts, &inner) ||
        !url_split(mend_scheme(arena, inner), &within) || !is_web(within.scheme))
        return false;
    if (slice_find_byte(within.host, '.', 0) == DESK_SLICE_NONE ||
        !url_host(arena, within.host, host))
        return false;
    *parts = within;
    return true;
}

/* Services are looked up by the host in lower case. */
static bool lower_host(struct arena *arena, struct url_parts *parts)
{
    char host[HOST_BYTES_MAX + 1];
    size_t len = url_host(arena, parts->host, host);
    if (!len)
        return false;
    parts->host = arena_copy(arena, slice_of(host, len));
    return parts->host.len > 0;
}

desk_slice url_canonical(const struct url_rules *rules, struct arena *arena, desk_slice url)
{
    struct url_parts parts;
    desk_slice none = {NULL, 0};
    if (!url_split(url, &parts) || !is_web(parts.scheme) || !lower_host(arena, &parts))
        return none;
    for (int i = 0; i < UNWRAP_MAX && unwrap(rules, arena, &parts); i++)
        if (!lower_host(arena, &parts))
            return none;
    return write_url(rules, arena, &parts);
}

desk_slice url_publisher_host(const struct url_rules *rules, struct arena *arena, desk_slice url)
{
    struct url_parts parts;
    desk_slice none = {NULL, 0};
    if (!url_split(url, &parts) || !lower_host(arena, &parts) ||
        url_rules_is_opaque(rules, parts.host))
        return none;
    return parts.host;
}
