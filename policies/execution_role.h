/* SPDX-License-Identifier: Apache-2.0 */
/* What ECS itself does with the execution role of a task, before its containers start: it injects
 * secrets, pulls images and writes logs. */
#ifndef TFR_POLICIES_EXECUTION_ROLE_H
#define TFR_POLICIES_EXECUTION_ROLE_H

#include "policies/analyser.h"

/* The analyser execution_role; input `for`: secrets, or start (images and logs). */
void tfr_check_execution_role(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
