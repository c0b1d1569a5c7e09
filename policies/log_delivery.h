/* SPDX-License-Identifier: Apache-2.0 */
/* Whether buckets let those in that are to write logs there. */
#ifndef TFR_POLICIES_LOG_DELIVERY_H
#define TFR_POLICIES_LOG_DELIVERY_H

#include "policies/analyser.h"

void tfr_check_log_delivery(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
