/* SPDX-License-Identifier: Apache-2.0 */
/* Change conditions: what a plan does to an object, and why. */
#include "policies/context.h"

#include <string.h>

static bool is_tainted(const struct tfr_resource *resource)
{
    return resource->tainted || tfr_sym_is(resource->action_reason, "replace_because_tainted");
}

uint16_t tfr_change_words(const struct tfr_resource *resource)
{
    static const uint16_t words[] = {
        [TFR_ACTION_NONE] = 0,
        [TFR_ACTION_NO_OP] = TFR_CHANGE_NO_OP,
        [TFR_ACTION_CREATE] = TFR_CHANGE_CREATE,
        [TFR_ACTION_READ] = TFR_CHANGE_READ,
        [TFR_ACTION_UPDATE] = TFR_CHANGE_UPDATE,
        [TFR_ACTION_DELETE] = TFR_CHANGE_DELETE,
        [TFR_ACTION_DELETE_CREATE] = TFR_CHANGE_DELETE_CREATE,
        [TFR_ACTION_CREATE_DELETE] = TFR_CHANGE_CREATE_DELETE,
        [TFR_ACTION_FORGET] = TFR_CHANGE_FORGET,
        [TFR_ACTION_CREATE_FORGET] = TFR_CHANGE_FORGET,
        [TFR_ACTION_OTHER] = 0,
    };
    uint16_t bits = words[resource->action];

    if (resource->action == TFR_ACTION_OTHER && resource->deletes)
        bits |= resource->creates ? TFR_CHANGE_DELETE_CREATE : TFR_CHANGE_DELETE;
    if (resource->importing)
        bits |= TFR_CHANGE_IMPORT;
    if (resource->previous_address != NULL)
        bits |= TFR_CHANGE_MOVE;
    if (is_tainted(resource))
        bits |= TFR_CHANGE_TAINTED;
    return bits;
}

static bool has_reason(const struct tfr_resource *resource, const char *const *reasons)
{
    for (; *reasons != NULL; reasons++) {
        if (tfr_sym_is(resource->action_reason, *reasons))
            return true;
    }
    return false;
}

/* The attribute itself or something below it. */
static bool is_replaced_by(const struct tfr_resource *resource, const char *const *paths)
{
    for (; *paths != NULL; paths++) {
        const size_t len = strlen(*paths);

        for (uint32_t i = 0; i < resource->replace_paths.count; i++) {
            const struct tfr_sym *at = resource->replace_paths.at[i];

            if (at->len >= len && memcmp(at->text, *paths, len) == 0 &&
                (at->len == len || at->text[len] == '.'))
                return true;
        }
    }
    return false;
}

/* Most conditions ask nothing of it: then the object is not looked at. */
static bool plain_part(const struct tfr_resource *resource,
                       const struct tfr_change_condition *change)
{
    return (change->reasons == NULL || has_reason(resource, change->reasons)) &&
           (change->replaced_by == NULL || is_replaced_by(resource, change->replaced_by)) &&
           (change->deposed == TFR_UNSAID ||
            (change->deposed == TFR_TRUE) == (resource->deposed != NULL)) &&
           (change->tainted == TFR_UNSAID ||
            (change->tainted == TFR_TRUE) == is_tainted(resource)) &&
           (change->moved == TFR_UNSAID ||
            (change->moved == TFR_TRUE) == (resource->previous_address != NULL)) &&
           (change->importing == TFR_UNSAID ||
            (change->importing == TFR_TRUE) == resource->importing);
}

/* Numbers, and lengths of lists. @return false if they do not compare */
static bool order(const struct tfr_value *before, const struct tfr_value *after, int *out)
{
    double x, y;

    if (before->kind == TFR_LIST && after->kind == TFR_LIST) {
        *out = (after->count > before->count) - (after->count < before->count);
        return true;
    }
    if (before->kind == TFR_BOOL || after->kind == TFR_BOOL || !tfr_python_float(before, &x) ||
        !tfr_python_float(after, &y))
        return false;
    *out = (y > x) - (y < x);
    return true;
}

