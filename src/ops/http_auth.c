/* Basic (RFC 7617) and bearer (RFC 6750) credentials, compared whole: nothing is parsed. */
#include "ops/http_auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"

/* RFC 4648, section 4. Returns a heap string behind `prefix`. */
static char *base64(const char *prefix, const char *text, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t used = strlen(prefix);
    char *out = malloc(used + (len + 2) / 3 * 4 + 1);
    if (!out)
        return NULL;
    memcpy(out, prefix, used);
    for (size_t i = 0; i < len; i += 3) {
        unsigned group = (unsigned)(unsigned char)text[i] << 16;
        if (i + 1 < len)
            group |= (unsigned)(unsigned char)text[i + 1] << 8;
        if (i + 2 < len)
            group |= (unsigned char)text[i + 2];
        out[used++] = digits[group >> 18];
        out[used++] = digits[group >> 12 & 63];
        out[used++] = i + 1 < len ? digits[group >> 6 & 63] : '=';
        out[used++] = i + 2 < len ? digits[group & 63] : '=';
    }
    out[used] = '\0';
    return out;
}

static char *join(const char *a, const char *b, const char *c)
{
    size_t size = strlen(a) + strlen(b) + strlen(c) + 1;
    char *text = malloc(size);
    if (text)
        snprintf(text, size, "%s%s%s", a, b, c);
    return text;
}

bool http_auth_open(struct http_auth *auth, const char *user, const char *password,
                    const char *token)
{
    *auth = (struct http_auth){NULL, NULL};
    if (user && password) {
        char *pair = join(user, ":", password);
        auth->basic = pair ? base64("Basic ", pair, strlen(pair)) : NULL;
        wipe_text(pair);
    }
    if (token)
        auth->bearer = join("Bearer ", token, "");
    if ((!user || auth->basic) && (!token || auth->bearer))
        return true;
    http_auth_close(auth);
    return false;
}

void http_auth_close(struct http_auth *auth)
{
    wipe_text(auth->basic);
    wipe_text(auth->bearer);
    *auth = (struct http_auth){NULL, NULL};
}

static bool is_same(const char *wanted, const char *given)
{
    size_t len = wanted ? strlen(wanted) : 0;
    unsigned char difference = 0;
    if (!wanted || strlen(given) != len)
        return false;
    for (size_t i = 0; i < len; i++)
        difference |= (unsigned char)(wanted[i] ^ given[i]);
    return difference == 0;
}

bool http_auth_allows(const struct http_auth *auth, const char *header)
{
    if (!auth->basic && !auth->bearer)
        return true;
    return header && (is_same(auth->basic, header) || is_same(auth->bearer, header));
}
