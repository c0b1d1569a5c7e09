/* SPDX-License-Identifier: Apache-2.0 */
/* Mermaid, as comments of code hosts render it: ids are numbers, labels are quoted. */
#include "graph/draw.h"

#include <string.h>

static void add_escaped(struct tfr_buf *out, const char *text, size_t len)
{
    struct tfr_buf safe = { 0 };

    tfr_buf_add_safe(&safe, text, len);
    for (size_t i = 0; i < safe.len; i++) {
        if (strchr("\"#<>&`;\\|{}", safe.data[i]) != NULL)
            tfr_buf_printf(out, "#%d;", safe.data[i]);
        else
            tfr_buf_putc(out, safe.data[i]);
    }
    tfr_buf_fini(&safe);
}

/* Two lines, as type and name are: boxes stay narrow. */
static void add_name(const struct tfr_picture *picture, const struct tfr_box *box,
                     struct tfr_buf *out)
{
    size_t type = tfr_box_type(picture, box);
    const char *name = tfr_box_name(box);
    const size_t len = box->key->len - (size_t)(name - box->key->text);

    if (type > 0) {
        add_escaped(out, name, type);
        tfr_buf_puts(out, "<br/>");
        type++; /* the dot */
    }
    add_escaped(out, name + type, len - type);
}

static void add_box(const struct tfr_picture *picture, uint32_t index, struct tfr_buf *out)
{
    const struct tfr_box *box = &picture->boxes[index];

    tfr_buf_printf(out, "  n%u[\"", index);
    add_name(picture, box, out);
    if (box->count > 1)
        tfr_buf_printf(out, " (%u objects)", box->count);
    if (box->deposed != NULL)
        tfr_buf_puts(out, " (deposed)");
    if (box->look != TFR_LOOK_STAYS)
        tfr_buf_printf(out, "<br/>%s", tfr_look_name((enum tfr_look)box->look));
    tfr_buf_puts(out, "\"]");
    if (box->look != TFR_LOOK_STAYS)
        tfr_buf_printf(out, ":::a%s", tfr_look_name((enum tfr_look)box->look));
    tfr_buf_putc(out, '\n');
}

/* Arrows to what goes are red; they are named by their place among all. */
static void add_arrows(const struct tfr_picture *picture, struct tfr_buf *out)
{
    bool any = false;

    for (uint32_t i = 0; i < picture->arrow_count; i++) {
        const struct tfr_arrow *arrow = &picture->arrows[i];

        tfr_buf_printf(out, "  n%u %s n%u\n", arrow->from,
                       arrow->edge->certainty == TFR_EXACT ? "-->" : "-.->", arrow->to);
    }
    for (uint32_t i = 0; i < picture->arrow_count; i++) {
        if (picture->boxes[picture->arrows[i].to].look < TFR_LOOK_REPLACE)
            continue;
        tfr_buf_printf(out, any ? ",%u" : "  linkStyle %u", i);
        any = true;
    }
    if (any)
        tfr_buf_puts(out, " stroke:#c5221f\n");
}

/* @return modules that are drawn */
static uint32_t add_boxes(const struct tfr_picture *picture, struct tfr_buf *out)
{
    const struct tfr_sym *open = NULL;
    uint32_t modules = 0;

    for (uint32_t i = 0; i < picture->box_count; i++) {
        const struct tfr_sym *cluster = picture->boxes[i].cluster;

        if (cluster != open && open != NULL)
            tfr_buf_puts(out, "  end\n");
        if (cluster != open && cluster != NULL) {
            tfr_buf_printf(out, "  subgraph m%u[\"", modules++);
            add_escaped(out, cluster->text, cluster->len);
            tfr_buf_puts(out, "\"]\n");
        }
        open = cluster;
        add_box(picture, i, out);
    }
    if (open != NULL)
        tfr_buf_puts(out, "  end\n");
    return modules;
}

void tfr_draw_mermaid(const struct tfr_picture *picture, struct tfr_buf *out)
{
    uint32_t modules;

    tfr_buf_puts(out, "flowchart LR\n");
    modules = add_boxes(picture, out);
    add_arrows(picture, out);
    tfr_buf_puts(out, "  classDef default fill:#ffffff,stroke:#9aa0a6,color:#3c4043\n"
                      "  classDef aread fill:#f1f3f4,stroke:#5f6368,color:#202124\n"
                      "  classDef acreate fill:#e6f4ea,stroke:#188038,color:#202124\n"
                      "  classDef aupdate fill:#fef7e0,stroke:#b06000,color:#202124\n"
                      "  classDef aforget fill:#f3e8fd,stroke:#8430ce,color:#202124\n"
                      "  classDef areplace fill:#fce8d5,stroke:#c5221f,color:#202124,"
                      "stroke-width:2px\n"
                      "  classDef adelete fill:#fad2cf,stroke:#c5221f,color:#202124,"
                      "stroke-width:2px,stroke-dasharray:5 3\n"
                      "  classDef module fill:#f8f9fa,stroke:#dadce0,color:#3c4043\n");
    for (uint32_t i = 0; i < modules; i++)
        tfr_buf_printf(out, i == 0 ? "  class m%u" : ",m%u", i);
    if (modules > 0)
        tfr_buf_puts(out, " module\n");
}
