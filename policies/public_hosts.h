/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_PUBLIC_HOSTS_H
#define TFR_POLICIES_PUBLIC_HOSTS_H

#include "policies/analyser.h"

/* Variables that name a public host below a zone of this document, and nothing there has the name.
 */
void tfr_check_public_hosts(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
