/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of a document as a whole: whether it is complete, whether its checks hold, whether
 * there is anything. */
#include "policies/whole_document.h"

#include <string.h>

/* ---- errored, incomplete, not applyable ---------------------------------------------------------
 */

static bool changes_anything(const struct tfr_document *document)
{
    for (size_t i = 0; i < document->changes.count; i++) {
        if (document->changes.at[i].action != TFR_ACTION_NO_OP)
            return true;
    }
    return false;
}

static void fail(struct tfr_findings_builder *out, const struct tfr_input *in, const char *member,
                 const char *message)
{
    static const uint8_t p1[TFR_ENVIRONMENT_COUNT] = { TFR_P1, TFR_P1, TFR_P1 };
    const bool errored = strcmp(member, "errored") == 0;

    (void)in;
    tfr_findings_add(out, NULL, "%s", message);
    tfr_finding_about(out, "");
    tfr_finding_evidence(out, TFR_EVIDENCE_ACTION, "", member, message);
    if (!errored)
        tfr_finding_severity(out, p1);
}

/* Objects that are not written as Terraform writes them: nobody can say for sure what happens to
 * them. */
static size_t count_odd(const struct tfr_document *document)
{
    size_t odd = 0;

    for (size_t i = 0; i < document->changes.count; i++) {
        const struct tfr_resource *change = &document->changes.at[i];

        odd += change->duplicate || change->address_disagrees ||
               (document->kind == TFR_PLAN && change->action == TFR_ACTION_OTHER);
    }
    return odd;
}

void tfr_check_complete(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_document *document = in->document;
    const size_t odd = count_odd(document);
    struct tfr_buf text = { 0 };
    bool sound = true;

    if (document->errored == TFR_TRUE) {
        fail(out, in, "errored", "planning broke off with an error: only a part was computed");
        sound = false;
    } else if (document->complete == TFR_FALSE) {
        fail(out, in, "complete",
             "the plan is not complete: -target was used, or changes are deferred");
        sound = false;
    } else if (document->applyable == TFR_FALSE && changes_anything(document)) {
        fail(out, in, "applyable", "Terraform says that this plan cannot be applied");
        sound = false;
    }
    if (document->odd_version) {
        fail(out, in, "format_version",
             "format_version is no version: nobody knows who wrote this");
        sound = false;
    }
    if (odd > 0) {
        tfr_buf_printf(
            &text,
            "%zu resource%s not written as Terraform writes %s (address, parts or actions "
            "disagree)",
            odd, odd == 1 ? " is" : "s are", odd == 1 ? "it" : "them");
        fail(out, in, "resource_changes", text.data);
        tfr_buf_fini(&text);
        sound = false;
    }
    if (!sound)
        return;
    tfr_findings_pass(out, NULL);
    tfr_finding_about(out, "");
}

/* ---- checks -------------------------------------------------------------------------------------
 */

void tfr_check_checks(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    for (size_t i = 0; i < in->document->check_count; i++) {
        const struct tfr_check *check = &in->document->checks[i];

        switch (check->status) {
        case TFR_CHECK_PASS:
            tfr_findings_pass(out, NULL);
            break;
        case TFR_CHECK_UNKNOWN:
            tfr_findings_undecided(out, NULL, check->address->text,
                                   "this condition is known after the apply");
            break;
        default:
            /* Messages of conditions may quote values, marked or not: they are counted, not
             * repeated. */
            tfr_findings_add(out, NULL, "its condition %s (%u message%s in the plan)",
                             check->status == TFR_CHECK_FAIL ? "does not hold"
                                                             : "cannot be evaluated",
                             check->problem_count, check->problem_count == 1 ? "" : "s");
            break;
        }
        tfr_finding_about(out, check->address->text);
    }
}

/* ---- anything at all ----------------------------------------------------------------------------
 */

static bool any_managed(struct tfr_resources resources)
{
    for (size_t i = 0; i < resources.count; i++) {
        if (resources.at[i].mode == TFR_MANAGED)
            return true;
    }
    return false;
}

void tfr_check_anything(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_document *document = in->document;

    if (any_managed(document->changes) || any_managed(document->prior) ||
        any_managed(document->drift) || any_managed(document->deferred))
        tfr_findings_pass(out, NULL);
    else
        tfr_findings_add(out, NULL, "there is no managed resource in this document");
    tfr_finding_about(out, "");
}
