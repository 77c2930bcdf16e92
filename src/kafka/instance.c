/* Slots by flock: the kernel frees a lock when its process ends, however it ends. */
#define _DEFAULT_SOURCE /* flock */
#include "kafka/instance.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { SLOTS_MAX = 1000, PATH_SIZE = 4096 };

/* The group's name made safe for a file name. */
static void safe_name(const char *text, char *out, size_t size)
{
    size_t i = 0;
    for (; text[i] && i + 1 < size; i++) {
        char c = text[i];
        bool legal = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '.';
        out[i] = legal ? c : '_';
    }
    out[i] = '\0';
}

static int try_slot(const char *path, bool *is_taken)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    *is_taken = false;
    if (fd < 0)
        return -1;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    *is_taken = errno == EWOULDBLOCK;
    close(fd);
    return -1;
}

bool instance_open(const struct config *config, struct instance *instance,
                   char error[INSTANCE_ERROR_SIZE])
{
    char path[PATH_SIZE], group[128], host[128] = "localhost";
    instance->lock = -1;
    if (strcmp(config->instance, "auto")) {
        snprintf(instance->name, sizeof instance->name, "%s", config->instance);
        return true;
    }
    gethostname(host, sizeof host - 1);
    safe_name(config->input_group, group, sizeof group);
    for (int slot = 0; slot < SLOTS_MAX; slot++) {
        bool is_taken;
        snprintf(path, sizeof path, "%s/copydesk-%s-%d.lock", config->run_folder, group, slot);
        instance->lock = try_slot(path, &is_taken);
        if (instance->lock >= 0) {
            snprintf(instance->name, sizeof instance->name, "%s-%d", host, slot);
            return true;
        }
        if (!is_taken) {
            snprintf(error, INSTANCE_ERROR_SIZE,
                     "the lock file %.300s cannot be made: %s; set run_folder to a folder that can "
                     "be written, "
                     "or instance to a name",
                     path, strerror(errno));
            return false;
        }
    }
    snprintf(error, INSTANCE_ERROR_SIZE,
             "all %d slots of group %s are taken on this host; set instance to a name", SLOTS_MAX,
             group);
    return false;
}

void instance_close(struct instance *instance)
{
    if (instance->lock >= 0)
        close(instance->lock);
    instance->lock = -1;
}
