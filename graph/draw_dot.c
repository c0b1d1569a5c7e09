/* SPDX-License-Identifier: Apache-2.0 */
/* Graphviz: colours by action, a cluster for each module, deletions dashed and red. */
#include "graph/draw.h"

#include <string.h>

/* With more arrows than this their labels cover the picture. */
#define LABELLED_ARROWS 40

static void add_escaped(struct tfr_buf *out, const char *text, size_t len)
{
    struct tfr_buf safe = { 0 };

    tfr_buf_add_safe(&safe, text, len);
    for (size_t i = 0; i < safe.len; i++) {
        if (safe.data[i] == '"' || safe.data[i] == '\\')
            tfr_buf_putc(out, '\\');
        tfr_buf_putc(out, safe.data[i]);
    }
    tfr_buf_fini(&safe);
}

/* Two lines: the type, and the name below. */
static void add_label(const struct tfr_picture *picture, const struct tfr_box *box,
                      struct tfr_buf *out)
{
    const char *name = tfr_box_name(box);
    const size_t len = box->key->len - (size_t)(name - box->key->text);
    size_t type = tfr_box_type(picture, box);

    if (type > 0) {
        add_escaped(out, name, type);
        tfr_buf_puts(out, "\\n");
        type++; /* the dot */
    }
    add_escaped(out, name + type, len - type);
    if (box->count > 1)
        tfr_buf_printf(out, " (%u objects)", box->count);
    if (box->deposed != NULL)
        tfr_buf_puts(out, "\\n(deposed)");
    if (box->look != TFR_LOOK_STAYS)
        tfr_buf_printf(out, "\\n%s", tfr_look_name((enum tfr_look)box->look));
}

static void add_box(const struct tfr_picture *picture, uint32_t index, struct tfr_buf *out)
{
    static const char *const styles[TFR_LOOKS] = {
        "fillcolor=\"#ffffff\", color=\"#9aa0a6\", fontcolor=\"#5f6368\"",
        "fillcolor=\"#f1f3f4\", color=\"#5f6368\"",
        "fillcolor=\"#e6f4ea\", color=\"#188038\"",
        "fillcolor=\"#fef7e0\", color=\"#b06000\"",
        "fillcolor=\"#f3e8fd\", color=\"#8430ce\", style=\"filled,rounded,dashed\"",
        "fillcolor=\"#fce8d5\", color=\"#c5221f\", penwidth=2",
        "fillcolor=\"#fad2cf\", color=\"#c5221f\", penwidth=2, style=\"filled,rounded,dashed\"",
    };
    const struct tfr_box *box = &picture->boxes[index];

    tfr_buf_printf(out, "  n%u [label=\"", index);
    add_label(picture, box, out);
    tfr_buf_printf(out, "\", %s];\n", styles[box->look]);
}

static void add_arrow(const struct tfr_picture *picture, const struct tfr_arrow *arrow,
                      struct tfr_buf *out)
{
    static const char *const styles[] = { "solid", "dashed", "dotted" };
    const struct tfr_edge *edge = arrow->edge;

    tfr_buf_printf(out, "  n%u -> n%u [style=%s", arrow->from, arrow->to, styles[edge->certainty]);
    if (picture->boxes[arrow->to].look >= TFR_LOOK_REPLACE)
        tfr_buf_puts(out, ", color=\"#c5221f\"");
    if (edge->path != NULL) {
        tfr_buf_puts(out, picture->arrow_count <= LABELLED_ARROWS ? ", label=\"" : ", tooltip=\"");
        add_escaped(out, edge->path->text, edge->path->len);
        if (arrow->count > 1)
            tfr_buf_printf(out, " +%u", arrow->count - 1);
        tfr_buf_putc(out, '"');
    }
    tfr_buf_puts(out, "];\n");
}

/* What the picture holds, and what its lines mean. */
static void add_caption(const struct tfr_picture *picture, struct tfr_buf *out)
{
    const uint32_t *counts = picture->looks;
    bool any = false;

    tfr_buf_puts(out, "  labelloc=b; labeljust=l; fontsize=10; fontcolor=\"#5f6368\"; label=\"");
    for (int look = TFR_LOOKS - 1; look > TFR_LOOK_STAYS; look--) {
        if (counts[look] == 0)
            continue;
        tfr_buf_printf(out, "%s%u %s", any ? ", " : "", counts[look],
                       tfr_look_name((enum tfr_look)look));
        any = true;
    }
    if (counts[TFR_LOOK_STAYS] > 0)
        tfr_buf_printf(out, "%s%u %s", any ? ", " : "", counts[TFR_LOOK_STAYS],
                       any ? "beside them" : "that stay");
    tfr_buf_puts(out, "\\lfrom what depends to what it depends on; solid: exact, dashed: perhaps "
                      "too wide, dotted: by value\\l\";\n");
}

void tfr_draw_dot(const struct tfr_picture *picture, struct tfr_buf *out)
{
    const struct tfr_sym *open = NULL;

    tfr_buf_puts(out,
                 "digraph tfready {\n"
                 "  rankdir=LR; nodesep=0.15; ranksep=0.7; fontname=\"Helvetica\";\n"
                 "  node [shape=box, style=\"filled,rounded\", fontname=\"Helvetica\", fontsize=10,"
                 " margin=\"0.12,0.05\"];\n"
                 "  edge [color=\"#9aa0a6\", arrowsize=0.6, fontname=\"Helvetica\", fontsize=8,"
                 " fontcolor=\"#5f6368\"];\n");
    add_caption(picture, out);
    for (uint32_t i = 0; i < picture->box_count; i++) {
        const struct tfr_sym *cluster = picture->boxes[i].cluster;

        if (cluster != open && open != NULL)
            tfr_buf_puts(out, "  }\n");
        if (cluster != open && cluster != NULL) {
            tfr_buf_printf(out, "  subgraph cluster_%u {\n  label=\"", i);
            add_escaped(out, cluster->text, cluster->len);
            tfr_buf_puts(out, "\"; labelloc=t; labeljust=l; fontsize=11; fontcolor=black; "
                              "style=\"rounded,filled\";"
                              " color=\"#dadce0\"; fillcolor=\"#f8f9fa\";\n");
        }
        open = cluster;
        add_box(picture, i, out);
    }
    if (open != NULL)
        tfr_buf_puts(out, "  }\n");
    for (uint32_t i = 0; i < picture->arrow_count; i++)
        add_arrow(picture, &picture->arrows[i], out);
    tfr_buf_puts(out, "}\n");
}
