/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_CDN_CERTIFICATE_H
#define TFR_POLICIES_CDN_CERTIFICATE_H

#include "policies/analyser.h"

/* Distributions whose names their certificate does not cover, or whose certificate lies in a region
 * that CloudFront does not read. */
void tfr_check_cdn_certificate(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
