/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_PLANPARSE_TEXT_H
#define TFR_PLANPARSE_TEXT_H

#include "base/base.h"

/**
 * Checks JSON text piece by piece before the parser sees it, for what yajl 2.1.0 lets pass or would
 * hold in memory: strict UTF-8 (RFC 3629), no control characters but tab, line feed and carriage
 * return (yajl takes vertical tab and form feed for white space), no lone surrogate escapes, no
 * string longer than the limit. Counts lines for messages. Zero, with `max_string` set, is the
 * start of a text.
 */
struct tfr_text {
    uint64_t max_string; /* bytes */
    uint64_t offset;     /* bytes checked so far */
    uint64_t line;       /* line feeds so far */
    uint64_t line_start; /* offset behind the last of them */
    uint64_t string;     /* bytes of the string that is open */
    uint32_t point;      /* UTF-8: what has been read of the character that is open */
    uint32_t least;      /* UTF-8: the smallest character of this length */
    uint8_t want;        /* UTF-8: bytes that must follow */
    bool in_string;
    uint8_t escape; /* 0: none; 1: behind a backslash; 2..5: digits of \u to come + 1 */
    uint16_t unit;  /* the digits so far */
    bool high;      /* a high surrogate came just before */
};

/** Errors: TFR_E_SYNTAX "input.encoding" or "input.syntax", TFR_E_LIMIT "input.limit.string"; the
 * offset is set. */
bool tfr_text_check(struct tfr_text *text, const char *bytes, size_t len,
                    struct tfr_error *err) TFR_CHECKED;

/** Sets the offset of an error that lies in the current piece (`base`: offset of its first byte),
 * with line and column if the place lies behind the last line feed before the piece. */
void tfr_text_place(const struct tfr_text *before, const char *bytes, size_t len, size_t at,
                    struct tfr_error *err);

#endif
