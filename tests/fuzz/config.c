/* Any text is a configuration or a list of mistakes. */
#include "config/config.h"
#include "fuzz.h"
#include "yaml/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mistakes mistakes = {0};
    struct config *config = config_load_text("fuzz.yaml", fuzz_slice(data, size), &mistakes);
    fuzz_check(config || mistakes.errors, "a refused configuration has its reason");
    config_free(config);
    mistakes_free(&mistakes);
    return 0;
}
