/* SPDX-License-Identifier: Apache-2.0 */
/* One cause, one finding. */
#include "policies/findings.h"

/* Findings that weigh nothing in this environment are not raised; their rows stay. */
static void drop_weightless(struct tfr_findings_builder *builder)
{
    size_t kept = 0;

    for (size_t i = 0; i < builder->count; i++) {
        if (builder->drafts[i].finding.severity != TFR_SEVERITY_NONE) {
            builder->drafts[kept++] = builder->drafts[i];
            continue;
        }
        tfr_free(builder->drafts[i].evidence);
        tfr_free(builder->drafts[i].members);
    }
    builder->count = kept;
}

void tfr_findings_combine(struct tfr_findings_builder *builder)
{
    drop_weightless(builder);
}
