/* SPDX-License-Identifier: Apache-2.0 */
#include "planparse/unescape.h"
#include "planparse/stops.h"

#include <string.h>

struct text {
    const char *at, *end;
};

int tfr_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits behind \u. @return -1: they are none */
static int32_t hex_unit(struct text *text)
{
    int32_t unit = 0;

    if (text->end - text->at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        const int digit = tfr_hex_digit(*text->at++);

        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* @return where the next byte goes, NULL in doubt */
static char *decode_unicode(struct text *text, char *to)
{
    int32_t point = hex_unit(text);

    if (point >= 0xd800 && point <= 0xdbff) {
        int32_t low;

        if (text->end - text->at < 6 || text->at[0] != '\\' || text->at[1] != 'u')
            return NULL;
        text->at += 2;
        low = hex_unit(text);
        if (low < 0xdc00 || low > 0xdfff)
            return NULL;
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
    }
    if (point < 0 || (point >= 0xdc00 && point <= 0xdfff))
        return NULL;
    if (point < 0x80) {
        *to++ = (char)point;
        return to;
    }
    if (point < 0x800) {
        *to++ = (char)(0xc0 | point >> 6);
    } else {
        if (point < 0x10000) {
            *to++ = (char)(0xe0 | point >> 12);
        } else {
            *to++ = (char)(0xf0 | point >> 18);
            *to++ = (char)(0x80 | (point >> 12 & 0x3f));
        }
        *to++ = (char)(0x80 | (point >> 6 & 0x3f));
    }
    *to++ = (char)(0x80 | (point & 0x3f));
    return to;
}

char tfr_escape_meaning(char letter)
{
    static const char meant[256] = {
        ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
        ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
    };

    return meant[(unsigned char)letter];
}

static char *decode_escape(struct text *text, char *to)
{
    if (text->at == text->end)
        return NULL;
    if (*text->at == 'u') {
        text->at++;
        return decode_unicode(text, to);
    }
    *to = tfr_escape_meaning(*text->at++);
    return *to != '\0' ? to + 1 : NULL;
}

/* Copies up to the first byte that does not simply stand in a string. Bytes behind it are copied
 * too where there is room: that costs less than to count them first. */
static void copy_run(struct text *text, char **to)
{
    const size_t left = (size_t)(text->end - text->at);
    size_t run = 0;

    if (left >= TFR_UNESCAPE_SLACK) {
        memcpy(*to, text->at, TFR_UNESCAPE_SLACK);
        run = tfr_string_end(text->at, TFR_UNESCAPE_SLACK);
    }
    if (run == TFR_UNESCAPE_SLACK || left < TFR_UNESCAPE_SLACK) {
        const size_t more = tfr_string_end(text->at + run, left - run);

        memcpy(*to + run, text->at + run, more);
        run += more;
    }
    *to += run;
    text->at += run;
}

bool tfr_unescape(const char **at, const char *end, char *to, size_t *len)
{
    struct text text = { *at, end };
    char *const start = to;

    for (;;) {
        copy_run(&text, &to);
        if (text.at == end)
            return false;
        if (*text.at == '"')
            break;
        if (*text.at++ != '\\' || (to = decode_escape(&text, to)) == NULL)
            return false;
    }
    *at = text.at + 1;
    *len = (size_t)(to - start);
    return true;
}
