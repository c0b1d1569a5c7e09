/* SPDX-License-Identifier: Apache-2.0 */
/* Objects by a text of theirs: a hash table over borrowed texts. */
#ifndef TFR_POLICIES_LOOKUP_H
#define TFR_POLICIES_LOOKUP_H

#include "planparse/planparse.h"

struct tfr_lookup; /* NULL is an empty one */

/* Remembers `what` under a known, non-empty text, unless the text is taken. Other values are passed
 * over. */
void tfr_lookup_add(struct tfr_lookup **lookup, const struct tfr_value *text, const void *what);
/* Makes room for so many texts in a new one, so that it does not grow step by step. */
void tfr_lookup_expect(struct tfr_lookup **lookup, size_t count);
/* Where what is remembered under a text stands, until the next text is added; NULL in it: nothing
 * yet. A text that is new is borrowed, or copied to `copies`. */
const void **tfr_lookup_place(struct tfr_lookup **lookup, const char *text, size_t len,
                              struct tfr_arena *copies);
/* NULL if there is none, or the value is no text. */
const void *tfr_lookup_find(const struct tfr_lookup *lookup, const struct tfr_value *text);
const void *tfr_lookup_text(const struct tfr_lookup *lookup, const char *text, size_t len);
void tfr_lookup_free(struct tfr_lookup *lookup);

#endif
