/* SPDX-License-Identifier: Apache-2.0 */
/* What an attribute refers to, where its value is known after the apply only. */
#ifndef TFR_POLICIES_LINKS_H
#define TFR_POLICIES_LINKS_H

#include "policies/analyser.h"

#define TFR_LINKS 8

/* The objects of one type that an unknown attribute may stand for. */
struct tfr_links {
    const struct tfr_resource *at[TFR_LINKS];
    uint32_t count;
    bool open;           /* it may be one that the document does not show */
    bool others;         /* it may be made of objects of other types */
    const char *because; /* the reference that will decide it; never NULL */
};

/* @param type as tfr_input_type() wants it. An object whose identity is known already cannot be
 * what an unknown value stands for, so where others are left it is none of them: of `new ? a.arn :
 * b.arn`, the one that exists. */
void tfr_links_of(const struct tfr_input *in, const struct tfr_resource *resource,
                  const char *attribute, const char *type, struct tfr_links *out);

#endif
