/* The layout of a model's file, little-endian, shared by reader and writer; docs/models.md shows it
 * as a table. */
#ifndef TAG_MODEL_FORMAT_H
#define TAG_MODEL_FORMAT_H

enum {
    MODEL_AT_MAGIC = 0,      /* 8 bytes */
    MODEL_AT_VERSION = 8,    /* u32 */
    MODEL_AT_CLASSES = 12,   /* u32 */
    MODEL_AT_SIZE = 16,      /* u64, of the whole file */
    MODEL_AT_CHECKSUM = 24,  /* u64, XXH3 of all bytes behind it */
    MODEL_AT_KIND = 32,      /* u64, features_kind() */
    MODEL_AT_BITS = 40,      /* u32 */
    MODEL_AT_ARTICLES = 44,  /* u32 */
    MODEL_AT_SLOPE = 48,     /* f32 */
    MODEL_AT_OFFSET = 52,    /* f32 */
    MODEL_AT_LANGUAGES = 56, /* MODEL_LANGUAGES_BYTES, padded with NUL */
    MODEL_AT_TOPICS = 120,   /* u32 */
    MODEL_AT_RIVALRY = 124,  /* f32 */
    MODEL_HEADER_BYTES = 128,
    /* then a record a class: URI (MODEL_URI_BYTES, padded), scale f32, bias f32 */
    MODEL_CLASS_BYTES = 72,
    /* then a record a topic of the lexicon: URI, mean f32, weights f32 [classes] */
    MODEL_TOPIC_BYTES = 68
    /* then the rows: i16 [2^bits][1 + classes] */
};

/* The first byte keeps it from being taken for text, the line ends show a transfer as text. */
#define MODEL_MAGIC                                                                                \
    "\x89"                                                                                         \
    "DESK\r\n\x1a"

#endif
