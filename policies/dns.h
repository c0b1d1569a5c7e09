/* SPDX-License-Identifier: Apache-2.0 */
/* DNS records that point to something that the plan destroys. */
#ifndef TFR_POLICIES_DNS_H
#define TFR_POLICIES_DNS_H

#include "policies/analyser.h"

void tfr_check_dangling_records(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
