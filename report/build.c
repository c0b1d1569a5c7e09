/* SPDX-License-Identifier: Apache-2.0 */
/* The report as data: everything a writer may use, copied out of documents that end before it. */
#include "report/build.h"
#include "report/score.h"

#include <stdlib.h>
#include <string.h>

struct list {
    void *at;
    size_t count, cap;
};

/* A name that was kept, and its text. */
struct kept {
    const struct tfr_sym *name;
    const char *text;
};

struct tfr_report_builder {
    struct tfr_report *report;
    struct tfr_report_options options;
    struct list inputs, findings, rows, skipped;
    uint8_t *evaluated;         /* by index of the policy in the set */
    bool lasting;               /* what is being added lasts as long as the report */
    struct kept type, provider; /* of this document: findings about one type stand together */
};

/* Makes room for so many more. */
static void expect(struct list *list, size_t more, size_t size)
{
    list->at = tfr_grow(list->at, &list->cap, list->count + more, size);
}

static void *add(struct list *list, size_t size)
{
    list->at = tfr_grow(list->at, &list->cap, list->count + 1, size);
    return memset((char *)list->at + list->count++ * size, 0, size);
}

/* The items, never NULL. */
static void *end(struct list *list)
{
    return list->at != NULL ? list->at : tfr_malloc(0);
}

static const char *keep(const struct tfr_report_builder *builder, const char *text)
{
    return builder->lasting ? text : tfr_report_copy(&builder->report->arena, text);
}

static const char *keep_sym(const struct tfr_report_builder *builder, const struct tfr_sym *sym)
{
    struct tfr_arena *arena = &builder->report->arena;
    struct tfr_buf text = { 0 };
    const char *out;

    if (sym == NULL)
        return NULL;
    if (memchr(sym->text, '\0', sym->len) == NULL)
        return builder->lasting ? sym->text : tfr_arena_text(arena, sym->text, sym->len);
    /* From here on texts end at NUL; one inside of them is shown. */
    tfr_buf_add_safe(&text, sym->text, sym->len);
    out = tfr_arena_text(arena, text.data, text.len);
    tfr_buf_fini(&text);
    return out;
}

static const char *keep_again(const struct tfr_report_builder *builder, struct kept *last,
                              const struct tfr_sym *name)
{
    if (last->name != name)
        *last = (struct kept){ name, keep_sym(builder, name) };
    return last->text;
}

struct tfr_report_builder *tfr_report_new(const struct tfr_report_options *options)
{
    struct tfr_report_builder *builder = tfr_calloc(1, sizeof *builder);

    builder->report = tfr_calloc(1, sizeof *builder->report);
    builder->options = *options;
    builder->evaluated = tfr_calloc(tfr_policies_count(options->policies), 1);
    return builder;
}

/* ---- one document ---------------------------------------------------------------------- */

static uint32_t *counter_of(struct tfr_counts *counts, enum tfr_action action)
{
    switch (action) {
    case TFR_ACTION_NO_OP:
        return &counts->no_op;
    case TFR_ACTION_CREATE:
        return &counts->create;
    case TFR_ACTION_READ:
        return &counts->read;
    case TFR_ACTION_UPDATE:
        return &counts->update;
    case TFR_ACTION_DELETE:
        return &counts->delete_;
    case TFR_ACTION_DELETE_CREATE:
    case TFR_ACTION_CREATE_DELETE:
        return &counts->replace;
    case TFR_ACTION_FORGET:
    case TFR_ACTION_CREATE_FORGET:
        return &counts->forget;
    default:
        return &counts->other;
    }
}

static struct tfr_counts count_changes(const struct tfr_document *document)
{
    struct tfr_counts counts = { 0 };

    if (document->kind != TFR_PLAN && document->kind != TFR_BINARY_PLAN)
        return counts;
    for (size_t i = 0; i < document->changes.count; i++) {
        const struct tfr_resource *change = &document->changes.at[i];

        (*counter_of(&counts, change->action))++;
        counts.total++;
        counts.import += change->importing;
        counts.move += change->previous_address != NULL;
    }
    counts.drifted = (uint32_t)document->drift.count;
    for (size_t i = 0; i < document->output_count; i++)
        counts.outputs += document->outputs[i].action != TFR_ACTION_NO_OP;
    return counts;
}

