/* SPDX-License-Identifier: Apache-2.0 */
/* Why a policy says what it says of one object: every condition with its answer. */
#include "policies/context.h"
#include "policies/evaluate.h"
#include "policies/words.h"

#include <inttypes.h>
#include <string.h>

#define MOST_NODES 1024

static const char *answer(enum tfr_truth_value value)
{
    static const char *const words[] = { "false", "true", "undecided", "error" };

    return words[value];
}

static void add_values(struct tfr_context *ctx, struct tfr_buf *line,
                       const struct tfr_subject *subject, const struct tfr_path *path)
{
    struct tfr_matches matches;

    tfr_attribute_find(ctx, subject, path, &matches);
    tfr_buf_puts(line, matches.count == 0 ? " - not set" : " - is");
    for (uint32_t i = 0; i < matches.count && i < 4; i++) {
        tfr_buf_puts(line, i > 0 ? ", " : " ");
        tfr_value_show(line, path->text, matches.at[i], 60);
    }
    if (matches.count > 4)
        tfr_buf_printf(line, " and %" PRIu32 " more", matches.count - 4);
}

static void describe(struct tfr_context *ctx, struct tfr_buf *line,
                     const struct tfr_subject *subject, const struct tfr_condition *node)
{
    static const char *const kinds[] = { "and",    "or",       "not",     "attribute", "connection",
                                         "filter", "resource", "any",     "change",    "graph",
                                         "class",  "guarded",  "analyser" };

    tfr_buf_puts(line, kinds[node->kind]);
    if (node->path != NULL) {
        tfr_buf_printf(line, " %s %s%s", node->path->text, node->path->jsonpath ? "jsonpath_" : "",
                       tfr_operator_name((enum tfr_operator)node->op, node->negate));
        if (node->value.kind != TFR_ABSENT) {
            tfr_buf_putc(line, ' ');
            tfr_value_show(line, NULL, &node->value, 60);
        }
        add_values(ctx, line, subject, node->path);
    }
    if (node->name != NULL)
        tfr_buf_printf(line, " %s", node->name);
}

/* Levels of each node: a kid is one deeper than the node whose subtree holds it. */
static void find_levels(const struct tfr_block *block, uint8_t *levels)
{
    memset(levels, 0, block->count);
    for (uint32_t i = block->count; i-- > 0;) {
        const uint32_t first = i + 1 - block->at[i].size;

        for (uint32_t k = first; k < i; k++)
            levels[k]++;
    }
}

static void print_block(struct tfr_context *ctx, FILE *out, const struct tfr_subject *subject,
                        const struct tfr_block *block)
{
    uint8_t levels[MOST_NODES];

    if (block->count > MOST_NODES)
        return;
    find_levels(block, levels);
    for (uint32_t i = 0; i < block->count; i++) {
        const struct tfr_block part = { block->at + i + 1 - block->at[i].size, block->at[i].size };
        const bool connected =
            block->at[i].kind == TFR_COND_CONNECTION || block->at[i].kind == TFR_COND_ANALYSER;
        const struct tfr_truth truth = tfr_block_truth(ctx, subject, &part);
        struct tfr_buf line = { 0 };

        describe(ctx, &line, subject, &block->at[i]);
        (void)fprintf(out, "  %-9s %*s%s\n", connected ? "-" : answer(truth.is), levels[i] * 2, "",
                      tfr_buf_text(&line));
        tfr_buf_fini(&line);
    }
}

static void print_results(FILE *out, const struct tfr_findings *findings, const char *address)
{
    bool found = false;

    for (size_t i = 0; i < findings->row_count; i++) {
        if (strcmp(tfr_row_address(findings, &findings->rows[i]), address) != 0)
            continue;
        found = true;
        (void)fprintf(out, "result: %s, %s in %s\n",
                      tfr_result_name((enum tfr_result)findings->rows[i].result),
                      tfr_severity_name((enum tfr_severity)findings->rows[i].severity),
                      tfr_environment_name(findings->environment.environment));
    }
    for (size_t i = 0; i < findings->count; i++) {
        const struct tfr_finding *finding = &findings->at[i];

        if (strcmp(finding->address, address) != 0)
            continue;
        (void)fprintf(out, "%s: %s\n", tfr_finding_state_name(finding->state), finding->message);
        if (finding->undecided_because != NULL)
            (void)fprintf(out, "decided by: %s\n", finding->undecided_because);
    }
    if (!found)
        (void)fputs("result: none, the policy does not look at it\n", out);
}

static const struct tfr_resource *find_resource(const struct tfr_document *document,
                                                const char *address)
{
    for (size_t i = 0; i < document->changes.count; i++) {
        if (tfr_sym_is(document->changes.at[i].address, address) &&
            document->changes.at[i].deposed == NULL)
            return &document->changes.at[i];
    }
    for (size_t i = 0; i < document->provider_objects.count; i++) {
        if (tfr_sym_is(document->provider_objects.at[i].address, address))
            return &document->provider_objects.at[i];
    }
    return NULL;
}

bool tfr_policies_explain(const struct tfr_policies *policies, const char *address,
                          struct tfr_document *document, const struct tfr_graph *graph, FILE *out)
{
    const struct tfr_evaluate_options options = { .has_environment = false };
    const struct tfr_resource *resource = find_resource(document, address);
    struct tfr_context ctx = { .document = document,
                               .graph = graph,
                               .policy = tfr_policies_at(policies, 0) };
    struct tfr_findings findings = { 0 };

    if (resource != NULL) {
        const struct tfr_subject subject = tfr_subject_of(&ctx, resource);
        const struct tfr_program *program = ctx.policy->program;

        ctx.index = tfr_type_index_new(document, NULL);
        ctx.regex = tfr_regex_new();
        if (program->when.count > 0) {
            (void)fputs("applies when\n", out);
            print_block(&ctx, out, &subject, &program->when);
        }
        (void)fputs(program->violation
                        ? "a finding if this is true (innermost conditions first)\n"
                        : "a finding if this is false (innermost conditions first)\n",
                    out);
        print_block(&ctx, out, &subject, &program->definition);
    }
    tfr_context_fini(&ctx);
    tfr_evaluate(document, graph, policies, &options, &findings);
    print_results(out, &findings, address);
    tfr_findings_fini(&findings);
    return resource != NULL;
}
