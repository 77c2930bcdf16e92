/* The parts of a URL that tell where an article is from, without the network.
 *
 * What services are undone and which parameters are dropped stands in urls.yaml of the rulebook
 * (tag/url_rules.h); this header is the syntax and the public entry.
 *
 *     desk_slice canonical = url_canonical(rules, arena, article->url);
 *     desk_slice domain = url_domain(rules, arena, canonical);
 */
#ifndef TAG_URL_H
#define TAG_URL_H

#include <copydesk/slice.h>
#include <stdbool.h>

#include "base/arena.h"

struct url_rules;

/* RFC 9110 asks servers to take 8,000 bytes; what is longer is no address of an article. */
enum { URL_BYTES_MAX = 8192, HOST_BYTES_MAX = 253 };

struct url_parts {
    desk_slice scheme; /* lower or upper case as written; empty for "//host" and bare hosts */
    desk_slice host;   /* without user information, port and the root dot */
    desk_slice port;   /* digits, or empty */
    desk_slice path;   /* from the first '/', with query and fragment; may be empty */
};

/* False when there is no host. Accepts "https://host/path", "//host/path" and "host.tld/path". */
bool url_split(desk_slice url, struct url_parts *parts);

/* The host as the DNS knows it: lower case, internationalised labels as xn--, no root dot. Writes
 * at most HOST_BYTES_MAX bytes to out; 0 when it is no valid host. */
size_t url_host(struct arena *arena, desk_slice host, char out[HOST_BYTES_MAX + 1]);

/* The article's own address: caches, AMP viewers, redirectors and translate proxies undone,
 * tracking parameters, default port, user information and fragment dropped, percent-encoding
 * normalised as RFC 3986 section 6.2.2 has it. In the arena; empty when it is no web URL or longer
 * than URL_BYTES_MAX. Canonical URLs are their own canonical form. */
desk_slice url_canonical(const struct url_rules *rules, struct arena *arena, desk_slice url);

/* The registrable domain of a host by the Public Suffix List, lower case, ASCII; empty for IP
 * addresses, bare suffixes and invalid hosts. Source: publicsuffix.org, by libpsl */
desk_slice url_registrable(struct arena *arena, desk_slice host);

/* The host of a URL in ASCII, and its registrable domain; empty when there is none or the host
 * hides the publisher (a short link, a cache). */
desk_slice url_publisher_host(const struct url_rules *rules, struct arena *arena, desk_slice url);

#endif
