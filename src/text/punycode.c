/* The encoder of RFC 3492, section 6.3. libidn2 does the same with memory from the heap, which a
 * record must not take. */
#include "text/punycode.h"

#include <stdbool.h>
#include <string.h>

#include "text/utf8.h"

/* The parameters of RFC 3492, section 5. */
enum { BASE = 36, T_MIN = 1, T_MAX = 26, SKEW = 38, DAMP = 700, BIAS = 72, FIRST_N = 0x80 };
enum { LABEL_POINTS_MAX = 63 };

struct output {
    char *data;
    size_t len, size;
    bool is_full;
};

static void put(struct output *out, char c)
{
    if (out->len < out->size)
        out->data[out->len++] = c;
    else
        out->is_full = true;
}

static char digit_of(uint32_t value)
{
    return (char)(value < 26 ? 'a' + value : '0' + (value - 26));
}

static uint32_t adapt(uint32_t delta, uint32_t points, bool is_first)
{
    uint32_t k = 0;
    delta = is_first ? delta / DAMP : delta / 2;
    delta += delta / points;
    for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
        delta /= BASE - T_MIN;
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static void put_number(struct output *out, uint32_t value, uint32_t bias)
{
    for (uint32_t k = BASE;; k += BASE) {
        uint32_t t = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
        if (value < t)
            break;
        put(out, digit_of(t + (value - t) % (BASE - t)));
        value = (value - t) / (BASE - t);
    }
    put(out, digit_of(value));
}

/* With at most 63 code points below 0x110000, delta stays below 2^27: no overflow. */
static void encode(struct output *out, const uint32_t *points, uint32_t count, uint32_t basic)
{
    uint32_t n = FIRST_N, delta = 0, bias = BIAS, done = basic;
    while (done < count) {
        uint32_t next = UINT32_MAX;
        for (uint32_t i = 0; i < count; i++)
            if (points[i] >= n && points[i] < next)
                next = points[i];
        delta += (next - n) * (done + 1);
        n = next;
        for (uint32_t i = 0; i < count; i++) {
            if (points[i] < n)
                delta++;
            if (points[i] != n)
                continue;
            put_number(out, delta, bias);
            bias = adapt(delta, done + 1, done == basic);
            delta = 0;
            done++;
        }
        delta++;
        n++;
    }
}

size_t punycode_label(desk_slice label, char *out, size_t size)
{
    uint32_t points[LABEL_POINTS_MAX], count = 0, basic = 0;
    struct output output = {out, 0, size, false};
    const char *p = label.data, *end = label.data + label.len;
    while (p < end && count < LABEL_POINTS_MAX) {
        points[count] = utf8_next(&p, end);
        basic += points[count++] < FIRST_N;
    }
    if (p < end)
        return 0;
    if (basic < count)
        for (const char *head = "xn--"; *head; head++)
            put(&output, *head);
    for (uint32_t i = 0; i < count; i++)
        if (points[i] < FIRST_N)
            put(&output, (char)points[i]);
    if (basic < count) {
        if (basic)
            put(&output, '-');
        encode(&output, points, count, basic);
    }
    return output.is_full ? 0 : output.len;
}