/* Equal, or JSON texts that say the same: AWS gives policies back with its own blanks and order. */
static bool says_the_same(struct tfr_document *document, const struct tfr_value *before,
                          const struct tfr_value *after)
{
    const struct tfr_value *old, *new;

    if (tfr_value_equal(before, after))
        return true;
    if (before->kind != TFR_STRING || after->kind != TFR_STRING)
        return false;
    old = tfr_document_parse(document, before);
    new = tfr_document_parse(document, after);
    return tfr_value_is_container(old) && tfr_value_equal(old, new);
}

static bool how_holds(struct tfr_document *document, uint8_t how, const struct tfr_value *before,
                      const struct tfr_value *after)
{
    int direction = 0;
    const bool ordered = order(before, after, &direction);

    return (!(how & TFR_HOW_CHANGED) || !says_the_same(document, before, after)) &&
           (!(how & TFR_HOW_DECREASED) || (ordered && direction < 0)) &&
           (!(how & TFR_HOW_INCREASED) || (ordered && direction > 0)) &&
           (!(how & TFR_HOW_REMOVED) ||
            (!tfr_value_is_blank(before) && tfr_value_is_blank(after))) &&
           (!(how & TFR_HOW_ADDED) || (tfr_value_is_blank(before) && !tfr_value_is_blank(after)));
}

static bool same(const struct tfr_value *have, const struct tfr_value *wanted)
{
    return tfr_operator_apply(TFR_OP_EQUALS, have, wanted, NULL) == TFR_YES ||
           (tfr_value_missing(have) && wanted->kind == TFR_NULL);
}

static uint32_t rank_of(const struct tfr_value *value, const struct tfr_value *list)
{
    uint32_t at = 0;

    while (at < list->count && !same(value, &list->items[at]))
        at++;
    return at;
}

static bool weaker_holds(const struct tfr_value *list, const struct tfr_value *before,
                         const struct tfr_value *after)
{
    const uint32_t from = rank_of(before, list), to = rank_of(after, list);

    return from < to && to < list->count;
}

/* Of one that was what the condition says. */
static bool values_hold(struct tfr_document *document, const struct tfr_change_condition *change,
                        const struct tfr_value *before, const struct tfr_value *after)
{
    if (change->became.kind != TFR_ABSENT &&
        (!same(after, &change->became) || same(before, &change->became)))
        return false;
    if (change->weaker.kind != TFR_ABSENT && !weaker_holds(&change->weaker, before, after))
        return false;
    return how_holds(document, change->how, before, after);
}

bool tfr_change_is_of_difference(const struct tfr_change_condition *change)
{
    return change->how != 0 || change->became.kind != TFR_ABSENT ||
           change->weaker.kind != TFR_ABSENT;
}

/* True if what the path leads to is the same before and after, and the condition is about what is
 * not. */
static bool cannot_differ(struct tfr_context *ctx, const struct tfr_resource *resource,
                          const struct tfr_change_condition *change)
{
    const struct tfr_brief *brief;
    const struct tfr_differing *differing;

    if (!tfr_change_is_of_difference(change))
        return false;
    brief = tfr_context_brief(ctx, resource);
    differing = brief != NULL && brief->differing != NULL
                    ? brief->differing
                    : tfr_briefs_differing(tfr_context_briefs(ctx), resource);
    return differing != NULL && !tfr_path_may_enter(ctx, change->path, differing);
}

struct tfr_truth tfr_change_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                  const struct tfr_change_condition *change)
{
    const struct tfr_resource *resource = subject->resource;
    const struct tfr_value *before, *after;

    if ((change->actions != 0 && (subject->words & change->actions) == 0) ||
        !plain_part(resource, change))
        return tfr_truth_of(false);
    if (change->path == NULL)
        return tfr_truth_of(true);
    if (resource->before.kind != TFR_OBJECT || resource->after.kind != TFR_OBJECT ||
        cannot_differ(ctx, resource, change))
        return tfr_truth_of(false);
    before = tfr_attribute_side(ctx, subject, change->path, TFR_SIDE_BEFORE);
    if (change->was.kind != TFR_ABSENT && !same(before, &change->was))
        return tfr_truth_of(false);
    after = tfr_attribute_side(ctx, subject, change->path, TFR_SIDE_AFTER);
    if (tfr_value_has_unknown(after))
        return (struct tfr_truth){ TFR_MAYBE, tfr_attribute_because(ctx, subject, change->path) };
    return tfr_truth_of(values_hold(ctx->document, change, before, after));
}
