/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_DANGLING_MODULES_H
#define TFR_POLICIES_DANGLING_MODULES_H

#include "policies/analyser.h"

/* The analyser dangling_modules. */
void tfr_check_dangling_modules(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
