/* SPDX-License-Identifier: Apache-2.0 */
/* Terraform writes the configuration of a module once for each call. Where the root calls a module
 * again, and the text is the same to the byte, what was made of the first is shared: only the
 * modules themselves, which know their path and their caller, are made anew. */
#include "planparse/reader.h"

#include <string.h>

#define KNOWN 64                        /* modules that are remembered, by their source */
#define KNOWN_BYTES ((size_t)256 << 10) /* longest text of one */

static struct tfr_open_module *innermost(struct tfr_reader *reader, size_t out)
{
    return (struct tfr_open_module *)reader->open_modules.at +
           (reader->open_modules.count - 1 - out);
}

static struct tfr_known_module *find_known(struct tfr_reader *reader, const struct tfr_sym *source)
{
    struct tfr_known_module *known = reader->known_modules.at;

    for (size_t i = 0; i < reader->known_modules.count; i++) {
        if (known[i].source == source)
            return &known[i];
    }
    return NULL;
}

void tfr_module_keep(struct tfr_reader *reader)
{
    const struct tfr_sym *source;
    struct tfr_known_module *known;
    const char *text;
    size_t len;

    if (reader->open_modules.count != 2)
        return;
    source = innermost(reader, 1)->call.source;
    text = tfr_json_left(reader->json, &len);
    if (source == NULL || text == NULL || len > KNOWN_BYTES)
        return;
    known = find_known(reader, source);
    if (known == NULL && reader->known_modules.count == KNOWN)
        return;
    if (known == NULL)
        known = tfr_list_add(&reader->known_modules, sizeof *known);
    known->source = source;
    known->module = innermost(reader, 0)->module;
    known->text = tfr_grow(known->text, &known->cap, len, 1);
    known->len = len;
    memcpy(known->text, text, len);
}

/* The same for another caller. */
static struct tfr_config_module *copy_one(struct tfr_reader *reader,
                                          const struct tfr_config_module *from,
                                          const struct tfr_config_module *parent,
                                          const struct tfr_sym *name)
{
    struct tfr_config_module *to = tfr_arena_copy(&reader->document->arena, from, sizeof *from);

    if (from->path != NULL) /* else it was called, but not written */
        tfr_module_enter(reader, to, parent, name);
    return to;
}

static struct tfr_config_module *copy_all(struct tfr_reader *reader,
                                          const struct tfr_config_module *from,
                                          const struct tfr_config_module *parent,
                                          const struct tfr_sym *name)
{
    struct tfr_config_module *top = copy_one(reader, from, parent, name);
    struct tfr_list todo = { 0 };

    *(struct tfr_config_module **)tfr_list_add(&todo, sizeof top) = top;
    while (todo.count > 0) {
        struct tfr_config_module *module = ((struct tfr_config_module **)todo.at)[--todo.count];
        struct tfr_config_call *calls = tfr_arena_copy(&reader->document->arena, module->calls,
                                                       module->call_count * sizeof *calls);

        for (uint32_t i = 0; i < module->call_count; i++) {
            struct tfr_config_module *child =
                copy_one(reader, calls[i].module, module, calls[i].name);

            child->call = &calls[i];
            calls[i].module = child;
            *(struct tfr_config_module **)tfr_list_add(&todo, sizeof child) = child;
        }
        module->calls = calls;
    }
    tfr_free(todo.at);
    return top;
}

bool tfr_module_again(void *ctx, const char *bytes, size_t len, size_t *used)
{
    struct tfr_reader *reader = ctx;
    const struct tfr_known_module *known;
    struct tfr_open_module *root;

    if (reader->open_modules.count != 1)
        return false;
    root = innermost(reader, 0);
    known = root->call.source != NULL ? find_known(reader, root->call.source) : NULL;
    if (known == NULL || known->len > len || memcmp(bytes, known->text, known->len) != 0)
        return false;
    root->call.module = copy_all(reader, known->module, root->module, root->call.name);
    *used = known->len;
    return true;
}
