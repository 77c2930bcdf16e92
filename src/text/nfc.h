/* Normalization Form C (UAX #15). Nearly all text is in it already: the quick check costs one look
 * per lead byte above U+02FF. */
#ifndef TEXT_NFC_H
#define TEXT_NFC_H

#include <copydesk/slice.h>
#include <stdbool.h>

#include "base/arena.h"

/* True when the text (valid UTF-8) is certainly in NFC; false: it may not be. */
bool nfc_is_certain(desk_slice text);

/* Replaces *text by its NFC, the same bytes when it is in it already. False at the memory limit. */
bool nfc_normalise(struct arena *arena, desk_slice *text);

#endif
