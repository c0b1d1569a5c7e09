/* SPDX-License-Identifier: Apache-2.0 */
/* What is drawn: which nodes, as which boxes, with which arrows. */
#include "graph/draw.h"

#include <stdlib.h>
#include <string.h>

/* ---- words -------------------------------------------------------------------------------------
 */

/* Quotes around a key may be left out, or be single ones: shells take the double ones away. */
static const char *behind_quote(const char *at, const char *begin)
{
    const bool quote = *at == '"' || *at == '\'';

    return quote && ((at > begin && at[-1] == '[') || at[1] == ']') ? at + 1 : at;
}

bool tfr_address_glob(const char *glob, const char *text)
{
    const char *const glob_begin = glob;
    const char *const text_begin = text;
    const char *star = NULL;
    const char *retry = text;

    while (text = behind_quote(text, text_begin), *text != '\0') {
        glob = behind_quote(glob, glob_begin);
        if (*glob == '*') {
            star = glob++;
            retry = text;
        } else if (*glob == '?' || *glob == *text) {
            glob++;
            text++;
        } else if (star != NULL) {
            glob = star + 1;
            text = ++retry;
        } else {
            return false;
        }
    }
    glob = behind_quote(glob, glob_begin);
    while (*glob == '*')
        glob++;
    return *glob == '\0';
}

const char *tfr_look_name(enum tfr_look look)
{
    static const char *const names[] = { "",       "read",    "create", "update",
                                         "forget", "replace", "delete" };

    return names[look];
}

const char *tfr_box_name(const struct tfr_box *box)
{
    const struct tfr_sym *cluster = box->cluster;

    if (cluster != NULL && box->key->len > cluster->len + 1 &&
        memcmp(box->key->text, cluster->text, cluster->len) == 0 &&
        box->key->text[cluster->len] == '.')
        return box->key->text + cluster->len + 1;
    return box->key->text;
}

size_t tfr_box_type(const struct tfr_picture *picture, const struct tfr_box *box)
{
    const struct tfr_resource *resource = picture->graph->nodes[box->node].resource;
    const char *name = tfr_box_name(box);
    const size_t len = box->key->len - (size_t)(name - box->key->text);
    const size_t type = resource != NULL ? resource->type->len : 0;

    return type > 0 && len > type + 1 && name[type] == '.' &&
                   memcmp(name, resource->type->text, type) == 0
               ? type
               : 0;
}

static enum tfr_look look_of(const struct tfr_node *node)
{
    const struct tfr_resource *resource = node->resource;

    if (resource == NULL || resource->action == TFR_ACTION_NONE)
        return TFR_LOOK_STAYS;
    if (tfr_resource_is_replaced(resource))
        return TFR_LOOK_REPLACE;
    if (resource->deletes)
        return TFR_LOOK_DELETE;
    if (resource->forgets)
        return TFR_LOOK_FORGET;
    if (resource->creates)
        return TFR_LOOK_CREATE;
    if (resource->action == TFR_ACTION_READ)
        return TFR_LOOK_READ;
    return resource->action == TFR_ACTION_NO_OP ? TFR_LOOK_STAYS : TFR_LOOK_UPDATE;
}

/* ---- selection ---------------------------------------------------------------------------------
 */

struct selection {
    const struct tfr_graph *graph;
    const struct tfr_draw_options *options;
    uint8_t *in; /* by node: 0 no, else how much it is wanted: 1 is most */
};

/* Variables and providers join what has nothing to do with each other: no walk goes through. */
static bool joins_all(const struct tfr_node *node)
{
    return node->kind == TFR_NODE_VARIABLE || node->kind == TFR_NODE_PROVIDER;
}

static bool is_drawn_kind(const struct selection *selection, const struct tfr_node *node)
{
    return selection->options->all || node->kind == TFR_NODE_RESOURCE ||
           node->kind == TFR_NODE_DATA || node->kind == TFR_NODE_OUTPUT ||
           node->kind == TFR_NODE_BLOCK;
}

/* What only waits for something else uses none of it: such arrows would hide the others. */
static bool is_drawn_edge(const struct tfr_draw_options *options, const struct tfr_edge *edge)
{
    return options->all || options->format == TFR_DRAW_JSON || edge->origin != TFR_ORIGIN_ORDER;
}

