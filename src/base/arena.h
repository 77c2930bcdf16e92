/* The memory of one record: allocate forward, free all at once.
 *
 * Invariants: memory comes from a list of chunks that survive arena_reset, so once warm a record
 * takes nothing from the heap. A hard limit of bytes; at the limit arena_alloc returns NULL and the
 * caller returns DESK_EMEMORY. Chunks above the retained size are given back at reset, so one giant
 * record does not hold its memory for ever. One thread per arena.
 *
 *     struct arena arena;
 *     arena_init(&arena, limit, retain);
 *     char *p = arena_alloc(&arena, 100, 1);   // NULL at the limit
 *     arena_reset(&arena);                     // everything handed out is invalid now
 *     arena_deinit(&arena);
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stddef.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *first;   /* in the order of use */
    struct arena_chunk *current; /* where the next allocation is tried */
    char *next;                  /* free part of the current chunk: [next, end) */
    char *end;
    size_t bytes_limit;       /* of all chunks */
    size_t bytes_retained;    /* kept at reset */
    size_t bytes_reserved;    /* of all chunks now */
    size_t chunk_allocations; /* from the heap since init: flat once warm */
};

void arena_init(struct arena *arena, size_t bytes_limit, size_t bytes_retained);
void arena_deinit(struct arena *arena);
/* Invalidates everything handed out. In builds without NDEBUG the memory is overwritten. */
void arena_reset(struct arena *arena);

void *arena_alloc_slow(struct arena *arena, size_t size, size_t align);

/* `align` is a power of two, at most 64. Not zeroed. NULL when the limit is hit or the heap has no
 * more. */
static inline void *arena_alloc(struct arena *arena, size_t size, size_t align)
{
    size_t pad = (size_t)(-(ptrdiff_t)(size_t)arena->next) & (align - 1);
    size_t room = (size_t)(arena->end - arena->next);
    if (arena->next && size <= room && pad <= room - size) {
        char *p = arena->next + pad;
        arena->next = p + size;
        return p;
    }
    return arena_alloc_slow(arena, size, align);
}

/* count * size with an overflow check, zeroed. */
void *arena_calloc(struct arena *arena, size_t count, size_t size, size_t align);
/* Makes the last allocation shorter: gives [p + used, p + size) back when it was the last one. */
void arena_shrink(struct arena *arena, void *p, size_t size, size_t used);
/* Grows an array: a new, larger piece with the old content, or the same piece extended in place. */
void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t new_size, size_t align);
/* A copy; the result has data == NULL and len == 0 when the limit is hit and s.len > 0. */
desk_slice arena_copy(struct arena *arena, desk_slice s);

/* A position to go back to: everything allocated after the mark is invalid after arena_rewind. */
struct arena_mark {
    struct arena_chunk *chunk;
    char *next;
};
struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);

#define ARENA_NEW(arena, type) ((type *)arena_calloc((arena), 1, sizeof(type), _Alignof(type)))
#define ARENA_ARRAY(arena, type, count)                                                            \
    ((type *)arena_calloc((arena), (count), sizeof(type), _Alignof(type)))

#endif
