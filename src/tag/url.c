/* Splitting and cleaning URLs. Lists are facts about well-known services. */
#include "tag/url.h"

#include <libpsl.h>
#include <string.h>

#include "base/slice.h"

enum { HOST_BYTES_MAX = 253, UNWRAP_MAX = 4 };

bool url_split(desk_slice url, struct url_parts *parts)
{
    url = slice_trim(url);
    *parts = (struct url_parts){{NULL, 0}, {NULL, 0}, {NULL, 0}};
    size_t at = slice_find(url, slice_of("://", 3), 0);
    if (at != DESK_SLICE_NONE && at > 0 && at < 12) {
        parts->scheme = slice_sub(url, 0, at);
        url = slice_sub(url, at + 3, url.len);
    } else if (slice_starts(url, slice_of("//", 2))) {
        url = slice_sub(url, 2, url.len);
    }
    size_t end = 0;
    while (end < url.len && url.data[end] != '/' && url.data[end] != '?' && url.data[end] != '#')
        end++;
    desk_slice host = slice_sub(url, 0, end);
    parts->path = slice_sub(url, end, url.len);
    for (size_t i = host.len; i-- > 0;)
        if (host.data[i] == '@') {
            host = slice_sub(host, i + 1, host.len);
            break;
        }
    size_t colon = slice_find_byte(host, ':', 0);
    if (colon != DESK_SLICE_NONE && host.data[0] != '[')
        host.len = colon;
    while (host.len && host.data[host.len - 1] == '.')
        host.len--;
    parts->host = host;
    bool looks_like_host =
        host.len && host.len <= HOST_BYTES_MAX && slice_find_byte(host, ' ', 0) == DESK_SLICE_NONE;
    return looks_like_host &&
           (slice_find_byte(host, '.', 0) != DESK_SLICE_NONE || parts->scheme.len);
}

static bool is_web(desk_slice scheme)
{
    return !scheme.len || slice_equal_nocase(scheme, slice_from_cstr("http")) ||
           slice_equal_nocase(scheme, slice_from_cstr("https"));
}

/* Parameters that only follow readers around. A trailing '_' stands for a family. */
static bool is_tracking(desk_slice name)
{
    static const char *const known[] = {"utm_",
                                        "fbclid",
                                        "gclid",
                                        "dclid",
                                        "gbraid",
                                        "wbraid",
                                        "msclkid",
                                        "twclid",
                                        "igshid",
                                        "mc_cid",
                                        "mc_eid",
                                        "yclid",
                                        "_openstat",
                                        "at_",
                                        "xtor",
                                        "ocid",
                                        "cmpid",
                                        "cmp",
                                        "ito",
                                        "smid",
                                        "smtyp",
                                        "partner",
                                        "ref_src",
                                        "ref_url",
                                        "__twitter_impression",
                                        "guccounter",
                                        "guce_referrer",
                                        "guce_referrer_sig",
                                        "ns_mchannel",
                                        "ns_source",
                                        "ns_campaign",
                                        "ns_linkname",
                                        "wt_mc",
                                        "wt.mc_id",
                                        "pk_campaign",
                                        "mtm_",
                                        "_ga",
                                        "_gl"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        desk_slice word = slice_from_cstr(known[i]);
        bool is_family = word.data[word.len - 1] == '_';
        if (is_family ? slice_starts_nocase(name, word) : slice_equal_nocase(name, word))
            return true;
    }
    return false;
}

/* Copies the path without fragment and tracking parameters to out; returns the length. */
static size_t clean_path(desk_slice path, char *out)
{
    size_t hash = slice_find_byte(path, '#', 0);
    if (hash != DESK_SLICE_NONE)
        path.len = hash;
    size_t question = slice_find_byte(path, '?', 0);
    size_t len = question == DESK_SLICE_NONE ? path.len : question;
    if (len)
        memcpy(out, path.data, len);
    bool is_first = true;
    for (size_t from = len + 1; from < path.len && question != DESK_SLICE_NONE;) {
        size_t to = slice_find_byte(path, '&', from);
        to = to == DESK_SLICE_NONE ? path.len : to;
        size_t equals = slice_find_byte(slice_sub(path, 0, to), '=', from);
        desk_slice name = slice_sub(path, from, equals == DESK_SLICE_NONE ? to : equals);
        if (name.len && !is_tracking(name)) {
            out[len++] = is_first ? '?' : '&';
            memcpy(out + len, path.data + from, to - from);
            len += to - from;
            is_first = false;
        }
        from = to + 1;
    }
    return len;
}

