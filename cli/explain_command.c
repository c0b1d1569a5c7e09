/* SPDX-License-Identifier: Apache-2.0 */
/* tfready explain: everything that is known about one object. */
#include "cli/explain_command.h"

#include "cli/cli.h"
#include "cli/options.h"

#include <string.h>

/* More objects than this nobody reads; a glob that matches more is cut, and says so. */
#define EXPLAINED_OBJECTS 100

struct explanation {
    const struct cli_options *options;
    struct tfr_policies *policies;
    const char *address;
    bool read, found, failed;
};

struct subject {
    const struct tfr_graph *graph;
    const struct tfr_node *node;
    tfr_node_id id;
};

static void add_line(struct tfr_buf *out, const char *label, const struct tfr_sym *sym)
{
    if (sym == NULL)
        return;
    tfr_buf_printf(out, "  %-10s ", label);
    tfr_buf_add_safe(out, sym->text, sym->len);
    tfr_buf_putc(out, '\n');
}

static void add_identity(const struct subject *subject, struct tfr_buf *out)
{
    const struct tfr_node *node = subject->node;
    const struct tfr_resource *resource = node->resource;

    tfr_buf_add_safe(out, node->address->text, node->address->len);
    tfr_buf_puts(out, "\n");
    tfr_buf_printf(out, "  %-10s %s, exists %s\n", "kind",
                   tfr_node_kind_name((enum tfr_node_kind)node->kind),
                   node->when == TFR_BEFORE  ? "before the apply only"
                   : node->when == TFR_AFTER ? "after the apply only"
                                             : "before and after the apply");
    if (resource == NULL)
        return;
    add_line(out, "type", resource->type);
    add_line(out, "module", resource->module);
    add_line(out, "provider", resource->provider);
    add_line(out, "deposed", resource->deposed);
    add_line(out, "moved from", resource->previous_address);
    if (resource->action == TFR_ACTION_NONE)
        return;
    tfr_buf_printf(out, "  %-10s %s\n", "action", tfr_action_name(resource->action));
    add_line(out, "reason", resource->action_reason);
    for (uint32_t i = 0; i < resource->replace_paths.count; i++)
        add_line(out, i == 0 ? "because of" : "", resource->replace_paths.at[i]);
}

static void add_edges(const struct subject *subject, bool up, struct tfr_buf *out)
{
    const struct tfr_edges edges = up ? tfr_graph_dependants(subject->graph, subject->id)
                                      : tfr_graph_dependencies(subject->graph, subject->id);

    tfr_buf_printf(out, "  %s:%s\n", up ? "depended on by" : "depends on",
                   edges.count == 0 ? " nothing known" : "");
    for (uint32_t i = 0; i < edges.count; i++) {
        const struct tfr_edge *edge = tfr_edge_at(&edges, i);
        const struct tfr_node *other = tfr_graph_node(subject->graph, up ? edge->from : edge->to);

        tfr_buf_puts(out, "    ");
        tfr_buf_add_safe(out, other->address->text, other->address->len);
        tfr_buf_printf(out, "  %s", tfr_origin_name((enum tfr_origin)edge->origin));
        if (edge->path != NULL) {
            tfr_buf_putc(out, ' ');
            tfr_buf_add_safe(out, edge->path->text, edge->path->len);
        }
        tfr_buf_printf(out, ", %s", tfr_certainty_name((enum tfr_certainty)edge->certainty));
        if (edge->when != TFR_BOTH)
            tfr_buf_printf(out, ", only %s", tfr_when_name((enum tfr_when)edge->when));
        tfr_buf_putc(out, '\n');
    }
}

static void add_unresolved(const struct subject *subject, struct tfr_buf *out)
{
    uint32_t count;
    const struct tfr_unresolved *at = tfr_graph_unresolved_of(subject->graph, subject->id, &count);

    if (count > 0)
        tfr_buf_puts(out, "  references not followed:\n");
    for (uint32_t i = 0; i < count; i++) {
        tfr_buf_puts(out, "    ");
        tfr_buf_add_safe(out, at[i].reference->text, at[i].reference->len);
        if (at[i].path != NULL) {
            tfr_buf_puts(out, "  in ");
            tfr_buf_add_safe(out, at[i].path->text, at[i].path->len);
        }
        tfr_buf_putc(out, '\n');
    }
}

