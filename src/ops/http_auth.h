/* Who may see what: the Authorization header against the configured user and token. */
#ifndef OPS_HTTP_AUTH_H
#define OPS_HTTP_AUTH_H

#include <stdbool.h>

struct http_auth {
    char *basic, *bearer; /* the header's whole value; NULL: not configured */
};

/* Any of the strings may be NULL. False when out of memory. */
bool http_auth_open(struct http_auth *auth, const char *user, const char *password,
                    const char *token);
void http_auth_close(struct http_auth *auth);
/* Whether nothing is asked for, or the header (NULL: none) is right. Takes the same time for every
 * wrong value of a length. */
bool http_auth_allows(const struct http_auth *auth, const char *header);

#endif
