/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_LOCKS_H
#define TFR_POLICIES_LOCKS_H

#include "policies/analyser.h"

/* The analyser locks: objects of Azure that no azurerm_management_lock keeps from being deleted. */
void tfr_check_locks(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
