/* Splitting URLs, hosts in the form of the DNS, registrable domains. */
#include "tag/url.h"

#include <libpsl.h>
#include <string.h>
#include <utf8proc.h>

#include "base/slice.h"
#include "text/nfc.h"
#include "text/punycode.h"
#include "text/utf8.h"

enum { SCHEME_BYTES_MAX = 11, LABEL_BYTES_MAX = 63 };

static bool is_scheme(desk_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_alpha(text.data[i]) &&
            !(i && (ascii_is_digit(text.data[i]) || strchr("+-.", text.data[i]))))
            return false;
    return text.len > 0 && text.len <= SCHEME_BYTES_MAX;
}

/* Takes ":port" off the host; an IPv6 address keeps its colons. */
static void split_port(struct url_parts *parts)
{
    desk_slice host = parts->host;
    size_t from = 0;
    if (host.len && host.data[0] == '[') {
        from = slice_find_byte(host, ']', 0);
        if (from == DESK_SLICE_NONE)
            return;
    }
    size_t colon = slice_find_byte(host, ':', from);
    if (colon == DESK_SLICE_NONE)
        return;
    parts->port = slice_sub(host, colon + 1, host.len);
    parts->host.len = colon;
}

static bool is_port(desk_slice port)
{
    for (size_t i = 0; i < port.len; i++)
        if (!ascii_is_digit(port.data[i]))
            return false;
    return port.len <= 5;
}

bool url_split(desk_slice url, struct url_parts *parts)
{
    desk_slice whole = url = slice_trim(url);
    *parts = (struct url_parts){{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    if (!url.len || url.len > URL_BYTES_MAX)
        return false;
    size_t colon =
        slice_find(slice_sub(url, 0, url.len < 16 ? url.len : 16), slice_of("://", 3), 0);
    if (colon != DESK_SLICE_NONE && is_scheme(slice_sub(url, 0, colon))) {
        parts->scheme = slice_sub(url, 0, colon);
        url = slice_sub(url, colon + 3, url.len);
    } else if (slice_starts(url, slice_of("//", 2))) {
        url = slice_sub(url, 2, url.len);
    }
    size_t end = 0;
    while (end < url.len && !strchr("/?#\\", url.data[end]))
        end++;
    parts->host = slice_sub(url, 0, end);
    parts->path = slice_sub(url, end, url.len);
    bool is_bare = !parts->scheme.len && url.data == whole.data;
    for (size_t i = end; i-- > 0;)
        if (url.data[i] == '@') {
            if (is_bare) /* "someone@example.org" is no address of a page */
                return false;
            parts->host = slice_sub(url, i + 1, end);
            break;
        }
    split_port(parts);
    while (parts->host.len && parts->host.data[parts->host.len - 1] == '.')
        parts->host.len--;
    return parts->host.len && is_port(parts->port) &&
           (slice_find_byte(parts->host, '.', 0) != DESK_SLICE_NONE || parts->scheme.len);
}

/* --- hosts --------------------------------------------------------------------------------- */

static bool is_ipv6(desk_slice host)
{
    bool has_colon = false;
    if (host.len < 4 || host.data[0] != '[' || host.data[host.len - 1] != ']')
        return false;
    for (size_t i = 1; i + 1 < host.len; i++) {
        char c = ascii_lower(host.data[i]);
        has_colon |= c == ':';
        if (!ascii_is_digit(c) && c != ':' && c != '.' && !(c >= 'a' && c <= 'f'))
            return false;
    }
    return has_colon;
}

/* The dots that IDNA treats as one: ideographic, full-width, half-width. Source: RFC 3490 3.1 */
static bool is_wide_dot(uint32_t cp)
{
    return cp == 0x3002 || cp == 0xFF0E || cp == 0xFF61;
}

/* Lower case and NFC of a host that is not ASCII; empty when it is not UTF-8 or out of memory. */
static desk_slice lower_host(struct arena *arena, desk_slice host)
{
    desk_slice none = {NULL, 0};
    char *text = utf8_is_valid(host) ? arena_alloc(arena, 2 * host.len + 4, 1) : NULL;
    size_t len = 0;
    if (!text)
        return none;
    for (const char *p = host.data, *end = host.data + host.len; p < end;) {
        uint32_t cp = utf8_next(&p, end);
        cp = is_wide_dot(cp) ? '.' : (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp);
        if (len + 4 > 2 * host.len + 4)
            return none;
        len += utf8_put(cp, text + len);
    }
    desk_slice lower = slice_of(text, len);
    return nfc_normalise(arena, &lower) ? lower : none;
}

static bool is_ascii(desk_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] >= 0x80)
            return false;
    return true;
}

/* One label in ASCII; 0 when it is none. Underscores occur in hosts of blogs. */
static size_t put_label(desk_slice label, char *out, size_t room)
{
    size_t len = is_ascii(label) ? label.len : punycode_label(label, out, room);
    if (!len || len > LABEL_BYTES_MAX || len > room)
        return 0;
    if (len == label.len && is_ascii(label))
        for (size_t i = 0; i < len; i++)
            out[i] = ascii_lower(label.data[i]);
    for (size_t i = 0; i < len; i++)
        if (!ascii_is_alpha(out[i]) && !ascii_is_digit(out[i]) && out[i] != '-' && out[i] != '_')
            return 0;
    return len;
}

size_t url_host(struct arena *arena, desk_slice host, char out[HOST_BYTES_MAX + 1])
{
    if (!host.len || host.len > 4 * HOST_BYTES_MAX)
        return 0;
    if (host.data[0] == '[') {
        if (!is_ipv6(host) || host.len > HOST_BYTES_MAX)
            return 0;
        for (size_t i = 0; i < host.len; i++)
            out[i] = ascii_lower(host.data[i]);
        return host.len;
    }
    if (!is_ascii(host))
        host = lower_host(arena, host);
    while (host.len && host.data[host.len - 1] == '.')
        host.len--;
    size_t len = 0;
    for (size_t from = 0; from <= host.len && host.len;) {
        size_t to = slice_find_byte(host, '.', from);
        to = to == DESK_SLICE_NONE ? host.len : to;
        size_t label = put_label(slice_sub(host, from, to), out + len, HOST_BYTES_MAX - len);
        if (!label)
            return 0;
        len += label;
        if (to == host.len)
            break;
        if (len == HOST_BYTES_MAX)
            return 0;
        out[len++] = '.';
        from = to + 1;
    }
    return len;
}

/* An address of numbers: the last label is digits or 0x and hexadecimal ones. Source: WHATWG URL,
 * "ends in a number". */
static bool is_ip_address(desk_slice host)
{
    size_t from = host.len;
    if (host.len && host.data[0] == '[')
        return true;
    while (from > 0 && host.data[from - 1] != '.')
        from--;
    desk_slice last = slice_sub(host, from, host.len);
    if (slice_starts(last, slice_of("0x", 2)))
        return true;
    for (size_t i = 0; i < last.len; i++)
        if (!ascii_is_digit(last.data[i]))
            return false;
    return true;
}

desk_slice url_registrable(struct arena *arena, desk_slice host)
{
    desk_slice none = {NULL, 0};
    char text[HOST_BYTES_MAX + 1];
    size_t len = url_host(arena, host, text);
    text[len] = '\0';
    if (!len || is_ip_address(slice_of(text, len)))
        return none;
    const psl_ctx_t *list = psl_builtin();
    const char *domain = list ? psl_registrable_domain(list, text) : NULL;
    return domain ? arena_copy(arena, slice_from_cstr(domain)) : none;
}
