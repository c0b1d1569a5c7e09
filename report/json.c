/* SPDX-License-Identifier: Apache-2.0 */
/* The contract with other programs. Members are added within one major version, never renamed or
 * dropped. */
#include "report/gen.h"
#include "report/sections.h"
#include "report/writers.h"

#include <string.h>

#ifndef TFREADY_VERSION
#define TFREADY_VERSION "unknown"
#endif

static void tristate(yajl_gen gen, const char *name, enum tfr_tristate value)
{
    tfr_gen_key(gen, name);
    if (value == TFR_UNSAID)
        (void)yajl_gen_null(gen);
    else
        (void)yajl_gen_bool(gen, value == TFR_TRUE);
}

/* ---- parts ----------------------------------------------------------------------------- */

static void write_error(yajl_gen gen, const struct tfr_report_input *input)
{
    const struct tfr_error *error = &input->error;

    tfr_gen_open(gen, "error");
    tfr_gen_text(gen, "code", error->id);
    tfr_gen_text(gen, "message", error->msg);
    tfr_gen_file_name(gen, "input", input->name);
    tfr_gen_file_name(gen, "member", input->member);
    tfr_gen_maybe(gen, "offset", error->has_place, (long long)error->offset);
    if (error->line > 0) {
        tfr_gen_number(gen, "line", (long long)error->line);
        tfr_gen_number(gen, "column", (long long)error->column);
    }
    tfr_gen_file_name(gen, "path", error->path[0] != '\0' ? error->path : NULL);
    tfr_gen_text(gen, "hint", error->hint[0] != '\0' ? error->hint : NULL);
    tfr_gen_close(gen);
}

static void write_category(yajl_gen gen, const struct tfr_category_score *category)
{
    tfr_gen_open(gen, NULL);
    tfr_gen_text(gen, "name", tfr_category_name(category->category));
    tfr_gen_maybe(gen, "score", category->assessed, category->score);
    tfr_gen_number(gen, "weight", category->weight);
    tfr_gen_flag(gen, "assessed", category->assessed);
    tfr_gen_open(gen, "coverage");
    tfr_gen_number(gen, "decided", category->decided);
    tfr_gen_number(gen, "applicable", category->applicable);
    tfr_gen_close(gen);
    tfr_gen_open_list(gen, "ledger");
    for (size_t i = 0; i < category->ledger_count; i++) {
        const struct tfr_ledger_row *row = &category->ledger[i];

        tfr_gen_open(gen, NULL);
        tfr_gen_text(gen, "policy", row->policy);
        tfr_gen_number(gen, "points", row->points);
        tfr_gen_number(gen, "failing", row->failing);
        tfr_gen_number(gen, "applicable", row->applicable);
        tfr_gen_text(gen, "state", tfr_finding_state_name(row->state));
        tfr_gen_close(gen);
    }
    tfr_gen_close_list(gen);
    tfr_gen_close(gen);
}

static void write_score(yajl_gen gen, const struct tfr_score *score)
{
    tfr_gen_key(gen, "score");
    if (!score->given) {
        (void)yajl_gen_null(gen);
        return;
    }
    tfr_gen_open(gen, NULL);
    tfr_gen_number(gen, "overall", score->overall);
    tfr_gen_number(gen, "out_of", 100);
    tfr_gen_number(gen, "worst_case", score->worst_case);
    tfr_gen_maybe(gen, "cap", score->cap >= 0, score->cap);
    tfr_gen_open_list(gen, "categories");
    for (int i = 0; i < TFR_CATEGORY_COUNT; i++)
        write_category(gen, &score->categories[i]);
    tfr_gen_close_list(gen);
    tfr_gen_open(gen, "coverage");
    tfr_gen_number(gen, "percent", score->coverage_percent);
    tfr_gen_number(gen, "p0_percent", score->p0_coverage_percent);
    tfr_gen_close(gen);
    tfr_gen_close(gen);
}

