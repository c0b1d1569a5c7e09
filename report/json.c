/* SPDX-License-Identifier: Apache-2.0 */
/* The contract with other programs. Members are added within one major version, never renamed or
 * dropped. */
#include "report/json.h"

#include <string.h>
#include <yajl/yajl_gen.h>

#ifndef TFREADY_VERSION
#define TFREADY_VERSION "unknown"
#endif

/* yajl_gen fails only on states that its caller controls; what it writes goes to the stream and is
 * checked there. */
static void key(yajl_gen gen, const char *name)
{
    (void)yajl_gen_string(gen, (const unsigned char *)name, strlen(name));
}

static void text(yajl_gen gen, const char *name, const char *value)
{
    key(gen, name);
    if (value == NULL)
        (void)yajl_gen_null(gen);
    else
        (void)yajl_gen_string(gen, (const unsigned char *)value, strlen(value));
}

/* Names of files are bytes: those that are no UTF-8 are shown as escapes. */
static void file_name(yajl_gen gen, const char *name, const char *value)
{
    struct tfr_buf safe = { 0 };

    if (value != NULL)
        tfr_buf_add_safe(&safe, value, strlen(value));
    text(gen, name, value != NULL ? tfr_buf_text(&safe) : NULL);
    tfr_buf_fini(&safe);
}

static void number(yajl_gen gen, const char *name, long long value)
{
    key(gen, name);
    (void)yajl_gen_integer(gen, value);
}

static void flag(yajl_gen gen, const char *name, bool value)
{
    key(gen, name);
    (void)yajl_gen_bool(gen, value);
}

static void tristate(yajl_gen gen, const char *name, enum tfr_tristate value)
{
    key(gen, name);
    if (value == TFR_UNSAID)
        (void)yajl_gen_null(gen);
    else
        (void)yajl_gen_bool(gen, value == TFR_TRUE);
}

static void texts(yajl_gen gen, const char *name, const char *const *values)
{
    key(gen, name);
    (void)yajl_gen_array_open(gen);
    for (size_t i = 0; values != NULL && values[i] != NULL; i++)
        (void)yajl_gen_string(gen, (const unsigned char *)values[i], strlen(values[i]));
    (void)yajl_gen_array_close(gen);
}

static void open_object(yajl_gen gen, const char *name)
{
    if (name != NULL)
        key(gen, name);
    (void)yajl_gen_map_open(gen);
}

static void open_array(yajl_gen gen, const char *name)
{
    key(gen, name);
    (void)yajl_gen_array_open(gen);
}

/* ---- parts -------------------------------------------------------------------------------------
 */

static void write_error(yajl_gen gen, const struct tfr_report_input *input)
{
    const struct tfr_error *error = &input->error;

    open_object(gen, "error");
    text(gen, "code", error->id);
    text(gen, "message", error->msg);
    file_name(gen, "input", input->name);
    file_name(gen, "member", input->member);
    key(gen, "offset");
    if (error->has_place)
        (void)yajl_gen_integer(gen, (long long)error->offset);
    else
        (void)yajl_gen_null(gen);
    if (error->line > 0) {
        number(gen, "line", (long long)error->line);
        number(gen, "column", (long long)error->column);
    }
    file_name(gen, "path", error->path[0] != '\0' ? error->path : NULL);
    text(gen, "hint", error->hint[0] != '\0' ? error->hint : NULL);
    (void)yajl_gen_map_close(gen);
}

static void write_category(yajl_gen gen, const struct tfr_category_score *category)
{
    open_object(gen, NULL);
    text(gen, "name", tfr_category_name(category->category));
    key(gen, "score");
    if (category->assessed)
        (void)yajl_gen_integer(gen, category->score);
    else
        (void)yajl_gen_null(gen);
    number(gen, "weight", category->weight);
    flag(gen, "assessed", category->assessed);
    open_object(gen, "coverage");
    number(gen, "decided", category->decided);
    number(gen, "applicable", category->applicable);
    (void)yajl_gen_map_close(gen);
    open_array(gen, "ledger");
    for (size_t i = 0; i < category->ledger_count; i++) {
        const struct tfr_ledger_row *row = &category->ledger[i];

        open_object(gen, NULL);
        text(gen, "policy", row->policy);
        number(gen, "points", row->points);
        number(gen, "failing", row->failing);
        number(gen, "applicable", row->applicable);
        text(gen, "state", tfr_finding_state_name(row->state));
        (void)yajl_gen_map_close(gen);
    }
    (void)yajl_gen_array_close(gen);
    (void)yajl_gen_map_close(gen);
}

