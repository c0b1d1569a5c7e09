/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_QUEUES_H
#define TFR_POLICIES_QUEUES_H

#include "policies/analyser.h"

/* The analyser queue_users. */
void tfr_check_queue_users(const struct tfr_input *in, struct tfr_findings_builder *out);

/* Whether services of AWS fill and empty it: topics, rules, event source mappings ... */
void tfr_queue_service_users(const struct tfr_input *in, const struct tfr_resource *queue,
                             bool *filled, bool *emptied);

#endif
