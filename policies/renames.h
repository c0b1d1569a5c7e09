/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that a plan deletes and makes again under another address. */
#ifndef TFR_POLICIES_RENAMES_H
#define TFR_POLICIES_RENAMES_H

#include "policies/analyser.h"

/* The analyser renames. */
void tfr_check_renames(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