/* "www-bbc-co-uk.cdn.ampproject.org/c/s/www.bbc.co.uk/news": the rest of the path is the address.
 */
static bool unwrap_amp_cache(const struct url_parts *parts, desk_slice *inner)
{
    static const char *const heads[] = {"/c/s/", "/v/s/", "/c/", "/v/", "/amp/s/"};
    bool is_cache = slice_ends(parts->host, slice_from_cstr(".cdn.ampproject.org"));
    bool is_viewer = slice_starts(parts->host, slice_from_cstr("www.google.")) &&
                     slice_starts(parts->path, slice_from_cstr("/amp/s/"));
    for (size_t i = 0; i < sizeof heads / sizeof heads[0] && (is_cache || is_viewer); i++) {
        desk_slice head = slice_from_cstr(heads[i]);
        if (slice_starts(parts->path, head)) {
            *inner = slice_sub(parts->path, head.len, parts->path.len);
            return true;
        }
    }
    return false;
}

/* "web.archive.org/web/20230101000000/https://example.org/a" */
static bool unwrap_archive(const struct url_parts *parts, desk_slice *inner)
{
    desk_slice head = slice_from_cstr("/web/");
    if (!slice_is(parts->host, "web.archive.org") || !slice_starts(parts->path, head))
        return false;
    size_t slash = slice_find_byte(parts->path, '/', head.len);
    if (slash == DESK_SLICE_NONE)
        return false;
    *inner = slice_sub(parts->path, slash + 1, parts->path.len);
    return true;
}

/* "www-lemonde-fr.translate.goog/path": hyphens are dots, "--" is a hyphen. Writes the host to out.
 */
static size_t unwrap_translate(desk_slice host, char *out)
{
    desk_slice tail = slice_from_cstr(".translate.goog");
    size_t len = 0;
    if (!slice_ends(host, tail))
        return 0;
    for (size_t i = 0; i < host.len - tail.len; i++) {
        bool is_double =
            host.data[i] == '-' && i + 1 < host.len - tail.len && host.data[i + 1] == '-';
        out[len++] = host.data[i] == '-' && !is_double ? '.' : host.data[i];
        i += is_double;
    }
    return len;
}

desk_slice url_canonical(struct arena *arena, desk_slice url)
{
    struct url_parts parts;
    desk_slice none = {NULL, 0}, inner;
    if (!url_split(url, &parts))
        return none;
    for (int i = 0;
         i < UNWRAP_MAX && (unwrap_amp_cache(&parts, &inner) || unwrap_archive(&parts, &inner));
         i++)
        if (!url_split(inner, &parts))
            return none;
    if (!is_web(parts.scheme))
        return none;
    char *text = arena_alloc(arena, url.len + 16, 1);
    if (!text)
        return none;
    bool is_plain = slice_equal_nocase(parts.scheme, slice_from_cstr("http"));
    size_t len = is_plain ? 7 : 8;
    memcpy(text, is_plain ? "http://" : "https://", len);
    size_t host_len = unwrap_translate(parts.host, text + len);
    if (!host_len)
        for (; host_len < parts.host.len; host_len++)
            text[len + host_len] = ascii_lower(parts.host.data[host_len]);
    len += host_len;
    if (!parts.path.len || parts.path.data[0] != '/')
        text[len++] = '/';
    len += clean_path(parts.path, text + len);
    return slice_of(text, len);
}

static bool is_ip_address(desk_slice host)
{
    if (host.len && host.data[0] == '[')
        return true;
    for (size_t i = 0; i < host.len; i++)
        if (!ascii_is_digit(host.data[i]) && host.data[i] != '.')
            return false;
    return true;
}

desk_slice url_registrable(struct arena *arena, desk_slice host)
{
    desk_slice none = {NULL, 0};
    char text[HOST_BYTES_MAX + 1];
    if (host.len == 0 || host.len > HOST_BYTES_MAX || is_ip_address(host))
        return none;
    for (size_t i = 0; i < host.len; i++)
        text[i] = ascii_lower(host.data[i]);
    text[host.len] = '\0';
    const psl_ctx_t *list = psl_builtin();
    const char *domain = list ? psl_registrable_domain(list, text) : NULL;
    return domain ? arena_copy(arena, slice_from_cstr(domain)) : none;
}
