/* SPDX-License-Identifier: Apache-2.0 */
/* What alarms say, asked from both ends: who is watched, and who watches nothing. */
#ifndef TFR_POLICIES_ALARMS_H
#define TFR_POLICIES_ALARMS_H

#include "policies/analyser.h"

/* Resources of a class without any alarm: one finding for each class. */
void tfr_check_unwatched(const struct tfr_input *in, struct tfr_findings_builder *out);
/* Dead letter queues without an alarm on the messages in them. */
void tfr_check_unwatched_dead_letters(const struct tfr_input *in, struct tfr_findings_builder *out);
/* Alarms, scaling targets, event targets and permissions about something that is not there. */
void tfr_check_aimless(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
