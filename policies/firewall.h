/* SPDX-License-Identifier: Apache-2.0 */
/* Firewall rules of Google Cloud. */
#ifndef TFR_POLICIES_FIREWALL_H
#define TFR_POLICIES_FIREWALL_H

#include "policies/analyser.h"

bool tfr_is_firewall(const struct tfr_resource *resource);
/* Whether a google_compute_firewall lets the whole internet in on a port of TCP. */
enum tfr_truth_value tfr_firewall_opens(const struct tfr_input *in,
                                        const struct tfr_resource *resource, long long port);

#endif
