/* The instruction counter, by the kernel's perf_event_open. */
#define _DEFAULT_SOURCE /* syscall: the C library has no function for this call */
#include "commands/bench_counter.h"

#include <linux/perf_event.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

int bench_counter_open(void)
{
    struct perf_event_attr wanted = {.type = PERF_TYPE_HARDWARE,
                                     .size = sizeof wanted,
                                     .config = PERF_COUNT_HW_INSTRUCTIONS,
                                     .exclude_kernel = 1,
                                     .exclude_hv = 1};
    return (int)syscall(SYS_perf_event_open, &wanted, 0, -1, -1, 0);
}

unsigned long long bench_counter_read(int counter)
{
    uint64_t count = 0;
    return counter >= 0 && read(counter, &count, sizeof count) == sizeof count ? count : 0;
}

void bench_counter_close(int counter)
{
    if (counter >= 0)
        close(counter);
}
