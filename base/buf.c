/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <stdio.h>
#include <string.h>

static void reserve(struct tfr_buf *buf, size_t more)
{
    if (more > SIZE_MAX - buf->len - 1)
        tfr_oom();
    buf->data = tfr_grow(buf->data, &buf->cap, buf->len + more + 1, 1);
}

void tfr_buf_add(struct tfr_buf *buf, const char *text, size_t len)
{
    reserve(buf, len);
    if (len > 0)
        memcpy(buf->data + buf->len, text, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
}

void tfr_buf_puts(struct tfr_buf *buf, const char *text)
{
    tfr_buf_add(buf, text, strlen(text));
}

void tfr_buf_putc(struct tfr_buf *buf, char byte)
{
    tfr_buf_add(buf, &byte, 1);
}

void tfr_buf_add_count(struct tfr_buf *buf, uint64_t count)
{
    char digits[20];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + count % 10);
        count /= 10;
    } while (count > 0);
    tfr_buf_add(buf, digits + at, sizeof digits - at);
}

/* Most messages put texts together, and nothing else. */
static bool takes_texts_alone(const char *format)
{
    for (const char *at = strchr(format, '%'); at != NULL; at = strchr(at + 2, '%')) {
        if (at[1] != 's')
            return false;
    }
    return true;
}

static void put_texts(struct tfr_buf *buf, const char *format, va_list args)
{
    for (const char *at = strchr(format, '%'); at != NULL; at = strchr(format, '%')) {
        const char *text = va_arg(args, const char *);

        tfr_buf_add(buf, format, (size_t)(at - format));
        tfr_buf_puts(buf, text != NULL ? text : "(null)");
        format = at + 2;
    }
    tfr_buf_puts(buf, format);
}

/* Room for most of what is printed, bytes: so it is formatted once. */
#define LIKELY 100

void tfr_buf_vprintf(struct tfr_buf *buf, const char *format, va_list args)
{
    va_list again;
    size_t room;
    int len;

    reserve(buf, LIKELY);
    if (takes_texts_alone(format)) {
        put_texts(buf, format, args);
        return;
    }
    room = buf->cap - buf->len;
    va_copy(again, args);
    len = vsnprintf(buf->data + buf->len, room, format, args);
    if (len > 0 && (size_t)len >= room) {
        reserve(buf, (size_t)len);
        (void)vsnprintf(buf->data + buf->len, (size_t)len + 1, format, again);
    }
    va_end(again);
    buf->len += len > 0 ? (size_t)len : 0;
    buf->data[buf->len] = '\0';
}

void tfr_buf_printf(struct tfr_buf *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tfr_buf_vprintf(buf, format, args);
    va_end(args);
}

const char *tfr_buf_text(const struct tfr_buf *buf)
{
    return buf->data != NULL ? buf->data : "";
}

void tfr_buf_reset(struct tfr_buf *buf)
{
    buf->len = 0;
    if (buf->data != NULL)
        buf->data[0] = '\0';
}

void tfr_buf_fini(struct tfr_buf *buf)
{
    tfr_free(buf->data);
    *buf = (struct tfr_buf){ 0 };
}
