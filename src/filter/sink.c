/* Collecting and writing. */
#include "filter/sink.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Kept between two batches; more is given back, so that one giant record does not hold it. */
enum { FIRST_BYTES = 1 << 16, KEPT_BYTES = 1 << 22 };

void sink_deinit(struct sink *sink)
{
    free(sink->data);
}

void sink_put(struct sink *sink, desk_slice bytes)
{
    if (sink->has_failed || !bytes.len)
        return;
    if (sink->capacity - sink->len < bytes.len) {
        size_t wanted = sink->capacity ? sink->capacity * 2 : FIRST_BYTES;
        while (wanted - sink->len < bytes.len)
            wanted *= 2;
        char *grown = realloc(sink->data, wanted);
        sink->has_failed = !grown;
        if (!grown)
            return;
        sink->data = grown;
        sink->capacity = wanted;
    }
    memcpy(sink->data + sink->len, bytes.data, bytes.len);
    sink->len += bytes.len;
}

/* Hosts may hand over a descriptor that does not block. */
static bool wait_for_room(int fd)
{
    struct pollfd watched = {.fd = fd, .events = POLLOUT};
    return poll(&watched, 1, -1) >= 0 || errno == EINTR;
}

bool sink_write(struct sink *sink, int fd)
{
    size_t done = 0;
    while (done < sink->len) {
        ssize_t count = write(fd, sink->data + done, sink->len - done);
        if (count >= 0)
            done += (size_t)count;
        else if (errno == EAGAIN || errno == EWOULDBLOCK ? !wait_for_room(fd) : errno != EINTR)
            return false;
    }
    sink->len = 0;
    if (sink->capacity > KEPT_BYTES) {
        free(sink->data);
        *sink = (struct sink){0};
    }
    return true;
}
