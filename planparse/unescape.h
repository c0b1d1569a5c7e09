/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_PLANPARSE_UNESCAPE_H
#define TFR_PLANPARSE_UNESCAPE_H

#include "base/base.h"

/* Room that is needed behind a decoded string, bytes. */
#define TFR_UNESCAPE_SLACK 16

/**
 * Decodes a string of JSON from `*at`, behind its opening quote, up to the closing one. No escape
 * is shorter than what it means.
 * @param at in the end behind the closing quote @param end of the text: nothing behind it is read
 * @param to room for as many bytes as the string has in the text, and TFR_UNESCAPE_SLACK more
 * @param len bytes that were written
 * @return false: it does not end, or what stands in it is no escape, half a character, or a control
 * character
 */
bool tfr_unescape(const char **at, const char *end, char *to, size_t *len);

/** What a backslash and this letter mean; NUL if nothing (`u` begins four digits). */
char tfr_escape_meaning(char letter);
/** The value of a hexadecimal digit, -1 if it is none. */
int tfr_hex_digit(char c);

#endif
