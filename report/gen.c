/* SPDX-License-Identifier: Apache-2.0 */
#include "report/gen.h"

#include <string.h>

/* yajl_gen fails only on states that its caller controls; what it writes goes to the stream and is
 * checked there. */

static void print(void *ctx, const char *bytes, size_t len)
{
    struct tfr_buf safe = { 0 };
    size_t plain = 0;

    while (plain < len && (unsigned char)bytes[plain] < 0x7f)
        plain++;
    if (plain == len) {
        (void)fwrite(bytes, 1, len, ctx);
        return;
    }
    tfr_buf_add_json(&safe, bytes, len);
    (void)fwrite(safe.data, 1, safe.len, ctx);
    tfr_buf_fini(&safe);
}

static yajl_gen new_gen(void)
{
    const yajl_alloc_funcs allocator = { tfr_take_memory, tfr_move_memory, tfr_give_memory, NULL };

    return yajl_gen_alloc(&allocator);
}

yajl_gen tfr_gen_new_line(void)
{
    return new_gen();
}

void tfr_gen_take(yajl_gen gen, struct tfr_buf *out)
{
    const unsigned char *text = NULL;
    size_t len = 0;

    (void)yajl_gen_get_buf(gen, &text, &len);
    tfr_buf_add_json(out, (const char *)text, len);
    yajl_gen_free(gen);
}

yajl_gen tfr_gen_new(FILE *out, bool indent)
{
    yajl_gen gen = new_gen();

    (void)yajl_gen_config(gen, yajl_gen_beautify, indent ? 1 : 0);
    (void)yajl_gen_config(gen, yajl_gen_indent_string, "  ");
    (void)yajl_gen_config(gen, yajl_gen_print_callback, print, (void *)out);
    return gen;
}

void tfr_gen_end(yajl_gen gen)
{
    yajl_gen_free(gen);
}

void tfr_gen_key(yajl_gen gen, const char *name)
{
    (void)yajl_gen_string(gen, (const unsigned char *)name, strlen(name));
}

static void value_of(yajl_gen gen, const char *value)
{
    if (value == NULL)
        (void)yajl_gen_null(gen);
    else
        (void)yajl_gen_string(gen, (const unsigned char *)value, strlen(value));
}

void tfr_gen_text(yajl_gen gen, const char *name, const char *value)
{
    tfr_gen_key(gen, name);
    value_of(gen, value);
}

void tfr_gen_file_name(yajl_gen gen, const char *name, const char *value)
{
    struct tfr_buf safe = { 0 };

    if (value != NULL)
        tfr_buf_add_safe(&safe, value, strlen(value));
    tfr_gen_text(gen, name, value != NULL ? tfr_buf_text(&safe) : NULL);
    tfr_buf_fini(&safe);
}

void tfr_gen_number(yajl_gen gen, const char *name, long long value)
{
    tfr_gen_key(gen, name);
    (void)yajl_gen_integer(gen, value);
}

void tfr_gen_maybe(yajl_gen gen, const char *name, bool given, long long value)
{
    tfr_gen_key(gen, name);
    if (given)
        (void)yajl_gen_integer(gen, value);
    else
        (void)yajl_gen_null(gen);
}

void tfr_gen_flag(yajl_gen gen, const char *name, bool value)
{
    tfr_gen_key(gen, name);
    (void)yajl_gen_bool(gen, value);
}

void tfr_gen_texts(yajl_gen gen, const char *name, const char *const *values)
{
    tfr_gen_open_list(gen, name);
    for (size_t i = 0; values != NULL && values[i] != NULL; i++)
        value_of(gen, values[i]);
    tfr_gen_close_list(gen);
}

void tfr_gen_open(yajl_gen gen, const char *name)
{
    if (name != NULL)
        tfr_gen_key(gen, name);
    (void)yajl_gen_map_open(gen);
}

void tfr_gen_open_list(yajl_gen gen, const char *name)
{
    if (name != NULL)
        tfr_gen_key(gen, name);
    (void)yajl_gen_array_open(gen);
}

void tfr_gen_close(yajl_gen gen)
{
    (void)yajl_gen_map_close(gen);
}

void tfr_gen_close_list(yajl_gen gen)
{
    (void)yajl_gen_array_close(gen);
}
