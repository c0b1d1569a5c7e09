/* SPDX-License-Identifier: Apache-2.0 */
/* How what policies say is collected and turned into struct tfr_findings. */
#ifndef TFR_POLICIES_FINDINGS_H
#define TFR_POLICIES_FINDINGS_H

#include "policies/analyser.h"

#define TFR_BLAST_FINDINGS \
    2000 /* findings that get a blast radius; the rest of a huge destroy has none */

struct tfr_draft {
    struct tfr_finding finding;
    size_t row;                    /* index of its row */
    bool dropped;                  /* another finding speaks for it */
    struct tfr_evidence *evidence; /* grows; `finding` gets a copy */
    size_t evidence_cap;
    const char **members;
    size_t member_count, member_cap;
};

struct tfr_findings_builder {
    struct tfr_findings *out; /* its arena takes every text */
    const struct tfr_document *document;
    const struct tfr_graph *graph;
    struct tfr_context *ctx;         /* that they are evaluated in */
    const struct tfr_policy *policy; /* the one that speaks now */
    const struct tfr_config *config; /* or NULL */
    enum tfr_environment environment;
    enum tfr_undecided undecided; /* what undecided counts as */
    struct tfr_draft *drafts;
    size_t count, cap;
    size_t row_cap, policy_cap, row_name_cap;
    bool last_is_finding; /* the row made last has a draft */
};

/* Makes room for the results about so many objects. */
void tfr_findings_expect(struct tfr_findings_builder *builder, size_t objects);
/* As tfr_findings_add() and tfr_findings_undecided(), with texts that last as long as the findings.
 */
void tfr_findings_fault(struct tfr_findings_builder *out, const struct tfr_resource *resource,
                        const char *message);
void tfr_findings_open(struct tfr_findings_builder *out, const struct tfr_resource *resource,
                       const char *because, const char *message);
/* The evidence of the finding made last; what is added to it may move it. */
const struct tfr_evidence *tfr_findings_proof(const struct tfr_findings_builder *out,
                                              size_t *count);
/* Gives it the same evidence as another one had. */
void tfr_findings_prove(struct tfr_findings_builder *out, const struct tfr_evidence *evidence,
                        size_t count);
/* Ends collecting: combines, sorts, makes fingerprints. The builder is empty afterwards. */
void tfr_findings_finish(struct tfr_findings_builder *builder);
/* order.c: the drafts in the order of reports. @return yours, as many as there are drafts; end it
 * with tfr_free() */
struct tfr_line {
    const char *address;
    struct tfr_draft *draft;
};
struct tfr_line *tfr_findings_line_up(struct tfr_findings_builder *builder);
/* combine.c: one cause, one finding; the cosmetic rule. Called by tfr_findings_finish() before
 * sorting. */
void tfr_findings_combine(struct tfr_findings_builder *builder);
/* fingerprints.c: gives each finding its fingerprint. */
void tfr_findings_fingerprint(struct tfr_findings *findings);
/* Lowers by levels, never below info; none stays none. */
uint8_t tfr_severity_lower(uint8_t severity, unsigned levels);

#endif
