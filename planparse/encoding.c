/* SPDX-License-Identifier: Apache-2.0 */
#include "planparse/encoding.h"

#include <string.h>

/* RFC 8259 wants UTF-8; Windows PowerShell 5.1 writes UTF-16 with a byte order mark. Longest mark
 * first: FF FE 00 00 begins with FF FE. */
static const struct {
    unsigned char bytes[4];
    size_t len; /* of the mark */
    enum tfr_encoding_kind kind;
} marks[] = {
    { { 0xff, 0xfe, 0, 0 }, 4, TFR_ENCODING_UTF32_LE },
    { { 0, 0, 0xfe, 0xff }, 4, TFR_ENCODING_UTF32_BE },
    { { 0xef, 0xbb, 0xbf, 0 }, 3, TFR_ENCODING_UTF8_BOM },
    { { 0xff, 0xfe, 0, 0 }, 2, TFR_ENCODING_UTF16_LE },
    { { 0xfe, 0xff, 0, 0 }, 2, TFR_ENCODING_UTF16_BE },
};

/* JSON begins with ASCII: the zeros around it tell. */
static enum tfr_encoding_kind by_zeros(const unsigned char *first, size_t len)
{
    if (len < 2)
        return TFR_ENCODING_UTF8;
    if (len == 4 && first[0] == 0 && first[1] == 0 && first[2] == 0 && first[3] != 0)
        return TFR_ENCODING_UTF32_BE;
    if (len == 4 && first[0] != 0 && first[1] == 0 && first[2] == 0 && first[3] == 0)
        return TFR_ENCODING_UTF32_LE;
    if (first[0] == 0 && first[1] != 0 && first[1] < 0x80)
        return TFR_ENCODING_UTF16_BE;
    if (first[0] != 0 && first[0] < 0x80 && first[1] == 0)
        return TFR_ENCODING_UTF16_LE;
    return TFR_ENCODING_UTF8;
}

bool tfr_encoding_is_plain(const struct tfr_encoding *encoding)
{
    return encoding->kind == TFR_ENCODING_UTF8 || encoding->kind == TFR_ENCODING_UTF8_BOM;
}

static bool bad(const struct tfr_encoding *encoding, const char *what, struct tfr_error *err)
{
    (void)tfr_fail(err, TFR_E_SYNTAX, "input.encoding", "%s", what);
    (void)tfr_fail_hint(err, "write it as UTF-8: in PowerShell, terraform show -json tfplan | "
                             "Out-File -Encoding utf8 plan.json");
    err->has_place = true;
    err->offset = encoding->offset;
    return false;
}

static void put(struct tfr_buf *out, uint32_t point)
{
    char utf8[4];
    size_t len = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

    if (len == 1) {
        tfr_buf_putc(out, (char)point);
        return;
    }
    for (size_t i = len; i-- > 1;) {
        utf8[i] = (char)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    utf8[0] = (char)((0xf00U >> len & 0xff) | point);
    tfr_buf_add(out, utf8, len);
}

static bool put_unit16(struct tfr_encoding *encoding, uint32_t unit, struct tfr_buf *out,
                       struct tfr_error *err)
{
    const bool low = unit >= 0xdc00 && unit <= 0xdfff;

    if ((encoding->high != 0) != low)
        return bad(encoding, "the UTF-16 of this input is broken", err);
    if (low)
        put(out, 0x10000 + ((encoding->high - 0xd800) << 10) + (unit - 0xdc00));
    else if (unit < 0xd800 || unit > 0xdbff)
        put(out, unit);
    encoding->high = unit >= 0xd800 && unit <= 0xdbff ? unit : 0;
    return true;
}

static bool put_unit(struct tfr_encoding *encoding, struct tfr_buf *out, struct tfr_error *err)
{
    const unsigned char *b = encoding->held;
    uint32_t point;

    encoding->held_len = 0;
    switch (encoding->kind) {
    case TFR_ENCODING_UTF16_LE:
        return put_unit16(encoding, (uint32_t)b[0] | (uint32_t)b[1] << 8, out, err);
    case TFR_ENCODING_UTF16_BE:
        return put_unit16(encoding, (uint32_t)b[1] | (uint32_t)b[0] << 8, out, err);
    case TFR_ENCODING_UTF32_LE:
        point = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
        break;
    default:
        point = (uint32_t)b[3] | (uint32_t)b[2] << 8 | (uint32_t)b[1] << 16 | (uint32_t)b[0] << 24;
        break;
    }
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
        return bad(encoding, "the UTF-32 of this input is broken", err);
    put(out, point);
    return true;
}

static bool convert_units(struct tfr_encoding *encoding, const unsigned char *bytes, size_t len,
                          struct tfr_buf *out, struct tfr_error *err)
{
    const size_t unit = encoding->kind >= TFR_ENCODING_UTF32_LE ? 4 : 2;

    for (size_t i = 0; i < len; i++) {
        encoding->held[encoding->held_len++] = bytes[i];
        if (encoding->held_len == unit && !put_unit(encoding, out, err))
            return false;
        encoding->offset++;
    }
    return true;
}

/* Decides by the first bytes. @return how many of them are a mark */
static size_t decide_by(struct tfr_encoding *encoding, const unsigned char *first, size_t len)
{
    encoding->kind = by_zeros(first, len);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (marks[i].len > len || memcmp(first, marks[i].bytes, marks[i].len) != 0)
            continue;
        encoding->kind = marks[i].kind;
        return marks[i].len;
    }
    return 0;
}

