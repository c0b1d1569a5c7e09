/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/findings.h"

#include <string.h>

#define SHOW_BYTES 120            /* of a value in a text */
#define ROWS_EACH 8               /* that policies write of an object, more or less */
#define EXPECTED_MOST (1u << 15u) /* objects that room is made for before anything is said */

uint8_t tfr_severity_lower(uint8_t severity, unsigned levels)
{
    while (levels-- > 0 && severity > TFR_INFO)
        severity--;
    return severity;
}

/* ---- collecting ---- */

static const char *own(struct tfr_findings_builder *out, const char *text)
{
    return text != NULL ? tfr_arena_text(&out->out->arena, text, strlen(text)) : NULL;
}

struct tfr_buf *tfr_findings_text(struct tfr_findings_builder *out)
{
    tfr_buf_reset(&out->text);
    return &out->text;
}

const char *tfr_findings_keep(struct tfr_findings_builder *out)
{
    return tfr_arena_text(&out->out->arena, tfr_buf_text(&out->text), out->text.len);
}

static const char *format_text(struct tfr_findings_builder *out, const char *format, va_list args)
    TFR_PRINTF(2, 0);

static const char *format_text(struct tfr_findings_builder *out, const char *format, va_list args)
{
    tfr_buf_vprintf(tfr_findings_text(out), format, args);
    return tfr_findings_keep(out);
}

void tfr_findings_expect(struct tfr_findings_builder *builder, size_t objects)
{
    const size_t most = objects < EXPECTED_MOST ? objects : EXPECTED_MOST;

    builder->out->rows = tfr_grow(builder->out->rows, &builder->row_cap, ROWS_EACH * most,
                                  sizeof *builder->out->rows);
    builder->out->at = tfr_grow(builder->out->at, &builder->cap, most, sizeof *builder->out->at);
}

/* What the rows of the policy that speaks share. */
static const struct tfr_verdict_row *common_row(struct tfr_findings_builder *out)
{
    struct tfr_findings *findings = out->out;

    if (out->counted == out->policy)
        return &out->row;
    findings->policies = tfr_grow(findings->policies, &out->policy_cap, findings->policy_count + 1,
                                  sizeof(struct tfr_policy *));
    out->first =
        tfr_grow(out->first, &out->first_cap, findings->policy_count + 1, sizeof *out->first);
    out->first[findings->policy_count] = findings->count;
    findings->policies[findings->policy_count] = out->policy;
    out->row.policy = (uint32_t)findings->policy_count++;
    out->row.severity = out->policy->severity[out->environment];
    out->counted = out->policy;
    return &out->row;
}

void tfr_findings_room(struct tfr_findings_builder *out, size_t rows)
{
    struct tfr_findings *findings = out->out;

    if (rows == 0) /* it says nothing */
        return;
    (void)common_row(out);
    findings->rows =
        tfr_grow(findings->rows, &out->row_cap, findings->row_count + rows, sizeof *findings->rows);
}

static void add_row(struct tfr_findings_builder *out, const struct tfr_resource *resource,
                    enum tfr_result result)
{
    tfr_findings_room(out, 1);
    tfr_findings_lay(out, resource, result);
}

static struct tfr_verdict_row *last_row(struct tfr_findings_builder *out)
{
    return &out->out->rows[out->out->row_count - 1];
}

static struct tfr_finding *last(struct tfr_findings_builder *out)
{
    return out->last_is_finding ? &out->out->at[out->out->count - 1] : NULL;
}

static struct tfr_finding *add_finding(struct tfr_findings_builder *out,
                                       const struct tfr_resource *resource)
{
    struct tfr_findings *findings = out->out;
    const uint32_t place = common_row(out)->policy; /* before it is counted */
    struct tfr_finding *finding;

    tfr_findings_seal(out);
    findings->at = tfr_grow(findings->at, &out->cap, findings->count + 1, sizeof *findings->at);
    finding = &findings->at[findings->count++];
    memset(finding, 0, sizeof *finding);
    finding->row = findings->row_count; /* its row is added next */
    finding->policy = out->policy;
    finding->place = place;
    finding->resource = resource;
    finding->address = resource != NULL ? resource->address->text : "";
    finding->severity = (enum tfr_severity)out->policy->severity[out->environment];
    finding->fingerprint = "";
    out->last_is_finding = true;
    return finding;
}

void tfr_findings_pass(struct tfr_findings_builder *out, const struct tfr_resource *resource)
{
    tfr_findings_room(out, 1);
    tfr_findings_lay_pass(out, resource);
}

void tfr_findings_fault(struct tfr_findings_builder *out, const struct tfr_resource *resource,
                        const char *message)
{
    add_finding(out, resource)->message = message;
    add_row(out, resource, TFR_FAIL);
}

void tfr_findings_add(struct tfr_findings_builder *out, const struct tfr_resource *resource,
                      const char *format, ...)
{
    const char *message;
    va_list args;

    va_start(args, format);
    message = format_text(out, format, args);
    va_end(args);
    tfr_findings_fault(out, resource, message);
}

