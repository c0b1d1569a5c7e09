/* SPDX-License-Identifier: Apache-2.0 */
/* GraphML, for yEd, Gephi and programs. */
#include "graph/draw.h"

#include <string.h>

static void add_escaped(struct tfr_buf *out, const char *text, size_t len)
{
    struct tfr_buf safe = { 0 };

    tfr_buf_add_safe(&safe, text, len); /* XML has no place for control characters */
    for (size_t i = 0; i < safe.len; i++) {
        if (strchr("\"'<>&", safe.data[i]) != NULL)
            tfr_buf_printf(out, "&#%d;", safe.data[i]);
        else if (i + 2 < safe.len && memcmp(safe.data + i, "\xef\xbf", 2) == 0 &&
                 (unsigned char)safe.data[i + 2] >= 0xbe) {
            tfr_buf_putc(out, '?'); /* U+FFFE and U+FFFF are no characters of XML */
            i += 2;
        } else
            tfr_buf_putc(out, safe.data[i]);
    }
    tfr_buf_fini(&safe);
}

static void add_data(struct tfr_buf *out, const char *key, const char *text, size_t len)
{
    tfr_buf_printf(out, "<data key=\"%s\">", key);
    add_escaped(out, text, len);
    tfr_buf_puts(out, "</data>");
}

static void add_word(struct tfr_buf *out, const char *key, const char *word)
{
    add_data(out, key, word, strlen(word));
}

static void add_sym(struct tfr_buf *out, const char *key, const struct tfr_sym *sym)
{
    if (sym != NULL)
        add_data(out, key, sym->text, sym->len);
}

static void add_keys(struct tfr_buf *out)
{
    static const char *const names[] = { "address", "kind",   "type",     "module",
                                         "deposed", "action", "count",    "when",
                                         "origin",  "path",   "certainty" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        tfr_buf_printf(out,
                       "  <key id=\"%s\" for=\"all\" attr.name=\"%s\" attr.type=\"string\"/>\n",
                       names[i], names[i]);
}

static void add_node(const struct tfr_picture *picture, uint32_t index, struct tfr_buf *out)
{
    const struct tfr_box *box = &picture->boxes[index];
    const struct tfr_node *node = &picture->graph->nodes[box->node];
    struct tfr_buf number = { 0 };

    tfr_buf_printf(out, "    <node id=\"n%u\">", index);
    add_sym(out, "address", box->key);
    add_word(out, "kind", tfr_node_kind_name((enum tfr_node_kind)node->kind));
    if (node->resource != NULL)
        add_sym(out, "type", node->resource->type);
    add_sym(out, "module", box->cluster);
    add_sym(out, "deposed", box->deposed);
    add_word(out, "action", tfr_look_name((enum tfr_look)box->look));
    tfr_buf_printf(&number, "%u", box->count);
    add_word(out, "count", tfr_buf_text(&number));
    add_word(out, "when", tfr_when_name((enum tfr_when)node->when));
    tfr_buf_puts(out, "</node>\n");
    tfr_buf_fini(&number);
}

void tfr_draw_graphml(const struct tfr_picture *picture, struct tfr_buf *out)
{
    tfr_buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
    add_keys(out);
    tfr_buf_puts(out, "  <graph id=\"tfready\" edgedefault=\"directed\">\n");
    for (uint32_t i = 0; i < picture->box_count; i++)
        add_node(picture, i, out);
    for (uint32_t i = 0; i < picture->arrow_count; i++) {
        const struct tfr_arrow *arrow = &picture->arrows[i];

        tfr_buf_printf(out, "    <edge source=\"n%u\" target=\"n%u\">", arrow->from, arrow->to);
        add_word(out, "origin", tfr_origin_name((enum tfr_origin)arrow->edge->origin));
        add_sym(out, "path", arrow->edge->path);
        add_word(out, "certainty", tfr_certainty_name((enum tfr_certainty)arrow->edge->certainty));
        add_word(out, "when", tfr_when_name((enum tfr_when)arrow->edge->when));
        tfr_buf_puts(out, "</edge>\n");
    }
    tfr_buf_puts(out, "  </graph>\n</graphml>\n");
}