/* Decides by the bytes held, and converts them. */
static bool decide(struct tfr_encoding *encoding, struct tfr_buf *out, struct tfr_error *err)
{
    unsigned char first[sizeof encoding->held];
    const size_t len = encoding->held_len;
    size_t skip;

    memcpy(first, encoding->held, sizeof first);
    encoding->held_len = 0;
    skip = decide_by(encoding, first, len);
    if (!tfr_encoding_is_plain(encoding))
        return convert_units(encoding, first + skip, len - skip, out, err);
    tfr_buf_add(out, (const char *)first + skip, len - skip);
    return true;
}

size_t tfr_encoding_begin(struct tfr_encoding *encoding, const char *bytes, size_t len)
{
    if (encoding->kind != TFR_ENCODING_UNDECIDED || encoding->held_len > 0 ||
        len < sizeof encoding->held)
        return 0;
    return decide_by(encoding, (const unsigned char *)bytes, sizeof encoding->held);
}

bool tfr_encoding_convert(struct tfr_encoding *encoding, const char *bytes, size_t len,
                          struct tfr_buf *out, struct tfr_error *err)
{
    while (encoding->kind == TFR_ENCODING_UNDECIDED && len > 0) {
        encoding->held[encoding->held_len++] = (unsigned char)*bytes++;
        len--;
        if (encoding->held_len == sizeof encoding->held && !decide(encoding, out, err))
            return false;
    }
    if (len == 0)
        return true;
    if (!tfr_encoding_is_plain(encoding))
        return convert_units(encoding, (const unsigned char *)bytes, len, out, err);
    tfr_buf_add(out, bytes, len);
    return true;
}

bool tfr_encoding_end(struct tfr_encoding *encoding, struct tfr_buf *out, struct tfr_error *err)
{
    if (encoding->kind == TFR_ENCODING_UNDECIDED && !decide(encoding, out, err))
        return false;
    if (encoding->held_len > 0 || encoding->high != 0)
        return bad(encoding, "the input ends in the middle of a character", err);
    return true;
}

const char *tfr_encoding_note(const struct tfr_encoding *encoding, const char **message)
{
    switch (encoding->kind) {
    case TFR_ENCODING_UTF8_BOM:
        *message = "the input begins with a byte order mark";
        return "bom";
    case TFR_ENCODING_UTF16_LE:
    case TFR_ENCODING_UTF16_BE:
        *message = "the input is UTF-16: offsets count bytes of its UTF-8 form";
        return "utf16";
    case TFR_ENCODING_UTF32_LE:
    case TFR_ENCODING_UTF32_BE:
        *message = "the input is UTF-32: offsets count bytes of its UTF-8 form";
        return "utf32";
    default:
        return NULL;
    }
}
