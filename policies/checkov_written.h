/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the configuration writes about an object, as Checkov's reader of plans goes through it: side
 * by side with the values, into blocks that are lists and into no maps.
 */
#ifndef TFR_POLICIES_CHECKOV_WRITTEN_H
#define TFR_POLICIES_CHECKOV_WRITTEN_H

#include "policies/context.h"

/* The expressions at one place of a block and below it that refer to something but variables;
 * document order puts them side by side. */
struct tfr_written {
    const struct tfr_expression *at;
    uint32_t count;
    size_t skip; /* bytes of their paths that lead to the place */
};

/* All that is written about an object; lasts as long as the context. */
struct tfr_written tfr_written_of(struct tfr_context *ctx, const struct tfr_resource *resource);
/* What is written in a list of blocks, and in one of its items. */
struct tfr_written tfr_written_in(struct tfr_written written, const struct tfr_sym *name);
struct tfr_written tfr_written_item(struct tfr_written written, uint32_t index);
/* The name of an attribute of this place, if the expression is about one; NULL if not. */
const char *tfr_written_name(struct tfr_written written, uint32_t index);
/* The first reference that is no variable; NULL if there is none. */
const char *tfr_written_reference(const struct tfr_expression *expression);

/* checkov_json.c: the attribute of a type whose JSON text is entered; NULL if none is. */
const char *tfr_checkov_json_attribute(const char *type);

#endif
