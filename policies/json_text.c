/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/cases.h"

#include <string.h>

struct open {
    const struct tfr_value *value;
    uint32_t next;
};

void tfr_json_string(struct tfr_buf *out, const char *text, size_t len)
{
    tfr_buf_putc(out, '"');
    for (size_t i = 0; i < len; i++) {
        const unsigned char byte = (unsigned char)text[i];

        if (byte == '"' || byte == '\\')
            tfr_buf_printf(out, "\\%c", byte);
        else if (byte < 0x20)
            tfr_buf_printf(out, "\\u%04x", byte);
        else
            tfr_buf_putc(out, (char)byte);
    }
    tfr_buf_putc(out, '"');
}

static void add_scalar(struct tfr_buf *out, const struct tfr_value *value)
{
    if (value->kind == TFR_BOOL)
        tfr_buf_puts(out, value->truth ? "true" : "false");
    else if (value->kind == TFR_NUMBER)
        tfr_buf_printf(out, "%s%s", value->text[0] == '.' ? "0" : "", value->text);
    else if (value->kind == TFR_STRING)
        tfr_json_string(out, value->text, value->count);
    else
        tfr_buf_puts(out, "null");
}

static const struct tfr_value *next_child(struct tfr_buf *out, struct open *top)
{
    const bool list = top->value->kind == TFR_LIST;
    const uint32_t at = top->next++;

    if (at == 0)
        tfr_buf_putc(out, list ? '[' : '{');
    if (at == top->value->count) {
        tfr_buf_putc(out, list ? ']' : '}');
        return NULL;
    }
    if (at > 0)
        tfr_buf_putc(out, ',');
    if (list)
        return &top->value->items[at];
    tfr_json_string(out, tfr_member_name(top->value, at)->text,
                    tfr_member_name(top->value, at)->len);
    tfr_buf_putc(out, ':');
    return tfr_member_value(top->value, at);
}

void tfr_json_value(struct tfr_buf *out, const struct tfr_value *value)
{
    struct open stack[TFR_YAML_DEPTH + 1]; /* values come from YAML, which is no deeper */
    size_t depth = 0;

    if (!tfr_value_is_container(value)) {
        add_scalar(out, value);
        return;
    }
    stack[depth++] = (struct open){ value, 0 };
    while (depth > 0) {
        const struct tfr_value *child = next_child(out, &stack[depth - 1]);

        if (child == NULL)
            depth--;
        else if (tfr_value_is_container(child) && depth <= TFR_YAML_DEPTH)
            stack[depth++] = (struct open){ child, 0 };
        else
            add_scalar(out, child);
    }
}

void tfr_json_add_text(struct tfr_buf *out, const char *text)
{
    tfr_json_string(out, text, strlen(text));
}

void tfr_json_add_key(struct tfr_buf *out, const char *key)
{
    tfr_json_add_text(out, key);
    tfr_buf_putc(out, ':');
}

void tfr_json_add_member(struct tfr_buf *out, const char *key, const struct tfr_yaml *node)
{
    if (node == NULL)
        return;
    tfr_buf_putc(out, ',');
    tfr_json_add_key(out, key);
    tfr_json_value(out, &node->value);
}
