/* A tool for training and error analysis: what the engine measures of each block of each page.
 *
 *     page_blocks RULEBOOK_FOLDER < PAGES.jsonl > BLOCKS.jsonl
 *
 * In: one raw record a line. Out, for each: {"id", "body", "blocks": [{"text", "kept", "rule",
 * "score", "path", "features" (hexadecimal, a byte a feature)}]}, after a first line with the
 * features' names. */
#include <copydesk/copydesk.h>
#include <stdio.h>
#include <stdlib.h>

#include "article/article.h"
#include "article/json_write.h"
#include "base/slice.h"
#include "clean/page_features.h"
#include "engine/engine.h"

static void write_features(struct json_writer *w, struct arena *arena, const uint8_t *features)
{
    static const char digits[] = "0123456789abcdef";
    char *hex = features ? arena_alloc(arena, (size_t)2 * FEATURE_COUNT, 1) : NULL;
    for (size_t i = 0; hex && i < FEATURE_COUNT; i++) {
        hex[2 * i] = digits[features[i] >> 4];
        hex[2 * i + 1] = digits[features[i] & 15];
    }
    json_key(w, "features");
    json_text(w, slice_of(hex, hex ? (size_t)2 * FEATURE_COUNT : 0));
}

static void write_page(struct json_writer *w, const struct desk_article *article)
{
    json_open(w, '{');
    json_key(w, "id");
    json_text(w, article->id);
    json_key(w, "body");
    json_text(w, article->body);
    json_key(w, "blocks");
    json_open(w, '[');
    for (size_t i = 0; i < article->trace.count; i++) {
        const struct block_trace *block = &article->trace.items[i];
        if (!block->features) /* hidden text */
            continue;
        json_open(w, '{');
        json_key(w, "text");
        json_text(w, block->text);
        json_key(w, "kept");
        json_bool(w, block->is_kept);
        json_key(w, "rule");
        json_text(w, block->rule);
        json_key(w, "score");
        json_decimal(w, block->score, 3);
        json_key(w, "path");
        json_text(w, block->path);
        write_features(w, article->arena, block->features);
        json_close(w, '}');
    }
    json_close(w, ']');
    json_close(w, '}');
}

static bool process(desk_engine *engine, desk_slice line)
{
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    desk_error err = DESK_ERROR_INIT;
    record.value = line;
    if (desk_engine_process(engine, &record, &result, &err) != DESK_OK) {
        fprintf(stderr, "page_blocks: %s\n", err.message);
        return false;
    }
    const struct desk_article *article = engine_article(engine);
    struct json_writer w;
    json_writer_init(&w, article->arena, 4096, (size_t)1 << 30);
    write_page(&w, article);
    fwrite(w.data, 1, w.len, stdout);
    putchar('\n');
    return true;
}

static void write_names(void)
{
    fputs("{\"features\":[", stdout);
    for (size_t i = 0; i < FEATURE_COUNT; i++)
        printf("%s\"%s\"", i ? "," : "", FEATURE_NAMES[i]);
    puts("]}");
}

int main(int argc, char **argv)
{
    desk_rulebook *rulebook = NULL;
    desk_engine *engine = NULL;
    desk_error err = DESK_ERROR_INIT;
    if (argc != 2) {
        fputs("usage: page_blocks RULEBOOK_FOLDER < PAGES.jsonl\n", stderr);
        return 2;
    }
    if (desk_rulebook_load_folder(argv[1], &rulebook, &err) != DESK_OK ||
        desk_engine_new(rulebook, NULL, &engine, &err) != DESK_OK) {
        fprintf(stderr, "page_blocks: %s\n", err.message);
        return 2;
    }
    engine_set_trace(engine, true);
    write_names();
    char *line = NULL;
    size_t capacity = 0;
    ssize_t len;
    bool good = true;
    while (good && (len = getline(&line, &capacity, stdin)) > 0)
        good = process(engine, slice_of(line, (size_t)len));
    free(line);
    desk_engine_free(engine);
    desk_rulebook_release(rulebook);
    return good ? 0 : 1;
}
