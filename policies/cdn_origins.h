/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_CDN_ORIGINS_H
#define TFR_POLICIES_CDN_ORIGINS_H

#include "policies/analyser.h"

/* Distributions that may not read their bucket, or whose bucket is read past them. */
void tfr_check_cdn_origins(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
