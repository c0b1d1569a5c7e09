/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_PLANPARSE_BLOCK_H
#define TFR_PLANPARSE_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define TFR_BLOCK_X86 1
#include <immintrin.h>
#else
#define TFR_BLOCK_X86 0
#endif

/**
 * Looks at 64 bytes of text together. There are several ways, by what the processor can do; all of
 * them give the same answers. Always inlined: a loop over blocks is compiled once for each way.
 */

/* Bytes that are looked at together. */
#define TFR_BLOCK 64

#define TFR_BLOCK_INLINE __attribute__((always_inline)) static inline

/* What stands in a block: bit i tells of byte i. */
struct tfr_marks {
    uint64_t quote, backslash;
    uint64_t unit;    /* the letter u, which begins \uXXXX behind a backslash */
    uint64_t control; /* below 0x20 */
    uint64_t white;   /* tab, line feed, carriage return */
    uint64_t feed;    /* line feed */
    uint64_t high;    /* 0x80 and above */
};

typedef struct tfr_marks tfr_look(const char *bytes);

/* What ends a run in a string: a quote, a backslash or a control character. */
static inline bool tfr_is_stop(char byte)
{
    return byte == '"' || byte == '\\' || (unsigned char)byte < 0x20;
}

/* Where a block has one. */
typedef uint64_t tfr_look_for_stops(const char *bytes);

TFR_BLOCK_INLINE struct tfr_marks tfr_look_portably(const char *bytes)
{
    struct tfr_marks marks = { 0 };

    for (unsigned i = 0; i < TFR_BLOCK; i++) {
        const unsigned char byte = (unsigned char)bytes[i];
        const uint64_t bit = (uint64_t)1 << i;

        marks.quote |= byte == '"' ? bit : 0;
        marks.backslash |= byte == '\\' ? bit : 0;
        marks.unit |= byte == 'u' ? bit : 0;
        marks.control |= byte < 0x20 ? bit : 0;
        marks.white |= byte == '\t' || byte == '\n' || byte == '\r' ? bit : 0;
        marks.feed |= byte == '\n' ? bit : 0;
        marks.high |= byte >= 0x80 ? bit : 0;
    }
    return marks;
}

TFR_BLOCK_INLINE uint64_t tfr_stops_portably(const char *bytes)
{
    uint64_t stops = 0;

    for (unsigned i = 0; i < TFR_BLOCK; i++)
        stops |= (uint64_t)tfr_is_stop(bytes[i]) << i;
    return stops;
}

#if TFR_BLOCK_X86

TFR_BLOCK_INLINE uint32_t tfr_stops_16(const char *bytes)
{
    const __m128i part = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(part, _mm_set1_epi8(0x1f)), part);
    const __m128i marked = _mm_or_si128(_mm_cmpeq_epi8(part, _mm_set1_epi8('"')),
                                        _mm_cmpeq_epi8(part, _mm_set1_epi8('\\')));

    return (uint32_t)_mm_movemask_epi8(_mm_or_si128(control, marked));
}

TFR_BLOCK_INLINE uint64_t tfr_stops_by_16(const char *bytes)
{
    uint64_t stops = 0;

    for (int i = 3; i >= 0; i--)
        stops = stops << 16 | tfr_stops_16(bytes + 16 * i);
    return stops;
}

TFR_BLOCK_INLINE uint64_t tfr_same_16(const __m128i block[4], char byte)
{
    const __m128i want = _mm_set1_epi8(byte);
    uint64_t mask = 0;

    for (int i = 3; i >= 0; i--)
        mask = mask << 16 | (uint64_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block[i], want));
    return mask;
}

TFR_BLOCK_INLINE struct tfr_marks tfr_look_by_16(const char *bytes)
{
    const __m128i last_control = _mm_set1_epi8(0x1f);
    struct tfr_marks marks = { 0 };
    __m128i block[4];

    for (int i = 3; i >= 0; i--) {
        block[i] = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * i));
        marks.control = marks.control << 16 | (uint64_t)_mm_movemask_epi8(_mm_cmpeq_epi8(
                                                  _mm_min_epu8(block[i], last_control), block[i]));
        marks.high = marks.high << 16 | (uint64_t)_mm_movemask_epi8(block[i]);
    }
    marks.quote = tfr_same_16(block, '"');
    marks.backslash = tfr_same_16(block, '\\');
    marks.unit = tfr_same_16(block, 'u');
    if (marks.control != 0) {
        marks.feed = tfr_same_16(block, '\n');
        marks.white = marks.feed | tfr_same_16(block, '\t') | tfr_same_16(block, '\r');
    }
    return marks;
}

#define TFR_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

TFR_AVX2 TFR_BLOCK_INLINE uint64_t tfr_same_32(__m256i low, __m256i high, char byte)
{
    const __m256i want = _mm256_set1_epi8(byte);

    return (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, want)) << 32 |
           (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, want));
}

TFR_AVX2 TFR_BLOCK_INLINE uint64_t tfr_controls_32(__m256i block)
{
    return (uint32_t)_mm256_movemask_epi8(
        _mm256_cmpeq_epi8(_mm256_min_epu8(block, _mm256_set1_epi8(0x1f)), block));
}

TFR_AVX2 TFR_BLOCK_INLINE struct tfr_marks tfr_look_by_32(const char *bytes)
{
    const __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
    const __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + 32));
    struct tfr_marks marks = { 0 };

    marks.control = tfr_controls_32(high) << 32 | tfr_controls_32(low);
    marks.high =
        (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32 | (uint32_t)_mm256_movemask_epi8(low);
    marks.quote = tfr_same_32(low, high, '"');
    marks.backslash = tfr_same_32(low, high, '\\');
    marks.unit = tfr_same_32(low, high, 'u');
    if (marks.control != 0) {
        marks.feed = tfr_same_32(low, high, '\n');
        marks.white = marks.feed | tfr_same_32(low, high, '\t') | tfr_same_32(low, high, '\r');
    }
    return marks;
}

TFR_AVX2 TFR_BLOCK_INLINE uint64_t tfr_stops_32(const char *bytes)
{
    const __m256i part = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
    const __m256i control = _mm256_cmpeq_epi8(_mm256_min_epu8(part, _mm256_set1_epi8(0x1f)), part);
    const __m256i marked = _mm256_or_si256(_mm256_cmpeq_epi8(part, _mm256_set1_epi8('"')),
                                           _mm256_cmpeq_epi8(part, _mm256_set1_epi8('\\')));

    return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(control, marked));
}

TFR_AVX2 TFR_BLOCK_INLINE uint64_t tfr_stops_by_32(const char *bytes)
{
    return tfr_stops_32(bytes + 32) << 32 | tfr_stops_32(bytes);
}

/** Whether this processor can look at 32 bytes. */
static inline bool tfr_has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

#endif

#endif
