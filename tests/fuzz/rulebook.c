/* A rulebook with one file of any content is compiled or refused with a place. The first byte
 * chooses the file. */
#include <string.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const paths[] = {"residue/x.yaml",
                                        "subjects/topics.yaml",
                                        "subjects/en.yaml",
                                        "languages.yaml",
                                        "calendar.yaml",
                                        "quoting.yaml",
                                        "page.yaml",
                                        "sources.csv",
                                        "sources/own.csv",
                                        "gazetteer/places.csv",
                                        "urls.yaml",
                                        "metadata.yaml",
                                        "gazetteer/countries.csv",
                                        "gazetteer/organisations.csv"};
    desk_rulebook *rulebook = NULL;
    desk_error err = DESK_ERROR_INIT;
    if (!size)
        return 0;
    const char *path = paths[data[0] % (sizeof paths / sizeof paths[0])];
    desk_rulebook_file file = {{path, strlen(path)}, fuzz_slice(data + 1, size - 1)};
    desk_status status = desk_rulebook_load_memory(&file, 1, &rulebook, &err);
    fuzz_check(status == DESK_OK || err.message[0], "a refused rulebook has its reason");
    desk_rulebook_release(rulebook);
    return 0;
}
