/* SPDX-License-Identifier: Apache-2.0 */
#include "planparse/scan.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define TFR_SCAN_X86 1
#include <immintrin.h>
#else
#define TFR_SCAN_X86 0
#endif

#define LINE __attribute__((always_inline)) static inline

/* What stands in a block: bit i tells of byte i. */
struct marks {
    uint64_t quote, backslash;
    uint64_t control; /* below 0x20 */
    uint64_t white;   /* tab, line feed, carriage return */
    uint64_t feed;    /* line feed */
    uint64_t high;    /* 0x80 and above */
};

/* ---- ways to look at a block -------------------------------------------------------------------
 */

LINE struct marks look_portably(const char *bytes)
{
    struct marks marks = { 0 };

    for (unsigned i = 0; i < TFR_SCAN_BLOCK; i++) {
        const unsigned char byte = (unsigned char)bytes[i];
        const uint64_t bit = (uint64_t)1 << i;

        marks.quote |= byte == '"' ? bit : 0;
        marks.backslash |= byte == '\\' ? bit : 0;
        marks.control |= byte < 0x20 ? bit : 0;
        marks.white |= byte == '\t' || byte == '\n' || byte == '\r' ? bit : 0;
        marks.feed |= byte == '\n' ? bit : 0;
        marks.high |= byte >= 0x80 ? bit : 0;
    }
    return marks;
}

#if TFR_SCAN_X86

LINE uint64_t same_16(const __m128i block[4], char byte)
{
    const __m128i want = _mm_set1_epi8(byte);
    uint64_t mask = 0;

    for (int i = 3; i >= 0; i--)
        mask = mask << 16 | (uint64_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block[i], want));
    return mask;
}

LINE struct marks look_by_16(const char *bytes)
{
    const __m128i last_control = _mm_set1_epi8(0x1f);
    struct marks marks = { 0 };
    __m128i block[4];

    for (int i = 3; i >= 0; i--) {
        block[i] = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * i));
        marks.control = marks.control << 16 | (uint64_t)_mm_movemask_epi8(_mm_cmpeq_epi8(
                                                  _mm_min_epu8(block[i], last_control), block[i]));
        marks.high = marks.high << 16 | (uint64_t)_mm_movemask_epi8(block[i]);
    }
    marks.quote = same_16(block, '"');
    marks.backslash = same_16(block, '\\');
    if (marks.control != 0) {
        marks.feed = same_16(block, '\n');
        marks.white = marks.feed | same_16(block, '\t') | same_16(block, '\r');
    }
    return marks;
}

#define AVX2 __attribute__((target("avx2")))

AVX2 LINE uint64_t same_32(__m256i low, __m256i high, char byte)
{
    const __m256i want = _mm256_set1_epi8(byte);

    return (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, want)) << 32 |
           (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, want));
}

AVX2 LINE uint64_t controls_32(__m256i block)
{
    return (uint32_t)_mm256_movemask_epi8(
        _mm256_cmpeq_epi8(_mm256_min_epu8(block, _mm256_set1_epi8(0x1f)), block));
}

AVX2 LINE struct marks look_by_32(const char *bytes)
{
    const __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
    const __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + 32));
    struct marks marks = { 0 };

    marks.control = controls_32(high) << 32 | controls_32(low);
    marks.high =
        (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32 | (uint32_t)_mm256_movemask_epi8(low);
    marks.quote = same_32(low, high, '"');
    marks.backslash = same_32(low, high, '\\');
    if (marks.control != 0) {
        marks.feed = same_32(low, high, '\n');
        marks.white = marks.feed | same_32(low, high, '\t') | same_32(low, high, '\r');
    }
    return marks;
}

#endif

/* ---- one block ---------------------------------------------------------------------------------
 */

