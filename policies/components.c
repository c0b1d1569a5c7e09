/* SPDX-License-Identifier: Apache-2.0 */
/* What the profile says there must be: components of the stack, and documentation. */
#include "policies/components.h"

#include "policies/profile.h"

#include <string.h>

/* A dead letter queue is no type of its own: see docs/profile.md for what each word means. */

static const char *name_of(const struct tfr_resource *resource)
{
    static const char *const names[] = { "name",       "bucket",        "identifier", "family",
                                         "cluster_id", "function_name", "alarm_name" };
    const struct tfr_value *values = tfr_resource_values(resource);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct tfr_value *name = tfr_value_get(values, names[i]);

        if (name->kind == TFR_STRING)
            return name->text;
    }
    return NULL;
}

static bool is_meant(const struct tfr_profile_component *component,
                     const struct tfr_resource *resource)
{
    const char *const *type = component->types;

    if (resource->mode != TFR_MANAGED || !tfr_resource_is_live(resource))
        return false;
    if (type == NULL)
        return tfr_input_type_is("components", resource->type->text, component->name);
    while (*type != NULL && !tfr_sym_is(resource->type, *type))
        type++;
    return *type != NULL;
}

/* Is one of them there? A name that is known after the apply could be the one. */
static enum tfr_result look_for(const struct tfr_input *in,
                                const struct tfr_profile_component *component,
                                const struct tfr_resource **found)
{
    enum tfr_result result = TFR_FAIL;

    for (size_t i = 0; i < in->document->changes.count; i++) {
        const struct tfr_resource *resource = &in->document->changes.at[i];
        const char *name = NULL;

        if (!is_meant(component, resource))
            continue;
        name = component->named != NULL ? name_of(resource) : "";
        if (component->named == NULL || (name != NULL && tfr_address_glob(component->named, name)))
            return TFR_PASS;
        if (name == NULL) {
            result = TFR_UNDECIDED;
            *found = resource;
        }
    }
    return result;
}

void tfr_check_components(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    for (size_t i = 0; in->profile != NULL && i < in->profile->component_count; i++) {
        const struct tfr_profile_component *component = &in->profile->components[i];
        const uint8_t own[TFR_ENVIRONMENT_COUNT] = { component->severity, component->severity,
                                                     component->severity };
        const struct tfr_resource *found = NULL;
        const enum tfr_result result = look_for(in, component, &found);

        if (result == TFR_PASS) {
            tfr_findings_pass(out, NULL);
        } else if (result == TFR_UNDECIDED) {
            tfr_findings_undecided(out, NULL, found->address->text,
                                   "whether %s is what the profile asks for is known after the "
                                   "apply",
                                   found->address->text);
        } else {
            tfr_findings_add(out, NULL, "the profile expects %s%s%s, and nothing here is one",
                             component->name, component->named != NULL ? " named " : "",
                             component->named != NULL ? component->named : "");
            tfr_finding_evidence(out, TFR_EVIDENCE_ABSENCE, component->place, NULL, "says so");
        }
        tfr_finding_about(out, component->name);
        if (result != TFR_PASS && component->severity != TFR_SEVERITY_NONE)
            tfr_finding_severity(out, own);
    }
}

void tfr_check_documentation(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    for (size_t i = 0; in->profile != NULL && i < in->profile->document_count; i++) {
        const struct tfr_profile_document *document = &in->profile->documents[i];

        if (document->where != NULL)
            tfr_findings_pass(out, NULL);
        else
            tfr_findings_add(out, NULL, "the profile says that there is none for %s",
                             document->topic);
        tfr_finding_about(out, document->topic);
    }
}
