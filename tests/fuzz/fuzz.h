/* What fuzz targets share. A target is one function, LLVMFuzzerTestOneInput; tests/fuzz/run builds
 * and runs them. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <copydesk/copydesk.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* Before the first input, and outside its time. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* A promise that must hold; unlike assert it is there in every build. */
static inline void fuzz_check(int holds, const char *promise)
{
    if (holds)
        return;
    fprintf(stderr, "broken promise: %s\n", promise);
    abort();
}

static inline desk_slice fuzz_slice(const uint8_t *data, size_t size)
{
    desk_slice slice = {(const char *)data, size};
    return slice;
}

/* Engines over the built-in rulebook with the memory limit; they live as long as the process. */
static inline void fuzz_engines(desk_engine **engines, size_t count, size_t memory_bytes_max)
{
    desk_rulebook *rulebook = NULL;
    desk_engine_options options = DESK_ENGINE_OPTIONS_INIT;
    options.memory_bytes_max = memory_bytes_max;
    options.evidence = DESK_EVIDENCE_FULL;
    fuzz_check(desk_rulebook_load_builtin(&rulebook, NULL) == DESK_OK, "the rulebook loads");
    for (size_t i = 0; i < count; i++)
        fuzz_check(desk_engine_new(rulebook, &options, &engines[i], NULL) == DESK_OK,
                   "the engine opens");
    desk_rulebook_release(rulebook);
}

#endif
