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

static void add_box(const struct tfr_box *box, uint32_t index, struct tfr_buf *out)
{
    const char *name = tfr_box_name(box);

    tfr_buf_printf(out, "  n%u[\"", index);
    add_escaped(out, name, box->key->len - (size_t)(name - box->key->text));
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

void tfr_draw_mermaid(const struct tfr_picture *picture, struct tfr_buf *out)
{
    const struct tfr_sym *open = NULL;

    tfr_buf_puts(out, "flowchart LR\n");
    for (uint32_t i = 0; i < picture->box_count; i++) {
        const struct tfr_sym *cluster = picture->boxes[i].cluster;

        if (cluster != open && open != NULL)
            tfr_buf_puts(out, "  end\n");
        if (cluster != open && cluster != NULL) {
            tfr_buf_printf(out, "  subgraph m%u[\"", i);
            add_escaped(out, cluster->text, cluster->len);
            tfr_buf_puts(out, "\"]\n");
        }
        open = cluster;
        add_box(&picture->boxes[i], i, out);
    }
    if (open != NULL)
        tfr_buf_puts(out, "  end\n");
    for (uint32_t i = 0; i < picture->arrow_count; i++) {
        const struct tfr_arrow *arrow = &picture->arrows[i];

        tfr_buf_printf(out, "  n%u %s n%u\n", arrow->from,
                       arrow->edge->certainty == TFR_EXACT ? "-->" : "-.->", arrow->to);
    }
    tfr_buf_puts(out, "  classDef aread fill:#f1f3f4,stroke:#5f6368,color:#202124\n"
                      "  classDef acreate fill:#e6f4ea,stroke:#188038,color:#202124\n"
                      "  classDef aupdate fill:#fef7e0,stroke:#b06000,color:#202124\n"
                      "  classDef aforget fill:#f3e8fd,stroke:#8430ce,color:#202124\n"
                      "  classDef areplace fill:#fce8d5,stroke:#c5221f,color:#202124\n"
                      "  classDef adelete fill:#fad2cf,stroke:#c5221f,color:#202124,"
                      "stroke-dasharray:5 3\n");
}