void tfr_findings_open(struct tfr_findings_builder *out, const struct tfr_resource *resource,
                       const char *because, const char *message)
{
    struct tfr_finding *finding;

    if (out->undecided == TFR_UNDECIDED_PASS) {
        tfr_findings_pass(out, resource);
        return;
    }
    finding = add_finding(out, resource);
    finding->message = message;
    if (out->undecided == TFR_UNDECIDED_REPORT)
        finding->state = TFR_STATE_UNDECIDED;
    finding->undecided_because = because;
    add_row(out, resource, out->undecided == TFR_UNDECIDED_FAIL ? TFR_FAIL : TFR_UNDECIDED);
}

void tfr_findings_undecided(struct tfr_findings_builder *out, const struct tfr_resource *resource,
                            const char *because, const char *format, ...)
{
    const char *message;
    va_list args;

    va_start(args, format);
    message = format_text(out, format, args);
    va_end(args);
    tfr_findings_open(out, resource, own(out, because), message);
}

const char *tfr_findings_show(struct tfr_findings_builder *out, const char *name,
                              const struct tfr_value *value)
{
    tfr_value_show(tfr_findings_text(out), name, value, SHOW_BYTES);
    return tfr_findings_keep(out);
}

/* ---- evidence and members: in lists of the builder while they grow ---- */

void tfr_findings_seal(struct tfr_findings_builder *out)
{
    struct tfr_arena *arena = &out->out->arena;
    struct tfr_finding *finding = out->open;
    const char **members;

    if (out->evidence_count > 0) {
        finding->evidence =
            tfr_arena_copy(arena, out->evidence, out->evidence_count * sizeof *out->evidence);
        finding->evidence_count = out->evidence_count;
    }
    if (out->member_count > 0) {
        members = tfr_arena_zalloc(arena, (out->member_count + 1) * sizeof *members);
        memcpy(members, out->members, out->member_count * sizeof *members);
        finding->members = members;
    }
    out->open = NULL;
    out->evidence_count = out->member_count = 0;
}

/* What it has already comes first. */
static void open_finding(struct tfr_findings_builder *out, struct tfr_finding *finding)
{
    size_t members = 0;

    if (out->open == finding)
        return;
    tfr_findings_seal(out);
    out->open = finding;
    while (finding->members != NULL && finding->members[members] != NULL)
        members++;
    if (finding->evidence_count > 0) {
        out->evidence_count = finding->evidence_count;
        out->evidence =
            tfr_grow(out->evidence, &out->evidence_cap, out->evidence_count, sizeof *out->evidence);
        memcpy(out->evidence, finding->evidence, out->evidence_count * sizeof *out->evidence);
    }
    if (members > 0) {
        out->member_count = members;
        out->members = tfr_grow(out->members, &out->member_cap, members, sizeof *out->members);
        memcpy(out->members, finding->members, members * sizeof *out->members);
    }
}

void tfr_findings_add_evidence(struct tfr_findings_builder *out, struct tfr_finding *finding,
                               const struct tfr_evidence *evidence)
{
    open_finding(out, finding);
    out->evidence =
        tfr_grow(out->evidence, &out->evidence_cap, out->evidence_count + 1, sizeof *out->evidence);
    out->evidence[out->evidence_count++] = *evidence;
}

/* ---- refining ---- */

/* A row may be named anew. */
static void name_last_row(struct tfr_findings_builder *out, const char *address)
{
    struct tfr_findings *findings = out->out;

    if (!last_row(out)->named) {
        findings->row_names = tfr_grow(findings->row_names, &out->row_name_cap,
                                       findings->row_name_count + 1, sizeof *findings->row_names);
        findings->row_names[findings->row_name_count++].row = findings->row_count - 1;
        last_row(out)->named = true;
    }
    findings->row_names[findings->row_name_count - 1].address = address;
}

void tfr_finding_about(struct tfr_findings_builder *out, const char *address)
{
    struct tfr_finding *finding = last(out);
    const char *text = own(out, address);

    name_last_row(out, text);
    if (finding != NULL)
        finding->address = text;
}

void tfr_finding_evidence(struct tfr_findings_builder *out, enum tfr_evidence_kind kind,
                          const char *address, const char *path, const char *note)
{
    struct tfr_evidence evidence = { .kind = kind };

    if (last(out) == NULL)
        return;
    evidence.address = own(out, address);
    evidence.path = own(out, path);
    evidence.note = own(out, note);
    tfr_findings_witness(out, &evidence);
}

void tfr_findings_witness(struct tfr_findings_builder *out, const struct tfr_evidence *evidence)
{
    if (last(out) != NULL)
        tfr_findings_add_evidence(out, last(out), evidence);
}

