/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_GRAPH_VALUES_H
#define TFR_GRAPH_VALUES_H

#include "graph/build.h"

/* Shorter texts meet by accident, bytes. */
#define TFR_SHORTEST 8

/** Who owns which identifier; owners.c. */
struct tfr_owners;

/** Collects the identifiers and names of all objects. @return yours, end it with tfr_owners_free()
 */
struct tfr_owners *tfr_owners_build(const struct tfr_graph *graph);
void tfr_owners_free(struct tfr_owners *owners);

/** True if the `arn` of such an object is written by its user and names another one. */
bool tfr_borrows_arn(const struct tfr_resource *resource);

/** False if nobody owns a text, neither as an identifier nor as a name: says so of most at once. */
bool tfr_may_be_owned(const struct tfr_owners *owners, const char *text, size_t len);
/** The one object that an identifier names, TFR_NO_NODE if it is nobody's or several have it. */
tfr_node_id tfr_owner_of(const struct tfr_owners *owners, const char *text, size_t len);
/** The one object of a kind that a name means. `hint` says which kind: the attribute or the words
 * before the name, such as "db_subnet_group_name" or "ClusterName". */
tfr_node_id tfr_owner_of_name(const struct tfr_owners *owners, const char *hint, size_t hint_len,
                              const char *name, size_t len);

#endif
