/* SPDX-License-Identifier: Apache-2.0 */
/* Texts and values as C, for emit.c: everything is written before what points to it, under a
 * running number. */
#ifndef TFR_POLICIES_EMIT_VALUES_H
#define TFR_POLICIES_EMIT_VALUES_H

#include "policies/program.h"

#include <stdio.h>

struct tfr_emitter {
    FILE *out;
    unsigned next; /* the number given last */
};

void tfr_put(struct tfr_emitter *emitter, const char *text);
/* A text in quotes; NULL as it is. */
void tfr_put_string(struct tfr_emitter *emitter, const char *text);
/* What was written under a number; 0 is NULL. */
void tfr_put_ref(struct tfr_emitter *emitter, const char *prefix, unsigned number);
/* @return its number */
unsigned tfr_emit_texts(struct tfr_emitter *emitter, const char *const *texts, size_t count);
/* A list that ends with NULL; 0 for NULL itself. */
unsigned tfr_emit_list(struct tfr_emitter *emitter, const char *const *texts);
/* @param number of what it holds, from tfr_emit_value() */
void tfr_put_value(struct tfr_emitter *emitter, const struct tfr_value *value, unsigned number);
/* What a list or map holds. @return its number, 0 for other values */
unsigned tfr_emit_value(struct tfr_emitter *emitter, const struct tfr_value *value);

#endif
