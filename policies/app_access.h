/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_APP_ACCESS_H
#define TFR_POLICIES_APP_ACCESS_H

#include "policies/analyser.h"

/* The analyser app_access: apps of Azure whose identity has no data role on what their settings
 * name. */
void tfr_check_app_access(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