void tfr_finding_edge(struct tfr_findings_builder *out, const struct tfr_graph *graph,
                      const struct tfr_edge *edge)
{
    const struct tfr_node *from = tfr_graph_node(graph, edge->from),
                          *to = tfr_graph_node(graph, edge->to);
    struct tfr_evidence evidence = { .kind = TFR_EVIDENCE_EDGE, .address = from->address->text };

    tfr_buf_printf(tfr_findings_text(out), "depends on %s (%s)", to->address->text,
                   tfr_origin_name((enum tfr_origin)edge->origin));
    evidence.path = edge->path != NULL ? edge->path->text : NULL;
    evidence.note = tfr_findings_keep(out);
    tfr_findings_witness(out, &evidence);
    tfr_finding_certainty(out, (enum tfr_certainty)edge->certainty);
}

void tfr_finding_lower(struct tfr_findings_builder *out, unsigned levels)
{
    struct tfr_verdict_row *row = last_row(out);

    if (out->policy->severity_is_set[out->environment])
        return;
    row->severity = tfr_severity_lower(row->severity, levels);
    if (last(out) != NULL)
        last(out)->severity = (enum tfr_severity)row->severity;
}

void tfr_finding_severity(struct tfr_findings_builder *out,
                          const uint8_t severity[TFR_ENVIRONMENT_COUNT])
{
    struct tfr_verdict_row *row = last_row(out);

    if (out->policy->severity_is_set[out->environment])
        return;
    row->severity = severity[out->environment];
    if (last(out) != NULL)
        last(out)->severity = (enum tfr_severity)row->severity;
}

void tfr_finding_certainty(struct tfr_findings_builder *out, enum tfr_certainty certainty)
{
    struct tfr_finding *finding = last(out);

    if (finding != NULL && certainty > finding->certainty)
        finding->certainty = certainty;
}

void tfr_finding_group(struct tfr_findings_builder *out, const char *group)
{
    struct tfr_finding *finding = last(out);

    if (finding != NULL)
        finding->group = own(out, group);
}

void tfr_finding_member(struct tfr_findings_builder *out, const char *address)
{
    struct tfr_finding *finding = last(out);

    if (finding == NULL)
        return;
    open_finding(out, finding);
    out->members =
        tfr_grow(out->members, &out->member_cap, out->member_count + 1, sizeof *out->members);
    out->members[out->member_count++] = own(out, address);
}

/* ---- finishing ---- */

/* @return the node whose blast radius a finding tells of, TFR_NO_NODE if it tells of none */
static tfr_node_id node_of_blast(const struct tfr_findings_builder *builder,
                                 const struct tfr_finding *finding)
{
    const struct tfr_resource *resource = finding->resource;

    if (resource == NULL || !resource->deletes || resource->deposed != NULL ||
        builder->graph == NULL)
        return TFR_NO_NODE;
    return tfr_graph_node_of(builder->graph, resource);
}

/* Findings about one object share the walk. */
static void set_blasts(struct tfr_findings_builder *builder)
{
    struct tfr_findings *findings = builder->out;
    const struct tfr_blast **walked = NULL; /* by node */
    struct tfr_blast *blast;

    for (size_t i = 0; i < findings->count && i < TFR_BLAST_FINDINGS; i++) {
        struct tfr_finding *finding = &findings->at[i];
        const tfr_node_id node = node_of_blast(builder, finding);

        if (node == TFR_NO_NODE)
            continue;
        if (walked == NULL)
            walked = tfr_calloc(tfr_graph_node_count(builder->graph), sizeof *walked);
        if (walked[node] == NULL) {
            blast = tfr_arena_alloc(&findings->arena, sizeof *blast);
            tfr_graph_blast(builder->graph, node, blast);
            walked[node] = blast;
        }
        finding->blast = walked[node];
    }
    tfr_free(walked);
}

void tfr_findings_finish(struct tfr_findings_builder *builder)
{
    struct tfr_findings *findings = builder->out;

    tfr_findings_seal(builder);
    tfr_findings_combine(builder);
    tfr_findings_arrange(findings);
    tfr_free(builder->first);
    tfr_free(builder->evidence);
    tfr_free(builder->members);
    tfr_buf_fini(&builder->text);
    if (!builder->no_fingerprints)
        tfr_findings_fingerprint(findings);
    set_blasts(builder);
}

const char *tfr_row_address(const struct tfr_findings *findings, const struct tfr_verdict_row *row)
{
    const size_t wanted = (size_t)(row - findings->rows);
    size_t low = 0, high = findings->row_name_count;

    if (!row->named)
        return row->resource != NULL ? row->resource->address->text : "";
    while (low + 1 < high) {
        const size_t middle = low + (high - low) / 2;

        if (findings->row_names[middle].row <= wanted)
            low = middle;
        else
            high = middle;
    }
    return findings->row_names[low].address;
}

void tfr_findings_fini(struct tfr_findings *findings)
{
    tfr_free(findings->at);
    tfr_free(findings->rows);
    tfr_free(findings->policies);
    tfr_free(findings->row_names);
    tfr_arena_free(&findings->arena);
    memset(findings, 0, sizeof *findings);
}
