/* Keys of compacted topics: what they no longer hold of a raw record may have been replaced, or
 * deleted by a tombstone, since. */
#include <stdlib.h>
#include <xxhash.h>

#include "kafka/audit_parts.h"

uint64_t audit_hash_key(const rd_kafka_message_t *message)
{
    uint64_t hash = XXH3_64bits(message->key ? message->key : "", message->key_len);
    return hash ? hash : 1;
}

static size_t find_key(const struct audit *audit, uint64_t hash)
{
    size_t i = (size_t)hash & (audit->keys_capacity - 1);
    while (audit->keys[i] && audit->keys[i] != hash)
        i = (i + 1) & (audit->keys_capacity - 1);
    return i;
}

static bool grow_keys(struct audit *audit)
{
    size_t old_capacity = audit->keys_capacity;
    uint64_t *old = audit->keys;
    audit->keys_capacity = old_capacity ? 2 * old_capacity : 1024;
    audit->keys = calloc(audit->keys_capacity, sizeof *audit->keys);
    if (!audit->keys) {
        audit->keys = old;
        audit->keys_capacity = old_capacity;
        return false;
    }
    for (size_t i = 0; i < old_capacity; i++)
        if (old[i])
            audit->keys[find_key(audit, old[i])] = old[i];
    free(old);
    return true;
}

void audit_remember_key(struct audit *audit, const rd_kafka_message_t *message)
{
    if (!message->key)
        return;
    if (2 * audit->keys_count >= audit->keys_capacity && !grow_keys(audit)) {
        audit->is_out_of_memory = true;
        return;
    }
    uint64_t hash = audit_hash_key(message);
    size_t i = find_key(audit, hash);
    audit->keys_count += !audit->keys[i];
    audit->keys[i] = hash;
}

bool audit_has_key(const struct audit *audit, uint64_t hash)
{
    return audit->keys_count && audit->keys[find_key(audit, hash)];
}

void audit_add_doubt(struct audit *audit, const struct audit_doubt *doubt)
{
    if (audit->doubts_count == audit->doubts_capacity) {
        size_t wanted = audit->doubts_capacity ? 2 * audit->doubts_capacity : 1024;
        struct audit_doubt *grown = realloc(audit->doubts, wanted * sizeof *grown);
        if (!grown) {
            audit->is_out_of_memory = true;
            return;
        }
        audit->doubts = grown;
        audit->doubts_capacity = wanted;
    }
    audit->doubts[audit->doubts_count++] = *doubt;
}