static void write_score(yajl_gen gen, const struct tfr_score *score)
{
    key(gen, "score");
    if (!score->given) {
        (void)yajl_gen_null(gen);
        return;
    }
    (void)yajl_gen_map_open(gen);
    number(gen, "overall", score->overall);
    number(gen, "out_of", 100);
    number(gen, "worst_case", score->worst_case);
    key(gen, "cap");
    if (score->cap >= 0)
        (void)yajl_gen_integer(gen, score->cap);
    else
        (void)yajl_gen_null(gen);
    open_array(gen, "categories");
    for (int i = 0; i < TFR_CATEGORY_COUNT; i++)
        write_category(gen, &score->categories[i]);
    (void)yajl_gen_array_close(gen);
    open_object(gen, "coverage");
    number(gen, "percent", score->coverage_percent);
    number(gen, "p0_percent", score->p0_coverage_percent);
    (void)yajl_gen_map_close(gen);
    (void)yajl_gen_map_close(gen);
}

static void write_input(yajl_gen gen, const struct tfr_report_input *input)
{
    open_object(gen, NULL);
    file_name(gen, "name", input->name);
    file_name(gen, "member", input->member);
    if (input->has_error) {
        write_error(gen, input);
        (void)yajl_gen_map_close(gen);
        return;
    }
    text(gen, "kind", tfr_document_kind_name(input->kind));
    text(gen, "product", tfr_product_name(input->product));
    text(gen, "product_version", input->product_version);
    text(gen, "format_version", input->format_version);
    number(gen, "bytes", (long long)input->bytes);
    tristate(gen, "applyable", input->applyable);
    tristate(gen, "complete", input->complete);
    tristate(gen, "errored", input->errored);
    number(gen, "resources", (long long)input->resources);
    text(gen, "verdict", tfr_verdict_name(input->verdict));
    open_array(gen, "notes");
    for (size_t i = 0; i < input->note_count; i++) {
        open_object(gen, NULL);
        text(gen, "code", input->notes[i].code);
        text(gen, "message", input->notes[i].message);
        (void)yajl_gen_map_close(gen);
    }
    (void)yajl_gen_array_close(gen);
    (void)yajl_gen_map_close(gen);
}

static void write_counts(yajl_gen gen, const struct tfr_counts *counts)
{
    open_object(gen, "changes");
    number(gen, "create", counts->create);
    number(gen, "update", counts->update);
    number(gen, "delete", counts->delete_);
    number(gen, "replace", counts->replace);
    number(gen, "read", counts->read);
    number(gen, "no-op", counts->no_op);
    number(gen, "forget", counts->forget);
    number(gen, "other", counts->other);
    number(gen, "total", counts->total);
    number(gen, "import", counts->import);
    number(gen, "move", counts->move);
    number(gen, "drifted", counts->drifted);
    number(gen, "outputs", counts->outputs);
    (void)yajl_gen_map_close(gen);
}

static void write_evidence(yajl_gen gen, const struct tfr_report_finding *finding)
{
    static const char *const kinds[] = { "attribute", "edge", "absence", "action" };

    open_array(gen, "evidence");
    for (size_t i = 0; i < finding->evidence_count; i++) {
        const struct tfr_evidence *evidence = &finding->evidence[i];

        open_object(gen, NULL);
        text(gen, "kind", kinds[evidence->kind]);
        text(gen, "address", evidence->address);
        text(gen, "path", evidence->path);
        text(gen, "note", evidence->note);
        (void)yajl_gen_map_close(gen);
    }
    (void)yajl_gen_array_close(gen);
}

static void write_blast(yajl_gen gen, const struct tfr_report_finding *finding)
{
    key(gen, "blast_radius");
    if (!finding->has_blast) {
        (void)yajl_gen_null(gen);
        return;
    }
    (void)yajl_gen_map_open(gen);
    number(gen, "direct", finding->blast_direct);
    number(gen, "total", finding->blast_total);
    number(gen, "also_changed", finding->blast_also_changed);
    texts(gen, "addresses", finding->blast_addresses);
    (void)yajl_gen_map_close(gen);
}

static void write_finding(yajl_gen gen, const struct tfr_report_finding *finding)
{
    open_object(gen, NULL);
    text(gen, "policy", finding->policy);
    text(gen, "severity", tfr_severity_name(finding->severity));
    text(gen, "category", tfr_category_name(finding->category));
    text(gen, "state", tfr_finding_state_name(finding->state));
    number(gen, "input", (long long)finding->input);
    text(gen, "address", finding->address);
    text(gen, "type", finding->type);
    text(gen, "provider", finding->provider);
    text(gen, "action", finding->action);
    text(gen, "title", finding->title);
    text(gen, "message", finding->message);
    text(gen, "why", finding->why);
    text(gen, "fix", finding->fix);
    text(gen, "verify", finding->verify);
    texts(gen, "maps_to", finding->maps_to);
    write_evidence(gen, finding);
    text(gen, "undecided_because", finding->undecided_because);
    text(gen, "certainty", tfr_certainty_name(finding->certainty));
    write_blast(gen, finding);
    text(gen, "group", finding->group);
    texts(gen, "members", finding->members);
    text(gen, "fingerprint", finding->fingerprint);
    text(gen, "waiver", finding->waiver);
    (void)yajl_gen_map_close(gen);
}

