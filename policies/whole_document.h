/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_WHOLE_DOCUMENT_H
#define TFR_POLICIES_WHOLE_DOCUMENT_H

#include "policies/analyser.h"

void tfr_check_anything(const struct tfr_input *in, struct tfr_findings_builder *out);
void tfr_check_checks(const struct tfr_input *in, struct tfr_findings_builder *out);
void tfr_check_complete(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
