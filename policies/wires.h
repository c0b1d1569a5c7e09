/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What analysers ask of the wiring: which objects an attribute names, and what the configuration
 * writes. A value that is known has the last word; an unknown one is followed by its references.
 */
#ifndef TFR_POLICIES_WIRES_H
#define TFR_POLICIES_WIRES_H

#include "policies/analyser.h"
#include "policies/operators.h"

#include <string.h>

/* The objects that an attribute of another one names. Arena of `in->scratch`. */
struct tfr_wires {
    const struct tfr_resource **at; /* live ones, each once, in node order; data sources too */
    uint32_t count;
    bool exact;         /* each of them is named; else it is one or more of them */
    const char *opaque; /* a reference that may name one more, or NULL */
};

/**
 * @param path the attribute, such as "load_balancer" or "origin.0": everything below it counts
 * @param types ends with NULL; "aws_lb" means data sources of this type as well
 */
void tfr_wires_of(const struct tfr_input *in, const struct tfr_resource *from, const char *path,
                  const char *const *types, struct tfr_wires *out);
/* The live objects of these types whose attribute `path` names this one. A reference that leads
 * nowhere could be anybody's: see tfr_wires_opaque(). */
void tfr_wires_to(const struct tfr_input *in, const struct tfr_resource *to, const char *path,
                  const char *const *types, struct tfr_wires *out);
/* A live object of these types whose attribute `path` is unknown and refers to something that the
 * document does not show, so that it may name anything; NULL if there is none. Looks at all of
 * them: ask once for each policy. */
const char *tfr_wires_opaque(const struct tfr_input *in, const char *path,
                             const char *const *types);
/* The one object that is meant for sure, or NULL. */
const struct tfr_resource *tfr_wires_one(const struct tfr_wires *wires);

/* True if code decides about an attribute that is unknown: it refers to something, or to something
 * that the document does not show. An unknown attribute that nobody writes is made by the provider.
 */
bool tfr_wires_written(const struct tfr_input *in, const struct tfr_resource *resource,
                       const char *attribute);

/* True if an edge is about this attribute or something below it. Asked of every edge of a node, of
 * which most are about something that begins with another letter. */
static inline bool tfr_path_begins_with(const struct tfr_sym *path, const char *start, size_t len)
{
    return path != NULL && path->text[0] == start[0] && path->len >= len &&
           (path->text[len] == '\0' || path->text[len] == '.') &&
           memcmp(path->text, start, len) == 0;
}
static inline bool tfr_path_begins(const struct tfr_sym *path, const char *start)
{
    return tfr_path_begins_with(path, start, strlen(start));
}

/* Kleene's and, or. */
enum tfr_truth_value tfr_truth_both(enum tfr_truth_value a, enum tfr_truth_value b);
enum tfr_truth_value tfr_truth_either(enum tfr_truth_value a, enum tfr_truth_value b);

/* ---- blocks of the configuration ---------------------------------------------------------------
 */

struct tfr_blocks; /* blocks by name */

/* NULL if the document has no configuration. Made once for a document. Borrowed. */
const struct tfr_blocks *tfr_input_blocks(const struct tfr_input *in);
/* The block of this name, or NULL. */
const struct tfr_config_resource *tfr_blocks_named(const struct tfr_blocks *blocks,
                                                   const struct tfr_sym *block);
/* The block that makes an object, or NULL. */
const struct tfr_config_resource *tfr_blocks_find(const struct tfr_blocks *blocks,
                                                  const struct tfr_resource *resource);
/* The constant that is written at a path ("ingress.0.from_port"); tfr_absent if there is none. */
const struct tfr_value *tfr_block_constant(const struct tfr_config_resource *block,
                                           const char *path);
/* True if the block says anything about an attribute. */
bool tfr_block_writes(const struct tfr_config_resource *block, const char *attribute);

#endif
