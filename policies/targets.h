/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_TARGETS_H
#define TFR_POLICIES_TARGETS_H

#include "policies/analyser.h"

/* Services whose container, port, target group and VPC do not fit together. */
void tfr_check_service_targets(const struct tfr_input *in, struct tfr_findings_builder *out);
/* Services whose target group no listener forwards to. */
void tfr_check_service_listener(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
