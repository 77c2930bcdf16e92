/* Chunks of growing size, reused after each reset. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The first chunk holds a usual text article with everything derived from it (measured: 60-120 KB).
 */
enum { CHUNK_BYTES_MIN = 256 * 1024 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t size; /* of the payload */
    _Alignas(64) char data[];
};

void arena_init(struct arena *arena, size_t bytes_limit, size_t bytes_retained)
{
    *arena = (struct arena){.bytes_limit = bytes_limit, .bytes_retained = bytes_retained};
}

void arena_deinit(struct arena *arena)
{
    struct arena_chunk *chunk = arena->first;
    while (chunk) {
        struct arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    *arena = (struct arena){0};
}

static void use_chunk(struct arena *arena, struct arena_chunk *chunk)
{
    arena->current = chunk;
    arena->next = chunk ? chunk->data : NULL;
    arena->end = chunk ? chunk->data + chunk->size : NULL;
}

#ifndef NDEBUG
/* A slice used after the reset shows as a run of 0xD5 bytes. */
static void fill_released(struct arena *arena)
{
    for (struct arena_chunk *chunk = arena->first; chunk; chunk = chunk->next) {
        size_t used = chunk == arena->current ? (size_t)(arena->next - chunk->data) : chunk->size;
        memset(chunk->data, 0xD5, used);
        if (chunk == arena->current)
            break;
    }
}
#endif

void arena_reset(struct arena *arena)
{
#ifndef NDEBUG
    if (arena->current)
        fill_released(arena);
#endif
    size_t kept = 0;
    struct arena_chunk **link = &arena->first;
    while (*link) {
        struct arena_chunk *chunk = *link;
        if (kept && kept + chunk->size > arena->bytes_retained) {
            *link = chunk->next;
            arena->bytes_reserved -= chunk->size;
            free(chunk);
        } else if (!kept && chunk->size > arena->bytes_retained && chunk->size > CHUNK_BYTES_MIN) {
            *link = chunk->next;
            arena->bytes_reserved -= chunk->size;
            free(chunk);
        } else {
            kept += chunk->size;
            link = &chunk->next;
        }
    }
    use_chunk(arena, arena->first);
}

/* Each new chunk doubles what there is, so the number of chunks stays small; never above the limit.
 */
static struct arena_chunk *add_chunk(struct arena *arena, size_t needed)
{
    size_t left = arena->bytes_limit - arena->bytes_reserved;
    if (needed > left)
        return NULL;
    size_t size = arena->bytes_reserved > CHUNK_BYTES_MIN ? arena->bytes_reserved : CHUNK_BYTES_MIN;
    if (size < needed)
        size = needed;
    if (size > left)
        size = left;
    if (size > SIZE_MAX - sizeof(struct arena_chunk) - 64)
        return NULL;
    size_t total = (sizeof(struct arena_chunk) + size + 63) & ~(size_t)63;
    struct arena_chunk *chunk = aligned_alloc(64, total);
    if (!chunk)
        return NULL;
    chunk->size = size;
    chunk->next = NULL;
    arena->bytes_reserved += size;
    arena->chunk_allocations++;
    return chunk;
}

void *arena_alloc_slow(struct arena *arena, size_t size, size_t align)
{
    if (size > SIZE_MAX - 64)
        return NULL;
    struct arena_chunk *last = arena->current;
    for (struct arena_chunk *chunk = last ? last->next : arena->first; chunk; chunk = chunk->next) {
        last = chunk;
        if (chunk->size >= size + align) {
            use_chunk(arena, chunk);
            return arena_alloc(arena, size, align);
        }
    }
    struct arena_chunk *chunk = add_chunk(arena, size + align);
    if (!chunk)
        return NULL;
    if (last) {
        while (last->next)
            last = last->next;
        last->next = chunk;
    } else {
        arena->first = chunk;
    }
    use_chunk(arena, chunk);
    return arena_alloc(arena, size, align);
}

void *arena_calloc(struct arena *arena, size_t count, size_t size, size_t align)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    void *p = arena_alloc(arena, count * size, align);
    if (p)
        memset(p, 0, count * size);
    return p;
}

void arena_shrink(struct arena *arena, void *p, size_t size, size_t used)
{
    if ((char *)p + size == arena->next)
        arena->next = (char *)p + used;
}

void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t new_size, size_t align)
{
    if (old && (char *)old + old_size == arena->next &&
        new_size - old_size <= (size_t)(arena->end - arena->next)) {
        arena->next = (char *)old + new_size;
        return old;
    }
    void *p = arena_alloc(arena, new_size, align);
    if (p && old_size)
        memcpy(p, old, old_size);
    return p;
}

desk_slice arena_copy(struct arena *arena, desk_slice s)
{
    desk_slice copy = {NULL, 0};
    if (s.len == 0)
        return copy;
    char *p = arena_alloc(arena, s.len, 1);
    if (!p)
        return copy;
    memcpy(p, s.data, s.len);
    copy.data = p;
    copy.len = s.len;
    return copy;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    struct arena_mark mark = {arena->current, arena->next};
    return mark;
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    use_chunk(arena, mark.chunk ? mark.chunk : arena->first);
    if (mark.chunk)
        arena->next = mark.next;
}
