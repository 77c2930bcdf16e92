/* One file after the other. */
#include "filter/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder can be opened, and then says at the first read what it is. */
static int open_file(const char *path)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0 || !S_ISDIR(status.st_mode))
        return fd;
    close(fd);
    errno = EISDIR;
    return -1;
}

static bool open_next(struct files *files)
{
    const char *path = files->paths[files->opened];
    bool is_stdin = !strcmp(path, "-");
    files->path = is_stdin ? "stdin" : path;
    int fd = is_stdin ? STDIN_FILENO : open_file(path);
    if (fd < 0) {
        snprintf(files->intake.reason, sizeof files->intake.reason, "%.100s: %s", path,
                 strerror(errno));
        files->cannot_open = true;
        return false;
    }
    files->opened++;
    input_init(&files->input, fd, files->stop_fd);
    intake_open(&files->intake, &files->input);
    return true;
}

void files_close(struct files *files)
{
    if (!files->intake.window.input)
        return;
    if (files->input.fd != STDIN_FILENO)
        close(files->input.fd);
    input_deinit(&files->input);
    intake_close(&files->intake);
}

/* "NAME: why" */
static enum intake_status fail(struct files *files)
{
    char why[INPUT_REASON_SIZE];
    memcpy(why, files->intake.reason, sizeof why);
    snprintf(files->intake.reason, sizeof files->intake.reason, "%.60s: %.90s", files->path, why);
    return INTAKE_FAILED;
}

enum intake_status files_next(struct files *files, struct arena *arena, bool may_wait,
                              struct item *item)
{
    for (;;) {
        if (!files->intake.window.input && files->opened == files->count)
            return INTAKE_END;
        if (!files->intake.window.input && !open_next(files))
            return INTAKE_FAILED;
        enum intake_status status = files->intake.next(&files->intake, arena, may_wait, item);
        if (status == INTAKE_FAILED)
            return fail(files);
        if (status != INTAKE_END)
            return status;
        if (files->input.is_stopping)
            files->opened = files->count;
        files_close(files);
    }
}
