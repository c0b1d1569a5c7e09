/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_GRAPH_DRAW_H
#define TFR_GRAPH_DRAW_H

#include "graph/build.h"

/** How a box looks; the gravest action of what it stands for. Ascending. */
enum tfr_look {
    TFR_LOOK_STAYS,
    TFR_LOOK_READ,
    TFR_LOOK_CREATE,
    TFR_LOOK_UPDATE,
    TFR_LOOK_FORGET,
    TFR_LOOK_REPLACE,
    TFR_LOOK_DELETE,
    TFR_LOOKS,
};

/** One box: an object, or several that are collapsed. */
struct tfr_box {
    const struct tfr_sym *key;     /* what it is called: an address, a block or a module */
    const struct tfr_sym *cluster; /* the module it is drawn in, NULL: the root */
    const struct tfr_sym *deposed;
    tfr_node_id node; /* the (first) object */
    uint32_t count;   /* objects it stands for */
    uint8_t look;     /* enum tfr_look */
};

/** One arrow; several edges between the same boxes are one, but not in JSON. */
struct tfr_arrow {
    uint32_t from, to; /* boxes */
    const struct tfr_edge *edge;
    uint32_t count; /* edges of the same origin: other origins repeat them */
};

struct tfr_picture {
    const struct tfr_graph *graph;
    struct tfr_box *boxes; /* sorted by cluster and key; for JSON by key alone */
    uint32_t box_count;
    struct tfr_arrow *arrows; /* sorted by boxes */
    uint32_t arrow_count;
    uint32_t looks[TFR_LOOKS]; /* objects that are drawn, by look, collapsed or not */
};

void tfr_draw_dot(const struct tfr_picture *picture, struct tfr_buf *out);
void tfr_draw_mermaid(const struct tfr_picture *picture, struct tfr_buf *out);
void tfr_draw_json(const struct tfr_picture *picture, struct tfr_buf *out);
void tfr_draw_graphml(const struct tfr_picture *picture, struct tfr_buf *out);

/** "", "read", "create" ... */
const char *tfr_look_name(enum tfr_look look);
/** The key without the cluster in front, borrowed. */
const char *tfr_box_name(const struct tfr_box *box);

/** Bytes of the type in front of tfr_box_name(), without the dot behind it; 0 if none stands there.
 */
size_t tfr_box_type(const struct tfr_picture *picture, const struct tfr_box *box);

#endif
