/* SPDX-License-Identifier: Apache-2.0 */
/* Objects of a second type by the value of one attribute: made once per condition and policy, so
 * that joining is linear. */
#ifndef TFR_POLICIES_JOIN_H
#define TFR_POLICIES_JOIN_H

#include "policies/context.h"

/* Those with the same value, first one first; then `next`. */
struct tfr_join_row {
    const struct tfr_resource *resource;
    const struct tfr_join_row *next;
};

struct tfr_join; /* lives in ctx->joins until the policy is over */

const struct tfr_join *tfr_join_get(struct tfr_context *ctx,
                                    const struct tfr_graph_condition *graph);
/* Those whose attribute equals this known value; NULL: none. */
const struct tfr_join_row *tfr_join_find(const struct tfr_join *join,
                                         const struct tfr_value *value);
/* How many there are whose attribute is unknown, and of which the condition's `where` may hold; the
 * first of them, NULL: none. */
const struct tfr_resource *tfr_join_unknown(const struct tfr_join *join, uint32_t *count);
/* How many have any value at all. */
uint32_t tfr_join_count(const struct tfr_join *join);
void tfr_joins_free(struct tfr_join *joins);

#endif
