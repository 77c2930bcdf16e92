/* Folding a piece of text. No folded form is longer than one and a half times its source: the worst
 * are 2-byte letters whose folded form has 3 bytes. */
#include "text/fold.h"

#include "base/slice.h"
#include "text/utf8.h"

size_t fold_text(desk_slice text, char *out)
{
    const char *p = text.data, *end = text.data + text.len;
    size_t len = 0;
    while (p < end) {
        if ((unsigned char)*p < 0x80) {
            out[len++] = ascii_lower(*p++);
            continue;
        }
        uint32_t cp = fold_code_point(utf8_next(&p, end));
        if (cp)
            len += utf8_put(cp, out + len);
    }
    return len;
}
