/* SPDX-License-Identifier: Apache-2.0 */
/* Policies that only hold for calls through an endpoint of a VPC. */
#ifndef TFR_POLICIES_VPC_CONDITIONS_H
#define TFR_POLICIES_VPC_CONDITIONS_H

#include "policies/analyser.h"

/* The analyser vpc_conditions. */
void tfr_check_vpc_conditions(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
