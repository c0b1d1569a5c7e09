/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_OPEN_PORTS_H
#define TFR_POLICIES_OPEN_PORTS_H

#include "policies/analyser.h"
#include "policies/operators.h"

/* Security group rules that let the whole internet in. Input `ports`: "22 3389", or "all" for rules
 * that open every port. */
void tfr_check_open_ports(const struct tfr_input *in, struct tfr_findings_builder *out);

/* What rules of all clouds have in common. */

/* Whether a network, or one of a list, is the whole internet. */
enum tfr_truth_value tfr_is_world(const struct tfr_value *source);
/* Whether a port lies in "22", "20-30", "*", or is the number. */
enum tfr_truth_value tfr_port_range_has(const struct tfr_value *range, long long port);

#endif
