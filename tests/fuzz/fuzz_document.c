/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes: read, and if they are documents, connect and walk them. */
#include "graph/graph.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_document(void *ctx, struct tfr_document *document)
{
    struct tfr_graph *graph = tfr_graph_build(document);
    struct tfr_blast blast;

    (void)ctx;
    if (tfr_graph_node_count(graph) > 0) {
        tfr_graph_blast(graph, 0, &blast);
        tfr_blast_fini(&blast);
    }
    (void)tfr_graph_blast_of_plan(graph);
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
