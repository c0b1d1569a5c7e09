/* SPDX-License-Identifier: Apache-2.0 */
#include "planparse/text.h"
#include "planparse/scan.h"
#include "planparse/unescape.h"

#include <string.h>

void tfr_text_place(const struct tfr_text *before, const char *bytes, size_t len, size_t at,
                    struct tfr_error *err)
{
    uint64_t line = before->line;
    uint64_t start = before->line_start;

    if (err->has_place)
        return;
    if (at > len)
        at = len;
    for (size_t i = 0; i < at; i++) {
        if (bytes[i] == '\n') {
            line++;
            start = before->offset + i + 1;
        }
    }
    err->has_place = true;
    err->offset = before->offset + at;
    err->line = line + 1;
    err->column = err->offset - start + 1;
}

/* ---- characters --------------------------------------------------------------------------------
 */

static bool start_character(struct tfr_text *text, unsigned char byte)
{
    if (byte < 0xc2 || byte > 0xf4)
        return false;
    text->want = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    text->least = byte < 0xe0 ? 0x80 : byte < 0xf0 ? 0x800 : 0x10000;
    text->point = byte & (0x3fU >> text->want);
    return true;
}

static bool go_on_character(struct tfr_text *text, unsigned char byte)
{
    if ((byte & 0xc0) != 0x80)
        return false;
    text->point = (text->point << 6) | (byte & 0x3fU);
    text->want--;
    return text->want > 0 || (text->point >= text->least && text->point <= 0x10ffff &&
                              (text->point < 0xd800 || text->point > 0xdfff));
}

/* How many bytes from `at` are printable ASCII, eight at a time. */
static size_t plain_run(const unsigned char *at, size_t len)
{
    const uint64_t high = 0x8080808080808080U;
    size_t i = 0;
    uint64_t word;

    for (; i + 8 <= len; i += 8) {
        memcpy(&word, at + i, 8);
        /* a byte below 0x20 borrows from its high bit; one above 0x7f has it set already */
        if (((word | (word - 0x2020202020202020U)) & high) != 0)
            break;
    }
    while (i < len && at[i] >= 0x20 && at[i] < 0x80)
        i++;
    return i;
}

static bool bad_text(const struct tfr_text *before, const char *bytes, size_t len, size_t at,
                     struct tfr_error *err)
{
    const unsigned char byte = (unsigned char)bytes[at];

    if (byte < 0x20)
        (void)tfr_fail(err, TFR_E_SYNTAX, "input.syntax",
                       "a control character (0x%02x) has no place in JSON", byte);
    else
        (void)tfr_fail(err, TFR_E_SYNTAX, "input.encoding", "this is not UTF-8");
    tfr_text_place(before, bytes, len, at, err);
    return false;
}

/* @return how many bytes are good; `len` if all are */
static size_t check_characters(struct tfr_text *text, const char *bytes, size_t len)
{
    const struct tfr_text before = *text;
    const unsigned char *at = (const unsigned char *)bytes;

    for (size_t i = 0; i < len; i++) {
        if (text->want > 0) {
            if (!go_on_character(text, at[i]))
                return i;
            continue;
        }
        i += plain_run(at + i, len - i);
        if (i == len)
            break;
        if (at[i] == '\n') {
            text->line++;
            text->line_start = before.offset + i + 1;
        } else if (at[i] < 0x80 ? at[i] != '\t' && at[i] != '\r' : !start_character(text, at[i])) {
            return i;
        }
    }
    return len;
}

/* ---- strings -----------------------------------------------------------------------------------
 */

/* A whole \uXXXX was read. False for a surrogate without its partner. */
static bool end_unit(struct tfr_text *text)
{
    const bool is_low = text->unit >= 0xdc00 && text->unit <= 0xdfff;
    const bool is_high = text->unit >= 0xd800 && text->unit <= 0xdbff;

    if (text->high != is_low)
        return false;
    text->high = is_high;
    return true;
}

