/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policies with connections work on sets: every block gives the objects that pass, fail or are
 * undecided. connection_sets.c makes the sets of one block, connection.c combines them.
 */
#ifndef TFR_POLICIES_CONNECTION_H
#define TFR_POLICIES_CONNECTION_H

#include "policies/ask.h"

/* One byte per object that the policy is about. */
enum tfr_mark { TFR_IN_NONE, TFR_IN_PASSED = 1, TFR_IN_FAILED = 2, TFR_IN_UNKNOWN = 4 };

struct tfr_sets {
    uint8_t *marks;
    const char **because; /* of the unknown ones; NULL until one is said */
};

struct tfr_sets_work {
    struct tfr_context *ctx;
    struct tfr_resource_run
        objects; /* of the types that the policy names: marks are by place here */
    size_t count;
    bool everything; /* these are all of the document, those of no type (ephemeral ones) too */
    uint8_t *scope;  /* one per object, in Checkov's mode: it looks at nothing else; or NULL */
    bool lost; /* Checkov would have raised an exception for one object and lost all results */
    struct tfr_arena arena;
};

/* Empty ones. Arena of `work`. */
struct tfr_sets tfr_sets_new(struct tfr_sets_work *work);
/* What will decide an object that is unknown, by place; NULL: that is not said. */
void tfr_sets_say(struct tfr_sets_work *work, struct tfr_sets *sets, size_t at,
                  const char *because);
static inline const char *tfr_sets_because(const struct tfr_sets *sets, size_t at)
{
    return sets->because != NULL ? sets->because[at] : NULL;
}
/* Where the marks of one of the objects stand. */
size_t tfr_sets_place(const struct tfr_sets_work *work, const struct tfr_resource *resource);
/* True if the policy looks at this object. */
bool tfr_sets_has(const struct tfr_sets_work *work, const struct tfr_resource *resource);
/* A block without connections: asked of one object at a time. */
void tfr_sets_plain(struct tfr_sets_work *work, const struct tfr_block *block,
                    struct tfr_sets *sets);
/* One connection. An object takes over the failure of the other end. @param excluded what has
 * failed or is undecided before */
void tfr_sets_connected(struct tfr_sets_work *work, const struct tfr_condition *leaf,
                        const struct tfr_sets *excluded, struct tfr_sets *sets);

#endif
