/* SPDX-License-Identifier: Apache-2.0 */
/* Maps by their keys, and what a key that nobody knows was meant to be. */
#include "policies/yaml.h"

#include <string.h>

const struct tfr_yaml *tfr_yaml_get(const struct tfr_yaml *map, const char *key)
{
    if (map == NULL || map->kind != TFR_YAML_MAP)
        return NULL;
    for (uint32_t i = 0; i < map->count; i++) {
        if (strcmp(map->items[2 * i]->text, key) == 0)
            return map->items[2 * i + 1];
    }
    return NULL;
}

const char *tfr_yaml_string(const struct tfr_yaml *node)
{
    return node != NULL && node->kind == TFR_YAML_SCALAR && node->value.kind == TFR_STRING
               ? node->text
               : NULL;
}

/* Edit distance of short words; longer ones are far from everything. */
static size_t distance(const char *a, const char *b)
{
    size_t row[33];
    const size_t la = strlen(a), lb = strlen(b);

    if (la > 32 || lb > 32)
        return 99;
    for (size_t j = 0; j <= lb; j++)
        row[j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            const size_t above = row[j];
            size_t best = corner + (a[i - 1] != b[j - 1]);

            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            row[j] = above + 1 < best ? above + 1 : best;
            corner = above;
        }
    }
    return row[lb];
}

const char *tfr_nearest(const char *word, const char *const *known)
{
    const char *best = NULL;
    size_t least = strlen(word) < 4 ? 2 : 3;

    for (size_t i = 0; known[i] != NULL; i++) {
        const size_t far = distance(word, known[i]);

        if (far < least) {
            least = far;
            best = known[i];
        }
    }
    return best;
}

bool tfr_yaml_known_keys(const struct tfr_yaml_file *file, const struct tfr_yaml *map,
                         const char *const *known, struct tfr_error *err)
{
    for (uint32_t i = 0; i < map->count; i++) {
        const struct tfr_yaml *key = map->items[2 * i];
        const char *near;
        bool found = false;

        for (size_t k = 0; known[k] != NULL && !found; k++)
            found = strcmp(known[k], key->text) == 0;
        if (found)
            continue;
        (void)tfr_yaml_fail(err, file, key, "unknown key %.60s", key->text);
        near = tfr_nearest(key->text, known);
        return near != NULL ? tfr_fail_hint(err, "did you mean %s?", near) : false;
    }
    return true;
}
