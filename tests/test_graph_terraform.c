/* SPDX-License-Identifier: Apache-2.0 */
/* Terraform's own graph of the shop stack: none of its edges is missing, and no exact edge of ours
 * is beyond it. */
#include "graph/graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DOCUMENTS TFREADY_SOURCE_DIR "/testdata/documents/"
#define EDGES 256

struct truth {
    char from[EDGES][200], to[EDGES][200];
    size_t count;
};

static struct tfr_document *document;
static struct tfr_graph *graph;
static struct truth truth;

static void on_document(void *ctx, struct tfr_document *read)
{
    (void)ctx;
    document = read;
}

static void on_refused(void *ctx, const char *name, const char *member,
                       const struct tfr_error *error)
{
    (void)ctx;
    (void)member;
    fail_msg("%s: %s", name, error->msg);
}

static int set_up(void **state)
{
    const struct tfr_read_options options = { 0 };
    const struct tfr_sink sink = { .document = on_document, .refused = on_refused };
    FILE *dot = fopen(TFREADY_SOURCE_DIR "/testdata/stacks/shop/configuration.graph.dot", "r");
    char line[512];

    (void)state;
    if (dot == NULL)
        return 1;
    while (fgets(line, sizeof line, dot) != NULL) {
        if (strstr(line, " -> ") == NULL)
            continue;
        if (truth.count == EDGES || sscanf(line, " \"%199[^\"]\" -> \"%199[^\"]\"",
                                           truth.from[truth.count], truth.to[truth.count]) != 2) {
            (void)fclose(dot);
            return 1; /* an edge that is left out would be taken for found */
        }
        truth.count++;
    }
    (void)fclose(dot);
    tfr_read_input(DOCUMENTS "unchanged.plan.json", &options, &sink);
    graph = document != NULL ? tfr_graph_build(document) : NULL;
    return graph == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    tfr_graph_free(graph);
    tfr_document_free(document);
    return 0;
}

static bool is_of(tfr_node_id node, const char *block)
{
    const struct tfr_resource *resource = tfr_graph_node(graph, node)->resource;

    return resource != NULL && strcmp(resource->block->text, block) == 0;
}

static bool reaches(const char *from, const char *to)
{
    const struct tfr_walk walk = { .direction = TFR_DOWN, .when = TFR_BOTH, .with_order = true };
    bool found = false;

    for (tfr_node_id node = 0; node < tfr_graph_node_count(graph) && !found; node++) {
        struct tfr_nodes nodes;

        if (!is_of(node, from))
            continue;
        tfr_graph_reach(graph, node, &walk, &nodes);
        for (uint32_t i = 0; i < nodes.count; i++)
            found = found || is_of(nodes.at[i], to);
        tfr_nodes_fini(&nodes);
    }
    return found;
}

/* Whether Terraform's graph implies it: marks what `from` reaches until nothing new comes. */
static bool is_implied(const char *from, const char *to)
{
    bool marked[EDGES] = { false };
    bool grew = true;

    while (grew) {
        grew = false;
        for (size_t i = 0; i < truth.count; i++) {
            bool reached = strcmp(truth.from[i], from) == 0;

            for (size_t k = 0; k < truth.count && !reached; k++)
                reached = marked[k] && strcmp(truth.to[k], truth.from[i]) == 0;
            if (!reached || marked[i])
                continue;
            if (strcmp(truth.to[i], to) == 0)
                return true;
            marked[i] = grew = true;
        }
    }
    return false;
}

static void every_edge_of_terraform_is_found(void **state)
{
    (void)state;
    assert_true(truth.count > 20);
    for (size_t i = 0; i < truth.count; i++) {
        if (!reaches(truth.from[i], truth.to[i]))
            fail_msg("%s -> %s is missing", truth.from[i], truth.to[i]);
    }
}

static void no_exact_edge_is_beyond_terraform(void **state)
{
    (void)state;
    for (tfr_node_id node = 0; node < tfr_graph_node_count(graph); node++) {
        const struct tfr_resource *from = tfr_graph_node(graph, node)->resource;
        const struct tfr_edges edges = tfr_graph_dependencies(graph, node);

        for (uint32_t i = 0; from != NULL && i < edges.count; i++) {
            const struct tfr_resource *to =
                tfr_graph_node(graph, tfr_edge_at(&edges, i)->to)->resource;

            if (to != NULL && tfr_edge_at(&edges, i)->certainty == TFR_EXACT &&
                from->block != to->block && !is_implied(from->block->text, to->block->text))
                fail_msg("%s -> %s is not Terraform's", from->block->text, to->block->text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_edge_of_terraform_is_found),
        cmocka_unit_test(no_exact_edge_is_beyond_terraform),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
