/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_GRAPH_REFS_H
#define TFR_GRAPH_REFS_H

#include "planparse/planparse.h"

/** What the head of a reference names. */
enum tfr_ref_kind {
    TFR_REF_OTHER,    /* path, terraform, self ...: nothing that has a node */
    TFR_REF_RESOURCE, /* aws_x.y */
    TFR_REF_DATA,     /* data.aws_x.y */
    TFR_REF_MODULE,   /* module.m, module.m.out */
    TFR_REF_VAR,
    TFR_REF_LOCAL,
    TFR_REF_EACH,  /* each.key, each.value */
    TFR_REF_COUNT, /* count.index */
};

/** A reference taken apart; offsets into its text. */
struct tfr_ref {
    enum tfr_ref_kind kind;
    const char *text;
    size_t len;
    size_t block_len;       /* data.aws_x.y, module.m, var.x: without key */
    size_t key_at, key_len; /* bytes between the brackets, quotes included; len 0: no literal key */
    size_t name_at, name_len; /* of a variable, local or module: its name */
    size_t out_at, out_len;   /* of a module: the output; len 0: none */
    size_t subject_len;       /* the shortest form that Terraform lists besides the whole */
};

/** Takes one reference apart. */
void tfr_ref_parse(const char *text, size_t len, struct tfr_ref *out);

/**
 * How many entries of a references array, from the first one on, belong to the reference that
 * stands there and was taken apart: itself and its shortened forms, as Terraform lists them
 * (longest first, one step at a time).
 */
uint32_t tfr_ref_group(const struct tfr_ref *ref, const struct tfr_sym *const *references,
                       uint32_t count);

#endif
