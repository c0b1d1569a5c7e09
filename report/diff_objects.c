/* SPDX-License-Identifier: Apache-2.0 */
/* Two states side by side, object by object. Attributes are told by name alone. */
#include "report/diff.h"
#include "report/escape.h"

#include <string.h>

/* Attributes of one object that a table for people names. */
#define NAMED 12

static const char *const names[] = { "appeared", "gone", "replaced", "moved", "changed" };

static void safe(struct tfr_buf *out, const char *text)
{
    tfr_buf_add_safe(out, text, strlen(text));
}

/* "serial 9 -> 12: 1 appeared, 2 changed, 40 as before" */
static void add_head(struct tfr_buf *out, const struct tfr_state_diff *states)
{
    size_t counts[TFR_OBJECT_CHANGES] = { 0 };

    for (size_t i = 0; i < states->count; i++)
        counts[states->at[i].change]++;
    if (states->old_serial >= 0 && states->new_serial >= 0)
        tfr_buf_printf(out, "serial %lld -> %lld%s: ", states->old_serial, states->new_serial,
                       states->new_serial < states->old_serial ? " (the new one is older)" : "");
    for (size_t i = 0; i < TFR_OBJECT_CHANGES; i++) {
        if (counts[i] > 0)
            tfr_buf_printf(out, "%zu %s, ", counts[i], names[i]);
    }
    tfr_buf_printf(out, "%zu as before", states->unchanged);
    if (states->other_lineage)
        tfr_buf_puts(out, "; these are states of two things: their lineages differ");
}

static void add_address(struct tfr_buf *out, const struct tfr_object_diff *object)
{
    if (object->old_address != NULL) {
        safe(out, object->old_address);
        tfr_buf_puts(out, " -> ");
    }
    tfr_buf_puts(out, object->is_output ? "output." : "");
    safe(out, object->address);
    if (object->deposed != NULL) {
        tfr_buf_puts(out, " (deposed ");
        safe(out, object->deposed);
        tfr_buf_putc(out, ')');
    }
}

static void add_attributes(struct tfr_buf *out, const struct tfr_object_diff *object)
{
    const size_t shown = object->attribute_count < NAMED ? object->attribute_count : NAMED;

    for (size_t i = 0; i < shown; i++) {
        tfr_buf_puts(out, i > 0 ? ", " : "");
        safe(out, object->attributes[i][0] != '\0' ? object->attributes[i] : "its value");
    }
    if (object->attribute_count > shown)
        tfr_buf_printf(out, " and %zu more", object->attribute_count - shown);
}

void tfr_diff_write_objects_text(const struct tfr_state_diff *states, struct tfr_buf *out)
{
    tfr_buf_puts(out, "\nOBJECTS  ");
    add_head(out, states);
    tfr_buf_putc(out, '\n');
    for (size_t i = 0; i < states->count; i++) {
        const struct tfr_object_diff *object = &states->at[i];

        tfr_buf_printf(out, "  %-8s  ", names[object->change]);
        add_address(out, object);
        tfr_buf_putc(out, '\n');
        if (object->attribute_count == 0)
            continue;
        tfr_buf_puts(out, "            ");
        add_attributes(out, object);
        tfr_buf_putc(out, '\n');
    }
}

void tfr_diff_write_objects_markdown(const struct tfr_state_diff *states, struct tfr_buf *out)
{
    struct tfr_buf cell = { 0 };

    add_head(&cell, states);
    tfr_buf_puts(out, "\n## Objects\n\n");
    tfr_escape_markdown(out, tfr_buf_text(&cell), 0);
    tfr_buf_puts(out, "\n\n| what | object | attributes |\n|---|---|---|\n");
    for (size_t i = 0; i < states->count; i++) {
        const struct tfr_object_diff *object = &states->at[i];

        tfr_buf_printf(out, "| %s | ", names[object->change]);
        tfr_buf_reset(&cell);
        add_address(&cell, object);
        tfr_escape_markdown_code(out, tfr_buf_text(&cell), 400, true);
        tfr_buf_puts(out, " | ");
        tfr_buf_reset(&cell);
        add_attributes(&cell, object);
        if (cell.len > 0)
            tfr_escape_markdown_code(out, cell.data, 400, true);
        tfr_buf_puts(out, " |\n");
    }
    tfr_buf_fini(&cell);
}

static void write_object(yajl_gen gen, const struct tfr_object_diff *object)
{
    tfr_gen_open(gen, NULL);
    tfr_gen_text(gen, "result", names[object->change]);
    tfr_gen_text(gen, object->is_output ? "output" : "address", object->address);
    tfr_gen_text(gen, "old_address", object->old_address);
    tfr_gen_text(gen, "deposed", object->deposed);
    tfr_gen_open_list(gen, "attributes");
    for (size_t i = 0; i < object->attribute_count; i++) {
        if (object->attributes[i][0] != '\0') /* else all of an output's value */
            tfr_gen_key(gen, object->attributes[i]);
    }
    tfr_gen_close_list(gen);
    tfr_gen_close(gen);
}

void tfr_diff_write_objects_json(const struct tfr_state_diff *states, yajl_gen gen)
{
    tfr_gen_open(gen, "objects");
    tfr_gen_number(gen, "old_serial", states->old_serial);
    tfr_gen_number(gen, "new_serial", states->new_serial);
    tfr_gen_flag(gen, "other_lineage", states->other_lineage);
    tfr_gen_number(gen, "unchanged", (long long)states->unchanged);
    tfr_gen_open_list(gen, "changes");
    for (size_t i = 0; i < states->count; i++)
        write_object(gen, &states->at[i]);
    tfr_gen_close_list(gen);
    tfr_gen_close(gen);
}
