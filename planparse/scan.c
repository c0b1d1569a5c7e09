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
 * Most text has neither backslashes nor control characters but line feeds. Of such a run it matters
 * only whether the number of its quotes is odd, how many lines it has, and where the last of both
 * stands.
 */

struct run {
    size_t len;     /* whole blocks */
    uint64_t feeds; /* line feeds */
    bool odd;       /* the number of quotes */
};

/* Finds out how far text is surely plain from here on. @param lines whether line feeds are */
typedef struct run find_run(const char *bytes, size_t len, bool lines);

/* Never finds one: every block is looked at closely. */
LINE struct run find_no_run(const char *bytes, size_t len, bool lines)
{
    (void)bytes;
    (void)len;
    (void)lines;
    return (struct run){ 0 };
}

#if TFR_BLOCK_X86

/* Printable ASCII without a backslash; 0x80 and above are negative. */
TFR_AVX2 LINE bool all_plain(const __m256i part[4])
{
    const __m256i backslash = _mm256_set1_epi8('\\');
    const __m256i least =
        _mm256_min_epi8(_mm256_min_epi8(part[0], part[1]), _mm256_min_epi8(part[2], part[3]));
    __m256i special = _mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), least);

    for (int i = 0; i < 4; i++)
        special = _mm256_or_si256(special, _mm256_cmpeq_epi8(part[i], backslash));
    return _mm256_testz_si256(special, special) != 0;
}

/* Makes line feeds plain. @return how many there were */
TFR_AVX2 LINE unsigned take_feeds(__m256i part[4])
{
    const __m256i feed = _mm256_set1_epi8('\n');
    const __m256i printable = _mm256_set1_epi8(0x20); /* this bit makes it a star */
    unsigned count = 0;

    for (int i = 0; i < 4; i++) {
        const __m256i found = _mm256_cmpeq_epi8(part[i], feed);

        count += (unsigned)__builtin_popcount((unsigned)_mm256_movemask_epi8(found));
        part[i] = _mm256_or_si256(part[i], _mm256_and_si256(found, printable));
    }
    return count;
}

/* Two blocks at a time. */
TFR_AVX2 LINE struct run find_run_by_32(const char *bytes, size_t len, bool lines)
{
    const __m256i quote = _mm256_set1_epi8('"');
    __m256i quotes = _mm256_setzero_si256(); /* per place: whether it was one an odd time */
    struct run run = { 0 };

    for (; len - run.len >= 128; run.len += 128) {
        __m256i part[4];
        unsigned feeds;

        for (int i = 0; i < 4; i++)
            part[i] = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + run.len + 32 * i));
        feeds = lines ? take_feeds(part) : 0;
        if (!all_plain(part))
            break;
        run.feeds += feeds;
        for (int i = 0; i < 4; i++)
            quotes = _mm256_xor_si256(quotes, _mm256_cmpeq_epi8(part[i], quote));
    }
    run.odd = (__builtin_popcount((unsigned)_mm256_movemask_epi8(quotes)) & 1) != 0;
    return run;
}

#endif

/* @return bytes behind the last quote or line feed; `len` if there is none */
LINE size_t behind_last(const char *bytes, size_t len, bool feed, tfr_look *look)
{
    for (size_t at = len; at > 0; at -= TFR_BLOCK) {
        const struct tfr_marks marks = look(bytes + at - TFR_BLOCK);
        const uint64_t found = feed ? marks.feed : marks.quote;

        if (found != 0)
            return len - at + (size_t)__builtin_clzll(found);
    }
    return len;
}

/* Moves over a run in which no string can become too long. */
LINE size_t pass_run(struct tfr_text *text, const char *bytes, size_t len, bool lines,
                     tfr_look *look, find_run *find)
{
    const uint64_t room = text->max_string - (text->in_string ? text->string : 0);
    const struct run run = find(bytes, len < room ? len : (size_t)room, lines);
    const size_t behind = behind_last(bytes, run.len, false, look);

    text->string = behind < run.len ? behind : text->string + run.len;
    text->in_string = text->in_string != run.odd;
    text->offset += run.len;
    text->line += run.feeds;
    if (run.feeds > 0)
        text->line_start = text->offset - behind_last(bytes, run.len, true, look);
    return run.len;
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
    bool lines = false; /* to look for their ends takes time too: only where there are some */
    size_t at = 0;

    while (len - at >= TFR_BLOCK) {
        struct tfr_marks marks;

        if (!carry)
            at += lines ? pass_run(text, bytes + at, len - at, true, look, find)
                        : pass_run(text, bytes + at, len - at, false, look, find);
        if (len - at < TFR_BLOCK)
            break;
        marks = look(bytes + at);
        if (!step_block(text, &marks, &carry))
            break;
        lines = marks.feed != 0;
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
