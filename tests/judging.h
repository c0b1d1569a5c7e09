/* SPDX-License-Identifier: Apache-2.0 */
/* A document that is read, drawn and judged by a set of policies. */
#ifndef TFR_TESTS_JUDGING_H
#define TFR_TESTS_JUDGING_H

#include "policies/policies.h"

struct judged {
    struct tfr_policies *policies;
    struct tfr_document *document;
    struct tfr_graph *graph;
    struct tfr_findings findings;
};

/* For a sink, whose context is a struct judged with its policies. */
static inline void judge(void *ctx, struct tfr_document *document)
{
    struct judged *judged = ctx;
    const struct tfr_evaluate_options options = { .has_environment = true };

    judged->document = document;
    judged->graph = tfr_graph_build(document);
    tfr_evaluate(document, judged->graph, judged->policies, &options, &judged->findings);
}

#endif
