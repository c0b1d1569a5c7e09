/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_UPLOADS_H
#define TFR_POLICIES_UPLOADS_H

#include "policies/analyser.h"

/* Buckets that browsers upload to, and whose CORS rules do not let them. */
void tfr_check_upload_cors(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
