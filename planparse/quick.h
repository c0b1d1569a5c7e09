/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_PLANPARSE_QUICK_H
#define TFR_PLANPARSE_QUICK_H

#include "planparse/build.h"
#include "planparse/order.h"

/**
 * Builds a value whose whole text lies in memory, several times faster than a parser that tells of
 * every token can. Like the skimmer it never takes what yajl refuses; whatever it does not like, or
 * that does not end in the text, it leaves alone, and the parser reads the same bytes. The text was
 * checked by tfr_text_check() before. Strings without escapes are not copied: they lie in the text,
 * no NUL behind them.
 */

/* Zero, with `builder` set (borrowed), is ready. */
struct tfr_quick {
    struct tfr_builder *builder; /* takes the value; empty before */
    uint32_t max_levels;         /* of containers */
    /* Asked for each member of the outermost object that is an object; true: null stands for it.
     * NULL: everything is needed. */
    bool (*unneeded)(void *ctx, const struct tfr_builder *sofar, const struct tfr_sym *name);
    void *ctx;
    struct tfr_order order; /* what was learnt of the values before; end it with tfr_order_fini() */
};

/** @param bytes an object or array begins here @param used how long it was, bytes
 *  @return false: in doubt; then the builder is as it was */
bool tfr_quick_value(struct tfr_quick *quick, const char *bytes, size_t len, size_t *used);

#endif
