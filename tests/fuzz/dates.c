/* Times as machines write them: what is read lies within the years that RFC 3339 can write. */
#include "fuzz.h"
#include "tag/parse_time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parsed_time time;
    if (parse_time_any(fuzz_slice(data, size), &time))
        fuzz_check(time.ms > -62300000000000 && time.ms < 253500000000000 &&
                       time.zone_minutes > -1500 && time.zone_minutes < 1500,
                   "a time lies in the years 0 to 9999");
    parse_time_rfc3339(fuzz_slice(data, size), &time);
    return 0;
}
