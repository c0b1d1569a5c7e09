/* SPDX-License-Identifier: Apache-2.0 */
#include "planparse/stops.h"

/* The first window, bytes. */
#define SMALLEST 256

TFR_BLOCK_INLINE void fill(struct tfr_stops *stops, size_t size, tfr_look_for_stops *look)
{
    const char *bytes = stops->bytes + stops->begin;
    uint64_t *word = stops->bits;
    size_t at = 0;

    for (; size - at >= TFR_BLOCK; at += TFR_BLOCK)
        *word++ = tfr_stops_word(look(bytes + at));
    if (at < size || size == 0) {     /* the text ends there */
        char rest[TFR_BLOCK] = { 0 }; /* NUL is a stop */

        memcpy(rest, bytes + at, size - at);
        *word++ = tfr_stops_word(look(rest));
        at += TFR_BLOCK;
    }
    *word = 0;
    stops->size = at;
}

static void fill_portably(struct tfr_stops *stops, size_t size)
{
    fill(stops, size, tfr_stops_portably);
}

#if TFR_BLOCK_X86

static void fill_by_16(struct tfr_stops *stops, size_t size)
{
    fill(stops, size, tfr_stops_by_16);
}

TFR_AVX2 static void fill_by_32(struct tfr_stops *stops, size_t size)
{
    fill(stops, size, tfr_stops_by_32);
}

tfr_stops_fill *tfr_stops_fill_at(size_t index)
{
    static tfr_stops_fill *const ways[] = { fill_portably, fill_by_16, fill_by_32 };

    return index < (tfr_has_avx2() ? 3U : 2U) ? ways[index] : NULL;
}

static tfr_stops_fill *best_fill(void)
{
    return tfr_has_avx2() ? fill_by_32 : fill_by_16;
}

#else

tfr_stops_fill *tfr_stops_fill_at(size_t index)
{
    return index == 0 ? fill_portably : NULL;
}

static tfr_stops_fill *best_fill(void)
{
    return fill_portably;
}

#endif

void tfr_stops_move(struct tfr_stops *stops, size_t at)
{
    const size_t left = at < stops->len ? stops->len - at : 0;
    const size_t size = stops->next_size > 0 ? stops->next_size : SMALLEST;

    stops->begin = at;
    stops->next_size = size < TFR_STOPS_WINDOW ? size * 2 : size;
    best_fill()(stops, size < left ? size : left);
}

size_t tfr_string_end_portable(const char *bytes, size_t len)
{
    size_t i = 0;

    while (i < len && !tfr_is_stop(bytes[i]))
        i++;
    return i;
}