static void write_head(yajl_gen gen, const struct tfr_report *report)
{
    const struct tfr_report_input *worst =
        report->input_count > 0 ? &report->inputs[report->worst_input] : NULL;

    text(gen, "schema", "tfready/report/1");
    open_object(gen, "tool");
    text(gen, "name", "tfready");
    text(gen, "version", TFREADY_VERSION);
    (void)yajl_gen_map_close(gen);
    text(gen, "verdict",
         report->verdict != TFR_VERDICT_NONE ? tfr_verdict_name(report->verdict) : NULL);
    number(gen, "exit_code", report->exit_code);
    texts(gen, "reasons", report->reasons);
    for (size_t i = 0; i < report->input_count; i++) {
        if (report->inputs[i].has_error) {
            write_error(gen, &report->inputs[i]);
            break;
        }
    }
    if (worst == NULL || worst->has_error)
        return;
    open_object(gen, "environment");
    text(gen, "name", tfr_environment_name(worst->environment.environment));
    text(gen, "source", worst->environment.source);
    (void)yajl_gen_map_close(gen);
    write_score(gen, &worst->score);
}

static void write_tail(yajl_gen gen, const struct tfr_report *report, bool show_passed)
{
    long long nodes = 0;
    long long edges = 0;
    long long unresolved = 0;

    open_array(gen, "results");
    for (size_t i = 0; show_passed && i < report->row_count; i++) {
        open_object(gen, NULL);
        text(gen, "policy", report->rows[i].policy);
        text(gen, "address", report->rows[i].address);
        number(gen, "input", (long long)report->rows[i].input);
        text(gen, "result", tfr_result_name(report->rows[i].result));
        (void)yajl_gen_map_close(gen);
    }
    (void)yajl_gen_array_close(gen);
    for (size_t i = 0; i < report->input_count; i++) {
        nodes += report->inputs[i].graph_nodes;
        edges += report->inputs[i].graph_edges;
        unresolved += report->inputs[i].unresolved;
    }
    open_object(gen, "graph");
    number(gen, "nodes", nodes);
    number(gen, "edges", edges);
    number(gen, "unresolved_references", unresolved);
    (void)yajl_gen_map_close(gen);
    open_object(gen, "policies");
    number(gen, "loaded", (long long)report->policies_loaded);
    number(gen, "evaluated", (long long)report->policies_evaluated);
    texts(gen, "sources", report->policy_sources);
    (void)yajl_gen_map_close(gen);
}

/* ---- the whole ---------------------------------------------------------------------------------
 */

static void print(void *ctx, const char *bytes, size_t len)
{
    (void)fwrite(bytes, 1, len, ctx);
}

static void *take_memory(void *ctx, size_t size)
{
    (void)ctx;
    return tfr_malloc(size);
}

static void *move_memory(void *ctx, void *old, size_t size)
{
    (void)ctx;
    return tfr_realloc(old, size);
}

static void give_memory(void *ctx, void *memory)
{
    (void)ctx;
    tfr_free(memory);
}

void tfr_report_write_json(const struct tfr_report *report, const struct tfr_style *style,
                           FILE *out)
{
    const yajl_alloc_funcs allocator = { take_memory, move_memory, give_memory, NULL };
    yajl_gen gen = yajl_gen_alloc(&allocator);

    (void)yajl_gen_config(gen, yajl_gen_beautify, 1);
    (void)yajl_gen_config(gen, yajl_gen_indent_string, "  ");
    (void)yajl_gen_config(gen, yajl_gen_print_callback, print, (void *)out);
    (void)yajl_gen_map_open(gen);
    write_head(gen, report);
    open_array(gen, "inputs");
    for (size_t i = 0; i < report->input_count; i++)
        write_input(gen, &report->inputs[i]);
    (void)yajl_gen_array_close(gen);
    open_array(gen, "skipped");
    for (size_t i = 0; i < report->skipped_count; i++) {
        open_object(gen, NULL);
        file_name(gen, "name", report->skipped[i].name);
        file_name(gen, "member", report->skipped[i].member);
        text(gen, "why", report->skipped[i].why);
        (void)yajl_gen_map_close(gen);
    }
    (void)yajl_gen_array_close(gen);
    write_counts(gen, &report->counts);
    open_array(gen, "findings");
    for (size_t i = 0; i < report->finding_count; i++)
        write_finding(gen, &report->findings[i]);
    (void)yajl_gen_array_close(gen);
    write_tail(gen, report, style->show_passed);
    (void)yajl_gen_map_close(gen);
    yajl_gen_free(gen);
}
