/* Once warm the engine takes nothing from the heap: every malloc of the process is counted over
 * 10,000 records. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <copydesk/copydesk.h>

static size_t allocations;

#if defined(__SANITIZE_ADDRESS__)
/* AddressSanitizer owns malloc; it calls hooks. */
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
                                              void (*on_free)(const volatile void *));

static void on_malloc(const volatile void *p, size_t size)
{
    (void)p;
    (void)size;
    allocations++;
}

static void on_free(const volatile void *p)
{
    (void)p;
}

static void count_allocations(void)
{
    assert_true(__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free));
}
#else
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *p, size_t size);

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *p, size_t size)
{
    allocations++;
    return __libc_realloc(p, size);
}

static void count_allocations(void) {}
#endif

enum { SAMPLES_MAX = 32, RECORDS = 10000 };

struct sample {
    char *data;
    size_t len;
};

static size_t read_samples(struct sample *samples)
{
    size_t count = 0;
    DIR *folder = opendir(SOURCE_FOLDER "/deploy/demo");
    assert_non_null(folder);
    for (struct dirent *entry; count < SAMPLES_MAX && (entry = readdir(folder));) {
        char path[1024];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, SOURCE_FOLDER "/deploy/demo/%s", entry->d_name);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        samples[count].data = malloc(1 << 16);
        samples[count].len = fread(samples[count].data, 1, 1 << 16, file);
        fclose(file);
        count++;
    }
    closedir(folder);
    return count;
}

static void process(desk_engine *engine, const struct sample *sample)
{
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    record.value.data = sample->data;
    record.value.len = sample->len;
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    assert_int_equal(result.outcome, DESK_ENRICHED);
}

static void nothing_is_taken_once_warm(void **state)
{
    struct sample samples[SAMPLES_MAX];
    desk_rulebook *rulebook = NULL;
    desk_engine *engine = NULL;
    (void)state;
    size_t count = read_samples(samples);
    assert_true(count >= 12);
    assert_int_equal(desk_rulebook_load_builtin(&rulebook, NULL), DESK_OK);
    assert_int_equal(desk_engine_new(rulebook, NULL, &engine, NULL), DESK_OK);
    count_allocations();
    for (size_t i = 0; i < 3 * count; i++)
        process(engine, &samples[i % count]);
    size_t before = allocations;
    for (size_t i = 0; i < RECORDS; i++)
        process(engine, &samples[i % count]);
    assert_int_equal(allocations - before, 0);
    /* The counter does count. */
    void *volatile p = malloc(10);
    assert_true(allocations > before);
    free(p);
    desk_engine_free(engine);
    desk_rulebook_release(rulebook);
    for (size_t i = 0; i < count; i++)
        free(samples[i].data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_taken_once_warm)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
