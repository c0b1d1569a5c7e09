/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_PLANPARSE_SKIM_H
#define TFR_PLANPARSE_SKIM_H

#include "base/base.h"

/**
 * Steps over one JSON value that nobody needs, faster than a parser that tells of all it sees. It
 * never lets pass what yajl refuses; what it does not like, or does not know, it calls a doubt, and
 * then the parser looks from the start of the piece (see tfr_skim_so_far()) and has the say. The
 * text was checked by tfr_text_check() before: UTF-8 and control characters are not looked at here.
 */

/* Levels inside of the value; deeper ones are a doubt. */
#define TFR_SKIM_LEVELS 1000

enum tfr_skim_result { TFR_SKIM_MORE, TFR_SKIM_DONE, TFR_SKIM_DOUBT };

/* Plain data: a copy is a place to come back to. */
struct tfr_skim {
    uint32_t max_levels;        /* of the value; 0: TFR_SKIM_LEVELS */
    uint32_t levels;            /* open containers */
    uint8_t state;              /* a private matter of skim.c; zero: before the colon of a member */
    uint8_t digits;             /* of \u, still to come */
    bool key;                   /* the open string is the name of a member */
    const char *word;           /* the literal that is open */
    uint8_t word_at;            /* bytes of it that were there */
    char open[TFR_SKIM_LEVELS]; /* '{' or '[' of each open container, outermost first */
};

/** Goes on with the value. Zero is the place behind the name of a member, before its colon.
 *  @param used bytes up to the end of the value (done), or all of them (more); in doubt untouched
 *  @return in doubt, `skim` is of no use any more */
enum tfr_skim_result tfr_skim(struct tfr_skim *skim, const char *bytes, size_t len, size_t *used);

/** Appends a text that leaves a parser which stands inside of an object, `{`, where the skimmer
 * stands: its containers, and the beginning of an open string, number or word. */
void tfr_skim_so_far(const struct tfr_skim *skim, struct tfr_buf *out);

#endif
