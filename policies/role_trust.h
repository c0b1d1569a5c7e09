/* SPDX-License-Identifier: Apache-2.0 */
/* Who may take a role, against who uses it. */
#ifndef TFR_POLICIES_ROLE_TRUST_H
#define TFR_POLICIES_ROLE_TRUST_H

#include "policies/analyser.h"

/* Analysers: roles that their users may not take; roles that nobody uses. */
void tfr_check_role_trust(const struct tfr_input *in, struct tfr_findings_builder *out);
void tfr_check_role_users(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