/* What the reader noticed; and in front of an apply, that a state says nothing of one. */
static void fill_notes(struct tfr_report_builder *builder, struct tfr_report_input *input,
                       const struct tfr_document *document)
{
    static const struct tfr_note no_plan = {
        "state", "this is a state: it says what is, not what an apply would change; --expect plan "
                 "refuses it"
    };
    const bool is_plan = document->kind == TFR_PLAN || document->kind == TFR_BINARY_PLAN;
    struct tfr_note *notes =
        tfr_arena_alloc(&builder->report->arena, (document->note_count + 1) * sizeof *notes);

    for (size_t i = 0; i < document->note_count; i++)
        notes[i] = document->notes[i];
    input->note_count = document->note_count;
    if (builder->options.before_apply && !is_plan)
        notes[input->note_count++] = no_plan;
    input->notes = notes;
}

static void fill_input(struct tfr_report_builder *builder, struct tfr_report_input *input,
                       const struct tfr_document *document, const struct tfr_graph *graph)
{
    input->name = keep(builder, document->name);
    input->member = keep(builder, document->member);
    input->kind = document->kind;
    input->product = document->product;
    input->product_version = keep_sym(builder, document->product_version);
    input->format_version = keep_sym(builder, document->format_version);
    input->bytes = document->bytes;
    input->applyable = document->applyable;
    input->complete = document->complete;
    input->errored = document->errored;
    input->resources = document->changes.count;
    fill_notes(builder, input, document);
    input->counts = count_changes(document);
    input->graph_nodes = tfr_graph_node_count(graph);
    input->graph_edges = tfr_graph_edge_count(graph);
    (void)tfr_graph_unresolved(graph, &input->unresolved);
    input->blast = tfr_graph_blast_of_plan(graph);
}

static const struct tfr_evidence *keep_evidence(const struct tfr_report_builder *builder,
                                                const struct tfr_finding *finding)
{
    struct tfr_arena *arena = &builder->report->arena;
    struct tfr_evidence *out;

    if (builder->lasting)
        return finding->evidence;
    out = tfr_arena_alloc(arena, finding->evidence_count * sizeof *out);
    for (size_t i = 0; i < finding->evidence_count; i++) {
        out[i].kind = finding->evidence[i].kind;
        out[i].address = tfr_report_copy(arena, finding->evidence[i].address);
        out[i].path = tfr_report_copy(arena, finding->evidence[i].path);
        out[i].note = tfr_report_copy(arena, finding->evidence[i].note);
    }
    return out;
}

static void fill_blast(const struct tfr_report_builder *builder, const struct tfr_graph *graph,
                       const struct tfr_finding *finding, struct tfr_report_finding *out)
{
    struct tfr_arena *arena = &builder->report->arena;
    const struct tfr_blast *blast = finding->blast;
    static const char *const nobody[] = { NULL };
    const char **addresses;

    out->blast_addresses = nobody;
    if (blast == NULL)
        return;
    addresses = tfr_arena_alloc(arena, ((size_t)blast->named_count + 1) * sizeof *addresses);
    for (uint32_t i = 0; i < blast->named_count; i++)
        addresses[i] = keep_sym(builder, tfr_graph_node(graph, blast->named[i])->address);
    addresses[blast->named_count] = NULL;
    out->has_blast = true;
    out->blast_direct = blast->direct;
    out->blast_total = blast->total;
    out->blast_also_changed = blast->also_changed;
    out->blast_addresses = addresses;
}

static void add_finding(struct tfr_report_builder *builder, size_t input,
                        const struct tfr_graph *graph, const struct tfr_finding *finding)
{
    struct tfr_arena *arena = &builder->report->arena;
    struct tfr_report_finding *out = add(&builder->findings, sizeof *out);
    const struct tfr_policy *policy = finding->policy;
    const struct tfr_resource *resource = finding->resource;

    out->input = input;
    out->policy = policy->id;
    out->title = policy->title;
    out->why = policy->why;
    out->fix = policy->fix;
    out->verify = policy->verify;
    out->maps_to = policy->maps_to;
    out->severity = finding->severity;
    out->category = policy->category;
    out->state = finding->state;
    out->certainty = finding->certainty;
    out->address = keep(builder, finding->address != NULL ? finding->address : "");
    if (resource != NULL) {
        out->type = keep_again(builder, &builder->type, resource->type);
        out->provider = keep_again(builder, &builder->provider, resource->provider);
        out->action =
            resource->action != TFR_ACTION_NONE ? tfr_action_name(resource->action) : NULL;
    }
    out->message = keep(builder, finding->message != NULL ? finding->message : policy->title);
    out->undecided_because = keep(builder, finding->undecided_because);
    out->group = keep(builder, finding->group);
    out->waiver = keep(builder, finding->waiver);
    out->members =
        builder->lasting ? finding->members : tfr_report_copy_texts(arena, finding->members);
    out->evidence = keep_evidence(builder, finding);
    out->evidence_count = finding->evidence_count;
    fill_blast(builder, graph, finding, out);
    out->fingerprint = keep(builder, finding->fingerprint);
}

