/* SPDX-License-Identifier: Apache-2.0 */
#include "planparse/scan.h"
#include "planparse/block.h"

#define LINE TFR_BLOCK_INLINE

/* ---- one block ---------------------------------------------------------------------------------
 */

/* Which bytes stand behind a backslash that counts: of a row of backslashes every other one does.
 * The difference carries through the row, and tells by its end whether the row is odd. Without a
 * branch: where escapes stand cannot be foretold. */
LINE uint64_t escaped_bytes(uint64_t backslashes, bool *carry)
{
    const uint64_t odd = 0xaaaaaaaaaaaaaaaaU;
    const uint64_t before = *carry ? 1 : 0;
    const uint64_t open = backslashes & ~before;
    const uint64_t ends = ((open << 1 | odd) - open) ^ odd;

    *carry = (ends & backslashes) >> 63 != 0;
    return ends ^ (backslashes | before);
}

/* Whether all of these bytes stand in strings. A backslash elsewhere is the parser's matter, and
 * escapes nothing. */
LINE bool all_in_strings(const struct tfr_text *text, uint64_t quotes, uint64_t bytes)
{
    for (unsigned shift = 1; shift < TFR_BLOCK; shift *= 2)
        quotes ^= quotes << shift;
    return (bytes & ~(text->in_string ? ~quotes : quotes)) == 0;
}

/* Opens and closes strings. @return false if one is too long: nothing is changed then */
LINE bool step_strings(struct tfr_text *text, uint64_t quotes)
{
    const uint64_t first = quotes != 0 ? (uint64_t)__builtin_ctzll(quotes) + 1 : TFR_BLOCK;
    const uint64_t open = text->in_string ? text->string : 0;

    if (open + first > text->max_string)
        return false;
    /* of no string: set when one begins */
    text->string = quotes != 0 ? (uint64_t)__builtin_clzll(quotes) : open + TFR_BLOCK;
    text->in_string = text->in_string != ((__builtin_popcountll(quotes) & 1) != 0);
    return true;
}

LINE void step_lines(struct tfr_text *text, uint64_t feeds)
{
    if (feeds == 0)
        return;
    text->line += (uint64_t)__builtin_popcountll(feeds);
    text->line_start = text->offset + TFR_BLOCK - (uint64_t)__builtin_clzll(feeds);
}

/* ---- runs of plain text ------------------------------------------------------------------------
 *
 * Most text has neither backslashes nor control characters. Of such a run it matters only whether
 * the number of its quotes is odd, and where the last one stands.
 */

/* How many bytes from here on are surely plain: whole blocks of printable ASCII without a
 * backslash. @param odd whether the number of quotes among them is */
typedef size_t find_run(const char *bytes, size_t len, bool *odd);

/* Never finds one: every block is looked at closely. */
LINE size_t find_no_run(const char *bytes, size_t len, bool *odd)
{
    (void)bytes;
    (void)len;
    *odd = false;
    return 0;
}

#if TFR_BLOCK_X86

/* Two blocks at a time. */
TFR_AVX2 LINE size_t find_run_by_32(const char *bytes, size_t len, bool *odd)
{
    const __m256i quote = _mm256_set1_epi8('"');
    const __m256i backslash = _mm256_set1_epi8('\\');
    const __m256i first_plain = _mm256_set1_epi8(0x20);
    __m256i quotes = _mm256_setzero_si256(); /* per place: whether it was one an odd time */
    size_t at = 0;

    for (; len - at >= 128; at += 128) {
        const __m256i *const block = (const __m256i *)(const void *)(bytes + at);
        const __m256i a = _mm256_loadu_si256(block);
        const __m256i b = _mm256_loadu_si256(block + 1);
        const __m256i c = _mm256_loadu_si256(block + 2);
        const __m256i d = _mm256_loadu_si256(block + 3);
        /* 0x80 and above are negative */
        const __m256i least = _mm256_min_epi8(_mm256_min_epi8(a, b), _mm256_min_epi8(c, d));
        const __m256i backslashes = _mm256_or_si256(
            _mm256_or_si256(_mm256_cmpeq_epi8(a, backslash), _mm256_cmpeq_epi8(b, backslash)),
            _mm256_or_si256(_mm256_cmpeq_epi8(c, backslash), _mm256_cmpeq_epi8(d, backslash)));
        const __m256i special = _mm256_or_si256(_mm256_cmpgt_epi8(first_plain, least), backslashes);

        if (!_mm256_testz_si256(special, special))
            break;
        quotes = _mm256_xor_si256(
            quotes,
            _mm256_xor_si256(
                _mm256_xor_si256(_mm256_cmpeq_epi8(a, quote), _mm256_cmpeq_epi8(b, quote)),
                _mm256_xor_si256(_mm256_cmpeq_epi8(c, quote), _mm256_cmpeq_epi8(d, quote))));
    }
    *odd = (__builtin_popcount((unsigned)_mm256_movemask_epi8(quotes)) & 1) != 0;
    return at;
}

