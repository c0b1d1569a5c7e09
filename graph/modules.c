/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of module paths: module.a["x"].module.b[0] has two. */
#include "graph/build.h"

#include <string.h>

/* End of the step that begins at `at`; where its key begins (its end if it has none). */
static size_t one_step(const char *text, size_t len, size_t at, size_t *key_at)
{
    at += strlen("module.");
    while (at < len && text[at] != '.' && text[at] != '[')
        at++;
    *key_at = at;
    if (at >= len || text[at] != '[')
        return at < len ? at : len;
    return tfr_address_key_end(text, len, at);
}

size_t tfr_graph_module_prefix(const struct tfr_sym *module, uint32_t steps, size_t *key_at)
{
    size_t at = 0;

    *key_at = 0;
    for (uint32_t i = 0; i < steps && at < module->len; i++) {
        if (i > 0)
            at++; /* the dot */
        at = one_step(module->text, module->len, at, key_at);
    }
    return at < module->len ? at : module->len;
}
