/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_CACHE_WIRING_H
#define TFR_POLICIES_CACHE_WIRING_H

#include "policies/analyser.h"

/* Containers against caches and brokers. The input `find` says what is looked for: no_address,
 * no_cache, mismatch. */
void tfr_check_cache_wiring(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
