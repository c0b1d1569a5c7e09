/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes: read, and if they are documents, connect and walk them. */
#include "graph/graph.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct tfr_graph *graph)
{
    const tfr_node_id last = tfr_graph_node_count(graph) - 1;
    struct tfr_blast blast;
    struct tfr_node_groups groups;
    struct tfr_nodes nodes;
    struct tfr_distinct distinct;
    struct tfr_way way;

    tfr_graph_blast(graph, 0, &blast);
    (void)tfr_graph_blast_of_plan(graph);
    tfr_graph_cycles(graph, TFR_BOTH, &groups);
    tfr_node_groups_fini(&groups);
    tfr_graph_components(graph, TFR_BEFORE, &groups);
    tfr_node_groups_fini(&groups);
    tfr_graph_way(graph, 0, last, TFR_AFTER, &way);
    tfr_way_fini(&way);
    tfr_graph_neighbours(graph, last, TFR_AROUND, TFR_BOTH, &nodes);
    tfr_graph_distinct(graph, &nodes, "id", TFR_BEFORE, &distinct);
    tfr_nodes_fini(&nodes);
}

static void draw(const struct tfr_graph *graph)
{
    struct tfr_draw_options options = { .collapse = TFR_COLLAPSE_COUNT };
    struct tfr_buf out = { 0 };
    struct tfr_drawn drawn;

    (void)tfr_graph_write(graph, &options, &out, &drawn);
    options = (struct tfr_draw_options){ .format = TFR_DRAW_MERMAID, .all = true };
    (void)tfr_graph_write(graph, &options, &out, &drawn);
    tfr_buf_fini(&out);
}

static void on_document(void *ctx, struct tfr_document *document)
{
    struct tfr_graph *graph = tfr_graph_build(document);

    (void)ctx;
    if (tfr_graph_node_count(graph) > 0)
        ask(graph);
    draw(graph);
    tfr_graph_free(graph);
    tfr_document_free(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct tfr_read_options options = { 0 };
    const struct tfr_sink sink = { .document = on_document };

    tfr_read_memory("fuzz", data, size, &options, &sink);
    return 0;
}
