/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_PLANPARSE_ENCODING_H
#define TFR_PLANPARSE_ENCODING_H

#include "base/base.h"

enum tfr_encoding_kind {
    TFR_ENCODING_UNDECIDED, /* fewer than four bytes were seen */
    TFR_ENCODING_UTF8,
    TFR_ENCODING_UTF8_BOM,
    TFR_ENCODING_UTF16_LE,
    TFR_ENCODING_UTF16_BE,
    TFR_ENCODING_UTF32_LE,
    TFR_ENCODING_UTF32_BE,
};

/** Turns a stream of UTF-8, UTF-16 or UTF-32, with or without byte order mark, into UTF-8. Zero is
 * the start. */
struct tfr_encoding {
    enum tfr_encoding_kind kind;
    unsigned char held[4]; /* bytes of an unfinished unit, or the first four */
    size_t held_len;
    uint32_t high;   /* a high surrogate that waits for its partner, or 0 */
    uint64_t offset; /* bytes of input so far */
};

/** True when bytes can be used as they are. */
bool tfr_encoding_is_plain(const struct tfr_encoding *encoding);
/** Decides by the first bytes of a stream, if they are all here: then what is plain need not be
 * copied. @return how many of them are a mark, to be left out */
size_t tfr_encoding_begin(struct tfr_encoding *encoding, const char *bytes, size_t len);
/** Appends a piece as UTF-8. Error: TFR_E_SYNTAX "input.encoding". */
bool tfr_encoding_convert(struct tfr_encoding *encoding, const char *bytes, size_t len,
                          struct tfr_buf *out, struct tfr_error *err) TFR_CHECKED;
/** The stream is over: half a character is an error. */
bool tfr_encoding_end(struct tfr_encoding *encoding, struct tfr_buf *out,
                      struct tfr_error *err) TFR_CHECKED;
/** Code of the note about it, with its message; NULL for plain UTF-8. */
const char *tfr_encoding_note(const struct tfr_encoding *encoding, const char **message);

#endif
