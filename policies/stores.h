/* SPDX-License-Identifier: Apache-2.0 */
/* Databases, caches, brokers and file systems that workloads reach over the network. */
#ifndef TFR_POLICIES_STORES_H
#define TFR_POLICIES_STORES_H

#include "policies/security_groups.h"

/* Ends with NULL. */
extern const char *const tfr_store_types[];

/* The port it listens on: what is written, else what its engine is known for; -1: cannot be told.
 */
long long tfr_store_port(const struct tfr_blocks *blocks, const struct tfr_resource *store);
/* Its end of a connection. @return false if it lies in no VPC */
bool tfr_store_end(const struct tfr_input *in, const struct tfr_resource *store,
                   struct tfr_end *out);
/* True if the text holds a host name of the store. */
bool tfr_store_is_in(const struct tfr_resource *store, const struct tfr_value *text);
/* True if an expression is about an address of an object and not its ARN or name:
 * "aws_db_instance.a.endpoint", "module.cache.host". */
bool tfr_reference_is_address(const struct tfr_sym *reference);

#endif
