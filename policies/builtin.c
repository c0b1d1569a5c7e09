/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue that the build compiled in, and what loading the policies of users takes from it.
 */
#include "policies/analyser.h"
#include "policies/program.h"
#include "policies/set.h"

#include <string.h>

void tfr_policies_add_builtin(struct tfr_policies *policies)
{
    struct tfr_error ignored = { 0 };

    for (uint32_t i = 0; i < tfr_builtin_policy_count; i++)
        (void)!tfr_set_add(policies, tfr_builtin_policies[i],
                           &ignored); /* the build refuses double ids */
}

const struct tfr_type_list *tfr_builtin_list(const char *name)
{
    static const struct tfr_type_list none = { .name = "" };

    for (uint32_t i = 0; i < tfr_builtin_list_count; i++) {
        if (strcmp(tfr_builtin_lists[i]->name, name) == 0)
            return tfr_builtin_lists[i];
    }
    return &none;
}

static bool knows_analyser(const char *name)
{
    return tfr_analyser_find(name) != NULL;
}

bool tfr_policies_load(struct tfr_policies *policies, const char *path, struct tfr_error *err)
{
    const struct tfr_load_options options = { .lists = tfr_builtin_lists,
                                              .list_count = tfr_builtin_list_count,
                                              .knows_analyser = knows_analyser };

    return tfr_set_load(policies, path, &options, err);
}
