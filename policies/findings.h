/* SPDX-License-Identifier: Apache-2.0 */
/* How what policies say is collected and turned into struct tfr_findings. */
#ifndef TFR_POLICIES_FINDINGS_H
#define TFR_POLICIES_FINDINGS_H

#include "policies/analyser.h"

#define TFR_BLAST_FINDINGS \
    2000 /* findings that get a blast radius; the rest of a huge destroy has none */

struct tfr_findings_builder {
    struct tfr_findings *out; /* takes the findings as they come; its arena takes every text */
    const struct tfr_document *document;
    const struct tfr_graph *graph;
    struct tfr_context *ctx;         /* that they are evaluated in */
    const struct tfr_policy *policy; /* the one that speaks now */
    const struct tfr_config *config; /* or NULL */
    enum tfr_environment environment;
    enum tfr_undecided undecided; /* what undecided counts as */
    bool no_fingerprints;
    size_t *first; /* by the place of a policy: how many findings there were when it began */
    size_t cap, row_cap, policy_cap, first_cap, row_name_cap;
    struct tfr_verdict_row row;       /* what the rows of `counted` share */
    const struct tfr_policy *counted; /* the one that spoke last */
    bool last_is_finding;             /* the row made last has one */
    struct tfr_finding *open;         /* whose evidence and members grow in the next two; or NULL */
    struct tfr_evidence *evidence;
    const char **members;
    size_t evidence_count, evidence_cap, member_count, member_cap;
    struct tfr_buf text; /* in which one text at a time is written */
};

/* Makes room for the results about so many objects. */
void tfr_findings_expect(struct tfr_findings_builder *builder, size_t objects);
/* The same for so many rows of the policy that speaks now. */
void tfr_findings_room(struct tfr_findings_builder *out, size_t rows);
/* Adds a row, for which there is room. */
static inline void tfr_findings_lay(struct tfr_findings_builder *out,
                                    const struct tfr_resource *resource, enum tfr_result result)
{
    struct tfr_verdict_row *row = &out->out->rows[out->out->row_count++];

    *row = out->row;
    row->resource = resource;
    row->result = (uint8_t)result;
}
/* As tfr_findings_pass(), with room for it. */
static inline void tfr_findings_lay_pass(struct tfr_findings_builder *out,
                                         const struct tfr_resource *resource)
{
    tfr_findings_lay(out, resource, TFR_PASS);
    out->last_is_finding = false;
}
/* As tfr_findings_add() and tfr_findings_undecided(), with texts that last as long as the findings.
 */
void tfr_findings_fault(struct tfr_findings_builder *out, const struct tfr_resource *resource,
                        const char *message);
void tfr_findings_open(struct tfr_findings_builder *out, const struct tfr_resource *resource,
                       const char *because, const char *message);
/* An empty text, to be written before anything else is said; tfr_findings_keep() makes a copy of it
 * that lasts as long as the findings. */
struct tfr_buf *tfr_findings_text(struct tfr_findings_builder *out);
const char *tfr_findings_keep(struct tfr_findings_builder *out);
/* Adds evidence to a finding, whose texts last as long as the findings. */
void tfr_findings_add_evidence(struct tfr_findings_builder *out, struct tfr_finding *finding,
                               const struct tfr_evidence *evidence);
/* The same of the finding made last; nothing when it is none. */
void tfr_findings_witness(struct tfr_findings_builder *out, const struct tfr_evidence *evidence);
/* Puts evidence and members in their places: before findings are looked at. */
void tfr_findings_seal(struct tfr_findings_builder *out);
/* What a policy said: where it begins among rows, names of rows and findings, and how many there
 * are. Holds until tfr_findings_finish(). */
struct tfr_saying {
    const struct tfr_policy *policy; /* NULL: it has not spoken */
    size_t row, row_count, name, name_count, finding, finding_count;
};
/* repeat.c: to be called before and after the policy speaks. */
void tfr_saying_begin(const struct tfr_findings_builder *out, struct tfr_saying *saying);
void tfr_saying_end(struct tfr_findings_builder *out, struct tfr_saying *saying);
/* The policy that speaks now says the same, under its own id and title. */
void tfr_saying_repeat(struct tfr_findings_builder *out, const struct tfr_saying *saying);
/* Ends collecting: combines, sorts, makes fingerprints if they are asked for. The builder is empty
 * afterwards. */
void tfr_findings_finish(struct tfr_findings_builder *builder);
/* True if another finding speaks for it. */
static inline bool tfr_finding_is_dropped(const struct tfr_findings *findings,
                                          const struct tfr_finding *finding)
{
    return findings->rows[finding->row].result == TFR_SKIPPED;
}
/* order.c: puts them in the order of reports. */
void tfr_findings_arrange(struct tfr_findings *findings);
/* combine.c: one cause, one finding; the cosmetic rule. Called by tfr_findings_finish() before
 * sorting. */
void tfr_findings_combine(struct tfr_findings_builder *builder);
/* fingerprints.c: gives each finding its fingerprint. */
void tfr_findings_fingerprint(struct tfr_findings *findings);
/* Lowers by levels, never below info; none stays none. */
uint8_t tfr_severity_lower(uint8_t severity, unsigned levels);

#endif
