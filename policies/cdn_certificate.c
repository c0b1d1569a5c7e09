/* SPDX-License-Identifier: Apache-2.0 */
/* The names of a distribution against the certificate that it shows. */
#include "policies/cdn_certificate.h"
#include "policies/hosts.h"
#include "policies/wires.h"

#include <string.h>

struct look {
    const struct tfr_input *in;
    const struct tfr_blocks *blocks;
    struct tfr_findings_builder *out;
    const struct tfr_resource *cdn;
    const struct tfr_value *aliases;
};

/* ---- region ------------------------------------------------------------------------------------
 */

/* The root variable that an expression is, if it is nothing else. */
static const struct tfr_value *variable_of(const struct tfr_document *document,
                                           const struct tfr_expression *expression)
{
    const char *name = NULL;

    for (uint32_t i = 0; i < expression->reference_count; i++) {
        if (strncmp(expression->references[i]->text, "var.", 4) != 0 || name != NULL)
            return &tfr_absent;
        name = expression->references[i]->text + 4;
    }
    for (size_t i = 0; name != NULL && i < document->variable_count; i++) {
        if (tfr_sym_is(document->variables[i].name, name))
            return &document->variables[i].value;
    }
    return &tfr_absent;
}

static const struct tfr_value *region_of_provider(const struct look *look,
                                                  const struct tfr_resource *certificate)
{
    const struct tfr_config_resource *block = tfr_blocks_find(look->blocks, certificate);
    const struct tfr_document *document = look->in->document;

    for (size_t i = 0; block != NULL && i < document->provider_count; i++) {
        const struct tfr_config_provider *provider = &document->providers[i];

        if (block->provider_key != provider->key)
            continue;
        for (uint32_t k = 0; k < provider->expressions.count; k++) {
            const struct tfr_expression *expression = &provider->expressions.at[k];

            if (!tfr_sym_is(expression->path, "region"))
                continue;
            return expression->constant.kind == TFR_STRING ? &expression->constant
                                                           : variable_of(document, expression);
        }
    }
    return &tfr_absent;
}

/* arn:aws:acm:REGION:ACCOUNT:certificate/ID. Only the partition "aws" has a us-east-1. */
static enum tfr_truth_value arn_is_elsewhere(const struct tfr_value *arn)
{
    static const char start[] = "arn:aws:acm:", good[] = "us-east-1:";

    if (arn->kind != TFR_STRING || strncmp(arn->text, start, sizeof start - 1) != 0)
        return TFR_MAYBE;
    return strncmp(arn->text + sizeof start - 1, good, sizeof good - 1) == 0 ? TFR_NO : TFR_YES;
}

static enum tfr_truth_value is_elsewhere(const struct look *look, const struct tfr_value *arn,
                                         const struct tfr_resource *certificate)
{
    enum tfr_truth_value answer = arn_is_elsewhere(arn);
    const struct tfr_value *region = &tfr_absent;

    if (answer != TFR_MAYBE || certificate == NULL)
        return answer;
    answer = arn_is_elsewhere(tfr_value_get(&certificate->after, "arn"));
    if (answer != TFR_MAYBE)
        return answer;
    region = tfr_value_get(&certificate->after, "region");
    if (region->kind != TFR_STRING)
        region = region_of_provider(look, certificate);
    if (region->kind != TFR_STRING)
        return TFR_MAYBE;
    return tfr_value_is(region, "us-east-1") ? TFR_NO : TFR_YES;
}

/* ---- names -------------------------------------------------------------------------------------
 */

static bool covers(const struct tfr_value *name, const struct tfr_value *alias)
{
    return name->kind == TFR_STRING && tfr_host_covers(name->text, alias->text);
}

static enum tfr_truth_value is_covered(const struct look *look,
                                       const struct tfr_resource *certificate,
                                       const struct tfr_value *alias)
{
    const bool data = certificate->mode == TFR_DATA;
    const struct tfr_value *domain =
        tfr_value_get(&certificate->after, data ? "domain" : "domain_name");
    const struct tfr_value *others =
        tfr_value_get(&certificate->after, "subject_alternative_names");

    if (alias->kind != TFR_STRING)
        return TFR_MAYBE;
    if (covers(domain, alias))
        return TFR_YES;
    for (uint32_t i = 0; others->kind == TFR_LIST && i < others->count; i++) {
        if (covers(&others->items[i], alias))
            return TFR_YES;
    }
    /* What was looked up may have further names; so may what is imported or not written out yet. */
    if (data || domain->kind == TFR_UNKNOWN)
        return TFR_MAYBE;
    return tfr_value_has_unknown(others) &&
                   tfr_wires_written(look->in, certificate, "subject_alternative_names")
               ? TFR_MAYBE
               : TFR_NO;
}

