/* SPDX-License-Identifier: Apache-2.0 */
/* Text from outside, made harmless for a terminal. */
#include "base/base.h"

#include <string.h>

/* Bytes of the sequence that begins with this one, 0 if none does. */
static size_t length_of(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xc2 || first > 0xf4)
        return 0;
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* Length of the UTF-8 sequence at `at`, 0 if it is none (RFC 3629: no surrogates, no overlong
 * forms). */
static size_t sequence(const unsigned char *at, size_t left, uint32_t *point)
{
    static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    const size_t len = length_of(at[0]);

    if (len == 0 || len > left)
        return 0;
    *point = len == 1 ? at[0] : at[0] & (0x7fU >> len);
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        *point = (*point << 6) | (at[i] & 0x3fU);
    }
    if (*point < least[len] || *point > 0x10ffff || (*point >= 0xd800 && *point <= 0xdfff))
        return 0;
    return len;
}

size_t tfr_utf8_span(const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t i = 0, step = 1;
    uint32_t point;

    for (; i < len && step > 0; i += step)
        step = sequence(at + i, len - i, &point);
    return i;
}

/* Characters that act on the screen or on the order of what is shown, and the two that XML does not
 * know. */
static bool acts(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point <= 0x9f) || point == 0x61c ||
           (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2060 && point <= 0x206f) || point == 0xfeff ||
           (point >= 0xfff9 && point <= 0xfffb) || point == 0xfffe || point == 0xffff ||
           (point >= 0xe0000 && point <= 0xe007f);
}

static void add_escape(struct tfr_buf *buf, uint32_t point)
{
    static const char short_forms[] = "\aa\bb\tt\nn\vv\ff\rr";
    const char *form = point >= 7 && point <= 13 ? strchr(short_forms, (int)point) : NULL;

    if (form != NULL)
        tfr_buf_printf(buf, "\\%c", form[1]);
    else if (point < 0x80)
        tfr_buf_printf(buf, "\\x%02x", (unsigned)point);
    else
        tfr_buf_printf(buf, point < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)point);
}

void tfr_buf_add_safe(struct tfr_buf *buf, const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t i = 0;

    while (i < len) {
        size_t run = i;
        uint32_t point = 0;
        size_t step = 0;

        while (run < len && at[run] >= 0x20 && at[run] < 0x7f)
            run++;
        tfr_buf_add(buf, text + i, run - i);
        i = run;
        if (i == len)
            break;
        step = sequence(at + i, len - i, &point);
        if (step == 0)
            tfr_buf_printf(buf, "\\x%02x", at[i]);
        else if (acts(point))
            add_escape(buf, point);
        else
            tfr_buf_add(buf, text + i, step);
        i += step > 0 ? step : 1;
    }
}

void tfr_buf_add_json(struct tfr_buf *buf, const char *json, size_t len)
{
    const unsigned char *at = (const unsigned char *)json;
    size_t from = 0; /* what is not added yet */
    size_t i = 0;

    while (i < len) {
        uint32_t point = 0;
        const size_t step = at[i] < 0x7f ? 1 : sequence(at + i, len - i, &point);

        if (at[i] >= 0x7f && step > 0 && acts(point)) {
            tfr_buf_add(buf, json + from, i - from);
            if (point < 0x10000)
                tfr_buf_printf(buf, "\\u%04x", (unsigned)point);
            else
                tfr_buf_printf(buf, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (point >> 10)),
                               (unsigned)(0xdc00 + (point & 0x3ff)));
            from = i + step;
        }
        i += step > 0 ? step : 1;
    }
    tfr_buf_add(buf, json + from, len - from);
}