static void reach(struct selection *selection, tfr_node_id node, tfr_node_id *queue, uint32_t *tail)
{
    if (selection->in[node] != 0)
        return;
    selection->in[node] = 2;
    queue[(*tail)++] = node;
}

static void spread(struct selection *selection, tfr_node_id node, tfr_node_id *queue,
                   uint32_t *tail)
{
    const struct tfr_edges out = tfr_graph_dependencies(selection->graph, node);
    const struct tfr_edges in = tfr_graph_dependants(selection->graph, node);
    const enum tfr_direction direction = selection->options->direction;

    for (uint32_t i = 0; direction != TFR_UP && i < out.count; i++) {
        if (is_drawn_edge(selection->options, tfr_edge_at(&out, i)))
            reach(selection, tfr_edge_at(&out, i)->to, queue, tail);
    }
    for (uint32_t i = 0; direction != TFR_DOWN && i < in.count; i++) {
        if (is_drawn_edge(selection->options, tfr_edge_at(&in, i)))
            reach(selection, tfr_edge_at(&in, i)->from, queue, tail);
    }
}

/* @return false if nothing matches */
static bool select_around(struct selection *selection)
{
    const struct tfr_graph *graph = selection->graph;
    const uint32_t depth = selection->options->depth;
    tfr_node_id *queue = tfr_calloc(graph->node_count, sizeof *queue);
    uint32_t tail = 0;
    uint32_t starts;
    uint32_t level_end;
    uint32_t level = 0;

    for (tfr_node_id i = 0; i < graph->node_count; i++) {
        if (tfr_address_glob(selection->options->around, graph->nodes[i].address->text))
            reach(selection, i, queue, &tail);
    }
    starts = level_end = tail;
    for (uint32_t head = 0; head < tail; head++) {
        if (head == level_end) {
            level++;
            level_end = tail;
        }
        if (depth != 0 && level == depth)
            break;
        if (head < starts || !joins_all(&graph->nodes[queue[head]]))
            spread(selection, queue[head], queue, &tail);
    }
    for (uint32_t i = 0; i < starts; i++)
        selection->in[queue[i]] = 1;
    tfr_free(queue);
    return starts > 0;
}

/* Changes, the grave ones first; then what stands beside them. A state, and a plan without any
 * change, is wanted whole. */
static void select_changes(struct selection *selection)
{
    const struct tfr_graph *graph = selection->graph;
    bool any = false;

    for (tfr_node_id i = 0; i < graph->node_count; i++) {
        const enum tfr_look look = look_of(&graph->nodes[i]);

        if (look != TFR_LOOK_STAYS)
            selection->in[i] = look >= TFR_LOOK_FORGET ? 1 : 2;
        any = any || look != TFR_LOOK_STAYS;
    }
    for (uint32_t i = 0; any && !selection->options->only_changes && i < graph->edge_count; i++) {
        const struct tfr_edge *edge = &graph->edges[i];
        uint8_t *from = &selection->in[edge->from];
        uint8_t *to = &selection->in[edge->to];

        if (!is_drawn_edge(selection->options, edge))
            continue;
        if (*from == 0 && (*to == 1 || *to == 2))
            *from = 3;
        if (*to == 0 && (*from == 1 || *from == 2))
            *to = 3;
    }
    for (tfr_node_id i = 0; !any && !selection->options->only_changes && i < graph->node_count; i++)
        selection->in[i] = 3;
}

static bool select_nodes(struct selection *selection)
{
    const struct tfr_graph *graph = selection->graph;
    const struct tfr_draw_options *options = selection->options;

    if (options->around != NULL) {
        if (!select_around(selection))
            return false;
    } else if (options->all && !options->only_changes) {
        memset(selection->in, 1, graph->node_count);
    } else {
        select_changes(selection);
    }
    for (tfr_node_id i = 0; i < graph->node_count; i++) {
        const struct tfr_node *node = &graph->nodes[i];
        const bool start = options->around != NULL && selection->in[i] == 1;

        if (!start && (!is_drawn_kind(selection, node) ||
                       (options->only_changes && look_of(node) == TFR_LOOK_STAYS)))
            selection->in[i] = 0;
    }
    return true;
}

/* ---- boxes -------------------------------------------------------------------------------------
 */