static bool names(const struct tfr_finding *finding, const struct subject *subject)
{
    const char *address = subject->node->address->text;

    if (finding->resource != NULL && finding->resource == subject->node->resource)
        return true;
    if (finding->resource == NULL && strcmp(finding->address, address) == 0)
        return true;
    for (size_t i = 0; finding->members != NULL && finding->members[i] != NULL; i++) {
        if (strcmp(finding->members[i], address) == 0)
            return true;
    }
    for (size_t i = 0; i < finding->evidence_count; i++) {
        if (finding->evidence[i].address != NULL &&
            strcmp(finding->evidence[i].address, address) == 0)
            return true;
    }
    return false;
}

static void add_findings(const struct subject *subject, const struct tfr_findings *findings,
                         struct tfr_buf *out)
{
    bool any = false;

    for (size_t i = 0; i < findings->count; i++) {
        const struct tfr_finding *finding = &findings->at[i];

        if (!names(finding, subject))
            continue;
        if (!any)
            tfr_buf_puts(out, "  findings that name it:\n");
        any = true;
        tfr_buf_printf(out, "    %s %s (%s)  ", tfr_severity_name(finding->severity),
                       finding->policy->id, tfr_finding_state_name(finding->state));
        tfr_buf_add_safe(out, finding->message, strlen(finding->message));
        tfr_buf_putc(out, '\n');
    }
    if (!any)
        tfr_buf_puts(out, "  no finding names it\n");
}

/* Where a line of identifiers is broken, columns. */
#define WIDTH 100

/* Policies that looked at it and came to one result. */
static uint32_t add_looks(const struct subject *subject, const struct tfr_findings *findings,
                          enum tfr_result result, struct tfr_buf *out)
{
    uint32_t count = 0;
    size_t line = out->len;

    for (size_t i = 0; i < findings->row_count; i++) {
        const struct tfr_verdict_row *row = &findings->rows[i];
        const char *id = tfr_row_policy(findings, row)->id;

        if (row->result != result || row->resource == NULL ||
            row->resource != subject->node->resource)
            continue;
        if (count++ == 0)
            tfr_buf_printf(out, "    %-10s", tfr_result_name(result));
        else if (out->len - line + strlen(id) > WIDTH) {
            tfr_buf_printf(out, "\n    %-10s", "");
            line = out->len - 14;
        }
        tfr_buf_putc(out, ' ');
        tfr_buf_add_safe(out, id, strlen(id));
    }
    if (count > 0)
        tfr_buf_putc(out, '\n');
    return count;
}

static void add_policies(const struct subject *subject, const struct tfr_findings *findings,
                         struct tfr_buf *out)
{
    static const enum tfr_result results[] = { TFR_FAIL, TFR_UNDECIDED, TFR_PASS };
    struct tfr_buf looks = { 0 };
    uint32_t count = 0;

    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
        count += add_looks(subject, findings, results[i], &looks);
    tfr_buf_printf(out, "  policies that looked at it:%s\n", count > 0 ? "" : " none");
    tfr_buf_add(out, tfr_buf_text(&looks), looks.len);
    tfr_buf_fini(&looks);
}

/* What stands on it, if it goes. */
static void add_blast(const struct subject *subject, struct tfr_buf *out)
{
    const struct tfr_resource *resource = subject->node->resource;
    struct tfr_blast blast;

    if (resource == NULL || resource->mode != TFR_MANAGED ||
        (subject->node->when & TFR_BEFORE) == 0)
        return;
    tfr_graph_blast(subject->graph, subject->id, &blast);
    tfr_buf_printf(out,
                   "  hit %s %u resource%s, %u directly, %u of them changed by this plan too\n",
                   resource->deletes ? "by this:" : "if it went:", blast.total,
                   blast.total == 1 ? "" : "s", blast.direct, blast.also_changed);
}

static void add_cycle(const struct subject *subject, const struct tfr_node_groups *cycles,
                      struct tfr_buf *out)
{
    for (uint32_t i = 0; i < cycles->count; i++) {
        const uint32_t from = i > 0 ? cycles->end[i - 1] : 0;
        bool in = false;

        for (uint32_t k = from; k < cycles->end[i]; k++)
            in = in || cycles->at[k] == subject->id;
        if (!in)
            continue;
        tfr_buf_puts(out, "  in a cycle with:\n");
        for (uint32_t k = from; k < cycles->end[i]; k++) {
            const struct tfr_sym *address = tfr_graph_node(subject->graph, cycles->at[k])->address;

            if (cycles->at[k] == subject->id)
                continue;
            tfr_buf_puts(out, "    ");
            tfr_buf_add_safe(out, address->text, address->len);
            tfr_buf_putc(out, '\n');
        }
        return;
    }
}

