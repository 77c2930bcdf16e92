/* A core dump that is piped to a program ignores RLIMIT_CORE, so the process is also made not
 * dumpable (Linux, prctl(2)). */
#include "commands/protect.h"

#include <sys/prctl.h>
#include <sys/resource.h>

/* LeakSanitizer attaches to the process as a debugger does, so that a build with it stays
 * dumpable. */
static int may_be_undumpable(void)
{
#ifdef __SANITIZE_ADDRESS__
    return 0;
#else
    return 1;
#endif
}

void protect_memory(const struct config *config)
{
    struct rlimit none = {0, 0};
    if (config->core_dumps)
        return;
    setrlimit(RLIMIT_CORE, &none);
    if (may_be_undumpable())
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