static struct tfr_box box_of(const struct tfr_graph *graph, tfr_node_id id,
                             const struct tfr_draw_options *options)
{
    const struct tfr_node *node = &graph->nodes[id];
    const struct tfr_resource *resource = node->resource; /* of a block: of any of its instances */
    struct tfr_box box = { .key = node->address, .node = id, .count = 1 };

    box.look = (uint8_t)look_of(node);
    if (node->kind == TFR_NODE_BLOCK && options->collapse != TFR_COLLAPSE_NONE)
        resource = graph->nodes[tfr_graph_first_in_block(graph, node->block)].resource;
    if (resource == NULL)
        return box;
    box.cluster = resource->module;
    box.deposed = resource->deposed;
    if (options->collapse != TFR_COLLAPSE_NONE) {
        box.deposed = NULL;
        box.key = resource->block;
        box.cluster = resource->module_block;
    }
    if (options->collapse == TFR_COLLAPSE_MODULE && resource->module_block != NULL) {
        box.key = resource->module_block;
        box.cluster = NULL;
    }
    return box;
}

static int compare_text(const struct tfr_sym *a, const struct tfr_sym *b)
{
    if (a == b)
        return 0;
    if (a == NULL || b == NULL)
        return a == NULL ? -1 : 1;
    return strcmp(a->text, b->text);
}

static int by_key(const void *left, const void *right)
{
    const struct tfr_box *a = left;
    const struct tfr_box *b = right;
    int order = compare_text(a->key, b->key);

    if (order == 0)
        order = compare_text(a->deposed, b->deposed);
    return order != 0 ? order : (a->node > b->node) - (a->node < b->node);
}

static int by_cluster(const void *left, const void *right)
{
    const struct tfr_box *a = left;
    const struct tfr_box *b = right;
    const int order = compare_text(a->cluster, b->cluster);

    return order != 0 ? order : by_key(left, right);
}

static bool same_box(const struct tfr_draw_options *options, const struct tfr_box *a,
                     const struct tfr_box *b)
{
    return options->collapse != TFR_COLLAPSE_NONE && a->key == b->key;
}

/* Boxes of all wanted nodes; `group` gives each node's box + 1. */
static void make_boxes(const struct selection *selection, struct tfr_picture *picture,
                       uint32_t *group)
{
    const struct tfr_graph *graph = selection->graph;
    const bool flat = selection->options->format == TFR_DRAW_JSON;
    struct tfr_box *boxes = tfr_calloc(graph->node_count, sizeof *boxes);
    uint32_t count = 0;
    uint32_t kept = 0;

    for (tfr_node_id i = 0; i < graph->node_count; i++) {
        if (selection->in[i] != 0)
            boxes[count++] = box_of(graph, i, selection->options);
    }
    if (count > 0)
        qsort(boxes, count, sizeof *boxes, flat ? by_key : by_cluster);
    for (uint32_t i = 0; i < count; i++) {
        if (kept > 0 && same_box(selection->options, &boxes[kept - 1], &boxes[i])) {
            boxes[kept - 1].count++;
            if (boxes[i].look > boxes[kept - 1].look)
                boxes[kept - 1].look = boxes[i].look;
        } else {
            boxes[kept++] = boxes[i];
        }
        group[boxes[i].node] = kept;
    }
    picture->boxes = boxes;
    picture->box_count = kept;
}

