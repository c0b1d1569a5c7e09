/* SPDX-License-Identifier: Apache-2.0 */
/* Dead letter queues: which queues are one, and whether they can do their job. */
#ifndef TFR_POLICIES_DEAD_LETTERS_H
#define TFR_POLICIES_DEAD_LETTERS_H

#include "policies/analyser.h"

/* True if the edge says that failed messages go from one end to the other. */
bool tfr_is_dead_letter_edge(const struct tfr_edge *edge);
/* True if a live object sends its failed messages to this queue. */
bool tfr_takes_dead_letters(const struct tfr_input *in, const struct tfr_resource *queue);

void tfr_check_dead_letters(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
