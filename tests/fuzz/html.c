/* Tokenizer, tree and extraction: no text is made up (output no longer than the input allows),
 * nodes nest properly. */
#include "base/arena.h"
#include "fuzz.h"
#include "html/tree.h"

static void check_tree(const struct tree *tree)
{
    for (size_t i = 1; i < tree->count; i++) {
        const struct tree_node *node = &tree->nodes[i];
        fuzz_check(node->parent < i, "a parent stands before its child");
        fuzz_check(node->end > i && node->end <= tree->nodes[node->parent].end, "subtrees nest");
    }
}

static desk_engine *engine;
static struct arena arena; /* its memory stays, as an engine's does */

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    fuzz_engines(&engine, 1, (size_t)64 << 20);
    arena_init(&arena, (size_t)64 << 20, (size_t)8 << 20);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tree tree;
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    arena_reset(&arena);
    if (tree_build(&arena, fuzz_slice(data, size), &tree))
        check_tree(&tree);
    record.value = fuzz_slice(data, size);
    record.format = DESK_FORMAT_HTML;
    fuzz_check(desk_engine_process(engine, &record, &result, NULL) == DESK_OK,
               "every page is judged");
    return 0;
}
