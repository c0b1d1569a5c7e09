/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_GRAPH_VALUES_H
#define TFR_GRAPH_VALUES_H

#include "graph/build.h"

/* Shorter texts meet by accident, and nobody is called by a longer one, bytes. */
#define TFR_SHORTEST 8
#define TFR_LONGEST 2048

/** Who owns which text, as an identifier or as a name beside the kind of thing that is called so;
 * owners.c. */
struct tfr_owners;

/** @return yours, end it with tfr_owners_free() */
struct tfr_owners *tfr_owners_new(const struct tfr_graph *graph);
void tfr_owners_free(struct tfr_owners *owners);

/** Says that a text of TFR_SHORTEST to TFR_LONGEST bytes, borrowed, identifies an object. Of
 * several the one of the highest rank has it. */
void tfr_own(struct tfr_owners *owners, tfr_node_id node, const struct tfr_value *text,
             uint8_t rank);
/** The same of a text that will not last. */
void tfr_own_copy(struct tfr_owners *owners, tfr_node_id node, const char *text, size_t len,
                  uint8_t rank);
/** Says that an object is called so among those of its kind, which is borrowed. */
void tfr_own_name(struct tfr_owners *owners, tfr_node_id node, const struct tfr_value *text,
                  const char *kind, size_t kind_len);
/** Wanted between the last that is said and the first that is asked. */
void tfr_owners_settle(struct tfr_owners *owners);

/** The number of a text that somebody owns, in whatever way; 0: nobody does, which is said of most
 * texts at once. */
uint32_t tfr_owned(const struct tfr_owners *owners, const char *text, size_t len);
/** The one object that an owned text identifies, TFR_NO_NODE if it is nobody's or several have it.
 */
tfr_node_id tfr_owner_of(const struct tfr_owners *owners, uint32_t owned);
/** The one object of a kind that it means as a name. `hint` says which kind: the attribute or the
 * words before the name, such as "db_subnet_group_name" or "ClusterName". */
tfr_node_id tfr_owner_of_name(const struct tfr_owners *owners, uint32_t owned, const char *hint,
                              size_t hint_len);

/** Collects the identifiers and names of all objects; identities.c. @return yours, end it with
 * tfr_owners_free() */
struct tfr_owners *tfr_find_identities(const struct tfr_graph_builder *builder);
/** True if the `arn` of such an object is written by its user and names another one. */
bool tfr_borrows_arn(const struct tfr_resource *resource);

/** Asks for the memory of values that are looked at soon: those of objects some way behind a node;
 * ahead.c. */
void tfr_fetch_ahead(const struct tfr_graph *graph, tfr_node_id node);

/* A hint longer than this is no attribute, bytes. */
#define TFR_HINT_SIZE 128
/** "DBSubnetGroups" and "db-subnet-groups" become "db_subnet_groups"; kinds.c. @return its length
 */
size_t tfr_flatten_words(const char *text, size_t len, char out[TFR_HINT_SIZE]);
/** The kind that the word ending at `end` tells, with the word before it if it says little alone.
 * @return its length */
size_t tfr_kind_at(const char *text, size_t end, const char **kind);

/** Who is mentioned in a text: in its order, some more than once. */
struct tfr_mentions {
    const struct tfr_owners *owners;
    tfr_node_id *at;
    size_t count, cap;
    uint8_t classes[256]; /* by byte: what it is in an identifier */
};
void tfr_mentions_init(struct tfr_mentions *mentions, const struct tfr_owners *owners);
void tfr_mentions_fini(struct tfr_mentions *mentions);
/** Adds the owners of what stands in an embedded document or a URL, by identifiers and by names
 * behind a word that tells what they mean; mentions.c. */
void tfr_find_mentions(struct tfr_mentions *mentions, const char *text, size_t len);
/** The same of a text that is all base64; others are left alone. */
void tfr_find_mentions_in_base64(struct tfr_mentions *mentions, const char *text, size_t len);

#endif