#endif

/* @return bytes behind the last quote; `len` if there is none */
LINE size_t behind_last_quote(const char *bytes, size_t len, tfr_look *look)
{
    for (size_t at = len; at > 0; at -= TFR_BLOCK) {
        const uint64_t quotes = look(bytes + at - TFR_BLOCK).quote;

        if (quotes != 0)
            return len - at + (size_t)__builtin_clzll(quotes);
    }
    return len;
}

/* Moves over a run in which no string can become too long. */
LINE size_t pass_run(struct tfr_text *text, const char *bytes, size_t len, tfr_look *look,
                     find_run *find)
{
    const uint64_t room = text->max_string - (text->in_string ? text->string : 0);
    bool odd;
    const size_t run = find(bytes, len < room ? len : (size_t)room, &odd);
    const size_t behind = behind_last_quote(bytes, run, look);

    text->string = behind < run ? behind : text->string + run;
    text->in_string = text->in_string != odd;
    text->offset += run;
    return run;
}

/* ---- the loop ----------------------------------------------------------------------------------
 */

/* @param carry whether the byte before is a backslash that counts @return false: nothing is changed
 */
LINE bool step_block(struct tfr_text *text, const struct tfr_marks *marks, bool *carry)
{
    bool after = *carry;
    uint64_t escaped;

    if ((marks->high | (marks->control & ~marks->white)) != 0)
        return false;
    escaped = escaped_bytes(marks->backslash, &after);
    if ((escaped & marks->unit) != 0 ||
        !all_in_strings(text, marks->quote & ~escaped, marks->backslash) ||
        !step_strings(text, marks->quote & ~escaped))
        return false;
    step_lines(text, marks->feed);
    text->offset += TFR_BLOCK;
    *carry = after;
    return true;
}

LINE size_t scan(struct tfr_text *text, const char *bytes, size_t len, tfr_look *look,
                 find_run *find)
{
    bool carry = text->escape > 0;
    bool feeds = false; /* text of many lines has no runs that are worth it */
    size_t at = 0;

    while (len - at >= TFR_BLOCK) {
        struct tfr_marks marks;

        if (!carry && !feeds)
            at += pass_run(text, bytes + at, len - at, look, find);
        if (len - at < TFR_BLOCK)
            break;
        marks = look(bytes + at);
        if (!step_block(text, &marks, &carry))
            break;
        feeds = marks.feed != 0;
        at += TFR_BLOCK;
    }
    text->escape = carry ? 1 : 0;
    return at;
}

/* ---- all ways ----------------------------------------------------------------------------------
 */

static size_t scan_portably(struct tfr_text *text, const char *bytes, size_t len)
{
    return scan(text, bytes, len, tfr_look_portably, find_no_run);
}

#if TFR_BLOCK_X86

static size_t scan_by_16(struct tfr_text *text, const char *bytes, size_t len)
{
    return scan(text, bytes, len, tfr_look_by_16, find_no_run);
}

TFR_AVX2 static size_t scan_by_32(struct tfr_text *text, const char *bytes, size_t len)
{
    return scan(text, bytes, len, tfr_look_by_32, find_run_by_32);
}

tfr_scan *tfr_scan_at(size_t index)
{
    static tfr_scan *const ways[] = { scan_portably, scan_by_16, scan_by_32 };

    return index < (tfr_has_avx2() ? 3U : 2U) ? ways[index] : NULL;
}

tfr_scan *tfr_scan_best(void)
{
    return tfr_has_avx2() ? scan_by_32 : scan_by_16;
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