static void write_input(yajl_gen gen, const struct tfr_report_input *input)
{
    tfr_gen_open(gen, NULL);
    tfr_gen_file_name(gen, "name", input->name);
    tfr_gen_file_name(gen, "member", input->member);
    if (input->has_error) {
        write_error(gen, input);
        tfr_gen_close(gen);
        return;
    }
    tfr_gen_text(gen, "kind", tfr_document_kind_name(input->kind));
    tfr_gen_text(gen, "product", tfr_product_name(input->product));
    tfr_gen_text(gen, "product_version", input->product_version);
    tfr_gen_text(gen, "format_version", input->format_version);
    tfr_gen_number(gen, "bytes", (long long)input->bytes);
    tristate(gen, "applyable", input->applyable);
    tristate(gen, "complete", input->complete);
    tristate(gen, "errored", input->errored);
    tfr_gen_number(gen, "resources", (long long)input->resources);
    tfr_gen_text(gen, "verdict", tfr_verdict_name(input->verdict));
    tfr_gen_open_list(gen, "notes");
    for (size_t i = 0; i < input->note_count; i++) {
        tfr_gen_open(gen, NULL);
        tfr_gen_text(gen, "code", input->notes[i].code);
        tfr_gen_text(gen, "message", input->notes[i].message);
        tfr_gen_close(gen);
    }
    tfr_gen_close_list(gen);
    tfr_gen_close(gen);
}

static void write_counts(yajl_gen gen, const struct tfr_counts *counts)
{
    tfr_gen_open(gen, "changes");
    tfr_gen_number(gen, "create", counts->create);
    tfr_gen_number(gen, "update", counts->update);
    tfr_gen_number(gen, "delete", counts->delete_);
    tfr_gen_number(gen, "replace", counts->replace);
    tfr_gen_number(gen, "read", counts->read);
    tfr_gen_number(gen, "no-op", counts->no_op);
    tfr_gen_number(gen, "forget", counts->forget);
    tfr_gen_number(gen, "other", counts->other);
    tfr_gen_number(gen, "total", counts->total);
    tfr_gen_number(gen, "import", counts->import);
    tfr_gen_number(gen, "move", counts->move);
    tfr_gen_number(gen, "drifted", counts->drifted);
    tfr_gen_number(gen, "outputs", counts->outputs);
    tfr_gen_close(gen);
}

static void write_evidence(yajl_gen gen, const struct tfr_report_finding *finding)
{
    static const char *const kinds[] = { "attribute", "edge", "absence", "action" };

    tfr_gen_open_list(gen, "evidence");
    for (size_t i = 0; i < finding->evidence_count; i++) {
        const struct tfr_evidence *evidence = &finding->evidence[i];

        tfr_gen_open(gen, NULL);
        tfr_gen_text(gen, "kind", kinds[evidence->kind]);
        tfr_gen_text(gen, "address", evidence->address);
        tfr_gen_text(gen, "path", evidence->path);
        tfr_gen_text(gen, "note", evidence->note);
        tfr_gen_close(gen);
    }
    tfr_gen_close_list(gen);
}

static void write_blast(yajl_gen gen, const struct tfr_report_finding *finding)
{
    tfr_gen_key(gen, "blast_radius");
    if (!finding->has_blast) {
        (void)yajl_gen_null(gen);
        return;
    }
    tfr_gen_open(gen, NULL);
    tfr_gen_number(gen, "direct", finding->blast_direct);
    tfr_gen_number(gen, "total", finding->blast_total);
    tfr_gen_number(gen, "also_changed", finding->blast_also_changed);
    tfr_gen_texts(gen, "addresses", finding->blast_addresses);
    tfr_gen_close(gen);
}

static void write_finding(yajl_gen gen, const struct tfr_report_finding *finding)
{
    tfr_gen_open(gen, NULL);
    tfr_gen_text(gen, "policy", finding->policy);
    tfr_gen_text(gen, "severity", tfr_severity_name(finding->severity));
    tfr_gen_text(gen, "category", tfr_category_name(finding->category));
    tfr_gen_text(gen, "state", tfr_finding_state_name(finding->state));
    tfr_gen_number(gen, "input", (long long)finding->input);
    tfr_gen_text(gen, "address", finding->address);
    tfr_gen_text(gen, "type", finding->type);
    tfr_gen_text(gen, "provider", finding->provider);
    tfr_gen_text(gen, "action", finding->action);
    tfr_gen_text(gen, "title", finding->title);
    tfr_gen_text(gen, "message", finding->message);
    tfr_gen_text(gen, "why", finding->why);
    tfr_gen_text(gen, "fix", finding->fix);
    tfr_gen_text(gen, "verify", finding->verify);
    tfr_gen_texts(gen, "maps_to", finding->maps_to);
    write_evidence(gen, finding);
    tfr_gen_text(gen, "undecided_because", finding->undecided_because);
    tfr_gen_text(gen, "certainty", tfr_certainty_name(finding->certainty));
    write_blast(gen, finding);
    tfr_gen_text(gen, "group", finding->group);
    tfr_gen_texts(gen, "members", finding->members);
    tfr_gen_text(gen, "fingerprint", finding->fingerprint);
    tfr_gen_text(gen, "waiver", finding->waiver);
    tfr_gen_close(gen);
}

