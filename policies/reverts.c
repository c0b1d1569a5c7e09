/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes made outside of Terraform that the plan takes back. Drift tells what was and what was
 * found; the plan tells what will be. An attribute is taken back when it goes from what was found
 * to what was. Attributes are compared as a whole, maps such as tags key by key.
 */
#include "policies/reverts.h"

#include "policies/wires.h"

#include <string.h>

/* Attributes that are named in the sentence. */
#define NAMED 3

struct revert {
    const struct tfr_input *in;
    struct tfr_findings_builder *out;
    const struct tfr_resource *change;
    struct tfr_buf text;
    size_t count;        /* attributes that go back */
    bool labels_only;    /* all of them are tags, labels or descriptions */
    const char *unknown; /* an attribute that may go back */
};

static bool same(const struct tfr_value *a, const struct tfr_value *b)
{
    return (tfr_value_is_blank(a) && tfr_value_is_blank(b)) || tfr_value_equal(a, b);
}

static bool is_label(const char *attribute)
{
    static const char *const labels[] = { "tags",        "tags_all",         "labels",
                                          "description", "effective_labels", "terraform_labels" };

    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        if (strcmp(attribute, labels[i]) == 0)
            return true;
    }
    return false;
}

static void name_it(struct revert *revert, const char *attribute, const char *key,
                    const struct tfr_value *found, const struct tfr_value *wanted)
{
    revert->labels_only = (revert->count == 0 || revert->labels_only) && is_label(attribute);
    if (revert->count++ >= NAMED)
        return;
    tfr_buf_printf(&revert->text, "%s%s%s%s from %s", revert->count > 1 ? ", " : "", attribute,
                   key != NULL ? "." : "", key != NULL ? key : "",
                   tfr_findings_show(revert->out, key != NULL ? key : attribute, found));
    tfr_buf_printf(&revert->text, " to %s",
                   tfr_findings_show(revert->out, key != NULL ? key : attribute, wanted));
}

/* One value: `was` in the state, `found` by the refresh, `wanted` by the plan. */
static void compare(struct revert *revert, const char *attribute, const char *key,
                    const struct tfr_value *was, const struct tfr_value *found,
                    const struct tfr_value *wanted)
{
    if (same(was, found))
        return;
    if (tfr_value_has_unknown(wanted)) {
        /* What nobody writes is the provider's: it goes back to nothing. */
        if (tfr_wires_written(revert->in, revert->change, attribute))
            revert->unknown = attribute;
    } else if (same(was, wanted)) {
        name_it(revert, attribute, key, found, wanted);
    }
}

static void compare_attribute(struct revert *revert, const char *attribute,
                              const struct tfr_value *was, const struct tfr_value *found)
{
    const struct tfr_value *wanted = tfr_value_get(&revert->change->after, attribute);

    if (strcmp(attribute, "tags_all") == 0 && revert->labels_only)
        return; /* the same as tags */
    if (strcmp(attribute, "task_definition") == 0)
        return; /* a pipeline's: a rollback is another finding */
    if (was->kind != TFR_OBJECT || found->kind != TFR_OBJECT || wanted->kind != TFR_OBJECT) {
        compare(revert, attribute, NULL, was, found, wanted);
        return;
    }
    for (uint32_t i = 0; i < was->count; i++) {
        const struct tfr_sym *key = tfr_member_name(was, i);

        compare(revert, attribute, key->text, tfr_member_value(was, i),
                tfr_value_member(found, key), tfr_value_member(wanted, key));
    }
    for (uint32_t i = 0; i < found->count; i++) {
        const struct tfr_sym *key = tfr_member_name(found, i);

        if (tfr_value_member(was, key)->kind == TFR_ABSENT)
            compare(revert, attribute, key->text, &tfr_absent, tfr_member_value(found, i),
                    tfr_value_member(wanted, key));
    }
}

static void judge(struct revert *revert)
{
    if (revert->count > 0) {
        tfr_findings_add(revert->out, revert->change,
                         "it was changed outside of Terraform, and the plan takes that back: %s%s",
                         tfr_buf_text(&revert->text), revert->count > NAMED ? " and more" : "");
        if (revert->labels_only)
            tfr_finding_lower(revert->out, 1);
    } else if (revert->unknown != NULL) {
        tfr_findings_undecided(revert->out, revert->change, revert->unknown,
                               "what becomes of a change made outside of Terraform is known after "
                               "the apply");
    } else {
        tfr_findings_pass(revert->out, revert->change);
    }
}

void tfr_check_reverts(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    for (size_t i = 0; i < in->document->drift.count; i++) {
        const struct tfr_resource *drift = &in->document->drift.at[i];
        const tfr_node_id node = tfr_graph_find(in->graph, drift->address);
        struct revert revert = { .in = in, .out = out };

        if (drift->action != TFR_ACTION_UPDATE || drift->deposed != NULL || node == TFR_NO_NODE)
            continue;
        revert.change = tfr_graph_node(in->graph, node)->resource;
        if (revert.change == NULL || revert.change->after.kind != TFR_OBJECT ||
            drift->before.kind != TFR_OBJECT)
            continue;
        for (uint32_t k = 0; k < drift->before.count; k++) {
            const struct tfr_sym *name = tfr_member_name(&drift->before, k);

            compare_attribute(&revert, name->text, tfr_member_value(&drift->before, k),
                              tfr_value_member(&drift->after, name));
        }
        judge(&revert);
        tfr_buf_fini(&revert.text);
    }
}
