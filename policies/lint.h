/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_LINT_H
#define TFR_POLICIES_LINT_H

#include "policies/program.h"

/* lint_pairs.c: true if two conditions right below the `and` or `or` at `at` make its answer never
 * change: an `and` that is never true, an `or` that always is. */
bool tfr_lint_contradicts(const struct tfr_block *block, uint32_t at);

#endif