/* Policies look in the order of their set. */
static void mark_evaluated(struct tfr_report_builder *builder, const struct tfr_findings *findings)
{
    const struct tfr_policies *policies = builder->options.policies;
    size_t next = 0;

    for (size_t i = 0; i < tfr_policies_count(policies) && next < findings->policy_count; i++) {
        if (tfr_policies_at(policies, i) != findings->policies[next])
            continue;
        builder->evaluated[i] = 1;
        next++;
    }
}

static void add_row(struct tfr_report_builder *builder, size_t input,
                    const struct tfr_findings *findings, const struct tfr_verdict_row *row)
{
    struct tfr_report_row *out = add(&builder->rows, sizeof *out);

    out->input = input;
    out->policy = tfr_row_policy(findings, row)->id;
    out->address = keep(builder, tfr_row_address(findings, row));
    out->result = (enum tfr_result)row->result;
}

static void add_rows(struct tfr_report_builder *builder, size_t input,
                     const struct tfr_findings *findings)
{
    mark_evaluated(builder, findings);
    if (!builder->options.keep_rows)
        return;
    expect(&builder->rows, findings->row_count, sizeof(struct tfr_report_row));
    for (size_t i = 0; i < findings->row_count; i++)
        add_row(builder, input, findings, &findings->rows[i]);
}

void tfr_report_add(struct tfr_report_builder *builder, const struct tfr_document *document,
                    const struct tfr_graph *graph, const struct tfr_findings *findings,
                    bool lasting)
{
    const size_t index = builder->inputs.count;
    struct tfr_report_input *input = add(&builder->inputs, sizeof *input);

    builder->lasting = lasting;
    builder->type = builder->provider = (struct kept){ NULL, NULL };
    fill_input(builder, input, document, graph);
    input->environment = findings->environment;
    tfr_score_compute(findings, &builder->report->arena, &input->score);
    input->verdict = tfr_verdict_decide(document, findings, &builder->report->arena, &input->score,
                                        &input->reasons);
    expect(&builder->findings, findings->count, sizeof(struct tfr_report_finding));
    for (size_t i = 0; i < findings->count; i++)
        add_finding(builder, index, graph, &findings->at[i]);
    add_rows(builder, index, findings);
}

void tfr_report_add_error(struct tfr_report_builder *builder, const char *name, const char *member,
                          const struct tfr_error *error)
{
    struct tfr_report_input *input = add(&builder->inputs, sizeof *input);

    input->name = tfr_report_copy(&builder->report->arena, name);
    input->member = tfr_report_copy(&builder->report->arena, member);
    input->has_error = true;
    input->error = *error;
    input->score.cap = -1;
}

void tfr_report_add_skipped(struct tfr_report_builder *builder, const char *name,
                            const char *member, const char *why)
{
    struct tfr_report_skipped *skipped = add(&builder->skipped, sizeof *skipped);

    skipped->name = tfr_report_copy(&builder->report->arena, name);
    skipped->member = tfr_report_copy(&builder->report->arena, member);
    skipped->why = tfr_report_copy(&builder->report->arena, why);
}

/* ---- the whole ------------------------------------------------------------------------- */

static int by_contract(const void *left, const void *right)
{
    const struct tfr_report_finding *a = left;
    const struct tfr_report_finding *b = right;
    int order;

    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    order = a->policy == b->policy ? 0 : strcmp(a->policy, b->policy);
    if (order == 0)
        order = strcmp(a->address, b->address);
    if (order == 0 && a->input != b->input)
        order = a->input < b->input ? -1 : 1;
    return order != 0 ? order : strcmp(a->message, b->message);
}

/* Those of one document come in this order, but for ties. */
static void sort_findings(struct list *findings)
{
    const struct tfr_report_finding *at = findings->at;
    size_t sorted = 1;

    while (sorted < findings->count && by_contract(&at[sorted - 1], &at[sorted]) <= 0)
        sorted++;
    if (sorted < findings->count)
        qsort(findings->at, findings->count, sizeof *at, by_contract);
}

static void add_counts(struct tfr_counts *sum, const struct tfr_counts *counts)
{
    sum->create += counts->create;
    sum->update += counts->update;
    sum->delete_ += counts->delete_;
    sum->replace += counts->replace;
    sum->read += counts->read;
    sum->no_op += counts->no_op;
    sum->forget += counts->forget;
    sum->other += counts->other;
    sum->total += counts->total;
    sum->import += counts->import;
    sum->move += counts->move;
    sum->drifted += counts->drifted;
    sum->outputs += counts->outputs;
}

