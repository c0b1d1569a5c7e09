/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_QUEUES_H
#define TFR_POLICIES_QUEUES_H

#include "policies/analyser.h"

/* Queues that nobody fills or nobody empties. */
void tfr_check_queue_users(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
