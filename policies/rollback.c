/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/rollback.h"

#include "policies/links.h"
#include "policies/lookup.h"

#include <stdlib.h>
#include <string.h>

/* FAMILY:REVISION, alone or at the end of an ARN. */
struct revision {
    const char *family;
    size_t len;
    unsigned long number;
};

static bool read_revision(const struct tfr_value *value, struct revision *out)
{
    const char *slash = value->kind == TFR_STRING ? strrchr(value->text, '/') : NULL;
    const char *start = slash != NULL ? slash + 1 : value->text;
    const char *colon = value->kind == TFR_STRING ? strrchr(start, ':') : NULL;
    size_t digits;

    if (colon == NULL)
        return false;
    digits = strspn(colon + 1, "0123456789");
    if (digits == 0 || digits > 9 || colon[1 + digits] != '\0')
        return false;
    *out = (struct revision){ start, (size_t)(colon - start), strtoul(colon + 1, NULL, 10) };
    return true;
}

static bool is_family(const struct revision *a, const struct revision *b)
{
    return a->len == b->len && memcmp(a->family, b->family, a->len) == 0;
}

/* ---- services of ECS ---------------------------------------------------------------------------
 */

/* A revision that is made now is higher than any other. It is the next one if what runs is what
 * this document made last. */
static void judge_new(const struct tfr_input *in, struct tfr_findings_builder *out,
                      const struct tfr_resource *service, const struct revision *runs)
{
    struct tfr_links links;
    struct revision made;

    tfr_links_of(in, service, "task_definition", "aws_ecs_task_definition", &links);
    if (links.count == 1 && !links.open && !links.others &&
        read_revision(tfr_value_get(&links.at[0]->before, "arn"), &made) &&
        is_family(&made, runs) && made.number == runs->number)
        tfr_findings_pass(out, service);
    else
        tfr_findings_undecided(out, service, links.because,
                               "whether the new revision is older than what runs shows after the "
                               "apply");
}

static void judge_service(const struct tfr_input *in, struct tfr_findings_builder *out,
                          const struct tfr_resource *service)
{
    const struct tfr_value *before = tfr_value_get(&service->before, "task_definition");
    const struct tfr_value *after = tfr_value_get(&service->after, "task_definition");
    struct revision runs, next;

    if (!read_revision(before, &runs))
        return;
    if (after->kind == TFR_UNKNOWN) {
        judge_new(in, out, service, &runs);
    } else if (read_revision(after, &next) && is_family(&runs, &next) &&
               next.number < runs.number) {
        tfr_findings_add(out, service, "it goes back from revision %lu to %lu of its task",
                         runs.number, next.number);
        tfr_finding_evidence(out, TFR_EVIDENCE_ATTRIBUTE, service->address->text, "task_definition",
                             "the revision that runs was deployed elsewhere");
    } else {
        tfr_findings_pass(out, service);
    }
}

/* ---- images ------------------------------------------------------------------------------------
 */

static void judge_image(struct tfr_findings_builder *out, const struct tfr_resource *resource,
                        const struct tfr_resource *drift, const char *path)
{
    const struct tfr_value *before = tfr_value_path(&resource->before, path);
    const struct tfr_value *after = tfr_value_path(&resource->after, path);
    const struct tfr_value *own =
        drift != NULL ? tfr_value_path(&drift->before, path) : &tfr_absent;
    const struct tfr_value *found =
        drift != NULL ? tfr_value_path(&drift->after, path) : &tfr_absent;

    if (before->kind != TFR_STRING)
        return;
    if (found->kind != TFR_STRING || tfr_value_equal(own, found) ||
        tfr_value_equal(before, after)) {
        tfr_findings_pass(out, resource);
    } else if (after->kind == TFR_UNKNOWN) {
        tfr_findings_undecided(out, resource, path,
                               "its image was set elsewhere; which one the plan puts there shows "
                               "after the apply");
    } else {
        tfr_findings_add(out, resource, "its image was deployed elsewhere, and the plan puts %s",
                         tfr_value_equal(own, after) ? "the older one back" : "another one there");
        tfr_finding_evidence(out, TFR_EVIDENCE_ATTRIBUTE, resource->address->text, path,
                             "changed outside of Terraform, and by this plan");
    }
}

static const char *image_path(const struct tfr_resource *resource)
{
    if (tfr_sym_is(resource->type, "aws_lambda_function"))
        return "image_uri";
    return "template.0.containers.0.image";
}

void tfr_check_rollback(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run subjects = tfr_input_subjects(in);
    const struct tfr_resources *drift = &in->document->drift;
    struct tfr_lookup *drifted = NULL;

    for (size_t i = 0; i < drift->count; i++) {
        const struct tfr_sym *address = drift->at[i].address;
        const struct tfr_value key = { .kind = TFR_STRING,
                                       .count = address->len,
                                       .text = address->text };

        tfr_lookup_add(&drifted, &key, &drift->at[i]);
    }
    for (uint32_t i = 0; i < subjects.count; i++) {
        const struct tfr_resource *resource = subjects.at[i];

        if (!tfr_resource_is_live(resource) || resource->before.kind != TFR_OBJECT ||
            resource->duplicate)
            continue;
        if (tfr_sym_is(resource->type, "aws_ecs_service"))
            judge_service(in, out, resource);
        else
            judge_image(out, resource,
                        tfr_lookup_text(drifted, resource->address->text, resource->address->len),
                        image_path(resource));
    }
    tfr_lookup_free(drifted);
}
