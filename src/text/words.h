/* Counting words. */
#ifndef TEXT_WORDS_H
#define TEXT_WORDS_H

#include <copydesk/slice.h>
#include <stddef.h>

/* Words of valid UTF-8: runs without white space that hold a letter or a digit; in scripts that put
 * no spaces between words each letter is one. */
size_t words_count(desk_slice text);

#endif
