/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a plan was made from a state: both hold the same objects. */
#include "graph/graph.h"

#include <stdlib.h>
#include <string.h>

/* An object that exists before the apply. */
struct object {
    const char *address;
    uint64_t identity; /* 0: not known */
};

struct objects {
    struct object *at;
    size_t count, cap;
};

static void add(struct objects *objects, const struct tfr_resource *resource,
                const struct tfr_sym *address, const struct tfr_value *values)
{
    if (resource->mode != TFR_MANAGED || resource->deposed != NULL)
        return;
    objects->at = tfr_grow(objects->at, &objects->cap, objects->count + 1, sizeof *objects->at);
    objects->at[objects->count++] = (struct object){ address->text, tfr_identity_hash(values) };
}

static int by_address(const void *a, const void *b)
{
    return strcmp(((const struct object *)a)->address, ((const struct object *)b)->address);
}

/* What a plan found: what it changes or leaves, under the address that it had; what it does not
 * look at; and what is gone outside of Terraform, which the state still holds. */
static struct objects found_by_plan(const struct tfr_document *plan)
{
    struct objects objects = { 0 };

    for (size_t i = 0; i < plan->changes.count; i++) {
        const struct tfr_resource *change = &plan->changes.at[i];

        if (change->before.kind == TFR_OBJECT && !change->importing)
            add(&objects, change,
                change->previous_address != NULL ? change->previous_address : change->address,
                &change->before);
    }
    for (size_t i = 0; i < plan->prior.count; i++) {
        const struct tfr_resource *prior = &plan->prior.at[i];

        if (prior->after.kind == TFR_OBJECT)
            add(&objects, prior, prior->address, &prior->after);
    }
    for (size_t i = 0; i < plan->drift.count; i++) {
        const struct tfr_resource *drift = &plan->drift.at[i];

        if (tfr_resource_is_gone(drift))
            add(&objects, drift, drift->address, &drift->before);
    }
    return objects;
}

static struct objects held_by_state(const struct tfr_document *state)
{
    struct objects objects = { 0 };

    for (size_t i = 0; i < state->changes.count; i++)
        add(&objects, &state->changes.at[i], state->changes.at[i].address,
            &state->changes.at[i].after);
    return objects;
}

static void sort(struct objects *objects)
{
    if (objects->count > 0)
        qsort(objects->at, objects->count, sizeof *objects->at, by_address);
}

void tfr_compare_states(const struct tfr_document *plan, const struct tfr_document *state,
                        struct tfr_stale *out)
{
    struct objects found = found_by_plan(plan);
    struct objects held = held_by_state(state);
    size_t i = 0;
    size_t k = 0;

    *out = (struct tfr_stale){ 0 };
    sort(&found);
    sort(&held);
    while (i < found.count || k < held.count) {
        /* a drifted object that is made again is found twice */
        if (i + 1 < found.count && by_address(&found.at[i], &found.at[i + 1]) == 0) {
            i++;
            continue;
        }
        const int order = i == found.count  ? 1
                          : k == held.count ? -1
                                            : by_address(&found.at[i], &held.at[k]);

        out->only_in_plan += order < 0;
        out->only_in_state += order > 0;
        out->other_objects += order == 0 && found.at[i].identity != 0 && held.at[k].identity != 0 &&
                              found.at[i].identity != held.at[k].identity;
        i += order <= 0;
        k += order >= 0;
    }
    tfr_free(found.at);
    tfr_free(held.at);
}
