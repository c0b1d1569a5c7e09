/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_PLANPARSE_ORDER_H
#define TFR_PLANPARSE_ORDER_H

#include "base/base.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Most bytes of a name, its quote and its colon that are compared in one go. */
#define TFR_ORDER_WIDTH 32

/**
 * The order in which names follow each other in objects, learnt while reading. Documents write all
 * objects of a type alike: whoever knows which name came next the last time compares one text
 * instead of looking it up, and an object whose names were all there before has none twice.
 *
 * A tree: a node stands for the first names of an object, one by one; no name is there twice on the
 * way to it. It forgets everything when it is full, so it is small whatever the document holds.
 */
struct tfr_order_node {
    const struct tfr_sym *name; /* the last of them; NULL: an object begins here */
    uint32_t before;            /* the node without it, 0: none */
    uint32_t likely;            /* the one that followed last, 0: none has yet */
    uint32_t other;             /* one with the same node before, in a ring */
    uint32_t inside;            /* where an object begins that stands under this name, 0: none */
    uint16_t depth;             /* names on the way */
    uint8_t followers;
    uint8_t width;               /* bytes of `plain`; 0: the name is longer */
    char plain[TFR_ORDER_WIDTH]; /* what stands behind the quote that opens the name: NAME": */
};

/* Zero is empty. */
struct tfr_order {
    struct tfr_order_node *nodes;      /* 0 is no node: what follows it is not known */
    const struct tfr_layout **layouts; /* by node: of an object that ends there; NULL: none did */
    uint32_t count;
    size_t cap, layout_cap;
};

/** Where the outermost object begins. To be asked for once for each value, before any other node:
 * this is where it may forget. */
uint32_t tfr_order_begin(struct tfr_order *order);
/** Where an object begins whose name in its parent is the last of `at`. @return 0: nothing is known
 */
uint32_t tfr_order_inside(struct tfr_order *order, uint32_t at);
/** The node for `at` and one more name. @return 0: the name is there already, or there are too many
 */
uint32_t tfr_order_follow(struct tfr_order *order, uint32_t at, const struct tfr_sym *name);
/** The follower of `at` whose name is the text up to the quote behind it, other than the likely
 * one. @return 0: none */
uint32_t tfr_order_find(struct tfr_order *order, uint32_t at, const char *text, size_t left);
/** The layout of an object that ends at a node. @param names that the nodes' are of */
const struct tfr_layout *tfr_order_layout(struct tfr_order *order, struct tfr_names *names,
                                          uint32_t at);
void tfr_order_fini(struct tfr_order *order);

/** True if the text begins with the name of a node, and a quote behind it. Inline: it is asked for
 * every member. */
static inline bool tfr_order_fits(const struct tfr_order_node *node, const char *text, size_t left)
{
    const struct tfr_sym *name = node->name;

    return left > name->len && text[name->len] == '"' && memcmp(text, name->text, name->len) == 0;
}

/** The same with a colon behind the quote, for names that are not long. @return bytes up to behind
 * the colon; 0: something else stands there, or less than TFR_ORDER_WIDTH bytes */
static inline size_t tfr_order_passes(const struct tfr_order_node *node, const char *text,
                                      size_t left)
{
    if (left < TFR_ORDER_WIDTH || node->width == 0)
        return 0;
#ifdef __SSE2__
    {
        const __m128i *plain = (const __m128i *)(const void *)node->plain;
        const __m128i *there = (const __m128i *)(const void *)text;
        const __m128i low = _mm_cmpeq_epi8(_mm_loadu_si128(plain), _mm_loadu_si128(there));
        const __m128i high = _mm_cmpeq_epi8(_mm_loadu_si128(plain + 1), _mm_loadu_si128(there + 1));
        const uint64_t same =
            (uint64_t)(uint32_t)_mm_movemask_epi8(high) << 16 | (uint32_t)_mm_movemask_epi8(low);
        const uint64_t want = ((uint64_t)1 << node->width) - 1;

        return (same & want) == want ? node->width : 0;
    }
#else
    return memcmp(text, node->plain, node->width) == 0 ? node->width : 0;
#endif
}

#endif
