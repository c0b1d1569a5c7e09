/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan takes away from a workload: its role is another one, or its role lost a policy. */
#ifndef TFR_POLICIES_ROLE_SWITCH_H
#define TFR_POLICIES_ROLE_SWITCH_H

#include "policies/analyser.h"

/* The analyser role_switch. */
void tfr_check_role_switch(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
