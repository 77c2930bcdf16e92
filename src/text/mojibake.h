/* Text that was encoded as UTF-8 twice: its bytes were taken for windows-1252 ("donâ€™t", "cafÃ©",
 * "Ð¿Ñ€") or windows-1251 ("РїСЂ") and encoded again. */
#ifndef TEXT_MOJIBAKE_H
#define TEXT_MOJIBAKE_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct mojibake {
    size_t needed;      /* sequences that make a repair certain; 2, or 1 when the record had some */
    desk_slice *pieces; /* what was repaired, as it stood; in the arena */
    size_t count, capacity;
};

/* Repairs *text, valid UTF-8, where that is certain, and adds each repaired piece to the list. A
 * sequence counts when its bytes give one valid character that texts use. All of the text is
 * repaired when such sequences are eight times as many as other letters above ASCII; else only
 * lines and pieces between tags that have enough of them and no other such letter. Repeats for text
 * that was encoded more than twice. The same bytes when there is nothing to do; false at the memory
 * limit. */
bool mojibake_repair(struct arena *arena, desk_slice *text, struct mojibake *found);

#endif
