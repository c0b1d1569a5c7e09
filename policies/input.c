/* SPDX-License-Identifier: Apache-2.0 */
/* What analysers ask of their input. */
#include "policies/context.h"

#include <assert.h>
#include <string.h>

struct tfr_resource_run tfr_input_type(const struct tfr_input *in, const char *type)
{
    return tfr_type_index_get(in->index, type);
}

struct tfr_resource_run tfr_input_subjects(const struct tfr_input *in)
{
    const struct tfr_program *program = in->policy->program;

    return tfr_type_index_select(in->index, &program->subjects, program->provider, in->scratch);
}

const struct tfr_resource *tfr_input_live(const struct tfr_input *in, tfr_node_id node,
                                          const char *type)
{
    const struct tfr_brief *brief = tfr_briefs_at(tfr_context_briefs(in->ctx), node);
    const struct tfr_resource *resource;

    if (brief != NULL && ((brief->is & TFR_BRIEF_LIVE) == 0 || !tfr_sym_is(brief->type, type)))
        return NULL;
    if (brief != NULL)
        return tfr_graph_object(in->graph, node);
    resource = tfr_graph_node(in->graph, node)->resource;
    return resource != NULL && tfr_sym_is(resource->type, type) && tfr_resource_is_live(resource)
               ? resource
               : NULL;
}

struct tfr_resource_run tfr_input_changed(const struct tfr_input *in)
{
    return tfr_briefs_changed(tfr_context_briefs(in->ctx));
}

const char *tfr_input_param(const struct tfr_input *in, const char *key)
{
    const struct tfr_condition *leaf = &in->policy->program->definition.at[0];

    for (uint32_t i = 0; i < leaf->param_count; i++) {
        if (strcmp(leaf->params[i].key, key) == 0)
            return leaf->params[i].value;
    }
    return NULL;
}

static uint32_t find_place(const struct tfr_layout *layout, const char *name)
{
    const size_t len = strlen(name);

    return tfr_layout_find(layout, name, len, tfr_layout_hash(name, len));
}

static TFR_RARE void learn(struct tfr_spot *spot, const struct tfr_layout *layout, const char *name)
{
    *spot = (struct tfr_spot){ layout, name, find_place(layout, name) };
}

const struct tfr_value *tfr_input_get(const struct tfr_input *in, const struct tfr_value *value,
                                      const char *name)
{
    const struct tfr_layout *layout;
    struct tfr_spot *spot;

    if (value->kind != TFR_OBJECT || value->count == 0)
        return tfr_value_get(value, name);
    layout = value->object->layout;
    spot = &in->ctx->spots[(((uintptr_t)layout >> 3u) + (uintptr_t)name * 5u) % TFR_SPOTS];
    if (spot->layout != layout || spot->name != name)
        learn(spot, layout, name);
    assert(spot->place == find_place(layout, name));
    return spot->place < value->count ? tfr_member_value(value, spot->place) : &tfr_absent;
}

const struct tfr_value *tfr_input_enter(const struct tfr_input *in, const struct tfr_value *value)
{
    return tfr_attribute_enter(in->ctx, value);
}

bool tfr_input_type_is(const char *list, const char *type, const char *tag)
{
    const struct tfr_type_row *row = tfr_type_list_row(tfr_builtin_list(list), type);

    if (row == NULL)
        return false;
    for (const char *const *at = row->tags; tag != NULL && at != NULL && *at != NULL; at++) {
        if (strcmp(*at, tag) == 0)
            return true;
    }
    return tag == NULL;
}
