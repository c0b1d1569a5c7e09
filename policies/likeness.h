/* SPDX-License-Identifier: Apache-2.0 */
/* Whether what is made is what is deleted, under another address: by its attributes. */
#ifndef TFR_POLICIES_LIKENESS_H
#define TFR_POLICIES_LIKENESS_H

#include "planparse/planparse.h"

/** An object that is made, and what of it is held against others. */
struct tfr_likely {
    const struct tfr_resource *made;
    struct tfr_trait *traits; /* what differed stands in front; NULL: not looked at yet */
    uint32_t count;
    struct tfr_likely *next; /* of its type, as in the document; or NULL */
};

enum tfr_alike {
    TFR_OTHER,
    TFR_ALIKE,      /* nine of ten known attributes agree */
    TFR_TOO_LITTLE, /* all agree, but they are too few to mean anything */
};

struct tfr_likeness;

/** @param names of the document @param arena where it lies and what it learns */
struct tfr_likeness *tfr_likeness_new(const struct tfr_names *names, struct tfr_arena *arena);
/** The values of the deleted object that others are held against from now on (borrowed). */
void tfr_likeness_begin(struct tfr_likeness *likeness, const struct tfr_value *gone);
enum tfr_alike tfr_likeness_of(struct tfr_likeness *likeness, struct tfr_likely *likely);

#endif
