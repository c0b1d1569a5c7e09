/* SPDX-License-Identifier: Apache-2.0 */
/* From the YAML of one policy to a program. Everything is checked here, so that evaluation cannot
 * fail. */
#ifndef TFR_POLICIES_COMPILE_H
#define TFR_POLICIES_COMPILE_H

#include "policies/program.h"
#include "policies/yaml.h"

#define TFR_PATH_STEPS 64

struct tfr_compiler {
    struct tfr_yaml_file file;
    const struct tfr_type_list *const *lists;
    uint32_t list_count;
    const char *provider; /* scope.provider of the policy, or NULL */
    bool (*knows_analyser)(
        const char *name); /* NULL: any name is taken (the build, before it is linked) */
    uint32_t path_slots;   /* given to paths of this policy so far */
    struct tfr_error *err;
};

/* Compiles a condition tree. `types` gathers the union of the types that its leaves name. */
bool tfr_compile_block(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                       struct tfr_block *out) TFR_CHECKED;
/* Sorts names and drops doubles. @return how many are left */
uint32_t tfr_sort_types(const char **names, uint32_t count);
/* The union of what the leaves of a block name, with the other ends of connections if `others`.
 * Arena */
void tfr_gather_types(const struct tfr_block *block, bool others, struct tfr_arena *arena,
                      struct tfr_type_set *out);
/* Compiles the types of a node ("all" when it is NULL). */
bool tfr_compile_types(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                       struct tfr_type_set *out) TFR_CHECKED;
/* A path: before: and after: taken off, split at dots. `node` is for errors. */
const struct tfr_path *tfr_compile_path(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                                        const char *text);
/* A map with `types`, as in policies/data/. Errors: as tfr_yaml_fail() */
bool tfr_compile_list(struct tfr_compiler *compiler, const char *name, const struct tfr_yaml *node,
                      struct tfr_type_list *out) TFR_CHECKED;
/* A whole policy; `out` is filled, its program is arena. */
bool tfr_compile_policy(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                        struct tfr_policy *out) TFR_CHECKED;

/* Copies a list of texts (or one text) as an array that ends with NULL; NULL when `node` is. */
bool tfr_compile_texts(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                       const char *const **out) TFR_CHECKED;

/* compile_leaf.c: one leaf, already known to be a map. A `where` that waits is returned in
 * `*where`. */
bool tfr_compile_leaf(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                      struct tfr_condition *out, const struct tfr_yaml **where) TFR_CHECKED;

#endif
