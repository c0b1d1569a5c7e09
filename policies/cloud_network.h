/* SPDX-License-Identifier: Apache-2.0 */
/* Cloud Run services that are given a store of a private network, and have no way into it. */
#ifndef TFR_POLICIES_CLOUD_NETWORK_H
#define TFR_POLICIES_CLOUD_NETWORK_H

#include "policies/analyser.h"

void tfr_check_cloud_network(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