static bool is_worse(const struct tfr_report_input *a, const struct tfr_report_input *b)
{
    if (a->has_error != b->has_error)
        return b->has_error; /* what could not be read has no score to show */
    if (a->verdict != b->verdict)
        return a->verdict > b->verdict;
    return a->score.overall < b->score.overall;
}

/* Worst first: unreadable, NO-GO, CONDITIONAL GO, nothing to assess, GO. A document with nothing in
 * it is a NO-GO of its own kind: alone it exits with 4. */
static enum tfr_exit exit_of(const struct tfr_report_input *input)
{
    if (input->has_error)
        return TFR_EXIT_ERROR;
    if (!input->score.given)
        return input->errored == TFR_TRUE ? TFR_EXIT_NO_GO : TFR_EXIT_NOTHING;
    return input->verdict == TFR_NO_GO            ? TFR_EXIT_NO_GO
           : input->verdict == TFR_CONDITIONAL_GO ? TFR_EXIT_CONDITIONAL
                                                  : TFR_EXIT_GO;
}

static int badness(enum tfr_exit code)
{
    static const int order[] = { [TFR_EXIT_GO] = 0,
                                 [TFR_EXIT_NO_GO] = 3,
                                 [TFR_EXIT_ERROR] = 4,
                                 [TFR_EXIT_CONDITIONAL] = 2,
                                 [TFR_EXIT_NOTHING] = 1 };

    return order[code];
}

static void decide(struct tfr_report *report)
{
    static const char *const nothing[] = { "nothing was read", NULL };
    static const char *const unreadable[] = { "an input could not be read", NULL };

    report->exit_code = report->input_count == 0 ? TFR_EXIT_ERROR : TFR_EXIT_GO;
    report->reasons = nothing;
    for (size_t i = 0; i < report->input_count; i++) {
        const enum tfr_exit code = exit_of(&report->inputs[i]);

        report->inputs[i].exit_code = code;
        if (code == TFR_EXIT_ERROR)
            report->inputs[i].reasons = unreadable;
        if (badness(code) > badness(report->exit_code))
            report->exit_code = code;
        if (i > 0 && is_worse(&report->inputs[i], &report->inputs[report->worst_input]))
            report->worst_input = i;
        add_counts(&report->counts, &report->inputs[i].counts);
    }
    if (report->input_count == 0)
        return;
    report->reasons = report->inputs[report->worst_input].reasons;
    report->verdict = report->inputs[report->worst_input].verdict;
    if (report->exit_code != TFR_EXIT_ERROR)
        return;
    report->verdict = TFR_VERDICT_NONE;
    report->reasons = unreadable;
}

static void name_sources(struct tfr_report_builder *builder)
{
    const struct tfr_policies *policies = builder->options.policies;
    struct tfr_arena *arena = &builder->report->arena;
    const size_t count = tfr_policies_count(policies);
    const char **sources = tfr_arena_alloc(arena, (count + 1) * sizeof *sources);
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        const char *source = tfr_policies_at(policies, i)->source;

        builder->report->policies_evaluated += builder->evaluated[i];
        /* Policies of one file or folder stand together. */
        if (kept == 0 || strcmp(sources[kept - 1], source) != 0)
            sources[kept++] = source;
    }
    sources[kept] = NULL;
    builder->report->policies_loaded = count;
    builder->report->policy_sources = sources;
}

struct tfr_report *tfr_report_finish(struct tfr_report_builder *builder)
{
    struct tfr_report *report = builder->report;

    sort_findings(&builder->findings);
    report->input_count = builder->inputs.count;
    report->finding_count = builder->findings.count;
    report->row_count = builder->rows.count;
    report->skipped_count = builder->skipped.count;
    report->inputs = end(&builder->inputs);
    report->findings = end(&builder->findings);
    report->rows = end(&builder->rows);
    report->skipped = end(&builder->skipped);
    tfr_report_find_groups(report);
    name_sources(builder);
    tfr_report_add_remarks(report, &builder->options);
    decide(report);
    tfr_free(builder->evaluated);
    tfr_free(builder);
    return report;
}

void tfr_report_free(struct tfr_report *report)
{
    if (report == NULL)
        return;
    tfr_free(report->inputs);
    tfr_free(report->findings);
    tfr_free(report->groups);
    tfr_free(report->rows);
    tfr_free(report->skipped);
    tfr_arena_free(&report->arena);
    tfr_free(report);
}
