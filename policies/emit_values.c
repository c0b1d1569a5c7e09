/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/emit_values.h"

#include <inttypes.h>
#include <string.h>

#define MAX_CONTAINERS 4096 /* lists and maps of one value */

void tfr_put(struct tfr_emitter *emitter, const char *text)
{
    (void)fputs(text, emitter->out);
}

static void put_text(struct tfr_emitter *emitter, const char *text, size_t len)
{
    tfr_put(emitter, "\"");
    for (size_t i = 0; i < len; i++) {
        const unsigned char byte = (unsigned char)text[i];

        if (byte < 0x20 || byte >= 0x7f || byte == '"' || byte == '\\' || byte == '?')
            (void)fprintf(emitter->out, "\\%03o", byte);
        else
            (void)fputc(byte, emitter->out);
    }
    tfr_put(emitter, "\"");
}

void tfr_put_string(struct tfr_emitter *emitter, const char *text)
{
    if (text == NULL)
        tfr_put(emitter, "NULL");
    else
        put_text(emitter, text, strlen(text));
}

void tfr_put_ref(struct tfr_emitter *emitter, const char *prefix, unsigned number)
{
    if (number == 0)
        tfr_put(emitter, "NULL");
    else
        (void)fprintf(emitter->out, "%s%u", prefix, number);
}

unsigned tfr_emit_texts(struct tfr_emitter *emitter, const char *const *texts, size_t count)
{
    const unsigned number = ++emitter->next;

    (void)fprintf(emitter->out, "static const char *const t%u[] = { ", number);
    for (size_t i = 0; i < count; i++) {
        tfr_put_string(emitter, texts[i]);
        tfr_put(emitter, ", ");
    }
    tfr_put(emitter, "NULL };\n");
    return number;
}

/* A list that ends with NULL; 0 for NULL itself. */
unsigned tfr_emit_list(struct tfr_emitter *emitter, const char *const *texts)
{
    size_t count = 0;

    if (texts == NULL)
        return 0;
    while (texts[count] != NULL)
        count++;
    return tfr_emit_texts(emitter, texts, count);
}

/* ---- values ---- */

static bool is_container(const struct tfr_value *value)
{
    return tfr_value_is_container(value) && value->count > 0;
}

static const struct tfr_value *child(const struct tfr_value *value, uint32_t index)
{
    return &tfr_value_children(value)[index];
}

void tfr_put_value(struct tfr_emitter *emitter, const struct tfr_value *value, unsigned number)
{
    static const char *const kinds[] = { "TFR_ABSENT", "TFR_NULL",   "TFR_UNKNOWN", "TFR_BOOL",
                                         "TFR_NUMBER", "TFR_STRING", "TFR_LIST",    "TFR_OBJECT" };

    (void)fprintf(emitter->out, "{ .kind = %s, .truth = %d, .count = %" PRIu32, kinds[value->kind],
                  value->kind == TFR_BOOL && value->truth, value->count);
    if (value->kind == TFR_NUMBER || value->kind == TFR_STRING) {
        tfr_put(emitter, ", .text = ");
        put_text(emitter, value->text, value->count);
    } else if (is_container(value)) {
        tfr_put(emitter, value->kind == TFR_LIST ? ", .items = "
                                                 : ", .object = (const struct tfr_object *)&");
        (void)fprintf(emitter->out, "v%u", number);
    }
    tfr_put(emitter, " }");
}

/* The names of a map, and their layout. */
static void emit_layout(struct tfr_emitter *emitter, const struct tfr_value *map, unsigned number)
{
    for (uint32_t i = 0; i < map->count; i++) {
        const struct tfr_sym *name = tfr_member_name(map, i);

        (void)fprintf(emitter->out,
                      "static const struct { uint32_t id, len; char text[%" PRIu32
                      "]; } s%u_%" PRIu32 " = { 0, %" PRIu32 ", ",
                      name->len + 1, number, i, name->len);
        put_text(emitter, name->text, name->len);
        tfr_put(emitter, " };\n");
    }
    (void)fprintf(emitter->out,
                  "static const struct { uint32_t count, mask; const uint8_t *places; "
                  "const struct tfr_sym *names[%" PRIu32 "]; } l%u = { %" PRIu32 ", 0, NULL, {\n",
                  map->count, number, map->count);
    for (uint32_t i = 0; i < map->count; i++)
        (void)fprintf(emitter->out, "(const struct tfr_sym *)&s%u_%" PRIu32 ",\n", number, i);
    tfr_put(emitter, "} };\n");
}

static void emit_container(struct tfr_emitter *emitter, const struct tfr_value *value,
                           unsigned number, unsigned first_child)
{
    const bool list = value->kind == TFR_LIST;

    if (list) {
        (void)fprintf(emitter->out, "static const struct tfr_value v%u[] = {\n", number);
    } else {
        emit_layout(emitter, value, number);
        (void)fprintf(emitter->out,
                      "static const struct { const struct tfr_layout *layout; "
                      "struct tfr_value values[%" PRIu32 "]; } v%u = { "
                      "(const struct tfr_layout *)&l%u, {\n",
                      value->count, number, number);
    }
    for (uint32_t i = 0; i < value->count; i++) {
        const struct tfr_value *one = child(value, i);

        tfr_put_value(emitter, one, is_container(one) ? first_child++ : 0);
        tfr_put(emitter, ",\n");
    }
    tfr_put(emitter, list ? "};\n" : "} };\n");
}

/* Containers in breadth-first order, written backwards: inner ones first. @return the number of the
 * outermost */
unsigned tfr_emit_value(struct tfr_emitter *emitter, const struct tfr_value *value)
{
    const struct tfr_value *queue[MAX_CONTAINERS];
    unsigned first[MAX_CONTAINERS];
    const unsigned base = emitter->next + 1;
    unsigned count = 0;

    if (!is_container(value))
        return 0;
    queue[count++] = value;
    for (unsigned i = 0; i < count; i++) {
        first[i] = base + count;
        for (uint32_t k = 0; k < queue[i]->count; k++) {
            if (is_container(child(queue[i], k)) && count < MAX_CONTAINERS)
                queue[count++] = child(queue[i], k);
        }
    }
    emitter->next += count;
    for (unsigned i = count; i-- > 0;)
        emit_container(emitter, queue[i], base + i, first[i]);
    return base;
}
