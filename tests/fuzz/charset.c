/* Any bytes under any declared charset become valid UTF-8. Up to the first line feed: the declared
 * content type. */
#include <string.h>

#include "base/arena.h"
#include "base/slice.h"
#include "fuzz.h"
#include "text/charset.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct charset_state *state;
    static struct arena arena; /* its memory stays, as an engine's does */
    struct charset_result result;
    if (!state) {
        fuzz_check(charset_open(&state, NULL) == DESK_OK, "the converters open");
        arena_init(&arena, (size_t)64 << 20, (size_t)8 << 20);
    }
    const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
    size_t declared = end ? (size_t)(end - data) : 0, from = end ? declared + 1 : 0;
    arena_reset(&arena);
    desk_status status = charset_to_utf8(state, &arena, fuzz_slice(data + from, size - from),
                                         fuzz_slice(data, declared), size & 1, &result, NULL);
    if (status == DESK_OK)
        fuzz_check(utf8_is_valid(result.text), "the text is UTF-8");
    return 0;
}
