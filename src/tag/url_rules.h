/* What the rulebook knows of services around articles: urls.yaml.
 *
 *     tracking:     parameters to drop; a trailing '_' or '.' stands for a family, "name=value" for
 *                   that value only
 *     amp:          parameters that ask for the AMP form, same syntax
 *     inside:       {host, path: [beginnings]}: the rest of the path is the address
 *     redirectors:  {host, path, parameter}: the parameter is the address
 *     opaque:       hosts that hide the publisher
 *     cases:        {url, canonical}: run at load
 */
#ifndef TAG_URL_RULES_H
#define TAG_URL_RULES_H

#include <copydesk/slice.h>
#include <stdbool.h>

#include "base/arena.h"

struct mistakes;
struct rulebook_files;
struct url_parts;
struct url_rules;

void *url_rules_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void url_rules_free(void *rules);

/* Whether a parameter ("name=value" or "name") is dropped. */
bool url_rules_drop(const struct url_rules *rules, desk_slice parameter);
/* Whether this host hides the publisher. The host is ASCII in lower case. */
bool url_rules_is_opaque(const struct url_rules *rules, desk_slice host);
/* The address inside another one, percent-decoded where it was a parameter (then in the arena);
 * false when there is none. *is_bare: it may lack its scheme. */
bool url_rules_inner(const struct url_rules *rules, struct arena *arena,
                     const struct url_parts *parts, desk_slice *inner);

#endif
