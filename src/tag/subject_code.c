/* Programs and data instead of prose: no news, whatever words they are made of.
 *
 * Signs of programming languages are rare in prose, which has brackets too, but a space in front of
 * them, and money, but a number behind the sign. Titles and texts without such signs cost one pass
 * over their bytes; only short and poor texts are asked (see subject.c). */
#include <string.h>

#include "article/article.h"
#include "tag/subject_parts.h"

/* Of the bytes that are no space. Programs of a few lines that were tried have 0.05 to 0.25, prose
 * with prices, scores and footnotes below 0.03. */
static const double SIGNS_SHARE = 0.05;
/* Fewer are an emoticon or a formula. */
enum { SIGNS_MIN = 4 };

static bool is_sign(const char *at, const char *start)
{
    if (*at == '(')
        return at > start && (at[-1] == '_' || ((at[-1] | 0x20) >= 'a' && (at[-1] | 0x20) <= 'z'));
    return *at && strchr("{}[]=<>_\\|+", *at) != NULL;
}

bool subject_is_code(const struct desk_article *article)
{
    desk_slice body = article_field_text(article, FIELD_BODY);
    size_t signs = 0, bytes = 0;
    for (const char *at = body.data; at < body.data + body.len; at++) {
        bytes += (unsigned char)*at > ' ';
        signs += is_sign(at, body.data);
    }
    return signs >= SIGNS_MIN && (double)signs >= SIGNS_SHARE * (double)bytes;
}
