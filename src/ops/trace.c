/* VERSION-TRACEID-PARENTID-FLAGS in lower-case hexadecimal digits. */
#include "ops/trace.h"

#include <string.h>

enum { VERSION_LEN = 2, ID_LEN = 32, PARENT_LEN = 16, FLAGS_LEN = 2, LEN = 55 };

/* `len` digits, not all of them zero unless that is allowed. */
static bool is_hex(const char *text, size_t len, bool may_be_zero)
{
    bool has_other = false;
    for (size_t i = 0; i < len; i++) {
        if ((text[i] < '0' || text[i] > '9') && (text[i] < 'a' || text[i] > 'f'))
            return false;
        has_other |= text[i] != '0';
    }
    return has_other || may_be_zero;
}

bool trace_id_of(desk_slice traceparent, char id[TRACE_ID_SIZE])
{
    const char *text = traceparent.data;
    if (traceparent.len < LEN || text[2] != '-' || text[35] != '-' || text[52] != '-')
        return false;
    bool is_first_version = !memcmp(text, "00", VERSION_LEN);
    bool has_good_end = traceparent.len == LEN || (!is_first_version && text[LEN] == '-');
    if (!has_good_end || !memcmp(text, "ff", VERSION_LEN) || !is_hex(text, VERSION_LEN, true) ||
        !is_hex(text + 3, ID_LEN, false) || !is_hex(text + 36, PARENT_LEN, false) ||
        !is_hex(text + 53, FLAGS_LEN, true))
        return false;
    memcpy(id, text + 3, ID_LEN);
    id[ID_LEN] = '\0';
    return true;
}
