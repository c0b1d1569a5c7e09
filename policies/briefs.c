/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/briefs.h"
#include "policies/context.h"

#include <string.h>

/* Attributes that only one side has stand between those of both, few in one place. */
#define LOOK_AHEAD 16

/* ---- making ------------------------------------------------------------------------------------
 */

static uint8_t questions_for(const struct tfr_resource *resource)
{
    const bool live = tfr_resource_is_live(resource);
    uint8_t is = live ? TFR_BRIEF_LIVE : 0;

    if (tfr_resource_values(resource)->settled)
        is |= TFR_BRIEF_SETTLED;
    if (resource->duplicate)
        return is;
    if (live)
        is |= TFR_BRIEF_IS(TFR_OBJECTS_LIVE);
    if (resource->deposed != NULL)
        return is | TFR_BRIEF_IS(TFR_OBJECTS_DEPOSED);
    if (tfr_resource_is_gone(resource))
        is |= TFR_BRIEF_IS(TFR_OBJECTS_GONE);
    return is | TFR_BRIEF_IS(TFR_OBJECTS_ALL);
}

static struct tfr_brief brief_of(const struct tfr_graph *graph, const struct tfr_resource *resource)
{
    return (struct tfr_brief){
        .values = tfr_resource_values(resource),
        .type = resource->type,
        .mode = (uint8_t)resource->mode,
        .node = graph != NULL ? tfr_graph_node_of(graph, resource) : TFR_NO_NODE,
        .words = tfr_change_words(resource),
        .is = questions_for(resource),
    };
}

static bool is_change(enum tfr_action action)
{
    return action != TFR_ACTION_NONE && action != TFR_ACTION_NO_OP && action != TFR_ACTION_READ;
}

struct tfr_briefs *tfr_briefs_new(const struct tfr_document *document,
                                  const struct tfr_graph *graph)
{
    struct tfr_briefs *briefs = tfr_calloc(1, sizeof *briefs);
    const struct tfr_resources *changes = &document->changes;
    const struct tfr_resources *providers = &document->provider_objects;

    briefs->document = document;
    briefs->changed = tfr_malloc((changes->count + 1) * sizeof(struct tfr_resource *));
    briefs->at = tfr_malloc((tfr_object_places(document) + 1) * sizeof *briefs->at);
    for (size_t i = 0; i < changes->count; i++) {
        briefs->at[i] = brief_of(graph, &changes->at[i]);
        if (is_change(changes->at[i].action))
            briefs->changed[briefs->changed_count++] = &changes->at[i];
    }
    for (size_t i = 0; i < providers->count; i++)
        briefs->at[changes->count + i] = brief_of(graph, &providers->at[i]);
    return briefs;
}

void tfr_briefs_free(struct tfr_briefs *briefs)
{
    if (briefs == NULL)
        return;
    tfr_arena_free(&briefs->arena);
    tfr_free(briefs->changed);
    tfr_free(briefs->at);
    tfr_free(briefs);
}

struct tfr_resource_run tfr_briefs_changed(const struct tfr_briefs *briefs)
{
    return (struct tfr_resource_run){ briefs->changed, briefs->changed_count };
}

/* ---- what differs ------------------------------------------------------------------------------
 */

/* Written the same: what is equal in another spelling (1 and 1.0), and all that holds other values,
 * counts as different. */
static bool is_same(const struct tfr_value *before, const struct tfr_value *after)
{
    if (before->kind != after->kind || before->kind == TFR_UNKNOWN)
        return false;
    if (before->kind == TFR_BOOL)
        return before->truth == after->truth;
    if (before->kind == TFR_NULL || before->kind == TFR_ABSENT)
        return true;
    if (before->count != after->count)
        return false;
    return before->count == 0 || (!tfr_value_is_container(before) &&
                                  memcmp(before->text, after->text, before->count) == 0);
}

/* Where the other side has this attribute, at `from` or not far behind; `count` if it does not. */
static uint32_t find_near(const struct tfr_value *object, uint32_t from, const struct tfr_sym *name)
{
    for (uint32_t i = from; i < object->count && i <= from + LOOK_AHEAD; i++) {
        if (tfr_member_name(object, i) == name)
            return i;
    }
    return object->count;
}

/* Both sides have their attributes in one order, but that each may lack some. */
static uint32_t list_differing(const struct tfr_value *before, const struct tfr_value *after,
                               const struct tfr_sym **out)
{
    uint32_t count = 0, next = 0;

    for (uint32_t i = 0; i < after->count; i++) {
        const struct tfr_member member = tfr_member_at(after, i);
        const uint32_t at = find_near(before, next, member.name);

        if (at == before->count) {
            out[count++] = member.name;
            continue;
        }
        while (next < at)
            out[count++] = tfr_member_name(before, next++);
        next++;
        if (!is_same(tfr_member_value(before, at), member.value))
            out[count++] = member.name;
    }
    while (next < before->count)
        out[count++] = tfr_member_name(before, next++);
    return count;
}

static const struct tfr_differing *find_differing(struct tfr_briefs *briefs,
                                                  const struct tfr_resource *resource)
{
    const size_t most = (size_t)resource->before.count + resource->after.count;
    const struct tfr_sym **names = tfr_malloc((most + 1) * sizeof(struct tfr_sym *));
    struct tfr_differing *out = tfr_arena_zalloc(&briefs->arena, sizeof *out);

    out->count = list_differing(&resource->before, &resource->after, names);
    for (uint32_t i = 0; i < out->count; i++)
        out->bits |= tfr_name_bit(names[i]);
    out->at = tfr_arena_copy(&briefs->arena, names, out->count * sizeof(struct tfr_sym *));
    tfr_free(names);
    return out;
}

const struct tfr_differing *tfr_briefs_differing(struct tfr_briefs *briefs,
                                                 const struct tfr_resource *resource)
{
    const size_t place = tfr_object_place(briefs->document, resource);
    struct tfr_brief *brief;

    if (place == SIZE_MAX)
        return NULL;
    brief = &briefs->at[place];
    if (brief->differing == NULL)
        brief->differing = find_differing(briefs, resource);
    return brief->differing;
}
