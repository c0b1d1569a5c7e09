/* SPDX-License-Identifier: Apache-2.0 */
/* How much an object that is made is like one that goes: attributes that are known and agree. */
#ifndef TFR_POLICIES_LIKENESS_H
#define TFR_POLICIES_LIKENESS_H

#include "planparse/planparse.h"

/* An attribute by its place in the new object, and where the old one had it last. */
struct tfr_telling {
    uint32_t after, before;
};

/* What is kept from one comparison to the next: attributes that told two objects apart, which are
 * asked first of the next two. */
#define TFR_TELLING 8
struct tfr_likeness {
    const struct tfr_sym *tags_all; /* the name, NULL if the document has none */
    struct tfr_telling telling[TFR_TELLING];
    uint32_t telling_count;
};

void tfr_likeness_init(struct tfr_likeness *likeness, const struct tfr_names *names);

enum tfr_alike {
    TFR_UNLIKE,
    TFR_ALIKE,
    TFR_TOO_LITTLE_KNOWN, /* nothing differs, and little is known */
};
/* @param before what goes, @param after what is made */
enum tfr_alike tfr_likeness_of(struct tfr_likeness *likeness, const struct tfr_value *before,
                               const struct tfr_value *after);

#endif
