/* The parts of a URL that tell where an article is from, without the network. */
#ifndef TAG_URL_H
#define TAG_URL_H

#include <copydesk/slice.h>
#include <stdbool.h>

#include "base/arena.h"

struct url_parts {
    desk_slice scheme; /* lower or upper case as written; empty for "//host" and bare hosts */
    desk_slice host;   /* without user information, port and the root dot */
    desk_slice path;   /* from the first '/', with query and fragment; may be empty */
};

/* False when there is no host. Accepts "https://host/path", "//host/path" and "host.tld/path". */
bool url_split(desk_slice url, struct url_parts *parts);

/* The article's own address: caches, AMP viewers and translate proxies undone, tracking parameters
 * and fragment dropped, scheme and host in lower case. The result is in the arena or a part of the
 * input; empty when it is no web URL. */
desk_slice url_canonical(struct arena *arena, desk_slice url);

/* The registrable domain of a host by the Public Suffix List, lower case; empty for IP addresses,
 * bare suffixes and invalid hosts. Internationalised hosts come out as written (UTF-8 or xn--).
 * Source: publicsuffix.org, by libpsl */
desk_slice url_registrable(struct arena *arena, desk_slice host);

#endif
