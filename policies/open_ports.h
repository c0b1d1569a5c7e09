/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_OPEN_PORTS_H
#define TFR_POLICIES_OPEN_PORTS_H

#include "policies/analyser.h"

/* Security group rules that let the whole internet in. Input `ports`: "22 3389", or "all" for rules
 * that open every port. */
void tfr_check_open_ports(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
