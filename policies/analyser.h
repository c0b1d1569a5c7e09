/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an analyser reads and how it answers. An analyser is a C function for what YAML cannot say
 * well: a pure function over document and graph. It cannot fail, prints nothing, keeps nothing.
 * Texts (title, why, fix) stay in the YAML file that names it; one analyser may serve several
 * policies (see tfr_input_param).
 *
 * For each subject it looked at it calls exactly one of tfr_findings_pass, tfr_findings_add,
 * tfr_findings_undecided; a subject that the policy is not about gets no call. The tfr_finding_*
 * calls refine the finding made last. Values of attributes go into texts only through
 * tfr_findings_show().
 */
#ifndef TFR_POLICIES_ANALYSER_H
#define TFR_POLICIES_ANALYSER_H

#include "policies/policies.h"

struct tfr_type_index;       /* resources by type, made once per document: index.h */
struct tfr_context;          /* of the evaluation: context.h */
struct tfr_profile;          /* what the user says of the stack: profile.h */
struct tfr_findings_builder; /* collects what policies say: findings.h */

struct tfr_input {
    struct tfr_document *document; /* not const: tfr_document_parse() uses its arena */
    const struct tfr_graph *graph;
    const struct tfr_policy *policy;
    enum tfr_environment environment;
    const struct tfr_profile *profile; /* what a reviewer knows (profile.h), or NULL */
    const struct tfr_type_index *index;
    struct tfr_arena *scratch; /* emptied after each call of an analyser */
    struct tfr_context *ctx;   /* what analysers share, behind functions: input.c */
};

struct tfr_analyser {
    const char *name; /* as the YAML policy calls it */
    void (*check)(const struct tfr_input *in, struct tfr_findings_builder *out);
};

/* The register (analysers.c): ends with a NULL name. A policy naming another one is refused when it
 * is loaded. */
extern const struct tfr_analyser tfr_analysers[];
const struct tfr_analyser *tfr_analyser_find(const char *name);

/* ---- reading ------------------------------------------------------------------------------------
 */

/* Resources of one type in document order: managed ones under their type, data sources under
 * "data.TYPE". All of them, live, gone and deposed: ask tfr_resource_is_live() and its sisters.
 * Borrowed. */
struct tfr_resource_run {
    const struct tfr_resource *const *at;
    uint32_t count;
};
struct tfr_resource_run tfr_input_type(const struct tfr_input *in, const char *type);
/* The object of a node if it is live and of this type, NULL else: of most that are not, neither
 * node nor object is looked at. */
const struct tfr_resource *tfr_input_live(const struct tfr_input *in, tfr_node_id node,
                                          const char *type);
/* What the plan makes, changes, takes away or forgets, in document order: most plans leave most as
 * it is. Borrowed. */
struct tfr_resource_run tfr_input_changed(const struct tfr_input *in);
/* Every resource of the types that the policy names (resource_types), in document order. Arena of
 * `in->scratch`. */
struct tfr_resource_run tfr_input_subjects(const struct tfr_input *in);
/* A text of the policy's `inputs` map, or NULL. */
const char *tfr_input_param(const struct tfr_input *in, const char *key);
/* tfr_value_get() for what is asked of many objects of one kind: where the name stands in them is
 * remembered. @param name a literal, known by its address; @param value of the document */
const struct tfr_value *tfr_input_get(const struct tfr_input *in, const struct tfr_value *value,
                                      const char *name);
/* While one object of a run is looked at, what an attribute of a later one says is fetched: objects
 * lie far from each other, and who files them by a text would wait for each. */
static inline void tfr_input_fetch(const struct tfr_input *in, const struct tfr_resource_run *run,
                                   uint32_t at, const char *name)
{
    if (at + 8 < run->count)
        TFR_PREFETCH(tfr_input_get(in, &run->at[at + 8]->after, name)->text);
}
/* What a JSON text holds, parsed once per document; absent if it only looks like one; other values
 * as they are. */
const struct tfr_value *tfr_input_enter(const struct tfr_input *in, const struct tfr_value *value);
/* True if the type is in a list of policies/data/ with this tag, such as ("stateful", "D1"); tag
 * NULL: any tag. */
bool tfr_input_type_is(const char *list, const char *type, const char *tag);

/* ---- answering ----------------------------------------------------------------------------------
 */

/* The subject is fine. `resource` NULL: name the subject with tfr_finding_about(). */
void tfr_findings_pass(struct tfr_findings_builder *out, const struct tfr_resource *resource);
/* The subject is not: one sentence, no full stop, that says what is the matter. */
void tfr_findings_add(struct tfr_findings_builder *out, const struct tfr_resource *resource,
                      const char *format, ...) TFR_PRINTF(3, 4);
/* It cannot be told yet: `because` is the reference or attribute that will decide it, such as
 * "local.environment". */
void tfr_findings_undecided(struct tfr_findings_builder *out, const struct tfr_resource *resource,
                            const char *because, const char *format, ...) TFR_PRINTF(4, 5);
/* A value for a text, redacted: (sensitive) and the like. `name` is the attribute's name. Arena of
 * the findings. */
const char *tfr_findings_show(struct tfr_findings_builder *out, const char *name,
                              const struct tfr_value *value);

/* The rest refines the pass, finding or undecided made last. */

/* Its subject is a module, a container, the document (""): names it when there is no resource, or
 * narrows it. */
void tfr_finding_about(struct tfr_findings_builder *out, const char *address);
/* Adds a piece of evidence. `path` may be NULL; `note` may be NULL, and is copied. */
void tfr_finding_evidence(struct tfr_findings_builder *out, enum tfr_evidence_kind kind,
                          const char *address, const char *path, const char *note);
/* Adds an edge of the graph as evidence: "from --path--> to (origin)". */
void tfr_finding_edge(struct tfr_findings_builder *out, const struct tfr_graph *graph,
                      const struct tfr_edge *edge);
/* Lowers the severity by so many levels: P0 -> P1 -> P2 -> info. */
void tfr_finding_lower(struct tfr_findings_builder *out, unsigned levels);
/* Sets the severity per environment, instead of the policy's: {production, staging, development}.
 */
void tfr_finding_severity(struct tfr_findings_builder *out,
                          const uint8_t severity[TFR_ENVIRONMENT_COUNT]);
void tfr_finding_certainty(struct tfr_findings_builder *out, enum tfr_certainty certainty);
/* Findings with one cause share a group, such as a module address. */
void tfr_finding_group(struct tfr_findings_builder *out, const char *group);
/* Folds another address into it (the members of a module that left). */
void tfr_finding_member(struct tfr_findings_builder *out, const char *address);

#endif