static void explain_all(struct explanation *explanation, const struct tfr_graph *graph,
                        const struct tfr_findings *findings)
{
    const uint32_t nodes = tfr_graph_node_count(graph);
    struct tfr_node_groups cycles;
    struct tfr_buf out = { 0 };
    uint32_t matches = 0;

    tfr_graph_cycles(graph, TFR_BOTH, &cycles);
    for (tfr_node_id i = 0; i < nodes; i++) {
        const struct subject subject = { graph, tfr_graph_node(graph, i), i };

        if (!tfr_address_glob(explanation->address, subject.node->address->text) ||
            ++matches > EXPLAINED_OBJECTS)
            continue;
        if (matches > 1)
            tfr_buf_putc(&out, '\n');
        add_identity(&subject, &out);
        add_edges(&subject, true, &out);
        add_edges(&subject, false, &out);
        add_cycle(&subject, &cycles, &out);
        add_blast(&subject, &out);
        add_unresolved(&subject, &out);
        add_findings(&subject, findings, &out);
        if (subject.node->resource != NULL)
            add_policies(&subject, findings, &out);
    }
    (void)fwrite(tfr_buf_text(&out), 1, out.len, stdout);
    if (matches > EXPLAINED_OBJECTS)
        (void)fprintf(stderr, "tfready: %u more objects match and are left out\n",
                      matches - EXPLAINED_OBJECTS);
    explanation->found = explanation->found || matches > 0;
    tfr_node_groups_fini(&cycles);
    tfr_buf_fini(&out);
}

static void explain_document(void *ctx, struct tfr_document *document)
{
    struct explanation *explanation = ctx;
    struct tfr_graph *graph = tfr_graph_build(document);
    struct tfr_findings findings = { 0 };

    explanation->read = true;
    tfr_evaluate(document, graph, explanation->policies, &explanation->options->evaluate,
                 &findings);
    explain_all(explanation, graph, &findings);
    tfr_findings_fini(&findings);
    tfr_graph_free(graph);
    tfr_document_free(document);
}

static void refused(void *ctx, const char *name, const char *member, const struct tfr_error *error)
{
    struct explanation *explanation = ctx;

    explanation->failed = true;
    cli_say_error(name, member, error);
}

static int explain(const struct cli_options *options, struct tfr_policies *policies)
{
    struct explanation explanation = { .options = options,
                                       .policies = policies,
                                       .address = options->inputs[0] };
    const struct tfr_sink sink = { .ctx = &explanation,
                                   .document = explain_document,
                                   .refused = refused };
    int code;

    tfr_read_input(options->input_count > 1 ? options->inputs[1] : "-", &options->read, &sink);
    code = cli_close_stdout();
    if (explanation.read && !explanation.found)
        (void)fputs("tfready: no object has this address\n", stderr);
    return explanation.found && !explanation.failed ? code : TFR_EXIT_ERROR;
}

static bool parse(int argc, char **argv, struct cli_options *options, struct tfr_error *err)
{
    if (!cli_options_parse(argc, argv, options, err))
        return false;
    return options->help || options->input_count == 1 || options->input_count == 2 ||
           tfr_fail(err, TFR_E_USAGE, "usage", "explain needs an address and a document");
}

int tfr_cli_explain(int argc, char **argv)
{
    struct cli_options options = { .command = CLI_EXPLAIN };
    struct tfr_policies *policies = tfr_policies_new();
    struct tfr_error err = { 0 };
    int code = TFR_EXIT_ERROR;

    if (!parse(argc, argv, &options, &err)) {
        (void)tfr_fail_hint(&err, "tfready explain [OPTIONS] ADDRESS [FILE | -]; * and ? match in "
                                  "ADDRESS");
        cli_say_error(NULL, NULL, &err);
    } else if (options.help) {
        cli_options_help(stdout);
        code = cli_close_stdout();
    } else if (!cli_load_policies(&options, policies, &err)) {
        cli_say_error(NULL, NULL, &err);
    } else {
        code = explain(&options, policies);
    }
    tfr_policies_free(policies);
    cli_options_fini(&options);
    return code;
}
