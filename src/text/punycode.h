/* Internationalised host names in the form the DNS knows: labels as "xn--" and Punycode. */
#ifndef TEXT_PUNYCODE_H
#define TEXT_PUNYCODE_H

#include <copydesk/slice.h>

/* Writes a label (valid UTF-8, lower case, NFC) as ASCII: itself when it is, else "xn--" and its
 * Punycode. Returns the bytes written, 0 when they are more than `size` or the label has more than
 * 63 code points.
 * Source: RFC 3492, RFC 5890 */
size_t punycode_label(desk_slice label, char *out, size_t size);

#endif
