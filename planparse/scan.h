/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_PLANPARSE_SCAN_H
#define TFR_PLANPARSE_SCAN_H

#include "planparse/block.h"
#include "planparse/text.h"

/**
 * The part of tfr_text_check() that nearly every text stays in: whole blocks of printable ASCII and
 * white space, without \u. There are several ways to look at a block, by what the processor can do;
 * all of them give the same answers.
 */

/** Goes on with the text as far as its blocks are of that kind; `text->offset` moves on. It must
 * not stand inside of a character or of \uXXXX, nor behind half a surrogate pair, and `max_string`
 * must be TFR_BLOCK or more.
 *  @return bytes, a multiple of TFR_BLOCK: the block behind them wants a closer look */
typedef size_t tfr_scan(struct tfr_text *text, const char *bytes, size_t len);

/** The fastest that this processor can run. */
tfr_scan *tfr_scan_best(void);
/** One after the other for tests, slowest first. @return NULL: there are no more */
tfr_scan *tfr_scan_at(size_t index);

#endif