static void write_head(yajl_gen gen, const struct tfr_report *report)
{
    const struct tfr_report_input *worst =
        report->input_count > 0 ? &report->inputs[report->worst_input] : NULL;

    tfr_gen_text(gen, "schema", "tfready/report/1");
    tfr_gen_open(gen, "tool");
    tfr_gen_text(gen, "name", "tfready");
    tfr_gen_text(gen, "version", TFREADY_VERSION);
    tfr_gen_close(gen);
    tfr_gen_text(gen, "verdict",
                 report->verdict != TFR_VERDICT_NONE ? tfr_verdict_name(report->verdict) : NULL);
    tfr_gen_number(gen, "exit_code", report->exit_code);
    tfr_gen_texts(gen, "reasons", report->reasons);
    for (size_t i = 0; i < report->input_count; i++) {
        if (report->inputs[i].has_error) {
            write_error(gen, &report->inputs[i]);
            break;
        }
    }
    if (worst == NULL || worst->has_error)
        return;
    tfr_gen_open(gen, "environment");
    tfr_gen_text(gen, "name", tfr_environment_name(worst->environment.environment));
    tfr_gen_text(gen, "source", worst->environment.source);
    tfr_gen_close(gen);
    write_score(gen, &worst->score);
}

static void write_tail(yajl_gen gen, const struct tfr_report *report, bool show_passed)
{
    long long nodes = 0;
    long long edges = 0;
    long long unresolved = 0;

    tfr_gen_open_list(gen, "results");
    for (size_t i = 0; show_passed && i < report->row_count; i++) {
        tfr_gen_open(gen, NULL);
        tfr_gen_text(gen, "policy", report->rows[i].policy);
        tfr_gen_text(gen, "address", report->rows[i].address);
        /* Of one line of ndjson the only input has the index 0. */
        tfr_gen_number(gen, "input",
                       report->input_count > 1 ? (long long)report->rows[i].input : 0);
        tfr_gen_text(gen, "result", tfr_result_name(report->rows[i].result));
        tfr_gen_close(gen);
    }
    tfr_gen_close_list(gen);
    for (size_t i = 0; i < report->input_count; i++) {
        nodes += report->inputs[i].graph_nodes;
        edges += report->inputs[i].graph_edges;
        unresolved += report->inputs[i].unresolved;
    }
    tfr_gen_open(gen, "graph");
    tfr_gen_number(gen, "nodes", nodes);
    tfr_gen_number(gen, "edges", edges);
    tfr_gen_number(gen, "unresolved_references", unresolved);
    tfr_gen_close(gen);
    tfr_gen_open(gen, "policies");
    tfr_gen_number(gen, "loaded", (long long)report->policies_loaded);
    tfr_gen_number(gen, "evaluated", (long long)report->policies_evaluated);
    tfr_gen_texts(gen, "sources", report->policy_sources);
    tfr_gen_close(gen);
}

static void write_waivers(yajl_gen gen, const struct tfr_report *report)
{
    static const char *const states[] = { "used", "unused", "expired" };

    tfr_gen_open_list(gen, "waivers");
    for (size_t i = 0; i < report->waiver_count; i++) {
        const struct tfr_report_waiver *waiver = &report->waivers[i];

        tfr_gen_open(gen, NULL);
        tfr_gen_text(gen, "policy", waiver->policy);
        tfr_gen_text(gen, "address", waiver->address);
        tfr_gen_text(gen, "owner", waiver->owner);
        tfr_gen_text(gen, "reason", waiver->reason);
        tfr_gen_text(gen, "expires", waiver->expires);
        tfr_gen_file_name(gen, "file", waiver->file);
        tfr_gen_number(gen, "line", waiver->line);
        tfr_gen_number(gen, "findings", (long long)waiver->matched);
        tfr_gen_text(gen, "state", states[waiver->state]);
        tfr_gen_close(gen);
    }
    tfr_gen_close_list(gen);
}

/* ---- the whole ------------------------------------------------------------------------- */