/* Which bytes stand behind a backslash that counts. @return false if one of them is the u of \u */
LINE bool escaped_bytes(const char *bytes, uint64_t backslashes, bool *carry, uint64_t *out)
{
    uint64_t escaped = *carry ? 1 : 0;

    backslashes &= ~escaped;
    *carry = false;
    while (backslashes != 0) {
        const uint64_t first = backslashes & (~backslashes + 1);

        escaped |= first << 1;
        *carry = first << 1 == 0;
        backslashes &= ~(first | first << 1);
    }
    *out = escaped;
    for (; escaped != 0; escaped &= escaped - 1) {
        if (bytes[__builtin_ctzll(escaped)] == 'u')
            return false;
    }
    return true;
}

/* Whether all of these bytes stand in strings. A backslash elsewhere is the parser's matter, and
 * escapes nothing. */
LINE bool all_in_strings(const struct tfr_text *text, uint64_t quotes, uint64_t bytes)
{
    for (unsigned shift = 1; shift < TFR_SCAN_BLOCK; shift *= 2)
        quotes ^= quotes << shift;
    return (bytes & ~(text->in_string ? ~quotes : quotes)) == 0;
}

/* Opens and closes strings. @return false if one is too long: nothing is changed then */
LINE bool step_strings(struct tfr_text *text, uint64_t quotes)
{
    if (quotes == 0) {
        if (text->in_string && text->string + TFR_SCAN_BLOCK > text->max_string)
            return false;
        text->string += TFR_SCAN_BLOCK; /* of no string: set to zero when one begins */
        return true;
    }
    if (text->in_string && text->string + (uint64_t)__builtin_ctzll(quotes) + 1 > text->max_string)
        return false;
    text->in_string = text->in_string != ((__builtin_popcountll(quotes) & 1) != 0);
    text->string = (uint64_t)__builtin_clzll(quotes);
    return true;
}

LINE void step_lines(struct tfr_text *text, uint64_t feeds)
{
    if (feeds == 0)
        return;
    text->line += (uint64_t)__builtin_popcountll(feeds);
    text->line_start = text->offset + TFR_SCAN_BLOCK - (uint64_t)__builtin_clzll(feeds);
}

typedef struct marks look_at_block(const char *bytes);

LINE size_t scan(struct tfr_text *text, const char *bytes, size_t len, look_at_block *look)
{
    bool carry = text->escape > 0;
    size_t at = 0;

    for (; len - at >= TFR_SCAN_BLOCK; at += TFR_SCAN_BLOCK) {
        const struct marks marks = look(bytes + at);
        const bool before = carry;
        uint64_t escaped = 0;

        if ((marks.high | (marks.control & ~marks.white)) != 0)
            break;
        if (((carry || marks.backslash != 0) &&
             (!escaped_bytes(bytes + at, marks.backslash, &carry, &escaped) ||
              !all_in_strings(text, marks.quote & ~escaped, marks.backslash))) ||
            !step_strings(text, marks.quote & ~escaped)) {
            carry = before;
            break;
        }
        step_lines(text, marks.feed);
        text->offset += TFR_SCAN_BLOCK;
    }
    text->escape = carry ? 1 : 0;
    return at;
}

/* ---- all ways ----------------------------------------------------------------------------------
 */

static size_t scan_portably(struct tfr_text *text, const char *bytes, size_t len)
{
    return scan(text, bytes, len, look_portably);
}

#if TFR_SCAN_X86

static size_t scan_by_16(struct tfr_text *text, const char *bytes, size_t len)
{
    return scan(text, bytes, len, look_by_16);
}

__attribute__((target("avx2,bmi,bmi2,popcnt"))) static size_t scan_by_32(struct tfr_text *text,
                                                                         const char *bytes,
                                                                         size_t len)
{
    return scan(text, bytes, len, look_by_32);
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

tfr_scan *tfr_scan_at(size_t index)
{
    static tfr_scan *const ways[] = { scan_portably, scan_by_16, scan_by_32 };

    return index < (has_avx2() ? 3U : 2U) ? ways[index] : NULL;
}

tfr_scan *tfr_scan_best(void)
{
    return has_avx2() ? scan_by_32 : scan_by_16;
}

#else

tfr_scan *tfr_scan_at(size_t index)
{
    return index == 0 ? scan_portably : NULL;
}

tfr_scan *tfr_scan_best(void)
{
    return scan_portably;
}

#endif
