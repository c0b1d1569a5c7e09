/* SPDX-License-Identifier: Apache-2.0 */
/* A policy asked of all objects that it is about. What is said of an answer is the matter of
 * record.c: at once, while the object is at hand, or of all of them in the end. */
#ifndef TFR_POLICIES_ASK_H
#define TFR_POLICIES_ASK_H

#include "policies/context.h"

struct tfr_answer {
    const struct tfr_resource *resource;
    enum tfr_truth_value is;
    const char *because; /* TFR_MAYBE: what will decide it */
};

struct tfr_recorder;

/* In the order in which they are to be recorded. */
struct tfr_answers {
    struct tfr_recorder *recorder; /* takes each as it comes; NULL: they are collected */
    struct tfr_arena *arena;       /* takes those that are collected: set by who asks */
    struct tfr_arena *texts;       /* takes what will decide them, which findings show: the same */
    struct tfr_answer *at;
    uint32_t count;
};

/* Asks the current policy, which is no analyser. `out` holds no answers yet. */
void tfr_ask(struct tfr_context *ctx, struct tfr_answers *out);
/* connection.c: a policy with connections works on sets of objects. */
void tfr_ask_connected(struct tfr_context *ctx, struct tfr_answers *out);

/* Makes room for `most` answers: before the first. */
void tfr_answers_open(struct tfr_answers *answers, size_t most);
/* Adds one; what will decide it is copied. What raised an exception in Checkov is no answer. */
void tfr_answers_add(struct tfr_answers *answers, const struct tfr_resource *resource,
                     struct tfr_truth truth);

#endif
