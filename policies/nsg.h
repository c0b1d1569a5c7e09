/* SPDX-License-Identifier: Apache-2.0 */
/* Network security groups of Azure, and their rules. */
#ifndef TFR_POLICIES_NSG_H
#define TFR_POLICIES_NSG_H

#include "policies/analyser.h"

/* A group, or a rule that stands alone. */
bool tfr_is_nsg(const struct tfr_resource *resource);
/* Whether a group, by the rules inside of it, or a rule lets the whole internet in on a port of
 * TCP.
 */
enum tfr_truth_value tfr_nsg_opens(const struct tfr_input *in, const struct tfr_resource *resource,
                                   long long port);

#endif
