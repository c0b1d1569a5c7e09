/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan takes away, counted: over all of it, and module by module. */
#ifndef TFR_POLICIES_WHOLE_PLAN_H
#define TFR_POLICIES_WHOLE_PLAN_H

#include "policies/analyser.h"

/* More deletes and replaces than one apply should hold. */
void tfr_check_blast_limit(const struct tfr_input *in, struct tfr_findings_builder *out);
/* A module of which the plan leaves nothing; the whole state, if nothing is left at all. */
void tfr_check_emptied_modules(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
