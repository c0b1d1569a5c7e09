/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_BUS_USERS_H
#define TFR_POLICIES_BUS_USERS_H

#include "policies/analyser.h"

/* The analyser bus_users: queues and topics of Service Bus that nothing uses. */
void tfr_check_bus_users(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
