/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the way out of private subnets is spread over zones as the workloads are. */
#ifndef TFR_POLICIES_ZONES_H
#define TFR_POLICIES_ZONES_H

#include "policies/analyser.h"

void tfr_check_nat_spread(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
