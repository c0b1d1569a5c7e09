/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_REACH_H
#define TFR_POLICIES_REACH_H

#include "policies/analyser.h"

/* Workloads whose security groups, or those of their stores, stand between them. */
void tfr_check_store_reach(const struct tfr_input *in, struct tfr_findings_builder *out);
/* Services that their load balancer cannot reach. */
void tfr_check_balancer_reach(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