static void write_report(yajl_gen gen, const struct tfr_report *report, bool show_passed)
{
    tfr_gen_open(gen, NULL);
    write_head(gen, report);
    tfr_gen_open_list(gen, "inputs");
    for (size_t i = 0; i < report->input_count; i++)
        write_input(gen, &report->inputs[i]);
    tfr_gen_close_list(gen);
    tfr_gen_open_list(gen, "skipped");
    for (size_t i = 0; i < report->skipped_count; i++) {
        tfr_gen_open(gen, NULL);
        tfr_gen_file_name(gen, "name", report->skipped[i].name);
        tfr_gen_file_name(gen, "member", report->skipped[i].member);
        tfr_gen_text(gen, "why", report->skipped[i].why);
        tfr_gen_close(gen);
    }
    tfr_gen_close_list(gen);
    write_counts(gen, &report->counts);
    tfr_gen_open_list(gen, "findings");
    for (size_t i = 0; i < report->finding_count; i++)
        write_finding(gen, &report->findings[i]);
    tfr_gen_close_list(gen);
    if (report->configuration[0] != NULL)
        tfr_gen_texts(gen, "configuration", report->configuration);
    if (report->waivers != NULL)
        write_waivers(gen, report);
    write_tail(gen, report, show_passed);
    tfr_gen_close(gen);
}

void tfr_report_write_json(const struct tfr_report *report, const struct tfr_style *style,
                           FILE *out)
{
    yajl_gen gen = tfr_gen_new(out, true);

    write_report(gen, report, style->show_passed);
    tfr_gen_end(gen);
}

/* What the report would be if this were its only input. Its findings are yours; `row` is the first
 * row of the input and then that of the next one. */
static struct tfr_report one_input(const struct tfr_report *report, const struct tfr_by_input *by,
                                   size_t input, size_t *row)
{
    struct tfr_report one = *report;

    one.inputs = &report->inputs[input];
    one.input_count = 1;
    one.worst_input = 0;
    one.skipped_count = 0;
    one.verdict = report->inputs[input].verdict;
    one.exit_code = report->inputs[input].exit_code;
    one.reasons = report->inputs[input].reasons;
    one.counts = report->inputs[input].counts;
    one.finding_count = by->start[input + 1] - by->start[input];
    one.findings = tfr_calloc(one.finding_count, sizeof *one.findings);
    for (size_t i = 0; i < one.finding_count; i++) {
        one.findings[i] = report->findings[by->order[by->start[input] + i]];
        one.findings[i].input = 0;
    }
    one.groups = NULL; /* nothing here asks for them */
    one.group_count = 0;
    one.rows = &report->rows[*row];
    one.row_count = 0;
    while (*row < report->row_count && report->rows[*row].input == input) {
        one.row_count++;
        (*row)++;
    }
    return one;
}

void tfr_report_write_ndjson(const struct tfr_report *report, const struct tfr_style *style,
                             FILE *out)
{
    struct tfr_by_input by;
    size_t row = 0;

    tfr_by_input_init(&by, report);
    for (size_t i = 0; i < report->input_count; i++) {
        struct tfr_report one = one_input(report, &by, i, &row);
        yajl_gen gen = tfr_gen_new(out, false);

        write_report(gen, &one, style->show_passed);
        tfr_gen_end(gen);
        (void)fputc('\n', out);
        tfr_free(one.findings);
    }
    tfr_by_input_fini(&by);
}

/* Sorted by the contract, each fingerprint once. */
void tfr_report_write_baseline(const struct tfr_report *report, FILE *out)
{
    yajl_gen gen = tfr_gen_new(out, true);
    const char *last = "";

    tfr_gen_open(gen, NULL);
    tfr_gen_text(gen, "schema", "tfready/baseline/1");
    tfr_gen_open_list(gen, "findings");
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct tfr_report_finding *finding = &report->findings[i];

        if (finding->state != TFR_OPEN || strcmp(finding->fingerprint, last) == 0)
            continue;
        last = finding->fingerprint;
        tfr_gen_open(gen, NULL);
        tfr_gen_text(gen, "policy", finding->policy);
        tfr_gen_text(gen, "address", finding->address);
        tfr_gen_text(gen, "fingerprint", finding->fingerprint);
        tfr_gen_close(gen);
    }
    tfr_gen_close_list(gen);
    tfr_gen_close(gen);
    tfr_gen_end(gen);
}
