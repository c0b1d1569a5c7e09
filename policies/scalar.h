/* SPDX-License-Identifier: Apache-2.0 */
/* The type of a plain YAML scalar, as PyYAML's safe loader decides it. */
#ifndef TFR_POLICIES_SCALAR_H
#define TFR_POLICIES_SCALAR_H

#include "planparse/planparse.h"

/* Fills kind and content. Numbers become decimal text (arena). @return false for a date or a number
 * that JSON cannot hold */
bool tfr_scalar_value(struct tfr_arena *arena, const char *text, size_t len,
                      struct tfr_value *out) TFR_CHECKED;

#endif
