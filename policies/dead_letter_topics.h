/* SPDX-License-Identifier: Apache-2.0 */
/* Subscriptions of Pub/Sub that keep nothing of what cannot be handled. */
#ifndef TFR_POLICIES_DEAD_LETTER_TOPICS_H
#define TFR_POLICIES_DEAD_LETTER_TOPICS_H

#include "policies/analyser.h"

void tfr_check_dead_letter_topics(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
