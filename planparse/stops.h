/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_PLANPARSE_STOPS_H
#define TFR_PLANPARSE_STOPS_H

#include "planparse/block.h"

#include <stddef.h>
#include <string.h>

/**
 * Where strings end, for those who read one behind the other. The bytes that end a run in a string
 * (stops: quotes, backslashes, control characters) are found for a window of the text at once; the
 * next one from any place is then a matter of a few instructions, however long the string is.
 */

/* The largest window, bytes. */
#define TFR_STOPS_WINDOW 4096

struct tfr_stops {
    const char *bytes; /* borrowed */
    size_t len;
    size_t begin, size; /* of the window; it may reach beyond the end of the text */
    size_t next_size;   /* of the window after it: a short value is not looked far beyond */
    /* Bit i: byte begin + i. The words lie in memory from the lowest byte on, and one of zero
     * stands behind those of the window. */
    uint64_t bits[TFR_STOPS_WINDOW / TFR_BLOCK + 1];
};

/* A word as it lies in memory, and the other way round. */
static inline uint64_t tfr_stops_word(uint64_t word)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap64(word);
#else
    return word;
#endif
}

static inline void tfr_stops_init(struct tfr_stops *stops, const char *bytes, size_t len)
{
    stops->bytes = bytes;
    stops->len = len;
    stops->begin = stops->size = stops->next_size = 0;
}

/** Makes a window that begins at `at`. */
__attribute__((noinline)) void tfr_stops_move(struct tfr_stops *stops, size_t at);

/** The first stop at `at` or behind it; `len` if there is none before, `at` if it is not smaller.
 */
static inline size_t tfr_stops_next(struct tfr_stops *stops, size_t at)
{
    for (;;) {
        size_t place = at - stops->begin;
        uint64_t bits;

        if (place >= stops->size) {
            tfr_stops_move(stops, at);
            place = 0;
        }
        memcpy(&bits, (const char *)stops->bits + place / 8, sizeof bits);
        bits = tfr_stops_word(bits) >> place % 8;
        if (bits != 0)
            return at + (size_t)__builtin_ctzll(bits);
        at +=
            stops->size - place < 57 ? stops->size - place : 57; /* the bits that are left of 64 */
    }
}

/** The first stop of a text, or `len`. */
size_t tfr_string_end_portable(const char *bytes, size_t len);
/** The same, 16 bytes at a time where every processor of the kind can do that. Inline: most strings
 * are shorter than the call. */
static inline size_t tfr_string_end(const char *bytes, size_t len)
{
    size_t i = 0;

#if TFR_BLOCK_X86
    for (; i + 16 <= len; i += 16) {
        const uint32_t found = tfr_stops_16(bytes + i);

        if (found != 0)
            return i + (size_t)__builtin_ctz(found);
    }
#endif
    return i + tfr_string_end_portable(bytes + i, len - i);
}

/** The ways to fill a window, `size` bytes from its begin on, one after the other for tests.
 *  @return NULL: there are no more */
typedef void tfr_stops_fill(struct tfr_stops *stops, size_t size);
tfr_stops_fill *tfr_stops_fill_at(size_t index);

#endif