/* Keeps the boxes that are wanted most. A box is wanted as much as the node that is wanted most. */
static void limit_boxes(const struct selection *selection, struct tfr_picture *picture,
                        uint32_t *group, uint32_t left)
{
    const uint32_t count = picture->box_count;
    uint32_t *place = tfr_calloc(count, sizeof *place);
    uint32_t kept = 0;

    for (uint8_t rank = 1; rank <= 3; rank++) {
        for (tfr_node_id i = 0; i < selection->graph->node_count && left > 0; i++) {
            if (selection->in[i] == rank && place[group[i] - 1] == 0) {
                place[group[i] - 1] = 1;
                left--;
            }
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        if (place[i] == 0)
            continue;
        picture->boxes[kept++] = picture->boxes[i];
        place[i] = kept;
    }
    for (tfr_node_id i = 0; i < selection->graph->node_count; i++)
        group[i] = group[i] != 0 ? place[group[i] - 1] : 0;
    picture->box_count = kept;
    tfr_free(place);
}

/* ---- arrows ------------------------------------------------------------------------------------
 */

static int by_ends(const void *left, const void *right)
{
    const struct tfr_arrow *a = left;
    const struct tfr_arrow *b = right;

    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    if (a->edge->origin != b->edge->origin)
        return a->edge->origin < b->edge->origin ? -1 : 1;
    return compare_text(a->edge->path, b->edge->path);
}

static void make_arrows(struct tfr_picture *picture, const struct tfr_draw_options *options,
                        const uint32_t *group)
{
    const struct tfr_graph *graph = picture->graph;
    const bool each = options->format == TFR_DRAW_JSON;
    struct tfr_arrow *arrows = tfr_calloc(graph->edge_count, sizeof *arrows);
    uint32_t count = 0;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const uint32_t from = group[graph->edges[i].from];
        const uint32_t to = group[graph->edges[i].to];

        if (from != 0 && to != 0 && (each || from != to) &&
            is_drawn_edge(options, &graph->edges[i]))
            arrows[count++] = (struct tfr_arrow){ from - 1, to - 1, &graph->edges[i], 1 };
    }
    if (count > 0)
        qsort(arrows, count, sizeof *arrows, by_ends);
    for (uint32_t i = 0; i < count; i++) {
        if (!each && kept > 0 && arrows[kept - 1].from == arrows[i].from &&
            arrows[kept - 1].to == arrows[i].to)
            arrows[kept - 1].count += arrows[i].edge->origin == arrows[kept - 1].edge->origin;
        else
            arrows[kept++] = arrows[i];
    }
    picture->arrows = arrows;
    picture->arrow_count = kept;
}

/* One try with at most so many boxes. */
static void draw(const struct selection *selection, uint32_t most, struct tfr_buf *out,
                 struct tfr_drawn *drawn)
{
    static void (*const formats[])(const struct tfr_picture *,
                                   struct tfr_buf *) = { tfr_draw_dot, tfr_draw_mermaid,
                                                         tfr_draw_json, tfr_draw_graphml };
    const struct tfr_draw_options *options = selection->options;
    struct tfr_picture picture = { .graph = selection->graph };
    uint32_t *group = tfr_calloc(selection->graph->node_count, sizeof *group);
    uint32_t boxes;

    make_boxes(selection, &picture, group);
    boxes = picture.box_count;
    if (boxes > most)
        limit_boxes(selection, &picture, group, most);
    for (tfr_node_id i = 0; i < selection->graph->node_count; i++) {
        if (group[i] != 0)
            picture.looks[look_of(&selection->graph->nodes[i])]++;
    }
    make_arrows(&picture, options, group);
    drawn->left_out_nodes = boxes - picture.box_count;
    drawn->left_out_edges = 0;
    if (options->format == TFR_DRAW_MERMAID && picture.arrow_count > TFR_DRAW_MERMAID_EDGES) {
        drawn->left_out_edges = picture.arrow_count - TFR_DRAW_MERMAID_EDGES;
        picture.arrow_count = TFR_DRAW_MERMAID_EDGES;
    }
    formats[options->format](&picture, out);
    drawn->nodes = picture.box_count;
    drawn->edges = picture.arrow_count;
    tfr_free(picture.boxes);
    tfr_free(picture.arrows);
    tfr_free(group);
}

bool tfr_graph_write(const struct tfr_graph *graph, const struct tfr_draw_options *options,
                     struct tfr_buf *out, struct tfr_drawn *drawn)
{
    struct selection selection = { .graph = graph, .options = options };
    const size_t begin = out->len;
    uint32_t most = options->all ? UINT32_MAX : TFR_DRAW_NODES;

    *drawn = (struct tfr_drawn){ 0 };
    selection.in = tfr_calloc(graph->node_count, sizeof *selection.in);
    drawn->found = select_nodes(&selection);
    if (drawn->found)
        draw(&selection, most, out, drawn);
    /* Names may be long, and the renderers of code hosts refer to bytes. */
    while (drawn->found && options->format == TFR_DRAW_MERMAID &&
           out->len - begin > TFR_DRAW_MERMAID_BYTES && drawn->nodes > 1) {
        most = (uint32_t)((uint64_t)drawn->nodes * (TFR_DRAW_MERMAID_BYTES - 5000) /
                          (out->len - begin));
        out->len = begin;
        draw(&selection, most > 0 ? most : 1, out, drawn);
    }
    tfr_free(selection.in);
    return drawn->found;
}
