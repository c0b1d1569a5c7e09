/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What questions ask of every object first, close together: most objects answer most questions with
 * it, so that neither the object nor its node is looked at. Made once per document.
 */
#ifndef TFR_POLICIES_BRIEFS_H
#define TFR_POLICIES_BRIEFS_H

#include "policies/index.h"

/* Which questions an object is for: bit N for enum tfr_objects N. */
#define TFR_BRIEF_IS(objects) ((uint8_t)(1u << (objects)))
/* tfr_resource_is_live(), of objects that came before as well. */
#define TFR_BRIEF_LIVE 0x80u
/* Nothing in its values is unknown. */
#define TFR_BRIEF_SETTLED 0x40u

struct tfr_brief {
    const struct tfr_value *values; /* tfr_resource_values() */
    const struct tfr_sym *type;
    const struct tfr_differing *differing; /* NULL: nobody asked yet */
    tfr_node_id node;                      /* TFR_NO_NODE without a graph */
    uint16_t words;                        /* tfr_change_words() */
    uint8_t mode;                          /* enum tfr_mode */
    uint8_t is; /* TFR_BRIEF_IS() of all that hold, TFR_BRIEF_LIVE, TFR_BRIEF_SETTLED */
};

/* Read through the functions below. */
struct tfr_briefs {
    const struct tfr_document *document;
    struct tfr_brief *at; /* by tfr_object_place(); a change has the number of its node */
    const struct tfr_resource **changed;
    uint32_t changed_count;
    struct tfr_arena arena;
};

/* @return yours, end it with tfr_briefs_free(); borrows both, `graph` may be NULL */
struct tfr_briefs *tfr_briefs_new(const struct tfr_document *document,
                                  const struct tfr_graph *graph);
void tfr_briefs_free(struct tfr_briefs *briefs);

/* That of a change or of a provider's object; NULL for other objects. */
static inline const struct tfr_brief *tfr_briefs_of(const struct tfr_briefs *briefs,
                                                    const struct tfr_resource *resource)
{
    const size_t place = tfr_object_place(briefs->document, resource);

    return place != SIZE_MAX ? &briefs->at[place] : NULL;
}
/* That of the change that a node stands for; NULL for other nodes. */
static inline const struct tfr_brief *tfr_briefs_at(const struct tfr_briefs *briefs,
                                                    tfr_node_id node)
{
    return node < briefs->document->changes.count ? &briefs->at[node] : NULL;
}

/* Changes with an action that changes something, in document order. Borrowed. */
struct tfr_resource_run tfr_briefs_changed(const struct tfr_briefs *briefs);

/* Names of attributes of an object whose values are not the same before and after, or of which that
 * is not known: more may be named than differ, none that differs is left out. */
struct tfr_differing {
    const struct tfr_sym *const *at;
    uint32_t count;
    uint64_t bits; /* tfr_name_bit() of each: most questions are about none of them */
};
static inline uint64_t tfr_name_bit(const struct tfr_sym *name)
{
    return (uint64_t)1 << name->id % 64u;
}
/* Of a change with values on both sides; NULL for an object without a brief. Found out once. */
const struct tfr_differing *tfr_briefs_differing(struct tfr_briefs *briefs,
                                                 const struct tfr_resource *resource);

#endif