/* One byte behind a backslash. Wrong escapes are left to the parser. */
static bool step_escape(struct tfr_text *text, unsigned char byte)
{
    int digit;

    if (text->escape == 1) {
        if (text->high && byte != 'u')
            return false;
        text->escape = byte == 'u' ? 5 : 0;
        text->unit = 0;
        return true;
    }
    digit = tfr_hex_digit((char)byte);
    if (digit < 0) {
        text->escape = 0;
        text->high = false;
        return true;
    }
    text->unit = (uint16_t)(text->unit << 4 | digit);
    text->escape--;
    if (text->escape > 1)
        return true;
    text->escape = 0;
    return end_unit(text);
}

static bool lone_surrogate(const struct tfr_text *before, const char *bytes, size_t len, size_t at,
                           struct tfr_error *err)
{
    (void)tfr_fail(err, TFR_E_SYNTAX, "input.syntax",
                   "half of a surrogate pair stands alone in a string: it is no character");
    tfr_text_place(before, bytes, len, at, err);
    return false;
}

static size_t string_run(const char *bytes, size_t len)
{
    size_t i = 0;

    while (i < len && bytes[i] != '"' && bytes[i] != '\\')
        i++;
    return i;
}

/* One step inside a string: an escape, or a run up to the next quote or backslash. */
static bool step_string(struct tfr_text *text, const char *bytes, size_t len, size_t *at)
{
    size_t run;

    if (text->escape > 0) {
        text->string++;
        return step_escape(text, (unsigned char)bytes[(*at)++]);
    }
    run = string_run(bytes + *at, len - *at);
    if (text->high && (run > 0 || (*at < len && bytes[*at] == '"')))
        return false;
    *at += run;
    text->string += run;
    if (*at == len)
        return true;
    if (bytes[*at] == '"')
        text->in_string = false;
    else
        text->escape = 1;
    text->string++;
    (*at)++;
    return true;
}

static bool check_strings(struct tfr_text *text, const struct tfr_text *before, const char *bytes,
                          size_t len, struct tfr_error *err)
{
    size_t at = 0;

    while (at < len) {
        if (!text->in_string) {
            const char *quote = memchr(bytes + at, '"', len - at);

            if (quote == NULL)
                break;
            at = (size_t)(quote - bytes) + 1;
            text->in_string = true;
            text->string = 0;
            continue;
        }
        if (!step_string(text, bytes, len, &at))
            return lone_surrogate(before, bytes, len, at, err);
        if (text->string <= text->max_string)
            continue;
        (void)tfr_fail(err, TFR_E_LIMIT, "input.limit.string", "a string is longer than %llu bytes",
                       (unsigned long long)text->max_string);
        (void)tfr_fail_hint(err, "--max-string-bytes raises this limit");
        tfr_text_place(before, bytes, len, at, err);
        return false;
    }
    return true;
}

/* Byte by byte: what tfr_scan has left. Of two errors the first counts. */
static bool check_closely(struct tfr_text *text, const char *bytes, size_t len,
                          struct tfr_error *err)
{
    const struct tfr_text before = *text;
    const size_t good = check_characters(text, bytes, len);

    if (!check_strings(text, &before, bytes, good, err))
        return false;
    if (good < len)
        return bad_text(&before, bytes, len, good, err);
    text->offset += len;
    return true;
}

static bool can_scan(const struct tfr_text *text)
{
    return text->want == 0 && text->escape <= 1 && !text->high && text->max_string >= TFR_BLOCK;
}

bool tfr_text_check(struct tfr_text *text, const char *bytes, size_t len, struct tfr_error *err)
{
    tfr_scan *const scan = tfr_scan_best();
    size_t at = 0;

    while (at < len) {
        size_t close;

        if (can_scan(text))
            at += scan(text, bytes + at, len - at);
        close = len - at < TFR_BLOCK ? len - at : TFR_BLOCK;
        if (!check_closely(text, bytes + at, close, err))
            return false;
        at += close;
    }
    return true;
}