/* The first alias that is not covered; `maybe` if that cannot be told of one. */
static const struct tfr_value *uncovered(const struct look *look,
                                         const struct tfr_resource *certificate, bool *maybe)
{
    for (uint32_t i = 0; i < look->aliases->count; i++) {
        switch (is_covered(look, certificate, &look->aliases->items[i])) {
        case TFR_NO:
            return &look->aliases->items[i];
        case TFR_MAYBE:
            *maybe = true;
            break;
        default:
            break;
        }
    }
    return NULL;
}

/* ---- which certificate -------------------------------------------------------------------------
 */

/* The certificate, also behind the object that waits for its validation. */
static const struct tfr_resource *certificate_of(const struct look *look, const char **opaque)
{
    static const char *const types[] = { "aws_acm_certificate", NULL };
    static const char *const waits[] = { "aws_acm_certificate_validation", NULL };
    struct tfr_wires wires, validation;

    tfr_wires_of(look->in, look->cdn, "viewer_certificate", types, &wires);
    if (wires.count == 0) {
        tfr_wires_of(look->in, look->cdn, "viewer_certificate", waits, &validation);
        if (tfr_wires_one(&validation) != NULL)
            tfr_wires_of(look->in, validation.at[0], "certificate_arn", types, &wires);
    }
    *opaque = wires.opaque;
    return tfr_wires_one(&wires);
}

static void undecided(const struct look *look, const char *because)
{
    tfr_findings_undecided(look->out, look->cdn, because,
                           "which names its certificate covers, and where it lies, shows later");
}

static void judge_certificate(const struct look *look, const struct tfr_value *arn)
{
    const char *opaque = NULL;
    const struct tfr_resource *certificate = certificate_of(look, &opaque);
    const enum tfr_truth_value elsewhere = is_elsewhere(look, arn, certificate);
    bool maybe = certificate == NULL;
    const struct tfr_value *alias =
        certificate != NULL ? uncovered(look, certificate, &maybe) : NULL;

    if (elsewhere == TFR_YES) {
        tfr_findings_add(look->out, look->cdn,
                         "its certificate does not lie in us-east-1, where CloudFront looks for "
                         "it");
    } else if (alias != NULL) {
        tfr_findings_add(look->out, look->cdn, "its certificate does not cover the alias %s",
                         tfr_findings_show(look->out, "aliases", alias));
    } else if (maybe || elsewhere == TFR_MAYBE) {
        undecided(look, opaque != NULL ? opaque : "viewer_certificate.acm_certificate_arn");
        return;
    } else {
        tfr_findings_pass(look->out, look->cdn);
        return;
    }
    if (certificate != NULL)
        tfr_finding_evidence(look->out, TFR_EVIDENCE_ATTRIBUTE, certificate->address->text,
                             "domain_name", NULL);
}

/* CloudFront's own certificate: it is asked for, or nothing is said of another. Who says how to
 * show a certificate, and not which, has one that this document does not tell. */
static bool is_default(const struct tfr_value *viewer)
{
    static const char *const others[] = { "acm_certificate_arn", "iam_certificate_id",
                                          "ssl_support_method" };
    bool silent = viewer->kind == TFR_LIST && viewer->count == 1;

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        silent = silent && tfr_value_is_blank(tfr_value_path(viewer, others[i]));
    return silent || tfr_value_true(tfr_value_path(viewer, "cloudfront_default_certificate"));
}

static void judge(const struct look *look)
{
    const struct tfr_value *viewer = tfr_value_get(&look->cdn->after, "viewer_certificate");

    if (is_default(viewer))
        tfr_findings_add(look->out, look->cdn,
                         "it has aliases and CloudFront's own certificate, which covers none");
    else if (tfr_value_path(viewer, "iam_certificate_id")->kind == TFR_STRING)
        undecided(look, "viewer_certificate.iam_certificate_id");
    else
        judge_certificate(look, tfr_value_path(viewer, "acm_certificate_arn"));
}

void tfr_check_cdn_certificate(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run cdns = tfr_input_subjects(in);
    struct look look = { .in = in, .out = out };

    if (cdns.count > 0)
        look.blocks = tfr_input_blocks(in);
    for (uint32_t i = 0; i < cdns.count; i++) {
        look.cdn = cdns.at[i];
        look.aliases = tfr_value_get(&look.cdn->after, "aliases");
        if (!tfr_resource_is_live(look.cdn))
            continue;
        if (look.aliases->kind == TFR_UNKNOWN && tfr_wires_written(in, look.cdn, "aliases"))
            undecided(&look, "aliases");
        else if (look.aliases->kind == TFR_LIST && look.aliases->count > 0)
            judge(&look);
    }
}
