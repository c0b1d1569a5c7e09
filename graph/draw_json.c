/* SPDX-License-Identifier: Apache-2.0 */
/* The graph for programs: tfready/graph/1. */
#include "graph/draw.h"

#include <stdlib.h>
#include <string.h>

static void add_text(struct tfr_buf *out, const char *text, size_t len)
{
    tfr_buf_putc(out, '"');
    for (size_t i = 0; i < len; i++) {
        const unsigned char byte = (unsigned char)text[i];
        size_t run = 0;

        while (i + run < len && (unsigned char)text[i + run] >= 0x20 && text[i + run] != '"' &&
               text[i + run] != '\\')
            run++;
        tfr_buf_add_json(out, text + i, run);
        i += run > 0 ? run - 1 : 0;
        if (byte < 0x20)
            tfr_buf_printf(out, "\\u%04x", byte);
        else if (run == 0)
            tfr_buf_printf(out, "\\%c", byte);
    }
    tfr_buf_putc(out, '"');
}

static void add_member(struct tfr_buf *out, const char *name, const struct tfr_sym *sym)
{
    tfr_buf_printf(out, ",\"%s\":", name);
    if (sym != NULL)
        add_text(out, sym->text, sym->len);
    else
        tfr_buf_puts(out, "null");
}

static void add_word(struct tfr_buf *out, const char *name, const char *word)
{
    if (word != NULL)
        tfr_buf_printf(out, ",\"%s\":\"%s\"", name, word);
    else
        tfr_buf_printf(out, ",\"%s\":null", name);
}

static void add_node(const struct tfr_node *node, struct tfr_buf *out)
{
    const struct tfr_resource *resource = node->resource;
    const bool planned = resource != NULL && resource->action != TFR_ACTION_NONE;

    tfr_buf_puts(out, "{\"address\":");
    add_text(out, node->address->text, node->address->len);
    add_word(out, "kind", tfr_node_kind_name((enum tfr_node_kind)node->kind));
    add_member(out, "type", resource != NULL ? resource->type : NULL);
    add_member(out, "module", resource != NULL ? resource->module : NULL);
    add_member(out, "deposed", resource != NULL ? resource->deposed : NULL);
    add_word(out, "action", planned ? tfr_action_name(resource->action) : NULL);
    add_word(out, "when", tfr_when_name((enum tfr_when)node->when));
    tfr_buf_putc(out, '}');
}

static void add_edge(const struct tfr_graph *graph, const struct tfr_edge *edge,
                     struct tfr_buf *out)
{
    const struct tfr_sym *from = graph->nodes[edge->from].address;

    tfr_buf_puts(out, "{\"from\":");
    add_text(out, from->text, from->len);
    add_member(out, "to", graph->nodes[edge->to].address);
    add_word(out, "origin", tfr_origin_name((enum tfr_origin)edge->origin));
    add_member(out, "path", edge->path);
    add_word(out, "certainty", tfr_certainty_name((enum tfr_certainty)edge->certainty));
    add_word(out, "when", tfr_when_name((enum tfr_when)edge->when));
    tfr_buf_putc(out, '}');
}

static const char *separator(uint32_t index)
{
    return index == 0 ? "\n    " : ",\n    ";
}

/* Of the whole graph, whatever of it is drawn. */
static void add_cycles(const struct tfr_graph *graph, struct tfr_buf *out)
{
    struct tfr_node_groups cycles;

    tfr_graph_cycles(graph, TFR_BOTH, &cycles);
    for (uint32_t i = 0; i < cycles.count; i++) {
        tfr_buf_puts(out, separator(i));
        for (uint32_t k = i > 0 ? cycles.end[i - 1] : 0; k < cycles.end[i]; k++) {
            const struct tfr_sym *address = graph->nodes[cycles.at[k]].address;

            tfr_buf_putc(out, k == (i > 0 ? cycles.end[i - 1] : 0) ? '[' : ',');
            add_text(out, address->text, address->len);
        }
        tfr_buf_putc(out, ']');
    }
    tfr_node_groups_fini(&cycles);
}

void tfr_draw_json(const struct tfr_picture *picture, struct tfr_buf *out)
{
    const struct tfr_graph *graph = picture->graph;
    uint32_t written = 0;

    tfr_buf_puts(out, "{\n  \"schema\": \"tfready/graph/1\",\n  \"nodes\": [");
    for (uint32_t i = 0; i < picture->box_count; i++) {
        tfr_buf_puts(out, separator(i));
        add_node(&graph->nodes[picture->boxes[i].node], out);
    }
    tfr_buf_puts(out, "\n  ],\n  \"edges\": [");
    for (uint32_t i = 0; i < picture->arrow_count; i++) {
        tfr_buf_puts(out, separator(i));
        add_edge(graph, picture->arrows[i].edge, out);
    }
    tfr_buf_puts(out, "\n  ],\n  \"unresolved\": [");
    for (uint32_t i = 0; i < picture->box_count; i++) {
        const struct tfr_sym *address = graph->nodes[picture->boxes[i].node].address;
        uint32_t count;
        const struct tfr_unresolved *at =
            tfr_graph_unresolved_of(graph, picture->boxes[i].node, &count);

        for (uint32_t j = 0; j < count; j++) {
            tfr_buf_puts(out, separator(written++));
            tfr_buf_puts(out, "{\"address\":");
            add_text(out, address->text, address->len);
            add_member(out, "path", at[j].path);
            add_member(out, "reference", at[j].reference);
            tfr_buf_putc(out, '}');
        }
    }
    tfr_buf_puts(out, "\n  ],\n  \"cycles\": [");
    add_cycles(graph, out);
    tfr_buf_puts(out, "\n  ]\n}\n");
}
